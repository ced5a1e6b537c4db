"""Serial in: lines of numbers through a pseudo terminal, as a sensor would send them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.device import serial_in
from app.device.serial_in import MOST_READ, Lines, SerialIn, inputs, read_line
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


# --- what goes wrong with a cable ---------------------------------------------------------------------------


class Board:
    """A sensor as the library lists it, and what it sends: pieces of bytes, then OSError as when it is pulled out."""

    def __init__(self, device: str, pieces: list[bytes], serial_number: str = "A1", vid: int | None = 0x2341) -> None:
        self.device, self.pieces = device, pieces
        self.vid, self.pid, self.serial_number = vid, 0x43, serial_number


class Cables:
    """Stands in for the library. Attributes: `boards` plugged in now, `opened` ports in order, `asked` sizes."""

    def __init__(self, *boards: Board) -> None:
        self.boards = list(boards)
        self.opened: list[str] = []
        self.asked: list[int] = []
        self.tools = SimpleNamespace(list_ports=SimpleNamespace(comports=lambda: list(self.boards)))

    def Serial(self, where: str, baud: int, timeout: float) -> Line:  # noqa: N802 - the library's name
        board = next((one for one in self.boards if one.device == where), None)
        if board is None:
            raise OSError(f"could not open port {where}")
        self.opened.append(where)
        return Line(self, board)


class Line:
    """An open port."""

    def __init__(self, cables: Cables, board: Board) -> None:
        self._cables, self._board = cables, board

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is held."""

    @property
    def in_waiting(self) -> int:
        return len(self._board.pieces[0]) if self._board.pieces else 0

    def read(self, size: int) -> bytes:
        self._cables.asked.append(size)
        if not self._board.pieces:
            if self._board in self._cables.boards:
                self._cables.boards.remove(self._board)
            raise OSError("device reports readiness to read but returned no data")
        piece = self._board.pieces.pop(0)
        if len(piece) > size:
            self._board.pieces.insert(0, piece[size:])
        return piece[:size]


def heard(cables: Cables, port: str, until: Callable[[list[Frame | MidiMessage | Fault]], bool]) -> list[list[float]]:
    """Return the frames of a port, read until a condition holds."""
    items: list[Frame | MidiMessage | Fault] = []
    reader = SerialIn(items.append, OfflineClock(), port, library=lambda: cables, retry_s=0.005)
    reader.open()
    try:
        wait_for(lambda: until(items))
    finally:
        reader.close()
    return [item.values.tolist() for item in items if isinstance(item, Frame)]


def test_a_line_cut_by_the_plug_is_joined_to_nothing() -> None:
    first, again = Board("/dev/ttyACM0", [b"\n1,2\n3,"]), Board("/dev/ttyACM0", [b"4\n5,6\n7,8\n"])
    cables = Cables(first)

    def replug(items: list[Frame | MidiMessage | Fault]) -> bool:
        if not cables.boards and len(cables.opened) == 1:
            cables.boards.append(again)
        return len(items) >= 3

    assert heard(cables, "", replug) == [[1, 2], [5, 6], [7, 8]]


def test_a_sensor_that_comes_back_under_another_name_is_known_by_its_chip() -> None:
    stranger = Board("/dev/ttyACM1", [b"\n9,9\n"], serial_number="B2")
    cables = Cables(stranger, Board("/dev/ttyACM0", [b"\n1,2\n"]))

    def replug(items: list[Frame | MidiMessage | Fault]) -> bool:
        if cables.boards == [stranger] and len(cables.opened) == 1:
            cables.boards.append(Board("/dev/ttyACM7", [b"\n3,4\n"]))
        return len(items) >= 2

    assert heard(cables, "/dev/ttyACM0", replug) == [[1, 2], [3, 4]]
    assert cables.opened[:2] == ["/dev/ttyACM0", "/dev/ttyACM7"]


def test_of_two_sensors_alike_none_is_taken_for_the_other() -> None:
    cables = Cables(Board("/dev/ttyACM0", [b"\n1,2\n"], serial_number=""))
    twins = [Board(f"/dev/ttyACM{n}", [b"\n8,8\n"], serial_number="") for n in (4, 5)]
    items: list[Frame | MidiMessage | Fault] = []
    reader = SerialIn(items.append, OfflineClock(), "/dev/ttyACM0", library=lambda: cables, retry_s=0.005)
    reader.open()
    wait_for(lambda: not cables.boards and reader.check().state == "waiting")
    cables.boards += twins
    wait_for(lambda: "could not open port /dev/ttyACM0" in reader.check().text)
    reader.close()
    assert cables.opened == ["/dev/ttyACM0"]


def test_a_storm_of_lines_is_read_in_portions_and_whole() -> None:
    """More than a minute of 115200 baud at once, and garbage of a wrong speed in between."""
    count = 100_000
    text = b"\n" + b"".join(b"%d,%d\n" % (n, n + 1) for n in range(count))
    middle = text.index(b"\n", len(text) // 2) + 1
    noise = bytes(range(128, 256)) * 100 + b"\n"
    cables = Cables(Board("COM3", [text[:middle] + noise + text[middle:], b"\n"]))
    items: list[Frame | MidiMessage | Fault] = []
    reader = SerialIn(items.append, OfflineClock(), "COM3", library=lambda: cables, retry_s=0.005)
    reader.open()
    wait_for(lambda: not cables.boards)
    reader.close()
    frames = [item.values.tolist() for item in items if isinstance(item, Frame)]
    # The noise is no line; what follows it begins in the middle as after plugging in.
    assert count - 1000 < len(frames) <= count
    assert frames[0] == [0, 1]
    assert frames[-1] == [count - 1, count]
    assert all(second - first == 1 for first, second in frames)
    assert any(isinstance(item, Fault) and "check the speed" in item.text for item in items)
    assert max(cables.asked) <= MOST_READ


@pytest.mark.parametrize("line", [b"1_000,2", "١,٢".encode(), b"0x10", b"1,,two", b"\x00\x01\x02"])
def test_garbage_is_no_number(line: bytes) -> None:
    with pytest.raises(ValueError, match="no numbers"):
        read_line(line)
