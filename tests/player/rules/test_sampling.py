"""Presets from rules: by number or by chance, inside the rule, near or new when asked."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from app.player.rules.learner import RuLer
from app.player.rules.preset import RulesError
from app.player.rules.sampling import Sample
from app.player.rules.table_file import read
from tests.player.rules.golden import DEMO, LONG, Groups, table

FREQ, CUTOFF = 0, 2


@pytest.fixture(scope="module")
def ruler() -> RuLer:
    return RuLer(3, 0.25, LONG).fit(read(DEMO).presets)


def learned(groups: Groups, distance: int = 2, consistency: float = 0.0) -> RuLer:
    return RuLer(distance, consistency, LONG).fit(table(groups))


def draws(ruler: RuLer, label: str, count: int = 200, **wishes: object) -> list[Sample]:
    rng = np.random.default_rng(1)
    return [ruler.sample(label, rng=rng, **wishes) for _ in range(count)]  # type: ignore[arg-type]


def test_set_mode_takes_values_of_the_rule_it_names(ruler: RuLer) -> None:
    for sample in draws(ruler, "storm"):
        assert ruler.of("storm")[sample.rule - 1].covers(sample.values)
        assert sample.mode == "set"


def test_all_rules_and_all_their_presets_are_drawn(ruler: RuLer) -> None:
    samples = draws(ruler, "rain", 600)
    assert {sample.rule for sample in samples} == {1, 2, 3, 4, 5}
    assert len({sample.values for sample in samples}) == ruler.variations("rain").total == 13


def test_rules_are_drawn_alike_or_by_their_presets() -> None:
    ruler = learned({"a": [(i, 0) for i in range(9)] + [(50, 50)]}, 1, 1)
    alike = Counter(sample.rule for sample in draws(ruler, "a", 1000))
    weighted = Counter(sample.rule for sample in draws(ruler, "a", 1000, weighted=True))
    assert 400 < alike[2] < 600
    assert 50 < weighted[2] < 150


def test_numbers_wrap_around(ruler: RuLer) -> None:
    numbers = [ruler.sample("rain", rule=number).rule for number in (1, 5, 6, 7, 103)]
    assert numbers == [1, 5, 1, 2, 3]


def test_the_same_seed_gives_the_same_presets(ruler: RuLer) -> None:
    for mode in ("set", "interval"):
        assert draws(ruler, "rain", 20, mode=mode) == draws(ruler, "rain", 20, mode=mode)


def test_interval_mode_lies_between_and_keeps_whole_numbers_whole(ruler: RuLer) -> None:
    known = {preset.values for preset in ruler.presets_.rows}
    samples = draws(ruler, "storm", mode="interval")
    between = [sample for sample in samples if sample.mode == "interval"]
    assert len(between) == len(samples)
    for sample in between:
        rule = ruler.of("storm")[sample.rule - 1]
        assert all(low[0] <= value <= low[-1] for value, low in zip(sample.values, rule.sets, strict=True))  # type: ignore[operator]
        assert isinstance(sample.values[FREQ], int)
        assert isinstance(sample.values[3], float)
        assert sample.new == (sample.values not in known)
    assert len({sample.values for sample in between}) > 50


def test_words_and_switches_have_nothing_between_them() -> None:
    ruler = learned({"a": [("saw", 1, True), ("sine", 9, False)]}, 3)
    for sample in draws(ruler, "a", mode="interval"):
        assert sample.values[0] in ("saw", "sine")
        assert isinstance(sample.values[2], bool)
    assert {sample.values[1] for sample in draws(ruler, "a", mode="interval")} == set(range(1, 10))


def test_an_interval_avoids_where_another_label_lives() -> None:
    ruler = learned({"a": [(0, 0), (100, 0)], "b": [(20, 0), (80, 0)]}, 1)
    samples = draws(ruler, "a", mode="interval")
    assert all(not 20 <= sample.values[0] <= 80 for sample in samples)  # type: ignore[operator]
    assert any(sample.values[0] not in (0, 100) for sample in samples)


def test_an_interval_that_is_all_taken_falls_back_to_the_rule() -> None:
    ruler = learned({"a": [(1, 0), (9, 0)], "b": [(0, 0), (10, 0)]}, 1)
    samples = draws(ruler, "a", 20, mode="interval")
    assert {sample.values for sample in samples} == {(1, 0), (9, 0)}
    assert {sample.mode for sample in samples} == {"set"}


def test_only_new_gives_no_kept_preset(ruler: RuLer) -> None:
    samples = draws(ruler, "rain", only_new=True)
    assert all(sample.new for sample in samples)
    assert len({sample.values for sample in samples}) == ruler.variations("rain").new == 6


def test_the_last_new_preset_is_found_among_thousands() -> None:
    rows = [(i, j) for i in range(40) for j in range(40) if (i, j) != (17, 23)]
    ruler = learned({"a": rows}, 2, 0.5)
    assert {sample.values for sample in draws(ruler, "a", 5, only_new=True)} == {(17, 23)}


def test_where_nothing_is_new_it_is_said() -> None:
    with pytest.raises(RulesError, match="no new preset in a"):
        learned({"a": [(1, 1), (2, 1)]}, 1, 1).sample("a", only_new=True)


def test_stay_near_changes_at_most_so_many_knobs(ruler: RuLer) -> None:
    for near in (0, 1, 2):
        for mode in ("set", "interval"):
            samples = draws(ruler, "storm", 100, near=near, mode=mode)
            assert all(sample.changed <= near for sample in samples)
    assert {sample.changed for sample in draws(ruler, "storm", 100, near=2)} >= {1}


def test_nearest_names_the_row_and_how_many_knobs_differ(ruler: RuLer) -> None:
    rows = ruler.presets_.rows
    for sample in draws(ruler, "storm", 50):
        own = rows[sample.nearest]
        assert own.label == "storm"
        differ = [sum(a != b for a, b in zip(p.values, sample.values, strict=True)) for p in rows if p.label == "storm"]
        assert sample.changed == min(differ)
        assert sum(a != b for a, b in zip(own.values, sample.values, strict=True)) == sample.changed


def test_locks_and_ranges_have_the_last_word(ruler: RuLer) -> None:
    samples = draws(ruler, "storm", 50, locks={FREQ: 999}, ranges={CUTOFF: (4500, 4800)}, mode="interval")
    assert {sample.values[FREQ] for sample in samples} == {999}
    assert all(4500 <= sample.values[CUTOFF] <= 4800 for sample in samples)  # type: ignore[operator]


def test_avoided_presets_do_not_come_back(ruler: RuLer) -> None:
    seen: set[tuple[object, ...]] = set()
    for _ in range(13):
        seen.add(ruler.sample("rain", avoid=seen).values)  # type: ignore[arg-type]
    assert len(seen) == 13
    with pytest.raises(RulesError, match="no new preset"):
        ruler.sample("rain", avoid=seen)  # type: ignore[arg-type]


def test_a_step_moves_one_knob_inside_the_rule(ruler: RuLer) -> None:
    rng = np.random.default_rng(2)
    sample = ruler.sample("storm", rule=1, rng=rng)
    for _ in range(30):
        after = ruler.step(sample, rng)
        assert sum(a != b for a, b in zip(after.values, sample.values, strict=True)) == 1
        assert ruler.of("storm")[0].covers(after.values)
        sample = after


@pytest.mark.parametrize(
    ("wishes", "words"),
    [({"mode": "all"}, "set or interval"), ({"rule": 0}, "from 1"), ({"near": -1}, "0 or more")],
)
def test_wishes_that_cannot_be_are_refused(ruler: RuLer, wishes: dict[str, object], words: str) -> None:
    with pytest.raises(RulesError, match=words):
        ruler.sample("rain", **wishes)  # type: ignore[arg-type]


def test_an_unknown_label_is_told_with_those_there_are(ruler: RuLer) -> None:
    with pytest.raises(RulesError, match="'snow'; there are intro, rain, storm"):
        ruler.sample("snow")
    with pytest.raises(RulesError, match="Nothing is learnt"):
        RuLer().sample("rain")


def test_many_variations_are_estimated_and_few_are_counted() -> None:
    wide = learned({"a": [(i,) * 6 for i in range(10)]}, 6)
    count = wide.variations("a")
    assert (count.total, count.exact) == (10**6, False)
    overlapping = learned({"A": [(1, 2), (2, 1), (3, 2), (2, 2)]}, 2, 0.75).variations()
    assert (overlapping.total, overlapping.new, overlapping.exact) == (6, 2, True)


def test_every_kept_preset_is_named_as_it_was_kept(ruler: RuLer) -> None:
    rows = ruler.presets_.rows
    for preset in rows:
        if {other.label for other in rows if other.values == preset.values} == {preset.label}:
            assert ruler.name(preset.values) == preset.label


def test_a_setting_is_named_after_the_nearest_core_and_far_off_by_none() -> None:
    ruler = learned({"low": [(10, 0.1), (20, 0.1)], "high": [(80, 0.9), (100, 0.9)]}, 1)
    named = [ruler.name(values) for values in [(15, 0.1), (25, 0.2), (90, 0.9), (70, 0.8)]]
    assert named == ["low", "low", "high", "high"]
    assert ruler.name((900, 0.9)) == ""
    assert ruler.name((15, 12.0)) == ""


def test_overlapping_cores_belong_to_whose_values_are_nearer() -> None:
    ruler = learned({"even": [(0, 0), (40, 0)], "odd": [(20, 0), (60, 0)]}, 1)
    assert [ruler.name((knob, 0)) for knob in (2, 21, 38, 42, 51)] == ["even", "odd", "even", "even", "odd"]


def test_words_must_agree_to_be_named() -> None:
    ruler = learned({"a": [("saw", 1), ("saw", 5)], "b": [("sine", 1), ("sine", 5)]}, 1)
    assert [ruler.name((wave, 3)) for wave in ("saw", "sine", "noise")] == ["a", "b", ""]
