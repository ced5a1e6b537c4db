"""The doctor: one pad, one sentence that says why nothing sounds, and all that was looked at below.

The report tells whether the last run would do on stage; it is a file to keep with the piece.
"""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog

from app.doctor_state import FAILURE, OK, WARNING, Finding
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import column, row, snug
from ui.widget.lines import Line, Lines
from ui.widget.pad import ActionPad, Pad
from ui.widget.sentence import Sentence

SIGNS = {OK: "✓", WARNING: "!", FAILURE: "×"}
COLORS = {OK: "text", WARNING: "learning", FAILURE: "fault"}
SEVERITY = (FAILURE, WARNING, OK)
EMPTY = "Ask the doctor: ports, sound, MIDI, clock and disk are looked at; what is wrong stands first, with what to do"


def verdict(picture: Snapshot) -> tuple[str, str]:
    """Return the one sentence that counts, and its colour."""
    state = picture.doctor
    if state.running:
        return "Looking at ports, sound, MIDI, clock and disk: a few seconds…", "learning"
    if state.report:
        return state.report, "text" if state.passed else "learning"
    if not state.findings:
        return "", "dim"
    return (state.why, "fault") if state.why else (state.heard, "text")


class Findings(Lines):
    """What was found, the worst first; the sentence of a line stands whole in its tip."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, (0.14, 0.86), EMPTY, tall=20, name="What the doctor found")
        self._found: tuple[Finding, ...] = ()

    def refresh(self, picture: Snapshot) -> None:
        if picture.doctor.findings == self._found:
            return
        self._found = picture.doctor.findings
        worst_first = sorted(self._found, key=lambda one: SEVERITY.index(one.level))
        self.show_lines(
            [Line((f"{SIGNS[one.level]} {one.name}", one.text), COLORS[one.level], one.text) for one in worst_first]
        )

    def choose(self, line: Line) -> None:
        """Say the whole sentence, which may be longer than its line."""
        self.chosen = line.key
        self.update()
        self.desk.say(line.cells[1])


class DoctorPage(Display):
    """Attributes: `findings`, `verdict`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.findings, self.verdict = Findings(desk), Sentence(desk, verdict, "normal", 2)
        run = snug(ActionPad(desk, "/doctor/run", "Ask the doctor", lambda p: "learning" * p.doctor.running, 28))
        judge = snug(ActionPad(desk, "/doctor/report", "Would it do on stage?", tall=28))
        judge.setToolTip("Judges the last run: latency, jitter, losses; the answer stands beside it  (/doctor/report)")
        save = snug(Pad(desk, "Save report…", self.ask, 28))
        head = row(run, judge, save, self.verdict, gap=6)
        head.setStretch(3, 1)
        box = column(head, self.findings, gap=4)
        box.setStretch(1, 1)
        self.setLayout(box)

    def ask(self) -> None:
        """Ask where the report goes."""
        dialog = QFileDialog(self.window(), "Save the rehearsal report")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile("rehearsal.txt")
        dialog.setModal(False)
        dialog.fileSelected.connect(self.write)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def write(self, path: str) -> None:
        """Ask for the report in a file."""
        self.desk.engine.fire("/doctor/report", path)
