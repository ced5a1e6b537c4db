"""The recorder: bounded, cheap, and a span of it is a MIDI file, examples, a corpus or a loop."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path

import mido
import numpy as np
import pytest

from app import dataset_file
from app.event import Event, NoteOff, NoteOn
from app.frame import Frame, MidiMessage
from app.inbox import Packet
from app.instrument import Instrument
from app.parameter import Tree
from app.recorder import Recorder
from app.recorder_job import Job, KeepError, in_process
from app.recorder_loop import Loop, LoopNote
from app.recorder_midi import passages, to_midi
from app.recorder_note import Axis, Line, Note, notes_of
from app.recorder_tape import BLOCK_BYTES, EVENT, ITEM, RELEASE, Tape, entries
from tests.instrument import offline, port_of


@pytest.fixture
def stage(tmp_path: Path) -> Instrument:
    return offline(tmp_path / "set", 5)


def run(instrument: Instrument, seconds: float) -> None:
    instrument.engine.run_until(instrument.engine.clock.now() + seconds)


def said(instrument: Instrument) -> list[str]:
    return [line.text for line in instrument.engine.monitor.log]


def kept(instrument: Instrument, suffix: str) -> Path:
    (path,) = (instrument.session.folder / "recordings").rglob(f"*{suffix}")
    return path


# --- the memory --------------------------------------------------------------------------------------------


def test_a_flood_does_not_grow_it() -> None:
    tape = Tape(1 << 20)
    for number in range(200_000):
        tape.add((ITEM, number / 1000, "packet", number / 1000, "/flood", (0.5, 0.25), ("127.0.0.1", 9)))
        assert tape.size <= tape.limit
    blocks = tape.cut(float("-inf"), float("inf"))
    assert sum(len(block.data) for block in blocks) == tape.size > (1 << 20) - 2 * BLOCK_BYTES
    found = list(entries(blocks))
    assert found[-1][1] == 199.999
    assert [entry[1] for entry in found] == sorted(entry[1] for entry in found)
    assert blocks[-1].first + blocks[-1].count == tape.count == 200_000


def test_ten_minutes_of_a_storm_find_room() -> None:
    """5,000 messages a second for ten minutes; a fifth of it is noted here and tells the rest."""
    tape, chance = Tape(), np.random.default_rng(1)
    values = [tuple(map(float, row)) for row in chance.random((5000, 3)).astype(np.float32)]
    for number in range(600_000):
        seconds = number / 5000
        tape.add((ITEM, seconds + 1e-5, "packet", seconds, "/listener/in", values[number * 7 % 5000], ("127.0.0.1", 9)))
    print(f"two minutes of 5,000 messages a second: {tape.size / 2**20:.1f} MB")
    assert tape.dropped == 0
    assert tape.size * 5 < tape.limit
    first, *_, last = entries(tape.cut(0.0, 1e9))
    assert (first[3], last[3]) == (0.0, 599_999 / 5000)


def test_what_cannot_be_packed_or_is_too_long_is_noted_as_such() -> None:
    tape = Tape()
    tape.add((ITEM, 1.0, "packet", 1.0, "/odd", (object(),), ("", 0)))
    tape.add((ITEM, 2.0, "packet", 2.0, "/long", ("x" * 100_000,), ("", 0)))
    tape.add((ITEM, 3.0, "packet", 3.0, "/fine", (1,), ("", 0)))
    first, second, third = entries(tape.cut(0.0, 9.0))
    assert first[2] == second[2] == "lost"
    assert tape.lost == 2
    assert tape.size < 1000
    assert third[4] == "/fine"


def test_a_cut_does_not_see_what_comes_later() -> None:
    tape = Tape()
    tape.add((ITEM, 1.0, "key", "A", True))
    cut = tape.cut(0.0, 9.0)
    tape.add((ITEM, 2.0, "key", "B", True))
    assert [entry[3] for entry in entries(cut)] == ["A"]
    assert [entry[3] for entry in entries(tape.cut(1.5, 9.0), 1.5)] == ["B"]


def test_noting_is_cheap(stage: Instrument) -> None:
    note = next(tap for tap in stage.engine.reception.taps if tap.__name__ == "_note_item")
    packet = Packet(10.0, "/listener/in", (0.1, 0.2, 0.3), ("127.0.0.1", 5), lambda *_: None)
    began = time.perf_counter()
    for _ in range(20_000):
        note(packet)
    each_us = (time.perf_counter() - began) / 20_000 * 1e6
    print(f"noting a packet of three numbers: {each_us:.2f} µs")
    assert each_us < 100  # Measured 2; a loaded machine gets room.


def test_it_tells_what_it_holds_and_forgets_when_switched_off(stage: Instrument) -> None:
    stage.engine.fire("/transport/play")
    run(stage, 30.0)
    state = stage.engine.snapshot.recorder
    assert 28 <= state.seconds <= 31
    assert state.whole
    assert 10_000 < state.bytes < 1_000_000
    assert stage.engine.tree.number("/recorder/held").value == state.seconds
    stage.engine.set("/recorder/on", 0)
    run(stage, 2.0)
    assert stage.engine.snapshot.recorder.seconds == 0
    stage.engine.fire("/recorder/keep")
    run(stage, 0.1)
    assert any("nothing was noted yet" in text for text in said(stage))


# --- notes -------------------------------------------------------------------------------------------------


def test_a_stop_ends_what_sounds_and_withdraws_what_was_to_come() -> None:
    def on(due: float, pitch: int) -> tuple[object, ...]:
        return EVENT, 1.0, due, "on", 0.0, "composer", pitch, 90, "", 0.0

    def off(due: float, pitch: int) -> tuple[object, ...]:
        return EVENT, 1.0, due, "off", 0.0, "composer", pitch

    found = notes_of([on(1.0, 60), off(1.5, 60), on(1.0, 64), off(3.0, 64), on(2.5, 67), (RELEASE, 2.0, None)], 0, 9)
    assert [(note.pitch, note.start, note.end) for note in found] == [(60, 1.0, 1.5), (64, 1.0, 2.0)]


def test_a_midi_file_has_the_bars_and_the_tempo_of_the_music() -> None:
    axis = Axis([Line(0.0, False, 120.0, 0.0, 3), Line(10.0, True, 120.0, -20.0, 3), Line(12.0, True, 60.0, -8.0, 3)])
    notes = [Note("composer", 60, 90, 11.0, 11.5), Note("drums", 0, 80, 12.0, 12.1, "kick")]
    notes.append(Note("hand", 64, 70, 13.0, 14.0))
    file = mido.MidiFile(file=io.BytesIO(to_midi(notes, axis, 11.0, 14.0)))
    assert [track.name for track in file.tracks[1:]] == ["composer", "drums", "hand"]
    starts = {}
    for track in file.tracks[1:]:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "note_on":
                starts[track.name] = tick / file.ticks_per_beat
    # Second 11 is beat 2 of a bar of three, second 12 beat 4, second 13 beat 5.
    assert starts == {"composer": 2.0, "drums": 4.0, "hand": 5.0}
    tempi = [(message.tempo, message.time) for message in file.tracks[0] if message.type == "set_tempo"]
    assert tempi[0][0] == 500_000
    assert tempi[1][0] == 1_000_000
    assert abs(file.length - (4 * 0.5 + 2 * 1.0)) < 0.01


def test_a_span_cuts_the_notes_that_go_beyond_it() -> None:
    axis = Axis([Line(0.0, True, 120.0, 0.0, 4)])

    def on(due: float, pitch: int) -> tuple[object, ...]:
        return EVENT, due, due, "on", 0.0, "composer", pitch, 90, "", 0.0

    def off(due: float, pitch: int) -> tuple[object, ...]:
        return EVENT, due, due, "off", 0.0, "composer", pitch

    noted = [on(1.0, 60), on(2.5, 62), off(3.0, 60), on(3.5, 64), off(9.0, 62), off(9.5, 64), on(9.8, 65)]
    notes = notes_of(noted, 2.0, 6.0)
    assert [(note.pitch, note.start, note.end) for note in notes] == [(62, 2.5, 6.0), (64, 3.5, 6.0)]
    file = mido.MidiFile(file=io.BytesIO(to_midi(notes, axis, 2.0, 6.0)))
    tick, lengths, started = 0, {}, {}
    for message in file.tracks[1]:
        tick += message.time
        if message.type == "note_on":
            started[message.note] = tick
        elif message.type == "note_off":
            lengths[message.note] = (tick - started[message.note]) / file.ticks_per_beat
    assert lengths == {62: 7.0, 64: 5.0}  # Beats at 120: 3.5 s and 2.5 s.


def test_what_left_is_what_the_file_holds(stage: Instrument) -> None:
    stage.engine.set("/composer/density", 1.0)
    stage.engine.fire("/transport/play")
    run(stage, 12.0)
    stage.engine.inbox.put(MidiMessage(stage.engine.clock.now(), "midi", (0x90, 100, 99)))
    run(stage, 0.5)
    stage.engine.inbox.put(MidiMessage(stage.engine.clock.now(), "midi", (0x80, 100, 0)))
    stage.engine.fire("/transport/stop")
    run(stage, 1.0)
    stage.engine.fire("/recorder/midi")
    run(stage, 1.5)
    file = mido.MidiFile(kept(stage, ".mid"))
    struck = [event for _, event in port_of(stage).sent if isinstance(event, NoteOn)]
    sounded = [event.pitch for event in struck if event.part == "composer"]
    (track,) = [track for track in file.tracks if track.name == "composer"]
    assert len(sounded) > 20
    assert sorted(m.note for m in track if m.type == "note_on") == sorted(sounded)
    assert any(m.note == 100 for track in file.tracks if track.name == "hand" for m in track if m.type == "note_on")
    assert any(f"{kept(stage, '.mid')}" in text for text in said(stage))
    assert stage.engine.snapshot.recorder.saved.endswith(".mid")


def test_passages_are_the_pieces_of_a_corpus(stage: Instrument) -> None:
    first, second = Note("composer", 60, 90, 1.0, 2.0), Note("composer", 62, 90, 9.0, 9.5)
    assert passages([first, second], 4.0) == [[first], [second]]
    assert passages([first, second], 8.0) == [[first, second]]
    for _ in range(2):
        stage.engine.fire("/transport/play")
        run(stage, 6.0)
        stage.engine.fire("/transport/stop")
        run(stage, 6.0)
    stage.engine.fire("/recorder/corpus", "Tonight", 30.0)
    stage.engine.fire("/recorder/corpus", "../out", 30.0)
    run(stage, 0.1)
    files = sorted((stage.session.folder / "recordings" / "dataset" / "Tonight").glob("*.mid"))
    assert [file.name for file in files] == ["Tonight 01.mid", "Tonight 02.mid"]
    assert all(mido.MidiFile(file).length > 3 for file in files)
    assert any("plain name" in text for text in said(stage))


# --- examples ----------------------------------------------------------------------------------------------


def hear(instrument: Instrument, count: int) -> None:
    for number in range(count):
        now = instrument.engine.clock.now()
        values = (number / 10, 1.0)
        instrument.engine.inbox.put(Packet(now, "/listener/in", values, ("127.0.0.1", 1), lambda *_: None))
        run(instrument, 0.1)


def test_the_last_seconds_become_examples_and_one_step_of_undo(stage: Instrument) -> None:
    hear(stage, 40)
    stage.engine.fire("/recorder/label", 2.0, 2.05)
    run(stage, 0.1)
    dataset = stage.listener.dataset
    assert dataset.examples().counts()[2] == len(dataset) == 20
    assert dataset.examples().inputs[-1, 0] == np.float32(3.9)
    stage.engine.fire("/undo")
    run(stage, 0.1)
    assert len(dataset) == 0


def test_frames_become_a_table_that_the_listener_reads(stage: Instrument) -> None:
    hear(stage, 30)
    stage.engine.fire("/recorder/data", 2.0, 1.0)
    run(stage, 0.1)
    found = dataset_file.read(kept(stage, ".csv")).examples
    assert 9 <= len(found) <= 11
    assert found.width == 2
    assert np.isnan(found.targets).all()


@pytest.mark.parametrize(
    ("address", "arguments", "sentence"),
    [
        ("/recorder/keep", (-1.0,), "give seconds"),
        ("/recorder/keep", (1.0, 5.0), "from is the larger"),
        ("/recorder/keep", ("soon",), "no number"),
        ("/recorder/midi", (1.0,), "no notes sounded"),
        ("/recorder/data", (1.0,), "no frames were heard"),
        ("/recorder/label", (), "give a label"),
        ("/recorder/label", ("ghost", 3.0), "there is no label"),
        ("/recorder/label", (1.0, 3.0), "no frames were heard"),
        ("/recorder/loop", (99.0,), "1 to 64 bars"),
        ("/recorder/loop", (2.0,), "no whole bar"),
    ],
)
def test_what_cannot_be_kept_is_one_sentence(
    stage: Instrument, address: str, arguments: tuple[float | str, ...], sentence: str
) -> None:
    run(stage, 3.0)
    stage.engine.fire(address, *arguments)
    run(stage, 0.1)
    assert [text for text in said(stage) if sentence in text], said(stage)
    assert not list(stage.session.folder.rglob("*.mid"))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that refuses even an administrator")
def test_a_folder_that_takes_no_files_is_said_and_nothing_is_lost(stage: Instrument) -> None:
    stage.session.folder = Path("/proc/nowhere")  # Not even an administrator writes there.
    stage.engine.fire("/transport/play")
    run(stage, 5.0)
    stage.engine.fire("/recorder/midi")
    run(stage, 0.1)
    assert any("was not written" in text for text in said(stage))
    assert stage.engine.snapshot.recorder.seconds > 3


def test_a_process_of_its_own_writes_and_says_what_fails(tmp_path: Path) -> None:
    tape = Tape()
    tape.add((EVENT, 1.0, 1.0, "on", 0.0, "composer", 60, 90, "", 0.0))
    tape.add((EVENT, 2.0, 2.0, "off", 0.0, "composer", 60))
    job = Job("midi", tmp_path / "one.mid", tape.cut(0.0, 9.0), 0.0, 9.0)
    assert "Wrote 1 notes" in in_process(job)
    assert mido.MidiFile(tmp_path / "one.mid").length > 0.5
    with pytest.raises(KeepError, match="was not written"):
        in_process(Job("midi", Path("/proc/nowhere/one.mid"), tape.cut(0.0, 9.0), 0.0, 9.0))


# --- the loop ----------------------------------------------------------------------------------------------


def played(loop: Loop, until: float) -> list[tuple[float, str, int]]:
    """Return what a loop plays: beat, on or off, pitch."""
    found: list[tuple[float, str, int]] = []
    while loop.due() < until:
        found += [_told(event) for event in loop.step()]
    return found


def _told(event: Event) -> tuple[float, str, int]:
    assert isinstance(event, NoteOn | NoteOff)
    return event.beat, "on" if isinstance(event, NoteOn) else "off", event.pitch


def test_a_loop_goes_round_from_bar_line_to_bar_line() -> None:
    loop = Loop(Tree(), lambda beat: -(-beat // 4) * 4)
    loop.take([LoopNote("composer", 60, 90, 0.0, 1.0), LoopNote("composer", 64, 90, 2.5, 4.0)], 4.0, 5.3)
    assert played(loop, 16.0) == [
        (8.0, "on", 60),
        (9.0, "off", 60),
        (10.5, "on", 64),
        (12.0, "off", 64),
        (12.0, "on", 60),
        (13.0, "off", 60),
        (14.5, "on", 64),
    ]


def test_a_loop_that_is_switched_off_lets_go_at_once() -> None:
    tree = Tree()
    loop = Loop(tree, lambda beat: beat)
    loop.take([LoopNote("composer", 60, 90, 0.0, 3.0), LoopNote("composer", 64, 90, 1.0, 2.0)], 4.0, 0.0)
    assert played(loop, 0.5) == [(0.0, "on", 60)]
    tree.number("/recorder/loop/play").set(0)
    assert played(loop, 8.0) == [(1.0, "off", 60)]


def test_the_last_bars_go_on_while_the_composer_is_silent(stage: Instrument) -> None:
    stage.engine.set("/composer/density", 1.0)
    stage.engine.fire("/transport/play")
    run(stage, 8.2)
    stage.engine.fire("/recorder/loop", 2.0)
    run(stage, 0.1)
    stage.engine.set("/composer/mute", 1)
    run(stage, 10.0)
    sent = [(seconds, event) for seconds, event in port_of(stage).sent if isinstance(event, NoteOn)]
    source = [(round(event.beat - 8.0, 3), event.pitch) for _, event in sent if event.part == "composer"]
    source = [one for one in source if 0 <= one[0] < 8]
    again = [(round(event.beat - 20.0, 3), event.pitch) for _, event in sent if event.part == "loop"]
    assert sorted(one for one in again if 0 <= one[0] < 8) == sorted(source)
    assert len(source) > 4
    stage.engine.fire("/transport/stop")
    run(stage, 0.1)
    held: set[tuple[str, int]] = set()
    for _, event in port_of(stage).sent:
        if isinstance(event, NoteOn):
            held.add((event.part, event.pitch))
        elif isinstance(event, NoteOff):
            held.discard((event.part, event.pitch))
    assert not held


def test_a_loop_is_a_step_of_undo(stage: Instrument) -> None:
    stage.engine.set("/composer/density", 1.0)
    stage.engine.fire("/transport/play")
    run(stage, 8.2)
    loop = next(player for player in stage.engine.players if isinstance(player, Loop))
    stage.engine.fire("/recorder/loop", 2.0)
    run(stage, 0.1)
    two = loop.content
    assert (two.beats, two.on) == (8.0, True)
    assert stage.engine.history.next_undo == "Loop"
    run(stage, 6.0)
    stage.engine.fire("/recorder/loop", 1.0)
    run(stage, 0.1)
    assert loop.content.beats == 4.0
    stage.engine.fire("/undo")
    run(stage, 0.1)
    assert loop.content == two
    stage.engine.fire("/undo")
    run(stage, 4.0)
    assert (loop.content.beats, loop.content.on) == (0.0, False)
    before = len([1 for _, event in port_of(stage).sent if isinstance(event, NoteOn) and event.part == "loop"])
    run(stage, 6.0)
    after = len([1 for _, event in port_of(stage).sent if isinstance(event, NoteOn) and event.part == "loop"])
    assert before == after
    stage.engine.fire("/redo")
    run(stage, 8.0)
    assert loop.content == two
    stage.engine.fire("/transport/stop")
    run(stage, 0.1)
    held: set[tuple[str, int]] = set()
    for _, event in port_of(stage).sent:
        if isinstance(event, NoteOn):
            held.add((event.part, event.pitch))
        elif isinstance(event, NoteOff):
            held.discard((event.part, event.pitch))
    assert not held


def test_frames_of_ports_are_noted_too(stage: Instrument) -> None:
    stage.engine.set("/listener/input/pointer/on", 1)
    run(stage, 0.1)
    stage.engine.inbox.put(Frame(stage.engine.clock.now(), "pointer", np.array([0.25, 0.5], np.float32)))
    run(stage, 0.1)
    stage.engine.fire("/recorder/keep")
    run(stage, 0.1)
    lines = [json.loads(line) for line in kept(stage, ".recording").read_text().splitlines()]
    assert any(line[2:3] == ["values"] and line[4] == "pointer" for line in lines[1:])


def test_two_things_kept_in_one_second_are_two_files(tmp_path: Path) -> None:
    class Later(Executor):
        """Writes when it is told to."""

        def __init__(self) -> None:
            self.works: list[tuple[Future[object], Callable[[], object]]] = []

        def submit(self, work: Callable[..., object], /, *given: object, **_: object) -> Future[object]:  # type: ignore[override]
            future: Future[object] = Future()
            self.works.append((future, lambda: work(*given)))
            return future

    instrument, later = offline(tmp_path / "set", 5), Later()
    instrument.engine.fire("/transport/play")
    run(instrument, 3.0)
    recorder = next(tap.__self__ for tap in instrument.engine.reception.taps if isinstance(tap.__self__, Recorder))
    recorder.spans._background = later
    for _ in range(2):
        instrument.engine.fire("/recorder/midi", 2)
    run(instrument, 0.1)
    for future, work in later.works:
        future.set_result(work())
    run(instrument, 0.1)
    assert len(list((instrument.session.folder / "recordings").glob("*.mid"))) == 2


def test_what_is_kept_in_the_turn_in_which_all_was_forgotten_is_whole_or_one_sentence(stage: Instrument) -> None:
    run(stage, 2.0)
    stage.engine.fire("/recorder/clear")
    stage.engine.fire("/recorder/keep")
    run(stage, 0.1)
    assert not [text for text in said(stage) if "fault" in text.lower() or "IndexError" in text]
    assert kept(stage, ".recording").exists()
