"""The lines that Map mode makes: what moved, bound to what was clicked, as one step of undo.

A source that moves something already makes no line by itself: it is a proposal until somebody says "move here" or
"both". Lines that stand together for one source are of one home, the session's or the profile's, because a session's
line hides those of a profile.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from app.action import Action, Argument
from app.binding import Binding, Fire, Follow, Move, Source
from app.binding_edit import TableEdit
from app.binding_move import move_for, overlap
from app.guess import Guess
from app.hand import Hands
from app.parameter import AnyParameter, Parameter
from app.take_over import Grip
from app.transport import Clock

STEPS = 1 << 40  # Numbers of our steps of undo, far from anybody else's.


@dataclass(slots=True)
class Proposal:
    """A line that waits for a word. Attributes: `guess`, `binding`, `others` (the lines that its source has)."""

    guess: Guess
    binding: Binding
    others: tuple[Binding, ...]


class Making:
    """Attributes: `bound` (the line made last, None), `proposal` (a line that waits for a word, None), `arguments` (of
    the Action that was clicked), `keeps` (whether a source's lines belong to the profile of its controller)."""

    def __init__(self, hands: Hands, clock: Clock) -> None:
        self.bound: Binding | None = None
        self.proposal: Proposal | None = None
        self.arguments: tuple[Argument, ...] = ()
        self.keeps: Callable[[Source], bool] = lambda _source: False
        self._hands, self._clock = hands, clock
        self._numbers = count(STEPS)
        self._number = STEPS

    def find(self, address: str) -> AnyParameter | Action:
        """Return what an address means; ValueError if it cannot be mapped."""
        found = self._hands.tree.find(address) or self._hands.actions.find(address)
        if found is None:
            raise ValueError(f"nothing is called {address}; a control's address starts with its part")
        if address.startswith("/map/"):
            raise ValueError(f"{address} belongs to Map mode itself; use its key or the window")
        return found

    def is_bound(self, source: Source) -> bool:
        return any(overlap(line.source, source) for line in self._hands.bindings if line.source.kind == source.kind)

    def propose(self, found: Guess, target: str) -> None:
        """Bind what moved to a target, or wait for a word if it moves something else; ValueError if it cannot be."""
        binding = Binding(found.source, target, self._move(found, target), profile=self.keeps(found.source))
        rivals = tuple(one for one in self._hands.bindings if overlap(one.source, found.source))
        others = tuple(one for one in rivals if one.target != target)
        self._number = next(self._numbers)
        if others:
            self.proposal = Proposal(found, binding, others)
        else:
            self._change(rivals, (binding,), found)

    def answer(self, moves_here: bool) -> None:
        """Make the line that waits; its source leaves what it moved, or moves both. ValueError if none waits."""
        proposal, self.proposal = self.proposal, None
        if proposal is None:
            raise ValueError("there is no conflict to answer")
        same = [one for one in self._hands.bindings if overlap(one.source, proposal.binding.source)]
        gone = [one for one in same if moves_here or one.target == proposal.binding.target]
        stay = [one for one in same if one not in gone]
        is_kept = proposal.binding.profile and not any(one.own for one in stay)
        moved = [one for one in stay if one.profile and not is_kept]
        new = (replace(proposal.binding, profile=is_kept), *(replace(one, profile=False) for one in moved))
        self._change((*gone, *moved), new, proposal.guess)

    def become(self, found: Guess, bound: Binding) -> None:
        """Put the line made last right; one step of undo with making it."""
        move = self._move(found, bound.target)
        if isinstance(bound.move, Fire) and isinstance(move, Fire):
            move = bound.move
        kept = bound.profile and self.keeps(found.source)
        self._change((bound,), (Binding(found.source, bound.target, move, profile=kept),), found)

    def correct(self, proposal: Proposal, found: Guess) -> None:
        """Take what waits for a word for something else."""
        proposal.binding = replace(proposal.binding, move=self._move(found, proposal.binding.target))
        proposal.guess = found

    def _move(self, found: Guess, target: str) -> Move:
        move = move_for(found.kind, self.find(target), found.low, found.high)
        return Fire(self.arguments) if isinstance(move, Fire) else move

    def _change(self, gone: tuple[Binding, ...], new: tuple[Binding, ...], found: Guess) -> None:
        edit = TableEdit(self._hands.bindings, f"Map {new[0].label}", gone, new)
        edit.redo()
        for binding in new:
            self._seed(binding, found)
        self.bound = new[0]
        self._hands.history.push(edit, self._clock.now(), self._number)

    def _seed(self, binding: Binding, found: Guess) -> None:
        """A knob that was just moved is known to stand where it was left."""
        parameter = self._hands.tree.find(binding.target)
        if isinstance(binding.move, Follow) and isinstance(parameter, Parameter):
            low, high = sorted((binding.move.start, binding.move.end))
            share = (binding.move.position(found.value) - low) / (high - low) if high > low else 0.0
            self._hands.grips[binding] = Grip(share, version=parameter.version)
