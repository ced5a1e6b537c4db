"""Programs played: hits on their beats, swaps without a seam, notes in order, lessons that answer."""

from pathlib import Path

import pytest

from app.event import Message, NoteOff, NoteOn
from app.player.follower.pattern import Pattern, beat_of
from app.player.follower.player import Follower
from tests.player.follower.room import BPM, alone, hits, play


def test_hits_on_their_beats_and_every_note_ends() -> None:
    follower = alone("kick*3; snare+0.1")
    events = play(follower, 8)
    assert hits(events, "kick") == pytest.approx([0, 4 / 3, 8 / 3, 4, 16 / 3, 20 / 3], abs=1e-8)
    assert hits(events, "snare") == [3.6, 7.6]
    ons = [event for event in events if isinstance(event, NoteOn)]
    assert {(event.name, event.pitch, event.velocity) for event in ons} == {("kick", 36, 100), ("snare", 38, 100)}
    offs = [event for event in events if isinstance(event, NoteOff) and event.pitch == 36]
    assert [off.beat for off in offs] == pytest.approx([beat + 0.25 for beat in hits(events, "kick")], abs=1e-8)


def test_a_note_off_comes_before_the_next_hit_of_the_channel() -> None:
    events = [event for event in play(alone("kick*32"), 1) if isinstance(event, NoteOn | NoteOff)]
    kinds = [(event.beat, type(event).__name__) for event in events]
    assert kinds[:5] == [(0, "NoteOn"), (0.125, "NoteOff"), (0.125, "NoteOn"), (0.25, "NoteOff"), (0.25, "NoteOn")]


def test_synth_notes_go_with_the_hits_and_one_at_a_time() -> None:
    events = play(alone("lead*4 1 20,32.25,60; bpm 150"), 8)
    ons = [event for event in events if isinstance(event, NoteOn)]
    assert [on.pitch for on in ons] == [20, 32, 60, 20, 32, 60, 20, 32]
    assert ons[1].detune == pytest.approx(0.25)
    held: set[int] = set()
    for event in events:
        if isinstance(event, NoteOn):
            assert not held
            held.add(event.pitch)
        elif isinstance(event, NoteOff):
            held.remove(event.pitch)


def test_notes_go_on_when_the_line_is_evaluated_again_and_begin_anew_when_it_changed() -> None:
    follower = alone("lead*4 1 60,62,64")
    follower.start(0)
    first = play(follower, 2)
    follower.evaluate("lead*4 1 60,62,64 cut20", wait=0)
    again = play(follower, 4)
    follower.evaluate("lead*4 1 60,62,65", wait=0)
    other = play(follower, 6)
    pitches = [[event.pitch for event in part if isinstance(event, NoteOn)] for part in (first, again, other)]
    assert pitches == [[60, 62], [64, 60], [60, 62]]


@pytest.mark.parametrize(("quantise", "at"), [("now", 1.0625), ("tick", 1.5), ("beat", 2.0), ("bar", 4.0)])
def test_a_program_takes_effect_where_it_should(quantise: str, at: float) -> None:
    follower = alone("kick*16")
    follower.tree.number("/follower/quantise").set(quantise)
    before = play(follower, 1.01)
    follower.evaluate("snare*64")
    after = play(follower, 6)
    assert max(hits(before + after, "kick")) < at
    assert hits(after, "snare")[0] == at
    assert hits(before + after, "kick") == [n / 4 for n in range(24) if n / 4 < at]


def test_evaluating_the_same_program_in_the_bar_changes_nothing() -> None:
    text = "source kick*3; learn snare*2; predict openhat; lead*5 2,1 60,62,64; closedhat*8+0.1"

    def run(times: int) -> tuple[list[object], list[tuple[str, int, float | None]]]:
        follower = alone(text, seed=3)
        events = play(follower, 9.3)
        for number in range(times):
            follower.evaluate(text, wait=(0.0, 0.5, 1.0)[number % 3])
            events += play(follower, 9.4 + number * 0.17)
        events += play(follower, 24)
        lessons = [(one.name, one.examples, one.loss) for one in follower.school.states]
        return [event for event in events if not isinstance(event, Message)], lessons

    assert run(10) == run(0)


def test_a_wrong_text_changes_nothing_and_is_told() -> None:
    follower = alone("kick*4")
    events = play(follower, 2)
    assert not follower.evaluate("kick*4;\nsnare*;")
    assert follower.fault is not None and (follower.fault.line, follower.fault.column) == (2, 7)
    assert hits(events + play(follower, 4), "kick") == [0, 1, 2, 3]
    assert follower.evaluate("kick*4") and follower.fault is None


def test_tempo_is_set_and_stays() -> None:
    follower = alone("bpm 150; kick")
    assert follower.tree.number(BPM).value == 150
    follower.evaluate("kick*2")
    assert follower.tree.number(BPM).value == 150


def test_hits_keep_their_place_when_started_anywhere() -> None:
    for beat in (0.1, 17.33, 4.0, 1000.99):
        follower = alone("kick*4; snare*3+0.2")
        follower.start(beat)
        assert beat <= follower.due() < beat + 0.1
        events = play(follower, beat + 8)
        assert hits(events, "kick") == Pattern(4.0).hits(follower_first(follower, beat), follower.due())


def follower_first(follower: Follower, beat: float) -> float:
    return beat_of(-(-beat * 64 // 4), 64)


# --- lessons ---------------------------------------------------------------------------------------------


def test_what_is_learnt_is_played_from_the_very_next_tick() -> None:
    follower = alone("source kick*2; learn snare*2")
    taught = play(follower, 16)
    follower.evaluate("source kick*2; predict snare")
    predicted = play(follower, 32)
    assert hits(taught + predicted, "snare") == [2 * n for n in range(16)]


def test_predicted_hits_are_like_coded_ones() -> None:
    follower = alone("source kick*4; learn snare 3,3,2")
    coded = [event for event in play(follower, 16) if isinstance(event, NoteOn | NoteOff) and event.pitch == 38]
    follower.evaluate("source kick*4; predict snare")
    played = [event for event in play(follower, 32) if isinstance(event, NoteOn | NoteOff) and event.pitch == 38]
    assert [(type(event), event.beat % 16) for event in played] == [(type(event), event.beat) for event in coded]


def test_the_tick_at_which_learn_becomes_predict_is_right() -> None:
    for beat in (16.5, 17.0, 18.5, 19.5):
        follower = alone("source kick*2; learn snare 3,3,2")
        events = play(follower, beat)
        follower.evaluate("source kick*2; predict snare", wait=0)
        events += play(follower, 32)
        assert hits(events, "snare") == Pattern(1, 0, (3, 3, 2)).hits(0, 32)


def test_hits_between_ticks_are_learnt_at_their_tick() -> None:
    follower = alone("source kick*3; learn snare+0.1")
    play(follower, 24)
    follower.evaluate("source kick*3; predict snare")
    assert hits(play(follower, 32), "snare") == [27.5, 31.5]


def test_another_instrument_with_the_same_rhythm_brings_the_same_answer() -> None:
    follower = alone("source kick*2; learn snare 3,3,2")
    play(follower, 16)
    follower.evaluate("source openhat*2; predict snare")
    events = play(follower, 32)
    assert hits(events, "snare")[-6:] == Pattern(1, 0, (3, 3, 2)).hits(24, 32)


def test_no_source_is_idle_and_said() -> None:
    follower = alone("kick*4; predict snare; learn openhat*2")
    events = play(follower, 16)
    assert hits(events, "snare") == []
    assert [state.examples for state in follower.school.states] == [0, 0]
    assert any("Nothing is a source" in warning for warning in follower.warnings)


def test_several_sources_and_targets_at_once() -> None:
    text = "source kick*2; source closedhat*4+0.5; {} snare*2+0.5; {} openhat 3,3,2; {} lead 1 60"
    follower = alone(text.format("learn", "learn", "learn"))
    taught = play(follower, 24)
    follower.evaluate(text.format("predict", "predict", "predict"))
    played = play(follower, 40)
    for name, part in (("snare", "drums"), ("openhat", "drums"), ("", "lead")):
        assert hits(played, name, part) == [beat + 24 for beat in hits(taught, name, part) if beat < 16]


def test_a_grid_change_while_playing_loses_no_hit() -> None:
    follower = alone("source kick*3; learn snare*6; closedhat*24")
    events = []
    for number, grid in enumerate(("24", "32", "8", "16", "24")):
        events += play(follower, 3.7 * (number + 1))
        follower.tree.number("/follower/grid").set(grid)
    events += play(follower, 60)
    assert hits(events, "closedhat") == Pattern(24.0).hits(0, 60)
    assert hits(events, "kick") == Pattern(3.0).hits(0, 60)
    follower.evaluate("source kick*3; predict snare")
    assert hits(play(follower, 68), "snare") == pytest.approx(Pattern(6.0).hits(60, 68), abs=1e-6)


def test_a_fresh_model_and_the_one_before() -> None:
    follower = alone("source kick*2; learn snare*2")
    play(follower, 16)
    assert follower.school.states[0].examples > 0
    follower.school.renew()
    assert follower.school.states[0].examples == 0
    follower.school.back()
    follower.evaluate("source kick*2; predict snare")
    assert hits(play(follower, 24), "snare") == [16, 18, 20, 22]


def test_the_rows_tell_what_happened() -> None:
    follower = alone("source kick*2; learn snare 3,3,2; predict openhat")
    play(follower, 8.01)
    rows = {(row.kind, row.name): row.ticks for row in follower.school.rows}
    assert rows["source", "kick"] == (1, 0, 0, 0, 1, 0, 0, 0)
    assert rows["target", "snare"] == (1, 0, 0, 1, 0, 0, 1, 0)
    assert set(rows["predict", "openhat"]) <= {0, 1}


def test_muted_it_plays_on_in_silence() -> None:
    follower = alone("source kick*2; learn snare*2; lead*4 1 60,62,64")
    follower.tree.number("/follower/mute").set(1)
    assert hits(play(follower, 16)) == []
    follower.tree.number("/follower/mute").set(0)
    events = play(follower, 18)
    assert [event.pitch for event in events if isinstance(event, NoteOn) and event.part == "lead"] == [62, 64]
    assert follower.school.states[0].examples > 0


# --- what receivers are told -----------------------------------------------------------------------------


def told(events: list[object], address: str) -> list[tuple[object, ...]]:
    return [event.arguments for event in events if isinstance(event, Message) and event.address == address]


def test_effects_and_knobs_are_told_once_and_when_they_move() -> None:
    follower = alone("kick (dist:2, lpf:300); lead 1 60 cut50 res10; bass 1 30 cut800")
    events = list(play(follower, 8))
    assert told(events, "/drum/effects") == [("kick", "dist", 2.0, "lpf", 300.0), ("lead",), ("bass",)]
    assert told(events, "/lead/cut")[0][0] == pytest.approx(20 * 250**0.5)
    assert told(events, "/bass/cut") == [(800.0,)]
    assert told(events, "/lead/res") == [(10.0,)] and told(events, "/lead/env") == [(50.0,)]
    follower.evaluate("kick (dist:3); lead 1 60")
    events = list(play(follower, 16))
    assert told(events, "/drum/effects") == [("kick", "dist", 3.0)]
    assert told(events, "/lead/cut")[0][0] == pytest.approx(1000, rel=0.02)


def test_the_pointer_moves_what_follows_it() -> None:
    follower = alone("lead 1 60 cut_mousex; kick (hpf:_mousey)")
    tree = follower.tree
    events = list(play(follower, 1))
    assert told(events, "/lead/cut")[0][0] == pytest.approx(1000, rel=0.02)
    tree.number("/pointer/on").set(1)
    tree.number("/pointer/x").set(1)
    tree.number("/pointer/y").set(0)
    events = list(play(follower, 2))
    assert told(events, "/lead/cut") == [(5000.0,)]
    tree.number("/pointer/x").set(0)
    assert told(list(play(follower, 3)), "/lead/cut") == [(20.0,)]


def test_samples_of_a_folder_and_of_a_line(tmp_path: Path) -> None:
    for name in ("kick.wav", "My Clap.WAV", "lead.wav", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    follower = alone()
    follower.tree.text("/follower/samples").set(str(tmp_path))
    assert follower.evaluate('kick; my_clap*2; define cow sample "gone.wav"; cow')
    events = list(play(follower, 4))
    assert sorted(set(told(events, "/drum/load"))) == [
        ("kick", str(tmp_path / "kick.wav")),
        ("my_clap", str(tmp_path / "My Clap.WAV")),
    ]
    assert hits(events, "my_clap") == [0, 2]
    assert any("gone.wav" in warning for warning in follower.warnings)


def test_a_channel_that_is_an_osc_address() -> None:
    events = play(alone('define light osc "127.0.0.1:9000/light/1"; light*2'), 4)
    lights = [event for event in events if isinstance(event, Message) and event.address == "/light/1"]
    assert [(event.beat, event.arguments, event.to) for event in lights] == [
        (0, (100,), ("127.0.0.1", 9000)),
        (2, (100,), ("127.0.0.1", 9000)),
    ]
