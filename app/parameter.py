"""Named values that screen, MIDI, OSC and keys share.

Every value of the instrument is a Parameter, found by its OSC address. Nobody is told when one changes:
readers remember a version number and look again, which costs less than a signal and cannot storm or loop.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

ADDRESS = re.compile(r"(/[A-Za-z0-9_.\-]+)+")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


class Curve(Protocol):
    """How a value's range is laid out on a fader of positions 0..1."""

    def clamp(self, value: float) -> float:
        """Return the nearest allowed value."""

    def position(self, value: float) -> float:
        """Return where the value stands on a fader, 0..1."""

    def value(self, position: float) -> float:
        """Return the value at a position 0..1."""

    def show(self, value: float) -> str:
        """Return the value as text, without its unit."""

    def read(self, text: str) -> float:
        """Return the value that a text names; ValueError if it names none."""


def _number(text: str) -> float:
    """Return the first number in a text such as "440 Hz" or "50 %"; ValueError if there is none."""
    found = NUMBER.search(text.replace(",", "."))
    if found is None:
        raise ValueError(f"{text.strip()[:40]!r} holds no number")
    value = float(found.group())
    return value / 100 if "%" in text else value


@dataclass(frozen=True, slots=True)
class Linear:
    """Equal distances for equal differences. `step` > 0 keeps to multiples of it, counted from `low`."""

    low: float
    high: float
    step: float = 0.0
    digits: int = 2

    def clamp(self, value: float) -> float:
        value = min(max(value, self.low), self.high)
        if self.step:
            value = min(self.low + round((value - self.low) / self.step) * self.step, self.high)
        return value

    def position(self, value: float) -> float:
        return (self.clamp(value) - self.low) / (self.high - self.low)

    def value(self, position: float) -> float:
        return self.clamp(self.low + min(max(position, 0.0), 1.0) * (self.high - self.low))

    def show(self, value: float) -> str:
        return f"{value:.{self.digits}f}"

    def read(self, text: str) -> float:
        return _number(text)


@dataclass(frozen=True, slots=True)
class Log:
    """Equal distances for equal ratios; `low` must be above 0."""

    low: float
    high: float
    digits: int = 2

    def clamp(self, value: float) -> float:
        return min(max(value, self.low), self.high)

    def position(self, value: float) -> float:
        return math.log(self.clamp(value) / self.low) / math.log(self.high / self.low)

    def value(self, position: float) -> float:
        position = min(max(position, 0.0), 1.0)
        return self.clamp(self.low * (self.high / self.low) ** position)

    def show(self, value: float) -> str:
        return f"{value:.{self.digits}f}"

    def read(self, text: str) -> float:
        return _number(text)


@dataclass(frozen=True, slots=True)
class Steps:
    """A choice among names; the value is the index of one."""

    names: tuple[str, ...]

    def clamp(self, value: float) -> float:
        return float(round(min(max(value, 0), max(len(self.names) - 1, 0))))

    def position(self, value: float) -> float:
        return self.clamp(value) / max(len(self.names) - 1, 1)

    def value(self, position: float) -> float:
        return self.clamp(min(max(position, 0.0), 1.0) * (len(self.names) - 1))

    def show(self, value: float) -> str:
        return self.names[int(self.clamp(value))] if self.names else ""

    def read(self, text: str) -> float:
        wanted = text.strip().casefold()
        for index, name in enumerate(self.names):
            if name.casefold() == wanted:
                return float(index)
        if wanted.isdigit() and int(wanted) < len(self.names):
            return float(wanted)
        choices = ", ".join(self.names) or "nothing (the list is empty)"
        raise ValueError(f"{text.strip()[:40]!r} is none of {choices}")


def switch() -> Steps:
    """Return the curve of a value that is off (0) or on (1)."""
    return Steps(("off", "on"))


@dataclass(slots=True, eq=False)
class Parameter:
    """A named number that screen, MIDI, OSC and keys share.

    Attributes: `address` (its OSC address and its identity), `default`, `curve`, `unit`, `title` (what the
    screen calls it), `help` (one sentence), `value`, `version` (counts changes), `origin` (who wrote last),
    `kept` (False: not part of a saved session), `undoable` (False: moving it is no step to take back), `absent` (the
    name that a session chose and that is not on offer here, "" if it is).
    """

    address: str
    default: float
    curve: Curve
    unit: str = ""
    title: str = ""
    help: str = ""
    kept: bool = True
    undoable: bool = True
    value: float = field(init=False)
    version: int = field(default=0, init=False)
    origin: object = field(default=None, init=False)
    absent: str = field(default="", init=False)

    def __post_init__(self) -> None:
        self.title = self.title or title_of(self.address)
        self.default = self.value = self.curve.clamp(self.default)

    def set(self, value: float | str, origin: object = None) -> None:
        """Take the nearest allowed value; a text is read by the curve. ValueError if it names no number."""
        number = self.curve.read(self._bare(value)) if isinstance(value, str) else float(value)
        if math.isnan(number):
            raise ValueError(f"{self.address} was sent something that is not a number; it stays {self.show()}")
        number = self.curve.clamp(number)
        self.absent = ""
        if number != self.value:
            self.value, self.origin, self.version = number, origin, self.version + 1

    def recall(self, value: float | str, origin: object = None) -> str:
        """Take a value that was kept; return what is to be said of it, "" for nothing. ValueError as `set`.

        A name that is not on offer, as a model's that is on another computer, is kept on and chosen once it is: until
        then, or until somebody chooses, the default holds.
        """
        try:
            self.set(value, origin)
        except ValueError as error:
            if not isinstance(self.curve, Steps) or not isinstance(value, str):
                raise
            self.reset(origin)
            self.absent = value
            return f"{self.address}: {error}; {self.show() or 'nothing'} until it is there, and the choice is kept"
        return ""

    def _bare(self, text: str) -> str:
        """Return a text without this value's own unit: "110 %" is 110 where the unit is %, else 1.1."""
        text = text.strip()
        return text.removesuffix(self.unit) if self.unit and text != self.unit else text

    def reset(self, origin: object = None) -> None:
        self.set(self.default, origin)

    @property
    def position(self) -> float:
        """Where the value stands on a fader, 0..1."""
        return self.curve.position(self.value)

    @property
    def stored(self) -> float | str:
        """The value as a session keeps it: a choice by its name, so that a longer list does not shift it."""
        return self.absent or self.as_stored(self.value)

    def as_stored(self, value: float) -> float | str:
        """Return a value as a session keeps it, were it this one's."""
        number = self.curve.clamp(value)
        return self.curve.show(number) if isinstance(self.curve, Steps) else number

    def show(self) -> str:
        text = self.curve.show(self.value)
        return f"{text} {self.unit}" if self.unit else text

    def offer(self, names: tuple[str, ...], origin: object = None) -> None:
        """Replace the names of a choice; the chosen name stays chosen where it still exists."""
        chosen = self.absent if self.absent in names else self.show()
        self.absent = "" if self.absent in names else self.absent
        self.curve = Steps(names)
        self.value = float(names.index(chosen)) if chosen in names else self.curve.clamp(self.value)
        self.origin, self.version = origin, self.version + 1


@dataclass(slots=True, eq=False)
class TextParameter:
    """A named text, such as a port's name or a host, with the same face as a Parameter.

    Attributes: as Parameter; `limit` is the greatest number of characters, `check` raises ValueError for a text that a
    hand cannot mean (a session's is for its reader to judge).
    """

    address: str
    default: str = ""
    title: str = ""
    help: str = ""
    kept: bool = True
    undoable: bool = True
    limit: int = 4096
    check: Callable[[str], object] | None = None
    value: str = field(init=False)
    version: int = field(default=0, init=False)
    origin: object = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.title = self.title or title_of(self.address)
        self.value = self.default

    def set(self, value: float | str, origin: object = None) -> None:
        """Take a text; ValueError if it is too long or holds control characters."""
        text = value if isinstance(value, str) else f"{value:g}"
        if len(text) > self.limit:
            raise ValueError(f"{self.address} takes at most {self.limit} characters, got {len(text)}")
        if any(ord(character) < 32 and character not in "\n\t" for character in text):
            raise ValueError(f"{self.address} was sent control characters; it stays as it is")
        if text != self.value:
            self.value, self.origin, self.version = text, origin, self.version + 1

    def recall(self, value: float | str, origin: object = None) -> str:
        """Take a text that was kept; nothing is to be said of it. ValueError as `set`."""
        self.set(value, origin)
        return ""

    def reset(self, origin: object = None) -> None:
        self.set(self.default, origin)

    @property
    def stored(self) -> str:
        return self.value

    def show(self) -> str:
        return self.value


AnyParameter = Parameter | TextParameter


def title_of(address: str) -> str:
    """Return a readable name for an address: "/composer/max_notes" gives "Max notes"."""
    return address.rsplit("/", 1)[-1].replace("_", " ").capitalize()


class Tree:
    """All Parameters by address, in the order in which they were added."""

    def __init__(self) -> None:
        self._by_address: dict[str, AnyParameter] = {}

    def add(self, parameter: Parameter) -> Parameter:
        """Take a Parameter in; ValueError if the address is malformed or taken."""
        self._claim(parameter)
        return parameter

    def add_text(self, parameter: TextParameter) -> TextParameter:
        """Take a text in; ValueError if the address is malformed or taken."""
        self._claim(parameter)
        return parameter

    def _claim(self, parameter: AnyParameter) -> None:
        if not ADDRESS.fullmatch(parameter.address):
            raise ValueError(f"{parameter.address!r} is no OSC address: write it as /part/name")
        if parameter.address in self._by_address:
            raise ValueError(f"{parameter.address} exists already")
        self._by_address[parameter.address] = parameter

    def __contains__(self, address: str) -> bool:
        return address in self._by_address

    def __iter__(self) -> Iterator[AnyParameter]:
        return iter(tuple(self._by_address.values()))

    def __len__(self) -> int:
        return len(self._by_address)

    def find(self, address: str) -> AnyParameter | None:
        return self._by_address.get(address)

    def number(self, address: str) -> Parameter:
        """Return the number at an address; KeyError if there is none."""
        found = self._by_address[address]
        if not isinstance(found, Parameter):
            raise KeyError(address)
        return found

    def text(self, address: str) -> TextParameter:
        """Return the text at an address; KeyError if there is none."""
        found = self._by_address[address]
        if not isinstance(found, TextParameter):
            raise KeyError(address)
        return found
