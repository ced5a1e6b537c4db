"""From text to program, or to one sentence about the first thing that is wrong.

A performer types with the music running: whatever can be understood is understood (spaces, any order, a missing
last semicolon), numbers out of range are taken as the nearest that sounds, and what cannot be understood is answered
with its place and with what was expected there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

from lark import Lark, Token, Tree, UnexpectedToken
from lark.lexer import Lexer

from app.player.follower.meaning import Reader
from app.player.follower.program import Program, ProgramError, own_channels
from app.player.follower.scanner import Text, defined_names

GRAMMAR = Path(__file__).with_name("grammar.lark")
LONGEST = 65_536
OPENERS = ("BPM", "DEFINE", "ROLE", "NAME")  # A statement begins with one of these.
PHRASES = {
    "BPM": "bpm",
    "DEFINE": "define",
    "ROLE": "source, learn or predict",
    "NAME": "the name of a channel",
    "STAR": "*",
    "PLUS": "+",
    "NUMBER": "a number",
    "COMMA": "a comma",
    "KNOB": "cut, res or env",
    "LPAR": "effects in ( )",
    "EFFECT": "dist, amp, lpf or hpf",
    "COLON": "a colon",
    "RPAR": ")",
    "INPUT": "an input such as _mousex",
    "TEXT": 'a text in " "',
    "_SAMPLE": "sample",
    "_OSC": "osc",
    "_MIDI": "midi",
    "_HEARD": "heard",
    "_IN": "in",
    "_CHANNEL": "channel",
    "_SEMI": ";",
    "$END": "",
}


def parse(text: str, names: Collection[str] = ()) -> Program:
    """Return the program that a text says; `names` are channels with samples of their own.

    ProgramError, with the place and a sentence, if it says none.
    """
    own = own_channels()
    known = frozenset(own) | {name.lower() for name in names} | defined_names(text)
    source = Text(text, known)
    if len(text) > LONGEST:
        raise source.fault(0, 1, f"A program has at most {LONGEST} characters; this one has {len(text)}")
    return Reader(source, own, sorted(names)).program(_tree(source))


@cache
def _grammar() -> Lark:
    return Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer=_Words, maybe_placeholders=False)


class _Words(Lexer):
    """Stands where the library wants a scanner: words are fed to its parser one by one, so it is never asked."""

    def __init__(self, _configuration: object) -> None: ...

    def lex(self, *_: object) -> Iterator[Token]:
        return iter(())


def _tree(source: Text) -> Tree[Token]:
    parser = _grammar().parse_interactive()
    last: Token | None = None
    try:
        for token in source.tokens():
            parser.feed_token(token)
            last = token
        return parser.feed_eof(last)  # type: ignore[no-any-return, no-untyped-call]
    except UnexpectedToken as error:
        raise _fault(source, error, last) from error


def _fault(source: Text, error: UnexpectedToken, last: Token | None) -> ProgramError:
    """Return what was expected where the words stop making sense."""
    token = error.token
    expected = _expected(error.accepts or error.expected)
    if token.type == "$END" and last is not None:
        start, end = int(last.start_pos or 0), int(last.end_pos or 1)
        return source.fault(start, end, f"The program ends after {_quoted(source, last)}; expected {expected}")
    if token.type in OPENERS and "_SEMI" in (error.accepts or error.expected):
        expected = "a ; before the next statement"
    start, end = int(token.start_pos or 0), int(token.end_pos or 1)
    return source.fault(start, end, f"Expected {expected}, found {_quoted(source, token)}")


def _quoted(source: Text, token: Token) -> str:
    written = source.text[token.start_pos : token.end_pos]
    return written if len(written) <= 30 else f"{written[:30]}..."


def _expected(kinds: Collection[str]) -> str:
    phrases = [phrase for kind, phrase in PHRASES.items() if kind in kinds and phrase]
    if not phrases:
        return "nothing more"
    return " or ".join(filter(None, [", ".join(phrases[:-1]), phrases[-1]]))
