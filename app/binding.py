"""What an outside hand moves: this key, OSC message or learner's output, that Parameter or Action.

One table serves every hand. The table only decides; `app.hand` carries out, so that bindings can be tested as a table
is read. The words of its lines are in rooms of their own and found here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from app.binding_deed import MOVES, Fire, Flip, Follow, Hold, Move, Pick, Put, Step, Turn, bent, bent_back
from app.binding_line import KINDS, PITCH, PLAYED, Binding, Source
from app.binding_text import from_json, to_json

__all__ = [
    "KINDS", "MOVES", "PITCH", "PLAYED", "Binding", "BindingTable", "Fire", "Flip", "Follow", "Hold", "Move", "Pick",
    "Put", "Source", "Step", "Turn", "bent", "bent_back", "from_json", "to_json",
]  # fmt: skip


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
        lines = self._by_source.get(binding.source, [])
        lines.remove(binding)
        if not lines:
            del self._by_source[binding.source]
        self._kinds[binding.source.kind] -= 1
        self.version += 1

    def put(self, binding: Binding, present: bool) -> bool:
        """Have a line in the table or not; return whether that changed anything."""
        if present == (binding in self):
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

    def __contains__(self, binding: object) -> bool:
        return isinstance(binding, Binding) and binding in self._by_source.get(binding.source, ())

    def __iter__(self) -> Iterator[Binding]:
        return iter([binding for lines in list(self._by_source.values()) for binding in list(lines)])

    def __len__(self) -> int:
        return sum(len(lines) for lines in self._by_source.values())
