"""The Composer on the offline clock: swaps without a gap, controls that reach the music, models that cannot load."""

from __future__ import annotations

from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.event import Event, Message, NoteOff, NoteOn, NoteVelocity
from app.inline import Inline
from app.parameter import Linear, Parameter, Tree
from app.player.composer.checkpoint import Entry, ModelError
from app.player.composer.generation import Context, Controls, Step
from app.player.composer.player import Composer
from tests.instrument import offline, port_of

ENTRIES = [Entry("Low", Path("low"), 0), Entry("High", Path("high"), 0), Entry("Broken", Path("broken"), 0)]


class Drone:
    """A model that holds one pitch and strikes it anew each beat."""

    def __init__(self, pitch: int) -> None:
        self.pitch, self.primed_with, self.controls = pitch, -1, Controls()

    def prime(self, context: Context) -> None:
        self.primed_with = context.count

    def step(self, context: Context, controls: Controls, rng: np.random.Generator) -> Step:
        self.controls = controls
        strike = context.place % 4 == 0
        before = context.sounding
        velocity = round(100 * controls.intensity)
        struck = {self.pitch: velocity} if strike or self.pitch not in before else {}
        sounding = {self.pitch: min(127, velocity)}
        context.commit(sounding, struck)
        return Step(sounding, struck, frozenset(before.keys() - {self.pitch}), 0.0, 0.0)


class Later(Executor):
    """Work that is done when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Any]] = []

    def submit(self, work: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: work(*arguments, **named)))
        return future

    def finish(self) -> None:
        for future, work in self.waiting:
            try:
                future.set_result(work())
            except ModelError as error:
                future.set_exception(error)
        self.waiting.clear()


class Stage:
    """A Composer with drones."""

    def __init__(self, background: Executor | None = None) -> None:
        self.tree, self.said, self.loaded = Tree(), list[str](), list[Drone]()
        self.tree.add(Parameter("/transport/beats_per_bar", 4, Linear(1, 16, 1)))
        self.composer = Composer(
            self.tree, ENTRIES, self._load, background or Inline(), 0, lambda _level, text: self.said.append(text)
        )

    def _load(self, entry: Entry) -> Any:
        if entry.name == "Broken":
            raise ModelError("broken/model.safetensors is truncated; train it again")
        self.loaded.append(Drone(40 if entry.name == "Low" else 80))
        return self.loaded[-1]

    def choose(self, name: str) -> None:
        self.tree.number("/composer/model").set(name)
        self.composer.tend()

    def steps(self, count: int) -> list[Event]:
        return [event for _ in range(count) for event in self.composer.step()]


def notes(events: list[Event]) -> list[tuple[float, str, int]]:
    names = {NoteOn: "on", NoteOff: "off"}
    return [(e.beat, names[type(e)], e.pitch) for e in events if isinstance(e, NoteOn | NoteOff)]


def test_a_new_model_takes_over_at_the_bar_line_and_releases_what_it_does_not_hold() -> None:
    stage = Stage()
    stage.composer.tend()
    stage.composer.start(0)
    stage.steps(6)
    stage.choose("High")
    played = notes(stage.steps(12))
    assert next(note for note in played if note[2] == 80) == (4.0, "on", 80)
    assert [note for note in played if note[2] == 40][-1] == (4.0, "off", 40)
    assert stage.composer.voices.held == {80: 80}


def test_a_model_that_loads_slowly_leaves_no_gap() -> None:
    background = Later()
    stage = Stage(background)
    stage.composer.tend()
    background.finish()
    stage.composer.tend()
    stage.composer.start(0)
    stage.choose("High")
    assert {note[2] for note in notes(stage.steps(40))} == {40}
    background.finish()
    assert 80 in {note[2] for note in notes(stage.steps(16))}
    assert stage.loaded[-1].primed_with >= 1


def test_a_model_that_cannot_load_is_said_and_the_old_one_plays_on() -> None:
    stage = Stage()
    stage.composer.tend()
    stage.composer.start(0)
    stage.steps(3)
    stage.choose("Broken")
    assert {note[2] for note in notes(stage.steps(32))} == {40}
    assert stage.said == ["broken/model.safetensors is truncated; train it again; Low plays on"]


def test_the_last_choice_wins() -> None:
    background = Later()
    stage = Stage(background)
    stage.composer.tend()
    background.finish()
    stage.composer.tend()
    stage.composer.start(0)
    for name in ("High", "Broken", "High"):
        stage.choose(name)
    background.finish()
    stage.steps(20)
    assert stage.composer.voices.held.keys() == {80}


def test_held_notes_swell_with_intensity() -> None:
    stage = Stage()
    stage.composer.tend()
    stage.composer.start(0)
    stage.steps(1)
    stage.tree.number("/composer/intensity").set(1.5)
    swells = [event.velocity for event in stage.steps(3) if isinstance(event, NoteVelocity)]
    assert swells == sorted(swells)
    assert swells[-1] > 100


def test_mute_plays_on_in_silence_and_comes_back() -> None:
    stage = Stage()
    stage.composer.tend()
    stage.composer.start(0)
    stage.steps(2)
    stage.tree.number("/composer/mute").set(1)
    assert notes(stage.steps(2)) == [(0.5, "off", 40)]
    stage.tree.number("/composer/mute").set(0)
    assert notes(stage.steps(1)) == [(1.0, "on", 40)]


def test_controls_are_smoothed_per_step() -> None:
    stage = Stage()
    stage.composer.tend()
    stage.composer.start(0)
    stage.tree.number("/composer/smoothing").set(0.5)
    stage.tree.number("/composer/density").set(0.0)
    heard = []
    for _ in range(3):
        stage.steps(1)
        heard.append(stage.loaded[0].controls.density)
    assert heard == [pytest.approx(value) for value in (0.4, 0.2, 0.1)]


def test_the_repetition_penalty_is_on_and_reaches_the_music_as_it_is_set() -> None:
    stage = Stage()
    stage.composer.tend()
    stage.composer.start(0)
    heard = []
    for value in (None, 0.0, 2.0, 3.0):
        if value is not None:
            stage.tree.number("/composer/penalty").set(value)
        stage.steps(1)
        heard.append(stage.loaded[0].controls.penalty)
    assert heard == [1.0, 0.0, 2.0, 2.0]


def test_each_step_tells_its_chord_its_count_and_its_controls() -> None:
    stage = Stage()
    stage.composer.tend()
    stage.composer.start(0)
    told = [(e.address, e.arguments) for e in stage.steps(1) if isinstance(e, Message)]
    assert told == [("/gen/token", ("40",)), ("/gen/active", (1,)), ("/gen/params", (0.8, 0.8, 0.8))]


def test_a_bar_of_three_beats_is_followed() -> None:
    stage = Stage()
    stage.tree.number("/transport/beats_per_bar").set(3)
    stage.composer.tend()
    stage.composer.start(0)
    stage.steps(2)
    stage.choose("High")
    first = next(note for note in notes(stage.steps(16)) if note[2] == 80)
    assert first[0] == 3.0


def test_a_thousand_random_swaps_leave_no_held_note_and_no_gap() -> None:
    instrument = offline(Path("/nonexistent/session"), seed=1)
    engine, random = instrument.engine, np.random.default_rng(1)
    engine.tree.number("/transport/bpm").set(300)
    engine.tree.number("/composer/density").set(0.9)
    engine.fire("/transport/play")
    for _ in range(1000):
        engine.set("/composer/model", float(random.integers(len(instrument.composer.entries))))
        engine.run_until(engine.clock.now() + float(random.uniform(0.01, 0.8)))
    engine.fire("/transport/stop")
    engine.turn()
    port = port_of(instrument)
    assert port.held == set()
    times = [at for at, event in port.sent if isinstance(event, Message) and event.address == "/gen/token"]
    assert len(times) > 3000
    # A 16th at 300 BPM lasts 50 ms: no step is missing and none is late.
    assert max(np.diff(times)) <= 0.05 + 1e-6
    assert not instrument.engine.monitor.counts["skipped"]
    assert len({line.text for line in engine.monitor.log if line.level == "error"}) == 0
