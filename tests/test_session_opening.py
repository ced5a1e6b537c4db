"""Opening a session: the present one plays on untouched until the other is there whole, and nobody loses anything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path

import pytest

from app.dataset_job import StoppedError
from app.file import write_whole
from app.instrument import Instrument
from app.saving import FILE, Take, Tell
from app.session import AUTOSAVE_S, SessionError, read
from app.session_lock import FILE as LOCK
from app.session_lock import Lock
from tests.instrument import offline
from tests.test_session import Stage, as_nobody, errors, full_disk, later, staged


class Reader(Executor):
    """A thread that reads when it is told to. Attributes: `waiting`."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[object], Callable[[], object]]] = []

    def submit(self, work: Callable[..., object], /, *given: object, **named: object) -> Future[object]:  # type: ignore[override]
        future: Future[object] = Future()
        self.waiting.append((future, lambda: work(*given, **named)))
        return future

    def go_on(self) -> None:
        waiting, self.waiting = self.waiting, []
        for future, work in waiting:
            try:
                future.set_result(work())
            except Exception as error:  # noqa: BLE001 - as every executor
                future.set_exception(error)


def slow_stage(folder: Path) -> tuple[Stage, Reader]:
    stage, reader = Stage(folder), Reader()
    stage.session._opening._reader = reader
    return stage, reader


def stored(folder: Path, density: float) -> Path:
    write_whole(folder / FILE, json.dumps({"format": 1, "parameters": {"/composer/density": density}, "bindings": []}))
    return folder


def state(stage: Stage) -> str:
    return stage.hands.tree.text("/session/state").value


def test_the_present_session_stays_until_the_other_is_read_whole(tmp_path: Path) -> None:
    stage, reader = slow_stage(tmp_path / "one")
    stage.hands.write("/composer/density", 0.3, "ui", 0)
    stage.session.open(stored(tmp_path / "two", 0.9))
    for _ in range(5):
        stage.session.tend()
    assert (stage.value("/composer/density"), stage.session.folder.name, state(stage)) == (0.3, "one", "opening two")
    assert read(tmp_path / "one")["parameters"]["/composer/density"] == 0.3  # It is written before it is left.
    stage.hands.write("/composer/density", 0.4, "ui", 0)
    reader.go_on()
    stage.session.tend()
    assert (stage.value("/composer/density"), stage.session.folder.name, state(stage)) == (0.9, "two", "")
    later(stage, 0.1)
    assert read(tmp_path / "one")["parameters"]["/composer/density"] == 0.4  # And what was done meanwhile.
    assert stage.said[-1] == ("info", "Opened two")


def test_the_newest_wish_counts_and_can_be_given_up(tmp_path: Path) -> None:
    stage, reader = slow_stage(tmp_path / "one")
    for name, density in (("two", 0.2), ("three", 0.3)):
        stage.session.open(stored(tmp_path / name, density))
    assert ("info", "two was given up for three") in stage.said
    reader.go_on()
    stage.session.tend()
    assert (stage.value("/composer/density"), stage.session.folder.name) == (0.3, "three")
    stage.session.open(tmp_path / "two")
    stage.session.stop_opening()
    reader.go_on()
    later(stage)
    assert (stage.value("/composer/density"), stage.session.folder.name) == (0.3, "three")
    assert "two was given up; three goes on" in [text for _, text in stage.said]
    stage.session.stop_opening()
    assert "No session is being opened" in stage.said[-1][1]


class Stubborn:
    """A keeper that reads for as long as anybody wants it. Attributes: `told`."""

    def __init__(self) -> None:
        self.told: list[float] = []

    def changes(self, everything: bool = False) -> None:
        """Nothing is ever new."""

    def read(self, folder: Path, tell: Tell, wanted: Callable[[], bool]) -> Take:
        for share in (0.25, 0.75):
            tell(share)
            self.told.append(share)
        if not wanted():
            raise StoppedError
        return lambda: None


def test_progress_is_told_and_a_reader_is_told_when_nobody_waits(tmp_path: Path) -> None:
    stage, reader = slow_stage(tmp_path / "one")
    keeper = Stubborn()
    stage.session.keepers.append(keeper)
    stage.session.open(stored(tmp_path / "two", 0.2))
    (future, work) = reader.waiting.pop()
    prepared = work()
    stage.session.tend()
    assert stage.hands.tree.number("/session/progress").value == 0.75
    future.set_result(prepared)
    stage.session.tend()
    assert stage.hands.tree.number("/session/progress").value == 0
    stage.session.open(tmp_path / "one")
    stage.session.stop_opening()
    reader.go_on()
    stage.session.tend()
    assert not errors(stage)
    assert stage.session.folder.name == "two"


BROKEN = ("", "{", "[]", '{"format": 99, "parameters": {}}', '{"format": "x", "parameters": {}}')


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_one_leaves_the_present_untouched_and_says_so(tmp_path: Path, text: str) -> None:
    stage, _ = staged(tmp_path / "one")
    stage.hands.write("/composer/density", 0.3, "ui", 0)
    write_whole(tmp_path / "two" / FILE, text)
    stage.session.open(tmp_path / "two")
    assert (stage.value("/composer/density"), stage.session.folder.name) == (0.3, "one")
    assert "The session was not opened" in errors(stage)[-1]
    assert errors(stage)[-1].endswith("one goes on")


def test_what_is_changed_while_the_disk_fills_up_is_owed_to_the_session_that_was_left(tmp_path: Path) -> None:
    stage, reader = slow_stage(tmp_path / "one")
    stage.session.save()
    stage.session.open(stored(tmp_path / "two", 0.9))
    stage.hands.write("/composer/density", 0.4, "ui", 0)
    reader.go_on()
    with full_disk():
        for _ in range(4):
            later(stage)
    assert len([text for text in errors(stage) if "last changes of one" in text]) == 1
    assert stage.value("/composer/density") == 0.9
    later(stage)
    later(stage)
    assert read(tmp_path / "one")["parameters"]["/composer/density"] == 0.4


# --- whose it is -------------------------------------------------------------------------------------------


def test_two_instruments_do_not_write_into_one_session(tmp_path: Path) -> None:
    one, two = Stage(tmp_path / "set"), Stage(tmp_path / "set")
    assert one.session.claim()
    one.session.save()
    assert not two.session.claim()
    two.session.writes = False
    two.session.load()
    assert f"open in another instrument (process {os.getpid()})" in two.said[-1][1]
    two.hands.write("/composer/density", 0.1, "ui", 0)
    later(two)
    with pytest.raises(ValueError, match="save to another folder"):
        two.session.save()
    assert not two.session.keep()
    assert read(tmp_path / "set")["parameters"]["/composer/density"] == 0.8
    two.session.save(tmp_path / "mine")
    two.hands.write("/composer/density", 0.2, "ui", 0)
    assert two.session.keep()
    assert read(tmp_path / "mine")["parameters"]["/composer/density"] == 0.2
    three = Stage(tmp_path / "other")
    assert three.session.claim()
    three.session.open(tmp_path / "mine")
    assert "mine is open in another instrument" in errors(three)[-1]
    two.session.close()
    three.session.open(tmp_path / "mine")
    assert three.value("/composer/density") == 0.2
    assert not Lock(tmp_path / "other").foreign  # It was left.


def test_a_session_can_be_opened_again_by_whoever_has_it_open(tmp_path: Path) -> None:
    stage = Stage(tmp_path / "set")
    assert stage.session.claim()
    stage.session.save()
    (tmp_path / "link").symlink_to(tmp_path / "set")
    for name in ("set", "link"):
        stage.session.open(tmp_path / name)
        assert stage.said[-1] == ("info", f"Opened {name}")
        assert Lock(tmp_path / "set").foreign


def test_a_killed_instrument_lets_its_session_go(tmp_path: Path) -> None:
    code = f"from app.session_lock import *; Lock(Path({str(tmp_path)!r})); os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parent.parent)
    assert (tmp_path / LOCK).exists()
    assert not Lock(tmp_path).foreign


def test_where_no_lock_can_be_had_everything_goes_on_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert not Lock(blocked / "in it").foreign


# --- folders -----------------------------------------------------------------------------------------------


def test_a_folder_that_somebody_deletes_is_written_anew_with_everything(tmp_path: Path) -> None:
    stage, examples = staged(tmp_path / "set")
    examples.number = 7
    stage.session.save()
    shutil.rmtree(tmp_path / "set")
    stage.hands.write("/composer/density", 0.5, "ui", 0)
    later(stage)
    assert any("was gone" in text for level, text in stage.said if level == "warning")
    stage.hands.write("/composer/density", 0.6, "ui", 0)
    later(stage)
    again, known = staged(tmp_path / "set")
    again.session.resume()
    assert (again.value("/composer/density"), known.number) == (0.6, 7)
    shutil.rmtree(tmp_path / "set")
    stage.session.save(tmp_path / "elsewhere")
    third, known = staged(tmp_path / "elsewhere")
    third.session.load()
    assert known.number == 7


@pytest.mark.parametrize("name", ["with spaces", "ünïcödé ☂", "-dash", "x" * 200, ".hidden", "a'b\"c;d"])
def test_any_name_that_the_disk_takes_is_a_name(tmp_path: Path, name: str) -> None:
    stage, examples = staged(tmp_path / name)
    examples.number = 3
    stage.session.save()
    stage.hands.write("/composer/density", 0.5, "ui", 0)
    later(stage)
    again, known = staged(tmp_path / "other")
    again.session.open(tmp_path / name)
    assert (again.value("/composer/density"), known.number, again.session.folder.name) == (0.5, 3, name)


@pytest.mark.parametrize("name", ["x" * 300, "nul\0l"])
def test_a_name_that_the_disk_refuses_is_one_sentence(tmp_path: Path, name: str) -> None:
    instrument = offline(tmp_path / "set")
    instrument.engine.fire("/session/save", str(tmp_path / name))
    instrument.engine.fire("/session/open", str(tmp_path / name))
    instrument.engine.run_until(instrument.engine.clock.now() + 0.1)
    said = [line.text for line in instrument.engine.monitor.log if line.level == "error"]
    assert len(said) == 2, said
    assert instrument.session.folder.name == "set"


def test_a_session_behind_a_link_is_saved_where_the_link_leads(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    stage, examples = staged(tmp_path / "link" / "set")
    examples.number = 4
    stage.session.save()
    again, known = staged(tmp_path / "real" / "set")
    again.session.load()
    assert known.number == 4
    assert (tmp_path / "link").is_symlink()


def test_a_read_only_session_opens_and_says_that_it_is_not_saved(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    folder = stored(tmp_path / "locked", 0.2)
    folder.chmod(0o555)
    for parent in folder.parents[:-2]:
        if parent.stat().st_uid == os.getuid() and parent.is_relative_to("/tmp/pytest-of-root"):
            parent.chmod(0o755)
    with as_nobody():
        stage = Stage(folder)
        assert stage.session.claim()
        stage.session.load()
        stage.hands.write("/composer/density", 0.5, "ui", 0)
        later(stage)
    assert any("Permission denied" in text for text in errors(stage))
    folder.chmod(0o755)
    assert read(folder)["parameters"]["/composer/density"] == 0.2


# --- after a crash -----------------------------------------------------------------------------------------


def crashed(folder: Path) -> Stage:
    """Return an instrument that finds what another one left when it was killed."""
    one = Stage(folder)
    one.hands.write("/composer/density", 0.25, "ui", 0)
    one.session.save()
    one.hands.write("/composer/density", 0.75, "ui", 0)
    later(one)
    two = Stage(folder)
    two.session.resume()
    assert len(two.hands.tree.text("/session/recovered").value) == 5
    return two


def test_what_a_crash_left_can_be_kept_or_thrown_away(tmp_path: Path) -> None:
    stage = crashed(tmp_path / "one")
    stage.session.recovery.keep()
    assert stage.hands.tree.text("/session/recovered").value == ""
    assert read(tmp_path / "one")["parameters"]["/composer/density"] == 0.75
    with pytest.raises(ValueError, match="nothing was recovered"):
        stage.session.recovery.keep()
    stage = crashed(tmp_path / "two")
    stage.session.recovery.start_clean(tmp_path / "nowhere")
    assert stage.value("/composer/density") == 0.25
    again = Stage(tmp_path / "two")
    again.session.resume()
    assert again.value("/composer/density") == 0.25
    assert again.hands.tree.text("/session/recovered").value == ""


def test_a_session_that_was_never_saved_by_hand_starts_clean_as_the_first_one(tmp_path: Path) -> None:
    one = Stage(tmp_path / "set")
    one.hands.write("/composer/density", 0.75, "ui", 0)
    later(one)
    two = Stage(tmp_path / "set")
    two.session.resume()
    with pytest.raises(SessionError):
        two.session.recovery.start_clean(tmp_path / "nowhere")
    two.session.recovery.start_clean(stored(tmp_path / "first", 0.5))
    assert two.value("/composer/density") == 0.5
    assert two.session.folder.name == "set"


def test_the_whole_instrument_keeps_or_starts_clean_by_its_actions(tmp_path: Path) -> None:
    one = offline(tmp_path / "set")
    one.engine.set("/composer/density", 0.25)
    run(one, AUTOSAVE_S + 1)
    for verb, density in (("/session/start_clean", 0.8), ("/session/keep_recovered", 0.25)):
        shutil.copytree(tmp_path / "set", tmp_path / verb[9:])
        two = offline(tmp_path / verb[9:])
        two.session.resume()
        two.engine.fire(verb)
        run(two, 0.1)
        assert two.engine.tree.number("/composer/density").value == density
        assert (tmp_path / verb[9:] / FILE).exists()


def run(instrument: Instrument, seconds: float) -> None:
    instrument.engine.run_until(instrument.engine.clock.now() + seconds)
