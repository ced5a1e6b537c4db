"""Map mode: click a control, move a hand, and they belong together; or the hand first, then the control.

What moves is collected until it rests for half a second, then guessed, bound and shown, and what the same hand does
next may still correct the guess. Nothing is ever asked in a dialog: a source that moves something already waits beside
the control for one of two words. On Stage all of it is locked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.action import Argument
from app.binding import Binding
from app.binding_move import overlap
from app.guess import KINDS, Guess, Heard, guess
from app.hand import Hands
from app.map_gesture import SELECTS, Gesture, named
from app.map_making import Making, Proposal
from app.parameter import Parameter, Steps, switch
from app.stream import Streams
from app.take_over import MODES
from app.transport import Clock
from app.watch import Watcher

KEEP_S = 10.0  # A source that moved first waits so long for its target.
SOURCE = "Kind (midi, osc, output, key), name, then index, what it is, controller"
VIEW, STAGE = "/window/view", "stage"


class MapMode:
    """Attributes: `target` (address clicked, ""), `waiting` (for a hand), `making` (makes the lines), `guess` (of the
    hand that moved last, None), `has_stage` (True: there is a window, and on Stage nothing is mapped)."""

    def __init__(self, hands: Hands, watcher: Watcher, clock: Clock) -> None:
        self.target = ""
        self.waiting = False
        self.has_stage = False
        self.guess: Guess | None = None
        self._hands, self._clock = hands, clock
        self.making = Making(hands, clock)
        self._gesture = Gesture()
        self._was_on = False
        self._moved_first = False
        self._corrected = False
        self._streams = Streams()
        told = "Click a control, then move a knob, a key or anything else"
        self._on = hands.tree.add(Parameter("/map/on", 0, switch(), title="Map", help=told, kept=False, undoable=False))
        mode = "What a knob does that stands elsewhere: wait until it comes by, jump, or make up for it on its way"
        hands.tree.add(Parameter("/map/take_over", 0, Steps(MODES), title="Take-over", help=mode))
        watcher.on(("/map/on", VIEW) if VIEW in hands.tree else ("/map/on",), self._follow)
        add, add_with = hands.actions.add, hands.actions.add_with
        add_with("/map/target", self._click, "Map a control", "Its address; then move a hand", "Map")
        add_with("/map/source", self._choose, "Map a source", SOURCE, "Map")
        add("/map/replace", lambda: self._answer(True), "Move here", "The source leaves what it moved", "Map")
        add("/map/both", lambda: self._answer(False), "Both", "The source moves both", "Map")
        add("/map/cancel", self.cancel, "Forget the control", "Map mode goes on", "Map")

    # --- what was made --------------------------------------------------------------------------------

    @property
    def bound(self) -> Binding | None:
        """The line made last."""
        return self.making.bound

    @bound.setter
    def bound(self, binding: Binding | None) -> None:
        self.making.bound = binding

    @property
    def proposal(self) -> Proposal | None:
        """The line that waits for a word."""
        return self.making.proposal

    # --- switching ------------------------------------------------------------------------------------

    @property
    def on(self) -> bool:
        return self._on.value > 0

    @property
    def locked(self) -> bool:
        """Whether the Stage is shown, where nothing is mapped by accident."""
        view = self._hands.tree.find(VIEW)
        return self.has_stage and view is not None and view.show() == STAGE

    def unlock(self) -> None:
        """Raise ValueError while bindings are locked."""
        if self.locked:
            raise ValueError("bindings are locked on Stage; go to Studio (F1)")

    def _follow(self) -> None:
        if self.on and self.locked:
            self._on.set(0, "map")
            self._hands.say("warning", "Map mode is locked on Stage; go to Studio (F1)")
        if self.on != self._was_on:
            self._was_on = self.on
            self._streams.begin(self._clock.now())
            self.bound = None
            self.cancel()

    def cancel(self) -> None:
        """Forget the control that was clicked, and what moved."""
        self.target, self.waiting, self.guess, self.making.arguments = "", False, None, ()
        self.making.proposal, self._moved_first = None, False
        self._gesture.clear()

    # --- the control ----------------------------------------------------------------------------------

    def _click(self, arguments: tuple[Argument, ...]) -> None:
        if not arguments:
            raise ValueError("give the address of what is to be moved, such as /composer/density")
        self.aim(str(arguments[0]), arguments[1:])

    def aim(self, address: str, arguments: tuple[Argument, ...] = ()) -> None:
        """Take a control as the target; ValueError if Map mode is off or nothing has this address.

        `arguments` are those that an Action is fired with: one of many scenes, say.
        """
        self.unlock()
        self._follow()  # It may have been switched in this very turn.
        if not self.on:
            raise ValueError("Map mode is off; switch /map/on on first")
        self.making.find(address)
        if self.proposal is not None:
            self._answer(True)  # Who goes on without a word means the usual.
        if not self._moved_first:
            self._gesture.clear()
        first = self.guess if self._moved_first and not self.waiting else None
        self._moved_first, self.bound = False, None
        self.target, self.waiting, self.guess, self.making.arguments = address, True, first, arguments
        if first is not None and not self._gesture.moved:
            self._propose(first)

    # --- the hand -------------------------------------------------------------------------------------

    def hear(self, moved: Sequence[Heard]) -> bool:
        """Take what moved at once; return whether it is meant for Map mode and must move nothing else."""
        self._follow()
        if not self.on or self.proposal is not None:
            return False
        fresh = [one for one in moved if self._counts(one)]
        if not fresh:
            return self.waiting and bool(moved) and moved[0].source.name in SELECTS
        if not self.waiting and not self._goes_on(fresh):
            return False
        self._gesture.add(fresh, self._clock.now())
        return self.waiting

    def _counts(self, one: Heard) -> bool:
        if one.source.kind == "midi":
            return one.source.name not in SELECTS
        return not self._streams.swallows(one, self.waiting)

    def _goes_on(self, fresh: Sequence[Heard]) -> bool:
        """Return whether a movement that nothing waits for is noted: more of the last gesture, or a new hand."""
        bound = self.bound
        if bound is not None and any(overlap(one.source, bound.source) for one in fresh):
            return True
        if self._moved_first and self._gesture.moved:
            return True
        if any(self.making.is_bound(one.source) for one in fresh):
            return False  # It moves what it is bound to, and that is all.
        self.cancel()
        self._moved_first, self.bound = True, None
        return True

    def tend(self) -> None:
        """See whether a gesture is over; called often."""
        now = self._clock.now()
        if self._gesture.rests(now):
            moved = self._gesture.take()
            self._rest(guess(moved), moved)
        if self._moved_first and not self._gesture.moved and now - self._gesture.last > KEEP_S:
            self.guess, self._moved_first = None, False

    def _rest(self, found: Guess | None, moved: list[Heard]) -> None:
        if found is None:
            return
        if self.waiting:
            self._gesture.before = moved
            self._propose(found)
        elif self.bound is not None:
            self._refine(moved)
        elif self.making.is_bound(found.source):
            self._moved_first = False
        else:
            self.guess, self._gesture.before = found, moved

    def _refine(self, moved: list[Heard]) -> None:
        """Let more of the same gesture correct the guess, unless a hand did."""
        found = self._gesture.refine(moved)
        bound, known = self.bound, self.guess
        if bound is None or known is None or found is None or self._corrected:
            return
        if bound not in self._hands.bindings.for_source(bound.source):
            self.bound = None  # It was taken back.
            return
        if overlap(found.source, known.source) and (found.source, found.kind) != (known.source, known.kind):
            self.guess = found
            self.making.become(found, bound)

    # --- binding --------------------------------------------------------------------------------------

    def _propose(self, found: Guess) -> None:
        """Bind what moved to what was clicked, or wait for a word."""
        self.guess, self.waiting, self._corrected = found, False, False
        try:
            self.making.propose(found, self.target)
        except ValueError as error:
            self._hands.say("warning", str(error))
            self.waiting = True

    def _answer(self, moves_here: bool) -> None:
        self.unlock()
        self.making.answer(moves_here)

    def _choose(self, arguments: tuple[Argument, ...]) -> None:
        """Take a named source as what moved."""
        self.unlock()
        self._follow()
        if not self.on:
            raise ValueError("Map mode is off; switch /map/on on first")
        found = named(arguments)
        self._gesture.named(self._clock.now())
        if self.waiting:
            self._propose(found)
        else:
            self.guess, self._moved_first, self.bound = found, True, None

    def correct(self, kind: str) -> None:
        """Take what moved last for something else; ValueError if nothing moved or there is no such kind."""
        if self.guess is None:
            raise ValueError("nothing moved yet; move the hand first")
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of hand: choose {', '.join(KINDS)}")
        self.unlock()
        found = replace(self.guess, kind=kind, sure=True)
        if self.proposal is not None:
            self.making.correct(self.proposal, found)
        elif self.bound is not None:
            self.making.become(found, self.bound)
        self.guess, self._corrected = found, True

    @property
    def seen(self) -> Guess | None:
        """What the hand that moves, or moved last, seems to be."""
        moved = self._gesture.moved if self.waiting or self._moved_first else []
        return guess(moved) if moved else self.guess
