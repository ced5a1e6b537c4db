"""Which line on the screen is which line of the program that plays.

One goes on writing while a program plays, so its line 3 may stand at line 5 by now. Lines are found again by what
they say, so marks stay at the right line without anything hidden in the text, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

MOST_COMPARED = 300  # Beyond that, comparing every line with every other would hold the window up.


def place_lines(played: str, shown: str) -> tuple[dict[int, int], set[int]]:
    """Return where the lines of the playing text stand now, and which lines of the shown text it does not have.

    Lines count from 1. A line that was rewritten in its place keeps its place, but counts as not played.
    """
    old, new = played.split("\n"), shown.split("\n")
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    places = {line: line for line in range(1, head + 1)}
    places.update({len(old) - back: len(new) - back for back in range(tail)})
    middle, fresh = _match(old[head : len(old) - tail], new[head : len(new) - tail])
    places.update({one + head: other + head for one, other in middle.items()})
    return places, {line + head for line in fresh if new[line + head - 1].strip()}


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines two texts share at their start."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _match(old: Sequence[str], new: Sequence[str]) -> tuple[dict[int, int], set[int]]:
    """Return places and fresh lines of the part that differs."""
    if max(len(old), len(new)) > MOST_COMPARED:
        both = range(1, min(len(old), len(new)) + 1)
        return {line: line for line in both}, set(range(1, len(new) + 1))
    places: dict[int, int] = {}
    fresh: set[int] = set()
    for what, a, a_end, b, b_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        places.update({a + n + 1: b + n + 1 for n in range(min(a_end - a, b_end - b))})
        if what != "equal":
            fresh.update(range(b + 1, b_end + 1))
    return places, fresh
