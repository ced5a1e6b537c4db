"""Clock and network: who gives the tempo, and who may move the instrument.

Set once in a hall and looked at when something is odd; so it is a page of the strip, and only what matters on stage
(that strangers are let in) stands on the status bar as well.
"""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy

from app.parameter import Parameter, TextParameter
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.fader import Fader
from ui.panel.card import column, row, snug
from ui.widget.choice import Choice
from ui.widget.field import TextField
from ui.widget.label import Label, Readout
from ui.widget.pad import ActionPad, SwitchPad

SOURCES = {"internal": "our own tempo", "midi clock": "a MIDI clock that comes in", "link": "Ableton Link"}
LEADERS = {"internal": "The tempo is ours", "midi clock": "MIDI clock", "link": "Link"}


def sync_text(picture: Snapshot) -> str:
    """Return who leads, and whether its clock is known."""
    state = picture.sync
    leader = LEADERS.get(state.source, state.source)
    if state.source == "internal":
        return f"{leader}: {state.bpm:.1f} BPM"
    sign = "●" if state.locked else "◌"
    return f"{sign} {leader}: {state.text or f'{state.bpm:.1f} BPM'}"


def network_text(desk: Desk, picture: Snapshot) -> str:
    """Return who may move the instrument by OSC, "" while only this computer may."""
    network, allow = desk.engine.tree.find("/osc/network"), desk.engine.tree.find("/osc/allow")
    if network is None or not network.value:
        return ""
    whom = allow.show().strip() if allow is not None else ""
    return f"NETWORK: {whom or 'everybody'} may move it (OSC {picture.osc_port})"


class SyncLabel(Readout):
    """Who leads, in the colour of a warning while its clock is not known."""

    def refresh(self, picture: Snapshot) -> None:
        self.show_text(sync_text(picture), "text" if picture.sync.locked else "learning")


class NetworkLabel(Label):
    """That strangers are let in; empty while they are not."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "", "small", "learning", strong=True)

        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def refresh(self, picture: Snapshot) -> None:
        text = network_text(self.desk, picture)
        if text != self.text:
            self.show_text(text)
            self.setToolTip(text)
            self.updateGeometry()


class ClockPage(Display):
    """The settings of clock and network; those that the instrument has."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        source = Choice(desk, desk.engine.tree.number("/sync/source"), titles=SOURCES, prefix="Clock: ")
        out = SwitchPad(desk, desk.engine.tree.number("/sync/clock_out"), "Send MIDI clock")
        nudges = [snug(ActionPad(desk, f"/transport/{name}", f"10 ms {name}")) for name in ("earlier", "later")]
        offset = Fader(desk, desk.engine.tree.number("/sync/offset"))
        clock = column(
            row(source, out),
            row(snug(ActionPad(desk, "/transport/tap", "Tap tempo")), *nudges, 1),
            row(offset, SyncLabel(desk, sync_text)),
            1,
        )
        parts = row(clock, self._network(), gap=32)
        parts.setStretch(0, 1)
        parts.setStretch(1, 1)
        self.setLayout(parts)

    def _network(self) -> Display:
        desk, tree = self.desk, self.desk.engine.tree
        box = column(gap=8)
        network, query = tree.find("/osc/network"), tree.find("/osc/query")
        switches = [
            SwitchPad(desk, found, title, color)
            for found, title, color in ((network, "Network", "learning"), (query, "OSCQuery", "active"))
            if isinstance(found, Parameter)
        ]
        box.addLayout(row(*switches))
        allow = tree.find("/osc/allow")
        if isinstance(allow, TextParameter):
            name = Label(desk, "lets in", "small", "dim", sample="lets in")
            box.addLayout(row(name, TextField(desk, allow, "everybody; or 192.168.1.20 10.0.0.0/24")))
        box.addWidget(Readout(desk, self._words, role="small", color="dim"))
        box.addStretch(1)
        sheet = Display(desk)
        sheet.setLayout(box)
        return sheet

    def _words(self, picture: Snapshot) -> str:
        heard = f"OSC port {picture.osc_port}" if picture.osc_port else "OSC is not heard"
        return network_text(self.desk, picture) or f"{heard}, from this computer alone"
