"""`rules` on a command line: the rules or the presets and nothing else on standard output."""

from __future__ import annotations

import csv
import json
import random
from fractions import Fraction
from pathlib import Path

import pytest

from app.player.rules.command import main
from app.player.rules.learner import RuLer
from app.player.rules.preset import Value, place_of
from app.player.rules.table_file import read
from tests.player.rules import reference
from tests.player.rules.golden import DEMO, DEMO_RULES, check_sum

Capture = pytest.CaptureFixture[str]
KINDS: list[list[Value]] = [
    [0, 1, 2, 5],
    [-3, 10, 10**12],
    [0.05, 0.2, 0.35, 1.0],
    ["saw", "sine", "noise pad"],
    [True, False],
    [3, "off", 0.5],
    [7],
]


def run(capsys: Capture, *arguments: object) -> tuple[int, str, str]:
    status = main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return status, out, err


@pytest.mark.parametrize("setting", DEMO_RULES)
def test_rules_as_text_are_sorted_lines_and_nothing_else(capsys: Capture, setting: tuple[int, float]) -> None:
    status, out, err = run(capsys, DEMO, "--distance", setting[0], "--consistency", setting[1])
    lines = out.splitlines()
    assert (status, err) == (0, "")
    assert lines == sorted(lines)
    assert check_sum(lines) == DEMO_RULES[setting][2]


def test_rules_as_json_and_csv_say_how_full_they_are(capsys: Capture) -> None:
    _, out, _ = run(capsys, DEMO, "--distance", 3, "--consistency", "1/4", "--format", "json")
    whole = json.loads(out)
    assert whole["exact"] is True
    first = whole["rules"][0]
    assert (first["label"], first["number"], first["own"], first["size"]) == ("intro", 1, 4, 16)
    _, out, _ = run(capsys, DEMO, "--distance", 3, "--consistency", "1/4", "--format", "csv")
    rows = list(csv.reader(out.splitlines()))
    assert rows[1] == ["1", "4", "16", "40 55", "2", "300 500", "0.2 0.4", "2.0", "0.5 0.7", "intro"]
    assert len(rows) == 1 + len(whole["rules"])


def test_seven_hundred_variations_of_a_storm(capsys: Capture, tmp_path: Path) -> None:
    where = tmp_path / "new.csv"
    wish = ("--distance", 6, "--consistency", 0, "--label", "storm", "--count", 700, "--only-new", "--seed", 5)
    status, out, _ = run(capsys, DEMO, *wish, "--out", where)
    assert (status, out) == (0, "")
    made = read(where).presets
    known = {preset.values for preset in read(DEMO).presets.rows}
    assert made.names == read(DEMO).presets.names
    assert len({preset.values for preset in made.rows} - known) == 700
    assert made.labels == ("storm",)


def test_a_label_alone_makes_one_preset_and_a_count_alone_goes_round(capsys: Capture) -> None:
    status, out, _ = run(capsys, DEMO, "--label", "rain", "--seed", 1)
    assert status == 0
    assert out.count("\n") == 1
    assert out.endswith(",rain\n")
    _, out, _ = run(capsys, DEMO, "--count", 4)
    assert [line.split(",")[-1] for line in out.splitlines()] == ["intro", "rain", "storm", "intro"]


def test_the_same_seed_gives_the_same_lines(capsys: Capture) -> None:
    wish = (DEMO, "--distance", 3, "--consistency", 0.25, "--label", "storm", "--count", 9, "--mode", "interval")
    first, again, other = (run(capsys, *wish, "--seed", seed)[1] for seed in (1, 1, 2))
    assert first == again != other


def test_more_than_there_are_repeat_and_it_is_said(capsys: Capture) -> None:
    status, out, err = run(capsys, DEMO, "--label", "rain", "--count", 20)
    lines = out.splitlines()
    assert (status, len(lines), len(set(lines)), len(set(lines[:7]))) == (0, 20, 7, 7)
    assert "rain has 7 such presets" in err


def test_switches_are_written_as_the_table_writes_them(capsys: Capture, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("on,x,label\nTrue,1,a\nFalse,1,a\nTrue,2,b\n")
    assert run(capsys, table)[1] == "a|False,True|1\nb|True|2\n"


def test_no_class_gets_no_rules_and_keeps_others_away(capsys: Capture, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("x,y,label\n1,1,a\n2,2,a\n1,2,none\n")
    status, out, err = run(capsys, table, "--distance", 2, "--consistency", 0)
    assert (status, out) == (0, "a|1|1\na|2|2\n")
    assert "Presets under no class: 1" in err
    table.write_text("x,y,label\n1,2,none\n")
    assert run(capsys, table) == (2, "", "rules: No preset has a label; keep some under one first\n")


def test_exact_rules_are_waited_for_where_a_stage_could_not(capsys: Capture, tmp_path: Path) -> None:
    chance = random.Random(1)
    rows = [(*(chance.randrange(6) for _ in range(4)), chance.choice("ab")) for _ in range(250)]
    table = tmp_path / "dense.csv"
    table.write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
    presets = read(table).presets
    assert not RuLer(2, 0.5, 1e-6).fit(presets).exact_
    status, out, err = run(capsys, table, "--distance", 2, "--consistency", 0.5)
    assert (status, err) == (0, "")
    assert RuLer(2, 0.5, 60, thorough=True).fit(presets).exact_
    assert len(out.splitlines()) > 700


@pytest.mark.parametrize("number", range(40))
def test_a_table_of_any_kind_gives_the_rules_of_the_plain_loop(capsys: Capture, tmp_path: Path, number: int) -> None:
    chance = random.Random(number)
    columns = [chance.choice(KINDS) for _ in range(chance.randint(1, 5))]
    bases = [[chance.choice(column) for column in columns] for _ in range(4)]
    rows, labels = [], []
    for _ in range(chance.randint(1, 30)):
        row = list(chance.choice(bases))
        for place in chance.sample(range(len(columns)), min(2, len(columns))):
            row[place] = chance.choice(columns[place])
        for _ in range(chance.choice((1, 1, 1, 2))):  # Again, perhaps under another label.
            rows.append(tuple(row))
            labels.append(chance.choice(("rain", "storm", "7")))
    distance, consistency = chance.randint(0, 5), chance.choice(("1", "3/4", "1/2", "1/3", "0.1", "0"))
    path = tmp_path / "t.csv"
    head = [[*(f"k{place}" for place in range(len(columns))), "label"]] if chance.random() < 0.5 else []
    cells = [[*map(str, row), label] for row, label in zip(rows, labels, strict=True)]
    path.write_text("".join(",".join(line) + "\n" for line in [*head, *cells]))
    found = reference.learn(rows, labels, distance, Fraction(consistency))
    expected = sorted(
        "|".join([label, *(",".join(str(value) for value in sorted(known, key=place_of)) for known in box)])
        for label, boxes in found.items()
        for box in boxes
    )
    status, out, _ = run(capsys, path, "--distance", distance, "--consistency", consistency)
    assert (status, out.splitlines()) == (0, expected)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("gone.csv",), "cannot be read"),
        ((DEMO, "--label", "snow"), "there are intro, rain, storm"),
        ((DEMO, "--distance", "-1"), "distance is -1"),
        ((DEMO, "--distance", "x"), "--distance"),
        ((DEMO, "--consistency", "2"), "between 0 and 1"),
        ((DEMO, "--consistency", "x"), "write 0.5 or 1/2"),
        ((DEMO, "--count", "0"), "no number from 1"),
        ((DEMO, "--label", "rain", "--only-new"), "no new preset in rain"),
        ((DEMO, "--out", "/proc/nothing/x.csv"), "cannot be written"),
        ((), "required"),
    ],
)
def test_what_is_wrong_is_on_standard_error(capsys: Capture, arguments: tuple[object, ...], words: str) -> None:
    status, out, err = run(capsys, *arguments)
    assert (status, out) == (2, "")
    assert words in err
