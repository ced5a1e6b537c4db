"""What a hit of the Follower's moves: every channel is felt when it is due, whatever it sounds on, and let go."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.binding import Binding, Follow, Hold, Put, Source
from app.event import NoteOff, NoteOn
from app.frame import MidiMessage
from app.inbox import Packet
from app.parameter import Linear, Parameter, switch
from tests.player.follower.room import Hall

LEVEL, GATE = "/test/level", "/test/gate"
LOUD = pytest.approx(100 / 127)


def hall(folder: Path, text: str, name: str, move: object = None, target: str = LEVEL) -> Hall:
    made = Hall(folder, text)
    made.engine.tree.add(Parameter(LEVEL, 0, Linear(0, 1)))
    made.engine.tree.add(Parameter(GATE, 0, switch()))
    source = Source("output", f"/follower/hit/{name}")
    made.engine.bindings.add(Binding(source, target, move or Follow()))  # type: ignore[arg-type]
    return made


def moved(made: Hall, address: str, seconds: float) -> list[tuple[float, float]]:
    """Let time pass; return when a value moved, in seconds since the first beat, and where to."""
    parameter, found = made.engine.tree.number(address), []
    before, end = parameter.version, made.stage.clock.seconds + seconds
    while made.stage.clock.seconds < end:
        made.stage.run(0.001)
        if parameter.version != before:
            before = parameter.version
            found.append((round(made.stage.clock.seconds - 10.03, 3), parameter.value))
    return found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("snare+0.5;", "snare"),
        ("bass+0.5 1 33;", "bass"),
        ("lead+0.5 1 60;", "lead"),
        ('define light osc "/light";\nlight+0.5;', "light"),
        ('define far osc "127.0.0.1:9000/far";\nfar+0.5;', "far"),
        ("define gong midi 60 channel 5;\ngong+0.5;", "gong"),
    ],
)
def test_a_hit_of_any_channel_moves_when_it_is_due(tmp_path: Path, text: str, name: str) -> None:
    made = hall(tmp_path, text, name)
    assert made.follower.fault is None, made.follower.fault
    made.engine.play()
    [(at, value)] = moved(made, LEVEL, 1.9)
    assert (at, value) == (pytest.approx(1.0, abs=0.003), LOUD)


@pytest.mark.parametrize("plays", [True, False])
@pytest.mark.parametrize("ear", ["osc", "midi"])
def test_what_somebody_plays_without_a_sound_of_ours_moves_too(tmp_path: Path, ear: str, plays: bool) -> None:
    meant = 'osc in "/tap"' if ear == "osc" else "midi in 36"
    made = hall(tmp_path, f"define tap {meant}; source tap;", "tap")
    if plays:
        made.engine.play()
    made.stage.run(0.5)
    now = made.stage.clock.seconds
    heard = Packet(now, "/tap", (0.5,), ("127.0.0.1", 9), lambda *_: None)
    made.engine.inbox.put(heard if ear == "osc" else MidiMessage(now, "pads", (0x99, 36, 64)))
    assert [value for _, value in moved(made, LEVEL, 0.1)] == [64 / 127]


def test_each_hit_is_felt_once_and_says_how_hard(tmp_path: Path) -> None:
    made = hall(tmp_path, "bass*4 1,1 33,36;", "bass", Put(1.0))
    felt = made.engine.hands.feels
    made.engine.play()
    made.stage.run(4.0)
    sounded = [event for _, event in made.sent if isinstance(event, NoteOn)]
    assert len(sounded) > 4
    assert made.engine.hands.feels - felt == len(sounded)


def test_what_a_hit_holds_is_let_go_when_it_ends_or_the_music_does(tmp_path: Path) -> None:
    made = hall(tmp_path, 'define light osc "/light"; light*2;', "light", Hold(1.0, 0.0), GATE)
    made.engine.play()
    assert [value for _, value in moved(made, GATE, 0.9)] == [1, 0]
    bass = hall(tmp_path / "b", "bass 1 33;", "bass", Hold(1.0, 0.0), GATE)
    bass.engine.play()
    assert [value for _, value in moved(bass, GATE, 0.5)] == [1]
    bass.engine.fire("/transport/stop")
    assert [value for _, value in moved(bass, GATE, 4.0)] == [0]
    assert bass.engine.hands.held == {}
    assert any(isinstance(event, NoteOff) for _, event in bass.sent)


def test_a_hit_that_never_comes_moves_nothing_and_a_muted_one_neither(tmp_path: Path) -> None:
    made = hall(tmp_path, "lead+0.5 1 60;", "lead")
    made.engine.play()
    made.engine.run_until(11.0)
    assert made.engine.cues.due < float("inf"), "it is computed already"
    made.engine.fire("/transport/stop")
    assert moved(made, LEVEL, 1.0) == []
    made.engine.set("/follower/mute", 1)
    made.engine.fire("/transport/play")
    assert moved(made, LEVEL, 3.0) == []
