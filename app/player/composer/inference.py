"""The Composer's network in plain numpy: one frame at a time, with the state carried on, on one thread.

At this size numpy is faster than torch and loads in a moment. The same walk over the decisions of a frame serves
playing (a sampler decides) and measuring (a given frame decides), so what is measured is what is played.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.player.composer.checkpoint import VELOCITY_BINS, Model
from app.player.composer.feature import PITCHES, Floats

END = PITCHES
Hidden = tuple[Floats, Floats]


class Decider(Protocol):
    """Makes the choices of one frame."""

    def gate(self, logit: float) -> bool:
        """Decide whether anything starts or stops."""

    def hold(self, key: int, logit: float) -> bool:
        """Decide whether a sounding key is held."""

    def strike(self, logits: Floats, number: int) -> int:
        """Choose the next key to strike, or END; impossible answers have a logit of minus infinity."""

    def loudness(self, key: int, logits: Floats, number: int) -> int:
        """Choose the velocity bin of a key just struck."""


class Frame:
    """The outcome of one frame: keys kept, released and struck (high to low), and the bins of the struck ones."""

    __slots__ = ("bins", "kept", "released", "struck")

    def __init__(self) -> None:
        self.kept: list[int] = []
        self.released: list[int] = []
        self.struck: list[int] = []
        self.bins: list[int] = []


def silu(value: Floats) -> Floats:
    """Return x times its logistic, without overflow."""
    half = value * np.float32(0.5)
    return np.asarray(half + half * np.tanh(half), np.float32)


class Inference:
    """A model's arithmetic.

    Attributes:
        model: whose weights these are.
        tint: the composer's contribution to every frame, shape (hidden,).
    """

    def __init__(self, model: Model, composer: int | None = None) -> None:
        self.model = model
        self._weights = model.weights
        self._columns = np.ascontiguousarray(model.weights["chosen.weight"].T)
        self._rows = np.ascontiguousarray(model.weights["input.weight"].T)
        self.tint = self._embedded({composer: 1.0} if composer is not None else {})

    def blend(self, shares: dict[int, float]) -> None:
        """Stand between composers: shares by number; what is missing to 1 goes to "no composer"."""
        self.tint = self._embedded(shares)

    def _embedded(self, shares: dict[int, float]) -> Floats:
        table = self._weights["composer.weight"]
        point = table[0] * np.float32(1.0 - sum(shares.values()))
        for composer, share in shares.items():
            point = point + table[composer + 1] * np.float32(share)
        return np.asarray(self._weights["tint.weight"] @ point, np.float32)

    # --- the recurrent part ---------------------------------------------------------------------------

    def rest(self) -> Hidden:
        """Return the state before the first frame."""
        zero = np.zeros(self.model.shape.hidden, np.float32)
        return zero, zero

    def advance(self, vectors: Floats, hidden: Hidden) -> tuple[Floats, Hidden]:
        """Feed frames one after another.

        Args:
            vectors: features, shape (T, WIDTH), T at least 1.
            hidden: the state before them.

        Returns:
            What the last frame's decisions start from, shape (hidden,), and the state after it.
        """
        first, second = hidden
        top = first
        for vector in vectors:
            entry = self._enter(vector)
            first = self._recur("first", entry, first)
            low = first + entry
            second = self._recur("second", low, second)
            top = second + low
        return top, (first, second)

    def _enter(self, vector: Floats) -> Floats:
        used = np.flatnonzero(vector)  # few features are not zero: most of the matrix need not be fetched
        return silu(vector[used] @ self._rows[used] + self._weights["input.bias"] + self.tint)

    def _recur(self, layer: str, entry: Floats, before: Floats) -> Floats:
        weights, width = self._weights, len(before)
        given = weights[f"{layer}.weight_ih_l0"] @ entry + weights[f"{layer}.bias_ih_l0"]
        past = weights[f"{layer}.weight_hh_l0"] @ before + weights[f"{layer}.bias_hh_l0"]
        gates = np.float32(0.5) + np.float32(0.5) * np.tanh(np.float32(0.5) * (given[: 2 * width] + past[: 2 * width]))
        fresh = np.tanh(given[2 * width :] + gates[:width] * past[2 * width :])
        return np.asarray(fresh + gates[width:] * (before - fresh), np.float32)

    # --- the decisions --------------------------------------------------------------------------------

    def decide(self, top: Floats, sounding: NDArray[np.bool_], decider: Decider) -> Frame:
        """Walk through the decisions of one frame: gate, holds from high to low, strikes from high to low.

        Args:
            top: from `advance`.
            sounding: keys that sounded before this step, shape (88,).
            decider: makes the choices.
        """
        frame = Frame()
        before = [int(key) for key in np.flatnonzero(sounding)[::-1]]
        if not decider.gate(self._gate(top)):
            frame.kept = before
            return frame
        mixed = self._weights["frame.weight"] @ top + self._weights["frame.bias"]
        mixed = self._hold(mixed, before, frame, decider)
        self._strike(mixed, frame, decider)
        self._loud(top, frame, decider)
        return frame

    def _gate(self, top: Floats) -> float:
        weights = self._weights
        inner = silu(weights["gate_in.weight"] @ top + weights["gate_in.bias"])
        return float(weights["gate_out.weight"][0] @ inner + weights["gate_out.bias"][0])

    def _answer(self, mixed: Floats) -> Floats:
        inner = silu(mixed)
        return inner + silu(self._weights["residual.weight"] @ inner + self._weights["residual.bias"])

    def _hold(self, mixed: Floats, before: list[int], frame: Frame, decider: Decider) -> Floats:
        query, columns = self._weights["query.weight"], self._columns
        weight, bias = self._weights["hold.weight"][0], self._weights["hold.bias"][0]
        if before:
            mixed = mixed + columns[before].sum(axis=0)
        for key in before:
            mixed = mixed - columns[key]
            if decider.hold(key, float(weight @ self._answer(mixed + query[key]) + bias)):
                frame.kept.append(key)
                mixed = mixed + columns[PITCHES + key]
            else:
                frame.released.append(key)
                mixed = mixed + columns[2 * PITCHES + key]
        return mixed

    def _strike(self, mixed: Floats, frame: Frame, decider: Decider) -> None:
        weight, bias = self._weights["strike.weight"], self._weights["strike.bias"]
        closed = np.zeros(PITCHES + 1, np.bool_)
        closed[frame.kept] = True
        # An open gate means that something changes: END needs a release or a strike before it.
        closed[END] = not frame.released
        while not closed[:END].all():
            logits = weight @ self._answer(mixed) + bias
            logits[closed] = -np.inf
            key = decider.strike(logits, len(frame.struck))
            if key == END:
                return
            frame.struck.append(key)
            mixed = mixed + self._columns[3 * PITCHES + key]
            closed[key:END] = True
            closed[END] = False

    def _loud(self, top: Floats, frame: Frame, decider: Decider) -> None:
        if not frame.struck:
            return
        weights = self._weights
        base = weights["loud_frame.weight"] @ top + weights["loud_frame.bias"]
        before = VELOCITY_BINS
        for number, key in enumerate(frame.struck):
            inner = silu(base + weights["loud_key.weight"][key] + weights["loud_before.weight"][before])
            before = decider.loudness(key, weights["loud.weight"] @ inner + weights["loud.bias"], number)
            frame.bins.append(before)
