"""The monitor: what passed, held still, filtered, counted, and sent on over OSC."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.inbox import Fault, Packet
from app.instrument import Instrument
from app.lateness import Lateness
from app.monitor import MOST_LINES, Monitor
from tests.instrument import offline


@pytest.fixture
def stage(tmp_path: Path) -> Instrument:
    return offline(tmp_path / "set")


class Asker:
    """Somebody with an OSC port. Attributes: `got` ((address, arguments))."""

    def __init__(self, instrument: Instrument, port: int = 9) -> None:
        self.got: list[tuple[str, tuple[object, ...]]] = []
        self._engine, self._sender = instrument.engine, ("127.0.0.1", port)

    def ask(self, address: str, *arguments: float | str) -> None:
        self._engine.inbox.put(Packet(self._engine.clock.now(), address, arguments, self._sender, self._reply))
        self._engine.run_until(self._engine.clock.now() + 0.05)

    def _reply(self, receiver: tuple[str, int], address: str, arguments: tuple[object, ...]) -> None:
        assert receiver == self._sender
        self.got.append((address, arguments))


def run(instrument: Instrument, seconds: float) -> None:
    instrument.engine.run_until(instrument.engine.clock.now() + seconds)


def addresses(instrument: Instrument) -> list[str]:
    return [line.address for line in instrument.engine.snapshot.messages]


def test_it_counts_by_port_and_second_what_passed_and_what_went_wrong(stage: Instrument) -> None:
    asker = Asker(stage)
    run(stage, 1.1)
    rates = []
    for _ in range(40):
        asker.ask("/composer/density", 0.5)
        rates.append({port.name: port.per_s for port in stage.engine.snapshot.monitor.ports}["osc in"])
    asker.ask("/nobody/here", 1.0)
    stage.engine.inbox.put(Fault(stage.engine.clock.now(), "osc in", "garbage"))
    run(stage, 1.1)
    ports = {port.name: port for port in stage.engine.snapshot.monitor.ports}
    assert ports["osc in"].total == 41
    assert 19 <= max(rates) <= 21
    assert ports["osc in"].errors == 2
    assert ports["midi in"].total == 0
    assert ports["midi in"].ago is None
    assert stage.engine.snapshot.monitor.unknown == "/nobody/here"
    run(stage, 2.0)
    assert {port.name: port.per_s for port in stage.engine.snapshot.monitor.ports}["osc in"] == 0


def test_what_leaves_is_seen_too_without_the_clock(stage: Instrument) -> None:
    stage.engine.fire("/transport/play")
    run(stage, 2.0)
    seen = [line for line in stage.engine.snapshot.messages if line.direction == "out" and line.port == "osc"]
    assert {"/note_on", "/note_off", "/gen/token"} <= {line.address for line in seen}
    assert not any("clock" in line.text for line in seen)


def test_a_filter_is_a_pattern_or_a_part_of_the_address(stage: Instrument) -> None:
    asker = Asker(stage)
    for address in ("/composer/density", "/composer/temperature", "/listener/in"):
        asker.ask(address, 0.5)
    stage.engine.set("/monitor/filter", "/composer/*")
    run(stage, 0.1)
    assert addresses(stage) == ["/composer/density", "/composer/temperature"]
    asker.ask("/listener/in", 0.5)
    asker.ask("/composer/density", 0.5)
    assert addresses(stage)[2:] == ["/composer/density"]
    stage.engine.set("/monitor/filter", "TEMP")
    run(stage, 0.1)
    assert addresses(stage) == ["/composer/temperature"]
    stage.engine.set("/monitor/filter", "/composer/[")
    run(stage, 0.1)
    assert len(addresses(stage)) == 5
    assert any("/monitor/filter" in line.text for line in stage.engine.monitor.log)


def test_a_paused_list_stands_still_and_then_knows_what_passed(stage: Instrument) -> None:
    asker = Asker(stage)
    asker.ask("/listener/in", 1.0)
    stage.engine.set("/monitor/pause", 1)
    run(stage, 0.1)
    asker.ask("/listener/in", 2.0)
    assert len(addresses(stage)) == 1
    assert stage.engine.snapshot.monitor.paused or stage.engine.tree.number("/monitor/pause").value
    stage.engine.set("/monitor/pause", 0)
    run(stage, 0.1)
    assert len(addresses(stage)) == 2
    stage.engine.fire("/monitor/clear")
    run(stage, 0.1)
    assert addresses(stage) == []


def test_the_list_is_bounded_by_lines_and_arguments() -> None:
    monitor = Monitor()
    for number in range(10_000):
        monitor.passed(number, "in", "osc", "/flood", tuple(range(2000)))
    assert len(monitor.messages) == len(monitor.shown) == MOST_LINES
    assert max(len(line.arguments) for line in monitor.messages) <= 16
    monitor.show(re.compile("/none").fullmatch, True)
    assert len(monitor.shown) == 0


def lines(asker: Asker) -> list[tuple[object, ...]]:
    return [arguments for address, arguments in asker.got if address == "/monitor/line"]


def test_others_ask_for_the_list_over_osc(stage: Instrument) -> None:
    asker = Asker(stage)
    asker.ask("/composer/density", 0.25)
    asker.ask("/monitor/list")
    assert {address for address, _ in asker.got} == {"/monitor/port", "/monitor/line"}
    assert lines(asker)[0][1:] == ("in", "osc", "/composer/density 0.25")


def test_a_stream_is_no_faster_than_asked_for_and_ends(stage: Instrument) -> None:
    asker, player = Asker(stage, 7), Asker(stage, 8)
    asker.ask("/monitor/stream", 5.0)
    for _ in range(100):
        player.ask("/composer/density", 0.5)
    assert 20 <= len(lines(asker)) <= 31
    asker.ask("/monitor/stream", 0.0)
    before = len(asker.got)
    for _ in range(20):
        player.ask("/composer/density", 0.5)
    assert len(asker.got) == before


def test_too_many_listeners_are_refused_and_a_lost_one_is_let_go(stage: Instrument) -> None:
    askers = [Asker(stage, port) for port in range(1, 12)]
    for asker in askers:
        asker.ask("/monitor/stream", 50.0)
    assert sum(address == "/error" for asker in askers for address, _ in asker.got) == 3

    def gone(*_: object) -> None:
        raise OSError("no route to host")

    reply: Callable[..., None] = gone
    stage.engine.inbox.put(Packet(stage.engine.clock.now(), "/monitor/stream", (0.0,), ("127.0.0.1", 1), reply))
    stage.engine.inbox.put(Packet(stage.engine.clock.now(), "/monitor/stream", (50.0,), ("127.0.0.1", 1), reply))
    asker = Asker(stage, 99)
    asker.ask("/composer/density", 0.5)
    assert any("no route to host" in line.text for line in stage.engine.monitor.log)


def test_percentiles_of_lateness_are_those_of_the_samples() -> None:
    random = np.random.default_rng(0)
    samples = random.gamma(2.0, 0.2, 20_000)
    lateness = Lateness()
    for part in np.split(samples, 100):
        lateness.add(part)
    for share in (0.5, 0.95, 0.99):
        assert abs(lateness.percentile_ms(share) - np.quantile(samples, share)) < 0.03
    assert lateness.worst_ms == samples.max()
    assert lateness.count == 20_000
    lateness.add([250.0])
    assert lateness.percentile_ms(1.0) == 250.0
    assert Lateness().percentile_ms(0.99) == 0.0
