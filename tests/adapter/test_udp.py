"""The drop-in modes over real UDP: clients that behave as each peer's documented messages say."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.adapter.program import LIMIT_S, ROOT, Client, Program, osc, wekinator

CONTROL = "/wekinator/control/"
PULLED = re.compile(r"\d+.\d+")


@pytest.fixture
def client() -> Iterator[Client]:
    made = Client()
    yield made
    made.close()


class Teacher:
    """A client that teaches as Wekinator's examples do."""

    def __init__(self, client: Client, program: Program) -> None:
        self.client, self.program = client, program

    def control(self, name: str, *arguments: float | str) -> None:
        self.client.send(self.program.port, osc(CONTROL + name, *arguments))

    def frame(self, *values: float) -> None:
        self.client.send(self.program.port, osc("/wek/inputs", *values))

    def show(self, targets: tuple[float, ...], *frames: tuple[float, ...]) -> None:
        self.control("outputs", *targets)
        self.control("startRecording")
        for values in frames:
            self.frame(*values)
        self.control("stopRecording")


def around(x: float, y: float, z: float, count: int = 15) -> list[tuple[float, float, float]]:
    random = np.random.default_rng(int(x * 10))
    return [tuple(row) for row in (np.array([x, y, z]) + random.normal(0, 0.03, (count, 3))).tolist()]


def test_record_train_run_and_get_outputs(client: Client) -> None:
    with wekinator(client, "--inputs", "3", "--outputs", "classifier:4,regressor,regressor") as program:
        teacher = Teacher(client, program)
        teacher.show((1.0, 0.0, 1.0), *around(0, 0, 0))
        teacher.show((2.0, 0.5, 0.5), *around(1, 0, 1))
        teacher.show((4.0, 1.0, 0.0), *around(2, 1, 0))
        teacher.control("train")
        assert client.expect("/wekinator/status/done-training") == ()
        teacher.control("startRunning")
        for label, values in ((1, (0, 0, 0)), (2, (1, 0, 1)), (4, (2, 1, 0))):
            before = len(client.of("/wek/outputs"))
            teacher.frame(*map(float, values))
            answer = client.expect("/wek/outputs")
            assert len(client.of("/wek/outputs")) == before + 1
            assert answer[0] == label
            assert answer[1:] == (
                pytest.approx((label - 1) / 3, abs=0.35),
                pytest.approx(1 - (label - 1) / 3, abs=0.35),
            )
        # A teaching proxy says stopRecording where it means stopRunning: answers go on, as they did in the original.
        teacher.control("stopRecording")
        teacher.frame(0.0, 0.0, 0.0)
        client.expect("/wek/outputs")
        teacher.control("stopRunning")
        teacher.frame(0.0, 0.0, 0.0)
        assert not client.wait(lambda: len(client.of("/wek/outputs")) > 4, 0.3)
        # What a strict client sends is the same as what a generous one sends.
        teacher.control("startRunning")
        client.send(program.port, osc("/wek/inputs", 2, 1.0, 0, kinds="idh"))
        assert client.expect("/wek/outputs")[0] == 4.0


def test_distributions_for_every_frame(client: Client) -> None:
    with wekinator(client, "--inputs", "3", "--outputs", "classifier:3,classifier:5") as program:
        teacher = Teacher(client, program)
        teacher.control("disableModelRecording", 2)
        teacher.show((1.0, 1.0), *around(0, 0, 0))
        teacher.show((3.0, 1.0), *around(1, 1, 1))
        teacher.control("train")
        client.expect("/wekinator/status/done-training")
        client.send(program.osc, osc("/wekinator/distributions", 1))
        teacher.control("startRunning")
        teacher.frame(1.0, 1.0, 1.0)
        assert client.wait(lambda: client.of("/outputs-2"))
        assert client.got[-3:] == [
            ("/wek/outputs", 3.0, 1.0),
            ("/outputs-1", 0.0, pytest.approx(0.0, abs=0.2), 0.0, pytest.approx(1.0, abs=0.2)),
            ("/outputs-2", 0.0, 0.0, 0.0, 0.0, 0.0),
        ]


def test_gestures(client: Client) -> None:
    with wekinator(client, "--inputs", "2", "--outputs", "dtw:3") as program:
        teacher = Teacher(client, program)
        ways = {1: [(n / 4, 0.0) for n in range(20)], 2: [(0.0, n / 4) for n in range(20)]}
        for label, way in ways.items():
            teacher.control("startDtwRecording", label)
            for values in way:
                teacher.frame(*values)
            teacher.control("stopDtwRecording")
        teacher.control("startRunning")
        for values in ways[2]:
            teacher.frame(*values)
        assert client.wait(lambda: len(client.of("/wek/outputs")) >= 10)
        assert client.of("/output_2") == [()]
        assert client.of("/output_1") == []
        assert client.of("/wek/outputs")[0] == (float("inf"),) * 3
        first, second, third = client.of("/wek/outputs")[-1]
        assert second < 5 < first
        assert third == float("inf")
        assert client.got[client.got.index(("/output_2",)) + 1][0] == "/wek/outputs"


def test_rtlearner_is_replaced_as_its_patch_finds_it(client: Client, tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    scale = np.array([*[4.0] * 13, 900.0, 1.0, 0.6, 2.0])
    centres = random.normal(0, 1, (4, 17)) * scale
    rows = [
        (*(centre + random.normal(0, 0.3, 17) * scale), label)
        for label, centre in enumerate(centres)
        for _ in range(20)
    ]
    file = tmp_path / "data.csv"
    file.write_text("".join(", ".join(f"{value:g}" for value in row) + "\n" for row in rows))
    with Program(
        "--rtlearner", str(file), "--rtlearner-in", "0", "--rtlearner-out", f"127.0.0.1:{client.port}"
    ) as program:
        program.said(re.compile("trained on 80 examples of 17 values and 4 classes"))
        right = 0
        for label, centre in enumerate(centres):
            for _ in range(5):
                frame = ", ".join(f"{value:.6f}" for value in centre + random.normal(0, 0.3, 17) * scale)
                client.send(program.port, frame.encode())
                (text,) = client.expect("/prediction")
                numbers = [float(number) for number in PULLED.findall(text)]
                assert len(numbers) == 4
                right += int(np.argmax(numbers) == label)
        assert right >= 19
        client.send(program.port, b"0.1, 0.2")
        client.send(program.port, b"not a frame")
        assert not client.wait(lambda: len(client.of("/prediction")) > 20, 0.3)


def test_a_session_remembers_the_mode_and_what_was_learnt(client: Client, tmp_path: Path) -> None:
    session = str(tmp_path / "set")
    with wekinator(client, "--inputs", "3", "--outputs", "classifier:2", "--session", session) as program:
        teacher = Teacher(client, program)
        teacher.show((1.0,), *around(0, 0, 0))
        teacher.show((2.0,), *around(1, 1, 1))
        teacher.control("train")
        client.expect("/wekinator/status/done-training")
    with Program("--session", session) as program:
        teacher = Teacher(client, program)
        teacher.control("startRunning")
        teacher.frame(1.0, 1.0, 1.0)
        assert client.expect("/wek/outputs") == (2.0,)


def test_a_port_in_use_is_one_sentence(client: Client) -> None:
    command = [sys.executable, "main.py", "--headless", "--osc-in", "0", "--synth", "off", "--wekinator"]
    command += ["--wekinator-in", str(client.port)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{client.port}" in done.stderr
    assert "Traceback" not in done.stderr
