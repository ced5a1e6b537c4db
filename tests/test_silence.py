"""Why nothing sounds: each reason is made to happen, and the first sentence must name it and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.command import Reply
from app.doctor import Doctor
from app.event import NOW, NoteOn
from app.frame import MidiMessage
from app.instrument import Instrument
from app.offline import DirectSink
from app.player.composer.checkpoint import Entry
from app.snapshot import DeviceState
from tests.instrument import offline, port_of


class Room:
    """The instrument with a doctor who is asked without a visit. Attributes: `instrument`, `engine`."""

    def __init__(self, session: Path) -> None:
        self.instrument: Instrument = offline(session, 4)
        self.engine = self.instrument.engine
        self._doctor = Doctor.__new__(Doctor)
        # The instrument's own doctor is found by what it tends.
        self._doctor = next(
            tend.__self__ for tend in self.engine.tending if isinstance(getattr(tend, "__self__", None), Doctor)
        )
        self.run(0.1)

    def run(self, seconds: float) -> None:
        self.engine.run_until(self.engine.clock.now() + seconds)

    def do(self, *deeds: tuple[str, float | str] | str) -> None:
        """Set values (address, value) and fire actions (an address alone)."""
        for deed in deeds:
            if isinstance(deed, str):
                self.engine.fire(deed)
            else:
                self.engine.set(*deed)
            self.run(0.05)

    def why(self) -> str:
        return self._doctor.silence.why()


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "set")


PLAY = "/transport/play"
ONLY_SYNTH = (("/output/osc/on", 0.0), ("/output/midi/on", 0.0))
Deeds = tuple[tuple[str, float | str] | str, ...]


@pytest.mark.parametrize(
    ("deeds", "sentence"),
    [
        ((), "Nothing sounds because the music stands; press Space"),
        ((PLAY, "/transport/stop"), "Nothing sounds because the music stands; press Space"),
        ((PLAY, "/panic"), "Nothing sounds because panic stopped the music; press Space to play again"),
        ((PLAY, "/panic", PLAY, "/transport/stop"), "Nothing sounds because the music stands; press Space"),
        (
            (("/output/osc/on", 0), ("/output/synth/on", 0), PLAY),
            "Nothing sounds because no output is on; switch OSC, MIDI or the synth on in Studio, Output",
        ),
        ((PLAY, ("/composer/mute", 1)), "Nothing sounds because the Composer is muted; press M"),
        ((PLAY, ("/composer/density", 0)), "Nothing sounds because the Composer's density is 0.00; raise it with D"),
        ((("/sync/source", 1),), "Nothing sounds because no MIDI clock comes in; start the master"),
        (
            (PLAY, ("/composer/mute", 1), ("/window/player", 2)),
            "Nothing sounds because the Follower has no program and the Composer is muted; write one",
        ),
        (
            (("/follower/text/1", "kick*4"), "/follower/evaluate", ("/follower/mute", 1), ("/composer/mute", 1), PLAY),
            "Nothing sounds because the Follower is muted and the Composer is muted; unmute it",
        ),
        (
            (("/follower/text/1", "kick*"), "/follower/evaluate", ("/composer/mute", 1), PLAY),
            "Nothing sounds because the Follower did not take its program (line 1",
        ),
        (
            (("/follower/text/1", "predict snare"), "/follower/evaluate", ("/composer/mute", 1), PLAY),
            "Nothing sounds because the Follower predicts what it was never taught",
        ),
        (
            (("/composer/mute", 1), "/scene/store", ("/composer/mute", 0), PLAY, "/scene/call 1"),
            "Nothing sounds because the Composer is muted (scene 1 did that); press M",
        ),
    ],
)
def test_the_reason_is_named_with_what_to_do(room: Room, deeds: Deeds, sentence: str) -> None:
    for deed in deeds:
        if isinstance(deed, str) and " " in deed:
            address, number = deed.split()
            room.engine.fire(address, float(number))
        else:
            room.do(deed)
    room.run(3.0 if PLAY in deeds else 0.2)
    assert room.why().startswith(sentence), room.why()


def test_a_mute_in_the_middle_of_the_music_is_found_at_once(room: Room) -> None:
    room.do(PLAY)
    room.run(6.0)
    assert room.why() == ""
    room.do(("/composer/mute", 1))
    assert "the Composer is muted" in room.why()


def test_who_moved_the_fader_is_named(room: Room) -> None:
    room.do(PLAY)
    room.engine.hands.write("/composer/density", 0.0, "midi", room.engine.clock.now())
    room.run(0.2)
    assert "density is 0.00 (a MIDI controller did that)" in room.why()
    room.engine.hands.write("/composer/density", 0.5, "midi", room.engine.clock.now())
    room.engine.hands.write("/composer/density", 0.0, "osc 10.0.0.3:9000", room.engine.clock.now())
    room.run(0.2)
    assert "(OSC 10.0.0.3:9000 did that)" in room.why()


def test_a_program_that_waits_for_its_bar(room: Room) -> None:
    room.do(("/composer/mute", 1), ("/follower/text/1", "kick*4"), ("/follower/quantise", 3), PLAY)
    room.run(0.3)
    room.engine.fire("/follower/evaluate")
    room.run(0.1)
    assert room.why().startswith("Nothing sounds because the Follower's program waits for beat 4"), room.why()
    room.run(3.0)
    assert room.why() == ""


def test_a_clock_whose_master_stands(room: Room) -> None:
    room.do(("/sync/source", 1))
    for tick in range(40):
        room.engine.inbox.put(MidiMessage(room.engine.clock.now(), "master", (0xF8,)))
        room.run(60 / 120 / 24)
        assert tick < 10 or "the MIDI clock's master stands" in room.why()


def test_no_composer_is_loaded(room: Room) -> None:
    composer = room.instrument.composer
    composer._generator = composer._playing = None
    composer.offer([])
    room.do(PLAY)
    room.run(1.0)
    assert room.why() == "Nothing sounds because no composer is loaded; train one, or choose another"


def test_a_model_that_cannot_be_read_is_no_composer(tmp_path: Path) -> None:
    broken = Room(tmp_path / "set")
    composer = broken.instrument.composer
    composer._generator = composer._playing = None
    (tmp_path / "gone").mkdir()
    composer.offer([Entry("gone", tmp_path / "gone", "gone")])
    composer._seen = -1
    broken.do(PLAY)
    broken.run(1.0)
    assert "no composer is loaded" in broken.why()


def test_a_player_that_failed(room: Room) -> None:
    def fail() -> None:
        raise ZeroDivisionError("the pendulum broke")

    room.do(PLAY)
    room.instrument.composer.step = fail  # type: ignore[method-assign, assignment]
    room.run(1.0)
    assert room.why() == "Nothing sounds because composer stopped after a fault; stop and play again"


def _state(kind: str, state: str, text: str) -> Callable[[Room], None]:
    def put(room: Room) -> None:
        room.engine.outputs.states[kind] = DeviceState(kind, state, text)

    return put


@pytest.mark.parametrize(
    ("spoil", "deeds", "sentence"),
    [
        (
            _state("osc", "waiting", "Nobody listens at 127.0.0.1:56120; start the receiver or change host and port"),
            (("/output/synth/on", 0),),
            "OSC: Nobody listens at 127.0.0.1:56120; start the receiver",
        ),
        (
            _state("osc", "waiting", "The host 'nowhere' is not known; correct its name or give its number"),
            (("/output/synth/on", 0),),
            "OSC: The host 'nowhere' is not known; correct its name",
        ),
        (_state("synth", "failed", "no audio device"), (("/output/osc/on", 0),), "the built-in synth: no audio device"),
        (
            _state("synth", "waiting", "starting"),
            (("/output/osc/on", 0),),
            "the built-in synth: it is starting; wait a few seconds",
        ),
    ],
)
def test_a_port_that_does_not_work_is_named(
    room: Room, spoil: Callable[[Room], None], deeds: Deeds, sentence: str
) -> None:
    room.do(PLAY, *deeds)
    spoil(room)
    assert room.why() == f"Nothing sounds because no output works: {sentence}" or sentence in room.why()


def test_a_midi_port_that_was_pulled_out(room: Room) -> None:
    room.do(("/output/osc/on", 0), ("/output/synth/on", 0), ("/output/midi/on", 1), PLAY)
    room.run(2.0)
    assert room.why() == ""
    port_of(room.instrument, "midi").plugged = False
    room.run(2.0)
    assert room.why() == "Nothing sounds because no output works: MIDI: waiting for midi"
    port_of(room.instrument, "midi").plugged = True
    room.run(2.0)
    assert room.why() == ""


def test_the_synths_level_and_a_synth_that_plays_to_nothing(room: Room) -> None:
    room.do(*ONLY_SYNTH, PLAY)
    room.engine.outputs._tend_sound = lambda: None  # type: ignore[method-assign]
    _state("synth", "open", "through null: null, 48000 Hz")(room)
    assert "the built-in synth: it plays to no device, as --synth null asks" in room.why()
    _state("synth", "open", "through jack: x, 48000 Hz")(room)
    assert room.why() == ""
    room.do(("/output/synth/gain", 0))
    assert "the built-in synth: its level is 0; raise it" in room.why()


def test_a_synth_left_out_at_the_start_says_so(room: Room) -> None:
    room.do(*ONLY_SYNTH, PLAY)
    assert "--synth off" in room.why(), room.why()


def test_an_output_process_that_ended(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.do(PLAY)
    room.run(1.0)
    sink = room.engine.outputs._sink
    assert isinstance(sink, DirectSink)
    monkeypatch.setattr(sink, "start", lambda: None)
    sink.alive = False
    assert "the output process ended" in room.why()
    sink.alive = True


def test_an_output_process_that_hangs(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    room.do(PLAY)
    room.run(3.0)
    sink = room.engine.outputs._sink
    mute: list[Reply] = []
    monkeypatch.setattr(sink, "poll", lambda: mute)
    room.run(2.5)
    assert room.why() == "Nothing sounds because the output process hangs; another takes its place in a moment"
    room.run(1.0)
    assert any("The output process hung" in line.text for line in room.engine.monitor.log)
    monkeypatch.undo()
    room.run(1.0)
    assert room.why() == ""


def test_a_player_that_rests(room: Room) -> None:
    room.do(PLAY)
    room.run(3.0)
    room.instrument.composer.voices.release(0.0)
    room.instrument.composer.step = lambda: _rest(room)  # type: ignore[method-assign]
    room.run(12.0)
    assert room.why().startswith("Nothing sounds because the Composer rests since"), room.why()
    assert "raise density and temperature" in room.why()


def _rest(room: Room) -> list[NoteOn]:
    composer = room.instrument.composer
    composer._due += 0.25
    return []


def test_a_loop_at_level_0(room: Room) -> None:
    room.do(PLAY)
    room.run(4.0)
    room.do(("/composer/mute", 1), ("/recorder/loop/play", 1), ("/recorder/loop/level", 0))
    assert room.why().startswith("Nothing sounds because the loop's level is 0 and the Composer is muted"), room.why()


def test_the_synth_of_the_rules_counts_as_sound(room: Room) -> None:
    room.do(("/composer/mute", 1), PLAY)
    room.run(1.0)
    assert "muted" in room.why()
    room.do(("/rules/sound", 1))
    assert room.why() == ""


def test_what_is_struck_by_hand_is_heard_although_the_composer_is_muted(room: Room) -> None:
    room.do(("/composer/mute", 1), PLAY)
    room.run(1.0)
    room.engine.outputs.play([(room.engine.clock.now(), NoteOn(NOW, "listener", 60, 90))])
    assert room.why() == ""


def test_notes_that_were_withdrawn_do_not_hang(room: Room) -> None:
    room.do(PLAY)
    room.run(3.0)
    engine = room.engine
    engine.fire("/transport/stop")
    room.run(1.0)
    now = engine.clock.now()
    engine.outputs.play([(now + 0.06, NoteOn(0.0, "composer", 60, 90))])
    engine.outputs.release()
    room.run(5.0)
    assert not any("hung" in line.text for line in engine.monitor.log)
    engine.fire(PLAY)
    room.run(0.02)
    assert "hangs" not in room.why()
