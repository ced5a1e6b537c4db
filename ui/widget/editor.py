"""A text one plays with: keys that are never lost, words that come next, deeds under the hand.

It is hot: what is written changes nothing until it is asked for, and Esc gives the keys back to the instrument. It
knows nothing of any player; who uses it says what its deeds do and what its margin shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QMimeData, QRect, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextCursor, QWheelEvent

from ui.desk import Desk
from ui.widget.editor_comment import toggle_comment
from ui.widget.editor_list import WordList
from ui.widget.editor_sheet import Sheet
from ui.widget.editor_word import Offer, offers, prefix_of

KEEP_MS = 300
PARAGRAPH = "\u2029"  # How Qt ends a line in a selection.


class Editor(Sheet):
    """Attributes: `words` (the list of what may come next)."""

    def __init__(self, desk: Desk, role: str = "normal", figures: str = "small", scale: float = 1.0) -> None:
        super().__init__(desk, role, figures, scale)
        self.words = WordList(desk, self.viewport(), self.take_word)
        self._rest = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._rest.timeout.connect(self.keep)
        self.setTabChangesFocus(True)
        self.setAccessibleName("Program")

    # --- to be overridden -----------------------------------------------------------------------------

    def play_text(self, at_once: bool = False) -> None:
        """The whole text was asked for."""

    def play_block(self) -> None:
        """The lines around the cursor were asked for."""

    def keep(self) -> None:
        """The text rests: keep it."""

    def save(self) -> None:
        """All that was written shall be saved."""

    def turn_page(self, steps: int) -> None:
        """Another page was asked for."""

    def resize_type(self, steps: int) -> None:
        """Larger (1) or smaller (-1) type was asked for; 0: the usual."""

    def take_files(self, paths: Sequence[str]) -> None:
        """Files were dropped."""

    def names(self) -> tuple[str, ...]:
        """Return the names that the text defines."""
        return ()

    def addresses(self) -> Iterable[str]:
        """Return the values of the instrument that a program may use."""
        return ()

    # --- keys -----------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self._steer_list(event, held) or self._command(event, held):
            event.accept()
            return
        typed = bool(event.text()) and event.text().isprintable()
        before = self.document().revision()
        super().keyPressEvent(event)
        if self.document().revision() != before:
            self._rest.start()
            self._offer(is_asked=False) if typed or self.words.isVisible() else self.words.close_list()
        elif event.text() or event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
            self.words.close_list()

    def _steer_list(self, event: QKeyEvent, held: Qt.KeyboardModifier) -> bool:
        """Return whether a key was for the list of words."""
        if not self.words.isVisible() or held:
            return False
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            self.words.move_mark(steps[Qt.Key(event.key())])
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.words.is_asked:
            self.take_word()
            return True
        return False

    def _command(self, event: QKeyEvent, held: Qt.KeyboardModifier) -> bool:
        """Return whether a key was a command and no text."""
        keys, none = Qt.Key, Qt.KeyboardModifier.NoModifier
        control, shift, alt = (
            Qt.KeyboardModifier.ControlModifier,
            Qt.KeyboardModifier.ShiftModifier,
            Qt.KeyboardModifier.AltModifier,
        )
        key = event.key()
        if key == keys.Key_Escape and held == none:
            self.leave()
        elif key in (keys.Key_Return, keys.Key_Enter) and held != none:
            if held & shift:
                self.play_block()
            else:
                self.play_text(at_once=bool(held & alt))
        elif held == control and key == keys.Key_Space:
            self._offer(is_asked=True)
        elif held & control and key in (keys.Key_Plus, keys.Key_Equal, keys.Key_Minus, keys.Key_0):
            self.resize_type({keys.Key_Minus: -1, keys.Key_0: 0}.get(Qt.Key(key), 1))
        elif held == control and key == keys.Key_S:
            self.save()
        elif held == control and key in (keys.Key_PageUp, keys.Key_PageDown):
            self.turn_page(1 if key == keys.Key_PageDown else -1)
        elif held & control and key == keys.Key_Slash:
            toggle_comment(self.textCursor())
            self._rest.start()
        else:
            return False
        return True

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab takes the marked word while the list is open; else it goes to the next control."""
        if next and self.words.offer is not None:
            self.take_word()
            return True
        return bool(super().focusNextPrevChild(next))

    def leave(self) -> None:
        """Give the keys back to the instrument."""
        self.words.close_list()
        self.window().setFocus()

    # --- words that come next -------------------------------------------------------------------------

    def _before(self) -> str:
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.Start, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText().replace(PARAGRAPH, "\n")

    def _offer(self, is_asked: bool) -> None:
        """List the words that may come next; by itself only while a word is being written."""
        before = self._before()
        found: list[Offer] = []
        if is_asked or prefix_of(before):
            found = offers(before, self.names(), self.addresses())
        if found:
            self.words.open(found, self.cursorRect(), is_asked)
        else:
            self.words.close_list()

    def take_word(self) -> None:
        """Put the marked word in the place of the one that is being written."""
        offer = self.words.offer
        self.words.close_list()
        if offer is None:
            return
        cursor = self.textCursor()
        count = len(prefix_of(self._before()))
        cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, count)
        cursor.insertText(offer.word + offer.after)
        self._rest.start()

    # --- the rest of a hand ---------------------------------------------------------------------------

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return bool(source.hasText() or source.hasUrls())

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take files by their path, and text without the signs that no program holds."""
        paths = [url.toLocalFile() for url in source.urls() if url.isLocalFile()]
        if paths:
            self.take_files(paths)
            return
        self.textCursor().insertText(clean(source.text()))
        self._rest.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.resize_type(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.words.close_list()

    def _follow_scroll(self, rect: QRect, dy: int) -> None:
        super()._follow_scroll(rect, dy)
        if dy:
            self.words.close_list()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell_frame()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.words.close_list()
        self.keep()
        self._tell_frame()

    def _tell_frame(self) -> None:
        frame = self.parentWidget()
        if frame is not None:
            frame.update()


def clean(text: str) -> str:
    """Return a text with plain line ends and without control characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in plain if sign in "\n\t" or ord(sign) >= 32)
