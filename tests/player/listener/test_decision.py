"""Decisions as a score: probabilities in, labels out."""

import numpy as np

from app.player.listener.decision import Decision, Settings


def labels(settings: Settings, *frames: tuple[float, ...]) -> list[int]:
    decision = Decision((1, 2))
    return [decision.feed(np.array(frame), settings).label for frame in frames]


def test_the_raw_answer_is_followed_without_settings() -> None:
    assert labels(Settings(), (0.9, 0.1), (0.4, 0.6), (0.6, 0.4)) == [1, 2, 1]


def test_smoothing_takes_a_flicker_away_and_follows_what_stays() -> None:
    flicker = [(0.9, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.1), (0.1, 0.9), (0.1, 0.9), (0.1, 0.9), (0.1, 0.9)]
    assert labels(Settings(smoothing=0.7), *flicker) == [1, 1, 1, 1, 1, 2, 2, 2]


def test_below_the_confidence_there_is_no_label() -> None:
    assert labels(Settings(confidence=0.7), (0.9, 0.1), (0.55, 0.45), (0.2, 0.8)) == [1, 0, 2]


def test_another_class_must_lead_by_the_margin() -> None:
    assert labels(Settings(margin=0.3), (0.9, 0.1), (0.45, 0.55), (0.3, 0.7), (0.6, 0.4)) == [1, 1, 2, 2]


def test_what_resembles_no_example_is_none_of_the_classes() -> None:
    decision = Decision((1, 2))
    verdicts = [decision.feed(np.array([0.9, 0.1]), Settings(reject=2.0), novelty) for novelty in (0.5, 3.0, 1.9)]
    assert [verdict.label for verdict in verdicts] == [1, 0, 1]
    assert [verdict.changed for verdict in verdicts] == [True, True, True]
