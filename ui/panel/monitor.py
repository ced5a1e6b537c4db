"""The monitor: what passes the ports, line by line, with a pause, a filter and the rate of each port.

Why nothing sounds is mostly seen here: a message that nobody knows, a port that is silent, a storm that fills it.
"""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from app.monitor_state import PortRate
from app.snapshot import MonitorLine, Snapshot
from ui.desk import Desk, Display
from ui.panel.card import column, row, snug
from ui.widget.field import TextField
from ui.widget.label import Readout
from ui.widget.lines import Line, Lines
from ui.widget.pad import ActionPad, Pad, SwitchPad

ALL = "all ports"
PORTS = (ALL, "osc in", "osc out", "midi in", "midi out", "synth out")
EVERY_FRAMES = 6


class MonitorLines(Lines):
    """What passes the ports. Attributes: `port` (only this one, "all ports" for all)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, (0.1, 0.12, 0.78), "Nothing has passed a port yet", tail=True, tall=20, name="Monitor")
        self.port = ALL
        self._frame = 0

    def refresh(self, picture: Snapshot) -> None:
        self._frame += 1
        if self._frame % EVERY_FRAMES == 0:
            self.show_lines([monitor_line(line) for line in picture.messages if self._wants(line)])

    def _wants(self, line: MonitorLine) -> bool:
        return self.port in (ALL, f"{line.port} {line.direction}")


def monitor_line(line: MonitorLine) -> Line:
    """Return a message as columns: seconds, port and direction, text."""
    return Line((f"{line.seconds % 1000:.3f}", f"{line.port} {line.direction}", line.text), "dim")


def rate_text(port: PortRate) -> str:
    """Return how busy a port is, and what went wrong there."""
    errors = f" ×{port.errors} errors" if port.errors else ""
    return f"{port.name} {port.per_s:.0f}/s{errors}"


def rates_text(picture: Snapshot) -> str:
    """Return how busy every port is that was ever used, and the last address that nobody knows."""
    state = picture.monitor
    words = [rate_text(port) for port in state.ports if port.total or port.errors]
    if state.unknown:
        words.append(f"nobody knows {state.unknown}")
    return "   ".join(words) or "silent so far"


class Rates(Readout):
    """How busy the ports are, in the colour of a warning where something went wrong."""

    def tick(self, picture: Snapshot) -> None:
        is_bad = bool(picture.monitor.unknown) or any(port.errors for port in picture.monitor.ports)
        text = rates_text(picture)
        self.show_text(text, "learning" if is_bad else "dim")
        self.setToolTip(text)


class MonitorPage(Display):
    """Attributes: `lines`, `rates`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        tree = desk.engine.tree
        self.lines = MonitorLines(desk)
        self.rates = Rates(desk, rates_text, False, role="small", color="dim")
        self._port = snug(Pad(desk, ALL, self._next_port, 28))
        self._port.setToolTip("Which port is shown")
        pause = snug(SwitchPad(desk, tree.number("/monitor/pause"), "Pause", "learning", 28))
        wanted = TextField(desk, tree.text("/monitor/filter"), "filter: /composer/* or note")
        clear, copy = snug(ActionPad(desk, "/monitor/clear", "Clear", tall=28)), snug(Pad(desk, "Copy", self._copy, 28))
        head = row(self._port, pause, clear, copy, wanted, self.rates, gap=6)
        head.setStretch(4, 1)
        head.setStretch(5, 2)
        box = column(head, self.lines, gap=4)
        box.setStretch(1, 1)
        self.setLayout(box)

    def show_port(self, port: str) -> None:
        """Show one port only, or all."""
        self.lines.port = port
        self._port.light("", port)
        self._port.updateGeometry()

    def _next_port(self) -> None:
        self.show_port(PORTS[(PORTS.index(self.lines.port) + 1) % len(PORTS)])

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join("\t".join(line.cells) for line in self.lines.lines))
        self.desk.say(f"Copied {len(self.lines.lines)} lines")
