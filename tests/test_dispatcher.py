"""The queue: order, latency, what sounds, what is released; on an offline clock, read like a score."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.command import (
    Adopt,
    Command,
    Configure,
    Panic,
    Ping,
    Play,
    Quit,
    Release,
    Reply,
    Report,
    Silent,
    Status,
    Withdraw,
)
from app.device.base import Device, DeviceError, DeviceSpec
from app.device.dummy import Dummy
from app.dispatcher import Dispatcher
from app.event import Control, Event, Message, NoteOff, NoteOn, NoteVelocity
from app.transport import OfflineClock

A, B = DeviceSpec("a", "dummy"), DeviceSpec("b", "dummy")
NAMES = {NoteOn: "on", NoteOff: "off", NoteVelocity: "vel"}


class Channelled(Dummy):
    """A dummy that, like MIDI, hears channels and not parts."""

    merges_parts = True


class Faulty(Dummy):
    """A dummy with a programming fault in it."""

    def send(self, event: Event) -> None:
        raise ZeroDivisionError("a fault")


class Rig:
    """A dispatcher on dummies. Attributes: `clock`, `dispatcher`, `devices`, `replies`."""

    def __init__(self, *specs: DeviceSpec, kind: type[Dummy] = Dummy) -> None:
        self.clock = OfflineClock(100.0)
        self.devices: dict[str, Dummy] = {}
        self.made: list[Dummy] = []
        self.replies: list[Reply] = []
        self.kind = kind
        self.dispatcher = Dispatcher(self._make, self.clock, self.replies.append)
        self.tell(Configure(specs or (A,)))

    def _make(self, spec: DeviceSpec) -> Device:
        if spec.kind == "broken":
            raise DeviceError("a: no such thing; choose another")
        device = (Faulty if spec.kind == "faulty" else self.kind)(spec, self.clock)
        self.devices[spec.name] = device
        self.made.append(device)
        return device

    def tell(self, *commands: Command) -> None:
        for command in commands:
            self.dispatcher.handle(command)
            self.dispatcher.run_due(self.clock.now())

    def play(self, *events: tuple[float, Event], to: tuple[str, ...] = ("a",)) -> None:
        """Queue events at seconds after 100."""
        for seconds, event in events:
            self.dispatcher.handle(Play(100.0 + seconds, to, event))

    def run(self, seconds: float, pinged: bool = True) -> None:
        """Let time pass up to 100 + `seconds`, stopping at each due time."""
        end = 100.0 + seconds
        while self.clock.seconds < end:
            due = self.dispatcher.next_due()
            self.clock.seconds = max(self.clock.seconds, min(end, due, self.clock.seconds + 0.02))
            if pinged:
                self.dispatcher.handle(Ping())
            self.dispatcher.run_due(self.clock.now())
            self.dispatcher.tend(self.clock.now())

    def score(self, name: str = "a") -> list[tuple[float, str, int]]:
        return [
            (round(time - 100, 3), NAMES[type(event)], event.pitch)
            for time, event in self.devices[name].sent
            if isinstance(event, NoteOn | NoteOff | NoteVelocity)
        ]

    def of(self, kind: type) -> list[Reply]:
        return [reply for reply in self.replies if isinstance(reply, kind)]


def on(pitch: int, part: str = "composer", velocity: int = 80) -> NoteOn:
    return NoteOn(0.0, part, pitch, velocity)


def off(pitch: int, part: str = "composer") -> NoteOff:
    return NoteOff(0.0, part, pitch)


def test_events_leave_at_their_due_time_whatever_the_order_they_came_in() -> None:
    rig = Rig()
    rig.play((1.0, off(60)), (0.5, on(60)), (0.25, on(64)), (2.0, off(64)))
    rig.run(3.0)
    assert rig.score() == [(0.25, "on", 64), (0.5, "on", 60), (1.0, "off", 60), (2.0, "off", 64)]


def test_offs_precede_ons_at_the_same_time_else_first_come_first_sent() -> None:
    rig = Rig()
    rig.play((0.1, on(60)), (0.5, on(62)), (0.5, on(61)), (0.5, off(60)))
    rig.run(1.0)
    assert rig.score() == [(0.1, "on", 60), (0.5, "off", 60), (0.5, "on", 62), (0.5, "on", 61)]


def test_a_note_that_ends_when_it_begins_is_not_left_hanging() -> None:
    rig = Rig()
    rig.play((0.5, on(60)), (0.5, off(60)))
    rig.run(1.0)
    assert rig.score() == [(0.5, "on", 60), (0.5, "off", 60)]


def test_a_restrike_at_one_moment_ends_the_old_note_first() -> None:
    rig = Rig()
    rig.play((0.1, on(60)), (0.5, off(60)), (0.5, on(60)), (0.9, off(60)))
    rig.run(1.0)
    assert rig.score() == [(0.1, "on", 60), (0.5, "off", 60), (0.5, "on", 60), (0.9, "off", 60)]


@pytest.mark.parametrize("due", [0.0, -1.0, math.nan, math.inf, -math.inf])
def test_without_a_due_time_it_leaves_now(due: float) -> None:
    rig = Rig()
    rig.tell(Play(due, ("a",), on(60)))
    assert rig.score() == [(0.0, "on", 60)]


def test_a_past_due_time_leaves_now_and_counts_as_late() -> None:
    rig = Rig()
    rig.tell(Play(99.9, ("a",), on(60)))
    rig.run(0.2)
    assert rig.score() == [(0.0, "on", 60)]
    (report,) = rig.of(Report)
    assert report.late_ms == pytest.approx((100.0,))


def test_each_port_has_its_own_latency() -> None:
    rig = Rig(replace(A, latency_ms=30), replace(B, latency_ms=-20))
    rig.play((0.5, on(60)), (1.0, off(60)), to=("a", "b"))
    rig.run(2.0)
    assert rig.score("a") == [(0.53, "on", 60), (1.03, "off", 60)]
    assert rig.score("b") == [(0.48, "on", 60), (0.98, "off", 60)]


def test_a_change_of_latency_moves_what_is_queued_and_cuts_nothing() -> None:
    rig = Rig(replace(A, latency_ms=300))
    rig.play((0.0, on(60)))
    rig.tell(Configure((A,)))
    rig.play((0.1, off(60)))
    rig.run(1.0)
    assert rig.score() == [(0.0, "on", 60), (0.1, "off", 60)]
    assert len(rig.made) == 1


def test_after_a_change_of_latency_the_queue_is_in_order_again() -> None:
    rig = Rig(replace(A, latency_ms=300), B)
    rig.play((0.1, on(60)), to=("a",))
    rig.play((0.2, on(61)), to=("b",))
    rig.tell(Configure((A, B)))
    rig.play((0.1, off(60)), to=("a",))
    rig.run(1.0)
    assert rig.score("a") == [(0.1, "on", 60), (0.1, "off", 60)]
    assert rig.score("b") == [(0.2, "on", 61)]


def test_withdraw_drops_what_is_queued_of_one_part_and_leaves_what_sounds() -> None:
    rig = Rig()
    rig.play((0.1, on(60)), (0.5, on(62)), (0.5, on(50, "bass")))
    rig.run(0.2)
    rig.tell(Withdraw("composer"))
    rig.run(1.0)
    assert rig.score() == [(0.1, "on", 60), (0.5, "on", 50)]
    assert rig.devices["a"].held == {("composer", 60), ("bass", 50)}


def test_release_withdraws_and_ends_one_part() -> None:
    rig = Rig()
    rig.play((0.1, on(60)), (0.1, on(50, "bass")), (0.5, on(62)))
    rig.run(0.2)
    rig.tell(Release("composer"))
    rig.run(1.0)
    assert rig.devices["a"].held == {("bass", 50)}
    assert rig.score()[-1] == (0.2, "off", 60)


def test_panic_ends_all_tells_every_port_and_answers() -> None:
    rig = Rig(A, B)
    rig.play((0.1, on(60)), (0.1, on(62)), (0.5, on(64)), to=("a", "b"))
    rig.run(0.2)
    rig.tell(Panic())
    rig.run(1.0)
    for device in rig.devices.values():
        assert device.held == set()
        assert device.panics == [pytest.approx(100.2)]
    assert [reply.sounding_released for reply in rig.of(Silent)] == [4]


def test_a_held_pitch_struck_again_gets_its_note_off_first() -> None:
    rig = Rig()
    rig.play((0.1, on(60)), (0.2, on(60)), (0.3, off(60)), (0.4, off(60)))
    rig.run(1.0)
    assert rig.score() == [(0.1, "on", 60), (0.2, "off", 60), (0.2, "on", 60), (0.3, "off", 60)]
    assert sum(report.dropped for report in rig.of(Report)) == 1


def test_the_swell_of_a_silent_note_is_dropped() -> None:
    rig = Rig()
    rig.play((0.1, NoteVelocity(0, "composer", 60, 50)), (0.2, on(60)), (0.3, NoteVelocity(0, "composer", 60, 90)))
    rig.run(1.0)
    assert rig.score() == [(0.2, "on", 60), (0.3, "vel", 60)]


def test_parts_on_one_channel_do_not_end_each_others_notes() -> None:
    rig = Rig(DeviceSpec("a", "dummy", (("channel", 1), ("channels", (("solo", 2),)))), kind=Channelled)
    rig.play((0.1, on(60)), (0.2, on(60, "second")), (0.3, off(60)), (0.4, on(60, "solo")), (0.5, off(60, "second")))
    rig.run(1.0)
    sent = [(NAMES[type(event)], event.part) for _, event in rig.devices["a"].sent]
    assert sent == [("on", "composer"), ("off", "composer"), ("on", "second"), ("on", "solo"), ("off", "second")]


def test_another_channel_releases_first_and_keeps_the_port_open() -> None:
    rig = Rig(DeviceSpec("a", "dummy", (("channel", 1),)), kind=Channelled)
    rig.tell(Play(0.0, ("a",), on(60)))
    rig.tell(Configure((DeviceSpec("a", "dummy", (("channel", 2),)),)))
    assert rig.score() == [(0.0, "on", 60), (0.0, "off", 60)]
    assert len(rig.made) == 1
    assert rig.devices["a"].spec.channel("composer") == 2


def test_a_closed_port_is_released_and_forgotten() -> None:
    rig = Rig(A, B)
    rig.play((0.1, on(60)), (0.5, on(62)), to=("a", "b"))
    rig.run(0.2)
    closed = rig.devices["a"]
    rig.tell(Configure((B,)))
    rig.run(1.0)
    assert closed.held == set()
    assert not closed.is_open
    assert rig.devices["b"].held == {("composer", 60), ("composer", 62)}
    assert Status("a", "closed", "") in rig.replies


def test_a_lost_port_gets_its_old_note_offs_first_when_it_is_back() -> None:
    rig = Rig(A, B)
    rig.play((0.1, on(60)), (0.5, off(60)), (0.5, on(62)), (4.0, on(64)), to=("a", "b"))
    rig.run(0.2)
    rig.devices["a"].plugged = False
    rig.run(2.0)
    rig.devices["a"].plugged = True
    rig.run(5.0)
    assert [entry[1:] for entry in rig.score("a")] == [("on", 60), ("off", 60), ("on", 64)]
    assert [entry[1:] for entry in rig.score("b")] == [("on", 60), ("off", 60), ("on", 62), ("on", 64)]
    states = [status.state for status in rig.of(Status) if status.device == "a"]
    assert (states[0], states[-1]) == ("open", "open")
    assert "waiting" in states


def test_a_lost_port_ends_every_old_note_when_it_is_back_even_one_that_nobody_ended() -> None:
    rig = Rig()
    rig.play((0.1, on(60)), (0.1, on(64)), (0.5, off(60)))
    rig.run(0.2)
    rig.devices["a"].plugged = False
    rig.run(1.0)
    rig.devices["a"].plugged = True
    rig.run(2.0)
    assert rig.devices["a"].held == set()


def test_a_port_that_waits_but_takes_messages_is_told_again_what_has_ended() -> None:
    rig = Rig()
    device = rig.devices["a"]
    rig.play((0.1, on(60)), (0.1, on(64)), (1.5, off(60)))
    rig.run(0.2)
    device.plugged, device.deaf = False, True
    rig.run(2.0)
    device.plugged, device.deaf = True, False
    rig.run(4.0)
    assert [entry[1:] for entry in rig.score()] == [("on", 60), ("on", 64), ("off", 60), ("off", 60)]
    assert device.held == {("composer", 64)}


def test_a_note_struck_again_while_the_port_waited_is_not_cut_when_it_is_back() -> None:
    rig = Rig()
    device = rig.devices["a"]
    rig.play((0.1, on(60)), (1.5, off(60)), (1.6, on(60)))
    rig.run(0.2)
    device.plugged, device.deaf = False, True
    rig.run(2.0)
    device.plugged, device.deaf = True, False
    rig.run(4.0)
    assert [entry[1:] for entry in rig.score()] == [("on", 60), ("off", 60), ("on", 60)]


def test_a_fault_in_one_port_does_not_stop_the_others() -> None:
    rig = Rig(DeviceSpec("bad", "faulty"), DeviceSpec("none", "broken"), B)
    rig.play((0.1, on(60)), (0.2, off(60)), to=("bad", "none", "b"))
    rig.run(1.0)
    assert rig.score("b") == [(0.1, "on", 60), (0.2, "off", 60)]
    failed = {status.device: status.text for status in rig.of(Status) if status.state == "failed"}
    assert failed["none"] == "a: no such thing; choose another"
    assert "a fault" in failed["bad"]


def test_an_engine_that_falls_silent_has_its_notes_released() -> None:
    rig = Rig()
    rig.play((0.1, on(60)))
    rig.run(1.5, pinged=False)
    assert rig.devices["a"].held == set()
    assert 1.0 <= rig.score()[-1][0] <= 1.05
    assert any("engine said nothing" in error for report in rig.of(Report) for error in report.errors)
    rig.tell(Play(0.0, ("a",), on(62)))
    assert rig.devices["a"].held == {("composer", 62)}


def test_a_pinged_dispatcher_holds_a_long_note() -> None:
    rig = Rig()
    rig.play((0.1, on(60)))
    rig.run(5.0)
    assert rig.devices["a"].held == {("composer", 60)}


def test_notes_of_an_earlier_dispatcher_can_be_ended() -> None:
    rig = Rig(A, B)
    rig.tell(Adopt(("a", "b", "gone"), (("composer", 60), ("bass", 40))), Release(None))
    assert sorted(rig.score()) == [(0.0, "off", 40), (0.0, "off", 60)]


def test_quit_silences_closes_and_ends() -> None:
    rig = Rig()
    rig.tell(Play(0.0, ("a",), on(60)), Quit(), Quit(), Play(0.0, ("a",), on(61)))
    assert rig.dispatcher.ended
    assert rig.devices["a"].held == set()
    assert not rig.devices["a"].is_open
    assert len(rig.of(Silent)) == 1


@pytest.mark.parametrize("event", [on(128), on(-1), on(60, velocity=0), on(60, velocity=128), off(200)])
def test_impossible_notes_are_left_out_and_told(event: Event) -> None:
    rig = Rig()
    rig.tell(Play(0.0, ("a",), event))
    rig.run(0.2)
    assert rig.score() == []
    assert "left out" in rig.of(Report)[0].errors[0]


def test_controls_and_messages_pass() -> None:
    rig = Rig()
    message, control = Message(0, "composer", "/gen/active", (3,)), Control(0, "composer", 7, 100)
    rig.tell(Play(0.0, ("a",), message), Play(0.0, ("a",), control))
    assert [event for _, event in rig.devices["a"].sent] == [message, control]


def test_reports_come_at_most_ten_times_a_second_and_only_if_something_happened() -> None:
    rig = Rig()
    rig.run(1.0)
    assert rig.of(Report) == []
    rig.play(*((1.0 + 0.01 * step, Message(0, "composer", "/x")) for step in range(100)))
    rig.run(3.0)
    assert 9 <= len(rig.of(Report)) <= 11
    assert sum(report.sent["a"] for report in rig.of(Report)) == 100


# --- properties ---------------------------------------------------------------------------------------

PARTS, PITCHES = ("composer", "second"), (60, 61)
events = st.one_of(
    st.builds(on, st.sampled_from(PITCHES), st.sampled_from(PARTS)),
    st.builds(off, st.sampled_from(PITCHES), st.sampled_from(PARTS)),
    st.builds(NoteVelocity, st.just(0.0), st.sampled_from(PARTS), st.sampled_from(PITCHES), st.just(70)),
)
seconds = st.sampled_from((0.0, 0.01, 0.02, 0.05, 0.1, 0.5))
specs = st.builds(
    lambda name, channel, latency: DeviceSpec(name, "dummy", (("channel", channel),), latency),
    st.just("a"),
    st.sampled_from((1, 2)),
    st.sampled_from((-20.0, 0.0, 35.0)),
)
deeds = st.one_of(
    st.tuples(st.just("play"), seconds, events),
    st.tuples(st.just("play"), seconds, events),
    st.tuples(st.just("wait"), seconds),
    st.tuples(st.just("tell"), st.builds(Withdraw, st.sampled_from((None, *PARTS)))),
    st.tuples(st.just("tell"), st.builds(Release, st.sampled_from((None, *PARTS)))),
    st.tuples(st.just("tell"), st.just(Panic())),
    st.tuples(st.just("tell"), st.builds(lambda spec: Configure((spec, B)), specs)),
    st.tuples(st.just("tell"), st.just(Configure((B,)))),
    st.tuples(st.just("plug"), st.booleans()),
)


def check_pairs(sent: list[tuple[float, Event]], merges: bool) -> None:
    """A pitch of a receiver is struck only when silent, ended and swelled only when sounding, and ends silent."""
    sounding: set[tuple[str, int]] = set()
    for _, event in sent:
        assert isinstance(event, NoteOn | NoteOff | NoteVelocity)
        voice = ("" if merges else event.part, event.pitch)
        assert (voice in sounding) == (not isinstance(event, NoteOn)), event
        if isinstance(event, NoteOn):
            sounding.add(voice)
        elif isinstance(event, NoteOff):
            sounding.remove(voice)
    assert sounding == set()


@pytest.mark.parametrize("kind", [Dummy, Channelled])
@settings(max_examples=300, deadline=None)
@given(story=st.lists(deeds, max_size=40), ending=st.sampled_from((Release(None), Panic(), Quit())))
def test_whatever_happens_notes_pair_up_and_none_is_left(kind: type[Dummy], story: list, ending: Command) -> None:
    rig = Rig(A, B, kind=kind)
    for deed, *rest in story:
        now = rig.clock.seconds - 100
        if deed == "play":
            rig.play((now + rest[0], rest[1]), to=("a", "b"))
        elif deed == "wait":
            rig.run(now + rest[0])
        elif deed == "tell":
            rig.tell(*rest)
        elif rig.devices["a"].is_open:
            rig.devices["a"].plugged = rest[0]
    for device in rig.made:
        device.plugged = device.plugged or device.is_open
    rig.run(rig.clock.seconds - 100 + 1.5)
    rig.tell(ending)
    for device in rig.made:
        if device.plugged:  # A port that was closed while its cable was out cannot be helped.
            check_pairs(device.sent, device.merges_parts)


@settings(max_examples=200, deadline=None)
@given(
    notes=st.lists(st.tuples(seconds, seconds, st.sampled_from(PITCHES), seconds, st.sampled_from((-20.0, 0.0, 35.0)))),
)
def test_notes_that_are_all_ended_need_no_release(notes: list) -> None:
    rig = Rig()
    for start, length, pitch, wait, latency in notes:
        now = rig.clock.seconds - 100
        rig.play((now + start, on(pitch)), (now + start + length, off(pitch)))
        rig.tell(Configure((replace(A, latency_ms=latency),)))
        rig.run(now + wait)
    rig.run(rig.clock.seconds - 100 + 2.0)
    check_pairs(rig.devices["a"].sent, merges=False)


def test_what_is_withdrawn_is_answered_too() -> None:
    rig = Rig()
    rig.tell(Play(101.0, ("a",), NoteOn(0.0, "p", 60, 90)))
    rig.clock.advance(1.0 - 0.5)
    rig.replies.clear()
    rig.tell(Release())
    rig.clock.advance(0.2)
    rig.dispatcher.tend(rig.clock.now())
    assert [reply.sent for reply in rig.replies if isinstance(reply, Report)] == [{}]
    rig.replies.clear()
    rig.clock.advance(0.2)
    rig.dispatcher.tend(rig.clock.now())
    assert rig.replies == []


@pytest.mark.parametrize(("told", "panics"), [((), 0), ((Ping(),), 1), ((Release(),), 1)])
def test_one_that_only_stood_by_says_nothing_to_the_ports_when_it_leaves(
    told: tuple[Command, ...], panics: int
) -> None:
    rig = Rig()
    for command in told:
        rig.tell(command)
    rig.tell(Quit())
    assert len(rig.made[0].panics) == panics
    assert [reply for reply in rig.replies if isinstance(reply, Silent)]
