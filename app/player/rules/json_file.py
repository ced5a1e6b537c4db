"""Presets in JSON, in any of the shapes that programs write them in.

A list of presets, each an object with a label beside or above its parameters, or a list with the label last; a group
of presets for each label; or names and values apart, as they are written here. All presets must have the same
parameters: one that lacks some is refused with its number.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.dataset_file.text import encoding_of, reading
from app.player.rules.preset import MOST_PRESETS, Preset, Presets, RulesError, label_of, unique_names, verified

LABEL_NAMES = frozenset(("label", "labels", "class", "category", "target"))
VALUE_NAMES = ("values", "parameters", "params")


def read(path: Path) -> tuple[Presets, tuple[str, ...]]:
    """Return a file's presets and notes for the performer; RulesError or DatasetError say what is wrong where."""
    encoding, notes = encoding_of(path)
    with reading(path):
        text = path.read_text(encoding=encoding)
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RulesError(f"{path.name} is no JSON ({error}); export it again") from error
    names, rows = _rows_of(data, path)
    if not rows:
        raise RulesError(f"{path.name} holds no presets; keep or export some first")
    if len(rows) > MOST_PRESETS:
        raise RulesError(f"{path.name} holds {len(rows)} presets; {MOST_PRESETS} at most can be read: split the file")
    keys = names or list(dict.fromkeys(key for values, _ in rows if isinstance(values, dict) for key in values))
    numbered = enumerate(rows, 1)
    made = [Preset(_values(values, keys, number, path), label_of(label)) for number, (values, label) in numbered]
    try:
        table = verified(Presets(tuple(unique_names(keys, len(made[0].values))), tuple(made)))
    except RulesError as error:
        raise RulesError(f"{path.name}: {error}") from error
    return table, notes


def _rows_of(data: Any, path: Path) -> tuple[list[str], list[tuple[Any, Any]]]:
    """Return names, if there are any, and (values, label) of each preset in any of the usual shapes."""
    names: list[str] = []
    if isinstance(data, dict) and isinstance(data.get("presets"), list):
        names = [str(name) for name in data.get("names") or []]
        data = data["presets"]
    if isinstance(data, dict) and data and all(isinstance(group, list) for group in data.values()):
        return names, [(values, label) for label, group in data.items() for values in group]
    if not isinstance(data, list):
        raise RulesError(f"{path.name}: a list of presets is expected; see the help for an example")
    return names, [_labelled(entry, number, path) for number, entry in enumerate(data, 1)]


def _labelled(entry: Any, number: int, path: Path) -> tuple[Any, Any]:
    if isinstance(entry, list) and len(entry) > 1:
        return entry[:-1], entry[-1]
    if isinstance(entry, dict):
        key = next((key for key in entry if key.casefold() in LABEL_NAMES), None)
        inner = next((entry[k] for k in VALUE_NAMES if isinstance(entry.get(k), (list, dict))), None)
        if key is not None:
            rest = {name: value for name, value in entry.items() if name != key}
            return (rest if inner is None else inner), entry[key]
    raise RulesError(f'preset {number} of {path.name}: it has no label; give each preset one under "label"')


def _values(values: Any, keys: Sequence[str], number: int, path: Path) -> tuple[Any, ...]:
    if isinstance(values, list):
        return tuple(values)
    if not isinstance(values, dict):
        raise RulesError(f"preset {number} of {path.name}: {str(values)[:40]!r} is no list of values")
    missing = [key for key in keys if key not in values]
    if missing or len(values) != len(keys):
        named = missing[0] if missing else next(key for key in values if key not in keys)
        raise RulesError(f"preset {number} of {path.name}: {named!r} is not in every preset")
    return tuple(values[key] for key in keys)
