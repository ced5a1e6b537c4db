"""Warnings about examples: each says in words what is wrong, and which examples are concerned."""

import time

import numpy as np
import pytest

from app.dataset_check import Finding, check
from app.example import DatasetError, Examples, Output, numbered
from tests.example import NAN, clusters, mixed


def table(inputs: list, labels: list, count: int = 2) -> Examples:
    names = [f"f{column}" for column in range(len(inputs[0]))]
    return Examples.build(names, (Output("label", "class", numbered(count)),), inputs, np.reshape(labels, (-1, 1)))


def found(examples: Examples, kind: str) -> list[Finding]:
    return [one for one in check(examples) if one.kind == kind]


def spread(count: int, start: float = 0.0) -> list[list[float]]:
    """Return rows of two features, all apart from each other."""
    return [[start + row, (row * 7.0) % 11] for row in range(count)]


def test_good_examples_give_no_warning() -> None:
    assert check(clusters(200, 5, labels=4)) == ()


def test_nothing_yet() -> None:
    assert check(Examples.build(("x",), (Output("label"),), [], [])) == (
        Finding("few", "There are no examples yet: record some"),
    )


def test_lopsided_labels() -> None:
    examples = table(spread(26), [1] * 20 + [2] * 6)
    (one,) = check(examples)
    assert one.text == "1 has 20 examples, 2 only 6: record more of 2"
    assert one.ids == tuple(range(21, 27))
    assert not found(table(spread(24), [1] * 18 + [2] * 6), "lopsided")


def test_labels_with_few_or_no_examples() -> None:
    examples = table(spread(8), [1] * 6 + [2] * 2, count=3)
    assert found(examples, "few") == [Finding("few", "Label 2 has only 2 examples: record at least 5", (7, 8))]
    assert found(examples, "empty") == [Finding("empty", "Label 3 has no examples: record some or remove it")]


def test_one_label_alone() -> None:
    assert found(table(spread(9), [1] * 9, 1), "single")[0].text == "All examples are 1: record a second label"


def test_copies() -> None:
    rows = spread(12)
    rows[10], rows[11] = rows[0], rows[3]
    (one,) = found(table(rows, [1, 2] * 5 + [1, 2]), "duplicate")
    assert one.ids == (11, 12)
    assert one.text == "2 examples are copies of others: they count double, delete them"


def test_the_same_input_under_two_labels() -> None:
    rows = spread(12)
    rows[11] = [rows[0][0] + 0.01, rows[0][1]]  # A thousandth of the range away.
    (one,) = found(table(rows, [1, 2] * 6), "contradiction")
    assert one.ids == (1, 12)
    assert "nearly the same input, another label" in one.text


def test_contradicting_numbers() -> None:
    rows = [[0.0, 0.0], [0.001, 0.0], [1.0, 1.0], [0.5, 0.2], [0.4, 0.9], [1.0, 1.0]]
    examples = Examples.build(("x", "y"), (Output("gain", "number"),), rows, [[0], [1], [0.5], [0.1], [0.2], [0.55]])
    (one,) = found(examples, "contradiction")
    assert one.ids == (1, 2)


def test_a_constant_feature() -> None:
    rows = [[*row, 3.0] for row in spread(12)]
    assert found(table(rows, [1, 2] * 6), "constant")[0].text == "f2 never changed: check the sensor or remove it"


def test_a_missing_feature() -> None:
    rows = [[*row, 1.0 * place] for place, row in enumerate(spread(12))]
    rows[0][2] = rows[1][2] = NAN
    (one,) = found(table(rows, [1, 2] * 6), "missing")
    assert one.ids == (1, 2)
    assert one.text.startswith("f2 is missing in 2 of 12 examples")


def test_unlabelled_examples() -> None:
    (one,) = found(table(spread(12), [1, 2] * 5 + [1, NAN]), "unlabelled")
    assert (one.text, one.ids) == ("1 example has no label", (12,))


def test_outliers() -> None:
    generator = np.random.default_rng(3)
    rows = generator.normal(size=(60, 3))
    rows[17] = [0, 40, 0]
    (one,) = found(table(rows.tolist(), [1, 2] * 30), "outlier")
    assert one.ids == (18,)


def test_a_number_that_never_changes() -> None:
    examples = Examples.build(("x", "y"), (Output("gain", "number"),), spread(9), [[0.5]] * 9)
    assert [one.text for one in check(examples)] == ["gain is always 0.5: record other values of it too"]


def test_each_output_has_its_own_warnings() -> None:
    examples = mixed().examples()
    assert {one.kind for one in check(examples, "size")} == {"few"}
    with pytest.raises(DatasetError, match="no output 'x'"):
        check(examples, "x")


def test_odd_tables_are_checked_without_failing() -> None:
    nothing = Examples.build((), (Output("label"),), np.empty((4, 0)), [[1], [2], [NAN], [0]])
    huge = table([[3e38, 1], [-3e38, 2], [3e38, 3], [0, NAN]] * 8, [1, 2, 0, NAN] * 8)
    for examples in (nothing, huge, table([[NAN, NAN]] * 3, [1, 2, 1])):
        assert check(examples)


def test_ten_thousand_examples_are_checked_in_a_moment() -> None:
    examples = clusters(10_000, 17, labels=4)
    began = time.perf_counter()
    check(examples)
    assert time.perf_counter() - began < 3.0
