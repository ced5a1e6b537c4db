"""From knob values to what leaves: OSC messages, controllers, or one message with all.

Only what changed is sent where each knob has a message of its own. Controllers carry a knob's position, messages its
value, because a controller has no unit and an address has no range.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.event import Control, Event, Message
from app.parameter import Steps
from app.player.rules.synth import Cc, Knob, Line, Nrpn, Osc, Synth

PART = "rules"
NRPN_HIGH, NRPN_LOW, DATA_HIGH, DATA_LOW = 99, 98, 6, 38
FINEST = 16383
BUNDLE = "#bundle"  # As an address: the arguments are pairs of an address and its value, in one packet.


def tell(synth: Synth, values: Sequence[float], changed: Iterable[int], beat: float) -> list[Event]:
    """Return the events for knobs that changed (indices); `values` are the Parameters' numbers, one a knob."""
    places = sorted(set(changed))
    if not places:
        return []
    if synth.send == "all":
        told = tuple(_argument(knob, value) for knob, value in zip(synth.knobs, values, strict=True))
        return [Message(beat, PART, synth.address, told, synth.to)]
    events = [event for place in places for event in _one(synth, synth.knobs[place], values[place], beat)]
    return _bundled(synth, events, beat) if synth.send == "bundle" else events


def _bundled(synth: Synth, events: list[Event], beat: float) -> list[Event]:
    """Return the messages among events as one packet, so that a preset arrives whole."""
    messages = [event for event in events if isinstance(event, Message)]
    parts = tuple(part for message in messages for part in (message.address, *message.arguments))
    others = [event for event in events if not isinstance(event, Message)]
    return [*([Message(beat, PART, BUNDLE, parts, synth.to)] if messages else []), *others]


def say(synth: Synth, line: Line | None, beat: float) -> list[Event]:
    """Return the events for one of a synth's own messages (on, off)."""
    return [] if line is None else [Message(beat, PART, line[0], line[1], synth.to)]


def _one(synth: Synth, knob: Knob, value: float, beat: float) -> list[Event]:
    match knob.target:
        case Osc(address):
            return [Message(beat, PART, address, (_argument(knob, value),), synth.to)]
        case Cc(number, fine):
            if not fine:
                return [Control(beat, PART, number, round(knob.curve.position(value) * 127))]
            high, low = _halves(knob, value)
            return [Control(beat, PART, number, high), Control(beat, PART, number + 32, low)]
        case Nrpn(number):
            high, low = _halves(knob, value)
            pairs = ((NRPN_HIGH, number >> 7), (NRPN_LOW, number & 0x7F), (DATA_HIGH, high), (DATA_LOW, low))
            return [Control(beat, PART, controller, part) for controller, part in pairs]


def _halves(knob: Knob, value: float) -> tuple[int, int]:
    fine = round(knob.curve.position(value) * FINEST)
    return fine >> 7, fine & 0x7F


def _argument(knob: Knob, value: float) -> float | int | str:
    if isinstance(knob.curve, Steps):
        return knob.curve.show(value)
    return round(value) if knob.digits == 0 else float(value)
