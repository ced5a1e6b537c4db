"""Factory sessions: complete set-ups that come with the instrument, found by name and copied before they are used.

What came with the instrument must stay as it came, so that it can be opened again after a night of changes. A copy
lies beside the performer's own sessions and is one of them from then on.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from app.action import Argument
from app.engine import Engine
from app.parameter import Parameter, Steps
from app.saving import FILE
from app.session import Session, SessionError

BASIC = "first_run"  # What an instrument without a session begins with; it teaches nothing.


def factory_sessions(presets: Path) -> dict[str, Path]:
    """Return the folders of the factory sessions by name, in the order of their names: "air pad"."""
    found = sorted(path.parent for path in presets.glob(f"*/{FILE}"))
    return {folder.name.replace("_", " "): folder for folder in found if folder.name != BASIC}


def named(text: str, presets: Path, beside: Path) -> Path:
    """Return the folder that a name or a path means; SessionError if there is none.

    A name is a factory session's, or that of a session `beside` the present one.
    """
    known = factory_sessions(presets)
    name = text.strip()
    if (found := known.get(name.replace("_", " ").casefold())) is not None:
        return found
    for folder in (Path(name).expanduser(), beside / name):
        if name and (folder / FILE).is_file():
            return folder
    raise SessionError(f"There is no session {name!r}; there are {', '.join(known)}, or name a session's folder")


def belongs_to(folder: Path, presets: Path) -> bool:
    """Tell whether a folder came with the instrument."""
    return folder.resolve().is_relative_to(presets.resolve())


def copied(folder: Path, home: Path) -> Path:
    """Copy a session into `home` under a name that is free there and return the copy; SessionError if it cannot be."""
    name = folder.name.replace("_", " ")
    try:
        home.mkdir(parents=True, exist_ok=True)
        places = [home / name, *(home / f"{name} {number}" for number in range(2, 1000))]
        place = next(place for place in places if not place.exists())
        shutil.copytree(folder, place)
    except (OSError, StopIteration) as error:
        raise SessionError(
            f"{folder} cannot be copied to {home} ({error}); open a session in another folder"
        ) from error
    return place


def add_opening(engine: Engine, session: Session, presets: Path) -> None:
    """Add `/session/open` and, for menus, the list of what came with the instrument."""
    names = Steps(("none", *factory_sessions(presets)))
    told = "What `/session/open` opens where it is given no name"
    chosen = Parameter("/session/factory", 0, names, title="Factory session", help=told, kept=False, undoable=False)
    engine.tree.add(chosen)

    def run(arguments: tuple[Argument, ...]) -> None:
        text = str(arguments[0]) if arguments else chosen.show() if chosen.value else ""
        home = session.folder.parent
        try:
            folder = named(text, presets, home)
            session.open(folder, (lambda: copied(folder, home)) if belongs_to(folder, presets) else None)
        except SessionError as error:
            raise ValueError(str(error)) from error

    told = "A factory session's name (opened as a copy of yours), or a session's folder"
    add = engine.actions
    add.add_with("/session/open", run, "Open a session", told, "Session")
    add.add("/session/open_stop", session.stop_opening, "Stop opening", "The present session goes on", "Session")
    told = "Lets what a crash left be the session"
    add.add("/session/keep_recovered", session.recovery.keep, "Keep what was recovered", told, "Session")
    told = "Goes back to the session as it was saved before a crash; examples and models stay"
    add.add("/session/start_clean", lambda: _start_clean(session, presets), "Start clean", told, "Session")


def _start_clean(session: Session, presets: Path) -> None:
    try:
        session.recovery.start_clean(presets / BASIC)
    except SessionError as error:
        raise ValueError(str(error)) from error
