"""The Rules at the sizes the window promises: nothing overlaps, nothing is cut, everything is reached by Tab."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget

from app.player.rules.synth import parse
from tests.ui.rig import Modifier, Rig
from tests.ui.test_view import LEAVES, SIZES, box, check_apart, describe
from ui.fader import Fader
from ui.widget.pad import Pad
from ui.widget.rules_count import Counts
from ui.widget.rules_grid import PresetGrid
from ui.widget.rules_label import PresetPad
from ui.widget.rules_map import RulesMap
from ui.widget.rules_sound import SoundingCard
from ui.widget.sentence import Sentence

ALL = (*LEAVES, RulesMap, SoundingCard, Counts, PresetGrid, Sentence)
VIEWS = ("studio", "table", "kept", "empty", "stage")
TABLE = Path(__file__).resolve().parents[2] / "presets" / "rules" / "weather.csv"


def settle(rig: Rig, size: QSize, view: str) -> None:
    rig.window.resize(size)
    if view != "empty":
        rig.engine.fire("/rules/import", str(TABLE))
        rig.play(0.3)
        rig.engine.set("/rules/distance", 3.0)
        rig.engine.set("/rules/consistency", 0.25)
        rig.play(0.3)
        rig.engine.fire("/rules/line", "set rain r")
        rig.play(0.1)
    rig.show("stage" if view == "stage" else "studio")
    rig.key(Qt.Key.Key_2, Modifier.AltModifier)
    examples, model, _ = rig.window.studio.rules
    if view == "table":
        examples.turn()  # type: ignore[attr-defined]
        model.sheets.open("Conflicts")  # type: ignore[attr-defined]
    if view == "kept":
        model.sheets.open("Kept")  # type: ignore[attr-defined]
    for _ in range(3):
        rig.turn()
        rig.window.tick()
        QApplication.processEvents()
    assert rig.window.size() == size


def leaves(window: QWidget) -> list[QWidget]:
    found = [widget for widget in window.findChildren(QWidget) if isinstance(widget, ALL) and widget.isVisible()]
    return [widget for widget in found if not isinstance(widget.parentWidget(), Fader | Pad)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
@pytest.mark.parametrize("view", VIEWS)
def test_everything_has_its_place(rig: Rig, view: str, size: QSize) -> None:
    settle(rig, size, view)
    check_apart(leaves(rig.window))
    for widget in leaves(rig.window):
        least = widget.minimumSizeHint()
        assert rig.window.rect().contains(box(widget)), describe(widget)
        assert widget.parentWidget().rect().contains(widget.geometry()), describe(widget)
        assert widget.height() >= least.height(), describe(widget)
        assert widget.width() >= least.width(), describe(widget)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
@pytest.mark.parametrize("view", VIEWS)
def test_words_are_whole_and_targets_large_enough(rig: Rig, view: str, size: QSize) -> None:
    settle(rig, size, view)
    content = rig.window.stage if view == "stage" else rig.window.studio
    for widget in content.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, Pad | Fader):
            continue
        assert widget.height() >= (56 if view == "stage" else 28), describe(widget)
        look = widget.desk.look
        if isinstance(widget, Fader):
            name = QFontMetrics(look.font(widget.form.name)).horizontalAdvance(widget.parameter.title)
            value = QFontMetrics(look.font(widget.form.value, True)).horizontalAdvance(widget.text)
            assert name + value + 6 <= widget.width(), widget.parameter.title
        else:
            sign = 26 if isinstance(widget, PresetPad) else 10
            words = QFontMetrics(look.font(widget.role, True)).horizontalAdvance(widget.text())
            assert words <= widget.width() - sign, widget.text()


@pytest.mark.parametrize("view", VIEWS)
def test_tab_reaches_every_control_and_each_has_a_name(rig: Rig, view: str) -> None:
    settle(rig, QSize(1440, 900), view)
    wanted = {
        widget for widget in leaves(rig.window) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()
    }
    reached: set[QWidget | None] = set()
    for _ in range(len(wanted) + 8):
        rig.key(Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert {describe(widget) for widget in wanted - reached} == set()
    assert all(widget.accessibleName() for widget in wanted), [describe(w) for w in wanted if not w.accessibleName()]


@pytest.mark.parametrize("size_percent", [90, 175])
@pytest.mark.parametrize("view", VIEWS)
def test_large_type_never_outgrows_the_window(rig: Rig, view: str, size_percent: int) -> None:
    rig.engine.set("/window/size", size_percent)
    for size in (SIZES[0], SIZES[-1]):
        settle(rig, size, view)
        check_apart(leaves(rig.window))
        for widget in leaves(rig.window):
            assert rig.window.rect().contains(box(widget)), describe(widget)


def test_nine_labels_and_thirty_two_knobs_fit(rig: Rig) -> None:
    settle(rig, SIZES[0], "empty")
    for number in range(12):
        rig.engine.set("/rules/knob/1", 40.0 + 20 * number)
        rig.turn()
        rig.engine.fire("/rules/keep", f"label {number + 1}")
        rig.turn()
    rig.play(0.5)
    for _ in range(3):
        rig.turn()
        QApplication.processEvents()
    keeps = rig.window.studio.rules[0].keep  # type: ignore[attr-defined]
    assert keeps.count == 9
    for widget in leaves(rig.window):
        assert rig.window.rect().contains(box(widget)), describe(widget)
    check_apart(leaves(rig.window))


@pytest.mark.parametrize("count", [3, 8, 16, 32])
def test_any_number_of_knobs_fits(rig: Rig, tmp_path: Path, count: int) -> None:
    knobs = [{"name": f"knob {n}", "low": 0, "high": 1, "osc": f"/k/{n}"} for n in range(1, count + 1)]
    synth = parse({"name": "many", "title": "Many", "knobs": knobs}, "many")
    voice = rig.instrument.ruling.rules.voice
    voice.offer([synth])
    rig.engine.set("/rules/synth", "many")
    settle(rig, SIZES[0], "empty")
    knobs_shown = rig.window.studio.rules[0].sheet.knobs  # type: ignore[attr-defined]
    shown = [row for row in knobs_shown.rows if row.isVisible()]
    assert len(shown) == min(count, 16)
    check_apart(leaves(rig.window))
    for widget in leaves(rig.window):
        assert rig.window.rect().contains(box(widget)), describe(widget)
    if count > 16:
        rig.find(Pad, "17 to 32").click()
        rig.turn()
        assert next(row.lane.accessibleName() for row in knobs_shown.rows if row.isVisible()) == "knob 17"
