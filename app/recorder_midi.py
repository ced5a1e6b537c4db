"""Notes as a MIDI file: a track a part, the tempo as it was, bar lines where the music had them.

Any sequencer, notation program or the Composer's training reads it.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

import mido

from app.device.base import PART_CHANNELS
from app.recorder_note import Axis, Note

TICKS = 480
FIRST_OCTAVE = 36


def to_midi(notes: Sequence[Note], axis: Axis, start: float, end: float) -> bytes:
    """Return a standard MIDI file (format 1) of the notes of a span in seconds."""
    base = axis.passed(start) - _lead(axis, notes, start)
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS)
    file.tracks.append(_conductor(axis, base, start, end))
    parts = list(dict.fromkeys(note.part for note in notes))
    for place, part in enumerate(parts):
        channel = PART_CHANNELS.get(part, _free_channel(place)) - 1
        file.tracks.append(_track(part, channel, [note for note in notes if note.part == part], axis, base))
    data = io.BytesIO()
    file.save(file=data)
    return data.getvalue()


def _free_channel(place: int) -> int:
    """Return a channel 1..16 that is not the drums'."""
    return place % 15 + 1 + (place % 15 >= 9)


def _lead(axis: Axis, notes: Sequence[Note], start: float) -> float:
    """Return how many beats of a bar stand before the span, so that bar lines fall where they were."""
    first = next((line for line in axis.lines if line.playing and line.seconds >= start), axis.line(start))
    anchor = max(first.seconds, start)
    if notes and not first.playing:
        anchor = notes[0].start  # Nothing was counted: the first note is on the first beat.
        return -(axis.passed(anchor) - axis.passed(start))
    return (axis.beat(anchor) - (axis.passed(anchor) - axis.passed(start))) % first.beats_per_bar


def _conductor(axis: Axis, base: float, start: float, end: float) -> mido.MidiTrack:
    track = mido.MidiTrack()
    now, tempo, bar = 0, 0, 0
    for line in [axis.line(start), *(line for line in axis.lines if start < line.seconds < end)]:
        tick = max(_tick(axis, max(line.seconds, start), base), 0)
        if line.beats_per_bar != bar:
            bar = line.beats_per_bar
            track.append(mido.MetaMessage("time_signature", numerator=bar, denominator=4, time=tick - now))
            now = tick
        if mido.bpm2tempo(line.bpm) != tempo:
            tempo = mido.bpm2tempo(line.bpm)
            track.append(mido.MetaMessage("set_tempo", tempo=tempo, time=tick - now))
            now = tick
    return track


def _track(part: str, channel: int, notes: Sequence[Note], axis: Axis, base: float) -> mido.MidiTrack:
    names = sorted({note.name for note in notes if note.name})
    moments: list[tuple[int, int, int, int]] = []
    for note in notes:
        # What is struck by name has no pitch of its own in a file: each name gets a key.
        pitch = FIRST_OCTAVE + names.index(note.name) if note.name else note.pitch
        on = max(_tick(axis, note.start, base), 0)
        off = max(_tick(axis, note.end, base), on + 1)
        moments += [(on, 1, min(max(pitch, 0), 127), note.velocity), (off, 0, min(max(pitch, 0), 127), 0)]
    track = mido.MidiTrack([mido.MetaMessage("track_name", name=part)])
    now = 0
    for tick, on, pitch, velocity in sorted(moments):
        kind = "note_on" if on else "note_off"
        velocity = min(max(int(velocity), 1), 127) if on else 0
        track.append(mido.Message(kind, channel=channel, note=pitch, velocity=velocity, time=tick - now))
        now = tick
    return track


def _tick(axis: Axis, seconds: float, base: float) -> int:
    return round((axis.passed(seconds) - base) * TICKS)


def passages(notes: Sequence[Note], pause_s: float) -> list[list[Note]]:
    """Return notes parted where nothing sounded for a while."""
    found: list[list[Note]] = []
    sounding = -math.inf
    for note in notes:
        if note.start - sounding > pause_s:
            found.append([])
        found[-1].append(note)
        sounding = max(sounding, note.end)
    return found
