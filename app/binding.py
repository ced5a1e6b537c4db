"""What an outside hand moves: this key, OSC message or learner's output, that Parameter or Action.

One table serves every hand. A source is a kind and a name, so a new kind of hand (a MIDI controller, say) is
a new kind of name and nothing else. The table only decides; the engine carries out, so that bindings can be
tested as a table is read.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.action import Argument
from app.encoder import ENCODINGS
from app.take_over import MODES

KINDS = ("key", "osc", "output", "midi")
TEXTS = ("value", "rest", "arguments")  # The fields of a move that may be texts.


@dataclass(frozen=True, slots=True)
class Source:
    """Where a hand comes in.

    Attributes: `kind` ("key", "osc", "output": a player's, "midi"), `name` (a key such as "Shift+T", an OSC address,
    an output's address, "cc21"), `index` (which argument of an OSC message; the channel of MIDI, 0 for any), `port`
    (the name of a MIDI controller, "" for any).
    """

    kind: str
    name: str
    index: int = 0
    port: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no kind of source: use one of {', '.join(KINDS)}")

    def show(self) -> str:
        if self.kind == "midi":
            return f"{self.name} ch{self.index}" if self.index else self.name
        return f"{self.name}[{self.index}]" if self.index else self.name


def bent(share: float, curve: float) -> float:
    """Return a share 0..1 on a curve from -1 (rises fast, then slowly) over 0 (straight) to 1 (slowly, then fast)."""
    return float(share ** (8.0**curve)) if curve else share


def bent_back(share: float, curve: float) -> float:
    """Return the share that `bent` takes to this one."""
    return float(share ** (8.0**-curve)) if curve else share


@dataclass(frozen=True, slots=True)
class Follow:
    """The target follows the source: source `low`..`high` covers the target's positions `start`..`end`.

    `curve` is between -1 and 1 (see `bent`). `take_over`: what happens where the hand and the target stand apart (see
    `app.take_over`), "" as is set for all.
    """

    low: float = 0.0
    high: float = 1.0
    start: float = 0.0
    end: float = 1.0
    curve: float = 0.0
    take_over: str = ""

    def position(self, value: float) -> float:
        """Return the target's position 0..1 for a source value."""
        span = self.high - self.low
        share = min(max((value - self.low) / span, 0.0), 1.0) if span else 0.0
        return self.start + bent(share, self.curve) * (self.end - self.start)

    def value(self, position: float) -> float:
        """Return the source value that puts the target at a position; the nearest if none does."""
        way = self.end - self.start
        share = min(max((position - self.start) / way, 0.0), 1.0) if way else 0.0
        return self.low + bent_back(share, self.curve) * (self.high - self.low)


@dataclass(frozen=True, slots=True)
class Turn:
    """An endless encoder moves the target between its positions `start` and `end`, backwards if `start` is the greater.

    `encoding` is one of `app.encoder`'s, `amount` the share of the range of one step, `acceleration` how much faster
    turning makes larger steps (0: not at all).
    """

    encoding: str = "twos"
    start: float = 0.0
    end: float = 1.0
    amount: float = 1 / 128
    acceleration: float = 1.0


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


Move = Follow | Turn | Step | Put | Hold | Flip | Fire
MOVES: dict[str, type[Move]] = {
    "follow": Follow,
    "turn": Turn,
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
    """All Bindings, found by source when a hand moves and by target when a badge is drawn.

    Attributes: `version` (counts changes).
    """

    def __init__(self, bindings: Iterable[Binding] = ()) -> None:
        self.version = 0
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
            self.version += 1

    def remove(self, binding: Binding) -> None:
        """Take a line out; ValueError if it is not there."""
        self._by_source.get(binding.source, []).remove(binding)
        self._kinds[binding.source.kind] -= 1
        self.version += 1

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


@dataclass(frozen=True, slots=True)
class TableEdit:
    """Some lines of the table gave way to others. Attributes: `title`, `removed`, `added`."""

    table: BindingTable
    title: str
    removed: tuple[Binding, ...]
    added: tuple[Binding, ...]

    def undo(self) -> None:
        self._change(self.added, self.removed)

    def redo(self) -> None:
        self._change(self.removed, self.added)

    def merge(self, later: object) -> TableEdit | None:
        """A line that was put right while its map was still fresh is one step with it."""
        if not isinstance(later, TableEdit) or set(later.removed) != set(self.added):
            return None
        return TableEdit(self.table, self.title, self.removed, later.added)

    def _change(self, gone: tuple[Binding, ...], present: tuple[Binding, ...]) -> None:
        for binding in gone:
            self.table.put(binding, False)
        for binding in present:
            self.table.put(binding, True)


def to_json(binding: Binding) -> dict[str, object]:
    """Return a line as a session stores it."""
    name = next(name for name, kind in MOVES.items() if type(binding.move) is kind)
    move = {field: getattr(binding.move, field) for field in binding.move.__dataclass_fields__}
    source: dict[str, object] = {
        "kind": binding.source.kind,
        "name": binding.source.name,
        "index": binding.source.index,
    }
    if binding.source.port:
        source["port"] = binding.source.port
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
        port = str(source.get("port", ""))
        found = Source(str(source["kind"]), str(source["name"]), int(source.get("index", 0)), port)
        _check(parts)
        return Binding(found, target, move(**parts))  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"a binding cannot be read ({error!r}): {line!r}") from error


def _check(fields: dict[str, object]) -> None:
    """Raise TypeError for a field that would fail only when its hand moves."""
    for name, value in fields.items():
        choices: tuple[str, ...] | None = {"take_over": ("", *MODES), "encoding": ENCODINGS}.get(name)
        values = value if isinstance(value, tuple) else (value,)
        if choices is not None and value not in choices:
            raise TypeError(f"{name} is {value!r}: use one of {', '.join(choices)}")
        if choices is None and not all(_is_argument(one, name in TEXTS) for one in values):
            raise TypeError(f"{name} is {value!r}")


def _is_argument(value: object, may_be_text: bool) -> bool:
    if isinstance(value, str):
        return may_be_text
    return isinstance(value, int | float) and math.isfinite(value)
