"""Decision tree and random forest: questions about single features.

They need no scale, take numbers as they come and compare them in single precision, as scikit-learn does, so that
compiled and original agree exactly. A single tree is walked with plain lists, which beats any array at this size;
a forest answers all its questions at once where they are few, and level by level where they are many.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from app.model.base import Floats, whole
from app.model.estimator import Classifier, Lesson
from app.model.predictor import Core

FEW = 4000  # nodes up to which asking all of them is quicker than finding out which to ask
Places = NDArray[np.intp]
Depth = Annotated[int, whole(0, 30, "Depth", "Longest chain of questions; 0 sets no limit")]
Leaf = Annotated[int, whole(1, 20, "Leaf", "Fewest examples that an answer may rest on")]
Seed = Annotated[int, whole(0, 9999, "Seed", "The same number gives the same model")]


@dataclass(frozen=True, slots=True, eq=False)
class Grove:
    """One or many trees, their nodes one after another; a leaf leads to itself.

    Attributes: `feature` (nodes,), `threshold` (nodes,), `left`, `right` (nodes,) where a value up to the threshold
    or above it leads, `chances` (nodes, classes), `roots` (trees,), `depth` the longest chain.
    """

    name: ClassVar[str] = "grove"
    raw: ClassVar[bool] = True
    feature: Places
    threshold: Floats
    left: Places
    right: Places
    chances: Floats
    roots: Places
    depth: int
    _walk: tuple[list[int], list[float], list[int], list[int]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        lists = (self.feature.tolist(), self.threshold.tolist(), self.left.tolist(), self.right.tolist())
        object.__setattr__(self, "_walk", lists if len(self.roots) == 1 else ([], [], [], []))

    def answer(self, values: NDArray[Any]) -> Floats:
        single = np.asarray(values, np.float32)
        if len(self.roots) == 1:
            return self._one(single)
        leaves = self._all_at_once(single) if len(self.feature) <= FEW else self._level_by_level(single)
        told = self.chances.take(leaves, axis=0)
        return np.asarray(np.add.reduce(told, axis=0) / len(leaves))

    def _one(self, values: NDArray[np.float32]) -> Floats:
        given: list[float] = values.tolist()
        feature, threshold, left, right = self._walk
        node = 0
        while (onward := left[node] if given[feature[node]] <= threshold[node] else right[node]) != node:
            node = onward
        return np.array(self.chances[node])

    def _all_at_once(self, values: NDArray[np.float32]) -> Places:
        onward = np.where(values.take(self.feature) <= self.threshold, self.left, self.right)
        nodes = self.roots
        for _ in range(self.depth):
            nodes = onward.take(nodes)
        return nodes

    def _level_by_level(self, values: NDArray[np.float32]) -> Places:
        nodes = self.roots
        for _ in range(self.depth):
            below = values.take(self.feature.take(nodes)) <= self.threshold.take(nodes)
            nodes = np.where(below, self.left.take(nodes), self.right.take(nodes))
        return nodes


def grove(trees: list[Any]) -> Grove:
    """Return scikit-learn's fitted trees as one grove."""
    sizes = [tree.tree_.node_count for tree in trees]
    roots = np.cumsum([0, *sizes[:-1]]).astype(np.intp)
    left, right, feature, threshold, chances = [], [], [], [], []
    for root, tree in zip(roots, trees, strict=True):
        inner = tree.tree_
        own = np.arange(inner.node_count)
        leaf = inner.children_left < 0
        left.append(np.where(leaf, own, inner.children_left) + root)
        right.append(np.where(leaf, own, inner.children_right) + root)
        feature.append(np.where(leaf, 0, inner.feature))
        threshold.append(np.where(leaf, 0.0, inner.threshold))
        chances.append(inner.value[:, 0, :])
    join = np.concatenate
    places = (join(feature).astype(np.intp), join(left).astype(np.intp), join(right).astype(np.intp))
    depth = max(tree.tree_.max_depth for tree in trees)
    return Grove(places[0], join(threshold), places[1], places[2], join(chances), roots, int(depth))


class TreeClassifier(Classifier):
    """One tree. Attributes: the settings as given; `estimator_` scikit-learn's, fitted."""

    def __init__(self, depth: Depth = 0, leaf: Leaf = 1, seed: Seed = 0) -> None:
        self.depth, self.leaf, self.seed = depth, leaf, seed
        self.estimator_: Any = None

    def _learn(self, lesson: Lesson) -> Core:
        from app.model import sk

        self.estimator_ = sk.tree(lesson.raw, lesson.codes, self.depth or None, self.leaf, self.seed)
        return grove([self.estimator_])

    def _many(self, raw: NDArray[np.float32], scaled: Floats) -> Floats:
        return np.asarray(self.estimator_.predict_proba(raw))


class ForestClassifier(Classifier):
    """The mean of many trees, each grown on a part. Attributes: the settings as given; `estimator_`, fitted."""

    def __init__(
        self,
        trees: Annotated[int, whole(2, 500, "Trees", "More are steadier and slower")] = 50,
        depth: Depth = 0,
        leaf: Leaf = 1,
        seed: Seed = 0,
    ) -> None:
        self.trees, self.depth, self.leaf, self.seed = trees, depth, leaf, seed
        self.estimator_: Any = None

    def _learn(self, lesson: Lesson) -> Core:
        from app.model import sk

        self.estimator_ = sk.forest(lesson.raw, lesson.codes, self.trees, self.depth or None, self.leaf, self.seed)
        return grove(list(self.estimator_.estimators_))

    def _many(self, raw: NDArray[np.float32], scaled: Floats) -> Floats:
        return np.asarray(self.estimator_.predict_proba(raw))
