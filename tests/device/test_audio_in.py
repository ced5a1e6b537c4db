"""Sound in: frames from what a sound system in memory plays; devices by name, lost and found again."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
import pytest

from app.device import ear
from app.device.audio_in import AudioIn
from app.device.base import DeviceError
from app.device.ear import EarSettings, Windows, devices, hear, load
from app.frame import Frame, MidiMessage
from app.inbox import Fault
from app.spectrum import RECIPES, Spectrum
from app.transport import OfflineClock
from tests.condition import wait_for
from tests.device.fake_sound import SoundSystem


class Thread(threading.Thread):
    """In place of the process that listens, so that it can use a sound system in memory."""

    def kill(self) -> None:
        """A thread ends when its pipe does."""


def starter(library: Callable[[], Any], clock: OfflineClock) -> Callable[[EarSettings], tuple[Thread, Connection]]:
    def start(settings: EarSettings) -> tuple[Thread, Connection]:
        ours, theirs = multiprocessing.Pipe()

        def run() -> None:
            hear(theirs, settings, library, clock)
            theirs.close()

        thread = Thread(target=run, daemon=True)
        thread.start()
        return thread, ours

    return start


class Rig:
    """An input on a sound system in memory. Attributes: `system`, `clock`, `audio`, `items` (put so far)."""

    def __init__(self, *names: str, device: str = "", recipe: str = "full", channels: int = 2) -> None:
        self.system = SoundSystem(*names, channels=channels)
        self.clock = OfflineClock(100.0)
        self.items: list[Frame | MidiMessage | Fault] = []
        start = starter(self.system.begin, self.clock)
        self.audio = AudioIn(self.items.append, device, RECIPES[recipe], start=start, retry_s=0.05)
        self.audio.open()

    def wait_state(self, state: str) -> str:
        wait_for(lambda: self.audio.check().state == state, 5.0, f"state {state}")
        return self.audio.check().text

    @property
    def frames(self) -> list[Frame]:
        return [item for item in self.items if isinstance(item, Frame)]

    def wait_text(self, text: str) -> None:
        wait_for(lambda: self.audio.check().text == text, 5.0, text)


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig("speaker", "USB Mic")
    rig.wait_state("open")
    yield rig
    rig.audio.close()


def tone(count: int, rate: float = 44_100.0) -> np.ndarray:
    wave = 0.5 * np.sin(2 * np.pi * 440 * np.arange(count) / rate)
    return np.stack([wave, wave], axis=1).astype(np.float32)


def test_windows_overlap_whatever_the_size_of_the_blocks() -> None:
    for sizes in ([20], [1] * 20, [7, 9, 4], [3] * 6 + [2]):
        windows = Windows(8, 4)
        stream = iter(np.arange(20, dtype=np.float32))
        found = []
        for size in sizes:
            block = np.array([next(stream) for _ in range(size)], np.float32)
            found += [(window[0], window[-1]) for window, _ in windows.feed(block)]
        assert found == [(0, 7), (4, 11), (8, 15), (12, 19)]


def test_windows_tell_how_much_came_after_them() -> None:
    assert [later for _, later in Windows(8, 4).feed(np.zeros(20, np.float32))] == [12, 8, 4, 0]


def test_sound_becomes_a_frame_for_every_hop(rig: Rig) -> None:
    assert rig.audio.check().text == "USB Mic (Fake)"
    rig.clock.seconds = 200.0
    samples = tone(2048 + 3 * 512)
    rig.system.streams[0].play(samples)
    wait_for(lambda: len(rig.frames) == 4)
    assert [frame.source for frame in rig.frames] == ["audio"] * 4
    assert [200 - frame.seconds for frame in rig.frames] == pytest.approx([n * 512 / 44_100 for n in (3, 2, 1, 0)])
    wanted = Spectrum(RECIPES["full"], 44_100).features(samples[:2048, 0])
    np.testing.assert_allclose(rig.frames[0].values, wanted, rtol=1e-4, atol=1e-3)
    assert rig.audio.names == RECIPES["full"].names


def test_channels_are_mixed_and_the_level_is_the_peak_since_it_was_asked(rig: Rig) -> None:
    samples = tone(4096)
    samples[:, 1] = 0
    rig.system.streams[0].play(samples)
    wait_for(lambda: len(rig.frames) == 5)
    rms = RECIPES["full"].names.index("rms")
    assert rig.frames[0].values[rms] == pytest.approx(0.25 / np.sqrt(2), rel=0.01)
    assert rig.audio.level() == pytest.approx(0.5, abs=0.01)
    assert rig.audio.level() == 0


def test_a_calm_latency_is_asked_for(rig: Rig) -> None:
    options = rig.system.streams[0].options
    assert (options["latency"], options["samplerate"], options["channels"]) == (0.1, 44_100.0, 2)


def test_lost_samples_are_counted(rig: Rig) -> None:
    rig.system.streams[0].play(tone(2048), overflow=True)
    rig.system.streams[0].play(tone(512))
    wait_for(lambda: len(rig.frames) == 2)
    assert rig.audio.overflows == 1


def test_blocks_that_find_no_room_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    rig = Rig("Mic")
    rig.wait_state("open")
    monkeypatch.setattr(ear, "MOST_BLOCKS", 0)
    rig.system.streams[0].play(tone(100))
    monkeypatch.setattr(ear, "MOST_BLOCKS", 256)
    rig.system.streams[0].play(tone(2048))
    wait_for(lambda: rig.audio.dropped == 100)
    rig.audio.close()


def test_a_lost_device_is_told_and_used_again_when_it_is_back(rig: Rig) -> None:
    rig.system.names = []
    rig.system.streams[0].active = False
    rig.wait_text("USB Mic (Fake) gives no more sound; it is used again when it comes back")
    rig.wait_text("waiting for a sound input; connect a microphone")
    rig.system.names = ["USB Mic"]
    rig.wait_state("open")
    rig.system.streams[-1].play(tone(2048))
    wait_for(lambda: len(rig.frames) == 1)


def test_a_silent_driver_counts_as_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ear, "WAIT_S", 0.01)
    monkeypatch.setattr(ear, "SILENT_S", 0.02)
    rig = Rig("Mic")
    rig.wait_text("Mic (Fake) gives no more sound; it is used again when it comes back")
    wait_for(lambda: len(rig.system.streams) >= 2)
    rig.audio.close()


def test_a_device_is_found_by_a_part_of_its_name_or_waited_for() -> None:
    rig = Rig("Line", "USB Mic", device="usb")
    assert rig.wait_state("open") == "USB Mic (Fake)"
    rig.audio.close()
    missing = Rig("Line", device="usb")
    wait_for(lambda: missing.audio.check().text == "waiting for usb")
    missing.audio.close()


def test_the_systems_own_choice_comes_first() -> None:
    rig = Rig("Line", "USB Mic")
    rig.audio.close()
    rig.system.default.device = (1, 0)
    rig.audio.open()
    assert rig.wait_state("open") == "USB Mic (Fake)"
    rig.audio.close()


def test_a_busy_device_is_one_sentence() -> None:
    rig = Rig()
    rig.system.names, rig.system.busy = ["Mic"], True
    said = "Mic (Fake) cannot be opened (device unavailable); close the program that uses it"
    rig.wait_text(said)
    rig.audio.close()


def test_closing_ends_the_thread_and_may_be_done_twice(rig: Rig) -> None:
    rig.audio.close()
    rig.audio.close()
    assert rig.audio.check().state == "closed"
    wait_for(lambda: rig.system.streams[0].closed)


def test_a_mono_device_is_opened_as_such() -> None:
    rig = Rig("Mic", channels=1, recipe="rtlearner17")
    rig.wait_state("open")
    rig.system.streams[0].play(tone(1024)[:, :1])
    wait_for(lambda: len(rig.frames) == 1)
    assert rig.frames[0].values.shape == (17,)
    rig.audio.close()


def test_without_the_library_it_says_so_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(ear, "import_module", missing)
    said = (
        "audio in is unavailable: PortAudio library not found; install the Python package sounddevice, on Linux also "
        "libportaudio2"
    )
    with pytest.raises(DeviceError):
        load()
    items: list[Frame | MidiMessage | Fault] = []
    audio = AudioIn(items.append, start=starter(load, OfflineClock()))
    audio.open()
    wait_for(lambda: audio.check().state == "failed")
    assert audio.check().text == said
    assert not items
    audio.close()


def test_a_process_that_ends_is_started_again() -> None:
    started: list[Connection] = []

    def start(settings: EarSettings) -> tuple[Thread, Connection]:
        ours, theirs = multiprocessing.Pipe()
        started.append(theirs)
        thread = Thread(target=lambda: None)
        thread.start()
        return thread, ours

    items: list[Frame | MidiMessage | Fault] = []
    audio = AudioIn(items.append, start=start, retry_s=0.05)
    audio.open()
    wait_for(lambda: len(started) == 1)
    started[0].send(("open", "Mic"))
    wait_for(lambda: audio.check().text == "Mic")
    started[0].close()
    wait_for(lambda: audio.check().text == "audio in: its process ended; it starts again")
    wait_for(lambda: len(started) == 2)
    audio.close()


def test_inputs_are_listed_without_what_only_plays() -> None:
    assert devices(SoundSystem("speaker", "Mic")) == [(1, "Mic (Fake)")]
    assert devices(SoundSystem()) == []
