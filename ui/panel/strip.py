"""The bottom of Studio: roll, monitor, bindings and log on one sheet, which folds away in low windows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from app.snapshot import LogLine, Snapshot
from ui.desk import Desk
from ui.panel.calibration import CalibrationPage
from ui.panel.card import Card, snug
from ui.panel.clock_page import ClockPage
from ui.panel.doctor import DoctorPage
from ui.panel.input_page import InputPage
from ui.panel.map_lines import MapLines
from ui.panel.map_page import MapPage
from ui.panel.matrix import MatrixPage
from ui.panel.mode_page import ModePage
from ui.panel.monitor import MonitorLines, MonitorPage
from ui.panel.recorder import RecorderPage
from ui.panel.scene_page import ScenePage
from ui.panel.status_bar import COLORS
from ui.panel.window_page import WindowPage
from ui.widget.lines import Line, Lines
from ui.widget.pad import Pad
from ui.widget.pages import Pages
from ui.widget.roll import Roll

LOW_WINDOW = 820
FOLDED = 36


class LogLines(Lines):
    """What the instrument said."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, (0.1, 0.9), "Nothing to report", tail=True, tall=20, name="Log")
        self._last: tuple[LogLine, ...] = ()

    def refresh(self, picture: Snapshot) -> None:
        if picture.log != self._last:
            self._last = picture.log
            self.show_lines([Line((line.level, line.text), COLORS.get(line.level, "text")) for line in picture.log])


# What stands on the strip, in the order of the tabs.
PAGES: dict[str, Callable[[Desk], QWidget]] = {
    "Roll": lambda desk: Roll(desk, 120),
    "Scenes": ScenePage,
    "Bindings": MapPage,
    "Routes": MatrixPage,
    "Recorder": RecorderPage,
    "Monitor": MonitorPage,
    "Doctor": DoctorPage,
    "Log": LogLines,
    "Inputs": InputPage,
    "Clock": ClockPage,
    "Latency": CalibrationPage,
    "Wekinator, RTLEARNER": ModePage,
    "Window": WindowPage,
}
TABS = tuple(PAGES)


class Tab(Pad):
    """A tab of the strip. Attributes: `name`."""

    def __init__(self, desk: Desk, name: str, strip: Strip) -> None:
        super().__init__(desk, name, lambda: strip.open(name), 28)
        self.name, self._strip = name, strip

    def refresh(self, picture: Snapshot) -> None:
        chosen = self._strip.is_open and self._strip.tab == self.name
        self.light("active" if chosen else "")


class Strip(Card):
    """Attributes: `tab` (the name shown), `is_open`, `monitor` and `bindings` (their lines),
    `folded` (told when its height became another)."""

    def __init__(self, desk: Desk, tall: int = 210) -> None:
        super().__init__(desk)
        self.tab, self.is_open = TABS[0], True
        self.folded: Callable[[], None] = lambda: None
        self._tall = tall
        self._stack = Pages(desk, {name: partial(kind, desk) for name, kind in PAGES.items()})
        for name in TABS:
            self.head.addWidget(snug(Tab(desk, name, self)))
        self.head.addStretch(1)
        self._fold = snug(Pad(desk, "▾ fold", lambda: self.fold(self.is_open), 28))
        self.head.addWidget(self._fold)
        self.body.addLayout(self.head)
        self.body.addWidget(self._stack, 1)
        self.body.setContentsMargins(12, 4, 12, 4)
        self.open(self.tab)

    def open(self, name: str) -> None:
        """Show a tab, unfolding the strip."""
        self.tab = name
        self._stack.open(name)
        self.fold(False)

    def page(self, name: str) -> QWidget:
        """Return the page of a tab."""
        return self._stack.page(name)

    def fold(self, away: bool) -> None:
        """Fold the strip away or out."""
        self.is_open = not away
        self._stack.setVisible(self.is_open)
        self._fold.light("", "▾ fold" if self.is_open else "▴ unfold")
        self.restyle()

    def restyle(self) -> None:
        self.setFixedHeight(self.desk.look.px(self._tall if self.is_open else FOLDED))
        super().restyle()
        self.folded()

    def show_port(self, port: str) -> None:
        """Open the monitor at one port."""
        page = self.page("Monitor")
        assert isinstance(page, MonitorPage)
        page.show_port(port)
        self.open("Monitor")

    @property
    def monitor(self) -> MonitorLines:
        """What passed the ports."""
        page = self.page("Monitor")
        assert isinstance(page, MonitorPage)
        return page.lines

    @property
    def bindings(self) -> MapLines:
        """The table of bindings."""
        page = self.page("Bindings")
        assert isinstance(page, MapPage)
        return page.lines
