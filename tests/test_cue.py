"""What notes move, and when: at their moment, not when they were thought of, and nothing stays held when they end."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.binding import Binding, Fire, Follow, Hold, Pick, Put, Source
from app.event import NOW, Event, Message, NoteOff, NoteOn
from app.frame import MidiMessage
from app.map_cue import MOST
from app.parameter import Linear, Parameter, Steps, switch
from app.player.base import NEVER
from tests.stage import Stage

KICK, COMPOSED, PITCH = "/follower/hit/kick", "/composer/note", 1
GATE, LEVEL, SLOT = "/test/gate", "/test/level", "/test/slot"


@dataclass
class Drummer:
    """Plays a score: (beat, part, pitch, length, name)."""

    score: list[tuple[float, str, int, float, str]]
    part: str = "drummer"
    parts: tuple[str, ...] = ("drums", "composer", "drummer")
    now: list[Event] = field(default_factory=list)
    left: list[tuple[float, str, int, float, str]] = field(default_factory=list)

    def start(self, beat: float) -> None:
        self.left = [note for note in self.score if note[0] >= beat]

    def stop(self) -> None:
        self.left = []

    def due(self) -> float:
        return self.left[0][0] if self.left else NEVER

    def step(self) -> list[Event]:
        beat, part, pitch, length, name = self.left.pop(0)
        return [NoteOn(beat, part, pitch, 127, name), NoteOff(beat + length, part, pitch)]

    def tend(self) -> list[Event]:
        now, self.now = self.now, []
        return now


def stage_of(*score: tuple[float, str, int, float, str]) -> tuple[Stage, Drummer]:
    stage = Stage()
    drummer = Drummer(list(score))
    stage.engine.add(drummer)
    tree = stage.engine.tree
    tree.add(Parameter(GATE, 0, switch()))
    tree.add(Parameter(LEVEL, 0, Linear(0, 1)))
    tree.add(Parameter(SLOT, 0, Steps(("a", "b", "c"))))
    return stage, drummer


def bind(stage: Stage, name: str, target: str, move: object, index: int = 0, kind: str = "output") -> Binding:
    line = Binding(Source(kind, name, index), target, move)  # type: ignore[arg-type]
    stage.engine.bindings.add(line)
    return line


def moves(stage: Stage, address: str, seconds: float, every: float = 0.001) -> list[tuple[float, float]]:
    """Let time pass in small steps; return when a value moved and where to."""
    parameter, found = stage.engine.tree.number(address), []
    end, before = stage.clock.seconds + seconds, parameter.value
    while stage.clock.seconds < end:
        stage.run(every)
        if parameter.value != before:
            before = parameter.value
            found.append((round(stage.clock.seconds, 3), before))
    return found


def test_a_hit_moves_when_it_sounds_and_lets_go_when_it_ends() -> None:
    stage, _ = stage_of((1.0, "drums", 36, 0.25, "kick"))
    bind(stage, KICK, GATE, Hold(1.0, 0.0))
    stage.engine.play()
    began = stage.engine.transport.time_at(0.0)
    moved = moves(stage, GATE, 1.5)
    sent = {type(event): seconds for seconds, event in stage.dummy.sent}
    (down, _), (up, _) = moved
    assert down == pytest.approx(began + 0.5, abs=0.002)
    assert up == pytest.approx(began + 0.625, abs=0.002)
    assert down == pytest.approx(sent[NoteOn], abs=0.002)
    assert up == pytest.approx(sent[NoteOff], abs=0.002)


def test_a_hit_that_was_thought_of_and_never_sounds_moves_nothing() -> None:
    for verb in ("/transport/stop", "/panic"):
        stage, _ = stage_of((1.0, "drums", 36, 0.25, "kick"))
        bind(stage, KICK, LEVEL, Put(1.0))
        stage.engine.play()
        stage.engine.run_until(stage.engine.transport.time_at(1.0) - 0.02)
        assert stage.engine.cues.due < float("inf"), "it is computed already"
        stage.engine.fire(verb)
        stage.run(1.0)
        assert stage.engine.tree.number(LEVEL).value == 0


def test_a_player_that_fails_takes_back_what_its_notes_would_have_moved() -> None:
    stage, drummer = stage_of((1.0, "drums", 36, 4.0, "kick"), (1.1, "drums", 38, 4.0, "snare"))
    bind(stage, KICK, GATE, Hold(1.0, 0.0))
    stage.engine.play()
    stage.engine.run_until(stage.engine.transport.time_at(1.02))
    assert stage.engine.tree.number(GATE).value == 1
    drummer.tend = lambda: 1 / 0  # type: ignore[assignment, return-value]
    stage.run(0.1)
    assert stage.engine.tree.number(GATE).value == 0


def test_what_has_no_time_moves_at_once_and_a_hit_may_stop_the_music() -> None:
    stage, drummer = stage_of((1.0, "drums", 36, 0.25, "kick"))
    bind(stage, "/listener/out", LEVEL, Follow())
    bind(stage, KICK, "/transport/stop", Fire())
    drummer.now = [Message(NOW, "listener", "/listener/out", (0.5,))]
    stage.engine.turn()
    assert stage.engine.tree.number(LEVEL).value == 0.5
    stage.engine.play()
    stage.engine.run_until(stage.engine.transport.time_at(0.99))
    assert stage.engine.transport.playing
    stage.run(0.02)
    assert not stage.engine.transport.playing
    assert stage.engine.outputs.sounding == set()


def test_the_last_of_several_notes_lets_go_and_a_pitch_picks() -> None:
    stage, _ = stage_of((0.0, "composer", 60, 2.0, ""), (0.5, "composer", 61, 0.5, ""), (1.5, "composer", 59, 0.1, ""))
    bind(stage, COMPOSED, GATE, Hold(1.0, 0.0))
    bind(stage, COMPOSED, SLOT, Pick(60, ("b", "c")), PITCH)
    stage.engine.play()
    at = stage.engine.transport.time_at
    for beat, gate, slot in ((0.1, 1, "b"), (0.6, 1, "c"), (1.2, 1, "c"), (1.55, 1, "c"), (1.9, 1, "c"), (2.1, 0, "c")):
        stage.engine.run_until(at(beat))
        assert (stage.engine.tree.number(GATE).value, stage.engine.tree.number(SLOT).show()) == (gate, slot), beat


def test_a_flood_of_cues_is_bounded() -> None:
    stage, _ = stage_of()
    bind(stage, KICK, LEVEL, Put(1.0))
    for number in range(MOST + 10):
        stage.engine.cues.take(1e6, NoteOn(float(number), "drums", 36, 100, "kick"))
    assert len(stage.engine.cues._waiting) == MOST
    assert stage.engine.cues.dropped == 10
    stage.engine.cues.take(1e6, NoteOff(1e5, "drums", 36))  # What it lets go would be held for ever.
    assert len(stage.engine.cues._waiting) == MOST + 1
    assert stage.engine.cues.dropped == 10


# --- played notes ---------------------------------------------------------------------------------------


def play(stage: Stage, status: int, pitch: int, velocity: int, port: str = "keys") -> None:
    stage.engine.inbox.put(MidiMessage(stage.clock.seconds, port, (status, pitch, velocity)))
    stage.run(0.005)


def test_any_note_played_moves_holds_and_picks() -> None:
    stage, _ = stage_of()
    bind(stage, "note", GATE, Hold(1.0, 0.0), kind="midi")
    bind(stage, "pitch", LEVEL, Follow(), 3, kind="midi")
    bind(stage, "pitch", SLOT, Pick(0, ("a", "b", "c")), kind="midi")
    value = stage.engine.tree.number
    play(stage, 0x92, 64, 100)
    assert (value(GATE).value, value(LEVEL).value) == (1, pytest.approx(64 / 127))
    play(stage, 0x90, 2, 100)
    assert value(LEVEL).value == pytest.approx(64 / 127), "another channel"
    assert value(SLOT).show() == "c"
    play(stage, 0x90, 0, 100)
    assert value(SLOT).show() == "a", "the lowest key is a key"
    play(stage, 0x92, 64, 0)
    play(stage, 0x80, 2, 0)
    assert value(GATE).value == 1
    play(stage, 0x80, 0, 0)
    assert value(GATE).value == 0
    assert value(LEVEL).value == pytest.approx(64 / 127), "a pitch stays where it was played"


def test_a_played_note_fires_with_how_hard_it_was_struck() -> None:
    stage, _ = stage_of()
    given_: list[tuple[object, ...]] = []
    stage.engine.actions.add_with("/test/strike", given_.append, "Strike")
    bind(stage, "note", "/test/strike", Fire(("kick",), gives=True), kind="midi")
    bind(stage, "pitch", "/test/strike", Pick(36, ("one", "two")), kind="midi")
    for pitch in (36, 37, 38):
        play(stage, 0x90, pitch, 127)
        play(stage, 0x80, pitch, 0)
    assert given_ == [("kick", 1.0), ("one",), ("kick", 1.0), ("two",), ("kick", 1.0)]


# --- nothing sticks -------------------------------------------------------------------------------------

SOURCES = [
    Source("midi", "note60"), Source("midi", "note"), Source("midi", "pitch", 1, "keys"), Source("output", KICK),
    Source("output", COMPOSED), Source("output", COMPOSED, 1), Source("midi", "note61", 1, "keys"),
]  # fmt: skip
DEEDS = st.one_of(
    st.tuples(st.just("on"), st.sampled_from([60, 61, 62]), st.sampled_from(["keys", "pads"])),
    st.tuples(st.just("off"), st.sampled_from([60, 61, 62]), st.sampled_from(["keys", "pads"])),
    st.tuples(st.sampled_from(["play", "wait", "pull", "stop", "panic", "quiet"])),
    st.tuples(st.just("line"), st.integers(0, len(SOURCES) - 1)),
)
ENDS = ("/transport/stop", "/panic")


@given(st.lists(DEEDS, max_size=30), st.sampled_from(ENDS))
@settings(max_examples=60, deadline=None)
def test_after_any_interleaving_and_then_stop_nothing_is_held(deeds: list[tuple[object, ...]], end: str) -> None:
    stage, _ = stage_of(
        *[(beat / 2, "drums", 36, 0.4, "kick") for beat in range(12)],
        *[(beat / 3 + 6, "composer", 60 + beat % 3, 0.9, "") for beat in range(12)],
    )
    engine = stage.engine
    lines = []
    for number, source in enumerate(SOURCES):
        engine.tree.add(Parameter(f"/held/{number}", 0.25, Linear(0, 1)))
        lines.append(Binding(source, f"/held/{number}", Hold(1.0, 0.25)))
        engine.bindings.add(lines[-1])
    for deed in deeds:
        match deed:
            case ("on", int(pitch), str(port)):
                play(stage, 0x90, pitch, 99, port)
            case ("off", int(pitch), str(port)):
                play(stage, 0x80, pitch, 0, port)
            case ("line", int(number)):
                engine.unbind(lines[number]) if lines[number] in engine.bindings else engine.bind(lines[number])
                stage.run(0.01)
                if lines[number] not in engine.bindings:
                    assert engine.tree.number(f"/held/{number}").value == 0.25
            case ("pull",):
                engine.hands.let_go("keys", stage.clock.seconds)
            case ("quiet",):
                play(stage, 0xB0, 123, 0)
            case ("wait",):
                stage.run(0.4)
            case (str(verb),):
                engine.fire({"play": "/transport/play", "stop": ENDS[0], "panic": ENDS[1]}[verb])
                stage.run(0.02)
    engine.fire(end)
    stage.run(0.02)
    assert engine.hands.held == {}
    assert [engine.tree.number(f"/held/{number}").value for number in range(len(SOURCES))] == [0.25] * len(SOURCES)


def test_a_key_that_goes_up_while_map_mode_listens_lets_go(tmp_path: object) -> None:
    stage, _ = stage_of()
    bind(stage, "note60", GATE, Hold(1.0, 0.0), kind="midi")

    class Deaf:
        """Map mode, which takes everything for itself."""

        def takes(self, *_: object) -> bool:
            return True

        def takes_value(self, *_: object) -> bool:
            return True

        def unlock(self) -> None:
            """Nothing is locked."""

    play(stage, 0x90, 60, 100)
    assert stage.engine.tree.number(GATE).value == 1
    stage.engine.reception.mapping = Deaf()
    play(stage, 0x80, 60, 0)
    assert stage.engine.tree.number(GATE).value == 0


def test_a_line_taken_out_while_it_holds_lets_go_unless_somebody_moved_on() -> None:
    for moved, left in ((None, 0.0), (0.7, 0.7)):
        stage, _ = stage_of()
        line = bind(stage, "note60", LEVEL, Hold(1.0, 0.0), kind="midi")
        play(stage, 0x90, 60, 100)
        if moved is not None:
            stage.engine.set(LEVEL, moved)
        stage.engine.unbind(line)
        stage.run(0.02)
        assert stage.engine.tree.number(LEVEL).value == left
