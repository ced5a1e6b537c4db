"""The dispatcher as a real process: it plays, and whatever happens to its parent, the notes end.

Each test waits for what it expects, with a limit; the figures that are printed are measured in that run.
"""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.command import Adopt, Command, Configure, Panic, Ping, Play, Release, Reply, Report, Silent, Status
from app.device.base import DeviceSpec
from app.dispatcher_process import DispatcherProcess
from app.event import Message, NoteOff, NoteOn
from tests.condition import wait_for
from tests.receiver import Receiver

ROOT = Path(__file__).resolve().parent.parent
CHORD = (60, 64, 67, 71)
PARENT = """
import sys, time
from app.command import Configure, Ping, Play
from app.device.base import DeviceSpec
from app.dispatcher_process import DispatcherProcess
from app.event import NoteOn
if __name__ == "__main__":
    process = DispatcherProcess()
    process.start()
    process.send(Configure((DeviceSpec("osc", "osc", (("host", "127.0.0.1"), ("port", int(sys.argv[1])))),)))
    for pitch in (60, 64, 67, 71):
        process.send(Play(0.0, ("osc",), NoteOn(0.0, "composer", pitch, 80)))
    print(process.pid, flush=True)
    while True:
        process.send(Ping())
        time.sleep(0.05)
"""
# Its first thread ends and another goes on: so looks a killed process one of whose threads waits for a disk.
CLINGING = PARENT.replace(
    "    while True:",
    """    import ctypes, threading
    def cling():
        while True:
            process.send(Ping())
            time.sleep(0.05)
    threading.Thread(target=cling).start()
    sys.stdin.readline()
    ctypes.CDLL(None).syscall(60, 0)  # exit of this thread alone (x86-64)
    while True:""",
)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


class Rig:
    """A running dispatcher that plays to a receiver. Attributes: `process`, `replies`."""

    def __init__(self, receiver: Receiver) -> None:
        self.process = DispatcherProcess()
        self.process.start()
        self.replies: list[Reply] = []
        self.process.send(Configure((spec_of(receiver),)))

    def play(self, *commands: Command) -> None:
        self.process.send_all(commands)

    def of(self, kind: type) -> list:
        """Ping, and return every reply of a kind so far."""
        self.process.send(Ping())
        self.replies += self.process.poll()
        return [reply for reply in self.replies if isinstance(reply, kind)]

    def hold_chord(self, receiver: Receiver) -> None:
        self.play(*(Play(0.0, ("osc",), NoteOn(0, "composer", pitch, 80)) for pitch in CHORD))
        wait_for(lambda: len(receiver.held) == len(CHORD), 10.0, "the chord")


@pytest.fixture
def rig(receiver: Receiver) -> Iterator[Rig]:
    rig = Rig(receiver)
    yield rig
    rig.process.stop()
    assert not rig.process.alive


def spec_of(receiver: Receiver) -> DeviceSpec:
    return DeviceSpec("osc", "osc", (("host", "127.0.0.1"), ("port", receiver.port)))


def wait_until_silent(receiver: Receiver, since: float, limit_s: float = 1.0) -> float:
    """Return milliseconds from `since` to the arrival of the last note-off."""
    wait_for(lambda: not receiver.held, limit_s, "silence")
    offs = [seconds for seconds, data in receiver.packets if data.startswith(b"/note_off")]
    return (offs[-1] - since) * 1000


def test_it_plays_at_the_due_time(receiver: Receiver, rig: Rig) -> None:
    wait_for(lambda: rig.of(Status), 10.0)
    start = time.perf_counter() + 0.1
    for step in range(20):
        due = start + step * 0.02
        rig.play(
            Play(due, ("osc",), NoteOn(0, "composer", 60, 80)),
            Play(due + 0.01, ("osc",), NoteOff(0, "composer", 60)),
        )
    wait_for(lambda: sum(report.sent.get("osc", 0) for report in rig.of(Report)) == 40)
    late = sorted(value for report in rig.of(Report) for value in report.late_ms)
    assert len(late) == 40
    assert 0 <= late[20] < 2.0
    assert [status.text for status in rig.of(Status)] == [f"127.0.0.1:{receiver.port}"]
    print(f"send lateness of 40 events: p50 {late[20]:.3f} ms, max {late[-1]:.3f} ms")


def test_when_its_parent_is_killed_it_ends_every_note(receiver: Receiver) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(receiver.port)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    wait_for(lambda: len(receiver.held) == len(CHORD), 10.0, "the chord")
    killed = time.perf_counter()
    parent.kill()
    took_ms = wait_until_silent(receiver, killed)
    wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, 2.0, "the child's end")
    gone_ms = (time.perf_counter() - killed) * 1000
    parent.wait()
    parent.stdout.close()
    print(f"parent killed: last note-off after {took_ms:.1f} ms, process gone after {gone_ms:.1f} ms")
    assert ("/panic",) in receiver.read()
    assert took_ms <= 50


@pytest.mark.skipif(sys.platform != "linux" or platform.machine() != "x86_64", reason="reads /proc, calls by number")
def test_a_dying_parent_that_holds_its_pipe_open_ends_the_notes(receiver: Receiver) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", CLINGING, str(receiver.port)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert parent.stdin is not None and parent.stdout is not None
    parent.stdout.readline()
    wait_for(lambda: len(receiver.held) == len(CHORD), 10.0, "the chord")
    struck = time.perf_counter()
    parent.stdin.write(b"\n")
    parent.stdin.flush()
    took_ms = wait_until_silent(receiver, struck)
    alive = psutil.Process(parent.pid).num_threads() > 0
    parent.kill()
    parent.wait()
    print(f"dying parent: last note-off after {took_ms:.1f} ms")
    assert alive and took_ms <= 100


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to catch")
def test_sigterm_is_quit(receiver: Receiver, rig: Rig) -> None:
    rig.hold_chord(receiver)
    assert rig.process.pid is not None
    asked = time.perf_counter()
    os.kill(rig.process.pid, signal.SIGTERM)
    took_ms = wait_until_silent(receiver, asked)
    print(f"SIGTERM: last note-off after {took_ms:.1f} ms")
    wait_for(lambda: not rig.process.alive)
    assert took_ms <= 50


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to one process")
def test_an_interrupt_is_left_to_the_window(receiver: Receiver, rig: Rig) -> None:
    rig.hold_chord(receiver)
    assert rig.process.pid is not None
    os.kill(rig.process.pid, signal.SIGINT)
    os.kill(rig.process.pid, signal.SIGHUP)
    rig.play(Play(0.0, ("osc",), Message(0, "composer", "/still/here")))
    wait_for(lambda: ("/still/here",) in receiver.read())
    assert len(receiver.held) == len(CHORD)


def test_a_parent_that_falls_silent_has_its_notes_released(receiver: Receiver, rig: Rig) -> None:
    rig.hold_chord(receiver)
    heard = time.perf_counter()
    took_ms = wait_until_silent(receiver, heard, 3.0)
    print(f"silent parent: last note-off after {took_ms:.0f} ms")
    assert 900 <= took_ms <= 1100
    wait_for(lambda: any(report.errors for report in rig.of(Report)))
    rig.hold_chord(receiver)


def test_panic_is_quick_and_answered(receiver: Receiver, rig: Rig) -> None:
    rig.hold_chord(receiver)
    asked = time.perf_counter()
    rig.play(Play(asked + 5, ("osc",), NoteOn(0, "composer", 90, 80)), Panic())
    took_ms = wait_until_silent(receiver, asked)
    wait_for(lambda: rig.of(Silent))
    (silent,) = rig.of(Silent)
    print(f"panic: last note-off after {took_ms:.2f} ms, done in {silent.took_ms:.2f} ms")
    assert silent.sounding_released == len(CHORD)
    assert took_ms <= 10
    assert receiver.read()[-1] == ("/panic",)


def test_stop_ends_the_notes_and_the_process(receiver: Receiver, rig: Rig) -> None:
    rig.hold_chord(receiver)
    asked = time.perf_counter()
    rig.process.stop()
    stop_ms = (time.perf_counter() - asked) * 1000
    print(f"stop: last note-off after {wait_until_silent(receiver, asked):.1f} ms, back after {stop_ms:.1f} ms")
    assert not rig.process.alive
    assert stop_ms <= 500
    rig.process.stop()
    rig.process.send(Ping())
    assert rig.process.poll() == []


@pytest.mark.skipif(sys.platform == "win32", reason="uses kill -9")
def test_a_killed_dispatcher_is_noticed_and_its_successor_ends_the_notes(receiver: Receiver, rig: Rig) -> None:
    rig.hold_chord(receiver)
    assert rig.process.pid is not None
    os.kill(rig.process.pid, signal.SIGKILL)
    wait_for(lambda: rig.process.send(Ping()) or not rig.process.alive)
    assert len(receiver.held) == len(CHORD)
    started = time.perf_counter()
    rig.process.start()
    held = tuple(("composer", pitch) for pitch in CHORD)
    rig.play(Configure((spec_of(receiver),)), Adopt(("osc",), held), Release(None))
    print(f"killed dispatcher: notes ended {wait_until_silent(receiver, started, 5.0):.0f} ms after the restart")
    assert rig.process.alive


@pytest.mark.skipif(sys.platform == "win32", reason="uses kill -9")
def test_the_process_that_stands_by_takes_over_and_another_one_stands_by(receiver: Receiver, rig: Rig) -> None:
    rig.hold_chord(receiver)
    wait_for(lambda: rig.process.poll() == [...] or rig.process.spare_pid is not None, 10.0)
    time.sleep(0.3)  # It is to be ready, as it would be on stage; nothing is judged by this.
    spare = rig.process.spare_pid
    assert rig.process.pid is not None
    killed = time.perf_counter()
    os.kill(rig.process.pid, signal.SIGKILL)
    wait_for(lambda: rig.process.send(Ping()) or not rig.process.alive)
    rig.process.start()
    held = tuple(("composer", pitch) for pitch in CHORD)
    rig.play(Configure((spec_of(receiver),)), Adopt(("osc",), held), Release(None))
    print(f"killed dispatcher: the notes ended after {wait_until_silent(receiver, killed, 5.0):.0f} ms")
    assert (rig.process.pid, rig.process.spare_pid) == (spare, None)
    wait_for(lambda: rig.process.poll() == [...] or rig.process.spare_pid not in (None, spare), 10.0)
    rig.process.stop()
    assert rig.process.spare_pid is None


@pytest.mark.skipif(sys.platform == "win32", reason="uses SIGSTOP")
def test_a_dispatcher_that_hangs_never_blocks_the_music(receiver: Receiver, rig: Rig) -> None:
    rig.hold_chord(receiver)
    assert rig.process.pid is not None
    os.kill(rig.process.pid, signal.SIGSTOP)
    longest_ms = 0.0
    batch = tuple(Play(time.perf_counter(), ("osc",), Message(0, "composer", "/flood", (n,))) for n in range(50))
    pid, end = rig.process.pid, time.perf_counter() + 10
    while rig.process.alive and time.perf_counter() < end:
        began = time.perf_counter()
        rig.process.send_all(batch)
        longest_ms = max(longest_ms, (time.perf_counter() - began) * 1000)
        time.sleep(0.01)
    os.kill(pid, signal.SIGCONT)
    print(f"hanging dispatcher: the longest send took {longest_ms:.1f} ms")
    assert not rig.process.alive
    assert longest_ms < 200
    wait_until_silent(receiver, time.perf_counter(), 10.0)


def test_a_reader_that_sleeps_does_not_stop_the_notes(receiver: Receiver, rig: Rig) -> None:
    for _ in range(3000):  # Far more replies than the pipe holds, none of them read.
        rig.play(Configure(()), Configure((spec_of(receiver),)))
    rig.play(Play(0.0, ("osc",), Message(0, "composer", "/still/here")))
    wait_for(lambda: rig.process.send(Ping()) or ("/still/here",) in receiver.read()[-1:], 20.0)
    assert rig.process.alive


def test_a_fault_in_the_process_silences_and_is_seen(receiver: Receiver, capfd: pytest.CaptureFixture) -> None:
    rig = Rig(receiver)  # Here, not as a fixture: only then does it write to what capfd reads.
    rig.hold_chord(receiver)
    rig.play(Play("soon", ("osc",), NoteOn(0, "composer", 60, 80)))  # type: ignore[arg-type]
    wait_until_silent(receiver, time.perf_counter())
    wait_for(lambda: not rig.process.alive)
    assert "TypeError" in capfd.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_is_light_and_shares_its_pipe_with_nobody(receiver: Receiver, rig: Rig) -> None:
    rig.hold_chord(receiver)
    child = psutil.Process(rig.process.pid)
    maps = "".join(region.path for region in child.memory_maps())
    megabytes = child.memory_info().rss / 1e6
    print(f"dispatcher: {megabytes:.0f} MB")
    for heavy in ("PySide6", "libQt", "torch", "sklearn", "numpy", "symusic"):
        assert heavy not in maps
    assert megabytes < 60
    other = subprocess.Popen([sys.executable, "-c", "import time; print(1, flush=True); time.sleep(60)"], stdout=-1)
    assert other.stdout is not None
    other.stdout.readline()
    ours = {os.readlink(f"/proc/self/fd/{rig.process._connection.fileno()}")}  # type: ignore[union-attr]
    for process in (child.pid, other.pid):
        assert not ours & {os.readlink(link) for link in Path(f"/proc/{process}/fd").iterdir()}
    other.kill()
    other.wait()
    other.stdout.close()
