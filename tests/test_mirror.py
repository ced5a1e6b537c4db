"""Whoever moves a value, everybody else shows it soon, and nobody hears an echo of what they said themselves.

Five hands write in any order: the window, a motor fader, OSC, keys and a learner. Afterwards the window, the fader, the
OSC subscribers and the instrument agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from app.binding import Binding, Flip, Follow, Source, Step
from app.event import NOW, Message
from app.feedback import TOUCH_S
from app.inbox import Packet
from app.parameter import Linear, Parameter, Steps, switch
from tests.controller_rig import Rig

ADDRESSES = ("/x", "/name", "/on")
SUBSCRIBERS = (("10.0.0.1", 9000), ("10.0.0.2", 9000))
SOURCES = {"/x": 21, "/name": 22, "/on": 23}

hands = st.sampled_from(("ui", "fader", "fader", "osc 0", "osc 1", "key", "learner"))
deeds = st.tuples(hands, st.sampled_from(ADDRESSES), st.integers(0, 127), st.sampled_from((0.0, 0.004, 0.03, 0.4)))


class Mirrors:
    """All who show the values. Attributes: `osc` (receiver -> address -> value), `fader` (what it shows, by number),
    `echoes` (what came back to who had said it)."""

    def __init__(self, folder: Path) -> None:
        self.rig = Rig(folder, "desk:out")
        tree, bindings = self.rig.engine.tree, self.rig.engine.bindings
        tree.add(Parameter("/x", 0.25, Linear(0, 1)))
        tree.add(Parameter("/name", 0, Steps(("a", "b", "c"))))
        tree.add(Parameter("/on", 0, switch()))
        for address, number in SOURCES.items():
            mode = "pick-up" if address == "/x" else "immediate"
            bindings.add(Binding(Source("midi", f"cc{number}", 1, "desk"), address, Follow(take_over=mode)))
            bindings.add(Binding(Source("output", f"/learner{address}"), address, Follow()))
            bindings.add(Binding(Source("key", address), address, Step(0.1) if address == "/x" else Flip()))
        self.osc: dict[tuple[str, int], dict[str, float]] = {one: {} for one in SUBSCRIBERS}
        self.fader: dict[int, int] = {}
        self.moved: dict[int, float] = {}
        self.echoes: list[str] = []
        self._read = 0
        for one in SUBSCRIBERS:
            self._say(one, "/subscribe", "//*", 50.0)
        self.rest()

    def _reply(self, receiver: tuple[str, int], address: str, arguments: tuple[float | str, ...]) -> None:
        if address in ADDRESSES:
            self.osc[receiver][address] = float(arguments[0])

    def _say(self, sender: tuple[str, int], address: str, *arguments: float | str) -> None:
        now = self.rig.clock.now()
        self.rig.engine.inbox.put(Packet(now, address, arguments, sender, self._reply))

    def do(self, hand: str, address: str, number: int, wait_s: float) -> None:
        """Let one hand move one value, and some time pass."""
        engine = self.rig.engine
        names = {"/x": number / 127, "/name": float(number % 3), "/on": float(number % 2)}
        match hand.split():
            case ["ui"]:
                engine.set(address, names[address])
            case ["fader"]:
                self.fader[SOURCES[address]], self.moved[SOURCES[address]] = number, self.rig.clock.now()
                self.rig.boxes.play("desk:out", 0xB0, SOURCES[address], number)
            case ["osc", which]:
                sender = SUBSCRIBERS[int(which)]
                self.osc[sender][address] = names[address]
                self._say(sender, address, names[address])
            case ["key"]:
                engine.key(address)
                engine.key(address, False)
            case _:
                engine.ensemble.send([Message(NOW, "learner", f"/learner{address}", (number / 127,))])
        engine.turn()
        self._look()
        self.rig.run(wait_s) if wait_s else None
        self._look()

    def _look(self) -> None:
        """Let the fader take what it was told; what comes too soon after its own move is an echo."""
        told = self.rig.told("desk")
        for seconds, (_, number, value) in told[self._read :]:
            if seconds - self.moved.get(number, float("-inf")) < TOUCH_S - 1e-6:
                self.echoes.append(f"fader {number} at {seconds}")
            self.fader[number] = value
        self._read = len(told)

    def rest(self) -> None:
        self.rig.run(0.8)
        self._look()

    @property
    def values(self) -> dict[str, float]:
        return {address: self.rig.engine.tree.number(address).value for address in ADDRESSES}


@contextmanager
def mirrors() -> Iterator[Mirrors]:
    with TemporaryDirectory() as folder:
        yield Mirrors(Path(folder))


@settings(max_examples=60, deadline=None)
@given(st.lists(deeds, max_size=25))
def test_all_mirrors_agree_and_nothing_echoes(done: list[tuple[str, str, int, float]]) -> None:
    with mirrors() as all_of_them:
        for deed in done:
            all_of_them.do(*deed)
        all_of_them.rest()
        values = all_of_them.values
        assert all_of_them.echoes == []
        assert list(all_of_them.osc.values()) == [values, values]
        tree = all_of_them.rig.engine.tree
        for address, number in SOURCES.items():
            shown = tree.number(address).curve.value(all_of_them.fader[number] / 127)
            assert abs(shown - values[address]) <= 0.5 / 127 + 1e-9, address
        before = len(all_of_them.rig.told("desk"))
        versions = [one.version for one in tree]
        all_of_them.rest()
        assert len(all_of_them.rig.told("desk")) == before
        assert [one.version for one in tree] == versions


def test_a_write_that_is_clamped_or_refused_ends_alike_everywhere() -> None:
    with mirrors() as all_of_them:
        all_of_them.rig.engine.set("/x", 7.0)
        all_of_them.rig.engine.set("/x", "many")
        all_of_them.rest()
        assert all_of_them.values["/x"] == 1.0
        assert [one["/x"] for one in all_of_them.osc.values()] == [1.0, 1.0]
        assert all_of_them.fader[21] == 127
