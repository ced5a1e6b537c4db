"""What counts as the same value: tables, knobs and the presets that are kept can be brought onto a grid."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.parameter import Log
from app.player.rules.command import main
from app.player.rules.grid import column_on_grid, on_grid
from app.player.rules.preset import Preset, Presets, RulesError
from app.player.rules.snap import Snap, ingested, never_matching, read
from app.player.rules.synth import Knob, Osc
from tests.player.rules.stage import Stage

HERTZ = Knob("cutoff", Log(100, 1600), 400, Osc("/cutoff"), "Hz", 0)
SWEPT = Presets(
    ("cutoff", "mode"), tuple(Preset((100.0 + 31.7 * n, "ab"[n % 2]), "rain" if n < 9 else "storm") for n in range(18))
)


@pytest.mark.parametrize(
    ("text", "snap"),
    [
        ("off", None),
        ("", None),
        ("2 decimals", Snap(decimals=2)),
        ("decimals:-1", Snap(decimals=-1)),
        ("1 decimal", Snap(decimals=1)),
        ("8 levels", Snap(levels=8)),
        ("Levels: 4", Snap(levels=4)),
    ],
)
def test_how_to_snap_is_said_in_words(text: str, snap: Snap | None) -> None:
    assert read(text) == snap


@pytest.mark.parametrize("text", ["8", "1 levels", "levels", "eight levels", "2 decimal places"])
def test_words_that_mean_no_grid_are_refused(text: str) -> None:
    with pytest.raises(RulesError, match="levels"):
        read(text)


def test_a_table_is_snapped_as_a_whole_or_by_column_and_it_is_told() -> None:
    table, notes = ingested(SWEPT, ("4 levels",))
    assert len(set(table.column(0))) == 4
    assert table.column(1) == SWEPT.column(1)
    assert notes == ("cutoff: 18 values were snapped to 4",)
    table, _ = ingested(SWEPT, ("4 levels", "cutoff=off"))
    assert table == SWEPT
    table, _ = ingested(SWEPT, ("cutoff = decimals:-2",))
    assert set(table.column(0)) == {100, 200, 300, 400, 500, 600}
    with pytest.raises(RulesError, match="no parameter 'reso' to snap; there are cutoff, mode"):
        ingested(SWEPT, ("reso=4 levels",))


def test_a_column_of_few_values_is_on_a_grid_already() -> None:
    table = Presets(("freq",), tuple(Preset((value,), "a") for value in (60, 72, 220, 60)))
    assert ingested(table, ("8 levels",)) == (table, ())


def test_two_presets_need_no_warning() -> None:
    assert never_matching(Presets(("x",), (Preset((1,), "a"), Preset((2,), "a")))) == ()


def test_a_knob_is_snapped_by_its_curve() -> None:
    placed = column_on_grid({100, 180, 390, 410, 1600}, HERTZ, Snap(levels=3))
    assert placed == {100: 100, 180: 100, 390: 400, 410: 400, 1600: 1600}
    assert column_on_grid({100, 1600}, HERTZ, Snap(levels=3)) == {}


def test_a_kept_value_nearby_draws_a_knob_to_itself() -> None:
    assert on_grid(230, HERTZ, (), Snap(levels=5)) == 200
    assert on_grid(230, HERTZ, (250,), Snap(levels=5)) == 250
    assert on_grid(1500, HERTZ, (250,), Snap(levels=5)) == 1600
    assert on_grid(234, HERTZ, (250,), Snap(decimals=-1)) == 230


def test_the_command_line_snaps_and_says_what_can_never_match(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "swept.csv"
    path.write_text("cutoff,q,label\n" + "".join(f"{100 + 3.17 * n:.2f},5,a\n" for n in range(42)))
    assert main([str(path)]) == 0
    out, err = capsys.readouterr()
    assert "cutoff: 42 values in 42 presets: this knob can never match; snap it" in err
    assert main([str(path), "--snap", "4 levels"]) == 0
    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    assert out.split("|")[1].count(",") == 3
    assert err == "rules: cutoff: 42 values were snapped to 4\n"
    assert main([str(path), "--snap", "few"]) == 2


def swept(stage: Stage, count: int) -> None:
    for n in range(count):
        stage.keep("rain", freq=60, cutoff=500 + 13.7 * n)
    stage.turn(0.3)


def test_a_knob_that_never_repeats_is_flagged_and_snapped_with_one_press() -> None:
    stage = Stage()
    swept(stage, 12)
    place = stage.rules.voice.synth.place("cutoff")
    assert place is not None
    assert "cutoff: 12 values in 12 presets: this knob can never match; snap it" in stage.state.warnings
    assert not stage.state.knobs[place].repeats
    stage.fire("/rules/snap_knob", float(place + 1), "4 levels")
    stage.turn(0.3)
    assert len({row.values[place] for row in stage.rules.table.rows}) == 4
    assert "12 values were snapped to 4; 8 presets became equal" in stage.said_all()
    assert len(stage.rows()) == 4
    stage.fire("/undo")
    assert len(stage.rows()) == 12


def test_what_is_kept_with_a_grid_is_what_is_heard() -> None:
    stage = Stage()
    stage.put("/rules/snap", "8 levels")
    place = stage.rules.voice.synth.place("cutoff") or 0
    for cutoff in (500, 530, 3000):
        stage.keep("rain", cutoff=cutoff)
    values = [row.values[place] for row in stage.rules.table.rows]
    assert len(values) == 2  # The second was the first again, and said so.
    assert "already saved" in stage.said_all()
    assert stage.knob("cutoff") == values[-1]
    assert stage.sent("/patch/cutoff")[-1][2] == (values[-1],)


def test_an_import_is_snapped_as_the_knobs_are(tmp_path: Path) -> None:
    (tmp_path / "swept.csv").write_text("cutoff,label\n" + "".join(f"{500 + 13.7 * n:.1f},a\n" for n in range(12)))
    stage = Stage()
    stage.put("/rules/snap", "4 levels")
    stage.fire("/rules/import", str(tmp_path / "swept.csv"))
    stage.turn(0.3)
    assert len(stage.rows()) == 4
    assert "cutoff: 12 values were snapped to 4" in stage.said_all()
    assert "8 stood there twice" in stage.said_all()


def test_a_knob_that_cannot_be_snapped_says_why() -> None:
    stage = Stage()
    for arguments, words in (
        ((1.0,), "no kept preset has this knob"),
        ((99.0,), "has knobs 1 to 16, not 99"),
        ((1.0, "few"), "no way of snapping"),
    ):
        stage.fire("/rules/snap_knob", *arguments)
        assert words in stage.said_all()
    stage.keep("rain", freq=60)
    stage.fire("/rules/snap_knob", 1.0)
    assert "on the grid already" in stage.said_all()
