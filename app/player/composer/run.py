"""One training run: the loop of updates, looks at the held-out works, the best model kept, the state to resume from.

What is kept is the average of the weights at the moment of the best validation loss, written whole each time, so a
stop, a crash or a full disk at any moment leaves a good model behind.
"""

from __future__ import annotations

import io
import json
import math
import pickle  # for the name of its error only: nothing is unpickled freely
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

from app.file import write_bytes
from app.player.composer import checkpoint, corpus, evaluation
from app.player.composer.batch import Batch, collate
from app.player.composer.corpus import Split
from app.player.composer.network import Network
from app.player.composer.option import Options
from app.player.composer.record import Progress, card

Report = Callable[[dict[str, Any]], None]

DEFAULT_EPOCHS = 30
WARM_UP = 60
PATIENCE = 400  # updates without a better validation loss, once they are half of all
AVERAGE = 0.998
VELOCITY_WEIGHT = 0.3
COMPOSER_DROPOUT = 0.1
OPENING_SHARE = 0.05  # of windows that begin with the work
LOWEST_RATE = 0.02  # of the highest, at the end of the cosine
RESUME_NAME = "resume.pt"


class TrainingError(RuntimeError):
    """A run that cannot start or go on; the text is one sentence for the user."""


@dataclass(slots=True)
class Run:
    """One training run.

    Attributes:
        options, parts, names: what to do, the works by use, the composers in order.
        rate: highest learning rate. network: what learns. average: its smoothed weights. progress: where it stands.
        rank, world: this process among all that share the run.
        clock: monotonic seconds.
    """

    options: Options
    parts: Split
    names: list[str]
    network: Network
    rate: float
    report: Report
    stop: Callable[[], bool]
    command: str = ""
    rank: int = 0
    world: int = 1
    clock: Callable[[], float] = time.perf_counter
    progress: Progress = field(default_factory=Progress)
    average: dict[str, torch.Tensor] = field(init=False)
    optimizer: torch.optim.AdamW = field(init=False)
    random: np.random.Generator = field(init=False)
    _learner: torch.nn.Module = field(init=False)
    _chances: np.ndarray[Any, np.dtype[np.float64]] = field(init=False)
    _bfloat: bool = field(init=False)
    _started: float = field(init=False, default=0.0)
    _validated: tuple[float, float] = field(init=False, default=(-1e9, 0.0))

    def __post_init__(self) -> None:
        self.random = np.random.default_rng([self.options.seed, self.rank])
        self.average = {name: value.detach().clone() for name, value in self.network.state_dict().items()}
        self.optimizer = torch.optim.AdamW(self.network.parameters(), betas=(0.9, 0.98), weight_decay=0.03)
        self._learner = DistributedDataParallel(self.network) if self.world > 1 else self.network
        self._chances = corpus.chances(self.parts.train)
        self._bfloat = bool(torch.cpu.get_capabilities().get("amx_bf16", False))

    # --- the loop -------------------------------------------------------------------------------------

    @property
    def updates_per_epoch(self) -> int:
        """Updates of one pass over the works learnt from."""
        frames = sum(len(table) for table in self.parts.train)
        return max(1, frames // (self.options.batch * self.options.seq_len * self.world))

    def share_done(self) -> float:
        """Return how much of the run is over, 0..1, by epochs or time, whichever is further; 1 if it got stuck."""
        if self.progress.update - self.progress.best_update >= max(PATIENCE, self.progress.best_update):
            return 1.0
        shares = [0.0]
        epochs = self.options.epochs or (None if self.options.minutes else DEFAULT_EPOCHS)
        if epochs:
            shares.append(self.progress.update / (epochs * self.updates_per_epoch))
        if self.options.minutes:
            shares.append(self.progress.seconds / (60.0 * self.options.minutes))
        return min(1.0, max(shares))

    def learn(self) -> None:
        """Train until the limit or a stop; the best model so far is always on disk."""
        self._started = self.clock() - self.progress.seconds
        quarter = max(1, self.updates_per_epoch // 4)
        share, stopped = self._agree()
        if stopped:
            raise TrainingError("The training was stopped before anything was learnt.")
        while share < 1.0 and not stopped:
            loss = self._update(share)
            self.progress.train = loss if np.isnan(self.progress.train) else 0.97 * self.progress.train + 0.03 * loss
            share, stopped = self._agree()
            if self.progress.update % quarter == 0:
                self._look(share)
        if self.rank == 0:
            self._validate(share)
            self._tell(share)
            if not stopped:
                (self.options.folder / RESUME_NAME).unlink(missing_ok=True)

    def _agree(self) -> tuple[float, bool]:
        """Return the share done and whether to stop; the first process decides for all."""
        self.progress.seconds = self.clock() - self._started
        word = torch.tensor([self.share_done(), float(self.stop())], dtype=torch.float64)
        if self.world > 1:
            distributed.broadcast(word, 0)
        return float(word[0]), bool(word[1])

    def _update(self, share: float) -> float:
        warm = min(1.0, (self.progress.update + 1) / WARM_UP)
        rate = self.rate * warm * (LOWEST_RATE + (1 - LOWEST_RATE) * 0.5 * (1 + math.cos(math.pi * share)))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        batch = self._draw()
        self.network.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat):
            losses = self._learner(batch)
        notes = losses.notes.sum() / batch.steps
        self.optimizer.zero_grad(set_to_none=True)
        (notes + VELOCITY_WEIGHT * losses.velocities.sum() / batch.steps).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.progress.update += 1
        self.progress.examples += self.options.batch * self.world
        self._smooth()
        return float(notes.detach())

    def _smooth(self) -> None:
        keep = min(AVERAGE, (1 + self.progress.update) / (10 + self.progress.update))
        with torch.no_grad():
            for name, value in self.network.state_dict().items():
                self.average[name].lerp_(value, 1 - keep)

    def _draw(self) -> Batch:
        """Draw windows at random: composers by the root of their size, works by length, keys from -5 to +6."""
        length, random = self.options.seq_len, self.random
        windows, composers = [], []
        for index in random.choice(len(self.parts.train), self.options.batch, p=self._chances):
            table = self.parts.train[index]
            latest = max(0, len(table) - length)
            start = 0 if random.random() < OPENING_SHARE else int(random.integers(latest + 1))
            windows.append(table.window(start, length, int(random.integers(-5, 7))))
            known = random.random() >= COMPOSER_DROPOUT
            composers.append(self.names.index(table.composer) + 1 if known else 0)
        return collate(windows, composers, length)

    # --- looking, keeping, telling --------------------------------------------------------------------

    def _look(self, share: float) -> None:
        """Report; validate too, unless that would take more than a tenth of the time."""
        if self.rank != 0:
            return
        last, cost = self._validated
        if self.clock() - last >= 9 * cost:
            self._validate(share)
        self._tell(share)

    def _validate(self, share: float) -> None:
        began = self.clock()
        keep = self.network.state_dict()
        current = {name: value.clone() for name, value in keep.items()}
        self.network.load_state_dict(self.average)
        windows = corpus.thinned(self.parts.valid)
        composers = [self.names.index(table.composer) + 1 for table in windows]
        self.progress.valid = evaluation.mean(evaluation.score(self.network, windows, composers))
        if self.progress.valid < self.progress.best:
            self.progress.best, self.progress.best_update = self.progress.valid, self.progress.update
            self._keep()
        self.network.load_state_dict(current)
        self._save_state()
        self._validated = self.clock(), self.clock() - began

    def _keep(self) -> None:
        weights = {name: value.float().numpy() for name, value in self.average.items()}
        described = card(self.options, self.parts, self.names, self.network.shape, self.progress, self.command)
        checkpoint.store(self.options.folder, weights, described)

    def _tell(self, share: float) -> None:
        progress = self.progress
        left = progress.seconds * (1 - share) / share if share > 0 else float("inf")
        self.report(
            {
                "kind": "progress",
                "epoch": round(progress.update / self.updates_per_epoch, 2),
                "step": progress.update,
                "train": progress.train,
                "valid": progress.valid,
                "best": progress.best,
                "examples_per_s": progress.examples / max(1e-9, progress.seconds),
                "seconds_left": left,
            }
        )

    # --- resuming -------------------------------------------------------------------------------------

    def _save_state(self) -> None:
        progress = self.progress
        state = {
            "network": self.network.state_dict(),
            "average": self.average,
            "optimizer": self.optimizer.state_dict(),
            "progress": {name: getattr(progress, name) for name in Progress.__dataclass_fields__},
            "random": json.dumps(self.random.bit_generator.state),
            "torch": torch.get_rng_state(),
            "works": corpus.provenance(self.parts),
        }
        buffer = io.BytesIO()
        torch.save(state, buffer)
        write_bytes(self.options.folder / RESUME_NAME, (buffer.getvalue(),))

    def restore(self) -> None:
        """Take up the state that a stopped run left.

        Raises:
            TrainingError: there is none, or it belongs to other works or another network.
        """
        path = self.options.folder / RESUME_NAME
        try:
            state = torch.load(path, weights_only=True)
            if state["works"] != corpus.provenance(self.parts):
                raise TrainingError(
                    f"The run in {path.parent} learnt from other files than {self.options.dataset} "
                    "holds now: train without --resume."
                )
            self.network.load_state_dict(state["network"])
            self.average = state["average"]
            self.optimizer.load_state_dict(state["optimizer"])
            self.progress = Progress(**state["progress"])
            torch.set_rng_state(state["torch"])
        except FileNotFoundError as error:
            raise TrainingError(f"There is no run to resume in {path.parent}: train without --resume.") from error
        except (KeyError, TypeError, RuntimeError, ValueError, OSError, EOFError, pickle.UnpicklingError) as error:
            if isinstance(error, TrainingError):
                raise
            raise TrainingError(
                f"The state in {path} is damaged or belongs to another network: train without --resume."
            ) from error
        if self.world == 1:
            self.random.bit_generator.state = json.loads(state["random"])
