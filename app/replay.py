"""A recording, run again: the same things come in at the same moments, on a clock that needs no waiting.

The very engine plays, with dummy ports, so that what it does again can be compared with what it did: a fault that was
recorded can be looked at as often as one likes. Part of the composition root.

    python main.py replay FILE [--against] [--all]
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from app.device.dummy import Dummy
from app.event import Pulse
from app.inline import Inline
from app.instrument import Instrument, assemble
from app.offline import DirectSink
from app.recorder_tape import ITEM
from app.recording import Recording, RecordingError, read
from app.replay_script import LINK, Script, turns
from app.replay_sent import Sent, compare, recorded
from app.session import SessionError
from app.transport import OfflineClock

# A recording may come from a stranger: nothing in it may read or write files, or end anything.
MUTED = re.compile(r"/quit.*|/(session|doctor|monitor)/.*|/recorder/(?!loop).*|.*/(export|import|save|open)(_\w+)?")
MUTED_TOO = ("/composer/train", "/composer/rescan", "/rules/reload", "/listener/train")
SHOWN = 10


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
