"""How much happened lately, counted in spans of five seconds."""

from app.recorder_activity import SPANS, Activity


def test_counts_wander_to_the_left_as_time_passes() -> None:
    activity = Activity(10.0)
    activity.came()
    activity.left()
    activity.left()
    activity.tend(14.9)
    assert activity.picture() == ((1, 2),)
    activity.tend(20.5)
    activity.came()
    assert activity.picture() == ((1, 2), (0, 0), (1, 0))
    assert activity.began == 20.0


def test_no_more_than_ten_minutes_are_held_however_long_nobody_looked() -> None:
    activity = Activity(0.0)
    activity.came()
    activity.tend(100_000.0)
    assert activity.picture() == ((0, 0),) * SPANS
    activity.clear()
    assert activity.picture() == ((0, 0),)
