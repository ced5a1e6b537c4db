"""A model can leave its session: saved to a file, loaded elsewhere, playing the same."""

from pathlib import Path

import pytest

from app.event import NoteOn
from app.instrument import Instrument
from tests.instrument import offline, port_of

LEARN, PREDICT = "source kick*2; learn snare 3,3,2;", "source kick*2; predict snare;"


def snares(instrument: Instrument, seconds: float) -> list[float]:
    """Return on which ticks of the bar the snare falls from now on."""
    engine, since = instrument.engine, len(port_of(instrument).sent)
    engine.run_until(engine.clock.now() + seconds)
    events = [event for _, event in port_of(instrument).sent[since:] if isinstance(event, NoteOn)]
    return sorted({event.beat % 4 * 2 for event in events if event.name == "snare"})


def playing(folder: Path, program: str) -> Instrument:
    instrument = offline(folder)
    instrument.engine.set("/composer/mute", 1)
    instrument.engine.fire("/follower/evaluate", program)
    instrument.engine.fire("/transport/play")
    instrument.engine.turn()
    return instrument


def test_a_saved_model_plays_elsewhere_what_it_learnt_here(tmp_path: Path) -> None:
    path = tmp_path / "snare.json"
    here = playing(tmp_path / "a", LEARN)
    here.engine.run_until(here.engine.clock.now() + 12)
    here.engine.fire("/follower/model/save", str(path))
    here.engine.turn()
    there = playing(tmp_path / "b", PREDICT)
    there.engine.fire("/follower/model/load", str(path))
    snares(there, 4.0)
    assert snares(there, 4.0) == [0.0, 3.0, 6.0]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"snare": 3}', '{"snare": {}}', "\x00"])
def test_a_file_that_is_no_model_is_said_and_changes_nothing(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text)
    instrument = playing(tmp_path / "a", LEARN)
    instrument.engine.run_until(instrument.engine.clock.now() + 8)
    before = instrument.following.follower.school.lessons["snare"].save()
    instrument.engine.fire("/follower/model/load", str(path))
    instrument.engine.fire("/follower/model/load", str(tmp_path / "nowhere"))
    instrument.engine.turn()
    said = [line.text for line in instrument.engine.monitor.log if line.level == "error"]
    assert len(said) == 2
    after = instrument.following.follower.school.lessons["snare"].save()
    assert {key: after[key] for key in after if key != "curve"}.keys() == before.keys() - {"curve"}


def test_nothing_learnt_is_nothing_to_save(tmp_path: Path) -> None:
    instrument = offline(tmp_path)
    instrument.engine.fire("/follower/model/save", str(tmp_path / "x.json"))
    instrument.engine.turn()
    assert not (tmp_path / "x.json").exists()
    assert "nothing was learnt" in instrument.engine.monitor.log[-1].text
