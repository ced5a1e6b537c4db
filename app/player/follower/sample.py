"""Sounds of one's own: the files of a folder, each a channel by its name."""

from __future__ import annotations

import re
from pathlib import Path

from app.parameter import TextParameter
from app.player.follower.program import SYNTHS, Channel
from app.player.follower.scanner import NAME, WORDS

SUFFIX = ".wav"
MOST = 32
MEANINGLESS = re.compile(r"[^A-Za-z0-9_]")


class Samples:
    """The folder that a Parameter names."""

    def __init__(self, folder: TextParameter) -> None:
        self._folder = folder

    @property
    def names(self) -> tuple[str, ...]:
        """The channels that the folder holds; none while there is no such folder."""
        return tuple(sorted(self._files())[:MOST])

    def find(self, channel: Channel) -> str:
        """Return the file of a channel's sample as an absolute path, "" if there is none."""
        written = channel.sound.text if channel.sound is not None else ""
        if not written:
            path = self._files().get(channel.name)
            return str(path) if path is not None else ""
        path = Path(written).expanduser()
        places = [path] if path.is_absolute() else [self.folder / path, path]
        return next((str(place.resolve()) for place in places if place.is_file()), "")

    @property
    def folder(self) -> Path:
        return Path(self._folder.value).expanduser() if self._folder.value.strip() else Path()

    def _files(self) -> dict[str, Path]:
        if not self._folder.value.strip() or not self.folder.is_dir():
            return {}
        files = [path for path in sorted(self.folder.iterdir()) if path.suffix.lower() == SUFFIX]
        named = {MEANINGLESS.sub("_", path.stem).lower(): path.resolve() for path in files}
        return {name: path for name, path in named.items() if _free(name)}


def _free(name: str) -> bool:
    return NAME.fullmatch(name) is not None and name not in WORDS and name not in SYNTHS
