"""Which kind of model learns, and its own settings, made from its signature.

The Parameters exist from the start; their controls are made when they are first wanted, as there are dozens.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.model.registry import MODELS
from app.parameter import Parameter, Steps
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.fader import Fader
from ui.ledger import Page
from ui.widget.choice import Choice
from ui.widget.order import put_in_order

MOST_SETTINGS = 12
# Words of the library that are too long for half a column, said shorter.
SHORT = {"distance": "nearer", "uniform": "equal"}


def kinds(desk: Desk, page: Page) -> list[Parameter]:
    """Return the choices of a kind of model that the outputs need: labels, numbers, gestures."""
    wanted = ["gesture"] if page.is_gesture else ["classifier"] * (page.column is not None)
    wanted += ["regressor"] * bool(page.numbers)
    found = [desk.engine.tree.find(f"/listener/{name}") for name in wanted]
    return [parameter for parameter in found if isinstance(parameter, Parameter)]


def settings_of(desk: Desk, kind: str) -> list[Parameter]:
    """Return the settings of a kind of model: the Parameters below its name."""
    head = f"/listener/model/{kind}/"
    found = [parameter for parameter in desk.engine.tree if parameter.address.startswith(head)]
    return [parameter for parameter in found if isinstance(parameter, Parameter)]


class Controls(Display):
    """Controls of Parameters, two in a row, other ones as it goes. Attributes: `shown` (those in sight)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.shown: list[QWidget] = []
        self._addresses: tuple[str, ...] = ()
        self._made: dict[str, QWidget] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        for half in range(2):
            self._grid.setColumnStretch(half, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_controls(self, parameters: Sequence[Parameter]) -> None:
        """Show the controls of these Parameters, made when they are first wanted."""
        addresses = tuple(parameter.address for parameter in parameters)
        if addresses == self._addresses:
            return
        self._addresses = addresses
        for control in self.shown:
            self._grid.removeWidget(control)
            control.hide()
        self.shown = [self._control(parameter) for parameter in parameters]
        for place, control in enumerate(self.shown):
            is_alone = place == len(self.shown) - 1 and place % 2 == 0
            self._grid.addWidget(control, place // 2, place % 2, 1, 1 + is_alone, Qt.AlignmentFlag.AlignBottom)
            control.show()
        put_in_order(self, self.shown)

    def _control(self, parameter: Parameter) -> QWidget:
        if parameter.address not in self._made:
            made = self.make(parameter)
            made.setParent(self)
            self.desk.enlist(made)
            self._made[parameter.address] = made
        return self._made[parameter.address]

    def make(self, parameter: Parameter) -> QWidget:
        """Return a new control."""
        if isinstance(parameter.curve, Steps):
            return Choice(self.desk, parameter, titles=SHORT, prefix=f"{parameter.title}: ")
        return Fader(self.desk, parameter)


class Kinds(Controls):
    """Which kind of model learns: one choice for labels, one for numbers, as the outputs need them."""

    def refresh(self, picture: Snapshot) -> None:
        self.show_controls(kinds(self.desk, self.desk.page(picture)))

    def make(self, parameter: Parameter) -> QWidget:
        return Choice(self.desk, parameter, titles={name: entry.title for name, entry in MODELS.items()})


class Settings(Controls):
    """The settings of the chosen kinds of model, made from their signatures."""

    def refresh(self, picture: Snapshot) -> None:
        chosen = [kind.show() for kind in kinds(self.desk, self.desk.page(picture))]
        self.show_controls([one for name in chosen for one in settings_of(self.desk, name)][:MOST_SETTINGS])
