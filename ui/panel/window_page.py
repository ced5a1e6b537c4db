"""Size, light, theme and hints of the window: what one sets once in a hall."""

from __future__ import annotations

from ui.desk import Desk, Display
from ui.fader import Fader
from ui.panel.card import column, row
from ui.panel.top_bar import NamePad
from ui.widget.pad import SwitchPad


class HintsPad(SwitchPad):
    """Turns the hints on, from the beginning, or off."""

    def _flip(self) -> None:
        super()._flip()
        if not self.parameter.value:
            self.desk.begin_hints()


class WindowPage(Display):
    """The settings of the window."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        number = desk.engine.tree.number
        theme, coach = number("/window/theme"), number("/window/coach")
        sizes = row(Fader(desk, number("/window/size")), Fader(desk, number("/window/dim")), gap=24)
        switches = row(
            NamePad(desk, theme, "dark", "Dark"),
            NamePad(desk, theme, "light", "Light"),
            SwitchPad(desk, number("/window/motion"), "Motion"),
            SwitchPad(desk, number("/window/fullscreen"), "Full screen"),
            SwitchPad(desk, number("/window/keys"), "Keys"),
            HintsPad(desk, coach, "Hints"),
        )
        self.setLayout(column(sizes, switches, 1, gap=16))
