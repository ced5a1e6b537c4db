"""Models on disk, several outputs at once, scale and novelty."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.preprocessing import StandardScaler

from app.model import file
from app.model.base import ModelError
from app.model.multi import Multi, Part
from app.model.novelty import Neighbourhood
from app.model.registry import MODELS
from app.model.scale import Scale
from tests.model.data import clouds, surface


def trained(name: str = "mlp", seed: int = 1) -> Any:
    x, y = clouds(seed) if MODELS[name].kind == "classifier" else surface(seed)
    return MODELS[name].make({}).fit(x, y).compile()


def arrays_of(folder: Path) -> Path:
    (path,) = folder.glob("model-*.safetensors")
    return path


def test_a_new_model_replaces_the_old_one_whole(tmp_path: Path) -> None:
    file.store(tmp_path, trained(seed=1), {"n": 1})
    first = arrays_of(tmp_path)
    file.store(tmp_path, second := trained(seed=2), {"n": 2})
    assert arrays_of(tmp_path) != first
    x = clouds(3)[0]
    assert np.array_equal(file.load(tmp_path).predict(x[0]), second.predict(x[0]))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["model.json", arrays_of(tmp_path).name])


def test_no_model_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model in"):
        file.load(tmp_path / "nothing")


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda folder: (folder / "model.json").write_text("{"), "cannot be read"),
        (lambda folder: (folder / "model.json").write_text("[]"), "describes no model"),
        (lambda folder: change(folder, format=99), "format 99"),
        (lambda folder: change(folder, arrays="other"), "cannot be read"),
        (lambda folder: change(folder, model={"type": "predictor", "core": "oracle"}), "damaged"),
        (lambda folder: change(folder, model=None), "damaged"),
        (lambda folder: arrays_of(folder).write_bytes(arrays_of(folder).read_bytes()[:-9]), "cannot be read|not the"),
        (lambda folder: arrays_of(folder).unlink(), "cannot be read"),
        (lambda folder: flip(arrays_of(folder)), "not the file"),
    ],
)
def test_damage_is_one_sentence(tmp_path: Path, damage: Any, sentence: str) -> None:
    file.store(tmp_path, trained(), {})
    damage(tmp_path)
    with pytest.raises(ModelError, match=sentence):
        file.load(tmp_path)


def change(folder: Path, **values: Any) -> None:
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", [name for name, known in MODELS.items() if known.kind != "gesture"])
def test_random_damage_to_the_description_never_breaks_loading(tmp_path: Path, name: str) -> None:
    file.store(tmp_path, trained(name), {})
    whole = json.loads((tmp_path / "model.json").read_text())
    for missing in whole["model"]:
        part = {key: value for key, value in whole["model"].items() if key != missing}
        change(tmp_path, model=part)
        try:
            file.load(tmp_path)
        except ModelError as error:
            assert str(error)
    for number in whole["model"]["numbers"]:
        wrong = whole["model"]["numbers"] | {number: "?"}
        change(tmp_path, model=whole["model"] | {"numbers": wrong})
        try:
            file.load(tmp_path)
        except ModelError as error:
            assert str(error)


def test_several_outputs_answer_in_one_call_from_their_own_inputs() -> None:
    x, y = clouds(1, width=6)
    label = MODELS["knn"].make({}).fit(x[:, [4, 0]], y).compile()
    value = MODELS["ridge"].make({}).fit(x, y / 3).compile()
    multi = Multi((Part("label", label, (4, 0)), Part("value", value)))
    first, second = multi.predict(x[7])
    assert np.array_equal(first, label.predict(x[7, [4, 0]]))
    assert np.array_equal(second, value.predict(x[7]))
    assert multi.novelty(x[7]) == [label.novelty(x[7, [4, 0]]), value.novelty(x[7])]
    with pytest.raises(ModelError, match="needs input 5"):
        multi.predict(x[7, :3])
    swapped = multi.with_part(Part("value", trained("ridge"), (0, 1, 2, 3)))
    assert [part.name for part in swapped.parts] == ["label", "value"]
    assert len(multi.with_part(Part("more", value)).parts) == 3
    with pytest.raises(ModelError, match="chose 1 inputs"):
        Part("label", label, (4,))


def test_the_scale_is_the_librarys_but_leaves_constants_out() -> None:
    x = clouds(2)[0].astype(np.float64)
    assert np.allclose(Scale.of(x).apply(x), StandardScaler().fit_transform(x), atol=1e-12)
    x[:, 2] = 0.1 + 0.2
    scaled = Scale.of(x)
    assert scaled.factor[2] == 0.0
    assert scaled.spread[2] == 1.0


def test_novelty_is_in_units_of_the_examples_own_distances() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [3.0, 0.0]])
    near = Neighbourhood.of(points)
    assert [near.novelty(np.array(place)) for place in ([1.0, 0.0], [1.5, 0.0], [5.0, 0.0])] == [0.0, 0.5, 2.0]


def test_novelty_of_many_examples_asks_an_even_choice() -> None:
    points = np.random.default_rng(1).normal(size=(5000, 3))
    near = Neighbourhood.of(points)
    assert len(near.points) == 512
    assert np.median([near.novelty(point) for point in points[:200]]) < 1.0
    assert near.novelty(np.full(3, 9.0)) > 5.0
