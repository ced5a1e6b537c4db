"""MIDI out of JACK, each event at its frame: a client with the face of RtMidi's, and exact where RtMidi is not.

RtMidi puts an event at the start of the next block, so the block is the jitter: 5.3 ms at 256 frames. Here an event is
handed over a block and a little more before its time (`lead_s`), and the server's callback writes it at the very frame.
What has no time of its own, such as a note played by hand, sounds `lead_s` later: a steady delay in place of jitter.
The callback is Python and runs in the server's cycle, so it does nothing but move bytes. The library (JACK-Client, MIT)
is optional; without it, and everywhere but on JACK, RtMidi plays.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

from app.device.jack_ruler import Ruler

MARGIN_S = 0.002  # For our thread and the server's to be late in.
STALL_S = 1.0  # Without a cycle for so long the server stands.
PATIENCE_S = 0.1  # So long a closing port waits for its last bytes to leave.
SWITCH_S = 0.0005  # The server's thread must not wait longer than this for the interpreter.


def load() -> ModuleType | None:
    """Return the JACK library, None if it is not installed or finds no libjack."""
    try:
        return import_module("jack")
    except (ImportError, OSError):
        return None


class JackOut:
    """One client with one MIDI port out.

    Attributes: `lead_s` (how early it wants an event), `late` (events that came too late for their frame), `fault`
    (what went wrong in the server's cycle and was not told yet, "" if nothing).
    """

    def __init__(self, library: ModuleType, name: str) -> None:
        """Become a client; OSError if the server does not take us."""
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_S))
        try:
            self._client = library.Client(name, no_start_server=True)
        except library.JackError as error:
            raise OSError(f"JACK refuses a client ({error})") from error
        self._error: type[Exception] = library.JackError
        self.late = 0
        self.fault = ""
        self._ruler = Ruler(self._client.samplerate)
        self._queue: deque[tuple[float, bytes]] = deque()
        self._port: Any = None
        self._cycled = time.perf_counter()
        self._client.set_process_callback(self._process)
        self._guarded(self._client.activate)

    @property
    def lead_s(self) -> float:
        """A block and a margin: by then the cycle that holds the event's frame has not begun."""
        return float(self._client.blocksize / self._client.samplerate) + MARGIN_S

    def get_ports(self) -> list[str]:
        """Return the names of the ports to send to; OSError while the server stands."""
        self._check_stall()
        return [port.name for port in self._client.get_ports(is_midi=True, is_input=True)]

    def open_port(self, index: int, name: str) -> None:
        """Connect to a port of `get_ports`; OSError if that fails."""
        self.open_virtual_port(name)
        wanted = self.get_ports()[index]
        self._guarded(lambda: self._client.connect(self._port, wanted))

    def open_virtual_port(self, name: str) -> None:
        """Offer a port; OSError if that fails."""
        if self._port is None:
            self._port = self._guarded(lambda: self._client.midi_outports.register(name))

    def send_message(self, data: Sequence[int]) -> None:
        """Send as soon as is steady."""
        self.send_at(data, time.perf_counter() + self.lead_s)

    def send_at(self, data: Sequence[int], seconds: float) -> None:
        """Send at a time of the system-wide clock; what was given before leaves before.

        OSError if the server stands, or a cycle failed since: what it does not take must not heap up.
        """
        if self.fault:
            fault, self.fault = self.fault, ""
            raise OSError(f"JACK: {fault}")
        self._check_stall()
        self._queue.append((seconds, bytes(data)))

    def _check_stall(self) -> None:
        if time.perf_counter() - self._cycled > STALL_S:
            raise OSError("the JACK server stands; let it go on, or restart it")

    def close_port(self) -> None:
        """Take the port back, once all has left."""
        port = self._port
        if port is not None:
            self._drain()
            time.sleep(self.lead_s)  # What the last cycle wrote is read within it.
            self._guarded(port.disconnect)  # Before the callback lets go: a buffer that nobody clears is read again.
            self._port = None
            time.sleep(self.lead_s)  # A cycle that has begun still holds it.
            self._guarded(port.unregister)

    def delete(self) -> None:
        """Leave the server; OSError if it has left us."""
        self._guarded(self._client.deactivate)
        self._client.close()

    def _drain(self) -> None:
        end = time.perf_counter() + PATIENCE_S + self.lead_s
        while self._queue and time.perf_counter() < end:
            time.sleep(0.001)

    def _guarded(self, deed: Any) -> Any:
        try:
            return deed()
        except self._error as error:
            raise OSError(f"JACK: {error}") from error

    def _process(self, frames: int) -> None:
        """Be called in each cycle, in the server's thread: which calls no more what has once failed."""
        try:
            self._write(frames)
        except Exception as error:  # noqa: BLE001 - told by the next `send_at`; without it every note would hang
            self.fault = repr(error)

    def _write(self, frames: int) -> None:
        """Write what falls into this cycle."""
        ruler, queue, port = self._ruler, self._queue, self._port
        self._cycled = time.perf_counter()
        start = ruler.mark(self._client.last_frame_time, self._cycled)
        if port is None:
            return
        port.clear_buffer()
        place = 0
        while queue:
            seconds, data = queue[0]
            frame = round(ruler.frame_at(seconds)) - start
            if frame >= frames:
                return
            self.late += frame < 0
            place = max(place, frame)
            queue.popleft()
            try:
                port.write_midi_event(place, data)
            except self._error:  # The block is full: the next one takes it.
                queue.appendleft((seconds, data))
                return
