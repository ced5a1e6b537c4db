"""One OSC message as bytes.

The dispatcher sends inside its time-critical loop, where building a message with python-osc takes six times as
long as this table of four types does. Receiving is not so urgent and uses python-osc.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache

Argument = int | float | str


def encode(address: str, arguments: Sequence[Argument] = ()) -> bytes:
    """Return an OSC 1.0 message: int as i (h beyond 32 bits), float as f, str as s (UTF-8), bool as T or F.

    OverflowError for an int beyond 64 bits or a float beyond 32; TypeError for any other type.
    """
    tags = "".join(map(_tag, arguments))
    data = b"".join(_field(tag, value) for tag, value in zip(tags, arguments, strict=True))
    return _header(address, tags) + data


@lru_cache(maxsize=512)
def _header(address: str, tags: str) -> bytes:
    return _text(address) + _text("," + tags)


def _tag(value: Argument) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    if isinstance(value, int):
        return "i" if -(2**31) <= value < 2**31 else "h"
    if isinstance(value, float):
        return "f"
    if isinstance(value, str):
        return "s"
    raise TypeError(f"OSC carries no {type(value).__name__} here: {value!r}")


def _field(tag: str, value: Argument) -> bytes:
    if tag == "s":
        return _text(str(value))
    if tag in "TF":
        return b""
    try:
        return struct.pack(f">{'q' if tag == 'h' else tag}", value)
    except (struct.error, OverflowError) as error:
        raise OverflowError(f"{value!r} does not fit an OSC number") from error


def _text(text: str) -> bytes:
    """Return UTF-8 text, ended by 1 to 4 zeros up to a multiple of 4 bytes."""
    data = text.split("\0", 1)[0].encode("utf-8", "replace")
    return data + b"\0" * (4 - len(data) % 4)
