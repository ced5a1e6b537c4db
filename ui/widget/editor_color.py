"""Colours of a program: few, so that what learns and what is played stand out from the rest.

The three roles have the colours that they have everywhere else in the window; names are strong, the rest is calm.
"""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from ui.theme import Look
from ui.widget.editor_word import tokens

# Kind -> colour role and whether it is strong.
STYLES: dict[str, tuple[str, bool]] = {
    "source": ("active", True),
    "learn": ("learning", True),
    "predict": ("now", True),
    "channel": ("text", True),
    "order": ("dim", True),
    "setting": ("purple", False),
    "hand": ("active", False),
    "text": ("dim", False),
    "comment": ("dim", False),
    "number": ("text", False),
    "sign": ("dim", False),
}
LIGHT_DARKER = 160  # The data colours are made for a dark ground.


def style_color(look: Look, role: str) -> QColor:
    """Return a colour that can be read as text in the present theme."""
    color = look.color(role)
    is_data = any(shade.name == role for shade in look.tokens.shades)
    return color.darker(LIGHT_DARKER) if is_data and look.theme == "light" else color


class Colours(QSyntaxHighlighter):
    """Colours one document. Attributes: `look`, `names` (channels that the program defines)."""

    def __init__(self, document: QTextDocument, look: Look) -> None:
        super().__init__(document)
        self.look = look
        self.names: tuple[str, ...] = ()
        self._formats: dict[str, QTextCharFormat] = {}
        self.restyle()

    def restyle(self) -> None:
        """Take the colours of the present theme."""
        self._formats = {kind: self._format(kind, *style) for kind, style in STYLES.items()}
        self.rehighlight()

    def _format(self, kind: str, role: str, strong: bool) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setForeground(style_color(self.look, role))
        made.setFontItalic(kind == "comment")
        if strong:
            made.setFontWeight(QFont.Weight.DemiBold)
        return made

    def take_names(self, names: tuple[str, ...]) -> None:
        """Colour these names too, wherever they stand."""
        if names != self.names:
            self.names = names
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        for token in tokens(text, self.names):
            if token.kind in self._formats:
                # Qt counts in UTF-16 units, Python in characters.
                start, end = utf16(text[: token.start]), utf16(text[: token.end])
                self.setFormat(start, end - start, self._formats[token.kind])


def utf16(text: str) -> int:
    """Return how many units Qt counts for a text."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2
