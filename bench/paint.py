"""What a frame of the window costs: looking at the engine's picture and painting, in each view, with each player.

The window looks 30 times a second; a frame that takes longer than 8 ms begins to be felt in the faders. The share is
that of the 33 ms between two frames. Runs offscreen, on the offline clock.

Run: python -m bench.paint
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from app.device.dummy import Dummy
from app.engine import Engine
from app.frame import Frame
from app.inline import Inline
from app.instrument import assemble
from app.offline import DirectSink
from app.snapshot import LogLine, MonitorLine, RollNote, Snapshot
from app.transport import OfflineClock
from ui.application import make_application
from ui.window import MainWindow, open_window

FRAMES, WARM = 60, 10
FRAME_MS, FELT_MS = 1000 / 30, 8.0
PROGRAM = "bpm 140;\nsource kick*4;\nlearn snare*2 3,1 (lpf:800);\nclosedhat*8;\nlead*4 1,2,1 60,63,67 cut_mousex;\n"


def busy(picture: Snapshot, number: int) -> Snapshot:
    """Return a picture with a full roll, a full log and a busy monitor."""
    notes = tuple(RollNote("composer", 36 + n * 7 % 50, 64, n / 8, n / 8 + 0.5) for n in range(600))
    log = tuple(LogLine(n, "info", f"line {n}") for n in range(200))
    messages = tuple(MonitorLine(k, "out", "osc", f"/note_on {k}") for k in range(number, number + 400))
    return replace(picture, notes=notes, log=log, messages=messages, beat=70 + number / 15, playing=True)


def frames(window: MainWindow, engine: Engine, change: Callable[[int], None]) -> list[float]:
    """Return what each frame took, in ms."""
    spent = []
    for number in range(FRAMES + WARM):
        change(number)
        began = time.perf_counter()
        window.refresh()
        QApplication.processEvents()
        spent.append((time.perf_counter() - began) * 1000)
    return spent[WARM:]


def main() -> int:
    application = make_application()
    clock = OfflineClock(10.0)
    with tempfile.TemporaryDirectory() as folder:
        sink = DirectSink(lambda spec: Dummy(spec, clock), clock)
        instrument = assemble(clock, sink, None, Inline(), 1, Path(folder))
        engine = instrument.engine
        engine.outputs.open()
        engine.turn()
        window = open_window(engine, QSize(1440, 900))
        window.frame_timer.stop()
        window.tick_timer.stop()
        print(f"{'view':8} {'player':10} {'median':>8} {'p99':>8}   share of a frame")
        for view in ("stage", "studio"):
            for player in engine.tree.number("/window/player").curve.names:  # type: ignore[attr-defined]
                engine.set("/window/view", view)
                engine.set("/window/player", player)
                engine.run_until(clock.now() + 0.1)
                window.refresh()
                _report(view, player, frames(window, engine, _change(engine, player)))
        instrument.close()
    application.quit()
    return 0


def _change(engine: Engine, player: str) -> Callable[[int], None]:
    """Return what happens between two frames while a player is at work."""
    random = np.random.default_rng(3)
    if player == "follower":
        engine.fire("/follower/evaluate", PROGRAM)
        engine.fire("/transport/play")

    def change(number: int) -> None:
        if player == "listener":
            engine.inbox.put(Frame(engine.clock.now(), "osc", random.random(17, np.float32)))
        engine.run_until(engine.clock.now() + 0.033)
        if player == "composer":
            engine.snapshot = busy(engine.snapshot, number)

    return change


def _report(view: str, player: str, spent: list[float]) -> None:
    middle, worst = statistics.median(spent), sorted(spent)[int(len(spent) * 0.99)]
    told = "" if middle < FELT_MS else "   felt"
    print(f"{view:8} {player:10} {middle:6.1f}ms {worst:6.1f}ms   {middle / FRAME_MS:5.0%}{told}")


if __name__ == "__main__":
    sys.exit(main())
