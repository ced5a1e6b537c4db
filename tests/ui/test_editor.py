"""The editor as a text: what words are, which may come next, where lines are found again."""

from itertools import pairwise

import pytest
from PySide6.QtGui import QTextCursor, QTextDocument

from app.player.follower.program import DRUMS as DRUM_PITCHES
from app.player.follower.program import EFFECTS as EFFECT_NAMES
from app.player.follower.program import KNOBS
from app.player.follower.program import ROLES as ROLE_NAMES
from app.player.follower.program import SYNTHS as SYNTH_NAMES
from ui.panel.follower_page import replace_text
from ui.widget.editor import clean
from ui.widget.editor_color import utf16
from ui.widget.editor_comment import toggle_comment
from ui.widget.editor_match import place_lines
from ui.widget.editor_word import DRUMS, EFFECTS, ROLES, SETTINGS, SYNTHS, defined, offers, tokens


def kinds(line: str, names: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(line[token.start : token.end], token.kind) for token in tokens(line, names)]


def words(before: str, names: tuple[str, ...] = (), addresses: tuple[str, ...] = ()) -> list[str]:
    return [offer.word for offer in offers(before, names, addresses)]


def test_the_editor_knows_the_words_of_the_language() -> None:
    assert set(ROLES) == set(ROLE_NAMES)
    assert set(DRUMS) == set(DRUM_PITCHES)
    assert set(SYNTHS) == set(SYNTH_NAMES)
    assert set(SETTINGS) == set(KNOBS)
    assert set(EFFECTS) == set(EFFECT_NAMES)


def test_words_are_told_apart_where_they_touch() -> None:
    assert kinds("sourcekick3,3,2;")[:3] == [("source", "source"), ("kick", "channel"), ("3", "number")]
    assert kinds("lead 1 60 cut_mousex")[-2:] == [("cut", "setting"), ("_mousex", "hand")]
    assert kinds("KICK*.5")[0] == ("KICK", "channel")


def test_a_comment_is_one_thing_to_its_end() -> None:
    assert kinds("kick; // learn snare*2")[-1] == ("// learn snare*2", "comment")


def test_a_name_of_ones_own_comes_before_a_word_it_begins_with() -> None:
    assert kinds("kickhard*2", ("kickhard",))[0] == ("kickhard", "channel")
    assert kinds('define clap sample "clap.wav";')[:3] == [
        ("define", "order"),
        ("clap", "channel"),
        ("sample", "order"),
    ]
    assert defined('// define no\ndefine Clap sample "a.wav"; define bell midi 56;') == ("clap", "bell")


@pytest.mark.parametrize("text", ["", ";;", '"', "é€😀 kick", "((((", "\t  \x7f", "define", "_", "//", "lead " * 400])
def test_any_text_has_tokens_within_its_bounds(text: str) -> None:
    found = tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert isinstance(offers(text, (), ()), list)


def test_words_that_may_begin_a_statement() -> None:
    assert words("kick*2;\n")[:4] == ["source", "learn", "predict", "kick"]
    assert words("s") == ["source", "snare"]
    assert words("s", ("shaker",)) == ["source", "snare", "shaker"]


def test_after_a_role_comes_a_channel() -> None:
    assert words("learn ", ("clap",)) == ["kick", "snare", "closedhat", "openhat", "lead", "bass", "clap"]


def test_effects_in_brackets_and_settings_behind_notes() -> None:
    assert words("kick*2 (") == ["dist", "amp", "lpf", "hpf"]
    assert words("kick*2 (dist:2, l") == ["lpf"]
    assert words("kick (lpf:4") == []
    assert words("lead*2 1 60 cut50 ") == ["res", "env"]
    assert words("kick 3,3,2 ") == []


def test_values_of_the_instrument() -> None:
    addresses = ("/composer/temperature", "/listener/out/1")
    assert words("lead 1 60 cut_mou", (), addresses) == ["_mousex", "_mousey"]
    assert words("lead 1 60 cut _temp", (), addresses) == ["_/composer/temperature"]
    assert words("kick (lpf:_/lis", (), addresses) == ["_/listener/out/1"]


def test_no_words_in_comments_and_texts_nor_for_a_whole_word() -> None:
    assert words("// s") == []
    assert words('define a sample "s') == []
    assert words("kick") == []


def test_lines_are_found_again() -> None:
    played = "bpm 120;\nsource kick*2;\nlearn snare*2;"
    assert place_lines(played, played) == ({1: 1, 2: 2, 3: 3}, set())
    above = "// a song\n\n" + played
    assert place_lines(played, above) == ({1: 3, 2: 4, 3: 5}, {1})
    changed = "bpm 120;\nsource kick*4;\nlearn snare*2;\nopenhat;"
    places, fresh = place_lines(played, changed)
    assert places == {1: 1, 2: 2, 3: 3}
    assert fresh == {2, 4}


def test_finding_lines_ends_soon_in_a_long_text() -> None:
    old, new = "\n".join(map(str, range(4000))), "\n".join(map(str, range(4000, 0, -1)))
    places, fresh = place_lines(old, new)
    assert len(places) == 4000
    assert len(fresh) == 4000


def test_a_text_is_changed_only_where_it_differs_and_taken_back_in_one_step() -> None:
    document = QTextDocument("kick*2;\nsnare 😀;\nopenhat;")
    cursor = QTextCursor(document)
    cursor.setPosition(3)
    assert replace_text(document, "kick*2;\nsnare 😀*4;\nopenhat;")
    assert document.toPlainText() == "kick*2;\nsnare 😀*4;\nopenhat;"
    assert cursor.position() == 3
    document.undo()
    assert document.toPlainText() == "kick*2;\nsnare 😀;\nopenhat;"
    assert not replace_text(document, document.toPlainText())


def test_lines_are_silenced_and_speak_again() -> None:
    document = QTextDocument("kick*2;\n\n  snare;\n// openhat;")
    cursor = QTextCursor(document)
    cursor.select(QTextCursor.SelectionType.Document)
    toggle_comment(cursor)
    assert document.toPlainText() == "// kick*2;\n\n  // snare;\n// // openhat;"
    cursor.select(QTextCursor.SelectionType.Document)
    toggle_comment(cursor)
    assert document.toPlainText() == "kick*2;\n\n  snare;\n// openhat;"


def test_what_no_program_holds_is_left_out() -> None:
    assert clean("a\r\nb\rc\x00\x07\td") == "a\nb\nc\td"
    assert utf16("a😀") == 3
