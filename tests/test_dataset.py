"""The dataset: recording, refusing, editing; whatever is done can be taken back exactly."""

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.dataset import Dataset
from app.example import DatasetError, Examples, Label, Output, same
from app.history import Edit, History
from tests.example import NAN, mixed, recorded


def test_a_take_is_one_step() -> None:
    dataset, history = Dataset(("x",)), History()
    take = recorded([((value,), (1,)) for value in range(1000)], dataset)
    edit = dataset.end_take(take)
    assert edit is not None
    assert edit.title == "Record 1000 examples"
    history.push(edit, 0.0)
    history.undo()
    assert len(dataset) == 0
    history.redo()
    assert dataset.X()[:, 0].tolist() == list(range(1000))
    assert dataset.examples().ids.tolist() == list(range(1, 1001))


def test_an_empty_take_is_no_step() -> None:
    dataset = Dataset(("x",))
    assert dataset.end_take(dataset.begin_take()) is None


def test_ids_and_takes_are_never_given_twice() -> None:
    dataset = Dataset(("x",))
    first = recorded([((1,), (1,))], dataset)
    edit = dataset.end_take(first)
    assert edit is not None
    edit.undo()
    second = recorded([((2,), (1,))], dataset)
    assert (second, dataset.examples().ids.tolist()) == (first + 1, [2])


@pytest.mark.parametrize(
    ("values", "targets", "reason", "words"),
    [
        ((1.0,), (1,), "size", "1 values, the dataset 2"),
        ((1.0, 2.0, 3.0), (1,), "size", "3 values"),
        ((1.0, NAN), (1,), "not finite", "no finite number"),
        ((math.inf, 0.0), (1,), "not finite", "no finite number"),
        ((0.0, -math.inf), (1,), "not finite", "no finite number"),
        ((1.0, 2.0), (1.5,), "target", "1.5 is no label"),
        ((1.0, 2.0), (-1,), "target", "outside"),
        ((1.0, 2.0), (math.inf,), "target", "no label"),
        ((1.0, 2.0), (1, 2), "target", "2 targets came for 1 outputs"),
        ((1.0, 2.0), ("one",), "target", "no number"),
    ],
)
def test_what_does_not_fit_is_refused_and_counted(values: tuple, targets: tuple, reason: str, words: str) -> None:
    dataset = Dataset(("x", "y"))
    take, version = dataset.begin_take(), dataset.version
    why = dataset.append(np.array(values, np.float32), targets, take, 0.0)
    assert words in why
    assert (dataset.refused, dataset.reason, len(dataset)) == ({reason: 1}, why, 0)
    assert dataset.version == version
    assert dataset.append(np.ones(2, np.float32), (1,), take, 0.0) == ""


def test_frames_outside_a_take_are_refused() -> None:
    dataset = Dataset(("x",))
    take = recorded([((1,), (1,))], dataset)
    dataset.end_take(take)
    assert "not being recorded" in dataset.append(np.ones(1, np.float32), (1,), take, 0.0)


def test_a_list_of_targets_is_looked_at_each_time() -> None:
    dataset, targets = Dataset(("x",)), [1.0]
    take = dataset.begin_take()
    dataset.append(np.ones(1, np.float32), targets, take, 0.0)
    targets[0] = 2.0
    dataset.append(np.ones(1, np.float32), targets, take, 0.0)
    assert dataset.y(0).tolist() == [1, 2]


def test_a_picture_does_not_change_while_recording_and_editing() -> None:
    dataset = mixed()
    picture = dataset.examples()
    before = [array.copy() for array in (picture.ids, picture.inputs, picture.targets)]
    edit = dataset.delete([2])
    assert edit is not None
    recorded([((9, 9), (2, NAN))] * 300, dataset)
    dataset.relabel([1], "sound", 2)
    dataset.edit(1, "x", 7)
    edit.undo()
    dataset.clear()
    recorded([((8, 8), (2, NAN))] * 3, dataset)
    for array, was in zip((picture.ids, picture.inputs, picture.targets), before, strict=True):
        assert np.array_equal(array, was, equal_nan=True)
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_each_output_learns_from_its_own_rows() -> None:
    dataset = mixed()
    assert dataset.y("sound").tolist() == [1, 1, 0, 3]
    assert dataset.y("size").tolist() == [0.5, 1.25, -0.1]
    assert dataset.X("size")[:, 1].tolist() == [2, 3, 5]
    assert dataset.X("size", inputs=[1]).tolist() == [[2], [3], [5]]
    assert dataset.y().shape == (5, 2)
    assert dict(dataset.counts("sound")) == {0: 1, 1: 2, 3: 1}
    with pytest.raises(DatasetError, match="no output 'loudness'; there are sound, size"):
        dataset.X("loudness")


def test_takes_are_gestures() -> None:
    dataset = Dataset(("x",), (Output("gesture"),))
    recorded([((1,), (2,)), ((2,), (2,))], dataset)
    recorded([((3,), (1,))], dataset)
    found = dataset.examples().gestures()
    assert [(g.take, g.label, g.inputs[:, 0].tolist(), g.ids.tolist()) for g in found] == [
        (1, 2, [1, 2], [1, 2]),
        (2, 1, [3], [3]),
    ]


def test_a_new_feature_is_missing_in_older_examples_until_recorded() -> None:
    dataset = mixed()
    edit = dataset.set_features(("y", "z", "x"))
    assert edit is not None
    assert len(dataset.X("sound")) == 0
    assert len(dataset.X("sound", inputs=[0, 2])) == 4
    recorded([((1, 2, 3), (1, NAN))], dataset)
    assert dataset.X("sound").tolist() == [[1, 2, 3]]


def test_a_dropped_feature_comes_back_with_its_values() -> None:
    dataset = mixed()
    before = dataset.examples()
    first = dataset.rename_feature("x", "horizontal")
    second = dataset.set_features(("y",))
    third = dataset.set_outputs((Output("size", "number"), Output("loud", "number")))
    assert first and second and third
    assert dataset.examples().targets.shape == (5, 2)
    for edit in (third, second, first):
        edit.undo()
    assert same(dataset.examples(), before)


def test_names_that_clash_are_refused() -> None:
    dataset = mixed()
    with pytest.raises(DatasetError, match="Two features are called 'y'"):
        dataset.rename_feature("x", "y")
    with pytest.raises(DatasetError, match="Two outputs are called 'a'"):
        dataset.set_outputs((Output("a"), Output("a")))
    with pytest.raises(DatasetError, match="no name"):
        dataset.set_features(("x", ""))


def test_labels_get_names() -> None:
    dataset = mixed()
    edit = dataset.set_label(Label(2, "skin", 4), "sound")
    assert edit is not None
    assert [label.name for label in dataset.outputs[0].labels] == ["glass", "skin", "wood, old"]
    assert dataset.outputs[0].label(7).name == "7"
    edit.undo()
    assert [label.name for label in dataset.outputs[0].labels] == ["glass", "wood, old"]
    with pytest.raises(DatasetError, match="cannot have a label 0"):
        dataset.set_label(Label(0, "nothing", 0))


def test_typing_a_name_is_one_step() -> None:
    dataset, history = mixed(), History()
    for seconds, name in enumerate(("m", "me", "metal")):
        edit = dataset.set_label(Label(1, name, 0))
        assert edit is not None
        history.push(edit, seconds / 10)
    history.undo()
    assert dataset.outputs[0].label(1).name == "glass"


def test_clearing_a_label_leaves_the_others() -> None:
    dataset = mixed()
    before = dataset.examples()
    edit = dataset.clear_label(1, "sound")
    assert edit is not None
    assert edit.title == "Delete all of glass"
    assert dataset.examples().ids.tolist() == [3, 4, 5]
    edit.undo()
    assert same(dataset.examples(), before)


def test_forgetting_an_output_keeps_rows() -> None:
    dataset = mixed()
    edit = dataset.forget("size")
    assert edit is not None
    assert (len(dataset), len(dataset.X("size"))) == (5, 0)
    edit.undo()
    assert len(dataset.X("size")) == 3


def test_deleting_what_is_not_there_is_no_step() -> None:
    dataset = mixed()
    assert dataset.delete([99]) is None
    assert dataset.relabel([99], 0, 1) is None
    assert dataset.delete_take(99) is None


def test_bad_edits_say_why() -> None:
    dataset = mixed()
    with pytest.raises(DatasetError, match=r"1.5 is no label"):
        dataset.relabel([1], "sound", 1.5)
    with pytest.raises(DatasetError, match="no feature 'z'"):
        dataset.edit(1, "z", 1.0)
    with pytest.raises(DatasetError, match="is no number"):
        dataset.edit(1, "x", NAN)


def test_imports_are_added_under_new_ids() -> None:
    dataset, other = mixed(), mixed().examples()
    edit = dataset.add(other)
    assert edit is not None
    ids = dataset.examples().ids.tolist()
    assert len(set(ids)) == len(ids) == 10
    assert len(set(dataset.examples().takes.tolist())) == 4
    edit.undo()
    assert same(dataset.examples(), other)
    with pytest.raises(DatasetError, match="other features"):
        dataset.add(Examples.build(("a",), (Output("label"),), [[1]], [[1]]))


def test_a_take_that_runs_survives_the_undo_of_an_earlier_step() -> None:
    dataset = mixed()
    edit = dataset.delete([1, 2])
    assert edit is not None
    take = recorded([((1, 1), (1, NAN))], dataset)
    edit.undo()
    recorded([((2, 2), (1, NAN))], dataset, take)
    assert dataset.examples().ids.tolist() == [1, 2, 3, 4, 5, 6, 7]


def test_a_folder_gives_the_same_back(tmp_path: Path) -> None:
    dataset, other = mixed(), Dataset()
    dataset.delete([5])
    dataset.save(tmp_path)
    other.load(tmp_path)
    assert same(other.examples(), dataset.examples())
    assert other.examples().next_id == 6
    assert [path.name for path in tmp_path.iterdir()] == ["dataset.csv"]
    with pytest.raises(DatasetError, match="no examples in"):
        other.load(tmp_path / "elsewhere")
    assert len(other) == 4


class Editing(RuleBasedStateMachine):
    """Any sequence of edits: each state comes back by undo and again by redo, through the real history."""

    def __init__(self) -> None:
        super().__init__()
        self.dataset, self.history, self.clock = mixed(), History(), 0.0
        self.states = [self.dataset.examples()]
        self.last = 0

    def did(self, edit: Edit | None) -> None:
        if edit is None:
            assert same(self.dataset.examples(), self.states[self.last])
            return
        self.clock += 10.0
        self.history.push(edit, self.clock)
        del self.states[self.last + 1 :]
        self.states.append(self.dataset.examples())
        self.last += 1

    def ids(self, data: st.DataObject) -> list[int]:
        return data.draw(st.lists(st.integers(0, 40), max_size=4))

    @rule(data=st.data(), count=st.integers(0, 4))
    def record(self, data: st.DataObject, count: int) -> None:
        width, outputs = self.dataset.width, len(self.dataset.outputs)
        take = self.dataset.begin_take()
        for _row in range(count):
            values = data.draw(st.lists(st.floats(-(2.0**100), 2.0**100, width=32), min_size=width, max_size=width))
            targets = data.draw(st.lists(st.sampled_from((0, 1, 2, NAN)), min_size=outputs, max_size=outputs))
            assert not self.dataset.append(np.array(values, np.float32), tuple(targets), take, 1.5)
        self.did(self.dataset.end_take(take))

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        self.did(self.dataset.delete(self.ids(data)))

    @rule(data=st.data(), value=st.sampled_from((0, 1, 4, NAN)))
    def relabel(self, data: st.DataObject, value: float) -> None:
        if self.dataset.outputs:
            self.did(self.dataset.relabel(self.ids(data), 0, value))

    @rule(example=st.integers(0, 40), value=st.floats(-10, 10))
    def correct(self, example: int, value: float) -> None:
        if self.dataset.features:
            self.did(self.dataset.edit(example, self.dataset.features[-1], value))

    @rule(names=st.permutations(("x", "y", "z")), keep=st.integers(0, 3))
    def reshape(self, names: list[str], keep: int) -> None:
        self.did(self.dataset.set_features(tuple(names[:keep])))

    @rule(names=st.permutations(("sound", "size", "speed")), keep=st.integers(0, 3))
    def reshape_outputs(self, names: list[str], keep: int) -> None:
        self.did(self.dataset.set_outputs([Output(n, "class" if n == "sound" else "number") for n in names[:keep]]))

    @rule(new=st.sampled_from(("x", "y", "w")))
    def rename(self, new: str) -> None:
        if self.dataset.features and new not in self.dataset.features:
            self.did(self.dataset.rename_feature(self.dataset.features[0], new))

    @rule()
    def clear(self) -> None:
        self.did(self.dataset.clear())

    @rule()
    def exchange(self) -> None:
        self.did(self.dataset.replace(mixed().examples()))

    @rule()
    def undo(self) -> None:
        if self.history.undo():
            self.last -= 1

    @rule()
    def redo(self) -> None:
        if self.history.redo():
            self.last += 1

    @invariant()
    def is_where_it_was(self) -> None:
        assert same(self.dataset.examples(), self.states[self.last])
        assert all(one < next_one for one, next_one in pairwise(self.dataset.examples().ids.tolist()))

    def teardown(self) -> None:
        while self.history.undo():
            self.last -= 1
        assert self.last == 0
        assert same(self.dataset.examples(), self.states[0])
        while self.history.redo():
            self.last += 1
        assert same(self.dataset.examples(), self.states[-1])


TestEditing = Editing.TestCase
TestEditing.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
