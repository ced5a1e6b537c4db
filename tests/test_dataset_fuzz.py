"""Whatever bytes a file holds, reading it gives examples or one clear error, never anything else."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import dataset_file
from app.dataset_file import project
from app.example import DatasetError
from tests.example import clusters, mixed
from tests.test_dataset_file import ARFF, GESTURES, PROJECT

SUFFIXES = (".csv", ".txt", ".arff", ".json")
PIECES = (
    ",",
    ";",
    "\t",
    " ",
    "\n",
    "\r\n",
    '"',
    "'",
    "\\,",
    "#",
    "%",
    "?",
    "nan",
    "1",
    "0.5",
    "-1e5",
    "1,5",
    "x",
    "{",
    "}",
)


def survives(path: Path, skip_bad: bool) -> None:
    try:
        found = dataset_file.read(path, skip_bad=skip_bad)
    except DatasetError as error:
        assert str(error)
    else:
        found.examples.validate()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@given(st.binary(max_size=300), st.sampled_from(SUFFIXES), st.booleans())
@settings(max_examples=300, deadline=None)
def test_random_bytes(folder: Path, content: bytes, suffix: str, skip_bad: bool) -> None:
    (folder / f"a{suffix}").write_bytes(content)
    survives(folder / f"a{suffix}", skip_bad)


@given(st.lists(st.sampled_from(PIECES), max_size=60), st.booleans())
@settings(max_examples=400, deadline=None)
def test_random_tables(folder: Path, pieces: list[str], skip_bad: bool) -> None:
    (folder / "b.csv").write_text("".join(pieces))
    survives(folder / "b.csv", skip_bad)


@pytest.fixture(scope="module")
def whole(folder: Path) -> list[Path]:
    """One good file of each kind."""
    dataset_file.write(folder / "own.csv", mixed().examples())
    dataset_file.write(folder / "rtlearner.csv", clusters(20, 3), "rtlearner")
    dataset_file.write(folder / "set.json", clusters(5, 2), "flucoma")
    dataset_file.write(folder / "gesture.csv", clusters(20, 2), "gestures")
    (folder / "weka.arff").write_text(ARFF)
    return [folder / name for name in ("own.csv", "rtlearner.csv", "set.json", "gesture.csv", "weka.arff")]


@given(st.data(), st.integers(0, 4), st.booleans())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_damaged_files(whole: list[Path], data: st.DataObject, which: int, skip_bad: bool) -> None:
    survives(damaged(data, whole[which]), skip_bad)


def damaged(data: st.DataObject, good: Path) -> Path:
    """Cut a file short, or overwrite a part of it; return it under another name."""
    content = good.read_bytes()
    place = data.draw(st.integers(0, len(content)))
    rest = b"" if data.draw(st.booleans()) else content[place + data.draw(st.integers(0, 8)) :]
    piece = data.draw(st.one_of(st.binary(max_size=6), st.sampled_from([piece.encode() for piece in PIECES])))
    path = good.with_name(f"damaged-{good.name}")
    path.write_bytes(content[:place] + piece + rest)
    return path


@given(st.data(), st.sampled_from(sorted(PROJECT)), st.booleans(), st.booleans())
@settings(max_examples=200, deadline=None)
def test_damaged_projects(folder: Path, data: st.DataObject, which: str, gestures: bool, skip_bad: bool) -> None:
    root = folder / f"project-{gestures}"
    for name, content in PROJECT.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(GESTURES if gestures and name == "outputConfig.xml" else content)
    (root / "current" / "currentData.csv").write_text("2,1,0,1,2,3,\n")
    damaged(data, root / which).replace(root / which)
    try:
        project.read(root, skip_bad)
    except DatasetError as error:
        assert str(error)
