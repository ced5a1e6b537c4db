"""What the instrument's side of MIDI from JACK hands on; no server is needed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from app.device.jack_in import JackEars, JackIn


class Library:
    """The library, as far as a client is made of it."""

    JackError = RuntimeError

    @staticmethod
    def Client(_name: str, no_start_server: bool) -> SimpleNamespace:  # noqa: N802 - the library's own name
        return SimpleNamespace(close=lambda: None)


def test_a_fault_in_who_hears_a_message_costs_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    ears = JackEars()
    port = JackIn(Library, "in", ears)  # type: ignore[arg-type]
    heard: list[bytes] = []

    def hear(message: tuple[Any, ...], _: object) -> None:
        if message[0] == b"\x90\x3c\x00":
            raise ZeroDivisionError("a fault")
        heard.append(message[0])

    port.set_callback(hear)
    ears._ports[3] = port
    ears._take([(3, 1.0, b"\x90\x3c\x01"), (3, 1.1, b"\x90\x3c\x00"), (3, 1.2, b"\x80\x3c\x00")])
    assert heard == [b"\x90\x3c\x01", b"\x80\x3c\x00"]
    assert "a fault" in capsys.readouterr().err
