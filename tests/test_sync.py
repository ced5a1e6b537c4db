"""Who leads: taps, a MIDI clock with jitter, Link; and the clock that we give to others."""

import random
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock_follower import ClockFollower
from app.event import Pulse
from app.frame import MidiMessage
from app.sync import Sync
from app.tap import Tap
from tests.stage import Metronome, Stage

ROOT = Path(__file__).resolve().parent.parent
TICK, START, CONTINUE, STOP = (0xF8,), (0xFA,), (0xFB,), (0xFC,)


# --- taps -------------------------------------------------------------------------------------------------


def test_taps_give_a_tempo_that_settles() -> None:
    tap, hand = Tap(), random.Random(1)
    told = [tap.tap(number * 0.5 + hand.uniform(-0.02, 0.02)) for number in range(9)]
    assert told[0] is None
    assert told[-1] == pytest.approx(120, abs=2)


def test_a_pause_and_another_tempo_begin_anew() -> None:
    tap = Tap()
    for number in range(5):
        tap.tap(number * 0.5)
    assert tap.tap(60.0) is None
    assert tap.tap(61.0) == pytest.approx(60)
    for number in range(2, 6):
        tap.tap(60.0 + number)
    assert [tap.tap(65.4), tap.tap(65.8)][-1] == pytest.approx(150)


# --- MIDI clock -------------------------------------------------------------------------------------------


def clock(bpm: float, beats: float, jitter_s: float = 0.0, start_s: float = 0.0, seed: int = 0) -> list[float]:
    """Return when the pulses of a master arrive."""
    chance = random.Random(seed)
    step = 60 / bpm / 24
    return [start_s + number * step + chance.uniform(-jitter_s, jitter_s) for number in range(round(beats * 24))]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("bpm", [63.7, 120.0, 174.0])
def test_two_bars_of_a_jittery_master_tell_its_tempo(bpm: float, seed: int) -> None:
    follower = ClockFollower()
    follower.take(START, 0.0)
    for at in clock(bpm, 8, 0.003, 1.0, seed):
        follower.take(TICK, at)
    end = 1.0 + 8 * 60 / bpm
    beat = follower.beat_at(end)
    assert follower.bpm == pytest.approx(bpm, abs=0.1)
    assert beat == pytest.approx(8, abs=0.003 * bpm / 60)
    assert 1.0 < follower.jitter_ms < 2.5


def test_another_tempo_is_found_within_a_beat_and_a_half() -> None:
    follower = ClockFollower()
    follower.take(START, 0.0)
    times = clock(120, 8, 0.001)
    times += clock(140, 1.5, 0.001, times[-1] + 60 / 140 / 24)
    for at in times:
        follower.take(TICK, at)
    follower.tend(times[-1])
    assert follower.bpm == pytest.approx(140, abs=1.5)


def test_song_position_continue_and_stop() -> None:
    follower = ClockFollower()
    follower.take((0xF2, 16, 0), 0.0)
    follower.take(CONTINUE, 0.0)
    for at in clock(120, 2):
        follower.take(TICK, at)
    assert follower.running
    assert follower.beat_at(1.0) == pytest.approx(6.0, abs=1e-6)
    follower.take(STOP, 1.0)
    assert not follower.running
    follower.take(CONTINUE, 5.0)
    for at in clock(120, 1, start_s=5.0):
        follower.take(TICK, at)
    assert follower.beat_at(5.5) == pytest.approx(7.0, abs=1e-6)


def test_a_silent_master_is_noticed() -> None:
    follower = ClockFollower()
    for at in clock(120, 2):
        follower.take(TICK, at)
    follower.tend(1.0)
    assert follower.bpm is not None
    follower.tend(2.0)
    assert follower.bpm is None
    assert follower.beat_at(2.0) is None


@given(st.lists(st.tuples(st.sampled_from([0xF8, 0xFA, 0xFB, 0xFC, 0xF2, 0x90]), st.integers(0, 127), st.floats(0, 3))))
def test_no_stream_of_bytes_breaks_the_follower(messages: list[tuple[int, int, float]]) -> None:
    follower, now = ClockFollower(), 0.0
    for status, value, wait in messages:
        now += wait
        data = (status, value, value) if status in (0xF2, 0x90) else (status,)
        assert follower.take(data, now) == (status != 0x90)
        follower.tend(now)
        assert follower.bpm is None or 20 <= follower.bpm <= 300


@pytest.fixture
def led() -> tuple[Stage, Sync]:
    stage = Stage()
    sync = Sync(stage.engine)
    stage.engine.add(Metronome())
    stage.engine.set("/sync/source", "midi clock")
    stage.run(0.05)
    return stage, sync


def feed(stage: Stage, times: list[float], first: tuple[int, ...] | None = None) -> None:
    """Let a master's pulses arrive on the offline clock."""
    if first is not None:
        stage.engine.inbox.put(MidiMessage(stage.clock.seconds, "midi", first))
    for at in times:
        stage.engine.run_until(max(at, stage.clock.seconds))
        stage.engine.inbox.put(MidiMessage(at, "midi", TICK))
    stage.run(0.001)


def test_the_instrument_plays_on_the_beats_of_a_jittery_master(led: tuple[Stage, Sync]) -> None:
    stage, sync = led
    feed(stage, clock(132, 24, 0.003, 11.0, 5), START)
    assert stage.engine.transport.playing
    assert sync.state.locked
    assert stage.engine.tree.number("/transport/bpm").value == pytest.approx(132, abs=0.1)
    struck = [seconds + 10 for seconds, kind, _ in stage.score() if kind == "on"]
    master = [11.0 + beat * 60 / 132 for beat in range(24)]
    late = [min(abs(at - beat) for beat in master) for at in struck if at > master[10]]
    assert len(late) >= 12
    assert max(late) < 0.005
    assert struck == sorted(struck)


def test_stop_and_start_of_the_master_stop_and_start_the_music(led: tuple[Stage, Sync]) -> None:
    stage, _ = led
    feed(stage, clock(120, 4, 0, 11.0), START)
    stage.engine.inbox.put(MidiMessage(stage.clock.seconds, "midi", STOP))
    stage.run(0.1)
    assert not stage.engine.transport.playing
    assert not stage.dummy.held
    feed(stage, clock(120, 4, 0, 20.0), START)
    assert stage.engine.transport.playing
    assert stage.engine.transport.beat == pytest.approx(4, abs=0.1)


def test_our_own_tempo_comes_back_when_we_lead_again(led: tuple[Stage, Sync]) -> None:
    stage, sync = led
    feed(stage, clock(150, 8, 0.001, 11.0), START)
    stage.engine.set("/sync/source", "internal")
    stage.engine.set("/transport/bpm", 90)
    stage.run(1.0)
    assert stage.engine.transport.bpm == 90
    assert sync.state.source == "internal"


# --- the clock for others ---------------------------------------------------------------------------------


def pulses(stage: Stage) -> list[tuple[float, str, int]]:
    return [(at, event.kind, event.value) for at, event in stage.dummy.sent if isinstance(event, Pulse)]


def test_others_get_24_pulses_a_beat_and_start_and_stop() -> None:
    stage = Stage()
    Sync(stage.engine)
    stage.engine.set("/sync/clock_out", 1)
    stage.engine.fire("/transport/play")
    stage.run(2.03)
    stage.engine.fire("/transport/stop")
    stage.run(0.1)
    kinds = [kind for _, kind, _ in pulses(stage)]
    assert (kinds[0], kinds[1], kinds[-1], kinds.count("stop")) == ("start", "tick", "stop", 1)
    ticks = [at for at, kind, _ in pulses(stage) if kind == "tick"]
    assert len(ticks) in (96, 97)
    steps = [after - before for before, after in pairwise(ticks)]
    assert max(abs(step - 60 / 120 / 24) for step in steps) < 1e-3
    stage.engine.fire("/transport/play")
    stage.run(0.5)
    again = pulses(stage)[len(kinds) :]
    assert [kind for _, kind, _ in again[:3]] == ["position", "continue", "tick"]
    assert again[0][2] in (16, 17)  # Stopped on beat 4: it goes on at the next sixteenth.


def ticking(ahead_ms: float, bpm: float = 120) -> Stage:
    stage = Stage()
    Sync(stage.engine)
    stage.engine.set("/engine/lookahead", ahead_ms)
    stage.engine.set("/transport/bpm", bpm)
    stage.engine.set("/sync/clock_out", 1)
    stage.engine.fire("/transport/play")
    return stage


def ticks_of(stage: Stage) -> list[float]:
    return [at for at, kind, _ in pulses(stage) if kind == "tick"]


@pytest.mark.parametrize("bpm", [60, 119, 121, 180, 240])
@pytest.mark.parametrize("ahead_ms", [10, 60, 100])
def test_the_pulses_follow_a_change_of_tempo_from_the_next_one_on(ahead_ms: float, bpm: float) -> None:
    stage = ticking(ahead_ms)
    stage.run(1.007)
    changed = stage.clock.seconds
    stage.engine.set("/transport/bpm", bpm)
    stage.run(1.0)
    ticks = ticks_of(stage)
    old, new = 60 / 120 / 24, 60 / bpm / 24
    steps = [(after, after - before) for before, after in pairwise(ticks)]
    assert all(step == pytest.approx(old, abs=1e-6) for at, step in steps if at <= changed)
    first, *others = [step for at, step in steps if at > changed]
    assert min(old, new) - 1e-6 <= first <= max(old, new) + 1e-6
    assert all(step == pytest.approx(new, abs=1e-6) for step in others)


def test_a_nudge_moves_the_pulses_that_wait_too() -> None:
    stage = ticking(100)
    stage.run(1.0)
    stage.engine.fire("/transport/nudge", 8)
    stage.run(1.0)
    odd = [after - before for before, after in pairwise(ticks_of(stage)) if abs(after - before - 60 / 120 / 24) > 1e-6]
    assert odd == [pytest.approx(60 / 120 / 24 + 0.008)]


def test_a_tempo_that_is_known_ahead_moves_what_lies_beyond_its_beat() -> None:
    stage = ticking(100)
    stage.run(1.03)
    turn = stage.engine.transport.beat + 0.06
    stage.engine.transport.set_tempo_at(turn, 60)
    at = stage.engine.transport.time_at(turn)
    stage.run(1.0)
    steps = [(before, after - before) for before, after in pairwise(ticks_of(stage))]
    assert all(step == pytest.approx(60 / 60 / 24, abs=1e-6) for before, step in steps if before >= at)
    assert all(step == pytest.approx(60 / 120 / 24, abs=1e-6) for before, step in steps if before + step <= at)


@given(
    st.lists(st.tuples(st.floats(0.001, 0.3), st.floats(40, 280)), min_size=1, max_size=12),
    st.sampled_from([10, 60, 100]),
)
def test_no_pulse_is_lost_or_sent_twice_however_the_tempo_moves(
    changes: list[tuple[float, float]], ahead_ms: float
) -> None:
    stage = ticking(ahead_ms)
    for seconds, bpm in changes:
        stage.run(seconds)
        stage.engine.set("/transport/bpm", bpm)
        stage.engine.turn()
        stage.engine.outputs.tend()  # What is due by now has left.
        beat, count = stage.engine.transport.beat, len(ticks_of(stage))
        assert abs(count - 1 - beat * 24) <= 1 + 1e-6 or beat == 0
    stage.run(0.5)
    ticks = ticks_of(stage)
    assert ticks == sorted(ticks)
    assert max(after - before for before, after in pairwise(ticks)) <= 60 / 40 / 24 + 1e-3


def test_the_clock_is_silent_unless_wanted_and_after_panic() -> None:
    stage = Stage()
    Sync(stage.engine)
    stage.engine.fire("/transport/play")
    stage.run(1.0)
    assert pulses(stage) == []
    stage.engine.set("/sync/clock_out", 1)
    stage.run(1.0)
    assert pulses(stage)
    stage.engine.fire("/panic")
    stage.run(0.1)
    count = len(pulses(stage))
    assert pulses(stage)[-1][1] == "stop"
    stage.run(1.0)
    assert len(pulses(stage)) == count


def test_tapping_and_nudging_move_the_transport() -> None:
    stage = Stage()
    Sync(stage.engine)
    for _ in range(4):
        stage.engine.fire("/transport/tap")
        stage.run(0.4)
    assert stage.engine.tree.number("/transport/bpm").value == pytest.approx(150, abs=1)
    stage.engine.fire("/transport/play")
    stage.run(1.0)
    before = stage.engine.transport.beat_at(stage.clock.seconds)
    stage.engine.fire("/transport/nudge", 20)
    stage.engine.turn()
    assert stage.engine.transport.beat_at(stage.clock.seconds) == pytest.approx(before - 0.02 * 2.5, abs=0.01)


# --- Link -------------------------------------------------------------------------------------------------

ALONE = 'ip link set lo up && ip link set lo multicast on && ip route add 224.0.0.0/4 dev lo && exec "$@"'


def can_be_alone() -> bool:
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    done = subprocess.run(["unshare", "-n", "sh", "-c", "ip link set lo up"], capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.peer
def test_two_link_peers_agree_within_a_millisecond() -> None:
    pytest.importorskip("link", reason="LinkPython-extern is not installed")
    if not can_be_alone():
        pytest.skip("needs a network of its own (unshare -n, ip)")
    script = ROOT / "tests" / "link_pair.py"
    done = subprocess.run(
        ["unshare", "-n", "sh", "-c", ALONE, "sh", sys.executable, str(script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout.strip())
    bpm_a, bpm_b, apart_ms = (float(word) for word in done.stdout.split()[-3:])
    assert (bpm_a, bpm_b) == (pytest.approx(140, abs=0.01), pytest.approx(140, abs=0.01))
    assert apart_ms < 1.0
