"""Wekinator's project folder: what it listens to, what it sends, and its examples.

Its trained models are serialised Java and not portable; its configuration is XML and its examples are tables, so
a project is taken over by reading those and training anew. Format: files written by Wekinator 2; a supervised
project has current/currentData.arff, a gesture project current/currentData.csv or the templates in model1.xml.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

import numpy as np

from app.dataset_file import arff, template
from app.dataset_file.imported import Import
from app.dataset_file.markup import text_of, texts_of, tree_of
from app.dataset_file.text import writing
from app.example import COLOURS, DatasetError, Examples, Label, Output, numbered

MOST = 100_000


@dataclass(frozen=True, slots=True)
class Setup:
    """What a project says beside its examples.

    Attributes: `name`; `port` it listens to, at `input_address`; `output_address`, `host`, `output_port` it sends
    to; `inputs` and `outputs`; `distributions` which outputs send class probabilities; `gestures` whether it
    recognises gestures, with `messages` the address of each and `threshold` the greatest distance of a match.
    """

    name: str = "Project"
    port: int = 6448
    input_address: str = "/wek/inputs"
    output_address: str = "/wek/outputs"
    host: str = "localhost"
    output_port: int = 12000
    inputs: tuple[str, ...] = ()
    outputs: tuple[Output, ...] = ()
    distributions: tuple[bool, ...] = ()
    gestures: bool = False
    messages: tuple[str, ...] = ()
    threshold: float = 5.0


def is_project(path: Path) -> bool:
    """Tell whether a path is a project's folder or its .wekproj."""
    return path.suffix.casefold() == ".wekproj" or (path.is_dir() and (path / "outputConfig.xml").exists())


def read(path: Path, skip_bad: bool = False) -> tuple[Setup, Import]:
    """Return a project's setup and examples; DatasetError says which file lacks what.

    `path` is the folder or the .wekproj in it. A project without examples gives none.
    """
    folder = path if path.is_dir() else path.parent
    setup = setup_of(folder, path)
    width = len(setup.inputs) or None
    table = folder / "current" / "currentData.arff"
    if setup.gestures:
        found = template.read(folder, setup.inputs, setup.outputs[0], skip_bad)
        return replace(setup, inputs=found.examples.features), found
    if table.exists():
        found = arff.read(table, width, setup.outputs, skip_bad)
        if not setup.inputs:
            setup = replace(setup, inputs=found.examples.features)
        return setup, found
    count = len(setup.inputs)
    empty = Examples.build(setup.inputs, setup.outputs, np.empty((0, count)), np.empty((0, len(setup.outputs))))
    return setup, Import(empty, ("The project has no examples yet",))


def setup_of(folder: Path, path: Path) -> Setup:
    """Return what a project's XML files say; DatasetError if one is damaged or says nothing usable."""
    setup = Setup()
    projects = [path] if path.is_file() else sorted(folder.glob("*.wekproj"))
    if projects:
        root = tree_of(projects[0])
        name = text_of(root, "projectName", projects[0].stem)
        setup = replace(setup, name=name, port=_integer(root, "oscReceivePort", 6448, projects[0]))
    if (config := folder / "inputConfig.xml").exists():
        root = tree_of(config)
        setup = replace(setup, input_address=text_of(root, "oscMessage", "/wek/inputs"), inputs=_inputs(root, config))
    config = folder / "outputConfig.xml"
    if not config.exists():
        raise DatasetError(f"{folder} holds no outputConfig.xml; choose the folder of a Wekinator project")
    return _outputs(tree_of(config), config, setup)


def _integer(element: Element, name: str, default: int, path: Path) -> int:
    text = text_of(element, name, str(default))
    if not (text.isascii() and text.isdigit()) or int(text[:7]) > MOST:
        raise DatasetError(f"{path}: {name} is {text[:20]!r}, not a number up to {MOST}; save the project again")
    return int(text)


def _real(element: Element, name: str, default: float, path: Path) -> float:
    text = text_of(element, name, str(default))
    try:
        return float(text)
    except ValueError as error:
        raise DatasetError(f"{path}: {name} is {text[:20]!r}, no number; save the project again") from error


def _inputs(root: Element, path: Path) -> tuple[str, ...]:
    names = texts_of(root, "inputNames")
    count = _integer(root, "numInputs", len(names), path)
    return tuple(names) if len(names) == count else tuple(f"inputs-{place}" for place in range(1, count + 1))


def _outputs(root: Element, path: Path, setup: Setup) -> Setup:
    listed = root.find("outputs")
    found = [] if listed is None else [one for one in listed if one.tag.rpartition(".")[2] in KINDS]
    if listed is None or not found or len(found) != len(listed):
        raise DatasetError(f"{path}: it lists no outputs of a known kind; save the project again")
    kinds = [one.tag.rpartition(".")[2] for one in found]
    if "OSCDtwOutput" in kinds and len(kinds) > 1:
        raise DatasetError(f"{path}: gestures stand beside other outputs; only one gesture output is possible")
    return replace(
        setup,
        output_address=text_of(root, "oscMessage", "/wek/outputs"),
        host=text_of(root, "hostName", "localhost"),
        output_port=_integer(root, "outputPort", 12000, path),
        outputs=tuple(KINDS[kind](one, path) for kind, one in zip(kinds, found, strict=True)),
        distributions=tuple(text_of(one, "isSendingDistribution") == "true" for one in found),
        gestures="OSCDtwOutput" in kinds,
        messages=tuple(texts_of(found[0], "gestureOscMessages")) if "OSCDtwOutput" in kinds else (),
    )


def _class_output(element: Element, path: Path) -> Output:
    return Output(text_of(element, "name", "label"), "class", numbered(_integer(element, "numClasses", 1, path)))


def _number_output(element: Element, path: Path) -> Output:
    return Output(
        text_of(element, "name", "value"),
        "number",
        (),
        _real(element, "min", 0.0, path),
        _real(element, "max", 1.0, path),
        text_of(element, "limitType") == "HARD",
        text_of(element, "outputType") == "INTEGER",
    )


def _gesture_output(element: Element, path: Path) -> Output:
    names = texts_of(element, "gestureNames")
    count = _integer(element, "numGestures", len(names), path)
    labels = numbered(count)
    if len(names) == count:
        labels = tuple(Label(n, name, (n - 1) % COLOURS) for n, name in enumerate(names, 1))
    return Output(text_of(element, "name", "output"), "class", labels)


KINDS = {
    "OSCClassificationOutput": _class_output,
    "OSCNumericOutput": _number_output,
    "OSCDtwOutput": _gesture_output,
}


def write(folder: Path, examples: Examples, setup: Setup | None = None) -> tuple[str, ...]:
    """Write a project's folder, without trained models: Wekinator trains them anew.

    With `setup.gestures` the examples are written as gestures. DatasetError if the folder cannot be written.
    """
    setup = setup or Setup(folder.name)
    gestures = setup.gestures
    _write_xml(folder / f"{_file_name(setup.name)}.wekproj", "WekinatorFileData", _project_lines(setup))
    _write_xml(folder / "inputConfig.xml", "OSCInputGroup", _input_lines(examples, setup))
    _write_xml(folder / "outputConfig.xml", "OSCOutputGroup", _output_lines(examples, setup))
    if gestures:
        return template.write(folder / "current" / "currentData.csv", examples)
    return arff.write(folder / "current" / "currentData.arff", examples)


def _file_name(name: str) -> str:
    return "".join(c if c.isalnum() or c in " -_" else "_" for c in name).strip() or "Project"


def _write_xml(path: Path, root: str, lines: list[str]) -> None:
    with writing(path) as file:
        file.write('<?xml version="1.0"?>\n' + "\n".join([f"<{root}>", *lines, f"</{root}>"]))


def _tag(name: str, value: object) -> str:
    return f"  <{name}>{escape(str(value))}</{name}>"


def _strings(name: str, values: tuple[str, ...]) -> list[str]:
    return [f"  <{name}>", *(f"    <string>{escape(value)}</string>" for value in values), f"  </{name}>"]


def _project_lines(setup: Setup) -> list[str]:
    return [_tag("oscReceivePort", setup.port), _tag("projectName", setup.name)]


def _input_lines(examples: Examples, setup: Setup) -> list[str]:
    head = [_tag("oscMessage", setup.input_address), _tag("numInputs", examples.width), _tag("groupName", "Inputs")]
    return head + _strings("inputNames", examples.features)


def _output_lines(examples: Examples, setup: Setup) -> list[str]:
    lines = [
        _tag("oscMessage", setup.output_address),
        _tag("hostName", setup.host),
        _tag("outputPort", setup.output_port),
    ]
    lines.append('  <outputs class="linked-list">')
    for column, output in enumerate(examples.outputs):
        sends = column < len(setup.distributions) and setup.distributions[column]
        if setup.gestures:
            kind, body = "OSCDtwOutput", _gesture_lines(examples, output, setup)
        elif output.kind == "class":
            kind, body = "OSCClassificationOutput", _class_lines(examples, column, sends)
        else:
            kind, body = "OSCNumericOutput", _number_lines(output)
        lines += [f"    <wekimini.osc.{kind}>", *(f"    {line}" for line in body), f"    </wekimini.osc.{kind}>"]
    return [*lines, "  </outputs>"]


def _class_lines(examples: Examples, column: int, sends: bool) -> list[str]:
    return [
        _tag("name", examples.outputs[column].name),
        _tag("numClasses", arff.classes_of(examples, column)),
        _tag("isSendingDistribution", str(sends).casefold()),
    ]


def _number_lines(output: Output) -> list[str]:
    return [
        _tag("name", output.name),
        _tag("min", output.low),
        _tag("max", output.high),
        _tag("outputType", "INTEGER" if output.whole else "REAL"),
        _tag("limitType", "HARD" if output.hard else "SOFT"),
        _tag("trainingDataLimitRestriction", "DONT_ENFORCE_LIMITS"),
        _tag("trainingDataIntegerRestriction", "DONT_ENFORCE_INTEGER"),
    ]


def _gesture_lines(examples: Examples, output: Output, setup: Setup) -> list[str]:
    count = arff.classes_of(examples, 0)
    names = tuple(output.label(number).name for number in range(1, count + 1))
    messages = setup.messages if len(setup.messages) == count else tuple(f"/{name}" for name in names)
    head = [_tag("name", output.name), _tag("numGestures", count), *_strings("gestureNames", names)]
    return [*head, *_strings("gestureOscMessages", messages), _tag("outputOscMessage", output.name)]
