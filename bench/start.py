"""From start to first note, memory of all processes, and from panic to the last note-off.

    python -m bench.start [--window] [--runs 5]

The program is started as a user would, is told to play the moment it listens, and is measured from outside: the
clock runs from the start of the process to the first /note_on that arrives.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time

import psutil
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder


def message(address: str, *arguments: float) -> bytes:
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    return bytes(builder.build().dgram)


def memory_mb(process: psutil.Process) -> dict[str, float]:
    """Return the proportional memory of the program's processes, in MB, by what they are."""
    every = [process, *process.children(recursive=True)]
    return {f"{one.name()}:{one.pid}": one.memory_full_info().pss / 1e6 for one in every if one.is_running()}


def run(window: bool) -> dict[str, float]:
    """Start, play, panic, quit once; return seconds, MB and ms."""
    peer = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    peer.bind(("127.0.0.1", 0))
    peer.settimeout(20)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--osc-in", str(port), "--osc-out", f"127.0.0.1:{peer.getsockname()[1]}", "--synth", "null"]
    started = time.perf_counter()
    environment = {"QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": "/tmp/understudy-bench", **os.environ}
    command = [sys.executable, "main.py", *options, *([] if window else ["--headless"])]
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    held: set[int] = set()
    # Nobody can press Space before the window is there: ask again until something answers.
    peer.settimeout(0.02)
    while True:
        peer.sendto(message("/transport/play"), ("127.0.0.1", port))
        try:
            first = OscMessage(peer.recv(4096))
        except TimeoutError:
            continue
        if first.address == "/note_on":
            held.add(first.params[0])
            break
    first_note = time.perf_counter() - started
    peer.settimeout(5)
    end = time.perf_counter() + 6
    while time.perf_counter() < end or not held:
        follow(held, OscMessage(peer.recv(4096)))
    memory = memory_mb(psutil.Process(program.pid))
    peer.sendto(message("/panic"), ("127.0.0.1", port))
    asked = time.perf_counter()
    while held:
        follow(held, OscMessage(peer.recv(4096)))
    silent_ms = (time.perf_counter() - asked) * 1000
    peer.sendto(message("/quit"), ("127.0.0.1", port))
    program.wait(10)
    return {"first_note_s": first_note, "memory_mb": sum(memory.values()), "panic_ms": silent_ms}


def follow(held: set[int], heard: OscMessage) -> None:
    if heard.address == "/note_on":
        held.add(heard.params[0])
    elif heard.address == "/note_off":
        held.discard(heard.params[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--window", action="store_true", help="with the window, not headless")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    figures = [run(options.window) for _ in range(options.runs)]
    print("with the window" if options.window else "headless", f"({options.runs} runs)")
    for name in figures[0]:
        values = [one[name] for one in figures]
        print(f"  {name}: median {statistics.median(values):.2f}, worst {max(values):.2f}")


if __name__ == "__main__":
    main()
