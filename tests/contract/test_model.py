"""Every model of the registry goes through the same checks, found there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.model import file
from app.model.base import Cancelled, ModelError, Unwatched
from app.model.estimator import parameters_of
from app.model.registry import MODELS, Entry, entry
from app.parameter import Steps
from tests.model.data import clouds, performance, surface, takes

models = pytest.mark.parametrize("known", MODELS.values(), ids=MODELS)
tables = pytest.mark.parametrize("known", [e for e in MODELS.values() if e.kind != "gesture"], ids=lambda e: e.name)
QUICK: dict[str, dict[str, Any]] = {"gru": {"updates": 20, "units": 8}}  # its learning is tested on its own


def made(known: Entry, **values: Any) -> Any:
    return known.make(QUICK.get(known.name, {}) | values)


def lesson(known: Entry, seed: int = 1) -> tuple[Any, Any]:
    match known.kind:
        case "classifier":
            return clouds(seed)
        case "regressor":
            return surface(seed)
        case _:
            return takes(seed)


def answers(known: Entry, compiled: Any, seed: int = 2) -> np.ndarray[Any, Any]:
    """Return all that a compiled model says of fresh data."""
    if known.kind == "gesture":
        compiled.reset()
        return np.array([spot.scores for frame in performance(seed, 3)[0] if (spot := compiled.feed(frame))])
    return np.array([compiled.predict(row) for row in lesson(known, seed)[0]])


@models
def test_its_settings_are_declared_in_the_signature_and_kept_unchanged(known: Entry) -> None:
    model = known.make({})
    assert {setting.name: setting.default for setting in known.settings} == parameters_of(model)
    for setting in known.settings:
        assert setting.title
        assert setting.help
        assert setting.curve.clamp(setting.position) == setting.position
        assert isinstance(setting.default, setting.kind)
        if isinstance(setting.curve, Steps):
            for name in setting.curve.names:
                assert getattr(known.make({setting.name: name}), setting.name) == name


@models
def test_a_wrong_setting_is_refused_in_words(known: Entry) -> None:
    with pytest.raises(ModelError, match="no setting 'colour'"):
        known.make({"colour": 1})
    setting = known.settings[0]
    with pytest.raises(ModelError, match=setting.title):
        known.make({setting.name: "of course"})


def test_an_unknown_model_is_refused_in_words() -> None:
    with pytest.raises(ModelError, match="no model 'oracle'"):
        entry("oracle")


@models
def test_same_seed_same_model(known: Entry) -> None:
    x, y = lesson(known)
    first, second = (answers(known, made(known).fit(x, y).compile()) for _ in range(2))
    assert np.array_equal(first, second)


@models
def test_a_fit_returns_the_model_and_fits_again(known: Entry) -> None:
    x, y = lesson(known)
    model = made(known)
    assert model.fit(x, y) is model
    before = answers(known, model.compile())
    other, labels = lesson(known, 9)
    model.fit(other, labels).fit(x, y)
    assert np.array_equal(before, answers(known, model.compile()))


@models
def test_saved_and_loaded_it_answers_the_same(known: Entry, tmp_path: Path) -> None:
    x, y = lesson(known)
    compiled = made(known).fit(x, y).compile()
    file.store(tmp_path, compiled, {"model": known.name})
    loaded = file.load(tmp_path)
    assert (loaded.classes, loaded.inputs) == (compiled.classes, compiled.inputs)
    assert np.array_equal(answers(known, loaded), answers(known, compiled))
    assert file.read_card(tmp_path) == {"model": known.name}


@models
def test_a_cancel_is_obeyed(known: Entry) -> None:
    class Impatient(Unwatched):
        def check(self) -> None:
            raise Cancelled

        def epoch(self, number: int, loss: float, valid: float | None) -> None:
            raise Cancelled

    x, y = lesson(known)
    with pytest.raises(Cancelled):
        made(known).fit(x, y, watch=Impatient())


@models
def test_no_examples_are_refused_in_words(known: Entry) -> None:
    width = (0, 2) if known.kind != "gesture" else (0,)
    with pytest.raises(ModelError, match="There are no"):
        made(known).fit(np.empty(width), np.empty(0))


@models
def test_a_value_that_is_no_number_is_named(known: Entry) -> None:
    x, y = lesson(known)
    damaged = [np.array(row) for row in x]
    damaged[3].flat[1] = np.nan
    with pytest.raises(ModelError, match=r"(Example|Take) 4 "):
        made(known).fit(damaged if known.kind == "gesture" else np.array(damaged), y)


@models
def test_rows_and_targets_must_match(known: Entry) -> None:
    x, y = lesson(known)
    with pytest.raises(ModelError, match="shape"):
        made(known).fit(x, y[:-1])


@models
def test_a_frame_of_another_width_is_refused_in_words(known: Entry) -> None:
    x, y = lesson(known)
    compiled = made(known).fit(x, y).compile()
    ask = compiled.feed if known.kind == "gesture" else compiled.predict
    with pytest.raises(ModelError, match=r"got 9"):
        ask(np.zeros(9, np.float32))


@models
def test_one_example_a_label_is_enough_to_answer(known: Entry) -> None:
    x, y = lesson(known)
    first = [int(np.flatnonzero(y == label)[0]) for label in np.unique(y)] if known.kind != "regressor" else [0, 1]
    few = [x[row] for row in first]
    compiled = made(known).fit(few if known.kind == "gesture" else np.array(few), y[first]).compile()
    found = answers(known, compiled)
    assert len(found)
    if known.kind != "gesture":
        assert np.isfinite(found).all()


@models
def test_a_single_class_answers_itself(known: Entry) -> None:
    x, y = lesson(known)
    if known.kind == "regressor":
        compiled = made(known).fit(x, np.full(len(x), 0.25)).compile()
        assert np.allclose(answers(known, compiled), 0.25, atol=0.02)
        return
    rows = np.flatnonzero(y == 2)
    compiled = made(known).fit([x[row] for row in rows], y[rows]).compile()
    if known.kind == "classifier":
        assert compiled.classes == (2,)
        assert np.array_equal(compiled.predict(x[0]), [1.0])
    else:
        assert set(compiled.classes) - {0} == {2}


@tables
def test_a_constant_column_changes_nothing_even_when_it_moves_on_stage(known: Entry) -> None:
    x, y = lesson(known)
    wide = np.column_stack((x, np.full(len(x), 440.0))).astype(np.float32)
    compiled = made(known).fit(wide, y).compile()
    moved = wide[7].copy()
    moved[-1] = 8000.0
    assert np.array_equal(compiled.predict(wide[7]), compiled.predict(moved))


@tables
def test_wild_input_gives_finite_answers(known: Entry) -> None:
    x, y = lesson(known)
    compiled = made(known).fit(x, y).compile()
    for value in (3e38, -3e38, 1e-40, 0.0):
        found = compiled.predict(np.full(x.shape[1], value, np.float32))
        assert np.isfinite(found).all(), value
        if known.kind == "classifier":
            assert found.sum() == pytest.approx(1.0)


@tables
def test_examples_are_known_and_far_away_is_new(known: Entry) -> None:
    x, y = lesson(known)
    compiled = made(known).fit(x, y).compile()
    assert compiled.novelty(x[5]) == pytest.approx(0.0, abs=1e-5)
    assert compiled.novelty(x[5] + 20 * x.std(axis=0)) > 3.0


@tables
def test_compiled_it_answers_as_the_library_that_learnt(known: Entry) -> None:
    for seed in range(4):
        x, y = lesson(known, seed)
        model = made(known).fit(x, y)
        fresh = lesson(known, seed + 50)[0]
        asked = np.concatenate((x, fresh, 5 * fresh))
        compiled = model.compile()
        found = np.array([compiled.predict(row) for row in asked])
        wanted = model.predict_proba(asked) if known.kind == "classifier" else model.predict(asked)
        assert np.abs(found - wanted).max() <= 1e-6
        if known.kind == "classifier":
            assert np.array_equal(found.argmax(axis=1), wanted.argmax(axis=1))
            assert np.array_equal(model.predict(asked), np.array(compiled.classes)[found.argmax(axis=1)])
