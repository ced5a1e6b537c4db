"""The Follower in the window: writing, running, faults, slots, words, margins, as hands and keys do it."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.snapshot import Snapshot
from app.snapshot_follower import ChannelState, FollowerState, LessonState, ProgramFault, TickRow
from tests.ui.follower import FakeFollower
from tests.ui.rig import Modifier, Rig
from ui.panel.follower_editor import FollowerEditor
from ui.panel.follower_examples import FollowerExamples
from ui.panel.follower_mark import glow, marks, present_lesson
from ui.panel.follower_model import FollowerModel, goal_of, lesson_line
from ui.panel.follower_output import FollowerOutput
from ui.panel.follower_slot import load, title_of_program
from ui.panel.players import follower_word
from ui.widget.pad import ActionPad, Pad
from ui.widget.tick_row import wrong_ticks

CTRL, SHIFT, ALT = Modifier.ControlModifier, Modifier.ShiftModifier, Modifier.AltModifier
RETURN = Qt.Key.Key_Return
Obedient = tuple[Rig, FakeFollower]


def editor_of(rig: Rig) -> FollowerEditor:
    editor = rig.window.editor
    assert editor is not None
    return editor


def write(rig: Rig, *lines: str) -> FollowerEditor:
    """Enter the program and type lines into it."""
    editor = editor_of(rig)
    editor.setFocus()
    for place, line in enumerate(lines):
        if place:
            rig.key(RETURN)
        rig.type(line)
    return editor


def text_of(rig: Rig, slot: int) -> str:
    return rig.engine.tree.text(f"/follower/text/{slot}").value


def test_return_goes_into_the_program_and_esc_out_of_it(obedient: Obedient) -> None:
    rig, _ = obedient
    rig.key(RETURN)
    editor = editor_of(rig)
    assert editor.hasFocus()
    rig.type("t d ")
    assert rig.number("/composer/temperature").value == 0.8
    assert rig.window.status_bar.keys.text.startswith("writing")
    rig.key(Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is rig.window
    rig.key(Qt.Key.Key_T)
    assert rig.number("/composer/temperature").value == pytest.approx(0.9)
    assert editor.toPlainText() == "t d "


def test_ctrl_return_runs_the_text_and_starts_the_music(obedient: Obedient) -> None:
    rig, follower = obedient
    editor = write(rig, "source kick*2;", "learn snare*2;")
    rig.key(RETURN, CTRL)
    rig.turn()
    rig.turn()
    assert follower.taken == ["source kick*2;\nlearn snare*2;"]
    assert text_of(rig, 1) == follower.taken[0]
    assert rig.engine.snapshot.playing
    assert editor.hasFocus()


def test_a_run_flashes_and_fades(obedient: Obedient) -> None:
    rig, _ = obedient
    editor = write(rig, "kick*4;")
    rig.key(RETURN, CTRL)
    rig.turn()
    assert editor.is_flashing
    for _ in range(15):
        rig.turn()
    assert not editor.is_flashing
    assert not editor.extraSelections()


def test_alt_return_runs_at_once(obedient: Obedient) -> None:
    rig, _ = obedient
    fired: list[str] = []
    fire = rig.engine.hands.fire
    rig.engine.hands.fire = lambda a, b=(): fired.append(a) or fire(a, b)  # type: ignore[method-assign]
    write(rig, "kick*4;")
    rig.key(RETURN, ALT)
    assert "/follower/evaluate_now" in fired


def test_the_lines_around_the_cursor_run_at_their_place(obedient: Obedient) -> None:
    rig, follower = obedient
    write(rig, "kick*4;", "", "snare*2;", "openhat;", "", "bass 1 30;")
    rig.key(Qt.Key.Key_Up)
    rig.key(RETURN, SHIFT)
    assert follower.taken == []
    assert "empty line" in rig.window.status_bar.left.text
    rig.key(Qt.Key.Key_Up)
    rig.key(RETURN, SHIFT)
    assert follower.taken[-1] == "\n\nsnare*2;\nopenhat;"


def test_it_runs_from_outside_the_program_too(obedient: Obedient) -> None:
    rig, follower = obedient
    write(rig, "kick;")
    rig.key(Qt.Key.Key_Escape)
    rig.key(RETURN, CTRL)
    assert follower.taken == ["kick;"]
    rig.find(Pad, "Run the program").click()
    rig.turn()
    assert follower.taken == ["kick;", "kick;"]


def test_a_fault_stands_at_its_place_and_the_music_goes_on(obedient: Obedient) -> None:
    rig, follower = obedient
    editor = write(rig, "kick*2;")
    rig.key(RETURN, CTRL)
    rig.key(RETURN)
    rig.type("snare wrong;")
    rig.key(RETURN, CTRL)
    rig.turn()
    assert editor.spot is not None
    assert (editor.spot.line, editor.spot.column) == (2, 7)
    assert [one.cursor.selectedText() for one in editor.extraSelections()][-1] == "wrong"
    sentence = rig.window.studio.follower[0].sentence  # type: ignore[attr-defined]
    assert sentence.text.startswith("Line 2, column 7: wrong is no channel")
    assert sentence.text.endswith("The program before plays on.")
    assert follower.taken == ["kick*2;"]
    assert editor.gutter.marks[2].faulty
    rig.key(Qt.Key.Key_Backspace)
    assert editor.spot is None
    rig.type(" ;")
    rig.key(RETURN, CTRL)
    assert editor.spot is not None


def test_a_fault_before_any_music_starts_none(obedient: Obedient) -> None:
    rig, _ = obedient
    write(rig, "wrong;")
    rig.key(RETURN, CTRL)
    rig.turn()
    assert not rig.engine.snapshot.playing


def test_a_fault_at_the_end_of_a_line_and_beyond_the_text_is_marked(obedient: Obedient) -> None:
    rig, follower = obedient
    editor = write(rig, "kick")
    for line, column in ((1, 5), (9, 40), (0, 0)):
        follower.state = replace(follower.state, fault=ProgramFault(line, column, column, "there is more to come"))
        rig.turn()
        rig.turn()
        assert editor.spot is not None
        assert editor.extraSelections()


def test_slots_keep_their_text_their_cursor_and_their_own_undo(obedient: Obedient) -> None:
    rig, _ = obedient
    editor = write(rig, "kick*2;")
    rig.key(Qt.Key.Key_Left)
    at = editor.textCursor().position()
    rig.key(Qt.Key.Key_PageDown, CTRL)
    assert editor.toPlainText() == ""
    rig.type("snare;")
    rig.key(Qt.Key.Key_Z, CTRL)
    assert editor.toPlainText() != "snare;"
    rig.find(Pad, "Slot 1").click()
    rig.turn()
    assert editor.toPlainText() == "kick*2;"
    assert editor.textCursor().position() == at
    editor.setFocus()
    rig.key(Qt.Key.Key_Z, CTRL)
    assert editor.toPlainText() != "kick*2;"
    rig.key(Qt.Key.Key_Z, CTRL | SHIFT)
    assert editor.toPlainText() == "kick*2;"


def test_writing_is_kept_by_itself(obedient: Obedient) -> None:
    rig, _ = obedient
    write(rig, "kick*2;")
    editor_of(rig).keep()
    rig.turn()
    assert text_of(rig, 1) == "kick*2;"
    rig.type(" snare;")
    rig.key(Qt.Key.Key_Escape)
    assert text_of(rig, 1) == "kick*2; snare;"


def test_another_hand_writes_and_one_can_take_it_back(obedient: Obedient) -> None:
    rig, _ = obedient
    editor = write(rig, "kick*2;")
    editor.keep()
    rig.turn()
    rig.engine.set("/follower/text/1", "kick*2;\nsnare;", "osc")
    rig.turn()
    rig.turn()
    assert editor.toPlainText() == "kick*2;\nsnare;"
    rig.key(Qt.Key.Key_Z, CTRL)
    assert editor.toPlainText() == "kick*2;"


def test_while_one_writes_ones_own_words_win(obedient: Obedient) -> None:
    rig, _ = obedient
    editor = write(rig, "kick*2;")
    rig.engine.set("/follower/text/1", "other", "osc")
    rig.turn()
    rig.turn()
    assert editor.toPlainText() == "kick*2;"
    editor.keep()
    rig.turn()
    assert text_of(rig, 1) == "kick*2;"


def test_both_views_show_the_same_text(obedient: Obedient) -> None:
    rig, _ = obedient
    write(rig, "kick*2;")
    rig.key(Qt.Key.Key_F2)
    rig.turn()
    rig.turn()
    editor = editor_of(rig)
    assert rig.window.stage.isVisible()
    assert editor.toPlainText() == "kick*2;"
    write(rig, "snare;")
    rig.show("studio")
    rig.turn()
    assert editor_of(rig).toPlainText() == "kick*2;snare;"


def test_what_happened_in_the_other_view_is_no_news(obedient: Obedient) -> None:
    rig, _ = obedient
    rig.show("stage")
    rig.show("studio")
    write(rig, "kick;")
    rig.key(RETURN, CTRL)
    rig.key(RETURN)
    rig.type("wrong;")
    rig.key(RETURN, CTRL)
    rig.turn()
    rig.show("stage")
    rig.turn()
    editor = editor_of(rig)
    assert editor.spot is None
    assert not editor.is_flashing
    assert editor.gutter.marks[1].role == ""


def test_saving_takes_the_last_words_along(obedient: Obedient) -> None:
    rig, _ = obedient
    write(rig, "kick*2;")
    rig.key(Qt.Key.Key_S, CTRL)
    assert text_of(rig, 1) == "kick*2;"


def test_words_come_while_one_writes_and_tab_takes_one(obedient: Obedient) -> None:
    rig, _ = obedient
    editor = write(rig, "so")
    assert [offer.word for offer in editor.words.offers] == ["source"]
    rig.key(Qt.Key.Key_Tab)
    assert editor.toPlainText() == "source "
    rig.key(Qt.Key.Key_Space, CTRL)
    assert editor.words.isVisible()
    rig.key(Qt.Key.Key_Down)
    rig.key(RETURN)
    assert editor.toPlainText() == "source snare"
    assert not editor.words.isVisible()


def test_return_is_a_new_line_while_words_came_by_themselves(obedient: Obedient) -> None:
    rig, _ = obedient
    editor = write(rig, "k")
    assert editor.words.isVisible()
    rig.key(RETURN)
    assert editor.toPlainText() == "k\n"
    assert not editor.words.isVisible()


def test_esc_leaves_even_with_words_open(obedient: Obedient) -> None:
    rig, _ = obedient
    editor = write(rig, "s")
    assert editor.words.isVisible()
    rig.key(Qt.Key.Key_Escape)
    assert not editor.words.isVisible()
    assert QApplication.focusWidget() is rig.window
    rig.key(Qt.Key.Key_Space)
    assert rig.engine.snapshot.playing


def test_a_click_takes_a_word(obedient: Obedient) -> None:
    rig, _ = obedient
    editor = write(rig, "s")
    QTest.mouseClick(editor.words, Qt.MouseButton.LeftButton, pos=QPoint(20, editor.words.height() - 6))
    assert editor.toPlainText() == "snare"
    assert editor.hasFocus()


def test_tab_leaves_the_program_while_no_words_are_open(obedient: Obedient) -> None:
    rig, _ = obedient
    editor = write(rig, "kick;")
    rig.key(Qt.Key.Key_Tab)
    assert not editor.hasFocus()
    assert editor.toPlainText() == "kick;"


def test_panic_views_and_save_work_while_writing(obedient: Obedient) -> None:
    rig, _ = obedient
    write(rig, "kick;")
    rig.engine.fire("/transport/play")
    rig.turn()
    rig.key(Qt.Key.Key_Period, CTRL)
    assert not rig.engine.snapshot.playing
    rig.key(Qt.Key.Key_S, CTRL)
    rig.play(0.1)
    assert rig.engine.snapshot.saved_ago is not None
    rig.key(Qt.Key.Key_F2)
    assert rig.window.stage.isVisible()


def test_type_grows_and_shrinks(obedient: Obedient) -> None:
    rig, _ = obedient
    editor = write(rig, "kick;")
    before = editor.font().pixelSize()
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Plus):
        rig.key(key, CTRL)
    assert rig.number("/window/code").value == 130
    assert editor.font().pixelSize() > before
    assert editor.document().defaultFont().pixelSize() == editor.font().pixelSize()
    rig.key(Qt.Key.Key_0, CTRL)
    assert editor.font().pixelSize() == before


def test_a_line_is_silenced_by_key(obedient: Obedient) -> None:
    rig, _ = obedient
    editor = write(rig, "kick;")
    rig.key(Qt.Key.Key_Slash, CTRL)
    assert editor.toPlainText() == "// kick;"
    rig.key(Qt.Key.Key_Z, CTRL)
    assert editor.toPlainText() == "kick;"


def test_the_margin_lights_up_with_the_hits_and_knows_the_loss(obedient: Obedient) -> None:
    rig, follower = obedient
    editor = write(rig, "source kick*2;", "learn snare*2;")
    rig.key(RETURN, CTRL)
    rig.play(1)
    beat = rig.engine.snapshot.beat
    kick, snare = follower.state.channels
    follower.state = replace(
        follower.state,
        channels=(replace(kick, hits=(beat,)), replace(snare, hits=(beat - 2,))),
        lessons=(LessonState("snare", 0.021, 0.05, 0.92),),
    )
    rig.turn()
    lit = editor.gutter.marks
    assert (lit[1].role, lit[1].level > 0.3) == ("source", True)
    assert (lit[2].role, lit[2].level) == ("learn", 0.0)
    assert lit[2].text.split() == ["0.021", "92%"]
    assert rig.window.studio.follower[2].lamps.levels[0] > 0.3  # type: ignore[attr-defined]


def test_the_margin_follows_lines_that_moved_and_marks_those_that_changed(obedient: Obedient) -> None:
    rig, _ = obedient
    editor = write(rig, "kick*2;", "snare;")
    rig.key(RETURN, CTRL)
    rig.turn()
    assert not editor.is_fresh
    rig.key(Qt.Key.Key_Home, CTRL)
    rig.type("// up")
    rig.key(RETURN)
    rig.turn()
    assert {line: (mark.role, mark.fresh) for line, mark in editor.gutter.marks.items()} == {
        1: (None, True),
        2: ("", False),
        3: ("", False),
    }


def test_a_text_that_waits_is_marked(obedient: Obedient) -> None:
    rig, follower = obedient
    editor = write(rig, "kick*2;")
    rig.key(RETURN, CTRL)
    rig.turn()
    editor._ask(1, 1)
    follower.state = replace(follower.state, pending="kick*2;", at=rig.engine.snapshot.beat + 3)
    rig.turn()
    rig.turn()
    assert editor.gutter.marks[1].waits
    assert rig.window.studio.follower[0].sentence.text.startswith("Takes effect in")  # type: ignore[attr-defined]


def test_hits_to_come_do_not_light_up() -> None:
    picture = Snapshot(playing=True, beat=4.0, bpm=120)
    assert glow((4.0,), picture) == 1.0
    assert glow((3.9, 4.1), picture) == pytest.approx(0.67, abs=0.2)
    assert glow((4.1,), picture) == 0.0
    assert glow((3.0,), picture) == 0.0
    assert glow((4.0,), replace(picture, playing=False)) == 0.0


def test_two_channels_of_one_line_share_its_mark() -> None:
    channels = (ChannelState("kick", "", 1, (4.0,)), ChannelState("snare", "learn", 1, (1.0,)))
    lessons = (LessonState("snare", 0.5, None, 0.5),)
    picture = Snapshot(playing=True, beat=4.0, follower=FollowerState(channels=channels, lessons=lessons))
    assert marks(picture, {1: 1})[1].level == 1.0
    assert marks(picture, {1: 1})[1].text.split() == ["0.500", "50%"]
    assert present_lesson(picture.follower) == lessons[0]


def test_ticks_losses_and_lessons_are_shown(obedient: Obedient) -> None:
    rig, follower = obedient
    curve = ((1.0, 0.9), (2.0, 0.3), (3.0, 0.02))
    rows = (TickRow("source", "kick", (1, 0) * 4), TickRow("target", "snare", (0, 1) * 4))
    lessons = (LessonState("snare", 0.02, 0.4, 0.9, 8, curve=curve, all_curve=curve[:2], bars=3),)
    follower.state = replace(follower.state, rows=rows, tick=3, lessons=lessons)
    rig.engine.set("/follower/goal", "0.1")
    model = rig.window.studio.follower[1]
    assert isinstance(model, FollowerModel)
    for _ in range(7):
        rig.turn()
    assert model.ticks.rows == rows
    assert list(model.loss.plot.curves["train"][1]) == [0.9, 0.3, 0.02]
    assert model.loss.figures.text == "snare  loss 0.020  all 0.400  3 bars"
    assert model.loss.plot.goal == pytest.approx(0.1)
    assert model.lessons.lines[1].cells == ("snare", "0.020", "0.400", "90%", "8")
    assert lesson_line(LessonState("snare")).cells == ("snare", "–", "–", "–", "0")
    assert goal_of("off") == 0.0
    assert not model.ticks.grab().isNull()


def test_wrong_guesses_are_crossed() -> None:
    target, guess = TickRow("target", "snare", (1, 0, -1, 0)), TickRow("predict", "snare", (1, 1, 1, -1))
    assert wrong_ticks(guess, (target, guess)) == {1}
    assert wrong_ticks(target, (target, guess)) == set()
    assert wrong_ticks(replace(guess, name="kick"), (target, guess)) == set()


def test_long_phrases_show_the_bars_that_can_be_told_apart(obedient: Obedient) -> None:
    rig, follower = obedient
    ticks = rig.window.studio.follower[1].ticks  # type: ignore[attr-defined]
    follower.state = replace(follower.state, rows=(TickRow("source", "kick", (0,) * 128),), grid=32, bars=4, tick=70)
    rig.turn()
    rig.turn()
    first, count = ticks.span
    assert first <= 70 < first + count
    assert count % 32 == 0


def test_the_verbs_of_the_follower_have_pads(obedient: Obedient) -> None:
    rig, follower = obedient
    for name in ("Silence", "New model", "Earlier model", "Write as code"):
        rig.find(ActionPad, name).click()
    rig.turn()
    assert [verb for verb, _ in follower.fired] == ["stop_all", "new_model", "back", "write_back"]


def test_a_program_is_opened_where_nothing_is_written_over(obedient: Obedient) -> None:
    rig, follower = obedient
    write(rig, "kick;")
    rig.key(Qt.Key.Key_Escape)
    load(rig.window.desk, "/songs/two.gos")
    rig.turn()
    assert rig.number("/follower/slot").show() == "2"
    assert follower.fired == [("open", ("/songs/two.gos",))]
    for slot in range(1, 9):
        rig.engine.set(f"/follower/text/{slot}", "kick;")
    rig.turn()
    load(rig.window.desk, "/songs/three.gos")
    rig.turn()
    assert "full" in rig.window.status_bar.left.text
    assert len(follower.fired) == 1


def test_a_dropped_file_is_opened_and_pasted_text_is_plain(obedient: Obedient, tmp_path: Path) -> None:
    rig, follower = obedient
    editor = write(rig, "")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.gos"))])
    editor.insertFromMimeData(data)
    rig.turn()
    assert follower.fired == [("open", (str(tmp_path / "a.gos"),))]
    plain = QMimeData()
    plain.setText("kick*2;\r\nsnare\x07;")
    editor.insertFromMimeData(plain)
    assert editor.toPlainText() == "kick*2;\nsnare;"


def test_programs_have_titles() -> None:
    assert title_of_program("\nkick;\n// Two against three.\n") == "Two against three"
    assert title_of_program("kick*2;") == "kick*2"
    assert title_of_program("") == ""


def test_the_card_says_what_is_learnt_and_what_is_played() -> None:
    lesson = LessonState("snare", 0.021)
    learns = FollowerState(channels=(ChannelState("snare", "learn"),), lessons=(lesson,))
    assert follower_word(Snapshot(follower=learns)) == "learns snare 0.021"
    predicts = FollowerState(channels=(ChannelState("snare", "predict"),), lessons=(lesson,))
    assert follower_word(Snapshot(follower=predicts)) == "predicts snare"
    assert follower_word(Snapshot()) == "nothing runs"


def test_the_pointer_is_a_hand_while_it_is_on(obedient: Obedient) -> None:
    rig, _ = obedient
    move(rig, 0.25, 0.75)
    assert rig.number("/pointer/x").value == 0.5
    rig.engine.set("/pointer/on", 1.0)
    rig.turn()
    move(rig, 0.25, 0.75)
    assert rig.number("/pointer/x").value == pytest.approx(0.25, abs=0.01)
    assert rig.number("/pointer/y").value == pytest.approx(0.75, abs=0.01)


def move(rig: Rig, x: float, y: float) -> None:
    handle = rig.window.windowHandle()
    at = QPointF(x * rig.window.width(), y * rig.window.height())
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, at, rig.window.mapToGlobal(at), none, none, Modifier.NoModifier)
    QApplication.sendEvent(handle, event)
    rig.turn()


def test_the_key_sheet_tells_the_keys_of_the_program(obedient: Obedient) -> None:
    rig, _ = obedient
    rig.window.key_sheet.open()
    assert any(row.title.startswith("run the text") for row in rig.window.key_sheet.sheet["Program"])
    players = [row.title for row in rig.window.key_sheet.sheet["Window"] if row.key.startswith("Alt+")]
    assert players == [f"choose the {one}" for one in ("Listener", "Rules", "Follower", "Composer")]


def test_the_columns_are_those_of_the_follower(obedient: Obedient) -> None:
    rig, _ = obedient
    kinds = tuple(type(card) for card in rig.window.studio.cards)
    assert kinds == (FollowerExamples, FollowerModel, FollowerOutput)


def test_without_a_follower_the_window_stands(rig: Rig) -> None:
    if "/follower/slot" in rig.engine.tree:
        assert "follower" in rig.window.studio.names
        return
    rig.show("studio")
    rig.key(Qt.Key.Key_3, ALT)
    assert rig.window.editor is None
    assert rig.window.studio.examples.isVisible()
