"""Who trains: in the caller, and in a process that may be slow or die while the music goes on."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import psutil
import pytest

from app.player.follower.lesson.coach import InlineCoach, PupilLostError
from app.player.follower.lesson.coach_process import PAUSE_S, ProcessCoach, School
from app.player.follower.lesson.order import Order, Plan
from app.player.follower.lesson.shape import Manner, Shape
from app.player.follower.lesson.state import Example
from app.player.follower.lesson.student import Student
from tests.condition import wait_for
from tests.player.follower.lesson.course import A, B, Stage, stage

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="stops a process by signals")


class HandClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds


def plan(examples: tuple[Example, ...] = (), rehearse: bool = False) -> Plan:
    return Plan((1, 2), Shape(), False, Student((1, 2), Shape()).trained, examples, rehearse, 0.005)


def order(number: int, tick: int = 0, target: bool = True) -> Order:
    return Order(number, Example((tick % 8, 0), target, 0), Manner())


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def coach(clock: HandClock) -> Iterator[ProcessCoach]:
    made = ProcessCoach(clock)
    yield made
    made.close()


def answered(on: Stage) -> bool:
    """Look for the newest network as a player does, and return whether it has learnt all that was taught."""
    on.lesson.decide(on.tick)
    return on.lesson.answered


def teach(on: Stage, pair: tuple[str, str], bars: int) -> None:
    """Teach, waiting for each bar's answer as a slow song would."""
    on.lesson.changed()
    for _ in range(bars * 8):
        on._hear(pair[0], pair[1])
        wait_for(lambda: answered(on), 20.0, "the answer")


def test_inline_answers_at_once_and_only_once() -> None:
    coach = InlineCoach()
    number = coach.enrol(plan())
    assert coach.answer(number) is None
    coach.teach(number, order(1))
    answer = coach.answer(number)
    assert answer is not None
    assert (answer.number, answer.rehearsing) == (1, False)
    assert coach.answer(number) is None
    coach.dismiss(number)
    coach.teach(number, order(2))
    with pytest.raises(PupilLostError):
        coach.answer(number)


def test_a_process_trains_as_the_caller_would(coach: ProcessCoach) -> None:
    on, other = stage(3, coach=coach), stage(3)
    teach(on, A, 4)
    teach(on, B, 4)
    teach(other, A, 4)
    teach(other, B, 4)
    assert on.lesson.save() == other.lesson.save()
    assert on.exact(*A)
    assert on.exact(*B)
    assert on.lesson.state.late == 0
    assert len(on.lesson.state.curve) == 48


@POSIX
def test_the_process_steps_back(coach: ProcessCoach) -> None:
    on = stage(1, coach=coach)
    teach(on, A, 2)
    assert psutil.Process(coach.pid).nice() == 19


@POSIX
def test_late_answers_are_counted_and_the_old_network_decides_meanwhile(coach: ProcessCoach) -> None:
    on = stage(1, coach=coach)
    teach(on, A, 4)
    assert coach.pid is not None
    os.kill(coach.pid, signal.SIGSTOP)
    weights = on.lesson.save()["students"][0]["weights"]
    on.teach(*B, 3)
    assert on.lesson.save()["students"][0]["weights"] == weights
    assert on.lesson.state.late >= 15
    os.kill(coach.pid, signal.SIGCONT)
    wait_for(lambda: answered(on), 20.0, "the late answer")
    teach(on, B, 4)
    assert on.exact(*B)
    assert on.exact(*A)


@POSIX
def test_a_process_that_dies_is_started_again_and_nothing_is_lost(coach: ProcessCoach, clock: HandClock) -> None:
    on = stage(1, coach=coach)
    teach(on, A, 4)
    assert coach.pid is not None
    psutil.Process(coach.pid).kill()
    wait_for(lambda: on.lesson.decide(on.tick) is not None and coach.deaths == 1, what="the loss being noticed")
    assert on.exact(*A), "it goes on with the network that it has"
    on.teach(*B, 2)
    assert coach.pid is None, "not again at once"
    clock.seconds += PAUSE_S
    wait_for(lambda: answered(on), 20.0, "the second process")
    teach(on, B, 4)
    assert on.exact(*A)
    assert on.exact(*B)


def test_answers_to_pupils_that_left_are_dropped_and_counted(coach: ProcessCoach) -> None:
    number = coach.enrol(plan())
    coach.teach(number, order(1))
    wait_for(lambda: coach._line is not None and coach._line.heard, 20.0, "an answer on its way")
    coach.dismiss(number)
    other = coach.enrol(plan())
    coach.teach(other, order(1))
    wait_for(lambda: coach.answer(other), 20.0, "the other's answer")
    assert coach.dropped == 1


def test_a_rehearsal_is_done_beside_the_ticks(coach: ProcessCoach) -> None:
    on = stage(1, coach=coach)
    teach(on, A, 4)
    on.lesson.reshape(Shape(structure=(20, 20)))
    assert on.lesson.state.text == "learning its 8 examples again"
    wait_for(lambda: answered(on), 20.0, "the rehearsal")
    assert on.exact(*A)


def test_a_closed_coach_starts_no_process_and_asks_for_nothing(coach: ProcessCoach) -> None:
    on = stage(1, coach=coach)
    coach.close()
    on.teach(*A, 3)
    assert coach.pid is None
    assert on.lesson.state.examples == 8


def test_what_waited_is_learnt_together() -> None:
    school = School()
    school.attend([(1, plan()), (2, plan())])
    replies = school.attend([(1, order(1)), (2, order(1)), (1, order(2, 1)), (7, order(1)), (1, order(3, 2))])
    assert [(number, answer.number) for number, answer in replies] == [(1, 3), (2, 1)]
    school.attend([(1, None)])
    assert school.attend([(1, order(4))]) == []


def test_taught_ticks_come_before_rehearsals() -> None:
    known = tuple(Example((tick, 0), tick % 3 == 0, 0) for tick in range(8))
    school = School()
    school.attend([(2, plan())])
    school.attend([(1, plan(known, rehearse=True))])
    assert school.busy
    assert [number for number, _ in school.attend([(2, order(1))])] == [2]
    while school.busy:
        replies = school.attend([])
    assert [number for number, _ in replies] == [1]
    assert (replies[0][1].all_loss or 0.0) < 0.01
