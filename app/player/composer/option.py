"""What a training run is asked to do: the options of `train`, checked before any work begins.

They are a plain value without torch, so that the window can offer and check them and hand them to the worker process.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SHIPPED_MODELS = Path(__file__).resolve().parents[3] / "resources" / "models"


class OptionError(ValueError):
    """An option that cannot be used; the text is one sentence for the user."""


@dataclass(frozen=True, slots=True)
class Options:
    """One training run.

    Attributes:
        dataset: folder that holds one folder of MIDI files per composer.
        out: folder of models; the new one becomes a folder in it.
        composer: learn only from this composer's folder; None means all.
        name: name of the model's folder; empty means the composer's or the dataset's.
        epochs: passes over the works; None means 30, or no limit where `minutes` is given.
        minutes: time limit; None means none.
        seq_len: length of a training window in sixteenths.
        seed: of windows, transpositions, dropout and fresh weights.
        batch: windows per update.
        rate: highest learning rate; None means 0.003 from scratch, 0.0007 from a base.
        dropout: share of units dropped.
        hidden: width of the network when it starts from scratch.
        base: models folder or model to start from; None means the shipped ones.
        from_scratch: start from random weights.
        resume: go on with a run that was stopped, from the state beside the model.
        threads: processor threads to use.
        cache: where tabulated scores are kept; None means the user's cache folder.
        licence: licence of the works, kept in the model.
    """

    dataset: Path
    out: Path
    composer: str | None = None
    name: str = ""
    epochs: int | None = None
    minutes: float | None = None
    seq_len: int = 128
    seed: int = 0
    batch: int = 32
    rate: float | None = None
    dropout: float = 0.2
    hidden: int = 256
    base: Path | None = None
    from_scratch: bool = False
    resume: bool = False
    threads: int = 1
    cache: Path | None = None
    licence: str = "not stated"

    def check(self) -> None:
        """Raise `OptionError` for the first value out of its range."""
        for name, low, high in _RANGES:
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and low <= value <= high):
                raise OptionError(f"--{name.replace('_', '-')} is {value}: give a number from {low} to {high}.")
        if Path(self.folder_name).name != self.folder_name or self.folder_name in {"", ".", ".."}:
            raise OptionError(f"--name '{self.name}' cannot name a folder: give a plain name.")
        if self.out.exists() and not self.out.is_dir():
            raise OptionError(f"--out {self.out} is a file: give a folder.")

    @property
    def folder_name(self) -> str:
        """Name of the model's folder inside `out`."""
        return self.name or self.composer or self.dataset.resolve().name

    @property
    def folder(self) -> Path:
        """The model's folder."""
        return self.out / self.folder_name


_RANGES: list[tuple[str, float, float]] = [
    ("epochs", 1, 100_000),
    ("minutes", 0.01, 100_000),
    ("seq_len", 16, 4096),
    ("seed", 0, 2**32 - 1),
    ("batch", 1, 4096),
    ("rate", 1e-6, 1.0),
    ("dropout", 0.0, 0.9),
    ("hidden", 8, 2048),
    ("threads", 1, 256),
]


def parser() -> argparse.ArgumentParser:
    """Return the command line of `train`."""
    line = argparse.ArgumentParser(prog="train", description="Train a composer from folders of MIDI files.")
    line.add_argument("--dataset", type=Path, required=True, metavar="DIR", help="one folder of MIDI per composer")
    line.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder of models to write into")
    line.add_argument("--composer", metavar="NAME", help="learn only from this folder")
    line.add_argument("--name", default="", help="name of the model (default: the composer's or the dataset's)")
    line.add_argument("--epochs", type=int, metavar="N", help="passes over the works (default 30)")
    line.add_argument("--minutes", type=float, metavar="M", help="stop after this time")
    line.add_argument("--seq-len", type=int, default=128, metavar="N", help="window in sixteenths (default 128)")
    line.add_argument("--seed", type=int, default=0, metavar="N")
    line.add_argument("--batch", type=int, default=32, metavar="N", help="windows per update (default 32)")
    line.add_argument("--rate", type=float, metavar="R", help="highest learning rate")
    line.add_argument("--dropout", type=float, default=0.2, metavar="P")
    line.add_argument("--hidden", type=int, default=256, metavar="N", help="width of a network made from scratch")
    line.add_argument("--base", type=Path, metavar="DIR", help="model to start from (default: the shipped one)")
    line.add_argument("--from-scratch", action="store_true", help="start from random weights")
    line.add_argument("--resume", action="store_true", help="go on with a run that was stopped")
    line.add_argument("--threads", type=int, default=1, metavar="N")
    line.add_argument("--cache", type=Path, metavar="DIR", help="where tabulated scores are kept")
    line.add_argument("--licence", default="not stated", metavar="TEXT", help="licence of the works")
    line.add_argument("--json", action="store_true", help="one JSON object per line")
    return line


def parse(argv: Sequence[str]) -> tuple[Options, bool]:
    """Read a command line; return the options and whether JSON is wanted.

    Raises:
        OptionError: a value is out of range. (argparse itself ends the program on an unknown option.)
    """
    values = vars(parser().parse_args(list(argv)))
    json_wanted = bool(values.pop("json"))
    options = Options(**values)
    options.check()
    return options, json_wanted
