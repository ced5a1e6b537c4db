"""Presets and boxes as bits, so that thousands of unions are judged at once.

A box (one set of values for each parameter) is a row of 64-bit words with one bit for each value. For each value
there is a second row: one bit for each preset that has it. What lies inside a box is then an "or" within each
parameter and an "and" across parameters; how full it is, a count of bits; a contradiction, any bit of another label.
No combination is ever listed, and a union of two boxes is made from their rows alone.

The seam to the two learners: a `Field` is one label against all others, `Boxes` are candidates or rules in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import prod
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from app.player.rules.preset import NO_CLASS, Presets, Value, place_of, text_of
from app.player.rules.rule import Rule

Words = NDArray[np.uint64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Doubles = NDArray[np.float64]

WORD = 64
SLACK = 1e-12  # A share such as 2/3 has no exact float; this much is forgiven, relatively.
CHUNK_WORDS = 1 << 19  # About what fits into a processor's second cache.
_ONE = np.uint64(1)


@dataclass(frozen=True, slots=True)
class Coded:
    """A table whose values are numbers.

    Attributes: `levels` the ascending distinct values of each parameter, `starts` where each parameter's levels begin
    in the one count of all levels, `codes` (distinct presets of all labels, parameters) levels in that count, `own`
    the rows of `codes` for each label, ascending.
    """

    levels: tuple[tuple[Value, ...], ...]
    starts: Numbers
    codes: Numbers
    own: dict[str, Numbers]

    @classmethod
    def of(cls, table: Presets) -> Self:
        """Return the coded table: equal values are one, as are equal presets, and the order of rows is gone."""
        spelled = [_spelled(table.column(parameter)) for parameter in range(len(table.names))]
        levels = tuple(tuple(sorted(known.values(), key=place_of)) for known in spelled)
        starts = np.cumsum([0, *map(len, levels)], dtype=np.int64)
        places = [
            {value: int(start) + n for n, value in enumerate(known)}
            for known, start in zip(levels, starts[:-1], strict=True)
        ]
        coded = [tuple(places[p][value] for p, value in enumerate(preset.values)) for preset in table.rows]
        distinct = {row: number for number, row in enumerate(sorted(set(coded)))}
        own: dict[str, set[int]] = {}
        for preset, row in zip(table.rows, coded, strict=True):
            own.setdefault(preset.label, set()).add(distinct[row])
        codes = np.array(list(distinct), dtype=np.int64).reshape(-1, len(table.names))
        return cls(levels, starts, codes, {label: np.array(sorted(rows)) for label, rows in sorted(own.items())})

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that get rules."""
        return tuple(label for label in self.own if label != NO_CLASS)


def _spelled(column: Iterable[Value]) -> dict[Value, Value]:
    """Return distinct values; of equal ones that are written differently (1, 1.0) the shortest."""
    known: dict[Value, Value] = {}
    for value in column:
        other = known.setdefault(value, value)
        if type(other) is not type(value) or value == 0:
            known[value] = min(other, value, key=_spelling)
    return known


def _spelling(value: Value) -> tuple[int, str]:
    text = text_of(value)
    return len(text), text


class Field:
    """One label against all others.

    Attributes: `label`, `codes` (own presets n, parameters P) as in `Coded`, `words` (own presets' words in a row of
    bits; the other labels' words follow), `rows` (levels, own and other words) who has a level, `count` n,
    `word_of` and `bit_of` where a level stands in a box's mask, `first_words` (P) where each parameter begins there,
    `level_of` the first level of each word of a mask, `mask_words` their number.
    """

    def __init__(self, coded: Coded, label: str) -> None:
        self.label, self.levels, self.starts = label, coded.levels, coded.starts
        self.codes = coded.codes[coded.own[label]]
        self.count, self.width = self.codes.shape
        others = np.unique(np.concatenate([np.zeros(0, np.int64), *(r for k, r in coded.own.items() if k != label)]))
        own_rows = _rows(self.codes, int(coded.starts[-1]))
        self.words = own_rows.shape[1]
        self.rows: Words = np.concatenate([own_rows, _rows(coded.codes[others], int(coded.starts[-1]))], axis=1)
        wide = [-(-len(known) // WORD) for known in coded.levels]
        self.first_words = np.cumsum([0, *wide[:-1]], dtype=np.int64)
        self.one_word = sum(wide) == self.width
        within = np.concatenate([np.arange(len(known)) for known in coded.levels])
        self.word_of: Numbers = np.repeat(self.first_words, [len(k) for k in coded.levels]) + within // WORD
        self.bit_of: Words = _ONE << (within % WORD).astype(np.uint64)
        self.mask_words = sum(wide)
        self.level_of: Numbers = np.flatnonzero(within % WORD == 0)

    def singles(self) -> Boxes:
        """Return each own preset as a box of its own."""
        masks = np.zeros((self.count, self.mask_words), np.uint64)
        masks[np.arange(self.count)[:, None], self.word_of[self.codes]] = self.bit_of[self.codes]
        return Boxes(masks, self.rows[self.codes.T])

    def shares(self, masks: Words) -> Numbers:
        """Return how many values each box has in each parameter (boxes, P)."""
        bits = np.bitwise_count(masks)
        if self.one_word:
            return bits.astype(np.int64)
        return np.add.reduceat(bits, self.first_words, axis=1, dtype=np.int64)

    def sizes(self, masks: Words) -> Doubles:
        """Return how many combinations each box has, exact below 2^53 (what is larger is never full enough)."""
        sizes: Doubles = np.multiply.reduce(self.shares(masks).astype(np.float64), axis=1)
        return sizes

    def apart(self, first: Words, second: Words) -> NDArray[np.uint8]:
        """Return in how many parameters each of `first` shares no value with each of `second`."""
        total = np.zeros((len(first), len(second)), np.uint8)
        ends = [*self.first_words[1:], self.mask_words]
        for begin, end in zip(self.first_words, ends, strict=True):
            common = first[:, None, begin] & second[None, :, begin]
            for word in range(begin + 1, end):
                common |= first[:, None, word] & second[None, :, word]
            total += common == 0
        return total

    def rules(self, boxes: Boxes) -> list[Rule]:
        """Return boxes as rules with their values."""
        own = judge(self, boxes.inside).own.tolist()
        flat = [value for known in self.levels for value in known]
        rule, word = np.nonzero(boxes.masks)
        place, bit = np.nonzero(unpacked(boxes.masks[rule, word][:, None]))
        values = tuple(flat[level] for level in (self.level_of[word[place]] + bit).tolist())
        ends = np.cumsum(self.shares(boxes.masks).ravel()).tolist()
        cut = [values[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]
        sets = [tuple(cut[n : n + self.width]) for n in range(0, len(cut), self.width)]
        return [Rule(self.label, known, count, prod(map(len, known))) for known, count in zip(sets, own, strict=True)]

    def chunk(self) -> int:
        """Return how many boxes are judged at once."""
        return max(16, CHUNK_WORDS // int(self.width * self.rows.shape[1]))

    def flags(self, words: Words) -> Flags:
        """Return own presets' bits (boxes, words) as flags (boxes, n)."""
        return unpacked(words[:, : self.words])[:, : self.count].view(np.bool_)


@dataclass(slots=True)
class Boxes:
    """Boxes of one field.

    Attributes: `masks` (boxes, mask words) their values, `cover` (P, boxes, words) for each parameter the presets whose
    value is in the box. The presets inside are those covered by all parameters.
    """

    masks: Words
    cover: Words

    def __len__(self) -> int:
        return len(self.masks)

    def take(self, places: Any) -> Boxes:
        """Return some of the boxes."""
        return Boxes(self.masks[places], self.cover[:, places])

    def union(self, first: Numbers, second: Numbers) -> Boxes:
        """Return the smallest boxes that hold two each."""
        return Boxes(self.masks[first] | self.masks[second], self.cover[:, first] | self.cover[:, second])

    @property
    def inside(self) -> Words:
        """The presets inside each box (boxes, words)."""
        common: Words = np.bitwise_and.reduce(self.cover, axis=0)
        return common

    @staticmethod
    def joined(parts: list[Boxes]) -> Boxes:
        """Return the boxes of several groups as one."""
        return Boxes(np.concatenate([p.masks for p in parts]), np.concatenate([p.cover for p in parts], axis=1))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about boxes. Attributes: `own` presets inside, `clean` no other label's inside."""

    own: Numbers
    clean: Flags


def judge(field: Field, inside: Words) -> Verdict:
    """Return what lies in boxes, from the bits of the presets inside (boxes, words)."""
    own = np.bitwise_count(inside[:, : field.words]).sum(axis=1, dtype=np.int64)
    clean: Flags = np.bitwise_or.reduce(inside[:, field.words :], axis=1) == 0
    return Verdict(own, clean)


def full_enough(own: Any, size: Any, consistency: float) -> Flags:
    """Tell which boxes are filled at least to the share `consistency`; own presets or an upper bound of them."""
    if consistency <= 0:
        return np.ones(len(size), bool)
    enough: Flags = np.asarray(own) >= consistency * size * (1 - SLACK)
    return enough


def _rows(codes: Numbers, levels: int) -> Words:
    """Return for each level the bits of the presets that have it (levels, words)."""
    count, width = codes.shape
    rows = np.zeros((levels, -(-count // WORD)), np.uint64)
    places = np.repeat(np.arange(count), width)
    np.bitwise_or.at(rows, (codes.ravel(), places // WORD), _ONE << (places % WORD).astype(np.uint64))
    return rows


def unpacked(words: Words) -> NDArray[np.uint8]:
    """Return the bits of words along the last axis as 0 and 1, the lowest first."""
    return np.unpackbits(np.ascontiguousarray(words, "<u8").view(np.uint8), axis=-1, bitorder="little")


def keys(masks: Words) -> Words:
    """Return a 64-bit key of each box; two different boxes have the same key once in 10^19 pairs."""
    total = np.zeros(len(masks), np.uint64)
    with np.errstate(over="ignore"):
        for word in range(masks.shape[1]):
            mixed = masks[:, word] + np.uint64((0x9E3779B97F4A7C15 * (word + 1)) % 2**64)
            mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            total += mixed ^ (mixed >> np.uint64(31))
    return total


def different(masks: Words) -> Numbers:
    """Return the places of the first of each kind of box, ascending."""
    return np.sort(np.unique(keys(masks), return_index=True)[1])


def contained(field: Field, small: Boxes, big: Boxes, spend: Callable[[int], None] = lambda _: None) -> Flags:
    """Tell which of `small` lie inside another, larger one of `big`; `spend` is told how many words are looked at.

    A box can only lie in boxes that have more values and hold one of its presets; of its presets the one is asked that
    fewest of `big` hold.
    """
    answer = np.zeros(len(small), bool)
    if not len(small) or not len(big):
        return answer
    few, many = (np.bitwise_count(boxes.masks).sum(axis=1, dtype=np.int64) for boxes in (small, big))
    low, high = np.flatnonzero(few < many.max()), np.flatnonzero(many > few.min())
    if not len(low):
        return answer
    small, big = small.take(low), big.take(high)
    spend((len(small) + len(big)) * (field.width * field.words + field.count))
    held, holding = field.flags(small.inside), field.flags(big.inside)
    rare = np.where(held, holding.sum(axis=0, dtype=np.int32), len(big) + 1)
    witness = np.argmin(rare, axis=1)
    keepers = holding.T
    step = max(1, (1 << 20) // len(big))
    for begin in range(0, len(small), step):
        one, other = np.nonzero(keepers[witness[begin : begin + step]])
        spend(len(big) * min(step, len(small) - begin) // 4 + len(one) * (5 + field.mask_words))
        one += begin
        larger = many[high[other]] > few[low[one]]
        one, other = one[larger], other[larger]
        within = ~(small.masks[one] & ~big.masks[other]).any(axis=1)
        answer[low[one[within]]] = True
    return answer


def maximal(field: Field, boxes: Boxes, spend: Callable[[int], None] = lambda _: None) -> Boxes:
    """Return the boxes that lie in no other; of equal ones the first."""
    boxes = boxes.take(different(boxes.masks))
    return boxes.take(~contained(field, boxes, boxes, spend))
