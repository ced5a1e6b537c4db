"""A JACK client that writes down the very frame of each MIDI message, in a process of its own.

Run as a program (`python tests/peer_frame.py NAME`) it is that client: a MIDI input called NAME:in. When its standard
input ends, it prints one line a message (frame, bytes), then how many cycles the server missed, and ends.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path


class FramePeer:
    """Listens from the moment it exists. Attributes: `xruns` (after `read`)."""

    def __init__(self, name: str) -> None:
        self.xruns = 0
        command = [sys.executable, str(Path(__file__)), name]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n", "the JACK client did not come up"

    def read(self) -> list[tuple[int, tuple[int, ...]]]:
        """End it; return (frame, bytes) in the order of arrival."""
        told, _ = self._process.communicate(timeout=20)
        *lines, xruns = told.splitlines()
        self.xruns = int(xruns)
        return [(int(frame), tuple(bytes.fromhex(data))) for frame, data in (line.split() for line in lines)]


def missing() -> str:
    """Return why frames cannot be read here, "" if they can."""
    try:
        import jack  # noqa: F401
    except (ImportError, OSError) as error:
        return f"JACK-Client does not load: {error}"
    return ""


def _listen(name: str) -> None:
    import jack

    end = time.perf_counter() + 15
    while True:
        try:
            client = jack.Client(name, no_start_server=True)
            break
        except jack.JackOpenError:
            if time.perf_counter() > end:
                raise
            time.sleep(0.1)
    port = client.midi_inports.register("in")
    heard: list[tuple[int, bytes]] = []
    xruns = []

    def process(_: int) -> None:
        start = client.last_frame_time
        heard.extend((start + offset, bytes(data)) for offset, data in port.incoming_midi_events())

    client.set_process_callback(process)
    client.set_xrun_callback(xruns.append)
    client.activate()
    print("ready", flush=True)
    sys.stdin.read()
    client.deactivate()
    client.close()
    print("".join(f"{frame} {data.hex()}\n" for frame, data in heard), end="")
    print(len(xruns))


if __name__ == "__main__":
    _listen(sys.argv[1])
