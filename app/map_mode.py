"""Map mode: click a control, move a hand, and they belong together; or the hand first, then the control.

What moves is collected until it rests for half a second, then guessed, bound and shown, and what the same hand does
next may still correct the guess. Nothing is ever asked in a dialog: a source that moves something already waits beside
the control for one of two words. On Stage all of it is locked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count

from app.action import Action, Argument
from app.binding import Binding, Fire, Follow, Move, Source, TableEdit
from app.binding_move import move_for, overlap
from app.guess import KINDS, KNOB, MOMENTARY, PRESS, Guess, Heard, guess
from app.hand import Hands
from app.parameter import AnyParameter, Parameter, Steps, switch
from app.stream import Streams
from app.take_over import MODES, Grip
from app.transport import Clock
from app.watch import Watcher

REST_S = 0.5  # A gesture is over when nothing moved for so long,
DOWN_S = 1.0  # or so long while a button may still be held.
KEEP_S = 10.0  # A source that moved first waits so long for its target.
MOST_HEARD = 256
SELECTS = ("cc98", "cc99", "cc100", "cc101")  # Choose a numbered parameter, and are nothing by themselves.
VIEW, STAGE = "/window/view", "stage"
STEPS = 1 << 40  # Numbers of our steps of undo, far from anybody else's.


@dataclass(slots=True)
class Proposal:
    """A line that waits for a word. Attributes: `guess`, `binding`, `others` (the lines that its source has)."""

    guess: Guess
    binding: Binding
    others: tuple[Binding, ...]


class MapMode:
    """Attributes: `target` (address clicked, "") with its `arguments`, `waiting` (for a hand), `bound` (the line made
    last, None), `guess` (of the hand that moved last, None), `proposal` (a line that waits for a word, None)."""

    def __init__(self, hands: Hands, watcher: Watcher, clock: Clock) -> None:
        self.target = ""
        self.arguments: tuple[Argument, ...] = ()
        self.waiting = False
        self.bound: Binding | None = None
        self.guess: Guess | None = None
        self._hands, self._clock = hands, clock
        self._gesture: list[Heard] = []
        self._last = float("-inf")
        self._was_on = False
        self._moved_first = False
        self._corrected = False
        self.proposal: Proposal | None = None
        self._history: list[Heard] = []
        self._streams = Streams()
        self._numbers = count(STEPS)
        self._number = STEPS
        told = "Click a control, then move a knob, a key or anything else"
        self._on = hands.tree.add(Parameter("/map/on", 0, switch(), title="Map", help=told, kept=False, undoable=False))
        mode = "What a knob does that stands elsewhere: wait until it comes by, jump, or make up for it on its way"
        hands.tree.add(Parameter("/map/take_over", 0, Steps(MODES), title="Take-over", help=mode))
        watched = ("/map/on", VIEW) if VIEW in hands.tree else ("/map/on",)
        watcher.on(watched, self._follow)
        add, add_with = hands.actions.add, hands.actions.add_with
        add_with("/map/target", self._click, "Map a control", "Its address; then move a hand", "Map")
        add_with("/map/source", self._choose, "Map a source", "midi, osc, output or key, its name, its index", "Map")
        add("/map/replace", lambda: self._answer(True), "Move here", "The source leaves what it moved", "Map")
        add("/map/both", lambda: self._answer(False), "Both", "The source moves both", "Map")
        add("/map/cancel", self.cancel, "Forget the control", "Map mode goes on", "Map")

    # --- switching ------------------------------------------------------------------------------------

    @property
    def on(self) -> bool:
        return self._on.value > 0

    @property
    def locked(self) -> bool:
        """Whether the Stage is shown, where nothing is mapped by accident."""
        view = self._hands.tree.find(VIEW)
        return view is not None and view.show() == STAGE

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
        self.target, self.waiting, self.guess, self.arguments = "", False, None, ()
        self.proposal, self._moved_first = None, False
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
        self._found(address)
        if self.proposal is not None:
            self._answer(True)  # Who goes on without a word means the usual.
        if not self._moved_first:
            self._gesture.clear()
        first = self.guess if self._moved_first and not self.waiting else None
        self._moved_first, self.bound = False, None
        self.target, self.waiting, self.guess, self.arguments = address, True, first, arguments
        if first is not None and not self._gesture:
            self._propose(first)

    def _found(self, address: str) -> AnyParameter | Action:
        found = self._hands.tree.find(address) or self._hands.actions.find(address)
        if found is None:
            raise ValueError(f"nothing is called {address}; a control's address starts with its part")
        if address.startswith("/map/"):
            raise ValueError(f"{address} belongs to Map mode itself; use its key or the window")
        return found

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
        self._gesture += fresh
        del self._gesture[:-MOST_HEARD]
        self._last = self._clock.now()
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
        if self._moved_first and self._gesture:
            return True
        if any(self._is_bound(one.source) for one in fresh):
            return False  # It moves what it is bound to, and that is all.
        self.cancel()
        self._moved_first, self.bound = True, None
        return True

    def _is_bound(self, source: Source) -> bool:
        return any(overlap(line.source, source) for line in self._hands.bindings if line.source.kind == source.kind)

    def tend(self) -> None:
        """See whether a gesture is over; called often."""
        now = self._clock.now()
        if self._gesture and now - self._last >= self._patience():
            gesture, self._gesture = self._gesture, []
            self._rest(guess(gesture), gesture)
        if self._moved_first and not self._gesture and now - self._last > KEEP_S:
            self.guess, self._moved_first = None, False

    def _patience(self) -> float:
        last = self._gesture[-1]
        is_down = last.source.name.startswith(("cc", "note")) and last.value > 0 and len(self._gesture) == 1
        return DOWN_S if is_down else REST_S

    def _rest(self, found: Guess | None, gesture: list[Heard]) -> None:
        if found is None:
            return
        if self.waiting:
            self._history = gesture
            self._propose(found)
        elif self.bound is not None:
            self._refine(gesture)
        elif self._is_bound(found.source):
            self._moved_first = False
        else:
            self.guess, self._history = found, gesture

    def _refine(self, gesture: list[Heard]) -> None:
        """Let more of the same gesture correct the guess, unless a hand did."""
        self._history = (self._history + gesture)[-MOST_HEARD:]
        found = guess(self._history)
        bound, known = self.bound, self.guess
        if bound is None or known is None or found is None or self._corrected:
            return
        if bound not in self._hands.bindings.for_source(bound.source):
            self.bound = None  # It was taken back.
            return
        if overlap(found.source, known.source) and (found.source, found.kind) != (known.source, known.kind):
            self._become(found, bound)

    def _become(self, found: Guess, bound: Binding) -> None:
        """Put the line made last right; one step of undo with making it."""
        move = self._move(found, bound.target)
        if isinstance(bound.move, Fire) and isinstance(move, Fire):
            move = bound.move
        new = Binding(found.source, bound.target, move)
        self.guess = found
        self._change((bound,), (new,))

    # --- binding --------------------------------------------------------------------------------------

    def _propose(self, found: Guess) -> None:
        """Bind what moved to what was clicked, or wait for a word if it moves something else."""
        self.guess, self.waiting, self._corrected = found, False, False
        try:
            move = self._move(found, self.target)
        except ValueError as error:
            self._hands.say("warning", str(error))
            self.waiting = True
            return
        binding = Binding(found.source, self.target, move)
        rivals = [one for one in self._hands.bindings if overlap(one.source, found.source)]
        others = tuple(one for one in rivals if one.target != self.target)
        self._number = next(self._numbers)
        if others:
            self.proposal = Proposal(found, binding, others)
        else:
            self._change(tuple(rivals), (binding,))

    def _move(self, found: Guess, target: str) -> Move:
        move = move_for(found.kind, self._found(target), found.low, found.high)
        return Fire(self.arguments) if isinstance(move, Fire) else move

    def _answer(self, moves_here: bool) -> None:
        proposal = self.proposal
        if proposal is None:
            raise ValueError("there is no conflict to answer")
        self.unlock()
        self.proposal = None
        same = [one for one in self._hands.bindings if overlap(one.source, proposal.binding.source)]
        gone = [one for one in same if moves_here or one.target == proposal.binding.target]
        self._change(tuple(gone), (proposal.binding,))

    def _change(self, gone: tuple[Binding, ...], new: tuple[Binding, ...]) -> None:
        table = self._hands.bindings
        title = f"Map {new[0].label}"
        for binding in gone:
            table.put(binding, False)
        for binding in new:
            table.put(binding, True)
            self._seed(binding)
        self.bound = new[0]
        self._hands.history.push(TableEdit(table, title, gone, new), self._clock.now(), self._number)

    def _seed(self, binding: Binding) -> None:
        """A knob that was just moved is known to stand where it was left."""
        parameter = self._hands.tree.find(binding.target)
        if isinstance(binding.move, Follow) and isinstance(parameter, Parameter) and self.guess is not None:
            low, high = sorted((binding.move.start, binding.move.end))
            share = (binding.move.position(self.guess.value) - low) / (high - low) if high > low else 0.0
            self._hands.grips[binding] = Grip(share, version=parameter.version)

    def _choose(self, arguments: tuple[Argument, ...]) -> None:
        """Take a named source as what moved: KIND NAME [INDEX] [KIND OF HAND]."""
        self.unlock()
        self._follow()
        if not self.on or len(arguments) < 2:
            raise ValueError("in Map mode give a kind and a name: output /listener/label/glass, or midi cc21 1")
        kind, name, *rest = arguments
        index = int(float(rest[0])) if rest else 0
        hand = str(rest[1]) if len(rest) > 1 else _usual(str(kind), str(name))
        found = Guess(Source(str(kind), str(name), index), hand)
        self._gesture.clear()
        self._history.clear()
        self._last = self._clock.now()
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
            move = self._move(found, self.target)
            self.proposal.binding = replace(self.proposal.binding, move=move)
            self.proposal.guess = found
        elif self.bound is not None:
            self._become(found, self.bound)
        self.guess, self._corrected = found, True

    @property
    def seen(self) -> Guess | None:
        """What the hand that moves, or moved last, seems to be."""
        return guess(self._gesture) if self._gesture and (self.waiting or self._moved_first) else self.guess


def _usual(kind: str, name: str) -> str:
    """Return what a source that was named, and not moved, is taken for."""
    if kind == "key" or name.startswith("program") or (kind == "output" and "/label/" in name):
        return PRESS
    return MOMENTARY if kind == "midi" and name.startswith("note") else KNOB
