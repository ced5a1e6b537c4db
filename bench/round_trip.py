"""From a frame of features to its prediction and back, through the whole program, beside a bare Python UDP echo.

    python -m bench.round_trip [--window] [--frames 2000] [--models knn,mlp,...] [--inputs 30] [--examples 100]

Closed loop: one frame, one answer, one after another. "Frames/s" has 8 frames in flight, so it is what can be kept up
for as long as one likes with every frame answered. The echo and the program are measured in turns in the same run, on
the same machine, by the same client; times are medians over the turns of each turn's percentile.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from pythonosc.osc_message_builder import OscMessageBuilder

from app.model.registry import of_kind

ECHO = """
import socket
port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
port.bind(("127.0.0.1", 0))
print(port.getsockname()[1], flush=True)
while True:
    data, sender = port.recvfrom(65535)
    port.sendto(data, sender)
"""
IN_FLIGHT = 8
TURNS = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """One turn. Attributes: `median`, `p95`, `p99`, `worst` (all in ms), `rate` (frames/s, 8 in flight), `lost`."""

    median: float
    p95: float
    p99: float
    worst: float
    rate: float
    lost: int


def message(address: str, *arguments: float | str) -> bytes:
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    return bytes(builder.build().dgram)


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def measure(client: socket.socket, to: tuple[str, int], frames: list[bytes], wanted: bytes) -> Figures:
    """Return the figures of one turn; answers begin with `wanted`."""
    trips, lost = [], 0
    for frame in frames:
        sent = time.perf_counter()
        client.sendto(frame, to)
        if receive(client, wanted):
            trips.append((time.perf_counter() - sent) * 1000)
        else:
            lost += 1
    median, p95, p99 = np.percentile(trips, (50, 95, 99))
    begin = time.perf_counter()
    for frame in frames[:IN_FLIGHT]:
        client.sendto(frame, to)
    for frame in frames[IN_FLIGHT:]:
        lost += not receive(client, wanted)
        client.sendto(frame, to)
    lost += sum(not receive(client, wanted) for _ in range(IN_FLIGHT))
    rate = len(frames) / (time.perf_counter() - begin)
    return Figures(float(median), float(p95), float(p99), max(trips), rate, lost)


def receive(client: socket.socket, wanted: bytes) -> bool:
    try:
        while not client.recv(65_535).startswith(wanted):
            continue
    except TimeoutError:
        return False
    return True


class Program:
    """The instrument in Wekinator's place. Attributes: `port` (of frames)."""

    def __init__(self, client: socket.socket, window: bool, plan: str, inputs: int) -> None:
        self._client, self._osc = client, ("127.0.0.1", free_port())
        self.port = ("127.0.0.1", free_port())
        environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "XDG_DATA_HOME": tempfile.mkdtemp()}
        command = [sys.executable, "main.py", *([] if window else ["--headless"]), "--synth", "off"]
        command += ["--osc-in", str(self._osc[1]), "--wekinator", "--wekinator-in", str(self.port[1])]
        command += ["--wekinator-out", f"127.0.0.1:{client.getsockname()[1]}", "--inputs", str(inputs)]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen([*command, "--outputs", plan], stdout=quiet, stderr=quiet, env=environment)
        self.until(lambda: self.set("/get", "/listener/play"), b"/listener/play")

    def until(self, act: Callable[[], None], wanted: bytes) -> None:
        """Act again and again until a message comes; TimeoutError after a minute."""
        self._client.settimeout(0.2)
        for _ in range(300):
            act()
            if receive(self._client, wanted):
                self._client.settimeout(1.0)
                return
            if self._process.poll() is not None:
                raise RuntimeError("the program ended")
        raise TimeoutError(wanted.decode())

    def set(self, address: str, *arguments: float | str) -> None:
        self._client.sendto(message(address, *arguments), self._osc)

    def control(self, name: str, *arguments: float | str) -> None:
        self._client.sendto(message(f"/wekinator/control/{name}", *arguments), self.port)

    def teach(self, frames: list[bytes], targets: list[float]) -> None:
        """Record the frames with their targets."""
        order = sorted(range(len(frames)), key=targets.__getitem__)
        taught: float | None = None
        for place in order:
            if targets[place] != taught:
                taught = targets[place]
                self.control("stopRecording")
                self.control("outputs", taught)
                self.control("startRecording")
            self._client.sendto(frames[place], self.port)
            time.sleep(0.0005)
        self.control("stopRecording")

    def train(self, kind: str, model: str) -> None:
        self.set(f"/listener/{kind}", model)
        time.sleep(0.1)
        self.control("stopRunning")
        self.until(lambda: self.control("train"), b"/wekinator/status/done-training")
        self.control("startRunning")
        time.sleep(1.0)  # The scores are computed after the model is here; the worker gets out of the way.

    def end(self) -> None:
        self.set("/quit")
        self._process.wait(20)


def run(kind: str, models: list[str], options: argparse.Namespace, client: socket.socket, echo: int) -> None:
    random = np.random.default_rng(1)
    labels = [float(label) for label in np.arange(options.examples) % 4 + 1]
    targets = labels if kind == "classifier" else [label / 4 for label in labels]
    rows = random.normal(0, 0.4, (options.examples, options.inputs)) + np.array(labels)[:, None]
    taught = [message("/wek/inputs", *map(float, row)) for row in rows]
    frames = [taught[place] for place in random.integers(0, options.examples, options.frames)]
    program = Program(client, options.window, "classifier:4" if kind == "classifier" else "regressor", options.inputs)
    try:
        program.teach(taught, targets)
        for model in models:
            program.train(kind, model)
            turns = [
                (measure(client, ("127.0.0.1", echo), frames, b"/wek/inputs"),
                 measure(client, program.port, frames, b"/wek/outputs"))
                for _ in range(TURNS)
            ]  # fmt: skip
            report(model, [ours for _, ours in turns], [bare for bare, _ in turns])
    finally:
        program.end()


def report(name: str, ours: list[Figures], bare: list[Figures]) -> None:
    ratio = typical(ours, "median") / typical(bare, "median")
    for title, figures, last in (("bare echo", bare, ""), (name, ours, f"{ratio:.2f} x the echo's median")):
        print(
            f"{title:16} {typical(figures, 'median'):7.3f} {typical(figures, 'p95'):7.3f} "
            f"{typical(figures, 'p99'):7.3f} {max(one.worst for one in figures):8.3f} "
            f"{typical(figures, 'rate'):9.0f} {sum(one.lost for one in figures):5}   {last}",
            flush=True,
        )


def typical(figures: list[Figures], name: str) -> float:
    return statistics.median(getattr(one, name) for one in figures)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--window", action="store_true", help="with the window, not headless")
    parser.add_argument("--frames", type=int, default=2000, help="a turn; there are five")
    parser.add_argument("--inputs", type=int, default=30)
    parser.add_argument("--examples", type=int, default=100)
    parser.add_argument("--models", default="", help="such as knn,mlp (all)")
    options = parser.parse_args()
    wanted = options.models.split(",") if options.models else []
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.bind(("127.0.0.1", 0))
    client.settimeout(1.0)
    echo = subprocess.Popen([sys.executable, "-c", ECHO], stdout=subprocess.PIPE, text=True)
    assert echo.stdout is not None
    port = int(echo.stdout.readline())
    where = "with the window" if options.window else "headless"
    print(f"{where}: {options.inputs} inputs, {options.examples} examples")
    print(f"{'':16} {'median':>7} {'p95':>7} {'p99':>7} {'worst':>8} {'frames/s':>9} {'lost':>5}")
    try:
        for kind in ("classifier", "regressor"):
            models = [entry.name for entry in of_kind(kind) if not wanted or entry.name in wanted]
            if models:
                run(kind, models, options, client, port)
    finally:
        echo.kill()


if __name__ == "__main__":
    main()
