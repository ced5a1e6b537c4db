"""The notes of the last bars, as a loop plays them again."""

from __future__ import annotations

from app.recorder_loop import LoopNote
from app.recorder_note import HAND, Axis, Note, axis_of, notes_of
from app.recorder_tape import Block, entries


def bars_of(blocks: tuple[Block, ...], span: tuple[float, float], source: str) -> list[LoopNote]:
    """Return the notes that began in a span of beats, when the music last passed it."""
    axis = axis_of(entries(blocks))
    found = notes_of(entries(blocks), float("-inf"), float("inf"))
    wanted = [note for note in found if source == "all" or (note.part == HAND) == (source == "hands")]
    return [_looped(note, axis, span) for note in wanted if _within(note, axis, span)]


def _within(note: Note, axis: Axis, span: tuple[float, float]) -> bool:
    return axis.line(note.start).playing and span[0] <= round(axis.beat(note.start), 6) < span[1]


def _looped(note: Note, axis: Axis, span: tuple[float, float]) -> LoopNote:
    start = round(axis.beat(note.start), 6)
    end = span[1] if note.end == float("inf") else min(round(axis.beat(note.end), 6), span[1])
    part = "composer" if note.part == HAND else note.part
    return LoopNote(part, note.pitch, note.velocity, start - span[0], max(end, start + 0.01) - span[0], note.name)
