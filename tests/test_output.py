"""The ports out as a desk: what Parameters open, what dies is started again, nobody's notes are forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.command import Adopt, Command, Configure, Panic, Ping, Play, Release, Reply, Report, Status
from app.event import Message, NoteOff, NoteOn
from app.monitor import Monitor
from app.output import PING_S, RESTART_S, Outputs
from app.output_held import ENDED_S
from app.parameter import Tree
from app.transport import OfflineClock


class FakeSink:
    """A dispatcher that only notes what it is told."""

    def __init__(self) -> None:
        self.alive = False
        self.starts = 0
        self.told: list[Command] = []
        self.replies: list[Reply] = []

    def start(self) -> None:
        self.alive, self.starts = True, self.starts + 1

    def send_all(self, commands: Sequence[Command]) -> None:
        self.told += commands

    def wait(self, seconds: float) -> None:
        return

    def poll(self) -> list[Reply]:
        replies, self.replies = self.replies, []
        return replies

    def stop(self) -> None:
        self.alive = False


class FakeSound:
    """A synth that only says what the test wants."""

    def __init__(self) -> None:
        self.alive = False
        self.starts = 0
        self.port: int | None = None
        self.posts: list[tuple[Any, ...]] = []

    def start(self) -> None:
        self.alive, self.starts = True, self.starts + 1

    def poll(self) -> list[tuple[Any, ...]]:
        posts, self.posts = self.posts, []
        return posts

    def stop(self) -> None:
        self.alive = False


class Desk:
    """Outputs between fakes."""

    def __init__(self) -> None:
        self.clock, self.tree, self.monitor = OfflineClock(), Tree(), Monitor()
        self.sink, self.sound = FakeSink(), FakeSound()
        self.said: list[str] = []
        self.outputs = Outputs(self.tree, self.clock, self.monitor, self.say, self.sink, self.sound)
        self.outputs.open()
        self.turn()

    def say(self, _level: str, text: str) -> None:
        self.said.append(text)

    def turn(self, seconds: float = 0.0) -> list[Command]:
        """Let time pass and return what the dispatcher was told in it."""
        before = len(self.sink.told)
        self.clock.advance(seconds)
        self.outputs.tend()
        return self.sink.told[before:]


def kinds(commands: list[Command]) -> list[list[str]]:
    return [[spec.kind for spec in command.specs] for command in commands if isinstance(command, Configure)]


def test_parameters_open_and_close_ports() -> None:
    desk = Desk()
    assert kinds(desk.sink.told)[-1] == ["osc"]
    desk.tree.number("/output/midi/on").set(1)
    assert kinds(desk.turn()) == [["osc", "midi"]]
    desk.tree.number("/output/osc/on").set(0)
    assert kinds(desk.turn()) == [["midi"]]
    assert desk.outputs.states["osc"].state == "closed"
    desk.tree.number("/output/midi/channel").set(10)
    assert len(kinds(desk.turn())) == 1
    assert kinds(desk.turn()) == []


def test_the_synth_joins_when_it_is_ready_and_gets_its_colour() -> None:
    desk = Desk()
    desk.sound.port = 5000
    desk.sound.posts.append(("ready", 5000))
    told = desk.turn()
    assert kinds(told) == [["osc", "synth"]]
    sent = [command.event for command in told if isinstance(command, Play)]
    assert Message(0, "synth", "/synth/voice", ("piano",)) in sent
    desk.tree.number("/output/synth/voice").set("strings")
    assert any(isinstance(c, Play) and "strings" in str(c.event) for c in desk.turn())


def test_a_dead_synth_is_started_again_while_osc_plays_on() -> None:
    desk = Desk()
    desk.sound.port = 5000
    desk.sound.posts.append(("ready", 5000))
    desk.turn()
    desk.sound.alive, desk.sound.port = False, None
    assert kinds(desk.turn(RESTART_S)) == [["osc"]]
    assert desk.sound.starts == 2
    assert any("synth ended" in text for text in desk.said)


def test_a_synth_that_cannot_start_is_left_alone_and_said_once() -> None:
    desk = Desk()
    for _ in range(20):
        desk.sound.alive = False
        desk.turn(RESTART_S)
    assert desk.sound.starts == 3
    assert [text for text in desk.said if "cannot start" in text] == [
        "The built-in synth cannot start; switch it off and on to try again"
    ]


def test_no_audio_device_is_said_once_with_where_the_sound_goes() -> None:
    desk = Desk()
    desk.sound.posts.append(("unavailable", "no audio device: ALSA lists no card"))
    desk.sound.alive = False
    for _ in range(20):
        desk.turn(RESTART_S)
    said = [text for text in desk.said if "no audio device" in text]
    assert said == ["no audio device: ALSA lists no card; sending OSC to 127.0.0.1:56120"]
    assert desk.sound.starts == 1
    assert desk.outputs.states["synth"].state == "failed"
    desk.tree.number("/output/synth/on").set(0)
    desk.turn()
    desk.tree.number("/output/synth/on").set(1)
    desk.turn()
    assert desk.sound.starts == 2


def test_a_dead_dispatcher_is_replaced_and_its_notes_are_ended() -> None:
    desk = Desk()
    desk.outputs.play([(0, NoteOn(0, "composer", 60, 90)), (0, NoteOn(0, "composer", 64, 90))])
    desk.outputs.play([(0, NoteOff(1, "composer", 60))])
    desk.sink.alive = False
    told = desk.turn(RESTART_S)
    assert desk.sink.starts == 2
    # The note-off of 60 was handed over, and may have died with the process before it was sent.
    assert told[1:3] == [Adopt(("osc",), (("composer", 60), ("composer", 64))), Release(None)]
    assert desk.outputs.sounding == set()


def test_a_note_whose_end_has_left_long_ago_is_not_ended_again() -> None:
    desk = Desk()
    desk.outputs.play([(0, NoteOn(0, "composer", 60, 90)), (0, NoteOn(0, "composer", 64, 90))])
    desk.outputs.play([(0, NoteOff(1, "composer", 60)), (0, NoteOff(1, "composer", 64))])
    desk.outputs.play([(0.1, NoteOn(1, "composer", 64, 90))])
    desk.turn(2 * ENDED_S)
    assert desk.outputs.sounding == {("composer", 64)}


def test_the_dispatcher_hears_a_heart_beat() -> None:
    desk = Desk()
    pings = sum(isinstance(command, Ping) for _ in range(50) for command in desk.turn(0.02))
    assert 1 / PING_S - 2 <= pings <= 1 / PING_S + 1


def test_events_carry_their_due_time_and_every_open_port() -> None:
    desk = Desk()
    event = NoteOn(4.0, "composer", 60, 90)
    desk.outputs.play([(12.5, event)])
    assert desk.sink.told[-1] == Play(12.5, ("osc",), event)


def test_release_and_panic_forget_what_sounded() -> None:
    desk = Desk()
    desk.outputs.play([(0, NoteOn(0, "a", 60, 9)), (0, NoteOn(0, "b", 60, 9))])
    desk.outputs.release("a")
    assert desk.outputs.sounding == {("b", 60)}
    desk.outputs.panic()
    assert desk.outputs.sounding == set()
    assert desk.sink.told[-2:] == [Release("a"), Panic()]


def test_lateness_lights_and_lost_ports_are_shown() -> None:
    desk = Desk()
    desk.sink.replies += [
        Status("osc", "open", "127.0.0.1:56120"),
        Report({"osc": 3}, (0.1, 4.5), 2, False, errors=("a note was left out",)),
        Status("midi", "waiting", "waiting for nanoKONTROL"),
        Status("midi", "open", "nanoKONTROL"),
    ]
    desk.turn()
    assert desk.monitor.worst_late_ms(desk.clock.now()) == 4.5
    assert desk.monitor.counts["osc out"] == 3
    assert "waiting for nanoKONTROL" in desk.said
    assert "a note was left out" in desk.said
    assert desk.said[-1] == "midi is back: nanoKONTROL"


def test_what_was_played_to_nobody_is_no_sign_of_a_process_that_hangs() -> None:
    desk = Desk()
    desk.sink.replies.append(Report({}, (), 0, False))
    desk.tree.number("/output/osc/on").set(0)
    desk.tree.number("/output/synth/on").set(0)
    desk.turn()
    desk.outputs.play([(desk.clock.now(), NoteOn(0.0, "composer", 60, 90))])
    desk.turn(5.0)
    desk.tree.number("/output/osc/on").set(1)
    desk.turn(0.02)
    desk.turn(0.02)
    assert (desk.sink.starts, desk.said) == (1, [])
