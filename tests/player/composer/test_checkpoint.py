"""Model folders: what is written comes back, and every kind of damage is one clear sentence."""

import json

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from app.player.composer.checkpoint import FORMAT_VERSION, ModelError, find, load, store
from app.player.composer.feature import FEATURE_VERSION
from tests.player.composer.tiny import random_model


def card(model, **changes):
    sizes = {name: getattr(model.shape, name) for name in type(model.shape).__dataclass_fields__}
    return {
        "format": FORMAT_VERSION,
        "features": FEATURE_VERSION,
        "steps_per_quarter": 4,
        "network": sizes,
        "composers": [{"name": voice.name, "rate": voice.rate} for voice in model.composers],
        "velocities": model.velocities.tolist(),
        "licence": "CC0",
    } | changes


@pytest.fixture
def folder(tmp_path):
    model = random_model()
    store(tmp_path / "mine", model.weights, card(model))
    return tmp_path / "mine"


def rewrite(folder, **changes):
    path = folder / "model.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_what_is_stored_comes_back(folder):
    model = load(folder)
    wanted = random_model()
    assert model.composers == wanted.composers and model.shape == wanted.shape
    assert all(np.allclose(model.weights[name], value, atol=1e-3) for name, value in wanted.weights.items())
    assert all(value.dtype == np.float32 for value in model.weights.values())
    assert [path.name for path in sorted(folder.iterdir())] == ["model.json", "model.safetensors"]


def break_truncated(folder):
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def break_shape(folder):
    weights = load_file(folder / "model.safetensors")
    save_file(weights | {"frame.bias": np.zeros(3, np.float16)}, folder / "model.safetensors")


def break_not_a_number(folder):
    weights = load_file(folder / "model.safetensors")
    weights["frame.bias"][0] = np.nan
    save_file(weights, folder / "model.safetensors")


def break_missing_weight(folder):
    weights = load_file(folder / "model.safetensors")
    del weights["frame.bias"]
    save_file(weights, folder / "model.safetensors")


DAMAGES = {
    "no weights": (lambda folder: (folder / "model.safetensors").unlink(), "has no model.safetensors"),
    "empty weights": (lambda folder: (folder / "model.safetensors").write_bytes(b""), "cut short or damaged"),
    "garbage weights": (lambda folder: (folder / "model.safetensors").write_bytes(b"x" * 999), "cut short or damaged"),
    "truncated weights": (break_truncated, "cut short or damaged"),
    "wrong shape": (break_shape, "frame.bias .* has shape"),
    "missing weight": (break_missing_weight, "do not belong"),
    "not a number": (break_not_a_number, "not a number"),
    "no card": (lambda folder: (folder / "model.json").unlink(), "holds no model.json"),
    "empty card": (lambda folder: (folder / "model.json").write_text(""), "cannot be read"),
    "binary card": (lambda folder: (folder / "model.json").write_bytes(b"\xff\xfe\x00"), "cannot be read"),
    "list as card": (lambda folder: (folder / "model.json").write_text("[]"), "does not describe"),
    "wrong version": (lambda folder: rewrite(folder, format=99), "another version"),
    "wrong features": (lambda folder: rewrite(folder, features=0), "another version"),
    "wrong sizes": (lambda folder: rewrite(folder, network={"composers": 2, "hidden": 10**9}), "contradict"),
    "sizes of another kind": (lambda folder: rewrite(folder, network={"layers": 2}), "lacks something"),
    "no composers": (lambda folder: rewrite(folder, composers=[]), "contradict"),
    "nameless composers": (lambda folder: rewrite(folder, composers=[{}, {}]), "lacks something"),
    "wild velocities": (lambda folder: rewrite(folder, velocities=[500.0] * 16), "contradict"),
    "no folder": (lambda folder: [path.unlink() for path in folder.iterdir()] and folder.rmdir(), "no model folder"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_told_in_one_sentence_with_place_and_advice(folder, damage):
    harm, words = DAMAGES[damage]
    harm(folder)
    with pytest.raises(ModelError, match=words) as caught:
        load(folder)
    assert str(folder) in str(caught.value)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")
    assert ": " in str(caught.value)  # what to do follows the colon


def test_find_lists_the_composers_of_every_model(folder):
    store(folder.parent / "other", random_model(1, composers=1).weights, card(random_model(1, composers=1)))
    (folder.parent / "unrelated").mkdir()
    (folder / "model.safetensors").write_bytes(b"")  # only the JSON is read
    entries = find(folder.parent)
    assert [(entry.name, entry.folder.name, entry.composer) for entry in entries] == [
        ("Composer 0 (mine)", "mine", 0),
        ("Composer 1", "mine", 1),
        ("Composer 0 (other)", "other", 0),
    ]
    assert find(folder.parent / "nowhere") == []


def test_a_failed_write_leaves_the_old_model_whole(folder, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda number: (_ for _ in ()).throw(OSError("disk full")))
    model = random_model(5)
    with pytest.raises(OSError, match="disk full"):
        store(folder, model.weights, card(model))
    monkeypatch.undo()
    assert len(list(folder.iterdir())) == 2
    assert np.allclose(load(folder).weights["frame.bias"], random_model().weights["frame.bias"], atol=1e-3)
