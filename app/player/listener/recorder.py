"""Who opens and closes takes: the Parameter that keys, pads and OSC hold, and the clock.

All of them move one Parameter, `/listener/record`, so every lamp and every hand agrees about what is recorded. It is
looked at with each frame, not once a turn, so that frames between two messages are taught what those messages say.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.dataset import Dataset
from app.event import Event
from app.history import Edit
from app.parameter import Parameter
from app.player.listener.arming import PART, Arming
from app.player.listener.capture import Capture
from app.player.listener.panel import OUTPUTS, Panel
from app.transport import Transport

CLICK_AHEAD_S = 0.06

Values = NDArray[np.float32]


class Recorder:
    """Attributes: `capture` (made anew when the outputs change), `arming`, `dataset`."""

    def __init__(self, panel: Panel, dataset: Dataset, push: Callable[[Edit], None], transport: Transport) -> None:
        self.dataset = dataset
        self.capture = Capture(dataset, push)
        self.arming = Arming(transport)
        self._panel, self._push = panel, push
        self._clock = transport.clock
        self._seen = self._aimed = 0
        self._aims: list[Parameter] = []  # The faders that an open take follows.
        self._running = False  # Whether the clock opened the take.

    @property
    def label(self) -> int:
        """The label asked for by `/listener/record`, 0 for none."""
        return int(self._panel.record.value)

    def renew(self) -> None:
        """Be ready for a dataset whose outputs changed."""
        self.capture.end()
        self.capture = Capture(self.dataset, self._push)

    # --- the clock ------------------------------------------------------------------------------------

    def arm(self, label: int) -> None:
        """Record under a label after the count-in, for as many beats as `/listener/length` says."""
        self.disarm()
        panel = self._panel
        self.arming.arm(label, int(panel.count_in.value), int(panel.length.value), panel.quantise.show())

    def disarm(self) -> None:
        """Give up a count-in, or end a take that runs by the clock."""
        self.arming.disarm()
        if self._running:
            self._running = False
            self._panel.record.set(0, PART)

    def clicks(self) -> list[Event]:
        """Return the clicks that are due soon."""
        if not self.arming.label:
            return []
        clicks = self.arming.clicks(self._clock.now() + CLICK_AHEAD_S)
        return clicks if self._panel.click.value else []

    def _follow_arming(self, seconds: float) -> None:
        phase = self.arming.phase(seconds)
        if phase == "take" and not self._running:
            self._running = True
            self._panel.record.set(self.arming.label, PART)
        elif phase == "over":
            self.disarm()

    # --- takes ----------------------------------------------------------------------------------------

    def follow(self, seconds: float) -> None:
        """Open and close takes as the hands and the clock say at this time of the clock."""
        if self.arming.label:
            self._follow_arming(seconds)
        record = self._panel.record
        if record.version != self._seen:
            self._seen = record.version
            self._follow_record(record.origin == PART)

    def _follow_record(self, own: bool) -> None:
        if self._running and not own:
            self._running = False
            self.arming.disarm()  # Another hand took over, or let go.
        self.capture.end()
        if self.label:
            self._teach()
            self.capture.begin()

    def add(self, values: Values, seconds: float) -> str:
        """Take a frame in if a take is open; return "" or why it was refused."""
        if not self.capture.open:
            return ""
        if self.label and self._moved():
            self._teach()
            self.capture.aim()
        return self.capture.add(values, seconds)

    def _moved(self) -> bool:
        """Tell whether a target moved since it was taught."""
        return bool(self._aims) and self._aimed != sum([target.version for target in self._aims])

    def _teach(self) -> None:
        """Let the targets be what the faders say, and the first class output the label that is recorded."""
        outputs = self.dataset.outputs[:OUTPUTS]
        self._aims = [aim for aim, output in zip(self._panel.targets, outputs, strict=False) if output.kind == "number"]
        self._aimed = sum([target.version for target in self._aims])
        for place, output in enumerate(outputs):
            if output.kind == "number":
                position = self._panel.targets[place].value
                self.capture.targets[place] = output.low + position * (output.high - output.low)
        first = next((place for place, output in enumerate(self.dataset.outputs) if output.kind == "class"), None)
        if first is not None:
            self.capture.targets[first] = float(self.label)
