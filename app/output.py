"""Everything that leaves: which ports are on, where they lead, and the two processes that serve them.

The engine hands over events with a due time and forgets them. This desk turns Parameters into port
descriptions, keeps the dispatcher and the synth alive, and remembers what it believes to sound, so that a new
dispatcher can silence what a dead one left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.built_in import BuiltIn, Sound
from app.command import Adopt, Command, Configure, Panic, Ping, Play, Release, Retime
from app.device.base import DeviceSpec
from app.event import NOW, Event, Message
from app.monitor import Monitor
from app.output_held import Held
from app.output_now import Now
from app.output_port import KINDS, LIGHTS, PORTS, Ports, Sink
from app.output_report import Reports
from app.parameter import Tree
from app.snapshot import DeviceState
from app.speaker import Speaker
from app.transport import Bend, Clock
from app.watch import Watcher

PING_S = 0.1
RESTART_S = 1.0
OPEN_S = 2.0  # It takes 0.1 to 0.5 s.
HANGS_S = 3.0  # Whoever sends reports ten times a second; one that says nothing of notes for so long hangs.
RAW = "/midi"  # The only address of the way back to controllers.
SOUNDING = "/patch/"  # What is said now under these addresses is meant for the built-in synth too.


class Outputs:
    """The ports out.

    Attributes: `tree`, `states` (device name -> DeviceState), `taps` (are told of all that is handed over, and when it
    is due). Without a `speaker` what is due now goes through the dispatcher.
    """

    def __init__(
        self,
        tree: Tree,
        clock: Clock,
        monitor: Monitor,
        say: Callable[[str, str], None],
        sink: Sink,
        sound: Sound | None,
        speaker: Speaker | None = None,
    ) -> None:
        self.tree, self.clock, self.monitor, self.say = tree, clock, monitor, say
        self._reports = Reports(monitor, say)
        self.states = self._reports.states
        self.taps: list[Callable[[float, Event | Release | Panic], None]] = []
        self._sink = sink
        self._now = Now(speaker)
        self._built_in = BuiltIn(sound, clock, say)
        self._held = Held()
        self._unanswered = float("-inf")  # Since when notes are due of which nothing was reported; -inf: not begun.
        self._pinged = self._sink_tried = float("-inf")
        self._configured: tuple[DeviceSpec, ...] = ()
        self._named: tuple[tuple[DeviceSpec, ...], tuple[str, ...]] = ((), ())
        self._ports = Ports(tree)
        self._watcher = Watcher(tree)
        self._watcher.on(tuple(p.address for p in tree if p.address.startswith(PORTS)), self.configure)
        self._watcher.on(("/output/synth/voice", "/output/synth/gain"), self._colour)

    @property
    def sounding(self) -> set[tuple[str, int]]:
        """The (part, pitch) believed to sound."""
        return self._held.notes

    @property
    def level(self) -> tuple[float, float]:
        """The synth's peaks, 0..1, left and right."""
        return self._built_in.level

    @property
    def controllers(self) -> tuple[str, ...]:
        """The names of those that are shown what moves; `configure` makes it so."""
        return self._ports.controllers

    @controllers.setter
    def controllers(self, names: tuple[str, ...]) -> None:
        self._ports.controllers = names

    @property
    def alive(self) -> bool:
        """Whether there is somebody who sends."""
        return self._sink.alive

    @property
    def names(self) -> tuple[str, ...]:
        """The ports that events go to now."""
        if self._named[0] is not self._configured:  # Asked with every message.
            self._named = (self._configured, tuple(spec.name for spec in self._configured if spec.name in KINDS))
        return self._named[1]

    def open(self) -> None:
        """Start both processes and open the ports that are on; return when there is somebody who sends."""
        self._sink.start()
        self._sink_tried = self.clock.now()
        self._tend_sound()
        self.configure()
        # What is played before anybody sends would wait in a pipe, and the first beats come out in a heap.
        self._sink.wait(OPEN_S)

    def configure(self) -> None:
        """Make the dispatcher's ports what the Parameters say."""
        specs = self._ports.specs(self._built_in.port)
        if specs != self._configured:
            self._configured = specs
            self._send([Configure(specs)])
            self._colour()
        for kind in KINDS:
            if not self._ports.is_on(kind):
                self.states[kind] = DeviceState(kind, "closed", "off")

    def play(self, events: Iterable[tuple[float, Event]]) -> None:
        """Hand over events, each with its due time in seconds of the clock."""
        commands: list[Command] = []
        for due, event in events:
            if isinstance(event, Message) and event.beat == NOW and self._now.speaks:
                self._now.say(event, self._ways(event))
                self._tell(due, event)  # When it has left: somebody waits for it.
                continue
            self._tell(due, event)
            names = self._names_for(event)
            commands.append(Play(due, names, event))
            self._held.take(due, event)
            if names:  # What leaves nowhere is never reported.
                self._unanswered = min(self._unanswered, max(due, self.clock.now()))
        self._send(commands)

    def play_on(self, device: str, events: Iterable[tuple[float, Event]]) -> None:
        """Hand events over to one port alone; nobody who looks on is told."""
        commands: list[Command] = []
        for due, event in events:
            self._held.take(due, event)
            commands.append(Play(due, (device,), event))
        self._send(commands)

    def _tell(self, due: float, sent: Event | Release | Panic) -> None:
        """Let the others see what is handed over; whatever they do with it, it leaves."""
        for tap in self.taps:
            try:
                tap(due, sent)
            except Exception as error:  # noqa: BLE001 - no note may depend on those who only look on
                self.monitor.counts["faults"] += 1
                self.say("warning", f"A fault in what looks on: {error!r}; the music goes on")

    def _ways(self, message: Message | None) -> list[tuple[str, int]]:
        """Return the addresses that a message (None: a note's end) leaves for when it leaves from this thread."""
        port = self._built_in.port if "synth" in self.names else None
        to = message.to if message is not None and message.to is not None else self._ports.receiver
        sounds = message is None or (message.to is None and message.address.startswith(SOUNDING))
        return [*([to] if to is not None else []), *([("127.0.0.1", port)] if sounds and port is not None else [])]

    def _names_for(self, event: Event) -> tuple[str, ...]:
        """Return the ports that an event goes to: on a beat, a receiver of its own has a port of its own."""
        if not isinstance(event, Message) or event.to is None or event.beat == NOW:
            return self.names
        name, is_new = self._ports.own(event.to)
        if is_new:
            self.configure()
        return (name,)

    def retime(self, part: str, bend: Bend) -> None:
        """Move what was handed over of a part and has not left yet to where the tempo puts it now."""
        self._send([Retime(part, bend)])

    def show(self, controller: str, data: tuple[int, ...]) -> None:
        """Send bytes to one of `controllers`, now."""
        self._send([Play(0.0, (f"{LIGHTS} {controller}",), Message(NOW, LIGHTS, RAW, data))])

    def release(self, part: str | None = None) -> None:
        """End every note of one part, or of all, now."""
        self._held.release(part)
        self._tell(self.clock.now(), Release(part))
        self._send([Release(part)])

    def panic(self) -> None:
        """Silence every port by every means it has."""
        self._held.release()
        self._tell(self.clock.now(), Panic())
        self._send([Panic()])

    def tend(self) -> None:
        """Read what the processes posted, keep them alive, follow the Parameters; called each turn."""
        now = self.clock.now()
        for reply in self._sink.poll():
            self._reports.take(now, reply)
            self._unanswered = float("inf")
        self._tend_sound()
        self._tend_sink(now)
        if self._sink.alive:
            self._held.forget_ended(now)
        self._watcher.poll()
        for trouble in self._now.troubles(now):
            self.say("warning", trouble)
        if now - self._pinged >= PING_S:
            self._pinged = now
            self._send([Ping()])

    def close(self) -> None:
        """Silence everything and end both processes."""
        self._sink.stop()
        self._built_in.stop()
        self._now.close()

    def _send(self, commands: list[Command]) -> None:
        if commands and self._sink.alive:
            self._sink.send_all(commands)

    def _tend_sink(self, now: float) -> None:
        if self._sink.alive and float("-inf") < self._unanswered < now - HANGS_S and self.names:
            self._replace_sink(now, "The output process hung; another took its place and its notes were released")
        elif not self._sink.alive and now - self._sink_tried >= RESTART_S:
            self._replace_sink(now, "The output process ended; it was started again and its notes were released")

    def _replace_sink(self, now: float, told: str) -> None:
        self._sink_tried, self._unanswered = now, float("-inf")
        held = self._held.hand_over()
        self._now.end(held, self._ways(None))
        self.say("error", told)
        self.monitor.counts["ended"] += 1
        self._sink.start()
        configured, self._configured = self._configured, ()
        if self._sink.alive:
            self._configured = configured
            names = self.names
            self._sink.send_all([Configure(configured), Adopt(names, held), Release(None)])

    def _tend_sound(self) -> None:
        """Follow the synth: its port opens and closes with its process."""
        port = self._built_in.port
        self._built_in.tend(self._ports.is_on("synth"), self._elsewhere())
        self.states["synth"] = self._built_in.state
        self.monitor.counts["xruns"], self.monitor.counts["synth ended"] = self._built_in.xruns, self._built_in.ends
        if self._built_in.port != port:
            self.configure()

    def _elsewhere(self) -> str:
        receiver = self._ports.receiver
        if receiver is None:
            return "switch OSC or MIDI on to hear the instrument elsewhere"
        return f"sending OSC to {receiver[0]}:{receiver[1]}"

    def _colour(self) -> None:
        """Send the synth its own settings; they have no time, so they go now."""
        if "synth" in self.names:
            voice, gain = self.tree.number("/output/synth/voice"), self.tree.number("/output/synth/gain")
            settings = (
                Message(0, "synth", "/synth/voice", (voice.show(),)),
                Message(0, "synth", "/synth/gain", (gain.value,)),
            )
            self._send([Play(0.0, ("synth",), setting) for setting in settings])
