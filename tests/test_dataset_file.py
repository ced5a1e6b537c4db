"""Files of examples: what is written comes back, and what others write is read or refused with its place."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import dataset_file
from app.dataset_file import arff, project, template
from app.example import DatasetError, Examples, Label, Output, numbered, same
from tests.example import NAN, clusters, mixed


def text(tmp_path: Path, content: str | bytes, name: str = "data.csv") -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refused(path: Path, *words: str) -> str:
    """Assert that a file is refused with all these words; return the sentence."""
    with pytest.raises(DatasetError) as caught:
        dataset_file.read(path)
    for word in words:
        assert word in str(caught.value)
    return str(caught.value)


# Our own.


def test_our_table_keeps_everything(tmp_path: Path) -> None:
    examples = mixed().examples()
    dataset_file.write(tmp_path / "a.csv", examples)
    lines = (tmp_path / "a.csv").read_text().splitlines()
    assert lines[1:4] == ["id,take,seconds,x,y,sound,size", "1,1,0.0,0.1,1.0,glass,?", "2,1,0.1,0.2,2.0,glass,0.5"]
    assert lines[5] == '4,2,0.0,1e+20,4.0,"wood, old",?'
    found = dataset_file.read(tmp_path / "a.csv")
    assert same(found.examples, examples)
    assert found.notes == ()


@pytest.mark.parametrize(("separator", "comma"), [(";", True), ("\t", True), ("\t", False)])
def test_our_table_survives_a_spreadsheet(tmp_path: Path, separator: str, comma: bool) -> None:
    examples = clusters(20, 3)
    dataset_file.write(tmp_path / "a.csv", examples)
    first, *rest = (tmp_path / "a.csv").read_text().splitlines()
    lines = [first + separator * 6, *(line.replace(",", separator) for line in rest)]
    if comma:
        lines = [lines[0], *(line.replace(".", ",") for line in lines[1:])]
    saved = text(tmp_path, "\ufeff" + "\r\n".join(lines) + "\r\n")
    assert same(dataset_file.read(saved).examples, examples)


names = st.text(st.characters(exclude_categories=("C",)), min_size=1, max_size=8).filter(str.isprintable)


@st.composite
def tables(draw: st.DrawFn) -> Examples:
    features = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    titles = draw(st.lists(names, max_size=3, unique=True))
    outputs = []
    for title in titles:
        labels = draw(st.lists(names, max_size=3))
        listed = tuple(Label(number, name, 0) for number, name in enumerate(labels, 1))
        outputs.append(Output(title, *draw(st.sampled_from((("class", listed), ("number", ()))))))
    count = draw(st.integers(0, 5))
    value = st.one_of(st.just(NAN), st.floats(width=32, allow_nan=False, allow_infinity=False))
    number = st.one_of(st.just(NAN), st.floats(allow_nan=False, allow_infinity=False))
    inputs = [[draw(value) for _column in features] for _row in range(count)]
    targets = [
        [draw(number if output.kind == "number" else st.sampled_from((NAN, 0, 1, 2, 7))) for output in outputs]
        for _row in range(count)
    ]
    ids = draw(st.lists(st.integers(1, 2**52), min_size=count, max_size=count, unique=True))
    seconds = draw(st.lists(st.floats(0, 1e9), min_size=count, max_size=count))
    return Examples.build(features, outputs, inputs, np.reshape(targets, (count, len(outputs))), ids, None, seconds)


@given(tables())
@settings(max_examples=150, deadline=None)
def test_our_table_gives_any_examples_back(tmp_path_factory: pytest.TempPathFactory, examples: Examples) -> None:
    path = tmp_path_factory.mktemp("own") / "a.csv"
    dataset_file.write(path, examples)
    assert same(dataset_file.read(path).examples, examples)


@given(tables())
@settings(max_examples=100, deadline=None)
def test_arff_gives_any_examples_back(tmp_path_factory: pytest.TempPathFactory, examples: Examples) -> None:
    path = tmp_path_factory.mktemp("arff") / "a.arff"
    arff.write(path, examples)
    found = arff.read(path, examples.width).examples
    for name in ("ids", "takes", "inputs", "targets"):
        assert np.array_equal(getattr(found, name), getattr(examples, name), equal_nan=True)
    assert np.abs(found.seconds - examples.seconds).max(initial=0) < 0.001
    assert found.features == examples.features
    assert [(o.name, o.kind) for o in found.outputs] == [(o.name, o.kind) for o in examples.outputs]


def test_a_newer_table_is_refused(tmp_path: Path) -> None:
    dataset_file.write(tmp_path / "a.csv", mixed().examples())
    newer = (tmp_path / "a.csv").read_text().replace('""format"": 1', '""format"": 2')
    refused(text(tmp_path, newer), "newer version", "update")


def test_wrong_cells_of_our_table_are_named(tmp_path: Path) -> None:
    dataset_file.write(tmp_path / "a.csv", mixed().examples())
    good = (tmp_path / "a.csv").read_text()
    refused(text(tmp_path, good.replace("glass,0.5", "glas,0.5")), "line 4", "column 6 (sound)", "'glas'", "wood, old")
    refused(text(tmp_path, good.replace("3,1,", "2,1,")), "Id 2 occurs twice")
    refused(text(tmp_path, good.replace("id,take", "id,takes")), "header does not fit", "(features), sound, size")


# Anybody's tables.


def test_rtlearners_first_row_is_kept(tmp_path: Path) -> None:
    rows = ["0.5, -1.25, 6638.7, 0", "0.25, 1, 7000, 3", "1, 1, 1, 3"]
    found = dataset_file.read(text(tmp_path, "\n".join(rows)))
    assert found.examples.features == ("1", "2", "3")
    assert found.examples.inputs[0].tolist() == [0.5, -1.25, np.float32(6638.7)]
    assert found.examples.labels().tolist() == [1, 4, 4]
    assert [label.name for label in found.examples.outputs[0].labels] == ["0", "3"]
    assert "no header" in found.notes[0]
    dataset_file.write(tmp_path / "b.csv", found.examples, "rtlearner")
    assert (tmp_path / "b.csv").read_text() == "0.5, -1.25, 6638.7, 0\n0.25, 1.0, 7000.0, 3\n1.0, 1.0, 1.0, 3\n"
    assert same(dataset_file.read(tmp_path / "b.csv").examples, found.examples)


def test_rtlearner_counts_from_zero(tmp_path: Path) -> None:
    notes = dataset_file.write(tmp_path / "b.csv", mixed().examples(), "rtlearner")
    assert (tmp_path / "b.csv").read_text().splitlines()[0] == "0.1, 1.0, 0"
    assert "1 examples without a label" in notes[-1]


@pytest.mark.parametrize(
    "content",
    [
        "1, 2, 0;\n3, 4, 1;\n",
        "1\\, 2\\, 0;\n3\\, 4\\, 1;\n",
        "1\\, 2\\, 0\n3\\, 4\\, 1\n",
        "1,2,0,\n3,4,1,\n",
        "1;2;0\n3;4;1\n",
        "1,0;2,0;0\n3,0;4,0;1\n",
        "1\t2\t0\r\n3\t4\t1\r\n",
        "1 2 0\n3   4 1\n",
        "\n1, 2, 0\n\n3, 4, 1\n\n",
        "# made by hand\n1, 2, 0\n3, 4, 1\n",
        '"1","2","0"\n"3","4","1"\n',
        "x,y,label\n1,2,0\n3,4,1\n",
        "\ufeffx;y;label\r\n1;2;0\r\n3;4;1\r\n",
    ],
)
def test_tables_of_all_sorts_are_read(tmp_path: Path, content: str) -> None:
    found = dataset_file.read(text(tmp_path, content)).examples
    assert found.inputs.tolist() == [[1, 2], [3, 4]]
    assert found.labels().tolist() == [1, 2]
    assert ("x" in content) == (found.features == ("x", "y"))


def test_words_are_labels(tmp_path: Path) -> None:
    found = dataset_file.read(text(tmp_path, "x,y,what\n1,2,glass\n3,4,wood\n5,6,glass\n7,8,?\n"))
    assert [(label.number, label.name) for label in found.examples.outputs[0].labels] == [(1, "glass"), (2, "wood")]
    assert found.examples.targets[:3, 0].tolist() == [1, 2, 1]
    assert np.isnan(found.examples.targets[3, 0])


def test_words_without_a_header_are_labels_too(tmp_path: Path) -> None:
    found = dataset_file.read(text(tmp_path, "1,2,glass\n3,4,wood\n")).examples
    assert (len(found), found.labels().tolist()) == (2, [1, 2])


def test_fractions_are_a_number_to_learn(tmp_path: Path) -> None:
    found = dataset_file.read(text(tmp_path, "x,gain\n1,0.5\n2,1.5\n")).examples
    assert found.outputs[0].kind == "number"
    assert (found.outputs[0].low, found.outputs[0].high) == (0.5, 1.5)


def test_many_whole_numbers_are_a_range(tmp_path: Path) -> None:
    rows = "".join(f"{value},{value}\n" for value in range(100))
    assert dataset_file.read(text(tmp_path, "x,velocity\n" + rows)).examples.outputs[0].kind == "number"


def test_latin_1_is_read_and_told(tmp_path: Path) -> None:
    found = dataset_file.read(text(tmp_path, "Höhe,label\n1,2\n3,1\n".encode("latin-1")))
    assert found.examples.features == ("Höhe",)
    assert "Latin-1" in found.notes[0]


def test_spreadsheet_unicode_is_read(tmp_path: Path) -> None:
    found = dataset_file.read(text(tmp_path, "Höhe\tlabel\n1,5\t2\n3\t1\n".encode("utf-16")))
    assert (found.examples.features, found.examples.inputs[:, 0].tolist()) == (("Höhe",), [1.5, 3])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ("no rows",)),
        ("\n\n", ("no rows",)),
        ("# only this\n", ("no rows",)),
        ("1\n2\n", ("only one value",)),
        ("1,2,0\n3,4\n", ("line 2", "2 values instead of 3")),
        ("x,y,l\n1,2,0\n3,four,1\n", ("line 3", "column 2 (y)", "'four'")),
        ("1,2,0\n3,inf,1\n", ("line 2", "column 2", "infinite")),
        ("1,2,0\n3,1e39,1\n", ("line 2", "column 2", "too large")),
        (b"\x00\x01\x02\x03", ("binary",)),
    ],
)
def test_wrong_tables_are_refused_with_their_place(tmp_path: Path, content: str | bytes, words: tuple) -> None:
    refused(text(tmp_path, content), *words)


def test_bad_rows_can_be_left_out(tmp_path: Path) -> None:
    path = text(tmp_path, "1,2,0\n3,four,1\n5\n7,inf,1\n9,9,1\n")
    found = dataset_file.read(path, skip_bad=True)
    assert found.examples.inputs[:, 0].tolist() == [1, 9]
    assert found.notes[0].startswith("3 rows were left out; the first: data.csv, line 2, column 2")


def test_missing_values_are_kept_as_missing(tmp_path: Path) -> None:
    found = dataset_file.read(text(tmp_path, "x,y,l\n1,,0\n?,4,1\n5,NaN,1\n6,6,0\n")).examples
    assert np.isnan(found.inputs).sum() == 3
    assert len(found.rows(0)) == 1


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    refused(tmp_path / "nothing.csv", "cannot be read", "check that it exists")
    refused(tmp_path, "folder without examples")
    with pytest.raises(DatasetError, match="no format 'xls'; there are own, rtlearner"):
        dataset_file.write(tmp_path / "a.xls", mixed().examples(), "xls")
    with pytest.raises(DatasetError, match="cannot be written"):
        dataset_file.write(text(tmp_path, "a file") / "below.csv", mixed().examples())


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    dataset_file.write(path, mixed().examples())
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda _file: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(DatasetError, match="No space left"):
        dataset_file.write(path, clusters(10, 2))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


# Wekinator.

ARFF = """@relation dataset

@attribute ID numeric
@attribute Time date 'yyyy/MM/dd HH:mm:ss:SSS'
@attribute 'Training round' numeric
@attribute inputs-1 numeric
@attribute inputs-2 numeric
@attribute 'bow accel' numeric
@attribute touch {0,1,2,3}

@data
1990,'2024/04/24 13:40:46:521',3,-16,-0.76,?,2
1991,'2024/04/24 13:40:46:527',3,-16,-0.77,0.25,?
1995,'2024/04/24 13:40:48:000',4,10465.136719,74,0.5,0
"""
PROJECT = {
    "Bow.wekproj": """<?xml version="1.0"?>
<WekinatorFileData>
  <oscReceivePort>6450</oscReceivePort>
  <projectName>Bow</projectName>
</WekinatorFileData>""",
    "inputConfig.xml": """<?xml version="1.0"?>
<OSCInputGroup>
  <oscMessage>/wek/inputs</oscMessage>
  <numInputs>2</numInputs>
  <groupName>Inputs</groupName>
  <inputNames>
    <string>inputs-1</string>
    <string>inputs-2</string>
  </inputNames>
</OSCInputGroup>""",
    "outputConfig.xml": """<?xml version="1.0"?>
<OSCOutputGroup>
  <oscMessage>/wek/outputs</oscMessage>
  <hostName>localhost</hostName>
  <outputPort>12000</outputPort>
  <outputs class="linked-list">
    <wekimini.osc.OSCNumericOutput>
      <name>bow accel</name>
      <min>-1.0</min>
      <max>1.0</max>
      <outputType>REAL</outputType>
      <limitType>HARD</limitType>
      <trainingDataLimitRestriction>DONT_ENFORCE_LIMITS</trainingDataLimitRestriction>
      <trainingDataIntegerRestriction>DONT_ENFORCE_INTEGER</trainingDataIntegerRestriction>
    </wekimini.osc.OSCNumericOutput>
    <wekimini.osc.OSCClassificationOutput>
      <name>touch</name>
      <numClasses>3</numClasses>
      <isSendingDistribution>true</isSendingDistribution>
    </wekimini.osc.OSCClassificationOutput>
  </outputs>
</OSCOutputGroup>""",
    "current/currentData.arff": ARFF,
}
GESTURES = """<OSCOutputGroup>
  <oscMessage>/wek/outputs</oscMessage>
  <hostName>10.0.0.2</hostName>
  <outputPort>12002</outputPort>
  <outputs class="linked-list">
    <wekimini.osc.OSCDtwOutput>
      <name>output</name>
      <numGestures>2</numGestures>
      <gestureNames><string>wave</string><string>stop</string></gestureNames>
      <gestureOscMessages><string>/wave</string><string>/halt</string></gestureOscMessages>
      <outputOscMessage>output</outputOscMessage>
    </wekimini.osc.OSCDtwOutput>
  </outputs>
</OSCOutputGroup>"""


def project_folder(tmp_path: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        text(tmp_path, content, name)
    return tmp_path


def test_wekinators_table_is_read(tmp_path: Path) -> None:
    examples = dataset_file.read(text(tmp_path, ARFF, "a.arff")).examples
    assert examples.features == ("inputs-1", "inputs-2")
    assert examples.ids.tolist() == [1990, 1991, 1995]
    assert examples.takes.tolist() == [3, 3, 4]
    assert examples.seconds[1] - examples.seconds[0] == pytest.approx(0.006, abs=1e-5)
    assert examples.y("touch").tolist() == [2, 0]
    assert examples.y("bow accel").tolist() == [0.25, 0.5]
    assert [label.number for label in examples.outputs[1].labels] == [1, 2, 3]


def test_wekinators_table_is_written_as_it_writes_it(tmp_path: Path) -> None:
    examples = dataset_file.read(text(tmp_path, ARFF, "a.arff")).examples
    dataset_file.write(tmp_path / "b.arff", examples, "arff")
    written = (tmp_path / "b.arff").read_text()
    assert written.splitlines()[:10] == ARFF.splitlines()[:10]
    assert "1990,'2024/04/24 13:40:46:521',3,-16.0,-0.76,?,2" in written
    assert same(dataset_file.read(tmp_path / "b.arff").examples, examples)


def test_any_weka_table_is_read(tmp_path: Path) -> None:
    header = "% iris\n@RELATION iris\n@ATTRIBUTE 'petal width' REAL\n@attribute class {setosa, 'iris v.'}\n"
    content = header + "@DATA\n1,setosa\n2.5, 'iris v.'\n"
    found = dataset_file.read(text(tmp_path, content, "iris.arff"))
    assert found.examples.features == ("petal width",)
    assert found.examples.labels().tolist() == [1, 2]
    assert "guessed" in found.notes[0]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("?,2\n", "?,4\n"), ("line 12", "column 7 (touch)", "'4'", "none of 0, 1, 2, 3")),
        (("0.25,?", "0.25"), ("line 13", "6 values instead of 7")),
        (("13:40:46:527'", "never'"), ("line 13", "column 2 (Time)", "yyyy/MM/dd")),
        (("@data", "@dta"), ("line 11", "expected @attribute or @data")),
        (("inputs-1 numeric", "inputs-1 relational"), ("line 6", "relational")),
        (("1991,", "1990,"), ("Id 1990 occurs twice",)),
    ],
)
def test_wrong_arff_is_refused_with_its_place(tmp_path: Path, change: tuple[str, str], words: tuple) -> None:
    content = ARFF.replace(*change)
    assert content != ARFF
    refused(text(tmp_path, content, "a.arff"), *words)


def test_a_project_is_taken_over(tmp_path: Path) -> None:
    setup, found = project.read(project_folder(tmp_path, PROJECT))
    assert (setup.name, setup.port, setup.host, setup.output_port) == ("Bow", 6450, "localhost", 12000)
    assert setup.inputs == ("inputs-1", "inputs-2")
    assert setup.distributions == (False, True)
    assert setup.outputs[0] == Output("bow accel", "number", (), -1.0, 1.0, hard=True)
    assert setup.outputs[1] == Output("touch", "class", numbered(3))
    assert found.examples.outputs == setup.outputs
    assert len(found.examples) == 3
    for path in (tmp_path, tmp_path / "Bow.wekproj", tmp_path / "current" / "currentData.arff"):
        assert same(dataset_file.read(path).examples, found.examples)


def test_the_project_tells_where_inputs_end(tmp_path: Path) -> None:
    files = {name: content.replace("inputs-", "sensor ") for name, content in PROJECT.items()}
    files["current/currentData.arff"] = ARFF.replace("inputs-1", "'sensor 1'").replace("inputs-2", "'sensor 2'")
    path = project_folder(tmp_path, files) / "current" / "currentData.arff"
    assert dataset_file.read(path).examples.features == ("sensor 1", "sensor 2")


def test_a_project_is_written_and_read_again(tmp_path: Path) -> None:
    setup, found = project.read(project_folder(tmp_path / "a", PROJECT))
    project.write(tmp_path / "b", found.examples, setup)
    again, examples = project.read(tmp_path / "b")
    assert again == setup
    assert same(examples.examples, found.examples)
    written = (tmp_path / "b" / "outputConfig.xml").read_text()
    assert written == PROJECT["outputConfig.xml"]
    assert (tmp_path / "b" / "inputConfig.xml").read_text() == PROJECT["inputConfig.xml"]
    assert (tmp_path / "b" / "Bow.wekproj").read_text() == PROJECT["Bow.wekproj"]


def test_a_gesture_project_is_taken_over(tmp_path: Path) -> None:
    files = {
        "G.wekproj": PROJECT["Bow.wekproj"],
        "inputConfig.xml": PROJECT["inputConfig.xml"],
        "outputConfig.xml": GESTURES,
        "current/currentData.csv": template.COMMENT + "\n2,1,0.0,1.0,2.0,3.0,\n2,2,5.0,6.0,\n2,1,7,8,9,10,11,12,\n",
    }
    setup, found = project.read(project_folder(tmp_path / "a", files))
    assert (setup.gestures, setup.messages, setup.host) == (True, ("/wave", "/halt"), "10.0.0.2")
    assert [(g.label, g.inputs.tolist()) for g in found.examples.gestures()] == [
        (1, [[0, 1], [2, 3]]),
        (2, [[5, 6]]),
        (1, [[7, 8], [9, 10], [11, 12]]),
    ]
    project.write(tmp_path / "b", found.examples, setup)
    again, examples = project.read(tmp_path / "b")
    assert again == setup
    assert sorted(len(g.inputs) for g in examples.examples.gestures()) == [1, 2, 3]
    plain = dataset_file.read(tmp_path / "b" / "current" / "currentData.csv").examples
    assert plain.features == ("inputs-1", "inputs-2")


def test_gestures_are_found_in_the_model_file(tmp_path: Path) -> None:
    def point(x: float, y: float) -> str:
        return (
            "<com.timeseries.TimeSeriesPoint><measurements>"
            f"<double>{x}</double><double>{y}</double></measurements><hashCode>7</hashCode></com.timeseries.TimeSeriesPoint>"
        )

    def example(*points: tuple[float, float]) -> str:
        series = "".join(point(*one) for one in points)
        times = "".join(f"<double>{place}</double>" for place in range(len(points)))
        return (
            "<wekimini.learning.dtw.DtwExample><timeSeries><labels><string>Time</string></labels>"
            f"<timeReadings>{times}</timeReadings><tsArray>{series}</tsArray></timeSeries>"
            f"<gestureClass>0</gestureClass></wekimini.learning.dtw.DtwExample>"
        )

    model = (
        '<?xml version="1.0"?><DtwModel><data><numGestures>2</numGestures><allExamples>'
        f"<linked-list/><linked-list>{example((1, 2), (3, 4))}{example((5, 6))}</linked-list>"
        "</allExamples></data><matchThreshold>5.0</matchThreshold></DtwModel>"
    )
    files = {"outputConfig.xml": GESTURES, "current/models/model1.xml": model}
    found = dataset_file.read(project_folder(tmp_path, files)).examples
    assert [(g.label, g.inputs.tolist()) for g in found.gestures()] == [(2, [[1, 2], [3, 4]]), (2, [[5, 6]])]
    text(tmp_path, model.replace("<double>4</double>", "<double>four</double>"), "current/models/model1.xml")
    refused(tmp_path, "model1.xml", "cannot be read")


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><OSCOutputGroup>&b;</OSCOutputGroup>'
    refused(project_folder(tmp_path, {"outputConfig.xml": bomb}), "document type", "DOCTYPE")
    bomb16 = bomb.replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16")
    text(tmp_path, bomb16, "outputConfig.xml")
    refused(tmp_path, "document type")
    text(tmp_path, "<a>" * 100_000, "outputConfig.xml")
    refused(tmp_path, "nested deeper")


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("outputConfig.xml", ("</OSCOutputGroup>", ""), ("damaged XML", "save the project again")),
        ("outputConfig.xml", ("<numClasses>3", "<numClasses>many"), ("numClasses is 'many'",)),
        ("outputConfig.xml", ("<min>-1.0", "<min>low"), ("min is 'low'",)),
        ("outputConfig.xml", ("OSCNumericOutput", "OSCOtherOutput"), ("no outputs of a known kind",)),
        ("Bow.wekproj", ("6450", "port"), ("oscReceivePort",)),
    ],
)
def test_damaged_projects_are_refused(tmp_path: Path, name: str, change: tuple[str, str], words: tuple) -> None:
    refused(project_folder(tmp_path, PROJECT | {name: PROJECT[name].replace(*change)}), *words)


def test_a_gesture_row_that_is_wrong_is_named(tmp_path: Path) -> None:
    refused(text(tmp_path, template.COMMENT + "\n2,1,0,1,\n2,1,0,1,2,\n"), "line 3", "3 values of class 1", "2 inputs")


# FluCoMa.


def test_flucomas_sets_are_joined_by_id(tmp_path: Path) -> None:
    path = text(tmp_path, json.dumps({"cols": 2, "data": {"a": [1, 2], "b": [3.5, 4], "c": [5, 6]}}), "set.json")
    text(tmp_path, json.dumps({"cols": 1, "data": {"c": ["wood"], "a": ["glass"]}}), "set-labels.json")
    found = dataset_file.read(path)
    assert found.examples.inputs.tolist() == [[1, 2], [3.5, 4], [5, 6]]
    assert [label.name for label in found.examples.outputs[0].labels] == ["glass", "wood"]
    assert found.examples.labels().tolist() == [1, 0, 2]
    assert any("1 points have no entry" in note for note in found.notes)


def test_flucomas_sets_come_back(tmp_path: Path) -> None:
    examples = clusters(30, 3)
    dataset_file.write(tmp_path / "a.json", examples, "flucoma")
    stored = json.loads((tmp_path / "a.json").read_text())
    assert (stored["cols"], len(stored["data"]), len(stored["data"]["1"])) == (3, 30, 3)
    assert json.loads((tmp_path / "a-labels.json").read_text())["data"]["1"] in (["1"], ["2"])
    found = dataset_file.read(tmp_path / "a.json").examples
    assert np.array_equal(found.inputs, examples.inputs)
    assert np.array_equal(found.targets, examples.targets)


def test_flucoma_numbers_come_back(tmp_path: Path) -> None:
    dataset_file.write(tmp_path / "a.json", mixed().examples(), "flucoma")
    found = dataset_file.read(tmp_path / "a.json", labels=tmp_path / "a-targets.json").examples
    assert found.y(0).tolist() == [0.5, 1.25, -0.1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[1, 2]", ("no FluCoMa DataSet",)),
        ('{"cols": 2, "data": {"a": [1]}}', ("point 'a'", "has not 2 values")),
        ('{"cols": 1, "data": {"a": ["x"]}}', ("point 'a'", "not a number")),
        ('{"cols": 1, "data": {"a": [1e39]}}', ("point 'a'", "too large")),
        ('{"cols": 1, "data": {"a": [1' + "0" * 400 + "]}}", ("point 'a'", "too large")),
        ('{"cols": 1, "data": {"a": [1', ("damaged JSON",)),
        ("[" * 100_000, ("damaged JSON",)),
    ],
)
def test_wrong_json_is_refused(tmp_path: Path, content: str, words: tuple) -> None:
    refused(text(tmp_path, content, "a.json"), *words)
