"""What the window may see of the Follower: plain values, replaced whole.

They stand apart from the other players' pictures because a program, its errors and its lessons are many.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProgramFault:
    """Why a program was not taken: `line` and `column` count from 1, `end` is the column after the fault."""

    line: int
    column: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class ChannelState:
    """One channel of the playing program.

    `role` is "", "source", "learn" or "predict"; `line` (from 1) where it stands in the text; `hits` the beats of its
    last hits, oldest first; `text` says what it plays.
    """

    name: str
    role: str = ""
    line: int = 0
    hits: tuple[float, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class LessonState:
    """One learnt target.

    `loss` is that of what is taught now, `all_loss` of everything taught (None: nothing yet); `confidence` 0..1 of
    the last decision; `examples` stored; `settling` ticks still passed over after a change; `curve` and `all_curve`
    are (bar, loss) pairs; `models` counts earlier models one can go back to; `late` counts answers that came too late.
    """

    name: str
    loss: float | None = None
    all_loss: float | None = None
    confidence: float = 0.0
    examples: int = 0
    settling: int = 0
    bars: float = 0.0
    curve: tuple[tuple[float, float], ...] = ()
    all_curve: tuple[tuple[float, float], ...] = ()
    models: int = 0
    late: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class TickRow:
    """What happened on the ticks of the phrase: `kind` is "source", "target" or "predict"; a tick is 1, 0 or -1
    (not heard yet)."""

    kind: str
    name: str
    ticks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FollowerState:
    """The Follower.

    `slot` (from 1) and `text` are what plays; `pending` is a program that waits for beat `at`; `evaluated` counts
    programs taken (each flashes the editor); `fault` why the last was not taken; `warnings` are sentences about the one
    that plays; `tick` is the place in the phrase, `grid` the ticks of a bar.
    """

    slot: int = 1
    text: str = ""
    pending: str = ""
    at: float = 0.0
    evaluated: int = 0
    fault: ProgramFault | None = None
    warnings: tuple[str, ...] = ()
    channels: tuple[ChannelState, ...] = ()
    lessons: tuple[LessonState, ...] = ()
    rows: tuple[TickRow, ...] = ()
    tick: int = 0
    grid: int = 8
    bars: int = 1
