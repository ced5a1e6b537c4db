"""How steadily this computer can play: a dispatcher sends for some seconds, and its lateness is read.

It is the process that plays on stage, with the priority that the system grants it: the figure is the one that counts.
"""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Callable

from app.command import Configure, Ping, Play, Report, Status
from app.device.base import DeviceSpec
from app.dispatcher_process import DispatcherProcess
from app.doctor_place import Place
from app.doctor_state import FAILURE, OK, WARNING, Finding
from app.event import Message
from app.lateness import Lateness

GRID_S = 0.01
BAR_P99_MS = 2.0


def check_clock(place: Place) -> list[Finding]:
    """Let a dispatcher send for some seconds, and see how late it was and what the system granted it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        lateness, realtime = _watch_dispatcher(ear.getsockname()[1], place.seconds)
    p99, worst = lateness.percentile_ms(0.99), lateness.worst_ms
    said = f"{lateness.count} events left, 99 of 100 at most {p99:.2f} ms late, the worst {worst:.2f} ms"
    if not lateness.count:
        clock = Finding("clock", FAILURE, "The sending process did not start; see what is printed above")
    elif p99 > BAR_P99_MS:
        clock = Finding("clock", WARNING, f"{said}: end other programs, and switch energy saving off")
    else:
        clock = Finding("clock", OK, said)
    return [clock, realtime_finding(realtime)]


def realtime_finding(granted: bool | None) -> Finding:
    """Return what to say about real-time priority."""
    if granted:
        return Finding("priority", OK, "The system grants real-time priority")
    do = "join the group audio and give it rtprio 95 in /etc/security/limits.d"
    if sys.platform != "linux":
        return Finding("priority", OK, "This system has no real-time priority to grant; high priority is used")
    return Finding("priority", WARNING, f"No real-time priority: under load notes may be some ms late; {do}")


def _watch_dispatcher(port: int, seconds: float) -> tuple[Lateness, bool | None]:
    lateness, realtime = Lateness(), None
    process = DispatcherProcess()
    process.start()
    try:
        process.send(Configure((DeviceSpec("osc", "osc", (("host", "127.0.0.1"), ("port", port))),)))
        if not wait(lambda: any(isinstance(reply, Status) for reply in process.poll()), 5.0, process):
            return lateness, None
        start = time.perf_counter() + 0.1
        count = max(int(seconds / GRID_S), 1)
        for number in range(count):
            process.send(Play(start + number * GRID_S, ("osc",), Message(0.0, "doctor", "/doctor/tick", (number,))))
        end = time.perf_counter() + seconds + 2.0
        while lateness.count < count and time.perf_counter() < end and process.alive:
            process.send(Ping())
            for reply in process.poll():
                if isinstance(reply, Report):
                    lateness.add(reply.late_ms)
                    realtime = reply.realtime
            time.sleep(0.02)
    finally:
        process.stop()
    return lateness, realtime


def wait(is_there: Callable[[], bool], seconds: float, process: DispatcherProcess | None = None) -> bool:
    """Wait for something; return whether it came in time."""
    end = time.perf_counter() + seconds
    while not is_there():
        if time.perf_counter() > end:
            return False
        if process is not None:
            process.send(Ping())
        time.sleep(0.01)
    return True
