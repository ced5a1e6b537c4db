"""Silencing lines of a program, and letting them speak again: the quickest way to mute by hand.

One step of undo however many lines there are, and the indentation stays.
"""

from __future__ import annotations

from PySide6.QtGui import QTextCursor

COMMENT = "//"


def toggle_comment(cursor: QTextCursor) -> None:
    """Make comments of the lines of a selection; where all of them are comments, make them lines again."""
    document = cursor.document()
    first, last = document.findBlock(cursor.selectionStart()), document.findBlock(cursor.selectionEnd())
    blocks = [document.findBlockByNumber(n) for n in range(first.blockNumber(), last.blockNumber() + 1)]
    filled = [block for block in blocks if block.text().strip()]
    speaks = any(not block.text().lstrip().startswith(COMMENT) for block in filled)
    cursor.beginEditBlock()
    for block in filled:
        _turn(QTextCursor(block), block.text(), speaks)
    cursor.endEditBlock()


def _turn(cursor: QTextCursor, text: str, speaks: bool) -> None:
    """Put the sign of a comment before a line, or take it away with the space behind it."""
    move, keep = QTextCursor.MoveMode.MoveAnchor, QTextCursor.MoveMode.KeepAnchor
    cursor.movePosition(QTextCursor.MoveOperation.Right, move, len(text) - len(text.lstrip()))
    if speaks:
        cursor.insertText(f"{COMMENT} ")
        return
    rest = text.lstrip().removeprefix(COMMENT)
    gone = len(COMMENT) + len(rest[:1]) - len(rest[:1].lstrip())
    cursor.movePosition(QTextCursor.MoveOperation.Right, keep, gone)
    cursor.removeSelectedText()
