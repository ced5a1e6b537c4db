"""Scores made ready for training: features tabulated once per file, works split into training, validation and test.

Whole works are held out, never windows, because neighbouring windows of one work leak its themes; and each composer
keeps a share of every part. Tables are cached by the hash of the file, so a second training starts at once.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.file import write_bytes
from app.player.composer.feature import FEATURE_VERSION, HISTORY, PITCHES, SMALL, FeatureState, Metre, assemble, shift
from app.player.composer.score import MidiFile, Piece, ScoreError, read

SHORTEST_STEPS = 16
WINDOW_SHOWN, WINDOWS_SHOWN = 512, 72  # of the works held out for validation


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """The features and the content of one work, T steps long, compact; row t of the features tells of steps before t.

    Attributes:
        composer, work, digest: where it comes from.
        struck: velocities struck in each step, uint8 (T, 88).
        held: keys held over into each step, bool (T, 88).
        past_struck, past_age: the features' strikes and ages, uint8 (T, 88).
        lags: how many steps back each of the four lagged blocks lies, uint8 (T, 4).
        small: the features that are not one per key, float16 (T, SMALL).
    """

    composer: str
    work: str
    digest: str
    struck: NDArray[np.uint8]
    held: NDArray[np.bool_]
    past_struck: NDArray[np.uint8]
    past_age: NDArray[np.uint8]
    lags: NDArray[np.uint8]
    small: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.struck)

    def window(self, start: int, length: int, semitones: int = 0) -> Window:
        """Cut out steps `start` .. `start + length` (fewer at the end), transposed."""
        rows = slice(start, min(start + length, len(self)))
        index = np.arange(rows.start, rows.stop)[:, None] - self.lags[rows].astype(np.int64)
        lagged = (self.struck[np.maximum(index, 0)] > 0) & (index >= 0)[:, :, None]
        small = turned(self.small[rows].astype(np.float32), semitones)
        features = assemble(
            shift(self.past_struck[rows], semitones),
            shift(self.past_age[rows], semitones),
            shift(lagged, semitones),
            small,
        )
        sounding = shift(self.past_age[rows] > 0, semitones)
        return Window(features, sounding, shift(self.struck[rows], semitones), shift(self.held[rows], semitones))


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A stretch of one work: features, what sounded before each step, and what the step did; first axis is time."""

    features: NDArray[np.float32]
    sounding: NDArray[np.bool_]
    struck: NDArray[np.uint8]
    held: NDArray[np.bool_]


def turned(small: NDArray[np.float32], semitones: int) -> NDArray[np.float32]:
    """Transpose the pitch-class blocks at the head of the small features."""
    moved = small.copy()
    classes = small[..., :60].reshape(*small.shape[:-1], 5, 12)
    moved[..., :60] = np.roll(classes, semitones, axis=-1).reshape(*small.shape[:-1], 60)
    return moved


def tabulate(piece: Piece) -> Table:
    """Run the playing code over a piece and keep what it would have told the network before each step."""
    steps = len(piece)
    past_struck, past_age = np.zeros((2, steps, PITCHES), np.uint8)
    lags, small = np.zeros((steps, 4), np.uint8), np.zeros((steps, SMALL), np.float16)
    state = FeatureState.silent()
    for step in range(steps):
        metre = Metre(int(piece.metres[step, 0]), int(piece.metres[step, 1]))
        past_struck[step], past_age[step] = state.struck, state.age
        lags[step], small[step] = metre.lags, state.small(int(piece.place[step]), metre)
        state = state.advance(piece.struck[step], piece.held[step])
    return Table(piece.composer, piece.work, piece.digest, piece.struck, piece.held, past_struck, past_age, lags, small)


@dataclass(frozen=True, slots=True)
class Damage:
    """A file left out, and why."""

    path: Path
    reason: str


def load(
    files: Iterable[MidiFile], cache: Path | None, stop: Callable[[], bool] = bool
) -> tuple[list[Table], list[Damage]]:
    """Tabulate all files; return the tables and the files that could not be used.

    Args:
        files: what to read.
        cache: folder for tables by hash, made if missing; None reads everything anew.
        stop: asked before each file; True ends early with what there is.
    """
    tables: list[Table] = []
    damages: list[Damage] = []
    for file in files:
        if stop():
            break
        try:
            table = _recall(file, cache) or _remember(tabulate(read(file)), cache)
        except ScoreError as error:
            damages.append(Damage(file.path, str(error)))
            continue
        if len(table) < SHORTEST_STEPS:
            damages.append(Damage(file.path, f"only {len(table)} steps long, at least {SHORTEST_STEPS} are needed"))
        else:
            tables.append(table)
    return tables, damages


_ARRAYS = [entry.name for entry in fields(Table)][3:]


def _address(digest: str, cache: Path) -> Path:
    return cache / f"{digest[:32]}-f{FEATURE_VERSION}-h{HISTORY}.npz"


def _recall(file: MidiFile, cache: Path | None) -> Table | None:
    if cache is None:
        return None
    try:
        with np.load(_address(file.digest, cache), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in _ARRAYS}
    except (FileNotFoundError, KeyError, ValueError, OSError, EOFError, zipfile.BadZipFile):
        return None  # not there, or cut short by a crash: it is read anew
    return Table(file.composer, file.work, file.digest, **arrays)


def _remember(table: Table, cache: Path | None) -> Table:
    if cache is not None:
        packed = io.BytesIO()
        np.savez_compressed(packed, **{name: getattr(table, name) for name in _ARRAYS})
        write_bytes(_address(table.digest, cache), (packed.getvalue(),))
    return table


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """Whole works by use: learnt from, kept to choose the best moment, kept to report."""

    train: list[Table]
    valid: list[Table]
    test: list[Table]

    def digest_lists(self) -> dict[str, list[dict[str, str]]]:
        """Return the works of each part with their hashes, for the record in a model."""
        return {
            part: [{"composer": t.composer, "work": t.work, "sha256": t.digest} for t in getattr(self, part)]
            for part in ("train", "valid", "test")
        }


def split(tables: list[Table], valid_share: float = 0.1, test_share: float = 0.1) -> Split:
    """Hold out works of each composer by the order of their hashes: the same files always fall the same way.

    A composer with fewer than three works keeps nothing for testing; one with a single work lends its last fifth for
    validation, because something must say when to stop.
    """
    parts = Split([], [], [])
    for composer in sorted({table.composer for table in tables}):
        works = sorted((table for table in tables if table.composer == composer), key=lambda table: table.digest)
        if len(works) == 1:
            border = len(works[0]) * 4 // 5
            parts.train.append(cut(works[0], 0, border))
            parts.valid.append(cut(works[0], border, len(works[0])))
            continue
        test = max(1, round(len(works) * test_share)) if len(works) >= 3 else 0
        valid = max(1, round(len(works) * valid_share))
        parts.test.extend(works[:test])
        parts.valid.extend(works[test : test + valid])
        parts.train.extend(works[test + valid :])
    return parts


def cut(table: Table, start: int, length: int) -> Table:
    """Return a stretch of a work as a work of its own; its features still know what came before."""
    arrays = {name: getattr(table, name)[start : start + length] for name in _ARRAYS}
    return Table(table.composer, table.work, table.digest, **arrays)


def provenance(parts: Split) -> str:
    """Return the split as JSON text."""
    return json.dumps(parts.digest_lists(), indent=1)


def chances(tables: Sequence[Table]) -> NDArray[np.float64]:
    """Return how often each work is drawn: composers by the root of their size, works within by length."""
    sizes: dict[str, int] = {}
    for table in tables:
        sizes[table.composer] = sizes.get(table.composer, 0) + len(table)
    shares = np.array([len(table) / np.sqrt(sizes[table.composer]) for table in tables])
    return np.asarray(shares / shares.sum(), np.float64)


def thinned(tables: Sequence[Table]) -> list[Table]:
    """Cut works into windows and keep an even choice of them, so that looking stays quick."""
    pieces = [
        cut(table, start, WINDOW_SHOWN)
        for table in tables
        for start in range(0, max(1, len(table) - WINDOW_SHOWN // 4), WINDOW_SHOWN)
    ]
    pick = np.unique(np.linspace(0, len(pieces) - 1, min(len(pieces), WINDOWS_SHOWN)).round().astype(int))
    return [pieces[index] for index in pick]
