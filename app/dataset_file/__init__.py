"""Examples in files: ours, RTLEARNER's, Wekinator's, FluCoMa's, and any table with a label at the end.

One door: `read` finds out what a file is, `write` takes the name of a format. Whatever a file holds, the answer
is examples with notes, or a DatasetError that says which line and column is wrong and what to do; files appear
under their names only when they are whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.dataset_file import arff, flucoma, own, project, table, template
from app.dataset_file.imported import Import
from app.dataset_file.text import encoding_of, raw_lines
from app.example import DatasetError, Examples, Output

FILE = "dataset.csv"


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: `name` to ask for it, `title` in a menu, `suffix` of its files ("" for a folder), `write`."""

    name: str
    title: str
    suffix: str
    write: Callable[[Path, Examples], tuple[str, ...]]


FORMATS = {
    one.name: one
    for one in (
        Format("own", "Understudy table (CSV)", ".csv", own.write),
        Format("rtlearner", "RTLEARNER table (CSV without header)", ".csv", table.write_rtlearner),
        Format("arff", "Wekinator / Weka table (ARFF)", ".arff", arff.write),
        Format("wekinator", "Wekinator project (folder)", "", project.write),
        Format("gestures", "Wekinator gestures (CSV)", ".csv", template.write),
        Format("flucoma", "FluCoMa DataSet and LabelSet (JSON)", ".json", flucoma.write),
    )
}


def read(path: Path, labels: Path | None = None, skip_bad: bool = False) -> Import:
    """Return the examples of a file or project folder; DatasetError if it holds none that can be used.

    `labels` is FluCoMa's second file; with `skip_bad` wrong rows are left out, counted and told in the notes.
    """
    suffix = path.suffix.casefold()
    if project.is_project(path):
        return project.read(path, skip_bad)[1]
    if path.is_dir():
        return _read_folder(path, skip_bad)
    if suffix == ".json":
        return flucoma.read(path, labels)
    if suffix == ".arff" or _begins(path, "@relation"):
        return arff.read(path, *_configured(path), skip_bad)
    if _begins(path, "# first field is # dimensions"):
        found = template.read_table(path, skip_bad)
        return template.assemble(path, found, (), Output("gesture"))
    return table.read(path, skip_bad)


def _read_folder(path: Path, skip_bad: bool) -> Import:
    if (path / FILE).exists():
        return table.read(path / FILE, skip_bad)
    raise DatasetError(f"{path} is a folder without examples; choose a file, a session or a Wekinator project")


def _begins(path: Path, words: str) -> bool:
    for line in raw_lines(path, encoding_of(path)[0]):
        if bare := line.strip().casefold():
            return bare.startswith(words)
    return False


def _configured(path: Path) -> tuple[int | None, tuple[Output, ...] | None]:
    """Return inputs and outputs as the project around a table says, if there is one."""
    for folder in (path.parent, path.parent.parent):
        if (folder / "inputConfig.xml").exists() and (folder / "outputConfig.xml").exists():
            setup = project.setup_of(folder, folder)
            return len(setup.inputs), setup.outputs
    return None, None


def write(path: Path, examples: Examples, form: str = "own") -> tuple[str, ...]:
    """Write examples in a format of `FORMATS`; return notes on what it cannot hold. DatasetError if it cannot be."""
    if form not in FORMATS:
        raise DatasetError(f"There is no format {form!r}; there are {', '.join(FORMATS)}")
    return FORMATS[form].write(path, examples)


def save(folder: Path, examples: Examples) -> None:
    """Write examples into a session's folder, whole or not at all; fit for a background thread."""
    own.write(folder / FILE, examples)


def load(folder: Path) -> Examples:
    """Return what `save` wrote; DatasetError if there is none or it is damaged."""
    if not (folder / FILE).exists():
        raise DatasetError(f"There are no examples in {folder}: it holds no {FILE}")
    return table.read(folder / FILE).examples
