"""A recording, run again, does the same: whatever was played, pressed, sent and turned."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.binding import Binding, Fire, Follow, Source
from app.device.dummy import Dummy
from app.device.packet import encode
from app.event import NoteOn
from app.frame import MidiMessage
from app.inbox import Packet, Write
from app.inline import Inline
from app.instrument import Instrument, assemble
from app.offline import DirectSink
from app.recording import RecordingError, read
from app.replay import main, run
from app.replay_sent import compare, recorded
from app.transport import OfflineClock
from tests.instrument import offline
from tests.ui.inline import InlineWorker

NUMBERS = (
    "/composer/temperature",
    "/composer/density",
    "/composer/intensity",
    "/composer/polyphony",
    "/transport/bpm",
    "/engine/lookahead",
    "/scene/morph",
)
VERBS = (
    ("/transport/toggle",),
    ("/transport/play",),
    ("/composer/next",),
    ("/panic",),
    ("/undo",),
    ("/redo",),
    ("/transport/later",),
    ("/scene/store", 1.0),
    ("/scene/call", 1.0),
    ("/recorder/loop", 1.0),
    ("/follower/evaluate", "kick*4; lead*4 2,1 60,60,64; bass 1 36"),
    ("/follower/evaluate", "source kick*3; predict snare; learn openhat*5"),
)
KEYS = ("Space", "T", "G", "D", "F", "C", "I", "K")


def perform(instrument: Instrument, seed: int, seconds: float) -> None:
    """Play by chance: hands of every kind, at moments of their own."""
    chance, engine = random.Random(seed), instrument.engine
    clock = engine.clock
    end = clock.now() + seconds
    engine.fire("/transport/play")
    while clock.now() < end:
        engine.run_until(clock.now() + chance.choice((0.003, 0.05, 0.21, 0.4)))
        kind = chance.randrange(6)
        if kind == 0:
            engine.set(chance.choice(NUMBERS), chance.uniform(0, 200), gesture=chance.choice((None, 7)))
        elif kind == 1:
            address, *arguments = chance.choice(VERBS)
            engine.fire(address, *arguments)
        elif kind == 2:
            key = chance.choice(KEYS)
            engine.key(key)
            engine.key(key, False)
        elif kind == 3:
            at = clock.now() + chance.choice((0.0, 0.0, 0.13))
            values = tuple(chance.uniform(-1, 1) for _ in range(3))
            engine.inbox.put(Packet(at, "/listener/in", values, ("127.0.0.1", 9), lambda *_: None))
        elif kind == 4:
            data = (0x90, chance.randrange(128), chance.randrange(128))
            engine.inbox.put(MidiMessage(clock.now(), "midi", data))
        else:
            engine.inbox.put(Write("/composer/density", chance.choice(("loud", 0.5, 2)), "osc 10.0.0.1:5"))


def keep(instrument: Instrument, *span: float) -> Path:
    """Have the recorder write a recording, and return its path."""
    instrument.engine.fire("/recorder/keep", *span)
    instrument.engine.turn()
    instrument.engine.turn()
    instrument.engine.run_until(instrument.engine.clock.now() + 0.1)
    (path,) = (instrument.session.folder / "recordings").glob("*.recording")
    return path


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1))
def test_a_performance_by_chance_comes_again(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    instrument = offline(tmp_path_factory.mktemp("set"), seed)
    perform(instrument, seed, 20.0)
    path = keep(instrument)
    instrument.close()
    recording = read(path)
    before, again = recorded(recording), run(recording)
    assert recording.head.whole
    assert compare(before, again, near_s=1e-6) is None
    assert [sent for sent in before] == again
    assert sum(isinstance(sent.what, NoteOn) for sent in before) > 5


TEACHING = "bpm 120; source kick*4; learn snare*2+0.5; closedhat*8"
FOLLOWING = "bpm 120; source kick*4; predict snare; lead*4 2,1 60,62,64,65"


def concert(instrument: Instrument, chance: random.Random) -> None:
    """All four players at once: taught, trained, called, morphed, quantised, looped, with hands on everything."""
    engine, clock = instrument.engine, instrument.engine.clock

    def frames(number: int, seconds: float) -> None:
        end = clock.now() + seconds
        while clock.now() < end:
            values = (number + chance.uniform(-0.1, 0.1), chance.random())
            engine.inbox.put(Packet(clock.now(), "/listener/in", values, ("127.0.0.1", 9), lambda *_: None))
            engine.run_until(clock.now() + 0.05)

    engine.bind(Binding(Source("output", "/listener/label", 0), "/composer/intensity", Follow(1, 2, 0.2, 0.9)))
    engine.bind(Binding(Source("output", "/follower/hit/snare"), "/composer/next", Fire()))
    engine.fire("/follower/evaluate", TEACHING)
    engine.fire("/transport/play")
    for label in (1, 2):
        engine.set("/listener/record", label)
        frames(label, 2.0)
        engine.set("/listener/record", 0)
        engine.fire("/scene/store", label)
        for knob in (1, 2, 3):
            engine.set(f"/rules/knob/{knob}", chance.random() * 100, gesture=knob)
        engine.fire("/rules/keep", "rain")
        engine.set("/composer/density", chance.random())
    engine.fire("/rules/learn")
    engine.set("/scene/quantise", "bar")
    engine.set("/rules/sequence", "rain")
    frames(1, 2.0)
    engine.fire("/follower/evaluate", FOLLOWING)
    engine.fire("/scene/call", 1.0, 4.0)
    engine.fire("/rules/call", "rain")
    frames(2, 4.0)
    engine.fire("/recorder/loop", 1.0)
    engine.inbox.put(MidiMessage(clock.now(), "midi", (0x90, 64, 100)))
    frames(1, 4.0)
    engine.fire("/undo")
    engine.fire("/scene/call", 2.0)
    frames(2, 3.0)
    engine.fire("/transport/stop")
    frames(1, 0.5)


def rehearsed(folder: Path) -> Path:
    """Leave a session in which the Listener knows two labels."""
    one = offline(folder)
    one.study._worker = InlineWorker()
    for label in (1, 2):
        one.engine.set("/listener/record", label)
        for step in range(8):
            values = (label + step / 40, step / 8)
            one.engine.inbox.put(Packet(one.engine.clock.now(), "/listener/in", values, ("", 9), lambda *_: None))
            one.engine.run_until(one.engine.clock.now() + 0.05)
        one.engine.set("/listener/record", 0)
        one.engine.turn()
    one.engine.fire("/listener/train")
    one.engine.run_until(one.engine.clock.now() + 0.2)
    one.engine.set("/listener/play", "on")
    one.engine.turn()
    assert one.session.keep()
    one.close()
    return folder


def opened(folder: Path, seed: int) -> Instrument:
    """Return an instrument that opened a session before its first turn, as the program does."""
    clock = OfflineClock(10.0)
    sink = DirectSink(lambda spec: Dummy(spec, clock), clock)
    instrument = assemble(clock, sink, None, Inline(), seed, folder)
    instrument.session.resume()
    instrument.engine.outputs.open()
    instrument.engine.turn()
    return instrument


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_four_players_that_learn_and_are_moved_come_again(tmp_path: Path, seed: int) -> None:
    instrument = opened(rehearsed(tmp_path / "set"), seed)
    instrument.engine.set("/listener/play", "on")
    concert(instrument, random.Random(seed))
    path = keep(instrument)
    instrument.close()
    recording = read(path)
    before, again = recorded(recording), run(recording)
    assert before == again
    parts = {sent.part.split(":")[0] for sent in before}
    assert {"composer", "drums", "lead", "listener", "loop", "rules"} <= parts, parts


def test_a_recording_of_an_older_instrument_runs_with_what_is_known_of_it(stage: Instrument) -> None:
    perform(stage, 4, 4.0)
    path = keep(stage)
    lines = path.read_text().splitlines()
    head = json.loads(lines[0])
    head["session"]["parameters"]["/theremin/wobble"] = 3
    del head["session"]["parameters"]["/scene/quantise"]
    for field in ("beat", "playing", "made", "version", "notes"):
        del head[field]
    path.write_text("\n".join([json.dumps(head), *lines[1:]]))
    assert compare(recorded(read(path)), run(read(path))) is None


@pytest.fixture
def stage(tmp_path: Path) -> Instrument:
    return offline(tmp_path / "set", 5)


def test_the_command_tells_the_same_from_the_different(
    stage: Instrument, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    perform(stage, 3, 8.0)
    path = keep(stage)
    assert main([str(path), "--against"]) == 0
    assert "the same" in capsys.readouterr().out
    assert main([str(path)]) == 0
    assert "NoteOn(" in capsys.readouterr().out
    lines = path.read_text().splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith('["out"') and '"on"' in line)
    entry = json.loads(lines[place])
    entry[6] += 1
    lines[place] = json.dumps(entry)
    other = tmp_path / "other.recording"
    other.write_text("\n".join(lines))
    assert main([str(other), "--against"]) == 1
    assert "different: composer, event" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no recording"),
        ("[]", "no recording"),
        ('{"kind": "understudy recording", "format": 99}', "newer version"),
        ('{"kind": "understudy recording", "format": 1, "start": "x"}', "line 1"),
    ],
)
def test_what_is_no_recording_is_said(
    text: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "some.recording"
    path.write_text(text)
    assert main([str(path)]) == 2
    assert sentence in capsys.readouterr().err


def test_a_recording_that_was_cut_or_damaged_says_where(stage: Instrument, tmp_path: Path) -> None:
    perform(stage, 1, 4.0)
    lines = keep(stage).read_text().splitlines()
    cut = tmp_path / "cut.recording"
    cut.write_text("\n".join(lines[:-1]) + "\n")
    with pytest.raises(RecordingError, match="cut off"):
        read(cut)
    chance = random.Random(0)
    for _ in range(60):
        place = chance.randrange(1, len(lines) - 1)
        broken = lines[place][: chance.randrange(len(lines[place]))]
        cut.write_text("\n".join([*lines[:place], broken, *lines[place + 1 :]]))
        with pytest.raises(RecordingError):
            run(read(cut))


def test_a_strangers_recording_writes_no_files_and_opens_no_ports(
    stage: Instrument, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "stolen.csv"
    stage.engine.fire("/listener/export", str(out))
    stage.engine.fire("/follower/save", str(out))
    stage.engine.fire("/session/save")
    stage.engine.set("/listener/input/midi/on", 1)
    path = keep(stage)
    stage.close()
    for made in tmp_path.rglob("stolen*"):
        made.unlink()
    opened: list[object] = []
    monkeypatch.setattr("app.device.midi_in.MidiIn.open", lambda self: opened.append(self))
    run(read(path))
    assert not list(tmp_path.rglob("stolen*"))
    assert not opened
    lines = path.read_text().splitlines()
    head = json.loads(lines[0]) | {"files": {"../outside.txt": ""}}
    path.write_text("\n".join([json.dumps(head), *lines[1:]]))
    with pytest.raises(RecordingError, match="leads out"):
        run(read(path))
    assert not list(tmp_path.rglob("outside.txt"))


def test_a_span_begins_where_everything_is_known(stage: Instrument) -> None:
    perform(stage, 9, 40.0)
    recording = read(keep(stage, 15.0))
    assert not recording.head.whole
    assert 15.0 <= recording.head.end - recording.head.start <= 26.0
    assert recording.head.session["parameters"]["/transport/bpm"] != 0
    assert run(recording)


def test_odd_things_that_came_in_do_not_spoil_the_rest(stage: Instrument) -> None:
    odd = (float("nan"), float("inf"), b"\0\1", [1, 2], None, True, 2**70, "\udc80", "é")
    stage.engine.inbox.put(Packet(stage.engine.clock.now(), "/odd", odd, ("127.0.0.1", 1), lambda *_: None))
    perform(stage, 2, 3.0)
    recording = read(keep(stage))
    assert compare(recorded(recording), run(recording)) is None
    assert encode("/fine", (1.0,))
