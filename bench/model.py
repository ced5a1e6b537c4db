"""Each model's training time and the time of one answer, compiled against scikit-learn's own call, in one run.

A hundred examples of thirty features, four labels or two outputs. The compiled answer and the library's
`predict_proba` (or `predict`) for a single row alternate, so both meet the same machine. Gestures have no
counterpart there; their time per frame of the stream stands alone.

Run: python -m bench.model [--rounds N]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # read when numpy and torch are imported
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

from app.model.registry import MODELS, Entry  # noqa: E402

COUNT, WIDTH, CLASSES = 100, 30, 4
TAKES, FRAMES, PLANE = 12, 60, 3
FITS, BATCH = 5, 20


def table(known: Entry) -> tuple[Any, Any]:
    """Return a hundred examples of thirty features, or a dozen gestures."""
    random = np.random.default_rng(1)
    if known.kind == "gesture":
        labels = np.resize(np.arange(1, CLASSES + 1), TAKES)
        steps = random.normal(size=(CLASSES, FRAMES, PLANE)).cumsum(axis=1)
        return [steps[label - 1] + 0.3 * random.normal(size=(FRAMES, PLANE)) for label in labels], labels
    labels = np.resize(np.arange(1, CLASSES + 1), COUNT)
    x = (random.normal(size=(CLASSES, WIDTH))[labels - 1] + random.normal(size=(COUNT, WIDTH))).astype(np.float32)
    return x, labels if known.kind == "classifier" else x[:, :2] * 2.0 + x[:, 2:4] ** 2


def timed(call: Callable[[], Any]) -> float:
    """Return the seconds of one call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def repeat(ask: Callable[[Any], Any], row: Any) -> None:
    """Ask a batch of times: one answer is shorter than the clock can tell."""
    for _ in range(BATCH):
        ask(row)


def librarys(known: Entry, model: Any, x: Any) -> Callable[[Any], Any]:
    """Return scikit-learn's call for one row (1, width) that gives the same answer."""
    if not hasattr(model, "network_"):
        return getattr(model, "predict_proba", model.predict)  # asks scikit-learn's fitted estimator
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    network, classify = model.network_, known.kind == "classifier"
    twin: Any = (MLPClassifier if classify else MLPRegressor)(hidden_layer_sizes=network.hidden, max_iter=1)
    warnings.simplefilter("ignore")
    scaled = model.scale_.apply(x)
    twin.fit(scaled, np.resize(model.classes_, len(x)) if classify else model.predict(x))
    twin.coefs_, twin.intercepts_ = list(network.weights), list(network.biases)
    call = twin.predict_proba if classify else twin.predict
    return lambda row: call(model.scale_.apply(row))


def train(known: Entry, x: Any, y: Any, **values: Any) -> Any:
    """Return a fitted model."""
    return known.make(values).fit(x, y)


def answering(known: Entry, model: Any, x: Any, rounds: int) -> tuple[float, float]:
    """Return the median seconds of one compiled answer, and of one of the library's (NaN for gestures)."""
    compiled = model.compile()
    rows = np.concatenate(x) if known.kind == "gesture" else x
    ask = compiled.feed if known.kind == "gesture" else compiled.predict
    library = librarys(known, model, x)
    ours, theirs = [], []
    for turn in range(rounds):
        row = rows[turn % len(rows)].astype(np.float32)
        ours.append(timed(partial(repeat, ask, row)) / BATCH)
        if known.kind != "gesture":
            theirs.append(timed(partial(library, row[None])))
    return float(np.median(ours)), float(np.median(theirs)) if theirs else float("nan")


def main(argv: list[str]) -> int:
    """Print one line a model."""
    line = argparse.ArgumentParser(prog="bench.model", description="Training and answering time of each model.")
    line.add_argument("--rounds", type=int, default=200)
    wish = line.parse_args(argv)
    print(f"{'model':14} {'training ms':>12} {'answer us':>10} {'scikit-learn us':>16} {'ratio':>7}")
    for known in MODELS.values():
        x, y = table(known)
        slow = known.name == "gru"
        train(known, x, y, **{"updates": 5} if slow else {})  # imports what it needs
        again = partial(train, known, x, y)
        training = float(np.median([timed(again) for _ in range(1 if slow else FITS)]))
        ours, theirs = answering(known, again(), x, wish.rounds)
        figures = f"{known.name:14} {1e3 * training:12.1f} {1e6 * ours:10.1f}"
        print(figures + (f" {1e6 * theirs:16.1f} {theirs / ours:7.1f}" if theirs == theirs else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
