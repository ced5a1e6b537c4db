"""A Follower that only obeys: its addresses and its picture, without language, learner and sound.

The window is tested against what it is told, so every state it must show can be brought about in one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from app.action import Argument
from app.engine import Engine
from app.parameter import Linear, Parameter, Steps, TextParameter, switch
from app.snapshot import Snapshot
from app.snapshot_follower import ChannelState, FollowerState, ProgramFault

LINE = re.compile(r"\s*(?:(source|learn|predict)\s+)?(kick|snare|closedhat|openhat|lead|bass)\b")
VERBS = ("stop_all", "new_model", "back", "write_back", "export_midi", "open", "save")


class FakeFollower:
    """Attributes: `state` (what the window is shown), `taken` (texts evaluated), `fired` (other verbs)."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.state = FollowerState()
        self.taken: list[str] = []
        self.fired: list[tuple[str, tuple[Argument, ...]]] = []
        if "/follower/slot" not in engine.tree:
            for parameter in parameters():
                engine.tree.add(parameter)
            for parameter in texts():
                engine.tree.add_text(parameter)
        for name in ("evaluate", "evaluate_now"):
            self._take_over(name, self._evaluate)
        for name in VERBS:
            self._take_over(name, lambda arguments, name=name: self.fired.append((name, arguments)))  # type: ignore[misc]
        engine.picturing.append(self._picture)

    def _take_over(self, name: str, run: Callable[[tuple[Argument, ...]], None]) -> None:
        """Answer a verb in the place of the true Follower, if there is one."""
        self.engine.actions._by_address.pop(f"/follower/{name}", None)
        self.engine.actions.add_with(f"/follower/{name}", run, group="Follower")

    def _picture(self, picture: Snapshot) -> Snapshot:
        return replace(picture, follower=self.state)

    def _evaluate(self, arguments: tuple[Argument, ...]) -> None:
        slot = int(self.engine.tree.number("/follower/slot").value) + 1
        text = str(arguments[0]) if arguments else self.engine.tree.text(f"/follower/text/{slot}").value
        wrong = next((n for n, line in enumerate(text.split("\n"), 1) if "wrong" in line), None)
        if wrong is not None:
            column = text.split("\n")[wrong - 1].index("wrong") + 1
            fault = ProgramFault(wrong, column, column + 5, "wrong is no channel; did you mean snare?")
            self.state = replace(self.state, fault=fault)
            return
        self.taken.append(text)
        channels = []
        for number, line in enumerate(text.split("\n"), 1):
            found = LINE.match(line)
            if found:
                channels.append(ChannelState(found[2], found[1] or "", number))
        count = self.state.evaluated + 1
        self.state = replace(
            self.state, slot=slot, text=text, evaluated=count, fault=None, channels=tuple(channels), pending=""
        )


def parameters() -> list[Parameter]:
    """Return the numbers and choices of a Follower."""
    return [
        Parameter("/follower/slot", 0, Steps(tuple("12345678")), title="Slot"),
        Parameter("/follower/quantise", 1, Steps(("now", "tick", "beat", "bar")), title="Takes effect"),
        Parameter("/follower/grid", 0, Steps(("8", "16", "24", "32")), title="Grid"),
        Parameter("/follower/bars", 0, Steps(("1", "2", "4")), title="Phrase"),
        Parameter("/follower/goal", 0, Steps(("off", "0.3", "0.1", "0.02", "0.005")), title="Goal"),
        Parameter("/follower/forgetful", 0, switch(), title="Forgetful"),
        Parameter("/follower/surprise", 0, Linear(0, 1), title="Surprise"),
        Parameter("/follower/settle", 8, Linear(0, 32, 1, 0), title="Settle"),
        Parameter("/follower/steps", 6, Linear(1, 30, 1, 0), title="Steps"),
        Parameter("/follower/mute", 0, switch(), title="Mute"),
        Parameter("/pointer/x", 0.5, Linear(0, 1), kept=False),
        Parameter("/pointer/y", 0.5, Linear(0, 1), kept=False),
        Parameter("/pointer/on", 0, switch(), title="Pointer"),
    ]


def texts() -> list[TextParameter]:
    """Return the texts of a Follower."""
    programs = [
        TextParameter(f"/follower/text/{n}", title=f"Program {n}", limit=65536, undoable=False) for n in range(1, 9)
    ]
    return [
        *programs,
        TextParameter("/follower/structure", "32,16,8", "Layers"),
        TextParameter("/follower/samples", "", "Samples"),
    ]
