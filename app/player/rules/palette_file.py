"""The palette of models as a session keeps it: to be read back as it was, and beside that to be read by people.

A kept model is what it was when it was kept, so it is not learnt again but restored from its rules, which keep each
value's kind. The text beside it has one rule a line, as everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.player.rules.job import Learnt
from app.player.rules.learner import RuLer
from app.player.rules.palette import MOST
from app.player.rules.preset import Presets, RulesError, label_of, presets_from, word_of
from app.player.rules.rule import rule_from
from app.player.rules.snap import repeats
from app.player.rules.study_card import rule_texts, shown
from app.snapshot_rules import LabelCount

NOTHING = "# no model is kept yet\n"


def written(names: Sequence[str], models: Sequence[Learnt]) -> str:
    """Return a palette as JSON."""
    return json.dumps([_plain(name, model) for name, model in zip(names, models, strict=True)], ensure_ascii=False)


def readable(names: Sequence[str], models: Sequence[Learnt]) -> str:
    """Return a palette's rules as a text to read."""
    parts = [
        "\n".join([f"# {number}: {name} ({model.title})", f"# label|{'|'.join(model.names)}", *model.text, ""])
        for number, (name, model) in enumerate(zip(names, models, strict=True), 1)
    ]
    return "\n".join(parts) or NOTHING


def read(text: str) -> list[tuple[str, Learnt]]:
    """Return the models of a palette, each with its name; ValueError if the text is none."""
    stored = json.loads(text)
    if not isinstance(stored, list) or len(stored) > MOST:
        raise RulesError(f"a palette is a list of at most {MOST} models")
    try:
        return [(str(entry["name"]), _model(entry)) for entry in stored]
    except (KeyError, TypeError, AttributeError) as error:
        raise RulesError(f"a model of the palette lacks something ({error})") from error


def _plain(name: str, model: Learnt) -> dict[str, Any]:
    table = model.ruler.presets_
    return {
        "name": name,
        "distance": model.distance,
        "consistency": model.consistency,
        "exact": model.exact,
        "seconds": model.seconds,
        "names": list(model.names),
        "presets": [[*preset.values, word_of(preset.label)] for preset in table.rows],
        "numbers": list(model.numbers),
        "rules": [rule.as_json() for rule in model.ruler.rules_],
        "counts": [asdict(count) for count in model.counts],
        "near": list(model.near),
        "conflicts": list(model.conflicts),
    }


def _model(entry: dict[str, Any]) -> Learnt:
    table: Presets = presets_from(
        [tuple(row[:-1]) for row in entry["presets"]], [label_of(row[-1]) for row in entry["presets"]], entry["names"]
    )
    rules = [rule_from(one) for one in entry["rules"]]
    distance, consistency = int(entry["distance"]), float(entry["consistency"])
    ruler = RuLer.restored(table, rules, distance, consistency, bool(entry["exact"]))
    return Learnt(
        ruler=ruler,
        names=table.names,
        distance=distance,
        consistency=consistency,
        exact=ruler.exact_,
        seconds=float(entry["seconds"]),
        counts=tuple(LabelCount(**count) for count in entry["counts"]),
        rules=shown(ruler),
        text=rule_texts(ruler),
        near=tuple(str(one) for one in entry["near"]),
        conflicts=tuple(str(one) for one in entry["conflicts"]),
        repeats=repeats(table),
        numbers=tuple(int(number) for number in entry["numbers"]),
    )
