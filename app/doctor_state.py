"""What the doctor found."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, FAILURE = "ok", "warning", "failure"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. Attributes: `name`, `level` ("ok", "warning", "failure"), `text` (one sentence)."""

    name: str
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class DoctorState:
    """Attributes: `running`, `findings` (of the last visit), `why` (why nothing sounds, "" if something does), `heard`
    (through which ports notes leave, "" if through none), `report` (how the last run was judged, "" since the doctor
    was asked anew), `passed` (whether that run would do)."""

    running: bool = False
    findings: tuple[Finding, ...] = ()
    why: str = ""
    heard: str = ""
    report: str = ""
    passed: bool = True
