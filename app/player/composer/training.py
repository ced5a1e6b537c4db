"""Training of a composer with torch: what a run starts from, how it ends, and the command line.

It works in a process of its own at a low priority. Under torchrun several processes or machines share one run (DDP
over gloo). A run starts from the shipped base where there is one: a small folder alone is too little to learn from.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import distributed

from app.player.composer import checkpoint, corpus, evaluation
from app.player.composer.checkpoint import ModelError, Shape
from app.player.composer.corpus import Split
from app.player.composer.network import Network
from app.player.composer.option import SHIPPED_MODELS, OptionError, Options, parse
from app.player.composer.run import Report, Run, TrainingError
from app.player.composer.score import ScoreError, scan
from app.priority import step_back

__all__ = ["TrainingError", "main", "run_reported", "train"]

COMMAND_NICE = 10
FRESH_RATE, TUNING_RATE = 3e-3, 7e-4


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
    report({"kind": "note", "text": f"Reads {len(folder.files)} files."})
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
    network = Network(
        Shape(
            len(names),
            **{name: getattr(base.shape, name) for name in Shape.__dataclass_fields__ if name != "composers"},
        ),
        options.dropout,
    )
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
            "matrix": evaluation.matrix(run.network, tables, run.names),
            "found": [right, works],
        }
        checkpoint.store(run.options.folder, model.weights, card)
    run.report(
        {
            "kind": "done",
            "folder": str(run.options.folder),
            "valid": run.progress.best,
            "test": card["loss"].get("test"),
        }
    )


def _quiet(message: dict[str, Any]) -> None:
    """Report of the processes that are not the first: nothing."""


def _print_json(message: dict[str, Any]) -> None:
    finite = {
        key: None if isinstance(value, float) and not np.isfinite(value) else value for key, value in message.items()
    }
    print(json.dumps(finite, ensure_ascii=False), flush=True)


def _print_line(message: dict[str, Any]) -> None:
    if message["kind"] == "progress":
        print(
            "epoch {epoch:.2f}  step {step}  train {train:.3f}  valid {valid:.3f}  best {best:.3f} nats/step  "
            "{examples_per_s:.0f} windows/s  {seconds_left:.0f} s left".format(**message),
            flush=True,
        )
    elif message["kind"] == "done":
        print(
            f"done: {message['folder']} (valid {message['valid']:.3f}, test {message['test'] or float('nan'):.3f} "
            "nats per sixteenth)",
            flush=True,
        )
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
