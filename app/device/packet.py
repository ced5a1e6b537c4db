"""OSC messages as bytes and back.

The dispatcher sends inside its time-critical loop, where building a message with python-osc takes six times as
long as this table of types does; and a frame of features is read and answered faster than python-osc parses it. What
is unusual (bundles, blobs, arrays, colours) goes through python-osc.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage
from pythonosc.osc_packet import OscPacket

Argument = int | float | str
BUNDLE = "#bundle"
NOW_TAG = bytes((0, 0, 0, 0, 0, 0, 0, 1))


def encode(address: str, arguments: Sequence[Argument] = ()) -> bytes:
    """Return an OSC 1.0 message: int as i (h beyond 32 bits), float as f, str as s (UTF-8), bool as T or F.

    The address "#bundle" makes one packet of pairs of an address and its argument, to be taken at once.
    OverflowError for an int beyond 64 bits or a float beyond 32; TypeError for any other type.
    """
    if address == BUNDLE:
        return _bundle(arguments)
    tags = "".join(map(_tag, arguments))
    data = b"".join(_field(tag, value) for tag, value in zip(tags, arguments, strict=True))
    return _header(address, tags) + data


def _bundle(pairs: Sequence[Argument]) -> bytes:
    elements = [encode(str(pairs[at]), pairs[at + 1 : at + 2]) for at in range(0, len(pairs), 2)]
    return _text(BUNDLE) + NOW_TAG + b"".join(struct.pack(">i", len(element)) + element for element in elements)


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


# --- reading ------------------------------------------------------------------------------------------

MOST_BUNDLES, BUNDLE_HEAD = 64, b"#bundle\0"
MOST_KEPT = 256
NUMBERS = {"i": ("i", 4), "f": ("f", 4), "d": ("d", 8), "h": ("q", 8)}


class PacketError(ValueError):
    """A datagram is no OSC. The text says what is wrong with it."""


def decode(data: bytes) -> list[tuple[str, tuple[Any, ...]]]:
    """Return the messages of a datagram, (address, arguments), bundles taken apart; PacketError if malformed."""
    return [(address, arguments) for address, arguments, _ in decode_timed(data)]


def decode_timed(data: bytes) -> list[tuple[str, tuple[Any, ...], float]]:
    """As `decode`, each with the time that its bundle names (seconds since 1970; 0: at once)."""
    head, comma, rest = data.partition(b",")
    tags, zero, _ = rest.partition(b"\0")
    if comma and zero and head[:1] == b"/" and len(head) % 4 == 0 and head[-1:] == b"\0":
        # A reader of thousands of numbers is large: kept for each size that a stranger sends, it would eat the memory.
        reader = _reader(head, tags) if len(tags) <= MOST_KEPT else _reader.__wrapped__(head, tags)
        start = len(head) + (len(tags) + 5) // 4 * 4
        if reader is not None:
            # The library would fill what is missing with zeros, which a learner would take for data.
            if len(data) != start + reader[1].size:
                raise PacketError(f"its numbers take {reader[1].size} bytes and it holds {len(data) - start}")
            return [(reader[0], reader[1].unpack_from(data, start), 0.0)]
    return _decode_any(data)


@lru_cache(maxsize=512)
def _reader(head: bytes, tags: bytes) -> tuple[str, struct.Struct] | None:
    """Return the address and the reader of plain numbers, or None for what only the library reads."""
    kinds = tags.decode("ascii", "replace")
    if not kinds or any(kind not in NUMBERS for kind in kinds):
        return None
    try:
        address = head.rstrip(b"\0").decode("ascii")
    except UnicodeDecodeError:
        return None
    if "\0" in address or len(head) - len(address) > 4:
        return None
    return address, struct.Struct(">" + "".join(NUMBERS[kind][0] for kind in kinds))


def _decode_any(data: bytes) -> list[tuple[str, tuple[Any, ...], float]]:
    if len(data) % 4:
        raise PacketError("its length is no multiple of 4")
    try:
        if OscBundle.dgram_is_bundle(data):
            # Each level is copied by the library: a datagram of nothing but bundles in bundles takes it 8 ms to refuse.
            if data.count(BUNDLE_HEAD) > MOST_BUNDLES:
                raise PacketError(f"it holds more than {MOST_BUNDLES} bundles")
            found = OscPacket(data).messages
            return [(one.message.address, tuple(one.message.params), float(one.time)) for one in found]
        message = OscMessage(data)
        return [(message.address, tuple(message.params), 0.0)]
    except PacketError:
        raise
    except Exception as error:  # anyone may send anything, and the library raises many kinds
        raise PacketError(str(error) or type(error).__name__) from error
