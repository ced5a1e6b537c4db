"""What moves is shown on the controllers it is bound to: LEDs, rings, motor faders.

Fifty times a second at most the table is compared with what each controller shows. A hand on a fader is left alone for
a while, or a motor would fight it; what comes straight back from a cable that only repeats is known and ignored, or it
would creep through the rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from app.binding import PITCH, PLAYED, Binding, Flip, Follow, Hold, Put, Source, Turn
from app.hand import Hands
from app.midi_source import Touch, sends
from app.parameter import AnyParameter, Parameter

TICK_S = 0.02
TOUCH_S = 0.3  # After its own message a source is told nothing for so long.
ANY_NOTE = (PLAYED, PITCH)
PASSIVE = ("program", "pressure")  # Nothing on a controller shows these.


@dataclass(slots=True)
class _Shown:
    """What a controller shows of one source.

    Attributes: `data` (the bytes), `seconds` (when they were sent), `judged` (the target's version and the time of the
    source's last message for which nothing is left to do).
    """

    data: list[tuple[int, ...]] = field(default_factory=list)
    seconds: float = float("-inf")
    judged: tuple[int, float] = (-1, 0.0)


class Feedback:
    """Attributes: `controllers` (the names of those that can be told)."""

    def __init__(self, hands: Hands, send: Callable[[str, tuple[int, ...]], None]) -> None:
        """`send` takes a controller's name and the bytes of one message."""
        self.controllers: tuple[str, ...] = ()
        self._hands, self._send = hands, send
        self._shown: dict[tuple[str, Source], _Shown] = {}
        self._ticked = float("-inf")
        self._table = -1
        self._lines: list[Binding] = []

    def forget(self, controller: str = "") -> None:
        """Tell a controller, or all, everything anew."""
        self._shown = {key: shown for key, shown in self._shown.items() if controller and key[0] != controller}

    def tend(self, now: float) -> None:
        """Tell the controllers what changed; called often."""
        if not self.controllers or now - self._ticked < TICK_S:
            return
        self._ticked = now
        if self._hands.bindings.version != self._table:
            self._table = self._hands.bindings.version
            self._lines = [one for one in self._hands.bindings if is_shown(one)]
            kept = {one.source for one in self._lines}
            self._shown = {key: shown for key, shown in self._shown.items() if key[1] in kept}
            for shown in self._shown.values():
                shown.judged = (-1, 0.0)  # It may have another target now.
        told: set[tuple[str, Source]] = set()
        for binding in self._lines:
            for controller in self._where(binding.source):
                if (controller, binding.source) not in told:  # Of two targets the first is shown.
                    told.add((controller, binding.source))
                    self._show(controller, binding, now)

    def echoes(self, touch: Touch, now: float) -> bool:
        """Return whether a message is only what this controller was told a moment ago."""
        for source in touch.sources:
            shown = self._shown.get((touch.port, source))
            if shown is None or now - shown.seconds >= TOUCH_S:
                continue
            back = sends(source, touch.value, touch.channel)
            if back and back == _on(shown.data, touch.channel, source):
                return True
        return False

    def _where(self, source: Source) -> tuple[str, ...]:
        """Return the controllers that show a source: its own, or where it was last moved, or all."""
        if source.port:
            return (source.port,) if source.port in self.controllers else ()
        felt = self._hands.felt.get(source)
        if felt is not None and felt.port:
            return (felt.port,) if felt.port in self.controllers else ()
        return self.controllers

    def _show(self, controller: str, binding: Binding, now: float) -> None:
        target = self._hands.tree.find(binding.target)
        source, felt = binding.source, self._hands.felt.get(binding.source)
        if target is None or (felt is not None and now - felt.seconds < TOUCH_S):
            return
        shown = self._shown.setdefault((controller, source), _Shown())
        judged = (target.version, felt.seconds if felt is not None else 0.0)
        if shown.judged == judged:
            return
        shown.judged = judged
        place = shown_place(binding, target)
        if place is None:
            return
        wanted = sends(source, place)
        if felt is not None and felt.seconds > shown.seconds and isinstance(binding.move, Follow):
            shown.data = sends(source, felt.value)  # A fader shows where the hand left it.
            shown.seconds = felt.seconds
        if wanted != shown.data:
            shown.data, shown.seconds = wanted, now
            for message in wanted:
                self._send(controller, message)


def is_shown(binding: Binding) -> bool:
    """Return whether a controller can show a line."""
    source = binding.source
    return source.kind == "midi" and source.name not in ANY_NOTE and not source.name.startswith(PASSIVE)


def shown_place(binding: Binding, target: AnyParameter) -> float | None:
    """Return where a source should stand for its target's value, 0..1; None if the line has nothing to show."""
    move = binding.move
    if isinstance(move, Put):
        return float(target.show() == str(move.value) or target.value == move.value)
    if not isinstance(target, Parameter):
        return None
    match move:
        case Follow():
            return min(max(move.value(target.position), 0.0), 1.0)
        case Turn(_, start, end):
            return min(max((target.position - start) / (end - start), 0.0), 1.0) if end != start else 0.0
        case Flip():
            return float(target.value > 0)
        case Hold(value):
            return float(target.show() == str(value) or target.value == value)
        case _:
            return None


def _on(data: list[tuple[int, ...]], channel: int, source: Source) -> list[tuple[int, ...]]:
    """Return messages as they come back on a channel: a source of any channel was told on the first."""
    if source.index:
        return data
    return [(message[0] & 0xF0 | channel - 1, *message[1:]) for message in data]
