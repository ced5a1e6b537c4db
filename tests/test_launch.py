"""What is asked for at any moment begins at its place in the bar: composers, presets, and the start beside others."""

from __future__ import annotations

import pytest

from app.event import NoteOn
from app.frame import MidiMessage
from app.launch import WAITS, is_on, launch_beat, span
from app.link_peer import LinkState
from app.player.listener.arming import Arming
from app.sync import Sync
from app.transport import OfflineClock, Transport
from tests.player.composer.test_player import Stage as ComposerStage
from tests.player.composer.test_player import notes
from tests.player.rules.stage import Stage as RulesStage
from tests.stage import Metronome, Stage

TICK, START = (0xF8,), (0xFA,)


@pytest.mark.parametrize(
    ("waits", "beat", "expected"),
    [("now", 5.3, None), ("beat", 5.3, 6), ("beat", 6.0, 6), ("bar", 5.3, 8), ("2 bars", 9.0, 16), ("4 bars", 1.0, 16)],
)
def test_a_launch_falls_on_its_grid(waits: str, beat: float, expected: float | None) -> None:
    transport = Transport(OfflineClock(1.0))
    assert launch_beat(transport, waits) is None  # Nothing plays: at once.
    transport.locate(beat)
    transport.start()
    assert launch_beat(transport, waits) == expected


def test_what_is_computed_already_is_not_launched_into() -> None:
    transport = Transport(OfflineClock(1.0))
    transport.locate(7.95)
    transport.start()
    assert launch_beat(transport, "bar", 0.1) == 12


def test_a_grid_knows_its_beats() -> None:
    assert [span(waits, 3) for waits in WAITS] == [0, 1, 3, 6, 12]
    assert [beat for beat in range(13) if is_on("2 bars", beat, 3)] == [0, 6, 12]
    assert is_on("now", 0.37, 4)
    assert not is_on("beat", 0.5, 4)


@pytest.mark.parametrize(("waits", "expected"), [("beat", 2.0), ("bar", 4.0), ("2 bars", 8.0), ("4 bars", 16.0)])
def test_a_composer_takes_over_where_it_is_told_to(waits: str, expected: float) -> None:
    stage = ComposerStage()
    stage.tree.number("/composer/quantise").set(waits)
    stage.composer.tend()
    stage.composer.start(0)
    stage.steps(6)
    stage.choose("High")
    played = notes(stage.steps(70))
    assert next(note for note in played if note[2] == 80) == (expected, "on", 80)


def test_a_called_preset_waits_for_the_bar_and_the_last_wish_counts() -> None:
    stage = RulesStage()
    stage.keep_tiny()
    stage.put("/rules/quantise", "bar")
    stage.fire("/transport/play")
    stage.run(0.6)  # The first beat came 0.03 s after the press: this is beat 1.
    before = len(stage.sent("/patch"))
    stage.fire("/rules/recall", 2)
    stage.fire("/rules/recall", 1)
    assert len(stage.sent("/patch")) == before
    assert stage.rules.coming is not None
    bar = stage.engine.transport.time_at(4) - 10
    stage.run(2.0)
    moved = [one for one in stage.sent("/patch")[before:] if one[1] == "/patch/cutoff"]
    assert [(one[0], one[2]) for one in moved] == [(pytest.approx(bar, abs=0.001), (800,))]
    assert stage.rules.coming is None


def test_a_preset_that_waits_is_forgotten_by_stop_and_comes_at_once_while_nothing_plays() -> None:
    stage = RulesStage()
    stage.keep_tiny()
    stage.put("/rules/quantise", "4 bars")
    stage.fire("/rules/call", "storm")
    assert stage.state.sounding.label == "storm"
    stage.fire("/transport/play")
    stage.run(0.3)
    stage.fire("/rules/call", "rain")
    assert stage.state.sounding.label == "storm"
    stage.fire("/transport/stop")
    stage.run(0.1)
    assert stage.rules.coming is None
    assert stage.rules.due() == float("inf")


def test_calls_in_a_sequence_go_on_while_a_preset_waits() -> None:
    stage = RulesStage()
    stage.keep_tiny()
    stage.put("/rules/quantise", "4 bars")
    stage.put("/rules/every", "1 bar")
    stage.put("/rules/sequence", "rain")
    stage.fire("/transport/play")
    stage.run(0.5)
    stage.fire("/rules/recall", 4)
    stage.run(5.0)
    assert stage.rules.coming is not None  # Bars were called in between, and it waits still.
    assert stage.state.sounding.label == "rain"
    stage.run(3.0)
    assert stage.rules.coming is None


@pytest.mark.parametrize(("waits", "expected"), [("beat", 6.0), ("bar", 8.0), ("4 bars", 16.0)])
def test_an_armed_take_begins_where_it_is_told_to(waits: str, expected: float) -> None:
    clock = OfflineClock(1.0)
    music = Transport(clock)
    arming = Arming(music)
    music.locate(3.3)
    music.start()
    arming.arm(1, 2, 4, waits)
    assert [arming.phase(music.time_at(expected) + late_s) for late_s in (-0.001, 0.001)] == ["count", "take"]
    assert arming.phase(music.time_at(expected + 4) + 0.001) == "over"
    clicks = [event.beat for event in arming.clicks(music.time_at(99)) if isinstance(event, NoteOn)]
    assert clicks == [expected - 2, expected - 1]


# --- beside another clock ---------------------------------------------------------------------------------


class Peer:
    """A Link that runs at a tempo from a time on."""

    bpm, began, playing = 150.0, 3.21, False

    def __init__(self, bpm: float) -> None:
        """Our own tempo gives way."""

    def state(self, seconds: float, now: float, quantum: float) -> LinkState:
        return LinkState(self.bpm, (seconds - self.began) * self.bpm / 60, 1, Peer.playing)

    def set_tempo(self, bpm: float, now: float) -> None: ...
    def set_playing(self, playing: bool, now: float) -> None:
        Peer.playing = playing

    def close(self) -> None: ...


def struck(stage: Stage) -> list[float]:
    return [at + 10 for at, kind, _ in stage.score() if kind == "on"]


@pytest.mark.parametrize("wait_s", [0.0, 0.35, 0.9, 1.3])
def test_beside_link_the_first_beat_falls_on_a_bar_of_all(monkeypatch: pytest.MonkeyPatch, wait_s: float) -> None:
    monkeypatch.setattr("app.sync.LinkPeer", Peer)
    monkeypatch.setattr(Peer, "playing", False)
    stage = Stage()
    Sync(stage.engine)
    stage.engine.add(Metronome())
    stage.engine.set("/sync/source", "link")
    stage.run(0.2 + wait_s)
    pressed = stage.clock.seconds
    stage.engine.fire("/transport/play")
    stage.run(6.0)
    bar_s = 4 * 60 / Peer.bpm
    away = (struck(stage)[0] - Peer.began) % bar_s
    assert min(away, bar_s - away) < 0.002
    assert pressed < struck(stage)[0] < pressed + bar_s + 0.04
    steps = [after - before for before, after in zip(struck(stage), struck(stage)[1:], strict=False)]
    assert max(abs(step - 0.4) for step in steps) < 0.004


def test_beside_a_midi_clock_that_runs_the_first_beat_falls_on_its_bar() -> None:
    stage = Stage()
    sync = Sync(stage.engine)
    stage.engine.add(Metronome())
    stage.engine.set("/sync/source", "midi clock")
    stage.run(0.05)
    stage.engine.inbox.put(MidiMessage(stage.clock.seconds, "midi", START))
    first, pressed = 10.2, 0.0
    for number in range(24 * 16):
        at = first + number / 48
        stage.engine.run_until(at)
        stage.engine.inbox.put(MidiMessage(at, "midi", TICK))
        if number == 24 * 5:
            stage.engine.fire("/transport/stop")
        if number == 24 * 6 + 10:
            count, pressed = len(struck(stage)), at
            stage.engine.fire("/transport/play")
    assert sync.follower.running
    again = struck(stage)[count:]
    assert again[0] == pytest.approx(first + 8 * 0.5, abs=0.003)
    assert again[0] > pressed
    assert stage.engine.transport.beat == pytest.approx(16, abs=0.1)
