"""Where a move of the table of bindings brings its target: a value for a Parameter, arguments for an Action.

Pure arithmetic on a source's value and what stands now, so that every kind of hand comes to the same result.
"""

from __future__ import annotations

from app.action import Argument
from app.binding import Fire, Flip, Move, Pick, Put, Step, Turn
from app.encoder import Speed, ticks
from app.parameter import AnyParameter, Parameter, Steps

TICKS_A_NAME = 4  # An encoder reaches the next name of a choice after so many steps at most.


def turned(move: Turn, parameter: Parameter, current: float, speed: Speed, raw: int, seconds: float) -> float:
    """Return where an encoder's seven bits bring a value that stands at the position `current`."""
    amount = move.amount
    if isinstance(parameter.curve, Steps):
        amount = max(amount, 1 / (TICKS_A_NAME * max(len(parameter.curve.names) - 1, 1)))
    steps = speed.grown(ticks(move.encoding, raw), seconds, move.acceleration)
    low, high = sorted((move.start, move.end))
    return min(max(current + steps * amount * (move.end - move.start), low), high)


def arguments_of(move: Move, value: float) -> tuple[Argument, ...] | None:
    """Return what a press with a source value fires an Action with, None if it does not."""
    if isinstance(move, Pick):
        chosen = move.chosen(value)
        return None if chosen is None else (chosen,)
    if isinstance(move, Fire):
        return (*move.arguments, value) if move.gives else move.arguments
    return ()


def moved_by(parameter: AnyParameter, move: Move, value: float) -> float | str | None:
    """Return where a press wants a Parameter, or None if it cannot move this kind."""
    if isinstance(move, Put):
        return move.value
    if isinstance(move, Pick):
        return move.chosen(value)
    return _number(parameter, move) if isinstance(parameter, Parameter) else None


def _number(parameter: Parameter, move: Move) -> float | None:
    if isinstance(move, Step):
        # Rounded, so that ten steps of 0.1 are 1.0.
        return round(parameter.value + move.amount, 9)
    if isinstance(move, Flip) and isinstance(parameter.curve, Steps):
        return (parameter.value + 1) % max(len(parameter.curve.names), 1)
    return None
