"""The recorder: what happened lately is always there, and a span of it becomes a file, examples, a loop or a replay.

Nobody plans the best moment. So everything that comes in and leaves is noted all the time, in a bounded memory, and
chosen afterwards. Part of the composition root: it listens at the engine's doors and no player knows of it.
"""

from __future__ import annotations

import marshal
import platform
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from app.action import Argument
from app.binding import to_json
from app.command import Panic, Release
from app.engine import Engine
from app.event import Event
from app.frame import Values
from app.inbox import Item
from app.parameter import Linear, Parameter, Steps, switch
from app.player.listener.player import Listener
from app.recorder_activity import Activity
from app.recorder_data import frames_of
from app.recorder_job import Job, KeepError, carry_out, in_process
from app.recorder_loop import Loop, LoopNote
from app.recorder_note import HAND, Axis, Note, axis_of, notes_of
from app.recorder_pack import pack_item, pack_sent
from app.recorder_state import RecorderState
from app.recorder_tape import FRAME, ITEM, MOVE, PLACE, TURN, Block, Tape, entries
from app.recording import MOST_FILES, Head
from app.session import FORMAT, Session

FOLDER = "recordings"
LOOK_S = 0.05  # Parameters are looked at so often.
MARK_S = 10.0
MARKED_S = 600.0  # Beyond this only the first mark is kept.
SHOW_S = 1.0
MOST_BARS = 64
MOST_WAITING = 16
SETTLE_S = 30.0  # What begins to sound so long before a span is found all the same.


@dataclass(frozen=True, slots=True)
class Mark:
    """Where everything stood.

    Attributes: `seconds`, `first` (nothing had happened yet), `count` (entries noted before), `data` (packed).
    """

    seconds: float
    first: bool
    count: int
    data: bytes

    def head(self, end: float, seed: int, whole: bool) -> Head:
        """Return the head of a recording that begins here."""
        session, beat, playing = marshal.loads(self.data)  # noqa: S302 - packed by this very process
        return Head(self.seconds, end, seed, whole and self.first, session, beat, playing)


class Recorder:
    """Attributes: `tape`, `loop` (a player), `saved` (the last path kept)."""

    def __init__(
        self, engine: Engine, session: Session, listener: Listener, seed: int, background: Executor | None = None
    ) -> None:
        """`background` waits for files; None: a thread and a process of the recorder's own."""
        self.tape = Tape()
        self.loop = Loop(engine.tree, engine.transport.next_bar)
        self.saved = ""
        self._engine, self._session, self._listener, self._seed = engine, session, listener, seed
        self._background = background or ThreadPoolExecutor(1, "recorder")
        self._quick = background or ThreadPoolExecutor(1, "recorder spans")  # No loop waits for a file.
        self._make: Callable[[Job], str] = in_process if background is None else carry_out
        self._marks: deque[Mark] = deque()
        self._jobs: list[tuple[Future[Any], Callable[[Any], None]]] = []
        self._place: tuple[bool, float, float, int] | None = None
        self._versions: list[int] = []
        self._parameters = tuple(engine.tree)
        self._looked = self._shown = float("-inf")
        self._in_turn = False
        self._files: Future[tuple[dict[str, bytes], tuple[str, ...]]] | None = None
        self._state = RecorderState()
        self._activity = Activity(engine.clock.now())
        self._add_parameters()
        self._add_actions()
        engine.add(self.loop)
        engine.reception.taps.append(self._note_item)
        engine.outputs.taps.append(self._note_sent)
        engine.turning.append(self._turn)
        engine.tending.append(self.tend)
        engine.picturing.append(lambda picture: replace(picture, recorder=self._state))
        listener.merged.append(self._note_frame)

    def _add_parameters(self) -> None:
        add = self._engine.tree.add
        told = "Notes what comes in and leaves; off: forgets all of it"
        self._on = add(Parameter("/recorder/on", 1, switch(), title="Recorder", help=told))
        most = "So much is kept; the oldest goes first"
        self._memory = add(Parameter("/recorder/memory", 64, Linear(1, 1024, 1, 0), "MB", "Memory", most))
        sources = Steps(("all", "players", "hands"))
        whose = "Whose notes a loop takes"
        self._source = add(Parameter("/recorder/loop/source", 0, sources, title="Loop of", help=whose))
        lasting = "Seconds that can be kept"
        self._held = add(
            Parameter("/recorder/held", 0, Linear(0, 1e6, digits=0), "s", "Held", lasting, kept=False, undoable=False)
        )

    def _add_actions(self) -> None:
        span = "Seconds; or from and to, in seconds ago; nothing: all"
        for name, run, title, told in (
            ("keep", self.keep, "Keep", f"A recording that can be run again. {span}"),
            ("midi", partial(self._write, "midi", ".mid"), "Keep as MIDI", f"A MIDI file of all notes. {span}"),
            ("data", partial(self._write, "data", ".csv"), "Keep as data", f"A table of the frames. {span}"),
            ("corpus", self._corpus, "Keep for training", f"A name, then: {span}. MIDI files for a new composer"),
            ("label", self._label, "Keep as examples", f"A label, then: {span}. The Listener learns from it"),
            ("loop", self._loop_bars, "Loop", "How many of the last bars; 0 ends the loop"),
            ("clear", lambda _arguments: self.clear(), "Forget", "Everything that was noted"),
        ):
            self._engine.actions.add_with(f"/recorder/{name}", run, title, told, "Recorder")

    # --- noting: engine thread ------------------------------------------------------------------------

    def _note_item(self, item: Item) -> None:
        if self._on.value:
            now = self._engine.clock.now()
            self._mark_now_and_then(now)
            self.tape.add((ITEM, now, *pack_item(item)))
            self._activity.came()

    def _note_sent(self, due: float, sent: Event | Release | Panic) -> None:
        if self._on.value:
            self.tape.add(pack_sent(self._engine.clock.now(), due, sent))
            self._activity.left()

    def _note_frame(self, _seconds: float, values: Values) -> None:
        if self._on.value:
            self.tape.add((FRAME, self._engine.clock.now(), np.asarray(values, np.float32).tobytes()))

    def _turn(self, seconds: float) -> None:
        """Note that the engine begins to act on what came in."""
        if not self._on.value:
            return
        self._mark_now_and_then(seconds)
        self._in_turn = False
        self.tape.add((TURN, seconds))
        transport = self._engine.transport
        place = (transport.playing, transport.bpm, transport.place(0.0), transport.beats_per_bar)
        if place != self._place:
            self._place = place
            self.tape.add((PLACE, seconds, *place))
        if seconds - self._looked >= LOOK_S:
            self._looked = seconds
            self._look(seconds)

    def _look(self, seconds: float) -> None:
        """Note which Parameters moved."""
        versions = [parameter.version for parameter in self._parameters]
        if versions == self._versions:
            return
        before = self._versions or versions
        for parameter, old, new in zip(self._parameters, before, versions, strict=True):
            if old != new and parameter is not self._held:
                origin = parameter.origin if isinstance(parameter.origin, str) else ""
                self.tape.add((MOVE, seconds, parameter.address, parameter.stored, origin))
        self._versions = versions

    def _mark_now_and_then(self, seconds: float) -> None:
        """Note where everything stands, before the first thing of a turn is done."""
        if not self._in_turn and (not self._marks or seconds - self._marks[-1].seconds >= MARK_S):
            self._mark(seconds)
        self._in_turn = True

    def _mark(self, seconds: float) -> None:
        engine = self._engine
        if len(self._parameters) != len(engine.tree):
            self._parameters, self._versions = tuple(engine.tree), []
        # Also what a session does not keep: a replay begins with all of it.
        values = {parameter.address: parameter.stored for parameter in self._parameters}
        bindings = [to_json(binding) for binding in engine.bindings if not binding.factory]
        stored = {"format": FORMAT, "parameters": values, "bindings": bindings}
        if not self.tape.count:  # An autosave will change them, and a replay begins before it.
            self._files = self._background.submit(taken_along, self._session.folder)
        data = marshal.dumps((stored, engine.transport.beat, engine.transport.playing))
        self._marks.append(Mark(seconds, not self.tape.count, self.tape.count, data))
        self._place = None  # So that every mark is followed by the place in the music.
        start = self.tape.start
        while self._marks and start is not None and self._marks[0].seconds < start:
            self._marks.popleft()
        while len(self._marks) > 2 and self._marks[1].seconds < seconds - MARKED_S:
            del self._marks[1]

    # --- looking after --------------------------------------------------------------------------------

    def tend(self) -> None:
        """Take what is done; called often."""
        for job in [job for job in self._jobs if job[0].done()]:
            self._jobs.remove(job)
            self._finish(*job)
        now = self._engine.clock.now()
        if now - self._shown < SHOW_S:
            return
        self._shown = now
        if not self._on.value and self.tape.start is not None:
            self.clear()
        self._activity.tend(now)
        self.tape.limit = int(self._memory.value) << 20
        self._held.set(0.0 if self.tape.start is None else now - self.tape.start, "recorder")
        self._state = RecorderState(
            self._held.value,
            self.tape.size + sum(len(mark.data) for mark in self._marks),
            self.tape.limit,
            self.tape.count,
            not self.tape.dropped,
            self.saved,
            round(self.loop.beats / self._engine.transport.beats_per_bar),
            self._activity.picture(),
            now - self._activity.began,
        )

    def _finish(self, future: Future[Any], take: Callable[[Any], None]) -> None:
        try:
            take(future.result())
        except (KeepError, ValueError) as error:
            self._engine.say("warning", str(error))

    def _later(
        self, executor: Executor, take: Callable[[Any], None], work: Callable[..., Any], *arguments: Any
    ) -> None:
        """Have something worked out and taken at a later turn; ValueError if too much waits already."""
        if len(self._jobs) >= MOST_WAITING:
            raise ValueError(f"{MOST_WAITING} spans are being worked on already; wait for one of them")
        self._jobs.append((executor.submit(work, *arguments), take))

    def clear(self) -> None:
        """Forget everything that was noted."""
        self.tape.clear()
        self._marks.clear()
        self._activity.clear()
        self._engine.say("info", "The recorder forgot everything until now")

    def close(self) -> None:
        """Let files be finished."""
        self._quick.shutdown(wait=True)
        self._background.shutdown(wait=True)

    # --- spans ----------------------------------------------------------------------------------------

    def _span(self, arguments: Sequence[Argument]) -> tuple[float, float]:
        """Return from when to when is meant; ValueError if that is no time."""
        now, start = self._engine.clock.now(), self.tape.start
        if start is None:
            raise ValueError("nothing was noted yet; switch /recorder/on on")
        ago = [float(one) for one in arguments[:2]]
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
        return next(folder / found for found in names if not (folder / found).exists())

    def _submit(self, job: Job) -> None:
        self._later(self._background, lambda said: self._tell(job.path, said), self._make, job)

    def _tell(self, path: Path, said: str) -> None:
        self.saved = str(path)
        self._engine.say("info", said)

    def keep(self, arguments: tuple[Argument, ...] = ()) -> None:
        """Write a recording that can be run again; it begins at the mark before the span."""
        start, end = self._span(arguments)
        mark = next((mark for mark in reversed(self._marks) if mark.seconds <= start), None) or self._marks[0]
        head = mark.head(end, self._seed, not self.tape.dropped and not self.tape.lost)
        own = self._files.result() if mark.first and self._files is not None else taken_along(self._session.folder)
        files, notes = own
        made = time.strftime("%Y-%m-%d %H:%M:%S")
        head = replace(head, made=made, version=f"python {platform.python_version()}", files=files, notes=notes)
        blocks = self.tape.cut(mark.seconds, end)
        self._submit(Job("recording", self._path(".recording"), blocks, start, end, head, mark.count))

    def _write(self, form: str, suffix: str, arguments: tuple[Argument, ...]) -> None:
        start, end = self._span(arguments)
        blocks = self.tape.cut(start - SETTLE_S, end)
        dataset = self._listener.dataset
        features = self._listener.inputs.feature_names(len(self._listener.newest))
        self._submit(Job(form, self._path(suffix), blocks, start, end, None, 0, features, dataset.outputs))

    def _corpus(self, arguments: tuple[Argument, ...]) -> None:
        name = str(arguments[0]).strip() if arguments else ""
        if not name or Path(name).name != name or name.startswith("."):
            raise ValueError("give the new composer a plain name, such as: tonight 600")
        start, end = self._span(arguments[1:])
        blocks = self.tape.cut(start - SETTLE_S, end)
        self._submit(Job("corpus", self._path("", f"dataset/{name}"), blocks, start, end))

    # --- examples and loops ---------------------------------------------------------------------------

    def _label(self, arguments: tuple[Argument, ...]) -> None:
        """Give the frames of a span to the Listener as a take of a label."""
        if not arguments:
            raise ValueError("give a label, then seconds, such as: 2 8")
        number = self._label_number(arguments[0])
        start, end = self._span(arguments[1:])
        blocks = self.tape.cut(start, end)
        self._later(self._quick, partial(self._teach, number), _frames, blocks, start, end)

    def _label_number(self, label: Argument) -> int:
        outputs = self._listener.dataset.outputs
        named = [one.number for output in outputs for one in output.labels if one.name == label]
        number = named[0] if named else int(label) if str(label).removesuffix(".0").isdecimal() else 0
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
        bars = int(float(arguments[0])) if arguments else 4
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
        blocks = self.tape.cut(now - held, now)
        self._later(self._quick, partial(self._begin_loop, span), _bars, blocks, span, self._source.show())

    def _begin_loop(self, span: tuple[float, float], notes: list[LoopNote]) -> None:
        if not notes:
            raise ValueError("no notes began in those bars")
        transport = self._engine.transport
        self.loop.take(notes, span[1] - span[0], transport.beat if transport.playing else None)
        self._engine.say("info", f"{len(notes)} notes of beats {span[0]:g} to {span[1]:g} go on as a loop")


def _frames(blocks: tuple[Block, ...], start: float, end: float) -> tuple[Any, Any]:
    return frames_of(entries(blocks, start, end))


def _bars(blocks: tuple[Block, ...], span: tuple[float, float], source: str) -> list[LoopNote]:
    """Return the notes that began in a span of beats, when the music last passed it."""
    axis = axis_of(entries(blocks))
    found = notes_of(entries(blocks), float("-inf"), float("inf"))
    wanted = [note for note in found if source == "all" or (note.part == HAND) == (source == "hands")]
    return [_looped(note, axis, span) for note in wanted if _within(note, axis, span)]


def _within(note: Note, axis: Axis, span: tuple[float, float]) -> bool:
    return axis.line(note.start).playing and span[0] <= round(axis.beat(note.start), 6) < span[1]


def _looped(note: Note, axis: Axis, span: tuple[float, float]) -> LoopNote:
    start = round(axis.beat(note.start), 6)
    end = span[1] if note.end == float("inf") else min(round(axis.beat(note.end), 6), span[1])
    part = "composer" if note.part == HAND else note.part
    return LoopNote(part, note.pitch, note.velocity, start - span[0], max(end, start + 0.01) - span[0], note.name)


def taken_along(folder: Path) -> tuple[dict[str, bytes], tuple[str, ...]]:
    """Return a session's own files, by path, and notes on what was left out."""
    files: dict[str, bytes] = {}
    notes: list[str] = []
    room = MOST_FILES
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name.split("/")[0] in (FOLDER, "autosave", "session.json") or path.name[0] == ".":
            continue
        try:
            size = path.stat().st_size
            if size > room:
                notes.append(f"{name} was left out: {size >> 20} MB")
                continue
            files[name] = path.read_bytes()
            room -= size
        except OSError as error:
            notes.append(f"{name} was left out: {error.strerror}")
    return files, tuple(notes)
