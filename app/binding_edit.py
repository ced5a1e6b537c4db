"""What was done to the table of bindings, to be taken back: one step of undo for each gesture.

A step keeps the lines themselves and no places in the table, so it stays good whatever else came and went.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.binding import Binding, BindingTable


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
        if not isinstance(later, TableEdit) or not self.added or set(later.removed) != set(self.added):
            return None
        return TableEdit(self.table, self.title, self.removed, later.added)

    def _change(self, gone: tuple[Binding, ...], present: tuple[Binding, ...]) -> None:
        for binding in gone:
            self.table.put(binding, False)
        for binding in present:
            self.table.put(binding, True)


def edit_of(table: BindingTable, gone: tuple[Binding, ...], new: tuple[Binding, ...]) -> TableEdit | None:
    """Return the step that takes lines out and puts others in, None if the table stands so already."""
    removed = tuple(one for one in gone if one in table and one not in new)
    added = tuple(one for one in new if one not in table)
    if not removed and not added:
        return None
    title = f"Map {added[0].label}" if added else f"Unmap {removed[0].label}"
    return TableEdit(table, title, removed, added)
