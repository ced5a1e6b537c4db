"""Which inputs a Listener hears: switches as Parameters, one merged vector.

Only inputs that are on are waited for. The first that is on triggers; the others are taken along with their newest
values, so that a sensor and a pointer make one frame at the sensor's rate.
"""

from __future__ import annotations

from app.frame import Frame, Values
from app.input import InputSpec, InputState
from app.mixer import Mixer
from app.parameter import Parameter, Tree, switch
from app.watch import Watcher

SOURCES: tuple[tuple[str, tuple[str, ...], int], ...] = (
    # Name, its values (empty: numbered by the first frame), whether it is on from the start.
    ("osc", (), 1),
    ("pointer", ("x", "y"), 0),
    ("midi", (), 0),
    ("audio", (), 0),
    ("serial", (), 0),
)


class Inputs:
    """The inputs that are on, merged. Attributes: `mixer` (made anew when a switch moves)."""

    def __init__(self, tree: Tree, watcher: Watcher) -> None:
        self._switches = {}
        for name, _, on in SOURCES:
            told = f"Take frames of {name} in"
            parameter = Parameter(f"/listener/input/{name}/on", on, switch(), title=name.capitalize(), help=told)
            self._switches[name] = tree.add(parameter)
        self.mixer = Mixer()
        self._names: dict[str, tuple[str, ...]] = {}
        watcher.on(tuple(parameter.address for parameter in self._switches.values()), self._rebuild)
        self._rebuild()

    def _rebuild(self) -> None:
        on = [(name, self._names.get(name, names)) for name, names, _ in SOURCES if self._switches[name].value]
        specs = [InputSpec(name, names, "hold" if place else "trigger") for place, (name, names) in enumerate(on)]
        self.mixer = Mixer(specs, columns=self.mixer.columns)

    def describe(self, source: str, names: tuple[str, ...]) -> None:
        """Say what the values of a source are called; () lets its first frame number them."""
        if self._names.get(source, ()) != names:
            self._names[source] = names
            self._rebuild()

    def take(self, frame: Frame) -> Values | None:
        """Take a frame in; return the merged vector if its input triggers."""
        return self.mixer.take(frame)

    def states(self, seconds: float) -> tuple[InputState, ...]:
        """Return how each input does at a time of the clock."""
        return tuple(self.mixer.state(spec.source, seconds) for spec in self.mixer.specs)
