"""The life of the synthesiser process: open the device, play, report, fade, leave.

It ends when its parent says so or is gone, when it is told to terminate, or when the audio device stops asking
for sound. It leaves with code 0 in all these cases, for its parent decides what happens next.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import signalflow as sf

from app.interrupt import leave_to_parent
from app.sound.argument import BadMessageError
from app.sound.bank import PROGRAMS, Bank
from app.sound.instrument import DEFAULT_PROGRAM, Instrument, play
from app.sound.link import Link
from app.sound.receiver import LOOPBACK, Receiver
from app.sound.stray import ERROR, Stray, copy_of_error

TICK_S = 0.05
MOVING_TICK_S = 0.004
FADE_S = 0.03
STALL_S = 2.0
HIGHEST_RATE = 50_000
RATE = 48_000


@dataclass(frozen=True, slots=True)
class Options:
    """How to start.

    `backend`: "auto" for the system's choice, "null" for no device, or a name such as "jack" or "alsa"; `port`:
    UDP port on loopback, 0 for any free one; `block`: frames computed at a time.
    """

    backend: str = "auto"
    port: int = 0
    block: int = 256


def open_graph(options: Options) -> sf.AudioGraph:
    """Open the audio device. Raises signalflow.AudioIOException without a usable one.

    Devices above 50 kHz are run at 48 kHz: the tones would only cost more memory.
    """
    config = sf.AudioGraphConfig()
    config.output_buffer_size = options.block
    if options.backend != "auto":
        config.backend_name = options.backend
    if options.backend == "null":
        config.sample_rate = RATE
    with hushed():
        graph = sf.AudioGraph(config=config, start=False)
        if graph.sample_rate > HIGHEST_RATE:
            graph.destroy()
            config.sample_rate = RATE
            graph = sf.AudioGraph(config=config, start=False)
    return graph


@contextmanager
def hushed() -> Iterator[None]:
    """Keep the audio libraries' search for devices off the terminal; what failed arrives as an exception."""
    kept = copy_of_error()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, ERROR)
    try:
        yield
    finally:
        os.dup2(kept, ERROR)
        os.close(kept)
        os.close(nowhere)


class Server:
    """A playing synthesiser.

    `instrument` is what plays, `receiver` what feeds it.
    """

    def __init__(self, graph: sf.AudioGraph, port: int) -> None:
        """Build the voices, compute the first program's tones, bind the port. Raises OSError when it is taken."""
        self._graph = graph
        self._lock = threading.Lock()
        self.receiver = Receiver(port, self.act)
        self.instrument = Instrument(Bank(graph.sample_rate))
        self.instrument.bank.fill(DEFAULT_PROGRAM)
        play(self.instrument, graph)

    def act(self, address: str, arguments: Sequence[object]) -> None:
        """Play a message now; the instrument counts those that cannot be meant."""
        with self._lock:
            try:
                self.instrument.handle(address, arguments, time.perf_counter())
            except BadMessageError:
                return

    def start(self) -> None:
        """Start the sound, then the ears; the other programs' tones follow while the first can already play."""
        self._graph.start()
        self.receiver.start()
        threading.Thread(target=self._fill_rest, name="tones", daemon=True).start()

    def _fill_rest(self) -> None:
        for name in PROGRAMS.keys() - {DEFAULT_PROGRAM}:
            self.instrument.bank.fill(name, pause_s=0.005)

    def serve(self, link: Link, ended: threading.Event, stray: Stray) -> None:
        """Report the level until the parent or a signal ends it, or the device stops, or the ears fail."""
        heard_s = told_s = time.perf_counter()
        late = 0
        while self.receiver.is_alive() and not link.wait(self._pause_s()) and not ended.is_set():
            now = time.perf_counter()
            self._tick(now)
            if now - told_s < 0.9 * TICK_S:
                continue
            told_s, level = now, self.instrument.master.level()
            for trouble in self._troubles():
                link.post(("trouble", trouble))
            if stray.late > late:
                late = stray.late
                link.post(("late", late))
            if level is not None:
                heard_s = now
                link.post(("level", *level))
            elif now - heard_s > STALL_S:
                link.post(("unavailable", "the audio device stopped; choose another one or start the synth again"))
                return

    def _pause_s(self) -> float:
        return MOVING_TICK_S if self.instrument.moving else TICK_S

    def _tick(self, now: float) -> None:
        with self._lock:
            self.instrument.tick(now)

    def _troubles(self) -> list[str]:
        """Take what the drums have to tell."""
        with self._lock:
            troubles = self.instrument.drums.troubles[:]
            self.instrument.drums.troubles.clear()
        return troubles

    def close(self) -> None:
        """Fade out and give the device back."""
        with self._lock:
            self.instrument.panic(time.perf_counter())
        time.sleep(FADE_S)
        self._graph.stop()


def serve(link: Link, options: Options) -> None:
    """Run a synthesiser in this process until it is over; the whole of it in one call."""
    with Stray() as stray:
        _serve(link, options, stray)


def _serve(link: Link, options: Options, stray: Stray) -> None:
    ended = threading.Event()
    heed_signals(ended)
    try:
        graph = open_graph(options)
    except sf.AudioIOException as error:
        link.post(("unavailable", f"no audio device: {reason(options.backend, error)}"))
        return
    try:
        server = Server(graph, options.port)
    except (OSError, OverflowError) as error:
        link.post(("unavailable", f"port {options.port} on {LOOPBACK} cannot be used: {error}"))
        return
    server.start()
    link.post(("backend", f"{options.backend}: {graph.output_device_name}, {graph.sample_rate} Hz"))
    link.post(("ready", server.receiver.port))
    server.serve(link, ended, stray)
    server.close()


def heed_signals(ended: threading.Event) -> None:
    """Leave an interrupt from the keyboard to the parent, and set `ended` on a request to terminate."""

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    leave_to_parent()
    signal.signal(signal.SIGTERM, end)


def reason(backend: str, error: Exception) -> str:
    """A sentence for the performer: what the audio library said, and what to do."""
    said = str(error).removeprefix("miniaudio: ")
    wanted = "the system offers none" if backend == "auto" else f"{backend!r} does not answer"
    return f"{wanted} ({said}); connect one, or play over OSC or MIDI"
