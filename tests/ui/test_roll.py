"""The piano roll: where notes are drawn, and how long that takes."""

import pytest

from app.snapshot import RollNote
from tests.ui.rig import Rig
from ui.widget.roll import LEVELS, NOW_AT, Roll, level_of, pitch_span


@pytest.mark.parametrize(
    ("pitches", "span"),
    [((), (48, 83)), ((60,), (60, 95)), ((36, 84), (36, 95)), ((0, 127), (0, 131)), ((59, 60), (48, 83))],
)
def test_pitch_span_holds_all_notes_in_whole_octaves(pitches: tuple[int, ...], span: tuple[int, int]) -> None:
    low, high = pitch_span([RollNote("c", pitch, 90, 0, 1) for pitch in pitches])
    assert low % 12 == 0
    assert high - low + 1 >= 36
    assert all(low <= pitch <= high for pitch in pitches)
    if not pitches:
        assert (low, high) == span


def test_levels_of_velocities() -> None:
    assert level_of(1) == 0
    assert level_of(127) == LEVELS - 1
    assert [level_of(v) for v in range(1, 128)] == sorted(level_of(v) for v in range(1, 128))


def test_a_held_note_reaches_the_now_line(rig: Rig) -> None:
    rig.show("stage")
    roll = rig.window.stage.roll
    rig.picture(notes=(RollNote("composer", 60, 127, 30.0, None),), beat=32.0)
    rig.window.refresh()
    image = roll.grab().toImage()
    ratio = image.devicePixelRatio()
    y = (roll.span[1] - 60 + 0.5) * roll.lane
    note = roll.desk.look.color("active").name()
    colors = {
        beats: image.pixelColor(
            round((roll.width() * NOW_AT + beats * roll.pixels_per_beat) * ratio), round(y * ratio)
        ).name()
        for beats in (-1.5, -0.1, -2.5, 0.5)
    }
    assert colors[-1.5] == colors[-0.1] == note
    assert note not in (colors[-2.5], colors[0.5])


def test_rectangles_are_made_only_when_notes_change(rig: Rig) -> None:
    rig.show("stage")
    roll = rig.window.stage.roll
    rig.picture(notes=(RollNote("composer", 60, 90, 0.0, 1.0),), beat=1.0)
    rig.window.refresh()
    made = roll._done
    rig.picture(beat=2.0)
    rig.window.refresh()
    assert roll._done is made
    assert isinstance(roll, Roll)
