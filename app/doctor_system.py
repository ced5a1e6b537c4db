"""What the computer has to offer: the language, the libraries, the disk, a free port to listen at.

Nothing here makes a sound or starts a process, so it may be asked while the music plays.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import socket
import sys
from pathlib import Path

from app.doctor_place import Place
from app.doctor_state import FAILURE, OK, WARNING, Finding
from app.file import write_whole

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"
PYTHONS = ((3, 11), (3, 12))
LITTLE_MB, SCARCE_MB = 1000, 200
WINDOW_LIBRARIES = ("pyside6", "pyqtgraph")
OPTIONAL = ("linkpython", "jack-client", "skops", "zeroconf", "torch", "scikit-learn", "symusic", *WINDOW_LIBRARIES)


def check_python(_place: Place) -> Finding:
    """Look at the language."""
    version = platform.python_version()
    if sys.version_info[:2] in PYTHONS:
        return Finding("python", OK, f"Python {version} on {platform.system()} {platform.machine()}")
    return Finding("python", WARNING, f"Python {version} was not tried; use Python 3.11 or 3.12")


def check_libraries(_place: Place) -> Finding:
    """Compare what is installed with what is required."""
    missing, found = [], 0
    for name in required(REQUIREMENTS):
        try:
            importlib.metadata.version(name)
            found += 1
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    do = "run: pip install -r requirements.txt"
    needed = [name for name in missing if not name.casefold().startswith(OPTIONAL)]
    if needed:
        return Finding("libraries", FAILURE, f"{', '.join(needed)} is missing; {do}")
    if missing:
        return Finding("libraries", WARNING, f"Without {', '.join(missing)} some parts are switched off; {do}")
    return Finding("libraries", OK, f"All {found} libraries are installed")


def required(path: Path) -> list[str]:
    """Return the names of the libraries in a list of requirements that this system needs."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    plain = (line.split("#")[0].split(";")[0].strip() for line in lines if "win32" not in line)
    found = (re.match(r"[A-Za-z0-9_.\-]+", line) for line in plain if not line.startswith("-"))
    return [name.group() for name in found if name]


def check_folder(place: Place) -> Finding:
    """Write a file where the session is kept, and take it away again."""
    trial = place.folder / f".doctor-{os.getpid()}"
    try:
        write_whole(trial, "a line\n")
        trial.unlink()
    except OSError as error:
        why = error.strerror or error
        do = "choose another with --session FOLDER"
        return Finding("folder", FAILURE, f"{place.folder} takes no files ({why}); {do}")
    return Finding("folder", OK, f"{place.folder} can be written")


def check_disk(place: Place) -> Finding:
    """See how much room is left."""
    folder = next(path for path in (place.folder, *place.folder.parents) if path.exists())
    free_mb = shutil.disk_usage(folder).free >> 20
    if free_mb < SCARCE_MB:
        return Finding("disk", FAILURE, f"Only {free_mb} MB are left at {folder}; make room before you play")
    if free_mb < LITTLE_MB:
        return Finding("disk", WARNING, f"{free_mb} MB are left at {folder}; a recording or a training may not fit")
    return Finding("disk", OK, f"{free_mb / 1000:.0f} GB are free at {folder}")


def check_osc_in(_place: Place, port: int = 57120) -> Finding:
    """See whether the usual port is free."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            do = "messages reach the program that has it; close it, or start with --osc-in 0"
            return Finding("osc in", WARNING, f"UDP port {port} is taken: {do}")
    return Finding("osc in", OK, f"UDP port {port} is free")
