"""Latency, found by ear: a device clicks, one taps along, the next clicks, and then all sound together.

Done once in a hall, before the audience comes; so it is a page of the strip with the steps from left to right.
"""

from __future__ import annotations

from app.calibration_state import LagState
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import column, row
from ui.widget.choice import Choice
from ui.widget.lines import Line, Lines
from ui.widget.pad import ActionPad, Pad
from ui.widget.sentence import Sentence

TITLES = {"osc": "OSC", "midi": "MIDI", "synth": "Synth", "tap": "tapping along", "microphone": "a microphone"}
EMPTY = "What was measured stands here: 24 clicks make it sure to some milliseconds"
FIRST = "Choose an output and Start clicks; tap with each that you hear, then take the next output"


def sentence(picture: Snapshot) -> tuple[str, str]:
    """Return what to do now, or what came of it, and its colour."""
    state = picture.calibration
    if state.device:
        return f"{state.text} ({state.clicks} clicks, {state.answers} taps)", "learning"
    return state.text or FIRST, "text" if state.text else "dim"


def cells(lag: LagState) -> tuple[str, ...]:
    """Return a measured device in words."""
    proposed = "measure another" if lag.proposed_ms is None else f"→ {lag.proposed_ms:.0f} ms"
    late = f"{lag.late_ms:.0f} ms late, ±{lag.sure_ms:.0f}"
    return TITLES[lag.device], late, f"spread {lag.spread_ms:.0f} ms, {lag.count} by {TITLES[lag.by]}", proposed


class StartPad(ActionPad):
    """Lets the device click, or ends it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "/calibrate/start", "Start clicks")

    def deed(self) -> None:
        clicks = bool(self.desk.engine.snapshot.calibration.device)
        self.desk.engine.fire("/calibrate/stop" if clicks else self.address)

    def refresh(self, picture: Snapshot) -> None:
        clicks = bool(picture.calibration.device)
        self.light("learning" if clicks else "", "Done" if clicks else "Start clicks")


class TapPad(Pad):
    """Counts when it goes down, not when it comes up."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Tap here", lambda: None, 64, "large", desk.badge("/calibrate/tap"))
        self.setToolTip("With every click that you hear; any key or pad can be bound to it  (/calibrate/tap)")
        self.pressed.connect(self._tap)

    def _tap(self) -> None:
        if self.desk.engine.snapshot.calibration.device:
            self.desk.engine.fire("/calibrate/tap")
        else:
            self.desk.say("Nothing clicks yet: Start clicks, then tap here with each of them")

    def refresh(self, picture: Snapshot) -> None:
        self.light("active" if picture.calibration.device else "")


class Lags(Lines):
    """The devices that were measured, and what each will be set to."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, (0.12, 0.24, 0.42, 0.22), EMPTY, tall=20, name="Measured latencies")
        self._measured: tuple[LagState, ...] = ()

    def refresh(self, picture: Snapshot) -> None:
        if picture.calibration.lags != self._measured:
            self._measured = picture.calibration.lags
            self.show_lines([Line(cells(lag), key=lag.device) for lag in self._measured])


class CalibrationPage(Display):
    """Attributes: `start`, `tap`, `lags`, `sentence`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        tree = desk.engine.tree
        self.start, self.tap, self.lags = StartPad(desk), TapPad(desk), Lags(desk)
        self.sentence = Sentence(desk, sentence, "normal", 2)
        device = Choice(desk, tree.number("/calibrate/device"), titles=TITLES)
        by = Choice(desk, tree.number("/calibrate/by"), titles=TITLES, prefix="by ")
        apply = ActionPad(desk, "/calibrate/apply", lit=_ready)
        clear = ActionPad(desk, "/calibrate/clear")
        steps = column(row(device, by, self.start), self.tap, row(apply, clear), 1, gap=6)
        told = column(self.sentence, self.lags, gap=4)
        told.setStretch(1, 1)
        parts = row(steps, told, gap=24)
        parts.setStretch(0, 2)
        parts.setStretch(1, 3)
        self.setLayout(parts)


def _ready(picture: Snapshot) -> str:
    """Return the colour of the pad that sets the latencies: lit once it would change something."""
    return "active" if any(lag.proposed_ms for lag in picture.calibration.lags) else ""
