"""The command line: one line for every event, the same for the same seed."""

import re
from pathlib import Path

import mido
import pytest

from app.player.follower.command import main
from app.player.follower.language import parse

A, B = "source kick*2; {} snare*2;", "source kick*4; {} snare 2,4,2;"
PRESETS = sorted((Path(__file__).parents[3] / "presets" / "gosling").glob("*.gos"))


def write(folder: Path, **programs: str) -> list[str]:
    for name, text in programs.items():
        (folder / f"{name}.gos").write_text(text)
    return [str(folder / f"{name}.gos") for name in programs]


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[list[str]]:
    assert main(arguments) == 0
    return [line.split(",") for line in capsys.readouterr().out.splitlines()]


def test_lines_of_a_plain_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = write(tmp_path, a="kick*2; lead 3,1 60,62.5; bpm 150")
    assert [",".join(line) for line in run(capsys, path, "--bars", "2")] == [
        "0.000000,kick,hit,36,100",
        "0.000000,lead,note,60,100",
        "0.500000,kick,hit,36,100",
        "0.750000,lead,note,62.5,100",
        "1.000000,kick,hit,36,100",
        "1.000000,lead,note,60,100",
        "1.500000,kick,hit,36,100",
        "1.750000,lead,note,62.5,100",
    ]


def test_lessons_learn_and_predict_and_keep_both_pairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, pa, b, pb = write(
        tmp_path, a=A.format("learn"), pa=A.format("predict"), b=B.format("learn"), pb=B.format("predict")
    )
    changes = [f"8:{b}", f"16:{pa}", f"20:{pb}"]
    options = [option for change in changes for option in ("--evaluate", change)]
    lines = run(capsys, a, "--bars", "24", "--seed", "4", *options)
    losses = {float(line[0]): float(line[3]) for line in lines if line[2] == "loss"}
    assert list(losses) == [float(bar) for bar in range(1, 17)]
    assert losses[4] < 0.02
    assert max(losses[9], losses[10]) > losses[8] + 0.1
    assert losses[16] < 0.02
    predicted = [float(line[0]) for line in lines if line[2] == "predict"]
    # The first bar after a change still has the old source in its past.
    assert [beat for beat in predicted if 17 <= beat < 20] == [17, 17.5, 18, 18.5, 19, 19.5]
    assert [beat for beat in predicted if beat >= 21] == [n + part for n in (21, 22, 23) for part in (0, 0.25, 0.75)]
    assert [line[0] for line in lines] == [line[0] for line in sorted(lines, key=lambda line: float(line[0]))]


def test_the_same_seed_gives_the_same_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = write(tmp_path, a="source kick*3; predict snare; learn openhat*2")
    runs = [run(capsys, path, "--bars", "6", "--seed", seed) for seed in ("1", "1", "2", "3")]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2] or runs[0] != runs[3]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["{bad}", "--bars", "1"], r"bad\.gos:2:7: Expected a number"),
        (["{good}", "--bars", "1", "--evaluate", "1:{bad}"], r"bad\.gos:2:7: "),
        (["{good}", "--bars", "1", "--evaluate", "x"], r"write BAR:FILE"),
        (["gone.gos", "--bars", "1"], r"gone\.gos cannot be read"),
        (["{good}", "--bars", "1", "--grid", "9"], r"none of 8, 16, 24, 32"),
        (["{good}", "--bars", "1", "--structure", "a"], r"whole numbers"),
        (["{good}", "--bars", "1", "--out", "/proc/none/x.mid"], r"cannot be written"),
    ],
)
def test_what_cannot_be_used_is_said(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = write(tmp_path, bad="kick;\nsnare*;", good="kick;")
    assert main([argument.format(bad=bad, good=good) for argument in arguments]) == 2
    assert re.search(said, capsys.readouterr().err)


def test_a_midi_file_beside_the_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = write(tmp_path, a="bpm 90; kick*4")
    run(capsys, path, "--bars", "2", "--out", str(tmp_path / "a.mid"))
    notes = [message for message in mido.MidiFile(tmp_path / "a.mid") if message.type == "note_on"]
    assert [message.note for message in notes] == [36] * 8


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_the_examples_are_programs_without_warnings(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert parse(path.read_text()).warnings == ()
    assert main([str(path), "--bars", "2"]) == 0
    assert capsys.readouterr().out


def test_there_are_examples() -> None:
    assert len(PRESETS) >= 6
