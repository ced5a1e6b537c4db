"""OSC in: a UDP port that the engine's own thread reads.

Reading in the thread that answers saves the hand-over from a receiving thread, which takes longer than the rest of
the way (16 against 7 µs for a bare echo here). Decoding cannot block and is quick. A packet that cannot be read is
counted and told, and never ends anything (OSC 1.0).
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from app.device.base import DeviceError
from app.device.packet import Argument, PacketError, decode_timed, encode
from app.inbox import Fault, Item, Packet
from app.network import Gate
from app.transport import Clock

LARGEST = 65_535  # A UDP datagram cannot be longer.
FARTHEST_S = 60.0  # A time tag beyond this is a clock set wrongly rather than music.
MOST_PER_READ = 256  # Then the music has its turn again; the rest waits in the socket.


class OscIn:
    """A UDP port that listens for OSC.

    Attributes: `host`, `port` (the real one after `open`, also when 0 was asked for).
    """

    def __init__(self, clock: Clock, port: int, host: str = "127.0.0.1", gate: Gate | None = None) -> None:
        """`gate` says whose packets are read; without one everybody's are."""
        self.host, self.port = host, port
        self._gate = gate
        self._clock = clock
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._room = bytearray(LARGEST)  # Room made anew for each datagram costs more than reading it.
        self._view = memoryview(self._room)

    def open(self) -> int:
        """Listen; return the port. DeviceError if it is taken or not allowed."""
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            self._socket.bind((self.host, self.port))
        except (OSError, OverflowError) as error:
            raise DeviceError(
                f"OSC cannot listen on {self.host}:{self.port} ({error}); close the program that uses it or choose "
                "another port with --osc-in (0 takes a free one)"
            ) from error
        self.port = int(self._socket.getsockname()[1])
        return self.port

    def close(self) -> None:
        """Stop listening."""
        self._socket.close()

    def fileno(self) -> int:
        return self._socket.fileno()

    def read(self, put: Callable[[Item], None]) -> None:
        for _ in range(MOST_PER_READ):
            try:
                size, sender = self._socket.recvfrom_into(self._room)
            except BlockingIOError:
                return
            except OSError as error:
                # Some systems report a peer's closed port here; the socket itself is still good.
                put(Fault(self._clock.now(), "osc in", f"OSC in: {error}"))
                continue
            self._decode(bytes(self._view[:size]), sender, put)

    def _decode(self, data: bytes, sender: tuple[str, int], put: Callable[[Item], None]) -> None:
        now = self._clock.now()
        if self._gate is not None and not self._gate.admits(sender[0]):
            put(Fault(now, "osc in", f"OSC from {sender[0]} was not let in; add it to /osc/allow if it is yours"))
            return
        try:
            for address, arguments, wall in decode_timed(data):
                due = now + (wall - time.time()) if wall else now
                if due > now + FARTHEST_S:
                    raise PacketError(f"its time tag lies {due - now:.0f} s ahead, at most {FARTHEST_S:.0f} s are kept")
                put(Packet(max(due, now), address, arguments, sender, self._answer))
        except PacketError as error:
            said = f"OSC from {sender[0]}:{sender[1]} could not be read ({len(data)} bytes: {error})"
            put(Fault(now, "osc in", said))

    def _answer(self, receiver: tuple[str, int], address: str, arguments: tuple[Argument, ...]) -> None:
        """Send a message back; OSError if the system refuses it."""
        self._socket.sendto(encode(address, arguments), receiver)
