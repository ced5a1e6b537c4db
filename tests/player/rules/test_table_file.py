"""Tables as performers have them: read as meant, or refused in one sentence that says where."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from app.player.rules.preset import MOST_PRESETS, Preset, Presets, RulesError
from app.player.rules.snap import Snap, never_matching, snapped
from app.player.rules.table_file import Reading, read, write
from tests.player.rules.golden import DEMO


@pytest.fixture
def made(tmp_path: Path):  # type: ignore[no-untyped-def]
    def make(content: str | bytes, name: str = "data.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return make


def rows(reading: Reading) -> list[tuple[object, ...]]:
    return [(*preset.values, preset.label) for preset in reading.presets.rows]


def test_the_demo_set_has_a_header_and_numbers_of_both_kinds() -> None:
    reading = read(DEMO)
    assert reading.presets.names == ("freq", "harm", "cutoff", "res", "decay", "mix")
    assert reading.presets.labels == ("intro", "rain", "storm")
    assert len(reading.presets) == 18
    assert repr(reading.presets.rows[7].values) == "(40, 2, 300, 0.2, 2.0, 0.5)"
    assert reading.notes == ()


@pytest.mark.parametrize(
    ("text", "expected", "names"),
    [
        ("1,2,a\n3,4,b\n", [(1, 2, "a"), (3, 4, "b")], ("p1", "p2")),
        ("x,y,label\n1,2,a\n", [(1, 2, "a")], ("x", "y")),
        ("1,2,label\n3,4,a\n5,6,b\n", [(3, 4, "a"), (5, 6, "b")], ("1", "2")),
        ("wave,cut,section\nsaw,2,a\nsine,3,b\n", [("saw", 2, "a"), ("sine", 3, "b")], ("wave", "cut")),
        ("saw,on,a\nsine,off,b\n", [("saw", "on", "a"), ("sine", "off", "b")], ("p1", "p2")),
        ("saw,1,a\n3,2,b\n", [("saw", 1, "a"), (3, 2, "b")], ("p1", "p2")),
        ("x,y,label\n-1,+2,a\n1e3,.5,b\n2.,1E-2,c\n", [(-1, 2, "a"), (1000.0, 0.5, "b"), (2.0, 0.01, "c")], ("x", "y")),
        ("x,y,label\ntrue,1,a\nFALSE,2,a\n", [(True, 1, "a"), (False, 2, "a")], ("x", "y")),
        ("x;y;label\n0,5;1;a\n0,25;2;b\n", [(0.5, 1, "a"), (0.25, 2, "b")], ("x", "y")),
        ("x\ty\tlabel\n1\t2\ta b\n", [(1, 2, "a b")], ("x", "y")),
        ("\ufeffx,y,label\r\n1,2,a\r\n\r\n3,4,b\r\n", [(1, 2, "a"), (3, 4, "b")], ("x", "y")),
        ('x,y,label\n"a, b",2,"say ""hi"""\n', [("a, b", 2, 'say "hi"')], ("x", "y")),
        ("# knobs of tonight\nx,y,label\n1,2,a\n", [(1, 2, "a")], ("x", "y")),
        ("1,2,a,\n3,4,b,\n", [(1, 2, "a"), (3, 4, "b")], ("p1", "p2")),
        ("x,x,label\n1,2,a\n", [(1, 2, "a")], ("x", "x'")),
        ("1,1\n1,2\n", [(1, "1"), (1, "2")], ("p1",)),
        ("off,a\n3,b\n4,a\n", [("off", "a"), (3, "b"), (4, "a")], ("p1",)),
        ("n,x,label\n1,5,a\n2,5,b\n", [(1, 5, "a"), (2, 5, "b")], ("n", "x")),
        ("x,y,label\n1,2,None\n3,4,b\n", [(1, 2, ""), (3, 4, "b")], ("x", "y")),
    ],
)
def test_tables_are_read_as_meant(made, text: str, expected: list[object], names: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    reading = read(made(text))
    assert [repr(row) for row in rows(reading)] == [repr(row) for row in expected]
    assert reading.presets.names == names


def test_whole_and_broken_numbers_keep_their_kind(made) -> None:  # type: ignore[no-untyped-def]
    values = read(made("1,1.0,x\n2,2.50,y\n")).presets.rows
    assert [repr(p.values) for p in values] == ["(1, 1.0)", "(2, 2.5)"]


def test_what_a_header_is_can_be_said(made) -> None:  # type: ignore[no-untyped-def]
    path = made("saw,1,a\nsine,2,b\n")
    assert rows(read(path, header=True)) == [("sine", 2, "b")]
    assert len(read(made("x,y,label\n1,2,a\n"), header=False).presets) == 2


@pytest.mark.parametrize(
    "text",
    [
        "index,x,y,label\n0,5,6,a\n1,7,8,b\n",
        ",x,y,label\n1,5,6,a\n2,7,8,b\n",
        "0,5,6,a\n1,7,8,b\n2,5,8,a\n3,5,9,a\n",
        "1, 5 6 a;\n2, 7 8 b;\n3, 5 8 a;\n4, 5 9 a;\n".replace(" ", ", ").replace(",,", ","),
    ],
)
def test_a_running_number_in_front_is_left_out_and_told(made, text: str) -> None:  # type: ignore[no-untyped-def]
    reading = read(made(text))
    assert rows(reading)[:2] == [(5, 6, "a"), (7, 8, "b")]
    assert any("running number" in note for note in reading.notes)
    assert len(read(made(text), index=False).presets.rows[0].values) == 3


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"{i},5,7,a\n" for i in range(128)),
        "1,1,A\n2,2,A\n3,3,A\n",
        "freq,x,label\n1,5,a\n2,6,b\n3,7,a\n4,8,b\n",
        "0,5,6,a\n1,7,8,b\n3,5,8,a\n4,5,9,a\n",
    ],
)
def test_a_swept_knob_is_no_running_number(made, text: str) -> None:  # type: ignore[no-untyped-def]
    reading = read(made(text))
    assert len(reading.presets.rows[0].values) == text.splitlines()[0].count(",")
    assert reading.notes == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("x,y,label\n1,2,a\n1,a\n", r"row 3 of data.csv, column 3: the row has 2 cells where others have 3"),
        ("x,y,label\n1,2,a\n1,NaN,a\n", r"row 3 of data.csv, column 2 \(y\): 'NaN' is no value"),
        ("x,y,label\n1,2,a\n1,inf,a\n", r"row 3 of data.csv, column 2 \(y\): inf is not finite"),
        ("x,y,label\n1,2,a\n1,1e999,a\n", r"row 3 of data.csv, column 2 \(y\): 1e999 is not finite"),
        ("x,y,label\n,2,a\n1,2,a\n,3,b\n", r"row 2 of data.csv, column 1 \(x\): the cell is empty \(and 1 more\)"),
        ("x,y,label\n1,2,\n1,2,a\n", r"row 2 of data.csv, column 3 \(label\): the label is missing"),
        ("1\n2\n3\n", r"row 1 of data.csv, column 1: there is no other column"),
        ("", "holds no rows"),
        ("\n\n  \n", "holds no rows"),
        ("x,y,label\n", "a header and no presets"),
        ("x,y,label\n1,2,3,a\n", r"row 2 of data.csv, column 4: the row has 4 cells where others have 3"),
        ("1,a\n1,2,a\n3,4,b\n", r"row 1 of data.csv, column 3: the row has 2 cells where others have 3"),
        ("x,label\n1,2,a\n3,4,b\n", r"row 1 of data.csv: the header names 2 columns, but most rows have 3"),
        (b"\x89PNG\r\n\x00\x00\x00\x01", "binary"),
    ],
)
def test_bad_tables_are_refused_in_one_sentence(made, content: str | bytes, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RulesError, match=words) as caught:
        read(made(content))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match=r"gone.csv cannot be read"):
        read(tmp_path / "gone.csv")


def test_bad_rows_can_be_left_out(made) -> None:  # type: ignore[no-untyped-def]
    reading = read(made("x,y,label\n1,2,a\n1,,a\n3,4,b,9\n5,6,b\n"), skip_bad=True)
    assert rows(reading) == [(1, 2, "a"), (5, 6, "b")]
    assert reading.notes == ("2 bad rows were left out; the first: row 3 of data.csv, column 2 (y): the cell is empty",)


def test_another_encoding_is_read_and_told(made) -> None:  # type: ignore[no-untyped-def]
    reading = read(made("x,y,label\n1,2,gr\xfcn\n".encode("latin-1")))
    assert rows(reading) == [(1, 2, "grün")]
    assert any("Latin-1" in note and "in row 2 of data.csv, column 3)" in note for note in reading.notes)
    assert rows(read(made("x,y,label\n1,2,grün\n".encode("utf-16")))) == [(1, 2, "grün")]


def test_a_million_rows_are_refused_at_once(made) -> None:  # type: ignore[no-untyped-def]
    path = made("x,y,label\n" + "1,2,a\n" * 1_000_000)
    began = time.thread_time()
    with pytest.raises(RulesError, match=f"row {MOST_PRESETS + 2} of .*: a table holds {MOST_PRESETS} presets at most"):
        read(path)
    assert time.thread_time() - began < 1


def test_as_many_presets_as_there_may_be_are_read(made) -> None:  # type: ignore[no-untyped-def]
    assert len(read(made("x,y,label\n" + "1,2,a\n" * MOST_PRESETS)).presets) == MOST_PRESETS


@pytest.mark.parametrize("name", ["new.csv", "new.json"])
def test_what_is_written_is_read_back(tmp_path: Path, name: str) -> None:
    rows = (Preset((1, "a,b"), "rain"), Preset((0.25, True), "grün"), Preset((2.0, "z"), "b"))
    kept = Presets(("x", "odd, name"), rows)
    write(tmp_path / name, kept)
    assert read(tmp_path / name).presets == kept
    write(tmp_path / "demo.csv", read(DEMO).presets)
    assert (tmp_path / "demo.csv").read_text() == DEMO.read_text()


@pytest.mark.parametrize("name", ["new.csv", "new.json"])
def test_no_class_is_a_word_in_a_file_and_no_label_when_it_is_read(tmp_path: Path, name: str) -> None:
    kept = Presets(("x",), (Preset((1,), ""), Preset((2,), "a")))
    write(tmp_path / name, kept)
    assert "none" in (tmp_path / name).read_text()
    reading = read(tmp_path / name)
    assert reading.presets == kept
    assert reading.presets.labels == ("a",)
    assert reading.notes == ("Presets under no class: 1; they get no rules and keep those of others away",)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RulesError, match="cannot be written"):
        write(tmp_path / "file" / "new.csv", Presets(("x",), ()))


@pytest.mark.parametrize(
    "data",
    [
        [{"x": 1, "y": 0.5, "label": "a"}, {"x": 2, "y": 0.5, "label": "b"}],
        [{"parameters": {"x": 1, "y": 0.5}, "category": "a"}, {"parameters": {"x": 2, "y": 0.5}, "category": "b"}],
        {"names": ["x", "y"], "presets": [{"values": [1, 0.5], "label": "a"}, {"values": [2, 0.5], "label": "b"}]},
        {"a": [{"x": 1, "y": 0.5}], "b": [{"x": 2, "y": 0.5}]},
    ],
)
def test_json_is_read_in_the_usual_shapes(made, data: object) -> None:  # type: ignore[no-untyped-def]
    reading = read(made(json.dumps(data), "data.json"))
    assert rows(reading) == [(1, 0.5, "a"), (2, 0.5, "b")]
    assert reading.presets.names == ("x", "y")


def test_lists_with_the_label_last_are_json_too(made) -> None:  # type: ignore[no-untyped-def]
    assert rows(read(made('[[1, 2, "a"], [true, "saw", "b"]]', "data.json"))) == [(1, 2, "a"), (True, "saw", "b")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is no JSON"),
        ("3", "a list of presets"),
        ("[]", "holds no presets"),
        ('[{"x": 1}]', "preset 1 of data.json: it has no label"),
        ('[{"x": 1, "label": "a"}, {"y": 1, "label": "a"}]', "preset 1 of data.json: 'y' is not in every preset"),
        ('[[1, 2, "a"], [1, "a"]]', "Preset 2 has 1 values"),
        ('[[1, NaN, "a"]]', "Preset 1, p2: nan is no number"),
        ("[[1, 1" + 400 * "0" + ', "a"]]', "Preset 1, p2: the number has 401 digits"),
        ('[[1, [2], "a"]]', r"Preset 1, p2: \[2\] is no number"),
    ],
)
def test_bad_json_is_refused_in_one_sentence(made, text: str, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RulesError, match=words):
        read(made(text, "data.json"))


def test_knobs_that_never_repeat_are_told_and_can_be_snapped() -> None:
    rows = tuple(Preset((n / 41 + 0.001, 5, "saw"), "a") for n in range(42))
    table = Presets(("cutoff", "q", "wave"), rows)
    assert never_matching(table) == ("cutoff: 42 values in 42 presets: this knob can never match; snap it",)
    by_decimals = snapped(table, {0: Snap(decimals=1)})
    assert set(by_decimals.column(0)) == {n / 10 for n in range(11)}
    by_levels = snapped(table, {0: Snap(levels=5)})
    assert len(set(by_levels.column(0))) == 5
    assert never_matching(by_levels) == ()
    assert by_levels.column(2) == table.column(2)


def test_snapping_keeps_whole_numbers_whole() -> None:
    table = Presets(("x",), tuple(Preset((n,), "a") for n in (0, 24, 26, 100)))
    assert repr(snapped(table, {0: Snap(levels=5)}).column(0)) == "(0, 25, 25, 100)"
    assert repr(snapped(table, {0: Snap(decimals=-1)}).column(0)) == "(0, 20, 30, 100)"
    with pytest.raises(RulesError, match="2 or more"):
        snapped(table, {0: Snap(levels=1)})


def test_a_table_is_replaced_not_changed() -> None:
    table = Presets(("x",), (Preset((1,), "a"),))
    more = table.with_row(Preset((2,), "b")).with_row(Preset((3,), "c"), 0)
    assert [p.values[0] for p in more.rows] == [3, 1, 2]
    assert more.without_row(0).with_label(0, "z").labels == ("b", "z")
    assert more.find(Preset((2.0,), "b")) == 2
    assert more.of("a") == ((1,),)
    assert len(table) == 1
    with pytest.raises(RulesError, match="2 values"):
        table.with_row(Preset((1, 2), "a"))
