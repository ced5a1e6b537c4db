"""A session of the first version, as it was stored then, opens today: nothing is lost and nobody is warned.

`session_0.1/` was written by the first instrument with all four players. It stays as it is; whoever changes what a
session holds sees here whether the old ones still open.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from app.binding import Binding, Fire, Flip, Follow, Source
from app.event import NoteOn
from app.frame import Frame
from app.instrument import Instrument
from app.scene import Scenes
from tests.instrument import offline, port_of

STORED = Path(__file__).parent / "session_0.1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STORED, tmp_path / "old"))


def opened(folder: Path) -> Instrument:
    instrument = offline(folder)
    instrument.session.resume()
    turn(instrument, 1.0)
    return instrument


def turn(instrument: Instrument, seconds: float) -> None:
    instrument.engine.run_until(instrument.engine.clock.now() + seconds)


def scenes_of(instrument: Instrument) -> Scenes:
    return next(keeper for keeper in instrument.session.keepers if isinstance(keeper, Scenes))


def parameters(folder: Path) -> dict[str, float | str]:
    found: dict[str, float | str] = json.loads((folder / "session.json").read_text(encoding="utf-8"))["parameters"]
    return found


def test_it_opens_without_a_warning(folder: Path) -> None:
    instrument = opened(folder)
    assert [line.text for line in instrument.engine.monitor.log if line.level != "info"] == []


def test_every_value_is_there_and_what_came_later_has_its_default(folder: Path) -> None:
    instrument, stored = opened(folder), parameters(STORED)
    for address, value in stored.items():
        found = instrument.engine.tree.find(address)
        assert found is None or found.stored == value, address
    for parameter in instrument.engine.tree:
        if parameter.kept and parameter.address not in stored:
            assert parameter.value == parameter.default, parameter.address
    gone = {address for address in stored if instrument.engine.tree.find(address) is None}
    assert set(instrument.session.ledger.unknown) == gone


def test_every_binding_is_there_and_moves_what_it_moved(folder: Path) -> None:
    engine = opened(folder).engine
    assert [binding for binding in engine.bindings if not binding.factory] == [
        Binding(Source("osc", "/accel", 1), "/composer/density", Follow(-1, 1, 0.2, 0.8, 0.5)),
        Binding(Source("key", "X"), "/composer/mute", Flip()),
        Binding(Source("output", "/listener/label/two"), "/composer/next", Fire()),
        Binding(Source("midi", "cc21", 1), "/composer/intensity", Follow()),
    ]
    engine.hands.feel(Source("osc", "/accel", 1), 1.0, "osc", 0.0)
    assert engine.tree.number("/composer/density").value == pytest.approx(0.8)


def test_the_listener_knows_what_it_knew(folder: Path) -> None:
    instrument = opened(folder)
    dataset = instrument.listener.dataset
    assert len(dataset) == 36
    assert [(label.number, label.name) for label in dataset.outputs[0].labels] == [(2, "two")]
    instrument.engine.set("/listener/play", "on")
    turn(instrument, 0.1)
    for number, place in enumerate(((0.1, 0.1), (0.9, 0.1), (0.5, 0.9)), 1):
        for _ in range(20):
            instrument.engine.inbox.put(Frame(instrument.engine.clock.now(), "pointer", np.array(place, np.float32)))
            turn(instrument, 0.02)
        assert instrument.engine.snapshot.listener.label == number
    assert instrument.engine.tree.number("/composer/model").show() == "Schubert"  # Which `two` was bound to call.


def test_the_rules_call_what_they_learnt(folder: Path) -> None:
    instrument = opened(folder)
    assert [row.label for row in instrument.ruling.rules.table.rows] == ["rain", "rain", "storm", "storm"]
    for label, low, high in (("rain", 20, 60), ("storm", 700, 1300)):
        instrument.engine.fire("/rules/call", label)
        turn(instrument, 3.0)
        assert low < instrument.engine.tree.number("/rules/knob/1").value < high


def test_the_follower_plays_on_what_it_was_taught(folder: Path) -> None:
    instrument = opened(folder)
    engine = instrument.engine
    engine.fire("/follower/evaluate", "bpm 120; source kick*2; predict snare;")
    turn(instrument, 0.1)
    engine.fire("/transport/play")
    turn(instrument, 12.0)
    sent = [event for _, event in port_of(instrument).sent if isinstance(event, NoteOn)]
    struck = [event.beat % 4 for event in sent if event.name == "snare" and event.beat >= 8]
    assert len(struck) >= 6
    assert set(struck) == {1.0, 3.0}  # snare*2+0.5, a quarter of a cycle early.


def test_its_scene_is_called(folder: Path) -> None:
    instrument = opened(folder)
    assert scenes_of(instrument).find("quiet").number == 4
    instrument.engine.set("/composer/temperature", 9)
    instrument.engine.fire("/scene/call", "quiet")
    turn(instrument, 0.1)
    assert instrument.engine.tree.number("/composer/temperature").value == 1.25


def test_saved_today_it_holds_all_that_it_held(folder: Path) -> None:
    instrument = opened(folder)
    instrument.engine.set("/composer/density", 0.123)
    turn(instrument, 0.1)
    instrument.session.save()
    stored, now = parameters(STORED), parameters(folder)
    assert {**now, "/composer/density": stored["/composer/density"]}.items() >= stored.items()
    again = opened(folder)
    assert len(again.listener.dataset) == 36
    assert set(again.following.follower.school.lessons) == {"snare"}
