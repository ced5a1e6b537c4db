"""A recording in a file: where everything stood, what came in, what left.

JSON lines, so that any program (and any eye) can read it: a head, a line for each thing that happened, an end. A
recording is also the best report of a fault: run again, it does the same.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.recorder_tape import EVENT, FRAME, ITEM, MOVE, PANIC, PLACE, RELEASE, TURN, Entry

KIND, FORMAT = "understudy recording", 1
NAMES = {TURN: "turn", ITEM: "in", EVENT: "out", RELEASE: "release", PANIC: "panic", PLACE: "place"}
NAMES |= {MOVE: "move", FRAME: "frame"}
KINDS = {name: kind for kind, name in NAMES.items()}
MOST_FILES = 8 << 20  # Bytes of a session's own files that a recording takes along.
LONGEST = 64 << 20  # Bytes of one line.


class RecordingError(Exception):
    """A recording cannot be read: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where everything stood.

    Attributes: `start` and `end` (seconds of the clock), `seed`, `whole` (it begins with the instrument itself, so that
    it can be repeated exactly), `session` (as in a session's file), `beat` (of the transport), `playing`, `made` (day
    and time), `version` (of the instrument), `files` (the session's own, by path), `notes` (what it cannot hold).
    """

    start: float
    end: float
    seed: int
    whole: bool
    session: dict[str, Any]
    beat: float = 0.0
    playing: bool = False
    made: str = ""
    version: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recording:
    """Attributes: `head`, `entries` (as the memory keeps them)."""

    head: Head
    entries: tuple[Entry, ...]


def lines_of(head: Head, entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the lines of a file."""
    plain = {name: getattr(head, name) for name in Head.__dataclass_fields__ if name not in ("files", "notes")}
    files = {path: base64.b64encode(data).decode() for path, data in head.files.items()}
    yield _text({"kind": KIND, "format": FORMAT, **plain, "files": files, "notes": list(head.notes)})
    count = 0
    for entry in entries:
        count += 1
        yield _text([NAMES[entry[0]], *entry[1:]])
    yield _text(["end", head.end, count])


def write(path: Path, head: Head, entries: Iterable[Entry]) -> None:
    """Write a recording, whole or not at all; OSError if it cannot be."""
    from app.file import write_lines

    write_lines(path, lines_of(head, entries))


def read(path: Path) -> Recording:
    """Return a recording; RecordingError says what is wrong with it and where."""
    try:
        with path.open(encoding="utf-8", errors="strict") as file:
            head = _head(path, file.readline(LONGEST))
            entries: list[Entry] = []
            ended = False
            while line := file.readline(LONGEST):
                found = _entry(path, len(entries) + 2, line)
                if found is None:
                    ended = True
                    break
                entries.append(found)
    except OSError as error:
        raise RecordingError(f"{path} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise RecordingError(f"{path} is no recording: it is no text") from error
    if not ended:
        raise RecordingError(f"{path} is cut off after line {len(entries) + 1}: copy it again, whole")
    return Recording(head, tuple(entries))


def _head(path: Path, line: str) -> Head:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise RecordingError(f"{path} is no recording of this instrument: its first line is no JSON") from error
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise RecordingError(f"{path} is no recording of this instrument")
    if not isinstance(found.get("format"), int) or found["format"] > FORMAT:
        raise RecordingError(f"{path} was made by a newer version ({found.get('format')}); update the instrument")
    try:
        files = {str(name): base64.b64decode(data) for name, data in found.get("files", {}).items()}
        return Head(
            float(found["start"]),
            float(found["end"]),
            int(found["seed"]),
            bool(found["whole"]),
            dict(found["session"]),
            float(found.get("beat", 0.0)),
            bool(found.get("playing", False)),
            str(found.get("made", "")),
            str(found.get("version", "")),
            files,
            tuple(map(str, found.get("notes", []))),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordingError(f"{path}, line 1: {error!r} is missing or of the wrong kind; record it anew") from error


def _entry(path: Path, number: int, line: str) -> Entry | None:
    """Return what a line says, None for the end."""
    try:
        name, seconds, *rest = _value(json.loads(line))
        if name == "end":
            return None
        return KINDS[name], float(seconds), *rest
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise RecordingError(f"{path}, line {number} cannot be read ({error!r}); the file was damaged") from error


# --- values ---------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _plain(value: Any) -> Any:
    """Return a value that JSON can hold: bytes and what is no finite number are spelled out."""
    if isinstance(value, bytes | bytearray):
        return {"bytes": value.hex()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | None) else str(value)


def _value(value: Any) -> Any:
    """Undo `_plain`; lists become tuples."""
    if isinstance(value, list):
        return tuple(_value(one) for one in value)
    if isinstance(value, dict):
        if value.keys() == {"bytes"}:
            return bytes.fromhex(value["bytes"])
        if value.keys() == {"float"}:
            return float(value["float"])
        return {key: _value(one) for key, one in value.items()}
    return value
