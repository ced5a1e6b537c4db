"""RTLEARNER's wire: text in, the printed string out, its file, and what a flood does."""

from __future__ import annotations

import re
import socket
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapter.rtlearner import printed
from app.adapter.text_in import read_frame
from tests.adapter.stage import Stage

PULLED = re.compile(r"\d+.\d+")  # As the patch pulls numbers: digits, any character, digits.
ROWS = "".join(f"{label * 1.0}, {number / 10}, {label}\n" for label in (0, 2, 3) for number in range(5))


class Patch:
    """A client with the habits of the Max patch: one datagram a frame, numbers separated by comma and space."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        port = stage.modes.rtlearner.port
        assert port is not None
        self._to = ("127.0.0.1", port.port)

    def send(self, *datagrams: str | bytes) -> None:
        for datagram in datagrams:
            self._socket.sendto(datagram if isinstance(datagram, bytes) else datagram.encode(), self._to)
        self.stage.turn()

    def got(self) -> list[str]:
        return [str(arguments[0]) for arguments in self.stage.sent("/prediction")]


@pytest.fixture
def patch(tmp_path: Path) -> Patch:
    """A patch and a mode that has learnt its file."""
    file = tmp_path / "data.csv"
    file.write_text(ROWS)
    stage = Stage(rtlearner__in__port=0, rtlearner__file=str(file), rtlearner__on=1)
    stage.engine.fire("/rtlearner/load")
    stage.turn()
    stage.study.finish()
    stage.turn()
    return Patch(stage)


def test_its_file_is_learnt_whole_and_frames_are_answered(patch: Patch) -> None:
    assert len(patch.stage.listener.dataset) == 15
    assert patch.stage.engine.tree.number("/listener/classifier").show() == "mlp"
    patch.send("0.0, 0.2", "2.0, 0.2", "3.0, 0.2")
    answers = [[float(number) for number in PULLED.findall(text)] for text in patch.got()]
    assert [np.argmax(answer) for answer in answers] == [0, 1, 2]
    assert all(len(answer) == 3 and sum(answer) == pytest.approx(1.0, abs=1e-7) for answer in answers)
    assert "trained on 15 examples of 2 values and 3 classes" in patch.stage.said()


@pytest.mark.parametrize("frame", ["2.0,0.2", " 2.0 ,  0.2 ", "2.0, 0.2,", "2, .2\n", "2e0, 2e-1;\r\n", "2.0, 0.2\0"])
def test_it_is_tolerant_of_spaces_and_ends(patch: Patch, frame: str) -> None:
    patch.send(frame)
    assert len(patch.got()) == 1


def test_a_frame_as_osc_is_taken_too(patch: Patch) -> None:
    patch.send(b"/features\0\0\0,ff\0" + struct.pack(">ff", 2.0, 0.2))
    assert len(patch.got()) == 1


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (b"0.1", "A frame has 1 values, the examples have 2"),
        (b"0.1, 0.2, 0.3", "A frame has 3 values"),
        (b"0.1 0.2", "'0.1 0.2'; write numbers with commas"),
        (b"one, two", "value 1 is 'one'"),
        (b"\xff\xfe, 1", "are no text"),
        (b"nan, 0.1", "no finite number"),
        (b"1e39, 0.1", "no finite number"),
        (b"", "it is empty"),
        (b"/x\0\0,f\0\0", "as OSC"),
        (b"#bundle\0", "as OSC"),
        (b"/x\0\0,s\0\0hi\0\0", "send numbers"),
    ],
)
def test_what_is_no_frame_is_said_and_not_answered(patch: Patch, frame: bytes, why: str) -> None:
    patch.send(frame, b"2.0, 0.2")
    assert len(patch.got()) == 1
    assert patch.stage.modes.rtlearner.wrong == 1
    assert why in patch.stage.said()


def test_a_long_frame_is_not_cut(patch: Patch) -> None:
    values = ", ".join(f"{number + 0.123456789:.9f}" for number in range(300))
    assert len(read_frame(values.encode())) == 300
    assert len(values) > 1024


def test_a_flood_is_answered_with_its_newest_frame(patch: Patch) -> None:
    patch.send(*["0.0, 0.2"] * 300, "3.0, 0.2")
    (answer,) = patch.got()
    assert np.argmax([float(number) for number in PULLED.findall(answer)]) == 2
    assert patch.stage.modes.rtlearner.passed_over == 300


def test_recording_takes_every_frame_of_the_port(patch: Patch) -> None:
    patch.stage.put("/listener/record", 2)
    patch.send(*["1.0, 0.2"] * 50)
    assert len(patch.stage.listener.dataset) == 65


def test_files_that_cannot_serve_are_refused(tmp_path: Path) -> None:
    stage = Stage()
    for name, text, why in (("none.csv", None, "none.csv"), ("number.csv", "1,0.5\n2,0.25\n", "as a number")):
        file = tmp_path / name
        if text is not None:
            file.write_text("".join(f"{n},{n / 7}\n" for n in range(40)))
        stage.put("/rtlearner/file", str(file))
        stage.engine.fire("/rtlearner/load")
        stage.turn()
        assert why in stage.said()
    assert len(stage.listener.dataset) == 0


def test_printed_as_the_original_prints() -> None:
    assert printed([0.99973432, 0.00012097, 0.00014471]) == "[0.99973432 0.00012097 0.00014471]"
    assert printed([0.5, 0.25, 0.25]) == "[0.5  0.25 0.25]"
    assert printed([1.0, 0.0]) == "[1.0 0.0]"


@settings(max_examples=300)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_printed_is_numpys_text_but_for_bare_points(values: list[float]) -> None:
    with np.printoptions(suppress=True):
        theirs = str(np.array(values))
    ours = printed(values)
    bare = any(word.strip("[]").endswith(".") for word in theirs.split())
    assert ours == theirs or bare
    assert [float(word.strip("[]")) for word in ours.split() if word.strip("[]")] == [
        float(word.strip("[]")) for word in theirs.split() if word.strip("[]")
    ]
    assert [float(number) for number in PULLED.findall(ours)] == [float(f"{value:.8f}") for value in values]
