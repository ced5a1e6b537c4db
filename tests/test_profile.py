"""Profiles of controllers: whole, forgiving, and the performer's own before the instrument's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.binding import Binding, Fire, Follow, Source, Turn
from app.profile import ProfileError, Shelf, read, write
from tests.controller_rig import Rig

LINES = [
    Binding(Source("midi", "cc21", 1, "desk"), "/x", Follow(start=1.0, end=0.0)),
    Binding(Source("midi", "cc1+", 3, "desk"), "/x", Turn("offset", amount=0.01)),
    Binding(Source("midi", "note36", 10, "desk"), "/panic", Fire((1.0, "a"))),
]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "desk.json"
    assert write(path, "desk", LINES) == 3
    assert read(path) == ("desk", LINES, [])
    assert '"port"' not in path.read_text()


@pytest.mark.parametrize("text", ["", "[]", "{}", "{", '{"bindings": 3}', "\x00", "[" * 100_000])
def test_what_is_no_profile_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "desk.json"
    path.write_text(text)
    with pytest.raises(ProfileError, match=r"desk\.json"):
        read(path)


def test_a_broken_line_costs_only_itself(tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    write(path, "desk", LINES)
    stored = json.loads(path.read_text())
    stored["bindings"].insert(1, {"source": {"kind": "midi", "name": "cc1"}, "target": "/x", "move": "leap"})
    stored["bindings"].insert(2, 7)
    path.write_text(json.dumps(stored))
    controller, lines, faults = read(path)
    assert (controller, lines, len(faults)) == ("desk", LINES, 2)


@given(values)
def test_any_json_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.json"
    path.write_text(json.dumps({"controller": value, "bindings": value if isinstance(value, list) else [value]}))
    _, lines, faults = read(path)
    assert len(lines) + len(faults) == (len(value) if isinstance(value, list) else 1)


def test_the_performers_own_comes_first_and_names_cannot_leave_the_shelf(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "own", tmp_path / "shipped")
    write(shelf.shipped / "Desk.json", "Desk", LINES)
    assert shelf.find("desk") == shelf.shipped / "Desk.json"
    write(shelf.place("Desk"), "Desk", LINES[:1])
    assert shelf.find("Desk") == shelf.own / "Desk.json"
    assert shelf.names == ("Desk",)
    assert shelf.place("a:b?").parent == shelf.own
    assert shelf.place("..").parent == shelf.own


def test_a_profile_fits_the_controller_by_the_name_the_system_gives_it(tmp_path: Path) -> None:
    rig = Rig(tmp_path, "Desk SLIDER/KNOB")
    rig.run(0.1)
    write(rig.mapping.shelf.shipped / "Desk.json", "Desk", LINES)
    rig.engine.fire("/map/import", "Desk")
    rig.run(0.1)
    assert {line.source.port for line in rig.engine.bindings} == {"Desk SLIDER/KNOB"}
    assert any("/x: 2 bindings have no target" in line for line in rig.said())


def test_a_disk_that_refuses_is_said(tmp_path: Path) -> None:
    rig = Rig(tmp_path, "desk:out")
    for line in LINES:
        rig.engine.bindings.add(line)
    (tmp_path / "file").write_text("")
    rig.engine.fire("/map/export", "desk", str(tmp_path / "file" / "desk.json"))
    rig.run(0.1)
    assert any("Export bindings failed" in line for line in rig.said())
