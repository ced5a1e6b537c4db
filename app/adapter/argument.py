"""What a stranger's OSC message holds, read generously.

Clients of the originals are written in a dozen languages, and half of them cannot choose between int and float. What
can only mean one thing is taken for it; what cannot be meant is refused in words.
"""

from __future__ import annotations

import math
from collections.abc import Callable

Arguments = tuple[object, ...]
Reader = Callable[[Arguments], tuple[object, ...]]


def nothing(_arguments: Arguments) -> tuple[object, ...]:
    """Return no argument, whatever came: a bang is sent as 1 by some."""
    return ()


def one_whole(arguments: Arguments) -> tuple[object, ...]:
    """Return one whole number; ValueError if it is another."""
    if len(arguments) != 1:
        raise ValueError(f"one whole number is wanted, {len(arguments)} values came")
    return (whole(arguments[0]),)


def wholes(arguments: Arguments) -> tuple[object, ...]:
    """Return one whole number or more; ValueError if one is another."""
    if not arguments:
        raise ValueError("at least one whole number is wanted, none came")
    return tuple(whole(argument) for argument in arguments)


def texts(arguments: Arguments) -> tuple[object, ...]:
    """Return one text or more; a number is read as its digits, because some programs make numbers of words."""
    if not arguments:
        raise ValueError("at least one text is wanted, none came")
    return tuple(text(argument) for argument in arguments)


def whole_and_texts(arguments: Arguments) -> tuple[object, ...]:
    """Return a whole number and one or two texts after it."""
    if not 2 <= len(arguments) <= 3:
        raise ValueError(f"a number and a file are wanted, {len(arguments)} values came")
    return (whole(arguments[0]), *texts(arguments[1:]))


def anything(arguments: Arguments) -> tuple[object, ...]:
    """Return the arguments as they are: each is looked at by itself."""
    return arguments


def whole(argument: object) -> int:
    """Return a whole number, also one that came as a float; ValueError if it is none."""
    value = real(argument)
    if not math.isfinite(value) or value != int(value):
        raise ValueError(f"a whole number is wanted, {value:g} came")
    return int(value)


def real(argument: object) -> float:
    """Return a number of any kind; ValueError if it is none."""
    if isinstance(argument, bool) or not isinstance(argument, int | float):
        raise ValueError(f"a number is wanted, {shown(argument)} came")
    try:
        return float(argument)
    except OverflowError as error:
        raise ValueError("a number is too large") from error


def text(argument: object) -> str:
    """Return a text; ValueError if it is neither a text nor a number, or empty, or holds control characters."""
    if isinstance(argument, int | float) and not isinstance(argument, bool):
        argument = f"{argument:g}"
    if not isinstance(argument, str) or not argument.strip() or not argument.isprintable():
        raise ValueError(f"a text is wanted, {shown(argument)} came")
    return argument


def shown(argument: object) -> str:
    """Return an argument short enough for a sentence."""
    words = repr(argument)
    return words if len(words) <= 40 else f"{words[:37]}..."
