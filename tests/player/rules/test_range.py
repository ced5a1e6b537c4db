"""Ranges and locks of knobs: called and varied presets keep within them, and keep away from other labels there too."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.player.rules.learner import RuLer
from app.player.rules.vary import levels_of
from tests.player.rules.golden import LONG, table
from tests.player.rules.stage import Stage


def narrow(stage: Stage, name: str, low: float, high: float) -> tuple[float, float]:
    """Give a knob a range by the values at its ends; return them."""
    place = stage.rules.voice.synth.place(name) or 0
    curve = stage.rules.voice.synth.knobs[place].curve
    stage.put(f"/rules/low/{place + 1}", curve.position(low))
    stage.put(f"/rules/high/{place + 1}", curve.position(high))
    return low, high


def test_a_called_preset_stays_within_the_ranges() -> None:
    stage = Stage()
    stage.keep_tiny()
    stage.put("/rules/distance", 2)
    stage.put("/rules/consistency", 0.5)
    stage.put("/rules/mode", "interval")
    stage.turn(0.2)
    low, high = narrow(stage, "cutoff", 900, 1000)
    heard = set()
    for _ in range(20):
        stage.fire("/rules/call", "rain")
        heard.add(stage.knob("cutoff"))
        assert low - 0.51 <= stage.knob("cutoff") <= high + 0.51
    assert len(heard) > 3
    stage.fire("/rules/call", "storm")  # Its only preset has 4000.
    assert abs(stage.knob("cutoff") - high) < 0.51


def test_ends_in_the_wrong_order_are_the_same_range() -> None:
    stage = Stage()
    stage.keep_tiny()
    narrow(stage, "cutoff", 1000, 900)
    stage.fire("/rules/call", "storm")
    assert abs(stage.knob("cutoff") - 1000) < 0.51


def test_choices_have_ranges_too() -> None:
    stage = Stage()
    stage.put("/rules/synth", "osc")
    for wave in ("sine", "square"):
        stage.turn_knob("wave", wave)
        stage.fire("/rules/keep", wave)
    stage.turn(0.3)
    place = stage.rules.voice.synth.place("wave") or 0
    knob = stage.rules.voice.synth.knobs[place]
    position = knob.curve.position(knob.curve.read("sine"))
    stage.put(f"/rules/low/{place + 1}", position)
    stage.put(f"/rules/high/{place + 1}", position)
    stage.fire("/rules/call", "square")
    assert stage.rules.board.values[place] == "sine"


def test_varied_knobs_stay_within_their_ranges() -> None:
    for levels in (0, 4):
        stage = Stage()
        stage.turn_knob("cutoff", 950)
        stage.put("/rules/levels", levels)
        low, high = narrow(stage, "cutoff", 900, 1000)
        place = stage.rules.voice.synth.place("cutoff") or 0
        others = [value for n, value in enumerate(stage.rules.board.numbers) if n != place]
        heard = set()
        for _ in range(12):
            stage.fire("/rules/vary_knob", float(place + 1))
            heard.add(stage.knob("cutoff"))
            assert [value for n, value in enumerate(stage.rules.board.numbers) if n != place] == others
        assert min(heard) >= low - 0.51
        assert max(heard) <= high + 0.51
        assert len(heard) > 2


def test_levels_lie_within_the_range() -> None:
    knob = Stage().rules.voice.synth.knobs[0]
    whole, part = levels_of(knob, 5), levels_of(knob, 5, (0.5, 1.0))
    assert part[0] >= whole[2] - 1
    assert part[-1] == whole[-1]


def test_a_locked_knob_is_not_varied_by_its_own_die() -> None:
    stage = Stage()
    stage.put("/rules/lock/1", 1)
    stage.fire("/rules/vary_knob", 1.0)
    assert "this knob is locked" in stage.said_all()
    stage.fire("/rules/vary_knob", 17.0)
    assert "numbered 1 to 16, not 17" in stage.said_all()


def test_an_interval_stays_away_from_another_label_where_a_lock_puts_it() -> None:
    """Beside x the labels are apart; at the lock's x, b lives from 40 to 60."""
    groups = {"a": [(0, 0), (0, 100)], "b": [(9, 40), (9, 60)]}
    ruler = RuLer(1, 0, LONG).fit(table(groups))
    rng = np.random.default_rng(1)
    held = [ruler.sample("a", mode="interval", locks={0: 9}, rng=rng).values for _ in range(200)]
    assert {values[0] for values in held} == {9}
    assert not any(40 <= values[1] <= 60 for values in held)  # type: ignore[operator]
    assert len({values[1] for values in held}) > 20
    ranged = [ruler.sample("a", mode="interval", ranges={0: (9, 20)}, rng=rng).values for _ in range(200)]
    assert not any(40 <= values[1] <= 60 for values in ranged)  # type: ignore[operator]


def test_another_synth_has_its_whole_ranges() -> None:
    stage = Stage()
    narrow(stage, "freq", 60, 100)
    assert stage.state.knobs[0].high < 1
    stage.put("/rules/synth", "midi")
    assert [(knob.low, knob.high) for knob in stage.state.knobs] == [(0, 1)] * len(stage.state.knobs)


def test_a_session_keeps_ranges(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    narrow(stage, "freq", 60, 100)
    stage.session.save()
    again = Stage(tmp_path)
    again.session.load()
    assert again.rules.board.spans == stage.rules.board.spans != {}
