"""Names of one's own in a program: a sample, an OSC address or a MIDI note to play, a pad or a word to listen to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lark import Token, Tree

from app.player.follower.program import FREE_PITCH, SYNTHS, Channel, Ear, Sound
from app.player.follower.word import Branch, Report, tokens

RECEIVER = re.compile(r"(?:(?P<host>[^\s:/]+):(?P<port>\d{1,5}))?(?P<address>(?:/[A-Za-z0-9_.\-]+)+)")
ADDRESS = re.compile(r"(?:/[A-Za-z0-9_.\-]+)+")


class Definitions:
    """All channels by name. Attributes: `channels`.

    A channel may be given a sound and an ear, each once; the built-in drums keep their pitch with another sound.
    """

    def __init__(self, report: Report, own: Mapping[str, Channel], names: Sequence[str]) -> None:
        self.channels = dict(own)
        self._report = report
        self._written: dict[str, set[str]] = {}
        for name in names:
            self._give_sound(name.lower(), Sound("sample"))

    def define(self, branch: Branch) -> None:
        _, name = tokens(branch)
        what = next(part for part in branch.children if isinstance(part, Tree))
        arguments = tokens(what)
        if name in SYNTHS and what.data in ("sample", "osc", "midi"):
            raise self._report.fault(name, f"{name} is a synth and keeps its sound; choose another name")
        side = "ear" if what.data in ("osc_in", "midi_in", "heard") else "sound"
        written = self._written.setdefault(str(name), set())
        if side in written:
            self._report.warn(name, f"{name} is defined twice; this one holds")
        written.add(side)
        if side == "ear":
            self._give_ear(str(name), self._ear(str(what.data), arguments))
        else:
            self._give_sound(str(name), self._sound(str(what.data), arguments))

    def _sound(self, kind: str, arguments: list[Token]) -> Sound:
        first = arguments[0]
        if kind == "sample":
            if not first.strip():
                raise self._report.fault(first, 'A sample needs the name of a file, such as sample "clap.wav"')
            return Sound("sample", text=str(first))
        if kind == "midi":
            pitch = int(self._report.clamped(first, "a note", 0, 127))
            channel = self._channel(arguments)
            return Sound("midi", f"drums:{channel}" if channel else "drums", pitch)
        found = RECEIVER.fullmatch(first.strip())
        if found is None or (found["port"] and not 1 <= int(found["port"]) <= 65535):
            raise self._report.fault(first, 'Write an OSC address, such as "/light/1" or "127.0.0.1:9000/light/1"')
        to = (found["host"], int(found["port"])) if found["host"] else None
        return Sound("osc", text=found["address"], to=to)

    def _ear(self, kind: str, arguments: list[Token]) -> Ear:
        first = arguments[0]
        if kind == "midi_in":
            note = int(self._report.clamped(first, "a note", 0, 127))
            return Ear("midi", note, self._channel(arguments))
        text = first.strip()
        if kind == "osc_in" and not ADDRESS.fullmatch(text):
            raise self._report.fault(first, 'Write the OSC address to listen to, such as osc in "/tap"')
        if not text:
            raise self._report.fault(first, 'Write a label of the Listener, such as heard "glass"')
        return Ear("osc" if kind == "osc_in" else "heard", text=text)

    def _channel(self, arguments: list[Token]) -> int:
        if len(arguments) < 2:
            return 0
        return int(self._report.clamped(arguments[1], "a MIDI channel", 1, 16))

    def _give_sound(self, name: str, sound: Sound) -> None:
        before = self.channels.get(name)
        if sound.kind in ("sample", "osc"):
            kept = before.sound.pitch if before is not None and before.sound is not None else self._free_pitch()
            sound = Sound(sound.kind, "drums", kept, sound.text, sound.to)
        self.channels[name] = Channel(name, sound, before.ear if before is not None else None)

    def _give_ear(self, name: str, ear: Ear) -> None:
        before = self.channels.get(name)
        self.channels[name] = Channel(name, before.sound if before is not None else None, ear)

    def _free_pitch(self) -> int:
        taken = {channel.sound.pitch for channel in self.channels.values() if channel.sound is not None}
        return next((pitch for pitch in range(FREE_PITCH, 128) if pitch not in taken), 127)
