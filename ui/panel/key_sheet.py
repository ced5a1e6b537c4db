"""The key sheet: every key, every action, every gesture, over the window and not in its way.

It is a picture and not a dialog: the music goes on, and so do the keys it shows. What has a key stands above, for
the hands; what has only an address stands below, for those who map it or send it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.words import Row, key_sheet

COLUMNS = (2, 3, 4, 5)
BELOW = (4, 5, 6, 7)
GAP = 32
TALL, EASY, LEAST = 30, 19, 14
Sheet = dict[str, list[Row]]


def arrange(sizes: Sequence[int], columns: int) -> list[int]:
    """Return the column of each group, in order and none of them split, so that the fullest one is as low as may be."""
    limit = max((*sizes, -(-sum(sizes) // columns)), default=0)
    while True:
        placed, column, used = [], 0, 0
        for size in sizes:
            if used + size > limit:
                column, used = column + 1, 0
            used += size
            placed.append(column)
        if column < columns:
            return placed
        limit += 1


def fullest(sizes: Sequence[int], columns: int) -> int:
    """Return the height of the fullest column."""
    placed = arrange(sizes, columns)
    return max((sum(size for size, at in zip(sizes, placed, strict=True) if at == c) for c in set(placed)), default=0)


def halves(sheet: Sheet) -> tuple[Sheet, Sheet]:
    """Return the rows with a key, and those without, by heading."""
    keys = {name: [row for row in rows if row.key] for name, rows in sheet.items() if any(row.key for row in rows)}
    rest = {name: [row for row in rows if not row.key] for name, rows in sheet.items()}
    rest = {name: rows for name, rows in rest.items() if rows}
    return keys, {(f"{name}, no key" if name in keys else name): rows for name, rows in rest.items()}


def sizes(sheet: Sheet) -> list[int]:
    """Return how many lines each group takes, with its heading and the empty line below."""
    return [len(rows) + 2 for rows in sheet.values()]


def parts(sheet: Sheet, columns: int) -> list[list[list[Row | str]]]:
    """Return the groups of each column, each group led by its heading."""
    placed = arrange(sizes(sheet), columns)
    found: list[list[list[Row | str]]] = [[] for _ in range(max(placed, default=0) + 1)]
    for (heading, rows), column in zip(sheet.items(), placed, strict=True):
        found[column].append([heading, *rows])
    return found


def endings(address: str) -> list[str]:
    """Return an address and its ends, whole words each: "/rules/kept/keep", "…/kept/keep", "…/keep"."""
    parts = address.split("/")
    return [address, *(f"…/{'/'.join(parts[at:])}" for at in range(2, len(parts)))]


class KeySheet(Display):
    """Attributes: `sheet` (heading -> rows), read anew each time it opens."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self.sheet: Sheet = {}
        self.setAccessibleName("Key sheet")
        self.hide()

    def open(self) -> None:
        """Show the tables as they are now."""
        self.sheet = key_sheet(self.desk.engine)
        self.setAccessibleDescription(
            "; ".join(f"{row.key}: {row.title}" for rows in self.sheet.values() for row in rows)
        )
        self.setGeometry(self.window().rect())
        self.raise_()
        self.show()

    def tick(self, picture: Snapshot) -> None:
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.desk.engine.set("/window/keys", 0.0)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.fillRect(self.rect(), look.color("background"))
        left = look.px(40)
        painter.setPen(look.color("text"))
        painter.setFont(look.font("large", True))
        painter.drawText(QRect(left, look.px(18), self.width(), look.px(28)), Qt.AlignmentFlag.AlignVCenter, "Keys")
        painter.setPen(look.color("dim"))
        painter.setFont(look.font("normal"))
        hint = "Esc, ? or a click closes.  The keys work while this is open."
        painter.drawText(
            QRect(left + look.px(70), look.px(19), self.width(), look.px(28)), Qt.AlignmentFlag.AlignVCenter, hint
        )
        self._paint_columns(painter, left, look.px(60))

    def _paint_columns(self, painter: QPainter, left: int, top: int) -> None:
        """Paint the keys above, in large words; below them what has an address and no key."""
        look = self.desk.look
        keys, rest = halves(self.sheet)
        room = self.height() - top - look.px(16)
        needs = fullest(sizes(keys), COLUMNS[-1]) * look.px(LEAST + 2)
        below = next((n for n in BELOW if room - fullest(sizes(rest), n) * look.px(LEAST) >= needs), BELOW[-1])
        above = room - fullest(sizes(rest), below) * look.px(LEAST)
        count = next((n for n in COLUMNS if fullest(sizes(keys), n) * look.px(EASY) <= above), COLUMNS[-1])
        tall = min(look.px(TALL), above // max(fullest(sizes(keys), count), 1))
        self._paint_block(painter, keys, QRect(left, top, self.width() - 2 * left, tall), count)
        top += fullest(sizes(keys), count) * tall
        self._paint_block(painter, rest, QRect(left, top, self.width() - 2 * left, look.px(LEAST)), below)

    def _paint_block(self, painter: QPainter, sheet: Sheet, line: QRect, count: int) -> None:
        """Paint groups in columns; `line` is the first line over the whole width."""
        gap = self.desk.look.px(GAP)
        wide = (line.width() - (count - 1) * gap) // count
        for at, part in enumerate(parts(sheet, count)):
            box = QRect(line.left() + at * (wide + gap), line.top(), wide, line.height())
            for rows in part:
                for entry in rows:
                    self._paint_entry(painter, entry, box)
                    box.translate(0, line.height())
                box.translate(0, line.height())

    def _paint_entry(self, painter: QPainter, entry: Row | str, box: QRect) -> None:
        look, middle = self.desk.look, Qt.AlignmentFlag.AlignVCenter
        # Where the window is low and the rows are many, small words stay whole and large ones would not.
        role = "normal" if box.height() >= QFontMetrics(look.font("normal")).height() else "small"
        if isinstance(entry, str):
            painter.setFont(look.font(role, True))
            painter.setPen(look.color("active"))
            painter.drawText(box, middle, entry)
            return
        strong = look.font(role, True)
        share = 40 if not entry.address else 32 if entry.key else 8
        keys_wide = max(box.width() * share // 100, QFontMetrics(strong).horizontalAdvance(entry.key) + 10)
        painter.setFont(strong)
        painter.setPen(look.color("text" if entry.key else "outline"))
        painter.drawText(box, middle, entry.key or "–")
        words = box.adjusted(keys_wide, 0, 0, 0)
        painter.setFont(look.font(role))
        painter.setPen(look.color("text"))
        metrics = QFontMetrics(look.font(role))
        painter.drawText(words, middle, metrics.elidedText(entry.title, Qt.TextElideMode.ElideRight, words.width()))
        # What it does is read first: the address has what is left.
        left = words.width() - metrics.horizontalAdvance(entry.title) - 10
        small = QFontMetrics(look.font("small"))
        address = next((one for one in endings(entry.address) if small.horizontalAdvance(one) <= left), "")
        painter.setFont(look.font("small"))
        painter.setPen(look.color("dim"))
        painter.drawText(words, middle | Qt.AlignmentFlag.AlignRight, address)
