"""How late note events leave, under five loads: idle, window, window and training, window and flood, four players.

    python -m bench.lateness [--seconds 60] [--bpm 120]

Two figures for each: at the sending socket (send time minus due time, by the dispatcher's own clock) and at a
receiver in another process (arrival minus the best-fitting steady grid, so it holds the receiver's own jitter too).
Drift is the slope of the arrivals against the grid.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from app.engine import Engine
from app.frame import Frame

LOADS = ("idle", "window", "window+training", "window+flood", "window+four players")
FLOOD_PER_S = 2000
FRAMES_PER_S = 100
PROGRAM = "bpm 120; source kick*2; learn snare*2+0.5; closedhat*8;"


def receive(connection: Connection) -> None:
    """Note the arrival of each step's last message; the entry of the receiving process."""
    port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    port.bind(("127.0.0.1", 0))
    connection.send(port.getsockname()[1])
    port.settimeout(0.2)
    arrivals: list[float] = []
    while not connection.poll():
        try:
            data = port.recv(4096)
        except TimeoutError:
            continue
        if data.startswith(b"/gen/token\0"):
            arrivals.append(time.perf_counter())
    connection.send(arrivals)


def flood(port: int, seconds: float) -> None:
    """Send 2,000 OSC messages a second; the entry of the flooding process."""
    from pythonosc.osc_message_builder import OscMessageBuilder

    builder = OscMessageBuilder("/composer/density")
    builder.add_arg(0.8)
    data = builder.build().dgram
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    start = time.perf_counter()
    sent = 0
    while (now := time.perf_counter()) - start < seconds:
        while sent < (now - start) * FLOOD_PER_S:
            sender.sendto(data, ("127.0.0.1", port))
            sent += 1
        time.sleep(0.001)


def set_the_stage(engine: Engine) -> None:
    """Let the Follower learn and the Rules call by the beat; the Listener gets its labels from `point`."""
    engine.set("/listener/input/osc/on", "off")
    engine.set("/listener/input/pointer/on", "on")
    engine.set("/listener/outputs", "classifier:3")
    for label in ("rain", "storm") * 4:
        engine.fire("/rules/vary", 3.0)
        engine.fire("/rules/keep", label)
    engine.set("/rules/sequence", "rain storm")
    engine.set("/rules/every", "1 beat")
    engine.set("/listener/play", "on")
    engine.fire("/follower/evaluate", PROGRAM)


def point(engine: Engine, seconds: float) -> None:
    """Move a pointer, 100 frames a second; first teach three labels."""
    begin = time.perf_counter()
    for count in range(round(seconds * FRAMES_PER_S)):
        if count in (10, 40, 70, 100):
            engine.set("/listener/record", (count // 30 + 1) % 4)
        if count == 110:
            engine.fire("/listener/train")
        where = np.array([0.5 + 0.45 * np.sin(count / 30), 0.5 + 0.45 * np.cos(count / 50)], np.float32)
        engine.inbox.put(Frame(engine.clock.now(), "pointer", where))
        time.sleep(max(begin + count / FRAMES_PER_S - time.perf_counter(), 0.0))


def write_dataset(folder: Path) -> Path:
    """Write a few made-up pieces to train on."""
    import mido

    random = np.random.default_rng(0)
    (folder / "Nobody").mkdir(parents=True)
    for number in range(12):
        file = mido.MidiFile()
        track = mido.MidiTrack()
        file.tracks.append(track)
        for _ in range(800):
            pitch = int(random.integers(48, 84))
            track.append(mido.Message("note_on", note=pitch, velocity=int(random.integers(40, 100))))
            track.append(mido.Message("note_off", note=pitch, time=int(random.choice([120, 240, 480]))))
        file.save(folder / "Nobody" / f"{number}.mid")
    return folder


def play(load: str, seconds: float, bpm: float) -> dict[str, float]:
    """Run the real instrument under one load; return its figures."""
    import main
    from app.start import build

    context = multiprocessing.get_context("spawn")
    near, far = context.Pipe()
    receiver = context.Process(target=receive, args=(far,), daemon=True)
    receiver.start()
    options = ["--osc-in", "0", "--osc-out", f"127.0.0.1:{near.recv()}", "--seed", "1", "--synth", "off", "--headless"]
    sys.setswitchinterval(0.0005)
    instrument = build(main._read(options))
    engine = instrument.engine
    samples: list[float] = []
    keep = engine.monitor.late
    engine.monitor.late = lambda now, late: (samples.extend(late), keep(now, late))[1]  # type: ignore[method-assign]
    engine.set("/transport/bpm", bpm)
    engine.set("/composer/density", 0.8)
    if "training" in load:
        dataset = write_dataset(Path(tempfile.mkdtemp()))
        engine.set("/training/dataset", str(dataset))
        engine.set("/training/out", str(dataset / "out"))
        engine.fire("/composer/train")
    if "flood" in load:
        context.Process(target=flood, args=(engine.osc_port, seconds + 6), daemon=True).start()

    def conduct() -> None:
        time.sleep(3)
        if "four" in load:
            set_the_stage(engine)
            threading.Thread(target=point, args=(engine, seconds + 8), daemon=True).start()
            time.sleep(8)
        samples.clear()
        engine.fire("/transport/play")
        time.sleep(seconds)
        engine.fire("/quit")

    threading.Thread(target=conduct, daemon=True).start()
    before = time.process_time()
    if load == "idle":
        engine.run()
    else:
        from ui.application import run

        run(engine)
    busy = time.process_time() - before
    instrument.close()
    if "four" in load:
        heard = engine.monitor.counts
        told = [line.text for line in engine.monitor.log]
        print(f"answered {instrument.listener.counts.answered} frames; {dict(heard)}; {told}", file=sys.stderr)
    near.send("stop")
    arrivals = np.array(near.recv())
    receiver.join(2)
    return {**summary("send", samples), **grid(arrivals, bpm), "cpu": busy / (seconds + 3), "steps": len(arrivals)}


def summary(name: str, samples_ms: list[float]) -> dict[str, float]:
    late = np.array(samples_ms)
    p50, p99 = np.percentile(late, [50, 99])
    return {f"{name}_p50": p50, f"{name}_p99": p99, f"{name}_max": late.max(), f"{name}_n": len(late)}


def grid(arrivals: np.ndarray, bpm: float) -> dict[str, float]:
    """Return arrival errors against the steady grid, in ms, and the drift in ms per minute."""
    step = 60 / bpm / 4
    error = (arrivals - arrivals[0] - np.arange(len(arrivals)) * step) * 1000
    error -= np.median(error)
    drift = np.polyfit(np.arange(len(error)) * step / 60, error, 1)[0]
    p99 = np.percentile(np.abs(error), 99)
    return {"arrive_p99": p99, "arrive_max": np.abs(error).max(), "drift_ms_per_min": drift}


def main_() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--bpm", type=float, default=120)
    parser.add_argument("--load", choices=LOADS)
    options = parser.parse_args()
    if options.load:
        print(
            json.dumps(
                {key: round(float(value), 4) for key, value in play(options.load, options.seconds, options.bpm).items()}
            )
        )
        return
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    print(f"{options.seconds:.0f} s each at {options.bpm:.0f} BPM; ms")
    columns = ("send_p50", "send_p99", "send_max", "arrive_p99", "arrive_max", "drift_ms_per_min", "cpu", "steps")
    print("".join(f"{name:>18}" for name in ("load", *columns)))
    for load in LOADS:
        command = [sys.executable, "-m", "bench.lateness", "--load", load]
        command += ["--seconds", str(options.seconds), "--bpm", str(options.bpm)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        if done.returncode:
            print(f"{load:>18}  failed: {done.stderr.strip().splitlines()[-1]}")
            continue
        figures = json.loads(done.stdout.strip().splitlines()[-1])
        print(f"{load:>18}" + "".join(f"{figures[name]:>18.3f}" for name in columns), flush=True)


if __name__ == "__main__":
    main_()
