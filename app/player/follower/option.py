"""The Follower's Parameters: what the performer sets beside the program itself."""

from __future__ import annotations

from collections.abc import Callable

from app.parameter import Linear, Parameter, Steps, TextParameter, Tree, switch
from app.player.follower.lesson.shape import GRIDS, PHRASES, Manner, Shape, read_structure
from app.player.follower.pattern import BAR

SLOTS = 8
LONGEST = 65_536
QUANTISE = ("now", "tick", "beat", "bar")
GOALS = ("off", "0.3", "0.1", "0.02", "0.005")


class Options:
    """Reads the Parameters. Attributes: `samples` (the folder of the user's sounds)."""

    def __init__(self, tree: Tree, say: Callable[[str, str], None]) -> None:
        self._say = say
        self._texts = [
            tree.add_text(TextParameter(f"/follower/text/{n}", title=f"Program {n}", limit=LONGEST))
            for n in range(1, SLOTS + 1)
        ]
        add = tree.add
        slots = Steps(tuple(str(n) for n in range(1, SLOTS + 1)))
        self._slot = add(Parameter("/follower/slot", 0, slots, title="Program", help="Which text is edited"))
        when = "When an evaluated program takes effect"
        self._quantise = add(Parameter("/follower/quantise", 1, Steps(QUANTISE), title="Takes effect at", help=when))
        self._grid = add(
            Parameter("/follower/grid", 0, Steps(tuple(map(str, GRIDS))), title="Ticks a bar", help="Of lessons")
        )
        phrase = "Bars after which a learnt part repeats"
        self._bars = add(Parameter("/follower/bars", 0, Steps(tuple(map(str, PHRASES))), title="Phrase", help=phrase))
        layers = "Sizes of the hidden layers; a change trains anew from all examples"
        self._structure = tree.add_text(TextParameter("/follower/structure", "32,16,8", "Structure", layers, limit=64))
        self._forgetful = add(
            Parameter("/follower/forgetful", 0, switch(), title="Forgetful", help="Remembers the last 64 ticks only")
        )
        wild = "0: exact; above: how freely it decides"
        self._surprise = add(Parameter("/follower/surprise", 0, Linear(0, 1), title="Surprise", help=wild))
        stop = "Stops teaching when the loss is below"
        self._goal = add(Parameter("/follower/goal", 0, Steps(GOALS), title="Goal", help=stop))
        settle = "Ticks (of 8 a bar) passed over after a change"
        self._settle = add(Parameter("/follower/settle", 8, Linear(0, 32, 1, 0), title="Settle", help=settle))
        self._steps = add(Parameter("/follower/steps", 6, Linear(1, 30, 1, 0), title="Steps", help="Of descent a tick"))
        self._mute = add(Parameter("/follower/mute", 0, switch(), title="Mute follower", help="Plays on in silence"))
        folder = "NAME.wav there replaces or adds the channel NAME"
        self.samples = tree.add_text(TextParameter("/follower/samples", "", "Sample folder", folder))
        self._layers = read_structure(self._structure.value)
        self._read = self._structure.version

    @property
    def slot(self) -> int:
        """The slot that is edited, from 1."""
        return int(self._slot.value) + 1

    @property
    def text(self) -> TextParameter:
        """The text of the slot that is edited."""
        return self._texts[int(self._slot.value)]

    @property
    def muted(self) -> bool:
        return bool(self._mute.value)

    @property
    def grid(self) -> int:
        """Ticks a bar."""
        return GRIDS[int(self._grid.value)]

    @property
    def wait(self) -> float:
        """The multiple of beats at which a program takes effect; 0: at once."""
        return {"now": 0.0, "tick": BAR / self.grid, "beat": 1.0, "bar": float(BAR)}[self._quantise.show()]

    @property
    def shape(self) -> Shape:
        """What a lesson sees; a structure that cannot be is told once, and the one before stays."""
        if self._structure.version != self._read:
            self._read = self._structure.version
            try:
                self._layers = read_structure(self._structure.value)
            except ValueError as error:
                self._say("warning", f"/follower/structure: {error}")
        return Shape(self.grid, PHRASES[int(self._bars.value)], 1, self._layers)

    def show(self, shape: Shape) -> None:
        """Let the Parameters tell a shape that was chosen elsewhere."""
        self._grid.set(GRIDS.index(shape.grid), "follower")
        self._bars.set(PHRASES.index(shape.bars), "follower")
        if shape.structure != self._layers:
            self._structure.set(",".join(map(str, shape.structure)), "follower")

    @property
    def manner(self) -> Manner:
        goal = self._goal.show()
        return Manner(
            steps=int(self._steps.value),
            settle=int(self._settle.value),
            forgetful=bool(self._forgetful.value),
            surprise=self._surprise.value,
            goal=0.0 if goal == "off" else float(goal),
        )


def add_pointer(tree: Tree) -> None:
    """Add the pointer, which the window moves and any argument may follow."""
    for axis, way in (("x", "left to right"), ("y", "top to bottom")):
        tree.add(Parameter(f"/pointer/{axis}", 0.5, Linear(0, 1), help=f"0..1, {way}", kept=False, undoable=False))
    tree.add(Parameter("/pointer/on", 0, switch(), title="Pointer", help="Arguments such as cut_mousex follow it"))
