"""Small material for the Composer's tests: scores written as notes, and a tiny random network."""

from __future__ import annotations

from pathlib import Path

import mido
import numpy as np

from app.player.composer.checkpoint import Model, Shape, Voice
from app.player.composer.feature import PITCHES

TICKS = 480
SIXTEENTH = TICKS // 4
Note = tuple[float, float, int, int]  # start and length in sixteenths, pitch, velocity


def write_midi(
    path: Path,
    notes: list[Note],
    metre: tuple[int, int] = (4, 4),
    channel: int = 0,
    tempo: int = 500_000,
) -> Path:
    """Write notes as a MIDI file of one track."""
    moments = []
    for start, length, pitch, velocity in notes:
        moments.append(
            (round(start * SIXTEENTH), 1, mido.Message("note_on", note=pitch, velocity=velocity, channel=channel))
        )
        moments.append((round((start + length) * SIXTEENTH), 0, mido.Message("note_off", note=pitch, channel=channel)))
    track = mido.MidiTrack(
        [
            mido.MetaMessage("time_signature", numerator=metre[0], denominator=metre[1]),
            mido.MetaMessage("set_tempo", tempo=tempo),
        ]
    )
    now = 0
    for tick, _, message in sorted(moments, key=lambda moment: moment[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    path.parent.mkdir(parents=True, exist_ok=True)
    mido.MidiFile(ticks_per_beat=TICKS, tracks=[track]).save(path)
    return path


def scale(steps: int, seed: int) -> list[Note]:
    """Return a little two-part piece: quarters in the bass, eighths of C major above."""
    random = np.random.default_rng(seed)
    degrees = [60, 62, 64, 65, 67, 69, 71, 72]
    bass = [(float(start), 4.0, 48 + int(random.choice([0, 5, 7])), 60) for start in range(0, steps, 4)]
    top = [(float(start), 2.0, int(random.choice(degrees)), 80) for start in range(0, steps, 2)]
    return bass + top


def dataset(root: Path, works: int = 4, steps: int = 128) -> Path:
    """Write a dataset of two composers."""
    for number, composer in enumerate(("Ada", "Bob")):
        for work in range(works):
            write_midi(root / composer / f"{work}.mid", scale(steps, 10 * number + work))
    return root


def random_model(seed: int = 0, hidden: int = 12, composers: int = 2, favourites: tuple[int, ...] = ()) -> Model:
    """Return a model of random weights; a few favourite keys make its frames likely enough to count."""
    random = np.random.default_rng(seed)
    shape = Shape(composers, hidden=hidden, embedding=4, gate=6, velocity=6)
    weights = {name: random.normal(0, 0.35, size).astype(np.float32) for name, size in shape.weights().items()}
    if favourites:
        bias = np.full(PITCHES + 1, -9.0, np.float32)
        bias[list(favourites)] = 1.0
        bias[PITCHES] = 1.0
        weights["strike.bias"] = bias
        weights["strike.weight"] *= 0.3
    velocities = np.linspace(8, 124, 16).astype(np.float32)
    names = tuple(Voice(f"Composer {number}", 1.0) for number in range(composers))
    return Model(Path("nowhere"), shape, weights, names, velocities, {})
