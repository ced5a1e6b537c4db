"""A scene on its way: numbers glide along their faders, choices and texts change at its start or at its end.

Whoever takes hold of a value while it glides keeps it: the glide sees that it was moved and lets go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.parameter import AnyParameter, Linear, Log, Parameter, Tree
from app.scene_file import Stored
from app.transport import Transport

Say = Callable[[str, str], None]
START, END = "start", "end"


@dataclass(slots=True)
class Glide:
    """A Parameter on its way.

    Attributes: `address`, `start` and `end` (positions on its fader; None: it changes at the end), `exact` (the value
    where it ends), `version` (as the glide left it).
    """

    address: str
    start: float | None
    end: float
    exact: float | str
    version: int


class Morph:
    """Moves values towards a scene. Attributes: `share` (of the way that is done, 0..1; 1 where nothing is on it)."""

    def __init__(self, tree: Tree, transport: Transport, say: Say) -> None:
        self.share = 1.0
        self._tree, self._transport, self._say = tree, transport, say
        self._glides: list[Glide] = []
        self._from = self._over = 0.0

    def stop(self) -> None:
        """Leave everything where it is."""
        self._glides, self.share = [], 1.0

    def put(self, values: Stored) -> None:
        """Let values stand at once."""
        self.stop()
        for address, value in values.items():
            found = self._tree.find(address)
            if found is not None:
                self._set(found, value)

    def begin(self, values: Stored, beat: float, beats: float, choices: str) -> None:
        """Go to values from a beat on; a scene that is still on its way is left where it is.

        `choices` says when what cannot glide changes: START or END.
        """
        self.stop()
        self._from, self._over = beat, beats
        for address, wanted in values.items():
            found = self._tree.find(address)
            if found is None:
                continue
            if beats > 0 and glides(found, wanted) and isinstance(found, Parameter):
                end = found.curve.position(float(wanted))
                self._glides.append(Glide(address, found.position, end, wanted, found.version))
            elif beats > 0 and choices == END:
                self._glides.append(Glide(address, None, 1.0, wanted, found.version))
            else:
                self._set(found, wanted)
        self.share = 0.0 if self._glides else 1.0

    def tend(self) -> None:
        """Move what is on its way; where the music stands it arrives at once."""
        if not self._glides:
            self.share = 1.0
            return
        beat = self._transport.beat
        share = min(max(beat - self._from, 0.0) / self._over, 1.0) if self._transport.playing else 1.0
        self._glides = [glide for glide in self._glides if self._move(glide, share)]
        self.share = share
        if share >= 1:
            self._glides = []

    def _move(self, glide: Glide, share: float) -> bool:
        """Move one value; return whether it is still the glide's to move."""
        found = self._tree.find(glide.address)
        if found is None or found.version != glide.version:
            return False
        if share >= 1:
            self._set(found, glide.exact)
        elif glide.start is not None and isinstance(found, Parameter):
            found.set(found.curve.value(glide.start + share * (glide.end - glide.start)), "scene")
        glide.version = found.version
        return True

    def _set(self, parameter: AnyParameter, value: float | str) -> None:
        """Set one value; a choice that is gone (a deleted model) is told, and the rest of the scene still comes."""
        try:
            parameter.set(value, "scene")
        except ValueError as error:
            self._say("warning", f"Scene: {error}")


def glides(parameter: AnyParameter, wanted: float | str) -> bool:
    """Tell whether a value can go to another step by step."""
    is_range = isinstance(parameter, Parameter) and isinstance(parameter.curve, Linear | Log)
    return is_range and not isinstance(wanted, str)
