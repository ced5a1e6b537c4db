"""What the window may see of the Rules player: plain values, replaced whole.

They stand apart from the other players' pictures because presets, rules and the map of the two knobs are many.
"""

from __future__ import annotations

from dataclasses import dataclass

Value = float | str


@dataclass(frozen=True, slots=True)
class PresetRow:
    """A kept preset: `number` never changes, `label` "" means no class; `origin` says which rule made it, if any."""

    number: int
    values: tuple[Value, ...]
    label: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class LabelCount:
    """One label: how many presets, rules, distinct variations, and of those new; changes against the model before."""

    label: str
    presets: int = 0
    rules: int = 0
    variations: int = 0
    new: int = 0
    rules_change: int = 0
    variations_change: int = 0


@dataclass(frozen=True, slots=True)
class RuleState:
    """One rule: `number` within its label, `sets` the values of each knob, `own` of `size` combinations are presets."""

    label: str
    number: int
    sets: tuple[tuple[Value, ...], ...]
    own: int
    size: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the map: what the model would be at these settings."""

    distance: int
    consistency: float
    rules: int
    variations: int


@dataclass(frozen=True, slots=True)
class KnobState:
    """One knob of the synth: where it stands now, whether it is locked and whether its values ever repeat; `low` and
    `high` are the places on its fader, 0..1, between which called and varied presets may set it."""

    name: str
    address: str
    value: Value
    position: float
    locked: bool = False
    repeats: bool = True
    unit: str = ""
    low: float = 0.0
    high: float = 1.0


@dataclass(frozen=True, slots=True)
class SoundingState:
    """The preset that sounds: whose `label` and `rule` made it ("" and 0: by hand), how (`mode` set or interval), the
    `nearest` own preset and how many knobs differ, whether it is `new`, and the `named` label of this very point."""

    label: str = ""
    rule: int = 0
    mode: str = ""
    nearest: int = 0
    changed: int = 0
    new: bool = False
    named: str = ""
    morph: float = 1.0


@dataclass(frozen=True, slots=True)
class BlindState:
    """The blind test: `question` (from 1; 0: none runs) of `questions` is heard, `labels` are the answers besides
    none, `report` (a sentence for each label and one for all) is what came out of the last that ended."""

    question: int = 0
    questions: int = 0
    labels: tuple[str, ...] = ()
    report: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RulesState:
    """The Rules player.

    `exact` tells whether the model is the exact one, `ms` how long it took, `learning` whether one is being made,
    `palette` the kept models by name, `playing` the number of the one in use (0: the newest), `conflicts` and `near`
    are sentences, `echo` the last text line as performed, `candidate` a model that waits to be taken, `lineage` how
    the last generated presets were made. `names` are the presets' columns and `places` the knob of each (-1: none);
    `rule_places` are the same for the columns of the rules, which may have been learnt from another table. `snap` is
    what counts as the same value, in words; `blind` the test by ear. `coming` is the preset that waits for its beat
    (None: none does), `coming_at` where that is, in words.
    """

    synth: str = ""
    presets: tuple[PresetRow, ...] = ()
    labels: tuple[LabelCount, ...] = ()
    rules: tuple[RuleState, ...] = ()
    knobs: tuple[KnobState, ...] = ()
    sounding: SoundingState = SoundingState()
    cells: tuple[Cell, ...] = ()
    distance: int = 1
    consistency: float = 1.0
    exact: bool = True
    ms: float = 0.0
    made_ago: float | None = None
    learning: bool = False
    palette: tuple[str, ...] = ()
    playing: int = 0
    conflicts: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    echo: str = ""
    candidate: str = ""
    lineage: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    rule_places: tuple[int, ...] = ()
    snap: str = "off"
    blind: BlindState = BlindState()
    coming: SoundingState | None = None
    coming_at: str = ""
