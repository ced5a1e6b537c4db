"""Who speaks in the routing matrix: the Listener, the Follower, the Composer, the Rules, and whoever plays MIDI.

Played notes stand beside the players, for to be played and to be composed is the same to what listens. A controller
that is plugged in has its own rows; others, and single channels, are added by hand and stay while they are used.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.binding import PITCH, PLAYED, Binding, Source
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.panel.route import LABEL, sources

CHANNELS = 16
COMPOSED = "/composer/note"


@dataclass(frozen=True, slots=True)
class Origin:
    """A row.

    Attributes: `title`, `source`, `span` (the range of a number; None: it is pressed, or said), `is_pitch` (it may pick
    by key).
    """

    title: str
    source: Source
    span: tuple[float, float] | None = None
    is_pitch: bool = False

    @property
    def key(self) -> str:
        """What the row is called in the table of bindings."""
        return row_key(self.source.show(), self.source.port)


def row_key(source: str, port: str) -> str:
    return f"{source} {port}".strip()


def played_rows(port: str = "", channel: int = 0) -> list[Origin]:
    """Return the rows of the notes of a controller ("": of any) on a channel (0: on any)."""
    who = (port or "any controller") + (f", channel {channel}" if channel else "")
    return [
        Origin(f"Played {who}, loudness", Source("midi", PLAYED, channel, port), (0.0, 1.0)),
        Origin(f"Played {who}, pitch", Source("midi", PITCH, channel, port), (0.0, 1.0), True),
    ]


def is_played(source: Source) -> bool:
    """Tell whether a source is any note of a controller."""
    return source.kind == "midi" and source.name in (PLAYED, PITCH)


def routes(desk: Desk) -> list[Binding]:
    """Return the bindings that the matrix shows: of players' outputs and of played notes."""
    return [one for one in desk.engine.bindings if one.source.kind == "output" or is_played(one.source)]


def origins(desk: Desk, picture: Snapshot, added: list[Origin]) -> list[Origin]:
    """Return who speaks: Listener's labels and numbers, Follower's hits, Composer's and played notes, the Rules."""
    page = desk.page(picture)
    silent = {LABEL + label.name for label in page.labels if not page.counts.get(label.number)}
    found = [
        Origin(f"Listener {name}", source, None if move is None else (move.low, move.high))
        for name, source, move in sources(page)
        if source.name not in silent  # What has no examples is never heard.
    ]
    hits = dict.fromkeys(channel.name for channel in picture.follower.channels)
    found += [Origin(f"Follower {name}", Source("output", f"/follower/hit/{name}")) for name in hits]
    found.append(Origin("Composer note, loudness", Source("output", COMPOSED), (0.0, 1.0)))
    found.append(Origin("Composer note, pitch", Source("output", COMPOSED, 1), (0.0, 1.0), True))
    found += played_rows()
    for controller in picture.mapping.controllers:
        if controller.state == "open":
            found += played_rows(controller.name)
    labels = [count.label for count in picture.rules.labels if count.label]
    found += [Origin(f"Rules {label}", Source("output", f"/rules/label/{label}")) for label in labels]
    known = {origin.source for origin in found}
    found += [origin for origin in added if origin.source not in known]
    return found + _others(desk, {origin.source for origin in found})


def _others(desk: Desk, known: set[Source]) -> list[Origin]:
    """Return rows for what is bound though nobody speaks so now."""
    found: list[Origin] = []
    for source in dict.fromkeys(one.source for one in routes(desk) if one.source not in known):
        rows = played_rows(source.port, source.index) if is_played(source) else []
        plain = Origin(source.show(), source, (0.0, 1.0))
        found.append(next((row for row in rows if row.source == source), plain))
    return found
