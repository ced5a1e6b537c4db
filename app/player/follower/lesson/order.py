"""What a lesson asks of whoever trains its network, and what comes back.

Frozen values of plain numbers and arrays, so they pass to another process as they are. A plan tells everything from
the beginning, so a trainer that died is replaced by sending the plan as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.player.follower.lesson.network import Trained
from app.player.follower.lesson.shape import Manner, Shape
from app.player.follower.lesson.state import Example


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A network to be trained.

    Attributes: `seeds` (of all its chance), `shape`, `forgetful` (as Sema learns), `start` (the network to go on
    from), `examples` (known already, the oldest first), `rehearse` (learn these before anything new), `rate` (of
    that).
    """

    seeds: tuple[int, ...]
    shape: Shape
    forgetful: bool
    start: Trained
    examples: tuple[Example, ...]
    rehearse: bool
    rate: float


@dataclass(frozen=True, slots=True)
class Order:
    """One tick of teaching.

    Attributes: `number` (rising by one), `example`, `manner`.
    """

    number: int
    example: Example
    manner: Manner


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What a network has become.

    Attributes: `number` of the last order it has learnt (0: none yet), `trained`, `loss` (mean squared error over the
    examples of the present teaching as this order found it, None: none yet), `all_loss` (over everything remembered),
    `rehearsing` (it is not done with what it knew).
    """

    number: int
    trained: Trained
    loss: float | None
    all_loss: float | None
    rehearsing: bool
