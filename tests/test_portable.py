"""What other systems do differently, imitated here: sockets that tell of others' ports, files that are held open."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import Pipe
from pathlib import Path

import pytest

import app.file
import main
from app.adapter.text_in import TextIn
from app.device.osc_in import OscIn
from app.device.packet import encode
from app.doctor import quiet_visit
from app.inbox import Fault, Inbox, Item, Packet, Press
from app.interrupt import leave_to_parent
from app.model import file as model_file
from app.player.composer.job import _stopper
from app.sound.receiver import Receiver
from app.transport import OfflineClock
from tests.model.test_store import trained


class Reset:
    """A socket that tells first, as Windows does, that a port somewhere else is closed, then what is there."""

    def __init__(self, *datagrams: bytes) -> None:
        self._told: list[bytes | Exception] = [ConnectionResetError(10054, "forcibly closed"), *datagrams]

    def recv(self, _size: int) -> bytes:
        if not self._told:
            raise BlockingIOError
        told = self._told.pop(0)
        if isinstance(told, Exception):
            raise told
        return told

    def recvfrom(self, size: int) -> tuple[bytes, tuple[str, int]]:
        return self.recv(size), ("127.0.0.1", 9)

    def recvfrom_into(self, room: bytearray) -> tuple[int, tuple[str, int]]:
        data = self.recv(len(room))
        room[: len(data)] = data
        return len(data), ("127.0.0.1", 9)

    def recvmsg(self, *_: int) -> None:
        raise BlockingIOError


def test_osc_is_heard_after_windows_told_of_a_closed_port() -> None:
    port = OscIn(OfflineClock(), 0)
    port.close()
    port._socket = Reset(encode("/x", (1.0,)))  # type: ignore[assignment]
    items: list[Item] = []
    port.read(items.append)
    assert [item.address for item in items if isinstance(item, Packet)] == ["/x"]
    assert not [item for item in items if isinstance(item, Fault)]


def test_frames_as_text_are_heard_after_windows_told_of_a_closed_port() -> None:
    said: list[str] = []
    port = TextIn(OfflineClock(), "127.0.0.1", 0, "text", said.append)
    port.close()
    port._socket = Reset(b"1, 2")  # type: ignore[assignment]
    port.read(lambda _item: None)
    assert [frame.values.tolist() for frame in port.frames] == [[1.0, 2.0]]
    assert len(said) <= 1


def test_the_synth_plays_on_after_windows_told_of_a_closed_port() -> None:
    played: list[str] = []
    receiver = Receiver(0, lambda address, _arguments: played.append(address))
    receiver._socket.close()
    receiver._socket = Reset(encode("/note_on", (60.0, 0.5)))  # type: ignore[assignment]
    with pytest.raises(BlockingIOError):  # The end of what this socket has to say.
        receiver.run()
    assert played == ["/note_on"]


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(sys, "platform", "win32")
    return monkeypatch


def refusing(times: int, real: Callable[[Path, Path], Path]) -> Callable[[Path, Path], Path]:
    """Return a rename that is refused so often first, as while a virus scanner reads the target."""
    left = [times]

    def replace(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] >= 0:
            raise PermissionError(13, "used by another process")
        return real(self, target)

    return replace


def test_a_file_that_is_held_for_a_moment_is_written_all_the_same(windows: pytest.MonkeyPatch, tmp_path: Path) -> None:
    waited: list[float] = []
    windows.setattr("app.file.time.sleep", waited.append)
    windows.setattr(Path, "replace", refusing(3, Path.replace))
    app.file.write_whole(tmp_path / "session.json", "whole")
    assert (tmp_path / "session.json").read_text(encoding="utf-8") == "whole"
    assert len(waited) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["session.json"]


def test_a_file_that_is_held_for_ever_is_told_and_nothing_is_left(windows: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "session.json").write_text("old", encoding="utf-8")
    windows.setattr("app.file.time.sleep", lambda _seconds: None)
    windows.setattr(Path, "replace", refusing(99, Path.replace))
    with pytest.raises(PermissionError):
        app.file.write_whole(tmp_path / "session.json", "new")
    assert (tmp_path / "session.json").read_text(encoding="utf-8") == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_cannot_be_swept_away_spoils_no_write(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    left = tmp_path / ".session.json.12345"
    left.touch()
    monkeypatch.setattr(app.file, "STALE_S", -1.0)
    real = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self == left:
            raise PermissionError(13, "used by another process")
        real(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    app.file.write_whole(tmp_path / "session.json", "whole")
    assert (tmp_path / "session.json").read_text(encoding="utf-8") == "whole"


def test_a_model_is_stored_although_the_old_one_is_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    model_file.store(tmp_path, trained(seed=1), {"n": 1})
    (held,) = tmp_path.glob("model-*.safetensors")
    real = Path.unlink

    def unlink(self: Path, missing_ok: bool = False) -> None:
        if self == held:
            raise PermissionError(13, "used by another process")
        real(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    model_file.store(tmp_path, trained(seed=2), {"n": 2})
    assert held.exists()
    assert model_file.read_card(tmp_path) == {"n": 2}
    assert model_file.load(tmp_path).classes == (1, 2, 3)


def test_a_training_ends_when_the_pipe_is_broken_as_windows_tells_it() -> None:
    near, far = Pipe()
    stop = _stopper(far, lambda: True)
    assert not stop()
    near.close()
    far.close()  # Asking it now is an OSError, as asking a pipe without another end is on Windows.
    assert stop()
    assert stop()


def test_a_label_that_the_code_page_lacks_ends_no_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("x,y,label\n1,2,雨\n", encoding="utf-8")
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    assert main.main(["rules", str(tmp_path / "table.csv")]) == 0
    sys.stdout.flush()
    assert raw.getvalue().replace(b"\r", b"") == b"\\u96e8|1|2\n"


def test_on_windows_a_command_writes_utf_8(windows: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("x,y,label\n1,2,雨\n", encoding="utf-8")
    raw = io.BytesIO()
    windows.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    main._write_any_letter()
    print("雨")
    sys.stdout.flush()
    assert raw.getvalue().decode("utf-8").strip() == "雨"


def test_ports_are_ordinary_sockets_here() -> None:
    """What is imitated above would otherwise test nothing."""
    port = OscIn(OfflineClock(), 0)
    assert isinstance(port._socket, socket.socket)
    port.close()


class Far:
    """A port whose descriptor lies beyond what `select` can wait for. Attributes: `reads`."""

    def __init__(self, ear: socket.socket) -> None:
        resource = pytest.importorskip("resource")
        most, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if most <= 1100:
            pytest.skip(f"this system gives a process no more than {most} files")
        self.reads: list[bytes] = []
        self._number = fcntl_copy(ear.fileno(), 1024)

    def fileno(self) -> int:
        return self._number

    def read(self, put: Callable[[Item], None]) -> None:
        self.reads.append(os.read(self._number, 64))

    def close(self) -> None:
        os.close(self._number)


def fcntl_copy(number: int, least: int) -> int:
    """Return a copy of a descriptor with a number from `least` on."""
    fcntl = pytest.importorskip("fcntl")
    return int(fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, least))


def test_a_port_is_heard_where_a_thousand_files_are_open_already() -> None:
    near, far = socket.socketpair()
    inbox, port = Inbox(), Far(far)
    inbox.watch(port)
    near.send(b"frame")
    assert list(inbox.take(5.0)) == []
    assert port.reads == [b"frame"]
    inbox.put(Press("Space"))
    assert list(inbox.take(5.0)) == [Press("Space")]
    for one in (port, inbox, near, far):
        one.close()


WITHOUT_CONSOLE = """
import os
os.close(2)
from app.sound.stray import Stray, copy_of_error
os.close(copy_of_error())
os.close(2)
with Stray() as stray:
    os.write(2, b"Warning: buffer overrun?\\n")
    import time
    end = time.perf_counter() + 5
    while not stray.late and time.perf_counter() < end:
        time.sleep(0.005)
    print(stray.late)
"""


def test_without_a_console_the_synth_still_counts_late_blocks() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_CONSOLE], capture_output=True, timeout=30, check=False)
    assert done.stdout.strip() == b"1"


def test_the_keys_that_interrupt_are_left_to_the_instrument(monkeypatch: pytest.MonkeyPatch) -> None:
    heeded: list[tuple[int, object]] = []
    monkeypatch.setattr(signal, "SIGBREAK", 21, raising=False)
    monkeypatch.setattr(signal, "signal", lambda number, deed: heeded.append((number, deed)))
    leave_to_parent()
    assert heeded == [(signal.SIGINT, signal.SIG_IGN), (21, signal.SIG_IGN)]


@pytest.mark.skipif(sys.platform == "win32", reason="a script of a shell stands for Python")
def test_what_the_doctors_process_says_in_another_code_page_is_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "python"
    script.write_text("#!/bin/sh\nprintf 'no such \\344 folder' >&2\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    with pytest.raises(ValueError, match=r"no such . folder"):
        quiet_visit(tmp_path)
