"""What came in, handed out again turn by turn, each thing at its own moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.inbox import Inbox, Item, Write
from app.recorder_pack import unpack_item
from app.recorder_tape import ITEM, PLACE, TURN, Entry
from app.recording import RecordingError
from app.transport import OfflineClock, Transport

LINK = "link"
MOST_AWAY = 0.1  # Beats: farther off, it is another music.


@dataclass(slots=True)
class Turn:
    """One turn of the engine.

    Attributes: `seconds` (when it began to act), `items` (what had come in, and when each was taken), `zero` (the beat
    at second 0, if it was noted).
    """

    seconds: float
    items: list[tuple[float, Item]]
    zero: float | None = None


class Script(Inbox):
    """An inbox that hands out what came in, each at its own moment.

    Within a turn time passes too: what is taken after a model was loaded is taken later.

    Attributes: `turn` (the present one).
    """

    def __init__(self, clock: OfflineClock, transport: Transport) -> None:
        super().__init__()
        self.turn = Turn(clock.seconds, [])
        self._clock, self._transport = clock, transport

    def take(self, timeout_s: float = 0.0) -> Iterator[Item]:
        for seconds, item in self.turn.items:
            self._clock.seconds = seconds
            yield item
        self._clock.seconds = self.turn.seconds

    def straighten(self) -> None:
        """Put the beat where it was: some microseconds pass between taking "play" and playing."""
        transport, zero = self._transport, self.turn.zero
        away = 0.0 if zero is None else transport.place(0.0) - zero
        if away and abs(away) < MOST_AWAY and transport.playing:
            transport.nudge(away * 60 / transport.bpm)


def turns(found: Iterable[Entry]) -> Iterator[Turn]:
    """Yield when the engine turned and what had come in by then; RecordingError if a line makes no sense."""
    items: list[tuple[float, Item]] = []
    turn: Turn | None = None
    for entry in found:
        if entry[0] == ITEM and entry[2] not in ("lost", "other"):
            try:
                items.append((entry[1], unpack_item(entry[2:])))
            except (ValueError, TypeError, IndexError) as error:
                raise RecordingError(f"What came in at {entry[1]} cannot be read: {error}") from error
        elif entry[0] == TURN:
            if turn is not None:
                yield turn
            turn = Turn(entry[1], [one for one in items if not _joins_link(one[1])])
            items = []
        elif entry[0] == PLACE and turn is not None:
            turn.zero = float(entry[4])
    if turn is not None:
        yield turn


def _joins_link(item: Item) -> bool:
    """Tell whether this would join the network's tempo, which a replay must leave alone."""
    return isinstance(item, Write) and item.address == "/sync/source" and item.value in (LINK, 2, 2.0)
