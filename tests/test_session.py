"""Sessions: nothing half, nothing lost, one bad value costs only itself."""

import json
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.binding import Binding, Put, Source
from app.file import write_whole
from app.hand import Hands
from app.inline import Inline
from app.parameter import Linear, Parameter, Steps, TextParameter
from app.saving import FILE, GENERATIONS
from app.session import AUTOSAVE_S, Session, SessionError, read
from app.transport import OfflineClock


class Stage:
    """A session with a few values and a log."""

    def __init__(self, folder: Path, background: Executor | None = None) -> None:
        self.said: list[tuple[str, str]] = []
        self.hands = Hands(lambda level, text: self.said.append((level, text)))
        self.hands.tree.add(Parameter("/composer/density", 0.8, Linear(0, 1)))
        self.hands.tree.add(Parameter("/composer/model", 0, Steps(("Haydn", "Satie"))))
        self.hands.tree.add(Parameter("/window/keys", 0, Linear(0, 1), kept=False))
        self.hands.tree.add_text(TextParameter("/output/osc/host", "127.0.0.1"))
        self.clock = OfflineClock()
        say = self.hands.say
        self.session = Session(folder, self.hands, self.clock, background or Inline(), say)

    def value(self, address: str) -> float | str:
        found = self.hands.tree.find(address)
        assert found is not None
        return found.value


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    one = Stage(tmp_path / "set")
    one.hands.write("/composer/density", 0.25, "ui", 0)
    one.hands.write("/composer/model", "Satie", "ui", 0)
    one.hands.write("/output/osc/host", "10.0.0.7", "ui", 0)
    one.hands.write("/window/keys", 1, "ui", 0)
    line = Binding(Source("osc", "/accel"), "/composer/density", Put(0.5))
    one.hands.bindings.add(line)
    one.session.save()
    two = Stage(tmp_path / "set")
    two.session.load()
    assert two.value("/composer/density") == 0.25
    assert two.hands.tree.number("/composer/model").show() == "Satie"
    assert two.value("/output/osc/host") == "10.0.0.7"
    assert two.value("/window/keys") == 0
    assert list(two.hands.bindings) == [line]


def test_what_nobody_knows_is_kept_and_told(tmp_path: Path) -> None:
    stored = {"format": 1, "parameters": {"/theremin/wobble": 3, "/composer/density": 0.1}}
    write_whole(tmp_path / FILE, json.dumps(stored))
    stage = Stage(tmp_path)
    stage.session.load()
    stage.session.save()
    assert read(tmp_path)["parameters"]["/theremin/wobble"] == 3
    assert any("/theremin/wobble" in text for _, text in stage.said)


def test_one_bad_value_costs_only_itself(tmp_path: Path) -> None:
    parameters = {"/composer/model": "Bach", "/composer/density": 0.3, "/output/osc/host": None}
    write_whole(tmp_path / FILE, json.dumps({"format": 1, "parameters": parameters, "bindings": [{"x": 1}]}))
    stage = Stage(tmp_path)
    stage.session.load()
    assert stage.value("/composer/density") == 0.3
    assert stage.value("/composer/model") == 0
    assert len([text for level, text in stage.said if level == "warning"]) == 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "There is no session"),
        ("", "cannot be read"),
        ('{"format": 1, "parameters"', "cannot be read"),
        ("[]", "is no session"),
        ('{"parameters": 3}', "is no session"),
        ('{"format": 99, "parameters": {}}', "newer version"),
        ('{"parameters": {}, "bindings": 4}', "bindings is no list"),
    ],
)
def test_a_broken_session_is_refused_whole(tmp_path: Path, text: str | None, sentence: str) -> None:
    if text is not None:
        (tmp_path / FILE).write_text(text)
    stage = Stage(tmp_path)
    with pytest.raises(SessionError, match=sentence):
        stage.session.load()
    assert stage.value("/composer/density") == 0.8


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / FILE, "old")

    def full(_descriptor: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("app.file.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_whole(tmp_path / FILE, "new")
    assert (tmp_path / FILE).read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_autosaves_come_when_something_changed_and_keep_older_generations(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    for turn in range(6):
        stage.hands.write("/composer/density", turn / 10, "ui", 0)
        stage.clock.advance(AUTOSAVE_S)
        stage.session.tend()
    generations = sorted((tmp_path / "autosave").iterdir())
    assert len(generations) == GENERATIONS
    kept = [read(folder)["parameters"]["/composer/density"] for folder in generations]
    assert kept == [0.3, 0.4, 0.5]
    stage.clock.advance(AUTOSAVE_S)
    stage.session.tend()
    assert sorted((tmp_path / "autosave").iterdir()) == generations


def test_a_full_disk_is_said_and_tried_again(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    stage = Stage(blocked)
    for _ in range(2):
        stage.hands.write("/composer/density", 0.5, "ui", 0)
        stage.clock.advance(AUTOSAVE_S)
        stage.session.tend()
        stage.session.tend()
    assert sum("Autosave failed" in text for level, text in stage.said if level == "error") >= 1
    assert stage.session.saved_at is None


def test_after_a_crash_the_newest_autosave_comes_back_and_a_broken_one_is_passed_over(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.session.save()
    for value in (0.3, 0.4):
        stage.hands.write("/composer/density", value, "ui", 0)
        stage.clock.advance(AUTOSAVE_S)
        stage.session.tend()
    newest = sorted((tmp_path / "autosave").iterdir())[-1]
    again = Stage(tmp_path)
    again.session.resume()
    assert again.value("/composer/density") == 0.4
    assert any("Recovered what was autosaved at" in text for _, text in again.said)
    (newest / FILE).write_text('{"format": 1, "para')
    third = Stage(tmp_path)
    third.session.resume()
    assert third.value("/composer/density") == 0.3


def test_the_end_keeps_what_changed_and_the_next_start_resumes_it(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.hands.write("/composer/density", 0.6, "ui", 0)
    stage.clock.advance(AUTOSAVE_S)
    stage.session.tend()
    stage.hands.write("/composer/density", 0.7, "ui", 0)
    stage.session.keep()
    again = Stage(tmp_path)
    again.session.resume()
    assert again.value("/composer/density") == 0.7
    assert not [text for _, text in again.said if "Recovered" in text]


def test_an_end_that_cannot_save_says_so_and_ends(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    stage = Stage(tmp_path / "file")
    stage.hands.write("/composer/density", 0.6, "ui", 0)
    stage.session.keep()
    assert any("could not be saved" in text for level, text in stage.said if level == "error")


# --- disks that are full, read-only or slow ---------------------------------------------------------------


class Examples:
    """A keeper: a file of its own with a number in it."""

    def __init__(self) -> None:
        self.number = self._written = 0

    def changes(self, everything: bool = False) -> Callable[[Path], None] | None:
        if self.number == self._written and not everything:
            return None
        number = self._written = self.number
        return lambda folder: write_whole(folder / "examples.txt", f"{number} " * 1000)

    def read(self, folder: Path, tell: Callable[[float], None], wanted: Callable[[], bool]) -> Callable[[], None]:
        path = folder / "examples.txt"
        number = int(path.read_text().split()[0]) if path.exists() else 0
        return lambda: self._take(number)

    def _take(self, number: int) -> None:
        self.number = self._written = number


class Slow(Executor):
    """A background that does nothing until it is told to."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[None], Callable[[], None]]] = []

    def submit(self, work: Callable[[], None], /, *arguments: object, **named: object) -> Future[None]:  # type: ignore[override]
        future: Future[None] = Future()
        self.waiting.append((future, work))
        return future

    def go_on(self) -> None:
        for future, work in self.waiting:
            work()
            future.set_result(None)
        self.waiting.clear()


@contextmanager
def full_disk(room: int = 0) -> Iterator[None]:
    """No file may grow beyond `room` bytes: what a full disk does to a write, from the system itself."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of an administrator, for whom no folder is read-only."""
    own = os.geteuid()
    if own == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(own)


def staged(folder: Path, background: Executor | None = None) -> tuple[Stage, Examples]:
    stage, examples = Stage(folder, background), Examples()
    stage.session.keepers.append(examples)
    return stage, examples


def errors(stage: Stage) -> list[str]:
    return [text for level, text in stage.said if level == "error"]


def later(stage: Stage, seconds: float = AUTOSAVE_S) -> None:
    stage.clock.advance(seconds)
    stage.session.tend()
    stage.session.tend()


def test_saving_by_hand_never_waits_for_the_disk(tmp_path: Path) -> None:
    disk = Slow()
    stage, examples = staged(tmp_path, disk)
    examples.number = 7
    stage.session.save()
    stage.session.save()
    assert not list(tmp_path.iterdir())
    assert not stage.said
    examples.number = 8
    disk.go_on()
    stage.session.tend()
    assert "Saved to" in stage.said[-1][1]
    assert (tmp_path / "examples.txt").read_text().startswith("7 ")
    disk.go_on()  # The second time it was asked for.
    assert (tmp_path / "examples.txt").read_text().startswith("8 ")


@pytest.mark.parametrize("room", [0, 100, 1500])
def test_on_a_full_disk_every_file_stays_whole_and_nothing_is_lost(tmp_path: Path, room: int) -> None:
    stage, examples = staged(tmp_path)
    examples.number = 1
    stage.session.save()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    stage.hands.write("/composer/density", 0.4, "ui", 0)
    examples.number = 2
    with full_disk(room):
        stage.session.save()
        for _ in range(5):
            later(stage)
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before
    said = errors(stage)
    assert len(said) == 1  # Not every 15 s.
    assert all("File too large" in text and "/session/save FOLDER" in text for text in said)
    later(stage)  # There is room again.
    assert "works again" in stage.said[-1][1]
    two, again = staged(tmp_path)
    two.session.resume()
    assert (two.value("/composer/density"), again.number) == (0.4, 2)


def test_a_full_disk_drives_no_older_generation_out(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    for turn in range(3):
        stage.hands.write("/composer/density", turn / 10, "ui", 0)
        later(stage)
    before = sorted((tmp_path / "autosave").iterdir())
    stage.hands.write("/composer/density", 0.9, "ui", 0)
    with full_disk():
        for _ in range(4):
            later(stage)
    assert sorted((tmp_path / "autosave").iterdir()) == before


def test_what_a_crash_left_in_a_generation_does_not_stop_the_next(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    for turn in range(6):
        stage.hands.write("/composer/density", turn / 10, "ui", 0)
        later(stage)
        for folder in (tmp_path / "autosave").iterdir():
            (folder / ".session.json.4711").write_text("half")
    assert not errors(stage)
    assert len(list((tmp_path / "autosave").iterdir())) == GENERATIONS


def test_a_read_only_folder_is_said_and_another_takes_everything() -> None:
    with tempfile.TemporaryDirectory() as top:
        Path(top).chmod(0o777)
        locked = Path(top) / "locked"
        stage, examples = staged(locked)
        examples.number = 1
        stage.session.save()
        locked.chmod(0o555)
        with as_nobody():
            stage.hands.write("/composer/density", 0.4, "ui", 0)
            stage.session.save()
            later(stage)
            assert all("Permission denied" in text for text in errors(stage))
            assert len(errors(stage)) >= 1
            assert read(locked)["parameters"]["/composer/density"] == 0.8
            stage.session.save(Path(top) / "mine")
        assert stage.session.folder == Path(top) / "mine"
        two, again = staged(Path(top) / "mine")
        two.session.load()
        assert (two.value("/composer/density"), again.number) == (0.4, 1)  # Examples too, though none was new.
        locked.chmod(0o755)


def test_another_folder_takes_what_was_never_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    stage, examples = staged(tmp_path / "file")
    examples.number = 3
    stage.session.save()
    assert len(errors(stage)) == 1
    stage.session.save(tmp_path / "room")
    two, again = staged(tmp_path / "room")
    two.session.load()
    assert again.number == 3
    with pytest.raises(ValueError, match="already"):
        Stage(tmp_path / "other").session.save(tmp_path / "room")


def test_a_session_that_cannot_be_saved_is_left_only_when_asked_twice(tmp_path: Path) -> None:
    Stage(tmp_path / "other").session.save()
    (tmp_path / "file").write_text("")
    stage = Stage(tmp_path / "file")
    stage.hands.write("/composer/density", 0.4, "ui", 0)
    stage.session.open(tmp_path / "other")
    assert "save it elsewhere, or open again" in errors(stage)[-1]
    assert stage.value("/composer/density") == 0.4
    stage.hands.write("/composer/density", 0.5, "ui", 0)
    stage.session.open(tmp_path / "other")  # It changed since.
    assert stage.value("/composer/density") == 0.5
    stage.session.open(tmp_path / "other")
    assert stage.value("/composer/density") == 0.8


def test_an_end_in_the_middle_of_an_autosave_waits_for_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as disk:
        stage, examples = staged(tmp_path, disk)
        examples.number = 5
        stage.clock.advance(AUTOSAVE_S)
        stage.session.tend()
        examples.number = 6
        assert stage.session.keep()
    two, again = staged(tmp_path)
    two.session.resume()
    assert again.number == 6
    assert not [text for _, text in two.said if "Recovered" in text]


def test_an_autosave_that_was_the_last_word_is_the_session_after_the_end(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.session.save()
    stage.hands.write("/composer/density", 0.6, "ui", 0)
    later(stage)
    stage.session.keep()
    assert read(tmp_path)["parameters"]["/composer/density"] == 0.6
