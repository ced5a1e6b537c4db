"""Lines of the table of bindings as sessions, profiles and recordings store them.

What is read may have been written by anybody, so every field is looked at before a hand can move it: a fault is a
sentence when the file is opened, and never one in the middle of the music.
"""

from __future__ import annotations

import math

from app.binding_deed import MOVES
from app.binding_line import Binding, Source
from app.encoder import ENCODINGS
from app.take_over import MODES

TEXTS = ("value", "rest", "arguments", "values")  # The fields of a move that may be texts.
LATER = ("gives",)  # Came after the first sessions, and is stored only where it says something.
ROWS = ("arguments", "values")  # Those that are several.
LIMITS = {"start": (0.0, 1.0), "end": (0.0, 1.0), "curve": (-1.0, 1.0)}


def to_json(binding: Binding) -> dict[str, object]:
    """Return a line as a session stores it."""
    name = next(name for name, kind in MOVES.items() if type(binding.move) is kind)
    move = {field: getattr(binding.move, field) for field in binding.move.__dataclass_fields__}
    for field in LATER:
        if not move.get(field, True):
            del move[field]
    source: dict[str, object] = {
        "kind": binding.source.kind,
        "name": binding.source.name,
        "index": binding.source.index,
    }
    if binding.source.port:
        source["port"] = binding.source.port
    return {"source": source, "target": binding.target, "move": name, **move}


def from_json(line: dict[str, object]) -> Binding:
    """Read a line that `to_json` wrote; ValueError says what is wrong with it."""
    try:
        parts = dict(line)
        source, target, move = parts.pop("source"), parts.pop("target"), MOVES[str(parts.pop("move"))]
        if not isinstance(source, dict) or not isinstance(target, str):
            raise TypeError("source or target has the wrong shape")
        for name in ROWS:
            if name in parts:
                parts[name] = _row(name, parts[name])
        port = str(source.get("port", ""))
        found = Source(str(source["kind"]), str(source["name"]), int(source.get("index", 0)), port)
        _check(parts)
        return Binding(found, target, move(**parts))  # type: ignore[arg-type]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"a binding cannot be read ({error!r}): {line!r}") from error


def _check(fields: dict[str, object]) -> None:
    """Raise TypeError for a field that would fail only when its hand moves."""
    for name, value in fields.items():
        choices: tuple[str, ...] | None = {"take_over": ("", *MODES), "encoding": ENCODINGS}.get(name)
        values = value if isinstance(value, tuple) else (value,)
        if choices is not None and value not in choices:
            raise TypeError(f"{name} is {value!r}: use one of {', '.join(choices)}")
        if choices is None and not all(_is_argument(one, name in TEXTS) for one in values):
            raise TypeError(f"{name} is {value!r}")
        low, high = LIMITS.get(name, (-math.inf, math.inf))
        if isinstance(value, int | float) and not low <= value <= high:
            raise TypeError(f"{name} is {value!r}: it lies between {low:g} and {high:g}")


def _row(name: str, value: object) -> tuple[object, ...]:
    """Return a field that is several; TypeError for a text, which would be taken letter by letter."""
    if not isinstance(value, list | tuple):
        raise TypeError(f"{name} is {value!r}: write a list")
    return tuple(value)


def _is_argument(value: object, may_be_text: bool) -> bool:
    if isinstance(value, str):
        return may_be_text
    return isinstance(value, int | float) and math.isfinite(value)
