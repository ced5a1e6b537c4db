"""A window on the offline instrument, without a window system."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.instrument import Instrument
from tests.instrument import offline
from tests.ui.follower import FakeFollower
from tests.ui.rig import Modifier, Rig
from ui.application import make_application


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return make_application()


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Rig:
    return Rig(qtbot, tmp_path)


@pytest.fixture
def obedient(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Rig, FakeFollower]:
    """Studio with a Follower that only obeys and shows what it is told to."""
    made: list[FakeFollower] = []

    def build(session: Path) -> Instrument:
        instrument = offline(session)
        made.append(FakeFollower(instrument.engine))
        return instrument

    monkeypatch.setattr("tests.ui.rig.offline", build)
    rig = Rig(qtbot, tmp_path)
    rig.show("studio")
    rig.key(Qt.Key.Key_3, Modifier.AltModifier)
    return rig, made[0]


@pytest.fixture
def studio(rig: Rig) -> Rig:
    """Studio with the columns of the Listener."""
    rig.show("studio")
    rig.key(Qt.Key.Key_1, Modifier.AltModifier)
    assert rig.window.studio.listener[0].isVisible()
    return rig
