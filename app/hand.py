"""Every outside hand, carried out: a write, a press, a message, a learner's output.

Whatever moves the instrument comes through this one class, in the engine's thread. So clamping, undo, bindings
and refusals are the same for the mouse, a key, OSC and a model, and a wrong value is answered with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.action import ActionTable, Argument
from app.binding import Binding, BindingTable, Fire, Flip, Follow, Hold, Move, Put, Source, Step, Turn
from app.encoder import Speed, ticks
from app.history import History, ParameterEdit
from app.parameter import AnyParameter, Parameter, Steps, TextParameter, Tree
from app.take_over import Grip

# Whose moves can be taken back. A stream from OSC or a learner would bury the performer's own steps.
UNDOABLE = ("ui", "key")
TAKE_OVER = "/map/take_over"
HALF = 0.5
KNOBS = ("cc", "nrpn", "rpn")  # What stands where it was left; a wheel or a key comes back by itself.
TICKS_A_NAME = 4  # An encoder reaches the next name of a choice after so many steps at most.


@dataclass(slots=True)
class Felt:
    """What was last heard of a source. Attributes: `value`, `seconds`, `origin`, `port` (the controller)."""

    value: float
    seconds: float
    origin: str
    port: str = ""


class Hands:
    """Applies what hands do.

    Attributes: `tree`, `actions`, `bindings`, `history`, `say` (takes a level and a sentence for the log),
    `moves` (counts writes), `feels` (counts movements of bound sources), `felt` (Source -> what was last heard of it,
    of those that are bound), `grips` (Binding -> how the hand behind it stands to its target).
    """

    def __init__(self, say: Callable[[str, str], None]) -> None:
        self.tree = Tree()
        self.actions = ActionTable()
        self.bindings = BindingTable()
        self.history = History()
        self.say = say
        self.moves = 0
        self.feels = 0
        self.felt: dict[Source, Felt] = {}
        self.grips: dict[Binding, Grip] = {}
        self._speeds: dict[Binding, Speed] = {}

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
            self.say("warning", str(error))
            return True
        after = parameter.stored
        if origin in UNDOABLE and parameter.undoable and after != before:
            self.history.push(ParameterEdit(self.tree, address, before, after), seconds, gesture)
        return True

    def fire(self, address: str, arguments: tuple[Argument, ...] = ()) -> bool:
        """Run an Action; return whether the address is one. An Action that fails is said, not raised."""
        action = self.actions.find(address)
        if action is None:
            return False
        try:
            action.run(arguments)
        except (ValueError, OSError) as error:
            self.say("error", f"{action.title} failed: {error}")
        return True

    def feel(self, source: Source, value: float, origin: str, seconds: float, port: str = "") -> int:
        """A source moved to `value` (1: pressed, 0: let go): carry out its bindings; return how many there were.

        `port` is the controller it was moved on, which a source of any controller does not tell.
        """
        bindings = self.bindings.for_source(source)
        pressed = value
        if bindings:
            pressed = self._pressed(source, value)
            self.feels += 1
            self.felt[source] = Felt(value, seconds, origin, port or source.port)
        for binding in bindings:
            has_place = isinstance(binding.move, Follow | Turn | Hold) and binding.target not in self.actions
            self._carry_out(binding, value if has_place else pressed, origin, seconds)
        return len(bindings)

    def _pressed(self, source: Source, value: float) -> float:
        """Return whether a source goes down: a knob does so only on its way past the middle, or it would drum."""
        if source.kind != "midi" or not source.name.startswith(KNOBS):
            return value
        before = self.felt.get(source)
        rises = before is None or before.value < HALF <= value or before.value == value  # The same twice: a trigger.
        return value if value >= HALF and rises else 0.0

    def let_go(self, port: str, seconds: float) -> None:
        """A controller is gone: what its buttons held is let go, for nobody else can."""
        for source, felt in tuple(self.felt.items()):
            if felt.port == port and felt.value > 0:
                felt.value = 0.0
                for binding in self.bindings.for_source(source):
                    if isinstance(binding.move, Hold):
                        self._carry_out(binding, 0.0, felt.origin, seconds)
            if felt.port == port:
                for binding in self.bindings.for_source(source):
                    self.grips.pop(binding, None)  # Nobody knows where its knobs are when it comes back.

    def _carry_out(self, binding: Binding, value: float, origin: str, seconds: float) -> None:
        parameter = self.tree.find(binding.target)
        if isinstance(parameter, Parameter) and isinstance(binding.move, Follow | Turn):
            self._lead(parameter, binding, value, origin, seconds)
            return
        if parameter is not None:
            moved = _moved(parameter, binding, value)
            if moved is not None:
                self.write(binding.target, moved, origin, seconds)
            return
        if value <= 0:
            return  # An Action fires when its source goes down, not again when it is let go.
        arguments = binding.move.arguments if isinstance(binding.move, Fire) else ()
        if not self.fire(binding.target, arguments):
            self.say("warning", f"{binding.label} is bound to {binding.target}, which does not exist")

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


def turned(move: Turn, parameter: Parameter, current: float, speed: Speed, raw: int, seconds: float) -> float:
    """Return where an encoder's seven bits bring a value that stands at the position `current`."""
    amount = move.amount
    if isinstance(parameter.curve, Steps):
        amount = max(amount, 1 / (TICKS_A_NAME * max(len(parameter.curve.names) - 1, 1)))
    steps = speed.grown(ticks(move.encoding, raw), seconds, move.acceleration)
    low, high = sorted((move.start, move.end))
    return min(max(current + steps * amount * (move.end - move.start), low), high)


def _moved(parameter: AnyParameter, binding: Binding, value: float) -> float | str | None:
    """Return where a binding wants a Parameter, or None if it cannot move this kind."""
    move = binding.move
    if isinstance(move, Hold):
        return move.value if value > 0 else move.rest
    if isinstance(move, Put) and value > 0:
        return move.value
    if isinstance(parameter, Parameter):
        return _moved_number(parameter, move, value)
    return None


def _moved_number(parameter: Parameter, move: Move, value: float) -> float | None:
    if value <= 0:
        return None
    if isinstance(move, Step):
        # Rounded, so that ten steps of 0.1 are 1.0.
        return round(parameter.value + move.amount, 9)
    if isinstance(move, Flip) and isinstance(parameter.curve, Steps):
        return (parameter.value + 1) % max(len(parameter.curve.names), 1)
    return None
