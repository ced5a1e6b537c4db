"""Sessions: nothing half, nothing lost, one bad value costs only itself."""

import json
from concurrent.futures import Executor
from pathlib import Path

import pytest

from app.binding import Binding, Put, Source
from app.file import write_whole
from app.hand import Hands
from app.instrument import Inline
from app.parameter import Linear, Parameter, Steps, TextParameter
from app.session import AUTOSAVE_S, FILE, GENERATIONS, Session, SessionError, read
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
