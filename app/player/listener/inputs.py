"""Which inputs a Listener hears, what is done to each, and the columns that they make: all of it Parameters.

Only inputs that are on are waited for. Unless one is told to trigger, the first that is on does; the others are taken
along with their newest values, so that a sensor and a pointer make one frame at the sensor's rate. What moves, moves
one input alone: the others keep their values, so that a change on stage leaves no hole in the stream.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from app.dataset import Dataset
from app.frame import Frame, Names, Values
from app.history import Edit, ParameterEdit
from app.input import InputSpec, InputState, Policy
from app.mixer import Mixer
from app.mixer_text import read_columns, show_columns
from app.parameter import Parameter, Steps, TextParameter, Tree, switch
from app.process import Chain
from app.process_text import HOW, read_chain, read_step, show_chain
from app.watch import Watcher

ROOT = "/listener/input"
COLUMNS = "/listener/columns"
SOURCES: tuple[tuple[str, Names, int], ...] = (
    # Name, its values (empty: numbered by the first frame), whether it is on from the start.
    ("osc", (), 1),
    ("pointer", ("x", "y"), 0),
    ("midi", (), 0),
    ("audio", (), 0),
    ("serial", (), 0),
)
POLICIES = Steps(("auto", "trigger", "hold"))
MOST_COLUMNS_TEXT = 1_000_000
SHOWN = 4  # So many names stand in a sentence.


class Inputs:
    """The inputs that are on, each processed, then merged. Attributes: `mixer`."""

    def __init__(self, tree: Tree, watcher: Watcher, say: Callable[[str, str], None], dataset: Dataset) -> None:
        self.mixer = Mixer()
        self._tree, self._say, self._dataset = tree, say, dataset
        self._names = {name: names for name, names, _ in SOURCES}
        self._chains: dict[str, str] = {}  # The processing in force.
        dataset.naming = self.feature_names
        _add_parameters(tree)
        self._processes = {name: tree.text(f"{ROOT}/{name}/process") for name in self._names}
        self._versions = {name: process.version for name, process in self._processes.items()}
        self._columns = tree.text(COLUMNS)
        self._laid_out = self._columns.value
        policies = [f"{ROOT}/{name}/{part}" for name, _, _ in SOURCES for part in ("on", "policy")]
        for name, _, _ in SOURCES:
            self._switch(name)
            watcher.on((f"{ROOT}/{name}/process",), partial(self._follow_process, name))
            watcher.on((f"{ROOT}/{name}/on",), partial(self._switch, name))
        watcher.on(tuple(policies), self._follow_policies)
        watcher.on((COLUMNS,), self._follow_columns)
        self._follow_policies()

    # --- frames -----------------------------------------------------------------------------------------

    def take(self, frame: Frame) -> Values | None:
        """Take a frame in; return the merged vector if its input triggers."""
        # A client may send its processing and its frames in one breath, before anybody looked at the Parameters.
        process = self._processes.get(frame.source)
        if process is not None and process.version != self._versions[frame.source]:
            self._follow_process(frame.source)
        return self.mixer.take(frame)

    def describe(self, source: str, names: Names) -> None:
        """Say what the values of a source are called; () lets its first frame number them."""
        if self._names.get(source, ()) != names:
            self._names[source] = names
            self.forget(source)

    def forget(self, source: str) -> None:
        """Let an input's next frame say anew how many values it has."""
        if self._is_on(source):
            self._switch(source)
            self._follow_policies()

    def states(self, seconds: float) -> tuple[InputState, ...]:
        """Return how each input does at a time of the clock."""
        on = [name for name, _, _ in SOURCES if self._is_on(name)]
        there = {spec.source: spec for spec in self.mixer.specs}
        states = tuple(self.mixer.state(name, seconds) for name in on if name in there)
        if states and all(spec.policy == "hold" for spec in there.values()) and not states[0].trouble:
            trouble = "every input is on hold, so no frame is made; let one of them trigger"
            return (replace(states[0], trouble=trouble), *states[1:])
        return states

    def feature_names(self, width: int) -> Names:
        """Return what the values of a frame of a width are called; those that nobody named are numbered."""
        if len(self.mixer.names) == width and not self._nameless:
            return self.mixer.names
        known = self._dataset.features
        return known if len(known) == width else tuple(f"in{number}" for number in range(1, width + 1))

    @property
    def _nameless(self) -> bool:
        """Whether the columns are those of one input that only counts them, as it sent them."""
        names, source = self.mixer.names, self.mixer.columns[0].source if self.mixer.columns else ""
        return names == tuple(f"{source} {number}" for number in range(1, len(names) + 1))

    # --- processing -------------------------------------------------------------------------------------

    def add_step(self, source: str, step: str, place: int | None = None) -> Edit | None:
        """Process an input by one step more, at a place from 1 or at the end; ValueError if that cannot be."""
        steps = list(read_chain(self._process(source).value))
        if place is not None and not 1 <= place <= len(steps) + 1:
            raise ValueError(f"{source} has {len(steps)} steps, so there is no place {place}")
        steps.insert(len(steps) if place is None else place - 1, read_step(step))
        return self._write(source, show_chain(steps))

    def remove_step(self, source: str, place: int) -> Edit | None:
        """Process an input by one step less, the one at a place from 1; ValueError if there is none."""
        steps = list(read_chain(self._process(source).value))
        if not 1 <= place <= len(steps):
            raise ValueError(f"{source} has {len(steps)} steps, so there is no step {place}")
        del steps[place - 1]
        return self._write(source, show_chain(steps))

    def _process(self, source: str) -> TextParameter:
        if source not in self._processes:
            raise ValueError(f"there is no input {source!r}: choose {', '.join(self._processes)}")
        return self._processes[source]

    def _write(self, source: str, text: str) -> Edit | None:
        process = self._process(source)
        before = process.value
        process.set(text, "listener")
        self._follow_process(source)
        return None if process.value == before else ParameterEdit(self._tree, process.address, before, process.value)

    def _follow_process(self, source: str) -> None:
        """Process an input as its text says; one that does not suit its values is said and taken back."""
        process, old = self._process(source), self._chains.get(source, "")
        self._versions[source] = process.version
        if process.value == old:
            return
        heard = self.mixer.names
        try:
            chain = _chain(process.value)
            # Switched on in the same breath, as by a session, it is there a moment later, and begins with this.
            if any(spec.source == source for spec in self.mixer.specs):
                self.mixer.process(source, chain)
            elif chain is not None and self._names[source]:
                chain.names(self._names[source])
        except ValueError as error:
            self._say("warning", f"{process.address}: {error}; it stays as it was")
            process.set(old, "listener")
            return
        self._chains[source] = process.value
        self._tell(heard)

    # --- columns ----------------------------------------------------------------------------------------

    def enable(self, name: str, on: bool) -> Edit | None:
        """Take a column into the frame, or leave it out; ValueError if there is none."""
        return self._change(lambda: self.mixer.enable(name, on))

    def rename(self, name: str, new: str) -> Edit | None:
        """Call a column otherwise; ValueError if there is none or the name is taken."""
        return self._change(lambda: self.mixer.rename(name, new))

    def move(self, name: str, place: int) -> Edit | None:
        """Put a column at a place, from 1; ValueError if there is none."""
        names = [column.name for column in self.mixer.columns]
        if name not in names or not 1 <= place <= len(names):
            raise ValueError(f"{name} cannot be at {place}: there are {len(names)} columns: {_some(tuple(names))}")
        names.insert(place - 1, names.pop(names.index(name)))
        return self.order(names)

    def order(self, names: Sequence[str]) -> Edit | None:
        """Put all columns into this order; ValueError if one is missing or unknown."""
        return self._change(lambda: self.mixer.reorder(names))

    def _change(self, deed: Callable[[], None]) -> Edit | None:
        before, heard = show_columns(self.mixer.known), self.mixer.names
        deed()
        self._laid_out = show_columns(self.mixer.known)
        self._columns.set(self._laid_out, "listener")
        self._tell(heard)
        return None if self._laid_out == before else ParameterEdit(self._tree, COLUMNS, before, self._laid_out)

    def _follow_columns(self) -> None:
        if self._columns.value == self._laid_out:
            return
        try:
            columns = read_columns(self._columns.value)
        except ValueError as error:
            self._say("warning", f"{COLUMNS}: {error}; they stay as they are")
            self._columns.set(self._laid_out, "listener")
            return
        self._laid_out, heard = self._columns.value, self.mixer.names
        self.mixer.restore(columns)
        self._tell(heard)

    def _tell(self, heard: Names) -> None:
        """Say so if the examples were recorded under other columns than those there are now."""
        now, known = self.mixer.names, self._dataset.features
        if not len(self._dataset) or not now or now == heard or self.feature_names(len(now)) == known:
            return
        self._say(
            "warning",
            f"Frames have {len(now)} values now ({_some(now)}), the {len(self._dataset)} examples have {len(known)} "
            f"({_some(known)}): record and train anew, or change it back",
        )

    # --- switches ---------------------------------------------------------------------------------------

    def _is_on(self, source: str) -> bool:
        return bool(self._tree.number(f"{ROOT}/{source}/on").value)

    def _switch(self, source: str) -> None:
        """Hear an input, beginning anew, or cease to."""
        if not self._is_on(source):
            self.mixer.drop(source)
            return
        spec = InputSpec(source, self._names[source])
        try:
            self.mixer.put(spec, _chain(self._chains.get(source, "")))
        except ValueError as error:
            self._say("warning", f"{ROOT}/{source}/process does not suit what comes now and is left out: {error}")
            self.mixer.put(spec)

    def _follow_policies(self) -> None:
        on = [name for name, _, _ in SOURCES if self._is_on(name)]
        wanted = {name: self._tree.number(f"{ROOT}/{name}/policy").show() for name in on}
        waits = "trigger" not in wanted.values()
        there = {spec.source for spec in self.mixer.specs}
        for name in [name for name in on if name in there]:
            first = waits and wanted[name] == "auto"
            waits = waits and not first
            policy: Policy = "trigger" if first or wanted[name] == "trigger" else "hold"
            self.mixer.obey(name, policy)


def _chain(text: str) -> Chain | None:
    """Return the processing that a text names; ValueError if it names none."""
    steps = read_chain(text)
    return Chain(steps) if steps else None


def _some(names: Names) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more


def _add_parameters(tree: Tree) -> None:
    policy = "Trigger makes frames, hold is taken along; auto: the first that is on triggers"
    for name, _, on in SOURCES:
        title = name.capitalize()
        tree.add(Parameter(f"{ROOT}/{name}/on", on, switch(), title=title, help=f"Take frames of {name} in"))
        tree.add(Parameter(f"{ROOT}/{name}/policy", 0, POLICIES, title=f"{title} policy", help=policy))
        process = f"What is done to its values; {HOW}"
        tree.add_text(TextParameter(f"{ROOT}/{name}/process", "", f"{title} processing", process, check=_chain))
    columns = "Names, order and switches of the values, as a session keeps them"
    tree.add_text(
        TextParameter(COLUMNS, "", "Columns", columns, undoable=False, limit=MOST_COLUMNS_TEXT, check=read_columns)
    )
