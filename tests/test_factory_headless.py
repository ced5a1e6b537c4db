"""A factory session in the real program: it is copied, learns by itself and answers over real UDP."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.test_headless import ROOT, Program


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def play_until(program: Program, address: str) -> None:
    """Send frames until something comes back at an address."""
    end = time.perf_counter() + 30
    while time.perf_counter() < end:
        program.send("/listener/in", 0.9, 0.1)
        if program.peer.wait(lambda: program.peer.count(address) > 0, 0.1):
            return
    raise AssertionError(f"nothing came at {address}")


def test_the_air_pad_is_played_by_a_sensor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pointer belongs to the window; without one, two numbers by OSC stand for it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    factory = ROOT / "presets" / "air_pad"
    before = contents(factory)
    program = Program("--session", str(factory))
    program.send("/listener/input/pointer/on", 0)
    program.send("/listener/input/osc/on", 1)

    play_until(program, "/listener/out")
    program.send("/listener/output/1/osc", "/filter")
    program.send("/listener/output/1/high", 1000.0)
    play_until(program, "/filter")
    message = next(message for _, message in program.peer.got if message.address == "/filter")
    assert 700 < float(message.params[0]) < 1000
    program.end()
    assert contents(factory) == before
    own = tmp_path / "understudy" / "sessions" / "air pad"
    assert '"/listener/output/1/osc": "/filter"' in (own / "session.json").read_text()
    assert (own / "listener" / "model-3").is_dir()
