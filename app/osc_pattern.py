"""OSC address patterns: one message for many addresses.

As OSC 1.0 has them: `?` stands for one character, `*` for any number within one part of an address, `[a-c]` and
`[!a-c]` for one of some characters, `{foo,bar}` for one of some words; and `//` of OSC 1.1 for any number of parts.
"""

from __future__ import annotations

import re
from functools import lru_cache

MAGIC = re.compile(r"[?*\[\]{}]|//")
LONGEST = 256


class PatternError(ValueError):
    """A text is no address pattern: what is wrong with it."""


def is_pattern(address: str) -> bool:
    """Return whether an address stands for several."""
    return MAGIC.search(address) is not None


@lru_cache(maxsize=256)
def reader(pattern: str) -> re.Pattern[str]:
    """Return what matches the addresses that a pattern means; PatternError if it means none."""
    if not pattern.startswith("/") or len(pattern) > LONGEST:
        raise PatternError(f"{pattern[:40]!r} is no address pattern: begin with / and keep to {LONGEST} characters")
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        part, at = _part(pattern, at)
        parts.append(part)
    try:
        return re.compile("".join(parts))
    except re.error as error:
        raise PatternError(f"{pattern!r} is no address pattern ({error})") from error


def _part(pattern: str, at: int) -> tuple[str, int]:
    """Return the next piece as a regular expression, and where it ends."""
    if pattern.startswith("//", at):
        return "/(?:[^/]+/)*", at + 2
    match pattern[at]:
        case "?":
            return "[^/]", at + 1
        case "*":
            # Two stars in a row mean no more than one, and would take for ever to fail.
            end = at + 1
            while end < len(pattern) and pattern[end] == "*":
                end += 1
            return "[^/]*", end
        case "[":
            inner, end = _inside(pattern, at, "]")
            negated = inner.startswith("!")
            return f"[{'^/' if negated else ''}{_characters(inner[negated:])}]", end
        case "{":
            inner, end = _inside(pattern, at, "}")
            return f"(?:{'|'.join(re.escape(word) for word in inner.split(','))})", end
        case "]" | "}":
            raise PatternError(f"{pattern!r} is no address pattern: it closes a bracket that it never opened")
    return re.escape(pattern[at]), at + 1


def _inside(pattern: str, at: int, close: str) -> tuple[str, int]:
    end = pattern.find(close, at + 1)
    if end < 0 or end == at + 1:
        raise PatternError(f"{pattern!r} is no address pattern: a bracket has no {close}, or nothing in it")
    return pattern[at + 1 : end], end + 1


def _characters(inner: str) -> str:
    """Return a set of characters safely: only a minus between two of them means a range."""
    return re.sub(r"[\\\]\[^&~|]", lambda found: "\\" + found.group(), inner)
