"""What strangers send wrongly, and what lies in files that others wrote: said once, and nothing else is hurt."""

from __future__ import annotations

import json
import math
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from app import profile
from app.action import Argument, finite
from app.binding import Binding, Fire, Flip, Follow, Move, Pick, Source, Turn, from_json
from app.example import Examples
from app.file import write_whole
from app.inbox import Packet
from app.parameter import Linear, Parameter, Steps
from app.profile import Shelf
from app.saving import take_along
from tests.instrument import offline
from tests.stage import Stage

HOST = ("127.0.0.1", 4000)


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    made.engine.tree.add(Parameter("/a", 0.5, Linear(0, 1)))
    made.engine.tree.add(Parameter("/shape", 1, Steps(("sine", "saw", "square"))))
    return made


def send(stage: Stage, address: str, *arguments: object) -> None:
    stage.engine.inbox.put(Packet(stage.clock.now(), address, arguments, HOST, lambda *_: None))
    stage.engine.turn()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("move", [Follow(), Turn(), Pick(60, (1, 2)), Flip(), Fire((), True)], ids=repr)
def test_what_is_no_number_moves_nothing_that_is_bound(stage: Stage, value: float, move: Move) -> None:
    fired: list[tuple[Argument, ...]] = []
    stage.engine.actions.add_with("/strike", fired.append)
    target = "/strike" if isinstance(move, Fire) else "/shape"
    stage.engine.bind(Binding(Source("osc", "/glove"), target, move))
    stage.engine.bind(Binding(Source("osc", "/glove"), "/a", Follow()))
    send(stage, "/glove", 0.25)
    shape, fired[:] = stage.engine.tree.number("/shape").value, []
    send(stage, "/glove", value)
    assert (stage.engine.tree.number("/a").value, stage.engine.tree.number("/shape").value) == (0.25, shape)
    assert fired == []
    (said,) = stage.said("warning")
    assert "no finite number" in said and "/glove" in said
    send(stage, "/glove", 0.75)
    assert stage.engine.tree.number("/a").value == 0.75


def test_a_flood_of_what_is_refused_leaves_the_log_to_the_performer(stage: Stage) -> None:
    def fail(_: tuple[Argument, ...]) -> None:
        raise ValueError("no such thing")

    for number in range(50):
        stage.engine.actions.add_with(f"/fail/{number}", fail)
    stage.engine.say("error", "the violin is unplugged")
    for number in range(2500):
        send(stage, "/a", math.nan if number % 2 else "loud")
        send(stage, f"/fail/{number % 50}", number)
        stage.clock.advance(0.001)
    assert "the violin is unplugged" in stage.said("error")
    assert len(stage.engine.monitor.log) < 40
    assert any("/a was sent" in text for text in stage.said("warning"))
    assert any("More is refused than can be told" in text for text in [*stage.said("warning"), *stage.said("error")])
    assert stage.engine.monitor.counts["refused"] == 5000


def test_a_performers_own_mistakes_are_each_said(stage: Stage) -> None:
    for text in ("loud", "louder"):
        stage.engine.set("/a", text)
        stage.engine.turn()
    assert [text.split()[0] for text in stage.said("warning")] == ["'loud'", "'louder'"]


@pytest.mark.parametrize(
    "fields",
    [
        {"move": "follow", "curve": -1e3},
        {"move": "follow", "curve": 1e308},
        {"move": "follow", "start": -1e308, "end": 1e308},
        {"move": "turn", "start": 0.0, "end": 1.5},
        {"move": "pick", "first": 36, "values": "abc"},
        {"move": "fire", "arguments": "abc"},
        {"move": "fire", "arguments": {"a": 1}},
    ],
    ids=repr,
)
def test_a_line_of_a_file_that_could_only_fail_later_is_refused_when_it_is_read(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        from_json({"source": {"kind": "osc", "name": "/glove"}, "target": "/a", **fields})


def test_what_is_no_letter_stops_no_save(tmp_path: Path) -> None:
    strange = "M\udce4rz \ud800 §"
    write_whole(tmp_path / "one.json", json.dumps({"name": strange}, ensure_ascii=False))
    assert json.loads((tmp_path / "one.json").read_text(encoding="utf-8")) == {"name": strange}


def test_a_name_in_another_encoding_is_saved_and_comes_back(tmp_path: Path) -> None:
    one = offline(tmp_path / "one")
    one.engine.fire("/scene/store", 1, "M\udce4rz")
    one.engine.turn()
    line = {"source": {"kind": "osc", "name": "/x\udce4"}, "target": "/panic", "move": "fire"}
    one.engine.bind(from_json(line))
    one.engine.turn()
    one.session.save()
    assert [line.text for line in one.engine.monitor.log if line.level == "error"] == []
    two = offline(tmp_path / "one")
    two.session.load()
    assert from_json(line) in two.engine.bindings
    two.engine.fire("/scene/name", "m\udce4rz", "April")
    two.engine.turn()
    assert [line.text for line in two.engine.monitor.log if line.level == "error"] == []


def test_a_controller_with_an_impossible_name_has_a_profile(tmp_path: Path) -> None:
    place = Shelf(tmp_path / "own", tmp_path / "shipped").own_for("../d\ud800sk\n")
    profile.write(place, "../d\ud800sk", [Binding(Source("midi", "cc21"), "/a", Follow())])
    assert place.parent == tmp_path / "own" and profile.read(place)[0] == "../d\ud800sk"


def test_a_session_is_saved_into_no_folder_of_other_things(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "letters").mkdir(parents=True)
    one = offline(home / "one")
    one.session.save()
    for name in ("..", "../..", str(home), "/"):
        one.engine.fire("/session/save", name)
        one.engine.turn()
    said = [line.text for line in one.engine.monitor.log if line.level == "error"]
    assert len(said) == 4 and all("holds other things" in text and "new name" in text for text in said)
    assert one.session.folder == home / "one"
    (home / "begun").mkdir()
    (home / "begun" / ".open").write_text("1")
    (home / "begun" / "scenes.json").write_text("[]")  # A disk that was full left it half: it is tried again.
    one.session.save(home / "begun")
    assert one.session.folder == home / "begun"


def test_of_a_file_that_cannot_be_read_nothing_of_the_session_before_takes_the_place(tmp_path: Path) -> None:
    one = offline(tmp_path / "one")
    one.engine.fire("/scene/store", 1, "calm")
    one.engine.turn()
    dataset = one.listener.dataset
    dataset.adopt(Examples.build(("x", "y"), dataset.outputs, np.ones((3, 2)), np.ones((3, len(dataset.outputs)))))
    one.session.save()
    write_whole(tmp_path / "two" / "session.json", '{"format": 1, "parameters": {}}')
    for path in ("scenes.json", "listener/dataset.csv"):
        write_whole(tmp_path / "two" / path, "years of work, with one wrong \0 character")
    one.session.open(tmp_path / "two")
    one.engine.run_until(one.engine.clock.now() + 0.2)
    assert one.session.folder == tmp_path / "two"
    assert (len(dataset), one.engine.snapshot.scenes.kept) == (0, ())
    assert len([line for line in one.engine.monitor.log if "unreadable-1" in line.text]) == 2
    one.session.open(tmp_path / "one")
    one.engine.run_until(one.engine.clock.now() + 0.2)
    assert (len(dataset), len(one.engine.snapshot.scenes.kept)) == (3, 1)


def test_other_sessions_within_a_session_are_not_taken_along(tmp_path: Path) -> None:
    for path in ("session.json", "scenes.json", "listener/dataset.csv", "night/session.json", "night/listener/x.csv"):
        write_whole(tmp_path / "one" / path, "{}")
    take_along(tmp_path / "one", tmp_path / "one" / "two")
    take_along(tmp_path / "one", tmp_path / "one" / "three")
    for name in ("two", "three"):
        found = sorted(
            path.relative_to(tmp_path / "one" / name).as_posix() for path in (tmp_path / "one" / name).rglob("*.*")
        )
        assert found == ["listener/dataset.csv", "scenes.json", "session.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
@pytest.mark.parametrize(
    ("address", "suffix"),
    [
        ("/map/import", ".json"),
        ("/follower/open", ".txt"),
        ("/follower/model/load", ".json"),
        ("/rules/import", ".csv"),
        ("/rules/import", ".json"),
        ("/listener/import", ".csv"),
        ("/listener/import", ".json"),
    ],
)
def test_a_pipe_is_no_file_and_nobody_waits_for_it(tmp_path: Path, address: str, suffix: str) -> None:
    pipe = tmp_path / f"pipe{suffix}"
    os.mkfifo(pipe)
    # So that a reader who would wait for ever finds the end at once and fails the test instead.
    writer = threading.Thread(target=_close_when_opened, args=(pipe,), daemon=True)
    writer.start()
    one = offline(tmp_path / "one")
    one.engine.fire(address, str(pipe))
    one.engine.run_until(one.engine.clock.now() + 0.3)
    assert any("pipe or a device" in line.text for line in one.engine.monitor.log), one.engine.monitor.log
    assert writer.is_alive()  # Nobody opened it.
    os.close(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK))
    writer.join(5)
    one.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_file_that_is_saved_takes_the_place_of_no_pipe_or_device(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    one = offline(tmp_path / "one")
    one.engine.fire("/follower/save", str(pipe))
    one.engine.run_until(one.engine.clock.now() + 0.3)
    assert any("pipe or a device" in line.text for line in one.engine.monitor.log), one.engine.monitor.log
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    one.close()


@pytest.mark.parametrize(
    ("address", "arguments", "told"),
    [
        ("/listener/use", ("two",), "'two' is no number"),
        ("/listener/use", (1.5,), "1.5 is no whole number"),
        ("/listener/delete", ("all",), "'all' is no number"),
        ("/listener/column/move", ("x", "up"), "'up' is no number"),
    ],
)
def test_what_should_be_a_number_is_said_in_a_musicians_words(
    tmp_path: Path, address: str, arguments: tuple[float | str, ...], told: str
) -> None:
    one = offline(tmp_path / "one")
    one.engine.fire(address, *arguments)
    one.engine.run_until(one.engine.clock.now() + 0.3)
    assert any(told in line.text for line in one.engine.monitor.log), one.engine.monitor.log
    one.close()


def _close_when_opened(pipe: Path) -> None:
    with pipe.open("w"):
        pass


def test_a_number_calls_the_scene_of_that_number_and_a_text_may_be_a_name(tmp_path: Path) -> None:
    one = offline(tmp_path / "one")
    for number, name in ((1, "2"), (2, "night"), (3, "7")):
        one.engine.fire("/scene/store", number, name)
    for wanted, called in ((2, 2), (2.0, 2), ("2", 1), ("night", 2), ("7", 3), ("1", 1)):
        one.engine.fire("/scene/call", wanted)
        one.engine.run_until(one.engine.clock.now() + 0.1)
        assert one.engine.snapshot.scenes.called == called, wanted


@pytest.mark.parametrize("wrong", ["", "x", "1e400", "nan", "²", "/" * 5000])
def test_an_argument_that_is_no_number_is_named(wrong: str) -> None:
    with pytest.raises(ValueError, match="no number") as found:
        finite(wrong)
    assert len(str(found.value)) < 120 and "float" not in str(found.value)


@pytest.mark.parametrize("address", ["/transport/nudge", "/map/delete", "/map/locate", "/recorder/loop"])
@pytest.mark.parametrize("wrong", ["x", "", "nan", "inf"])
def test_no_sentence_speaks_the_programmers_language(tmp_path: Path, address: str, wrong: str) -> None:
    one = offline(tmp_path / "one")
    one.engine.fire(address, wrong)
    one.engine.turn()
    (said,) = [line.text for line in one.engine.monitor.log if line.level == "error"]
    assert "float" not in said and "int()" not in said
