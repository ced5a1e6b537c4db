"""Gestures at work: the takes become a matcher, the Listener follows the stream with it, and what it finds is said.

There is nothing to train. Whenever takes or settings change, the matcher is made anew, which takes a moment only.
"""

from __future__ import annotations

from collections.abc import Callable

from app.adapter.gesture import Gestures, Words, matcher
from app.adapter.host import Host
from app.adapter.line import Line
from app.adapter.project import Project
from app.event import Event, Message
from app.model.base import ModelError, Spot
from app.parameter import Linear, Parameter, Steps, Tree, switch
from app.player.listener.brain import Learnt

SETTINGS = ("/wekinator/dtw/threshold", "/wekinator/dtw/mode", "/wekinator/dtw/repeat")


class Recognition:
    """The gestures of the present project, if it has any.

    Attributes: `gestures` (None in a project that answers each frame), `refuse` (takes a sentence).
    """

    def __init__(self, host: Host, line: Line, refuse: Callable[[str], None]) -> None:
        self.gestures: Gestures | None = None
        self.refuse = refuse
        self._host, self._line = host, line
        _add_parameters(host.engine.tree)

    def have(self, project: Project) -> None:
        """Look for the gestures of a project from its next running on."""
        self.gestures = Gestures(project.messages) if project.gestures else None
        self.follow_settings()

    def follow_settings(self) -> None:
        """Take threshold and mode as the Parameters say."""
        if self.gestures is not None:
            self.gestures.once = self._host.number(SETTINGS[1]).show() == "once"
            self.gestures.repeats = bool(self._host.number(SETTINGS[2]).value)
            self.refit()

    def follow_play(self) -> None:
        """Begin or end with the answering of frames, whoever switched it."""
        gestures, running = self.gestures, self._host.running and self._line.open
        if gestures is None or running == (gestures.matcher is not None):
            return
        if running:
            self._fit(gestures)
        else:
            self._host.send(*self._messages(gestures.finish()))

    def refit(self) -> None:
        """Go on with the takes as they are now."""
        if self.gestures is not None and self.gestures.matcher is not None:
            self._fit(self.gestures)

    def _fit(self, gestures: Gestures) -> None:
        takes = [take for take in self._host.dataset.examples().gestures(0) if take.label > 0]
        if not takes:
            gestures.blank()
            return
        try:
            found = gestures.start(matcher(takes, self._host.number(SETTINGS[0]).value))
        except ModelError as error:
            self.refuse(str(error))
        else:
            self._host.brain.take(0, Learnt(found))

    def speak(self, seconds: float, spot: Spot) -> list[Event]:
        """Return what is said of a spot: in Wekinator's words, then in the Listener's own."""
        own, spotter = self._host.own(lambda: self._host.listener.own_spot(seconds, spot)), self._host.brain.spotter
        if self.gestures is None or spotter is None:
            return own
        return [*self._messages(self.gestures.tell(spotter.classes, spot)), *own]

    def _messages(self, words: list[Words]) -> list[Message]:
        return [self._line.message(address or self._line.outputs, arguments) for address, arguments in words]


def _add_parameters(tree: Tree) -> None:
    for address, default, curve, title, told in (
        (SETTINGS[0], 5.0, Linear(0, 1000), "Gesture threshold", "The greatest distance of a match; 0 finds it"),
        (SETTINGS[1], 0.0, Steps(("continuous", "once")), "Gesture mode", "Once: one answer, when running stops"),
        (SETTINGS[2], 0.0, switch(), "Tell repeats", "Once: the same gesture again is told again"),
    ):
        tree.add(Parameter(address, default, curve, title=title, help=told, undoable=False))
