"""What a tick costs the Follower's lessons, against the length of a tick at 300 beats a minute.

One lesson learns six pairs of random rows in turn and then plays them alone, with training in the caller (as the
offline clock does) and in a process (as on stage). Times are of the thread that keeps time: `hear` with what it
teaches, and `decide`. The process's own answer time is measured from the teaching to the network that came of it.

Run: python -m bench.lesson [--bars N] [--bpm B]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass, field

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # read when numpy is imported
    os.environ.setdefault(name, "1")

import numpy as np  # noqa: E402

from app.player.follower.lesson.coach import Coach, InlineCoach  # noqa: E402
from app.player.follower.lesson.coach_process import ProcessCoach  # noqa: E402
from app.player.follower.lesson.lesson import Lesson  # noqa: E402
from app.player.follower.lesson.shape import Shape  # noqa: E402
from app.transport import WallClock  # noqa: E402

PAIRS = 6
BEATS = 4
MOST_S = 2.0  # an answer that takes longer is not waited for


@dataclass
class Times:
    """Seconds of every call. Attributes: `learn`, `predict`, `answer` (until the network that came of it)."""

    learn: list[float] = field(default_factory=list)
    predict: list[float] = field(default_factory=list)
    answer: list[float] = field(default_factory=list)


def run(lesson: Lesson, bars: int, seed: int) -> Times:
    """Teach pairs in turn, then play them alone."""
    grid, times = lesson.shape.grid, Times()
    pairs = np.random.default_rng(seed).random((PAIRS, 2, grid)) < 0.4
    rows = [(source[place], target[place]) for source, target in pairs for place in [*range(grid)] * bars]
    for tick, (source, target) in enumerate(rows):
        if tick % (grid * bars) == 0:
            lesson.changed()
        teach(lesson, times, tick, (bool(source), bool(target)))
    for tick, (source, _) in enumerate(rows, len(rows)):
        began = time.perf_counter()
        lesson.decide(tick)
        lesson.hear(tick, [bool(source)], None)
        times.predict.append(time.perf_counter() - began)
    return times


def teach(lesson: Lesson, times: Times, tick: int, hits: tuple[bool, bool]) -> None:
    """Teach a tick and wait for what comes of it; while it settles there is nothing to measure."""
    settling = lesson.state.settling
    began = time.perf_counter()
    lesson.hear(tick, hits[:1], hits[1])
    spent = time.perf_counter() - began
    _wait(lesson, tick)
    if not settling:
        times.learn.append(spent)
        times.answer.append(time.perf_counter() - began)


def _wait(lesson: Lesson, tick: int) -> None:
    """Ask for the tick's network until it is there, as a player does at every turn."""
    end = time.perf_counter() + MOST_S
    while not lesson.answered and time.perf_counter() < end:
        time.sleep(0.0002)
        lesson.decide(tick + 1)


def show(title: str, seconds: list[float], tick_s: float) -> None:
    """Print the median and the worst of a hundred, and what share of a tick they are."""
    median, high = np.median(seconds), np.percentile(seconds, 99)
    print(
        f"{title:34} median {1e3 * median:7.3f} ms, p99 {1e3 * high:7.3f} ms   "
        f"of a tick: {median / tick_s:7.4f}, p99 {high / tick_s:7.4f}"
    )


def main(argv: list[str]) -> int:
    """Measure and print both coaches on the coarsest and the finest grid."""
    line = argparse.ArgumentParser(prog="bench.lesson", description="What a tick costs the Follower's lessons.")
    line.add_argument("--bars", type=int, default=8, help="of each pair")
    line.add_argument("--bpm", type=float, default=300.0)
    line.add_argument("--seed", type=int, default=1)
    wish = line.parse_args(argv)
    for grid in (8, 32):
        tick_s = BEATS * 60.0 / wish.bpm / grid
        print(f"grid {grid}: a tick at {wish.bpm:g} beats a minute lasts {1e3 * tick_s:.1f} ms")
        coaches: dict[str, Coach] = {"inline": InlineCoach(), "process": ProcessCoach(WallClock())}
        for name, coach in coaches.items():
            lesson = Lesson("snare", Shape(grid=grid), wish.seed, coach)
            times = run(lesson, wish.bars, wish.seed)
            show(f"  {name}: learn, in the thread", times.learn, tick_s)
            show(f"  {name}: learn, until the answer", times.answer, tick_s)
            show(f"  {name}: predict, in the thread", times.predict, tick_s)
            coach.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
