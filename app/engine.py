"""The loop of the one engine thread: inbox, players, ports, picture.

It waits for its inbox until the next step must be computed, computes each step before its beat, and hands the
events over with the time at which they are due. It is the single writer of musical state. On an offline clock
the same loop runs as fast as it can.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from app.binding import Binding
from app.ensemble import Ensemble, place
from app.event import NoteOff, NoteOn
from app.hand import Hands
from app.history import Edit
from app.inbox import Bind, Inbox, Press, Reset, Trigger, Write
from app.map_cue import Cues
from app.monitor import Monitor
from app.output import Outputs
from app.parameter import Linear, Parameter
from app.picture import take_picture
from app.player.base import NEVER, Player
from app.reception import Reception
from app.roll import Roll
from app.snapshot import LogLine, Snapshot
from app.transport import Clock, OfflineClock, Transport
from app.watch import Watcher

Result = TypeVar("Result")

IDLE_S = 0.02  # The longest wait: the picture, the ports and the jobs are looked after at least this often.
HOUSE_S = 0.01  # Jobs, ports and the picture are looked after at most this often.
LEAD_S = 0.03  # From "play" to the first beat: time to compute the first step.
QUIT_TWICE_S = 2.0
TEST_PART, TEST_PITCH, TEST_S = "composer", 60, 0.4  # Sent as the Composer's, which every peer understands.


class Engine:
    """The instrument without a window.

    Attributes: `clock`, `transport`, `hands` (with `tree`, `actions`, `bindings`, `history`), `inbox`, `monitor`,
    `ensemble` (with `players`, `silenced`, `output_hearers`, `note_hearers`, `outputs`), `reception` (with `ears`,
    `hearers`, `midi_hearers`: sorts what comes in), `snapshot` (replaced whole), `ended`, `tending` (called each turn:
    jobs, sessions), `picturing` (each may add to the Snapshot), `turning` (each is told when a turn begins to act on
    what came in), `listener` (prints log lines, if set), `led` (another clock bends the transport), `launch` (says when
    the first beat falls, given the earliest time, so that it falls into another clock's bar).
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.transport = Transport(clock)
        self.monitor = Monitor()
        self.inbox = Inbox()
        self.hands = Hands(self.say)
        self.cues = Cues(self.hands, clock.now)
        self.tree, self.actions = self.hands.tree, self.hands.actions
        self.bindings, self.history = self.hands.bindings, self.hands.history
        self.roll = Roll()
        self.reception = Reception(self.hands, self.monitor, clock, self.note_step)
        self.ears, self.hearers = self.reception.ears, self.reception.hearers
        self.midi_hearers = self.reception.midi_hearers
        self.ensemble = Ensemble(self.tree, self.transport, self.monitor, self.roll, self.cues, self.say, self._safely)
        self.players, self.silenced = self.ensemble.players, self.ensemble.silenced
        self.output_hearers, self.note_hearers = self.ensemble.output_hearers, self.ensemble.note_hearers
        self.ended = False
        self.snapshot = Snapshot()
        self.tending: list[Callable[[], None]] = []
        self.picturing: list[Callable[[Snapshot], Snapshot]] = []
        self.turning: list[Callable[[float], None]] = []
        self.listener: Callable[[LogLine], None] | None = None
        self.watcher = Watcher(self.tree)
        self.osc_port = 0
        self.led = False
        self.launch: Callable[[float], float] = lambda earliest: earliest
        self._quit_asked = float("-inf")
        self._dropped = self._steps = 0
        self._kept = float("-inf")
        self._moves = -1
        self._add_own()

    # --- building -------------------------------------------------------------------------------------

    @property
    def outputs(self) -> Outputs:
        """The ports out; RuntimeError before `connect`."""
        return self.ensemble.outputs

    def connect(self, outputs: Outputs) -> None:
        """Take the ports out; they share the engine's tree, clock and monitor."""
        self.ensemble.outputs = outputs
        outputs.taps.append(self.cues.tell)

    def add(self, player: Player) -> None:
        """Take a player in."""
        self.players.append(player)

    def _add_own(self) -> None:
        tempo = Parameter("/transport/bpm", 120, Linear(20, 300, digits=1), "BPM", "Tempo", "Quarter notes a minute")
        meter = Parameter("/transport/beats_per_bar", 4, Linear(1, 16, 1, 0), title="Beats per bar")
        for parameter in (tempo, meter):
            self.tree.add(parameter)
        self.watcher.on(("/transport/bpm",), self._set_tempo)
        self.watcher.on(("/transport/beats_per_bar",), self._set_meter)
        add = self.actions.add
        add("/transport/play", self.play, "Play", "Start the music", "Transport")
        add("/transport/stop", self.stop, "Stop", "Stop and release every note", "Transport")
        add("/transport/toggle", self.toggle, "Play or stop", "Start the music, or stop it", "Transport")
        add("/panic", self.panic, "Panic", "Silence everything at once; never asks", "Transport")
        add("/undo", self.undo, "Undo", "Take the last step back", "Session")
        add("/redo", self.redo, "Redo", "Do it again", "Session")
        add("/quit", self.quit, "Quit", "Release every note, save and end", "Session")
        add("/quit/ask", self.ask_quit, "Quit (asks)", "While playing it wants to be asked twice", "Session")

    def _set_tempo(self) -> None:
        if not self.led:
            self.transport.set_tempo(self.tree.number("/transport/bpm").value)

    def _set_meter(self) -> None:
        self.transport.beats_per_bar = int(self.tree.number("/transport/beats_per_bar").value)

    # --- doors: any thread ----------------------------------------------------------------------------

    def set(self, address: str, value: float | str, origin: str = "ui", gesture: int | None = None) -> None:
        """Ask for a Parameter to be set."""
        self.inbox.put(Write(address, value, origin, gesture))

    def reset(self, address: str) -> None:
        """Ask for a Parameter's default."""
        self.inbox.put(Reset(address))

    def fire(self, address: str, *arguments: float | str) -> None:
        """Ask for an Action."""
        self.inbox.put(Trigger(address, arguments))

    def key(self, name: str, pressed: bool = True) -> None:
        """Tell that a key went down or up."""
        self.inbox.put(Press(name, pressed))

    def bind(self, binding: Binding, *gone: Binding) -> None:
        """Ask for a line in the table of bindings, in the place of those `gone`; one step of undo."""
        self.inbox.put(Bind(binding, True, gone))

    def unbind(self, binding: Binding, *more: Binding) -> None:
        """Ask for lines to be taken out of the table; one step of undo."""
        self.inbox.put(Bind(binding, False, more))

    # --- verbs: engine thread -------------------------------------------------------------------------

    def play(self) -> None:
        if self.transport.playing:
            return
        self.transport.start(self.launch(self.clock.now() + LEAD_S))
        self.ensemble.start()

    def stop(self) -> None:
        self.transport.stop()
        self.ensemble.stop()

    def toggle(self) -> None:
        self.stop() if self.transport.playing else self.play()

    def panic(self) -> None:
        self.outputs.panic()
        self.stop()

    def test_note(self) -> None:
        """Send one note to every port that is on, so that a silent cable is found before the set."""
        if self.transport.playing:
            raise ValueError("the music is playing already; stop it to hear a single note")
        now, beat = self.clock.now(), self.transport.beat
        note = NoteOn(beat, TEST_PART, TEST_PITCH, 90)
        self.outputs.play([(now, note), (now + TEST_S, NoteOff(beat, TEST_PART, TEST_PITCH))])
        self.say("info", f"Test note to {', '.join(self.outputs.names) or 'nothing: no output is on'}")

    def note_step(self, edit: Edit) -> None:
        """Take something that was done as one step of undo, however soon the next one follows."""
        self._steps += 1
        self.history.push(edit, self.clock.now(), -self._steps)

    def undo(self) -> None:
        title = self.history.undo()
        self.say("info", f"Undone: {title}" if title else "Nothing to undo")

    def redo(self) -> None:
        title = self.history.redo()
        self.say("info", f"Done again: {title}" if title else "Nothing to do again")

    def quit(self) -> None:
        self.stop()
        self.ended = True

    def ask_quit(self) -> None:
        now = self.clock.now()
        if not self.transport.playing or now - self._quit_asked < QUIT_TWICE_S:
            self.quit()
        else:
            self._quit_asked = now
            self.say("warning", "Still playing: press Q again within 2 s to quit")

    def say(self, level: str, text: str) -> None:
        """Tell the performer something: `level` is info, warning or error."""
        line = self.monitor.say(self.clock.now(), level, text)
        if self.listener is not None:
            self.listener(line)

    # --- the loop -------------------------------------------------------------------------------------

    def run(self) -> None:
        """Turn until `/quit`; the ports are silenced and closed on every way out."""
        try:
            self.outputs.open()
            self._follow_values()  # What follows the Parameters must stand before the first message is read.
            wait = 0.0
            while not self.ended:
                wait = self.turn(wait)
        finally:
            self.outputs.close()
            self.snapshot = replace(self.snapshot, ended=True)

    def run_until(self, seconds: float) -> None:
        """Turn on the offline clock up to a time, as fast as it goes; TypeError on another clock."""
        if not isinstance(self.clock, OfflineClock):
            raise TypeError("run_until needs an OfflineClock")
        while self.clock.seconds < seconds and not self.ended:
            wait = self.turn()
            self.clock.seconds = min(seconds, self.clock.seconds + max(wait, 1e-4))
        self.turn()

    def turn(self, wait_s: float = 0.0) -> float:
        """Do what is due, after waiting up to `wait_s` for the inbox; return how long the next may wait."""
        frames = 0.0  # Items, if they are frames alone.
        for item in self.inbox.take(wait_s):
            frames += self.reception.is_frame(item) or NEVER
            self._safely("what came in", self.reception.take, item)
        if self.reception.due < NEVER:
            self._safely("what was due", self.reception.catch_up)
        started = self.clock.now()
        self._feel_due(started)
        self.hands.tend(started)
        for tell in self.turning:
            self._safely("what looks on", tell, started)
        house = not 0 < started - self._kept < HOUSE_S
        # A frame of features moves nothing that is watched, and comes thousands of times a second.
        if house or self.hands.moves != self._moves:
            self._moves = self.hands.moves
            self._follow_values()
            frames = 0
        self.ensemble.tend(0 < frames < NEVER, lambda: self.hands.moves)
        self.ensemble.play_due(started)
        self._feel_due(started)
        # A flood of messages makes many turns a second; what is not music need not keep up with it.
        if house:
            self._kept = started
            self._keep_house()
        ended = self.clock.now()
        self.monitor.turned(ended, ended - started)
        return min(max(min(self.reception.due, self.cues.due, self.ensemble.due()) - ended, 0.0), IDLE_S)

    def _follow_values(self) -> None:
        self._safely("what follows values", self.watcher.poll)

    def _feel_due(self, now: float) -> None:
        """Let notes move what is bound to them, by the time at which the turn began."""
        if self.cues.due <= now:
            self._safely("what notes move", self.cues.feel, now)

    def _keep_house(self) -> None:
        """Look after jobs, ports and the picture."""
        for tend in self.tending:
            self._safely("housekeeping", tend)
        self._safely("the ports out", self.outputs.tend)
        self._safely("what is asked for", self.reception.inquiry.tend)
        if self.inbox.dropped > self._dropped:
            self._dropped = self.inbox.dropped
            self.say("warning", f"Too many messages at once: {self._dropped} were dropped so far")
        picture = take_picture(self.transport, self.monitor, self.outputs, self.roll, self.history, self.osc_port)
        for add in self.picturing:
            picture = self._safely("the picture", add, picture) or picture
        self.snapshot = picture

    def _safely(self, where: str, deed: Callable[..., Result], *arguments: Any) -> Result | None:
        """Run what no note depends on: a fault there is told and must not stop the music."""
        try:
            return deed(*arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, the music goes on and the performer is told
            self.reception.say_now_and_then(
                "faults", f"A fault in {where}: {error!r} at {place(error)}; the music goes on"
            )
            return None
