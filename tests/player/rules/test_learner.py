"""The learner gives the rules that are known, in any order of rows, in time, and says whether they are exact."""

from __future__ import annotations

import pickle
import random
import time

import pytest

from app.player.rules.learner import MAP_LABEL_S, RuLer, sweep
from app.player.rules.preset import Preset, Presets, RulesError, presets_from
from app.player.rules.rule import Rule, rule_from
from app.player.rules.table_file import read
from tests.player.rules.golden import (
    DEMO,
    DEMO_RULES,
    G1,
    G12,
    G14,
    LONG,
    RECORDED_RULES,
    SETTINGS,
    TOYS,
    Groups,
    check_sum,
    lines,
    recorded,
    table,
)


@pytest.mark.parametrize(
    ("groups", "distance", "consistency", "rules"), [toy[1:] for toy in TOYS], ids=[toy[0] for toy in TOYS]
)
def test_toys(groups: Groups, distance: int, consistency: float, rules: str) -> None:
    ruler = RuLer(distance, consistency, LONG).fit(table(groups))
    assert lines(ruler) == sorted(rules.split(" "))
    assert ruler.exact_


@pytest.mark.parametrize("number", range(5))
def test_recorded_sets_at_their_first_setting(number: int) -> None:
    constant = recorded(number).rows[0].values[2]
    rules = {
        f"{label}|{','.join(first)}|{','.join(second)}|{constant}"
        for label, text in zip("ab", RECORDED_RULES[number], strict=True)
        for first, second in (rule.split("/") for rule in text.split())
    }
    assert set(lines(RuLer(1, 1, LONG).fit(recorded(number)))) == rules


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("number", range(5))
def test_recorded_sets_at_further_settings(number: int, setting: tuple[int, float]) -> None:
    ruler = RuLer(*setting, budget=LONG).fit(recorded(number))
    found = [sum(rule.label == label for rule in ruler.rules_) for label in "ab"]
    assert (*found, check_sum(lines(ruler))) == SETTINGS[setting][number]


@pytest.mark.parametrize("setting", DEMO_RULES)
def test_demo_set(setting: tuple[int, float]) -> None:
    rules, presets, mark = DEMO_RULES[setting]
    ruler = RuLer(*setting, budget=LONG).fit(read(DEMO).presets)
    labels = ("rain", "intro", "storm")
    assert check_sum(lines(ruler)) == mark
    assert tuple(len(ruler.of(label)) for label in labels) == rules
    assert tuple(ruler.variations(label).total for label in labels) == presets
    assert ruler.labels_ == ("intro", "rain", "storm")


def test_demo_set_reads_as_text() -> None:
    assert lines(RuLer(1, 1, LONG).fit(read(DEMO).presets))[0] == "intro|40,55|2|300|0.2|2.0|0.5"


def test_rows_and_labels_as_plain_lists_are_a_table_too() -> None:
    assert lines(RuLer().fit([(1, 2), (2, 2), (2, 3)], ["a", "a", "a"])) == ["a|1,2|2", "a|2|2,3"]


def test_a_sweep_of_one_knob_is_one_rule_at_once() -> None:
    began = time.thread_time()
    ruler = RuLer(1, 1).fit(table(G14))
    assert time.thread_time() - began < 0.1
    assert [len(rule.sets[0]) for rule in ruler.rules_] == [128]


def test_two_sweeps_that_meet_are_found_by_growth_in_time() -> None:
    """No part of it is a filled box, and its pairs of pairs are millions: the exact search must give up."""
    rows = [(i, 5, 7) for i in range(100)] + [(3, 5 + i, 7) for i in range(100)]
    began = time.thread_time()
    ruler = RuLer(1, 1, budget=0.8).fit(presets_from(rows, ["a"] * 200), clock=time.thread_time)
    assert time.thread_time() - began < 1.5
    assert not ruler.exact_
    assert sorted(rule.size for rule in ruler.rules_) == [100, 100]


def test_one_and_one_point_zero_are_the_same_value() -> None:
    ruler = RuLer(1, 1, LONG).fit(presets_from([(1, 2), (1.0, 3), (True, 4)], ["a", "a", "a"]))
    assert lines(ruler) == ["a|1|2,3,4"]


def test_numbers_words_and_switches_stand_side_by_side() -> None:
    rows = [("saw", 0.5, True, 3), ("sine", 0.5, True, 3), ("saw", 0.5, False, "off")]
    ruler = RuLer(1, 1, LONG).fit(presets_from(rows, ["a", "a", "a"]))
    assert lines(ruler) == ["a|saw,sine|0.5|true|3", "a|saw|0.5|false|off"]


def test_no_class_gets_no_rule_but_is_in_the_way() -> None:
    rows = [Preset((1, 1), "a"), Preset((2, 2), "a"), Preset((1, 2), "")]
    ruler = RuLer(2, 0, LONG).fit(Presets(("p", "q"), tuple(rows)))
    assert lines(ruler) == ["a|1|1", "a|2|2"]
    assert ruler.labels_ == ("a",)


def test_duplicates_count_once_and_none_is_lost() -> None:
    ruler = RuLer(1, 1, LONG).fit(table(G12))
    assert [(rule.own, rule.size) for rule in ruler.rules_] == [(2, 2), (1, 1)]


def test_rules_keep_their_numbers() -> None:
    presets = read(DEMO).presets
    shuffled = list(presets.rows)
    random.Random(3).shuffle(shuffled)
    one = RuLer(2, 0.5, LONG).fit(presets)
    assert one.rules_ == RuLer(2, 0.5, LONG).fit(Presets(presets.names, tuple(shuffled))).rules_
    assert [rule.own for rule in one.of("storm")] == sorted((rule.own for rule in one.of("storm")), reverse=True)


@pytest.mark.parametrize(
    ("rows", "labels", "words"),
    [
        ([], [], "no parameters"),
        ([(1, 2), (1,)], ["a", "a"], "Preset 2"),
        ([(1, float("nan"))], ["a"], "Preset 1, p2"),
        ([(1, None)], ["a"], "Preset 1, p2"),
        ([(1, 2)], [""], "label"),
        ([(1, 2)], ["a", "b"], "1 rows and 2 labels"),
    ],
)
def test_what_cannot_be_learned_from_is_one_sentence(rows: list[object], labels: list[str], words: str) -> None:
    with pytest.raises(RulesError, match=words) as caught:
        RuLer().fit(rows, labels)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("distance", "consistency"), [(-1, 1), (1.5, 1), (1, -0.1), (1, 1.1), (1, float("nan"))])
def test_settings_out_of_range_are_refused(distance: int, consistency: float) -> None:
    with pytest.raises(RulesError, match=r"distance|consistency"):
        RuLer(distance, consistency).fit(table(G1))


def test_a_fit_that_is_not_wanted_leaves_what_was_there() -> None:
    ruler = RuLer(1, 1, LONG).fit(table(G1))
    before = ruler.rules_
    ruler.fit(table(G14), stop=lambda: True)
    assert ruler.rules_ is before


def test_a_fit_out_of_time_still_covers_every_preset() -> None:
    presets = read(DEMO).presets
    ruler = RuLer(3, 0.25, budget=0.0).fit(presets)
    assert not ruler.exact_
    assert all(any(rule.covers(preset.values) for rule in ruler.of(preset.label)) for preset in presets.rows)


@pytest.mark.parametrize(("first", "second"), ["ab", "ba"])
def test_the_label_in_use_is_learned_before_time_runs_out(first: str, second: str) -> None:
    groups: Groups = {"a": [(1, 1), (1, 2), (2, 2)], "b": [(7, 7), (7, 8), (8, 8)]}

    def approximate(ticks: int) -> tuple[str, ...]:
        """Learn with a clock that stands still so many times and then is past every limit."""
        times = iter([0.0] * ticks)
        return RuLer().fit(table(groups), first=first, clock=lambda: next(times, 1e9)).approximate_

    ran_out = {approximate(ticks) for ticks in range(60)}
    assert ran_out == {("a", "b"), (second,), ()}


def test_a_model_travels_between_processes() -> None:
    ruler = RuLer(2, 0.5, LONG).fit(read(DEMO).presets)
    assert ruler.name((60, 4, 800, 0.2, 0.9, 0.3)) == "rain"
    there = pickle.loads(pickle.dumps(ruler))  # noqa: S301
    assert there.rules_ == ruler.rules_
    assert there.name((60, 4, 800, 0.2, 0.9, 0.3)) == "rain"


def test_rules_are_plain_data_and_back() -> None:
    for rule in RuLer(2, 0.5, LONG).fit(read(DEMO).presets).rules_:
        assert rule_from(rule.as_json()) == rule
    with pytest.raises(RulesError, match="is no rule"):
        rule_from({"label": "a"})


def test_signs_of_the_text_form_in_words_are_marked() -> None:
    assert Rule("a|b", (("x,y", "z"),), 1, 2).text() == "a\\|b|x\\,y,z"


def test_the_map_agrees_with_a_fit_at_each_setting() -> None:
    presets = read(DEMO).presets
    standing = sweep(presets, (1, 2, 3, 6), (1.0, 0.5, 0.25, 0.0), clock=lambda: 0.0)
    cells = {(cell.distance, cell.consistency): cell for cell in standing}
    assert len(cells) == 16
    for setting, cell in cells.items():
        ruler = RuLer(*setting, budget=LONG).fit(presets)
        assert cell.rules == len(ruler.rules_)
        assert cell.variations == ruler.variations().total


def test_the_map_ends_when_it_is_not_wanted() -> None:
    asked = iter([False, False, True])
    assert len(list(sweep(table(G1), (1, 2), (1.0, 0.5), stop=lambda: next(asked, True)))) < 4


def test_pairs_that_need_less_consistency_are_told() -> None:
    near = RuLer(2, 0.8, LONG).fit(table(G1)).near_misses()
    assert [notice.text for notice in near] == ["a: rules 1 and 2 nearly merge (3 of 4; needs consistency 0.75)"]


def test_pairs_that_need_more_distance_are_told() -> None:
    near = RuLer(1, 0.5, LONG).fit(table({"a": [(1, 1), (2, 2)]})).near_misses()
    assert [notice.text for notice in near] == ["a: rules 1 and 2 nearly merge (2 of 4; needs distance 2)"]


def test_guilty_presets_are_named() -> None:
    groups: Groups = {"a": [(1, 1), (2, 2), (5, 5)], "b": [(1, 2), (5, 5)]}
    notices = RuLer(2, 0.5, LONG).fit(table(groups)).conflicts()
    assert notices[0].text == "The same preset stands under a and b (presets 3, 5)"
    assert notices[0].rows == (2, 4)
    assert any("kept apart by preset 4 (b)" in notice.text and notice.rows == (3,) for notice in notices)


# --- at any load ------------------------------------------------------------------------------------------


class SlowClock:
    """A machine so busy that every look at the clock shows much later. Attributes: `asked` how often it was."""

    def __init__(self, step_s: float) -> None:
        self.asked = 0
        self._step_s = step_s

    def __call__(self) -> float:
        self.asked += 1
        return self.asked * self._step_s


def crowded(count: int = 90, knobs: int = 7, seed: int = 11) -> Presets:
    """Return presets of which no exact search ends soon: few settings, and of each some knobs changed."""
    chance = random.Random(seed)
    good = [[chance.randrange(6) for _ in range(knobs)] for _ in range(4)]
    rows = []
    for _ in range(count):
        row = list(chance.choice(good))
        for knob in chance.sample(range(knobs), 2):
            row[knob] = chance.randrange(6)
        rows.append(tuple(row))
    return presets_from(rows, [chance.choice("ab") for _ in rows])


def test_the_map_is_the_same_on_a_machine_that_is_busy() -> None:
    presets, distances, consistencies = crowded(), (1, 2, 4, 7), (1.0, 0.25, 0.0625, 0.0)
    standing = list(sweep(presets, distances, consistencies, clock=lambda: 0.0))
    busy = SlowClock(0.05)  # Each look costs more than a whole cell may on a usual machine.
    assert list(sweep(presets, distances, consistencies, clock=busy)) == standing
    assert busy.asked * 0.05 > 16 * 2 * MAP_LABEL_S
    assert len(standing) == 16


@pytest.mark.parametrize("setting", [(2, 0.25), (4, 0.02), (7, 0.0)])
def test_the_rules_are_the_same_on_a_machine_that_is_busy(setting: tuple[int, float]) -> None:
    presets = crowded()
    standing = RuLer(*setting, budget=0.3).fit(presets, clock=lambda: 0.0)
    seen = SlowClock(0.0)
    RuLer(*setting, budget=0.3).fit(presets, clock=seen)
    busy = RuLer(*setting, budget=0.3).fit(presets, clock=SlowClock(1.9 / seen.asked))
    assert busy.rules_ == standing.rules_
    assert (busy.approximate_, busy.hurried_) == (standing.approximate_, False)
    assert busy.seconds_ > 1.5


def test_more_budget_finds_more_and_the_count_decides() -> None:
    small, large = (RuLer(4, 0.02, budget=budget).fit(crowded(), clock=lambda: 0.0) for budget in (0.001, 3.0))
    assert small.approximate_ == ("a", "b")
    assert len(large.rules_) != len(small.rules_)


def test_a_machine_that_never_ends_is_told() -> None:
    busy = RuLer(4, 0.02, budget=0.3).fit(crowded(), clock=SlowClock(10.0))
    assert busy.hurried_
    assert not busy.exact_
    assert all(any(rule.covers(one.values) for rule in busy.of(one.label)) for one in busy.presets_.rows)
    assert len(list(sweep(crowded(), (1, 2), (1.0, 0.5), clock=SlowClock(200.0)))) < 4
