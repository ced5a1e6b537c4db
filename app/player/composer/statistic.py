"""Figures that tell whether generated music is like the data: how busy, how thick, how still, how diatonic.

The same function describes works and generated steps, so that the two stand side by side in a model's card.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.player.composer.feature import LOWEST_PITCH

KEY_WINDOW = 64
_MAJOR = np.isin(np.arange(12), [0, 2, 4, 5, 7, 9, 11])
_SCALES = np.stack([np.roll(_MAJOR, tonic) for tonic in range(12)]).astype(np.float64)


def describe(struck: NDArray[np.bool_], held: NDArray[np.bool_]) -> dict[str, float]:
    """Return the figures of T steps.

    Args:
        struck, held: which keys are struck in a step, or held over into it, shape (T, 88).

    Returns:
        strikes (per step), polyphony (mean over steps that sound), silence (share of silent steps), in_key (mean
        share of the strikes of 64 steps in their best diatonic scale), longest_still (steps without any change),
        note_length (mean, in steps), repeats (share of 16-step blocks equal to the one before).
    """
    sounding = struck | held
    voices = sounding.sum(axis=1)
    heard = voices[voices > 0]
    strikes = int(struck.sum())
    return {
        "strikes": float(strikes / max(1, len(struck))),
        "polyphony": float(heard.mean()) if len(heard) else 0.0,
        "silence": float((voices == 0).mean()),
        "in_key": _in_key(struck),
        "longest_still": float(_longest_still(struck, sounding)),
        "note_length": float(sounding.sum() / strikes) if strikes else 0.0,
        "repeats": _repeats(struck),
    }


def _in_key(struck: NDArray[np.bool_]) -> float:
    classes = np.eye(12)[(np.arange(struck.shape[1]) + LOWEST_PITCH) % 12]
    shares = []
    for start in range(0, len(struck) - KEY_WINDOW + 1, KEY_WINDOW):
        counts = struck[start : start + KEY_WINDOW].sum(axis=0) @ classes
        if counts.sum() >= 8:
            shares.append((_SCALES @ counts).max() / counts.sum())
    return float(np.mean(shares)) if shares else 0.0


def _longest_still(struck: NDArray[np.bool_], sounding: NDArray[np.bool_]) -> int:
    changed: NDArray[np.bool_] = np.asarray(struck.any(axis=1))
    changed[1:] |= (sounding[1:] != sounding[:-1]).any(axis=1)
    edges = np.flatnonzero(np.concatenate([[True], changed, [True]]))
    return int(np.diff(edges).max())


def _repeats(struck: NDArray[np.bool_]) -> float:
    blocks = struck[: len(struck) // 16 * 16].reshape(-1, 16 * struck.shape[1])
    if len(blocks) < 2:
        return 0.0
    full = blocks[1:].any(axis=1)
    return float(((blocks[1:] == blocks[:-1]).all(axis=1) & full).sum() / max(1, full.sum()))
