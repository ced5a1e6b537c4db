"""A recording, run again: the same things come in at the same moments, on a clock that needs no waiting.

The very engine plays, with dummy ports, so that what it does again can be compared with what it did: a fault that was
recorded can be looked at as often as one likes. Part of the composition root.

    python main.py replay FILE [--against] [--all]
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from app.command import Panic, Release
from app.device.dummy import Dummy
from app.event import Event, Pulse
from app.inbox import Inbox, Item, Write
from app.instrument import Inline, Instrument, assemble
from app.offline import DirectSink
from app.recorder_pack import unpack_event, unpack_item
from app.recorder_tape import EVENT, ITEM, PANIC, PLACE, RELEASE, TURN, Entry
from app.recording import Recording, RecordingError, read
from app.session import SessionError
from app.transport import OfflineClock, Transport

# A recording may come from a stranger: nothing in it may read or write files, or end anything.
MUTED = re.compile(r"/quit.*|/(session|doctor|monitor)/.*|/recorder/(?!loop).*|.*/(export|import|save|open)(_\w+)?")
MUTED_TOO = ("/composer/train", "/composer/rescan", "/rules/reload", "/listener/train")
LINK = "link"
MOST_AWAY = 0.1  # Beats: farther off, it is another music.
NEAR_S = 0.02  # A turn of the real thing is not a moment.
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Sent:
    """What was handed to the ports. Attributes: `due` (seconds of the clock), `what`."""

    due: float
    what: Event | Release | Panic

    @property
    def part(self) -> str:
        """Whose it is, "" for everybody's."""
        return "" if isinstance(self.what, Panic) else self.what.part or ""

    def show(self, start: float) -> str:
        """Return one line: seconds since the start, and what it is."""
        name = type(self.what).__name__
        values = ", ".join(f"{one.name}={getattr(self.what, one.name)!r}" for one in fields(self.what))
        return f"{self.due - start:10.4f}  {name}({values})"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two runs part. Attributes: `part`, `place` (counted from 0 within the part), `recorded`, `replayed`."""

    part: str
    place: int
    recorded: Sent | None
    replayed: Sent | None

    def show(self, start: float) -> str:
        """Return what is different, in three lines."""
        one = "nothing more" if self.recorded is None else self.recorded.show(start)
        other = "nothing more" if self.replayed is None else self.replayed.show(start)
        return f"{self.part or 'everybody'}, event {self.place + 1}:\n  recorded {one}\n  replayed {other}"


def recorded(recording: Recording) -> list[Sent]:
    """Return what left when it was recorded; RecordingError if a line makes no sense."""
    return [_sent(entry) for entry in recording.entries if entry[0] in (EVENT, RELEASE, PANIC)]


def _sent(entry: Entry) -> Sent:
    try:
        if entry[0] == RELEASE:
            return Sent(entry[1], Release(entry[2]))
        if entry[0] == PANIC:
            return Sent(entry[1], Panic())
        return Sent(float(entry[2]), unpack_event(entry[3], entry[4:]))
    except (ValueError, TypeError, IndexError) as error:
        raise RecordingError(f"What left at {entry[1]} cannot be read: {error}") from error


def run(recording: Recording) -> list[Sent]:
    """Run a recording through the engine; return what left. RecordingError if it cannot be run."""
    found: list[Sent] = []
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        instrument, clock = build(recording, Path(folder))
        instrument.engine.outputs.taps.append(lambda due, what: found.append(Sent(due, what)))
        try:
            script = Script(clock, instrument.engine.transport)
            instrument.engine.inbox = script
            instrument.engine.turning.append(lambda _seconds: script.straighten())
            for script.turn in turns(recording.entries):
                instrument.engine.turn()
        finally:
            instrument.close()
    return found


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


def build(recording: Recording, folder: Path) -> tuple[Instrument, OfflineClock]:
    """Return the instrument as it stood at the beginning, with dummy ports, and its clock."""
    head = recording.head
    clock = OfflineClock(head.start)
    sink = DirectSink(lambda spec: Dummy(spec, clock), clock)
    for name, data in head.files.items():
        _put(folder, name, data)
    session = json.dumps(_without_link(head.session))
    (folder / "session.json").write_text(session, encoding="utf-8")
    instrument = assemble(clock, sink, None, Inline(), head.seed, folder)
    instrument.session.writes = False
    instrument.listening.inlets.sealed = True
    for action in instrument.engine.actions:
        if MUTED.fullmatch(action.address) or action.address in MUTED_TOO:
            instrument.engine.actions.mute(action.address)
    try:
        instrument.session.load()
    except SessionError as error:
        instrument.close()
        raise RecordingError(f"The session in the recording cannot be used: {error}") from error
    instrument.engine.outputs.open()
    _place(instrument, head.beat, head.playing)
    return instrument, clock


def _without_link(session: dict[str, Any]) -> dict[str, Any]:
    parameters = dict(session.get("parameters", {}))
    if parameters.get("/sync/source") == LINK:
        del parameters["/sync/source"]
    return {**session, "parameters": parameters}


def _put(folder: Path, name: str, data: bytes) -> None:
    """Put a session's own file where it belongs, and nowhere else."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise RecordingError(f"The recording holds a file with the name {name!r}, which leads out of its folder")
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _place(instrument: Instrument, beat: float, playing: bool) -> None:
    """Let the music stand, or go on, where it did."""
    engine = instrument.engine
    engine.watcher.poll()
    if beat or playing:
        engine.transport.locate(beat)
    if playing:
        engine.transport.start(engine.clock.now())
        for player in engine.players:
            player.start(beat)


def compare(one: Sequence[Sent], other: Sequence[Sent], near_s: float = NEAR_S) -> Difference | None:
    """Return the first difference between what was recorded and what came again, None if they are the same.

    Each part is compared by itself: which of two parts is asked first within a turn is no music.
    """
    for part in dict.fromkeys(sent.part for sent in (*one, *other)):
        mine = [sent for sent in one if sent.part == part]
        theirs = [sent for sent in other if sent.part == part]
        for place, (was, came) in enumerate(itertools.zip_longest(mine, theirs)):
            if was is None or came is None or not _same(was, came, near_s):
                return Difference(part, place, was, came)
    return None


def _same(one: Sent, other: Sent, near_s: float) -> bool:
    if type(one.what) is not type(other.what) or not _near(one.due, other.due, near_s):
        return False
    names = [field.name for field in fields(one.what)]
    return all(_near(getattr(one.what, name), getattr(other.what, name), 1e-6) for name in names)


def _near(one: Any, other: Any, within: float) -> bool:
    if isinstance(one, float) and isinstance(other, float | int):
        return one == other or abs(one - other) <= within or (one != one and other != other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(_near(a, b, within) for a, b in zip(one, other, strict=True))
    return bool(one == other)


# --- command ---------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what a recording does, or whether it still does the same; 0 if so, 1 if not, 2 if it cannot be run."""
    options = _options(arguments)
    try:
        recording = read(options.file)
        played = run(recording)
        before = recorded(recording)
    except RecordingError as error:
        print(f"replay: {error}", file=sys.stderr)
        return 2
    head = recording.head
    for note in _notes(recording):
        print(f"note: {note}", file=sys.stderr)
    if not options.against:
        for sent in played:
            if options.all or not isinstance(sent.what, Pulse):
                print(sent.show(head.start))
        return 0
    found = compare(before, played)
    if found is None:
        print(f"the same: {len(played)} events in {head.end - head.start:.1f} s")
        return 0
    print(f"different: {found.show(head.start)}")
    return 1


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("main.py replay", description="Run a recording through the engine again.")
    parser.add_argument("file", type=Path, help="what /recorder/keep wrote")
    parser.add_argument("--against", action="store_true", help="compare with what was recorded instead of printing")
    parser.add_argument("--all", action="store_true", help="print the clock's pulses too")
    return parser.parse_args(arguments)


def _notes(recording: Recording) -> list[str]:
    """Return what a replay cannot know."""
    notes = list(recording.head.notes)
    if not recording.head.whole:
        notes.append("it does not begin with the instrument, and players forgot what was before: notes may differ")
    if recording.head.session.get("parameters", {}).get("/sync/source") == LINK:
        notes.append("Link led the tempo; here the tempo leads")
    lost = sum(entry[2:3] in (("lost",), ("other",)) for entry in recording.entries if entry[0] == ITEM)
    if lost:
        notes.append(f"{lost} of the things that came in could not be kept")
    fired = {entry[3] for entry in recording.entries if entry[0] == ITEM and entry[2] == "fire"}
    muted = sorted(one for one in fired if isinstance(one, str) and (MUTED.fullmatch(one) or one in MUTED_TOO))
    if muted:
        notes.append(f"not done again: {', '.join(muted[:SHOWN])}")
    return notes


if __name__ == "__main__":
    sys.exit(main())
