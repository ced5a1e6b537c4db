"""The bar over the views: after a crash Keep or Start clean, and a session on its way in."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.saving import FILE
from app.session import AUTOSAVE_S, read
from tests.instrument import offline
from tests.ui.rig import Rig


def crashed(folder: Path) -> Path:
    """Leave a session as a killed instrument leaves it: saved with density 0.25, autosaved with 0.75."""
    one = offline(folder)
    for density, verb in ((0.25, "/session/save"), (0.75, "")):
        one.engine.set("/composer/density", density)
        one.engine.run_until(one.engine.clock.now() + 0.1)
        if verb:
            one.engine.fire(verb)
        one.engine.run_until(one.engine.clock.now() + AUTOSAVE_S + 1)
    return folder


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Rig:
    made = Rig(qtbot, crashed(tmp_path / "set"))
    made.instrument.session.resume()
    made.play(0.1)
    return made


def test_it_is_there_only_while_there_is_something_to_decide(qtbot: QtBot, tmp_path: Path) -> None:
    rig = Rig(qtbot, tmp_path / "set")
    assert not rig.window.session_bar.isVisible()


@pytest.mark.parametrize(("pad", "density"), [("keep", 0.75), ("clean", 0.25)])
def test_what_a_crash_left_is_kept_or_thrown_away(rig: Rig, pad: str, density: float) -> None:
    bar = rig.window.session_bar
    assert bar.isVisible()
    assert bar.words.text.startswith("Recovered at ")
    assert not bar.stop.isVisible()
    getattr(bar, pad).click()
    rig.play(0.1)
    assert rig.engine.tree.number("/composer/density").value == density
    assert not bar.isVisible()
    assert read(rig.instrument.session.folder)["parameters"]["/composer/density"] == density


def test_a_session_on_its_way_shows_how_far_it_is_and_can_be_stopped(rig: Rig, tmp_path: Path) -> None:
    tree = rig.engine.tree
    tree.text("/session/state").set("opening big")
    tree.number("/session/progress").set(0.456)
    rig.window.refresh()
    bar = rig.window.session_bar
    assert bar.words.text == "Opening big   46%"
    assert bar.stop.isVisible()
    assert not bar.keep.isVisible()
    assert (tmp_path / "set" / FILE).exists()
