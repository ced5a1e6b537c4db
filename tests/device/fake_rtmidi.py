"""A MIDI system in memory with the face of python-rtmidi, whose ports a test can unplug."""

from __future__ import annotations

from types import SimpleNamespace


class System:
    """Attributes: `names` (the ports there are), `received` ((port, bytes)), `virtual` (ports offered), `broken`."""

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.received: list[tuple[str, tuple[int, ...]]] = []
        self.virtual: list[str] = []
        self.broken = False

    @property
    def library(self) -> SimpleNamespace:
        """What `import rtmidi` would give."""
        return SimpleNamespace(
            API_RTMIDI_DUMMY=0,
            API_LINUX_ALSA=1,
            API_UNIX_JACK=2,
            get_compiled_api=lambda: [9],
            MidiOut=lambda api, name: Out(self),
            MidiIn=lambda api, name: Out(self),
        )

    @property
    def held(self) -> set[tuple[str, int, int]]:
        """The (port, channel, pitch) that instruments behind these ports would sound."""
        sounding: set[tuple[str, int, int]] = set()
        for port, (status, pitch, *_) in self.received:
            note = (port, (status & 15) + 1, pitch)
            if status & 0xF0 == 0x90:
                sounding.add(note)
            elif status & 0xF0 == 0x80:
                sounding.discard(note)
        return sounding


class Out:
    """One client."""

    def __init__(self, system: System) -> None:
        self._system, self._to = system, ""

    def get_ports(self) -> list[str]:
        return list(self._system.names)

    def open_port(self, index: int, name: str) -> None:
        assert not self._to, "a client has one port"
        self._to = self._system.names[index]

    def open_virtual_port(self, name: str) -> None:
        self._to = name
        self._system.virtual.append(name)

    def send_message(self, data: tuple[int, ...]) -> None:
        if self._system.broken:
            raise OSError("driver error")
        self._system.received.append((self._to, tuple(data)))

    def close_port(self) -> None:
        self._to = ""

    def delete(self) -> None:
        self._to = ""
