"""The words of a program, for the eye and for completion: which kind each one is, which may come next.

The player has a grammar of its own, which alone decides what is right. The editor only needs to colour a line that
is half written, sixty times a minute, so it looks at words and never refuses anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

ROLES = {
    "source": "is heard by the model, and sounds",
    "learn": "is what the model shall play, and sounds",
    "predict": "is played by the model",
}
DRUMS = {
    "kick": "bass drum",
    "snare": "snare drum",
    "closedhat": "closed hi-hat",
    "openhat": "open hi-hat",
}
SYNTHS = {"lead": "synth: ratios, then notes", "bass": "synth: ratios, then notes"}
ORDERS = {"bpm": "beats a minute", "define": "a channel of your own"}
SETTINGS = {"cut": "filter, 0 to 100 or Hz", "res": "resonance, 0 to 100", "env": "envelope, 0 to 100"}
EFFECTS = {"dist": "distortion", "amp": "loudness", "lpf": "low-pass, Hz", "hpf": "high-pass, Hz"}
TARGETS = {
    "sample": 'a sound file: "clap.wav"',
    "osc": 'an OSC address: "/light/1"',
    "midi": "a MIDI note: 56 channel 3",
    "heard": 'a label of the Listener: "glass"',
}
HANDS = {"_mousex": "the pointer, left to right", "_mousey": "the pointer, top to bottom", "_cc": "MIDI: _cc21"}

KINDS: dict[str, str] = {
    **dict.fromkeys(DRUMS, "channel"),
    **dict.fromkeys(SYNTHS, "channel"),
    **dict.fromkeys(ORDERS, "order"),
    **dict.fromkeys(SETTINGS, "setting"),
    **dict.fromkeys(EFFECTS, "setting"),
    **dict.fromkeys((*TARGETS, "channel", "in"), "order"),
    **{role: role for role in ROLES},
}
# Only after `define NAME`; elsewhere these are words like any other.
AFTER_DEFINE = {*TARGETS, "channel", "in"}
DEFINED = re.compile(r"\bdefine\s+([A-Za-z]\w*)", re.IGNORECASE)
# What moves may touch the setting that it moves, as in cut_mousex.
HAND = re.compile(r"(?:(?<=cut)|(?<=res)|(?<=env)|(?<!\w))_[\w/.\-]*\Z", re.IGNORECASE)
WORD = re.compile(r"(?<![A-Za-z_])[A-Za-z]\w*\Z")
MOST = 60


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a line from `start` to `end`; `kind` says what it is ("" for a word that nobody knows)."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A word that may come next. Attributes: `word`, `hint` (what it is), `after` (what is typed behind it)."""

    word: str
    hint: str
    after: str = ""


def defined(text: str) -> tuple[str, ...]:
    """Return the names of the channels that a program defines itself, in order."""
    lines = (line.split("//")[0] for line in text.splitlines())
    return tuple(dict.fromkeys(name.lower() for line in lines for name in DEFINED.findall(line)))


@lru_cache(maxsize=32)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of one token; a name of one's own comes before a known word that it begins with."""
    known = sorted((*names, *KINDS), key=len, reverse=True)
    parts = (
        r"(?P<comment>//.*)",
        r"(?P<text>\"[^\"]*\"?)",
        r"(?P<hand>_[A-Za-z0-9_/.\-]+)",
        r"(?P<number>-?(?:\d+\.?\d*|\.\d+))",
        rf"(?P<known>{'|'.join(map(re.escape, known))})",
        r"(?P<word>[A-Za-z]+)",
        r"(?P<sign>[;:,()*+])",
    )
    return re.compile("|".join(parts), re.IGNORECASE)


def tokens(line: str, names: tuple[str, ...] = ()) -> list[Token]:
    """Return the tokens of a line; `names` are channels that the program defines."""
    found = []
    is_define = False
    for match in _pattern(names).finditer(line):
        kind, word = match.lastgroup or "", match.group().lower()
        if kind == "known":
            kind = "channel" if word in names else KINDS[word]
            is_define = is_define or word == "define"
            if word in AFTER_DEFINE and word not in names and not is_define:
                kind = ""
        elif kind == "word":
            kind = "channel" if is_define else ""
        is_define = is_define and word != ";"
        found.append(Token(match.start(), match.end(), kind))
    return found


def prefix_of(before: str) -> str:
    """Return the word that is being written at the end of a text; "" where none is."""
    found = HAND.search(before) or WORD.search(before)
    return found.group() if found else ""


def offers(before: str, names: Sequence[str], addresses: Iterable[str]) -> list[Offer]:
    """Return what may stand where the text ends, best first; `addresses` are the instrument's own values."""
    line = before.rsplit("\n", 1)[-1]
    if "//" in line or line.count('"') % 2:
        return []
    prefix = prefix_of(before)
    plain = "\n".join(one.split("//")[0] for one in before.splitlines())
    statement = plain.rsplit(";", 1)[-1]
    head = statement[: len(statement) - len(prefix)] if prefix else statement
    found = [offer for offer in _fitting(head, prefix, names, addresses) if fits(offer.word, prefix)]
    # The word that is already there in full is no help.
    return [] if [offer.word for offer in found] == [prefix.lower()] else found[:MOST]


def fits(word: str, prefix: str) -> bool:
    """Return whether a word continues what was typed; an address also by any part of it."""
    low = prefix.lower()
    return word.lower().startswith(low) or (low.startswith("_") and len(low) > 2 and low.strip("_/") in word.lower())


def _fitting(head: str, prefix: str, names: Sequence[str], addresses: Iterable[str]) -> list[Offer]:
    """Return what the grammar has room for after the words of a statement."""
    if prefix.startswith("_"):
        return [*_table(HANDS), *(Offer(f"_{address}", "a value of the instrument") for address in addresses)]
    if head.count("(") > head.count(")"):
        return [] if ":" in re.split(r"[(,]", head)[-1] else _table(EFFECTS, ":")
    kinds = [token.kind for token in tokens(head, tuple(names))]
    words = [head[token.start : token.end].lower() for token in tokens(head, tuple(names))]
    channels = [*_table(DRUMS), *_table(SYNTHS), *(Offer(name, "a channel of yours") for name in names)]
    if not words:
        return [*_table(ROLES, " "), *channels, *_table(ORDERS, " ")]
    if words[0] == "define":
        return _table(TARGETS, " ") if len(words) == 2 else []
    if kinds[-1] in ROLES:
        return channels
    is_synth = any(word in SYNTHS for word in words)
    return _table({name: hint for name, hint in SETTINGS.items() if name not in words}) if is_synth else []


def _table(words: dict[str, str], after: str = "") -> list[Offer]:
    return [Offer(word, hint, after) for word, hint in words.items()]
