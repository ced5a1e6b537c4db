"""Values to arrays and JSON and back, by the fields of their dataclass.

Every compiled model is a frozen dataclass of arrays, tuples of arrays and plain numbers, so one pair of functions
stores them all, and adding a model adds no code for files.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, TypeVar

import numpy as np

from app.model.base import Arrays, Meta, ModelError

Packed = TypeVar("Packed")


def pack(value: Any) -> tuple[Arrays, Meta]:
    """Return a dataclass's arrays by name (a tuple of arrays as name.0, name.1...) and its other fields."""
    arrays: Arrays = {}
    meta: Meta = {}
    for field in (field for field in fields(value) if field.init):
        content = getattr(value, field.name)
        if isinstance(content, np.ndarray):
            arrays[field.name] = content
        elif isinstance(content, tuple) and content and isinstance(content[0], np.ndarray):
            arrays |= {f"{field.name}.{place}": array for place, array in enumerate(content)}
            meta[field.name] = {"arrays": len(content)}
        else:
            meta[field.name] = list(content) if isinstance(content, tuple) else content
    return arrays, meta


def unpack(kind: type[Packed], arrays: Arrays, meta: Meta) -> Packed:
    """Rebuild what `pack` took apart; ModelError if something is missing."""
    given: dict[str, Any] = {}
    for field in (field for field in fields(kind) if field.init):  # type: ignore[arg-type]
        content = meta.get(field.name)
        if field.name in arrays:
            given[field.name] = arrays[field.name]
        elif isinstance(content, dict) and set(content) == {"arrays"}:
            names = [f"{field.name}.{place}" for place in range(int(content["arrays"]))]
            if missing := [name for name in names if name not in arrays]:
                raise ModelError(f"The model lacks the array {missing[0]}: train it again.")
            given[field.name] = tuple(arrays[name] for name in names)
        elif field.name in meta:
            given[field.name] = tuple(content) if isinstance(content, list) else content
        else:
            raise ModelError(f"The model lacks {field.name}: train it again.")
    return kind(**given)


def prefixed(prefix: str, arrays: Arrays) -> Arrays:
    """Return arrays under names that begin with a prefix."""
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def under(prefix: str, arrays: Arrays) -> Arrays:
    """Return the arrays whose names begin with a prefix, without it."""
    return {name[len(prefix) + 1 :]: array for name, array in arrays.items() if name.startswith(prefix + ".")}
