"""The address space as others see it: patterns, answers over real UDP, and OSCQuery over real HTTP."""

import contextlib
import json
import random
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from app.device.osc_in import OscIn
from app.hand import Hands
from app.inbox import Packet
from app.namespace import find, tree
from app.network import Gate, read_networks
from app.osc_pattern import PatternError, is_pattern, reader
from app.oscquery import OscQuery
from app.parameter import Linear, Log, Parameter, Steps, TextParameter
from tests.condition import wait_for
from tests.receiver import Receiver
from tests.stage import Stage


@pytest.mark.parametrize(
    ("pattern", "meant", "not_meant"),
    [
        ("/composer/*", ["/composer/density"], ["/composer/a/b", "/composer"]),
        ("/a/?b", ["/a/xb"], ["/a/b", "/a//b"]),
        ("/out/[1-3]", ["/out/2"], ["/out/4", "/out/-"]),
        ("/out/[!1-3]", ["/out/4"], ["/out/1", "/out//"]),
        ("/{bass,lead}/cut", ["/bass/cut", "/lead/cut"], ["/basslead/cut"]),
        ("//gain", ["/gain", "/output/synth/gain"], ["/again"]),
        ("/a.b", ["/a.b"], ["/axb"]),
    ],
)
def test_patterns_mean_what_osc_says(pattern: str, meant: list[str], not_meant: list[str]) -> None:
    assert [address for address in meant + not_meant if reader(pattern).fullmatch(address)] == meant


@given(st.text(alphabet="/*?[]{}!-,ab1\\^.|(+", max_size=40))
def test_any_text_is_a_pattern_or_says_why_not(text: str) -> None:
    is_pattern(text)
    try:
        assert isinstance(reader("/" + text), re.Pattern)
    except PatternError as error:
        assert "pattern" in str(error)


def test_many_stars_do_not_take_for_ever() -> None:
    began = time.perf_counter()
    assert not reader("/" + "*" * 200 + "x").fullmatch("/" + "a" * 200)
    assert time.perf_counter() - began < 1.0  # An eager matcher would need longer than the universe has.


class Asker:
    """Somebody who sends to an engine and keeps what comes back."""

    def __init__(self, stage: Stage, name: tuple[str, int] = ("127.0.0.1", 9001)) -> None:
        self.stage, self.name = stage, name
        self.got: list[tuple[object, ...]] = []

    def send(self, address: str, *arguments: object, later_s: float = 0.0) -> None:
        when = self.stage.clock.seconds + later_s
        self.stage.engine.inbox.put(Packet(when, address, arguments, self.name, self.hear))
        self.stage.run(0.01)

    def hear(self, _receiver: tuple[str, int], address: str, arguments: tuple[object, ...]) -> None:
        self.got.append((address, *arguments))


@pytest.fixture
def stage() -> Stage:
    made = Stage()
    for name in ("density", "temperature"):
        made.engine.tree.add(Parameter(f"/composer/{name}", 0.5, Linear(0, 1), help="How much"))
    made.engine.tree.add(Parameter("/composer/model", 0, Steps(("Haydn", "Satie"))))
    return made


def test_a_pattern_sets_and_gets_many_values_but_fires_no_verb(stage: Stage) -> None:
    fired: list[int] = []
    stage.engine.actions.add("/composer/do", lambda: fired.append(1))
    asker = Asker(stage)
    asker.send("/composer/{density,temperature}", 0.25)
    asker.send("/composer/*", 0.75)
    asker.send("/get", "/composer/[dt]*")
    assert asker.got == [("/composer/density", 0.75), ("/composer/temperature", 0.75)]
    assert fired == []


def test_help_lists_what_there_is(stage: Stage) -> None:
    stage.engine.actions.add("/composer/do", lambda: None, help="Does it")
    asker = Asker(stage)
    asker.send("/help", "/composer/*")
    stage.run(0.1)
    assert ("/help", "/composer/density", "number", "0..1", 0.5, "How much") in asker.got
    assert ("/help", "/composer/model", "choice", "Haydn|Satie", "Haydn", "Model") in asker.got
    assert ("/help", "/composer/do", "action", "", "", "Does it") in asker.got
    asker.got.clear()
    asker.send("/help")
    stage.run(1.0)
    known = {parameter.address for parameter in stage.engine.tree} | {one.address for one in stage.engine.actions}
    assert {str(line[1]) for line in asker.got} == known


def test_a_subscriber_hears_others_and_never_itself(stage: Stage) -> None:
    own, other = Asker(stage), Asker(stage, ("127.0.0.1", 9002))
    own.send("/subscribe", "/composer/*", 50)
    stage.run(0.2)
    assert {line[0] for line in own.got} == {"/composer/density", "/composer/temperature", "/composer/model"}
    own.got.clear()
    own.send("/composer/density", 0.1)
    stage.run(0.2)
    assert own.got == []
    other.send("/composer/density", 0.2)
    stage.engine.set("/composer/temperature", 0.9)
    stage.run(0.2)
    assert sorted(own.got) == [("/composer/density", 0.2), ("/composer/temperature", 0.9)]
    own.send("/unsubscribe", "/composer/*")
    other.send("/composer/density", 0.3)
    stage.run(0.2)
    assert len(own.got) == 2


def test_the_rate_of_a_subscription_is_kept_and_the_newest_value_wins(stage: Stage) -> None:
    own = Asker(stage)
    own.send("/subscribe", "/composer/density", 5)
    stage.run(0.3)
    own.got.clear()
    for number in range(100):
        stage.engine.set("/composer/density", number / 100)
        stage.run(0.01)
    stage.run(0.3)
    assert 5 <= len(own.got) <= 7
    assert own.got[-1] == ("/composer/density", 0.99)


def test_too_many_subscribers_and_wrong_questions_are_answered(stage: Stage) -> None:
    asker = Asker(stage)
    asker.send("/subscribe", "/composer/[", 5)
    asker.send("/subscribe", "/composer/*", "fast")
    asker.send("/get", "/nowhere")
    for number in range(80):
        Asker(stage, ("127.0.0.1", 10_000 + number)).send("/subscribe", "/x")
    assert [line[0] for line in asker.got] == ["/error"] * 3
    assert len(stage.engine.reception.inquiry.subscriptions) == 64


def test_a_message_with_a_time_tag_waits_for_its_time(stage: Stage) -> None:
    asker = Asker(stage)
    asker.send("/composer/density", 0.9, later_s=0.5)
    stage.run(0.4)
    assert stage.engine.tree.number("/composer/density").value == 0.5
    stage.run(0.2)
    assert stage.engine.tree.number("/composer/density").value == 0.9


def test_a_bundle_over_udp_is_held_until_its_time() -> None:
    stage = Stage()
    osc_in, sender, items = OscIn(stage.clock, 0), Receiver(), []
    port = osc_in.open()
    for ahead in (0.0, 2.0, 1000.0):
        bundle = OscBundleBuilder(time.time() + ahead)  # type: ignore[arg-type]
        message = OscMessageBuilder("/a")
        message.add_arg(1)
        bundle.add_content(message.build())  # type: ignore[arg-type]
        sender._socket.sendto(bundle.build().dgram, ("127.0.0.1", port))
    wait_for(lambda: osc_in.read(items.append) or len(items) == 3)
    osc_in.close()
    sender.close()
    now, later, refused = items
    assert now.seconds == pytest.approx(10.0, abs=0.1)
    assert later.seconds == pytest.approx(12.0, abs=0.1)
    assert "time tag" in refused.text


def test_the_gate_lets_this_computer_in_and_others_only_when_asked() -> None:
    gate = Gate()
    assert gate.admits("127.0.0.1")
    assert not gate.admits("192.168.1.7")
    gate.open = True
    assert gate.admits("192.168.1.7")
    gate.allowed = read_networks("192.168.1.0/24, 10.0.0.3")
    hosts = ("192.168.1.9", "10.0.0.3", "10.0.0.4", "rubbish")
    assert [gate.admits(host) for host in hosts] == [True, True, False, False]
    with pytest.raises(ValueError, match="no address"):
        read_networks("everybody")


# --- OSCQuery ---------------------------------------------------------------------------------------------


@pytest.fixture
def query() -> Iterator[OscQuery]:
    hands = Hands(lambda *_: None)
    hands.tree.add(Parameter("/synth/cut", 800, Log(20, 20_000), "Hz", help="How bright"))
    hands.tree.add(Parameter("/synth/voices", 4, Linear(1, 8, 1, 0)))
    hands.tree.add(Parameter("/synth/shape", 1, Steps(("sine", "saw"))))
    hands.tree.add_text(TextParameter("/synth", "a name that is a container too"))
    hands.actions.add("/synth/strike", lambda: None, help="Once")
    made = OscQuery(hands, "Test", 57120, Gate())
    made.open()
    yield made
    made.close()


def ask(query: OscQuery, path: str) -> tuple[int, object]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{query.port}{path}", timeout=5) as answer:
            body = answer.read()
            return answer.status, json.loads(body) if body else None
    except urllib.error.HTTPError as error:
        return error.code, None


def test_the_page_describes_every_value_and_verb(query: OscQuery) -> None:
    status, cut = ask(query, "/synth/cut")
    assert status == 200
    assert isinstance(cut, dict)
    assert (cut["FULL_PATH"], cut["TYPE"], cut["ACCESS"], cut["VALUE"]) == ("/synth/cut", "f", 3, [800])
    assert cut["RANGE"] == [{"MIN": pytest.approx(20), "MAX": pytest.approx(20_000)}]
    assert cut["UNIT"] == ["Hz"]
    assert ask(query, "/synth/shape?RANGE") == (200, {"RANGE": [{"VALS": ["sine", "saw"]}]})
    assert ask(query, "/synth/voices?TYPE") == (200, {"TYPE": "i"})
    assert ask(query, "/synth/strike?ACCESS") == (200, {"ACCESS": 2})
    status, root = ask(query, "/")
    assert isinstance(root, dict)
    assert set(root["CONTENTS"]["synth"]["CONTENTS"]) == {"cut", "voices", "shape", "strike"}
    assert root["CONTENTS"]["synth"]["VALUE"] == ["a name that is a container too"]


def test_the_page_answers_wrong_questions(query: OscQuery) -> None:
    assert ask(query, "/nowhere")[0] == 404
    assert ask(query, "/synth/cut?NONSENSE")[0] == 400
    assert ask(query, "/synth/strike?VALUE")[0] == 204
    status, host = ask(query, "/?HOST_INFO")
    assert isinstance(host, dict)
    assert (status, host["NAME"], host["OSC_PORT"], host["EXTENSIONS"]["LISTEN"]) == (200, "Test", 57120, False)


def test_every_address_of_the_tables_is_found_in_the_tree(stage: Stage) -> None:
    root = tree(stage.engine.hands)
    for one in (*stage.engine.tree, *stage.engine.actions):
        node = find(root, one.address)
        assert node is not None
        assert node["FULL_PATH"] == one.address
    assert find(root, "/composer/nothing") is None


def test_the_page_survives_anything_that_is_sent_to_it(query: OscQuery) -> None:
    chance = random.Random(7)
    lines = [b"GET / HTTP/1.1\r\n\r\n", b"GET /%ff%00/../../etc HTTP/1.0\r\n\r\n", b"POST / HTTP/1.1\r\n\r\n", b"\r\n"]
    lines += [b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\nX: " + b"y" * 70_000 + b"\r\n\r\n"]
    lines += [bytes(chance.randrange(256) for _ in range(chance.randrange(200))) + b"\r\n\r\n" for _ in range(100)]
    for line in lines:
        client = socket.create_connection(("127.0.0.1", query.port), timeout=5)
        with client, contextlib.suppress(OSError):  # It may hang up on nonsense, whole or half read.
            client.sendall(line)
            if chance.random() < 0.7:
                client.shutdown(socket.SHUT_WR)
                client.recv(4096)
    assert ask(query, "/synth/voices?TYPE") == (200, {"TYPE": "i"})
