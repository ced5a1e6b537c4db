"""The recorder: what happened lately is always there, and a span of it becomes a file, examples, a loop or a replay.

Nobody plans the best moment. So everything that comes in and leaves is noted all the time, in a bounded memory, and
chosen afterwards. Part of the composition root: it listens at the engine's doors and no player knows of it.
"""

from __future__ import annotations

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from app.command import Panic, Release
from app.engine import Engine
from app.event import Event
from app.frame import Values
from app.inbox import Item
from app.parameter import Linear, Parameter, Steps, switch
from app.player.listener.player import Listener
from app.recorder_activity import Activity
from app.recorder_loop import Loop
from app.recorder_loop_file import LoopMemory
from app.recorder_mark import Marks
from app.recorder_pack import pack_item, pack_sent
from app.recorder_span import SOURCES, Spans
from app.recorder_state import RecorderState
from app.recorder_tape import FRAME, ITEM, MOVE, PLACE, TURN, Tape
from app.session import Session

LOOK_S = 0.05  # Parameters are looked at so often.
SHOW_S = 1.0


class Recorder:
    """Attributes: `tape`, `loop` (a player), `marks` (where everything stood), `spans` (what becomes of them)."""

    def __init__(
        self, engine: Engine, session: Session, listener: Listener, seed: int, background: Executor | None = None
    ) -> None:
        """`background` waits for files; None: threads and processes of the recorder's own."""
        self.tape = Tape()
        self.loop = Loop(engine.tree, engine.transport.next_bar)
        self._files = background or ThreadPoolExecutor(1, "recorder files")
        self.marks = Marks(engine, session, self.tape, self._files)
        self.spans = Spans(engine, session, listener, self.tape, self.marks, self.loop, seed, background)
        self._engine = engine
        self._place: tuple[bool, float, float, int] | None = None
        self._versions: list[int] = []
        self._parameters = tuple(engine.tree)
        self._looked = self._shown = float("-inf")
        self._in_turn = False
        self._state = RecorderState()
        self._activity = Activity(engine.clock.now())
        self._add_parameters()
        told = "Everything that was noted"
        engine.actions.add("/recorder/clear", self.clear, "Forget", told, "Recorder")
        engine.add(self.loop)
        session.keepers.append(LoopMemory(self.loop, engine.transport))
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
        self._memory = add(Parameter("/recorder/memory", 128, Linear(1, 1024, 1, 0), "MB", "Memory", most))
        whose = "Whose notes a loop takes"
        self._source = add(Parameter("/recorder/loop/source", 0, Steps(SOURCES), title="Loop of", help=whose))
        lasting = "Seconds that can be kept"
        self._held = add(
            Parameter("/recorder/held", 0, Linear(0, 1e6, digits=0), "s", "Held", lasting, kept=False, undoable=False)
        )

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
        if not self._in_turn and self.marks.is_due(seconds):
            if len(self._parameters) != len(self._engine.tree):
                self._parameters, self._versions = tuple(self._engine.tree), []
            self.marks.add(seconds)
            self._place = None  # So that every mark is followed by the place in the music.
        self._in_turn = True

    # --- looking after --------------------------------------------------------------------------------

    def tend(self) -> None:
        """Take what is done, and count; called often."""
        self.spans.source = self._source.show()
        self.spans.tend()
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
            self.tape.size + self.marks.size,
            self.tape.limit,
            self.tape.count,
            not self.tape.dropped,
            self.spans.saved,
            round(self.loop.beats / self._engine.transport.beats_per_bar),
            self._activity.picture(),
            now - self._activity.began,
        )

    def clear(self) -> None:
        """Forget everything that was noted."""
        self.tape.clear()
        self.marks.clear()
        self._activity.clear()
        self._in_turn = False  # What comes next in this very turn is marked too.
        self._engine.say("info", "The recorder forgot everything until now")

    def close(self) -> None:
        """Let files be finished."""
        self.spans.close()
        self._files.shutdown(wait=True)
