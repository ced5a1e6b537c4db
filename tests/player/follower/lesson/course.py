"""Teaching as on stage, on paper: patterns as rows of ticks, bars of teaching, bars of playing alone.

Run as a program it teaches many seeds and prints how often everything was kept:
python -m tests.player.follower.lesson.course [--seeds N] [--forgetful]
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):  # read when numpy is imported
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402

from app.player.follower.lesson.coach import Coach, InlineCoach  # noqa: E402
from app.player.follower.lesson.lesson import Lesson  # noqa: E402
from app.player.follower.lesson.shape import Manner, Shape  # noqa: E402

KICK_2, KICK_4 = "x...x...", "x.x.x.x."
A = (KICK_2, KICK_2)  # kick*2 -> snare*2
B = (KICK_4, "x.x...x.")  # kick*4 -> snare 2,4,2
SIX = (
    A,
    B,
    ("x.......", "..x..x.x"),
    ("x..x..x.", "....x..."),
    ("xxxxxxxx", "x..x..x."),
    ("x.x...x.", ".x.x.x.x"),
)
LOW = 0.02


def row(text: str) -> tuple[bool, ...]:
    """Return a row of ticks: x is a hit."""
    return tuple(sign == "x" for sign in text)


@dataclass
class Stage:
    """A lesson and the tick it has come to. Attributes: `lesson`, `tick`, `losses` (a mean for each taught bar)."""

    lesson: Lesson
    tick: int = 0
    losses: list[float] = field(default_factory=list)

    def teach(self, sources: str | Sequence[str], target: str, bars: int) -> list[float]:
        """Teach bars of a pattern; return the mean loss of each bar (inf while settling)."""
        self.lesson.changed()
        self.losses = []
        grid = self.lesson.shape.grid
        for _ in range(bars):
            told = [self._hear(sources, target) for _ in range(grid)]
            heard = [loss for loss in told if loss is not None]
            self.losses.append(float(np.mean(heard)) if heard else float("inf"))
        return self.losses

    def until_low(self, sources: str | Sequence[str], target: str, most: int = 60) -> int:
        """Teach until a bar's mean loss is below 0.02; return the bars it took, `most` + 1 if it never was."""
        self.teach(sources, target, 0)
        for bar in range(1, most + 1):
            told = [self._hear(sources, target) for _ in range(self.lesson.shape.grid)]
            heard = [loss for loss in told if loss is not None]
            self.losses.append(float(np.mean(heard)) if heard else float("inf"))
            if self.losses[-1] < LOW:
                return bar
        return most + 1

    def _hear(self, sources: str | Sequence[str], target: str | None) -> float | None:
        rows = (sources,) if isinstance(sources, str) else sources
        hits = [row[self.tick % len(row)] == "x" for row in rows]
        hit = None if target is None else target[self.tick % len(target)] == "x"
        examples = self.lesson.state.bars
        self.lesson.hear(self.tick, hits, hit)
        self.tick += 1
        state = self.lesson.state
        return state.loss if state.bars != examples else None

    def play(self, sources: str | Sequence[str], bars: int) -> str:
        """Let it play alone; return what it plays."""
        self.lesson.changed()
        played = ""
        for _ in range(bars * self.lesson.shape.grid):
            played += "x" if self.lesson.decide(self.tick) else "."
            self._hear(sources, None)
        return played

    def exact(self, sources: str | Sequence[str], target: str, bars: int = 3) -> bool:
        """Return whether it plays a pattern without a fault, from the second bar on."""
        self.play(sources, 1)
        begin, count = self.tick, bars * self.lesson.shape.grid
        return self.play(sources, bars) == "".join(target[(begin + tick) % len(target)] for tick in range(count))


def stage(seed: int = 1, shape: Shape | None = None, manner: Manner | None = None, coach: Coach | None = None) -> Stage:
    """Return a fresh lesson on its stage."""
    lesson = Lesson("snare", shape or Shape(), seed, coach or InlineCoach())
    lesson.manner = manner or Manner()
    return Stage(lesson)


def main(argv: list[str]) -> int:
    """Teach pair A, then B, to many seeds; then six pairs in a row."""
    line = argparse.ArgumentParser(prog="course", description="How often what was taught is kept.")
    line.add_argument("--seeds", type=int, default=40)
    line.add_argument("--forgetful", action="store_true")
    line.add_argument("--pairs", type=int, default=15, help="seeds for six pairs")
    wish = line.parse_args(argv)
    manner = Manner(forgetful=wish.forgetful)
    found = []
    for seed in range(wish.seeds):
        on = stage(seed, manner=manner)
        bars_a = on.until_low(*A)
        first = on.exact(*A)
        bars_b = on.until_low(*B)
        peak = max(loss for loss in on.losses if loss != float("inf"))
        found.append((bars_a, bars_b, first, on.exact(*B), on.exact(*A), peak))
    table = np.array(found, float)
    for name, bars in (("A", table[:, 0]), ("B", table[:, 1])):
        print(f"{name}: bars {np.median(bars):.1f} ({np.percentile(bars, 5):.1f}-{np.percentile(bars, 95):.1f})")
    print(f"A exact {table[:, 2].mean():.3f}, B exact {table[:, 3].mean():.3f}, A after B {table[:, 4].mean():.3f}")
    print(f"highest bar of loss in B: median {np.median(table[:, 5]):.2f}, lowest {table[:, 5].min():.2f}")
    kept = []
    for seed in range(wish.pairs):
        on = stage(seed, manner=manner)
        bars = [on.until_low(*pair) for pair in SIX]
        kept.append([on.exact(*pair) for pair in SIX] + bars)
    if kept:
        print("six pairs, kept at the end:", np.array(kept)[:, :6].mean(axis=0).round(2))
        print("bars each, median:", np.median(np.array(kept)[:, 6:], axis=0))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
