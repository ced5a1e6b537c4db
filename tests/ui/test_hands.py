"""The pages of the strip for the hands: scenes, table of bindings, routes, recorder, monitor, doctor."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.binding import Binding, Fire, Follow, Put, Source
from app.doctor_state import FAILURE, OK, DoctorState, Finding
from app.event import Event, NoteOn
from app.frame import MidiMessage
from app.snapshot import MonitorLine
from tests.stage import Metronome
from tests.ui.rig import Modifier, Rig
from tests.ui.test_view import box, check_apart, describe, leaves
from ui.panel.doctor import DoctorPage
from ui.panel.map_page import MapPage
from ui.panel.matrix import MatrixPage
from ui.panel.monitor import MonitorPage
from ui.panel.recorder import RecorderPage
from ui.panel.scene_row import ScenePad
from ui.panel.strip import TABS
from ui.widget.pad import Pad, SwitchPad
from ui.widget.tape import WHOLE_S, span_text

LEFT = Qt.MouseButton.LeftButton
SHIFT, CTRL = Modifier.ShiftModifier, Modifier.ControlModifier

TALL = QSize(1440, 1020)  # Where Studio has room for the row of scenes.


def page(rig: Rig, name: str) -> QWidget:
    """Open a page of the strip, as a click on its tab does."""
    rig.show("studio")
    strip = rig.window.studio.strip
    strip.open(name)
    rig.turn()
    rig.window.tick()
    QApplication.processEvents()
    return strip.page(name)


def press(rig: Rig, widget: QWidget, modifiers: Modifier = Modifier.NoModifier) -> None:
    QTest.mouseClick(widget, LEFT, modifiers, QPoint(widget.width() // 2, widget.height() // 2))
    rig.turn()


# --- scenes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["studio", "stage"])
def test_shift_click_keeps_and_a_click_calls(rig: Rig, view: str) -> None:
    rig.window.resize(TALL)
    rig.show(view)
    pads = {pad.number: pad for pad in rig.window.findChildren(ScenePad) if pad.isVisible()}
    assert sorted(pads) == list(range(1, 9))
    press(rig, pads[1], SHIFT)
    rig.engine.set("/composer/density", 0.3)
    press(rig, pads[2], SHIFT)
    assert (pads[2].fill, pads[1].fill) == ("active", "")
    press(rig, pads[1])
    assert rig.number("/composer/density").value == pytest.approx(0.8)
    assert (pads[2].fill, pads[1].fill) == ("", "active")
    press(rig, pads[2])
    assert rig.number("/composer/density").value == pytest.approx(0.3)
    rig.engine.fire("/undo")
    rig.turn()
    assert rig.number("/composer/density").value == pytest.approx(0.8)


def test_an_empty_pad_says_how_to_fill_it(rig: Rig) -> None:
    rig.show("stage")
    press(rig, rig.find(ScenePad, "Scene 5"))
    assert "Shift+click keeps" in rig.window.status_bar.left.text
    first = rig.find(ScenePad, "Scene 1")
    assert first.text() == "+ scene 1"
    press(rig, first)
    assert [mark.number for mark in rig.engine.snapshot.scenes.kept] == [1]
    assert rig.find(ScenePad, "Scene 2").text() == "+ scene 2"


def test_a_scene_is_named_in_place_and_a_long_name_is_cut_not_lost(rig: Rig) -> None:
    rig.window.resize(TALL)
    rig.show("studio")
    pad = rig.find(ScenePad, "Scene 1")
    press(rig, pad, SHIFT)
    pad.setFocus()
    rig.key(Qt.Key.Key_N, CTRL)
    rig.key(Qt.Key.Key_A, CTRL)
    name = "the long way home through the rain"
    rig.type(name)
    rig.key(Qt.Key.Key_Return)
    assert pad.text() == f"1 {name}"
    assert [mark.name for mark in rig.engine.snapshot.scenes.kept] == [name]
    press(rig, pad, SHIFT)
    assert [mark.name for mark in rig.engine.snapshot.scenes.kept] == [name], "keeping again keeps the name"


def test_a_scene_that_is_on_its_way_shows_how_far_it_is(rig: Rig) -> None:
    rig.show("stage")
    rig.engine.fire("/scene/store", 1.0)
    rig.turn()
    rig.engine.set("/composer/density", 0.2)
    rig.engine.set("/scene/morph", 8)
    rig.engine.fire("/transport/play")
    rig.play(0.1)
    pad = rig.find(ScenePad, "Scene 1 1")
    press(rig, pad)
    rig.play(1.5)
    assert 0.2 < pad.share < 0.9
    assert pad.marked
    rig.play(4.0)
    assert pad.share == 1.0
    assert pad.fill == "active"
    assert rig.number("/composer/density").value == pytest.approx(0.8)


def test_keys_call_scenes_and_one_thrown_away_leaves_its_pad_empty(rig: Rig) -> None:
    rig.window.resize(TALL)
    rig.show("studio")
    pad = rig.find(ScenePad, "Scene 3")
    press(rig, pad, SHIFT)
    rig.engine.set("/composer/density", 0.2)
    rig.turn()
    rig.key(Qt.Key.Key_F3, SHIFT)
    assert rig.number("/composer/density").value == pytest.approx(0.8)
    next(item for item in pad.menu().actions() if item.text().startswith("Throw")).trigger()
    rig.turn()
    assert pad.text() == "3 –"


# --- the table of bindings ------------------------------------------------------------------------------


def bound(rig: Rig) -> MapPage:
    """The table with a knob on density, marked."""
    rig.engine.bindings.add(Binding(Source("midi", "cc21", 1, "nanoKONTROL2"), "/composer/density", Follow()))
    found = page(rig, "Bindings")
    assert isinstance(found, MapPage)
    for value in (100, 102):
        rig.engine.inbox.put(MidiMessage(rig.engine.clock.now(), "nanoKONTROL2", (0xB0, 21, value)))
        rig.turn()
    rig.play(0.1)
    QTest.mouseClick(found.lines, LEFT, pos=QPoint(60, 5))
    rig.turn()
    return found


def line(rig: Rig) -> Binding:
    (found,) = [one for one in rig.engine.bindings.for_target("/composer/density") if one.source.kind == "midi"]
    return found


def test_the_table_shows_the_hand_live_and_where_its_target_is(rig: Rig) -> None:
    table = bound(rig)
    cells = table.lines.lines[0].cells
    assert cells == ("cc21 ch1  nanoKONTROL2", "Density", "knob", "0% to 100%", "pick-up", "0.80 → 0.80", "")
    assert table.lines.marked is not None
    assert table.lines.marked.value == pytest.approx(102 / 127)
    assert rig.window.flash.around is not None


def test_the_range_is_dragged_and_inverted(rig: Rig) -> None:
    table = bound(rig)
    bar = table.range
    right, middle = QPoint(round(bar.bar.right()), bar.height() - 12), QPoint(bar.width() // 2, bar.height() - 12)
    QTest.mousePress(bar, LEFT, pos=right)
    QTest.mouseMove(bar, middle)
    QTest.mouseRelease(bar, LEFT, pos=middle)
    rig.play(0.1)
    move = line(rig).move
    assert isinstance(move, Follow)
    assert (move.start, move.end) == (0.0, pytest.approx(0.5, abs=0.02))
    bar.setFocus()
    rig.key(Qt.Key.Key_Right)
    rig.play(0.1)
    invert = next(one for one in table.findChildren(type(table.tools["Delete"])) if one.text() == "Invert")
    press(rig, invert)
    move = line(rig).move
    assert isinstance(move, Follow)
    assert move.start == pytest.approx(0.55, abs=0.02)
    assert move.end == 0.0
    for _ in range(3):
        press(rig, table.tools["Undo"])
    assert line(rig).move == Follow()


def test_curve_and_take_over_are_chosen_by_words(rig: Rig) -> None:
    table = bound(rig)
    for name, word in (("Curve of the line", "rises slowly, then fast"), ("Take-over of the line", "immediate")):
        pad = next(one for one in table.findChildren(QWidget) if one.accessibleName() == name)
        next(item for item in pad.menu().actions() if item.text() == word).trigger()
        rig.play(0.1)
    move = line(rig).move
    assert isinstance(move, Follow)
    assert (move.curve, move.take_over) == (0.5, "immediate")
    assert "curve +0.5" in table.lines.lines[0].cells[3]


def test_a_line_is_deleted_and_comes_back(rig: Rig) -> None:
    table = bound(rig)
    table.lines.setFocus()
    rig.key(Qt.Key.Key_Delete)
    rig.play(0.1)
    assert [one.cells[1] for one in table.lines.lines if one.cells[0].startswith("cc21")] == []
    press(rig, table.tools["Undo"])
    assert line(rig).source.name == "cc21"


def test_profiles_go_out_and_come_in(rig: Rig, tmp_path: Path) -> None:
    table = bound(rig)
    table.write("nanoKONTROL2", str(tmp_path / "mine"))
    rig.turn()
    assert (tmp_path / "mine.json").exists()
    table.lines.delete()
    rig.turn()
    rig.engine.fire("/map/import", str(tmp_path / "mine.json"))
    rig.turn()
    assert line(rig).move == Follow()
    names = [item.text() for item in table.profile_menu().actions()]
    assert names[-1] == "From a file…"
    assert set(rig.engine.snapshot.mapping.profiles) <= set(names)


# --- routes ---------------------------------------------------------------------------------------------


def matrix(rig: Rig) -> MatrixPage:
    found = page(rig, "Routes")
    assert isinstance(found, MatrixPage)
    return found


def place(found: MatrixPage, row: str, column: str) -> tuple[int, int]:
    return [one.title for one in found.origins].index(row), found.grid.columns.index(column)


def test_a_label_chooses_a_composer_by_click(rig: Rig) -> None:
    rig.taught()
    found = matrix(rig)
    at = (0, found.grid.columns.index("Composer"))
    assert found.origins[0].source.name.startswith("/listener/label/")
    opened: list[tuple[int, int]] = []
    found.grid._opened = lambda row, column, _where: opened.append((row, column))
    QTest.mouseClick(found.grid, LEFT, pos=found.grid.box(*at).center())
    assert opened == [at]
    item = found.menu(*at).actions()[-1]
    item.trigger()
    rig.play(0.1)
    (route,) = [one for one in rig.engine.bindings if one.source == found.origins[at[0]].source]
    assert route == Binding(found.origins[at[0]].source, "/composer/model", Put(item.text()))
    assert found.grid.cells[at].text == item.text()
    assert [one.text() for one in found.menu(*at).actions() if one.isChecked()] == [item.text()]


def test_another_choice_takes_the_place_of_the_first_and_delete_disconnects(rig: Rig) -> None:
    rig.engine.fire("/scene/store", 2.0, "glass")
    found = matrix(rig)
    at = place(found, "Composer note, loudness", "Scene")
    for word in ("1 (empty)", "2 glass"):
        next(item for item in found.menu(*at).actions() if item.text() == word).trigger()
        rig.play(0.1)
    (route,) = [one for one in rig.engine.bindings if one.source.name == "/composer/note"]
    assert route.move == Fire((2.0,))
    found.grid.setFocus()
    found.grid.at = at
    rig.key(Qt.Key.Key_Delete)
    assert [one for one in rig.engine.bindings if one.source.name == "/composer/note"] == []


def test_a_number_moves_any_parameter_in_a_range(rig: Rig) -> None:
    found = matrix(rig)
    menu = next(item for item in found.target_menu().actions() if item.text() == "Transport").menu()
    next(item for item in menu.actions() if item.text() == "Tempo").trigger()
    at = place(found, "Composer note, pitch", "Transport: tempo")
    next(item for item in found.menu(*at).actions() if "lower half" in item.text()).trigger()
    rig.play(0.1)

    class Teller(Metronome):
        def tend(self) -> list[Event]:
            return [NoteOn(0.0, "composer", 127, 90)]

    rig.engine.add(Teller())
    rig.play(0.1)
    assert rig.number("/transport/bpm").value == pytest.approx(160)
    assert found.grid.cells[at].text == "0% → 50%"
    assert found.grid._lit, "a route that was just used lights up"


def test_a_hit_of_the_follower_calls_a_scene(rig: Rig) -> None:
    rig.engine.fire("/follower/evaluate", "kick*2;")
    rig.engine.fire("/scene/store", 1.0, "kicked")
    rig.turn()
    rig.engine.set("/composer/density", 0.2)
    found = matrix(rig)
    at = place(found, "Follower kick", "Scene")
    next(item for item in found.menu(*at).actions() if item.text() == "1 kicked").trigger()
    rig.engine.fire("/transport/play")
    rig.play(1.5)
    assert rig.number("/composer/density").value == pytest.approx(0.8)


def test_a_called_label_of_the_rules_is_a_source(rig: Rig) -> None:
    for number in range(3):
        rig.engine.set("/rules/knob/1", 100 + 50 * number)
        rig.engine.fire("/rules/keep", "rain")
        rig.turn()
    found = matrix(rig)
    at = place(found, "Rules rain", "Scene")
    rig.engine.fire("/scene/store", 1.0, "wet")
    rig.turn()
    rig.engine.fire("/scene/store", 2.0, "dry")
    rig.turn()
    found.connect_cell(*at, Fire((1.0,)))
    rig.engine.fire("/rules/learn")
    rig.play(1.0)
    rig.engine.fire("/rules/call", "rain")
    rig.play(0.2)
    assert rig.engine.snapshot.scenes.called == 1


def test_arrows_walk_through_the_matrix(rig: Rig) -> None:
    found = matrix(rig)
    found.grid.setFocus()
    assert found.grid.at == (0, 0)
    rig.key(Qt.Key.Key_Right)
    for _ in range(len(found.origins)):
        rig.key(Qt.Key.Key_Down)
    assert found.grid.at == (len(found.origins) - 1, 1)
    assert found.grid.rect().contains(found.grid.box(*found.grid.at))


# --- monitor, recorder, doctor --------------------------------------------------------------------------


def test_the_monitor_stands_still_filters_and_counts(rig: Rig) -> None:
    found = page(rig, "Monitor")
    assert isinstance(found, MonitorPage)
    rig.engine.monitor.passed(1.0, "in", "osc", "/composer/density", (0.5,))
    rig.engine.monitor.passed(1.1, "in", "osc", "/note", (60,))
    rig.engine.set("/monitor/filter", "/composer/*")
    rig.play(1.2)
    for _ in range(6):
        rig.window.refresh()
    assert [one.cells[2] for one in found.lines.lines] == ["/composer/density 0.5"]
    assert "osc in" in found.rates.text
    rig.find(SwitchPad, "Pause").click()
    rig.turn()
    rig.engine.monitor.passed(3.0, "in", "osc", "/composer/cut", (1.0,))
    for _ in range(8):
        rig.turn()
    assert len(found.lines.lines) == 1


def test_one_port_is_shown_alone(rig: Rig) -> None:
    found = page(rig, "Monitor")
    assert isinstance(found, MonitorPage)
    rig.window._show_port("midi in")
    rig.picture(messages=(MonitorLine(1.0, "in", "osc", "/a"), MonitorLine(1.0, "in", "midi", "90 3c 40")))
    for _ in range(6):
        rig.window.refresh()
    assert [one.cells[2] for one in found.lines.lines] == ["90 3c 40"]


def test_a_span_of_the_last_minutes_becomes_a_midi_file(rig: Rig) -> None:
    found = page(rig, "Recorder")
    assert isinstance(found, RecorderPage)
    rig.engine.add(Metronome())
    rig.engine.fire("/transport/play")
    rig.play(60.0)
    tape = found.tape
    assert sum(left for _, left in tape.activity) >= 100
    assert tape.held == pytest.approx(60, abs=2)
    places = [QPoint(round(tape.width() * (1 - ago / WHOLE_S)), 20) for ago in (40.0, 20.0)]
    QTest.mousePress(tape, LEFT, pos=places[0])
    QTest.mouseMove(tape, places[1])
    QTest.mouseRelease(tape, LEFT, pos=places[1])
    assert tape.span == (pytest.approx(40, abs=0.6), pytest.approx(20, abs=0.6))
    rig.play(5.0)
    assert tape.span == (pytest.approx(45, abs=1.2), pytest.approx(25, abs=1.2)), "it wanders with the music"
    rig.window.tick()
    found.keep("midi")
    rig.play(1.5)
    saved = Path(rig.engine.snapshot.recorder.saved)
    assert saved.suffix == ".mid"
    assert saved.stat().st_size > 100
    assert saved.name in found.state.text


def test_a_loop_is_chosen_in_bars(rig: Rig) -> None:
    found = page(rig, "Recorder")
    assert isinstance(found, RecorderPage)
    rig.engine.add(Metronome())
    rig.engine.fire("/transport/play")
    rig.play(10.0)
    dict(found.loop_items())["2 bars"]()
    rig.play(2.5)
    assert rig.engine.snapshot.recorder.loop == 2
    assert "loop of 2 bars" in found.state.text


def test_spans_in_words() -> None:
    assert span_text(30, 0) == "the last 30 s"
    assert span_text(95, 35) == "60 s, from 1:35 to 0:35 ago"


def test_the_doctor_says_the_worst_first_and_one_sentence(rig: Rig) -> None:
    found = page(rig, "Doctor")
    assert isinstance(found, DoctorPage)
    findings = (Finding("python", OK, "3.11"), Finding("osc out", FAILURE, "No route to 10.0.0.9"))
    why = "Nothing sounds because the music stands; press Space"
    rig.engine.snapshot = replace(rig.engine.snapshot, doctor=DoctorState(False, findings, why))
    rig.window.refresh()
    assert [one.cells[0] for one in found.findings.lines] == ["× osc out", "✓ python"]
    assert (found.verdict.text, found.verdict.color) == (why, "fault")
    QTest.mouseClick(found.findings, LEFT, pos=QPoint(40, 5))
    assert rig.window.desk.notice == "No route to 10.0.0.9"


def test_a_report_is_written_where_one_says(rig: Rig, tmp_path: Path) -> None:
    found = page(rig, "Doctor")
    assert isinstance(found, DoctorPage)
    found.write(str(tmp_path / "night.txt"))
    rig.turn()
    assert "Rehearsal" in (tmp_path / "night.txt").read_text() or list(tmp_path.glob("night*"))


# --- every page -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABS)
def test_every_page_fits_and_tab_reaches_all_of_it(rig: Rig, name: str) -> None:
    rig.window.resize(QSize(1440, 900))
    found = page(rig, name)
    inside = [widget for widget in leaves(rig.window) if found.isAncestorOf(widget) or widget is found]
    check_apart(leaves(rig.window))
    for widget in inside:
        assert rig.window.studio.strip.rect().contains(widget.mapTo(rig.window.studio.strip, widget.rect().center())), (
            describe(widget)
        )
        assert widget.height() >= min(widget.minimumSizeHint().height(), found.height()), describe(widget)
        assert rig.window.rect().contains(box(widget)), describe(widget)
    everything = [*found.findChildren(QWidget), found]
    wanted = {
        one for one in everything if one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    }
    reached: set[QWidget] = set()
    for _ in range(90):
        rig.key(Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
        if wanted <= reached:
            break
    assert {describe(one) for one in wanted - reached} == set()
    assert all(one.accessibleName() for one in wanted), [describe(one) for one in wanted if not one.accessibleName()]


def test_tabs_have_room_in_the_smallest_window(rig: Rig) -> None:
    rig.window.resize(QSize(1280, 720))
    page(rig, "Bindings")
    strip = rig.window.studio.strip
    assert strip.minimumSizeHint().width() <= 1264
    assert not rig.window.studio.scenes.isVisible()
    for pad in rig.window.studio.output.findChildren(Pad):
        assert not pad.isVisible() or pad.height() >= 28, "an open strip covers the columns and presses nothing flat"
