"""The engine's picture: everything the window may see, put together from those who know it."""

from __future__ import annotations

from collections.abc import Iterable

from app.history import History
from app.monitor import Monitor
from app.output import Outputs
from app.roll import Roll
from app.snapshot import DeviceState, Snapshot
from app.transport import Transport

PICTURE_BARS = 16
LIGHTS = ("osc in", "midi in", "osc out", "midi out")


def take_picture(
    transport: Transport, monitor: Monitor, outputs: Outputs, roll: Roll, history: History, osc_port: int
) -> Snapshot:
    """Return the instrument at this moment; players and jobs add their own parts."""
    now, beat = transport.clock.now(), transport.beat
    devices = tuple(outputs.states.values())
    return Snapshot(
        playing=transport.playing,
        bpm=transport.bpm,
        beat=beat,
        beats_per_bar=transport.beats_per_bar,
        load=monitor.load,
        late_ms=monitor.worst_late_ms(now),
        lights=_lights(now, monitor, devices, osc_port),
        devices=devices,
        level=outputs.level,
        notes=roll.picture(beat - PICTURE_BARS * transport.beats_per_bar),
        log=tuple(monitor.log),
        messages=tuple(monitor.shown),
        undo=history.next_undo,
        redo=history.next_redo,
        osc_port=osc_port,
    )


def _lights(now: float, monitor: Monitor, devices: Iterable[DeviceState], osc_port: int) -> dict[str, float | None]:
    """Return, by light, the seconds since something passed; None where the port is closed."""
    open_ports = {f"{state.name} out" for state in devices if state.state == "open"}
    if osc_port:
        open_ports.add("osc in")
    return {light: now - monitor.active.get(light, float("-inf")) if light in open_ports else None for light in LIGHTS}
