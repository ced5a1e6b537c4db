"""The command line of the drop-in modes."""

from __future__ import annotations

import argparse
import re

import pytest

from app.adapter.option import add_options
from tests.adapter.stage import Stage


def read(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_options(parser)
    return parser.parse_args(words)


def test_options_become_parameters_and_the_mode_is_on() -> None:
    stage = Stage()
    stage.modes.obey(
        read("--wekinator", "--inputs", "3", "--outputs", "dtw:5", "--wekinator-in", "0", "--wekinator-out",
             "10.0.0.5:9001", "--wekinator-bundle", "9002")
    )  # fmt: skip
    stage.turn()
    tree = stage.engine.tree
    assert stage.modes.wekinator.line.open
    assert stage.modes.wekinator.line.receiver == ("10.0.0.5", 9001)
    assert tree.number("/wekinator/bundle/port").value == 9002
    assert (stage.modes.wekinator.project.gestures, stage.modes.wekinator.project.width) == (5, 3)


def test_it_hears_other_computers_only_if_asked() -> None:
    stage = Stage()
    stage.modes.obey(read("--wekinator", "--wekinator-in", "0.0.0.0:0"))
    port = stage.modes.wekinator.line.port
    assert port is not None
    assert port.host == "0.0.0.0"
    assert Stage().engine.tree.text("/wekinator/in/host").value == "127.0.0.1"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--wekinator", "--inputs", "0"], "--inputs 0: from 1 to 1024"),
        (["--wekinator", "--outputs", "svm:3"], "--outputs: 'svm:3' is no output"),
        (["--wekinator", "--outputs", "dtw:2,regressor"], "dtw stands alone"),
        (["--wekinator", "--wekinator-in", "70000"], "--wekinator-in '70000': write HOST:PORT"),
        (["--wekinator", "--wekinator-out", "localhost:x"], "--wekinator-out 'localhost:x'"),
        (["--wekinator", "--wekinator-out", "0"], "a port from 1 to"),
        (["--wekinator", "--wekinator-bundle", "a:1"], "it is always this computer"),
        (["--wekinator", "--wekinator-in", "nowhere.invalid:0"], "cannot listen on nowhere.invalid:0"),
        (["--wekinator", "--rtlearner", "x.csv"], "one of them at a time"),
        (["--rtlearner", "/nonexistent/x.csv", "--rtlearner-in", "0"], "/nonexistent/x.csv"),
    ],
)
def test_a_wrong_option_is_one_sentence(words: list[str], sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)) as raised:
        Stage().modes.obey(read(*words))
    assert "\n" not in str(raised.value)
