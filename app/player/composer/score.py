"""Scores as the Composer reads them: a MIDI file becomes frames on a grid of sixteenths.

The grid follows the ticks, not the seconds, so rubato in a tempo map does not blur the notes; a strike and a note
held over are told apart, so a repeated note stays two notes. Every file that cannot be read is named with the reason.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.player.composer.feature import LOWEST_PITCH, PITCHES, STEPS_PER_QUARTER, Metre

LONGEST_STEPS = 60_000  # about an hour at 240 steps a minute: longer is a damaged file
ENDINGS = {".mid", ".midi"}


class ScoreError(ValueError):
    """A MIDI file that cannot be used; the text says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """One work on the grid, T steps long.

    Attributes:
        composer: name of the composer's folder.
        work: path of the file inside that folder.
        digest: SHA-256 of the file.
        struck: velocity 1..127 where a key is struck, else 0, shape (T, 88).
        held: True where a key goes on sounding from the step before, shape (T, 88).
        place: position of each step in its bar, shape (T,).
        metres: numerator and denominator of each step's bar, shape (T, 2).
    """

    composer: str
    work: str
    digest: str
    struck: NDArray[np.uint8]
    held: NDArray[np.bool_]
    place: NDArray[np.uint8]
    metres: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.struck)


@dataclass(frozen=True, slots=True)
class MidiFile:
    """A file to read: whose it is, where it lies, what is in it (SHA-256)."""

    composer: str
    path: Path
    work: str
    digest: str


@dataclass(frozen=True, slots=True)
class Folder:
    """What a dataset folder holds.

    Attributes:
        files: one entry per distinct MIDI file, in a stable order.
        duplicates: how many further files were byte for byte the same.
        stray: MIDI files that lie in no composer's folder.
    """

    files: tuple[MidiFile, ...]
    duplicates: int
    stray: tuple[Path, ...]


def scan(root: Path, composer: str | None = None) -> Folder:
    """List the MIDI files of `root/<Composer>/...`, with any case of ending.

    Args:
        root: the dataset folder.
        composer: read only this composer's folder.

    Raises:
        ScoreError: `root` is no folder, or holds no folder of that name.
    """
    if not root.is_dir():
        raise ScoreError(f"No dataset folder at {root}: give one that holds one folder of MIDI files per composer.")
    folders = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith("."))
    if composer is not None:
        folders = [path for path in folders if path.name == composer]
        if not folders:
            raise ScoreError(f"No folder '{composer}' in {root}: --composer takes the name of a folder there.")
    stray = tuple(sorted(path for path in root.iterdir() if path.suffix.lower() in ENDINGS and path.is_file()))
    files: dict[str, MidiFile] = {}
    total = 0
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file()):
            total += 1
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            files.setdefault(digest, MidiFile(folder.name, path, path.relative_to(folder).as_posix(), digest))
    return Folder(tuple(files.values()), total - len(files), stray)


def read(file: MidiFile) -> Piece:
    """Parse one MIDI file onto the grid.

    Notes shorter than a step still sound one step; a note struck again ends the one before; drums are left out.

    Raises:
        ScoreError: the file is damaged, empty of notes, or far too long.
    """
    import symusic  # only training reads scores

    try:
        score: Any = symusic.Score.from_midi(file.path.read_bytes())
    except Exception as error:
        raise ScoreError(f"damaged MIDI file ({str(error).splitlines()[0][:120]})") from error
    if score.tpq <= 0:
        raise ScoreError("the file counts in seconds, not in beats")
    notes = _notes(score)
    if not len(notes):
        raise ScoreError("no notes between A0 and C8")
    steps = int(notes[:, 1].max())
    if steps > LONGEST_STEPS:
        raise ScoreError(f"{steps} steps long, more than {LONGEST_STEPS}: probably damaged")
    struck, held = _frames(notes, steps)
    place, metres = _bars(score, steps)
    return Piece(file.composer, file.work, file.digest, struck, held, place, metres)


def _notes(score: Any) -> NDArray[np.int64]:
    """Return one row (start, end, key, velocity) in steps per note on the keyboard, sorted by start."""
    grid = STEPS_PER_QUARTER / score.tpq
    rows = []
    for track in score.tracks:
        if track.is_drum or not len(track.notes):
            continue
        columns = track.notes.numpy()
        start = np.floor(columns["time"] * grid + 0.5).astype(np.int64)
        end = np.floor((columns["time"] + columns["duration"]) * grid + 0.5).astype(np.int64)
        rows.append(
            np.stack(
                [
                    start,
                    np.maximum(end, start + 1),
                    columns["pitch"].astype(np.int64) - LOWEST_PITCH,
                    columns["velocity"].astype(np.int64),
                ],
                axis=1,
            )
        )
    if not rows:
        return np.zeros((0, 4), np.int64)
    notes = np.concatenate(rows)
    notes = notes[(notes[:, 2] >= 0) & (notes[:, 2] < PITCHES) & (notes[:, 3] > 0) & (notes[:, 0] >= 0)]
    return notes[np.argsort(notes[:, 0], kind="stable")]


def _frames(notes: NDArray[np.int64], steps: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    struck = np.zeros((steps, PITCHES), np.uint8)
    held = np.zeros((steps, PITCHES), np.bool_)
    for start, end, key, velocity in notes.tolist():
        struck[start, key] = max(int(struck[start, key]), min(velocity, 127))
        held[start + 1 : end, key] = True
    held &= struck == 0
    return struck, held


def _bars(score: Any, steps: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the place in the bar and the metre of every step."""
    place = np.zeros(steps, np.uint8)
    metres = np.full((steps, 2), 4, np.uint8)
    grid = STEPS_PER_QUARTER / score.tpq
    marks = {0: Metre()}
    for mark in score.time_signatures:
        if mark.numerator > 0 and mark.denominator > 0:
            marks[round(mark.time * grid)] = Metre(min(mark.numerator, 255), min(mark.denominator, 128))
    starts = sorted(marks)
    for start, end in zip(starts, [*starts[1:], steps], strict=True):
        metre, stop = marks[start], min(end, steps)
        if stop > start:
            place[start:stop] = np.arange(stop - start) % metre.bar
            metres[start:stop] = metre.numerator, metre.denominator
    return place, metres
