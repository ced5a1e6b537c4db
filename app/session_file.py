"""What a session's own file holds, and how it is taken over.

Values by address and bindings, as JSON. A line that cannot be used is told and passed over: one bad value must not cost
a performer the rest, and what belongs to parts that are not here is kept and written back.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.binding import from_json, to_json
from app.hand import Hands
from app.parameter import AnyParameter
from app.saving import FILE

FORMAT = 1
PLACE = ("/output/", "/window/", "/osc/", "/midi/")
PORTS = ("/port", "/device", "/host", "/baud")


class SessionError(Exception):
    """A session cannot be read or written: what, where, what to do."""


def gather(hands: Hands, unknown: dict[str, Any]) -> dict[str, Any]:
    """Return all that a session keeps, ready for JSON. `unknown`: what was loaded and belongs to nobody here."""
    rests = hands.rests()  # A button that is held now is not, when the session is opened again.
    values = {one.address: rests.get(one.address, one.stored) for one in hands.tree if one.kept}
    bindings = [to_json(binding) for binding in hands.bindings if binding.own]
    return {"format": FORMAT, "parameters": {**unknown, **values}, "bindings": bindings}


def apply(hands: Hands, stored: dict[str, Any], say: Callable[[str, str], None]) -> dict[str, Any]:
    """Set what a session kept; return the values whose addresses nobody knows."""
    unknown: dict[str, Any] = {}
    for address, value in stored.get("parameters", {}).items():
        parameter = hands.tree.find(address)
        if parameter is None:
            unknown[address] = value
            continue
        try:
            trouble = parameter.recall(value, "session")
            if trouble:
                say("warning", f"Session: {trouble}")
        except (ValueError, TypeError, OverflowError) as error:
            say("warning", f"Session: {error}")
    for line in stored.get("bindings", []):
        try:
            hands.bindings.add(from_json(line))
        except ValueError as error:
            say("warning", f"Session: {error}")
    if unknown:
        some = ", ".join(sorted(unknown)[:3])
        say("info", f"Session: {len(unknown)} values belong to parts that are not here ({some}); they are kept")
    return unknown


def clear(hands: Hands, named: dict[str, Any]) -> None:
    """Make room for another session: values that it does not name go to their defaults, bindings go.

    What belongs to the place and not to the piece, the ports and the window, stays.
    """
    hands.let_all_go()
    for parameter in hands.tree:
        if parameter.kept and parameter.address not in named and not _of_the_place(parameter):
            parameter.reset("session")
    for binding in hands.bindings:
        if binding.own:
            hands.bindings.remove(binding)


def read(folder: Path) -> dict[str, Any]:
    """Return a stored session; SessionError if there is none or it cannot be read."""
    path = folder / FILE
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SessionError(f"There is no session in {folder}: it holds no {FILE}") from error
    except (OSError, ValueError, RecursionError) as error:
        raise SessionError(f"{path} cannot be read ({error}); open a generation beside it in autosave/") from error
    if not isinstance(stored, dict) or not isinstance(stored.get("parameters"), dict):
        raise SessionError(f"{path} is no session of this instrument: it has no parameters")
    if not isinstance(stored.get("bindings", []), list):
        raise SessionError(f"{path}: bindings is no list")
    version = stored.get("format", 0)
    if not isinstance(version, int | float):
        raise SessionError(f"{path} is no session of this instrument: its format is no number")
    if version > FORMAT:
        raise SessionError(f"{path} was written by a newer version (format {version}); update the instrument")
    return stored


def _of_the_place(parameter: AnyParameter) -> bool:
    """Tell whether a Parameter says where and on what one plays, not what."""
    address = parameter.address
    return address.startswith(PLACE) or address.endswith(PORTS)
