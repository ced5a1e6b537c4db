"""What an outside hand moves: this key, OSC message or learner's output, that Parameter or Action.

One table serves every hand. A source is a kind and a name, so a new kind of hand (a MIDI controller, say) is
a new kind of name and nothing else. The table only decides; the engine carries out, so that bindings can be
tested as a table is read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.action import Argument

KINDS = ("key", "osc", "output", "midi")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a hand comes in.

    Attributes: `kind` ("key", "osc", "output": a player's, "midi"), `name` (a key such as "Shift+T", an OSC address,
    an output's address, "cc21"), `index` (which argument of an OSC message; the channel of MIDI, 0 for any).
    """

    kind: str
    name: str
    index: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no kind of source: use one of {', '.join(KINDS)}")

    def show(self) -> str:
        if self.kind == "midi":
            return f"{self.name} ch{self.index}" if self.index else self.name
        return f"{self.name}[{self.index}]" if self.index else self.name


@dataclass(frozen=True, slots=True)
class Follow:
    """The target follows the source: source `low`..`high` covers the target's positions `start`..`end`."""

    low: float = 0.0
    high: float = 1.0
    start: float = 0.0
    end: float = 1.0

    def position(self, value: float) -> float:
        """Return the target's position 0..1 for a source value."""
        span = self.high - self.low
        share = min(max((value - self.low) / span, 0.0), 1.0) if span else 0.0
        return self.start + share * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Step:
    """Each press adds `amount` to the target's value."""

    amount: float


@dataclass(frozen=True, slots=True)
class Put:
    """Each press sets the target to `value`, a number or the name of a choice."""

    value: float | str


@dataclass(frozen=True, slots=True)
class Hold:
    """The target is `value` while the source is down, and `rest` when it is let go."""

    value: float | str
    rest: float | str = 0.0


@dataclass(frozen=True, slots=True)
class Flip:
    """Each press turns a switch over, or takes the next name of a choice."""


@dataclass(frozen=True, slots=True)
class Fire:
    """Each press fires the target, an Action, with `arguments`."""

    arguments: tuple[Argument, ...] = ()


Move = Follow | Step | Put | Hold | Flip | Fire
MOVES: dict[str, type[Move]] = {
    "follow": Follow,
    "step": Step,
    "put": Put,
    "hold": Hold,
    "flip": Flip,
    "fire": Fire,
}


@dataclass(frozen=True, slots=True)
class Binding:
    """One line of the table.

    Attributes: `source`, `target` (address of a Parameter or an Action), `move` (what the source does to it),
    `factory` (True: came with the instrument, so a session does not store it).
    """

    source: Source
    target: str
    move: Move
    factory: bool = False

    @property
    def label(self) -> str:
        """A short text for the badge beside a control: "T +", "/accel"."""
        if isinstance(self.move, Step):
            return f"{self.source.show()} {'+' if self.move.amount > 0 else '−'}"
        return self.source.show()


class BindingTable:
    """All Bindings, found by source when a hand moves and by target when a badge is drawn."""

    def __init__(self, bindings: Iterable[Binding] = ()) -> None:
        self._by_source: dict[Source, list[Binding]] = {}
        self._kinds: Counter[str] = Counter()
        for binding in bindings:
            self.add(binding)

    def add(self, binding: Binding) -> None:
        """Add a line; the same line twice stands once."""
        lines = self._by_source.setdefault(binding.source, [])
        if binding not in lines:
            lines.append(binding)
            self._kinds[binding.source.kind] += 1

    def remove(self, binding: Binding) -> None:
        """Take a line out; ValueError if it is not there."""
        self._by_source.get(binding.source, []).remove(binding)
        self._kinds[binding.source.kind] -= 1

    def put(self, binding: Binding, present: bool) -> bool:
        """Have a line in the table or not; return whether that changed anything."""
        if present == (binding in self._by_source.get(binding.source, ())):
            return False
        self.add(binding) if present else self.remove(binding)
        return True

    def for_source(self, source: Source) -> list[Binding]:
        return list(self._by_source.get(source, ()))

    def any_of(self, kind: str) -> bool:
        """Return whether any line has a source of this kind; costs nothing."""
        return self._kinds[kind] > 0

    def for_target(self, address: str) -> list[Binding]:
        return [binding for binding in self if binding.target == address]

    def __iter__(self) -> Iterator[Binding]:
        return iter([binding for lines in list(self._by_source.values()) for binding in list(lines)])

    def __len__(self) -> int:
        return sum(len(lines) for lines in self._by_source.values())


@dataclass(frozen=True, slots=True)
class BindingEdit:
    """A line was added to the table (or taken out, `present` False)."""

    table: BindingTable
    binding: Binding
    present: bool

    @property
    def title(self) -> str:
        return f"{'Map' if self.present else 'Unmap'} {self.binding.label}"

    def undo(self) -> None:
        self.table.put(self.binding, not self.present)

    def redo(self) -> None:
        self.table.put(self.binding, self.present)

    def merge(self, later: object) -> None:
        """A binding is one step, always."""


def to_json(binding: Binding) -> dict[str, object]:
    """Return a line as a session stores it."""
    name = next(name for name, kind in MOVES.items() if type(binding.move) is kind)
    move = {field: getattr(binding.move, field) for field in binding.move.__dataclass_fields__}
    source = {"kind": binding.source.kind, "name": binding.source.name, "index": binding.source.index}
    return {"source": source, "target": binding.target, "move": name, **move}


def from_json(line: dict[str, object]) -> Binding:
    """Read a line that `to_json` wrote; ValueError says what is wrong with it."""
    try:
        parts = dict(line)
        source, target, move = parts.pop("source"), parts.pop("target"), MOVES[str(parts.pop("move"))]
        if not isinstance(source, dict) or not isinstance(target, str):
            raise TypeError("source or target has the wrong shape")
        if "arguments" in parts:
            parts["arguments"] = tuple(parts["arguments"])  # type: ignore[arg-type]
        found = Source(str(source["kind"]), str(source["name"]), int(source.get("index", 0)))
        return Binding(found, target, move(**parts))  # type: ignore[arg-type]
    except (KeyError, TypeError) as error:
        raise ValueError(f"a binding cannot be read ({error!r}): {line!r}") from error
