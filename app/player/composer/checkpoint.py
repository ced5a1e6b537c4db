"""Models on disk: a folder with `model.safetensors` (half precision) and `model.json`, checked in full when loaded.

The weights alone say nothing, so the JSON beside them keeps all that is needed to play, to judge and to rebuild the
model: sizes, versions, composers, licence, works with hashes, held-out loss, the command. Nothing is ever unpickled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from app.file import write_bytes, write_whole
from app.player.composer.feature import FEATURE_VERSION, PITCHES, STEPS_PER_QUARTER, WIDTH

FORMAT_VERSION = 1
WEIGHTS_NAME, CARD_NAME = "model.safetensors", "model.json"
VELOCITY_BINS = 16
LARGEST_HIDDEN = 2048


class ModelError(ValueError):
    """A model folder that cannot be used; the text is one sentence for the user: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network.

    Attributes:
        composers: how many composers it knows; row 0 of their embeddings is "no composer", so there is one row more.
        hidden: width of the recurrent layers and of the head.
        embedding: width of a composer's embedding.
        gate, velocity: widths of the two small heads.
        features: width of a frame's features.
    """

    composers: int
    hidden: int = 256
    embedding: int = 32
    gate: int = 64
    velocity: int = 64
    features: int = WIDTH

    def weights(self) -> dict[str, tuple[int, ...]]:
        """Return the shape of every weight by name."""
        width = self.hidden
        linear = {
            "input": (width, self.features),
            "gate_in": (self.gate, width),
            "gate_out": (1, self.gate),
            "frame": (width, width),
            "residual": (width, width),
            "hold": (1, width),
            "strike": (PITCHES + 1, width),
            "loud_frame": (self.velocity, width),
            "loud": (VELOCITY_BINS, self.velocity),
        }
        table = {
            "composer": (self.composers + 1, self.embedding),
            "tint": (width, self.embedding),
            "chosen": (width, 4 * PITCHES),
            "query": (PITCHES, width),
            "loud_key": (PITCHES, self.velocity),
            "loud_before": (VELOCITY_BINS + 1, self.velocity),
        }
        shapes: dict[str, tuple[int, ...]] = {f"{name}.weight": size for name, size in (linear | table).items()}
        shapes |= {f"{name}.bias": size[:1] for name, size in linear.items()}
        for layer in ("first", "second"):
            shapes |= {
                f"{layer}.{kind}_{side}_l0": (3 * width, width) if kind == "weight" else (3 * width,)
                for kind in ("weight", "bias")
                for side in ("ih", "hh")
            }
        return shapes


@dataclass(frozen=True, slots=True)
class Voice:
    """One composer inside a model.

    Attributes:
        name: as shown. rate: mean strikes per step in the works learnt from.
    """

    name: str
    rate: float


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A network ready to play.

    Attributes:
        folder: where it came from.
        shape: its sizes.
        weights: float32 arrays by name.
        composers: whom it knows; composer number i has row i + 1 of the embeddings.
        velocities: velocity (1..127) that each of the 16 bins stands for.
        card: the whole content of `model.json`.
    """

    folder: Path
    shape: Shape
    weights: dict[str, NDArray[np.float32]]
    composers: tuple[Voice, ...]
    velocities: NDArray[np.float32]
    card: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the composer switcher: what to show, which folder to load, which composer in it."""

    name: str
    folder: Path
    composer: int


def load(folder: Path) -> Model:
    """Read and check a model folder.

    Raises:
        ModelError: anything is missing, damaged, of another version or not a number.
    """
    card = _card(folder)
    shape, composers, velocities = _described(card, folder)
    path = folder / WEIGHTS_NAME
    if not path.is_file():
        raise ModelError(f"The model in {folder} has no {WEIGHTS_NAME}: copy the whole folder, or train it again.")
    try:
        stored = load_file(path)
    except (SafetensorError, OSError, ValueError, KeyError) as error:
        raise ModelError(
            f"The weights in {path} are cut short or damaged ({error}): copy the file again, or train the model again."
        ) from error
    _check(stored, shape, path)
    weights = {name: np.ascontiguousarray(value, np.float32) for name, value in stored.items()}
    return Model(folder, shape, weights, composers, velocities, card)


def _card(folder: Path) -> dict[str, Any]:
    path = folder / CARD_NAME
    if not folder.is_dir():
        raise ModelError(f"There is no model folder {folder}: choose another, or train one.")
    if not path.is_file():
        raise ModelError(f"The folder {folder} holds no {CARD_NAME}, so it is no model: choose another, or train one.")
    try:
        card = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The file {path} cannot be read ({error}): copy the folder again, or train the model again."
        ) from error
    if not isinstance(card, dict):
        raise ModelError(f"The file {path} does not describe a model: copy the folder again, or train the model again.")
    wanted = {"format": FORMAT_VERSION, "features": FEATURE_VERSION, "steps_per_quarter": STEPS_PER_QUARTER}
    for key, value in wanted.items():
        if card.get(key) != value:
            raise ModelError(
                f"The model in {folder} is of another version ({key} {card.get(key)}, this program "
                f"reads {value}): train it again with this program."
            )
    return card


def _described(card: dict[str, Any], folder: Path) -> tuple[Shape, tuple[Voice, ...], NDArray[np.float32]]:
    try:
        shape = Shape(**{str(name): int(size) for name, size in card["network"].items()})
        composers = tuple(Voice(str(entry["name"]), float(entry["rate"])) for entry in card["composers"])
        velocities = np.array(card["velocities"], np.float32)
        sound = all(0 < size <= max(LARGEST_HIDDEN, WIDTH) for size in asdict(shape).values())
        sound &= len(composers) == shape.composers and shape.features == WIDTH
        sound &= all(0 <= voice.rate < PITCHES for voice in composers) and velocities.shape == (VELOCITY_BINS,)
        sound &= bool(((velocities >= 1) & (velocities <= 127)).all())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(
            f"The file {folder / CARD_NAME} lacks something or has a wrong value ({error!r}): copy the "
            "folder again, or train the model again."
        ) from error
    if not sound:
        raise ModelError(
            f"The sizes or composers in {folder / CARD_NAME} contradict each other: copy the folder "
            "again, or train the model again."
        )
    return shape, composers, velocities


def _check(stored: dict[str, NDArray[Any]], shape: Shape, path: Path) -> None:
    wanted = shape.weights()
    missing, extra = sorted(wanted.keys() - stored.keys()), sorted(stored.keys() - wanted.keys())
    if missing or extra:
        raise ModelError(
            f"The weights in {path} do not belong to its {CARD_NAME} (missing {missing[:3]}, unknown "
            f"{extra[:3]}): copy both files of the folder together."
        )
    for name, size in wanted.items():
        if stored[name].shape != size:
            raise ModelError(
                f"The weight {name} in {path} has shape {stored[name].shape} where {CARD_NAME} says "
                f"{size}: copy both files of the folder together."
            )
        if not np.isfinite(stored[name].astype(np.float32)).all():
            raise ModelError(f"The weight {name} in {path} is not a number: train the model again.")


def store(folder: Path, weights: dict[str, NDArray[np.float32]], card: dict[str, Any]) -> None:
    """Write a model folder; each file is replaced whole, the weights first."""
    folder.mkdir(parents=True, exist_ok=True)
    half = {name: np.ascontiguousarray(value, np.float16) for name, value in weights.items()}
    write_bytes(folder / WEIGHTS_NAME, (save(half),))
    write_whole(folder / CARD_NAME, json.dumps(card, indent=1, ensure_ascii=False) + "\n")


def find(directory: Path) -> list[Entry]:
    """List the composers of all models in `directory`, sorted by folder; reads only the JSON files.

    Folders that are no readable model are left out here; `load` says what is wrong with one.
    """
    if not directory.is_dir():
        return []
    entries = []
    for folder in sorted(path for path in directory.iterdir() if path.is_dir() and not path.name.startswith(".")):
        try:
            names = [voice.name for voice in _described(_card(folder), folder)[1]]
        except ModelError:
            continue
        entries += [Entry(name, folder, index) for index, name in enumerate(names)]
    return list(_distinct(entries))


def _distinct(entries: list[Entry]) -> Iterable[Entry]:
    names = [entry.name for entry in entries]
    for entry in entries:
        twin = names.count(entry.name) > 1
        yield Entry(f"{entry.name} ({entry.folder.name})", entry.folder, entry.composer) if twin else entry
