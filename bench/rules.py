"""Time to learn rules: RuLer here against the plain loop over sets, in one run, in processor seconds.

The plain loop is the algorithm as it is described: all pairs of rules in every round, and the filled share found by
listing a rule's combinations. It is stopped after `--limit` seconds. Presets are made as performers make them, by
changing one or two knobs of a few good settings; a sweep of one knob and the map of 64 settings follow.

Run: python -m bench.rules [--limit 5] [--repeat 3] [--quick]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from itertools import combinations, product

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from app.player.rules.learner import RuLer, sweep
from app.player.rules.preset import Presets, presets_from

Row = tuple[object, ...]
Box = tuple[frozenset[object], ...]
SETTINGS = ((1, 1.0), (2, 0.5), (4, 0.5), (4, 0.25), (4, 0.1), (4, 0.02))
SIZES = (20, 100, 500, 2000)
SHAPES = ((8, 2), (8, 5), (20, 2), (20, 5))
MAP = (tuple(range(1, 9)), (1.0, 0.75, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.0))


def performer(count: int, knobs: int, labels: int, seed: int = 0) -> Presets:
    """Return presets as they are found by ear: for every ten one good setting, then one or two of its knobs changed."""
    random = np.random.default_rng(seed)
    rows, names = [], []
    for label in range(labels):
        own = count // labels
        good = random.integers(16, size=(max(1, own // 10), knobs))
        for _ in range(own):
            row = good[random.integers(len(good))].copy()
            changed = random.choice(knobs, int(random.integers(1, 3)), replace=False)
            row[changed] = random.integers(16, size=len(changed))
            rows.append(tuple(row.tolist()))
            names.append("abcdefgh"[label])
    return presets_from(rows, names)


class TooLongError(Exception):
    """The plain loop has had its time."""


def plain(table: Presets, distance: int, consistency: float, limit_s: float) -> int:
    """Return how many rules the plain loop finds; TooLongError after so many processor seconds."""
    end, found = time.process_time() + limit_s, 0
    for label in table.labels:
        own = {preset.values for preset in table.rows if preset.label == label}
        other = [preset.values for preset in table.rows if preset.label != label]
        rules: set[Box] = {tuple(frozenset([value]) for value in row) for row in own}
        while fresh := _round(rules, own, other, distance, consistency, end):
            rules = _maximal(rules | fresh, end)
        found += len(rules)
    return found


def _round(rules: set[Box], own: set[Row], other: list[Row], distance: int, share: float, end: float) -> set[Box]:
    fresh = set()
    for one, two in combinations(rules, 2):
        if time.process_time() > end:
            raise TooLongError
        if sum(not a & b for a, b in zip(one, two, strict=True)) > distance:
            continue
        box = tuple(a | b for a, b in zip(one, two, strict=True))
        if box in rules or box in fresh or any(all(v in s for v, s in zip(row, box, strict=True)) for row in other):
            continue
        listed = [combination in own for combination in product(*box)]
        if sum(listed) >= share * len(listed) * (1 - 1e-12):
            fresh.add(box)
    return fresh


def _maximal(rules: set[Box], end: float) -> set[Box]:
    kept = set()
    for rule in rules:
        if time.process_time() > end:
            raise TooLongError
        if not any(rule != big and all(a <= b for a, b in zip(rule, big, strict=True)) for big in rules):
            kept.add(rule)
    return kept


def ours(table: Presets, distance: int, consistency: float, repeat: int) -> tuple[float, RuLer]:
    """Return the median processor seconds of a fit, and the last one."""
    spent = []
    for _ in range(repeat):
        began = time.process_time()
        # The budget counts processor seconds too: a busy machine must not change what is measured.
        ruler = RuLer(distance, consistency).fit(table, clock=time.process_time)
        spent.append(time.process_time() - began)
    return float(np.median(spent)), ruler


def timed_plain(table: Presets, distance: int, consistency: float, limit_s: float) -> str:
    """Return the plain loop's processor seconds as text."""
    began = time.process_time()
    try:
        plain(table, distance, consistency, limit_s)
    except TooLongError:
        return f"> {limit_s:g}"
    return f"{time.process_time() - began:.3f}"


def compare(sizes: Sequence[int], limit_s: float, repeat: int) -> float:
    """Print the table of sizes and settings; return the longest fit."""
    print("| presets | knobs | labels | distance, consistency | rules | exact | ours s | plain loop s |")
    print("|---|---|---|---|---|---|---|---|")
    longest = 0.0
    for count in sizes:
        for knobs, labels in SHAPES:
            table, hopeless = performer(count, knobs, labels), False
            for distance, consistency in SETTINGS:
                spent, ruler = ours(table, distance, consistency, repeat)
                longest = max(longest, spent)
                # It only gets longer to the right; once is enough to know.
                told = f"> {limit_s:g}" if hopeless else timed_plain(table, distance, consistency, limit_s)
                hopeless = told.startswith(">")
                exact = "yes" if ruler.exact_ else "no"
                print(
                    f"| {count} | {knobs} | {labels} | {distance}, {consistency:g} | {len(ruler.rules_)} | {exact} "
                    f"| {spent:.3f} | {told} |",
                    flush=True,
                )
    return longest


def main(argv: list[str]) -> int:
    """Measure and print."""
    line = argparse.ArgumentParser(prog="bench.rules", description="Time to learn rules.")
    line.add_argument("--limit", type=float, default=5.0, metavar="S", help="for the plain loop, each time (5)")
    line.add_argument("--repeat", type=int, default=3)
    line.add_argument("--quick", action="store_true", help="no more than 100 presets")
    wish = line.parse_args(argv)
    ours(performer(20, 4, 2), 2, 0.5, 1)  # First use loads code.
    longest = compare(SIZES[:2] if wish.quick else SIZES, wish.limit, wish.repeat)
    print(f"\nlongest fit: {longest:.3f} s")
    sweep_table = presets_from([(n, 5, 7) for n in range(128)], ["a"] * 128)
    spent, ruler = ours(sweep_table, 1, 1.0, wish.repeat)
    print(f"one knob swept over 128 values: {spent:.4f} s, rules {len(ruler.rules_)}, exact {ruler.exact_}")
    table = performer(60, 8, 3)
    began = time.process_time()
    cells = list(sweep(table, *MAP, clock=time.process_time))
    print(f"map of {len(cells)} settings for 60 presets, 8 knobs, 3 labels: {time.process_time() - began:.3f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
