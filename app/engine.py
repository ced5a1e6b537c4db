"""The loop of the one engine thread: inbox, players, ports, picture.

It waits for its inbox until the next step must be computed, computes each step before its beat, and hands the
events over with the time at which they are due. It is the single writer of musical state. On an offline clock
the same loop runs as fast as it can.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from app.binding import Binding
from app.event import Event, Message, NoteOff, NoteOn
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
LOST_S = 0.5  # A step later than this (a suspended laptop) is skipped rather than played in a burst.
QUIT_TWICE_S = 2.0
TEST_PART, TEST_PITCH, TEST_S = "composer", 60, 0.4  # Sent as the Composer's, which every peer understands.


class Engine:
    """The instrument without a window.

    Attributes: `clock`, `transport`, `hands` (with `tree`, `actions`, `bindings`, `history`), `inbox`,
    `monitor`, `outputs`, `players`, `snapshot` (replaced whole), `ended`, `tending` (called each turn: jobs,
    sessions), `picturing` (each may add to the Snapshot), `turning` (each is told when a turn begins to act on what
    came in), `listener` (prints log lines, if set),
    `reception` (with `ears`, `hearers` and `midi_hearers`: sorts what comes in), `output_hearers` and
    `note_hearers` (players that listen to the messages and notes of others), `led` (another clock bends the transport),
    `launch` (says when the first beat falls, given the earliest time, so that it falls into another clock's bar).
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
        self.players: list[Player] = []
        self.reception = Reception(self.hands, self.monitor, clock, self.note_step)
        self.ears, self.hearers = self.reception.ears, self.reception.hearers
        self.midi_hearers = self.reception.midi_hearers
        self.output_hearers: list[Callable[[Message], None]] = []
        self.note_hearers: list[Callable[[NoteOn], None]] = []
        self.silenced: set[str] = set()
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
        self._told = False  # Whether this turn said something that other players may hear.
        self._kept = float("-inf")
        self._moves = -1
        self._outputs: Outputs | None = None
        self._add_own()

    # --- building -------------------------------------------------------------------------------------

    @property
    def outputs(self) -> Outputs:
        """The ports out; RuntimeError before `connect`."""
        if self._outputs is None:
            raise RuntimeError("the engine has no outputs yet: call connect() first")
        return self._outputs

    def connect(self, outputs: Outputs) -> None:
        """Take the ports out; they share the engine's tree, clock and monitor."""
        self._outputs = outputs
        outputs.taps.append(self.cues.tell)

    def add(self, player: Player) -> None:
        """Take a player in."""
        self.players.append(player)

    def _add_own(self) -> None:
        tempo = Parameter("/transport/bpm", 120, Linear(20, 300, digits=1), "BPM", "Tempo", "Quarter notes a minute")
        meter = Parameter("/transport/beats_per_bar", 4, Linear(1, 16, 1, 0), title="Beats per bar")
        ahead = Linear(10, 100, digits=0)
        for parameter in (tempo, meter):
            self.tree.add(parameter)
        self.tree.add(
            Parameter(
                "/engine/lookahead", 60, ahead, "ms", "Look-ahead", "How early a step is computed and handed over"
            )
        )
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
        self.silenced.clear()
        self.transport.start(self.launch(self.clock.now() + LEAD_S))
        for player in self.players:
            self._guard(player, lambda player=player: player.start(self.transport.beat))  # type: ignore[misc]

    def stop(self) -> None:
        self.transport.stop()
        for player in self.players:
            self._guard(player, player.stop)
        self.outputs.release()
        self.roll.release(self.transport.beat)

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
        self._tend(0 < frames < NEVER)
        self._play_due(started)
        self._feel_due(started)
        # A flood of messages makes many turns a second; what is not music need not keep up with it.
        if house:
            self._kept = started
            self._keep_house()
        ended = self.clock.now()
        self.monitor.turned(ended, ended - started)
        return min(max(self._deadline() - ended, 0.0), IDLE_S)

    def _follow_values(self) -> None:
        self._safely("what follows values", self.watcher.poll)

    def _feel_due(self, now: float) -> None:
        """Let notes move what is bound to them, by the time at which the turn began."""
        if self.cues.due <= now:
            self._safely("what notes move", self.cues.feel, now)

    def _tend(self, frames: bool) -> None:
        """Look after the players: after frames alone only those who answer them, unless they said it to everybody."""
        moves, self._told = self.hands.moves, not frames
        for player in self.players:
            if not frames or getattr(player, "answers_frames", False):
                self._guard(player, player.tend)
        if frames and (self._told or self.hands.moves != moves):
            for player in self.players:
                if not getattr(player, "answers_frames", False):
                    self._guard(player, player.tend)

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

    def _deadline(self) -> float:
        """Return when the next step must be computed."""
        waiting = min(self.reception.due, self.cues.due)
        if not self.transport.playing:
            return waiting
        due = min((player.due() for player in self._sounding()), default=NEVER)
        return waiting if due == NEVER else min(self.transport.time_at(due) - self._ahead_s, waiting)

    @property
    def _ahead_s(self) -> float:
        return self.tree.number("/engine/lookahead").value / 1000

    def _sounding(self) -> list[Player]:
        return [player for player in self.players if player.part not in self.silenced]

    def _play_due(self, now: float) -> None:
        """Play the steps that are due, by the time at which the turn began: so that it can be repeated exactly."""
        if not self.transport.playing:
            return
        until = now + self._ahead_s
        for player in self._sounding():
            self._skip_lost(player)
            while player.part not in self.silenced and self.transport.time_at(player.due()) <= until:
                self._guard(player, player.step)

    def _skip_lost(self, player: Player) -> None:
        """After a long stall go on from now, instead of playing all that was missed at once."""
        now = self.clock.now()
        if player.due() != NEVER and now - self.transport.time_at(player.due()) > LOST_S:
            self.monitor.counts["skipped"] += 1
            self.say(
                "warning",
                f"{player.part} lost {now - self.transport.time_at(player.due()):.1f} s and goes on from now",
            )
            self._guard(player, lambda: player.start(self.transport.beat))

    def _guard(self, player: Player, deed: Callable[[], list[Event] | None]) -> None:
        """Let a player act and send what it answers; one that fails is silenced, the others play on."""
        try:
            events = deed()
        except Exception as error:  # noqa: BLE001 - whatever a player does, its notes must end and the rest play on
            self.silenced.add(player.part)
            for part in getattr(player, "parts", (player.part,)):
                self.outputs.release(part)
                self.roll.release(self.transport.beat, part)
            what = f"{error!r} at {_place(error)}"
            self.say("error", f"{player.part} stopped: {what}; its notes are released, play starts it again")
            return
        if events:
            self._send(events)

    def _safely(self, where: str, deed: Callable[..., Result], *arguments: Any) -> Result | None:
        """Run what no note depends on: a fault there is told and must not stop the music."""
        try:
            return deed(*arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, the music goes on and the performer is told
            self.reception.say_now_and_then(
                "faults", f"A fault in {where}: {error!r} at {_place(error)}; the music goes on"
            )
            return None

    def _send(self, events: list[Event]) -> None:
        if self.transport.playing:  # While the music stands no beats pass, and nothing has a place on the roll.
            self.roll.add(events, self.transport.beat)
        self.outputs.play((self.transport.time_at(event.beat), event) for event in events)
        for event in events:
            if isinstance(event, Message):
                self._told |= event.to is None
                for hear in self.output_hearers:
                    self._safely("what listens to players", hear, event)
            elif isinstance(event, NoteOn):
                for hear_note in self.note_hearers:
                    self._safely("what listens to players", hear_note, event)
            self._safely("what it moves", self.cues.take, self.transport.time_at(event.beat), event)


def _place(error: Exception) -> str:
    """Return where an error arose: the file's name and the line."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(where.filename).name}:{where.lineno}"
