"""The second column of the Listener: which kind of model, training in view, its settings, the models before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedWidget, QWidget

from app.snapshot import ModelNote, Snapshot, StudyState
from ui.desk import Desk, Display
from ui.panel.card import Card, column, row, snug
from ui.panel.setting import Kinds, Settings
from ui.widget.confusion import Confusion, Growth, growth_text
from ui.widget.label import Readout
from ui.widget.lines import Line, Lines
from ui.widget.loss import LossPlot
from ui.widget.pad import ActionPad, Pad

NO_SCORES: Mapping[int, float] = {}
EMPTY = "Record examples, then Train: it takes a second"
PAGES = ("Loss", "Confusion", "Growth", "Settings")


def score_text(picture: Snapshot) -> str:
    """Return how good the model is, and whether it is better than the one before."""
    study = picture.listener.study
    if study.score is None:
        return "scoring…" if study.models and not study.active else ""
    before = earlier_score(study.models)
    if before is None:
        return f"score {study.score:.0%}, cross-validated"
    change = round((study.score - before) * 100)
    compared = f"{change:+d} to the one before".replace("-", "−") if change else "as the one before"
    return f"score {study.score:.0%}, {compared}"


def earlier_score(models: Sequence[ModelNote]) -> float | None:
    """Return the score of the model before the chosen one, None if it has none."""
    chosen = next((place for place, note in enumerate(models) if note.chosen), None)
    scores = [note.score for note in models[:chosen] if note.score is not None] if chosen is not None else []
    return scores[-1] if scores else None


def study_figures(study: StudyState) -> str:
    """Return the state of a fit in words."""
    parts = []
    if study.train:
        parts.append(f"loss {loss_text(study.train[-1][1])}")
    if study.valid:
        parts.append(f"valid {loss_text(study.valid[-1][1])}")
    if study.train:
        parts.append(f"epoch {study.train[-1][0]:.0f}")
    return "  ".join(parts) or study.text


def loss_text(loss: float) -> str:
    """Return a loss with as many digits as tell something."""
    return f"{loss:.3f}" if loss >= 0.01 else f"{loss:.1e}".replace("e-0", "e-").replace("-", "−")


def model_text(picture: Snapshot) -> str:
    """Return what the model is doing, or what it learnt from."""
    study = picture.listener.study
    chosen = next((note for note in study.models if note.chosen), None)
    if study.active or chosen is None or study.score is None:
        return study.text
    return f"learnt from {chosen.examples} examples"


def is_learning(picture: Snapshot) -> str:
    """Return the fill of Train."""
    return "learning" if picture.listener.study.active else ""


class NewData:
    """Notes at which epoch examples came while a model learnt. Attributes: `epochs`."""

    def __init__(self) -> None:
        self.epochs: tuple[float, ...] = ()
        self._total: int | None = None
        self._last = 0.0

    def look(self, study: StudyState, total: int) -> tuple[float, ...]:
        """Return the epochs at which new data came in this run."""
        epoch = study.train[-1][0] if study.train else 0.0
        if epoch < self._last:
            self.epochs = ()
        if self._total not in (None, total) and study.active and study.train:
            self.epochs = (*self.epochs, epoch)
        self._total, self._last = total, epoch
        return self.epochs


class StudyLoss(LossPlot):
    """The loss of the Listener's model."""

    def __init__(self, desk: Desk, empty: str = EMPTY, tall: int = 80) -> None:
        self._news = NewData()
        super().__init__(desk, empty, tall, self._run)
        self.setAccessibleName("Loss of the Listener's model")

    def _run(self, picture: Snapshot) -> tuple[StudyState, str, tuple[float, ...]]:
        state = picture.listener
        total = len(state.examples) if state.examples is not None else 0
        words = study_figures(state.study)
        if not words and total:
            words = "Learnt in an earlier session; Train learns anew" if state.ready else "Train: it takes a second"
        return state.study, words, self._news.look(state.study, total)


class TrainPad(ActionPad):
    """Trains the Listener; Return does so too while the Listener is the chosen player."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "/listener/train", "Train", is_learning)
        self.badge = "Return"

    def tick(self, picture: Snapshot) -> None:
        """Its key is the window's own, no binding."""


SHARES = (0.12, 0.38, 0.12, 0.21, 0.17)
TITLES = ("model", "", "ex.", "score", "fit")
JUDGED = ("model", "", "ex.", "compared", "fit")


class ModelTitles(Display):
    """What the columns of the list of models are, in small type."""

    def sizeHint(self) -> QSize:
        return QSize(200, QFontMetrics(self.desk.look.font("small")).height() + 2)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def refresh(self, picture: Snapshot) -> None:
        study = picture.listener.study
        titles = (JUDGED if judged(study) else TITLES) if study.models else ()
        if titles != self._titles:
            self._titles = titles
            self.update()

    _titles: tuple[str, ...] = ()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.desk.look.font("small"))
        painter.setPen(self.desk.look.color("dim"))
        left = 10
        for title, share in zip(self._titles, SHARES, strict=False):
            painter.drawText(left, 0, self.width(), self.height(), Qt.AlignmentFlag.AlignVCenter, title)
            left += round((self.width() - 16) * share)


class Models(Lines):
    """The models that were learnt, the newest first, side by side in figures; a click lets one answer."""

    def __init__(self, desk: Desk) -> None:
        empty = "Earlier models stand here: click one to go back to it"
        super().__init__(desk, SHARES, empty, tall=22, name="Models", role="small")
        self.setToolTip("● answers now. Click another one and it answers from the next frame on; click back to compare")

    def sizeHint(self) -> QSize:
        return QSize(200, self.desk.look.px(self.tall * 3))

    def refresh(self, picture: Snapshot) -> None:
        notes = picture.listener.study.models
        chosen = next((str(note.number) for note in notes if note.chosen), None)
        fair = judged(picture.listener.study)
        lines = [model_line(note, picture.listener.ready, fair) for note in reversed(notes)]
        if chosen != self.chosen:
            self.chosen = chosen
            self.update()
        self.show_lines(lines)

    def choose(self, line: Line) -> None:
        if line.key != self.chosen:
            self.desk.engine.fire("/listener/use", float(line.key))


def judged(study: StudyState) -> dict[int, float]:
    """Return the scores of the kept models on the same takes, by number; empty before they were compared."""
    return {row.number: row.score for row in study.compare.models if row.score is not None}


def model_line(note: ModelNote, ready: bool = True, fair: Mapping[int, float] = NO_SCORES) -> Line:
    """Return a model as a line: whether it answers, number, kind, examples, score, seconds.

    Once models were compared, `fair` has their scores on the same takes, and one without such a score has none.
    """
    found = fair.get(note.number) if fair else note.score
    score = f"{found:.0%}" if found is not None else "–"
    sign, color = ("●", "active") if note.chosen and ready else ("○", "text")
    cells = (f"{sign} {note.number}", note.kind, str(note.examples), score, took_text(note))
    return Line(cells, color, str(note.number))


def took_text(note: ModelNote) -> str:
    """Return how long a model took to learn."""
    return "–" if note.took_s is None else f"{note.took_s:.2f} s" if note.took_s < 9.95 else f"{note.took_s:.0f} s"


class Comparison(Readout):
    """The model that answers beside the one that answered before it. It remembers which that was."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, self._compare, role="small")
        self._now = self._before = 0
        self._fair: dict[int, float] = {}
        self._is_told = False

    def _compare(self, picture: Snapshot) -> str:
        study = picture.listener.study
        fair = {} if study.compare.active else judged(study)
        if fair != self._fair:
            self._fair, self._is_told = fair, bool(fair)
        if study.compare.active:
            return "comparing on the same takes…"
        text = self._clicked(picture)
        return best_text(study) if self._is_told else text

    def _clicked(self, picture: Snapshot) -> str:
        models = picture.listener.study.models
        chosen = next((note.number for note in models if note.chosen), 0)
        if chosen != self._now:
            self._before, self._now = self._now, chosen
            self._is_told = False
        by_number = {note.number: note for note in models}
        if chosen in by_number and self._before in by_number:
            return compared(by_number[chosen], by_number[self._before])
        return score_text(picture)


def best_text(study: StudyState) -> str:
    """Return which model did best where all were judged on the same takes."""
    fair = judged(study)
    best = max(fair, key=lambda number: fair[number])
    equal = [str(number) for number in fair if fair[number] == fair[best]]
    return f"same takes: {' and '.join(sorted(equal))} best, {fair[best]:.0%}"


class ComparePad(ActionPad):
    """Judges all kept models on the same takes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "/listener/model/compare", "Compare", tall=28, role="small")
        self.setAccessibleName("Compare models")

    def refresh(self, picture: Snapshot) -> None:
        study = picture.listener.study
        self.setEnabled(len(study.models) > 1 and not study.active)
        self.light("learning" if study.compare.active else "")


def compared(now: ModelNote, other: ModelNote) -> str:
    """Return what a model has before another one, in words: score, examples, seconds."""
    if now.score is None:
        return f"{now.number} answers, scoring…"
    parts = [f"{round((now.score - other.score) * 100):+d}% score"] if other.score is not None else [f"{now.score:.0%}"]
    if now.examples != other.examples:
        parts.append(f"{now.examples - other.examples:+d} ex.")
    if now.took_s is not None and other.took_s is not None:
        parts.append(f"{now.took_s - other.took_s:+.2f} s")
    return f"{now.number} answers: {', '.join(parts)} to {other.number}".replace("-", "−").replace("+0%", "same")


class PageTab(Pad):
    """A tab of the plots. Attributes: `name`."""

    def __init__(self, desk: Desk, name: str, plots: Plots) -> None:
        super().__init__(desk, name, lambda: plots.open(name), 28, "small")
        self.name, self._plots = name, plots

    def refresh(self, picture: Snapshot) -> None:
        self.light("active" if self._plots.page == self.name else "")


def page_of(content: QWidget) -> QWidget:
    """Return a page with the content at its top."""
    page = QWidget()
    page.setLayout(column(content, 1))
    return page


class Plots(Display):
    """Loss, confusion, learning curve and settings on one sheet.

    Attributes: `page` (the name shown), `loss`, `confusion`, `growth`, `settings`.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.page = PAGES[0]
        self.loss, self.confusion, self.growth = StudyLoss(desk), Confusion(desk), Growth(desk)
        self.settings = Settings(desk)
        self._stack = QStackedWidget()
        for one in (self.loss, self.confusion, self.growth, page_of(self.settings)):
            self._stack.addWidget(one)
        self.tabs = [PageTab(desk, name, self) for name in PAGES]
        box = QGridLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addLayout(row(*self.tabs, gap=4), 0, 0)
        box.addWidget(self._stack, 1, 0)
        box.setRowStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def open(self, name: str) -> None:
        """Show one of them."""
        self.page = name
        self._stack.setCurrentIndex(PAGES.index(name))


class ListenerModel(Card):
    """Attributes: `plots`, `models`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Model", model_text)
        self.body.addWidget(Kinds(desk))
        self.body.addLayout(row(TrainPad(desk), snug(ActionPad(desk, "/listener/train_stop", "Stop"))))
        self.plots, self.models = Plots(desk), Models(desk)
        self.body.addWidget(self.plots, 1)
        self.body.addLayout(row(Comparison(desk), snug(ComparePad(desk))))
        self.body.addWidget(Readout(desk, lambda p: growth_text(p.listener.study), role="small", color="dim"))
        self.body.addLayout(column(ModelTitles(desk), self.models, gap=0))
