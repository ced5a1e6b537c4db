"""Every outside hand, carried out: a write, a press, a message, a learner's output.

Whatever moves the instrument comes through this one class, in the engine's thread. So clamping, undo, bindings
and refusals are the same for the mouse, a key, OSC and a model, and a wrong value is answered with a sentence.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from app.action import ActionTable, Argument
from app.binding import Binding, BindingTable, Follow, Hold, Source, Turn
from app.encoder import Speed
from app.hand_deed import arguments_of, moved_by, turned
from app.history import History, ParameterEdit
from app.parameter import Parameter, TextParameter, Tree
from app.take_over import Grip

# Whose moves can be taken back. A stream from OSC or a learner would bury the performer's own steps.
UNDOABLE = ("ui", "key")
TAKE_OVER = "/map/take_over"
HALF = 0.5
KNOBS = ("cc", "nrpn", "rpn")  # What stands where it was left; a wheel or a key comes back by itself.


@dataclass(slots=True)
class Felt:
    """What was last heard of a source. Attributes: `value`, `seconds`, `origin`, `port` (the controller)."""

    value: float
    seconds: float
    origin: str
    port: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A target that a source holds. Attributes: `version` (of the target then), `origin`, `port` (the controller)."""

    version: int
    origin: str
    port: str


class Hands:
    """Applies what hands do.

    Attributes: `tree`, `actions`, `bindings`, `history`, `say` (takes a level and a sentence for the log),
    `moves` (counts writes), `feels` (counts movements of bound sources), `felt` (Source -> what was last heard of it,
    of those that are bound), `grips` (Binding -> how the hand behind it stands to its target), `held` (Binding -> what
    its source holds now), `refused` (why the last Action failed; whoever asks empties it before), `say_seldom` (takes
    a sentence and a level: how it is said what a stranger or a stream may do wrongly at any rate).
    """

    def __init__(self, say: Callable[[str, str], None]) -> None:
        self.tree = Tree()
        self.actions = ActionTable()
        self.bindings = BindingTable()
        self.history = History()
        self.say = say
        self.say_seldom: Callable[[str, str], None] = lambda text, level: say(level, text)
        self.moves = 0
        self.feels = 0
        self.refused = ""
        self.felt: dict[Source, Felt] = {}
        self.grips: dict[Binding, Grip] = {}
        self.held: dict[Binding, Held] = {}
        self._speeds: dict[Binding, Speed] = {}
        self._table = 0  # The version of the table that `held` fits.

    def write(self, address: str, value: float | str, origin: str, seconds: float, gesture: int | None = None) -> bool:
        """Set a Parameter; return whether the address is one. A refused value is said and changes nothing."""
        parameter = self.tree.find(address)
        if parameter is None:
            return False
        self.moves += 1
        before = parameter.stored
        try:
            if isinstance(parameter, TextParameter) and parameter.check is not None:
                parameter.check(str(value))
            parameter.set(value, origin)
        except ValueError as error:
            self._object("warning", str(error), origin)
            return True
        after = parameter.stored
        if origin in UNDOABLE and parameter.undoable and after != before:
            self.history.push(ParameterEdit(self.tree, address, before, after), seconds, gesture)
        return True

    def _object(self, level: str, sentence: str, origin: str) -> None:
        """Say what is wrong with what a hand did; a stream of it must not push everything else out of the log."""
        if origin in UNDOABLE:
            self.say(level, sentence)
        else:
            self.say_seldom(sentence, level)

    def fire(self, address: str, arguments: tuple[Argument, ...] = (), origin: str = "ui") -> bool:
        """Run an Action; return whether the address is one. An Action that fails is said, not raised."""
        action = self.actions.find(address)
        if action is None:
            return False
        endless = [one for one in arguments if isinstance(one, float) and not math.isfinite(one)]
        if endless:
            self.refused = f"{action.title} takes no {endless[0]}: send a finite number to {address}"
            self._object("error", self.refused, origin)
            return True
        try:
            action.run(arguments)
        except (ValueError, OverflowError, OSError) as error:
            self.refused = f"{action.title} failed: {error}"
            self._object("error", self.refused, origin)
        return True

    def feel(
        self, source: Source, value: float, origin: str, seconds: float, port: str = "", struck: bool = False
    ) -> int:
        """A source moved to `value` (1: pressed, 0: let go): carry out its bindings; return how many there were.

        `port` is the controller it was moved on, which a source of any controller does not tell. `struck`: it is a
        press, whatever the value (the lowest pitch is 0).
        """
        bindings = self.bindings.for_source(source)
        if bindings and not math.isfinite(value):
            told = f"{source.show()} was sent something that is no finite number; what it moves stays as it is"
            self._object("warning", told, origin)
            return len(bindings)
        pressed = struck
        if bindings:
            pressed = struck or self._pressed(source, value)
            self.feels += 1
            self.felt[source] = Felt(value, seconds, origin, port or source.port)
        for binding in bindings:
            if isinstance(binding.move, Hold):
                self._hold(binding, struck or value > 0, seconds)
            else:
                self._carry_out(binding, value, pressed, origin, seconds)
        return len(bindings)

    def _pressed(self, source: Source, value: float) -> bool:
        """Return whether a source goes down: a knob does so only on its way past the middle, or it would drum."""
        if source.kind != "midi" or not source.name.startswith(KNOBS):
            return value > 0
        before = self.felt.get(source)
        rises = before is None or before.value < HALF <= value or before.value == value  # The same twice: a trigger.
        return value >= HALF and rises

    def _carry_out(self, binding: Binding, value: float, pressed: bool, origin: str, seconds: float) -> None:
        parameter = self.tree.find(binding.target)
        if isinstance(parameter, Parameter) and isinstance(binding.move, Follow | Turn):
            self._lead(parameter, binding, value, origin, seconds)
            return
        if not pressed:
            return  # An Action fires when its source goes down, not again when it is let go.
        if parameter is not None:
            moved = moved_by(parameter, binding.move, value)
            if moved is not None:
                self.write(binding.target, moved, origin, seconds)
            return
        arguments = arguments_of(binding.move, value)
        if arguments is not None and not self.fire(binding.target, arguments, origin):
            told = f"{binding.label} is bound to {binding.target}, which does not exist"
            self._object("warning", told, origin)

    # --- what is held ---------------------------------------------------------------------------------

    def _hold(self, binding: Binding, down: bool, seconds: float) -> None:
        """Hold a target, or let it go; an Action fires when its source goes down."""
        felt, parameter = self.felt[binding.source], self.tree.find(binding.target)
        if parameter is None or not isinstance(binding.move, Hold):
            self._carry_out(binding, felt.value, down, felt.origin, seconds)
        elif down:
            self.write(binding.target, binding.move.value, felt.origin, seconds)
            self.held[binding] = Held(parameter.version, felt.origin, felt.port)
        else:
            self._drop(binding, seconds)

    def _drop(self, binding: Binding, seconds: float, only_if_untouched: bool = False) -> None:
        """Let a target go that is held; `only_if_untouched`: unless somebody moved it since."""
        held, parameter = self.held.pop(binding, None), self.tree.find(binding.target)
        if held is None or parameter is None or not isinstance(binding.move, Hold):
            return
        if not only_if_untouched or parameter.version == held.version:
            self.write(binding.target, binding.move.rest, held.origin, seconds)

    def release(self, source: Source, seconds: float) -> None:
        """A source ended without a word: what it held is let go."""
        for binding in [one for one in self.held if one.source == source]:
            self._drop(binding, seconds)

    def release_notes(self, seconds: float, port: str | None = None) -> None:
        """All notes end, or those of one controller: what they held, played or composed, is let go."""
        for binding, held in tuple(self.held.items()):
            if binding.source.is_note and port in (None, held.port):
                self._drop(binding, seconds)

    def let_go(self, port: str, seconds: float) -> None:
        """A controller is gone: what its buttons held is let go, for nobody else can."""
        for binding in [one for one, held in self.held.items() if held.port == port]:
            self._drop(binding, seconds)
        for source, felt in self.felt.items():
            if felt.port == port:
                felt.value = 0.0 if felt.value > 0 else felt.value
                for binding in self.bindings.for_source(source):
                    self.grips.pop(binding, None)  # Nobody knows where its knobs are when it comes back.

    def rests(self) -> dict[str, float | str]:
        """Return what the held targets go back to, by address, as a session keeps it; without those moved since."""
        found: dict[str, float | str] = {}
        for binding, held in self.held.items():
            parameter = self.tree.find(binding.target)
            if parameter is not None and isinstance(binding.move, Hold) and parameter.version == held.version:
                rest = binding.move.rest
                if isinstance(parameter, Parameter) and not isinstance(rest, str):
                    rest = parameter.as_stored(rest)
                found[binding.target] = rest
        return found

    def let_all_go(self) -> None:
        """Let go whatever is held, for another session comes; the sources may still be down, and move nothing then."""
        for address, rest in self.rests().items():
            parameter = self.tree.find(address)
            if parameter is not None:
                parameter.set(rest, "session")
        self.held.clear()

    def tend(self, seconds: float) -> None:
        """Let go what lines held that were taken out since; called each turn."""
        if self.bindings.version == self._table:
            return
        self._table = self.bindings.version
        for binding in [one for one in self.held if one not in self.bindings]:
            self._drop(binding, seconds, only_if_untouched=True)

    # --- hands that stand somewhere -------------------------------------------------------------------

    def take_over(self, binding: Binding) -> str:
        """Return what happens where a binding's hand and its target stand apart."""
        if isinstance(binding.move, Follow) and binding.move.take_over:
            return binding.move.take_over
        asked = self.tree.find(TAKE_OVER)
        is_knob = binding.source.kind == "midi" and binding.source.name.startswith(KNOBS)
        return asked.show() if is_knob and asked is not None else "immediate"

    def _lead(self, parameter: Parameter, binding: Binding, value: float, origin: str, seconds: float) -> None:
        """Move a value along its range, if the hand has taken it over."""
        grip = self._grip(binding, parameter)
        current = grip.standing(parameter.position, parameter.version)
        place = self._place(grip, parameter, binding, value, current, seconds)
        if place is None:
            return
        self.write(binding.target, parameter.curve.value(place), origin, seconds)
        grip.moved(place, parameter.version, seconds)

    def _grip(self, binding: Binding, parameter: Parameter) -> Grip:
        """Return how the hand stands; what it did before a session was opened says nothing about the new one."""
        grip = self.grips.get(binding)
        if grip is None or (grip.version != parameter.version and parameter.origin == "session"):
            if len(self.grips) > len(self.bindings):  # Lines that were taken out leave theirs behind.
                lines = set(self.bindings)
                self.grips = {known: kept for known, kept in self.grips.items() if known in lines}
                self._speeds = {known: kept for known, kept in self._speeds.items() if known in lines}
            grip = self.grips[binding] = Grip(version=parameter.version)
        return grip

    def _place(
        self, grip: Grip, parameter: Parameter, binding: Binding, value: float, current: float, seconds: float
    ) -> float | None:
        """Return the target's position that a hand asks for, None while it must wait."""
        move = binding.move
        if isinstance(move, Turn):
            speed = self._speeds.setdefault(binding, Speed())
            return turned(move, parameter, current, speed, round(value * 127), seconds)
        assert isinstance(move, Follow)
        low, high = sorted((move.start, move.end))
        wanted, alone = move.position(value), parameter.version == grip.version
        if high == low:
            return wanted
        # Within the binding's own range, for the hand can come no nearer to a value outside of it.
        reached = (min(max(current, low), high) - low) / (high - low)
        mode = self.take_over(binding)
        place = grip.take(mode, (wanted - low) / (high - low), reached, seconds, alone)
        if place is None:
            return None
        return wanted if mode != "scaled" else low + place * (high - low)
