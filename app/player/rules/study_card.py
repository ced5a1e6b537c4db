"""What the screen shows of a model, made where it was learnt: figures, rules as values, sentences.

Counting variations and looking for near misses may take longer than learning, so it belongs to the same job.
"""

from __future__ import annotations

from collections import Counter

from app.player.rules.job import FitJob, Learnt
from app.player.rules.learner import RuLer
from app.player.rules.preset import Presets
from app.player.rules.snap import repeats
from app.snapshot_rules import LabelCount, RuleState

MOST_RULES = 500  # Shown; a performer cannot read more, and every picture would carry them.
MOST_SENTENCES = 20


def describe(ruler: RuLer, presets: Presets, job: FitJob) -> Learnt:
    """Return a fitted learner with all that is shown of it."""
    kept = Counter(preset.label for preset in presets.rows)
    rules = Counter(rule.label for rule in ruler.rules_)
    counts = []
    for label in presets.labels:
        count = ruler.variations(label)
        counts.append(LabelCount(label, kept[label], rules[label], count.total, count.new))
    return Learnt(
        ruler=ruler,
        names=presets.names,
        distance=job.distance,
        consistency=job.consistency,
        exact=bool(ruler.exact_),
        seconds=float(ruler.seconds_),
        counts=tuple(counts),
        rules=shown(ruler),
        text=rule_texts(ruler),
        near=tuple(miss.text for miss in ruler.near_misses(MOST_SENTENCES)),
        conflicts=tuple(conflict.text for conflict in ruler.conflicts(MOST_SENTENCES)),
        repeats=repeats(presets),
        numbers=tuple(presets.number(row) for row in range(len(presets))),
        hurried=bool(ruler.hurried_),
    )


def rule_texts(ruler: RuLer) -> tuple[str, ...]:
    """Return the rules, one a line, ascending."""
    return tuple(sorted(rule.text() for rule in ruler.rules_))


def shown(ruler: RuLer) -> tuple[RuleState, ...]:
    """Return the rules as the window has them, numbered within their labels from 1."""
    number: Counter[str] = Counter()
    states = []
    for rule in ruler.rules_:
        number[rule.label] += 1
        states.append(RuleState(rule.label, number[rule.label], rule.sets, rule.own, rule.size))
    return tuple(states[:MOST_RULES])
