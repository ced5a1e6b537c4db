"""What was taken for what: the confusion matrix of the cross-validation, and how the score grew with examples."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy

from app.snapshot import Snapshot, StudyState
from ui.desk import Desk, Display
from ui.ledger import Page
from ui.widget.roll import blend
from ui.widget.shape import paint_shape

MOST = 12  # Classes shown; more would be too small to read.
HEAD = 20
STEADY = 0.02  # Of the score: less than this is no growth.


class Confusion(Display):
    """Rows are what it was, columns what was said. Attributes: `study`, `page` (names and colours)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.study, self.page = StudyState(), Page()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Confusion matrix")

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.desk.look.px(80))

    def refresh(self, picture: Snapshot) -> None:
        study, page = picture.listener.study, self.desk.page(picture)
        changed = study.confusion != self.study.confusion or page.labels != self.page.labels
        self.study, self.page = study, page
        if changed:
            self.setAccessibleDescription(words(study, page))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        counts, classes = self.study.confusion, self.study.classes
        if not counts:
            painter.setPen(look.color("dim"))
            painter.setFont(look.font("small"))
            text = "Which labels are taken for which stands here after training"
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, text)
            return
        shown, head = classes[:MOST], look.px(HEAD)
        wide, tall = (self.width() - head) / len(shown), (self.height() - head) / len(shown)
        for place, number in enumerate(shown):
            colour = self.page.label(number).colour
            paint_shape(painter, look, colour, QPointF(head / 2, head + (place + 0.5) * tall), look.px(11))
            paint_shape(painter, look, colour, QPointF(head + (place + 0.5) * wide, head / 2), look.px(11))
            for at in range(len(shown)):
                box = QRectF(head + at * wide + 1, head + place * tall + 1, wide - 2, tall - 2)
                self._paint_cell(painter, box, counts[place][at], sum(counts[place]), at == place)

    def _paint_cell(self, painter: QPainter, box: QRectF, count: int, total: int, is_right: bool) -> None:
        """Right answers glow in the colour of what is active, wrong ones in that of a warning."""
        look = self.desk.look
        share = count / total if total else 0.0
        color = blend(look.color("control"), look.color("active" if is_right else "learning"), share)
        painter.fillRect(box, color)
        painter.setFont(look.font("small", bool(count)))
        painter.setPen(look.color("on_fill" if share > 0.5 else "text" if count else "outline"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(count))


def words(study: StudyState, page: Page) -> str:
    """Return the worst mistake in words, "" if there is none."""
    wrong = [
        (count, page.label(true).name, page.label(said).name)
        for true, row in zip(study.classes, study.confusion, strict=False)
        for said, count in zip(study.classes, row, strict=False)
        if said != true and count
    ]
    if not wrong:
        return "no label was taken for another" if study.confusion else ""
    count, true, said = max(wrong)
    return f"{count} of {true} taken for {said}"


def growth_text(study: StudyState) -> str:
    """Return whether more examples would help."""
    if len(study.growth) < 2:
        return ""
    (_, before), (count, last) = study.growth[-2:]
    if last - before > STEADY:
        return f"still growing at {count} examples: more would help"
    if last > 0.95:
        return f"steady at {count} examples: enough"
    return f"steady at {count} examples: other features or clearer labels would help more"


class Growth(Display):
    """The score over the number of examples. Attributes: `study`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.study = StudyState()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Learning curve")

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.desk.look.px(80))

    def refresh(self, picture: Snapshot) -> None:
        if picture.listener.study.growth != self.study.growth:
            self.study = picture.listener.study
            self.setAccessibleDescription(growth_text(self.study))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font("small"))
        painter.setPen(look.color("dim"))
        growth = self.study.growth
        if len(growth) < 2:
            flags = Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), flags, "Whether more examples would help stands here after training")
            return
        box = QRectF(self.rect()).adjusted(look.px(38), look.px(10), -look.px(10), -look.px(20))
        most = max(count for count, _ in growth)
        places = [
            QPointF(box.left() + box.width() * count / most, box.bottom() - box.height() * score)
            for count, score in growth
        ]
        self._paint_axes(painter, box, most)
        painter.setPen(QPen(look.color("active"), 2))
        painter.drawPolyline(QPolygonF(places))
        painter.setBrush(look.color("active"))
        for place in places:
            painter.drawEllipse(place, 3, 3)

    def _paint_axes(self, painter: QPainter, box: QRectF, most: int) -> None:
        look = self.desk.look
        for share in (0.0, 0.5, 1.0):
            y = box.bottom() - box.height() * share
            painter.setPen(QPen(look.color("grid"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(look.color("dim"))
            place = QRectF(0, y - 8, box.left() - 4, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{share:.0%}")
        foot = QRectF(box.left(), box.bottom() + 2, box.width(), look.px(16))
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, f"{most} examples")
