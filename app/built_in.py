"""The built-in synth, kept alive: started when it is switched on, again when it dies, and left when it cannot sound.

It is only one of the ports. A machine without a sound device says so once and goes on over OSC and MIDI; switching
the synth off and on tries again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from app.snapshot import DeviceState
from app.transport import Clock

RESTART_S = 1.0
LATE_S, MANY_LATE = 10.0, 20
LEFT_OUT = "it was left out at the start; start without --synth off and --safe"
MOST_FAILURES = 3  # In a row, before it was ready once.


class Sound(Protocol):
    """The near side of the synth's process."""

    @property
    def alive(self) -> bool:
        """Whether the process runs."""

    @property
    def port(self) -> int | None:
        """The UDP port it listens on, None until it is ready."""

    def start(self) -> None:
        """Start it, or start it anew."""

    def poll(self) -> list[tuple[Any, ...]]:
        """Return what it posted since the last call."""

    def stop(self) -> None:
        """Silence and end it."""


class BuiltIn:
    """Looks after the synth's process.

    Attributes: `port` (None: not ready), `level` (peaks 0..1, left and right), `state` (for the screen), `xruns`
    (blocks of sound that came late so far), `ends` (how often its process ended unasked).
    """

    def __init__(self, sound: Sound | None, clock: Clock, say: Callable[[str, str], None]) -> None:
        self.port: int | None = None
        self.level = (0.0, 0.0)
        self.state = DeviceState("synth", "closed", "off")
        self._sound, self._clock, self._say = sound, clock, say
        self.xruns = self.ends = 0
        self._tried = float("-inf")
        self._failures = self._late = self._told = 0
        self._late_since = float("-inf")
        self._mute_because = ""  # Why it cannot sound, once it has said so.

    def tend(self, wanted: bool, elsewhere: str) -> None:
        """Read what it posted and keep it as `wanted`; `elsewhere` says where else the notes go."""
        if self._sound is None:
            self.state = DeviceState("synth", "closed", LEFT_OUT if wanted else "off")
            return
        for post in self._sound.poll():
            self._hear(post, elsewhere)
        before, self.port = self.port, self._sound.port if self._sound.alive else None
        if not wanted:
            self._rest()
        elif before is not None and self.port is None:
            self.ends += 1
            self._say("warning", "The built-in synth ended; it is starting again, OSC and MIDI play on")
        if wanted and not self._sound.alive and not self._mute_because:
            self._start()
        if self.port is None:
            self.level = (0.0, 0.0)

    def stop(self) -> None:
        if self._sound is not None:
            self._sound.stop()

    def _start(self) -> None:
        now = self._clock.now()
        if self._sound is None or now - self._tried < RESTART_S:
            return
        if self._failures >= MOST_FAILURES:
            self._mute_because = "The built-in synth cannot start; switch it off and on to try again"
            self.state = DeviceState("synth", "failed", self._mute_because)
            self._say("error", self._mute_because)
            return
        self._tried, self._failures = now, self._failures + 1
        self._sound.start()
        self.state = DeviceState("synth", "waiting", "starting")

    def _rest(self) -> None:
        if self._sound is not None and self._sound.alive:
            self._sound.stop()
        self.port, self._mute_because, self._tried, self._failures = None, "", float("-inf"), 0
        self.state = DeviceState("synth", "closed", "off")

    def _note_late(self, count: int) -> None:
        """Say once in a while that the sound has holes; a few at the start are the library's own."""
        now = self._clock.now()
        self.xruns += max(count - self._told, 0)
        self._told = count
        if now - self._late_since < LATE_S:
            return
        if count - self._late >= MANY_LATE:
            times = count - self._late
            self._say("warning", f"The synth was late {times} times in {LATE_S:.0f} s; close other programs")
        self._late_since, self._late = now, count

    def _hear(self, post: tuple[Any, ...], elsewhere: str) -> None:
        match post:
            case ("level", left, right):
                self.level = (float(left), float(right))
            case ("unavailable", reason):
                self._mute_because = str(reason)
                self.state = DeviceState("synth", "failed", f"{reason}; {elsewhere}")
                self._say("warning", self.state.text)
            case ("trouble", text):
                self._say("warning", str(text))
            case ("late", count):
                self._note_late(int(count))
            case ("backend", name):
                self.state = DeviceState("synth", "waiting", f"through {name}")
            case ("ready", *_):
                self._failures = self._told = self._late = 0
                self.state = DeviceState("synth", "open", self.state.text)
