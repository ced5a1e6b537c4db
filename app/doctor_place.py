"""Where the doctor looks: a session's folder and the destinations that it plays to.

The command asks about the session that will be played, so a port that is off there is not missed, and a receiver on
another computer is the one that gets the test note.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look.

    Attributes: `folder` (of the session), `host` and `port` (where OSC goes; host "": it is off), `midi` (a port out by
    name, "" takes the first; None: it is off), `virtual` (it is a port of our own), `synth` (whether it is on),
    `seconds` (how long the clock is watched).
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 56120
    midi: str | None = None
    seconds: float = 2.0
    virtual: bool = False
    synth: bool = True


def place_of(folder: Path, stored: Mapping[str, Any], seconds: float = 2.0) -> Place:
    """Return where a session plays to; `stored` are its values by address, as it keeps them: switches by name."""

    def is_on(name: str, default: str = "off") -> bool:
        return str(stored.get(f"/output/{name}", default)) in ("on", "1", "1.0", "True")

    port = stored.get("/output/osc/port", 56120)
    return Place(
        folder,
        str(stored.get("/output/osc/host", "127.0.0.1")) if is_on("osc/on", "on") else "",
        int(port) if isinstance(port, int | float) and 1 <= port <= 65535 else 56120,
        str(stored.get("/output/midi/port", "")) if is_on("midi/on") else None,
        seconds,
        is_on("midi/virtual"),
        is_on("synth/on", "on"),
    )
