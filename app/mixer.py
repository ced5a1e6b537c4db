"""Several inputs merged into one named vector.

A learner needs one vector of a fixed width, whatever sends its parts, at whatever rate. The mixer keeps the newest
values of each input and answers with the whole when an input that triggers has sent. Columns keep their names,
their order and their switches whatever comes and goes, because examples are recorded under them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.frame import Frame, Names, Values
from app.input import Input, InputSpec, InputState, Policy, Stage

MOST_VALUES = 1024  # One input may have so many; more is surely not meant for a learner.
MOST_KNOWN = 8192  # So many columns are remembered, in case they come back.


@dataclass(frozen=True, slots=True)
class Column:
    """One value of the merged frame.

    Attributes: `source`, `feature` (its name at its source), `name` (as the performer calls it), `enabled`.
    """

    source: str
    feature: str
    name: str
    enabled: bool = True


class Mixer:
    """Several inputs merged into one named vector.

    Attributes: `names` (of the enabled columns, in order), `columns` (all, in order), `version` (counts changes of
    the columns), `strangers` (frames from sources that are no input here).
    """

    def __init__(
        self,
        inputs: Sequence[InputSpec] = (),
        stages: Mapping[str, Stage] | None = None,
        columns: Sequence[Column] = (),
    ) -> None:
        """Take inputs, the processing of some by source, and columns as stored: their order, names and
        switches hold for what still exists. ValueError for a source named twice or one too wide."""
        stages = stages or {}
        self.version = self.strangers = 0
        self.names: Names = ()
        self.columns: tuple[Column, ...] = ()
        self._inputs: dict[str, Input] = {}
        for spec in inputs:
            if spec.source in self._inputs:
                raise ValueError(f"there are two inputs called {spec.source}; name one otherwise")
            self._inputs[spec.source] = _input(spec, stages.get(spec.source))
        self._stored: tuple[Column, ...] = ()
        self._collect(columns)

    # --- inputs -----------------------------------------------------------------------------------------

    def put(self, spec: InputSpec, stage: Stage | None = None) -> None:
        """Have an input, anew if it is there: its first frame says what it has. ValueError if it is too wide."""
        self._inputs[spec.source] = _input(spec, stage)
        self._collect(self.known)

    def drop(self, source: str) -> None:
        """Have an input no longer; how its columns were called and switched is remembered."""
        if self._inputs.pop(source, None) is not None:
            self._collect(self.known)

    def process(self, source: str, stage: Stage | None) -> None:
        """Process an input otherwise from its next frame on; the others keep their values.

        KeyError if there is no such input, ValueError if a step does not suit its values; nothing changes then.
        """
        entry = self._inputs[source]
        features = stage.names(entry.spec.names) if stage and entry.spec.names else entry.spec.names
        entry.stage = stage
        entry.fit(features)
        self._collect(self.known)

    def obey(self, source: str, policy: Policy) -> None:
        """Let an input trigger, or be taken along; KeyError if there is none."""
        entry = self._inputs[source]
        entry.spec = replace(entry.spec, policy=policy)

    @property
    def width(self) -> int:
        return len(self.names)

    @property
    def specs(self) -> tuple[InputSpec, ...]:
        """The inputs, with the names that were found out since."""
        return tuple(entry.spec for entry in self._inputs.values())

    def take(self, frame: Frame) -> Values | None:
        """Take a frame in. Return the merged vector, a new one, if its input triggers and all inputs have sent."""
        entry = self._inputs.get(frame.source)
        if entry is None:
            self.strangers += 1
            return None
        if not entry.spec.names:
            self._adopt(entry, frame.values)
        values = entry.accept(frame)
        if values is None:
            return None
        self._merged[entry.places] = values
        if entry in self._awaited:
            self._awaited.remove(entry)
        if self._awaited or entry.spec.policy == "hold" or not self.names:
            return None
        return self._merged.copy()

    def state(self, source: str, seconds: float) -> InputState:
        """Return how an input does at a time of the clock; KeyError if there is none."""
        return self._inputs[source].state(seconds)

    def forget_range(self, source: str) -> None:
        """Begin the range of an input's values anew; KeyError if there is none."""
        self._inputs[source].forget_range()

    # --- columns ----------------------------------------------------------------------------------------

    @property
    def known(self) -> tuple[Column, ...]:
        """All columns that are or were, in order: what a session keeps."""
        present = {(column.source, column.feature): column for column in self.columns}
        remembered = {(column.source, column.feature) for column in self._stored}
        moved = iter([column for place, column in present.items() if place in remembered])
        # What is not there now keeps its place among the others, which may have changed theirs.
        kept = [next(moved) if (one.source, one.feature) in present else one for one in self._stored]
        new = [column for place, column in present.items() if place not in remembered]
        return tuple([*kept, *new])[:MOST_KNOWN]

    def restore(self, columns: Sequence[Column]) -> None:
        """Take columns as stored: their order, names and switches hold for what exists now or comes later."""
        self._collect(columns)

    def rename(self, name: str, new: str) -> None:
        """Call a column otherwise; ValueError if there is none or the new name is empty or taken."""
        new = new.strip()
        if not new or any(column.name == new for column in self.columns if column.name != name):
            raise ValueError(f"{name} cannot be called {new!r}: choose a name that no other value has")
        self._change(name, new, None)

    def enable(self, name: str, enabled: bool = True) -> None:
        """Take a column into the merged frame, or leave it out; ValueError if there is none."""
        self._change(name, name, enabled)

    def _change(self, name: str, new: str, enabled: bool | None) -> None:
        if all(column.name != name for column in self.columns):
            raise ValueError(f"there is no value called {name}")
        self._lay_out(
            replace(column, name=new, enabled=column.enabled if enabled is None else enabled)
            if column.name == name
            else column
            for column in self.columns
        )

    def reorder(self, names: Sequence[str]) -> None:
        """Put the columns, all of them, into this order; ValueError if any is missing, unknown or named twice."""
        by_name = {column.name: column for column in self.columns}
        if sorted(names) != sorted(by_name):
            raise ValueError("an order names each value once: " + ", ".join(by_name))
        self._lay_out(by_name[name] for name in names)

    def _adopt(self, entry: Input, values: Values) -> None:
        """Number the values of an input whose first frame tells how many there are."""
        if values.ndim != 1 or not 0 < values.size <= MOST_VALUES:
            return
        names = tuple(f"{entry.spec.source} {number}" for number in range(1, values.size + 1))
        try:
            features = entry.stage.names(names) if entry.stage else names
        except ValueError as error:
            entry.misfit = str(error)
            return
        entry.misfit = ""
        entry.spec = replace(entry.spec, names=names)
        entry.fit(features)
        self._collect(self.known)

    def _collect(self, known: Iterable[Column]) -> None:
        """Lay out a column for every feature: those known first, as they are."""
        self._stored = tuple({(column.source, column.feature): column for column in known}.values())
        wanted = {(source, feature) for source, entry in self._inputs.items() for feature in entry.features}
        columns: dict[tuple[str, str], Column] = {}
        taken: set[str] = set()
        for column in self._stored:
            place = (column.source, column.feature)
            if place in wanted and place not in columns:
                name = column.name if column.name not in taken else _free(column.feature, column.source, taken)
                taken.add(name)
                columns[place] = replace(column, name=name)
        for source, entry in self._inputs.items():
            for feature in entry.features:
                if (source, feature) not in columns:
                    name = _free(feature, source, taken)
                    taken.add(name)
                    columns[source, feature] = Column(source, feature, name)
        self._lay_out(columns.values())

    def _lay_out(self, columns: Iterable[Column]) -> None:
        before = dict(zip(self.names, getattr(self, "_merged", ()), strict=True))
        self.columns = tuple(columns)
        chosen = [column for column in self.columns if column.enabled]
        self.names = tuple(column.name for column in chosen)
        self.version += 1
        self._merged = np.array([before.get(name, 0.0) for name in self.names], np.float32)
        for source, entry in self._inputs.items():
            mine = [(place, column) for place, column in enumerate(chosen) if column.source == source]
            at = {feature: index for index, feature in enumerate(entry.features)}
            entry.places = np.array([place for place, _ in mine], np.intp)
            entry.picks = np.array([at[column.feature] for _, column in mine], np.intp)
            if entry.ready:
                self._merged[entry.places] = entry.values[entry.picks]
        self._awaited = [entry for entry in self._inputs.values() if entry.places.size and not entry.ready]


def _input(spec: InputSpec, stage: Stage | None) -> Input:
    """Return an input at work; ValueError if it has too many values or its processing does not suit them."""
    if len(spec.names) > MOST_VALUES:
        raise ValueError(f"{spec.source} has {len(spec.names)} values; at most {MOST_VALUES} are possible")
    return Input(spec, stage)


def _free(feature: str, source: str, taken: set[str]) -> str:
    """Return a name for a feature that no other has."""
    if feature not in taken:
        return feature
    name, number = f"{source} {feature}", 2
    while name in taken:
        name, number = f"{source} {feature} {number}", number + 1
    return name
