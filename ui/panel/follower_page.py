"""The pages of the editor: one text of the Follower each, with an undo of its own.

A text is a Parameter like any other, so a session, OSC and a second view may write it too. A page hands over what was
written by hand and takes what others wrote, as changes that can be taken back; while one writes, one's own words win.
"""

from __future__ import annotations

from itertools import count

from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout

from app.parameter import TextParameter
from ui.desk import Desk
from ui.widget.editor_color import Colours, utf16
from ui.widget.editor_word import defined

_EDITORS = count(1)


def new_origin() -> str:
    """Return a name under which one editor writes, to know its own words again."""
    return f"editor {next(_EDITORS)}"


class Page:
    """One text.

    Attributes: `parameter`, `document`, `colours`, `names` (channels it defines), `position` (of the cursor), `scroll`.
    """

    def __init__(self, desk: Desk, parameter: TextParameter, origin: str) -> None:
        self.parameter = parameter
        self.names: tuple[str, ...] = ()
        self.position = self.scroll = 0
        self._desk, self._origin = desk, origin
        self._seen = parameter.version
        self._kept = parameter.value  # What the Parameter has, or was asked to have.
        self.document = QTextDocument()
        self.document.setDocumentLayout(QPlainTextDocumentLayout(self.document))
        self.document.setPlainText(parameter.value)
        self.document.setDocumentMargin(6)
        self.colours = Colours(self.document, desk.look)
        self.document.contentsChanged.connect(self._read_names)
        self._read_names()

    @property
    def text(self) -> str:
        return self.document.toPlainText()

    @property
    def is_fresh(self) -> bool:
        """Whether it holds words that were not handed over yet."""
        return self.text != self._kept

    def _read_names(self) -> None:
        text = self.text
        names = defined(text) if "define" in text.lower() else ()
        if names != self.names:
            self.names = names
            self.colours.take_names(names)

    def keep(self) -> None:
        """Hand over what was written."""
        text = self.text
        if text == self._kept:
            return
        if len(text) > self.parameter.limit:
            self._desk.say(f"A program has at most {self.parameter.limit} signs: this one has {len(text)}")
            return
        self._kept = text
        self._desk.engine.set(self.parameter.address, text, self._origin)

    def follow(self) -> bool:
        """Take what another hand wrote; return whether the text changed."""
        if self.parameter.version == self._seen:
            return False
        self._seen = self.parameter.version
        value = self.parameter.value
        if self.parameter.origin == self._origin or self.is_fresh:
            return False
        self._kept = value
        return replace_text(self.document, value)


def replace_text(document: QTextDocument, text: str) -> bool:
    """Change a document into a text, only where they differ and in one step of undo; return whether it changed."""
    old = document.toPlainText()
    if old == text:
        return False
    head = 0
    while head < min(len(old), len(text)) and old[head] == text[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(text)) - head and old[-1 - tail] == text[-1 - tail]:
        tail += 1
    cursor = QTextCursor(document)
    cursor.setPosition(utf16(old[:head]))
    cursor.setPosition(utf16(old[: len(old) - tail]), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(text[head : len(text) - tail])
    return True
