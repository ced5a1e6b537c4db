"""Bindings of one controller in a file of their own: written once at home, used in every session.

A profile names its controller and not a port, so it fits the box wherever it is plugged in. Those that come with the
instrument speak of factory settings that the makers published; a performer's own lie beside the sessions and win.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from app.binding import Binding, from_json, to_json
from app.file import ordinary, write_whole

FORMAT = 1
SUFFIX = ".json"
MOST = 5000
LARGEST = 4_000_000
TWIN = " #"  # The second of two boxes of one make is a box of its own.
UNSAFE = '/\\:*?"<>|'


class ProfileError(ValueError):
    """A profile cannot be read or written: what, where, what to do."""


def write(path: Path, controller: str, bindings: Iterable[Binding]) -> int:
    """Write lines as a profile; return how many. OSError if it cannot be."""
    lines = [to_json(replace(one, source=replace(one.source, port=""))) for one in bindings]
    stored = {"format": FORMAT, "controller": controller, "bindings": lines}
    write_whole(path, json.dumps(stored, indent=1, ensure_ascii=False) + "\n")
    return len(lines)


def read(path: Path) -> tuple[str, list[Binding], list[str]]:
    """Return a profile's controller, its lines, and what could not be read; ProfileError if nothing can."""
    try:
        if ordinary(path).stat().st_size > LARGEST:
            raise ProfileError(f"{path} is too large for a controller's profile; export it again")
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ProfileError(f"There is no controller profile {path}; export one first") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ProfileError(f"{path} cannot be read ({error}); export the profile again") from error
    if not isinstance(stored, dict) or not isinstance(stored.get("bindings"), list):
        raise ProfileError(f"{path} is no controller profile: it has no bindings")
    controller = str(stored.get("controller", ""))
    lines, faults = [], []
    for line in stored["bindings"][:MOST]:
        try:
            if not isinstance(line, dict):
                raise ValueError(f"a binding cannot be read: {line!r}")
            binding = from_json(line)
            port = controller if binding.source.kind == "midi" else ""
            lines.append(replace(binding, source=replace(binding.source, port=port)))
        except ValueError as error:
            faults.append(str(error))
    return controller, lines, faults


class Shelf:
    """Where profiles lie. Attributes: `own` (folder of the performer's), `shipped` (that of the instrument's)."""

    def __init__(self, own: Path, shipped: Path) -> None:
        self.own, self.shipped = own, shipped

    @property
    def names(self) -> tuple[str, ...]:
        """The profiles there are, by name."""
        return tuple(sorted({path.stem for folder in (self.own, self.shipped) for path in folder.glob(f"*{SUFFIX}")}))

    def place(self, name: str) -> Path:
        """Return where the performer's profile of a name lies, or the file that a path means."""
        if "/" in name or "\\" in name or name.endswith(SUFFIX):
            return Path(name).expanduser()
        return self._named(name)

    def _named(self, name: str) -> Path:
        letters = name.strip().encode("utf-8", "replace").decode("utf-8")  # Half of a pair names no file.
        safe = "".join("_" if one in UNSAFE or ord(one) < 32 else one for one in letters) or "controller"
        return self.own / f"{safe}{SUFFIX}"

    def own_for(self, controller: str) -> Path:
        """Return where the performer's profile of a controller lies or would lie; by the name in it if need be, for
        some systems add a port's name to a controller's."""
        place = self._named(controller)
        if place.exists() or not controller.strip():
            return place
        fits = [path for path in sorted(self.own.glob(f"*{SUFFIX}")) if _is_for(path, controller)]
        return fits[0] if len(fits) == 1 else place

    def find(self, name: str) -> Path:
        """Return the file that a name or a path means: the performer's, else the instrument's."""
        place = self.place(name)
        if place.exists() or place.parent != self.own:
            return place
        shipped = self.shipped.glob(f"*{SUFFIX}")
        return next((path for path in shipped if path.stem.casefold() == name.casefold()), place)


def _is_for(path: Path, controller: str) -> bool:
    """Return whether a profile names a controller, or the beginning of what the system calls it."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8")) if ordinary(path).stat().st_size <= LARGEST else {}
    except (OSError, ValueError, RecursionError):
        return False
    name = str(stored.get("controller", "")).strip() if isinstance(stored, dict) else ""
    known, asked = name.casefold(), controller.casefold()
    return bool(known) and (known == asked or asked.startswith(f"{known} ")) and TWIN not in controller
