"""The Rules in the window, by click and by key: from an empty table to a called preset that is heard."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.event import Message
from app.snapshot_rules import RulesState
from tests.instrument import port_of
from tests.ui.rig import Modifier, Rig
from ui.fader import Fader
from ui.panel.rules_examples import RulesExamples, words
from ui.panel.rules_model import RulesModel
from ui.panel.rules_output import RulesOutput
from ui.widget.choice import Choice
from ui.widget.entry import EntryField
from ui.widget.map_target import target_of
from ui.widget.pad import ActionPad, Pad, SwitchPad
from ui.widget.rules_cell import ROWS, farthest, row_of, short
from ui.widget.rules_key import DicePad, LockPad
from ui.widget.rules_label import CallPad, KeepPad
from ui.widget.rules_lane import Lane
from ui.widget.rules_list import RuleList
from ui.widget.rules_map import RulesMap
from ui.widget.sentence import Sentence

# Around one sound each: what a performer keeps who turns one or two knobs at a time.
RAIN = ((60, 800), (60, 1200), (72, 800))
STORM = ((220, 4000), (330, 4000), (220, 5000))


class Bench:
    """The columns of the Rules. Attributes: `rig`, `examples`, `model`, `output`."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        rig.engine.set("/output/osc/on", 1.0)
        rig.engine.set("/composer/mute", 1.0)
        rig.show("studio")
        rig.key(Qt.Key.Key_2, Modifier.AltModifier)
        examples, model, output = rig.window.studio.rules
        assert isinstance(examples, RulesExamples)
        assert isinstance(model, RulesModel)
        assert isinstance(output, RulesOutput)
        self.examples, self.model, self.output = examples, model, output
        self.turn()

    @property
    def state(self) -> RulesState:
        return self.rig.engine.snapshot.rules

    def turn(self, seconds: float = 0.1) -> None:
        """Let time pass, and new pads find their places."""
        self.rig.play(seconds)
        QApplication.processEvents()

    def click(self, widget: QWidget, at: QPoint | None = None, modifiers: Modifier = Modifier.NoModifier) -> None:
        assert widget.isVisible()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, modifiers, at or widget.rect().center())
        self.turn()

    def pad(self, kind: type[Pad], name: str) -> Pad:
        return self.rig.find(kind, name)

    def type_value(self, knob: str, text: str) -> None:
        """Type a value into a knob's lane, as one does: Tab to it, Return, the figures, Return."""
        self.rig.find(Lane, knob).setFocus()
        self.rig.key(Qt.Key.Key_Return)
        self.rig.type(text)
        self.rig.key(Qt.Key.Key_Return)
        self.turn()

    def keep(self, label: str) -> None:
        """Keep what is heard: by its pad, or by typing a new label."""
        pads = [pad for pad in self.examples.keep.pads if pad.isVisible() and pad.label == label]
        if pads:
            self.click(pads[0])
            return
        self.click(self.examples.field)
        self.examples.field.setFocus()
        self.rig.type(label)
        self.rig.key(Qt.Key.Key_Return)
        self.turn()

    def teach(self) -> None:
        """Keep two labels with three presets each."""
        for label, rows in (("rain", RAIN), ("storm", STORM)):
            for freq, cutoff in rows:
                self.type_value("freq", str(freq))
                self.type_value("cutoff", str(cutoff))
                self.keep(label)
        self.turn(0.5)

    def sent(self, name: str) -> list[object]:
        """Return what the synth was told about a knob."""
        heard = [event for _, event in port_of(self.rig.instrument).sent if isinstance(event, Message)]
        return [event.arguments[0] for event in heard if event.address == f"/patch/{name}"]

    def knob(self, number: int) -> float:
        return self.rig.number(f"/rules/knob/{number}").value

    def map_press(self, column: int, row: int, release: bool = True) -> None:
        """Drag from the present cell of the map to another one."""
        pad, middle = self.model.map, self.model.map.cell_box((column, row)).center()
        mouse(pad, QMouseEvent.Type.MouseButtonPress, pad.cell_box(pad.here).center())
        mouse(pad, QMouseEvent.Type.MouseMove, middle)
        if release:
            mouse(pad, QMouseEvent.Type.MouseButtonRelease, middle)
        self.turn()


def mouse(widget: QWidget, kind: QMouseEvent.Type, at: QPointF) -> None:
    none, left = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton
    button = none if kind == QMouseEvent.Type.MouseMove else left
    held = none if kind == QMouseEvent.Type.MouseButtonRelease else left
    event = QMouseEvent(kind, at, widget.mapToGlobal(at), button, held, Modifier.NoModifier)
    QApplication.sendEvent(widget, event)


@pytest.fixture
def bench(rig: Rig) -> Bench:
    return Bench(rig)


@pytest.fixture
def taught(bench: Bench) -> Bench:
    bench.teach()
    return bench


# --- the whole way ----------------------------------------------------------------------------------------


def test_from_an_empty_table_to_a_called_preset_that_is_new_and_heard(bench: Bench) -> None:
    assert bench.state.presets == ()
    bench.teach()
    assert [row.label for row in bench.state.presets] == ["rain"] * 3 + ["storm"] * 3
    assert {count.label: count.presets for count in bench.state.labels} == {"rain": 3, "storm": 3}
    assert bench.sent("freq")[-1] == 220

    bench.map_press(2, row_of(0.5))
    assert (bench.state.distance, bench.state.consistency) == (2, 0.5)
    bench.turn(0.3)
    bench.click(bench.pad(SwitchPad, "Only new"))
    before = len(bench.sent("cutoff"))
    bench.click(bench.pad(CallPad, "Call rain"))
    # Of {60, 72} x {800, 1200} three were kept; the fourth is what the rule adds.
    assert (bench.knob(1), bench.knob(3)) == (72, 1200)
    assert bench.sent("cutoff")[before:] == [1200]
    heard = bench.state.sounding
    assert (heard.label, heard.new, heard.changed) == ("rain", True, 1)
    assert "new: 1 knob from preset" in " ".join(bench.output.sounding.lines)

    bench.click(bench.pad(ActionPad, "Good"))
    assert [row.label for row in bench.state.presets].count("rain") == 4
    assert bench.state.presets[-1].origin.startswith("rain rule")


# --- examples ---------------------------------------------------------------------------------------------


def test_a_knob_is_turned_locked_and_thrown(bench: Bench) -> None:
    lane = bench.rig.find(Lane, "cutoff")
    lane.setFocus()
    before = bench.knob(3)
    bench.rig.key(Qt.Key.Key_PageUp)
    assert bench.knob(3) > before
    bench.click(bench.pad(DicePad, "Random cutoff"))
    thrown = bench.knob(3)
    assert thrown != before
    bench.rig.engine.fire("/undo")
    bench.turn()
    assert bench.knob(3) != thrown
    kept = bench.knob(3)
    bench.click(bench.pad(LockPad, "Lock cutoff"))
    assert bench.state.knobs[2].locked
    bench.click(bench.pad(Pad, "Vary all knobs"))
    assert bench.knob(3) == kept
    assert bench.knob(4) != bench.rig.number("/rules/knob/4").default


def test_a_thrown_knob_stands_at_one_of_few_values(bench: Bench) -> None:
    bench.rig.engine.set("/rules/levels", 3.0)
    bench.turn()
    seen = set()
    for _ in range(12):
        bench.click(bench.pad(DicePad, "Random mix"))
        seen.add(round(bench.knob(7), 3))
    assert seen <= {0.0, 0.5, 1.0}
    assert len(seen) > 1


def test_a_press_snaps_a_knob_that_never_repeats(bench: Bench) -> None:
    for freq, mix in ((60, 0.1), (80, 0.2), (100, 0.35), (120, 0.9)):
        bench.type_value("freq", str(freq))
        bench.type_value("mix", str(mix))
        bench.keep("rain")
    bench.turn(0.3)
    before = bench.state.presets
    bench.click(bench.pad(DicePad, "Snap mix"))
    assert len(bench.state.presets) == 4
    assert bench.rig.find(Lane, "mix").marks.repeats
    assert bench.pad(DicePad, "Random mix").isVisible()
    bench.rig.engine.fire("/undo")
    bench.turn()
    assert bench.state.presets == before


def test_vary_and_return(bench: Bench) -> None:
    start = [bench.knob(n) for n in range(1, 17)]
    bench.click(bench.pad(Pad, "Vary 2 knobs"))
    moved = [n for n in range(16) if bench.knob(n + 1) != start[n]]
    assert len(moved) == 2
    bench.click(bench.pad(ActionPad, "Go back"))
    assert [bench.knob(n) for n in range(1, 17)] == start


def test_fully_random_presets_are_warned_about(bench: Bench) -> None:
    bench.click(bench.pad(Pad, "Vary all knobs"))
    assert "random presets will not form rules" in sentence(bench).text
    assert sentence(bench).color == "learning"


def sentence(bench: Bench) -> Sentence:
    return bench.examples.sheet.findChildren(Sentence)[0]


def test_presets_stand_on_the_lanes_in_the_colours_of_their_labels(taught: Bench) -> None:
    lane = taught.rig.find(Lane, "freq")
    assert set(lane.marks.ticks) == {(60, 0), (72, 0), (220, 1), (330, 1)}
    taught.click(taught.pad(CallPad, "Call storm"))
    rule = next(r for r in taught.state.rules if (r.label, r.number) == ("storm", taught.state.sounding.rule))
    assert lane.marks.dots == rule.sets[0]
    assert lane.marks.colour == 1
    assert not lane.marks.is_bar
    taught.rig.engine.set("/rules/mode", "interval")
    taught.click(taught.pad(CallPad, "Call storm"))
    assert lane.marks.is_bar


def test_a_knob_that_never_repeats_is_flagged(bench: Bench) -> None:
    for mix, decay in ((0.1, 0.5), (0.2, 0.5), (0.35, 0.5)):
        bench.type_value("mix", str(mix))
        bench.type_value("decay", str(decay))
        bench.keep("rain")
    bench.turn(0.3)
    assert not bench.rig.find(Lane, "mix").marks.repeats
    assert bench.rig.find(Lane, "decay").marks.repeats
    assert "can never match" in sentence(bench).text


def test_the_same_preset_is_refused_and_no_class_is_kept(taught: Bench) -> None:
    taught.keep("storm")
    assert "already saved" in taught.rig.window.status_bar.left.text
    taught.type_value("freq", "440")
    taught.click(taught.pad(Pad, "No class"))
    assert taught.state.presets[-1].label == ""
    assert words(taught.rig.engine.snapshot) == "7 presets, 2 labels, 1 of no class"


def test_presets_are_heard_relabelled_and_deleted_in_the_table(taught: Bench) -> None:
    taught.click(taught.pad(Pad, "Table"))
    grid = taught.examples.table.grid
    assert grid.presets.rowCount() == 6
    taught.click(grid.viewport(), grid.visualRect(grid.presets.index(0, 0)).center())
    assert (taught.knob(1), taught.knob(3)) == (60, 800)
    assert grid.presets.setData(grid.presets.index(0, 1), "drizzle")
    taught.turn()
    assert taught.state.presets[0].label == "drizzle"
    taught.rig.engine.fire("/undo")
    taught.turn()
    assert taught.state.presets[0].label == "rain"
    grid.setFocus()
    grid.clearSelection()
    grid.selectRow(5)
    taught.rig.key(Qt.Key.Key_Delete)
    taught.turn()
    assert len(taught.state.presets) == 5


def test_a_table_is_imported_and_exported(bench: Bench, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text("freq,cutoff,label\n60,800,rain\n72,800,rain\n220,4000,storm\n", encoding="utf-8")
    bench.examples.table.take(str(source))
    bench.turn(0.3)
    assert len(bench.state.presets) == 3
    assert bench.state.names == ("freq", "cutoff")
    assert bench.state.places == (0, 2)
    assert bench.rig.find(Lane, "cutoff").marks.ticks == ((800, 0), (4000, 1))
    target = tmp_path / "out.csv"
    bench.rig.engine.fire("/rules/export", str(target))
    bench.turn(0.3)
    assert "storm" in target.read_text(encoding="utf-8")
    bench.examples.table.take(str(tmp_path / "missing.csv"))
    bench.turn(0.3)
    assert "missing.csv" in bench.rig.window.status_bar.left.text
    assert len(bench.state.presets) == 3


def test_another_synth_has_other_knobs(bench: Bench) -> None:
    choice = bench.rig.find(Choice, "Synth")
    choice.setFocus()
    bench.rig.key(Qt.Key.Key_Up)
    bench.turn()
    names = [knob.name for knob in bench.state.knobs]
    lanes = [row.lane for row in bench.examples.sheet.knobs.rows if row.isVisible()]
    assert [lane.accessibleName() for lane in lanes] == names[:16]
    assert bench.state.synth != "Understudy, 16 knobs"


# --- model ------------------------------------------------------------------------------------------------


def test_dragging_previews_and_letting_go_commits(taught: Bench) -> None:
    before = (taught.state.distance, taught.state.consistency)
    taught.map_press(2, row_of(0.25), release=False)
    assert (taught.state.distance, taught.state.consistency) == before
    assert taught.model.map.wish == (2, row_of(0.25))
    assert "distance 2, consistency 1/4: " in taught.model.map.words
    assert "variations" in taught.model.map.words
    mouse(taught.model.map, QMouseEvent.Type.MouseButtonRelease, taught.model.map.cell_box((2, row_of(0.25))).center())
    taught.turn()
    assert (taught.state.distance, taught.state.consistency) == (2, 0.25)
    taught.rig.engine.fire("/undo")
    taught.turn()
    assert (taught.state.distance, taught.state.consistency) != (2, 0.25)


def test_arrows_move_both_knobs_and_delete_resets(taught: Bench) -> None:
    taught.model.map.setFocus()
    taught.rig.key(Qt.Key.Key_Right)
    taught.rig.key(Qt.Key.Key_Down)
    taught.rig.key(Qt.Key.Key_Down)
    taught.turn()
    assert (taught.state.distance, taught.state.consistency) == (2, pytest.approx(2 / 3))
    taught.rig.key(Qt.Key.Key_Delete)
    taught.turn()
    assert (taught.state.distance, taught.state.consistency) == (1, 1)


def test_the_map_has_a_cell_for_every_setting_tried(taught: Bench) -> None:
    cells = taught.model.map.cells
    assert len(cells) == 64
    tried = {(cell.distance, cell.consistency): cell.variations for cell in taught.state.cells}
    assert cells[2, row_of(0.5)].variations == tried[2, 0.5]
    assert ROWS[0] == 1
    assert ROWS[-1] == 0


@pytest.mark.parametrize(("consistency", "limit"), [(1, 1), (0.75, 2), (0.5, 2), (0.25, 3), (0.125, 4)])
def test_the_line_stands_where_distance_ends_to_matter(consistency: float, limit: int) -> None:
    assert farthest(consistency) == limit


def test_counts_in_four_letters() -> None:
    assert [short(count) for count in (7, 999, 1000, 9216, 331_776, 10**7, 10**15)] == [
        "7", "999", "1.0k", "9.2k", "332k", "10M", "∞",
    ]  # fmt: skip


def test_a_rule_is_called_by_click_and_by_number(taught: Bench) -> None:
    rules = taught.model.sheets.rules
    at = next(place for place, line in enumerate(rules.lines) if line.key == "storm 2")
    tall = taught.rig.window.desk.look.px(rules.tall)
    taught.click(rules, QPoint(30, (at - rules._top) * tall + 5))
    assert (taught.state.sounding.label, taught.state.sounding.rule) == ("storm", 2)
    assert rules.chosen == "storm 2"
    taught.rig.window.setFocus()
    taught.rig.key(Qt.Key.Key_1)
    taught.turn()
    assert (taught.state.sounding.label, taught.state.sounding.rule) == ("storm", 1)
    rules.setFocus()
    taught.rig.key(Qt.Key.Key_Down)
    taught.turn()
    assert taught.state.sounding.rule == 2


def test_rules_are_sorted_by_what_they_hold(taught: Bench) -> None:
    taught.map_press(2, row_of(0.5))
    taught.keep("fog")
    taught.turn(0.3)
    rules: RuleList = taught.model.sheets.rules
    labels = [line.rule.label for line in rules.lines]
    assert labels == sorted(labels)
    taught.click(taught.pad(Pad, "Sort the rules"))
    owns = [line.rule.own for line in rules.lines]
    assert owns == sorted(owns, reverse=True)


def test_a_model_that_waits_is_taken(taught: Bench) -> None:
    taught.click(taught.pad(SwitchPad, "Hold"))
    before = taught.state.rules
    taught.map_press(2, row_of(0.5))
    taught.turn(0.3)
    assert taught.state.rules == before
    assert "distance 2" in taught.state.candidate
    take = taught.pad(ActionPad, "Take")
    assert take.fill == "learning"
    taught.click(take)
    assert taught.state.rules != before
    taught.click(taught.pad(ActionPad, "A/B"))
    assert taught.state.rules == before


def test_models_are_kept_and_used(taught: Bench) -> None:
    taught.model.sheets.open("Kept")
    field = taught.rig.find(EntryField, "Keep this model")
    field.setFocus()
    taught.rig.type("opening")
    taught.rig.key(Qt.Key.Key_Return)
    taught.turn()
    assert taught.state.palette == ("opening",)
    kept = taught.model.sheets.kept
    taught.click(kept, QPoint(30, taught.rig.window.desk.look.px(kept.tall) + 5))
    assert taught.state.playing == 1
    taught.click(taught.pad(Pad, "Drop"))
    assert taught.state.palette == ()


def test_conflicts_are_told_and_return_learns(taught: Bench) -> None:
    taught.type_value("freq", "60")
    taught.type_value("cutoff", "800")
    taught.keep("storm")
    taught.turn(0.3)
    assert any("under" in text for text in taught.state.conflicts)
    tab = next(tab for tab in taught.model.sheets.tabs if tab.name == "Conflicts")
    assert tab.text() == f"Conflicts {len(taught.state.conflicts)}"
    taught.rig.engine.set("/rules/auto", 0.0)
    taught.rig.engine.set("/rules/distance", 2.0)
    taught.turn(0.3)
    rules = taught.state.rules
    taught.rig.engine.set("/rules/consistency", 0.5)
    taught.rig.window.setFocus()
    taught.rig.key(Qt.Key.Key_Return)
    taught.turn(0.3)
    assert taught.state.rules != rules


# --- output -----------------------------------------------------------------------------------------------


def test_shift_calls_the_next_rule(taught: Bench) -> None:
    pad = taught.pad(CallPad, "Call storm")
    taught.click(pad, modifiers=Modifier.ShiftModifier)
    first = taught.state.sounding.rule
    taught.click(pad, modifiers=Modifier.ShiftModifier)
    assert (first, taught.state.sounding.rule) == (1, 2)
    assert pad.fill == "active"


def test_wrong_becomes_no_class_and_is_undone(taught: Bench) -> None:
    taught.type_value("freq", "500")
    taught.click(taught.pad(ActionPad, "Wrong"))
    assert taught.state.presets[-1].label == ""
    taught.click(taught.rig.find(ActionPad, "Undo"))
    assert all(row.label for row in taught.state.presets)


def test_a_line_is_typed_and_echoed(taught: Bench) -> None:
    field = taught.output.line
    field.setFocus()
    taught.rig.type("ruler distance:2 consistency:0.5")
    taught.rig.key(Qt.Key.Key_Return)
    taught.turn(0.3)
    assert (taught.state.distance, taught.state.consistency) == (2, 0.5)
    taught.rig.type("set storm r")
    taught.rig.key(Qt.Key.Key_Return)
    taught.turn()
    assert taught.state.echo == "set storm r"
    assert taught.state.sounding.label == "storm"
    assert field.hasFocus()
    taught.rig.key(Qt.Key.Key_Up)
    assert field.text() == "set storm r"
    taught.rig.key(Qt.Key.Key_Escape)
    assert not field.hasFocus()
    field.setFocus()
    taught.rig.type("dance")
    taught.rig.key(Qt.Key.Key_Return)
    taught.turn()
    assert "'dance' is no word here" in taught.rig.window.status_bar.left.text


def test_labels_are_called_in_time(taught: Bench) -> None:
    taught.rig.engine.set("/rules/every", "1 bar")
    taught.rig.engine.set("/rules/sequence", "storm rain")
    taught.rig.key(Qt.Key.Key_Space)
    taught.turn(0.1)
    assert taught.state.sounding.label == "storm"
    taught.turn(2.0)
    assert taught.state.sounding.label == "rain"


# --- stage ------------------------------------------------------------------------------------------------


def test_stage_shows_the_rules_large_and_figures_call_labels(taught: Bench) -> None:
    rig = taught.rig
    rig.key(Qt.Key.Key_F2)
    taught.turn()
    stage = rig.window.stage.rules
    assert stage.isVisible()
    assert stage.map.isVisible()
    rig.key(Qt.Key.Key_2)
    taught.turn()
    assert taught.state.sounding.label == "storm"
    taught.click(stage.calls.pads[0])
    assert taught.state.sounding.label == "rain"
    assert stage.line.text.startswith("›")
    rig.key(Qt.Key.Key_4, Modifier.AltModifier)
    assert not stage.isVisible()
    assert rig.window.stage.faders[0].isVisible()


def test_figures_record_for_the_listener_while_others_are_chosen(taught: Bench) -> None:
    taught.rig.window.setFocus()
    taught.rig.key(Qt.Key.Key_1, Modifier.AltModifier)
    before = taught.state.sounding
    taught.rig.hold(Qt.Key.Key_1)
    assert taught.rig.number("/listener/record").value == 1
    taught.rig.let_go(Qt.Key.Key_1)
    assert taught.state.sounding == before


def test_colours_stay_when_the_first_label_goes(taught: Bench) -> None:
    desk = taught.rig.window.desk
    assert desk.presets(taught.rig.engine.snapshot).colours == {"rain": 0, "storm": 1}
    taught.rig.engine.fire("/rules/delete", 1.0, 2.0, 3.0)
    taught.turn(0.5)
    assert desk.presets(taught.rig.engine.snapshot).colours == {"storm": 1}
    taught.type_value("freq", "100")
    taught.keep("fog")
    assert desk.presets(taught.rig.engine.snapshot).colours == {"fog": 0, "storm": 1}
    assert [pad.label for pad in taught.examples.keep.pads[:2]] == ["fog", "storm"]
    assert isinstance(taught.examples.keep.pads[0], KeepPad)


def test_everything_paints_when_there_is_nothing_to_show(bench: Bench) -> None:
    for kind in (RulesMap, Lane):
        for widget in bench.rig.window.findChildren(kind):
            if widget.isVisible():
                assert not widget.grab().isNull()
    assert not bench.model.counts.grab().isNull()
    assert bench.state.rules == ()


def test_pads_of_labels_can_be_mapped_with_their_label(taught: Bench) -> None:
    target = target_of(taught.rig.engine, taught.pad(CallPad, "Call rain"))
    assert target is not None
    assert (target.address, target.arguments) == ("/rules/call", ("rain", "r"))
    keep = target_of(taught.rig.engine, taught.pad(KeepPad, "Keep as storm"))
    assert keep is not None
    assert (keep.address, keep.arguments) == ("/rules/keep", ("storm",))
    lane = target_of(taught.rig.engine, taught.rig.find(Lane, "cutoff"))
    assert lane is not None
    assert lane.address == "/rules/knob/3"


def test_distance_and_consistency_have_faders_too(taught: Bench) -> None:
    fader = taught.rig.find(Fader, "Consistency")
    fader.setFocus()
    taught.rig.key(Qt.Key.Key_Return)
    taught.rig.type("0.38")
    taught.rig.key(Qt.Key.Key_Return)
    taught.turn()
    assert taught.state.consistency == pytest.approx(0.38)
    assert taught.model.map.here == (1, row_of(0.38))
    assert "about" in taught.model.map.figures
