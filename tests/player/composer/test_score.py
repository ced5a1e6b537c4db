"""Reading MIDI onto the grid: what is struck, what is held, what is refused."""

from pathlib import Path

import pytest

from app.player.composer.corpus import load, split
from app.player.composer.feature import LOWEST_PITCH
from app.player.composer.score import MidiFile, Piece, ScoreError, read, scan
from tests.player.composer.tiny import dataset, scale, write_midi


def piece(path: Path) -> Piece:
    return read(MidiFile("Ada", path, path.name, "0"))


def struck(score: Piece) -> list[tuple[int, int, int]]:
    return [
        (step, key + LOWEST_PITCH, int(score.struck[step, key]))
        for step, key in zip(*score.struck.nonzero(), strict=True)
    ]


def held(score: Piece) -> list[tuple[int, int]]:
    return [(int(step), int(key) + LOWEST_PITCH) for step, key in zip(*score.held.nonzero(), strict=True)]


def test_notes_are_struck_and_held(tmp_path):
    score = piece(write_midi(tmp_path / "a.mid", [(0, 3, 60, 90), (2, 2, 64, 50)]))
    assert struck(score) == [(0, 60, 90), (2, 64, 50)]
    assert held(score) == [(1, 60), (2, 60), (3, 64)]


def test_a_repeated_note_stays_two_notes(tmp_path):
    score = piece(write_midi(tmp_path / "a.mid", [(0, 2, 60, 90), (2, 2, 60, 80)]))
    assert struck(score) == [(0, 60, 90), (2, 60, 80)]
    assert held(score) == [(1, 60), (3, 60)]


def test_a_note_shorter_than_a_step_sounds_one_step(tmp_path):
    score = piece(write_midi(tmp_path / "a.mid", [(0, 0.1, 60, 90), (4, 1, 62, 90)]))
    assert struck(score) == [(0, 60, 90), (4, 62, 90)]
    assert held(score) == []


@pytest.mark.parametrize("tempo", [200_000, 1_500_000])
def test_the_tempo_does_not_move_notes(tmp_path, tempo):
    score = piece(write_midi(tmp_path / "a.mid", [(0, 1, 60, 90), (7, 1, 62, 90)], tempo=tempo))
    assert [step for step, _, _ in struck(score)] == [0, 7]


def test_bars_follow_the_metre(tmp_path):
    score = piece(write_midi(tmp_path / "a.mid", [(0, 26, 60, 90)], metre=(3, 4)))
    assert score.place.tolist() == [*range(12), *range(12), 0, 1]
    assert score.metres[0].tolist() == [3, 4]


def test_drums_are_left_out(tmp_path):
    path = write_midi(tmp_path / "a.mid", [(0, 4, 40, 90)], channel=9)
    with pytest.raises(ScoreError, match="no notes"):
        piece(path)


def test_damaged_files_are_named_with_a_reason(tmp_path):
    good = write_midi(tmp_path / "Ada" / "good.mid", scale(64, 0))
    (tmp_path / "Ada" / "cut.mid").write_bytes(good.read_bytes()[:60])
    (tmp_path / "Ada" / "words.MIDI").write_text("this is not music")
    (tmp_path / "Ada" / "empty.mid").write_bytes(b"")
    tables, damages = load(scan(tmp_path).files, None)
    assert [table.work for table in tables] == ["good.mid"]
    assert {damage.path.name for damage in damages} == {"cut.mid", "words.MIDI", "empty.mid"}
    assert all(damage.reason for damage in damages)


def test_scan_takes_any_ending_names_strays_and_counts_copies(tmp_path):
    first = write_midi(tmp_path / "Ada" / "deep" / "one.MID", scale(64, 0))
    write_midi(tmp_path / "Bob" / "two.midi", scale(64, 1))
    (tmp_path / "Bob" / "copy.mid").write_bytes(first.read_bytes())
    stray = write_midi(tmp_path / "stray.mid", scale(64, 2))
    folder = scan(tmp_path)
    assert [(file.composer, file.work) for file in folder.files] == [("Ada", "deep/one.MID"), ("Bob", "two.midi")]
    assert folder.duplicates == 1
    assert folder.stray == (stray,)


def test_scan_says_what_is_missing(tmp_path):
    with pytest.raises(ScoreError, match="No dataset folder"):
        scan(tmp_path / "nothing")
    with pytest.raises(ScoreError, match="No folder 'Cy'"):
        scan(dataset(tmp_path), "Cy")


def test_tables_come_back_from_the_cache_unchanged(tmp_path):
    files = scan(dataset(tmp_path / "data", works=1)).files
    fresh, _ = load(files, tmp_path / "cache")
    again, _ = load(files, tmp_path / "cache")
    assert (fresh[0].small == again[0].small).all() and (fresh[0].struck == again[0].struck).all()
    for stored in (tmp_path / "cache").iterdir():
        stored.write_bytes(stored.read_bytes()[:100])
    repaired, damages = load(files, tmp_path / "cache")
    assert not damages and (repaired[0].small == fresh[0].small).all()


def test_whole_works_are_held_out_and_stay_so(tmp_path):
    tables, _ = load(scan(dataset(tmp_path, works=5)).files, None)
    parts = split(tables)
    again = split(tables[::-1])
    names = [{table.digest for table in part} for part in (parts.train, parts.valid, parts.test)]
    assert [len(part) for part in names] == [6, 2, 2]
    assert not (names[0] & names[1]) and not (names[0] & names[2]) and not (names[1] & names[2])
    assert names[2] == {table.digest for table in again.test}


def test_a_single_work_lends_its_end_for_validation(tmp_path):
    write_midi(tmp_path / "Ada" / "one.mid", scale(200, 0))
    parts = split(load(scan(tmp_path).files, None)[0])
    assert (len(parts.train[0]), len(parts.valid[0]), parts.test) == (160, 40, [])
