"""The Listener for the eye: its part of the engine's picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.player.listener.decision import Verdict
from app.player.listener.player import Listener
from app.snapshot import ListenerState, Snapshot, StudyState
from app.transport import Clock

LOOK_S = 0.04


class View:
    """Adds the Listener to the engine's picture; looks no more often than an eye can."""

    def __init__(self, listener: Listener, study: Callable[[], StudyState], clock: Clock) -> None:
        self._listener, self._study, self._clock = listener, study, clock
        self._looked = float("-inf")
        self._state = ListenerState()

    def picture(self, snapshot: Snapshot) -> Snapshot:
        now = self._clock.now()
        if now - self._looked >= LOOK_S:
            self._looked = now
            self._state = describe(self._listener, self._study(), now)
        return replace(snapshot, listener=self._state)


def describe(listener: Listener, study: StudyState, seconds: float) -> ListenerState:
    """Return what the window may see of a Listener at a time of the clock."""
    brain, answer = listener.brain, listener.answer
    first = next((place for place, output in enumerate(brain.outputs) if output.kind == "class"), None)
    decision = brain.decision(first) if first is not None else None
    verdict = answer.verdicts[first] if answer is not None and first is not None else None
    if listener.spot is not None:
        verdict = Verdict(listener.spot.label, 1.0, changed=False)
    label = listener.dataset.outputs[first].label(verdict.label) if verdict and first is not None else None
    chances = zip(decision.classes, decision.smoothed.tolist(), strict=True) if decision else ()
    counts = listener.counts
    counting, remaining = listener.recorder.arming.left(seconds)
    return ListenerState(
        examples=listener.dataset.examples(),
        inputs=listener.inputs.states(seconds),
        columns=listener.inputs.mixer.columns,
        newest=tuple(listener.newest.tolist()),
        ready=brain.ready,
        label=label.number if label else 0,
        name=label.name if label and label.number else "",
        colour=label.colour if label else 0,
        confidence=verdict.confidence if verdict else 0.0,
        novelty=listener.tree.number("/listener/novelty").value,
        probabilities=tuple(chances),
        values=tuple(brain.values),
        recording=listener.recorder.label if listener.capture.open else 0,
        taken=listener.capture.count if listener.capture.open else 0,
        armed=listener.recorder.arming.label,
        counting=counting,
        remaining=remaining,
        heard=counts.heard,
        answered=counts.answered,
        passed_over=counts.passed_over,
        refused=counts.refused,
        study=study,
    )
