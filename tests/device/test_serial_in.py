"""Serial in: lines of numbers through a pseudo terminal, as a sensor would send them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.device import serial_in
from app.device.serial_in import Lines, SerialIn, inputs, read_line
from app.frame import Frame, MidiMessage
from app.inbox import Fault
from app.transport import OfflineClock
from tests.condition import wait_for


@pytest.mark.parametrize(
    ("line", "values"),
    [
        (b"1.5,2,-3", [1.5, 2, -3]),
        (b"1 2\t3", [1, 2, 3]),
        (b" 1 ; 2;3; ", [1, 2, 3]),
        (b"x:1,y: 2.5", [1, 2.5]),
        (b"1e3", [1000]),
    ],
)
def test_lines_of_numbers_are_read(line: bytes, values: list[float]) -> None:
    assert read_line(line).tolist() == values


@pytest.mark.parametrize(
    ("line", "said"),
    [(b"ready", "the line 'ready' holds no numbers"), (b"1,two", "no numbers"), (b" , ", "empty"), (b"\xff", "no num")],
)
def test_other_lines_are_refused_with_their_reason(line: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_line(line)


def test_lines_are_cut_wherever_the_bytes_are_and_the_first_is_left_out() -> None:
    for size in (1, 3, 100):
        text = b"9,9\r\n1,2\r\n\n3,4\r5,6\n7"
        lines = Lines()
        found = [line for at in range(0, len(text), size) for line in lines.feed(text[at : at + size])]
        assert found == [b"1,2", b"3,4", b"5,6"]


def test_a_line_without_end_is_forgotten() -> None:
    lines = Lines()
    with pytest.raises(ValueError, match="check the speed"):
        lines.feed(b"x" * 10_000)
    assert lines.feed(b"rest\n1\n") == [b"1"]


def test_without_the_library_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(serial_in, "import_module", missing)
    items: list[Frame | MidiMessage | Fault] = []
    sensor = SerialIn(items.append, OfflineClock())
    sensor.open()
    wait_for(lambda: sensor.check().state == "failed")
    assert sensor.check().text == "serial in is unavailable: install pyserial (pip install pyserial)"
    assert inputs() == [f"unavailable: {sensor.check().text}"]
    sensor.close()


class Sensor:
    """A sensor behind a link to a pseudo terminal, so that it can be unplugged. Attributes: `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.plug()

    def plug(self) -> None:
        self._near, self._far = os.openpty()
        self.path.unlink(missing_ok=True)
        self.path.symlink_to(os.ttyname(self._far))

    def say(self, text: str) -> None:
        os.write(self._near, text.encode())

    def unplug(self) -> None:
        self.path.unlink(missing_ok=True)
        os.close(self._near)
        os.close(self._far)


@pytest.fixture
def sensor(tmp_path: Path) -> Iterator[Sensor]:
    pytest.importorskip("serial", reason="pyserial is not installed")
    if not hasattr(os, "openpty"):
        pytest.skip("this system has no pseudo terminals")
    sensor = Sensor(tmp_path / "ttySensor")
    yield sensor
    sensor.unplug()


def test_a_sensor_is_read_lost_and_read_again(sensor: Sensor) -> None:
    items: list[Frame | MidiMessage | Fault] = []
    clock = OfflineClock(5.0)
    reader = SerialIn(items.append, clock, str(sensor.path), name="gloves", retry_s=0.02)
    reader.open()
    wait_for(lambda: reader.check().state == "open")
    sensor.say("middle of a line\n1,2,3\nhello\n4,5,6\n")
    wait_for(lambda: len(items) == 3)
    assert [(item.seconds, item.values.tolist()) for item in items if isinstance(item, Frame)] == [
        (5.0, [1, 2, 3]),
        (5.0, [4, 5, 6]),
    ]
    assert items[1] == Fault(5.0, "gloves in", "gloves: the line 'hello' holds no numbers")
    assert reader.bad == 1
    sensor.unplug()
    wait_for(lambda: reader.check().state == "waiting")
    assert reader.check().text.startswith(f"waiting for {sensor.path} (")
    sensor.plug()
    wait_for(lambda: reader.check().state == "open")
    sensor.say("\n7,8,9\n")
    wait_for(lambda: isinstance(items[-1], Frame) and items[-1].values.tolist() == [7, 8, 9])
    reader.close()
    assert reader.check().state == "closed"
