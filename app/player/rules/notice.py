"""What stands in the way of more presets, in words: conflicts that no setting cures, and near misses that one does.

A performer who sees "needs consistency 0.375" turns the knob; who sees the guilty preset takes it back. Both come from
the same look at pairs of rules that did not merge.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor

import numpy as np

from app.player.rules.bitmask import Boxes, Coded, Doubles, Field, Flags, Numbers, full_enough, judge
from app.player.rules.preset import Presets
from app.player.rules.rule import Rule
from app.player.rules.search import Knobs

LOOKED_AT = 400  # Rules of a label, those with most presets first: a performer reads no more.


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence. Attributes: `text`, `label`, `rules` (numbers from 1), `rows` of the presets concerned (from 0)."""

    text: str
    label: str
    rules: tuple[int, ...] = ()
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unions:
    """Pairs of rules that did not merge. Attributes: `first` and `second` their places from 0, `apart`, and of their
    unions `own` of `size` and whether they are `clean` of other labels' presets."""

    first: Numbers
    second: Numbers
    apart: Numbers
    own: Numbers
    size: Doubles
    clean: Flags

    def best(self, chosen: Flags, most: int) -> Iterator[tuple[int, int, int, int, float]]:
        """Yield first, second, apart, own, size of those chosen, the fullest first."""
        places = np.flatnonzero(chosen)
        share = self.own[places] / self.size[places]
        order = np.lexsort((self.second[places], self.first[places], self.apart[places], -share))
        for n in places[order[:most]].tolist():
            yield int(self.first[n]), int(self.second[n]), int(self.apart[n]), int(self.own[n]), float(self.size[n])


def conflicts_of(rules: Sequence[Rule], table: Presets, knobs: Knobs, most: int) -> tuple[Notice, ...]:
    """Return presets that stand under two labels, then rules that presets of other labels keep apart."""
    found = list(_twice(table))[:most]
    coded = Coded.of(table)
    for label in coded.labels:
        own = _looked_at(rules, label)
        unions = _unions(Field(coded, label), own, knobs.distance)
        stopped = ~unions.clean & full_enough(unions.own, unions.size, knobs.consistency)
        for first, second, *_ in unions.best(stopped, most - len(found)):
            guilty = [
                row
                for row, preset in enumerate(table.rows)
                if preset.label != label and _between(own[first], own[second], preset.values)
            ]
            pair = (first + 1, second + 1)
            words = f"{label}: rules {pair[0]} and {pair[1]} are kept apart by {_named(guilty, table)}"
            found.append(Notice(words, label, pair, tuple(guilty)))
    return tuple(found)


def near_misses_of(rules: Sequence[Rule], table: Presets, knobs: Knobs, most: int) -> tuple[Notice, ...]:
    """Return rules that would merge with a little less consistency or one more of distance, the fullest first."""
    coded = Coded.of(table)
    found: list[tuple[float, Notice]] = []
    for label in coded.labels:
        unions = _unions(Field(coded, label), _looked_at(rules, label), knobs.distance + 1)
        full = full_enough(unions.own, unions.size, knobs.consistency)
        one_short = unions.clean & (full == (unions.apart > knobs.distance))
        for first, second, apart, own, size in unions.best(one_short, most):
            lowest = f"{floor(1000 * own / size + 1e-9) / 1000:g}"
            needs = f"distance {apart}" if apart > knobs.distance else f"consistency {lowest}"
            pair = (first + 1, second + 1)
            words = f"{label}: rules {pair[0]} and {pair[1]} nearly merge ({own} of {size:.0f}; needs {needs})"
            found.append((own / size, Notice(words, label, pair)))
    found.sort(key=lambda entry: (-entry[0], entry[1].label, entry[1].rules))
    return tuple(notice for _, notice in found[:most])


def _looked_at(rules: Sequence[Rule], label: str) -> list[Rule]:
    return [rule for rule in rules if rule.label == label][:LOOKED_AT]


def _named(guilty: Sequence[int], table: Presets) -> str:
    named = ", ".join(f"preset {table.number(row)} ({table.rows[row].label or 'no class'})" for row in guilty[:2])
    return f"{named} and {len(guilty) - 2} more" if len(guilty) > 2 else named


def _twice(table: Presets) -> Iterator[Notice]:
    for rows in _rows_by_values(table).values():
        labels = list(dict.fromkeys(table.rows[row].label for row in rows))
        if len(labels) > 1:
            named = " and ".join(label or "no class" for label in labels)
            places = ", ".join(str(table.number(row)) for row in rows)
            yield Notice(f"The same preset stands under {named} (presets {places})", labels[0], (), tuple(rows))


def _rows_by_values(table: Presets) -> dict[tuple[object, ...], list[int]]:
    rows: dict[tuple[object, ...], list[int]] = {}
    for row, preset in enumerate(table.rows):
        rows.setdefault(preset.values, []).append(row)
    return rows


def _between(one: Rule, other: Rule, values: Sequence[object]) -> bool:
    return all(value in a or value in b for value, a, b in zip(values, one.sets, other.sets, strict=True))


def _unions(field: Field, rules: Sequence[Rule], distance: int) -> Unions:
    """Return what the unions of two rules would hold, for all that are near enough."""
    boxes = boxes_of(field, rules)
    apart = field.apart(boxes.masks, boxes.masks)
    first, second = np.nonzero(np.triu(apart <= distance, 1))
    own, clean = np.zeros(len(first), np.int64), np.zeros(len(first), bool)
    size = np.zeros(len(first))
    step = 4 * field.chunk()
    for begin in range(0, len(first), step):
        part = slice(begin, begin + step)
        union = boxes.union(first[part], second[part])
        verdict = judge(field, union.inside)
        own[part], clean[part], size[part] = verdict.own, verdict.clean, field.sizes(union.masks)
    return Unions(first, second, apart[first, second].astype(np.int64), own, size, clean)


def boxes_of(field: Field, rules: Sequence[Rule]) -> Boxes:
    """Return rules as boxes again."""
    begins = zip(field.levels, field.starts[:-1].tolist(), strict=True)
    places = [{value: n for n, value in enumerate(known, start)} for known, start in begins]
    masks = np.zeros((len(rules), field.mask_words), np.uint64)
    cover = np.zeros((field.width, len(rules), field.rows.shape[1]), np.uint64)
    for number, rule in enumerate(rules):
        for parameter, known in enumerate(rule.sets):
            levels = np.array([places[parameter][value] for value in known])
            np.bitwise_or.at(masks[number], field.word_of[levels], field.bit_of[levels])
            cover[parameter, number] = np.bitwise_or.reduce(field.rows[levels], axis=0)
    return Boxes(masks, cover)
