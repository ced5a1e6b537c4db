"""The doctor: what is there, what is missing, why nothing sounds and what to do, each in one sentence.

In the instrument it is an action that disturbs no music; on a command line it looks at everything, strikes a note at
every destination and ends with 0 or 1. Part of the composition root.

    python main.py doctor [--json] [--session FOLDER] [--osc-out HOST:PORT] [--midi-out NAME] [--seconds 2] [--quiet]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path

import platformdirs

from app.action import Argument
from app.doctor_check import CHECKS, QUIET, examine
from app.doctor_clock import realtime_finding
from app.doctor_place import Place, place_of
from app.doctor_state import FAILURE, OK, WARNING, DoctorState, Finding
from app.engine import Engine
from app.rehearsal import Rehearsal, write
from app.saving import FILE
from app.session import Session, SessionError
from app.session import read as read_session
from app.silence import OUTPUTS, Silence

ROOT = Path(__file__).resolve().parent.parent
LIMIT_S = 60.0
Visit = Callable[[Path], list[Finding]]


class Doctor:
    """Attributes: `state`, `rehearsal` (judges runs), `silence` (knows why nothing sounds)."""

    def __init__(
        self, engine: Engine, session: Session, background: Executor | None = None, visit: Visit | None = None
    ) -> None:
        """`visit` looks at the computer, in `background` (None: a thread, and a process of its own)."""
        self.state = DoctorState()
        self.rehearsal = Rehearsal(engine)
        self.silence = Silence(engine)
        self._engine, self._session = engine, session
        self._background = background or ThreadPoolExecutor(1, "doctor")
        self._visit = visit or (lambda folder: quiet_visit(folder))
        self._visiting: Future[list[Finding]] | None = None
        add = engine.actions.add_with
        add("/doctor/run", self._run, "Ask the doctor", "Looks at ports, sound, MIDI, clock, disk", "Doctor")
        told = "A file; says whether the last run would do on stage"
        add("/doctor/report", self._report, "Rehearsal report", told, "Doctor")
        engine.tending.append(self.tend)
        engine.picturing.append(lambda picture: replace(picture, doctor=self.state))

    def close(self) -> None:
        self._background.shutdown(wait=False, cancel_futures=True)

    def _run(self, _arguments: tuple[Argument, ...]) -> None:
        if self._visiting is not None:
            raise ValueError("the doctor is here already; wait for what it says")
        if not self._engine.transport.playing:
            self._engine.test_note()
        self.state = replace(self.state, running=True, report="")
        self._visiting = self._background.submit(self._visit, self._session.folder)

    def tend(self) -> None:
        """Tell what was found; called often."""
        if self._visiting is None or not self._visiting.done():
            return
        visiting, self._visiting = self._visiting, None
        error = visiting.exception()
        there = [Finding("computer", FAILURE, f"It could not be looked at: {error}")] if error else visiting.result()
        found = (*there, *self.look())
        why, heard = self.silence.why(), self.silence.heard()
        self.state = DoctorState(False, found, why, heard)
        for finding in found:
            if finding.level != OK:
                self._engine.say("warning", f"{finding.name}: {finding.text}")
        self._engine.say("warning" if why else "info", why or f"The doctor finds no fault: {heard}")

    def look(self) -> list[Finding]:
        """Return what the instrument itself knows: its ports, how late it is."""
        engine, monitor = self._engine, self._engine.monitor
        found = []
        for kind, name in OUTPUTS:
            state = engine.outputs.states.get(kind)
            if state is None or state.state == "closed":
                found.append(Finding(f"{kind} out", OK, f"{name} is off" if state is None else f"{name}: {state.text}"))
            else:
                level = OK if state.state == "open" else WARNING
                found.append(Finding(f"{kind} out", level, f"{name}: {state.text or state.state}"))
        said = f"OSC listens on port {engine.osc_port}" if engine.osc_port else "OSC is not listened to"
        found.append(Finding("osc in", OK if engine.osc_port else WARNING, said))
        late = monitor.lateness
        p99 = late.percentile_ms(0.99)
        told = f"{late.count} events left, 99 of 100 at most {p99:.2f} ms late, the worst {late.worst_ms:.2f} ms"
        found.append(Finding("clock", OK if p99 <= 2 else WARNING, told))
        if monitor.realtime is not None:
            found.append(realtime_finding(monitor.realtime))
        return found

    def _report(self, arguments: tuple[Argument, ...]) -> None:
        """Write the rehearsal report; without a path it is only said."""
        report = self.rehearsal.report()
        if arguments:
            text, _ = write(report, Path(str(arguments[0])).expanduser())
            self._engine.say("info", f"The rehearsal report is in {text}")
        verdict = report.reason or ("pass" if report.passed else "fail")
        failed = ", ".join(line.name for line in report.lines if not line.passed)
        said = f"Rehearsal: {verdict}{': ' + failed if failed else ''}"
        self.state = replace(self.state, report=said, passed=report.passed)
        self._engine.say("info" if report.passed else "warning", said)


def quiet_visit(folder: Path) -> list[Finding]:
    """Look at what disturbs no music, in a process of its own."""
    command = [sys.executable, "-m", "app.doctor", "--json", "--quiet", "--session", str(folder)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, encoding="utf-8", errors="replace", timeout=LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ValueError(f"no answer in {LIMIT_S:.0f} s; run python main.py doctor in a terminal") from error
    try:
        return [Finding(**one) for one in json.loads(done.stdout)["findings"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else str(error)) from error


# --- command ---------------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> int:
    """Look at everything; 0 if a note would be heard and nothing is broken, else 1."""
    options = _options(arguments)
    try:
        place, found = _place(options)
    except ValueError as error:
        print(f"doctor: {error}", file=sys.stderr)
        return 2
    found += examine(place, QUIET if options.quiet else tuple(CHECKS))
    if not options.quiet:
        found.append(verdict(found))
    failed = any(finding.level == FAILURE for finding in found)
    if options.json:
        print(json.dumps({"passed": not failed, "findings": [asdict(finding) for finding in found]}, indent=1))
    else:
        for finding in found:
            print(f"{finding.level:8} {finding.name:12} {finding.text}")
    return int(failed)


def _place(options: argparse.Namespace) -> tuple[Place, list[Finding]]:
    """Return where the session plays to, what the options say going first; ValueError for a wrong option."""
    folder, found = options.session.expanduser(), []
    stored: Mapping[str, object] = {}
    try:
        stored = read_session(folder)["parameters"] if (folder / FILE).exists() else {}
    except SessionError as error:
        found.append(Finding("session", FAILURE, str(error)))
    place = replace(place_of(folder, stored), seconds=options.seconds)
    if options.osc_out is not None:
        host, _, port = options.osc_out.rpartition(":")
        if not host or not port.isdigit() or not 1 <= int(port) <= 65535:
            raise ValueError(f"--osc-out {options.osc_out!r}: write HOST:PORT, such as 127.0.0.1:56120")
        place = replace(place, host=host, port=int(port))
    return (place if options.midi_out is None else replace(place, midi=options.midi_out)), found


def verdict(found: Sequence[Finding]) -> Finding:
    """Return whether a note would be heard anywhere."""
    levels = {finding.name: finding for finding in found}
    ways = [name for name in ("sound", "osc out", "midi out") if name in levels and levels[name].level == OK]
    if ways:
        return Finding("verdict", OK, f"A note is heard through {', '.join(ways)}")
    reasons = "; ".join(levels[name].text for name in ("sound", "osc out", "midi out") if name in levels)
    return Finding("verdict", FAILURE, f"Nothing would sound: {reasons or 'no output is on'}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("main.py doctor", description="Say what is missing and what to do.")
    add = parser.add_argument
    add("--json", action="store_true", help="for programs")
    add("--quiet", action="store_true", help="look only at what disturbs no music that plays")
    default = platformdirs.user_data_path("understudy") / "sessions" / "default"
    add("--session", type=Path, metavar="FOLDER", default=default, help="the session's folder")
    add("--osc-out", metavar="HOST:PORT", help="where OSC goes, if not where the session says")
    add("--midi-out", metavar="NAME", help="the MIDI port, if not the session's")
    add("--seconds", type=float, default=2.0, help="how long the clock is watched")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
