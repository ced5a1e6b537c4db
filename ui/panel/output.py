"""The third column of the Composer: how it plays and where it goes."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLayout, QStackedWidget, QWidget

from app.snapshot import DeviceState, Snapshot
from ui.desk import Desk, Display
from ui.face import STUDIO, Form
from ui.fader import Fader, Needle
from ui.panel.card import Card, column, row, snug
from ui.widget.choice import Choice
from ui.widget.field import TextField
from ui.widget.label import Label
from ui.widget.meter import Meter
from ui.widget.pad import ActionPad, Pad, SwitchPad
from ui.widget.port import PortPad
from ui.widget.sentence import Sentence

ROUTES = (("synth", "Synth"), ("osc", "OSC"), ("midi", "MIDI"))
# A port's state has a sign as well as a colour.
SIGNS = {"open": "●", "waiting": "◌", "failed": "×", "closed": "○"}
STATE_COLORS = {"open": "text", "waiting": "learning", "failed": "learning", "closed": "dim"}
NEEDLES: dict[str, Needle] = {
    "/composer/temperature": lambda picture: picture.composer.temperature,
    "/composer/density": lambda picture: picture.composer.density,
    "/composer/intensity": lambda picture: picture.composer.intensity,
}


def performance_faders(desk: Desk, form: Form = STUDIO) -> list[Fader]:
    """Return the faders of what a performer bends, with their needles."""
    return [Fader(desk, desk.engine.tree.number(address), form, needle) for address, needle in NEEDLES.items()]


class StateLabel(Label):
    """A port's state in words. Attributes: `name` of the port."""

    def __init__(self, desk: Desk, name: str, role: str = "small") -> None:
        super().__init__(desk, role=role)
        self.name = name

    def refresh(self, picture: Snapshot) -> None:
        self.show_text(*state_of(self.name, picture))
        self.setToolTip(self.text)


def state_of(name: str, picture: Snapshot) -> tuple[str, str]:
    """Return a port's state in words, and their colour."""
    state = next((device for device in picture.devices if device.name == name), None)
    return state_text(state), STATE_COLORS.get(state.state if state else "closed", "text")


def state_text(state: DeviceState | None) -> str:
    """Return a port's state with its sign."""
    if state is None:
        return "○ off"
    return f"{SIGNS.get(state.state, '?')} {state.text or state.state}"


def trouble(picture: Snapshot) -> tuple[str, str]:
    """Return why a port does not work and what to do, the first one's of several; "" while all do."""
    states = {device.name: device for device in picture.devices if device.state in ("waiting", "failed")}
    found = next(((title, states[name]) for name, title in ROUTES if name in states), None)
    return (f"{found[0]}: {found[1].text}", STATE_COLORS[found[1].state]) if found else ("", "dim")


class SettingsPad(Pad):
    """Shows the settings of one route. Attributes: `at`, its place among the routes."""

    def __init__(self, desk: Desk, title: str, at: int, routes: Routes) -> None:
        super().__init__(desk, "…", lambda: routes.open(at))
        self.at, self._routes = at, routes
        self.setAccessibleName(f"{title} settings")
        self.setToolTip(f"{title} settings")

    def refresh(self, picture: Snapshot) -> None:
        self.light("active" if self._routes.at == self.at else "")


class Routes(Display):
    """Three ports: on or off, state, and the settings of one of them. Attributes: `at`, which one.

    `narrow`: faders stand below each other, and what is wrong has a line of its own.
    """

    def __init__(self, desk: Desk, narrow: bool = False) -> None:
        super().__init__(desk)
        self.at = 0
        self._pages = QStackedWidget()
        rows: list[QWidget | QLayout | int] = []
        for at, (name, title) in enumerate(ROUTES):
            switch = SwitchPad(desk, desk.engine.tree.number(f"/output/{name}/on"), title)
            switch.setFixedWidth(desk.look.px(84))
            # What to do stands at the end of a state: there is room for it wherever the column has some.
            wide = Sentence(desk, partial(state_of, name), "small", 4, 2)
            state = StateLabel(desk, name) if narrow else wide
            rows.append(row(switch, state, snug(SettingsPad(desk, title, at, self))))
            self._pages.addWidget(_page(_settings(desk, name, narrow)))
        if narrow:
            rows.append(Sentence(desk, trouble, "small", 3, 2))  # Beside a switch it would lose its end.
        box = column(*rows, self._pages, gap=6)
        self.setLayout(box)

    def open(self, at: int) -> None:
        """Show the settings of one route."""
        self.at = at
        self._pages.setCurrentIndex(at)


def _page(layout: QLayout) -> QWidget:
    page = QWidget()
    page.setLayout(layout)
    return page


def _settings(desk: Desk, name: str, narrow: bool) -> QLayout:
    side_by_side = column if narrow else row
    tree = desk.engine.tree
    latency = Fader(desk, tree.number(f"/output/{name}/latency"))
    if name == "synth":
        voice = Choice(desk, tree.number("/output/synth/voice"))
        level = Fader(desk, tree.number("/output/synth/gain"))
        return column(row(Label(desk, "Voice", sample="Voice"), voice), side_by_side(level, latency), 1, gap=4)
    if name == "osc":
        port = TextField(desk, tree.number("/output/osc/port"), "port")
        port.setMaximumWidth(80)
        host = TextField(desk, tree.text("/output/osc/host"), "host")
        return column(row(Label(desk, "to", sample="to"), host, port), latency, 1, gap=4)
    port = TextField(desk, tree.text("/output/midi/port"), "name of a MIDI port, or part of it")
    ports = PortPad(desk, tree.text("/output/midi/port"))
    virtual = SwitchPad(desk, tree.number("/output/midi/virtual"), "Virtual")
    channel = Fader(desk, tree.number("/output/midi/channel"))
    return column(row(port, snug(ports), snug(virtual)), side_by_side(channel, latency), 1, gap=4)


class Output(Card):
    """Attributes: `faders` (temperature, density, intensity), `routes`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Output", lambda picture: f"{picture.composer.sounding} sounding")
        tree = desk.engine.tree
        self.faders = performance_faders(desk)
        for fader in self.faders:
            self.body.addWidget(fader)
        titles = {"smoothing": "", "polyphony": "", "penalty": "Variety"}  # Its own name is too long for a third.
        more = [Fader(desk, tree.number(f"/composer/{name}"), title=title) for name, title in titles.items()]
        self.body.addLayout(row(*more))
        self.body.addStretch(1)
        self.routes = Routes(desk)
        self.body.addWidget(self.routes)
        self.body.addStretch(1)
        self.body.addWidget(Meter(desk))
        mute = SwitchPad(desk, tree.number("/composer/mute"), "Mute", "learning")
        self.body.addLayout(row(ActionPad(desk, "/output/test", "Test note"), mute))
