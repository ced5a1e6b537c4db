"""Everything that leaves: which ports are on, where they lead, and the two processes that serve them.

The engine hands over events with a due time and forgets them. This desk turns Parameters into port
descriptions, keeps the dispatcher and the synth alive, and remembers what it believes to sound, so that a new
dispatcher can silence what a dead one left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from app.built_in import BuiltIn, Sound
from app.command import (
    Adopt,
    Command,
    Configure,
    Panic,
    Ping,
    Play,
    Release,
    Reply,
    Report,
    Silent,
    Status,
)
from app.device.base import DeviceSpec
from app.device.osc import message
from app.event import NOW, Event, Message, NoteOff, NoteOn
from app.monitor import Monitor
from app.parameter import Linear, Parameter, Steps, TextParameter, Tree, switch
from app.snapshot import DeviceState
from app.speaker import Speaker
from app.transport import Clock
from app.watch import Watcher

PING_S = 0.1
ENDED_S = 0.6  # So long after its due time a note has ended, whatever latency its port has.
RESTART_S = 1.0
KINDS = ("osc", "midi", "synth")
PORTS = tuple(f"/output/{kind}/" for kind in KINDS)
# Parts that name their own channel.
CHANNEL_PARTS = tuple((f"{part}:{channel}", channel) for part in ("drums", "listener") for channel in range(1, 17))
MOST_RECEIVERS = 16
LIGHTS, RAW = "lights", "/midi"  # The way back to controllers: the name of its ports and parts, its only address.
SOUNDING = "/patch/"  # What is said now under these addresses is meant for the built-in synth too.


class Sink(Protocol):
    """The near side of a dispatcher."""

    @property
    def alive(self) -> bool:
        """Whether it takes commands."""

    def start(self) -> None:
        """Start it, or start it anew."""

    def send_all(self, commands: Sequence[Command]) -> None:
        """Hand commands over, in order."""

    def poll(self) -> list[Reply]:
        """Return what it answered since the last call."""

    def stop(self) -> None:
        """Silence and end it."""


class Outputs:
    """The ports out.

    Attributes: `tree`, `states` (device name -> DeviceState), `sounding` ((part, pitch) believed to sound), `taps` (are
    told of all that is handed over, and when it is due). Without a `speaker` what is due now goes through the
    dispatcher.
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
        self.states: dict[str, DeviceState] = {}
        self.sounding: set[tuple[str, int]] = set()
        self.controllers: tuple[str, ...] = ()  # Those that are shown what moves.
        self.taps: list[Callable[[float, Event | Release | Panic], None]] = []
        self._sink = sink
        self._speaker = speaker
        self._built_in = BuiltIn(sound, clock, say)
        self._ending: dict[tuple[str, int], float] = {}
        self._pinged = self._sink_tried = float("-inf")
        self._configured: tuple[DeviceSpec, ...] = ()
        self._named: tuple[tuple[DeviceSpec, ...], tuple[str, ...]] = ((), ())
        self._receivers: dict[tuple[str, int], DeviceSpec] = {}
        _add_parameters(tree)
        self._watcher = Watcher(tree)
        self._watcher.on(tuple(p.address for p in tree if p.address.startswith(PORTS)), self.configure)
        self._watcher.on(("/output/synth/voice", "/output/synth/gain"), self._colour)

    @property
    def level(self) -> tuple[float, float]:
        """The synth's peaks, 0..1, left and right."""
        return self._built_in.level

    @property
    def names(self) -> tuple[str, ...]:
        """The ports that events go to now."""
        if self._named[0] is not self._configured:  # Asked with every message.
            self._named = (self._configured, tuple(spec.name for spec in self._configured if spec.name in KINDS))
        return self._named[1]

    def open(self) -> None:
        """Start both processes and open the ports that are on."""
        self._sink.start()
        self._sink_tried = self.clock.now()
        self._tend_sound()
        self.configure()

    def configure(self) -> None:
        """Make the dispatcher's ports what the Parameters say."""
        specs = self._specs()
        if specs != self._configured:
            self._configured = specs
            self._send([Configure(specs)])
            self._colour()
        for kind in KINDS:
            if not self.tree.number(f"/output/{kind}/on").value:
                self.states[kind] = DeviceState(kind, "closed", "off")

    def play(self, events: Iterable[tuple[float, Event]]) -> None:
        """Hand over events, each with its due time in seconds of the clock."""
        commands: list[Command] = []
        for due, event in events:
            if isinstance(event, Message) and event.beat == NOW and self._speaker is not None:
                self._speak(event, self._speaker)
                self._tell(due, event)  # When it has left: somebody waits for it.
                continue
            self._tell(due, event)
            commands.append(Play(due, self._names_for(event), event))
            if isinstance(event, NoteOn):
                self.sounding.add((event.part, event.pitch))
                self._ending.pop((event.part, event.pitch), None)
            elif isinstance(event, NoteOff):
                # Its end still waits in the other process, and would be lost with it.
                self._ending[event.part, event.pitch] = due
        self._send(commands)

    def _tell(self, due: float, sent: Event | Release | Panic) -> None:
        """Let the others see what is handed over; whatever they do with it, it leaves."""
        for tap in self.taps:
            try:
                tap(due, sent)
            except Exception as error:  # noqa: BLE001 - no note may depend on those who only look on
                self.monitor.counts["faults"] += 1
                self.say("warning", f"A fault in what looks on: {error!r}; the music goes on")

    def _speak(self, message: Message, speaker: Speaker) -> None:
        """Send a message that is due now from this very thread."""
        receiver = message.to or self._receiver()
        if receiver is not None:
            speaker.say(message, receiver)
        if message.to is None and message.address.startswith(SOUNDING) and "synth" in self.names:
            speaker.say(message, ("127.0.0.1", self._built_in.port or 0))

    def _names_for(self, event: Event) -> tuple[str, ...]:
        """Return the ports that an event goes to: on a beat, a receiver of its own has a port of its own."""
        if not isinstance(event, Message) or event.to is None or event.beat == NOW:
            return self.names
        spec = self._receivers.get(event.to)
        if spec is None:
            host, port = event.to
            if len(self._receivers) >= MOST_RECEIVERS:
                del self._receivers[next(iter(self._receivers))]
            spec = DeviceSpec(f"osc to {host}:{port}", "osc", (("host", host), ("port", port)))
            self._receivers[event.to] = spec
            self.configure()
        return (spec.name,)

    def _receiver(self) -> tuple[str, int] | None:
        """Return where OSC goes, None while it is off."""
        if not self.tree.number("/output/osc/on").value:
            return None
        return self.tree.text("/output/osc/host").value, int(self.tree.number("/output/osc/port").value)

    def show(self, controller: str, data: tuple[int, ...]) -> None:
        """Send bytes to one of `controllers`, now."""
        self._send([Play(0.0, (f"{LIGHTS} {controller}",), Message(NOW, LIGHTS, RAW, data))])

    def release(self, part: str | None = None) -> None:
        """End every note of one part, or of all, now."""
        self.sounding = {key for key in self.sounding if part is not None and key[0] != part}
        self._tell(self.clock.now(), Release(part))
        self._send([Release(part)])

    def panic(self) -> None:
        """Silence every port by every means it has."""
        self.sounding.clear()
        self._tell(self.clock.now(), Panic())
        self._send([Panic()])

    def tend(self) -> None:
        """Read what the processes posted, keep them alive, follow the Parameters; called each turn."""
        now = self.clock.now()
        for reply in self._sink.poll():
            self._hear(now, reply)
        self._tend_sound()
        self._tend_sink(now)
        if self._sink.alive:
            self._forget_ended(now)
        self._watcher.poll()
        for trouble in self._speaker.troubles(now) if self._speaker else ():
            self.say("warning", trouble)
        if now - self._pinged >= PING_S:
            self._pinged = now
            self._send([Ping()])

    def close(self) -> None:
        """Silence everything and end both processes."""
        self._sink.stop()
        self._built_in.stop()
        if self._speaker is not None:
            self._speaker.close()

    def _send(self, commands: list[Command]) -> None:
        if commands and self._sink.alive:
            self._sink.send_all(commands)

    def _specs(self) -> tuple[DeviceSpec, ...]:
        tree = self.tree
        specs = []
        receiver = self._receiver()
        if receiver is not None:
            specs.append(_spec(tree, "osc", {"host": receiver[0], "port": receiver[1]}))
        if tree.number("/output/midi/on").value:
            midi: dict[str, str | int] = {
                "port": tree.text("/output/midi/port").value,
                "virtual": int(tree.number("/output/midi/virtual").value),
                "channel": int(tree.number("/output/midi/channel").value),
            }
            found = _spec(tree, "midi", midi)
            specs.append(replace(found, options=tuple(sorted((*found.options, ("channels", CHANNEL_PARTS))))))
        if tree.number("/output/synth/on").value and self._built_in.port is not None:
            specs.append(_spec(tree, "synth", {"host": "127.0.0.1", "port": self._built_in.port}))
        lights = (DeviceSpec(f"{LIGHTS} {name}", "midi", (("port", name), ("raw", 1))) for name in self.controllers)
        return (*specs, *self._receivers.values(), *lights)

    def _hear(self, now: float, reply: Reply) -> None:
        if isinstance(reply, Status):
            if reply.device == "synth" and reply.state in ("open", "closed"):
                return  # Its own process tells that better.
            self._note_state(DeviceState(reply.device, reply.state, reply.text))
        elif isinstance(reply, Report):
            self.monitor.late(now, reply.late_ms)
            self.monitor.counts["dropped"] += reply.dropped
            self.monitor.counts["output errors"] += len(reply.errors)
            self.monitor.realtime = reply.realtime
            for error in reply.errors:
                self.say("warning", error)
            for device, count in reply.sent.items():
                if count:
                    self.monitor.active[f"{device} out"] = now
                    self.monitor.counts[f"{device} out"] += count
        elif isinstance(reply, Silent) and reply.sounding_released:
            self.monitor.counts["released"] += reply.sounding_released

    def _note_state(self, state: DeviceState) -> None:
        before = self.states.get(state.name)
        self.states[state.name] = state
        if before is not None and (before.state, before.text) == (state.state, state.text):
            return
        if state.state in ("waiting", "failed"):
            self.say("warning", state.text)
        elif before is not None and before.state in ("waiting", "failed") and state.state == "open":
            self.say("info", f"{state.name} is back: {state.text}")

    def _tend_sink(self, now: float) -> None:
        if self._sink.alive or now - self._sink_tried < RESTART_S:
            return
        self._sink_tried = now
        held = tuple(sorted(self.sounding))
        self.sounding.clear()
        self._end_notes(held)
        self.say("error", "The output process ended; it was started again and its notes were released")
        self._sink.start()
        configured, self._configured = self._configured, ()
        if self._sink.alive:
            self._configured = configured
            names = self.names
            self._sink.send_all([Configure(configured), Adopt(names, held), Release(None)])

    def _forget_ended(self, now: float) -> None:
        """Believe that a note has ended once its note-off must have left."""
        for key in [key for key, due in self._ending.items() if due + ENDED_S < now]:
            del self._ending[key]
            self.sounding.discard(key)

    def _end_notes(self, held: Sequence[tuple[str, int]]) -> None:
        """End notes over OSC from this very thread: a new output process may take a moment to start."""
        if self._speaker is None:
            return
        port = self._built_in.port
        receivers = [self._receiver(), ("127.0.0.1", port) if port is not None and "synth" in self.names else None]
        for part, pitch in held:
            address, arguments = message(NoteOff(0.0, part, pitch))
            for receiver in receivers:
                if receiver is not None:
                    self._speaker.say(Message(NOW, part, address, tuple(arguments)), receiver)

    def _tend_sound(self) -> None:
        """Follow the synth: its port opens and closes with its process."""
        port = self._built_in.port
        self._built_in.tend(bool(self.tree.number("/output/synth/on").value), self._elsewhere())
        self.states["synth"] = self._built_in.state
        if self._built_in.port != port:
            self.configure()

    def _elsewhere(self) -> str:
        receiver = self._receiver()
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


def _spec(tree: Tree, kind: str, options: Mapping[str, str | int]) -> DeviceSpec:
    return DeviceSpec(kind, kind, tuple(sorted(options.items())), tree.number(f"/output/{kind}/latency").value)


def _add_parameters(tree: Tree) -> None:
    for kind, title in (("osc", "OSC"), ("midi", "MIDI"), ("synth", "Synth")):
        default = 0.0 if kind == "midi" else 1.0
        tree.add(Parameter(f"/output/{kind}/on", default, switch(), title=title, help=f"Send to {title}"))
        latency = Linear(-100, 500, digits=0)
        tree.add(Parameter(f"/output/{kind}/latency", 0, latency, "ms", f"{title} latency", "Added to each due time"))
    tree.add_text(TextParameter("/output/osc/host", "127.0.0.1", "OSC host", "Where OSC messages go"))
    tree.add(Parameter("/output/osc/port", 56120, Linear(1, 65535, 1, 0), title="OSC port", help="Its UDP port"))
    tree.add_text(TextParameter("/output/midi/port", "", "MIDI port", "Name of the port; part of it is enough"))
    tree.add(Parameter("/output/midi/virtual", 0, switch(), title="Virtual MIDI port", help="Offer a port to others"))
    tree.add(Parameter("/output/midi/channel", 1, Linear(1, 16, 1, 0), title="MIDI channel"))
    voices = Steps(("piano", "strings"))
    tree.add(Parameter("/output/synth/voice", 0, voices, title="Synth voice", help="The built-in synth's sound"))
    tree.add(Parameter("/output/synth/gain", 0.8, Linear(0, 1), title="Synth level"))
