"""Who is told that a message had no effect: those who asked, in one sentence, never without end."""

from __future__ import annotations

import errno

import pytest

from app.binding import Binding, Fire, Source
from app.complaint import MOST_A_SECOND
from app.inbox import Packet
from app.subscription import MOST_SUBSCRIBERS
from tests.stage import Stage
from tests.test_subscription import ME, YOU, Writer


def fail(_arguments: tuple[object, ...] = ()) -> None:
    raise ValueError("the lamp is out")


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    made.engine.actions.add("/test/lamp", fail, "Lamp", "Lights it")
    made.engine.actions.add("/test/fine", lambda: None, "Fine", "Does it")
    return made


@pytest.mark.parametrize("asks", [("/errors",), ("/errors", 1), ("/subscribe", "/transport/*")])
def test_who_asked_is_told_what_failed_and_what_is_unknown(stage: Stage, asks: tuple[object, ...]) -> None:
    writer, stranger = Writer(stage), Writer(stage, YOU)
    writer.send(*asks)  # type: ignore[arg-type]
    writer.heard()
    for one in (writer, stranger):
        one.send("/test/lamp")
        one.send("/test/nowhere", 1.0)
        one.send("/transport/bpm")
        one.send("/test/fine")
    assert writer.heard() == [
        ("/error", "/test/lamp", "Lamp failed: the lamp is out"),
        ("/error", "/test/nowhere", "/test/nowhere is not known here"),
        ("/error", "/transport/bpm", "/transport/bpm needs a value"),
    ]
    assert stranger.heard() == []


def test_a_subscriber_may_want_no_errors_and_who_unsubscribed_gets_none(stage: Stage) -> None:
    writer = Writer(stage)
    writer.send("/subscribe", "/transport/beats_per_bar")
    writer.send("/errors", 0)
    writer.heard()
    writer.send("/test/lamp")
    assert writer.heard() == []
    other = Writer(stage, YOU)
    other.send("/subscribe", "/transport/beats_per_bar")
    other.send("/unsubscribe")
    other.heard()
    other.send("/test/lamp")
    assert other.heard() == []


def test_a_flood_is_answered_a_few_times_a_second(stage: Stage) -> None:
    writer = Writer(stage)
    writer.send("/errors", 1)
    for number in range(500):
        now = stage.clock.seconds
        stage.engine.inbox.put(Packet(now, f"/nowhere/{number}", (1.0,), ME, writer.hear))
    stage.run(0.5)
    assert len(writer.heard()) == MOST_A_SECOND
    stage.run(1.0)
    writer.send("/nowhere/again")
    assert len(writer.heard()) == 1


def test_an_error_that_comes_in_is_not_answered_with_one(stage: Stage) -> None:
    writer = Writer(stage)
    writer.send("/errors", 1)
    writer.send("/error", "/their/address", "is not known there")
    assert writer.heard() == []


def test_a_bound_address_whose_action_fails_is_told_and_the_next_message_starts_anew(stage: Stage) -> None:
    stage.engine.bindings.add(Binding(Source("osc", "/pad"), "/test/lamp", Fire()))
    writer = Writer(stage)
    writer.send("/errors", 1)
    writer.send("/pad", 1.0)
    assert writer.heard() == [("/error", "/pad", "Lamp failed: the lamp is out")]
    stage.engine.fire("/test/lamp")
    writer.send("/test/fine")
    assert writer.heard() == [], "what the window did wrong is nothing to a sender"


def test_who_is_gone_is_forgotten_and_askers_are_bounded(stage: Stage) -> None:
    asked = stage.engine.reception.inquiry.complaints.asked
    writer = Writer(stage)
    writer.send("/errors", 1)
    writer.fails = ConnectionRefusedError(errno.ECONNREFUSED, "nobody there")
    writer.send("/test/lamp")
    assert asked == {}
    for number in range(MOST_SUBSCRIBERS + 20):
        Writer(stage, ("127.0.0.1", 20_000 + number)).send("/errors", 1)
    assert len(asked) == MOST_SUBSCRIBERS
    assert ("127.0.0.1", 20_000 + MOST_SUBSCRIBERS + 19) in asked


def test_a_wrong_question_for_errors_is_answered(stage: Stage) -> None:
    writer = Writer(stage)
    writer.send("/errors", "please")
    assert [line[0] for line in writer.heard()] == ["/error"]
