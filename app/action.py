"""Named things that one triggers, found by OSC address like Parameters.

Buttons, keys, menus, OSC messages and learners' outputs all fire the same entry of one table, from which the
key sheet and the list of addresses are made.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from app.parameter import ADDRESS, title_of

Argument = float | str


def finite(argument: Argument) -> float:
    """Return an argument as a number that one can calculate with; ValueError if it is none."""
    try:
        number = float(argument)
    except ValueError:
        raise ValueError(f"{str(argument)[:40]!r} is no number; send one such as 1") from None
    if not math.isfinite(number):
        raise ValueError(f"{argument} is no number that can be meant; send a finite one")
    return number


def whole(argument: Argument) -> int:
    """Return an argument as a whole number; ValueError if it is none."""
    number = finite(argument)
    if number != int(number):
        raise ValueError(f"{argument} is no whole number; send one such as {round(number)}")
    return int(number)


@dataclass(frozen=True, slots=True)
class Action:
    """One verb.

    Attributes: `address` (its OSC address and its identity), `run` (takes the OSC arguments, which most
    verbs ignore), `title`, `help` (one sentence), `group` (its heading in the key sheet), `asks` (False: it takes no
    argument).
    """

    address: str
    run: Callable[[tuple[Argument, ...]], None]
    title: str
    help: str = ""
    group: str = "Instrument"
    asks: bool = True


@dataclass(frozen=True, slots=True)
class Verb:
    """One line of a player's table of verbs.

    Attributes: `address`, `run`, `least` (arguments it needs), `title`, `help` (names them).
    """

    address: str
    run: Callable[[tuple[Argument, ...]], object]
    least: int
    title: str
    help: str

    def __call__(self, arguments: tuple[Argument, ...]) -> None:
        """Run it; ValueError if arguments are missing or cannot be meant."""
        if len(arguments) < self.least:
            raise ValueError(f"{self.address} needs: {self.help}")
        self.run(arguments)


class ActionTable:
    """All Actions by address, in the order in which they were added."""

    def __init__(self) -> None:
        self._by_address: dict[str, Action] = {}

    def add(
        self,
        address: str,
        run: Callable[[], None],
        title: str = "",
        help: str = "",
        group: str = "Instrument",
    ) -> Action:
        """Add a verb that takes no argument; ValueError if the address is malformed or taken."""
        return self._claim(Action(address, lambda _arguments: run(), title or title_of(address), help, group, False))

    def add_with(
        self,
        address: str,
        run: Callable[[tuple[Argument, ...]], None],
        title: str = "",
        help: str = "",
        group: str = "Instrument",
    ) -> Action:
        """Add a verb that takes the caller's arguments; ValueError if the address is malformed or taken."""
        return self._claim(Action(address, run, title or title_of(address), help, group))

    def _claim(self, action: Action) -> Action:
        if not ADDRESS.fullmatch(action.address):
            raise ValueError(f"{action.address!r} is no OSC address: write it as /part/name")
        if action.address in self._by_address:
            raise ValueError(f"{action.address} exists already")
        self._by_address[action.address] = action
        return action

    def __contains__(self, address: str) -> bool:
        return address in self._by_address

    def __iter__(self) -> Iterator[Action]:
        return iter(tuple(self._by_address.values()))

    def find(self, address: str) -> Action | None:
        return self._by_address.get(address)

    def mute(self, address: str) -> None:
        """Let a verb do nothing from now on; KeyError if there is none."""
        self._by_address[address] = replace(self._by_address[address], run=lambda _arguments: None)
