"""Learning without a process, for tests on the offline clock."""

from __future__ import annotations

from app.learning import FitJob, Report
from app.learning.work import obey


class InlineWorker:
    """Learns at once, in the caller: what the learning process does, without a process."""

    def __init__(self) -> None:
        self._reports: list[Report] = []
        self._last = 0

    def warm(self, model: str = "") -> None:
        """It always is."""

    def submit(self, job: FitJob) -> int:
        self._last += 1
        obey(self._last, job, self._reports.append, lambda: False)
        return self._last

    def cancel(self) -> None:
        """Nothing ever runs when somebody asks."""

    def poll(self) -> list[Report]:
        reports, self._reports = self._reports, []
        return reports

    def close(self) -> None:
        """There is nothing to end."""
