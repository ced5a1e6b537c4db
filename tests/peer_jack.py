"""A JACK server without sound hardware, and a second MIDI client that writes down what arrives.

Run as a program (`python tests/peer_jack.py NAME`) it is that client: a virtual MIDI input called NAME that
prints each message as hexadecimal bytes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRAMES = "256"  # At 48 kHz a block of 5.3 ms; a MIDI message leaves with the next block.


class JackServer:
    """`jackd -d dummy` under its own name; this process and its children use it while it lives.

    Attributes: `name`. `realtime`: before everything else on the computer, where that is allowed.
    """

    def __init__(self, realtime: bool = False) -> None:
        self.name = f"understudy{os.getpid()}"
        self._before = {key: os.environ.get(key) for key in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER")}
        os.environ.update(JACK_DEFAULT_SERVER=self.name, JACK_NO_START_SERVER="1")
        self._process: subprocess.Popen[bytes] | None = None
        self._haste = ["-R", "-P", "60"] if realtime else ["--no-realtime"]

    def start(self) -> None:
        command = ["jackd", *self._haste, "--name", self.name, "-d", "dummy", "-r", "48000", "-p", FRAMES]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def close(self) -> None:
        self.stop()
        for key, value in self._before.items():
            os.environ.pop(key, None) if value is None else os.environ.update({key: value})


class JackPeer:
    """A MIDI client in another process. Attributes: `messages` ((seconds of arrival, bytes) in order)."""

    def __init__(self, name: str) -> None:
        self.messages: list[tuple[float, tuple[int, ...]]] = []
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__)), name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        assert self._ready.wait(20), "the MIDI peer did not come up"

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line == "ready\n":
                self._ready.set()
            else:
                self.messages.append((time.perf_counter(), tuple(bytes.fromhex(line))))

    @property
    def bytes(self) -> list[tuple[int, ...]]:
        return [data for _, data in self.messages]

    @property
    def held(self) -> set[tuple[int, int]]:
        """The (channel, pitch) that an instrument behind this port would sound."""
        sounding: set[tuple[int, int]] = set()
        for status, pitch, *_ in self.bytes:
            if status & 0xF0 == 0x90:
                sounding.add(((status & 15) + 1, pitch))
            elif status & 0xF0 == 0x80:
                sounding.discard(((status & 15) + 1, pitch))
        return sounding

    def kill(self) -> None:
        """Pull the cable."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Take leave of the server, which otherwise waits seconds for it when it ends."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)


def missing() -> str:
    """Return why JACK cannot be tested here, "" if it can."""
    if not sys.platform.startswith("linux"):
        return "JACK is tested on Linux only"
    if shutil.which("jackd") is None:
        return "jackd is not installed (apt-get install jackd2)"
    try:
        import rtmidi  # noqa: F401
    except ImportError as error:
        return f"python-rtmidi does not load: {error}"
    return ""


def _listen(name: str) -> None:
    """Be the client: retry until the server is up, then print what arrives."""
    import rtmidi

    end = time.perf_counter() + 15
    while True:
        try:
            port = rtmidi.MidiIn(rtmidi.API_UNIX_JACK, name)
            break
        except OSError:
            if time.perf_counter() > end:
                raise
            time.sleep(0.1)
    port.open_virtual_port("in")
    port.set_callback(lambda item, _: print(bytes(item[0]).hex(), flush=True))
    print("ready", flush=True)
    sys.stdin.read()
    port.close_port()
    port.delete()


if __name__ == "__main__":
    _listen(sys.argv[1])
