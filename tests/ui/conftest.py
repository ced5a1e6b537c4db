"""A window on the offline instrument, without a window system."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.rig import Modifier, Rig
from ui.application import make_application


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return make_application()


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Rig:
    return Rig(qtbot, tmp_path)


@pytest.fixture
def studio(rig: Rig) -> Rig:
    """Studio with the columns of the Listener."""
    rig.show("studio")
    rig.key(Qt.Key.Key_1, Modifier.AltModifier)
    assert rig.window.studio.listener[0].isVisible()
    return rig
