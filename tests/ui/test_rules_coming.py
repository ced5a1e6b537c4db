"""What waits for the beat is seen: on the pad that was pressed, where what sounds is told, on the player's card."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.rig import Rig
from tests.ui.test_rules import Bench
from ui.panel.composer_stage import NextLabel
from ui.panel.players import rules_word
from ui.widget.rules_label import CallPad


@pytest.fixture
def bench(rig: Rig) -> Bench:
    made = Bench(rig)
    made.teach()
    rig.engine.set("/rules/quantise", "bar")
    rig.engine.fire("/transport/play")
    made.turn(0.3)
    return made


def test_a_pad_that_was_pressed_early_says_when_its_label_comes(bench: Bench) -> None:
    pad = bench.pad(CallPad, "Call storm")
    idle = bench.pad(CallPad, "Call rain")
    plain = pad.figures
    bench.click(pad)
    assert (pad.marked, pad.text(), pad.figures[0]) == (True, "storm …", "at the next bar")
    assert (idle.marked, idle.text()) == (False, "rain")
    assert bench.output.sounding.lines[0].startswith("at the next bar: storm")
    assert rules_word(bench.rig.engine.snapshot).endswith("→ storm")
    bench.turn(2.2)
    assert (pad.marked, pad.text(), pad.figures) == (False, "storm", plain)
    assert bench.state.sounding.label == "storm"
    assert bench.output.sounding.lines[0].startswith("rule ")


def test_the_pads_on_stage_say_it_too(bench: Bench) -> None:
    bench.rig.show("stage")
    bench.turn()
    bench.rig.engine.fire("/rules/recall", 4.0)
    bench.turn()
    pads = [one for one in bench.rig.window.findChildren(CallPad) if one.isVisible()]
    assert pads
    assert not any(one.marked for one in pads), "a preset of one's own is no call"
    bench.rig.engine.fire("/rules/call", "storm")
    bench.turn()
    assert [one.text() for one in pads if one.marked] == ["storm …"]


def test_the_next_composer_is_said_to_come_where_it_does(rig: Rig) -> None:
    rig.show("stage")
    [label] = rig.window.findChildren(NextLabel)
    picture = rig.engine.snapshot
    picture = replace(picture, composer=replace(picture.composer, coming="Bach"))
    for waits in ("beat", "bar", "4 bars"):
        rig.engine.set("/composer/quantise", waits)
        rig.play(0.1)
        label.refresh(picture)
        assert label.text == f"at the next {waits}: Bach"
