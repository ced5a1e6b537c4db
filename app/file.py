"""Files that are there whole or not at all.

Everything that a performer could lose is written through here: to a temporary file beside the target, flushed to
the disk, then renamed over it. A crash at any moment leaves the old file or the new one.
"""

from __future__ import annotations

import glob
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path

STALE_S = 60.0
REFUSED_S = (0.02, 0.05, 0.1, 0.2)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader finds the old or the new one, never half; OSError if it cannot.

    What is no letter (a file's name in another encoding, half of a pair in somebody's JSON) is written as the escape
    that JSON reads back as the same, for one odd name must not stop every save of an evening.
    """
    write_bytes(path, (text.encode("utf-8", "backslashreplace"),))


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """As `write_whole`, from lines without their ends."""
    write_bytes(path, (line.encode("utf-8", "replace") + b"\n" for line in lines))


def write_bytes(path: Path, parts: Iterable[bytes]) -> None:
    """As `write_whole`, from bytes, one part after another."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        swap(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sweep(path)


def swap(temporary: Path, path: Path) -> None:
    """Rename a file over another; OSError if it cannot be.

    Windows refuses while somebody has that one open, a virus scanner for a moment. A device is never replaced.
    """
    ordinary(path)
    for wait_s in REFUSED_S if sys.platform == "win32" else ():
        try:
            temporary.replace(path)
        except PermissionError:
            time.sleep(wait_s)
        else:
            return
    temporary.replace(path)


def ordinary(path: Path) -> Path:
    """Return a path that leads to a file, a folder or nowhere; OSError for a pipe or a device.

    Those have no end, or wait for somebody to write: whoever reads them stands still, and the music with him.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(f"{path.name} is a pipe or a device and no file")
    return path


def set_aside(path: Path) -> str:
    """Rename a file that cannot be read, so that the next save does not write over it; return what to say of it.

    The work of an evening may be mended by hand, and one wrong character must not cost it.
    """
    if not path.exists():
        return ""
    number = 1
    while (aside := path.with_name(f"{path.name}.unreadable-{number}")).exists():
        number += 1
    try:
        path.rename(aside)
    except OSError as error:
        return f"; it could not be set aside either ({error}): copy it before you save"
    return f"; it is kept as {aside.name}"


def sweep(path: Path) -> None:
    """Remove what writers of a file left beside it when they were killed; nobody else writes under these names."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*"):
        try:
            if left.suffix[1:].isdecimal() and time.time() - left.stat().st_mtime > STALE_S:
                left.unlink()
        except OSError:
            continue  # Its writer came to its end after all, or somebody looks at it: the next sweep will do.
