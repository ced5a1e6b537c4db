"""What a scene is, and how scenes are kept in a session's folder.

As JSON that a person can read. Values of parts that are not here stay in it and are written back.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.action import Argument

FILE = "scenes.json"
MOST = 128  # As many as there are MIDI programs.
LEAST_BEATS, MOST_BEATS = 0.25, 4096.0  # Of a scene that is followed by another.
Stored = dict[str, float | str]


class SceneError(ValueError):
    """A scene cannot be kept or called: what, and what to do."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Attributes: `number` (1..128), `name`, `values` (address -> what a session would keep), `then` (the number of the
    scene that follows it, 0: none) and `beats` (after so many)."""

    number: int
    name: str
    values: Stored
    then: int = 0
    beats: float = 0.0


def number_of(wanted: Argument) -> int:
    """Return a scene's number; SceneError if it can be none."""
    try:
        number = int(float(wanted))
    except (ValueError, OverflowError) as error:
        raise SceneError(f"{wanted!r} is no scene: write 1 to {MOST}, or the name of one that is kept") from error
    if not 1 <= number <= MOST:
        raise SceneError(f"Scenes are numbered 1 to {MOST}, not {number}")
    return number


def beats_of(given: Argument) -> float:
    """Return after how many beats a scene is followed; SceneError if that is no time."""
    try:
        beats = float(given)
    except ValueError as error:
        raise SceneError(f"{given!r} is no number of beats; write such as 16") from error
    if not LEAST_BEATS <= beats <= MOST_BEATS:
        raise SceneError(f"A scene is followed after {LEAST_BEATS:g} to {MOST_BEATS:g} beats, not {beats:g}")
    return beats


def scenes_text(scenes: Iterable[Scene], called: int = 0) -> str:
    """Return scenes as the text of a file; `called` is the number of the one that one stands in, 0: none."""
    return json.dumps([_line(scene, called) for scene in scenes], indent=1, ensure_ascii=False)


def _line(scene: Scene, called: int) -> dict[str, Any]:
    line: dict[str, Any] = {"number": scene.number, "name": scene.name, "values": scene.values}
    then = {"then": scene.then, "beats": scene.beats} if scene.then else {}
    return {**line, **then, **({"called": True} if scene.number == called else {})}


def read_scenes(path: Path) -> tuple[list[Scene], int]:
    """Return the scenes of a file and the number of the one that one stood in (0: none); SceneError if it is none."""
    try:
        lines = json.loads(path.read_text(encoding="utf-8"))
        scenes = [_scene(line) for line in lines]
        return scenes, next((scene.number for scene, line in zip(scenes, lines, strict=True) if line.get("called")), 0)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise SceneError(f"{path} holds no scenes to be read ({error}); the rest of the session is kept") from error


def _scene(line: dict[str, Any]) -> Scene:
    values = dict(line["values"])
    for address, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise SceneError(f"{address} has no value")
        if not isinstance(value, str) and not math.isfinite(value):
            raise SceneError(f"{address} is not a number")
    then = number_of(line["then"]) if line.get("then") else 0
    return Scene(number_of(line["number"]), str(line["name"]), values, then, beats_of(line["beats"]) if then else 0.0)
