"""What is done to an input before a learner hears it: a chain of steps, described by a table.

The table names each kind of step with its settings, their ranges and defaults, so that the window can offer
what the table holds and a session can keep a chain as plain text; a new kind is a class and a row. Chains run
per input, before inputs are merged: an input that sends one frame per sound then triggers once per sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.frame import Names, Values
from app.parameter import Curve, Linear, Log, Steps, switch
from app.process_step import Average, Decimate, Difference, Event, History, Interval, Smooth, Step, Window

MOST_STEPS = 16
MOST_VALUES = 4096  # Put out by a chain; a history of differences grows quickly.


@dataclass(frozen=True, slots=True)
class Setting:
    """One adjustable number of a step.

    Attributes: as a Parameter's; `extra` (a switch beside those among which one chooses).
    """

    name: str
    default: float
    curve: Curve
    unit: str = ""
    help: str = ""
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of step.

    Attributes: `title`, `help` (one sentence), `settings`, `build` (makes one from its settings by name;
    ValueError for settings that leave nothing to do).
    """

    title: str
    help: str
    settings: tuple[Setting, ...]
    build: Callable[..., Step]


def _count(name: str, default: int, most: int, help: str) -> Setting:
    return Setting(name, default, Linear(1, most, step=1, digits=0), "frames", help)


def _switch(name: str, default: int, help: str, extra: bool = False) -> Setting:
    return Setting(name, default, switch(), "", help, extra)


def _time(name: str, default: float, curve: Curve, help: str) -> Setting:
    return Setting(name, default, curve, "ms", help)


KEEP = _switch("keep", 0, "Pass the values themselves along, in front", extra=True)
LEVEL = Log(0.0001, 100_000, digits=4)

KINDS: dict[str, Kind] = {
    "smooth": Kind(
        "Smooth",
        "Follows the values with a delay that takes their trembling away",
        (_time("time", 50, Linear(0, 5000, digits=0), "After so long 63 % of a jump are made"),),
        Smooth,
    ),
    "average": Kind(
        "Moving average",
        "The mean of the last frames in place of the newest",
        (_count("frames", 10, 500, "How many"),),
        Average,
    ),
    "window": Kind(
        "Window",
        "Minimum, maximum, mean and standard deviation over the last frames",
        (
            _count("frames", 10, 500, "How many"),
            _switch("minimum", 0, "The smallest"),
            _switch("maximum", 0, "The greatest"),
            _switch("mean", 1, "The mean"),
            _switch("deviation", 1, "The standard deviation"),
            KEEP,
        ),
        Window,
    ),
    "difference": Kind(
        "Difference",
        "How much each value changed since the frame before",
        (_switch("first", 1, "The change"), _switch("second", 0, "The change of the change"), KEEP),
        Difference,
    ),
    "history": Kind(
        "History",
        "The last frames side by side, the newest first",
        (_count("frames", 3, 100, "How many"),),
        History,
    ),
    "decimate": Kind(
        "Every n-th",
        "Lets every n-th frame pass",
        (_count("every", 2, 1000, "Of so many frames one passes"),),
        Decimate,
    ),
    "interval": Kind(
        "At an interval",
        "One frame at an interval: the newest, or the mean of those since the last",
        (
            _time("time", 1000, Linear(100, 1000, digits=0), "From frame to frame"),
            Setting("of", 0, Steps(("newest", "mean")), "", "What is passed on"),
        ),
        Interval,
    ),
    "event": Kind(
        "Per event",
        "One frame per sound or gesture: the mean of its frames from onset to offset",
        (
            Setting("watch", 0, Linear(0, 1024, step=1, digits=0), "", "The value to watch, from 1; 0: all of them"),
            Setting("above", 0.025, LEVEL, "", "An event begins above this level"),
            Setting("below", 0.01, LEVEL, "", "It ends below this one; never more than the other"),
            _time("shortest", 0, Linear(0, 1000, digits=0), "Shorter events are left out"),
            _time("longest", 0, Linear(0, 60_000, digits=0), "A longer one is cut into parts; 0: never"),
            _switch("leave_out", 0, "Leave the watched value out of the result", extra=True),
        ),
        Event,
    ),
}


@dataclass(frozen=True, slots=True)
class StepSpec:
    """A step as it is chosen and stored. Attributes: `kind` (key into KINDS), `settings` (pairs; the rest default)."""

    kind: str
    settings: tuple[tuple[str, float], ...] = ()

    @classmethod
    def of(cls, kind: str, **settings: float | str) -> StepSpec:
        """Return a step with settings by name, numbers or the names of choices; ValueError if it has no such."""
        if kind not in KINDS:
            raise ValueError(f"there is no processing called {kind!r}: choose {', '.join(KINDS)}")
        known = {setting.name: setting for setting in KINDS[kind].settings}
        for name in settings:
            if name not in known:
                raise ValueError(f"{kind} has no setting {name!r}: it has {', '.join(known)}")
        return cls(kind, tuple((name, _number(known[name].curve, value)) for name, value in settings.items()))

    @property
    def stored(self) -> dict[str, Any]:
        """What `read` reads, ready for JSON; choices by their names."""
        curves = {setting.name: setting.curve for setting in KINDS[self.kind].settings}
        shown = {
            name: curves[name].show(value) if isinstance(curves[name], Steps) else value
            for name, value in self.settings
        }
        return {"kind": self.kind, "settings": shown}

    @classmethod
    def read(cls, stored: object) -> StepSpec:
        """Return the step that was stored; ValueError with the reason if it is none."""
        if not isinstance(stored, Mapping):
            raise ValueError(f"a step of processing is an object with kind and settings, not {stored!r:.60}")
        settings = stored.get("settings", {})
        if not isinstance(settings, Mapping):
            raise ValueError(f"settings are pairs of name and value, not {settings!r:.60}")
        return cls.of(str(stored.get("kind")), **{str(name): value for name, value in settings.items()})

    def build(self) -> Step:
        """Return the step itself; ValueError for settings that leave nothing to do."""
        values = {setting.name: setting.default for setting in KINDS[self.kind].settings}
        return KINDS[self.kind].build(**values | dict(self.settings))


def _number(curve: Curve, value: object) -> float:
    """Return a setting's value within its range; ValueError if it names none."""
    if isinstance(value, str):
        return curve.clamp(curve.read(value))
    if not isinstance(value, int | float) or value != value:
        raise ValueError(f"{value!r} is no number")
    return curve.clamp(float(value))


class Chain:
    """Steps in a row. Attributes: `specs`."""

    def __init__(self, specs: Iterable[StepSpec] = ()) -> None:
        """ValueError for settings that leave nothing to do, or too many steps."""
        self.specs = tuple(specs)
        if len(self.specs) > MOST_STEPS:
            raise ValueError(f"{len(self.specs)} steps of processing are too many; at most {MOST_STEPS} are possible")
        self._steps = [spec.build() for spec in self.specs]
        self._width = -1

    @classmethod
    def read(cls, stored: object) -> Chain:
        """Return the chain that was stored, a list of steps; ValueError with the reason if it is none."""
        if not isinstance(stored, list):
            raise ValueError(f"processing is a list of steps, not {stored!r:.60}")
        return cls(StepSpec.read(step) for step in stored)

    @property
    def stored(self) -> list[dict[str, Any]]:
        """What `read` reads, ready for JSON."""
        return [spec.stored for spec in self.specs]

    def names(self, names: Names) -> Names:
        """Return the names of what comes out for those of what goes in; ValueError if a step does not suit them."""
        for spec, step in zip(self.specs, self._steps, strict=True):
            names = step.names(names)
            if len(names) > MOST_VALUES:
                raise ValueError(f"{spec.kind} would make {len(names)} values; at most {MOST_VALUES} are possible")
        return names

    def feed(self, values: Values, seconds: float) -> Values | None:
        """Pass one frame's values through; None if a step holds them back. Another width begins anew."""
        if values.size != self._width:
            self.reset()
            self._width = values.size
        passed: Values | None = values
        for step in self._steps:
            if passed is None:
                return None
            passed = step.feed(passed, seconds)
        return passed

    def reset(self) -> None:
        for step in self._steps:
            step.reset()
