"""What is made of a recorded span: files, in a process of its own.

A long span takes seconds to write. A thread would take them from the music, so the blocks go to a process of low
priority that lives for this one job.
"""

from __future__ import annotations

import json
import multiprocessing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from app import recording
from app.dataset_file import own
from app.example import DatasetError, Output
from app.file import write_bytes
from app.priority import step_back
from app.recorder_data import examples_of
from app.recorder_midi import passages, to_midi
from app.recorder_note import axis_of, notes_of
from app.recorder_tape import Block, entries, whole_turns
from app.recording import Head

PAUSE_S = 4.0
NICE = 10
FORMS = ("recording", "midi", "data", "corpus")


class KeepError(Exception):
    """A span could not be kept: what, where, what to do."""


@dataclass(frozen=True, slots=True)
class Job:
    """What to make.

    Attributes: `form` (one of FORMS), `path` (the file, or the folder of a corpus), `blocks`, `start` and `end` (the
    span, in seconds of the clock), `head` and `first` (of a recording: its head and its first entry), `features` and
    `outputs` (of examples; without names the features are numbered).
    """

    form: str
    path: Path
    blocks: tuple[Block, ...]
    start: float
    end: float
    head: Head | None = None
    first: int = 0
    features: tuple[str, ...] = ()
    outputs: tuple[Output, ...] = ()


def carry_out(job: Job) -> str:
    """Make what a job says and return a sentence on it; KeepError if it cannot be."""
    try:
        if job.form == "recording" and job.head is not None:
            recording.write(job.path, job.head, whole_turns(entries(job.blocks, end=job.end, first=job.first)))
            return f"Kept {job.end - job.head.start:.0f} s in {job.path}"
        if job.form == "data":
            return _write_data(job)
        return _write_notes(job)
    except (OSError, DatasetError, ValueError) as error:
        reason = error.strerror or error if isinstance(error, OSError) else error
        raise KeepError(f"{job.path.name} was not written: {reason}") from error


def _write_data(job: Job) -> str:
    span = entries(job.blocks, job.start, job.end)
    found = examples_of(span, lambda width: names_for(job.features, width), job.outputs)
    job.path.parent.mkdir(parents=True, exist_ok=True)
    own.write(job.path, found)
    return f"Wrote {len(found)} examples to {job.path}"


def names_for(features: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Return what the values of frames are called; the given names if there are as many."""
    return features if len(features) == width else tuple(f"in{number}" for number in range(1, width + 1))


def _write_notes(job: Job) -> str:
    axis = axis_of(entries(job.blocks))
    notes = notes_of(entries(job.blocks), job.start, job.end)
    if not notes:
        raise ValueError("no notes sounded in that time; choose a longer one")
    if job.form == "midi":
        write_bytes(job.path, (to_midi(notes, axis, job.start, job.end),))
        return f"Wrote {len(notes)} notes to {job.path}"
    pieces = passages(notes, PAUSE_S)
    for number, piece in enumerate(pieces, 1):
        data = to_midi(piece, axis, piece[0].start, max(note.end for note in piece))
        write_bytes(job.path / f"{job.path.name} {number:02d}.mid", (data,))
    return f"Wrote {len(pieces)} pieces to {job.path}, a composer's folder to train on"


def in_process(job: Job) -> str:
    """As `carry_out`, in a process of its own; for a thread that may wait."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(theirs, job), name="recorder", daemon=True)
    process.start()
    theirs.close()
    try:
        done, said = json.loads(ours.recv_bytes())
    except EOFError as error:
        raise KeepError(f"{job.path.name} was not written: the process that writes it ended") from error
    finally:
        process.join()
        ours.close()
    if not done:
        raise KeepError(said)
    return str(said)


def _run(answer: Connection, job: Job) -> None:
    """Be the process."""
    step_back(NICE)
    try:
        answer.send_bytes(json.dumps((True, carry_out(job))).encode())
    except KeepError as error:
        answer.send_bytes(json.dumps((False, str(error))).encode())
