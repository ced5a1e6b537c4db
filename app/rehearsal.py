"""Whether the last run would do on stage: how late, how unsteady, what was lost, what failed.

One run is from start to stop, or to now. Its figures are held against those that the README promises; the verdict is a
file to keep with the piece, as text and as JSON.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from app.engine import Engine
from app.event import NoteOn
from app.file import write_whole
from app.lateness import Lateness

P99_MS, WORST_MS, JITTER_MS, XRUNS = 2.0, 10.0, 2.0, 3
LEAST_EVENTS = 100
REFUSED = "refused"  # Of the inbox, which counts for itself.
ENDED = ("ended", "synth ended")
DAMAGED = ("midi faults", "osc in faults")
COUNTED = ("skipped", "faults", "output errors", "dropped", "ports lost", "xruns", *ENDED, *DAMAGED, REFUSED)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure. Attributes: `name`, `value`, `unit`, `most` (that would pass, None: only told), `passed`."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None

    @property
    def passed(self) -> bool:
        return self.most is None or self.value <= self.most

    def show(self) -> str:
        """Return one line of text."""
        digits = 2 if self.unit == "ms" else 0
        value = f"{self.value:.{digits}f}{' ' + self.unit if self.unit else ''}"
        if self.most is None:
            return f"  {'':6} {self.name}: {value}"
        return f"  {'pass' if self.passed else 'FAIL':6} {self.name}: {value} (at most {self.most:g})"


@dataclass(frozen=True, slots=True)
class Report:
    """A verdict. Attributes: `lines`, `reason` (why there is none, "" if there is one), `made` (day and time)."""

    lines: tuple[Line, ...]
    reason: str = ""
    made: str = ""

    @property
    def passed(self) -> bool:
        return not self.reason and all(line.passed for line in self.lines)

    def text(self) -> str:
        """Return the report for eyes."""
        verdict = self.reason or ("This would do on stage." if self.passed else "This would not do on stage.")
        return "\n".join([f"Rehearsal report, {self.made}", verdict, *(line.show() for line in self.lines), ""])

    def json(self) -> str:
        """Return the report for programs."""
        lines = [asdict(line) | {"passed": line.passed} for line in self.lines]
        whole = {"passed": self.passed, "reason": self.reason, "made": self.made, "lines": lines}
        return json.dumps(whole, indent=1) + "\n"


class Rehearsal:
    """Watches runs. Attributes: `notes` (handed over in the last run)."""

    def __init__(self, engine: Engine) -> None:
        self.notes = 0
        self._engine = engine
        self._playing = False
        self._seconds = self._began = 0.0
        self._before: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        engine.outputs.taps.append(lambda _due, sent: self._count(sent))
        engine.tending.append(self.tend)

    def _count(self, sent: object) -> None:
        self.notes += isinstance(sent, NoteOn)

    def tend(self) -> None:
        """Begin a run when the music starts, and go on until it stops; called often."""
        engine = self._engine
        playing, now = engine.transport.playing, engine.clock.now()
        if playing and not self._playing:
            self._began, self.notes = now, 0
            self._before = self._counts()
            engine.monitor.lateness = Lateness()
        if playing or self._playing:
            self._seconds = now - self._began
            counts = self._counts()
            self._lost = Counter({name: counts[name] - self._before[name] for name in COUNTED})
        self._playing = playing

    def _counts(self) -> Counter[str]:
        counts = Counter(self._engine.monitor.counts)
        counts[REFUSED] = self._engine.inbox.dropped
        return counts

    def report(self) -> Report:
        """Return the verdict on the last run."""
        late = self._engine.monitor.lateness
        lines = (
            Line("length", self._seconds, "s"),
            Line("notes handed over", self.notes),
            Line("events sent on time or late", late.count),
            Line("lateness, 99 of 100 events", late.percentile_ms(0.99), "ms", P99_MS),
            Line("lateness, worst", late.worst_ms, "ms", WORST_MS),
            Line("jitter, 1 to 99 of 100 events", late.jitter_ms(), "ms", JITTER_MS),
            Line(f"events more than {WORST_MS:.0f} ms late", late.count_over(WORST_MS)),
            Line("steps skipped", self._lost["skipped"], most=0),
            Line("events without effect", self._lost["dropped"]),
            Line("errors of outputs", self._lost["output errors"], most=0),
            Line("outputs lost on the way", self._lost["ports lost"], most=0),
            Line("processes that ended and came back", sum(self._lost[name] for name in ENDED), most=0),
            Line("blocks of sound that came late (xruns)", self._lost["xruns"], most=XRUNS),
            Line("faults inside", self._lost["faults"], most=0),
            Line("messages that came in damaged", sum(self._lost[name] for name in DAMAGED)),
            Line("messages that came in and were dropped", self._lost[REFUSED], most=0),
            Line("players stopped by a fault", len(self._engine.silenced), most=0),
        )
        few = f"Only {late.count} events left: play for a while, then ask again."
        made = time.strftime("%Y-%m-%d %H:%M:%S")
        return Report(lines, few if late.count < LEAST_EVENTS else "", made)


def write(report: Report, path: Path) -> tuple[Path, Path]:
    """Write a report as text and, beside it, as JSON; return both paths. OSError if they cannot be."""
    text, data = path.with_suffix(".txt"), path.with_suffix(".json")
    write_whole(text, report.text())
    write_whole(data, report.json())
    return text, data
