"""Tables whose rules are known: toys, recorded sets, and the demo set that ships."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from app.player.rules.learner import RuLer
from app.player.rules.preset import Presets, presets_from

LONG = 60.0  # Seconds: the machine that runs the tests may be busy with other things.

Groups = dict[str, Sequence[tuple[Any, ...]]]

G1: Groups = {"a": [(1, 2), (2, 2), (2, 3)]}
G3: Groups = {**G1, "b": [(1, 3)]}
G4: Groups = {"A": [(1, 2), (2, 1), (3, 2), (2, 2)]}
G5: Groups = {"a": [(1, 1, 3), (2, 1, 3), (3, 2, 2)]}
G6: Groups = {"a": [(5, 2), (1, 2), (1, 4), (5, 4)], "b": [(2, 3)]}
G7: Groups = {"A": [(1, 1), (1, 2), (3, 1), (3, 2), (1, 4)], "B": [(2, 2)]}
G8: Groups = {"A": [(1, 1), (3, 1), (5, 1), (1, 3), (3, 3), (5, 3), (6, 3)], "B": [(4, 2), (4, 6)]}
G9: Groups = {"A": [(1, 1), (2, 2), (3, 3)]}
G10: Groups = {"a": [(2, 2), (2, 4), (4, 2), (4, 3)], "b": [(1, 1), (1, 2)]}
G11: Groups = {"A": [(50, 150, 0.2), (50, 150, 0.15), (100, 150, 0.15), (100, 150, 0.2)]}
G12: Groups = {"a": [(1, 2), (2, 2), (1, 2), (7, 7)]}
G13: Groups = {"a": [(1, 1), (2, 1)], "b": [(1, 1), (1, 2)]}
G14: Groups = {"a": [(i, 5, 7) for i in range(128)]}

# (id, rows, distance, consistency, rules without the label's name repeated)
TOYS: list[tuple[str, Groups, int, float, str]] = [
    ("G1", G1, 1, 1, "a|1,2|2 a|2|2,3"),
    ("G1'", G1, 1, 0, "a|1,2|2,3"),
    ("G2", G1, 2, 1 / 2, "a|1,2|2,3"),
    ("G2'", G1, 2, 4 / 5, "a|1,2|2 a|2|2,3"),
    ("G3", G3, 2, 1 / 2, "a|1,2|2 a|2|2,3 b|1|3"),
    ("G4", G4, 1, 1, "A|1,2,3|2 A|2|1,2"),
    ("G4'", G4, 2, 3 / 4, "A|1,2|1,2 A|1,3|2 A|2,3|1,2"),
    ("G4''", G4, 2, 1 / 2, "A|1,2,3|1,2"),
    ("G5 at 1", G5, 1, 1 / 2, "a|1,2|1|3 a|3|2|2"),
    ("G5 at 2", G5, 2, 1 / 2, "a|1,2|1|3 a|3|2|2"),
    ("G5'", G5, 3, 1 / 4, "a|1,2,3|1,2|2,3"),
    *((f"G6 at {d} {c}", G6, d, c, "a|1,5|2,4 b|2|3") for d in (1, 2, 5) for c in (1, 0.5, 0)),
    ("G7", G7, 1, 1, "A|1,3|1,2 A|1|1,2,4 B|2|2"),
    ("G7'", G7, 2, 1 / 2, "A|1,3|1,2,4 B|2|2"),
    ("G8", G8, 1, 1, "A|1,3,5|1,3 A|1,3,5,6|3 B|4|2,6"),
    ("G9", G9, 2, 0, "A|1,2,3|1,2,3"),
    ("G9'", G9, 2, 1 / 2, "A|1,2|1,2 A|1,3|1,3 A|2,3|2,3"),
    ("G9''", {**G9, "B": [(1, 3)]}, 2, 0, "A|1,2|1,2 A|2,3|2,3 B|1|3"),
    ("G10", G10, 1, 1, "a|2,4|2 a|2|2,4 a|4|2,3 b|1|1,2"),
    ("G10'", G10, 2, 1 / 2, "a|2,4|2,3,4 b|1|1,2"),
    ("G11", G11, 1, 1, "A|50,100|150|0.15,0.2"),
    ("G12", G12, 1, 1, "a|1,2|2 a|7|7"),
    ("G12 at 0", G12, 0, 1, "a|1|2 a|2|2 a|7|7"),
    ("G13", G13, 1, 1, "a|1|1 a|2|1 b|1|1 b|1|2"),
    ("G13 wide", G13, 2, 0, "a|1|1 a|2|1 b|1|1 b|1|2"),
    ("G14", G14, 1, 1, "a|" + ",".join(map(str, range(128))) + "|5|7"),
]

# (rows a, rows b, the constant third parameter), each row written as two digits.
RECORDED = [
    ("16 31 53 42 66 61 52 34 11 14 32", "36 46 12", 1),
    ("61 52 65 36 43 14 63 26", "46 42 13 22 25 62", 1),
    ("53 22 35 52 12 32 46 16", "55 15 65 31 25 44 24 33 62 36", 1),
    ("35 56 44 13 33 21 15", "22 63 41 36 11 43", 3),
    ("25 42 13 16 15 31 26 56", "23 41 65 35 33 34 22 14 52", 2),
]
# Rules of each set at (1, 1), values of both parameters.
RECORDED_RULES = [
    ("1/146 13/14 136/1 16/16 3/124 345/2 5/23", "1/2 34/6"),
    ("1/4 23/6 46/3 5/2 6/135", "1/3 2/25 246/2 4/26"),
    ("1/26 1235/2 14/6 3/25 5/23", "1256/5 2/45 24/4 3/136 6/25"),
    ("13/35 2/1 4/4 5/6", "14/1 2/2 3/6 4/13 46/3"),
    ("1/356 12/56 125/6 3/1 4/2", "13/4 2/23 23/3 25/2 3/345 36/5 4/1"),
]
# (distance, consistency) -> for each set the number of rules of a and b and the check sum.
SETTINGS: dict[tuple[int, float], list[tuple[int, int, str]]] = {
    (1, 1.0): [
        (7, 2, "647a7dc66fd5"),
        (5, 4, "2a3dcf7b89dd"),
        (5, 5, "62ff818ef0c0"),
        (4, 5, "ada723d9899a"),
        (5, 7, "f14e9a8863b1"),
    ],
    (2, 0.75): [
        (9, 2, "68f34a5045da"),
        (6, 4, "687e31730c4a"),
        (7, 7, "1e7a39e91d1e"),
        (4, 4, "6bc9f700ad25"),
        (5, 7, "429bc1035c11"),
    ],
    (2, 0.5): [
        (7, 2, "0221f14d7743"),
        (9, 4, "697b7656c0be"),
        (3, 6, "74f44730164c"),
        (6, 4, "f0a234fb4da2"),
        (4, 8, "6226057eaf9d"),
    ],
    (2, 0.25): [
        (4, 2, "f2c7fd1b0e7e"),
        (6, 4, "2439f681dea3"),
        (3, 4, "11610b9ea6ce"),
        (6, 4, "1577398981f7"),
        (4, 6, "2efa21fd9d29"),
    ],
}
SETTINGS[2, 0.0] = SETTINGS[2, 0.25]

DEMO = Path(__file__).parents[3] / "presets" / "rules" / "weather.csv"
# (distance, consistency) -> rules and distinct presets of rain, intro, storm; check sum.
DEMO_RULES: dict[tuple[int, float], tuple[tuple[int, ...], tuple[int, ...], str]] = {
    (1, 1.0): ((5, 4, 5), (7, 5, 6), "1798a33029a0"),
    (2, 0.5): ((5, 3, 5), (7, 6, 10), "8fb385d2a7da"),
    (4, 0.5): ((5, 3, 5), (7, 6, 10), "8fb385d2a7da"),
    (3, 0.25): ((5, 2, 3), (13, 17, 18), "5be1e3e59c4b"),
    (6, 0.0): ((5, 2, 1), (75, 17, 729), "f8f332fb4a0f"),
}


def table(groups: Groups) -> Presets:
    """Return a table from rows by label."""
    rows = [(row, label) for label, group in groups.items() for row in group]
    return presets_from([row for row, _ in rows], [label for _, label in rows])


def recorded(number: int) -> Presets:
    """Return one of the recorded sets."""
    first, second, constant = RECORDED[number]
    groups = {"a": first, "b": second}
    return table({label: [(int(w[0]), int(w[1]), constant) for w in text.split()] for label, text in groups.items()})


def lines(ruler: RuLer) -> list[str]:
    """Return all rules as text, sorted."""
    return sorted(rule.text() for rule in ruler.rules_)


def check_sum(texts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(texts)).encode()).hexdigest()[:12]
