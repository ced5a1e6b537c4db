"""What the window may see of Map mode: the target that waits, what was guessed, and every line of the table.

Plain values, made anew when something in them changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MapLine:
    """One line of the table of bindings.

    Attributes: `number` (names the line to Actions, never used twice), `source` (as text), `target` (address), `title`
    (of the target, "" if nobody has it), `kind` of source ("key", "osc", "output", "midi"), `controller` ("" for any),
    `arguments` (as text: what a press sets or fires with), `move` ("follow", "turn", "step", "put", "hold", "flip",
    "fire"), `encoding` (what the source is taken for, one of `app.guess`'s kinds; "" for keys), `start` and `end` (the
    range as positions 0..1; the greater first: inverted), `curve`, `take_over` ("" where it has no meaning), `value`
    (the source's last, None before it was heard), `ago` (seconds since, which stands still after two), `shared` (the
    source moves something else too), `factory` (came with the instrument), `profile` (stands in
    every session).
    """

    number: int
    source: str
    target: str
    title: str
    kind: str
    controller: str
    move: str
    encoding: str = ""
    start: float = 0.0
    end: float = 1.0
    curve: float = 0.0
    take_over: str = ""
    value: float | None = None
    ago: float | None = None
    shared: bool = False
    factory: bool = False
    arguments: str = ""
    profile: bool = False


@dataclass(frozen=True, slots=True)
class MapConflict:
    """A source that moves something already. Attributes: `source`, `target` (its address), `moves` (titles of what it
    moves now), `text` (one sentence). Answered by `/map/replace` or `/map/both`."""

    source: str
    target: str
    moves: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class ControllerState:
    """A MIDI controller: `state` is "open", "waiting" or "failed", `text` says where or why; `lit` tells whether it is
    shown what moves."""

    name: str
    state: str
    text: str
    lit: bool = False


@dataclass(frozen=True, slots=True)
class MapState:
    """Map mode and the table.

    Attributes: `on`, `locked` (on Stage), `target` (the address that was clicked, "" for none), its `arguments` (of an
    Action) and its `title`,
    `waiting` (for a source to move), `source` (what moved, or was bound last), `guess` (what it was taken for, as
    text), `encoding` (the same as a kind, for a chooser), `encodings` (all kinds), `sure`, `value` (where the source
    stands, 0..1, None before it was heard), `conflict` (None: there is none), `bound` (number of the line made last, 0
    for none), `lines`, `ghosts` (address -> position 0..1 of a hand that has to pick up), `located` (address to show)
    and `locating` (counts such wishes), `controllers`, `profiles` (names that `/map/profile` knows).
    """

    on: bool = False
    locked: bool = False
    target: str = ""
    arguments: tuple[float | str, ...] = ()
    title: str = ""
    waiting: bool = False
    source: str = ""
    guess: str = ""
    encoding: str = ""
    encodings: tuple[str, ...] = ()
    sure: bool = True
    value: float | None = None
    conflict: MapConflict | None = None
    bound: int = 0
    lines: tuple[MapLine, ...] = ()
    ghosts: Mapping[str, float] = field(default_factory=dict)
    located: str = ""
    locating: int = 0
    controllers: tuple[ControllerState, ...] = ()
    profiles: tuple[str, ...] = ()
