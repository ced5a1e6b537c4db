"""Projects that go on answering beside the present one, and the words in which any project answers.

Wekinator can keep a project running while it opens another. A kept one hears the frames that come at its own address
and have its width, on the port where it heard them, and answers its own receiver by what it had learnt.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.adapter.line import PART
from app.adapter.project import Project, spelled
from app.event import NOW, Message
from app.frame import numbers
from app.inbox import Packet
from app.player.listener.brain import Answer, Brain
from app.player.listener.decision import Settings

MOST = 8  # So many are kept; then the oldest makes room.


@dataclass(frozen=True, slots=True, eq=False)
class Companion:
    """A kept project. Attributes: `project`, `brain`, `inputs` and `outputs` (addresses), `receiver` (host, port)."""

    project: Project
    brain: Brain
    inputs: str
    outputs: str
    receiver: tuple[str, int]

    def answer(self, packet: Packet) -> list[Message]:
        """Return what it says to a frame, [] if it is not for it."""
        if packet.address != self.inputs:
            return []
        try:
            values = numbers(packet.arguments)
        except ValueError:
            return []  # The present project says what is wrong with it.
        if len(values) != self.project.width:
            return []
        answer = self.brain.answer(packet.seconds, values, Settings())
        if answer is None:
            return []
        return words(self.project, self.brain, answer, self.outputs, self.receiver, self.project.distributions)


class Companions:
    """The kept projects."""

    def __init__(self) -> None:
        self._kept: list[Companion] = []

    def __len__(self) -> int:
        return len(self._kept)

    def keep(self, companion: Companion) -> None:
        """Let a project go on beside the others."""
        self._kept = [*self._kept, companion][-MOST:]

    def drop(self, project: Project) -> None:
        """Keep a project no longer: it is the present one again."""
        self._kept = [one for one in self._kept if one.project is not project]

    def clear(self) -> None:
        self._kept = []

    def answer(self, packet: Packet) -> list[Message]:
        """Return what all of them say to a frame."""
        return [message for one in self._kept for message in one.answer(packet)]


def words(
    project: Project, brain: Brain, answer: Answer, outputs: str, receiver: tuple[str, int], told: Collection[int]
) -> list[Message]:
    """Return a project's answer: all values, then the chances of the outputs, from 0, that shall be `told`."""
    messages = [Message(NOW, PART, outputs, answer.values, receiver)]
    for place in sorted(told):
        if place < len(project.plan) and project.plan[place].classes:
            chances, learnt = answer.probabilities[place], brain.learnt.get(place)
            classes = () if learnt is None or chances is None else learnt.predictor.classes
            spread = project.spread(place, classes, () if chances is None else chances.tolist())
            messages.append(Message(NOW, PART, spelled(project.outputs[place]), spread, receiver))
    return messages
