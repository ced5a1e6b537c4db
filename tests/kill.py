"""Kill a running instrument's processes at moments of chance, and see that nothing hangs and nothing is lost.

    python -m tests.kill [--rounds 200] [--seed 0]

Each round plays, records, saves without pause, and kills (signal 9) one of: the instrument itself, the process that
sends, the synth, the processes that learn. Then every note must end, every file be whole, and everything go on.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from app import dataset_file
from app.recording import read as read_recording
from app.session import FILE
from app.session import read as read_session
from tests.kill_worker import WORKERS, check_back, stir
from tests.kill_worker import child as worker
from tests.test_headless import Program

HEART = ("main", "dispatcher", "synth", "learner")
WHO = (*HEART, *WORKERS)
LIMIT_S = 60.0


class LostError(AssertionError):
    """Something was lost, hung, or did not come back: who was killed, and what was seen."""


@dataclass(frozen=True, slots=True)
class Blow:
    """One round. Attributes: `who` was killed, `silent_ms` until the last note that sounded then had ended."""

    who: str
    silent_ms: float


class Victim:
    """A running instrument that is kept busy.

    Attributes: `program`, `folder`, `chance`, `sent` (densities sent), `said` (lines of its log), `workers` (who learns
    beside it -> process).
    """

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.sent: list[float] = []
        self.said: list[str] = []
        self.workers: dict[str, int] = {}
        self.program = self._start()
        self._fresh = time.perf_counter()

    def _start(self) -> Program:
        # A number that stays the same tells whether what was saved came back.
        program = Program("--seed", "3", "--session", str(self.folder), "--synth", "null")
        for stream in (program.process.stdout, program.process.stderr):
            threading.Thread(target=self.said.extend, args=(stream,), daemon=True).start()
        self.workers.clear()
        for address, value in (("/transport/bpm", 200.0), ("/composer/density", 0.95), ("/follower/mute", 1.0)):
            program.send(address, value)
        program.send("/transport/play")
        return program

    def restart(self) -> None:
        self.program.peer.close()
        self.program = self._start()
        self._fresh = time.perf_counter()

    def end(self) -> None:
        if self.program.process.poll() is None:
            self.program.send("/quit")
        self.program.process.wait(LIMIT_S)
        self.program.peer.close()

    def work(self, seconds: float) -> None:
        """Play, record, and save all the time."""
        chance, program = self.chance, self.program
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.sent.append(round(chance.uniform(0.7, 1.0), 6))
            program.send("/composer/density", self.sent[-1])
            program.send("/session/save")
            if chance.random() < 0.15:
                program.send(*chance.choice(DEEDS))
            program.send("/listener/in", chance.random(), chance.random(), chance.random())
            program.peer.wait(lambda: False, 0.02)

    def child(self, who: str) -> psutil.Process | None:
        """Return the process to kill, None if there is none now."""
        if who in WORKERS:
            return worker(self, who)
        own = psutil.Process(self.program.process.pid)
        if who == "main":
            return own
        for child in own.children():
            if self._is(child, who):
                return child
        return None

    def _is(self, child: psutil.Process, who: str) -> bool:
        try:
            sockets = child.net_connections("udp")
        except psutil.Error:
            return False
        if who == "dispatcher":
            return any(one.raddr and one.raddr.port == self.program.peer.port for one in sockets)
        if who == "synth":
            return any(not one.raddr and one.laddr.ip == "127.0.0.1" for one in sockets)
        return not sockets and any("sklearn" in one.path for one in child.memory_maps())

    def wait(self, there: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> None:
        """Keep the receiver reading until something holds; LostError if it does not in time."""
        end = time.perf_counter() + limit_s
        while not there():
            if time.perf_counter() > end:
                raise LostError(f"{what} did not come within {limit_s} s")
            self.program.peer.wait(lambda: False, 0.005)

    def settle(self, who: str) -> None:
        """Wait until there is somebody to kill, and a spare where one is kept."""
        if who in WORKERS:
            stir(self, who)
        if who == "learner":
            for label in (1, 2):
                self.program.send("/recorder/label", label, 0.5)
                self.work(0.3)
            self.program.send("/listener/train")
        self.wait(lambda: self.child(who) is not None, f"the {who}")
        if who == "dispatcher":
            # On stage the instrument has been up for a while: one stands by.
            left = self._fresh + 4.0 - time.perf_counter()
            if left > 0:
                self.work(left)

    def strike(self, who: str) -> float:
        """Kill it while notes sound; return the milliseconds until all that sounded had ended."""
        self.wait(lambda: self.program.peer.held, "a note")
        victim = self.child(who)
        if victim is None:
            raise LostError(f"the {who} was gone before it was killed")
        peer = self.program.peer
        peer.wait(lambda: False, 0.0)
        held, mark = set(peer.held), len(peer.got)
        killed = time.perf_counter()
        victim.send_signal(signal.SIGKILL)
        self._fresh = killed
        if who in ("synth", "learner", *WORKERS):
            return 0.0  # They hold no note of ours.
        ended: dict[int, float] = {}

        def silent() -> bool:
            for seconds, message in peer.got[mark:]:
                if message.address in ("/note_off", "/panic"):
                    for pitch in message.params[:1] or tuple(held):
                        ended.setdefault(pitch, seconds)
            return held <= ended.keys()

        self.wait(silent, f"the end of {len(held)} notes after the {who} was killed", 3.0)
        return max((max(ended[pitch] - killed, 0.0) for pitch in held), default=0.0) * 1000


DEEDS: tuple[tuple[Any, ...], ...] = (
    ("/scene/store", 1.0),
    ("/recorder/midi", 2.0),
    ("/recorder/keep", 2.0),
    ("/recorder/label", 1.0, 0.2),
)


def check_files(folder: Path) -> None:
    """See that every file is whole; LostError names one that is not."""
    for path in (one for one in folder.rglob("*") if one.is_file() and not one.name.startswith(".")):
        try:
            if path.name == FILE:
                read_session(path.parent)
            elif path.suffix == ".json":
                json.loads(path.read_text())
            elif path.name == dataset_file.FILE:
                dataset_file.read(path)
            elif path.suffix == ".recording":
                read_recording(path)
        except Exception as error:
            raise LostError(f"{path} is not whole: {error!r}") from error


def blow(victim: Victim, who: str) -> Blow:
    """Do one round."""
    victim.settle(who)
    # A training has much to import before it writes anything.
    victim.work(victim.chance.uniform(0.05, 12.0 if who == "composer" else 0.6))
    said = len(victim.said)
    silent_ms = victim.strike(who)
    check_files(victim.folder)
    if who in WORKERS:
        check_back(victim, who, said)
        check_files(victim.folder.parent)
    if who == "main":
        victim.program.process.wait(10)
        before = set(victim.sent)
        victim.restart()
        _check_recovery(victim, before)
    victim.wait(lambda: victim.program.peer.held, f"music after the {who} was killed")
    if who == "dispatcher" and victim.program.process.poll() is not None:
        raise LostError("the instrument ended with its dispatcher")
    return Blow(who, silent_ms)


def _check_recovery(victim: Victim, known: set[float]) -> None:
    """See that the next start has a value that was once set: the session is neither gone nor made up."""
    stored = read_session(victim.folder)["parameters"]["/composer/density"] if (victim.folder / FILE).exists() else 0.95
    if known and round(stored, 6) not in known and stored not in (0.95, 0.8):
        raise LostError(f"the session holds a density of {stored}, which nobody set")


def run(
    rounds: int, seed: int, who: tuple[str, ...] = HEART, tell: Callable[[str], None] = lambda _: None
) -> list[Blow]:
    """Kill as often as asked for; return what was seen, LostError at the first loss."""
    chance = random.Random(seed)
    blows: list[Blow] = []
    with tempfile.TemporaryDirectory() as folder:
        victim = Victim(Path(folder) / "set", chance)
        try:
            for number in range(rounds):
                blows.append(blow(victim, who[number % len(who)]))
                tell(f"{number + 1:4} {blows[-1].who:10} {blows[-1].silent_ms:6.1f} ms")
        finally:
            victim.end()
    return blows


def main() -> None:
    parser = argparse.ArgumentParser(description="Kill the instrument's processes at moments of chance.")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--who", nargs="*", default=list(WHO), choices=WHO)
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    blows = run(options.rounds, options.seed, tuple(options.who), lambda line: print(line, flush=True))
    for who, count in Counter(one.who for one in blows).items():
        took = sorted(one.silent_ms for one in blows if one.who == who)
        print(f"{who}: {count} times, silent after {took[len(took) // 2]:.1f} ms (worst {took[-1]:.1f} ms)")


if __name__ == "__main__":
    main()
