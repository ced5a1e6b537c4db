"""Training of a composer with torch: the recipe, the run that can be stopped and resumed, and the command line.

It runs in a process of its own at the lowest priority. What is kept is the average of the weights at the moment of
the best loss on held-out works; a stop at any time leaves that model in place. Under torchrun several processes or
machines share one run (DDP over gloo).
"""

from __future__ import annotations

import io
import json
import math
import os
import pickle  # for the name of its error only: nothing is unpickled freely
import shlex
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

from app.player.composer import checkpoint, corpus, evaluation
from app.player.composer.batch import Batch, collate
from app.player.composer.checkpoint import ModelError, Shape
from app.player.composer.corpus import Split, Table
from app.player.composer.feature import FEATURE_VERSION, STEPS_PER_QUARTER
from app.player.composer.job import step_back
from app.player.composer.network import Network
from app.player.composer.option import SHIPPED_MODELS, OptionError, Options, parse
from app.player.composer.score import ScoreError, scan

Report = Callable[[dict[str, Any]], None]

DEFAULT_EPOCHS = 30
WARM_UP = 60
PATIENCE = 400  # updates without a better validation loss, once they are half of all
AVERAGE = 0.998
COMMAND_NICE = 10
FRESH_RATE, TUNING_RATE = 3e-3, 7e-4
VELOCITY_WEIGHT = 0.3
COMPOSER_DROPOUT = 0.1
LOWEST_RATE = 0.02  # of the highest, at the end of the cosine
VALID_WINDOW, VALID_WINDOWS = 512, 72
RESUME_NAME = "resume.pt"


class TrainingError(RuntimeError):
    """A run that cannot start or go on; the text is one sentence for the user."""


@dataclass(slots=True)
class Progress:
    """Where a run stands.

    Attributes:
        update: updates done. seconds: time spent, earlier runs included.
        best: lowest validation loss so far. best_update: when it was reached.
        valid: latest validation loss. train: running mean of the training loss. examples: windows learnt from.
    """

    update: int = 0
    seconds: float = 0.0
    best: float = float("inf")
    best_update: int = 0
    valid: float = float("nan")
    train: float = float("nan")
    examples: int = 0


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
        self._chances = _chances(self.parts.train)
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
            start = 0 if random.random() < 0.05 else int(random.integers(latest + 1))
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
        windows = _thinned(self.parts.valid)
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
        checkpoint.store(self.options.folder, weights, self.card())

    def card(self, **more: Any) -> dict[str, Any]:
        """Return the content of `model.json`."""
        train = self.parts.train
        return {
            "format": checkpoint.FORMAT_VERSION, "features": FEATURE_VERSION, "steps_per_quarter": STEPS_PER_QUARTER,
            "name": self.options.folder_name,
            "network": {name: getattr(self.network.shape, name) for name in Shape.__dataclass_fields__},
            "composers": [{"name": name, "rate": round(_rate(train, name), 4),
                           "works": sum(table.composer == name for table in train)} for name in self.names],
            "velocities": _velocity_bins(train), "licence": self.options.licence, "command": self.command,
            "training": {"updates": self.progress.update, "seconds": round(self.progress.seconds, 1),
                         "seed": self.options.seed, "window": self.options.seq_len, "batch": self.options.batch},
            "loss": {"unit": "nats per sixteenth", "train": round(self.progress.train, 4),
                     "valid": round(self.progress.best, 4)},
            "works": self.parts.digest_lists(), **more,
        }

    def _tell(self, share: float) -> None:
        progress = self.progress
        left = progress.seconds * (1 - share) / share if share > 0 else float("inf")
        self.report({
            "kind": "progress", "epoch": round(progress.update / self.updates_per_epoch, 2), "step": progress.update,
            "train": progress.train, "valid": progress.valid, "best": progress.best,
            "examples_per_s": progress.examples / max(1e-9, progress.seconds), "seconds_left": left,
        })

    # --- resuming -------------------------------------------------------------------------------------

    def _save_state(self) -> None:
        progress = self.progress
        state = {
            "network": self.network.state_dict(), "average": self.average, "optimizer": self.optimizer.state_dict(),
            "progress": {name: getattr(progress, name) for name in Progress.__dataclass_fields__},
            "random": json.dumps(self.random.bit_generator.state), "torch": torch.get_rng_state(),
            "works": corpus.provenance(self.parts),
        }
        buffer = io.BytesIO()
        torch.save(state, buffer)
        self.options.folder.mkdir(parents=True, exist_ok=True)
        checkpoint.replace(self.options.folder / RESUME_NAME, buffer.getvalue())

    def restore(self) -> None:
        """Take up the state that a stopped run left.

        Raises:
            TrainingError: there is none, or it belongs to other works or another network.
        """
        path = self.options.folder / RESUME_NAME
        try:
            state = torch.load(path, weights_only=True)
            if state["works"] != corpus.provenance(self.parts):
                raise TrainingError(f"The run in {path.parent} learnt from other files than {self.options.dataset} "
                                    "holds now: train without --resume.")
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
            raise TrainingError(f"The state in {path} is damaged or belongs to another network: train without "
                                "--resume.") from error
        if self.world == 1:
            self.random.bit_generator.state = json.loads(state["random"])


def _chances(tables: Sequence[Table]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return how often each work is drawn: composers by the root of their size, works within by length."""
    sizes: dict[str, int] = {}
    for table in tables:
        sizes[table.composer] = sizes.get(table.composer, 0) + len(table)
    chances = np.array([len(table) / np.sqrt(sizes[table.composer]) for table in tables])
    return np.asarray(chances / chances.sum(), np.float64)


def _thinned(tables: Sequence[Table]) -> list[Table]:
    """Cut works into windows and keep an even choice of them, so that looking stays quick."""
    pieces = [corpus.cut(table, start, VALID_WINDOW) for table in tables
              for start in range(0, max(1, len(table) - VALID_WINDOW // 4), VALID_WINDOW)]
    pick = np.unique(np.linspace(0, len(pieces) - 1, min(len(pieces), VALID_WINDOWS)).round().astype(int))
    return [pieces[index] for index in pick]


def _rate(tables: Sequence[Table], name: str) -> float:
    own = [table for table in tables if table.composer == name]
    return float(sum((table.struck > 0).sum() for table in own) / max(1, sum(len(table) for table in own)))


def _velocity_bins(tables: Sequence[Table]) -> list[float]:
    """Return the mean velocity of each bin in the data, the middle of the bin where the data have none."""
    counts = np.zeros(128)
    for table in tables:
        counts += np.bincount(table.struck.ravel(), minlength=128)[:128]
    bins = (np.arange(1, 128) - 1) * checkpoint.VELOCITY_BINS // 127
    means = []
    for number in range(checkpoint.VELOCITY_BINS):
        values = np.arange(1, 128)[bins == number]
        weight = counts[values]
        means.append(round(float((values * weight).sum() / weight.sum() if weight.sum() else values.mean()), 2))
    return means


# --- starting a run -----------------------------------------------------------------------------------


def gather(options: Options, report: Report, stop: Callable[[], bool]) -> Split:
    """Read the dataset, name what is wrong with it, split it.

    Raises:
        TrainingError: nothing usable is there.
    """
    folder = scan(options.dataset, options.composer)
    for path in folder.stray:
        report({"kind": "note", "text": f"{path} lies in no composer's folder and is left out: move it into one."})
    if folder.duplicates:
        report({"kind": "note", "text": f"{folder.duplicates} files are copies of others and count once."})
    tables, damages = corpus.load(folder.files, options.cache or default_cache(), stop)
    for damage in damages:
        report({"kind": "note", "text": f"{damage.path} is left out: {damage.reason}"})
    if not tables:
        raise TrainingError(f"No usable MIDI file in {options.dataset}: put .mid files into one folder per composer.")
    return corpus.split(tables)


def default_cache() -> Path:
    """Return the user's cache folder for tabulated scores."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("understudy")) / "scores"


def begin(options: Options, names: list[str], report: Report) -> tuple[Network, float]:
    """Return the network to train and its highest rate: from the base where there is one, else from random weights."""
    torch.manual_seed(options.seed)
    fresh = Network(Shape(len(names), hidden=options.hidden), options.dropout)
    if options.from_scratch or options.resume:
        return fresh, FRESH_RATE
    base = base_model(options, report)
    if base is None:
        return fresh, FRESH_RATE
    report({"kind": "note", "text": f"Starts from the model {base.folder.name}."})
    network = Network(Shape(len(names), **{name: getattr(base.shape, name) for name in Shape.__dataclass_fields__
                                           if name != "composers"}), options.dropout)
    weights = {name: torch.from_numpy(value.copy()) for name, value in base.weights.items()}
    known = {voice.name: row + 1 for row, voice in enumerate(base.composers)}
    rows = [0] + [known.get(name, 0) for name in names]  # an unknown composer begins as "no composer"
    weights["composer.weight"] = weights["composer.weight"][rows]
    network.load_state_dict(weights)
    return network, TUNING_RATE


def base_model(options: Options, report: Report) -> checkpoint.Model | None:
    """Return the model to start from, or None if there is none that this program reads."""
    place = options.base or SHIPPED_MODELS
    folders = [place] if (place / checkpoint.CARD_NAME).is_file() else []
    folders = folders or list(dict.fromkeys(entry.folder for entry in checkpoint.find(place)))
    for folder in folders:
        try:
            return checkpoint.load(folder)
        except ModelError as error:
            report({"kind": "note", "text": f"Not started from {folder.name}: {error}"})
    if options.base is not None:
        raise TrainingError(f"There is no model to start from in {options.base}: give another --base.")
    return None


def train(options: Options, report: Report, stop: Callable[[], bool], command: str = "") -> Path:
    """Train one model and return its folder.

    Args:
        options: what to do.
        report: called with {"kind": "progress" | "note" | "done", ...} as the work goes on.
        stop: asked often; True ends the run and keeps the best model so far.
        command: how the run was started, for the record.

    Raises:
        TrainingError, OptionError, ScoreError: with one sentence for the user.
    """
    options.check()
    torch.set_num_threads(options.threads)
    world = int(os.environ.get("WORLD_SIZE", "1"))
    rank = int(os.environ.get("RANK", "0"))
    if world > 1 and not distributed.is_initialized():
        distributed.init_process_group("gloo")
    say = report if rank == 0 else _quiet
    parts = gather(options, say, stop)
    names = sorted({table.composer for table in parts.train})
    network, rate = begin(options, names, say)
    run = Run(options, parts, names, network, options.rate or rate, say, stop, command, rank, world)
    if options.resume:
        run.restore()
    run.learn()
    if rank == 0:
        _finish(run)
    if world > 1:
        distributed.destroy_process_group()
    return options.folder


def _finish(run: Run) -> None:
    """Measure the kept model on the works held out for that, write it into the card, report."""
    model = checkpoint.load(run.options.folder)
    run.network.load_state_dict({name: torch.from_numpy(value) for name, value in model.weights.items()})
    tables = run.parts.test
    card = dict(model.card)
    if tables and not run.stop():
        scores = evaluation.score(run.network, tables, [run.names.index(t.composer) + 1 for t in tables])
        strikes = max(1, sum(entry.strikes for entry in scores))
        right, works = evaluation.found(run.network, tables, run.names)
        card["loss"] |= {
            "test": round(evaluation.mean(scores), 4),
            "test_velocity_per_note": round(sum(entry.velocities for entry in scores) / strikes, 4),
            "matrix": evaluation.matrix(run.network, tables, run.names), "found": [right, works],
        }
        checkpoint.store(run.options.folder, model.weights, card)
    run.report({"kind": "done", "folder": str(run.options.folder), "valid": run.progress.best,
                "test": card["loss"].get("test")})


def _quiet(message: dict[str, Any]) -> None:
    """Report of the processes that are not the first: nothing."""


def _print_json(message: dict[str, Any]) -> None:
    finite = {key: None if isinstance(value, float) and not np.isfinite(value) else value
              for key, value in message.items()}
    print(json.dumps(finite, ensure_ascii=False), flush=True)


def _print_line(message: dict[str, Any]) -> None:
    if message["kind"] == "progress":
        print("epoch {epoch:.2f}  step {step}  train {train:.3f}  valid {valid:.3f}  best {best:.3f} nats/step  "
              "{examples_per_s:.0f} windows/s  {seconds_left:.0f} s left".format(**message), flush=True)
    elif message["kind"] == "done":
        print(f"done: {message['folder']} (valid {message['valid']:.3f}, test {message['test'] or float('nan'):.3f} "
              "nats per sixteenth)", flush=True)
    else:
        print(f"{message['kind']}: {message['text']}", flush=True)


def main(argv: Sequence[str]) -> int:
    """Run `train` from a command line; return the exit status. Ctrl-C stops and keeps the best model so far."""
    stopped: list[int] = []
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, frame: stopped.append(number))
    show = _print_json if "--json" in argv else _print_line
    try:
        options, _ = parse(argv)
    except OptionError as error:
        show({"kind": "error", "text": str(error)})
        return 2
    step_back(COMMAND_NICE)
    return run_reported(options, show, lambda: bool(stopped), "python main.py train " + shlex.join(argv))


def run_reported(options: Options, report: Report, stop: Callable[[], bool], command: str = "") -> int:
    """Train, and report what goes wrong as {"kind": "error", "text": ...}; return the exit status."""
    try:
        train(options, report, stop, command)
    except (TrainingError, OptionError, ScoreError, ModelError, OSError) as error:
        report({"kind": "error", "text": str(error)})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
