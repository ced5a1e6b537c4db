"""Who is told what: the truth to a writer that asked for something else, rates, ends, and receivers that are gone."""

from __future__ import annotations

import errno
import math
import socket
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.device.packet import decode, encode
from app.hand import Hands
from app.inbox import Packet
from app.parameter import Linear, Log, Parameter, Steps, TextParameter
from app.reach import Reach
from app.subscription import MOST_LINES, Subscriptions, stands_at
from tests.condition import wait_for
from tests.stage import Stage

ME, YOU = ("127.0.0.1", 9001), ("127.0.0.1", 9002)


class Writer:
    """Somebody who sends and keeps what is told. Attributes: `got`, `fails` (raised when something is sent to it)."""

    def __init__(self, stage: Stage, name: tuple[str, int] = ME) -> None:
        self.stage, self.name = stage, name
        self.got: list[tuple[object, ...]] = []
        self.fails: OSError | None = None

    def send(self, address: str, *arguments: object) -> None:
        now = self.stage.clock.seconds
        self.stage.engine.inbox.put(Packet(now, address, arguments, self.name, self.hear))
        self.stage.run(0.1)

    def hear(self, _receiver: tuple[str, int], address: str, arguments: tuple[object, ...]) -> None:
        if self.fails is not None:
            raise self.fails
        self.got.append((address, *arguments))

    def heard(self) -> list[tuple[object, ...]]:
        got, self.got = self.got, []
        return got


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    tree = made.engine.tree
    tree.add(Parameter("/x/level", 0.5, Linear(0, 1)))
    tree.add(Parameter("/x/voices", 4, Linear(1, 8, 1, 0)))
    tree.add(Parameter("/x/shape", 0, Steps(("sine", "saw"))))
    tree.add(Parameter("/x/cut", 800, Log(20, 20_000), "Hz"))
    tree.add_text(TextParameter("/x/title", "tide"))
    return made


@pytest.fixture
def writer(stage: Stage) -> Writer:
    made = Writer(stage)
    made.send("/subscribe", "/x/*", 50)
    stage.run(0.1)
    assert len(made.heard()) == 5
    return made


@pytest.mark.parametrize(
    ("address", "sent", "told"),
    [
        ("/x/level", 0.25, []),
        ("/x/level", 0.1 + 1e-9, []),  # No more than OSC's floats can say.
        ("/x/level", 7.0, [("/x/level", 1.0)]),
        ("/x/level", float("inf"), [("/x/level", 1.0)]),
        ("/x/level", float("nan"), [("/x/level", 0.5)]),
        ("/x/level", "loud", [("/x/level", 0.5)]),
        ("/x/level", "0.25", []),
        ("/x/level", 0.5, []),
        ("/x/voices", 3.4, [("/x/voices", 3)]),
        ("/x/voices", 3, []),
        ("/x/shape", "saw", []),
        ("/x/shape", "SAW", []),
        ("/x/shape", "square", [("/x/shape", 0.0)]),
        ("/x/shape", 9, [("/x/shape", 1.0)]),
        ("/x/cut", "440 Hz", []),
        ("/x/title", "ebb", []),
        ("/x/title", "a\x01b", [("/x/title", "tide")]),
        ("/x/title", 3, []),
    ],
)
def test_a_writer_learns_where_the_value_stands_if_elsewhere(
    writer: Writer, address: str, sent: object, told: list[tuple[object, ...]]
) -> None:
    writer.send(address, sent)
    assert writer.heard() == told


def test_a_pattern_that_was_clamped_somewhere_is_corrected_there_alone(stage: Stage, writer: Writer) -> None:
    writer.send("/x/{level,voices}", 2)
    assert writer.heard() == [("/x/level", 1.0)]


def test_a_right_message_after_a_wrong_one_needs_no_correction(stage: Stage, writer: Writer) -> None:
    for value in (9.0, 0.3):
        stage.engine.inbox.put(Packet(stage.clock.seconds, "/x/level", (value,), ME, writer.hear))
    stage.run(0.2)
    assert writer.heard() == []


def test_nobody_is_corrected_who_did_not_ask_to_be_told(stage: Stage, writer: Writer) -> None:
    stranger = Writer(stage, YOU)
    stranger.send("/x/level", 9.0)
    assert stranger.heard() == []
    assert writer.heard() == [("/x/level", 1.0)]


def test_numbers_keep_their_type_at_the_ends_of_a_range(stage: Stage, writer: Writer) -> None:
    for value in (9.0, -9.0, 0.5):
        Writer(stage, YOU).send("/x/level", value)
        Writer(stage, YOU).send("/x/voices", value)
    assert {(line[0], type(line[1])) for line in writer.heard()} == {("/x/level", float), ("/x/voices", int)}


def test_a_subscription_lasts_as_long_as_was_asked_and_is_renewed(stage: Stage) -> None:
    writer = Writer(stage)
    writer.send("/subscribe", "/x/level", 50, 2)
    stage.run(1.5)
    writer.send("/subscribe", "/x/level", 50, 2)
    stage.run(1.5)
    assert len(stage.engine.reception.inquiry.subscriptions) == 1
    stage.run(1.6)
    assert len(stage.engine.reception.inquiry.subscriptions) == 0
    writer.heard()
    stage.engine.set("/x/level", 0.9)
    stage.run(0.2)
    assert writer.heard() == []


def test_the_questions_explain_themselves(stage: Stage) -> None:
    writer = Writer(stage)
    for verb in ("/get", "/help", "/subscribe", "/unsubscribe", "/errors"):
        writer.send("/help", verb)
        stage.run(0.1)
        (line,) = writer.heard()
        assert line[:3] == ("/help", verb, "question")
        assert len(str(line[-1])) > 20


@pytest.mark.parametrize("arguments", [("/x/*", "fast"), ("/x/*", float("nan")), ("/x/*", None), ("/x/*", 20, "long")])
def test_a_wrong_rate_or_time_is_answered(stage: Stage, arguments: tuple[object, ...]) -> None:
    writer = Writer(stage)
    writer.send("/subscribe", *arguments)
    stage.run(0.1)
    assert [line[0] for line in writer.heard()] == ["/error"]
    assert not stage.engine.reception.inquiry.subscriptions


def test_who_is_gone_is_told_nothing_more(stage: Stage, writer: Writer) -> None:
    other = Writer(stage, YOU)
    other.send("/subscribe", "/x/level", 50)
    writer.fails = ConnectionRefusedError(errno.ECONNREFUSED, "nobody there")
    stage.engine.set("/x/level", 0.9)
    stage.run(0.2)
    assert {key[0] for key in stage.engine.reception.inquiry.subscriptions} == {YOU}
    assert ("/x/level", 0.9) in other.heard()


def test_a_failure_of_another_kind_ends_nothing(stage: Stage, writer: Writer) -> None:
    writer.fails = OSError(errno.ENETUNREACH, "cable out")
    stage.engine.set("/x/level", 0.9)
    stage.run(0.2)
    writer.fails = None
    stage.engine.set("/x/level", 0.8)
    stage.run(0.2)
    assert writer.heard() == [("/x/level", 0.8)]


def test_lines_are_bounded() -> None:
    hands = Hands(lambda *_: None)
    hands.tree.add(Parameter("/a", 0, Linear(0, 1)))
    lines = Subscriptions(hands.tree, lambda *_: None)
    for number in range(MOST_LINES):
        lines.add(ME, f"/{number}", 20, float("inf"), lambda *_: None)
    with pytest.raises(ValueError, match="unsubscribe"):
        lines.add(ME, "/one/more", 20, float("inf"), lambda *_: None)
    lines.add(ME, "/1", 20, float("inf"), lambda *_: None)
    lines.remove(ME)
    assert not lines.lines


def test_what_is_added_later_is_told_too(stage: Stage, writer: Writer) -> None:
    stage.engine.tree.add(Parameter("/x/new", 0, Linear(0, 1)))
    stage.run(0.1)
    assert writer.heard() == [("/x/new", 0.0)]


@given(st.floats(width=32) | st.integers(-20, 20) | st.text(max_size=6))
def test_what_was_taken_as_sent_is_never_called_wrong(sent: float | str) -> None:
    for made in (
        Parameter("/a", 0.5, Linear(0, 1)),
        Parameter("/b", 2, Linear(1, 8, 1)),
        Parameter("/c", 0, Steps(("x", "y"))),
        TextParameter("/d"),
    ):
        try:
            made.set(sent)
        except ValueError:
            continue
        if not isinstance(sent, str) and math.isfinite(sent) and isinstance(made, Parameter):
            near = max(1e-6 * max(abs(sent), abs(made.value)), 1e-12)
            assert stands_at(made, sent) == (abs(made.value - sent) <= near)


# --- over real UDP ---------------------------------------------------------------------------------------------


@pytest.fixture
def reach(stage: Stage) -> Iterator[Reach]:
    made = Reach(stage.engine)
    made.open(0)
    yield made
    made.close()


def client(host: str) -> socket.socket:
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    made.bind((host, 0))
    made.settimeout(5)
    return made


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell nobody which receiver refused")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_closed_port_ends_its_subscription_and_nobody_elses(stage: Stage, reach: Reach, host: str) -> None:
    if ":" in host and reach.without_second:
        pytest.skip(reach.without_second)
    assert reach.osc_in is not None
    port, lines = reach.osc_in.port, stage.engine.reception.inquiry.subscriptions

    def turn() -> None:
        stage.engine.turn(0.002)
        stage.clock.advance(0.03)

    def ready(enough: int) -> bool:
        turn()
        return len(lines) == enough

    gone, stays = client(host), client(host)
    for one in (gone, stays):
        one.sendto(encode("/subscribe", ("/x/level", 50)), (host, port))
    wait_for(lambda: ready(2))
    name = gone.getsockname()
    gone.close()
    values = iter(range(1000))

    def move_until_forgotten() -> bool:
        stage.engine.set("/x/level", next(values) % 7 / 7)
        return ready(1)

    wait_for(move_until_forgotten)
    assert name not in {key[0] for key in lines}
    stage.engine.set("/x/level", 0.123)

    def told() -> bool:
        turn()
        return decode(stays.recv(999))[0][1][0] == pytest.approx(0.123)

    wait_for(told)
    stays.close()


def test_closing_the_network_ends_what_strangers_were_told(stage: Stage, reach: Reach) -> None:
    stage.engine.set("/osc/network", 1)
    stage.engine.turn()
    for name in (ME, ("192.168.7.7", 9000), ("10.0.0.9", 9000)):
        Writer(stage, name).send("/subscribe", "/x/*")
    lines = stage.engine.reception.inquiry.subscriptions
    stage.engine.set("/osc/allow", "10.0.0.0/24")
    stage.engine.turn()
    assert {key[0][0] for key in lines} == {"127.0.0.1", "10.0.0.9"}
    stage.engine.set("/osc/network", 0)
    stage.engine.turn()
    assert {key[0][0] for key in lines} == {"127.0.0.1"}


def test_what_fits_no_datagram_is_answered_with_a_sentence(stage: Stage, reach: Reach) -> None:
    text = stage.engine.tree.add_text(TextParameter("/x/program", limit=100_000))
    text.set("x" * 70_000)
    assert reach.osc_in is not None
    with client("127.0.0.1") as asker:
        asker.sendto(encode("/get", ("/x/program",)), ("127.0.0.1", reach.osc_in.port))
        stage.engine.turn(0.5)
        ((address, arguments),) = decode(asker.recv(65_536))
    assert address == "/error"
    assert "/x/program is too long for a datagram" in arguments[0]


def test_a_long_list_of_choices_fits_one_answer(stage: Stage) -> None:
    stage.engine.tree.add(Parameter("/x/model", 0, Steps(tuple(f"a model with the number {n}" for n in range(3000)))))
    writer = Writer(stage)
    writer.send("/help", "/x/model")
    stage.run(0.1)
    (line,) = writer.heard()
    assert len(encode("/help", line[1:])) < 9000  # type: ignore[arg-type]
