"""What a lesson's network sees, and how it learns and decides.

They stand apart because they change differently: a new shape asks for another network, trained anew from the stored
examples, while the manner is a set of numbers that may move at any tick.
"""

from __future__ import annotations

from dataclasses import dataclass

GRIDS = (8, 16, 24, 32)
PHRASES = (1, 2, 4)
MOST_SOURCES = 16
MOST_LAYERS, MOST_UNITS = 5, 128


@dataclass(frozen=True, slots=True)
class Shape:
    """What a network sees; another shape needs another network. ValueError for one that cannot be.

    Attributes: `grid` (ticks a bar: 8, 16, 24, 32), `bars` (of a phrase: 1, 2, 4), `sources` (channels heard at
    once), `structure` (units of each hidden layer; none: a linear model).
    """

    grid: int = 8
    bars: int = 1
    sources: int = 1
    structure: tuple[int, ...] = (32, 16, 8)

    def __post_init__(self) -> None:
        if self.grid not in GRIDS:
            raise ValueError(f"a bar has {_either(GRIDS)} ticks, not {self.grid}")
        if self.bars not in PHRASES:
            raise ValueError(f"a phrase has {_either(PHRASES)} bars, not {self.bars}")
        if not 1 <= self.sources <= MOST_SOURCES:
            raise ValueError(f"a lesson hears 1 to {MOST_SOURCES} sources, not {self.sources}")
        if len(self.structure) > MOST_LAYERS or not all(1 <= units <= MOST_UNITS for units in self.structure):
            raise ValueError(
                f"a structure has at most {MOST_LAYERS} layers of 1 to {MOST_UNITS} units, not {list(self.structure)}"
            )

    @property
    def phrase(self) -> int:
        """Ticks of a phrase."""
        return self.grid * self.bars

    @property
    def inputs(self) -> int:
        """How many values the network sees: the tick, the bar of a longer phrase, a bar of each source."""
        return self.grid + (self.bars if self.bars > 1 else 0) + self.sources * self.grid

    @property
    def room(self) -> tuple[int, int, int]:
        """What an example depends on: all but the structure."""
        return self.grid, self.bars, self.sources


@dataclass(frozen=True, slots=True)
class Manner:
    """How a lesson learns and decides; may change at any tick.

    Attributes: `rate` (of learning), `steps` (of descent a tick), `settle` (ticks of an 8-tick bar passed over after
    a change; a finer grid counts proportionally more, so 8 is always one bar), `forgetful` (learn as Sema does),
    `surprise` (0: exact decisions; above: their temperature), `goal` (no descent while the loss of what is taught
    is below it; 0: always descend).
    """

    rate: float = 0.005
    steps: int = 6
    settle: int = 8
    forgetful: bool = False
    surprise: float = 0.0
    goal: float = 0.0


def read_structure(text: str) -> tuple[int, ...]:
    """Return the layers written as "32,16,8" ("" or "linear": none); ValueError says what is wrong."""
    words = [] if text.strip() in ("", "linear") else text.replace(",", " ").split()
    if not all(word.isascii() and word.isdigit() and len(word) <= 4 for word in words):
        raise ValueError(f"a structure is whole numbers such as 32,16,8, not {text!r:.40}")
    return Shape(structure=tuple(int(word) for word in words)).structure


def _either(numbers: tuple[int, ...]) -> str:
    return f"{', '.join(map(str, numbers[:-1]))} or {numbers[-1]}"
