"""What a Listener keeps in a session's folder, and what must not come back from there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.model import file as model_file
from app.player.listener.brain import Learnt
from app.player.listener.memory import FOLDER, Memory
from tests.player.listener.test_file import taught
from tests.player.listener.test_player import Sides, Stage


def kept(memory: Memory, folder: Path) -> list[str]:
    """Write what is new; return which models are in the folder then."""
    write = memory.changes()
    if write is not None:
        write(folder)
    return sorted(path.parent.name for path in (folder / FOLDER).glob(f"*/{model_file.CARD}"))


def test_a_model_that_is_taken_back_does_not_come_back_with_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store(folder: Path, *_: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / model_file.CARD).write_text("{}")

    monkeypatch.setattr(model_file, "store", store)
    stage = Stage("classifier:2")
    dataset = taught(stage)
    brain = stage.listener.brain
    memory = Memory(dataset, lambda: brain, pytest.fail)
    assert kept(memory, tmp_path) == ["model-1"]
    learnt = dict(brain.learnt)
    brain.swap({})  # As undoing the training does.
    assert kept(memory, tmp_path) == []
    assert not (tmp_path / FOLDER / "model-1").exists()
    brain.swap(learnt)
    assert kept(memory, tmp_path) == ["model-1"]


def test_a_model_that_could_not_be_read_stays_on_the_disk(tmp_path: Path) -> None:
    stage, refused = Stage("classifier:2"), []
    place = tmp_path / FOLDER / "model-1"
    place.mkdir(parents=True)
    (place / model_file.CARD).write_text('{"format": 99}')
    brain = stage.listener.brain
    memory = Memory(stage.listener.dataset, lambda: brain, refused.append)
    memory.read(tmp_path, lambda _: None, lambda: True)()
    assert any("format 99" in text for text in refused)
    brain.swap({0: Learnt(Sides())})
    brain.swap({})
    write = memory.changes(True)
    assert write is not None
    write(tmp_path)
    assert (place / model_file.CARD).exists()


def test_a_folder_without_a_card_is_no_model(tmp_path: Path) -> None:
    stage, refused = Stage("classifier:2"), []
    (tmp_path / FOLDER / "model-1").mkdir(parents=True)
    memory = Memory(stage.listener.dataset, lambda: stage.listener.brain, refused.append)
    memory.read(tmp_path, lambda _: None, lambda: True)()
    assert not any("There is no model" in text for text in refused)
