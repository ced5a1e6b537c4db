"""A span of what was noted becomes something: a recording, a file, examples, a composer's corpus, a loop.

The span is cut at once, the rest is done beside the music: by a process for files, by a thread for what is taken over
by the instrument itself.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from app.action import Argument, finite
from app.engine import Engine
from app.player.listener.player import Listener
from app.recorder_bars import bars_of
from app.recorder_data import frames_of
from app.recorder_job import Job, KeepError, carry_out, in_process
from app.recorder_loop import Loop, LoopEdit, LoopNote
from app.recorder_mark import FOLDER, Files, Marks, taken_along
from app.recorder_tape import Block, Tape, entries
from app.session import Session

MOST_BARS = 64
MOST_WAITING = 16
SETTLE_S = 30.0  # What begins to sound so long before a span is found all the same.
TOLD = "Seconds; or from and to, in seconds ago; nothing: all"
SOURCES = ("all", "players", "hands")


class Spans:
    """Makes things of spans. Attributes: `saved` (the last path kept), `source` (whose notes a loop takes)."""

    def __init__(
        self,
        engine: Engine,
        session: Session,
        listener: Listener,
        tape: Tape,
        marks: Marks,
        loop: Loop,
        seed: int,
        background: Executor | None,
    ) -> None:
        """`background` waits for files; None: a thread and a process of the recorder's own."""
        self.saved = ""
        self.source = SOURCES[0]
        self._engine, self._session, self._listener = engine, session, listener
        self._tape, self._marks, self._loop, self._seed = tape, marks, loop, seed
        self._background = background or ThreadPoolExecutor(1, "recorder")
        self._quick = background or ThreadPoolExecutor(1, "recorder spans")  # No loop waits for a file.
        self._make: Callable[[Job], str] = in_process if background is None else carry_out
        self._jobs: list[tuple[Future[Any], Callable[[Any], None]]] = []
        self._promised: set[Path] = set()  # Names given away in this life: their files may not be there yet.
        self._add_actions()

    def _add_actions(self) -> None:
        for name, run, title, told in (
            ("keep", self.keep, "Keep", f"A recording that can be run again. {TOLD}"),
            ("midi", partial(self._write, "midi", ".mid"), "Keep as MIDI", f"A MIDI file of all notes. {TOLD}"),
            ("data", partial(self._write, "data", ".csv"), "Keep as data", f"A table of the frames. {TOLD}"),
            ("corpus", self._corpus, "Keep for training", f"A name, then: {TOLD}. MIDI files for a new composer"),
            ("label", self._label, "Keep as examples", f"A label, then: {TOLD}. The Listener learns from it"),
            ("loop", self._loop_bars, "Loop", "How many of the last bars; 0 ends the loop"),
        ):
            self._engine.actions.add_with(f"/recorder/{name}", run, title, told, "Recorder")

    def tend(self) -> None:
        """Take what is done; called often."""
        for job in [job for job in self._jobs if job[0].done()]:
            self._jobs.remove(job)
            self._finish(*job)

    def _finish(self, future: Future[Any], take: Callable[[Any], None]) -> None:
        try:
            take(future.result())
        except (KeepError, ValueError, OSError) as error:
            self._engine.say("warning", str(error))

    def _later(
        self, executor: Executor, take: Callable[[Any], None], work: Callable[..., Any], *arguments: Any
    ) -> None:
        """Have something worked out and taken at a later turn; ValueError if too much waits already."""
        if len(self._jobs) >= MOST_WAITING:
            raise ValueError(f"{MOST_WAITING} spans are being worked on already; wait for one of them")
        self._jobs.append((executor.submit(work, *arguments), take))

    def close(self) -> None:
        """Let files be finished."""
        self._quick.shutdown(wait=True)
        self._background.shutdown(wait=True)

    # --- spans ----------------------------------------------------------------------------------------

    def _span(self, arguments: Sequence[Argument]) -> tuple[float, float]:
        """Return from when to when is meant; ValueError if that is no time."""
        now, start = self._engine.clock.now(), self._tape.start
        if start is None:
            raise ValueError("nothing was noted yet; switch /recorder/on on")
        ago = [finite(one) for one in arguments[:2]]
        if any(not 0 <= one < 1e9 for one in ago):
            raise ValueError("give seconds, such as 30, or from and to in seconds ago, such as 30 10")
        first, last = (ago[0] if ago else now - start), (ago[1] if len(ago) > 1 else 0.0)
        if ago and first <= last:
            raise ValueError(f"from {first:g} to {last:g} seconds ago is no time: from is the larger number")
        return max(now - first, start), now - last

    def _path(self, suffix: str, name: str = "") -> Path:
        """Return a path that is free."""
        folder = self._session.folder / FOLDER
        stem = name or time.strftime("%Y%m%d-%H%M%S")
        names = (f"{stem}{'' if number == 1 else f' {number}'}{suffix}" for number in range(1, 1_000_000))
        paths = (folder / found for found in names)
        path = next(path for path in paths if path not in self._promised and not path.exists())
        self._promised.add(path)
        return path

    def _submit(self, job: Job) -> None:
        self._later(self._background, partial(self._tell, job.path), self._make, job)

    def _tell(self, path: Path, said: str) -> None:
        self.saved = str(path)
        self._engine.say("info", said)

    def keep(self, arguments: tuple[Argument, ...] = ()) -> None:
        """Write a recording that can be run again; it begins at the mark before the span."""
        start, end = self._span(arguments)
        mark = self._marks.before(start)
        head = mark.head(end, self._seed, not self._tape.dropped and not self._tape.lost)
        made = time.strftime("%Y-%m-%d %H:%M:%S")
        head = replace(head, made=made, version=f"python {platform.python_version()}")
        blocks = self._tape.cut(mark.seconds, end)
        job = Job("recording", self._path(".recording"), blocks, start, end, head, mark.count)
        files = self._marks.files if mark.first else None
        self._later(
            self._background, partial(self._tell, job.path), _keep, self._make, job, files, self._session.folder
        )

    def _write(self, form: str, suffix: str, arguments: tuple[Argument, ...]) -> None:
        start, end = self._span(arguments)
        blocks = self._tape.cut(start - SETTLE_S, end)
        dataset = self._listener.dataset
        features = self._listener.inputs.feature_names(len(self._listener.newest))
        self._submit(Job(form, self._path(suffix), blocks, start, end, None, 0, features, dataset.outputs))

    def _corpus(self, arguments: tuple[Argument, ...]) -> None:
        name = str(arguments[0]).strip() if arguments else ""
        if not name or Path(name).name != name or name.startswith("."):
            raise ValueError("give the new composer a plain name, such as: tonight 600")
        start, end = self._span(arguments[1:])
        blocks = self._tape.cut(start - SETTLE_S, end)
        self._submit(Job("corpus", self._path("", f"dataset/{name}"), blocks, start, end))

    # --- examples and loops ---------------------------------------------------------------------------

    def _label(self, arguments: tuple[Argument, ...]) -> None:
        """Give the frames of a span to the Listener as a take of a label."""
        if not arguments:
            raise ValueError("give a label, then seconds, such as: 2 8")
        number = self._label_number(arguments[0])
        start, end = self._span(arguments[1:])
        blocks = self._tape.cut(start, end)
        self._later(self._quick, partial(self._teach, number), _frames, blocks, start, end)

    def _label_number(self, label: Argument) -> int:
        outputs = self._listener.dataset.outputs
        named = [one.number for output in outputs for one in output.labels if one.name == label]
        number = named[0] if named else int(float(label)) if str(label).removesuffix(".0").isdecimal() else 0
        if number < 1 or all(output.kind != "class" for output in outputs):
            raise ValueError(f"there is no label {label!r}: give its name or its number")
        return number

    def _teach(self, number: int, found: tuple[Any, Any]) -> None:
        values, seconds = found
        dataset = self._listener.dataset
        if not len(values):
            raise ValueError("no frames were heard in that time: switch an input on, or choose a longer time")
        if not len(dataset):
            dataset.set_features(self._listener.inputs.feature_names(values.shape[1]))
        aim = tuple(float(number) if output.kind == "class" else float("nan") for output in dataset.outputs)
        take = dataset.begin_take()
        refused = [why for row, at in zip(values, seconds, strict=True) if (why := dataset.append(row, aim, take, at))]
        edit = dataset.end_take(take)
        if edit is not None:
            self._engine.note_step(edit)
        if refused:
            raise ValueError(f"{len(refused)} of {len(values)} frames were not taken: {refused[0]}")
        self._engine.say("info", f"{len(values)} frames of the past are examples of label {number} now")

    def _loop_bars(self, arguments: tuple[Argument, ...]) -> None:
        """Play the last whole bars again, from the next bar line on."""
        bars = int(finite(arguments[0])) if arguments else 4
        if not 0 <= bars <= MOST_BARS:
            raise ValueError(f"a loop has 1 to {MOST_BARS} bars; 0 ends it")
        engine, transport = self._engine, self._engine.transport
        if not bars:
            engine.hands.write("/recorder/loop/play", 0, "recorder", engine.clock.now())
            return
        length = bars * transport.beats_per_bar
        end = transport.beat // transport.beats_per_bar * transport.beats_per_bar
        if end <= 0:
            raise ValueError("no whole bar was played yet; a loop begins and ends with a bar")
        span = (max(end - length, 0.0), float(end))
        now = engine.clock.now()
        held = max((transport.beat - span[0]) * 60 / transport.bpm, 0.0) * 2 + SETTLE_S
        blocks = self._tape.cut(now - held, now)
        self._later(self._quick, partial(self._begin_loop, span), bars_of, blocks, span, self.source)

    def _begin_loop(self, span: tuple[float, float], notes: list[LoopNote]) -> None:
        if not notes:
            raise ValueError("no notes began in those bars")
        loop, transport = self._loop, self._engine.transport
        before = loop.content
        loop.take(notes, span[1] - span[0], transport.beat if transport.playing else None)
        self._engine.note_step(LoopEdit(loop, transport, before, loop.content))
        self._engine.say("info", f"{len(notes)} notes of beats {span[0]:g} to {span[1]:g} go on as a loop")


def _keep(make: Callable[[Job], str], job: Job, files: Future[Files] | None, folder: Path) -> str:
    """Write a recording together with the session's own files; in a thread that may wait for the disk."""
    assert job.head is not None
    own, notes = taken_along(folder) if files is None else files.result()
    return make(replace(job, head=replace(job.head, files=own, notes=notes)))


def _frames(blocks: tuple[Block, ...], start: float, end: float) -> tuple[Any, Any]:
    return frames_of(entries(blocks, start, end))
