"""What the sending process answers, for the screen and the monitor: states of ports, what was sent, and how late."""

from __future__ import annotations

from collections.abc import Callable

from app.command import Reply, Report, Silent, Status
from app.monitor import Monitor
from app.snapshot import DeviceState


class Reports:
    """Attributes: `states` (name of a port -> DeviceState)."""

    def __init__(self, monitor: Monitor, say: Callable[[str, str], None]) -> None:
        """`say` tells the performer something: its level and a sentence."""
        self.states: dict[str, DeviceState] = {}
        self._monitor, self._say = monitor, say

    def take(self, now: float, reply: Reply) -> None:
        """Take what was answered at a time of the clock."""
        if isinstance(reply, Status):
            if reply.device == "synth" and reply.state in ("open", "closed"):
                return  # Its own process tells that better.
            self._note_state(DeviceState(reply.device, reply.state, reply.text))
        elif isinstance(reply, Report):
            self._monitor.late(now, reply.late_ms)
            self._monitor.counts["dropped"] += reply.dropped
            self._monitor.counts["output errors"] += len(reply.errors)
            self._monitor.realtime = reply.realtime
            for error in reply.errors:
                self._say("warning", error)
            for device, count in reply.sent.items():
                if count:
                    self._monitor.active[f"{device} out"] = now
                    self._monitor.counts[f"{device} out"] += count
        elif isinstance(reply, Silent) and reply.sounding_released:
            self._monitor.counts["released"] += reply.sounding_released

    def _note_state(self, state: DeviceState) -> None:
        before = self.states.get(state.name)
        self.states[state.name] = state
        if before is not None and (before.state, before.text) == (state.state, state.text):
            return
        if state.state in ("waiting", "failed"):
            self._monitor.counts["ports lost"] += before is not None and before.state == "open"
            self._say("warning", state.text)
        elif before is not None and before.state in ("waiting", "failed") and state.state == "open":
            self._say("info", f"{state.name} is back: {state.text}")
