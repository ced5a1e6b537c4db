"""The columns of a mixer as one text, so that a session keeps their names, order and switches.

JSON, a row a column, because names may hold any character: `[["osc", "osc 1", "tilt", 1], ...]` is the input, the
value at the input, its name and whether it is on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from app.mixer import Column

HOW = 'columns are rows of [input, value, name, 1 or 0], such as [["osc", "osc 1", "tilt", 1]]'


def show_columns(columns: Iterable[Column]) -> str:
    """Return the text that `read_columns` reads."""
    rows = [[one.source, one.feature, one.name, int(one.enabled)] for one in columns]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":")) if rows else ""


def read_columns(text: str) -> tuple[Column, ...]:
    """Return the columns of a text, () for an empty one; ValueError says which row is wrong."""
    if not text.strip():
        return ()
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{HOW}; this cannot be read ({error})") from error
    if not isinstance(rows, list):
        raise ValueError(HOW)
    return tuple(_column(place, row) for place, row in enumerate(rows, 1))


def _column(place: int, row: object) -> Column:
    match row:
        case [str(source), str(feature), str(name), bool() | 0 | 1 as enabled] if name.strip():
            return Column(source, feature, name.strip(), bool(enabled))
    raise ValueError(f"row {place}: {HOW}")
