"""Held notes: target in, fewest events out."""

from hypothesis import given
from hypothesis import strategies as st

from app.event import NoteOff, NoteOn, NoteVelocity
from app.voices import Voices

targets = st.dictionaries(st.integers(0, 127), st.integers(1, 127), max_size=8)


def test_a_score_of_moves() -> None:
    voices = Voices("composer")
    assert voices.move(0, {60: 80, 64: 70}) == [NoteOn(0, "composer", 60, 80), NoteOn(0, "composer", 64, 70)]
    assert voices.move(1, {60: 80, 64: 90}) == [NoteVelocity(1, "composer", 64, 90)]
    assert voices.move(2, {60: 50, 67: 60}, struck={60}) == [
        NoteOff(2, "composer", 60),
        NoteOff(2, "composer", 64),
        NoteOn(2, "composer", 60, 50),
        NoteOn(2, "composer", 67, 60),
    ]
    assert voices.release(3) == [NoteOff(3, "composer", 60), NoteOff(3, "composer", 67)]


@given(st.lists(st.tuples(targets, st.sets(st.integers(0, 127)))))
def test_a_receiver_holds_exactly_the_target(moves: list[tuple[dict[int, int], set[int]]]) -> None:
    voices, sounding = Voices("composer"), dict[int, int]()
    for beat, (target, struck) in enumerate(moves):
        for event in voices.move(beat, target, struck):
            match event:
                case NoteOn(_, _, pitch, velocity):
                    assert pitch not in sounding
                    sounding[pitch] = velocity
                case NoteOff(_, _, pitch):
                    del sounding[pitch]
                case NoteVelocity(_, _, pitch, velocity):
                    assert pitch in sounding
                    sounding[pitch] = velocity
        assert sounding == target
    voices.release(99)
    assert voices.held == {}
