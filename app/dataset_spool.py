"""Examples as bare arrays in a folder: how they pass between two processes.

A pipe would have both sides copy a million rows while they hold the interpreter's lock, and the music waits for it.
Files of plain numbers are read and written without that lock, straight from and to the arrays.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.dataset_file.own import outputs_from, outputs_to
from app.example import Examples, frozen

CARD = "card.json"
ARRAYS = {"ids": np.int64, "takes": np.int64, "seconds": np.float64, "inputs": np.float32, "targets": np.float64}


def put(folder: Path, examples: Examples) -> None:
    """Write examples into a folder; OSError if that cannot be."""
    card = {
        "features": examples.features,
        "outputs": outputs_to(examples.outputs),
        "rows": len(examples),
        "next_id": examples.next_id,
        "next_take": examples.next_take,
    }
    for name in ARRAYS:
        np.ascontiguousarray(getattr(examples, name)).tofile(folder / name)
    (folder / CARD).write_text(json.dumps(card), encoding="utf-8")


def get(folder: Path) -> Examples:
    """Return what `put` wrote; OSError if it cannot be read."""
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    arrays: dict[str, NDArray[Any]] = {name: np.fromfile(folder / name, kind) for name, kind in ARRAYS.items()}
    for name, width in (("inputs", len(card["features"])), ("targets", len(card["outputs"]))):
        arrays[name] = arrays[name].reshape(card["rows"], width)
    columns: dict[str, Any] = {name: frozen(array) for name, array in arrays.items()}
    outputs = outputs_from(card["outputs"], folder)
    return Examples(tuple(card["features"]), outputs, next_id=card["next_id"], next_take=card["next_take"], **columns)
