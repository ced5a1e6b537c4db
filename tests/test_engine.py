"""The loop: steps before their beat, silence on every way out, every door one mechanism."""

import itertools
from pathlib import Path
from typing import ClassVar

import pytest

from app.binding import Binding, Fire, Follow, Source, Step
from app.engine import LEAD_S, Engine
from app.event import Event, Message, NoteOn
from app.inbox import Fault, Packet
from app.parameter import Linear, Parameter
from app.transport import OfflineClock, WallClock
from tests.instrument import offline
from tests.stage import Metronome, Stage


def playing(*players: Metronome) -> Stage:
    stage = Stage()
    for player in players or (Metronome(),):
        stage.engine.add(player)
    stage.engine.fire("/transport/play")
    return stage


def packet(stage: Stage, address: str, *arguments: object) -> list[tuple[str, tuple[object, ...]]]:
    answers: list[tuple[str, tuple[object, ...]]] = []

    def reply(_receiver: tuple[str, int], answer: str, values: tuple[object, ...]) -> None:
        answers.append((answer, values))

    stage.engine.inbox.put(Packet(stage.clock.now(), address, arguments, ("127.0.0.1", 9), reply))
    stage.engine.turn()
    return answers


def test_events_leave_at_their_beat() -> None:
    stage = playing()
    stage.run(2.2)
    on_time = [(LEAD_S + beat * 0.5, word) for beat in range(5) for word in (("off", "on") if beat else ("on",))]
    assert [(at, word) for at, word, _ in stage.score()] == [
        (pytest.approx(at, abs=2e-4), word) for at, word in on_time
    ]


def test_ten_minutes_do_not_drift() -> None:
    stage = playing()
    stage.run(600)
    ons = [at for at, word, _ in stage.score() if word == "on"]
    assert len(ons) == 1200
    assert ons[-1] == pytest.approx(LEAD_S + 1199 * 0.5, abs=2e-4)


def test_a_tempo_change_is_followed_without_a_jump() -> None:
    stage = playing()
    stage.run(1.1)
    stage.engine.set("/transport/bpm", 60)
    stage.run(4)
    ons = [at for at, word, _ in stage.score() if word == "on"]
    gaps = [later - earlier for earlier, later in itertools.pairwise(ons)]
    assert gaps[:2] == [pytest.approx(0.5, abs=1e-3)] * 2
    assert gaps[-1] == pytest.approx(1.0, abs=1e-3)
    assert 0.5 <= gaps[2] <= 1.0


@pytest.mark.parametrize("verb", ["/transport/stop", "/panic", "/quit", "/transport/toggle"])
def test_every_way_to_stop_releases_at_once_and_withdraws_what_was_planned(verb: str) -> None:
    stage = playing()
    stage.run(LEAD_S + 0.97)
    stage.engine.fire(verb)
    stage.engine.turn()
    stopped = stage.clock.now()
    assert stage.dummy.held == set()
    stage.clock.advance(2)
    stage.engine.turn()
    assert all(at <= stopped for at, event in stage.dummy.sent if isinstance(event, NoteOn))


def test_play_after_stop_goes_on() -> None:
    stage = playing()
    stage.run(0.7)
    stage.engine.fire("/transport/stop")
    stage.run(1)
    stage.engine.fire("/transport/play")
    stage.run(1)
    assert len([word for _, word, _ in stage.score() if word == "on"]) >= 3
    assert stage.engine.snapshot.playing


def test_a_player_that_fails_is_silenced_and_the_others_play_on() -> None:
    stage = playing(Metronome("bad", 40, fails_at=2), Metronome("good", 70))
    stage.run(3.2)
    assert ("bad", 40) not in stage.dummy.held
    assert len([pitch for _, word, pitch in stage.score() if (word, pitch) == ("on", 70)]) == 7
    assert len([pitch for _, word, pitch in stage.score() if (word, pitch) == ("on", 40)]) == 2
    assert any("bad stopped" in text and "the pendulum broke" in text for text in stage.said("error"))


def test_a_fault_beside_the_music_is_told_and_the_music_goes_on() -> None:
    stage = playing()

    def fail(*_: object) -> None:
        raise KeyError("nowhere")

    stage.engine.tending.append(fail)
    stage.engine.picturing.append(fail)  # type: ignore[arg-type]
    stage.engine.ears["/ear"] = fail
    packet(stage, "/ear", 1.0)
    stage.run(3.2)
    assert len([word for _, word, _ in stage.score() if word == "on"]) == 7
    assert stage.engine.snapshot.playing
    assert any("KeyError('nowhere') at test_engine.py" in text for text in stage.said("warning"))


def test_a_long_stall_is_skipped_not_played_in_a_burst() -> None:
    stage = playing()
    stage.run(1)
    before = len(stage.score())
    stage.clock.advance(30)
    stage.engine.turn()
    stage.run(1)
    assert len(stage.score()) - before <= 6
    assert any("goes on from now" in text for text in stage.said("warning"))


def test_one_value_many_doors() -> None:
    stage = Stage()
    engine = stage.engine
    tempo = engine.tree.number("/transport/bpm")
    engine.bindings.add(Binding(Source("key", "Up"), "/transport/bpm", Step(10)))
    engine.bindings.add(Binding(Source("osc", "/knob"), "/transport/bpm", Follow()))
    engine.set("/transport/bpm", 100)
    engine.key("Up")
    engine.turn()
    assert (tempo.value, tempo.origin) == (110, "key")
    packet(stage, "/knob", 1.0)
    assert (tempo.value, tempo.origin) == (300, "osc")
    packet(stage, "/transport/bpm", 90)
    assert stage.engine.transport.bpm == 90
    assert packet(stage, "/get", "/transport/bpm") == [("/transport/bpm", (90,))]


def test_a_players_output_moves_what_is_bound_to_it() -> None:
    stage = Stage()
    engine = stage.engine
    engine.bindings.add(Binding(Source("output", "/gen/active"), "/transport/bpm", Follow(0, 10)))
    engine.bindings.add(Binding(Source("output", "/listener/label/glass"), "/transport/play", Fire()))

    class Teller(Metronome):
        told: ClassVar[list[Event]] = [
            Message(0, "listener", "/gen/active", (5,)),
            Message(0, "listener", "/listener/label", ("glass",)),
        ]

        def tend(self) -> list[Event]:
            return self.told

    engine.add(Teller())
    engine.turn()
    assert engine.tree.number("/transport/bpm").value == 160
    assert engine.transport.playing


def test_undo_of_keys_and_faders_not_of_osc() -> None:
    stage = Stage()
    stage.engine.set("/transport/bpm", 100, gesture=1)
    stage.engine.set("/transport/bpm", 140, gesture=1)
    packet(stage, "/transport/bpm", 200)
    stage.engine.fire("/undo")
    stage.engine.turn()
    assert stage.engine.tree.number("/transport/bpm").value == 120
    stage.engine.fire("/redo")
    stage.engine.turn()
    assert stage.engine.tree.number("/transport/bpm").value == 140


def test_a_binding_made_by_hand_is_one_step() -> None:
    stage = Stage()
    line = Binding(Source("output", "/listener/label/glass"), "/transport/play", Fire())
    stage.engine.bind(line)
    stage.engine.bind(line)
    stage.engine.turn()
    assert list(stage.engine.bindings) == [line]
    stage.engine.fire("/undo")
    stage.engine.turn()
    assert list(stage.engine.bindings) == []
    stage.engine.fire("/redo")
    stage.engine.unbind(line)
    stage.engine.turn()
    assert (list(stage.engine.bindings), stage.engine.history.next_undo) == ([], "Unmap /listener/label/glass")


def test_what_is_no_step_of_the_music_is_not_taken_back() -> None:
    stage = Stage()
    stage.engine.tree.add(Parameter("/view", 0, Linear(0, 1), undoable=False))
    stage.engine.set("/transport/bpm", 100)
    stage.engine.set("/view", 1)
    stage.engine.fire("/undo")
    stage.engine.turn()
    values = [stage.engine.tree.number(address).value for address in ("/view", "/transport/bpm")]
    assert values == [1, 120]


def test_what_cannot_be_used_is_said_and_counted() -> None:
    stage = Stage()
    packet(stage, "/composer/wobble", 1.0)
    stage.run(1.1)
    packet(stage, "/transport/bpm", float("nan"))
    packet(stage, "/transport/bpm", "fast")
    packet(stage, "/transport/bpm")
    stage.engine.inbox.put(Fault(0, "osc in", "OSC from x could not be read"))
    stage.engine.turn()
    assert stage.engine.tree.number("/transport/bpm").value == 120
    said = " | ".join(stage.said("warning"))
    for words in ("/composer/wobble", "not a number", "'fast' holds no number", "needs a value", "could not be read"):
        assert words in said
    assert packet(stage, "/get", "/nowhere")[0][0] == "/error"


def test_a_storm_of_garbage_is_one_line_a_second_with_its_count() -> None:
    stage = Stage()
    for number in range(500):
        stage.engine.inbox.put(Fault(0, "osc in", f"OSC from x could not be read ({number} bytes)"))
        packet(stage, f"/unknown/{number}", 1.0)
        stage.clock.advance(0.004)
    assert len(stage.said("warning")) <= 6
    assert stage.engine.monitor.counts["osc in faults"] == stage.engine.monitor.counts["osc unknown"] == 500


def test_q_asks_while_playing_only() -> None:
    stage = playing()
    stage.run(0.5)
    stage.engine.fire("/quit/ask")
    stage.run(2.5)
    assert not stage.engine.ended
    stage.engine.fire("/quit/ask")
    stage.engine.turn()
    stage.engine.fire("/quit/ask")
    stage.engine.turn()
    assert stage.engine.ended


def test_a_flood_is_bounded_and_said() -> None:
    stage = Stage()
    for number in range(30_000):
        stage.engine.set("/transport/bpm", 100 + number % 7)
    stage.engine.turn()
    stage.engine.turn()
    assert stage.engine.inbox.dropped == 10_000
    assert any("10000 were dropped" in text for text in stage.said("warning"))


def test_the_picture_shows_notes_that_sound_and_end() -> None:
    stage = playing()
    stage.run(1.2)
    notes = stage.engine.snapshot.notes
    assert notes[0].end == 1.0
    assert notes[-1].end is None
    stage.engine.fire("/transport/stop")
    stage.run(0.05)
    assert all(note.end is not None for note in stage.engine.snapshot.notes)


def test_a_test_note_goes_out_and_ends() -> None:
    stage = Stage()
    stage.engine.fire("/output/none")
    stage.engine.turn()
    stage.engine.test_note()
    stage.run(1)
    assert [word for _, word, _ in stage.score()] == ["on", "off"]
    assert stage.dummy.held == set()


def test_offline_runs_need_an_offline_clock() -> None:
    with pytest.raises(TypeError, match="OfflineClock"):
        Engine(WallClock()).run_until(1)


def test_watched_values_act_once_per_turn() -> None:
    stage, seen = Stage(), []
    stage.engine.tree.add(Parameter("/x", 0, Linear(0, 10)))
    stage.engine.watcher.on(("/x",), lambda: seen.append(stage.engine.tree.number("/x").value))
    stage.engine.turn()
    for value in (1, 2, 3):
        stage.engine.set("/x", value)
    stage.engine.turn()
    assert seen == [0, 3]
    assert isinstance(stage.clock, OfflineClock)


def test_notes_move_what_is_bound_to_them() -> None:
    """A struck channel by its name, the Composer's notes by loudness and pitch; nobody else's."""
    stage = Stage()
    engine = stage.engine
    add = engine.bindings.add
    add(Binding(Source("output", "/follower/hit/snare"), "/transport/bpm", Follow()))
    add(Binding(Source("output", "/composer/note", 1), "/engine/lookahead", Follow()))

    class Teller(Metronome):
        told: ClassVar[list[Event]] = [
            NoteOn(0, "drums", 38, 127, "snare"),
            NoteOn(0, "drums", 36, 1, "kick"),
            NoteOn(0, "composer", 127, 90),
            NoteOn(0, "lead", 20, 90),
        ]

        def tend(self) -> list[Event]:
            return self.told

    engine.add(Teller())
    engine.turn()
    assert engine.tree.number("/transport/bpm").value == 300
    assert engine.tree.number("/engine/lookahead").value == 100


def test_a_note_that_stops_the_music_is_ended_by_it() -> None:
    stage = Stage()
    engine = stage.engine
    engine.bindings.add(Binding(Source("output", "/composer/note"), "/transport/stop", Fire()))
    engine.add(Metronome(part="composer"))
    engine.fire("/transport/play")
    stage.run(2.0)
    assert not engine.transport.playing
    assert stage.dummy.held == set()


@pytest.mark.parametrize("amount", ["nan", float("nan"), float("inf"), "-inf"])
def test_a_number_that_is_none_moves_nothing(tmp_path: Path, amount: float | str) -> None:
    instrument = offline(tmp_path)
    engine = instrument.engine
    engine.fire("/transport/play")
    engine.run_until(11)
    engine.inbox.put(Packet(engine.clock.now(), "/transport/nudge", (amount,), ("127.0.0.1", 9), lambda *_: None))
    engine.run_until(12)
    assert engine.transport.beat == pytest.approx((12 - 10 - LEAD_S) * 2, abs=0.1)
    assert any("finite" in line.text for line in engine.monitor.log)


def test_a_fault_in_what_listens_or_follows_costs_no_note() -> None:
    stage = playing()
    heard: list[NoteOn] = []

    def fail(*_: object) -> None:
        raise KeyError("nowhere")

    stage.engine.note_hearers += [fail, heard.append]
    stage.engine.watcher.on(("/transport/bpm",), fail)
    stage.engine.watcher.on(("/transport/bpm",), lambda: heard.clear())
    stage.run(1.2)
    stage.engine.set("/transport/bpm", 60)
    stage.run(3.2)
    assert len(stage.score()) >= 8
    assert heard, "what listens after it hears the notes, and what follows after it follows"
    assert len(heard) < len([word for _, word, _ in stage.score() if word == "on"])
    assert any("KeyError('nowhere') at test_engine.py" in text for text in stage.said("warning"))
