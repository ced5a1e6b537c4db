"""The performer's own profiles: there when a controller comes, and hidden where a session says otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.binding import Binding, Follow, Source
from app.map_home import KEEP
from app.profile import read, write
from app.session import apply, gather
from tests.controller_gesture import SLOW_KNOB
from tests.controller_rig import Rig

DENSITY, TEMPO = "/transport/bpm", "/engine/lookahead"
BOX = "desk:desk MIDI 1 20:0"


def knob(number: int, target: str = DENSITY, profile: bool = False) -> Binding:
    return Binding(Source("midi", f"cc{number}", 1, "desk"), target, Follow(), profile=profile)


def own(rig: Rig) -> list[Binding]:
    return [line for line in rig.engine.bindings if not line.factory]


def on_disk(folder: Path, name: str = "desk") -> list[str]:
    path = folder / "own" / f"{name}.json"
    return [line.target for line in read(path)[1]] if path.exists() else []


def map_knob(rig: Rig, target: str = DENSITY) -> None:
    rig.engine.set("/map/on", 1)
    rig.engine.fire("/map/target", target)
    rig.run(0.05)
    began = rig.clock.seconds
    for at, data in SLOW_KNOB:
        rig.engine.run_until(began + at / 1000)
        rig.boxes.play(BOX, *data)
    rig.run(2.0)
    rig.engine.set("/map/on", 0)
    rig.run(1.0)


def test_a_line_made_on_a_controller_is_there_in_the_next_run_and_in_no_session(tmp_path: Path) -> None:
    rig = Rig(tmp_path, BOX)
    rig.run(0.1)
    map_knob(rig)
    (line,) = own(rig)
    assert line.profile
    assert on_disk(tmp_path) == [DENSITY]
    assert gather(rig.engine.hands, {})["bindings"] == []
    rig.mapping.close()
    again = Rig(tmp_path, BOX)
    again.run(0.1)
    assert own(again) == [line]
    for value in (40, 60, 127):
        again.boxes.play(BOX, 0xB0, int(line.source.name[2:]), value)
        again.run(0.02)
    assert again.engine.tree.number(DENSITY).value == 300


def test_it_comes_with_the_plug_and_stays_with_the_session_where_that_is_chosen(tmp_path: Path) -> None:
    write(tmp_path / "own" / "desk.json", "desk", [knob(21)])
    rig = Rig(tmp_path)
    rig.run(2.0)
    assert own(rig) == []
    rig.boxes.plug(BOX)
    rig.run(2.0)
    assert own(rig) == [knob(21, profile=True)]
    rig.engine.set(KEEP, "session")
    rig.run()
    map_knob_and_answer(rig, "/map/replace")
    made = [line for line in own(rig) if not line.profile]
    assert [line.target for line in made] == [TEMPO]
    assert [line["target"] for line in gather(rig.engine.hands, {})["bindings"]] == [TEMPO]
    assert on_disk(tmp_path) == [DENSITY]


def test_a_sessions_line_for_the_same_source_wins_until_it_is_gone(tmp_path: Path) -> None:
    write(tmp_path / "own" / "desk.json", "desk", [knob(21), knob(22, TEMPO)])
    rig = Rig(tmp_path)
    stored = {"parameters": {}, "bindings": []}
    rig.engine.bindings.add(knob(21, "/transport/beats_per_bar"))
    rig.boxes.plug(BOX)
    rig.run(2.0)
    assert set(own(rig)) == {knob(21, "/transport/beats_per_bar"), knob(22, TEMPO, profile=True)}
    assert on_disk(tmp_path) == [DENSITY, TEMPO], "what a session hides is not lost"
    for line in own(rig):
        if line.own:
            rig.engine.bindings.remove(line)
    apply(rig.engine.hands, stored, rig.engine.say)
    rig.run(1.0)
    assert set(own(rig)) == {knob(21, profile=True), knob(22, TEMPO, profile=True)}
    assert on_disk(tmp_path) == [DENSITY, TEMPO]


def test_deleting_and_undoing_are_written_too(tmp_path: Path) -> None:
    write(tmp_path / "own" / "desk.json", "desk", [knob(21), knob(22, TEMPO)])
    rig = Rig(tmp_path, BOX)
    rig.run(0.5)
    number = next(line.number for line in rig.engine.snapshot.mapping.lines if line.target == DENSITY)
    rig.engine.fire("/map/delete", float(number))
    rig.run(1.0)
    assert on_disk(tmp_path) == [TEMPO]
    rig.engine.fire("/undo")
    rig.run(1.0)
    assert sorted(on_disk(tmp_path)) == sorted([DENSITY, TEMPO])


def test_a_line_goes_home_and_back_to_the_session_by_its_number(tmp_path: Path) -> None:
    rig = Rig(tmp_path, BOX)
    rig.run(0.1)
    rig.engine.bindings.add(knob(21))
    rig.run(0.5)
    (line,) = rig.engine.snapshot.mapping.lines
    assert not line.profile
    rig.engine.fire("/map/home", "controller", float(line.number))
    rig.run(1.0)
    (line,) = rig.engine.snapshot.mapping.lines
    assert line.profile
    assert on_disk(tmp_path) == [DENSITY]
    rig.engine.fire("/map/home", "session", float(line.number))
    rig.run(1.0)
    assert on_disk(tmp_path) == []
    assert own(rig) == [knob(21)]


@pytest.mark.parametrize("answer", ["/map/replace", "/map/both"])
@pytest.mark.parametrize("place", ["controller", "session"])
def test_a_conflict_with_a_profiles_line_keeps_both_places_right(tmp_path: Path, answer: str, place: str) -> None:
    number = next(data[1] for _, data in SLOW_KNOB)
    first = Binding(Source("midi", f"cc{number}", SLOW_KNOB[0][1][0] % 16 + 1, "desk"), DENSITY, Follow())
    write(tmp_path / "own" / "desk.json", "desk", [first])
    rig = Rig(tmp_path, BOX)
    rig.run(0.1)
    rig.engine.set(KEEP, place)
    rig.run()
    map_knob_and_answer(rig, answer)
    moved = {line.target for line in own(rig)}
    assert moved == ({TEMPO} if answer == "/map/replace" else {DENSITY, TEMPO})
    assert {line.profile for line in own(rig)} == {place == "controller"}
    kept = {"/map/replace": {TEMPO}, "/map/both": {DENSITY, TEMPO}}[answer] if place == "controller" else {DENSITY}
    assert set(on_disk(tmp_path)) == kept
    rig.engine.fire("/undo")
    rig.run(1.0)
    assert [line.target for line in own(rig)] == [DENSITY]
    assert on_disk(tmp_path) == [DENSITY]


def map_knob_and_answer(rig: Rig, answer: str) -> None:
    rig.engine.set("/map/on", 1)
    rig.engine.fire("/map/target", TEMPO)
    rig.run(0.05)
    began = rig.clock.seconds
    for at, data in SLOW_KNOB:
        rig.engine.run_until(began + at / 1000)
        rig.boxes.play(BOX, *data)
    rig.run(1.2)
    assert rig.engine.snapshot.mapping.conflict is not None
    rig.engine.fire(answer)
    rig.run(1.5)


def test_safe_loads_none_and_keeps_none(tmp_path: Path) -> None:
    write(tmp_path / "own" / "desk.json", "desk", [knob(21)])
    rig = Rig(tmp_path, BOX)
    rig.mapping.home.on = False
    rig.run(0.5)
    assert own(rig) == []
    map_knob(rig, TEMPO)
    assert [line.profile for line in own(rig)] == [False]
    assert on_disk(tmp_path) == [DENSITY]


@pytest.mark.parametrize("text", ["{", json.dumps({"controller": "desk", "bindings": [{"target": 5}]})])
def test_a_hurt_profile_is_said_and_set_aside_before_it_is_written(tmp_path: Path, text: str) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "desk.json").write_text(text)
    rig = Rig(tmp_path, BOX)
    rig.run(0.5)
    assert any("desk" in line for line in rig.said())
    assert (tmp_path / "own" / "desk.json").read_text() == text
    map_knob(rig)
    assert on_disk(tmp_path) == [DENSITY]
    assert (tmp_path / "own" / "desk.json.unreadable-1").read_text() == text


def test_a_folder_that_refuses_is_said_once_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "own").write_text("in the way")
    rig = Rig(tmp_path, BOX)
    rig.run(0.1)
    map_knob(rig)
    rig.run(5.0)
    assert sum("could not be written" in line for line in rig.said()) == 1
    (tmp_path / "own").unlink()
    rig.run(12.0)
    assert on_disk(tmp_path) == [DENSITY]


def test_what_the_system_adds_to_the_name_does_not_matter_and_twins_are_two(tmp_path: Path) -> None:
    write(tmp_path / "own" / "desk.json", "desk", [knob(21)])
    rig = Rig(tmp_path, "desk SLIDER:desk SLIDER 20:0", "desk SLIDER:desk SLIDER 24:0")
    rig.run(0.5)
    assert [line.source.port for line in own(rig)] == ["desk SLIDER"]


@pytest.mark.parametrize("name", ["desk SLIDER/KNOB", "../desk", "C:desk*?", ".."])
def test_no_name_of_a_port_leads_out_of_the_folder(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rig = Rig(tmp_path, f"system:{name}")
    rig.run(0.1)
    (controller,) = rig.mapping.home.kept
    rig.engine.bindings.add(Binding(Source("midi", "cc21", 1, controller), DENSITY, Follow(), profile=True))
    rig.run(1.0)
    rig.engine.fire("/map/export", controller)
    rig.run(1.0)
    assert [path.parent for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "own"]
