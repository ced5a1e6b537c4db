"""Notice Parameters that moved, by looking.

The one place where a changed value becomes a deed (a tempo set, a port opened). It compares versions once per
turn, so ten writes within a turn cause one deed and no write can cause another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from app.parameter import Tree


@dataclass(slots=True)
class _Watch:
    addresses: tuple[str, ...]
    act: Callable[[], None]
    seen: tuple[int, ...] = field(default=())


class Watcher:
    """Calls what depends on Parameters after they moved. Attributes: `tree`."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._watches: list[_Watch] = []

    def on(self, addresses: tuple[str, ...], act: Callable[[], None]) -> None:
        """Call `act` at the next poll, and at each poll after one of the addresses moved."""
        self._watches.append(_Watch(addresses, act))

    def poll(self) -> None:
        for watch in self._watches:
            versions = tuple(self._version(address) for address in watch.addresses)
            if versions != watch.seen:
                watch.seen = versions
                watch.act()

    def _version(self, address: str) -> int:
        found = self.tree.find(address)
        if found is None:
            raise KeyError(f"no Parameter at {address}")
        return found.version
