"""One line of the table of bindings: this source moves that target, in this way.

A source is a kind and a name, so a new kind of hand is a new kind of name and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.binding_deed import Move, Step

KINDS = ("key", "osc", "output", "midi")
NOTES = ("/composer/note", "/follower/hit/")  # Outputs that are notes, which end.
PLAYED, PITCH = "note", "pitch"  # Any note of a controller, by loudness and by pitch.


@dataclass(frozen=True, slots=True)
class Source:
    """Where a hand comes in.

    Attributes: `kind` ("key", "osc", "output": a player's, "midi"), `name` (a key such as "Shift+T", an OSC address,
    an output's address, "cc21"), `index` (which argument of an OSC message; the channel of MIDI, 0 for any), `port`
    (the name of a MIDI controller, "" for any).
    """

    kind: str
    name: str
    index: int = 0
    port: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is no kind of source: use one of {', '.join(KINDS)}")

    def show(self) -> str:
        if self.kind == "midi":
            return f"{self.name} ch{self.index}" if self.index else self.name
        return f"{self.name}[{self.index}]" if self.index else self.name

    @property
    def is_note(self) -> bool:
        """Whether it is a note, played or composed: one that ends when the music does."""
        if self.kind == "midi":
            return self.name.startswith((PLAYED, PITCH))
        return self.kind == "output" and self.name.startswith(NOTES)


@dataclass(frozen=True, slots=True)
class Binding:
    """One line of the table.

    Attributes: `source`, `target` (address of a Parameter or an Action), `move` (what the source does to it),
    `factory` (True: came with the instrument, so a session does not store it), `profile` (True: belongs to the
    performer's profile of its controller and stands in every session, so a session does not store it either).
    """

    source: Source
    target: str
    move: Move
    factory: bool = False
    profile: bool = False

    @property
    def label(self) -> str:
        """A short text for the badge beside a control: "T +", "/accel"."""
        if isinstance(self.move, Step):
            return f"{self.source.show()} {'+' if self.move.amount > 0 else '−'}"
        return self.source.show()

    @property
    def own(self) -> bool:
        """Whether it belongs to the session alone."""
        return not (self.factory or self.profile)
