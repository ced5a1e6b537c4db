"""A night on stage in real time: all processes, restless hands, and what each of them keeps of the memory.

    python -m bench.soak [--minutes 5] [--seed 1] [--every 30]

Prints a line a while: seconds, the engine's load and worst lateness, notes that sound at the receiver, and the memory
of every process in MB. At the end it says whether anything grew or hung; the exit status is 1 if something did.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from pythonosc.osc_packet import OscPacket, ParseError

from bench.night import Night

PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20
BEAT_S = 0.2
GROWTH_MB = 12.0  # In the second half; an allocator that gives nothing back needs some room.
FIRST_SHARE = 0.5


class Ear(threading.Thread):
    """Listens to the notes. Attributes: `port`, `held` (part and pitch of what sounds), `struck`."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self.held: set[tuple[object, ...]] = set()
        self.struck = 0

    def run(self) -> None:
        while True:
            try:
                messages = [timed.message for timed in OscPacket(self._socket.recv(65536)).messages]
            except ParseError as error:
                print(f"no OSC came in: {error}", file=sys.stderr)
                continue
            for message in messages:
                self._hear(message.address, list(message.params))

    def _hear(self, address: str, given: list[object]) -> None:
        if address == "/panic":
            self.held.clear()
        elif address == "/note_on" and given[1]:
            self.held.add((given[0], *given[2:3]))
            self.struck += 1
        elif address in ("/note_on", "/note_off"):
            self.held.discard((given[0], *(given[2:3] if address == "/note_on" else given[1:2])))


def memory_mb() -> dict[str, float]:
    """Return what every process of the instrument holds, by its name."""
    pids = {"main": os.getpid()}
    for number, child in enumerate(multiprocessing.active_children()):
        pids[f"{child.name}" if child.name not in pids else f"{child.name} {number}"] = child.pid or 0
    found = {}
    for name, pid in pids.items():
        path = Path(f"/proc/{pid}/statm")
        if path.exists():
            found[name] = int(path.read_text().split()[1]) * PAGE_MB
    return found


def main(arguments: Sequence[str]) -> int:
    """Play the night; return 1 if something grew or hung."""
    parser = argparse.ArgumentParser("bench.soak", description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=5.0, metavar="M", help="how long (5)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="another number is another night (1)")
    parser.add_argument("--every", type=float, default=30.0, metavar="S", help="seconds between two lines (30)")
    wish = parser.parse_args(arguments)
    from app.start import build
    from main import _read

    ear = Ear()
    ear.start()
    with tempfile.TemporaryDirectory() as folder:
        words = f"--headless --synth null --osc-in 0 --seed {wish.seed} --osc-out 127.0.0.1:{ear.port}"
        instrument = build(_read([*words.split(), "--session", folder]))
        thread = threading.Thread(target=instrument.engine.run)
        thread.start()
        night = Night(instrument.engine, wish.seed)
        seen = play(night, ear, wish.minutes * 60, wish.every)
        night.end()
        time.sleep(1.0)
        hanging = set(ear.held)
        instrument.engine.fire("/quit")
        thread.join()
        instrument.close()
    return judge(seen, hanging, ear.struck, night.deeds)


def play(night: Night, ear: Ear, seconds: float, every_s: float) -> list[dict[str, float]]:
    """Let hands do their work; return the memory of the processes, line by line."""
    seen: list[dict[str, float]] = []
    began = time.perf_counter()
    shown = began
    night.begin()
    due = began
    while (now := time.perf_counter()) - began < seconds:
        night.go_on(BEAT_S)
        due += BEAT_S
        time.sleep(max(due - time.perf_counter(), 0.0))
        if now - shown >= every_s:
            shown = now
            gc.collect()
            seen.append(memory_mb())
            picture = night.engine.snapshot
            sizes = "  ".join(f"{name} {size:.1f}" for name, size in seen[-1].items())
            times = f"load {picture.load:.2f}  late {picture.late_ms:.1f} ms"
            print(f"{now - began:6.0f} s  {times}  sounding {len(ear.held)}  {sizes}", flush=True)
    return seen


def judge(seen: list[dict[str, float]], hanging: set[tuple[object, ...]], struck: int, deeds: int) -> int:
    """Say whether anything grew in the second half or still sounds; return the exit status."""
    half = seen[int(len(seen) * FIRST_SHARE)] if seen else {}
    last = seen[-1] if seen else {}
    grown = {name: last[name] - half[name] for name in last if name in half and last[name] - half[name] > GROWTH_MB}
    print(f"{struck} notes, {deeds} deeds")
    print(f"grew in the second half: {grown or 'nothing'}; hangs: {hanging or 'nothing'}")
    return 1 if grown or hanging else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
