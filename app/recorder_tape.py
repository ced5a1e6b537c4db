"""What happened lately, in a memory that cannot grow.

Entries are packed into blocks of bytes: a million small objects would be walked by the garbage collector in the middle
of the music, bytes are not, and they can be counted. A block that is full is squeezed, so that ten minutes of a storm
of messages, which resemble each other, find room. When the memory is full the oldest block goes.
"""

from __future__ import annotations

import io
import marshal
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

TURN, ITEM, EVENT, RELEASE, PANIC, PLACE, MOVE, FRAME = range(8)
BLOCK_BYTES = 1 << 16
BLOCK_S = 10.0
MOST_BYTES = 128 << 20
LARGEST = 1 << 15  # A single entry beyond this is noted by its size alone.

Entry = tuple[Any, ...]  # Kind, seconds when it was noted, then what the kind says.


@dataclass(slots=True)
class Block:
    """Some seconds of entries.

    Attributes: `start` and `end` (seconds of the clock), `first` (how many entries were noted before), `count`, `data`,
    `squeezed` (the data is compressed).
    """

    start: float
    end: float
    first: int = 0
    count: int = 0
    data: bytearray = field(default_factory=bytearray)
    squeezed: bool = False

    def squeeze(self) -> int:
        """Make the data smaller, for good; return by how many bytes."""
        before = len(self.data)
        self.data, self.squeezed = bytearray(zlib.compress(self.data, 1)), True
        return before - len(self.data)

    def entries(self) -> Iterator[Entry]:
        """Yield what was noted, in order."""
        reader = io.BytesIO(zlib.decompress(self.data) if self.squeezed else self.data)
        for _ in range(self.count):
            yield marshal.load(reader)  # noqa: S302 - written by this very process, never read from a file


class Tape:
    """A bounded memory of entries.

    Attributes: `limit` (bytes), `size` (bytes held), `count` (entries noted, also those that are gone), `lost` (entries
    that could not be kept whole), `dropped` (blocks that had to go: 0 while all is here since the start).
    """

    def __init__(self, limit: int = MOST_BYTES) -> None:
        self.limit = limit
        self.size = self.count = self.lost = self.dropped = 0
        self._blocks: deque[Block] = deque()
        self._last = Block(0.0, 0.0)

    def add(self, entry: Entry) -> None:
        """Note an entry; one that cannot be packed is replaced by its text, one that is too long by its size."""
        try:
            data = marshal.dumps(entry)
        except ValueError:
            data = self._instead(entry, [repr(one) for one in entry[2:]])
        if len(data) > LARGEST:
            data = self._instead(entry, [f"{len(data)} bytes"])
        block, seconds = self._last, entry[1]
        if len(block.data) >= BLOCK_BYTES or seconds - block.start > BLOCK_S or not self._blocks:
            block = self._next(seconds)
        block.data += data
        block.end, block.count = seconds, block.count + 1
        self.size += len(data)
        self.count += 1

    def _instead(self, entry: Entry, said: list[str]) -> bytes:
        self.lost += 1
        return marshal.dumps((entry[0], entry[1], "lost", *said))

    def _next(self, seconds: float) -> Block:
        """Begin a block, and let the oldest go while there is too much."""
        if self._blocks:
            self.size -= self._last.squeeze()
        self._last = Block(seconds, seconds, self.count)
        self._blocks.append(self._last)
        while self.size + BLOCK_BYTES + LARGEST > self.limit and len(self._blocks) > 1:
            self.size -= len(self._blocks.popleft().data)
            self.dropped += 1
        return self._last

    @property
    def start(self) -> float | None:
        """When the oldest entry was noted, None while there is none."""
        return self._blocks[0].start if self._blocks else None

    @property
    def end(self) -> float | None:
        """When the newest entry was noted."""
        return self._last.end if self._blocks else None

    def cut(self, start: float, end: float) -> tuple[Block, ...]:
        """Return the blocks that hold a span, fit for another thread: what is noted from now on is not in them."""
        found = [block for block in self._blocks if block.end >= start and block.start <= end]
        if found and found[-1] is self._last:
            last = self._last
            found[-1] = Block(last.start, last.end, last.first, last.count, bytearray(last.data))
        return tuple(found)

    def clear(self) -> None:
        """Forget everything."""
        self._blocks.clear()
        self.size, self.dropped = 0, self.dropped + 1


def whole_turns(found: Iterable[Entry]) -> Iterator[Entry]:
    """Yield entries without the last turn, which may have been cut in its middle."""
    turn: list[Entry] = []
    turned = False
    for entry in found:
        if turned and entry[0] in (ITEM, TURN):
            yield from turn
            turn, turned = [], False
        turned = turned or entry[0] == TURN
        turn.append(entry)


def entries(
    blocks: tuple[Block, ...], start: float = float("-inf"), end: float = float("inf"), first: int = 0
) -> Iterator[Entry]:
    """Yield the entries of blocks that were noted from `start` to `end`, without those that came before `first`."""
    for block in blocks:
        for number, entry in enumerate(block.entries(), block.first):
            if start <= entry[1] <= end and number >= first:
                yield entry
