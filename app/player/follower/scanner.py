"""A program's text, cut into words.

Keywords and names of channels may touch what follows them (`bpm120`, `sourcekick`, `kick3,3,2`, `cut_mousex`), so
where a word ends depends on the names there are. A word that is none gets an answer at once, with the nearest one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise

from lark import Token

from app.player.follower.program import EFFECTS, KNOBS, ROLES, ProgramError
from app.snapshot_follower import ProgramFault

WORDS = {
    "bpm": "BPM",
    "define": "DEFINE",
    "sample": "_SAMPLE",
    "osc": "_OSC",
    "midi": "_MIDI",
    "in": "_IN",
    "heard": "_HEARD",
    "channel": "_CHANNEL",
    **dict.fromkeys(ROLES, "ROLE"),
    **dict.fromkeys(KNOBS, "KNOB"),
    **dict.fromkeys(EFFECTS, "EFFECT"),
}
SIGNS = {"*": "STAR", "+": "PLUS", ",": "COMMA", "(": "LPAR", ")": "RPAR", ":": "COLON", ";": "_SEMI"}
INPUTS = re.compile(r"_(mousex|mousey|cc(?:12[0-7]|1[01]\d|[1-9]?\d)(?!\d)|(?:/[A-Za-z0-9_.\-]+)+)", re.IGNORECASE)
RAW = re.compile(
    r"(?P<space>\s+|//[^\n]*)"
    r"|(?P<input>_(?:/[A-Za-z0-9_.\-]+)+|_[A-Za-z0-9_]*)"
    r"|(?P<word>[A-Za-z][A-Za-z0-9_]*)"
    r"|(?P<number>-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)"
    r"|(?P<text>\"[^\"\n]*\"?)"
    r"|(?P<sign>[*+,():;])"
    r"|(?P<stranger>.)",
    re.DOTALL,
)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
PLAIN = re.compile(r"-?(?:(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+)")
MOST_SPLIT = 64  # A longer word is not looked through for the words that may hide in it.
MOST_NUMBER = 1e6


@dataclass(frozen=True, slots=True)
class Text:
    """A program's text.

    Attributes: `text`, `names` (of channels, lower case), `lines` (where each begins).
    """

    text: str
    names: frozenset[str]
    lines: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", (0, *(found.end() for found in re.finditer("\n", self.text))))

    def fault(self, start: int, end: int, sentence: str) -> ProgramError:
        """Return the error of the characters from `start` to `end`."""
        line, column = self.place(start)
        stop = self.text.find("\n", start)
        width = max(min(end, stop if stop >= 0 else len(self.text)) - start, 1)
        return ProgramError(ProgramFault(line, column, column + width, sentence))

    def place(self, start: int) -> tuple[int, int]:
        """Return line and column, from 1, of a character."""
        line = bisect_right(self.lines, start)
        return line, start - self.lines[line - 1] + 1

    def tokens(self) -> Iterator[Token]:
        """Yield the words; ProgramError where there is none."""
        place, defining = 0, False
        while place < len(self.text):
            found = RAW.match(self.text, place)
            assert found is not None  # Any character is at least a stranger.
            kind, text = str(found.lastgroup), found.group()
            if kind == "word":
                text = text if defining else self._first_word(text)
            if kind != "space":
                token = self._token(kind, text, place, defining)
                defining = token.type == "DEFINE"
                yield token
            place += len(text)

    def _token(self, kind: str, text: str, start: int, defining: bool) -> Token:
        end = start + len(text)
        line, column = self.place(start)
        match kind:
            case "word":
                name, value = self._kind_of(text, start, defining), text.lower()
            case "number":
                name, value = "NUMBER", self._number(text, start)
            case "input":
                name, value = "INPUT", self._input(text, start)
            case "text":
                name, value = "TEXT", self._quoted(text, start)
            case "sign":
                name, value = SIGNS[text], text
            case _:
                raise self.fault(start, end, f"{text!r} means nothing here; take it out")
        return Token(name, value, start, line, column, end_pos=end)

    def _kind_of(self, word: str, start: int, defining: bool) -> str:
        known = word.lower()
        if defining:
            if known in WORDS:
                raise self.fault(start, start + len(word), f"{known} is a word of the language; choose another name")
            return "NAME"
        if known in self.names:
            return "NAME"
        if known in WORDS:
            return WORDS[known]
        raise self.fault(start, start + len(word), _unknown(word, {*self.names, *WORDS}))

    def _first_word(self, text: str) -> str:
        """Return the longest known word that a run of letters begins with and whose rest may go on."""
        lower = text.lower()
        if self._known(lower) or len(text) > MOST_SPLIT:
            return text
        good = {len(text)}  # Places from which the rest can be read.
        best = len(text)
        for start in range(len(text) - 1, -1, -1):
            ends = [end for end in range(len(text), start, -1) if self._known(lower[start:end]) and end in good]
            if ends or lower[start].isdigit() or lower[start] == "_":
                good.add(start)
            best = ends[0] if ends else len(text)
        return text[:best]

    def _known(self, word: str) -> bool:
        return word in self.names or word in WORDS

    def _number(self, text: str, start: int) -> str:
        end = start + len(text)
        if "e" in text.lower():
            raise self.fault(start, end, f"Write {text} without an exponent, such as 1000")
        if text.endswith("."):
            raise self.fault(start, end, f"{text} needs a digit after the point")
        if not PLAIN.fullmatch(text):
            raise self.fault(start, end, f"Write {text} without leading zeros")
        return text if abs(float(text)) <= MOST_NUMBER else f"{'-' * text.startswith('-')}{MOST_NUMBER:.0f}"

    def _input(self, text: str, start: int) -> str:
        if not INPUTS.fullmatch(text):
            expected = "write _mousex, _mousey, _cc21 (0 to 127) or a value's address such as _/listener/out/1"
            raise self.fault(start, start + len(text), f"There is no input {text}; {expected}")
        return text[1:] if text.startswith("_/") else text[1:].lower()

    def _quoted(self, text: str, start: int) -> str:
        if len(text) < 2 or not text.endswith('"'):
            raise self.fault(start, start + len(text), 'This text needs a closing " on the same line')
        return text[1:-1]


def defined_names(text: str) -> frozenset[str]:
    """Return the names that a text defines, wherever it does."""
    words = [found.group().lower() for found in RAW.finditer(text) if found.lastgroup != "space"]
    pairs = pairwise(words)
    return frozenset(name for word, name in pairs if word == "define" and NAME.fullmatch(name) and name not in WORDS)


def _unknown(word: str, known: Collection[str]) -> str:
    near = get_close_matches(word.lower(), sorted(known), n=1)
    short = word if len(word) <= 30 else f"{word[:30]}..."
    hint = f"did you mean {near[0]}?" if near else f'a channel of your own begins with: define {short} sample "..."'
    return f"{short} is not known; {hint}"
