"""What the Follower's tests need: a Follower without an engine, and one in an engine on the offline clock."""

from __future__ import annotations

from pathlib import Path

from app.device.dummy import Dummy
from app.event import Event, NoteOn
from app.following import Following, follow
from app.inline import Inline
from app.parameter import Linear, Parameter, Tree
from app.player.follower.lesson.coach import InlineCoach
from app.player.follower.lesson.lesson import Lesson
from app.player.follower.option import add_pointer
from app.player.follower.player import Follower
from app.session import Session
from tests.stage import Stage

BPM = "/transport/bpm"


def alone(text: str = "", seed: int = 0) -> Follower:
    """Return a Follower that was given a program, if it is one; stepped by the test itself."""
    tree = Tree()
    tree.add(Parameter(BPM, 120, Linear(20, 300)))
    add_pointer(tree)
    coach = InlineCoach()
    follower = Follower(tree, lambda name, shape, own: Lesson(name, shape, own, coach), seed, lambda *_: None)
    assert follower.evaluate(text), follower.fault
    return follower


def play(follower: Follower, until: float) -> list[Event]:
    """Step up to a beat and return all events; starts from 0 if it does not play."""
    if follower.due() == float("inf"):
        follower.start(0.0)
    events = follower.tend()
    while follower.due() < until:
        events += follower.step()
    return events


def hits(events: list[Event], name: str = "", part: str = "drums") -> list[float]:
    """Return the beats at which something was struck."""
    return [
        event.beat
        for event in events
        if isinstance(event, NoteOn) and event.part == part and (not name or event.name == name)
    ]


class Hall:
    """A Follower in an engine with a dummy port. Attributes: `stage`, `engine`, `following`, `follower`, `session`."""

    def __init__(self, folder: Path, text: str = "", seed: int = 0) -> None:
        self.stage = Stage()
        self.engine = self.stage.engine
        self.session = Session(folder, self.engine.hands, self.stage.clock, Inline(), self.engine.say)
        self.following: Following = follow(self.engine, self.session, seed)
        self.follower = self.following.follower
        self.engine.turn()
        if text:
            self.engine.fire("/follower/evaluate", text)
            self.engine.turn()

    @property
    def sent(self) -> list[tuple[float, Event]]:
        dummy = self.stage.dummy
        assert isinstance(dummy, Dummy)
        return dummy.sent

    def struck(self, name: str = "") -> list[float]:
        """Return the seconds since the start of all hits."""
        return [
            round(seconds - 10.03, 6)
            for seconds, event in self.sent
            if isinstance(event, NoteOn) and (not name or event.name == name)
        ]
