"""The real program without a window, its drop-in ports, and clients of ours that speak as the peers do."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 20.0
LEARNT = re.compile(r"trained on \d+ examples")
HEARS = re.compile(r"hears .* on 127\.0\.0\.1:(\d+)")


def osc(address: str, *arguments: Any, kinds: str = "") -> bytes:
    """Return a message; `kinds` gives OSC types where Python's would not do."""
    builder = OscMessageBuilder(address)
    for place, argument in enumerate(arguments):
        builder.add_arg(argument, kinds[place] if kinds else None)
    return bytes(builder.build().dgram)


class Client:
    """A UDP socket. Attributes: `port`, `got` (messages so far)."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 21)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.got: list[tuple[Any, ...]] = []

    def send(self, port: int, data: bytes) -> None:
        self._socket.sendto(data, ("127.0.0.1", port))

    def wait(self, enough: Callable[[], object], seconds: float = LIMIT_S) -> bool:
        """Receive until `enough` says so; return whether it did in time."""
        end = time.perf_counter() + seconds
        while not enough():
            self._socket.settimeout(max(end - time.perf_counter(), 1e-6))
            try:
                message = OscMessage(self._socket.recv(65_535))
            except (TimeoutError, BlockingIOError):
                return bool(enough())
            self.got.append((message.address, *message.params))
        return True

    def of(self, address: str) -> list[tuple[Any, ...]]:
        return [tuple(arguments) for found, *arguments in self.got if found == address]

    def expect(self, address: str, count: int = 1, seconds: float = LIMIT_S) -> tuple[Any, ...]:
        """Return the newest message of an address as soon as there are so many more than before."""
        wanted = len(self.of(address)) + count
        assert self.wait(lambda: len(self.of(address)) >= wanted, seconds), f"{address}: {self.got[-5:]}"
        return self.of(address)[-1]

    def close(self) -> None:
        self._socket.close()


class Headless:
    """main.py --headless. Attributes: `process`, `osc` (its port), `lines` (said on standard error)."""

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "main.py", "--headless", "--osc-in", "0", "--synth", "off", *options]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
        )
        assert self.process.stdout is not None
        ready = self.process.stdout.readline()
        assert ready.startswith("ready osc="), self.process.communicate(timeout=LIMIT_S)[1]
        self.osc = int(ready.partition("=")[2])
        self.lines: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()
        self._client = Client()

    def tell(self, address: str, *arguments: Any) -> None:
        self._client.send(self.osc, osc(address, *arguments))

    def close(self) -> None:
        self._client.close()
        self.process.kill()
        self.process.wait()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line)

    def said(self, pattern: re.Pattern[str], seconds: float = LIMIT_S) -> re.Match[str]:
        """Return the first line said that matches, as soon as there is one."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            for line in tuple(self.lines):
                if found := pattern.search(line):
                    return found
            time.sleep(0.01)
        raise AssertionError(f"nobody said {pattern.pattern!r}: {self.lines[-10:]}")

    @property
    def memory_mb(self) -> float:
        return float(psutil.Process(self.process.pid).memory_info().rss / 1e6)

    def __enter__(self) -> Program:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            if kind is None:
                self.end()
        finally:
            self.close()

    def end(self) -> None:
        """Quit; AssertionError if it had died before."""
        assert self.process.poll() is None, self.lines[-10:]
        self.tell("/quit")
        assert self.process.wait(LIMIT_S) == 0


class Program(Headless):
    """main.py --headless in a drop-in mode. Attributes: as Headless; `port` (the mode's)."""

    def __init__(self, *options: str) -> None:
        super().__init__(*options)
        self.port = int(self.said(HEARS)[1])


def wekinator(client: Client, *options: str) -> Program:
    return Program("--wekinator", "--wekinator-in", "0", "--wekinator-out", f"127.0.0.1:{client.port}", *options)
