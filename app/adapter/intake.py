"""What came in for the Wekinator mode, worked off in the order in which it came.

A frame and its answer come before the next control message, so that a client may send "target, record, frame, stop" in
one breath. When frames come faster than they can be answered, the newest is, and the others are counted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from app.adapter.bundle import BUNDLE_IN, Bundles
from app.adapter.companion import Companions
from app.adapter.control import RULES, Room, obey
from app.adapter.line import Line
from app.event import Event
from app.example import DatasetError
from app.frame import Frame, Values, numbers
from app.inbox import Packet

CALM = 8  # So many frames at once are all answered; of more, only the newest.
MOST_INPUTS = 1024
INPUTS = "/wekinator/inputs"


class Mode(Room, Protocol):
    """The mode, as far as what comes in needs it. Attributes: `line` (its port)."""

    @property
    def line(self) -> Line: ...

    def follow_shape(self) -> None:
        """Have the inputs and outputs that the Parameters say."""


class Intake:
    """Attributes: `passed_over` (frames that newer ones overtook)."""

    def __init__(self, mode: Mode, beside: Companions, bundles: Bundles, refuse: Callable[[str, str], None]) -> None:
        """`beside` answer first, `bundles` take their own messages, `refuse` is told of what is wrong and why."""
        self.passed_over = 0
        self._mode, self._beside, self._bundles, self._refuse = mode, beside, bundles, refuse
        self._control = mode.host.number("/wekinator/control")

    def work_off(self, packets: list[Packet]) -> list[Event]:
        """Deal with messages in their order: before each control message, with the frames that came before it."""
        inputs = self._mode.line.inputs
        calm = sum(packet.address == inputs for packet in packets) <= CALM
        events: list[Event] = []
        waiting = 0
        for packet in packets:
            if len(self._beside) and (calm or packet is packets[-1]) and self._answered_beside(packet, events):
                continue
            if packet.address == inputs:
                waiting += self._hear(packet)
                if not calm:
                    continue
            waiting = self._settle(waiting, events)
            if packet.address != inputs:
                self._obey(packet)
        self._settle(waiting, events)
        return events

    def _answered_beside(self, packet: Packet, events: list[Event]) -> bool:
        """Let the kept projects answer; return whether the frame was for them alone."""
        messages = self._beside.answer(packet)
        events += messages
        mine = packet.address == self._mode.line.inputs and len(packet.arguments) == (self._mode.project.width or -1)
        return bool(messages) and not mine

    def _settle(self, waiting: int, events: list[Event]) -> int:
        """Let the Listener deal with the frames it was given; return how many wait then."""
        if waiting:
            events += self._mode.host.listener.tend()
            if not self._mode.project.gestures:
                self.passed_over += waiting - 1
        return 0

    def _hear(self, packet: Packet) -> bool:
        """Take a frame in; return whether the Listener has it now."""
        try:
            values = self._fitting(numbers(packet.arguments))
        except ValueError as error:
            self._refuse("inputs", f"{packet.address} from {packet.sender[0]}: {error}")
            return False
        self._mode.host.listener.hear(Frame(packet.seconds, "osc", values))
        return True

    def _fitting(self, values: Values) -> Values:
        width = self._mode.project.width
        if len(values) > MOST_INPUTS:
            raise ValueError(f"{len(values)} values came, at most {MOST_INPUTS} are possible")
        if not width:
            self._mode.host.number(INPUTS).set(len(values))
            self._mode.follow_shape()
        elif len(values) != width:
            raise ValueError(f"{len(values)} values came instead of {width}; the frame was dropped")
        if self._mode.host.listener.inputs.mixer.width not in (0, len(values)):
            self._mode.host.forget_inputs()
        return values

    def _obey(self, packet: Packet) -> None:
        try:
            if packet.address == BUNDLE_IN:
                self._bundles.add(packet.arguments, self._mode.project.width)
            elif not self._control.value:
                raise ValueError("control messages are switched off (/wekinator/control)")
            else:
                obey(self._mode, RULES[packet.address], packet.arguments)
        except (ValueError, OSError, DatasetError) as error:
            self._refuse("control", f"{packet.address} from {packet.sender[0]}: {error}")
