"""Every player of the instrument goes through the same checks, found in its list."""

from pathlib import Path

import pytest

from app.event import Event, NoteOff, NoteOn, NoteVelocity
from app.instrument import Instrument
from app.player.base import NEVER, Player
from tests.instrument import offline, port_of

PARTS = [player.part for player in offline(Path("/nonexistent/session")).engine.players]
parts = pytest.mark.parametrize("part", PARTS)
# What a player must be asked for before it plays anything.
ASKED = {
    "follower": ("/follower/evaluate", "source kick*3; predict snare; learn openhat*5; lead*4 2,1 60,60,64; bass 1 36")
}


def made(part: str, seed: int = 5) -> tuple[Instrument, Player]:
    instrument = offline(Path("/nonexistent/session"), seed)
    instrument.engine.players[:] = [player for player in instrument.engine.players if player.part == part]
    if part in ASKED:
        instrument.engine.fire(*ASKED[part])
        instrument.engine.turn()
    return instrument, instrument.engine.players[0]


def play(instrument: Instrument, seconds: float) -> list[tuple[float, Event]]:
    instrument.engine.fire("/transport/play")
    clock = instrument.engine.clock
    instrument.engine.run_until(clock.now() + seconds)
    instrument.engine.fire("/transport/stop")
    instrument.engine.turn()
    return port_of(instrument).sent


@parts
def test_same_seed_same_events(part: str) -> None:
    assert play(made(part)[0], 20) == play(made(part)[0], 20)


@parts
def test_another_seed_other_events(part: str) -> None:
    one, two = play(made(part, 1)[0], 20), play(made(part, 2)[0], 20)
    assert one != two or steps_never(part)


def parts_of(part: str) -> tuple[str, ...]:
    """Return the names under which a player's events go."""
    parts: tuple[str, ...] = getattr(made(part)[1], "parts", (part,))
    return parts


def steps_never(part: str) -> bool:
    """Whether a player only answers what it hears and has no steps of its own."""
    player = made(part)[1]
    player.start(0)
    return player.due() == NEVER


@parts
def test_no_event_after_stop_and_no_held_note_at_the_end(part: str) -> None:
    instrument, player = made(part)
    play(instrument, 7.31)
    port = port_of(instrument)
    assert port.held == set()
    assert player.due() == NEVER
    sent = len(port.sent)
    instrument.engine.run_until(instrument.engine.clock.now() + 5)
    assert len(port.sent) == sent


@parts
def test_what_it_sends_is_well_formed(part: str) -> None:
    sounding: set[tuple[str, int]] = set()
    beats: list[float] = []
    own = parts_of(part)
    for _, event in play(made(part)[0], 30):
        assert event.part in own
        beats.append(event.beat)
        match event:
            case NoteOn(_, of, pitch, velocity):
                assert (of, pitch) not in sounding
                assert 0 <= pitch <= 127
                assert 1 <= velocity <= 127
                sounding.add((of, pitch))
            case NoteOff(_, of, pitch):
                if event.beat != 0 or (of, pitch) in sounding:
                    sounding.remove((of, pitch))
            case NoteVelocity(_, of, pitch, velocity):
                assert (of, pitch) in sounding
                assert 1 <= velocity <= 127
    assert beats[: len(beats) // 2] == sorted(beats[: len(beats) // 2])


@parts
def test_start_at_any_beat_and_start_again(part: str) -> None:
    _instrument, player = made(part)
    for beat in (0.0, 0.1, 17.33, 4.0):
        player.start(beat)
        if steps_never(part):
            assert player.step() == []
            continue
        assert beat <= player.due() < beat + 4
        first = player.step()
        assert all(event.beat >= beat for event in first)
    player.stop()
    assert player.due() == NEVER
