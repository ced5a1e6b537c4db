"""What the next examples stand for: a pad for each label, a fader for each number."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QSizePolicy

from app.parameter import Parameter, TextParameter
from app.player.listener.plan import PlanError, read_plan, show_plan
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.fader import Fader
from ui.ledger import MOST_PADS
from ui.panel.card import snug
from ui.widget.label_pad import LabelPad
from ui.widget.pad import Pad

PADS_A_ROW = 4
TARGETS = 16


class LabelPads(Display):
    """As many pads as there are labels, and one to have more. Attributes: `pads`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.pads = [LabelPad(desk, number) for number in range(1, MOST_PADS + 1)]
        self._more = snug(Pad(desk, "+", lambda: self.grow(1), 44))
        self._more.setAccessibleName("One label more")
        self._more.setToolTip("One label more  (/listener/outputs)")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._count = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for pad in (*self.pads, self._more):
            pad.setParent(self)
        self._lay_out(4)

    def refresh(self, picture: Snapshot) -> None:
        self._lay_out(len(self.desk.page(picture).labels))

    def _lay_out(self, count: int) -> None:
        if count == self._count:
            return
        self._count = count
        shown = [*self.pads[:count], self._more] if count < MOST_PADS else self.pads[:count]
        for pad in (*self.pads, self._more):
            self._grid.removeWidget(pad)
            pad.setVisible(pad in shown)
        per_row = PADS_A_ROW if len(shown) in (3, 4, 7, 8) else 5 if len(shown) > PADS_A_ROW else max(len(shown), 1)
        for place, pad in enumerate(shown):
            self._grid.addWidget(pad, place // per_row, place % per_row)

    def grow(self, by: int) -> None:
        """Ask for more classes of the first output that is a class."""
        found = self.desk.engine.tree.find("/listener/outputs")
        if not isinstance(found, TextParameter):
            return
        try:
            plan = list(read_plan(found.value))
        except PlanError as error:
            self.desk.say(str(error))
            return
        place = next((n for n, output in enumerate(plan) if output.kind != "regressor"), None)
        if place is None:
            self.desk.say("There is no output with labels: write such as classifier:4 below")
            return
        wanted = max(self._count + by, 1)
        plan[place] = type(plan[place])(plan[place].kind, wanted)
        self.desk.engine.set(found.address, show_plan(tuple(plan)))


class Targets(Display):
    """A fader for the target of each output that is a number: what the next examples stand for."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.faders: list[Fader] = []
        for place in range(1, TARGETS + 1):
            parameter = desk.engine.tree.find(f"/listener/target/{place}")
            if isinstance(parameter, Parameter):
                self.faders.append(Fader(desk, parameter))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._shown: tuple[int, ...] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for fader in self.faders:
            fader.setParent(self)
        self._lay_out(())

    def refresh(self, picture: Snapshot) -> None:
        self._lay_out(self.desk.page(picture).numbers[:4])

    def _lay_out(self, numbers: tuple[int, ...]) -> None:
        if numbers == self._shown:
            return
        self._shown = numbers
        for fader in self.faders:
            self._grid.removeWidget(fader)
            fader.hide()
        for place, number in enumerate(n for n in numbers if n < len(self.faders)):
            self._grid.addWidget(self.faders[number], place // 2, place % 2)
            self.faders[number].show()
        self.setMaximumHeight(16_777_215 if numbers else 0)
