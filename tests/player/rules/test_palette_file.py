"""Kept models come back with the session: as they were, whatever became of the table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.player.rules import palette_file
from app.player.rules.job import FitJob
from app.player.rules.learner import RuLer
from app.player.rules.preset import RulesError
from app.player.rules.study_card import describe
from app.player.rules.table_file import read
from tests.player.rules.golden import DEMO, LONG
from tests.player.rules.stage import Stage, reopened


def kept_two(folder: Path) -> Stage:
    """Keep a model with a label that the table has no more, and one that is in use."""
    stage = Stage(folder)
    stage.keep_tiny()
    stage.fire("/rules/keep_none")
    stage.turn(0.3)
    stage.fire("/rules/palette/keep", "dry")
    stage.put("/rules/distance", 2)
    stage.put("/rules/consistency", 0.5)
    stage.turn(0.3)
    stage.fire("/rules/palette/keep")
    stage.fire("/rules/clear")
    stage.keep("fog", freq=500)
    stage.fire("/rules/palette/use", 2.0)
    stage.turn(0.3)
    return stage


def test_a_session_keeps_the_palette_and_which_model_plays(tmp_path: Path) -> None:
    stage = kept_two(tmp_path)
    stage.session.save()
    again = reopened(tmp_path)
    assert again.state.palette == stage.state.palette == ("dry", "distance 2, consistency 1/2")
    assert again.state.playing == 2
    for before, after in zip(stage.rules.palette.models, again.rules.palette.models, strict=True):
        assert after.ruler.rules_ == before.ruler.rules_
        assert replace(after, ruler=None) == replace(before, ruler=None)
    assert all(keeper.changes() is None for keeper in again.session.keepers)
    again.fire("/rules/call", "rain")
    assert again.state.sounding.label == "rain"


def test_the_rules_of_kept_models_can_be_read(tmp_path: Path) -> None:
    stage = kept_two(tmp_path)
    stage.session.save()
    text = (tmp_path / "session" / "rules" / "palette.txt").read_text()
    assert text.startswith("# 1: dry (distance 1, consistency 1)\n# label|freq|")
    for model in stage.rules.palette.models:
        assert "\n".join(model.text) in text


@pytest.mark.parametrize("broken", ["{", "[1]", '[{"name": "x"}]', "{}", "\udcff"])
def test_a_broken_palette_is_told_and_the_presets_are_there(tmp_path: Path, broken: str) -> None:
    stage = kept_two(tmp_path)
    stage.session.save()
    (tmp_path / "session" / "rules" / "palette.json").write_bytes(broken.encode(errors="surrogateescape"))
    again = reopened(tmp_path)
    assert any("the palette of models in" in one for one in again.said("error"))
    assert (again.state.palette, again.state.playing) == ((), 0)
    assert [label for _, label in again.rows()] == ["fog"]


def test_another_session_has_another_palette(tmp_path: Path) -> None:
    other = Stage(tmp_path / "other")
    other.session.save()
    stage = kept_two(tmp_path)
    stage.session.save()
    stage.session.open(tmp_path / "other" / "session")
    assert (stage.state.palette, stage.state.playing) == ((), 0)
    stage.session.open(tmp_path / "session")
    assert len(stage.state.palette) == 2


@pytest.mark.parametrize("way", ["/rules/hold", "/rules/auto"])
def test_a_model_that_the_performer_holds_answers_in_the_session_too(tmp_path: Path, way: str) -> None:
    stage = Stage(tmp_path)
    stage.keep_tiny()
    stage.put(way, 1.0 if way == "/rules/hold" else 0.0)
    held = stage.rules.study.model
    stage.keep("fog", freq=500)
    stage.turn(0.3)
    assert stage.rules.study.model is held
    stage.session.save()
    again = reopened(tmp_path)
    assert again.rules.study.model is not None
    assert again.rules.study.model.labels == held.labels == ("rain", "storm")
    assert again.rules.study.model.ruler.rules_ == held.ruler.rules_
    waits = again.rules.study.candidate
    assert (waits.labels if waits else ()) == (("fog", "rain", "storm") if way == "/rules/hold" else ())
    assert all(keeper.changes() is None for keeper in again.session.keepers)


def test_a_held_model_that_is_the_tables_own_leaves_nothing_waiting(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.keep_tiny()
    stage.put("/rules/hold", 1.0)
    stage.session.save()
    again = reopened(tmp_path)
    assert again.rules.study.candidate is None
    assert not any("wait to be taken" in one for one in again.said("info"))
    again.put("/rules/hold", 0.0)
    again.session.save()
    assert not (tmp_path / "session" / "rules" / "model.json").exists()


def test_a_broken_held_model_is_told_and_the_table_is_learnt(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.keep_tiny()
    stage.put("/rules/hold", 1.0)
    stage.session.save()
    (tmp_path / "session" / "rules" / "model.json").write_text("[{}]")
    again = reopened(tmp_path)
    assert any("the held model in" in one for one in again.said("error"))
    assert again.rules.study.model is not None
    assert again.rules.study.model.labels == ("rain", "storm")


def test_a_model_that_is_read_back_answers_as_before() -> None:
    presets = read(DEMO).presets
    ruler = RuLer(3, 0.25, LONG).fit(presets)
    rows = tuple((preset.values, preset.label) for preset in presets.rows)
    model = describe(ruler, presets, FitJob(presets.names, rows, 3, 0.25))
    [(name, back)] = palette_file.read(palette_file.written(["demo"], [model]))
    assert name == "demo"
    for mode in ("set", "interval"):
        once, twice = (
            [one.sample("storm", mode=mode, rng=np.random.default_rng(n)) for n in range(20)]
            for one in (ruler, back.ruler)
        )
        assert once == twice
    assert back.ruler.near_misses() == ruler.near_misses()
    assert [back.ruler.name(preset.values) for preset in presets.rows] == [
        ruler.name(preset.values) for preset in presets.rows
    ]


def test_rules_of_other_presets_are_refused() -> None:
    presets = read(DEMO).presets
    rules = RuLer(1, 1, LONG).fit([(1, 2)], ["a"]).rules_
    with pytest.raises(RulesError, match="other presets"):
        RuLer.restored(presets, rules, 1, 1.0, exact=True)
