"""A storm of wrong packets at the Listener's input and both drop-in ports: nothing dies or grows, good frames answered.

`UNDERSTUDY_FUZZ_S` sets how long a storm lasts.
"""

from __future__ import annotations

import os
import random
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.adapter.control import PREFIX
from tests.adapter.program import LEARNT, Client, Headless, Program, osc, wekinator

SECONDS = float(os.environ.get("UNDERSTUDY_FUZZ_S", "4"))
RATE = 5000
BURST = 25  # So many packets leave together, as they do on a real network.
GROWTH_MB = 24.0
# These mean nothing without arguments of their kind; a packet cut down to "stopRunning" would be obeyed.
HARMLESS = ["/wek/inputs", "/wek/inputs/bundle"]
HARMLESS += [PREFIX + name for name in ("outputs", "startDtwRecording", "deleteExamplesForOutput", "setInputNames")]
ODD: tuple[object, ...] = ("", "x", "\u00e4\u4e2d", b"blob", True, None, float("nan"), float("inf"), -1e38, 2**31 - 1)


def storm(seed: int) -> Iterator[bytes]:
    """Yield wrong packets without end, none of which is a message that means something."""
    chance = random.Random(seed)
    kinds = (noise, truncated, wrong_types, huge, pattern, bundle, claims_too_much)
    while True:
        yield chance.choices(kinds, (4, 4, 6, 0.2, 2, 1, 2))[0](chance)


def noise(chance: random.Random) -> bytes:
    return chance.randbytes(chance.choice((0, 1, 3, 4, 16, 64, 500)))


def truncated(chance: random.Random) -> bytes:
    whole = osc(chance.choice(HARMLESS), *(chance.random() for _ in range(3)))
    return whole[: chance.randrange(1, len(whole) - 4)]


def wrong_types(chance: random.Random) -> bytes:
    return osc(chance.choice(HARMLESS), *(chance.choice(ODD) for _ in range(chance.randrange(4, 9))))


def huge(chance: random.Random) -> bytes:
    count = chance.randrange(1000, 13_000)
    header = b"/wek/inputs\0," + b"f" * count
    header += b"\0" * (4 - len(header) % 4)
    return header + struct.pack(">f", chance.random()) * count


def pattern(chance: random.Random) -> bytes:
    address = chance.choice(("/wek/*", "/wek/input?", "/*", "//", "/wekinator/control/{train,x}", "/[a-z]*", "/ wek"))
    return osc(address, 1.0, 1.0, 1.0)


def bundle(chance: random.Random) -> bytes:
    inside = chance.choice((noise(chance), pattern(chance), b"#bundle\0" + bytes(8)))
    return b"#bundle\0" + bytes(7) + b"\1" + struct.pack(">i", chance.choice((len(inside), -1, 2**31 - 1, 3))) + inside


def claims_too_much(chance: random.Random) -> bytes:
    return b"/wek/inputs\0," + b"f" * chance.randrange(4, 40) + b"\0\0\0\0" + chance.randbytes(12)


def weather(
    client: Client, program: Headless, port: int, packets: Iterator[bytes], good: Callable[[], None]
) -> tuple[int, float]:
    """Send a storm at its rate, a good frame now and then; return how many packets left and the growth in MB."""
    begin = time.perf_counter()
    sent, next_good, memory = 0, 0.0, 0.0
    while (passed := time.perf_counter() - begin) < SECONDS:
        assert program.process.poll() is None, program.lines[-5:]
        if passed >= SECONDS / 3 and not memory:
            memory = program.memory_mb  # Every ring and every cache is full by then.
        while sent < passed * RATE:
            for _ in range(BURST):
                client.send(port, next(packets))
            sent += BURST
        if passed >= next_good:
            next_good += 0.1
            good()
        client.wait(lambda: False, 0.002)
    return sent, program.memory_mb - memory


def taught(client: Client, program: Program) -> None:
    for label in (1.0, 2.0):
        client.send(program.port, osc(PREFIX + "outputs", label))
        client.send(program.port, osc(PREFIX + "startRecording"))
        for step in range(10):
            client.send(program.port, osc("/wek/inputs", label, step / 100, 0.0))
        client.send(program.port, osc(PREFIX + "stopRecording"))
    client.send(program.port, osc(PREFIX + "train"))
    client.expect("/wekinator/status/done-training")
    client.send(program.port, osc(PREFIX + "startRunning"))


def own_words(packets: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a storm in which Wekinator's frames are frames of the Listener's own input."""
    for packet in packets:
        yield packet.replace(b"/wek/inputs\0", b"/listener/in\0\0\0\0")


@pytest.mark.timeout(180)
def test_a_storm_at_the_listeners_own_input() -> None:
    client = Client()
    with Headless("--osc-out", f"127.0.0.1:{client.port}") as program:
        program.tell("/listener/outputs", "classifier:2")
        program.tell("/listener/smoothing", 0.0)
        program.tell("/listener/input/osc/process", "smooth 0 ms, window 3 mean minimum, every 1")
        for label in (1, 2):
            program.tell("/listener/record", label)
            for step in range(10):
                program.tell("/listener/in", float(label), step / 100, 0.0)
            program.tell("/listener/record", 0)
        program.tell("/listener/train")
        program.tell("/listener/play", 1)

        def answered() -> bool:
            program.tell("/listener/in", 2.0, 0.05, 0.0)
            client.wait(lambda: False, 0.05)
            return (2.0,) in client.of("/listener/out")

        assert any(answered() for _ in range(200)), program.lines[-5:]
        client.got.clear()
        asked = 0

        def good() -> None:
            nonlocal asked
            asked += 1
            program.tell("/listener/in", 2.0, 0.05, 0.0)

        sent, growth = weather(client, program, program.osc, own_words(storm(5)), good)
        client.wait(lambda: len(client.of("/listener/out")) >= asked, 1.0)
        answers = client.of("/listener/out")
        print(f"{sent / SECONDS:.0f} packets/s, {len(answers)} of {asked} answered, {growth:+.1f} MB")
        assert len("".join(program.lines)) < 20_000
        assert answers.count((2.0,)) >= 0.9 * asked
        assert growth < GROWTH_MB
    client.close()


@pytest.mark.timeout(180)
def test_a_storm_at_wekinators_port() -> None:
    client = Client()
    with wekinator(client, "--inputs", "3", "--outputs", "classifier:2") as program:
        taught(client, program)
        asked = 0

        def good() -> None:
            nonlocal asked
            asked += 1
            client.send(program.port, osc("/wek/inputs", 2.0, 0.05, 0.0))

        sent, growth = weather(client, program, program.port, storm(7), good)
        client.wait(lambda: len(client.of("/wek/outputs")) >= asked, 1.0)
        answers = client.of("/wek/outputs")
        print(f"{sent / SECONDS:.0f} packets/s, {len(answers)} of {asked} answered, {growth:+.1f} MB")
        assert len("".join(program.lines)) < 20_000
        assert set(answers) == {(2.0,)}
        assert len(answers) >= 0.9 * asked
        assert growth < GROWTH_MB
        client.send(program.port, osc("/wek/inputs", 1.0, 0.05, 0.0))
        assert client.expect("/wek/outputs") == (1.0,)
    client.close()


@pytest.mark.timeout(180)
def test_a_storm_at_rtlearners_port(tmp_path: Path) -> None:
    file = tmp_path / "data.csv"
    file.write_text("".join(f"{label}.0, {step / 10}, {label}\n" for label in (0, 1) for step in range(10)))
    chance = random.Random(3)
    words = (b"nan, 1", b"1e99, 1", b"1", b", ,", b"1, 2, 3", b"a, b", b"1; 2", b"0x1, 1", b"1_, 1", b"1" * 5000)

    def packets() -> Iterator[bytes]:
        for packet in storm(11):
            yield chance.choice((packet, chance.choice(words)))

    client = Client()
    out = f"127.0.0.1:{client.port}"
    with Program("--rtlearner", str(file), "--rtlearner-in", "0", "--rtlearner-out", out) as program:
        program.said(LEARNT)
        asked = 0

        def good() -> None:
            nonlocal asked
            asked += 1
            client.send(program.port, b"1.0, 0.5")

        sent, growth = weather(client, program, program.port, packets(), good)
        client.wait(lambda: len(client.of("/prediction")) >= asked, 1.0)
        answers = client.of("/prediction")
        print(f"{sent / SECONDS:.0f} packets/s, {len(answers)} of {asked} answered, {growth:+.1f} MB")
        client.send(program.port, b"1.0, 0.5")
        wanted = client.expect("/prediction")
        assert answers.count(wanted) >= 0.9 * asked  # Noise may be two numbers by chance, and is answered too.
        assert growth < GROWTH_MB
    client.close()
