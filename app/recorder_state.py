"""What the window may see of the recorder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecorderState:
    """Attributes: `seconds` held, `bytes` they take (and `limit`), `entries` noted since the start, `whole` (nothing
    since the start is lost), `saved` (the last file or folder that was kept), `loop` (its bars, 0: there is none),
    `activity` (what came in and what left in spans of 5 s, the newest last), `since` (how many s the newest lasts)."""

    seconds: float = 0.0
    bytes: int = 0
    limit: int = 0
    entries: int = 0
    whole: bool = True
    saved: str = ""
    loop: int = 0
    activity: tuple[tuple[int, int], ...] = ()
    since: float = 0.0
