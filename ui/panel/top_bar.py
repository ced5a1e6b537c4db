"""The bar on top, the same in both views: view, transport, lights, load and lateness, panic."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics

from app.parameter import Parameter, Steps
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.face import TEMPO
from ui.fader import Fader
from ui.panel.card import Bar, row, snug
from ui.widget.label import Label, Readout
from ui.widget.light import Light
from ui.widget.pad import ActionPad, Pad, SwitchPad
from ui.words import PLAYER_KEYS

LATE_MS = 5.0
WIDE = 1400  # Below, Stage gives the room of some words to the players.
LIGHTS = ("osc in", "osc out", "midi in", "midi out")


class NamePad(Pad):
    """A pad for one name of a choice, filled while it is chosen. Attributes: `parameter`, `name`."""

    def __init__(self, desk: Desk, parameter: Parameter, name: str, text: str) -> None:
        super().__init__(desk, text, lambda: desk.engine.set(parameter.address, name))
        self.parameter, self.name = parameter, name
        keys = [b.source.name for b in desk.engine.bindings.for_target(parameter.address) if _puts(b, name)]
        self.setToolTip(f"{parameter.title}: {text}  {' '.join(keys)}  ({parameter.address})")

    def refresh(self, picture: Snapshot) -> None:
        self.light("active" if self.parameter.show() == self.name else "")


def _puts(binding: object, name: str) -> bool:
    return getattr(getattr(binding, "move", None), "value", None) == name


class PlayerPad(Pad):
    """Shows one player on Stage. Attributes: `name`."""

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__(desk, name.capitalize(), lambda: desk.choose_player(name), 32, "small")
        self.name = name
        key = next((key for key, one in PLAYER_KEYS.items() if one == name), "")
        self.setAccessibleName(f"Show the {name.capitalize()}")
        self.setToolTip(f"Show the {name.capitalize()} on Stage  {key}")

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self.desk.look.font(self.role, True)).horizontalAdvance(self.text())
        return QSize(words + self.desk.look.px(12) + 2, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def refresh(self, picture: Snapshot) -> None:
        self.light("active" if self.desk.player.show() == self.name else "")


def player_names(desk: Desk) -> tuple[str, ...]:
    """Return the players there are, in their order."""
    curve = desk.player.curve
    names = curve.names if isinstance(curve, Steps) else ()
    return tuple(name for name in names if name != "follower" or "/follower/slot" in desk.engine.tree)


class PlayPad(ActionPad):
    """Play, or Stop while it plays. Attributes: `words` for the two."""

    def __init__(
        self, desk: Desk, tall: int = 32, role: str = "normal", words: tuple[str, str] = ("Play", "Stop")
    ) -> None:
        super().__init__(desk, "/transport/toggle", f"▶ {words[0]}", None, tall, role)
        self.words = words
        self.setAccessibleName("Play or stop")

    def sizeHint(self) -> QSize:
        """As wide as the wider of its words: what stands beside it must not move when the music starts."""
        metrics = QFontMetrics(self.desk.look.font(self.role, True))
        wide = max(metrics.horizontalAdvance(f"{sign} {word}") for sign, word in zip("▶■", self.words, strict=True))
        hint = super().sizeHint()
        return QSize(hint.width() + wide - metrics.horizontalAdvance(self.text()), hint.height())

    def refresh(self, picture: Snapshot) -> None:
        self.light(
            "active" if picture.playing else "", f"■ {self.words[1]}" if picture.playing else f"▶ {self.words[0]}"
        )


class LateReadout(Readout):
    """The worst lateness of the last seconds, in the colour of a warning when it can be heard."""

    def tick(self, picture: Snapshot) -> None:
        self.show_text(late_text(picture), "learning" if picture.late_ms > LATE_MS else "text")


def late_text(picture: Snapshot) -> str:
    """Return the lateness in words; the word "late" stands for the warning colour."""
    if picture.late_ms > LATE_MS:
        return f"LATE {picture.late_ms:.0f} ms"
    return f"late {picture.late_ms:.1f} ms" if picture.late_ms < 9.95 else f"late {picture.late_ms:.0f} ms"


def place(picture: Snapshot) -> str:
    """Return bar and beat, counted from 1: "17.3"."""
    beat = max(picture.beat, 0.0)
    bar, rest = divmod(beat, max(picture.beats_per_bar, 1))
    return f"{int(bar) + 1}.{int(rest) + 1}"


class TopBar(Bar):
    """Attributes: `lights`, `players` (on Stage only: Studio has their cards), `map` (in Studio only: nothing is mapped
    on stage by accident), `panic`.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, 56)
        view = desk.engine.tree.number("/window/view")
        for name, text in (("studio", "Studio"), ("stage", "Stage")):
            self.row.addWidget(snug(NamePad(desk, view, name, text)))
        self.row.addSpacing(4)
        self.row.addWidget(snug(PlayPad(desk)))
        self.row.addWidget(Fader(desk, desk.engine.tree.number("/transport/bpm"), TEMPO))
        bar = Label(desk, "Bar", "small", sample="Bar")
        self.row.addWidget(bar)
        self.row.addWidget(Readout(desk, place, role="large", strong=True, sample="888.8"))
        self.players = [snug(PlayerPad(desk, name)) for name in player_names(desk)]
        self.row.addLayout(row(*self.players, gap=4))
        self.row.addStretch(1)
        self.lights = [Light(desk, name) for name in LIGHTS]
        for light in self.lights:
            self.row.addWidget(snug(light))
        load = Readout(desk, lambda p: f"load {p.load:.0%}", False, role="small", sample="load 100%")
        self.row.addWidget(load)
        self._spare = (bar, load)
        self.row.addWidget(LateReadout(desk, late_text, False, role="small", sample="LATE 888 ms"))
        self._view = view
        self.map = snug(SwitchPad(desk, desk.engine.tree.number("/map/on"), "Map", "now"))
        self.row.addWidget(self.map)
        self.panic = PanicPad(desk)
        self.row.addWidget(snug(self.panic))

    def refresh(self, picture: Snapshot) -> None:
        is_studio = self._view.show() == "studio"
        for pad in (self.map, *self.players):
            belongs = is_studio == (pad is self.map)
            if pad.isHidden() == belongs:
                pad.setVisible(belongs)
        is_wide = is_studio or self.width() >= self.desk.look.px(WIDE)
        for one in self._spare:
            if one.isHidden() == is_wide:
                one.setVisible(is_wide)


class PanicPad(ActionPad):
    """Silence, now: always the same place, always the same colour."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "/panic", "PANIC", lambda _picture: "fault", 40)
