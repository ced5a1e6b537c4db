"""Predictions as code and as a MIDI file."""

from itertools import product
from pathlib import Path

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.player.follower.language import parse
from app.player.follower.pattern import beat_of
from app.player.follower.program import own_channels
from app.player.follower.score import Hit, Score, pattern_of, write_midi, written_back
from tests.player.follower.room import alone, play

ROWS = list(product((0, 1), repeat=8))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "".join(map(str, row)))
def test_every_row_of_eight_ticks_becomes_a_line_that_plays_it(row: tuple[int, ...]) -> None:
    line = parse("predict snare (dist:2)").statements[0]
    code = written_back(line, row, 1)
    (statement,) = parse(code).statements
    assert code.endswith(";") and statement.role == "" and statement.effects == line.effects
    assert statement.pattern.row(8) == tuple(map(bool, row))
    assert statement.pattern.hits(0, 4) == pytest.approx([beat_of(n, 8) for n in range(8) if row[n]], abs=1e-8)
    assert statement.pattern.row(8, 8) == tuple(map(bool, row))


@given(st.sampled_from((8, 16, 24, 32)), st.sampled_from((1, 2, 4)), st.data())
def test_rows_of_any_grid_and_phrase(grid: int, bars: int, data: st.DataObject) -> None:
    row = data.draw(st.lists(st.integers(0, 1), min_size=grid * bars, max_size=grid * bars))
    (statement,) = parse(written_back(parse("predict kick").statements[0], row, bars)).statements
    assert statement.pattern.row(grid, 0, grid * bars) == tuple(map(bool, row))
    assert statement.pattern.row(grid, grid * bars, grid * bars) == tuple(map(bool, row))


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("..x..x.x", "snare+0.75 3,2,3;"),
        ("x...x...", "snare*2;"),
        ("..x...x.", "snare*2+0.5;"),
        ("x.......", "snare;"),
        ("........", "snare*0;"),
        ("x.x...x.", "snare 1,2,1;"),
    ],
)
def test_the_code_is_short(row: str, code: str) -> None:
    line = parse("predict snare").statements[0]
    assert written_back(line, [int(tick == "x") for tick in row], 1) == code
    assert "snare" in own_channels()


def test_a_synth_keeps_its_notes() -> None:
    line = parse("predict lead*4 1 60,62 cut20").statements[0]
    assert written_back(line, (1, 0, 0, 0, 0, 0, 1, 0), 1) == "lead 3,1 60,62 cut20;"


def test_a_pattern_of_a_row_repeats_at_once_or_never() -> None:
    assert pattern_of([True] * 8).cycles == 8
    assert pattern_of([False] * 8).hits(0, 100) == []


def test_the_last_whole_bars() -> None:
    score = Score()
    for beat in (0, 2, 4, 6, 8.5):
        score.add(Hit(beat, "kick", "hit", "drums", 36, 100))
    assert [hit.beat for hit in score.last_bars(1)] == [0, 2]
    assert [hit.beat for hit in score.last_bars(2)] == [0, 2, 4, 6]
    assert [hit.beat for hit in score.last_bars(9)] == [0, 2, 4, 6, 8.5]
    assert score.beats("kick") == (0, 2, 4, 6, 8.5)


def test_a_midi_file_holds_every_hit_at_its_time(tmp_path: Path) -> None:
    follower = alone("bpm 90; kick*3; lead*2 1 60,64; define bell midi 70 channel 3; bell")
    play(follower, 8)
    path = tmp_path / "new" / "out.mid"
    write_midi(path, follower.score.hits, 90)
    now, found, held = 0.0, [], set()
    for message in mido.MidiFile(path):
        now += message.time
        if message.type == "note_on":
            assert (message.channel, message.note) not in held
            held.add((message.channel, message.note))
            found.append((round(now, 3), message.channel, message.note))
        elif message.type == "note_off":
            held.discard((message.channel, message.note))
    assert held == set()
    third = 4 / 3 * 60 / 90
    assert [one for one in found if one[1] == 9] == [(pytest.approx(n * third, abs=0.002), 9, 36) for n in range(6)]
    assert [one[2] for one in found if one[1] == 1] == [60, 64, 60, 64]
    assert [one[2] for one in found if one[1] == 2] == [70, 70]
