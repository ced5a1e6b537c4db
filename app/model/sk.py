"""The only door to scikit-learn: its estimators, made and fitted, for the worker process.

Importing it costs 1.6 s and 100 MB, so the playing process never comes here; models import this module when they
fit. What is returned is scikit-learn's own object: the compiled answers are tested against it.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.linear_model import Ridge
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.preprocessing import PolynomialFeatures
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from threadpoolctl import threadpool_limits

Table = NDArray[Any]


def neighbours(table: Table, targets: Table, k: int, weights: str, metric: str, classify: bool) -> Any:
    """Return fitted neighbours: a k-d tree of a single leaf, which measures every distance exactly and in order."""
    kind = KNeighborsClassifier if classify else KNeighborsRegressor
    made = kind(k, weights=weights, metric=metric, algorithm="kd_tree", leaf_size=max(len(table), 1))
    return made.fit(table, targets)


def vectors(table: Table, codes: Table, seed: int, **settings: Any) -> Any:
    """Return a fitted support vector machine."""
    return SVC(random_state=seed, **settings).fit(table, codes)


def held_out_decisions(machine: Any, table: Table, codes: Table, folds: int) -> Table:
    """Return the decisions that a machine like this makes about examples which it did not learn."""
    kept = StratifiedKFold(folds, shuffle=True, random_state=0)
    fresh = SVC(**machine.get_params())
    return np.asarray(cross_val_predict(fresh, table, codes, cv=kept, method="decision_function"))


def forest(table: Table, codes: Table, trees: int, depth: int | None, leaf: int, seed: int) -> Any:
    """Return a fitted random forest; one thread, so that the music keeps the others."""
    made = RandomForestClassifier(trees, max_depth=depth, min_samples_leaf=leaf, random_state=seed, n_jobs=1)
    return made.fit(table, codes)


def tree(table: Table, codes: Table, depth: int | None, leaf: int, seed: int) -> Any:
    """Return a fitted decision tree."""
    return DecisionTreeClassifier(max_depth=depth, min_samples_leaf=leaf, random_state=seed).fit(table, codes)


def bayes(table: Table, codes: Table, smoothing: float, uniform: bool) -> Any:
    """Return fitted Gaussian naive Bayes; `uniform`: all labels are taken as equally likely beforehand."""
    count = int(codes.max()) + 1
    return GaussianNB(priors=np.full(count, 1 / count) if uniform else None, var_smoothing=smoothing).fit(table, codes)


def ridge(table: Table, targets: Table, degree: int, strength: float) -> tuple[Any, Any]:
    """Return the fitted expansion into polynomial terms and the fitted ridge regression on them."""
    terms = PolynomialFeatures(degree, include_bias=False)
    return terms, Ridge(alpha=strength).fit(terms.fit_transform(table), targets)


def process(table: Table, targets: Table, seed: int) -> Any:
    """Return a fitted Gaussian process with a smooth kernel whose scales and noise are found by likelihood."""
    width = np.sqrt(table.shape[1])
    kernel = ConstantKernel(1.0, (1e-2, 1e2)) * RBF(width, (1e-2 * width, 1e2 * width))
    made = GaussianProcessRegressor(kernel + WhiteKernel(1e-3, (1e-6, 1.0)), alpha=1e-8, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a scale at its bound is an answer, not a failure
        return made.fit(table, targets)


def one_thread() -> None:
    """Keep the libraries to one thread: more gain nothing at these sizes and take processors from the music."""
    threadpool_limits(1)
