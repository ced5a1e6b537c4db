"""A synth described by a small file: its knobs, their ranges, and where each value goes.

The learner needs equal values and the performer needs a name, a unit and a curve; neither should need a line of
code for another synth. So a description is a table of knobs in JSON, read once and checked in full: whatever is wrong
with a file is one sentence, and the synths before it stay.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from app.parameter import ADDRESS, Curve, Linear, Log, Steps

MOST_KNOBS = 32
SENDS = ("each", "bundle", "all")
Value = float | int | str | bool
Line = tuple[str, tuple[int | float | str, ...]]


class SynthError(ValueError):
    """A description cannot be used: which file, which knob, what to do."""


@dataclass(frozen=True, slots=True)
class Osc:
    """The value goes to an OSC address, as a number or as the name of the choice."""

    address: str


@dataclass(frozen=True, slots=True)
class Cc:
    """The knob's position goes to a controller 0..127; `fine`: 14 bits, its low half on `number` + 32."""

    number: int
    fine: bool = False


@dataclass(frozen=True, slots=True)
class Nrpn:
    """The knob's position goes to a non-registered parameter number 0..16383, in 14 bits."""

    number: int


Target = Osc | Cc | Nrpn


@dataclass(frozen=True, slots=True)
class Knob:
    """One knob. Attributes: `digits` of its value (0: whole numbers), `locked` (from the start), `target`."""

    name: str
    curve: Curve
    default: float
    target: Target
    unit: str = ""
    digits: int = 2
    locked: bool = False

    def value(self, number: float) -> Value:
        """Return a Parameter's number as presets keep it: rounded, so that equal settings are equal."""
        if isinstance(self.curve, Steps):
            return self.curve.show(number)
        return round(number) if self.digits == 0 else round(float(number), self.digits)

    def number(self, value: Value) -> float | None:
        """Return the Parameter's number for a preset's value within the range; None if it names none."""
        try:
            read = self.curve.read(value) if isinstance(value, str) else float(value)
        except ValueError:
            return None
        return self.curve.clamp(read) if isfinite(read) else None


@dataclass(frozen=True, slots=True)
class Synth:
    """A described synth.

    Attributes: `send` ("each": a message a knob; "bundle": those messages in one packet; "all": one message with every
    value, to `address`), `to` (host and
    port of its own, None: the OSC output), `on` and `off` (messages that let it sound and end it, None: it always may).
    """

    name: str
    title: str
    knobs: tuple[Knob, ...]
    send: str = "each"
    address: str = ""
    to: tuple[str, int] | None = None
    on: Line | None = None
    off: Line | None = None

    def place(self, name: str) -> int | None:
        """Return the index of a knob by its name, None if there is none."""
        wanted = name.strip().casefold()
        return next((index for index, knob in enumerate(self.knobs) if knob.name.casefold() == wanted), None)


def read(path: Path) -> Synth:
    """Return the synth that a file describes; SynthError in one sentence if it cannot be used."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeError) as error:
        raise SynthError(f"{path.name} cannot be read ({error})") from error
    except ValueError as error:
        raise SynthError(f"{path.name} is no JSON: {error}") from error
    try:
        return parse(stored, path.stem)
    except SynthError as error:
        raise SynthError(f"{path.name}: {error}") from error


def find(folders: tuple[Path, ...]) -> tuple[list[Synth], list[str]]:
    """Return the synths described in some folders, by file name, and a sentence for each file that is broken."""
    synths: dict[str, Synth] = {}
    troubles: list[str] = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.json"))):
        try:
            synth = read(path)
        except SynthError as error:
            troubles.append(f"Synth {error}; the others are there")
            continue
        synths[synth.name] = synth
    return list(synths.values()), troubles


def parse(stored: object, name: str) -> Synth:
    """Return the synth of a description already read; SynthError says what is wrong with it."""
    if not isinstance(stored, dict):
        raise SynthError("a synth is an object with name and knobs")
    knobs = stored.get("knobs")
    if not isinstance(knobs, list) or not 0 < len(knobs) <= MOST_KNOBS:
        raise SynthError(f"knobs must be a list of 1 to {MOST_KNOBS}")
    send = str(stored.get("send", "each"))
    if send not in SENDS:
        raise SynthError(f"send is {send!r}; write {', '.join(SENDS[:-1])} or {SENDS[-1]}")
    address = str(stored.get("address", ""))
    if send == "all" and not ADDRESS.fullmatch(address):
        raise SynthError(f"send is all, so address must be an OSC address such as /preset, not {address!r}")
    made = tuple(_knob(knob, place) for place, knob in enumerate(knobs, 1))
    twice = next((knob.name for place, knob in enumerate(made) if knob.name in {one.name for one in made[:place]}), "")
    if twice:
        raise SynthError(f"two knobs are called {twice}; name one otherwise")
    name = str(stored.get("name", name))
    lines = _line(stored, "on"), _line(stored, "off")
    return Synth(name, str(stored.get("title", name)), made, send, address, _receiver(stored), *lines)


def _knob(stored: object, place: int) -> Knob:
    if not isinstance(stored, dict) or not str(stored.get("name", "")).strip():
        raise SynthError(f"knob {place} needs a name")
    name = str(stored["name"]).strip()
    try:
        curve = _curve(stored)
        default = stored.get("default", 0 if isinstance(curve, Steps) else curve.value(0.5))
        number = curve.read(default) if isinstance(default, str) else float(default)
        if not isfinite(number):
            raise ValueError("default is no number")
        digits = int(stored.get("digits", 2))
        return Knob(
            name,
            curve,
            curve.clamp(number),
            _target(stored, name),
            str(stored.get("unit", "")),
            digits,
            bool(stored.get("locked", False)),
        )
    except (ValueError, TypeError) as error:
        raise SynthError(f"knob {place} ({name}): {error}") from error


def _curve(stored: Mapping[str, Any]) -> Curve:
    choices = stored.get("choices")
    if choices is not None:
        names = tuple(str(one) for one in choices) if isinstance(choices, list) else ()
        if len(set(names)) != len(names) or len(names) < 2:
            raise ValueError("choices must be a list of two or more different names")
        return Steps(names)
    low, high = float(stored.get("low", 0)), float(stored.get("high", 1))
    digits = int(stored.get("digits", 2))
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ValueError(f"low {low:g} must be below high {high:g}")
    if not 0 <= digits <= 6:
        raise ValueError(f"digits {digits} must be 0 to 6")
    match stored.get("curve", "linear"):
        case "linear":
            return Linear(low, high, float(stored.get("step", 1 if digits == 0 else 0)), digits)
        case "log":
            if low <= 0:
                raise ValueError(f"a log curve needs a low above 0, not {low:g}")
            return Log(low, high, digits)
        case other:
            raise ValueError(f"curve is {other!r}; write linear or log")


def _target(stored: Mapping[str, Any], name: str) -> Target:
    given = [key for key in ("osc", "cc", "cc14", "nrpn") if key in stored]
    if len(given) > 1:
        raise ValueError(f"it has {' and '.join(given)}; a knob has one target")
    match given:
        case ["cc"]:
            return Cc(_within(stored["cc"], "cc", 127))
        case ["cc14"]:
            return Cc(_within(stored["cc14"], "cc14", 31), fine=True)
        case ["nrpn"]:
            return Nrpn(_within(stored["nrpn"], "nrpn", 16383))
    address = str(stored.get("osc", f"/{name}"))
    if not ADDRESS.fullmatch(address):
        raise ValueError(f"{address!r} is no OSC address: write it as /part/name")
    return Osc(address)


def _within(number: object, what: str, high: int) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= high:
        raise ValueError(f"{what} must be a whole number 0 to {high}, not {number!r}")
    return number


def _line(stored: Mapping[str, Any], key: str) -> Line | None:
    line = stored.get(key)
    if line is None:
        return None
    if not isinstance(line, list) or not line or not ADDRESS.fullmatch(str(line[0])):
        raise SynthError(f"{key} must be a list of an OSC address and its arguments")
    if any(isinstance(one, bool) or not isinstance(one, int | float | str) for one in line[1:]):
        raise SynthError(f"{key} takes numbers and texts only")
    return str(line[0]), tuple(line[1:])


def _receiver(stored: Mapping[str, Any]) -> tuple[str, int] | None:
    host, port = stored.get("host"), stored.get("port")
    if host is None and port is None:
        return None
    if isinstance(port, bool) or not isinstance(port, int) or not 1 <= port <= 65535:
        raise SynthError(f"port must be a whole number 1 to 65535, not {port!r}")
    return str(host or "127.0.0.1"), port
