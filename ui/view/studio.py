"""Studio: where one prepares. Who plays on the left, then Examples, Model, Output, and a strip below."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout

from ui.desk import Desk, Display
from ui.panel.card import column
from ui.panel.examples import Examples
from ui.panel.model import Model
from ui.panel.output import Output
from ui.panel.players import Players
from ui.panel.strip import LOW_WINDOW, Strip

SHARES = (5, 4, 4)


class Studio(Display):
    """Attributes: `players`, `examples`, `model`, `output`, `strip`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.players, self.examples = Players(desk), Examples(desk)
        self.model, self.output, self.strip = Model(desk), Output(desk), Strip(desk)
        columns = QHBoxLayout()
        columns.setSpacing(8)
        columns.addWidget(self.players)
        for card, share in zip((self.examples, self.model, self.output), SHARES, strict=True):
            columns.addWidget(card, share)
        box = column(columns, self.strip)
        box.setStretch(0, 1)
        box.setContentsMargins(8, 8, 8, 8)
        self.setLayout(box)
        self._was_low: bool | None = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the strip when the window becomes low, unfold it when it becomes tall; by hand it may differ."""
        is_low = self.window().height() < self.desk.look.px(LOW_WINDOW)
        if is_low != self._was_low:
            self._was_low = is_low
            self.strip.fold(is_low)
