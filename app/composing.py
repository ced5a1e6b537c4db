"""The Composer and what belongs to it: its models, their training, its verbs.

Part of the composition root, as `app.listening` is for the Listener.
"""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import platformdirs

from app.engine import Engine
from app.player.composer.checkpoint import Entry, find
from app.player.composer.player import Composer
from app.trainer import Trainer

SHIPPED_MODELS = Path(__file__).resolve().parent.parent / "resources" / "models"


def user_models() -> Path:
    """Return the folder of the models that the user trained."""
    return platformdirs.user_data_path("understudy") / "models"


def compose(engine: Engine, background: Executor, seed: int) -> tuple[Composer, Trainer]:
    """Let the Composer play in an engine, and learn in a process of its own."""
    composer = Composer(engine.tree, _models(), _load, background, seed, engine.say)
    engine.add(composer)
    trainer = Trainer(
        engine.tree, engine.clock, engine.say, _start_job, user_models(), lambda _: composer.offer(_models())
    )
    add = engine.actions.add
    add("/composer/next", lambda: composer.turn_to(1), "Next composer", "From the next bar on", "Composer")
    add("/composer/previous", lambda: composer.turn_to(-1), "Previous composer", "From the next bar on", "Composer")
    look = "Look for models"
    add("/composer/rescan", lambda: composer.offer(_models()), look, "Reads the model folders", "Composer")
    add("/composer/train", trainer.train, "Train", "Learn from the dataset folder", "Composer")
    add("/composer/train_stop", trainer.stop, "Stop training", "Keeps the best model so far", "Composer")
    engine.tending.append(trainer.tend)
    engine.picturing += [composer.picture, trainer.picture]
    return composer, trainer


def _models() -> list[Entry]:
    return [*find(SHIPPED_MODELS), *find(user_models())]


def _load(entry: Entry) -> Any:
    from app.player.composer.checkpoint import load
    from app.player.composer.generation import Generator

    return Generator(load(entry.folder), entry.composer)


def _start_job(request: Any) -> Any:
    from app.player.composer.job import TrainingJob

    return TrainingJob(request)
