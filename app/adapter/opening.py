"""A Wekinator project from its files becomes the present one: taken over, trained, run; one step of undo.

What was learnt before may go on beside it, as the original lets several projects run at once.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Protocol

from app.adapter.companion import Companion, Companions
from app.adapter.host import Host
from app.adapter.intake import INPUTS
from app.adapter.line import PART, Line
from app.adapter.project import Project
from app.adapter.recognition import SETTINGS, Recognition
from app.adapter.shelf import Shelf
from app.dataset_file.project import Setup
from app.dataset_job import Fetched
from app.player.listener.takeover import Swap, Together, moved, take_over

Kept = tuple[Project, dict[int, tuple[int, ...]]]


class Mode(Protocol):
    """The mode, as far as a new project needs it. Attributes: `host`, `line`, `project`, `recognition`."""

    host: Host
    line: Line
    project: Project
    recognition: Recognition

    def have(self, project: Project) -> None:
        """Be about this project from now on."""

    def run(self, on: bool) -> None:
        """Answer frames, or cease to."""

    def show(self) -> None:
        """Say what the mode does."""


class Opening:
    """Attributes: `run_then` (what is being trained runs as soon as it is)."""

    def __init__(self, mode: Mode, shelf: Shelf, beside: Companions) -> None:
        self.run_then = False
        self._mode, self._shelf, self._beside = mode, shelf, beside

    def begin(self, file: Path, keep: bool = False) -> None:
        """Read a project, beside which the present one goes on if it is to be kept."""
        self._shelf.open(file, partial(self._take, keep))

    def _keep_running(self) -> None:
        """Let the present project go on beside the one that comes."""
        host, line = self._mode.host, self._mode.line
        if not host.running or not host.brain.ready or self._mode.project.gestures:
            why = "recognises gestures" if self._mode.project.gestures else "does not run"
            host.say(f"Wekinator mode: one project runs at a time here, for the present one {why}", "warning")
            return
        self._beside.keep(Companion(self._mode.project, host.brain, line.inputs, line.outputs, line.receiver))
        line.keep()
        host.say("Wekinator mode: the project before goes on beside the new one until the mode is off")

    def _take(self, keep: bool, setup: Setup, found: Fetched) -> None:
        """Take a project over as read from its files, train it, run it."""
        if keep:
            self._keep_running()
        mode, project = self._mode, Project.of(setup)
        host, tree = mode.host, mode.host.engine.tree
        host.run(False, PART)
        self._mode.recognition.follow_play()
        swap = Swap(self._return_to, (self._mode.project, dict(host.study.selections)), (project, {}))
        self._mode.project = project  # First: whoever follows the Parameters finds that they agree with it.
        inputs = moved(tree, {INPUTS: project.width})
        shape = take_over(host.listener, found.examples, project.plan, setup.name, fresh=True)
        host.forget_inputs()
        self._mode.have(project)
        rest = moved(tree, {SETTINGS[0]: setup.threshold, **self._mode.line.wanted(setup)})
        host.push(Together(f"Open {setup.name}", (swap, *inputs, shape, *rest)))
        for note in found.notes:
            host.say(f"{setup.name}: {note}")
        if project.gestures:
            self._mode.run(True)
            return
        host.study.train()
        self.run_then = True

    def _return_to(self, kept: Kept) -> None:
        """Have a project again that was taken back, or taken over once more."""
        self._mode.project, selections = kept
        self._beside.drop(self._mode.project)
        self._mode.host.study.selections.clear()
        self._mode.host.study.selections.update(selections)
        self._mode.host.listener.inputs.forget("osc")
        self._mode.recognition.have(self._mode.project)
        self._mode.show()
