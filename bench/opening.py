"""How much opening a big session disturbs the music: a session of 100,000 examples is opened again and again while
four players play.

    python -m bench.opening [--times 5] [--examples 100000] [--presets 2000]

Two figures, with and without an opening: how long it is from the end of one of the engine's turns to the end of the
next, of which it may wait 20 ms, and how long before its time a step is handed to the ports (below 0 it is late). Then
how long an opening takes from the asking to the swap.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.command import Panic, Release
from app.device.dummy import Dummy
from app.engine import Engine
from app.event import Event, NoteOn
from app.example import Examples, Label, Output
from app.inline import Inline
from app.instrument import Instrument, assemble
from app.offline import DirectSink
from app.player.rules.table import Content, Row
from app.transport import OfflineClock

WIDTH, LABELS, OUTPUTS = 12, 6, 20
PROGRAM = "bpm 120; source kick*4; learn snare*2+0.5; closedhat*8; lead*4 2,1 60,62,64,65;\n"
REST_S, OPEN_S = 6.0, 60.0


def stored(folder: Path, examples: int, presets: int) -> None:
    """Write a big session into a folder."""
    clock = OfflineClock(10.0)
    sink = DirectSink(lambda spec: Dummy(spec, clock), clock)
    one = assemble(clock, sink, None, Inline(), 1, folder)
    engine, hand = one.engine, random.Random(1)
    engine.outputs.open()
    engine.set("/listener/input/osc/on", "off")
    engine.set("/listener/outputs", ",".join(["classifier:6", *["regressor"] * (OUTPUTS - 1)]))
    engine.fire("/follower/evaluate", PROGRAM)
    engine.set("/follower/text/2", "// a long one\n" + "kick*4; // and so on\n" * 150)
    engine.fire("/transport/play")
    engine.run_until(clock.now() + 20)
    engine.fire("/transport/stop")
    engine.run_until(clock.now() + 0.1)
    _examples(one, 400)
    engine.fire("/listener/train")
    engine.run_until(clock.now() + 0.1)
    until = time.perf_counter() + 120
    while not one.listener.brain.ready and time.perf_counter() < until:
        time.sleep(0.02)
        engine.run_until(clock.now() + 0.05)
    _examples(one, examples)
    names = tuple(knob.name for knob in one.ruling.rules.voice.synth.knobs)
    rows = tuple(
        Row(number, tuple(round(hand.random(), 2) for _ in names), f"label {number % 12}")
        for number in range(1, presets + 1)
    )
    one.ruling.rules.table.show(Content(names, rows))
    for number in range(1, 65):
        engine.set("/composer/density", number / 64)
        engine.fire("/scene/store", number, f"scene {number}")
        engine.run_until(clock.now() + 0.02)
    one.session.keep()
    one.close()


def _examples(one: Instrument, count: int) -> None:
    chance = np.random.default_rng(1)
    shape = one.listener.dataset.outputs
    outputs = tuple(
        dataclasses.replace(out, labels=tuple(Label(n, f"l{n}", n) for n in range(1, LABELS + 1)))
        if out.kind == "class"
        else Output(out.name, out.kind)
        for out in shape
    )
    inputs = chance.random((count, WIDTH)).astype(np.float32)
    targets = np.column_stack(
        [chance.integers(1, LABELS + 1, count) if out.kind == "class" else chance.random(count) for out in outputs]
    )
    names = tuple(f"in{number}" for number in range(1, WIDTH + 1))
    one.listener.dataset.replace(Examples.build(names, outputs, inputs, targets.astype(float)))


class Watch:
    """Notes what the engine does. Attributes: `gaps` (seconds between turns), `leads` (ms before its time)."""

    def __init__(self, engine: Engine) -> None:
        self.gaps: list[float] = []
        self.leads: list[float] = []
        self._engine, self._turned, self._last = engine, engine.monitor.turned, engine.clock.now()
        engine.monitor.turned = self._turn  # type: ignore[method-assign]
        engine.outputs.taps.append(self._sent)

    def _turn(self, seconds: float, took: float) -> None:
        self.gaps.append(seconds - self._last)
        self._last = seconds
        self._turned(seconds, took)

    def _sent(self, due: float, what: Event | Release | Panic) -> None:
        if isinstance(what, NoteOn) and what.beat > 0:
            self.leads.append((due - self._engine.clock.now()) * 1000)

    def _skipped(self) -> int:
        return self._engine.monitor.counts["skipped"]

    def take(self) -> str:
        """Return what was noted since the last time, in one line."""
        gaps, leads = np.array(self.gaps or [0.0]) * 1000, np.array(self.leads or [0.0])
        self.gaps.clear()
        self.leads.clear()
        return (
            f"turns apart p99 {np.percentile(gaps, 99):.1f}  max {gaps.max():.1f} ms;  handed over "
            f"{np.percentile(leads, 50):.0f} ms early, least {leads.min():.1f} ms "
            f"({len(leads)} notes, {self._skipped()} lost)"
        )


def main(arguments: Sequence[str]) -> int:
    """Print the figures; 1 if a step was late."""
    parser = argparse.ArgumentParser("bench.opening", description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--examples", type=int, default=100_000)
    parser.add_argument("--presets", type=int, default=2000)
    options = parser.parse_args(arguments)
    sys.setswitchinterval(0.0005)
    with tempfile.TemporaryDirectory(prefix="opening-") as name:
        big = Path(name) / "big"
        stored(big, options.examples, options.presets)
        size = sum(path.stat().st_size for path in big.rglob("*") if path.is_file())
        print(f"a session of {size / 1e6:.1f} MB", flush=True)
        return _play(Path(name), big, options.times)


def _play(home: Path, big: Path, times: int) -> int:
    from app.start import build
    from main import _read

    small = home / "small"
    one = build(_read(["--headless", "--session", str(small), "--osc-in", "0", "--synth", "off"]))
    engine = one.engine
    watch = Watch(engine)
    thread = threading.Thread(target=engine.run, name="engine")
    thread.start()
    try:
        engine.fire("/follower/evaluate", PROGRAM)
        engine.fire("/transport/play")
        time.sleep(3)
        watch.take()
        time.sleep(REST_S)
        print(f"at rest:    {watch.take()}", flush=True)
        late = False
        for number in range(times):
            late = _open(engine, one, big if number % 2 == 0 else small, watch) or late
    finally:
        engine.fire("/quit")
        thread.join()
        one.close()
    return int(late)


def _open(engine: Engine, one: Instrument, folder: Path, watch: Watch) -> bool:
    began = time.perf_counter()
    engine.fire("/session/open", str(folder))
    while time.perf_counter() - began < OPEN_S:
        if any(line.text.startswith("Opened") and line.seconds >= began for line in engine.snapshot.log):
            break
        time.sleep(0.002)
    took = time.perf_counter() - began
    time.sleep(2.0)
    least = min(watch.leads or [0.0])
    print(f"open {folder.name:6} {took:5.2f} s: {watch.take()}", flush=True)
    return least < 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
