"""OSC in: a UDP port that the engine's own thread reads.

Reading in the thread that answers saves the hand-over from a receiving thread, which takes longer than the rest of
the way (16 against 7 µs for a bare echo here). Decoding cannot block and is quick. A packet that cannot be read is
counted and told, and never ends anything (OSC 1.0).
"""

from __future__ import annotations

import errno
import socket
import sys
import time
from collections.abc import Callable, Iterator

from app.device.base import DeviceError
from app.device.packet import Argument, PacketError, decode_timed, encode
from app.inbox import Fault, Item, Packet
from app.network import Gate
from app.transport import Clock

Reply = Callable[[tuple[str, int], str, tuple[Argument, ...]], None]

LARGEST = 65_535  # A UDP datagram cannot be longer.
TOLD_OF_REFUSALS = {socket.AF_INET: (socket.IPPROTO_IP, 11), socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}  # RECVERR
MOST_REFUSALS = 3  # In a row: a receiver that is started anew is gone for a moment.
MOST_REMEMBERED = 256
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
        self._family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.socket(self._family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._refusals: dict[tuple[str, int], int] = {}
        self._room = bytearray(LARGEST)  # Room made anew for each datagram costs more than reading it.
        self._view = memoryview(self._room)

    def open(self) -> int:
        """Listen; return the port. DeviceError if it is taken or not allowed."""
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            if self._family == socket.AF_INET6:
                self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            if sys.platform == "linux":
                self._socket.setsockopt(*TOLD_OF_REFUSALS[self._family], 1)
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
        for count in range(MOST_PER_READ):
            try:
                size, sender = self._socket.recvfrom_into(self._room)
            except BlockingIOError:
                if count == 0:
                    self._note_refusals()  # Nothing to read although something was there.
                return
            except ConnectionResetError:
                continue  # Windows tells here that nobody listens where an earlier answer went.
            except OSError as error:
                if self._note_refusals():
                    continue
                put(Fault(self._clock.now(), "osc in", f"OSC in: {error}"))
                continue
            if self._refusals:
                self._refusals.pop(sender, None)
            self._decode(bytes(self._view[:size]), sender, put)

    def _decode(self, data: bytes, sender: tuple[str, int], put: Callable[[Item], None]) -> None:
        now = self._clock.now()
        if self._gate is not None and not self._gate.admits(sender[0]):
            put(Fault(now, "osc in", f"OSC from {sender[0]} was not let in; add it to /osc/allow if it is yours"))
            return
        try:
            for packet in packets(data, sender, now, self._answer):
                put(packet)
        except PacketError as error:
            said = f"OSC from {sender[0]}:{sender[1]} could not be read ({len(data)} bytes: {error})"
            put(Fault(now, "osc in", said))

    def _answer(self, receiver: tuple[str, int], address: str, arguments: tuple[Argument, ...]) -> None:
        """Send a message back; OSError if the system refuses it, ConnectionRefusedError if nobody listens there."""
        if self._refusals.get(receiver, 0) >= MOST_REFUSALS:
            del self._refusals[receiver]
            raise ConnectionRefusedError(errno.ECONNREFUSED, "nobody listens there any more")
        data = encode(address, arguments)
        try:
            self._socket.sendto(data, receiver)
        except OSError:
            # Linux reports here what befell an earlier message to somebody else.
            if not self._note_refusals():
                raise
            self._socket.sendto(data, receiver)

    def _note_refusals(self) -> int:
        """Count whose computer said that nobody listens (ICMP, where the system tells it); return how many it were."""
        noted = 0
        while sys.platform == "linux" and noted < MOST_PER_READ:
            try:
                _, _, _, receiver = self._socket.recvmsg(0, 0, socket.MSG_ERRQUEUE)
            except OSError:
                break
            noted += 1
            if receiver and len(self._refusals) < MOST_REMEMBERED:
                self._refusals[receiver] = self._refusals.get(receiver, 0) + 1
        return noted


def packets(data: bytes, sender: tuple[str, int], now: float, reply: Reply) -> Iterator[Packet]:
    """Yield the messages of one OSC packet, each with the time at which it is meant; PacketError if it is none."""
    for address, arguments, wall in decode_timed(data):
        due = now + (wall - time.time()) if wall else now
        if due > now + FARTHEST_S:
            raise PacketError(f"its time tag lies {due - now:.0f} s ahead, at most {FARTHEST_S:.0f} s are kept")
        yield Packet(max(due, now), address, arguments, sender, reply)
