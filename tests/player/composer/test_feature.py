"""The features carried by hand: playing and training see the same, transposition turns them, undoing is keeping."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.player.composer.context import Context
from app.player.composer.corpus import tabulate
from app.player.composer.feature import LOWEST_PITCH, PITCHES, FeatureState, Metre
from app.player.composer.score import MidiFile, Piece, read
from tests.player.composer.tiny import scale, write_midi


@pytest.fixture
def piece(tmp_path) -> Piece:
    path = write_midi(tmp_path / "a.mid", scale(160, 3), metre=(3, 4))
    return read(MidiFile("Ada", path, "a.mid", "0"))


def played(piece: Piece, semitones: int = 0) -> np.ndarray:
    """Return what a context tells the network while the piece is played into it."""
    context, rows = Context(Metre(3, 4)), []
    for step in range(len(piece)):
        rows.append(context.coming())
        struck = {
            key + LOWEST_PITCH + semitones: int(piece.struck[step, key]) for key in np.flatnonzero(piece.struck[step])
        }
        held = {key + LOWEST_PITCH + semitones: 64 for key in np.flatnonzero(piece.held[step])}
        context.commit(struck | held, struck)
    return np.array(rows)


def test_training_sees_what_playing_sees(piece):
    window = tabulate(piece).window(0, len(piece))
    np.testing.assert_allclose(window.features, played(piece), atol=2e-3)  # tables keep half precision


def test_a_window_in_the_middle_knows_the_past(piece):
    whole = tabulate(piece).window(0, len(piece)).features
    np.testing.assert_array_equal(tabulate(piece).window(70, 40).features, whole[70:110])


@pytest.mark.parametrize("semitones", [-5, 1, 6])
def test_transposed_training_sees_what_transposed_playing_sees(piece, semitones):
    window = tabulate(piece).window(0, len(piece), semitones)
    np.testing.assert_allclose(window.features, played(piece, semitones), atol=2e-3)
    lowest = np.flatnonzero(window.struck.any(axis=0)).min()
    assert lowest == np.flatnonzero(piece.struck.any(axis=0)).min() + semitones


def test_a_key_pushed_off_the_keyboard_is_lost():
    struck = np.zeros(PITCHES, np.uint8)
    struck[[0, 40]] = 70
    state = FeatureState.silent().advance(struck, np.zeros(PITCHES, np.bool_)).shifted(-1)
    assert np.flatnonzero(state.struck).tolist() == [39]
    assert np.flatnonzero(state.age).tolist() == [39]


def test_lags_look_a_beat_and_a_bar_back():
    context = Context()
    for step in range(20):
        struck = {60: 80} if step == 3 else {}
        context.commit(struck, struck)
    at = {lag: context.state.recent[-lag][60 - LOWEST_PITCH] for lag in (16, 17, 18)}
    assert at == {16: False, 17: True, 18: False}
    assert Metre(4, 4).lags == (4, 8, 16, 32)
    assert Metre(6, 8).lags == (6, 12, 12, 24)


@given(st.integers(1, 32), st.sampled_from([1, 2, 4, 8, 16, 32]), st.integers(0, 200))
def test_every_metre_has_a_place(numerator, denominator, place):
    metre = Metre(numerator, denominator)
    vector = FeatureState.silent().vector(place % metre.bar, metre)
    assert np.isfinite(vector).all()
    assert metre.bar >= 1 and max(metre.lags) <= 64 and 0 <= metre.kind < 5


@given(st.lists(st.dictionaries(st.integers(0, 127), st.integers(-5, 300), max_size=6), max_size=12))
@settings(max_examples=40)
def test_restoring_a_moment_undoes_what_came_after(steps):
    context = Context()
    context.commit({60: 80}, {60: 80})
    moment, before = context.mark(), context.coming()
    for struck in steps:
        context.commit(struck, struck)
    context.restore(moment)
    np.testing.assert_array_equal(context.coming(), before)
    assert (context.place, context.sounding, len(context.vectors)) == (1, {60: 80}, 1)


def test_a_stop_lets_go_but_remembers():
    context = Context()
    context.commit({60: 80}, {60: 80})
    context.clear_sounding()
    assert not context.sounding and not context.state.age.any()
    assert context.state.recent[-1].any()


def test_the_same_bar_again_is_noticed():
    context = Context()
    for step in range(48):
        struck = {60 + step % 4: 80}
        context.commit(struck, struck)
    assert context.echo == 32
    context.commit({90: 80}, {90: 80})
    assert context.echo == 0
