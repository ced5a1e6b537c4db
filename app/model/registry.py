"""All models by name, and all compiled forms by the name that files give them.

The playing process reads this table for titles and settings; nothing here imports a training library, as models
fetch theirs when they fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.model.base import Arrays, Kind, Meta, ModelError, Setting, Value, configured, settings_of
from app.model.bayes import Clouds, NaiveBayesClassifier
from app.model.dtw import WarpSpotter
from app.model.dtw_model import WarpModel
from app.model.gru import RecurrentSpotter
from app.model.gru_model import RecurrentModel
from app.model.knn import KNearestClassifier, KNearestRegressor, Nearest
from app.model.mlp import PerceptronClassifier, PerceptronRegressor
from app.model.network import Network
from app.model.predictor import Compiled, Constant, Core
from app.model.process import Bumps, ProcessRegressor
from app.model.ridge import RidgeRegressor, Surface
from app.model.svm import SupportVectorClassifier, Vectors
from app.model.tree import ForestClassifier, Grove, TreeClassifier


@dataclass(frozen=True, slots=True)
class Entry:
    """One model. Attributes: `name` in files and addresses, `kind`, `title` on the screen, `model` its class."""

    name: str
    kind: Kind
    title: str
    model: type[Any]

    @property
    def settings(self) -> tuple[Setting, ...]:
        """Its own parameters, read from the constructor's signature."""
        return settings_of(self.model)

    def prepare(self) -> None:
        """Import what fitting needs, where that takes long; for the learning process."""
        if hasattr(self.model, "prepare"):
            self.model.prepare()

    def make(self, values: Mapping[str, Value]) -> Any:
        """Return an unfitted model; ModelError if a setting is unknown or impossible."""
        return self.model(**configured(self.settings, values))


MODELS: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        Entry("knn", "classifier", "Nearest neighbours", KNearestClassifier),
        Entry("mlp", "classifier", "Neural network", PerceptronClassifier),
        Entry("svm", "classifier", "Support vectors", SupportVectorClassifier),
        Entry("forest", "classifier", "Random forest", ForestClassifier),
        Entry("bayes", "classifier", "Naive Bayes", NaiveBayesClassifier),
        Entry("tree", "classifier", "Decision tree", TreeClassifier),
        Entry("mlp_regressor", "regressor", "Neural network", PerceptronRegressor),
        Entry("knn_regressor", "regressor", "Nearest neighbours", KNearestRegressor),
        Entry("ridge", "regressor", "Polynomial", RidgeRegressor),
        Entry("process", "regressor", "Gaussian process", ProcessRegressor),
        Entry("dtw", "gesture", "Templates (DTW)", WarpModel),
        Entry("gru", "gesture", "Recurrent network", RecurrentModel),
    )
}

CORES: dict[str, type[Core]] = {
    core.name: core for core in (Constant, Nearest, Network, Vectors, Grove, Clouds, Surface, Bumps)
}


def of_kind(kind: Kind) -> tuple[Entry, ...]:
    """Return the models of a kind, the first choice first."""
    return tuple(entry for entry in MODELS.values() if entry.kind == kind)


def entry(name: str) -> Entry:
    """Return a model's entry; ModelError if there is none of that name."""
    if name not in MODELS:
        raise ModelError(f"There is no model {name!r}; there are {', '.join(MODELS)}.")
    return MODELS[name]


SPOTTERS: dict[str, type[WarpSpotter] | type[RecurrentSpotter]] = {"warp": WarpSpotter, "recurrent": RecurrentSpotter}


def rebuild(arrays: Arrays, meta: Meta) -> Any:
    """Return the Predictor or Spotter that `to_arrays` took apart; ModelError if it cannot be one."""
    try:
        if meta["type"] in SPOTTERS:
            return SPOTTERS[meta["type"]].from_arrays(arrays, meta)
        return Compiled.from_arrays(CORES[meta["core"]], arrays, meta)
    except ModelError:
        raise
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise ModelError(f"The stored model is damaged ({error!r}): train it again.") from error
