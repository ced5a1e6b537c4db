"""What the Listener says to everybody: its common messages, at once or on the beat.

Answers come as fast as frames do. Whoever performs with them may want every one, only what is new, or the newest on
each beat; so values (of which the newest is worth having) and news (which must not be lost) are kept apart.
"""

from __future__ import annotations

from app.dataset import Dataset
from app.event import NOW, Event, Message
from app.model.base import Spot
from app.parameter import Parameter
from app.player.listener.brain import Answer
from app.player.listener.panel import POLICIES
from app.transport import Transport

FRAME, BEAT = POLICIES.index("frame"), POLICIES.index("beat")

Arguments = tuple[int | float | str, ...]


class Speech:
    """Turns answers into messages.

    Attributes: `pulse` ("beat" or "bar" while messages wait for it, else ""), `always` (whether each frame is told,
    not only changes).
    """

    def __init__(self, part: str, dataset: Dataset, policy: Parameter, transport: Transport) -> None:
        self._part, self._dataset = part, dataset
        self._policy, self._transport = policy, transport
        self._values: dict[str, Arguments] = {}
        self._news: dict[str, Arguments] = {}
        self._last: tuple[float, ...] | None = None

    @property
    def pulse(self) -> str:
        # Asked with every frame: by number, as names cost more than the rest.
        return POLICIES[int(self._policy.value)] if self._policy.value >= BEAT and self._transport.playing else ""

    @property
    def always(self) -> bool:
        return self._policy.value == FRAME

    def words(self, answer: Answer) -> list[Event]:
        """Return the messages of an answer: all values, and each label by name when it changes."""
        changed = answer.changed or answer.values != self._last
        self._last = answer.values
        news: dict[str, Arguments] = {}
        for place, verdict in enumerate(answer.verdicts):
            if verdict is not None and verdict.changed:
                name = self._dataset.outputs[place].label(verdict.label).name
                news["/listener/label" if place == 0 else f"/listener/label/{place + 1}"] = (name,)
                news["/listener/sure"] = (float(verdict.confidence),)
        return self._say({"/listener/out": answer.values}, news, changed)

    def gesture(self, spot: Spot) -> list[Event]:
        """Return the messages of a gesture: how near each is, and its name as it starts and ends."""
        news: dict[str, Arguments] = {}
        if spot.event:
            label = spot.label if spot.event == "start" else 0
            news["/listener/label"] = (self._dataset.outputs[0].label(label).name,)
        scores = tuple(float(score) for score in spot.scores)
        return self._say({"/listener/scores": scores}, news, bool(spot.event))

    def _say(self, values: dict[str, Arguments], news: dict[str, Arguments], changed: bool) -> list[Event]:
        if self.pulse:
            self._values |= values
            self._news |= news
            return []
        told = {**values, **news} if changed or self.always else news
        return [Message(NOW, self._part, address, arguments) for address, arguments in told.items()]

    def on_pulse(self, beat: float) -> list[Event]:
        """Return what waited for a beat: the newest values, and what changed since the last one."""
        told, self._news = {**self._values, **self._news}, {}
        return [Message(beat, self._part, address, arguments) for address, arguments in told.items()]

    def forget(self) -> None:
        """Let nothing wait any more."""
        self._values, self._news, self._last = {}, {}, None
