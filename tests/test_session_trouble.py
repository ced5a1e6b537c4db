"""Sessions when several things go wrong at once: full disks one after another, twins, clocks that are set back."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import types
from pathlib import Path

import pytest

from app.saving import FILE, GENERATIONS, SIDE, autosave, newer_autosaves
from app.session import read
from app.session_lock import FILE as LOCK
from app.session_lock import Lock
from tests.test_session import Slow, Stage, errors, full_disk, later, staged
from tests.test_session_opening import slow_stage, stored


def density(folder: Path) -> float:
    return float(read(folder)["parameters"]["/composer/density"])


def left_behind(folder: Path) -> Stage:
    """A session `one` whose last change could not be written when it was left for `two`."""
    stage, reader = slow_stage(folder / "one")
    assert stage.session.claim()
    stage.session.save()
    stage.session.open(stored(folder / "two", 0.9))
    stage.hands.write("/composer/density", 0.4, "ui", 0)
    with full_disk():
        reader.go_on()
        stage.session.tend()
        stage.session.tend()
    assert stage.session.folder.name == "two"
    stage.session._opening._reader = stage.session._saving._background
    return stage


def test_the_last_changes_of_every_session_that_was_left_reach_the_disk(tmp_path: Path) -> None:
    third = stored(tmp_path / "three", 0.7)
    stage = left_behind(tmp_path)
    with full_disk():
        stage.session.open(third)
    assert stage.session.folder.name == "three"
    later(stage)
    later(stage)
    assert density(tmp_path / "one") == 0.4


def test_a_session_is_opened_again_with_its_last_changes_or_not_at_all(tmp_path: Path) -> None:
    stage = left_behind(tmp_path)
    with full_disk():
        stage.session.open(tmp_path / "one")
        stage.session.tend()
    assert (stage.session.folder.name, stage.value("/composer/density")) == ("two", 0.9)
    assert "one is not opened while its last changes cannot be saved" in errors(stage)[-1]
    stage.session.open(tmp_path / "one")
    later(stage, 0.1)
    assert (stage.session.folder.name, stage.value("/composer/density")) == ("one", 0.4)


def test_a_session_that_is_owed_something_stays_ours_until_it_is_written(tmp_path: Path) -> None:
    stage = left_behind(tmp_path)
    assert Lock(tmp_path / "one").foreign
    later(stage)
    later(stage)
    assert not Lock(tmp_path / "one").foreign


def test_the_end_writes_what_is_owed_too(tmp_path: Path) -> None:
    stage = left_behind(tmp_path)
    assert stage.session.keep()
    assert density(tmp_path / "one") == 0.4


def test_what_changes_while_the_same_session_is_read_again_is_not_thrown_away(tmp_path: Path) -> None:
    stage, reader = slow_stage(tmp_path / "one")
    stage.session.save()
    stage.session.open(tmp_path / "one")
    stage.hands.write("/composer/density", 0.4, "ui", 0)
    reader.go_on()
    later(stage)
    assert stage.value("/composer/density") == 0.4
    assert stage.session.keep()
    assert density(tmp_path / "one") == 0.4


def test_a_save_elsewhere_that_waits_for_an_autosave_is_not_forgotten_at_the_end(tmp_path: Path) -> None:
    held = Slow()
    stage, examples = staged(tmp_path / "one", held)
    examples.number = 3
    later(stage)
    stage.session.save(tmp_path / "mine")
    held.go_on()
    assert stage.session.keep()
    assert density(tmp_path / "mine") == 0.8
    assert (tmp_path / "mine" / "examples.txt").read_text().startswith("3 ")


def test_nobody_saves_into_a_folder_that_another_has_just_begun(tmp_path: Path) -> None:
    one, two = Stage(tmp_path / "new"), Stage(tmp_path / "mine")
    assert one.session.claim()  # Nothing is written there yet.
    assert two.session.claim()
    with pytest.raises(ValueError, match=r"new is open in another instrument .*; choose another name"):
        two.session.save(tmp_path / "new")
    two.session.save(tmp_path / "free")
    assert Lock(tmp_path / "free").foreign
    assert not Lock(tmp_path / "mine").foreign


def test_a_folder_that_could_not_be_saved_to_is_free_again(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "mine")
    assert stage.session.claim()
    with full_disk():
        stage.session.save(tmp_path / "new")
    assert "could not be saved to" in errors(stage)[-1]
    assert not Lock(tmp_path / "new").foreign
    assert Lock(tmp_path / "mine").foreign


def test_a_renamed_folder_is_left_to_others_and_the_new_one_is_ours(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "set")
    assert stage.session.claim()
    stage.session.save()
    (tmp_path / "set").rename(tmp_path / "set of yesterday")
    stage.hands.write("/composer/density", 0.5, "ui", 0)
    later(stage)
    assert Lock(tmp_path / "set").foreign
    assert not Lock(tmp_path / "set of yesterday").foreign


def test_a_wrong_name_leaves_no_trace_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "holiday").mkdir()
    stage = Stage(tmp_path / "one")
    assert stage.session.claim()
    for name in ("typo", "holiday"):
        stage.session.open(tmp_path / name)
        assert "There is no session in" in errors(stage)[-1]
    assert not (tmp_path / "typo").exists()
    assert not list((tmp_path / "holiday").iterdir())


def test_what_nobody_wants_any_more_is_not_copied(tmp_path: Path) -> None:
    stage, reader = slow_stage(tmp_path / "one")
    copies: list[str] = []

    def place() -> Path:
        copies.append("made")
        return tmp_path / "two"

    stage.session.open(tmp_path / "two", place)
    stage.session.stop_opening()
    reader.go_on()
    assert not copies


# --- a twin that is alive --------------------------------------------------------------------------------------


def test_the_autosaves_of_a_living_twin_are_no_crash(tmp_path: Path) -> None:
    one = Stage(tmp_path)
    assert one.session.claim()
    one.session.save()
    one.hands.write("/composer/density", 0.5, "ui", 0)
    later(one)
    two = Stage(tmp_path)
    assert not two.session.claim()
    two.session.resume()
    assert two.value("/composer/density") == 0.5
    assert not any("Recovered" in text for _, text in two.said)
    assert two.hands.tree.text("/session/recovered").value == ""


def test_a_decision_that_cannot_be_carried_out_stays_open(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.session.recovery.at("20:15")
    stage.session.foreign = "set is open in another instrument"
    with pytest.raises(ValueError, match="save to another folder"):
        stage.session.recovery.keep()
    assert stage.hands.tree.text("/session/recovered").value == "20:15"


# --- autosaves ---------------------------------------------------------------------------------------------------


def test_an_hour_that_comes_twice_costs_no_autosave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = ["20261025-025900", "20261025-025915", "20261025-025930", "20261025-020000", "20261025-020015"]
    for number, hour in enumerate(hours):
        monkeypatch.setattr("app.saving.time.strftime", lambda *_, hour=hour: hour)
        autosave(tmp_path, f'{{"parameters": {{"/a": {number}}}}}')
        os.utime(newer_autosaves(tmp_path)[0] / FILE, ns=(number, number + 1))
    found = [read(path)["parameters"]["/a"] for path in newer_autosaves(tmp_path)]
    assert found == [4, 3, 2]
    assert len(found) == GENERATIONS


def test_a_generation_that_cannot_be_removed_makes_no_autosave_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(GENERATIONS):
        autosave(tmp_path, f'{{"parameters": {{"/a": {number}}}}}')
    with monkeypatch.context() as patch:
        patch.setattr("os.rmdir", _refused)  # Somebody looks at it.
        autosave(tmp_path, '{"parameters": {"/a": 7}}')
    assert read(newer_autosaves(tmp_path)[0])["parameters"]["/a"] == 7
    autosave(tmp_path, '{"parameters": {"/a": 8}}')
    assert len(list((tmp_path / SIDE).iterdir())) == GENERATIONS


def _refused(*_: object, **__: object) -> None:
    raise PermissionError(errno.EACCES, "in use")


# --- locks ---------------------------------------------------------------------------------------------------------


def test_on_a_full_disk_a_session_is_still_ours(tmp_path: Path) -> None:
    Lock(tmp_path).release()
    with full_disk():
        lock = Lock(tmp_path)
    assert not lock.foreign
    assert Lock(tmp_path).foreign


def test_on_windows_a_byte_is_locked_that_nobody_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked: list[int] = []

    def locking(file: int, mode: int, count: int) -> None:
        assert (mode, count) == (2, 1)
        if locked:
            raise PermissionError(errno.EACCES, "Permission denied")
        locked.append(os.lseek(file, 0, os.SEEK_CUR))

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(locking=locking, LK_NBLCK=2))
    assert not Lock(tmp_path).foreign
    assert Lock(tmp_path).owner == os.getpid()
    assert locked[0] > 1 << 20
    assert (tmp_path / LOCK).read_text() == str(os.getpid())


def test_a_table_waits_a_moment_for_a_virus_scanner_as_every_file_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.dataset_file.text import writing

    refusals = [PermissionError(errno.EACCES, "in use"), PermissionError(errno.EACCES, "in use")]
    rename = Path.replace

    def replace(source: Path, target: Path) -> Path:
        if refusals:
            raise refusals.pop()
        return rename(source, target)

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(Path, "replace", replace)
    with writing(tmp_path / "table.csv") as file:
        file.write("1,2\n")
    assert (tmp_path / "table.csv").read_text() == "1,2\n"


def test_arrears_that_cannot_be_paid_do_not_stop_the_autosave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = left_behind(tmp_path)
    shutil.rmtree(tmp_path / "one")
    (tmp_path / "one").write_text("")  # A stick that somebody pulled out.
    stage.hands.write("/composer/density", 0.3, "ui", 0)
    later(stage)
    later(stage)
    (newest, *_) = newer_autosaves(tmp_path / "two")
    assert density(newest) == 0.3
