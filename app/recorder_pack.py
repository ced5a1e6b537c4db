"""What comes in and what leaves as plain tuples, and back.

One spelling for the memory and for the file: numbers, texts and bytes only, so that a recording can be read without
this program.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any

import numpy as np

from app.binding import from_json, to_json
from app.command import Panic, Release
from app.event import Bend, Control, Event, Message, NoteOff, NoteOn, NoteVelocity, Program, Pulse
from app.frame import Frame, MidiMessage
from app.inbox import Bind, Fault, Item, Packet, Press, Reset, Trigger, Write
from app.recorder_tape import EVENT, PANIC, RELEASE, Entry

Packed = tuple[Any, ...]

EVENTS: dict[str, type[Event]] = {
    "on": NoteOn,
    "off": NoteOff,
    "velocity": NoteVelocity,
    "control": Control,
    "program": Program,
    "bend": Bend,
    "pulse": Pulse,
    "message": Message,
}
_PACK_EVENT: dict[type[Event], tuple[str, Callable[[Event], Packed]]] = {
    kind: (name, attrgetter(*(one.name for one in fields(kind)))) for name, kind in EVENTS.items()
}


def pack_item(item: Item) -> Packed:
    """Return something that came in as its letter and its fields."""
    match item:
        case Packet(seconds, address, arguments, sender):
            return "packet", seconds, address, arguments, sender
        case Frame(seconds, source, values):
            return "values", seconds, source, values.tobytes()
        case MidiMessage(seconds, port, data):
            return "midi", seconds, port, bytes(data)
        case Write(address, value, origin, gesture):
            return "write", address, value, origin, gesture
        case Reset(address, origin):
            return "reset", address, origin
        case Trigger(address, arguments, origin):
            return "fire", address, arguments, origin
        case Press(key, pressed):
            return "key", key, pressed
        case Bind(binding, present, gone):
            return "bind", to_json(binding), present, [to_json(one) for one in gone]
        case Fault(seconds, port, text):
            return "fault", seconds, port, text
    return "other", repr(item)


def unpack_item(packed: Packed) -> Item:
    """Return what `pack_item` packed; ValueError or TypeError if it is nothing of the kind."""
    match packed:
        case ("packet", float() | int() as seconds, str(address), arguments, sender):
            return Packet(float(seconds), address, tuple(arguments), (str(sender[0]), int(sender[1])), _no_reply)
        case ("values", seconds, str(source), bytes(values)):
            return Frame(float(seconds), source, np.frombuffer(values, np.float32))
        case ("midi", seconds, str(port), bytes(data)):
            return MidiMessage(float(seconds), port, tuple(data))
        case ("write", str(address), float() | int() | str() as value, str(origin), gesture):
            return Write(address, value, origin, None if gesture is None else int(gesture))
        case ("reset", str(address), str(origin)):
            return Reset(address, origin)
        case ("fire", str(address), arguments, str(origin)):
            return Trigger(address, tuple(arguments), origin)
        case ("key", str(key), bool(pressed)):
            return Press(key, pressed)
        case ("bind", dict(binding), bool(present)):
            return Bind(from_json(binding), present)
        case ("bind", dict(binding), bool(present), gone):
            return Bind(from_json(binding), present, tuple(from_json(one) for one in gone))
        case ("fault", seconds, str(port), str(text)):
            return Fault(float(seconds), port, text)
    raise ValueError(f"{packed[:1]!r} is nothing that can come in")


def _no_reply(receiver: tuple[str, int], address: str, arguments: Packed) -> None:
    """Answer nobody: whoever asked was there when it was recorded."""


def pack_sent(now: float, due: float, sent: Event | Release | Panic) -> Entry:
    """Return the entry of what was handed to the ports."""
    if isinstance(sent, Release):
        return RELEASE, now, sent.part
    if isinstance(sent, Panic):
        return PANIC, now
    name, pick = _PACK_EVENT[type(sent)]
    return (EVENT, now, due, name, *pick(sent))


def unpack_event(name: str, packed: Packed) -> Event:
    """Return an event from its name and fields; ValueError or TypeError if it is none."""
    if name not in EVENTS:
        raise ValueError(f"{name!r} is no event")
    if name == "message":
        beat, part, address, arguments, to = packed
        return Message(beat, part, address, tuple(arguments), None if to is None else (to[0], to[1]))
    return EVENTS[name](*packed)
