"""What a performer types, projected behind them: `ruler data.csv distance:4 consistency:0.5`, `set rain r`.

A line is translated into the addresses that everything else uses, so typing is one more hand and nothing of its own.
The words are the author's; his call in SuperCollider may be pasted as it is.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.action import Argument

CALL = re.compile(
    r"~?set\.value\(\s*(?:Ndef\([^)]*\)|~?\w+)\s*,\s*~?\w+\s*,\s*(?P<number>[^,]+),\s*(?P<label>[^)]+)\)\s*;?"
)
OPTIONS = {
    "distance": "/rules/distance",
    "d": "/rules/distance",
    "consistency": "/rules/consistency",
    "c": "/rules/consistency",
    "ratio": "/rules/consistency",
}
MOST_LETTERS = 1000


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do: an address and what goes there."""

    address: str
    arguments: tuple[Argument, ...] = ()


def read(text: str) -> list[Deed]:
    """Return what a line asks for, in order; ValueError says what is not understood and what would be."""
    text = text.strip()
    if not text or len(text) > MOST_LETTERS:
        raise ValueError("type a line such as: set rain r")
    pasted = CALL.fullmatch(text)
    if pasted:
        label = pasted["label"].strip(" '\"\\")
        return _called([label, pasted["number"].strip(" '\"\\")], "set")
    try:
        words = shlex.split(text.rstrip(";"))
    except ValueError as error:
        raise ValueError(f"{text!r} has a quote that does not end") from error
    verb, rest = words[0].casefold(), words[1:]
    head, dash, label = verb.partition("-")
    if dash and head in ("play", "try", "set") and label:
        verb, rest = head, [words[0][len(head) + 1 :], *rest]
    found = VERBS.get(verb)
    if found is None:
        raise ValueError(f"{words[0]!r} is no word here; there are {', '.join(VERBS)}")
    return found(rest)


def _ruler(words: Sequence[str]) -> list[Deed]:
    """Import a file if one is named, set the options, learn."""
    deeds, files = [], []
    for word in words:
        name, colon, value = word.partition(":")
        address = OPTIONS.get(name.casefold())
        if colon and address:
            deeds.append(Deed(address, (value,)))
        else:
            files.append(word)
    if len(files) > 1:
        raise ValueError(f"ruler takes one file and distance:N consistency:N, not {' '.join(files)}")
    return [*deeds, *(Deed("/rules/import", (file,)) for file in files), Deed("/rules/learn")]


def _called(words: Sequence[str], mode: str) -> list[Deed]:
    if not words or len(words) > 2:
        raise ValueError("call a label: set rain r, set rain 3")
    return [Deed("/rules/call", (words[0], words[1] if len(words) > 1 else "r", mode))]


def _plain(address: str, least: int, most: int) -> Callable[[Sequence[str]], list[Deed]]:
    """Return what translates a word into an address with the words after it."""

    def translate(words: Sequence[str]) -> list[Deed]:
        if not least <= len(words) <= most:
            raise ValueError(f"{address} takes {least if least == most else f'{least} to {most}'} words")
        return [Deed(address, tuple(words))]

    return translate


def _every(words: Sequence[str]) -> list[Deed]:
    if not words:
        raise ValueError("every takes off, 1 beat, 2 bars and the like")
    return [Deed("/rules/every", (" ".join(words),))]


VERBS: dict[str, Callable[[Sequence[str]], list[Deed]]] = {
    "ruler": _ruler,
    "set": lambda words: _called(words, "set"),
    "play": lambda words: _called(words, "set"),
    "try": lambda words: _called(words, "interval"),
    "keep": _plain("/rules/keep", 1, 1),
    "none": _plain("/rules/keep_none", 0, 0),
    "good": _plain("/rules/good", 0, 1),
    "wrong": _plain("/rules/wrong", 0, 0),
    "vary": _plain("/rules/vary", 0, 1),
    "morph": _plain("/rules/morph", 1, 1),
    "every": _every,
    "use": _plain("/rules/palette/use", 1, 1),
    "assess": _plain("/rules/assess", 0, 1),
    "answer": _plain("/rules/answer", 1, 1),
    "snap": _plain("/rules/snap_knob", 1, 3),
    "recall": _plain("/rules/recall", 1, 1),
    "undo": _plain("/undo", 0, 0),
}
