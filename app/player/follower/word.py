"""The words of a program's tree, and what is said about them: faults at their place, warnings with their line."""

from __future__ import annotations

from lark import Token, Tree

from app.player.follower.program import ProgramError, show_number
from app.player.follower.scanner import Text

Branch = Tree[Token]


class Report:
    """What is to be said about a text. Attributes: `source`, `warnings`."""

    def __init__(self, source: Text) -> None:
        self.source = source
        self.warnings: list[str] = []

    def clamped(self, word: Token, what: str, low: float, high: float) -> float:
        """Return a number brought into range, with a warning if it was not."""
        value = float(word)
        taken = min(max(value, low), high)
        if taken != value:
            self.warn(word, f"{what} {word} is out of range and taken as {show_number(taken)}")
        return taken

    def warn(self, word: Token, text: str) -> None:
        self.warnings.append(f"Line {line_of(word)}: {text}")

    def fault(self, word: Token, sentence: str) -> ProgramError:
        return self.source.fault(int(word.start_pos or 0), int(word.end_pos or 1), sentence)


def tokens(branch: Branch) -> list[Token]:
    """Return the words that stand directly in a branch."""
    return [word for word in branch.children if isinstance(word, Token)]


def first(branch: Branch) -> Token | None:
    return next((word for word in branch.scan_values(lambda value: isinstance(value, Token))), None)


def line_of(word: Token) -> int:
    return int(word.line or 1)


def end_of(branch: Branch, text: str) -> int:
    """Return where a statement's last word ends; a closing parenthesis is no word of the tree."""
    ends = [int(word.end_pos or 0) for word in branch.scan_values(lambda value: isinstance(value, Token))]
    end = max(ends, default=0)
    has_effects = any(isinstance(part, Tree) and part.data == "effects" for part in branch.children)
    if not has_effects:
        return end
    closing = text.find(")", end)
    return closing + 1 if closing >= 0 else end
