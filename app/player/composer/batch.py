"""Windows of several works laid out as the decisions the network is asked to make.

A step is written as a gate (does anything start or stop?), then hold or release for each sounding key from high to
low, then the keys struck from high to low and END. All decisions of a batch stand in flat arrays, each with the index
of its frame and the keys already dealt with, so that one matrix product answers them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.player.composer.checkpoint import VELOCITY_BINS
from app.player.composer.corpus import Window
from app.player.composer.feature import PITCHES, WIDTH

END = PITCHES
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """N decisions of one kind.

    Attributes:
        frame: index of the decision's frame in the flattened batch, (N,).
        key: the key asked about (holds) or the answer (strikes; END = 88), (N,).
        sets: keys undecided, kept, released, struck before this decision, (N, 4 * 88).
        target: 1 where a key is held (holds), else the same as `key`, (N,).
        allowed: answers that are possible, (N, 89); empty for holds.
    """

    frame: Ints
    key: Ints
    sets: Bools
    target: Ints
    allowed: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """B windows of T steps; the fields are numpy arrays, the network turns them into tensors.

    Attributes:
        features: (B, T, WIDTH). composer: (B,). valid: (B, T), False in padding. gate: (B, T), 1 at any change.
        holds, strikes: the decisions.
        loud_frame, loud_key, loud_before, loud: per strike its frame, key, the velocity bin of the strike above it in
            the same step (16 where there is none) and its own bin, each (V,).
    """

    features: NDArray[np.float32]
    composer: Ints
    valid: Bools
    gate: NDArray[np.float32]
    holds: Choices
    strikes: Choices
    loud_frame: Ints
    loud_key: Ints
    loud_before: Ints
    loud: Ints

    @property
    def steps(self) -> int:
        """How many steps count."""
        return int(self.valid.sum())


def collate(windows: Sequence[Window], composers: Sequence[int], length: int) -> Batch:
    """Lay out windows, each at most `length` steps, as one batch."""
    size = len(windows)
    features = np.zeros((size, length, WIDTH), np.float32)
    sounding, held = np.zeros((2, size, length, PITCHES), np.bool_)
    velocity = np.zeros((size, length, PITCHES), np.uint8)
    valid = np.zeros((size, length), np.bool_)
    for row, window in enumerate(windows):
        steps = len(window.features)
        features[row, :steps], valid[row, :steps] = window.features, True
        sounding[row, :steps], held[row, :steps], velocity[row, :steps] = window.sounding, window.held, window.struck
    return _decide(
        features,
        np.asarray(composers, np.int64),
        valid,
        sounding.reshape(-1, PITCHES),
        (held & sounding).reshape(-1, PITCHES),
        velocity.reshape(-1, PITCHES),
    )


def _decide(
    features: NDArray[np.float32],
    composer: Ints,
    valid: Bools,
    sounding: Bools,
    held: Bools,
    velocity: NDArray[np.uint8],
) -> Batch:
    struck = velocity > 0
    released = sounding & ~held
    change = (struck | released).any(axis=1) & valid.reshape(-1)
    strikes = _strikes(np.flatnonzero(change), held, released, struck)
    notes = strikes.key != END
    frame, key = strikes.frame[notes], strikes.key[notes]
    loud = (velocity[frame, key].astype(np.int64) - 1) * VELOCITY_BINS // 127
    before = np.concatenate([[VELOCITY_BINS], loud[:-1]])
    before[np.concatenate([[True], frame[1:] != frame[:-1]]) if len(frame) else slice(0)] = VELOCITY_BINS
    gate = change.reshape(valid.shape).astype(np.float32)
    holds = _holds(change, sounding, held, released)
    return Batch(features, composer, valid, gate, holds, strikes, frame, key, before[: len(frame)], loud)


def _descending(rows: Bools) -> tuple[Ints, Ints]:
    """Return row and column of every True, columns from high to low."""
    frame, column = np.nonzero(rows[:, ::-1])
    return frame, rows.shape[1] - 1 - column


def _holds(change: Bools, sounding: Bools, held: Bools, released: Bools) -> Choices:
    frame, key = _descending(sounding & change[:, None])
    keys = np.arange(PITCHES)
    below, above = keys < key[:, None], keys > key[:, None]
    none = np.zeros_like(below)
    sets = np.concatenate([sounding[frame] & below, held[frame] & above, released[frame] & above, none], axis=1)
    return Choices(frame, key, sets, held[frame, key].astype(np.int64), np.zeros((0, PITCHES + 1), np.bool_))


def _strikes(frames: Ints, held: Bools, released: Bools, struck: Bools) -> Choices:
    # One more column below the lowest key stands for END; reversed, it comes last in its frame.
    with_end = np.concatenate([np.ones((len(frames), 1), np.bool_), struck[frames]], axis=1)
    row, column = _descending(with_end)
    frame = frames[row]
    key = np.where(column == 0, END, column - 1)
    keys = np.arange(PITCHES)
    before = struck[frame] & (keys > (column - 1)[:, None])
    none = np.zeros_like(before)
    sets = np.concatenate([none, held[frame], released[frame], before], axis=1)
    lowest = np.where(before.any(axis=1), before.argmax(axis=1), PITCHES)
    allowed = np.empty((len(frame), PITCHES + 1), np.bool_)
    allowed[:, :PITCHES] = (keys < lowest[:, None]) & ~held[frame]
    # An open gate means that something changes: END needs a release or a strike before it.
    allowed[:, END] = before.any(axis=1) | released[frame].any(axis=1)
    return Choices(frame, key, sets, key, allowed)
