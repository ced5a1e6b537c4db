"""Every factory session, found in its folder, opens as a copy, learns, answers and moves what it says."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app import dataset_file
from app.device.dummy import Dummy
from app.event import Message, NoteOn
from app.factory import BASIC, factory_sessions
from app.frame import Frame, MidiMessage
from app.inline import Inline
from app.instrument import PRESETS, Instrument, assemble
from app.offline import DirectSink
from app.player.follower.language import parse
from app.player.follower.program import Program
from app.scene import Scenes
from app.snapshot import DeviceState
from app.spectrum import RECIPES
from app.transport import OfflineClock
from presets import material
from tests.instrument import port_of
from tests.ui.inline import InlineWorker

NAMES = sorted(path.parent.name for path in PRESETS.glob("*/session.json"))
OFFERED = [name for name in NAMES if name != BASIC]
TAUGHT = [name for name in NAMES if (PRESETS / name / "listener").is_dir()]
SLOTS = range(1, 9)


class Deaf:
    """A sound input that is there and hears nothing, so that no process is started."""

    def __init__(self, *_: object) -> None:
        self.names = RECIPES["full"].names

    def open(self) -> None: ...

    def check(self) -> DeviceState:
        return DeviceState("audio", "open", "nowhere")

    def close(self) -> None: ...


@pytest.fixture
def instrument(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Instrument]:
    monkeypatch.setattr("app.inlets.AudioIn", Deaf)
    clock = OfflineClock(10.0)
    sink = DirectSink(lambda spec: Dummy(spec, clock), clock)
    made = assemble(clock, sink, None, Inline(), 0, tmp_path / "mine", learning=InlineWorker())
    made.engine.outputs.open()
    made.engine.turn()
    yield made
    made.close()


def turn(instrument: Instrument, seconds: float = 0.05) -> None:
    instrument.engine.run_until(instrument.engine.clock.now() + seconds)


def opened(instrument: Instrument, name: str) -> Instrument:
    instrument.engine.fire("/session/open", name)
    turn(instrument, 0.2)
    return instrument


def complaints(instrument: Instrument) -> list[str]:
    return [line.text for line in instrument.engine.monitor.log if line.level != "info"]


def feed(instrument: Instrument, source: str, frames: NDArray[np.float64], rate_hz: float) -> None:
    for values in frames:
        now = instrument.engine.clock.now()
        instrument.engine.inbox.put(Frame(now, source, values.astype(np.float32)))
        turn(instrument, 1 / rate_hz)


def said(instrument: Instrument, since: float) -> list[object]:
    """Return the labels that were told since a time, without "none"."""
    sent = [(t, e) for t, e in port_of(instrument).sent if isinstance(e, Message) and e.address == "/listener/label"]
    return [e.arguments[0] for t, e in sent if t >= since and e.arguments[0] != "none"]


def value(instrument: Instrument, address: str) -> float:
    return instrument.engine.tree.number(address).value


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", NAMES)
def test_it_opens_without_a_word_and_everything_it_names_exists(instrument: Instrument, name: str) -> None:
    opened(instrument, str(PRESETS / name))
    engine = instrument.engine
    assert complaints(instrument) == []
    assert not instrument.session.ledger.unknown
    for binding in engine.bindings:
        assert engine.tree.find(binding.target) or engine.actions.find(binding.target), binding
        if binding.factory:
            continue
        if binding.source.kind == "output" and "/label/" in binding.source.name:
            names = [one.name for one in instrument.listener.dataset.outputs[0].labels]
            assert binding.source.name.rpartition("/")[2] in names
        if binding.source.name.startswith("/follower/hit/"):
            assert binding.source.name.rpartition("/")[2] in struck(instrument)
        if binding.target == "/scene/call":
            assert binding.move.arguments[0] in {one.name for one in scenes_of(instrument).kept.values()}  # type: ignore[union-attr]
        if binding.target == "/rules/call":
            assert binding.move.arguments[0] in {row.label for row in instrument.ruling.rules.table.rows}  # type: ignore[union-attr]
        if binding.target == "/follower/slot":
            assert instrument.engine.tree.text(f"/follower/text/{binding.move.value}").value  # type: ignore[union-attr]


def scenes_of(instrument: Instrument) -> Scenes:
    return next(keeper for keeper in instrument.session.keepers if isinstance(keeper, Scenes))


def programs(instrument: Instrument) -> list[Program]:
    """Return the programs of a session; ProgramError if one cannot be read."""
    texts = [instrument.engine.tree.text(f"/follower/text/{slot}").value for slot in SLOTS]
    return [parse(text) for text in texts if text]


def struck(instrument: Instrument) -> set[str]:
    return {line.name for program in programs(instrument) for line in program.statements}


@pytest.mark.parametrize("name", OFFERED)
def test_its_programs_are_programs_without_a_warning(instrument: Instrument, name: str) -> None:
    opened(instrument, name)
    assert [program.warnings for program in programs(instrument) if program.warnings] == []


@pytest.mark.parametrize("name", TAUGHT)
def test_it_learns_on_its_own_and_is_ready_to_answer(instrument: Instrument, name: str) -> None:
    opened(instrument, name.replace("_", " "))
    assert instrument.listener.brain.ready
    assert len(instrument.study.state.models) == 1
    assert instrument.study.state.score is not None
    assert instrument.study.state.score > 0.9
    assert value(instrument, "/listener/play") == 1


@pytest.mark.parametrize("name", NAMES)
def test_what_came_with_the_instrument_stays_as_it_came(instrument: Instrument, name: str, tmp_path: Path) -> None:
    before = contents(PRESETS / name)
    opened(instrument, str(PRESETS / name))
    engine = instrument.engine
    engine.fire("/listener/clear")
    engine.set("/composer/density", 0.123)
    turn(instrument, 40.0)  # Long enough for two autosaves.
    engine.fire("/session/save")
    turn(instrument)
    assert contents(PRESETS / name) == before
    own = instrument.session.folder
    assert own.parent == tmp_path
    assert '"/composer/density": 0.123' in (own / "session.json").read_text()
    again = opened(instrument, str(PRESETS / name))
    assert again.session.folder.name == f"{own.name} 2"
    assert contents(again.session.folder) == before


def test_the_list_for_a_menu(instrument: Instrument) -> None:
    assert list(factory_sessions(PRESETS)) == [name.replace("_", " ") for name in OFFERED]
    engine = instrument.engine
    engine.fire("/session/open")
    turn(instrument)
    assert "There is no session ''" in complaints(instrument)[0]
    engine.set("/session/factory", "conductor")
    engine.fire("/session/open")
    turn(instrument)
    assert instrument.session.folder.name == "conductor"


def test_from_one_to_the_next_nothing_is_left_behind(instrument: Instrument) -> None:
    opened(instrument, "three sounds")
    instrument.engine.set("/composer/polyphony", 3)
    instrument.engine.set("/output/osc/host", "10.1.2.3")
    turn(instrument)
    opened(instrument, "air pad")
    listener = instrument.listener
    assert [one.kind for one in listener.dataset.outputs] == ["number"] * 3
    assert len(listener.brain.learnt) == 3
    assert value(instrument, "/composer/polyphony") == 8
    assert instrument.engine.tree.text("/output/osc/host").value == "10.1.2.3"
    assert not any("whistle" in binding.source.name for binding in instrument.engine.bindings)
    assert instrument.engine.history.next_undo in ("", "Train")
    opened(instrument, str(PRESETS / BASIC))
    assert len(listener.dataset) == 0
    assert not listener.brain.ready


def test_what_cannot_be_opened_is_said_and_changes_nothing(instrument: Instrument, tmp_path: Path) -> None:
    opened(instrument, "air pad")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "session.json").write_text("{")
    for name in ("nothing of the kind", "broken", ""):
        instrument.engine.fire("/session/open", name)
        turn(instrument)
        assert instrument.session.folder.name == "air pad"
        assert len(instrument.listener.brain.learnt) == 3
    assert len(complaints(instrument)) == 3


def test_a_session_of_ones_own_is_opened_where_it_is(instrument: Instrument, tmp_path: Path) -> None:
    opened(instrument, "air pad")
    instrument.engine.set("/transport/bpm", 77)
    turn(instrument)
    opened(instrument, "conductor")
    assert value(instrument, "/transport/bpm") == 96
    opened(instrument, "air pad")
    assert instrument.session.folder == tmp_path / "air pad 2"
    opened(instrument, str(tmp_path / "air pad"))
    assert instrument.session.folder == tmp_path / "air pad"
    assert value(instrument, "/transport/bpm") == 77


def test_the_air_pad_moves_three_things_between_its_points(instrument: Instrument) -> None:
    opened(instrument, "air pad")
    seen = []
    for x, y in ((0.1, 0.9), (0.5, 0.5), (0.9, 0.1), (0.7, 0.3)):
        feed(instrument, "pointer", np.array([[x, y]]), 60)
        seen.append([value(instrument, f"/{one}") for one in ("composer/density", "composer/temperature")])
        seen[-1].append(value(instrument, "/output/synth/gain"))
    density, temperature, gain = (list(column) for column in zip(*seen, strict=True))
    assert density[0] < density[1] - 0.1 < density[3] - 0.15 < density[2] - 0.2
    assert temperature[0] < temperature[1] - 0.1 < temperature[3] - 0.15 < temperature[2] - 0.2
    assert gain[1] > gain[3] + 0.05 > gain[0] + 0.1
    assert complaints(instrument) == []


@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("rise", lambda i: value(i, "/composer/intensity") == 1.2),
        ("fall", lambda i: value(i, "/composer/intensity") == 0.45),
        ("circle", lambda i: value(i, "/composer/model") == 1),
        ("sweep", lambda i: i.engine.transport.playing),
    ],
)
def test_each_gesture_of_the_conductor_does_its_work(
    instrument: Instrument, name: str, moved: Callable[[Instrument], bool]
) -> None:
    """Gestures of other hands: other seeds than those it was taught with, 20 of each."""
    opened(instrument, "conductor")
    engine, right = instrument.engine, 0
    for seed in range(20):
        engine.fire("/transport/stop")
        engine.set("/composer/intensity", 0.8)
        engine.set("/composer/model", 0)
        engine.set("/listener/play", 0)
        turn(instrument)
        engine.set("/listener/play", 1)
        instrument.listener.brain.spotter.reset()  # type: ignore[union-attr]
        since = engine.clock.now()
        gesture = material.drawn(material.GESTURES[name], np.random.default_rng(1000 + seed))
        still = np.repeat(gesture[-1:], 20, axis=0)
        feed(instrument, "pointer", np.concatenate([gesture, still]), 60)
        right += moved(instrument) and said(instrument, since) == [name]
    assert right >= 18
    assert complaints(instrument) == []


def test_three_sounds_call_three_composers_and_a_quiet_room_nobody(instrument: Instrument) -> None:
    opened(instrument, "three sounds")
    model, called = instrument.engine.tree.number("/composer/model"), []
    wanted = [("whistle", "Satie"), ("hiss", "Brahms"), ("hum", "Haydn")] * 6
    right = 0
    for seed, (sound, composer) in enumerate(wanted):
        model.set("Debussy")
        random = np.random.default_rng(2000 + seed)
        feed(instrument, "audio", material.sounded(material.room, random, 30), 93.75)
        called.append(model.show())
        feed(instrument, "audio", material.sounded(material.SOUNDS[sound], random, 40), 93.75)
        right += model.show() == composer
    assert set(called) == {"Debussy"}
    assert right >= 17
    assert complaints(instrument) == []


def test_the_script_makes_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert material.main([str(tmp_path)]) == 0
    assert capsys.readouterr().out.count("examples") == len(OFFERED)
    for name in OFFERED:
        texts = {file: text for file, text in contents(tmp_path / name).items() if not file.startswith("listener")}
        there = contents(PRESETS / name)
        assert texts == {file: text for file, text in there.items() if not file.startswith("listener")}
    for name in TAUGHT:
        made, there = (dataset_file.load(root / name / "listener") for root in (tmp_path, PRESETS))
        assert made.outputs == there.outputs
        np.testing.assert_allclose(made.inputs, there.inputs, rtol=1e-2, atol=1e-2)


# --- what one player does moves another -------------------------------------------------------------------


def evaluated(instrument: Instrument, slot: int) -> None:
    instrument.engine.set("/follower/slot", str(slot))
    instrument.engine.fire("/follower/evaluate")
    turn(instrument)


def pointed(instrument: Instrument, x: float) -> None:
    """Hold the pointer on one side of its field for a second, as a hand does."""
    random = np.random.default_rng(round(100 * x))
    feed(instrument, "pointer", np.array([x, 0.5]) + random.normal(0, 0.02, (60, 2)), 60)


def notes(instrument: Instrument, since: float, part: str, name: str = "") -> list[NoteOn]:
    sent = [event for seconds, event in port_of(instrument).sent if seconds >= since and isinstance(event, NoteOn)]
    return [note for note in sent if note.part == part and (not name or note.name == name)]


def test_call_and_answer_takes_turns(instrument: Instrument) -> None:
    opened(instrument, "call and answer")
    engine = instrument.engine
    engine.fire("/transport/play")
    for x, scene, slot, speaks in ((0.1, "call", 1, False), (0.9, "answer", 2, True), (0.2, "call", 1, False)):
        pointed(instrument, x)
        turn(instrument, 3.0)  # The morph arrives, the last notes end.
        assert scenes_of(instrument).kept[scenes_of(instrument).called].name == scene
        assert instrument.following.follower.slot == slot
        since = engine.clock.now()
        pointed(instrument, x)
        turn(instrument, 4.0)
        assert bool(notes(instrument, since, "composer")) == speaks
        assert bool(notes(instrument, since, "drums", "snare")) == speaks
    pointed(instrument, 0.5)
    turn(instrument, 3.0)
    assert value(instrument, "/composer/density") == 0.6
    engine.inbox.put(MidiMessage(engine.clock.now(), "pads", (0x90, 36, 100)))  # This program has no ear for it.
    turn(instrument, 0.2)
    engine.fire("/transport/stop")
    turn(instrument, 0.5)
    assert port_of(instrument).held == set()
    assert complaints(instrument) == []


def test_the_drum_learns_where_you_strike_and_pushes_the_composer(instrument: Instrument) -> None:
    """Whoever strikes with each note of the Composer teaches it to strike with each note."""
    opened(instrument, "drum that learns you")
    engine, learner = instrument.engine, instrument.following.follower
    evaluated(instrument, 1)
    answered: set[float] = set()

    def strike(note: NoteOn) -> None:
        if note.part == "composer" and note.beat not in answered:
            answered.add(note.beat)
            seconds = engine.transport.time_at(note.beat)
            engine.inbox.put(MidiMessage(seconds, "pads", (0x99, 38, 100)))

    engine.note_hearers.append(strike)
    engine.fire("/transport/play")
    turn(instrument, 60.0)
    engine.note_hearers.remove(strike)
    assert learner.school.loss("snare") < 0.15  # type: ignore[operator]
    evaluated(instrument, 2)
    turn(instrument, 3.0)
    since = engine.clock.now()
    turn(instrument, 20.0)
    asked = {round(note.beat * 4) for note in notes(instrument, since, "composer")}
    played = {round(note.beat * 4) for note in notes(instrument, since, "drums", "snare")}
    assert len(played) >= 10
    ticks = max(asked | played) - min(asked | played) + 1
    assert len(asked ^ played) / ticks < 0.25
    assert engine.tree.number("/composer/intensity").origin == "drums"
    engine.fire("/transport/stop")
    turn(instrument, 0.5)
    assert port_of(instrument).held == set()
    assert complaints(instrument) == []


def test_the_weather_follows_a_drum_part_that_was_learnt(instrument: Instrument) -> None:
    opened(instrument, "weather")
    engine, rules = instrument.engine, instrument.ruling.rules
    assert rules.model is not None
    evaluated(instrument, 1)
    engine.fire("/transport/play")
    turn(instrument, 40.0)
    evaluated(instrument, 2)
    turn(instrument, 3.0)
    since, called = engine.clock.now(), []
    for _ in range(400):
        turn(instrument, 0.02)
        if not called or called[-1] != rules.sounding.label:
            called.append(rules.sounding.label)
    assert notes(instrument, since, "drums", "snare")  # Which nobody plays any more but the machine.
    assert set(called) == {"rain", "storm", "intro"}
    changes = [event for seconds, event in port_of(instrument).sent if seconds >= since and isinstance(event, Message)]
    assert sum(event.address == "/patch/freq" for event in changes) >= 10
    engine.fire("/transport/stop")
    turn(instrument, 0.5)
    assert port_of(instrument).held == set()
    assert complaints(instrument) == []


def test_a_copy_needs_room(instrument: Instrument, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    opened(instrument, "air pad")
    assert "no space left" in complaints(instrument)[0]
    assert instrument.session.folder == tmp_path / "mine"
