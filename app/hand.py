"""Every outside hand, carried out: a write, a press, a message, a learner's output.

Whatever moves the instrument comes through this one class, in the engine's thread. So clamping, undo, bindings
and refusals are the same for the mouse, a key, OSC and a model, and a wrong value is answered with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable

from app.action import ActionTable, Argument
from app.binding import Binding, BindingTable, Fire, Flip, Follow, Hold, Move, Put, Source, Step
from app.history import History, ParameterEdit
from app.parameter import AnyParameter, Parameter, Steps, Tree

# Whose moves can be taken back. A stream from OSC or a learner would bury the performer's own steps.
UNDOABLE = ("ui", "key")


class Hands:
    """Applies what hands do.

    Attributes: `tree`, `actions`, `bindings`, `history`, `say` (takes a level and a sentence for the log),
    `moves` (counts writes).
    """

    def __init__(self, say: Callable[[str, str], None]) -> None:
        self.tree = Tree()
        self.actions = ActionTable()
        self.bindings = BindingTable()
        self.history = History()
        self.say = say
        self.moves = 0

    def write(self, address: str, value: float | str, origin: str, seconds: float, gesture: int | None = None) -> bool:
        """Set a Parameter; return whether the address is one. A refused value is said and changes nothing."""
        parameter = self.tree.find(address)
        if parameter is None:
            return False
        self.moves += 1
        before = parameter.stored
        try:
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

    def feel(self, source: Source, value: float, origin: str, seconds: float) -> int:
        """A source moved to `value` (1: pressed, 0: let go): carry out its bindings; return how many there were."""
        bindings = self.bindings.for_source(source)
        for binding in bindings:
            self._carry_out(binding, value, origin, seconds)
        return len(bindings)

    def _carry_out(self, binding: Binding, value: float, origin: str, seconds: float) -> None:
        parameter = self.tree.find(binding.target)
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
    if isinstance(move, Follow):
        return parameter.curve.value(move.position(value))
    if value <= 0:
        return None
    if isinstance(move, Step):
        # Rounded, so that ten steps of 0.1 are 1.0.
        return round(parameter.value + move.amount, 9)
    if isinstance(move, Flip) and isinstance(parameter.curve, Steps):
        return (parameter.value + 1) % max(len(parameter.curve.names), 1)
    return None
