"""What was played, hit by hit: for the eye, for a MIDI file, and for writing predictions back as code."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import gcd
from pathlib import Path

from app.player.follower.pattern import BAR, Pattern
from app.player.follower.program import Statement

MOST_HITS = 20_000
SHOWN = 16
TICKS_PER_BEAT = 480
HIT_BEATS = 0.25
CHANNELS = {"lead": 1, "bass": 2}  # As MIDI counts them inside, from 0; all else are drums.
DRUMS_CHANNEL = 9


@dataclass(frozen=True, slots=True)
class Hit:
    """Something was struck. `kind` is "hit" (drums), "note" (synths) or "predict" (decided by a lesson).

    `detune` is in semitones, as in events.
    """

    beat: float
    name: str
    kind: str
    part: str
    pitch: int
    velocity: int
    detune: float = 0.0


class Score:
    """The last hits. Attributes: `hits`, oldest first; `notice` is told each."""

    def __init__(self) -> None:
        self.hits: deque[Hit] = deque(maxlen=MOST_HITS)
        self.notice: Callable[[Hit], None] = lambda _hit: None
        self._shown: dict[str, deque[float]] = {}

    def add(self, hit: Hit) -> None:
        self.hits.append(hit)
        self.notice(hit)
        self._shown.setdefault(hit.name, deque(maxlen=SHOWN)).append(hit.beat)

    def clear(self) -> None:
        self.hits.clear()
        self._shown.clear()

    def beats(self, name: str) -> tuple[float, ...]:
        """Return when a channel was struck last, oldest first."""
        return tuple(self._shown.get(name, ()))

    def last_bars(self, bars: int) -> list[Hit]:
        """Return the hits of the last whole bars, or of what there is if that is less; beats from their start."""
        if not self.hits:
            return []
        last = int(self.hits[-1].beat // BAR)
        first = max(last - bars + (1 if bars > last else 0), 0) * BAR
        end = last * BAR if bars <= last else (last + 1) * BAR
        return [replace(hit, beat=hit.beat - first) for hit in self.hits if first <= hit.beat < end]


def write_midi(path: Path, hits: Iterable[Hit], bpm: float) -> None:
    """Write hits as a MIDI file of one track; OSError if it cannot be written."""
    import mido

    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm), time=0)])
    reached = 0
    for tick, kind, channel, pitch, velocity in _messages(hits):
        track.append(mido.Message(kind, channel=channel, note=pitch, velocity=velocity, time=tick - reached))
        reached = tick
    file = mido.MidiFile(ticks_per_beat=TICKS_PER_BEAT)
    file.tracks.append(track)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save(path)


def _messages(hits: Iterable[Hit]) -> list[tuple[int, str, int, int, int]]:
    """Return (tick, kind, channel, pitch, velocity) in order of time; a note ends before the next on its channel."""
    found: list[tuple[int, str, int, int, int]] = []
    ordered = sorted(hits, key=lambda hit: hit.beat)
    for place, hit in enumerate(ordered):
        channel = _channel(hit.part)
        alone = channel in CHANNELS.values()
        nexts = (other.beat for other in ordered[place + 1 :] if _follows(other, hit, alone))
        until = min(next(nexts, float("inf")), hit.beat + (BAR if alone else HIT_BEATS))
        start, end = round(hit.beat * TICKS_PER_BEAT), round(until * TICKS_PER_BEAT)
        found.append((start, "note_on", channel, hit.pitch, hit.velocity))
        found.append((max(end, start + 1), "note_off", channel, hit.pitch, 64))
    return sorted(found, key=lambda message: (message[0], message[1] == "note_on"))


def _follows(other: Hit, hit: Hit, alone: bool) -> bool:
    return other.part == hit.part and (alone or other.pitch == hit.pitch) and other.beat > hit.beat


def _channel(part: str) -> int:
    _, _, number = part.partition(":")
    return int(number) - 1 if number else CHANNELS.get(part, DRUMS_CHANNEL)


def pattern_of(row: Sequence[bool], bars: int = 1) -> Pattern:
    """Return the pattern that strikes exactly the ticks of a row that lasts `bars` bars, and repeats it."""
    length = _period(row)
    struck = [tick for tick in range(length) if row[tick]]
    if not struck:
        return Pattern(0.0)
    cycles = len(row) / length / bars
    gaps = [after - before for before, after in zip(struck, [*struck[1:], struck[0] + length], strict=True)]
    share = gcd(*gaps)
    offset = (1 - struck[0] / length) % 1
    return Pattern(cycles, offset, tuple(float(gap // share) for gap in gaps) if len(gaps) > 1 else (1.0,))


def _period(row: Sequence[bool]) -> int:
    """Return after how many ticks a row repeats itself."""
    length = len(row)
    whole = [bool(tick) for tick in row]
    return next(n for n in range(1, length + 1) if length % n == 0 and whole == whole[:n] * (length // n))


def written_back(statement: Statement, row: Sequence[int], bars: int) -> str:
    """Return a line of code that plays what was predicted, with the same notes and effects."""
    pattern = pattern_of([tick == 1 for tick in row], bars)
    return replace(statement, role="", pattern=pattern).show() + ";"
