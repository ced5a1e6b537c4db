"""`python main.py rules`: rules, or new presets, from a table on a command line.

Nobody waits on a beat here, so the search has half a minute instead of a second and finds the exact rules of larger
tables. Standard output holds the result and nothing else; remarks go to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from app.player.rules import snap, table_file
from app.player.rules.learner import RuLer
from app.player.rules.preset import Preset, Presets, RulesError, Value, text_of
from app.player.rules.table_file import Reading

BUDGET_S = 30.0
ANSWERS = {"auto": None, "yes": True, "no": False}


def main(arguments: Sequence[str]) -> int:
    """Print rules or new presets; return the exit status, 2 if something is wrong."""
    try:
        wish = _parser().parse_args(arguments)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    try:
        found, remarks = _answer(wish)
        if wish.out is None:
            sys.stdout.write(found)
    except RulesError as error:
        print(f"rules: {error}", file=sys.stderr)
        return 2
    for remark in remarks:
        print(f"rules: {remark}", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("main.py rules", description="Learn rules from labelled presets.")
    add = parser.add_argument
    add("table", type=Path, metavar="data.csv", help="presets, the label last (or JSON)")
    add("--distance", type=int, default=1, metavar="N", help="most parameters in which rules that merge may differ (1)")
    add("--consistency", type=_share, default=1.0, metavar="C", help="least filled share of a rule: 0.5 or 1/2 (1)")
    add("--label", metavar="NAME", help="make new presets of this label instead of printing rules")
    add("--count", type=_count, metavar="N", help="so many of them (1); without a label from each label in turn")
    add("--mode", choices=("set", "interval"), default="set", help="values of a rule, or anywhere between them (set)")
    add("--rule", type=_count, metavar="N", help="from this rule of the label only")
    add("--only-new", action="store_true", help="no preset that is in the table")
    add("--seed", type=int, metavar="N", help="the same number gives the same presets")
    add("--out", type=Path, metavar="FILE", help="write here, not to standard output")
    add("--format", choices=("text", "json", "csv"), default="text", help="how it is printed (text)")
    add("--header", choices=ANSWERS, default="auto", help="whether row 1 names the columns (auto)")
    add("--index", choices=ANSWERS, default="auto", help="whether column 1 only counts the rows (auto)")
    snapping = "round values: 2 decimals, 8 levels; or for one column only, cutoff=8 levels (again for another)"
    add("--snap", action="append", default=[], metavar="HOW", help=snapping)
    add("--skip-bad", action="store_true", help="leave bad rows out instead of refusing the file")
    add("--budget", type=float, default=BUDGET_S, metavar="S", help=f"seconds for the search ({BUDGET_S:g})")
    return parser


def _share(text: str) -> float:
    try:
        return float(Fraction(text))
    except (ValueError, ZeroDivisionError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no share; write 0.5 or 1/2") from error


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1")
    return int(text)


def _answer(wish: argparse.Namespace) -> tuple[str, list[str]]:
    """Return what is printed, and remarks; with --out it is written."""
    reading = table_file.read(wish.table, ANSWERS[wish.header], ANSWERS[wish.index], wish.skip_bad)
    table, snapping = snap.ingested(reading.presets, wish.snap)
    ruler = RuLer(wish.distance, wish.consistency, wish.budget, thorough=True).fit(table)
    remarks = [*reading.notes, *snapping, *snap.never_matching(table)]
    if ruler.approximate_:
        remarks.append(f"The rules of {', '.join(ruler.approximate_)} are approximate: exact ones would take too long")
    if ruler.hurried_:
        remarks.append("The machine was too busy to end the search; the rules hold, but there may be more: try again")
    if wish.label is None and wish.count is None:
        found = RULES_AS[wish.format](ruler, reading)
    else:
        made, more = presets(ruler, wish)
        remarks += more
        found = PRESETS_AS[_preset_format(wish)](made, reading)
    if wish.out is not None:
        table_file.write_text(wish.out, found)
    return found, remarks


def _preset_format(wish: argparse.Namespace) -> str:
    """Return how presets are written: a file is a table that can be read again, unless something else is asked for."""
    if wish.out is None or wish.format != "text":
        return str(wish.format)
    return "json" if wish.out.suffix.lower() == ".json" else "csv"


def presets(ruler: RuLer, wish: argparse.Namespace) -> tuple[Presets, list[str]]:
    """Return so many new presets, no two alike as long as there are others, and remarks."""
    rng = np.random.default_rng(wish.seed)
    labels = ruler.labels_ if wish.label is None else (wish.label,)
    drawn: dict[str, set[tuple[Value, ...]]] = {label: set() for label in labels}
    made: list[Preset] = []
    spent: dict[str, int] = {}
    for number in range(wish.count or 1):
        label = labels[number % len(labels)]
        sampling = {"rule": wish.rule, "mode": wish.mode, "only_new": wish.only_new, "rng": rng}
        if label not in spent:
            try:
                sample = ruler.sample(label, avoid=drawn[label], **sampling)
                drawn[label].add(sample.values)
            except RulesError:
                if not drawn[label]:
                    raise
                spent[label] = len(drawn[label])
        if label in spent:
            sample = ruler.sample(label, **sampling)
        made.append(Preset(sample.values, label))
    remarks = [f"{label} has {count} such presets; later ones repeat them" for label, count in spent.items()]
    return Presets(ruler.presets_.names, tuple(made)), remarks


def _rule_text(ruler: RuLer, reading: Reading) -> str:
    return "".join(line + "\n" for line in sorted(rule.text(reading.words) for rule in ruler.rules_))


def _rule_json(ruler: RuLer, reading: Reading) -> str:
    numbered = [entry for label in ruler.labels_ for entry in enumerate(ruler.of(label), 1)]
    rules = [{"number": number, **rule.as_json()} for number, rule in numbered]
    whole = {
        "names": list(reading.presets.names),
        "distance": ruler.distance,
        "consistency": ruler.consistency,
        "exact": ruler.exact_,
        "rules": rules,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _rule_csv(ruler: RuLer, reading: Reading) -> str:
    rows: list[Sequence[object]] = [("number", "own", "size", *reading.presets.names, "label")]
    for label in ruler.labels_:
        for number, rule in enumerate(ruler.of(label), 1):
            sets = (" ".join(text_of(value, reading.words) for value in known) for known in rule.sets)
            rows.append((number, rule.own, rule.size, *sets, label))
    return table_file.sheet(rows)


def _preset_text(made: Presets, reading: Reading) -> str:
    return table_file.sheet_text(made, reading.words, header=False)


def _preset_json(made: Presets, reading: Reading) -> str:
    return table_file.json_text(made)


def _preset_csv(made: Presets, reading: Reading) -> str:
    return table_file.sheet_text(made, reading.words)


RULES_AS: dict[str, Callable[[RuLer, Reading], str]] = {"text": _rule_text, "json": _rule_json, "csv": _rule_csv}
PRESETS_AS: dict[str, Callable[[Presets, Reading], str]] = {
    "text": _preset_text,
    "json": _preset_json,
    "csv": _preset_csv,
}
