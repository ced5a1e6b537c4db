"""A tempo in a program holds from the very beat on which the program takes effect."""

from itertools import pairwise
from pathlib import Path

import pytest

from app.event import NoteOn
from tests.instrument import offline, port_of


@pytest.mark.parametrize("bpm", [60, 240])
def test_hits_keep_their_distance_up_to_the_change_and_have_the_new_one_after(tmp_path: Path, bpm: int) -> None:
    instrument = offline(tmp_path)
    engine, clock = instrument.engine, instrument.engine.clock
    engine.set("/composer/mute", 1)
    engine.set("/follower/quantise", "bar")
    engine.fire("/follower/evaluate", "bpm 120; kick*8;")
    engine.fire("/transport/play")
    engine.run_until(clock.now() + 3.0)
    engine.fire("/follower/evaluate", f"bpm {bpm}; kick*8;")
    engine.run_until(clock.now() + 6.0)
    hits = [at for at, event in port_of(instrument).sent if isinstance(event, NoteOn) and event.name == "kick"]
    steps = [round(after - before, 4) for before, after in pairwise(hits)]
    assert set(steps) == {0.25, round(30 / bpm, 4)}
    assert steps == sorted(steps, reverse=bpm > 120)
