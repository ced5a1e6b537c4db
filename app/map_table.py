"""What one does to lines of the table of bindings: delete, clear, invert, give a range, find on screen.

Each is an Action with the line's number as its last argument, so that the window, a script and another controller do
the same; without a number the line made last is meant. Each is one step of undo.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from app.action import Argument, finite
from app.binding import Binding, Fire, Follow
from app.binding_edit import TableEdit
from app.binding_move import inverted, move_for, ranged
from app.guess import KINDS
from app.hand import Hands
from app.history import Edit
from app.map_home import PROFILE, SESSION, Home
from app.map_mode import MapMode
from app.take_over import MODES

Verb = Callable[[tuple[Argument, ...], Binding], Binding]


class MapTable:
    """Attributes: `located` (address to show on screen, "") and `locating` (counts such wishes)."""

    def __init__(self, hands: Hands, mode: MapMode, home: Home, note_step: Callable[[Edit], None]) -> None:
        self.located, self.locating = "", 0
        self._hands, self._mode, self._home, self._note_step = hands, mode, home, note_step
        self._numbers: dict[Binding, int] = {}
        self._counting = count(1)
        line = "then a line's number; without one the line made last"
        self._add("range", 2, self._range, "Range of a line", f"From and to as positions 0 to 1; {line}")
        self._add("invert", 0, lambda _, old: inverted(old), "Invert a line", f"Turns its range round; {line}")
        self._add("curve", 1, self._curve, "Curve of a line", f"From -1 to 1; {line}")
        self._add("home", 1, self._move_home, "Where a line is kept", f"{PROFILE} or {SESSION}; {line}")
        self._add("mode", 1, self._take_over, "Take-over of a line", f"{', '.join(MODES)} or usual; {line}")
        add = hands.actions.add_with
        told = f"One of {', '.join(KINDS)}; then a line's number, without one what moved last"
        add("/map/encoding", self._take_for, "Take the source for", told, "Map")
        add("/map/delete", self.delete, "Delete a line", "Its number; without one the line made last", "Map")
        add("/map/clear", self.clear, "Clear bindings", "Of one address, or all that are not the instrument's", "Map")
        add("/map/locate", self.locate, "Show on screen", "A line's number: what it moves flashes", "Map")

    def number(self, binding: Binding) -> int:
        """Return the number of a line, which stays as long as the line is what it is."""
        if binding not in self._numbers:
            self._numbers[binding] = next(self._counting)
        return self._numbers[binding]

    def line(self, number: float | str | None) -> Binding:
        """Return the line of a number, or the one made last; ValueError if there is none."""
        if number is None:
            if self._mode.bound is None:
                raise ValueError("give the number of a line of the table of bindings")
            return self._mode.bound
        wanted = finite(number)
        for binding in self._hands.bindings:
            if self.number(binding) == wanted:
                return binding
        raise ValueError(f"there is no line {number} in the table of bindings")

    def change(self, title: str, gone: tuple[Binding, ...], new: tuple[Binding, ...]) -> None:
        """Have lines give way to others, as one step of undo."""
        edit = TableEdit(self._hands.bindings, title, gone, new)
        edit.redo()
        self._note_step(edit)

    # --- verbs ----------------------------------------------------------------------------------------

    def delete(self, arguments: tuple[Argument, ...]) -> None:
        self._mode.unlock()
        line = self.line(arguments[0] if arguments else None)
        self.change(f"Unmap {line.label}", (line,), ())

    def clear(self, arguments: tuple[Argument, ...]) -> None:
        """Take out all lines of one address, or all that did not come with the instrument."""
        self._mode.unlock()
        address = str(arguments[0]) if arguments else ""
        lines = tuple(one for one in self._hands.bindings if (one.target == address if address else not one.factory))
        if not lines:
            raise ValueError(f"nothing is bound{f' to {address}' if address else ''}")
        self.change(f"Unmap {address or 'all'}", lines, ())

    def locate(self, arguments: tuple[Argument, ...]) -> None:
        self.located = self.line(arguments[0] if arguments else None).target
        self.locating += 1

    def _add(self, name: str, taken: int, verb: Verb, title: str, help: str) -> None:
        def run(arguments: tuple[Argument, ...]) -> None:
            if len(arguments) < taken:
                raise ValueError(f"/map/{name} needs more: {help}")
            self._run(taken, verb, title, arguments)

        self._hands.actions.add_with(f"/map/{name}", run, title, help, "Map")

    def _run(self, taken: int, verb: Verb, title: str, arguments: tuple[Argument, ...]) -> None:
        """Let a line become what a verb makes of it; the argument after those `taken` is the line's number."""
        self._mode.unlock()
        old = self.line(arguments[taken] if len(arguments) > taken else None)
        new = verb(arguments[:taken], old)
        if new == old:
            return
        self.change(title, (old,), (new,))
        self._numbers[new] = self.number(old)
        if self._mode.bound == old:
            self._mode.bound = new

    @staticmethod
    def _range(arguments: tuple[Argument, ...], old: Binding) -> Binding:
        return ranged(old, finite(arguments[0]), finite(arguments[1]))

    @staticmethod
    def _curve(arguments: tuple[Argument, ...], old: Binding) -> Binding:
        if not isinstance(old.move, Follow):
            raise ValueError(f"{old.label} is no knob; only knobs have a curve")
        return replace(old, move=replace(old.move, curve=min(max(finite(arguments[0]), -1.0), 1.0)), factory=False)

    def _move_home(self, arguments: tuple[Argument, ...], old: Binding) -> Binding:
        if arguments[0] not in (PROFILE, SESSION):
            raise ValueError(f"{arguments[0]!r} is no place for a line: choose {PROFILE} or {SESSION}")
        if arguments[0] == PROFILE and not self._home.may_keep(old.source):
            raise ValueError(f"{old.label} is of no controller that was plugged in; only theirs are kept for it")
        if old.profile and arguments[0] == SESSION:
            self._home.forget(old)
        return replace(old, profile=arguments[0] == PROFILE, factory=False)

    @staticmethod
    def _take_over(arguments: tuple[Argument, ...], old: Binding) -> Binding:
        mode = "" if arguments[0] == "usual" else str(arguments[0])
        if mode and mode not in MODES:
            raise ValueError(f"{mode!r} is no take-over: choose {', '.join(MODES)} or usual")
        if not isinstance(old.move, Follow):
            raise ValueError(f"{old.label} is no knob; only knobs take over")
        return replace(old, move=replace(old.move, take_over=mode), factory=False)

    def _take_for(self, arguments: tuple[Argument, ...]) -> None:
        if not arguments:
            raise ValueError(f"say what the source is: {', '.join(KINDS)}")
        if len(arguments) == 1:
            self._mode.correct(str(arguments[0]))
        else:
            self._run(1, self._encoding, "Kind of a line", arguments)

    def _encoding(self, arguments: tuple[Argument, ...], old: Binding) -> Binding:
        target = self._hands.tree.find(old.target) or self._hands.actions.find(old.target)
        if target is None:
            raise ValueError(f"{old.target} does not exist; delete the line")
        move = move_for(str(arguments[0]), target)
        is_same = isinstance(move, Fire) and isinstance(old.move, Fire)  # It goes on firing with its arguments.
        return replace(old, move=old.move if is_same else move, factory=False)
