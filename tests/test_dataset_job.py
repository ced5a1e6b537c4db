"""Large files of examples through a process: the same as read at once, with progress, and given up at any time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app import dataset_file, dataset_spool
from app.dataset_file import project
from app.dataset_job import StoppedError, deliver, fetch
from app.example import DatasetError, Examples, Label, Output, same


def examples(rows: int, width: int = 3) -> Examples:
    chance = np.random.default_rng(rows)
    outputs = (Output("label", "class", (Label(1, "glass", 0), Label(2, "wood, old", 4))), Output("value", "number"))
    inputs = chance.normal(size=(rows, width)).astype(np.float32)
    inputs[:: max(rows // 5, 1), 0] = np.nan
    targets = np.column_stack([chance.integers(1, 3, rows), chance.random(rows)]).astype(float)
    takes = np.arange(rows) // 7 + 1
    return Examples.build([f"f {n}" for n in range(width)], outputs, inputs, targets, takes=takes, next_id=10**6)


def always() -> bool:
    return True


def test_a_spool_gives_back_what_was_put(tmp_path: Path) -> None:
    for rows in (0, 1, 5000):
        before = examples(rows)
        dataset_spool.put(tmp_path, before)
        after = dataset_spool.get(tmp_path)
        assert same(before, after)
        assert (after.next_id, after.next_take) == (before.next_id, before.next_take)
        assert not after.inputs.flags.writeable


@pytest.mark.parametrize("rows", [20, 20_000])
def test_what_is_written_is_read_the_same_by_a_process_as_at_once(tmp_path: Path, rows: int) -> None:
    path = tmp_path / "set.csv"
    told: list[float] = []
    assert deliver(path, examples(rows), "own", told.append, always) == ()
    found = fetch(path, told.append, always)
    assert same(found.examples, examples(rows))
    assert same(found.examples, dataset_file.read(path).examples)
    assert (len(told) > 20 and max(told) == pytest.approx(1.0, abs=0.05)) == (rows > 1000)


def test_a_large_project_brings_its_setup(tmp_path: Path) -> None:
    project.write(tmp_path / "big", examples(20_000))
    found = fetch(tmp_path / "big", lambda _: None, always)
    assert found.setup is not None
    assert [output.kind for output in found.setup.outputs] == ["class", "number"]
    assert len(found.examples) == 20_000
    assert not found.gestures


def test_a_wrong_line_far_down_is_told(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_text("a,b,label\n" + "0.25,0.5,1\n" * 30_000 + "0.25,oops,1\n")
    with pytest.raises(DatasetError, match=r"set\.csv, line 30002, column 2 \(b\): 'oops'"):
        fetch(path, lambda _: None, always)
    with pytest.raises(DatasetError, match="cannot be read"):
        fetch(tmp_path / "nowhere.csv", lambda _: None, always)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError, match="cannot be written"):
        deliver(tmp_path / "file" / "set.csv", examples(5000), "own", lambda _: None, always)


def test_a_file_that_is_no_longer_wanted_is_given_up_and_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "set.csv"
    path.write_text("a,b,label\n" + "0.25,0.5,1\n" * 400_000)
    told: list[float] = []
    with pytest.raises(StoppedError):
        fetch(path, told.append, lambda: len(told) < 3)
    assert told[-1] < 0.9
    asked = iter([True, True, False])
    with pytest.raises(StoppedError):
        deliver(tmp_path / "out.csv", examples(200_000, 8), "own", told.append, lambda: next(asked))
    assert [one.name for one in tmp_path.iterdir()] == ["set.csv"]
