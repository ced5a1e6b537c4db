"""What the window may see of the ports' traffic."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PortRate:
    """One port in one direction.

    Attributes: `name` ("osc in"), `per_s` (messages in the last second), `total`, `errors` (what could not be read or
    sent), `ago` (seconds since the last message, None: never).
    """

    name: str
    per_s: float
    total: int
    errors: int
    ago: float | None


@dataclass(frozen=True, slots=True)
class MonitorState:
    """Attributes: `ports`, `paused`, `filter` (address pattern, "" for all), `unknown` (the last unknown address)."""

    ports: tuple[PortRate, ...] = ()
    paused: bool = False
    filter: str = ""
    unknown: str = ""
