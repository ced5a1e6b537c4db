"""Where single outputs leave: their own OSC address, a controller, a note that lasts as long as its class."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.binding import Binding, Follow, Put, Source
from app.device.dummy import Dummy
from app.event import Bend, Control, Event, Message, NoteOff, NoteOn, Program
from app.player.listener.brain import Learnt
from tests.instrument import port_of
from tests.player.listener.test_player import Rising, Sides, Stage, Sum


def answering(plan: str = "classifier:2", **settings: float | str) -> Stage:
    """Return a stage whose output 1 leaves as these settings say."""
    stage = Stage(plan)
    stage.engine.players[:] = [player for player in stage.engine.players if player.part == "listener"]
    for place, one in enumerate(plan.split(",")):
        predictor = Sum() if one == "regressor" else Rising() if one.startswith("dtw") else Sides()
        stage.listener.brain.take(place, Learnt(predictor))
    for name, value in settings.items():
        stage.put(f"/listener/output/1/{name}", value)
    stage.put("/listener/play", 1)
    return stage


def heard(stage: Stage) -> list[tuple[object, ...]]:
    """Return what left as MIDI would have it, in order."""
    found: list[tuple[object, ...]] = []
    for _, event in port_of(stage.instrument).sent:
        match event:
            case NoteOn(_, part, pitch, _):
                found.append(("on", part, pitch))
            case NoteOff(_, part, pitch):
                found.append(("off", part, pitch))
            case Control(_, part, number, value):
                found.append(("cc", part, number, value))
            case Program(_, part, number):
                found.append(("program", part, number))
            case Bend(_, part, value):
                found.append(("bend", part, value))
    return found


LEFT, RIGHT = (0.1, 0.0), (0.9, 0.0)


def test_without_a_way_of_its_own_an_output_leaves_in_the_common_messages_only() -> None:
    stage = answering()
    stage.frames(LEFT, RIGHT)
    assert {event.address for _, event in port_of(stage.instrument).sent if isinstance(event, Message)} == {
        "/listener/out",
        "/listener/label",
        "/listener/sure",
    }


def test_a_class_holds_a_note_while_it_lasts() -> None:
    stage = answering(midi="note", number=60)
    stage.frames(LEFT, LEFT, RIGHT, RIGHT, LEFT)
    a, b = ("listener", 60), ("listener", 61)
    assert heard(stage) == [("on", *a), ("off", *a), ("on", *b), ("off", *b), ("on", *a)]
    stage.put("/listener/reject", 1)
    stage.frames((0.1, 3.0))
    assert heard(stage)[-1] == ("off", *a)
    assert port_of(stage.instrument).held == set()


@pytest.mark.parametrize(
    "deed",
    [
        ("/transport/stop",),
        ("/panic",),
        ("/listener/play", 0),
        ("/listener/outputs", "classifier:3,regressor"),
        ("/listener/output/1/midi", "off"),
        ("/listener/output/1/midi", "cc"),
        ("/listener/output/1/number", 70),
        ("/listener/output/1/channel", 5),
        ("/quit",),
    ],
)
@pytest.mark.parametrize("playing", [False, True])
@pytest.mark.parametrize("policy", ["frame", "beat"])
def test_whatever_ends_it_no_note_hangs(deed: tuple[str, float | str], playing: bool, policy: str) -> None:
    stage = answering(midi="note", number=60)
    stage.put("/listener/send", policy)
    if playing:
        stage.engine.fire("/transport/play")
    for _ in range(60):
        stage.frames(RIGHT)
    assert port_of(stage.instrument).held == {("listener", 61)}
    stage.engine.fire(deed[0]) if len(deed) == 1 else stage.engine.set(deed[0], deed[1])
    stage.turn(2.0)
    assert ("listener", 61) not in port_of(stage.instrument).held
    stage.put("/listener/play", 0)
    stage.turn(2.0)
    assert port_of(stage.instrument).held == set()


def test_a_note_that_waits_for_its_beat_is_not_ended_before_it_begins() -> None:
    for wait in range(40):
        stage = answering(midi="note", number=60)
        stage.put("/listener/send", "beat")
        stage.engine.fire("/transport/play")
        for _ in range(40 + wait):
            stage.frames(RIGHT)
        stage.put("/listener/play", 0)
        stage.turn(2.0)
        assert port_of(stage.instrument).held == set(), wait


def test_after_a_stop_it_is_struck_again_when_the_music_starts_or_the_class_changes() -> None:
    stage = answering(midi="note", number=60)
    stage.engine.fire("/transport/play")
    stage.frames(LEFT, LEFT)
    stage.engine.fire("/transport/stop")
    stage.frames(LEFT, LEFT)
    assert port_of(stage.instrument).held == set()
    stage.frames(RIGHT)
    assert port_of(stage.instrument).held == {("listener", 61)}
    stage.engine.fire("/transport/stop")
    stage.engine.fire("/transport/play")
    stage.frames(RIGHT)
    assert port_of(stage.instrument).held == {("listener", 61)}


def test_a_player_that_fails_leaves_no_note_on_a_channel_of_its_own() -> None:
    stage = answering(midi="note", channel=7, number=60)
    stage.frames(RIGHT)
    assert port_of(stage.instrument).held == {("listener:7", 61)}
    stage.listener.brain.values = None  # type: ignore[assignment]
    stage.frames(LEFT)
    assert "listener stopped" in stage.said()
    assert port_of(stage.instrument).held == set()


def test_a_class_as_controller_and_as_program() -> None:
    stage = answering(midi="cc", number=44, channel=3)
    stage.frames(LEFT, LEFT, RIGHT)
    assert heard(stage) == [("cc", "listener:3", 44, 1), ("cc", "listener:3", 44, 2)]
    stage = answering(midi="program", number=10)
    stage.frames(LEFT, RIGHT, RIGHT)
    assert heard(stage) == [("program", "listener", 10), ("program", "listener", 11)]


def test_a_value_as_controller_in_its_range_on_its_curve() -> None:
    stage = answering("regressor", midi="cc", number=21)
    stage.frames((0.0, 0.0), (0.25, 0.25), (0.5, 0.5), (0.9, 0.9), (-1, -1))
    assert [line[3] for line in heard(stage)] == [0, 64, 127, 0]
    stage = answering("regressor", midi="cc", midi_low=100, midi_high=20)
    stage.frames((0.0, 0.0), (0.25, 0.25), (0.5, 0.5))
    assert [line[3] for line in heard(stage)] == [100, 60, 20]
    stage = answering("regressor", midi="cc", curve=1 / 3)
    stage.frames((0.0, 0.0), (0.25, 0.25), (0.5, 0.5))
    assert [line[3] for line in heard(stage)] == [0, 32, 127]


def test_a_value_is_smoothed_as_its_output_says() -> None:
    stage = answering("regressor", midi="cc", smoothing=0.5)
    stage.frames((0.0, 0.0), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5))
    assert [line[3] for line in heard(stage)] == [0, 64, 95, 111]


def test_a_value_bends() -> None:
    stage = answering("regressor", midi="bend", channel=2)
    stage.frames((0.0, 0.0), (0.25, 0.25), (0.5, 0.5))
    assert heard(stage) == [("bend", "listener:2", value) for value in (-8192, 0, 8191)]


def test_an_address_of_its_own_in_its_own_range() -> None:
    stage = answering("regressor,classifier:2", osc="/filter", low=100, high=1100)
    stage.put("/listener/output/2/osc", "/what")
    stage.frames((0.0, 0.0), (0.2, 0.3))
    assert stage.sent("/filter") == [(100.0,), (pytest.approx(600.0),)]
    assert stage.sent("/what") == [(1, "1"), (1, "1")]
    stage.put("/listener/send", "change")
    stage.frames((0.2, 0.3), (0.2, 0.3), (0.4, 0.3))
    assert len(stage.sent("/filter")) == 3
    assert len(stage.sent("/what")) == 2


def test_a_host_of_its_own_gets_its_messages_alone_on_the_beat_too() -> None:
    stage = answering("regressor", osc="/x", host="127.0.0.1:9123")
    stage.frames((0.1, 0.1))
    message = next(e for _, e in port_of(stage.instrument).sent if isinstance(e, Message) and e.address == "/x")
    assert message.to == ("127.0.0.1", 9123)
    stage.put("/listener/send", "beat")
    stage.engine.fire("/transport/play")
    for _ in range(100):
        stage.frames((0.1, 0.1))
    stage.engine.fire("/transport/stop")
    own = port_of(stage.instrument, "osc to 127.0.0.1:9123")
    assert isinstance(own, Dummy)
    assert {e.address for _, e in own.sent if isinstance(e, Message)} == {"/x"}
    assert [event.beat for _, event in own.sent] == [0.0, 1.0]


@pytest.mark.parametrize(
    ("name", "text"), [("osc", "nonsense"), ("host", "nowhere"), ("host", "a:0"), ("host", ":99"), ("host", "a:99999")]
)
def test_a_wrong_way_is_said_and_stays_shut(name: str, text: str) -> None:
    stage = answering("regressor", osc="/x")
    stage.put(f"/listener/output/1/{name}", text)
    stage.frames((0.1, 0.1))
    assert stage.sent("/x") == []
    assert f"/listener/output/1/{name}" in stage.said()


def beats(stage: Stage, kind: type[Event], address: str = "") -> list[float]:
    found = [event for _, event in port_of(stage.instrument).sent if isinstance(event, kind)]
    return [event.beat for event in found if not address or getattr(event, "address", "") == address]


def test_on_each_beat_it_says_the_newest_exactly_on_the_beat() -> None:
    stage = answering("regressor", midi="cc", number=9)
    stage.put("/listener/send", "beat")
    start = stage.engine.clock.now()
    stage.engine.fire("/transport/play")
    for count in range(230):
        stage.frames((count / 230, 0.0))
    assert beats(stage, Message, "/listener/out") == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert beats(stage, Control) == [0.0, 1.0, 2.0, 3.0, 4.0]
    times = [t for t, e in port_of(stage.instrument).sent if isinstance(e, Control)]
    assert times == pytest.approx([start + 0.03 + 0.5 * beat for beat in range(5)], abs=1e-6)
    values = [float(arguments[0]) for arguments in stage.sent("/listener/out")]  # type: ignore[arg-type]
    assert values == sorted(values)
    assert values[1] == pytest.approx(48 / 230, abs=0.02)


def test_on_each_bar_and_back_to_each_frame() -> None:
    stage = answering("regressor")
    stage.put("/listener/send", "bar")
    stage.engine.fire("/transport/play")
    for _ in range(450):
        stage.frames((0.5, 0.0))
    assert beats(stage, Message, "/listener/out") == [0.0, 4.0, 8.0]
    stage.put("/listener/send", "frame")
    stage.frames((0.5, 0.0), (0.5, 0.0))
    assert len(stage.sent("/listener/out")) == 5


def test_a_label_heard_between_two_beats_is_told_on_the_beat_and_not_lost() -> None:
    stage = answering()
    stage.put("/listener/send", "beat")
    stage.engine.fire("/transport/play")
    for count in range(170):
        stage.frames(RIGHT if 60 <= count < 110 else LEFT)
    assert stage.sent("/listener/label") == [("1",), ("2",), ("1",)]
    assert all(beat == int(beat) for beat in beats(stage, Message, "/listener/label"))


def test_while_the_music_stands_it_tells_each_change() -> None:
    stage = answering()
    stage.put("/listener/send", "beat")
    stage.frames(LEFT, LEFT, RIGHT, RIGHT)
    assert stage.sent("/listener/out") == [(1.0,), (2.0,)]


def test_on_each_change_a_value_that_moved_is_a_change() -> None:
    stage = answering("regressor")
    stage.put("/listener/send", "change")
    stage.frames((0.1, 0.1), (0.1, 0.1), (0.2, 0.1), (0.2, 0.1))
    assert len(stage.sent("/listener/out")) == 2


def test_a_gesture_holds_a_note_while_it_goes_on() -> None:
    stage = answering("dtw:2", midi="note", number=40, osc="/gesture")
    stage.frames((0.1, 0), (0.9, 0), (0.9, 0), (0.1, 0))
    assert heard(stage) == [("on", "listener", 41), ("off", "listener", 41)]
    stage.put("/listener/send", "change")
    stage.frames((0.9, 0), (0.9, 0), (0.1, 0))
    assert stage.sent("/gesture")[-2:] == [(2, "2"), (0, "none")]


def test_label_glass_calls_the_composer_bach_and_output_2_drives_density() -> None:
    stage = answering("classifier:2,regressor")
    composer = stage.instrument.composer
    composer.offer([*composer.entries, replace(composer.entries[0], name="Bach")])
    stage.engine.fire("/listener/name", 2.0, "glass")
    stage.turn()
    stage.engine.bind(Binding(Source("output", "/listener/label/glass"), "/composer/model", Put("Bach")))
    line = Follow(0.0, 1.0, 0.2, 0.8, 1 / 3)
    stage.engine.bind(Binding(Source("output", "/listener/out", 1), "/composer/density", line))
    model, density = (stage.engine.tree.number(f"/composer/{name}") for name in ("model", "density"))
    stage.frames((0.1, 0.0))
    assert model.show() != "Bach"
    stage.frames((0.8, 0.2))
    assert model.show() == "Bach"
    assert density.value == pytest.approx(0.8)
    stage.frames((0.4, 0.1))
    assert density.value == pytest.approx(0.2 + 0.6 * 0.25)


def test_a_note_that_lasts_is_seen_on_the_roll_while_the_music_plays() -> None:
    stage = answering(midi="note", number=60)
    stage.frames(LEFT)
    stage.engine.fire("/transport/play")
    stage.frames(*[LEFT] * 60)
    stage.frames(*[RIGHT] * 60)
    stage.turn()
    assert [note.pitch for note in stage.engine.snapshot.notes] == [61]
    assert stage.engine.snapshot.notes[0].start == pytest.approx(1.15, abs=0.05)
