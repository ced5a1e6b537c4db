"""What is doubtful about the examples, in words: checked in the background, never while one records."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtWidgets import QSizePolicy

from app.dataset_check import Finding, check
from app.example import Examples
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.widget.lines import Line, Lines


class Findings(Lines):
    """What is doubtful about the examples; a click rings those concerned. `mark` rings them. Attributes: `found`."""

    def __init__(self, desk: Desk, mark: Callable[[tuple[int, ...]], None]) -> None:
        super().__init__(desk, (1.0,), "", tall=20, name="Warnings about the examples", role="small")
        self.found: tuple[Finding, ...] = ()
        self._doubts: list[Finding] = []
        self._mark = mark
        self._checked: Examples | None = None
        self._busy = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()

    def restyle(self) -> None:
        self.setFixedHeight(self.desk.look.px(self.tall * 2))
        super().restyle()

    def tick(self, picture: Snapshot) -> None:
        """Check in the background what came since; never while one records."""
        state = picture.listener
        if (
            state.examples is not None
            and state.examples is not self._checked
            and not self._busy
            and not state.recording
        ):
            self._busy = True
            work = threading.Thread(target=self._check, args=(state.examples,), name="check examples", daemon=True)
            work.start()
        self._show()

    def _check(self, examples: Examples) -> None:
        try:
            self.found = check(examples) if examples.outputs else ()
        finally:
            self._checked, self._busy = examples, False

    def _show(self) -> None:
        doubts = [finding for finding in self.found if not (finding.kind in ("few", "empty") and not finding.ids)]
        lines = [Line((f"! {finding.text}",), "learning", str(n)) for n, finding in enumerate(doubts)]
        total = len(self._checked) if self._checked is not None else 0
        if not lines and total:
            lines = [Line(("Nothing doubtful about the examples",), "dim", "")]
        self._doubts = doubts
        self.show_lines(lines)
        self.setToolTip("\n".join(finding.text for finding in doubts))

    def choose(self, line: Line) -> None:
        is_again = self.chosen == line.key
        self.chosen = None if is_again else line.key
        self.update()
        ids = self._doubts[int(line.key)].ids if line.key and not is_again else ()
        self._mark(ids)
