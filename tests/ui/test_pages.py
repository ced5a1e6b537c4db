"""Every page of the window: made when first wanted, reached by Tab where it stands, each control with its name."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.action import Action
from app.snapshot_rules import BlindState, PresetRow, RulesState
from tests.ui.rig import Rig
from ui.panel.key_sheet import KeySheet
from ui.panel.rules_blind import AnswerPad, BlindPad
from ui.panel.strip import TABS
from ui.panel.top_bar import PlayerPad, TopBar
from ui.script import FOLLOWER, RULES
from ui.widget.order import focus_chain
from ui.widget.pad import Pad
from ui.widget.rules_lane import Lane
from ui.words import key_sheet

PLAYERS = ("listener", "rules", "follower", "composer")
PLACES = [(view, player) for view in ("studio", "stage") for player in PLAYERS]
OPENING_S = 0.5  # Under 0.1 s on a machine that has nothing else to do.


def go(rig: Rig, view: str, player: str) -> None:
    rig.window.resize(QSize(1440, 900))
    rig.engine.set("/window/player", player)
    rig.show(view)
    rig.turn()
    QApplication.processEvents()
    rig.window.setFocus()


def controls(rig: Rig) -> list[QWidget]:
    """Return what Tab must reach, of the page that is shown."""
    return [
        one
        for one in rig.window.findChildren(QWidget)
        if one.isVisible() and one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def said(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()!r}"


def walk(rig: Rig, wanted: list[QWidget]) -> list[QWidget]:
    """Press Tab until everything was met or nothing new comes; return what held the focus, in order."""
    met: list[QWidget] = []
    for _ in range(len(wanted) + 5):
        rig.window.focusNextChild()
        one = QApplication.focusWidget()
        if one is not None and one not in met:
            met.append(one)
    return met


@pytest.mark.parametrize(("view", "player"), PLACES)
def test_tab_reaches_all_of_a_page_and_each_has_a_name(rig: Rig, view: str, player: str) -> None:
    go(rig, view, player)
    wanted = controls(rig)
    assert len(wanted) > 15
    assert {said(one) for one in wanted if one not in walk(rig, wanted)} == set()
    assert [said(one) for one in wanted if not one.accessibleName()] == []


@pytest.mark.parametrize("tab", TABS)
def test_tab_reaches_each_tab_of_the_strip(rig: Rig, tab: str) -> None:
    go(rig, "studio", "composer")
    rig.window.studio.strip.open(tab)
    rig.turn()
    wanted = controls(rig)
    assert {said(one) for one in wanted if one not in walk(rig, wanted)} == set()
    assert [said(one) for one in wanted if not one.accessibleName()] == []


def test_a_page_made_late_stands_in_its_place_of_the_order(rig: Rig) -> None:
    go(rig, "studio", "composer")
    for player in PLAYERS:
        go(rig, "studio", player)
        studio = rig.window.studio
        places = []
        for one in walk(rig, controls(rig)):
            parts = (rig.window.top_bar, studio.players, *studio.cards, studio.strip)
            place = next((at for at, part in enumerate(parts) if part.isAncestorOf(one)), None)
            if place is not None:
                places.append(place)
        assert places == sorted(places), player


def test_pages_are_made_when_they_are_wanted_and_open_at_once(rig: Rig) -> None:
    assert "studio" not in rig.window._views.made
    before = len(rig.window.findChildren(QWidget))
    for view, player in PLACES:
        began = time.perf_counter()
        go(rig, view, player)
        assert time.perf_counter() - began < OPENING_S, (view, player)
    assert len(rig.window.findChildren(QWidget)) > 2 * before


def test_what_is_shown_has_its_words_in_the_same_look(rig: Rig) -> None:
    go(rig, "stage", "composer")
    rig.engine.set("/window/player", "rules")
    rig.turn()
    assert [said(pad) for pad in rig.window.findChildren(Pad) if pad.isVisible() and not pad.accessibleName()] == []
    assert rig.window.stage.rules.sounding.isVisible()


def test_the_players_are_a_click_away_on_stage(rig: Rig) -> None:
    go(rig, "stage", "composer")
    for player in PLAYERS:
        rig.find(PlayerPad, f"Show the {player.capitalize()}").click()
        rig.turn()
        assert rig.number("/window/player").show() == player
    rig.show("studio")
    assert not any(pad.isVisible() for pad in rig.window.top_bar.players)


def test_who_begins_in_studio_sees_no_pads_of_stage(rig: Rig) -> None:
    rig.engine.set("/window/view", "studio")
    bar = TopBar(rig.window.desk)
    bar.refresh(rig.engine.snapshot)
    rig.turn()
    bar.refresh(rig.engine.snapshot)
    assert all(pad.isHidden() for pad in bar.players)
    assert not bar.map.isHidden()


def test_every_action_is_in_the_key_sheet(rig: Rig) -> None:
    told = {row.address for rows in key_sheet(rig.engine).values() for row in rows}
    actions: list[Action] = list(rig.engine.actions)
    assert len(actions) > 60
    assert {action.address for action in actions} <= told
    rig.engine.set("/window/keys", 1.0)
    rig.turn()
    assert rig.window.findChild(KeySheet).isVisible()


# --- the Rules' quiet controls ------------------------------------------------------------------------------


def test_the_range_of_a_knob_is_set_from_its_menu_and_seen(rig: Rig) -> None:
    go(rig, "studio", "rules")
    lane = rig.find(Lane, "cutoff")
    number = lane.place + 1
    rig.engine.set(lane.parameter.address, lane.parameter.curve.value(0.25))
    rig.turn()
    whole = lane.grab().toImage()
    pick(lane, "Called presets: from here up")
    rig.turn()
    assert rig.number(f"/rules/low/{number}").value == pytest.approx(0.25, abs=0.01)
    assert lane.grab().toImage() != whole
    pick(lane, "Called presets: anywhere")
    rig.turn()
    assert lane.span == (0.0, 1.0)
    assert lane.grab().toImage() == whole


def pick(lane: Lane, words: str) -> None:
    """Choose a line of a lane's menu."""
    next(action for action in lane.menu().actions() if action.text() == words).trigger()


def test_snapping_is_chosen_beside_the_number_of_values(rig: Rig) -> None:
    go(rig, "studio", "rules")
    pad = next(one for one in rig.window.findChildren(Pad) if hasattr(one, "_snap") and one.isVisible())
    snaps = next(action.menu() for action in pad.menu().actions() if action.menu() is not None)
    next(action for action in snaps.actions() if action.text() == "8 levels").trigger()
    rig.turn()
    assert rig.number("/rules/snap").show() == "8 levels"


def test_the_blind_test_hides_what_would_tell_and_takes_answers(rig: Rig) -> None:
    go(rig, "studio", "rules")
    output = rig.window.studio.rules[2]
    assert not rig.find(BlindPad, "Blind test").isEnabled()
    asked = RulesState(blind=BlindState(2, 6, ("rain", "glass")))
    rig.picture(rules=asked)
    rig.window.refresh()
    assert not output.calls.isVisible()
    assert not output.sounding.isVisible()
    pads = [pad for pad in rig.window.findChildren(AnswerPad) if pad.isVisible()]
    assert [pad.text() for pad in pads] == ["rain", "glass", "none"]
    heard: list[tuple[object, ...]] = []
    fire = rig.engine.fire
    rig.engine.fire = lambda *words: heard.append(words)  # type: ignore[method-assign]
    pads[1].click()
    rig.find(BlindPad, "Blind test").click()
    rig.engine.fire = fire  # type: ignore[method-assign]
    assert heard == [("/rules/answer", "glass"), ("/rules/assess", 0.0)]
    report = ("rain: 3 of 3 recognised", "All: 5 of 6 recognised; by chance 3")
    rig.picture(rules=replace(asked, blind=BlindState(report=report)))
    rig.window.refresh()
    assert output.calls.isVisible()
    assert not output.answers.isVisible()


# --- the first minute with the other players ----------------------------------------------------------------


def test_the_rules_and_the_follower_have_hints_of_their_own(rig: Rig) -> None:
    rig.key(Qt.Key.Key_Space)
    coach = rig.window.coach
    go(rig, "studio", "rules")
    assert coach.sentence == RULES[0][1]
    rig.engine.set("/rules/sound", 1.0)
    rig.turn()
    assert coach.sentence == RULES[1][1]
    rig.picture(rules=RulesState(presets=(PresetRow(1, (1.0,), "rain"), PresetRow(2, (2.0,), "glass"))))
    rig.window.refresh()
    assert coach.sentence == RULES[4][1]
    go(rig, "studio", "follower")
    assert coach.sentence == FOLLOWER[0][1]
    go(rig, "stage", "composer")
    assert coach.sentence not in {words for _, words in (*RULES, *FOLLOWER)}


def test_the_focus_chain_names_what_takes_the_focus(rig: Rig) -> None:
    go(rig, "stage", "composer")
    chain = focus_chain(rig.window.top_bar)
    assert rig.window.top_bar.panic in chain
