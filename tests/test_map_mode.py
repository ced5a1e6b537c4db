"""Map mode in the whole instrument: click and move, in either order, conflicts, corrections, undo, the table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.binding import Binding, Fire, Flip, Follow, Hold, Source, Turn
from app.event import NOW, Message
from app.frame import MidiMessage
from app.inbox import Packet
from app.instrument import Instrument
from app.snapshot_map import MapState
from tests.controller_gesture import BUTTON, PAIR, SLOW_KNOB, TOGGLE, TWOS, Recording, controllers
from tests.instrument import offline

DENSITY, MUTE = "/composer/density", "/composer/mute"


class Desk:
    """An instrument in Studio with Map mode on, and a controller. Attributes: `instrument`, `engine`."""

    def __init__(self, folder: Path) -> None:
        self.instrument: Instrument = offline(folder / "session", window=True)
        self.instrument.mapping.shelf.own = folder / "controllers"
        self.engine = self.instrument.engine
        self.set("/window/view", "studio")
        self.set("/map/on", 1)

    def wait(self, seconds: float = 0.05) -> None:
        self.engine.run_until(self.engine.clock.now() + seconds)

    def set(self, address: str, value: float | str) -> None:
        self.engine.set(address, value)
        self.wait()

    def fire(self, address: str, *arguments: float | str) -> None:
        self.engine.fire(address, *arguments)
        self.wait()

    def play(self, recording: Recording, rest: float = 1.2, port: str = "desk") -> None:
        """Play a gesture in its own time, and let it come to rest."""
        began = self.engine.clock.now()
        for at, data in recording:
            self.engine.run_until(began + at / 1000)
            self.engine.inbox.put(MidiMessage(self.engine.clock.now(), port, data))
            self.engine.turn()
        self.wait(rest)

    def osc(self, address: str, *arguments: float) -> None:
        def reply(*_: object) -> None:
            """Nobody asks."""

        self.engine.inbox.put(Packet(self.engine.clock.now(), address, arguments, ("127.0.0.1", 9), reply))
        self.wait(0.02)

    @property
    def state(self) -> MapState:
        return self.engine.snapshot.mapping

    @property
    def hardware(self) -> list[Binding]:
        return [line for line in self.engine.bindings if not line.factory]

    def said(self) -> str:
        return " | ".join(line.text for line in self.engine.monitor.log)

    def value(self, address: str) -> float:
        return self.engine.tree.number(address).value


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.instrument.close()


def cc(number: int, value: int) -> Recording:
    return controllers(number, [(0, value)])


def test_a_control_is_clicked_and_a_knob_is_moved(desk: Desk) -> None:
    desk.fire("/map/target", DENSITY)
    assert (desk.state.on, desk.state.waiting, desk.state.title) == (True, True, "Density")
    before = desk.value(DENSITY)
    desk.play(SLOW_KNOB)
    assert desk.hardware == [Binding(Source("midi", "cc21", 1, "desk"), DENSITY, Follow())]
    assert (desk.state.waiting, desk.state.encoding, desk.value(DENSITY)) == (False, "knob", before)
    assert desk.state.guess == "cc21 ch1, knob"
    line = next(line for line in desk.state.lines if line.number == desk.state.bound)
    assert (line.target, line.title, line.controller, line.take_over) == (DENSITY, "Density", "desk", "pick-up")
    assert desk.state.ghosts[DENSITY] == pytest.approx(49 / 127)
    desk.play(controllers(21, [(0, 90), (60, 102), (90, 110)]))
    assert desk.value(DENSITY) == pytest.approx(110 / 127)
    assert DENSITY not in desk.state.ghosts
    desk.fire("/undo")
    assert desk.hardware == []
    desk.fire("/redo")
    assert len(desk.hardware) == 1


def test_the_hand_may_come_first(desk: Desk) -> None:
    desk.play(SLOW_KNOB)
    assert (desk.state.source, desk.state.target, desk.hardware) == ("cc21 ch1", "", [])
    desk.fire("/map/target", DENSITY)
    assert [line.target for line in desk.hardware] == [DENSITY]


def test_the_kind_of_target_chooses_what_a_button_does(desk: Desk) -> None:
    density = desk.value(DENSITY)
    targets = {MUTE: Flip(), DENSITY: Hold(1.0, density), "/composer/next": Fire(), "/composer/model": Flip()}
    for number, target in enumerate(targets):
        desk.fire("/map/target", target)
        desk.play(controllers(40 + number, [(0, 127), (90, 0)]))
    assert {line.target: line.move for line in desk.hardware} == targets
    desk.fire("/map/target", MUTE)
    desk.play(TOGGLE)
    assert desk.hardware[-1].move == Follow(take_over="immediate")
    desk.play(cc(48, 127))
    assert desk.value(MUTE) == 1


def test_a_text_takes_buttons_only(desk: Desk) -> None:
    desk.fire("/map/target", "/output/osc/host")
    desk.play(SLOW_KNOB)
    assert desk.hardware == []
    assert desk.state.waiting
    assert "is a text, which a knob cannot move" in desk.said()


def test_a_source_that_moves_something_waits_for_a_word(desk: Desk) -> None:
    desk.fire("/map/target", DENSITY)
    desk.play(SLOW_KNOB)
    for word, targets in (("/map/both", {DENSITY, "/composer/intensity"}), ("/map/replace", {"/composer/smoothing"})):
        desk.fire("/map/target", "/composer/intensity" if word == "/map/both" else "/composer/smoothing")
        desk.play(SLOW_KNOB)
        conflict = desk.state.conflict
        assert conflict is not None
        assert conflict.text.startswith("cc21 ch1 moves Density")
        before = {line.target for line in desk.hardware}
        desk.fire(word)
        assert {line.target for line in desk.hardware} == targets
        assert desk.state.conflict is None
        desk.fire("/undo")
        assert {line.target for line in desk.hardware} == before
        desk.fire("/redo")


def test_who_goes_on_without_a_word_moves_it_here_and_who_leaves_leaves_it(desk: Desk) -> None:
    desk.fire("/map/target", DENSITY)
    desk.play(SLOW_KNOB)
    desk.fire("/map/target", MUTE)
    desk.play(SLOW_KNOB)
    assert [line.target for line in desk.hardware] == [DENSITY]
    desk.fire("/map/target", "/composer/intensity")
    assert [line.target for line in desk.hardware] == [MUTE]
    desk.play(SLOW_KNOB)
    desk.set("/map/on", 0)
    assert [line.target for line in desk.hardware] == [MUTE]


def test_more_of_the_same_gesture_corrects_the_guess_in_one_step_of_undo(desk: Desk) -> None:
    desk.fire("/map/target", DENSITY)
    desk.play(controllers(17, [(0, 1), (40, 1), (80, 2)]))
    assert desk.hardware[0].move == Turn("twos")
    assert not desk.state.sure
    desk.play(controllers(17, [(0, 65), (40, 65), (80, 66)]))
    assert desk.hardware[0].move == Turn("signed")
    assert len(desk.hardware) == 1
    desk.fire("/undo")
    assert desk.hardware == []


def test_the_guess_can_be_corrected_by_hand_and_stays(desk: Desk) -> None:
    desk.fire("/map/target", DENSITY)
    desk.play(TWOS)
    desk.fire("/map/encoding", "reverse")
    assert desk.hardware[0].move == Turn("reverse")
    desk.play(TWOS)
    assert desk.hardware[0].move == Turn("reverse")
    desk.fire("/map/encoding", "backwards")
    assert "is no kind of hand" in desk.said()


def test_a_pair_is_one_source_and_moves_finely(desk: Desk) -> None:
    desk.fire("/map/target", DENSITY)
    desk.play(PAIR)
    assert [line.source.name for line in desk.hardware] == ["cc1+"]
    desk.fire("/map/mode", "immediate")
    desk.play([(0.0, (0xB0, 1, 64)), (1.0, (0xB0, 33, 1))])
    assert desk.value(DENSITY) == pytest.approx((64 * 128 + 1) / 16383)


def test_osc_arguments_are_hands_and_sensors_must_leave_their_range(desk: Desk) -> None:
    for _ in range(40):
        desk.osc("/phone/tilt", 0.1, 9.8)
    desk.fire("/map/target", DENSITY)
    for _ in range(10):
        desk.osc("/phone/tilt", 0.12, 9.81)
    desk.wait(0.7)
    assert desk.hardware == []
    for step in range(10):
        desk.osc("/phone/tilt", 0.1 + step * 0.09, 9.8)
    desk.wait(0.7)
    assert [line.source for line in desk.hardware] == [Source("osc", "/phone/tilt", 0)]
    desk.set("/map/on", 0)
    desk.osc("/phone/tilt", 0.25, 9.8)
    assert desk.value(DENSITY) == pytest.approx(0.25)


def test_learners_outputs_are_hands_moved_or_named(desk: Desk) -> None:
    desk.fire("/map/target", DENSITY)
    for step in range(5):
        desk.engine.ensemble.send([Message(NOW, "listener", "/listener/value", (0.2 + step * 0.1,))])
        desk.wait(0.05)
    desk.wait(0.7)
    assert desk.hardware[0].source == Source("output", "/listener/value", 0)
    desk.fire("/map/target", MUTE)
    desk.fire("/map/source", "output", "/listener/label/glass")
    assert desk.hardware[1] == Binding(Source("output", "/listener/label/glass"), MUTE, Flip())


def test_stage_locks_everything(desk: Desk) -> None:
    desk.fire("/map/target", DENSITY)
    desk.play(SLOW_KNOB)
    desk.set("/window/view", "stage")
    assert (desk.state.on, desk.state.locked, desk.state.target) == (False, True, "")
    desk.set("/map/on", 1)
    assert not desk.state.on
    desk.fire("/map/target", MUTE)
    for verb in ("delete", "clear", "invert"):
        desk.fire(f"/map/{verb}", desk.state.lines[-1].number)
    assert len(desk.hardware) == 1
    assert "locked on Stage; go to Studio (F1)" in desk.said()


def test_lines_are_changed_by_number_each_in_one_step(desk: Desk) -> None:
    desk.fire("/map/target", DENSITY)
    desk.play(SLOW_KNOB)
    number = desk.state.bound
    for verb, arguments, move in (
        ("range", (0.2, 0.6), Follow(start=0.2, end=0.6)),
        ("invert", (), Follow(start=0.6, end=0.2)),
        ("curve", (0.5,), Follow(start=0.6, end=0.2, curve=0.5)),
        ("mode", ("scaled",), Follow(start=0.6, end=0.2, curve=0.5, take_over="scaled")),
        ("mode", ("usual",), Follow(start=0.6, end=0.2, curve=0.5)),
        ("encoding", ("offset",), Turn("offset")),
    ):
        desk.fire(f"/map/{verb}", *arguments, number)
        assert desk.hardware[0].move == move
    desk.fire("/undo")
    assert desk.hardware[0].move == Follow(start=0.6, end=0.2, curve=0.5)
    number = next(line.number for line in desk.state.lines if line.target == DENSITY and line.kind == "midi")
    desk.fire("/map/locate", number)
    assert (desk.state.located, desk.state.locating) == (DENSITY, 1)
    desk.fire("/map/delete", number)
    assert desk.hardware == []
    desk.fire("/undo")
    desk.fire("/map/clear", DENSITY)
    assert not [line for line in desk.engine.bindings if line.target == DENSITY]
    desk.fire("/undo")
    assert len([line for line in desk.engine.bindings if line.target == DENSITY]) == 5


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/map/target", ()),
        ("/map/target", ("/nowhere",)),
        ("/map/target", ("/map/on",)),
        ("/map/source", ("midi",)),
        ("/map/source", ("smell", "rose")),
        ("/map/source", ("midi", "cc1", "much")),
        ("/map/replace", ()),
        ("/map/encoding", ("knob",)),
        ("/map/delete", (9999,)),
        ("/map/delete", ("all",)),
        ("/map/range", (0.1,)),
        ("/map/locate", ()),
        ("/map/import", ("nothing of that name",)),
        ("/map/export", ("nobody",)),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(desk: Desk, address: str, arguments: tuple[float | str, ...]) -> None:
    desk.fire(address, *arguments)
    errors = [line.text for line in desk.engine.monitor.log if line.level == "error"]
    assert len(errors) == 1
    assert "fault" not in desk.said()
    assert desk.hardware == []


def test_a_bound_knob_moves_its_target_while_the_next_is_mapped(desk: Desk) -> None:
    desk.fire("/map/target", DENSITY)
    desk.play(SLOW_KNOB)
    desk.fire("/map/mode", "immediate")
    desk.play(cc(21, 12))
    assert desk.value(DENSITY) == pytest.approx(12 / 127)
    assert desk.state.source == "cc21 ch1"
    desk.fire("/map/target", MUTE)
    desk.play(BUTTON)
    assert {line.target for line in desk.hardware} == {DENSITY, MUTE}


def test_two_controllers_with_the_same_numbers_are_two_sources(desk: Desk) -> None:
    for port, target in (("left", DENSITY), ("right", "/composer/intensity")):
        desk.fire("/map/target", target)
        desk.play(SLOW_KNOB, port=port)
    assert desk.state.conflict is None
    assert {line.source.port for line in desk.hardware} == {"left", "right"}


def test_a_profile_goes_out_and_comes_back_in_one_step(desk: Desk, tmp_path: Path) -> None:
    desk.fire("/map/target", DENSITY)
    desk.play(SLOW_KNOB)
    desk.fire("/map/target", MUTE)
    desk.play(BUTTON)
    lines = desk.hardware
    desk.fire("/map/export", "desk")
    assert (tmp_path / "controllers" / "desk.json").is_file()
    desk.fire("/map/clear")
    assert desk.hardware == []
    desk.fire("/map/import", "desk")
    assert desk.hardware == lines
    desk.fire("/undo")
    assert desk.hardware == []
    elsewhere = tmp_path / "set" / "mine.json"
    desk.fire("/redo")
    desk.fire("/map/export", "desk", str(elsewhere))
    desk.fire("/map/clear")
    desk.fire("/map/import", str(elsewhere))
    assert desk.hardware == lines
    desk.wait(3.0)
    assert "desk" in desk.state.profiles
