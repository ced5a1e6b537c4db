"""The Listener in the real program, over real UDP: record, train, answer, switch the composer, remember."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np

from tests.test_headless import Program


def teach(program: Program, label: int, centre: tuple[float, float], count: int = 40) -> None:
    random = np.random.default_rng(label)
    program.send("/listener/record", label)
    for _ in range(count):
        program.send("/listener/in", *(float(value) for value in random.normal(centre, 0.05)))
        time.sleep(0.001)
    program.send("/listener/record", 0)


def answer(program: Program, *values: float) -> float:
    before = program.peer.count("/listener/out")
    program.send("/listener/in", *values)
    assert program.peer.wait(lambda: program.peer.count("/listener/out") > before)
    said = [message.params for _, message in program.peer.got if message.address == "/listener/out"]
    return float(said[-1][0])


def learn(program: Program) -> None:
    program.send("/listener/outputs", "classifier:2")
    program.send("/listener/smoothing", 0)
    teach(program, 1, (0.1, 0.9))
    teach(program, 2, (0.9, 0.1))
    program.send("/listener/train")
    program.send("/listener/play", 1)
    end = time.perf_counter() + 30
    while time.perf_counter() < end:
        program.send("/listener/in", 0.1, 0.9)
        if program.peer.wait(lambda: program.peer.count("/listener/out") > 0, 0.1):
            return
    raise AssertionError("the Listener never answered")


def test_record_train_answer_and_remember(tmp_path: Path) -> None:
    session = tmp_path / "set"
    program = Program("--session", str(session))
    learn(program)
    assert [answer(program, 0.1, 0.9), answer(program, 0.9, 0.1), answer(program, 0.15, 0.8)] == [1, 2, 1]
    program.end()
    again = Program("--session", str(session))
    assert [answer(again, 0.9, 0.1), answer(again, 0.1, 0.9)] == [2, 1]
    again.end()


def test_a_label_switches_the_composer(tmp_path: Path) -> None:
    session = tmp_path / "set"
    session.mkdir()
    lines = [
        {"source": {"kind": "output", "name": f"/listener/label/{label}"}, "target": "/composer/model", "move": "put"}
        | {"value": name}
        for label, name in ((1, "Haydn"), (2, "Satie"))
    ]
    (session / "session.json").write_text(json.dumps({"format": 1, "parameters": {}, "bindings": lines}))
    program = Program("--session", str(session))
    learn(program)
    for values, name in (((0.9, 0.1), "Satie"), ((0.1, 0.9), "Haydn")):
        answer(program, *values)
        before = program.peer.count("/composer/model")
        program.send("/get", "/composer/model")
        assert program.peer.wait(lambda before=before: program.peer.count("/composer/model") > before)  # type: ignore[misc]
        index = program.peer.got[-1][1].params[0]
        program.send("/composer/model", name)
        program.send("/get", "/composer/model")
        assert program.peer.wait(lambda before=before: program.peer.count("/composer/model") > before + 1)  # type: ignore[misc]
        assert program.peer.got[-1][1].params[0] == index
    program.end()
