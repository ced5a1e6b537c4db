"""Files for other people's controllers: complete, well-formed, and those that come with the instrument up to date."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from app.hand import Hands
from app.instrument import ROOT, Instrument
from app.namespace import host_info, tree
from app.parameter import Linear, Log, Parameter, Steps, TextParameter, switch
from app.peer_file import COLUMNS, PEERS, as_list, main, playable
from app.tablet import MOST_IN_A_TAB, Widget, addresses, session
from tests.instrument import offline

RENEW = "they are out of date: python main.py namespace --renew resources/peers"
PEER_FILES = ROOT / "resources" / "peers"


@pytest.fixture(scope="module")
def instrument(tmp_path_factory: pytest.TempPathFactory) -> Instrument:
    made = offline(tmp_path_factory.mktemp("session"))
    yield made
    made.close()


@pytest.fixture
def hands() -> Hands:
    made = Hands(lambda _level, _text: None)
    made.actions.add("/composer/next", lambda: None, "Next", "Takes the next")
    made.actions.add_with("/rules/call", lambda _: None, "Call", "A label")
    made.actions.add_with("/rules/clear", lambda _: None, "Clear", "Nothing; it can be undone")
    add = made.tree.add
    add(Parameter("/composer/density", 0.25, Linear(0, 1), help="How many, and how dense"))
    add(Parameter("/composer/voices", 4, Linear(1, 32, 1, 0), "voices"))
    add(Parameter("/composer/cutoff", 440, Log(0.002, 20_000), "Hz"))
    add(Parameter("/composer/model", 1, Steps(("Haydn", "2", "Satie"))))
    add(Parameter("/composer/mute", 0, switch()))
    made.tree.add_text(TextParameter("/rules/sequence", "rain"))
    add(Parameter("/window/theme", 0, switch()))
    add(Parameter("/osc/network", 0, switch()))
    return made


def widgets(one: Widget) -> list[Widget]:
    found = [one] if one["type"] not in ("root", "tab") else []
    return found + [inner for kind in ("tabs", "widgets") for child in one.get(kind, ()) for inner in widgets(child)]


def by_id(hands: Hands) -> dict[str, Widget]:
    return {one["id"]: one for one in widgets(session(playable(hands))["content"])}


def test_what_belongs_to_this_computer_is_left_out(hands: Hands) -> None:
    known = {one.address for one in playable(hands)}
    assert known == {one.address for one in (*hands.tree, *hands.actions)} - {"/window/theme", "/osc/network"}


def test_the_list_says_what_to_send(hands: Hands) -> None:
    lines = list(csv.DictReader(io.StringIO(as_list(hands))))
    assert tuple(lines[0]) == COLUMNS
    by_address = {line.pop("address"): tuple(line.values()) for line in lines}
    assert by_address["/composer/density"] == ("number", "f", "0", "1", "", "", "How many, and how dense")
    assert by_address["/composer/voices"] == ("number", "i", "1", "32", "", "voices", "Voices")
    assert by_address["/composer/model"] == ("choice", "i", "0", "2", "Haydn|2|Satie", "", "Model")
    assert by_address["/rules/sequence"] == ("text", "s", "", "", "", "", "Sequence")
    assert by_address["/composer/next"] == ("action", "", "", "", "", "", "Takes the next")


def test_a_widget_for_each_kind_of_value(hands: Hands) -> None:
    found = by_id(hands)
    density, cutoff, voices = (found[f"composer/{name}"] for name in ("density", "cutoff", "voices"))
    assert (density["type"], density["range"], density["default"]) == ("fader", {"min": 0, "max": 1}, 0.25)
    assert not density["logScale"]
    assert cutoff["logScale"]
    assert cutoff["range"] == {"min": 0.002, "max": 20_000}
    assert cutoff["decimals"] >= 5  # Else its lowest values could not be sent.
    assert (voices["typeTags"], voices["decimals"], voices["steps"]) == ("i", 0, 32)
    # Labels of digits alone would lose their place in the list.
    assert found["composer/model"]["values"] == {"Haydn": 0, "2 ": 1, "Satie": 2}
    assert (found["composer/mute"]["mode"], found["composer/mute"]["on"]) == ("toggle", 1)
    assert (found["rules/sequence"]["type"], found["rules/sequence"]["typeTags"]) == ("input", "s")


def test_a_button_for_each_verb_and_a_field_where_it_can_be_told_something(hands: Hands) -> None:
    found = by_id(hands)
    for name in ("composer/next", "rules/call", "rules/clear"):
        assert (found[name]["type"], found[name]["mode"], found[name]["address"]) == ("button", "momentary", f"/{name}")
    assert [name for name in found if name.endswith(" with")] == ["rules/call with"]
    assert (found["rules/call with"]["type"], found["rules/call with"]["address"]) == ("input", "/rules/call")


def test_the_session_is_whole_and_only_what_is_meant_sends(instrument: Instrument) -> None:
    known = playable(instrument.engine.hands)
    made = json.loads(json.dumps(session(known)))
    assert (made["createdWith"], made["type"]) == ("Open Stage Control", "session")
    root = made["content"]
    assert addresses(root) == {one.address for one in known}
    ids = [one["id"] for one in widgets(root)]
    assert len(ids) == len(set(ids))  # Widgets with one name move together.
    assert "/subscribe" in root["onCreate"]

    def check(tab: Widget) -> None:
        assert tab["bypass"]  # Turning a page is no message.
        assert ("tabs" in tab) != ("widgets" in tab)
        assert len(tab.get("widgets", ())) <= 2 * MOST_IN_A_TAB
        for inner in tab.get("tabs", ()):
            assert inner["type"] == "tab"
            check(inner)

    check(root)


# What Open Stage Control 1.25 to 1.29 knows of each kind of widget that is used, and which values it takes.
COMMON = {"type", "id", "bypass", "comments", "html", "onCreate"}
PLACED = COMMON | {"width", "height", "address", "typeTags", "decimals", "default"}
KNOWN = {
    "root": COMMON | {"tabs", "widgets"},
    "tab": COMMON | {"label", "tabs", "widgets"},
    "button": PLACED | {"mode", "label", "on", "off"},
    "fader": PLACED | {"horizontal", "design", "range", "doubleTap", "steps", "logScale"},
    "dropdown": PLACED | {"label", "values"},
    "input": PLACED | {"align", "unit", "validation"},
}
LEGAL = {
    "mode": ("toggle", "push", "momentary", "tap"),
    "design": ("default", "round", "compact"),
    "typeTags": ("i", "f", "s"),
    "bypass": (True, False),
    "horizontal": (True, False),
    "doubleTap": (True, False),
    "logScale": (True, False),
    "decimals": range(21),
}
# A text with one of these would be read as a formula.
FORMULA = re.compile(r"[@#]\{|\b(?:JS|VAR|OSC|IMPORT)\{|\$\{")


def test_open_stage_control_knows_every_property_and_takes_every_value(instrument: Instrument) -> None:
    def check(widget: Widget) -> None:
        kind = widget["type"]
        assert set(widget) <= KNOWN[kind]
        for name, value in widget.items():
            assert name not in LEGAL or value in LEGAL[name]
            assert not isinstance(value, str) or not FORMULA.search(value)
        assert "<" not in widget.get("html", "")
        assert not str(widget.get("label", "")).startswith("^")  # It would be an icon.
        if kind == "fader":
            low, high = widget["range"]["min"], widget["range"]["max"]
            assert low < high
            assert low <= widget["default"] <= high
            assert low > 0 or not widget.get("logScale")
        assert not any(name.isdigit() for name in widget.get("values", ()))
        for child in (*widget.get("tabs", ()), *widget.get("widgets", ())):
            check(child)

    check(json.loads(json.dumps(session(playable(instrument.engine.hands))["content"])))


def test_the_list_has_one_line_for_each_address_and_numbers_in_their_range(instrument: Instrument) -> None:
    lines = list(csv.DictReader(io.StringIO(as_list(instrument.engine.hands))))
    assert len({line["address"] for line in lines}) == len(lines)
    for line in lines:
        assert line["kind"] in ("action", "choice", "number", "text")
        if line["kind"] in ("choice", "number"):
            assert float(line["low"]) <= float(line["high"])
            assert line["type"] in ("i", "f")


def test_every_message_of_the_session_is_taken(instrument: Instrument) -> None:
    """What each widget would send at its ends is a value that its address takes."""
    tree_of = instrument.engine.tree
    for widget in widgets(session(playable(instrument.engine.hands))["content"]):
        parameter = tree_of.find(widget["address"])
        if not isinstance(parameter, Parameter):
            continue
        ends = widget.get("range") or {"on": widget.get("on"), "off": widget.get("off")}
        for value in widget.get("values", ends).values():
            assert parameter.curve.clamp(float(value)) == pytest.approx(value)


@pytest.mark.parametrize("name", PEERS)
def test_the_files_that_come_with_the_instrument_are_up_to_date(instrument: Instrument, name: str) -> None:
    known = {one.address for one in playable(instrument.engine.hands)}
    text = (PEER_FILES / name).read_text(encoding="utf-8")
    if name.endswith(".csv"):
        there = {line["address"] for line in csv.DictReader(io.StringIO(text))}
    else:
        there = addresses(json.loads(text)["content"])
    assert there == known, RENEW


def test_the_command_writes_prints_and_says_what_it_cannot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--renew", str(tmp_path)]) == 0
    assert {path.name for path in tmp_path.iterdir()} == set(PEERS)
    assert main(["--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["FULL_PATH"] == "/"
    assert main(["--out", str(tmp_path / "touchosc.csv" / "under.csv")]) == 2
    assert "choose another place" in capsys.readouterr().err
    assert main(["--format", "tea"]) == 2


def test_oscquery_keeps_the_proposals_rules(instrument: Instrument) -> None:
    """Names, nesting, and that every list of attributes is as long as the type has letters."""
    kinds = {"f": (int, float), "i": (int,), "s": (str,)}
    methods = 0

    def check(node: dict[str, object], path: str) -> None:
        nonlocal methods
        assert node["FULL_PATH"] == (path or "/")
        assert node["ACCESS"] in (0, 1, 2, 3)
        tags = node.get("TYPE")
        assert (tags is None) == (node["ACCESS"] == 0)  # A container alone has no type.
        if isinstance(tags, str):
            methods += 1
            assert isinstance(node["DESCRIPTION"], str)
            for name in ("VALUE", "RANGE", "CLIPMODE", "UNIT"):
                listed = node.get(name, [None] * len(tags))
                assert isinstance(listed, list)
                assert len(listed) == len(tags)
            assert ("VALUE" in node) == (node["ACCESS"] in (1, 3))
            for tag, value in zip(tags, node.get("VALUE", ()), strict=False):  # type: ignore[call-overload]
                assert isinstance(value, kinds[tag])
            for limits in node.get("RANGE", ()):  # type: ignore[attr-defined]
                assert set(limits) in ({"MIN", "MAX"}, {"VALS"})
                assert "VALS" not in limits or node["VALUE"][0] in limits["VALS"]  # type: ignore[index]
            assert set(node.get("CLIPMODE", ())) <= {"none", "low", "high", "both"}  # type: ignore[call-overload]
        for name, child in node.get("CONTENTS", {}).items():  # type: ignore[attr-defined]
            assert not set(name) & set(" #*,/?[]{}")
            check(child, f"{path}/{name}")

    check(json.loads(json.dumps(tree(instrument.engine.hands))), "")
    assert methods == len(instrument.engine.tree) + len(list(instrument.engine.actions))
    info = host_info("Understudy", "127.0.0.1", 57120)
    assert info["OSC_TRANSPORT"] in ("UDP", "TCP")
    assert all(isinstance(value, bool) for value in info["EXTENSIONS"].values())
