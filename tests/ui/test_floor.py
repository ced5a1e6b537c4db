"""What a performer met in the smallest window: nothing that has the keys is hidden, no sentence loses its end."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget

from app.snapshot import DeviceState, Snapshot
from tests.ui.rig import Rig
from ui.panel.doctor import DoctorPage, verdict
from ui.panel.key_sheet import endings
from ui.panel.listener_output import Verdict
from ui.panel.output import trouble
from ui.panel.setting import Controls
from ui.panel.stage_card import learning_text
from ui.panel.top_bar import PlayPad
from ui.script import TO_LISTENER
from ui.widget.choice import Choice
from ui.widget.light import Light
from ui.widget.roll import OCTAVE, Roll

FLOOR = QSize(1280, 720)
SILENT = DeviceState("osc", "waiting", "Nobody listens at 127.0.0.1:57120; start the receiver or change host and port")


def low(rig: Rig, player: str = "composer", view: str = "studio") -> None:
    rig.window.resize(FLOOR)
    rig.window.desk.choose_player(player)
    rig.show(view)
    rig.window.tick()
    QApplication.processEvents()


def place(rig: Rig, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(rig.window, QPoint(0, 0)), widget.size())


def with_port(rig: Rig, port: DeviceState) -> Snapshot:
    picture = rig.engine.snapshot
    lights = {**picture.lights, f"{port.name} out": None}
    return replace(picture, devices=(port,), lights=lights)


@pytest.mark.parametrize("way", (Qt.Key.Key_Tab, Qt.Key.Key_Backtab), ids=("tab", "backtab"))
@pytest.mark.parametrize("player", ("listener", "rules", "follower", "composer"))
def test_tab_passes_what_the_strip_covers(rig: Rig, player: str, way: Qt.Key) -> None:
    low(rig, player)
    studio = rig.window.studio
    studio.strip.open("Bindings")
    covered = [one for one in studio.findChildren(QWidget) if one.isVisible() and studio.covers(one)]
    assert any(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in covered), "else nothing is shown by this"
    reached: set[QWidget] = set()
    rig.window.setFocus()
    for _ in range(120):
        rig.key(way)
        reached.add(QApplication.focusWidget())
    assert not reached & set(covered)
    assert any(studio.strip.isAncestorOf(one) for one in reached)
    assert any(studio.players.isAncestorOf(one) for one in reached)
    assert studio.strip.is_open
    studio.strip.fold(True)
    assert not any(studio.covers(one) for one in covered), "folded away, all is within reach again"


def test_map_mode_frames_only_what_is_seen_of_a_control(rig: Rig) -> None:
    low(rig)
    strip = rig.window.studio.strip
    strip.open("Window")
    rig.engine.set("/map/on", 1.0)
    rig.turn()
    rig.turn()
    inside = [one for one in rig.window.map_layer.targets if strip.isAncestorOf(one.widget)]
    outside = [one for one in rig.window.map_layer.targets if not strip.isAncestorOf(one.widget)]
    assert inside and outside
    for target in outside:
        assert not target.box.intersects(place(rig, strip)), target.address


def test_play_and_stop_take_the_same_room(rig: Rig) -> None:
    low(rig, view="stage")
    pads = [pad for pad in rig.window.findChildren(PlayPad) if pad.isVisible()]
    before = [(place(rig, pad), pad.sizeHint()) for pad in pads]
    words = [pad.text() for pad in pads]
    rig.key(Qt.Key.Key_Space)
    rig.play(0.2)
    QApplication.processEvents()
    assert [pad.text() for pad in pads] != words
    assert [(place(rig, pad), pad.sizeHint()) for pad in pads] == before


@pytest.mark.parametrize("percent", (100, 110, 115, 125, 150, 175))
def test_players_on_stage_keep_their_names_at_every_size(rig: Rig, percent: int) -> None:
    rig.engine.set("/window/size", percent)
    rig.window.resize(QSize(1440, 900))
    rig.show("stage")
    QApplication.processEvents()
    for pad in rig.window.top_bar.players:
        look = pad.desk.look
        words = QFontMetrics(look.font(pad.role, True))
        assert words.elidedText(pad.text(), Qt.TextElideMode.ElideRight, pad.width() - look.px(12)) == pad.text()


def test_a_listener_that_learnt_nothing_says_so_in_whole_words(rig: Rig) -> None:
    low(rig, "listener")
    found = next(one for one in rig.window.findChildren(Verdict) if one.isVisible())
    found.state = replace(found.state, values=(0.0,))
    found._words = "nothing learnt yet"
    assert QFontMetrics(found._font()).horizontalAdvance(found._words) < found.width()


def test_settings_of_a_model_have_halves_of_the_room_and_whole_words(rig: Rig) -> None:
    low(rig, "listener")
    model = rig.window.studio.listener[1]
    model.plots.open("Settings")
    rig.turn()
    rig.window.tick()
    QApplication.processEvents()
    shown = [one for grid in model.findChildren(Controls) for one in grid.shown if grid.isVisible()]
    choices = [one for one in shown if isinstance(one, Choice)]
    kind = rig.find(Choice, "Classifier model")
    assert kind.width() > model.width() * 0.8, "what stands alone has the whole row"
    assert any(one.prefix for one in choices)
    for one in choices:
        font = one.desk.look.font("small", True)
        assert QFontMetrics(font).horizontalAdvance(one.text()) <= one.width() - one.aside - 12, one.text()


def test_why_a_port_is_silent_is_told_to_the_end_beside_a_program(rig: Rig) -> None:
    low(rig, "follower")
    picture = with_port(rig, SILENT)
    assert trouble(picture) == (f"OSC: {SILENT.text}", "learning")
    assert trouble(replace(picture, devices=(DeviceState("osc", "open", "127.0.0.1:57120"),))) == ("", "dim")
    sentence = next(
        one for one in rig.window.studio.follower[2].findChildren(QWidget) if getattr(one, "said", None) is trouble
    )
    sentence.refresh(picture)
    metrics = QFontMetrics(rig.window.desk.look.font("small"))
    flags = int(Qt.TextFlag.TextWordWrap)
    assert metrics.boundingRect(QRect(0, 0, sentence.width(), 999), flags, sentence.text).height() <= sentence.height()


def test_a_port_that_is_lost_does_not_look_like_one_that_is_off(rig: Rig) -> None:
    low(rig)
    light = next(one for one in rig.window.top_bar.lights if one.name == "osc out")
    assert isinstance(light, Light)
    light.refresh(with_port(rig, replace(SILENT, state="closed", text="")))
    off = (light.state, light.grab().toImage())
    light.refresh(with_port(rig, SILENT))
    assert (off[0], light.state, light.accessibleDescription()) == ("closed", "lost", "lost")
    assert light.grab().toImage() != off[1]


def test_the_judgement_of_the_last_run_stands_on_the_page(rig: Rig) -> None:
    low(rig)
    strip = rig.window.studio.strip
    strip.open("Doctor")
    page = strip.page("Doctor")
    assert isinstance(page, DoctorPage)
    rig.engine.fire("/doctor/report")
    rig.turn()
    said = rig.engine.snapshot.log[-1].text
    assert said.startswith("Rehearsal: ")
    assert page.verdict.text == said
    why = "Nothing sounds because no output works: " + "; ".join([SILENT.text] * 2)
    state = replace(rig.engine.snapshot.doctor, report="", findings=(), why=why)
    assert verdict(replace(rig.engine.snapshot, doctor=state))[0] == ""
    page.verdict.said = lambda _: (why, "fault")
    page.verdict.refresh(rig.engine.snapshot)
    QApplication.processEvents()
    metrics = QFontMetrics(rig.window.desk.look.font("small"))
    room = QRect(0, 0, page.verdict.width(), 999)
    assert metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), why).height() <= page.verdict.height()


def test_an_address_in_the_key_sheet_is_cut_between_its_words() -> None:
    assert endings("/rules/kept/keep") == ["/rules/kept/keep", "…/kept/keep", "…/keep"]
    assert endings("/panic") == ["/panic"]


def test_hints_for_the_listener_lead_to_its_page_first(rig: Rig) -> None:
    low(rig, "listener")
    coach = rig.window.coach
    rig.play(0.1)
    at_home = coach.sentence
    assert "map" in at_home
    rig.window.desk.choose_player("composer")
    rig.turn()
    assert coach.sentence == TO_LISTENER
    rig.window.desk.choose_player("listener")
    rig.turn()
    assert coach.sentence == at_home


def test_stage_does_not_tell_the_accuracy_twice(rig: Rig) -> None:
    rig.taught()
    low(rig, "listener", "stage")
    assert learning_text(rig.engine.snapshot) == "learnt from 60 examples"


def test_names_of_octaves_keep_apart_on_a_low_roll(rig: Rig) -> None:
    low(rig, view="stage")
    roll = next(one for one in rig.window.findChildren(Roll) if one.isVisible())
    roll.span = (24, 107)
    tall = QFontMetrics(rig.window.desk.look.font("small")).height()
    assert OCTAVE * roll.lane < tall, "else nothing is shown by this"
    assert roll._octaves_apart() * OCTAVE * roll.lane >= tall
