"""Trained models on disk: a folder with `model.json` and the arrays it names, checked in full when loaded.

The arrays' file is named by its own digest and `model.json` is written last, so at every moment of a crash the
folder holds the old model or the new one; a file that was changed or mixed up is noticed. Nothing is unpickled.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from app.file import write_bytes, write_whole
from app.model.base import Answer, Arrays, ModelError
from app.model.registry import rebuild

FORMAT = 1
CARD = "model.json"


def store(folder: Path, model: Answer, card: dict[str, Any]) -> None:
    """Write a model and what is known of it (`card`: ready for JSON) into a folder; OSError if it cannot."""
    arrays, meta = model.to_arrays()
    content = save_arrays({name: np.ascontiguousarray(array) for name, array in arrays.items()})
    digest = hashlib.sha256(content).hexdigest()
    name = f"model-{digest[:12]}.safetensors"
    folder.mkdir(parents=True, exist_ok=True)
    write_bytes(folder / name, (content,))
    described = {"format": FORMAT, "arrays": name, "digest": digest, "model": meta, "card": card}
    write_whole(folder / CARD, json.dumps(described, indent=1, ensure_ascii=False) + "\n")
    for old in folder.glob("model-*.safetensors"):
        if old.name != name:
            with suppress(OSError):  # Windows keeps what somebody has open; the next time it goes.
                old.unlink(missing_ok=True)


def discard(folder: Path) -> None:
    """Take a stored model away; OSError if it cannot be. Nothing happens where there is none."""
    (folder / CARD).unlink(missing_ok=True)  # First: without it the rest is no model.
    with suppress(OSError):
        for left in folder.glob("model-*.safetensors"):
            left.unlink(missing_ok=True)
        folder.rmdir()


def load(folder: Path) -> Any:
    """Return the Predictor or Spotter in a folder; ModelError if it is missing, damaged or of another version."""
    described = _described(folder)
    path = folder / str(described.get("arrays"))
    try:
        content = path.read_bytes()
        arrays: Arrays = load_arrays(content)
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"The arrays of the model in {folder} cannot be read ({error}): train it again.") from error
    if hashlib.sha256(content).hexdigest() != described.get("digest"):
        raise ModelError(f"{path} is not the file that {CARD} belongs to: copy the whole folder, or train again.")
    for name, array in arrays.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise ModelError(f"{path}: {name} holds something that is not a number: train the model again.")
    return rebuild(arrays, described.get("model") or {})


def read_card(folder: Path) -> dict[str, Any]:
    """Return what was written beside a model; ModelError if there is none."""
    card = _described(folder).get("card")
    return card if isinstance(card, dict) else {}


def _described(folder: Path) -> dict[str, Any]:
    path = folder / CARD
    try:
        described = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"There is no model in {folder}: it holds no {CARD}.") from error
    except (OSError, ValueError) as error:
        raise ModelError(
            f"{path} cannot be read ({error}): copy the folder again, or train the model again."
        ) from error
    if not isinstance(described, dict):
        raise ModelError(f"{path} describes no model: copy the folder again, or train the model again.")
    if described.get("format") != FORMAT:
        raise ModelError(f"The model in {folder} is of format {described.get('format')}, this program reads {FORMAT}.")
    return described
