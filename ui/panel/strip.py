"""The bottom of Studio: roll, monitor, bindings and log on one sheet, which folds away in low windows."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QStackedWidget

from app.snapshot import LogLine, MonitorLine, Snapshot
from ui.desk import Desk
from ui.panel.card import Card, snug
from ui.panel.input_page import InputPage
from ui.panel.status_bar import COLORS
from ui.panel.window_page import WindowPage
from ui.widget.lines import Line, Lines
from ui.widget.pad import Pad
from ui.widget.roll import Roll
from ui.words import move_text, target_title, value_text

TABS = ("Roll", "Monitor", "Bindings", "Log", "Inputs", "Window")
PORTS = ("all ports", "osc in", "osc out", "midi in", "midi out")
EVERY_FRAMES = 6
LOW_WINDOW = 820


class MonitorLines(Lines):
    """What passes the ports. Attributes: `port` (only this one, "all ports" for all), `paused`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, (0.1, 0.12, 0.78), "Nothing has passed a port yet", tail=True, tall=20, name="Monitor")
        self.port, self.paused = PORTS[0], False
        self._frame = 0

    def refresh(self, picture: Snapshot) -> None:
        self._frame += 1
        if not self.paused and self._frame % EVERY_FRAMES == 0:
            self.show_lines([monitor_line(line) for line in picture.messages if self._wants(line)])

    def _wants(self, line: MonitorLine) -> bool:
        return self.port in (PORTS[0], f"{line.port} {line.direction}")


def monitor_line(line: MonitorLine) -> Line:
    """Return a message as columns: seconds, port and direction, text."""
    return Line((f"{line.seconds % 1000:.3f}", f"{line.port} {line.direction}", line.text), "dim")


class LogLines(Lines):
    """What the instrument said."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, (0.1, 0.9), "Nothing to report", tail=True, tall=20, name="Log")
        self._last: tuple[LogLine, ...] = ()

    def refresh(self, picture: Snapshot) -> None:
        if picture.log != self._last:
            self._last = picture.log
            self.show_lines([Line((line.level, line.text), COLORS.get(line.level, "text")) for line in picture.log])


class BindingLines(Lines):
    """What moves what, with the present value."""

    def __init__(self, desk: Desk) -> None:
        shares = (0.16, 0.22, 0.28, 0.16, 0.18)
        super().__init__(desk, shares, "Nothing is bound", tall=20, name="Bindings")

    def choose(self, line: Line) -> None:
        """Show on the screen what the line moves."""
        self.chosen = line.key
        self.update()
        self.desk.locate(line.cells[2])

    def tick(self, picture: Snapshot) -> None:
        engine = self.desk.engine
        self.show_lines(
            [
                Line(
                    (
                        f"{binding.source.kind} {binding.source.show()}",
                        target_title(engine, binding.target),
                        binding.target,
                        move_text(binding),
                        value_text(engine, binding.target),
                    ),
                    key=f"{binding.source} {binding.target}",
                )
                for binding in engine.bindings
            ]
        )


class Tab(Pad):
    """A tab of the strip. Attributes: `name`."""

    def __init__(self, desk: Desk, name: str, strip: Strip) -> None:
        super().__init__(desk, name, lambda: strip.open(name), 28)
        self.name, self._strip = name, strip

    def refresh(self, picture: Snapshot) -> None:
        chosen = self._strip.is_open and self._strip.tab == self.name
        self.light("active" if chosen else "")


class Strip(Card):
    """Attributes: `tab` (the name shown), `is_open`, `roll`, `monitor`, `bindings`, `log`,
    `input_page`, `window_page`."""

    def __init__(self, desk: Desk, tall: int = 210) -> None:
        super().__init__(desk)
        self.tab, self.is_open = TABS[0], True
        self._tall = tall
        self.roll, self.monitor = Roll(desk, 120), MonitorLines(desk)
        self.bindings, self.log = BindingLines(desk), LogLines(desk)
        self.input_page, self.window_page = InputPage(desk), WindowPage(desk)
        self._stack = QStackedWidget()
        for page in (self.roll, self.monitor, self.bindings, self.log, self.input_page, self.window_page):
            self._stack.addWidget(page)
        for name in TABS:
            self.head.addWidget(snug(Tab(desk, name, self)))
        self.head.addSpacing(12)
        self._tools = self._make_tools()
        self.head.addStretch(1)
        self._fold = snug(Pad(desk, "▾ fold", lambda: self.fold(self.is_open), 28))
        self.head.addWidget(self._fold)
        self.body.addLayout(self.head)
        self.body.addWidget(self._stack, 1)
        self.body.setContentsMargins(12, 4, 12, 4)
        self.open(self.tab)

    def _make_tools(self) -> list[Pad]:
        desk = self.desk
        port = snug(Pad(desk, PORTS[0], self._next_port, 28))
        pause = snug(Pad(desk, "Pause", self._pause, 28))
        copy = snug(Pad(desk, "Copy", self._copy, 28))
        tools = [port, pause, copy]
        for pad in tools:
            self.head.addWidget(pad)
        return tools

    def open(self, name: str) -> None:
        """Show a tab, unfolding the strip."""
        self.tab = name
        self._stack.setCurrentIndex(TABS.index(name))
        for pad in self._tools:
            pad.setVisible(name == "Monitor")
        self.fold(False)

    def fold(self, away: bool) -> None:
        """Fold the strip away or out."""
        self.is_open = not away
        self._stack.setVisible(self.is_open)
        self._fold.light("", "▾ fold" if self.is_open else "▴ unfold")
        for pad in self._tools:
            pad.setVisible(self.is_open and self.tab == "Monitor")
        self.restyle()

    def restyle(self) -> None:
        self.setFixedHeight(self.desk.look.px(self._tall if self.is_open else 36))
        super().restyle()

    def show_port(self, port: str) -> None:
        """Open the monitor at one port."""
        self.monitor.port = port
        self._tools[0].light("", port)
        self.open("Monitor")

    def _next_port(self) -> None:
        self.show_port(PORTS[(PORTS.index(self.monitor.port) + 1) % len(PORTS)])

    def _pause(self) -> None:
        self.monitor.paused = not self.monitor.paused
        self._tools[1].light("learning" if self.monitor.paused else "", "Paused" if self.monitor.paused else "Pause")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join("\t".join(line.cells) for line in self.monitor.lines))
        self.desk.say(f"Copied {len(self.monitor.lines)} lines")
