"""One open port and the notes that sound on it.

What sounds is known here and nowhere else, so that every way of ending (a note-off, a release, a lost cable, a
dead engine) works from the same true set. A port that fails owes the note-offs it could not deliver; they are
the first thing it gets when it is back.
"""

from __future__ import annotations

from collections.abc import Callable

from app.device.base import Device, DeviceError, DeviceSpec, TimedDevice
from app.event import Event, NoteOff, NoteOn, NoteVelocity

Voice = tuple[str | int, int]  # Part or MIDI channel, and pitch: what a receiver takes for one note.


class Outlet:
    """A port with its notes.

    Attributes: `spec`, `state` ("open", "waiting", "failed"), `text` (where it leads, or why not), `sounding`
    and `owed` (voice -> part: held now; to be ended once the port is back), `sent`, `dropped` (counts).
    """

    def __init__(self, spec: DeviceSpec, make: Callable[[DeviceSpec], Device]) -> None:
        self.spec = spec
        self.state, self.text = "waiting", ""
        self.sounding: dict[Voice, str] = {}
        self.owed: dict[Voice, str] = {}
        self.sent = self.dropped = 0
        self._device: Device | None = None
        self._timed: TimedDevice | None = None
        self._is_open = self._down = False
        self._guard(lambda: self._build(make))

    def _build(self, make: Callable[[DeviceSpec], Device]) -> None:
        self._device = make(self.spec)
        self._timed = self._device if isinstance(self._device, TimedDevice) else None
        self.check()

    @property
    def lead_s(self) -> float:
        """How early the port wants its events, in seconds."""
        return self._timed.lead_s if self._timed is not None else 0.0

    def play(self, event: Event, seconds: float | None = None) -> None:
        """Send an event, unless it would have no effect on what sounds.

        `seconds`: its time on the clock, for a port that wants events early.
        """
        if isinstance(event, NoteOn):
            self._strike(event, seconds)
        elif isinstance(event, NoteOff | NoteVelocity):
            voice = self._voice(event.part, event.pitch)
            if self.sounding.get(voice) != event.part:
                self.dropped += 1
            elif isinstance(event, NoteOff):
                self._end(voice, event, seconds)
            else:
                self._put(event, seconds)
        else:
            self._put(event, seconds)

    def adopt(self, part: str, pitch: int) -> None:
        """Take a note for sounding that was begun by somebody else."""
        self.sounding.setdefault(self._voice(part, pitch), part)

    def release(self, part: str | None = None) -> int:
        """End what sounds, of one part or of all; return how many notes that were."""
        ending = [voice for voice, owner in self.sounding.items() if part in (None, owner)]
        for voice in ending:
            if voice in self.sounding:  # Not if an earlier one of these showed that the port is gone.
                self._end(voice)
        return len(ending)

    def panic(self) -> None:
        """Tell the receiver to be silent; also tried on a port that failed."""
        if self._device is not None and self._is_open:
            self._guard(self._device.panic)

    def check(self) -> None:
        """See how the port is, and take it up again if it came back."""
        self._guard(self._look)

    def retune(self, spec: DeviceSpec) -> None:
        """Take another latency or other channels for the same port."""
        if self._device is not None and spec.options != self.spec.options:
            self.release()
            self._device.spec = spec
        self.spec = spec

    def close(self) -> None:
        """Release everything and let the port go; one that has just come back gets what it is owed."""
        if self.owed:
            self.check()
        self.release()
        if self._device is not None:
            self._guard(self._device.close)
        self._is_open, self.state = False, "closed"

    def _voice(self, part: str, pitch: int) -> Voice:
        merges = self._device is not None and self._device.merges_parts
        return (self.spec.channel(part) if merges else part), pitch

    def _strike(self, event: NoteOn, seconds: float | None) -> None:
        voice = self._voice(event.part, event.pitch)
        if voice in self.sounding:
            self._end(voice, None, seconds)
        if self._put(event, seconds):
            self.sounding[voice] = event.part

    def _end(self, voice: Voice, event: NoteOff | None = None, seconds: float | None = None) -> None:
        part = self.sounding.pop(voice)
        arrived = self._put(event or NoteOff(0.0, part, voice[1]), seconds)
        if not arrived or self.state != "open":
            self.owed[voice] = part

    def _put(self, event: Event, seconds: float | None = None) -> bool:
        """Send an event; return whether the port took it."""
        if self._device is None or self._down or not self._guard(lambda: self._send(event, seconds)):
            self.dropped += 1
            return False
        self.sent += 1
        return True

    def _send(self, event: Event, seconds: float | None) -> None:
        if self._timed is not None and seconds is not None:
            self._timed.send_at(event, seconds)
        elif self._device is not None:
            self._device.send(event)

    def _look(self) -> None:
        if self._device is None:
            return
        if not self._is_open:
            self._device.open()
            self._is_open = True
        reason = self._device.check()
        if reason:
            self.state, self.text = "waiting", reason
            return
        self.state, self.text, self._down = "open", self._device.where, False
        for voice, part in tuple(self.owed.items()):
            if voice in self.sounding or self._put(NoteOff(0.0, part, voice[1])):
                self.owed.pop(voice, None)

    def _guard(self, deed: Callable[[], None]) -> bool:
        """Do something with the port; if that fails, note it and return False."""
        try:
            deed()
        except DeviceError as error:
            self._fail(str(error))
        except Exception as error:  # noqa: BLE001 - a fault in one port must not silence the others
            self._fail(f"{self.spec.name} failed: {error!r}; it is tried again")
        else:
            return True
        return False

    def _fail(self, text: str) -> None:
        self.state, self.text, self._down = "failed", text, True
        self.owed |= self.sounding
        self.sounding.clear()
