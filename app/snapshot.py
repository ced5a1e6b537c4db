"""What the window may see of the engine: one immutable picture, replaced whole.

The engine thread is the only writer of musical state. It publishes a new picture many times a second; a reader
takes the reference and never waits, locks or sees half a change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.calibration_state import CalibrationState
from app.doctor_state import DoctorState
from app.example import Examples
from app.input import InputState
from app.mixer import Column
from app.monitor_state import MonitorState
from app.recorder_state import RecorderState
from app.snapshot_follower import FollowerState
from app.snapshot_map import MapState
from app.snapshot_rules import RulesState
from app.snapshot_scene import SceneState


@dataclass(frozen=True, slots=True)
class RollNote:
    """A note on the piano roll; `start` and `end` in beats, `end` None while it sounds."""

    part: str
    pitch: int
    velocity: int
    start: float
    end: float | None


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A port: `state` is "open", "waiting", "failed" or "closed"; `text` says why, in one sentence."""

    name: str
    state: str
    text: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """Something the performer should know; `seconds` on the engine's clock, `level` info, warning or error."""

    seconds: float
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class MonitorLine:
    """A message that passed a port; `direction` is "in" or "out". It becomes text only when somebody looks."""

    seconds: float
    direction: str
    port: str
    address: str
    arguments: tuple[object, ...] = ()

    @property
    def text(self) -> str:
        return " ".join([self.address, *(_short(argument) for argument in self.arguments)])


def _short(argument: object) -> str:
    return f"{argument:.4g}" if isinstance(argument, float) else str(argument)


@dataclass(frozen=True, slots=True)
class ComposerState:
    """The Composer: names of the model that plays and of the one being loaded, and what it does now.

    `temperature`, `density` and `intensity` are the smoothed values in use; `rate` is note-ons per beat over
    the last bars; `token` is the last step's chord as text.
    """

    name: str = ""
    coming: str = ""
    token: str = "rest"
    sounding: int = 0
    rate: float = 0.0
    temperature: float = 0.8
    density: float = 0.8
    intensity: float = 0.8


@dataclass(frozen=True, slots=True)
class TrainingState:
    """A training run: curves are (epoch, nats per step) pairs; `previous` is the run before's validation."""

    active: bool = False
    text: str = ""
    epoch: float = 0.0
    train: tuple[tuple[float, float], ...] = ()
    valid: tuple[tuple[float, float], ...] = ()
    previous: tuple[tuple[float, float], ...] = ()
    examples_per_s: float = 0.0
    seconds_left: float | None = None
    folder: str = ""


@dataclass(frozen=True, slots=True)
class ModelNote:
    """A model that was learnt: `number` counts up, `seconds` is when, `score` is cross-validated 0..1 (None: not known
    yet), `took_s` how long the fit took (None: not known)."""

    number: int
    kind: str
    examples: int
    seconds: float
    score: float | None = None
    chosen: bool = False
    took_s: float | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """One kept model in a comparison: `score` (None: not known) on takes it did not learn, `live` whether it answers
    now, `told` why it has no score."""

    number: int
    kind: str
    score: float | None = None
    live: bool = False
    told: str = ""


@dataclass(frozen=True, slots=True)
class CompareState:
    """The kept models judged on the same held-out takes: `method` names measure and takes, `examples` how many there
    were, `active` while more is to come."""

    active: bool = False
    examples: int = 0
    method: str = ""
    models: tuple[Compared, ...] = ()


@dataclass(frozen=True, slots=True)
class StudyState:
    """The Listener's learning: curves are (epoch, loss) pairs; `previous` is the validation of the run before.

    `score` is cross-validated 0..1; `confusion` counts rows (true) by columns (said), in the order of `classes`;
    `growth` is (examples, score) pairs: whether more examples would help.
    """

    active: bool = False
    text: str = ""
    train: tuple[tuple[float, float], ...] = ()
    valid: tuple[tuple[float, float], ...] = ()
    previous: tuple[tuple[float, float], ...] = ()
    score: float | None = None
    classes: tuple[int, ...] = ()
    confusion: tuple[tuple[int, ...], ...] = ()
    growth: tuple[tuple[int, float], ...] = ()
    models: tuple[ModelNote, ...] = ()
    compare: CompareState = CompareState()


@dataclass(frozen=True, slots=True)
class ListenerState:
    """The Listener: its examples (a picture that never changes), what it hears and what it says.

    `label` is the first class output's present label (0: none) with its `name`, `colour` and `confidence`;
    `novelty` is the distance to the nearest example (1: the edge of what was shown); `probabilities` are smoothed, by
    label number; `values` one number an output; `recording` the label being recorded (0: none) and `taken` the
    examples of the open take; `columns` the inputs' values in order and `newest` the last frame of those that are on.
    `armed` is the label that a count-in leads to or that records by the clock (0: none), `counting` the beats left of
    the count-in, `remaining` those of the take (0: none, or until it is let go).
    """

    examples: Examples | None = None
    inputs: tuple[InputState, ...] = ()
    columns: tuple[Column, ...] = ()
    newest: tuple[float, ...] = ()
    ready: bool = False
    label: int = 0
    name: str = ""
    colour: int = 0
    confidence: float = 0.0
    novelty: float = 0.0
    probabilities: tuple[tuple[int, float], ...] = ()
    values: tuple[float, ...] = ()
    recording: int = 0
    taken: int = 0
    armed: int = 0
    counting: float = 0.0
    remaining: float = 0.0
    heard: int = 0
    answered: int = 0
    passed_over: int = 0
    refused: int = 0
    study: StudyState = StudyState()


@dataclass(frozen=True, slots=True)
class SyncState:
    """Who leads the tempo: `locked` tells whether its clock is known, `jitter_ms` how unsteady it comes in."""

    source: str = "internal"
    bpm: float = 120.0
    locked: bool = False
    jitter_ms: float = 0.0
    peers: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The instrument at one moment.

    `load` is the engine's busy share 0..1, `late_ms` the worst lateness of the last 5 s, `lights` the seconds
    since something last passed a port (None: closed), `level` the synth's peaks 0..1 left and right.
    """

    playing: bool = False
    bpm: float = 120.0
    beat: float = 0.0
    beats_per_bar: int = 4
    load: float = 0.0
    late_ms: float = 0.0
    lights: Mapping[str, float | None] = field(default_factory=dict)
    devices: tuple[DeviceState, ...] = ()
    level: tuple[float, float] = (0.0, 0.0)
    notes: tuple[RollNote, ...] = ()
    composer: ComposerState = ComposerState()
    training: TrainingState = TrainingState()
    listener: ListenerState = ListenerState()
    follower: FollowerState = field(default_factory=FollowerState)
    rules: RulesState = field(default_factory=RulesState)
    sync: SyncState = SyncState()
    scenes: SceneState = field(default_factory=SceneState)
    recorder: RecorderState = field(default_factory=RecorderState)
    monitor: MonitorState = field(default_factory=MonitorState)
    doctor: DoctorState = field(default_factory=DoctorState)
    calibration: CalibrationState = field(default_factory=CalibrationState)
    mapping: MapState = field(default_factory=MapState)
    log: tuple[LogLine, ...] = ()
    messages: tuple[MonitorLine, ...] = ()
    undo: str = ""
    redo: str = ""
    session: str = ""
    saved_ago: float | None = None
    osc_port: int = 0
    ended: bool = False
