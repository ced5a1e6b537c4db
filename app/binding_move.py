"""What a hand does to a target, found from the two: a knob leads, a button turns over, holds or fires.

Nobody who binds a pad to a switch wants to choose among seven moves. So the kind of the source and the kind of the
target choose one, and the table shows which.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.action import Action
from app.binding import PLAYED, Binding, Fire, Flip, Follow, Hold, Move, Pick, Put, Source, Turn
from app.encoder import ENCODINGS
from app.guess import KINDS, KNOB, MOMENTARY, PRESS, TOGGLE
from app.parameter import AnyParameter, Parameter, Steps, TextParameter

PAIR = 32


def move_for(kind: str, target: AnyParameter | Action, low: float = 0.0, high: float = 1.0) -> Move:
    """Return what a source of a kind does to a target; ValueError if it can do nothing."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of hand: choose {', '.join(KINDS)}")
    if isinstance(target, Action):
        return Fire()
    if isinstance(target, TextParameter):
        if kind == KNOB or kind in ENCODINGS:
            raise ValueError(f"{target.title} is a text, which a knob cannot move: use a button, it keeps this text")
        return Put(target.value)
    if kind in ENCODINGS:
        return Turn(kind)
    if kind == KNOB:
        return Follow(low, high)
    return _pressed(kind, target)


def _pressed(kind: str, target: Parameter) -> Move:
    is_choice = isinstance(target.curve, Steps)
    if kind == TOGGLE and not (isinstance(target.curve, Steps) and len(target.curve.names) > 2):
        return Follow(take_over="immediate")
    if is_choice:
        return Flip()
    if kind == PRESS:
        return Put(target.value)
    top = target.curve.value(1.0)
    held = top if target.value != top else target.curve.value(0.0)  # A button must be seen to do something.
    return Hold(held, target.value)


def kind_of(binding: Binding) -> str:
    """Return what a line takes its source for, "" if that has no meaning for it."""
    if binding.source.kind == "key":
        return ""
    match binding.move:
        case Turn(encoding):
            return encoding
        case Follow(take_over="immediate") if binding.source.kind == "midi" and not _is_wheel(binding.source):
            return TOGGLE
        case Follow():
            return KNOB
        case Put() | Pick():
            return PRESS
        case _:
            return MOMENTARY


def _is_wheel(source: Source) -> bool:
    return source.name == PLAYED or not source.name.startswith(("cc", "note")) or source.name.endswith("+")


def inverted(binding: Binding) -> Binding:
    """Return a line with its range the other way round; ValueError if it has none."""
    start, end = range_of(binding)
    return ranged(binding, end, start)


def range_of(binding: Binding) -> tuple[float, float]:
    """Return the positions that a line's hand covers; ValueError if it has no range."""
    move = binding.move
    if isinstance(move, Follow | Turn):
        return move.start, move.end
    raise ValueError(f"{binding.label} is a button; only knobs and encoders have a range")


def ranged(binding: Binding, start: float, end: float) -> Binding:
    """Return a line that covers the positions `start`..`end`, held within 0..1; ValueError if it has no range."""
    move = binding.move
    if not isinstance(move, Follow | Turn):
        raise ValueError(f"{binding.label} is a button; only knobs and encoders have a range")
    start, end = (min(max(float(one), 0.0), 1.0) for one in (start, end))
    return replace(binding, move=replace(move, start=start, end=end), factory=False)


def overlap(one: Source, other: Source) -> bool:
    """Return whether moving one hand moves the other: the same control, or a part of it."""
    if one.kind != other.kind:
        return False
    if one.kind != "midi":
        return (one.name, one.index) == (other.name, other.index)
    ports = one.port == other.port or "" in (one.port, other.port)
    channels = one.index == other.index or 0 in (one.index, other.index)
    return ports and channels and bool(_parts(one.name) & _parts(other.name))


class Overlaps:
    """Many sources, found by what they are made of: the lines of a large profile are not compared pair by pair."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._by_part: dict[tuple[str, str], list[Source]] = {}
        for source in dict.fromkeys(sources):
            for part in _keys(source):
                self._by_part.setdefault(part, []).append(source)

    def has(self, source: Source) -> bool:
        """Return whether one of them overlaps a source."""
        return any(overlap(one, source) for part in _keys(source) for one in self._by_part.get(part, ()))


def _keys(source: Source) -> list[tuple[str, str]]:
    return [(source.kind, part) for part in (_parts(source.name) if source.kind == "midi" else (source.name,))]


def _parts(name: str) -> set[str]:
    """Return a source's name with those of its halves: "cc1+" is made of cc1 and cc33."""
    if not name.endswith("+"):
        return {name}
    plain = name[:-1]
    if not plain.startswith("cc"):
        return {name, plain}
    return {name, plain, f"cc{int(plain[2:]) + PAIR}"} if plain[2:].isdigit() else {name, plain}
