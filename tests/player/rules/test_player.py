"""The Rules on the offline clock: knobs are heard, presets kept, labels called, models swapped, all of it undone."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from app.binding import Binding, Fire, Source
from app.event import Event, Message
from app.player.base import NEVER
from app.player.rules.job import Report
from app.player.rules.worker import Inline
from tests.player.rules.stage import TINY, Stage, reopened


def test_a_turned_knob_is_heard_at_once_and_alone() -> None:
    stage = Stage()
    assert stage.sent() == []
    stage.turn_knob("cutoff", 500)
    first = stage.sent("/patch")
    assert len(first) == 17  # All sixteen, so that the synth is where the knobs are, and then it sounds.
    assert first[-1][1:] == ("/patch/play", (1,))
    assert ("/patch/cutoff", (500,)) in [one[1:] for one in first]
    before = len(first)
    stage.turn_knob("res", 0.7)
    assert [one[1:] for one in stage.sent("/patch")[before:]] == [("/patch/res", (0.7,))]


def test_what_a_session_sets_makes_no_sound() -> None:
    stage = Stage()
    stage.turn_knob("cutoff", 500, origin="session")
    assert stage.sent() == []


def test_stop_and_panic_end_the_sound() -> None:
    for end in ("/transport/stop", "/panic"):
        stage = Stage()
        stage.turn_knob("cutoff", 500)
        stage.fire(end)
        assert stage.sent("/patch")[-1][1:] == ("/patch/play", (0,))
        count = len(stage.sent())
        stage.run(5)
        assert len(stage.sent()) == count
        assert stage.rules.due() == NEVER


def test_presets_are_kept_learnt_and_called() -> None:
    stage = Stage()
    stage.keep_tiny()
    state = stage.state
    assert stage.rows() == [(1, "rain"), (2, "rain"), (3, "rain"), (4, "storm")]
    assert [(one.label, one.presets, one.rules, one.variations, one.new) for one in state.labels] == [
        ("rain", 3, 2, 3, 0),
        ("storm", 1, 1, 1, 0),
    ]
    assert not state.learning
    assert state.made_ago is not None
    stage.fire("/rules/call", "storm")
    assert [stage.knob(name) for name in ("freq", "cutoff", "res")] == [220, 4000, 0.8]
    sounding = stage.state.sounding
    assert (sounding.label, sounding.rule, sounding.mode, sounding.nearest, sounding.new) == (
        "storm",
        1,
        "set",
        4,
        False,
    )
    assert sounding.named == "storm"
    for _ in range(20):
        stage.fire("/rules/call", "rain", "r")
        assert ("rain", stage.knob("freq"), stage.knob("cutoff"), stage.knob("res")) in TINY


def test_a_rule_is_called_by_its_number_which_wraps() -> None:
    stage = Stage()
    stage.keep_tiny()
    for number, expected in ((1, 1), (2, 2), (3, 1), (4, 2)):
        stage.fire("/rules/call", "rain", number)
        assert stage.state.sounding.rule in (expected, number)
        rule = [one for one in stage.state.rules if one.label == "rain"][expected - 1]
        values = [stage.knob(name) for name in ("freq", "cutoff")]
        assert all(value in rule.sets[place] for value, place in zip(values, (0, 2), strict=True))


def test_more_distance_makes_what_was_never_kept() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.put("/rules/distance", 2)
    stage.put("/rules/consistency", 0.5)
    stage.turn(0.2)
    rain = next(one for one in stage.state.labels if one.label == "rain")
    assert (rain.rules, rain.variations, rain.new, rain.variations_change) == (1, 4, 1, 1)
    stage.put("/rules/only_new", 1)
    stage.fire("/rules/call", "rain")
    assert (stage.knob("freq"), stage.knob("cutoff")) == (72, 1200)
    sounding = stage.state.sounding
    assert (sounding.new, sounding.changed) == (True, 1)
    stage.fire("/rules/good")
    assert stage.rows()[-1] == (5, "rain")
    assert stage.rules.table.rows[-1].origin.startswith("rain rule 1, set, 1 knobs from preset")
    stage.fire("/rules/wrong")
    assert stage.rows()[-1] == (5, "")


def test_every_edit_is_one_step_of_undo() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.fire("/rules/keep_none")
    stage.fire("/rules/relabel", "fog", 4.0)
    stage.fire("/rules/delete", 1.0, 2.0)
    assert stage.rows() == [(3, "rain"), (4, "fog"), (5, "")]
    for expected in ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [1, 2, 3, 4]):
        stage.fire("/undo")
        assert [number for number, _ in stage.rows()] == expected
    assert stage.rows()[-1] == (4, "storm")
    stage.fire("/redo")
    assert stage.rows()[-1] == (5, "")
    stage.turn(0.3)
    assert {one.label for one in stage.state.labels} == {"rain", "storm"}  # Learnt again after the undo.


def test_a_duplicate_is_refused_with_a_word() -> None:
    stage = Stage()
    stage.keep("rain", freq=60)
    stage.fire("/rules/keep", "rain")
    assert len(stage.rows()) == 1
    assert "already saved: it is preset 1 under rain" in stage.said_all()


def test_locked_knobs_stay_whatever_is_called_or_varied() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.turn_knob("freq", 100)
    stage.put("/rules/lock/1", 1)
    for _ in range(5):
        stage.fire("/rules/call", "rain")
        stage.fire("/rules/vary", 0.0)
        stage.fire("/rules/recall", 4.0)
        assert stage.knob("freq") == 100
    assert stage.knob("cutoff") == 4000


def test_vary_changes_so_many_knobs_of_one_base_and_is_undone() -> None:
    stage = Stage()
    stage.turn_knob("freq", 60)
    base = stage.rules.board.numbers
    for count in (1, 2, 1):
        stage.fire("/rules/vary", float(count))
        assert sum(a != b for a, b in zip(base, stage.rules.board.numbers, strict=True)) == count
    stage.fire("/rules/return")
    assert stage.rules.board.numbers == base
    stage.fire("/undo")
    assert sum(a != b for a, b in zip(base, stage.rules.board.numbers, strict=True)) == 2


def test_fully_random_presets_are_warned_about() -> None:
    stage = Stage()
    stage.put("/rules/levels", 0)
    stage.fire("/rules/vary", 0.0)
    assert any("random presets will not form rules" in one for one in stage.state.warnings)


def test_a_morph_takes_its_beats_and_a_hand_takes_its_knob() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.fire("/rules/recall", 4.0)
    stage.put("/rules/morph", 4)  # Two seconds at 120 BPM.
    stage.put("/rules/lock/4", 1)  # res
    stage.fire("/rules/recall", 1.0)
    stage.turn(0.95)
    assert stage.knob("freq") == pytest.approx((220 * 60) ** 0.5, rel=0.05)
    assert 0.4 < stage.state.sounding.morph < 0.6
    stage.turn_knob("cutoff", 9000)
    stage.turn(2.0)
    assert (stage.knob("freq"), stage.knob("cutoff"), stage.knob("res")) == (60, 9000, 0.8)
    sent = [arguments[0] for _, _, arguments in stage.sent("/patch/freq")]
    assert len(sent) > 50
    assert stage.state.sounding.morph == 1.0


def test_labels_are_called_on_the_clock() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.put("/rules/sequence", "storm rain")
    stage.put("/rules/every", "2 beats")
    stage.fire("/rules/call", "rain", 1.0)
    start = stage.clock.seconds - 10.0
    count = len(stage.sent("/patch/res"))
    stage.fire("/transport/play")
    stage.run(5.5)
    calls = stage.sent("/patch/res")[count:]
    times = [round(at - start, 2) for at, _, _ in calls]
    assert [arguments[0] for _, _, arguments in calls] == [0.8, 0.2, 0.8, 0.2, 0.8, 0.2]
    assert {round(b - a, 3) for a, b in pairwise(times)} == {1.0}
    stage.fire("/transport/stop")
    count = len(stage.sent())
    stage.run(5)
    assert len(stage.sent()) == count


def test_the_rhythm_can_change_while_it_plays() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.put("/rules/sequence", "storm rain")
    stage.fire("/transport/play")
    stage.run(2)
    assert stage.rules.due() == NEVER
    stage.put("/rules/every", "1 bar")
    beat = stage.engine.transport.beat
    assert stage.rules.due() % 4 == 0
    assert beat < stage.rules.due() <= beat + 4.2
    stage.put("/rules/every", "off")
    assert stage.rules.due() == NEVER


def test_a_sequence_that_cannot_play_says_so_once() -> None:
    stage = Stage()
    stage.put("/rules/every", "1 beat")
    stage.put("/rules/sequence", "fog")
    stage.fire("/transport/play")
    stage.run(8)
    assert len([one for one in stage.said("warning") if one.startswith("Sequence")]) == 1


def test_another_player_calls_a_label() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.engine.bind(Binding(Source("output", "/listener/label/glass"), "/rules/call", Fire(("storm",))))
    stage.turn()
    heard: list[Event] = [Message(float("-inf"), "listener", "/listener/label", ("glass",))]
    stage.engine.ensemble.send(heard)
    stage.turn()
    assert stage.knob("freq") == 220


def test_a_new_model_waits_to_be_taken() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.put("/rules/hold", 1)
    stage.keep("storm", freq=330)
    stage.turn(0.3)
    state = stage.state
    assert state.candidate
    assert next(one.variations for one in state.labels if one.label == "storm") == 1
    stage.fire("/rules/take")
    assert next(one.variations for one in stage.state.labels if one.label == "storm") == 2
    stage.fire("/rules/back")
    assert next(one.variations for one in stage.state.labels if one.label == "storm") == 1


def test_models_are_kept_in_a_palette_and_called_by_number() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.fire("/rules/palette/keep", "first")
    stage.fire("/rules/clear")
    stage.keep("fog", freq=500)
    stage.turn(0.3)
    stage.fire("/rules/call", "rain")
    assert "no rule is called rain" in stage.said_all()
    stage.fire("/rules/palette/use", 1.0)
    stage.fire("/rules/call", "rain")
    assert stage.state.sounding.label == "rain"
    assert (stage.state.palette, stage.state.playing) == (("first",), 1)
    stage.fire("/rules/palette/use", 7.0)
    assert stage.state.playing == 1
    stage.fire("/rules/palette/drop", 1.0)
    assert (stage.state.palette, stage.state.playing) == ((), 0)


def test_the_map_is_drawn_after_a_label() -> None:
    stage = Stage()
    stage.keep_tiny()
    cells = stage.state.cells
    assert len(cells) == 64
    assert {(cell.distance, cell.consistency) for cell in cells} == {
        (d, c) for d in range(1, 9) for c in (1.0, 0.75, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.0)
    }
    assert next(cell for cell in cells if (cell.distance, cell.consistency) == (2, 0.5)).variations == 5


def test_a_line_is_typed_performed_and_echoed(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text(
        "freq,cutoff,res,label\n60,800,0.2,rain\n60,1200,0.2,rain\n72,800,0.2,rain\n220,4000,0.8,storm\n"
    )
    stage = Stage()
    stage.fire("/rules/line", f"ruler {tmp_path / 'data.csv'} distance:2 consistency:0.5")
    stage.turn(0.5)
    state = stage.state
    assert (state.distance, state.consistency, len(state.presets)) == (2, 0.5, 4)
    assert state.echo.startswith("ruler ")
    stage.fire("/rules/line", "set storm r")
    assert (stage.knob("freq"), stage.knob("cutoff")) == (220, 4000)
    assert stage.state.echo == "set storm r"
    stage.fire("/rules/line", "dance")
    assert "'dance' is no word here" in stage.said_all()
    assert stage.state.echo == "set storm r"


def test_tables_go_out_and_come_in(tmp_path: Path) -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.fire("/rules/keep_none")
    stage.fire("/rules/delete", 4.0)
    kept = {(row.values, row.label) for row in stage.rules.table.rows}
    stage.fire("/rules/export", str(tmp_path / "out.csv"))
    stage.fire("/rules/clear")
    stage.fire("/rules/import", str(tmp_path / "out.csv"))
    stage.turn(0.2)
    assert {(row.values, row.label) for row in stage.rules.table.rows} == kept
    stage.fire("/undo")
    assert stage.rows() == []
    stage.fire("/undo")
    stage.fire("/rules/import", str(tmp_path / "nowhere.csv"))
    stage.turn(0.2)
    assert len(stage.rows()) == 4
    assert "nowhere.csv" in stage.said_all()


@pytest.mark.parametrize("name", ["out.csv", "out.json"])
def test_no_class_goes_out_and_comes_in_as_no_class(tmp_path: Path, name: str) -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.fire("/rules/recall", 3.0)
    stage.turn_knob("cutoff", 1200)
    stage.fire("/rules/keep", "None")
    assert stage.rows()[-1][1] == ""
    stage.put("/rules/distance", 2)
    stage.put("/rules/consistency", 0)
    stage.turn(0.3)
    before = stage.state.rules
    stage.fire("/rules/export", str(tmp_path / name))
    stage.turn(0.2)
    stage.fire("/rules/clear")
    stage.fire("/rules/import", str(tmp_path / name))
    stage.turn(0.3)
    assert [label for _, label in stage.rows()] == ["rain", "rain", "rain", "storm", ""]
    assert stage.state.rules == before
    assert [one.label for one in stage.state.labels] == ["rain", "storm"]
    stage.fire("/rules/rename", "none", "fog")
    assert stage.rows()[-1][1] == "fog"


def test_a_label_is_called_by_its_place_too() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.fire("/rules/line", "play-2")
    assert (stage.state.sounding.label, stage.state.sounding.mode) == ("storm", "set")
    stage.fire("/rules/line", "try-1 2")
    assert (stage.state.sounding.label, stage.state.sounding.rule) == ("rain", 2)
    stage.fire("/rules/call", "3")
    assert "no rule is called 3; there are rain, storm" in stage.said_all()


BAD = {
    "ragged": ("x,y,label\n1,2,a\n1,a\n", "row 3 of bad.csv, column 3"),
    "not a number": ("x,y,label\n1,NaN,a\n", "row 2 of bad.csv, column 2 (y)"),
    "empty": ("", "holds no rows"),
    "one column": ("1\n2\n", "row 1 of bad.csv, column 1"),
    "binary": ("\x00\x01\x02", "binary"),
    "too long": ("x,y,label\n" + "1,2,a\n" * 10_001, "row 10002 of bad.csv: a table holds 10000 presets at most"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_table_is_told_where_and_nothing_is_lost(tmp_path: Path, kind: str) -> None:
    text, words = BAD[kind]
    (tmp_path / "bad.csv").write_text(text)
    stage = Stage()
    stage.keep_tiny()
    before, rules = stage.rows(), stage.state.rules
    stage.fire("/rules/line", f"ruler {tmp_path / 'bad.csv'} distance:1")
    stage.turn(0.3)
    assert words in stage.said_all()
    assert (stage.rows(), stage.state.rules) == (before, rules)


def test_a_table_without_names_means_the_knobs_by_their_places(tmp_path: Path) -> None:
    (tmp_path / "bare.csv").write_text("60,4,rain\n72,4,rain\n")
    stage = Stage()
    stage.fire("/rules/import", str(tmp_path / "bare.csv"))
    stage.turn(0.2)
    stage.fire("/rules/call", "rain")
    assert stage.knob("freq") in (60, 72)
    assert stage.knob("harm") == 4
    stage.fire("/rules/keep", "storm")
    assert stage.rules.table.rows[-1].values in ((60, 4), (72, 4))


def test_another_synth_has_other_knobs_and_the_old_one_falls_silent() -> None:
    stage = Stage()
    stage.turn_knob("freq", 60)
    stage.put("/rules/synth", "midi")
    assert stage.sent("/patch")[-1][1:] == ("/patch/play", (0,))
    assert [knob.name for knob in stage.state.knobs][:2] == ["cutoff", "resonance"]
    assert stage.rules.board.knobs[0].title == "cutoff"
    stage.turn_knob("cutoff", 64)
    assert (74, 64) in stage.controls()
    count = len(stage.controls())
    stage.turn_knob("osc mix", 1)
    assert stage.controls()[count:] == [(99, 1), (98, 32), (6, 127), (38, 127)]
    stage.put("/rules/synth", "osc")
    stage.turn_knob("wave", "square")
    assert stage.sent("/preset")[-1][2][2] == "square"
    stage.fire("/rules/keep", "x")
    assert "square" in stage.rules.table.rows[0].values


def test_what_is_missing_or_wrong_is_said_and_nothing_stops() -> None:
    stage = Stage()
    for address, arguments in (
        ("/rules/call", ("rain",)),
        ("/rules/call", ()),
        ("/rules/keep", ()),
        ("/rules/keep", ("a|b",)),
        ("/rules/delete", (9.0,)),
        ("/rules/delete", ("x",)),
        ("/rules/relabel", ("a", 1.0)),
        ("/rules/good", ()),
        ("/rules/take", ()),
        ("/rules/back", ()),
        ("/rules/learn", ()),
        ("/rules/recall", (float("nan"),)),
        ("/rules/palette/use", (3.0,)),
        ("/rules/palette/keep", ()),
        ("/rules/export", ("/nowhere/x.csv",)),
        ("/rules/vary", (-1.0,)),
        ("/rules/line", ("'",)),
        ("/rules/rename", ("a", "b")),
        ("/rules/call", ("a", 0.0)),
    ):
        stage.fire(address, *arguments)
        assert stage.said("error"), address
    assert "stopped" not in stage.said_all()
    assert "fault" not in stage.said_all().lower()
    stage.keep("rain", freq=60)
    assert stage.rows() == [(1, "rain")]


def test_broken_descriptions_are_told_and_reloaded(tmp_path: Path) -> None:
    (tmp_path / "synths").mkdir()
    (tmp_path / "synths" / "mine.json").write_text("{")
    stage = Stage(tmp_path)
    assert any("mine.json is no JSON" in one for one in stage.said("warning"))
    (tmp_path / "synths" / "mine.json").write_text(json.dumps({"knobs": [{"name": "k"}]}))
    stage.fire("/rules/reload")
    stage.put("/rules/synth", "mine")
    assert [knob.name for knob in stage.state.knobs] == ["k"]


def test_a_session_keeps_presets_knobs_locks_and_lineage(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.put("/rules/distance", 2)
    stage.put("/rules/consistency", "1/2")
    stage.keep_tiny()
    stage.fire("/rules/keep_none")
    stage.fire("/rules/delete", 4.0)
    stage.put("/rules/only_new", 1)
    stage.fire("/rules/call", "rain")
    stage.fire("/rules/good")
    stage.put("/rules/lock/2", 1)
    stage.turn(0.3)
    stage.session.save()
    before = stage.rules.table.content, stage.rules.board.values, stage.rules.board.locked
    assert "rain|60,72|" in (tmp_path / "session" / "rules" / "rules.txt").read_text()

    again = reopened(tmp_path)
    after = again.rules.table.content, again.rules.board.values, again.rules.board.locked
    assert after == before
    assert again.rules.table.rows[-1].origin.startswith("rain rule 1")
    assert again.sent() == []
    assert [one.label for one in again.state.labels] == ["rain"]
    assert all(keeper.changes() is None for keeper in again.session.keepers)


def test_a_broken_table_in_a_session_is_told_and_the_rest_is_there(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.keep_tiny()
    stage.put("/rules/distance", 3)
    stage.session.save()
    (tmp_path / "session" / "rules" / "presets.csv").write_text("a,b\n1")
    again = reopened(tmp_path, 0.05)
    assert any("cannot be read" in one for one in again.said("error"))
    assert again.engine.tree.number("/rules/distance").value == 3


def test_a_synth_that_was_away_is_told_everything_again() -> None:
    stage = Stage()
    stage.turn_knob("freq", 60)
    count = len(stage.sent())
    stage.fire("/rules/send")
    assert len(stage.sent()[count:]) == 17


def test_same_seed_same_calls() -> None:
    def calls(seed: int) -> list[object]:
        stage = Stage(seed=seed)
        stage.keep_tiny()
        stage.put("/rules/mode", "interval")
        for _ in range(10):
            stage.fire("/rules/call", "rain")
        return list(stage.sent())

    assert calls(1) == calls(1)
    assert calls(1) != calls(2)


def test_the_shipped_table_is_learnt_and_called_on_the_built_in_synth() -> None:
    table = Path(__file__).resolve().parents[3] / "presets" / "rules" / "weather.csv"
    stage = Stage()
    stage.fire("/rules/line", f"ruler {table} distance:2 consistency:0.5")
    stage.turn(0.5)
    counts = {one.label: (one.presets, one.rules, one.variations) for one in stage.state.labels}
    assert counts == {"intro": (5, 3, 6), "rain": (7, 5, 7), "storm": (6, 5, 10)}
    assert any("rain" in one and "intro" in one for one in stage.state.conflicts)
    attack = stage.knob("attack")
    stage.fire("/rules/call", "storm", 1.0)
    assert stage.knob("freq") in (220, 330)
    assert stage.knob("attack") == attack  # A knob that the table does not have stays where it is.
    stage.fire("/rules/keep", "storm")
    assert len(stage.rules.table.rows[-1].values) == 6


def test_a_morph_begins_on_its_beat() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.fire("/rules/recall", 1.0)
    stage.put("/rules/morph", 1)
    stage.put("/rules/sequence", "storm")
    stage.put("/rules/every", "1 bar")
    stage.fire("/transport/play")
    count = len(stage.sent("/patch/freq"))
    start = stage.clock.seconds - 10.0
    stage.run(1.9)
    moved = [(at - start, arguments[0]) for at, _, arguments in stage.sent("/patch/freq")[count:]]
    assert moved[-1][1] == 220
    assert 0.4 < moved[-1][0] - moved[0][0] <= 0.51  # One beat at 120 BPM.
    assert moved[0][1] < 70


def test_another_session_brings_its_own_presets(tmp_path: Path) -> None:
    other = Stage(tmp_path / "other")
    other.session.save()
    stage = Stage(tmp_path)
    stage.keep_tiny()
    stage.put("/rules/lock/3", 1)
    stage.session.save()
    stage.session.open(tmp_path / "other" / "session")
    stage.turn(0.3)
    assert stage.rows() == []
    assert stage.state.rules == ()
    assert not any(knob.locked for knob in stage.state.knobs)
    stage.session.open(tmp_path / "session")
    stage.turn(0.3)
    assert [number for number, _ in stage.rows()] == [1, 2, 3, 4]
    assert {one.label for one in stage.state.labels} == {"rain", "storm"}


# --- numbers and notes ------------------------------------------------------------------------------------


def test_sentences_name_presets_by_the_numbers_of_the_table() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.fire("/rules/delete", 1)
    stage.keep("fog", freq=220, cutoff=4000, res=0.8)  # Stands under storm already.
    stage.turn(0.3)
    assert stage.rows() == [(2, "rain"), (3, "rain"), (4, "storm"), (5, "fog")]
    assert "The same preset stands under storm and fog (presets 4, 5)" in stage.state.conflicts
    assert stage.rules.model is not None
    assert stage.rules.model.numbers == (2, 3, 4, 5)


def test_rules_that_were_cut_short_are_told_and_sound_all_the_same() -> None:
    stage = Stage(worker=Hurried())
    stage.keep_tiny()
    assert "too busy to end the search" in stage.said_all()
    assert "the machine is too busy for the map: 0 of 64 settings are shown" in stage.said_all()
    stage.fire("/rules/call", "storm")
    assert stage.knob("freq") == 220


class Hurried(Inline):
    """A worker on a machine that is so slow that the clock ends every job."""

    def poll(self) -> list[Report]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("app.player.rules.effort.LEAST_S", -1.0)
            patch.setattr("app.player.rules.effort.LENIENCE", 0.0)
            patch.setattr("app.player.rules.learner.MAP_S", -1.0)
            return super().poll()
