"""A session is the whole state of the players: what was taught and played comes back, and none of it in another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from app.device.dummy import Dummy
from app.event import Event, NoteOff, NoteOn
from app.file import write_whole
from app.frame import Frame
from app.inline import Inline
from app.instrument import Instrument, assemble
from app.model.registry import of_kind
from app.offline import DirectSink
from app.recorder_loop import Content, Loop, LoopNote
from app.transport import OfflineClock
from tests.instrument import port_of
from tests.ui.inline import InlineWorker

TEACHES = "bpm 240; source kick*2; source openhat*3; learn snare*5;"
PLAYS = "source kick*2; source openhat*3; predict snare; lead*2 1 60,64,67"


def made(folder: Path, seed: int = 0) -> Instrument:
    clock = OfflineClock(10.0)
    sink = DirectSink(lambda spec: Dummy(spec, clock), clock)
    instrument = assemble(clock, sink, None, Inline(), seed, folder, learning=InlineWorker())
    instrument.engine.outputs.open()
    instrument.engine.turn()
    return instrument


def again(folder: Path, seed: int = 0) -> Instrument:
    """Return another instrument that has taken a session over."""
    other = made(folder, seed)
    other.session.resume()
    turn(other)
    return other


def turn(instrument: Instrument, seconds: float = 0.05) -> None:
    instrument.engine.run_until(instrument.engine.clock.now() + seconds)


def save(instrument: Instrument) -> None:
    instrument.engine.fire("/session/save")
    turn(instrument, 0.3)


def blank(folder: Path) -> Path:
    other = made(folder)
    save(other)
    other.close()
    return folder


def score(instrument: Instrument, beats_s: float = 6.0) -> list[tuple[float, str, str, int]]:
    """Return what is played from the start of the music on."""
    instrument.engine.run_until(100.0)
    instrument.engine.fire("/transport/play")
    turn(instrument, beats_s)
    sent = [(at, event) for at, event in port_of(instrument).sent if at > 100.0 and isinstance(event, NoteOn | NoteOff)]
    return [(round(at - 100.0, 6), type(event).__name__, event.part, event.pitch) for at, event in sent]


def hanging(instrument: Instrument) -> set[tuple[str, int]]:
    sounding: set[tuple[str, int]] = set()
    for _, event in sorted(port_of(instrument).sent, key=lambda one: one[0]):
        if isinstance(event, NoteOn):
            sounding.add((event.part, event.pitch))
        elif isinstance(event, NoteOff):
            sounding.discard((event.part, event.pitch))
    return sounding


def said(instrument: Instrument, level: str) -> list[str]:
    return [line.text for line in instrument.engine.monitor.log if line.level == level]


# --- the Follower ---------------------------------------------------------------------------------------


@pytest.fixture
def taught(tmp_path: Path) -> Instrument:
    """A Follower that plays another program than the one that is written, and has learnt half a lesson."""
    one = made(tmp_path / "a")
    one.engine.set("/follower/grid", "16")
    one.engine.fire("/follower/evaluate", TEACHES)
    one.engine.fire("/transport/play")
    turn(one, 5.0)
    one.engine.fire("/transport/stop")
    one.engine.fire("/follower/evaluate", PLAYS)
    one.engine.set("/transport/bpm", 133)
    turn(one)
    save(one)
    return one


def test_the_program_that_played_plays_again_in_the_tempo_that_was(taught: Instrument, tmp_path: Path) -> None:
    lessons = {name: lesson.save() for name, lesson in taught.following.follower.school.lessons.items()}
    two, three = again(tmp_path / "a"), again(tmp_path / "a")
    follower = two.following.follower
    assert follower.program.text == PLAYS
    assert follower.options.text.value == TEACHES  # What is written is what was written.
    assert two.engine.tree.number("/transport/bpm").value == 133
    assert {name: lesson.save() for name, lesson in follower.school.lessons.items()} == lessons
    assert [lesson.models for lesson in follower.school.states] == [0]  # There is nothing to go back to.
    music = score(two)
    assert {part for _, _, part, _ in music} >= {"drums", "lead", "composer"}
    assert score(three) == music


def test_lessons_and_program_stay_in_their_session(taught: Instrument, tmp_path: Path) -> None:
    before = {name: lesson.save() for name, lesson in taught.following.follower.school.lessons.items()}
    other = blank(tmp_path / "b")
    taught.engine.fire("/transport/play")
    turn(taught, 2.0)
    taught.engine.fire("/session/open", str(other))
    turn(taught, 4.0)  # A synth rings for up to three seconds.
    follower = taught.following.follower
    assert (follower.program.text, follower.school.lessons) == ("", {})
    assert {part for part, _ in hanging(taught)} <= {"composer"}
    taught.engine.fire("/session/open", str(tmp_path / "a"))
    turn(taught, 1.0)
    assert follower.program.text == PLAYS
    assert {name: lesson.save()["students"][0]["examples"] for name, lesson in follower.school.lessons.items()} == {
        name: lesson["students"][0]["examples"] for name, lesson in before.items()
    }
    taught.engine.fire("/transport/stop")
    turn(taught, 1.0)
    assert not hanging(taught)


@pytest.mark.parametrize("damage", ["{", "[1]", '{"text": 3}', '{"text": "snare", "slot": 99}', '{"text": "sna re;"}'])
def test_a_damaged_program_is_told_and_set_aside(taught: Instrument, tmp_path: Path, damage: str) -> None:
    path = tmp_path / "a" / "follower" / "program.json"
    path.write_text(damage)
    two = again(tmp_path / "a")
    assert two.following.follower.program.text == ""
    assert len(said(two, "error")) == 1
    assert path.with_name("program.json.unreadable-1").read_text() == damage
    assert "snare" in two.following.follower.school.lessons


# --- the loop -------------------------------------------------------------------------------------------


def test_a_loop_comes_back_and_stays_in_its_session(tmp_path: Path) -> None:
    one = made(tmp_path / "a")
    one.engine.fire("/transport/play")
    turn(one, 6.0)
    one.engine.fire("/recorder/loop", 2)
    turn(one, 3.0)
    loop = _loop(one)
    assert loop.notes
    save(one)
    two = again(tmp_path / "a")
    assert _loop(two).content == loop.content
    assert "loop" in {part for _, _, part, _ in score(two)}
    one.engine.fire("/session/open", str(blank(tmp_path / "b")))
    turn(one, 1.0)
    assert _loop(one).content == Content()
    assert "loop" not in {part for part, _ in hanging(one)}


def test_what_a_loop_holds_ends_when_there_is_no_loop_any_more() -> None:
    stage = made(Path("/nonexistent/session"))
    loop = _loop(stage)
    loop.take([LoopNote("composer", 60, 90, 0.0, 3.9)], 4.0, None)
    stage.engine.set("/composer/mute", "on")
    stage.engine.fire("/transport/play")
    turn(stage, 1.0)
    assert hanging(stage) == {("loop", 60)}
    loop.put(Content(), stage.engine.transport.beat)
    turn(stage, 0.2)
    assert not hanging(stage)


@pytest.mark.parametrize("damage", ["{", "[]", '{"format": 1, "beats": 4, "notes": [["a", 60, 1, 9, 9, ""]]}', "{}"])
def test_a_damaged_loop_is_told_and_set_aside(tmp_path: Path, damage: str) -> None:
    save(made(tmp_path / "a"))
    write_whole(tmp_path / "a" / "loop.json", damage)
    two = again(tmp_path / "a")
    assert len(said(two, "error")) == 1
    assert _loop(two).content == Content()
    assert (tmp_path / "a" / "loop.json.unreadable-1").read_text() == damage


def _loop(instrument: Instrument) -> Loop:
    return next(player for player in instrument.engine.players if isinstance(player, Loop))


# --- what is not on this computer -----------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/composer/model", "/rules/synth"])
def test_a_choice_that_is_not_here_is_kept_until_it_is(tmp_path: Path, address: str) -> None:
    stored = {"format": 1, "parameters": {address: "My own"}, "bindings": []}
    write_whole(tmp_path / "a" / "session.json", json.dumps(stored))
    one = again(tmp_path / "a")
    assert any("My own" in text for text in said(one, "warning"))
    save(one)
    kept = json.loads((tmp_path / "a" / "session.json").read_text())["parameters"][address]
    choice = again(tmp_path / "a").engine.tree.number(address)
    assert (kept, choice.stored) == ("My own", "My own")
    choice.offer(("Another", "My own"))
    assert choice.show() == "My own"
    one.engine.set(address, 1)
    turn(one)
    assert one.engine.tree.number(address).stored != "My own"
    one.engine.fire("/undo")
    turn(one)
    assert one.engine.tree.number(address).stored == "My own"


# --- the Listener ---------------------------------------------------------------------------------------


def show(instrument: Instrument, outputs: str, labels: int = 3) -> None:
    engine = instrument.engine
    engine.set("/listener/input/osc/on", "off")
    engine.set("/listener/input/pointer/on", "on")
    engine.set("/listener/outputs", outputs)
    turn(instrument)
    for label in range(1, labels + 1):
        engine.set("/listener/target/1", label / labels)
        engine.set("/listener/record", label)
        turn(instrument)
        for number in range(8):
            point(instrument, label / labels, number / 8)
        engine.set("/listener/record", 0)
        turn(instrument)
    engine.fire("/listener/train")
    turn(instrument, 0.5)
    engine.set("/listener/play", "on")
    turn(instrument)


def point(instrument: Instrument, x: float, y: float) -> None:
    instrument.engine.inbox.put(Frame(instrument.engine.clock.now(), "pointer", np.array([x, y], np.float32)))
    turn(instrument, 0.02)


def answers(instrument: Instrument) -> Iterator[tuple[float, ...]]:
    for x in np.linspace(0, 1, 12):
        point(instrument, float(x), 0.3)
        answer = instrument.listener.answer
        yield answer.values if answer is not None else ()


KINDS = [
    *(("classifier:3", "classifier", one.name) for one in of_kind("classifier")),
    *(("regressor", "regressor", one.name) for one in of_kind("regressor")),
]


@pytest.mark.parametrize(("outputs", "kind", "model"), KINDS)
def test_every_kind_of_model_answers_as_it_did(tmp_path: Path, outputs: str, kind: str, model: str) -> None:
    one = made(tmp_path / "a")
    one.engine.set(f"/listener/{kind}", model)
    show(one, outputs)
    assert one.listener.brain.ready, said(one, "error")
    save(one)
    two = again(tmp_path / "a")
    heard = list(answers(one))
    assert () not in heard
    assert list(answers(two)) == heard


def test_models_come_back_with_the_outputs_that_they_were_made_for(tmp_path: Path) -> None:
    one = made(tmp_path / "a")
    engine, listener = one.engine, one.listener
    show(one, "classifier:3")
    learnt = dict(listener.brain.learnt)
    engine.set("/listener/outputs", "regressor,classifier:2")
    turn(one)
    assert not listener.brain.learnt
    engine.fire("/listener/use", 1)
    turn(one)
    assert not listener.brain.learnt
    assert any("other outputs" in text for text in said(one, "error")), said(one, "error")
    for _ in range(2):  # The examples' outputs, and what is written of them.
        engine.fire("/undo")
        turn(one)
    assert engine.tree.text("/listener/outputs").value == "classifier:3"
    assert listener.brain.learnt == learnt
    save(one)
    assert len(again(tmp_path / "a").listener.brain.learnt) == 1
    for verb, known in (("/undo", {}), ("/redo", learnt)):
        for _ in range(2):  # That it answers, and that it learnt.
            engine.fire(verb)
            turn(one)
        assert listener.brain.learnt == known


def test_models_of_another_session_do_not_come_back(tmp_path: Path) -> None:
    one = made(tmp_path / "a")
    show(one, "classifier:3")
    one.engine.set("/listener/outputs", "regressor")
    turn(one)
    save(one)
    one.engine.fire("/session/open", str(blank(tmp_path / "b")))
    turn(one, 0.5)
    one.engine.set("/listener/outputs", "classifier:3")
    turn(one)
    assert not one.listener.brain.learnt


def test_what_was_heard_in_one_session_is_not_said_in_the_next(tmp_path: Path) -> None:
    one = made(tmp_path / "a")
    show(one, "classifier:3")
    one.engine.set("/listener/output/1/midi", "note")
    turn(one)
    save(one)
    one.engine.fire("/transport/play")
    point(one, 1.0, 0.3)
    turn(one, 0.1)
    sent: list[Event] = [event for _, event in port_of(one).sent if getattr(event, "part", "").startswith("listener")]
    assert any(isinstance(event, NoteOn) for event in sent)
    one.engine.fire("/session/open", str(tmp_path / "a"))
    turn(one, 0.5)
    assert {part for part, _ in hanging(one)} <= {"composer"}
    assert one.listener.answer is None
