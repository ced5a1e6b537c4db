"""What the Parameters say about the ports out, as descriptions that the dispatcher understands.

A description is a value: two that are equal need no reopening, so whoever turns a Parameter back and forth hears
nothing of it. A message for a receiver of its own gets a port of its own, so that it leaves on its beat like all else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from app.command import Command, Reply
from app.device.base import DeviceSpec
from app.parameter import Linear, Parameter, Steps, TextParameter, Tree, switch

KINDS = ("osc", "midi", "synth")
PORTS = tuple(f"/output/{kind}/" for kind in KINDS)
# Parts that name their own channel.
CHANNEL_PARTS = tuple((f"{part}:{channel}", channel) for part in ("drums", "listener") for channel in range(1, 17))
MOST_RECEIVERS = 16
LIGHTS = "lights"  # The way back to controllers: the name of its ports and parts.
Address = tuple[str, int]


class Sink(Protocol):
    """The near side of a dispatcher."""

    @property
    def alive(self) -> bool:
        """Whether it takes commands."""

    def start(self) -> None:
        """Start it, or start it anew."""

    def send_all(self, commands: Sequence[Command]) -> None:
        """Hand commands over, in order."""

    def wait(self, seconds: float) -> None:
        """Return when it sends, or after some seconds."""

    def poll(self) -> list[Reply]:
        """Return what it answered since the last call."""

    def stop(self) -> None:
        """Silence and end it."""


class Ports:
    """Reads the Parameters. Attributes: `tree`, `controllers` (names of those that are shown what moves)."""

    def __init__(self, tree: Tree) -> None:
        """Add the Parameters of the ports to a tree."""
        self.tree = tree
        self.controllers: tuple[str, ...] = ()
        self._receivers: dict[Address, DeviceSpec] = {}
        add_parameters(tree)

    def is_on(self, kind: str) -> bool:
        """Return whether a kind of port is switched on."""
        return bool(self.tree.number(f"/output/{kind}/on").value)

    @property
    def receiver(self) -> Address | None:
        """Where OSC goes, None while it is off."""
        if not self.is_on("osc"):
            return None
        return self.tree.text("/output/osc/host").value, int(self.tree.number("/output/osc/port").value)

    def own(self, to: Address) -> tuple[str, bool]:
        """Return the name of a receiver's own port, and whether it is new; the oldest gives way where they are many."""
        spec = self._receivers.get(to)
        if spec is not None:
            return spec.name, False
        host, port = to
        if len(self._receivers) >= MOST_RECEIVERS:
            del self._receivers[next(iter(self._receivers))]
        self._receivers[to] = DeviceSpec(f"osc to {host}:{port}", "osc", (("host", host), ("port", port)))
        return self._receivers[to].name, True

    def specs(self, synth_port: int | None) -> tuple[DeviceSpec, ...]:
        """Return the ports that are wanted; `synth_port` is where the built-in synth listens (None: it does not)."""
        specs = []
        receiver = self.receiver
        if receiver is not None:
            specs.append(self._spec("osc", {"host": receiver[0], "port": receiver[1]}))
        if self.is_on("midi"):
            specs.append(self._midi())
        if self.is_on("synth") and synth_port is not None:
            specs.append(self._spec("synth", {"host": "127.0.0.1", "port": synth_port}))
        lights = (DeviceSpec(f"{LIGHTS} {name}", "midi", (("port", name), ("raw", 1))) for name in self.controllers)
        return (*specs, *self._receivers.values(), *lights)

    def _midi(self) -> DeviceSpec:
        tree = self.tree
        found = self._spec(
            "midi",
            {
                "port": tree.text("/output/midi/port").value,
                "virtual": int(tree.number("/output/midi/virtual").value),
                "exact": int(tree.number("/output/midi/exact").value),
                "channel": int(tree.number("/output/midi/channel").value),
            },
        )
        return replace(found, options=tuple(sorted((*found.options, ("channels", CHANNEL_PARTS)))))

    def _spec(self, kind: str, options: Mapping[str, str | int]) -> DeviceSpec:
        latency_ms = self.tree.number(f"/output/{kind}/latency").value
        return DeviceSpec(kind, kind, tuple(sorted(options.items())), latency_ms)


def add_parameters(tree: Tree) -> None:
    """Add what says which ports are on and where they lead."""
    for kind, title in (("osc", "OSC"), ("midi", "MIDI"), ("synth", "Synth")):
        default = 0.0 if kind == "midi" else 1.0
        tree.add(Parameter(f"/output/{kind}/on", default, switch(), title=title, help=f"Send to {title}"))
        latency = Linear(-100, 500, digits=0)
        tree.add(Parameter(f"/output/{kind}/latency", 0, latency, "ms", f"{title} latency", "Added to each due time"))
    tree.add_text(TextParameter("/output/osc/host", "127.0.0.1", "OSC host", "Where OSC messages go"))
    tree.add(Parameter("/output/osc/port", 56120, Linear(1, 65535, 1, 0), title="OSC port", help="Its UDP port"))
    tree.add_text(TextParameter("/output/midi/port", "", "MIDI port", "Name of the port; part of it is enough"))
    tree.add(Parameter("/output/midi/virtual", 0, switch(), title="Virtual MIDI port", help="Offer a port to others"))
    told = "On JACK each message at its very frame; off: at the start of a block, with less work in the server's cycle"
    tree.add(Parameter("/output/midi/exact", 1, switch(), title="Exact on JACK", help=told))
    tree.add(Parameter("/output/midi/channel", 1, Linear(1, 16, 1, 0), title="MIDI channel"))
    voices = Steps(("piano", "strings"))
    tree.add(Parameter("/output/synth/voice", 0, voices, title="Synth voice", help="The built-in synth's sound"))
    tree.add(Parameter("/output/synth/gain", 0.8, Linear(0, 1), title="Synth level"))
