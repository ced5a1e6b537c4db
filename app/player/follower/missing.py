"""What a program asks for and is not there: sources for its lessons, files, values to follow.

None of it stops a program: the rest plays, and the performer is told.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.player.follower.argument import Inputs
from app.player.follower.lesson.shape import MOST_SOURCES
from app.player.follower.program import Program, Statement
from app.player.follower.sample import Samples


def missing(program: Program, inputs: Inputs, samples: Samples) -> tuple[str, ...]:
    """Return a sentence for everything that is missing."""
    found: list[str] = []
    sources = len(program.of("source"))
    if not sources and (program.of("learn") or program.of("predict")):
        found.append("Nothing is a source, so nothing is learnt or predicted: write source before a channel")
    if sources > MOST_SOURCES:
        found.append(f"Lessons hear {MOST_SOURCES} sources at most, the first by their names")
    for statement in program.statements:
        found += [f"Line {statement.place.line}: {text}" for text in _of(statement, inputs, samples)]
    return tuple(found)


def _of(statement: Statement, inputs: Inputs, samples: Samples) -> Iterator[str]:
    sound = statement.channel.sound
    if sound is not None and sound.kind == "sample" and not samples.find(statement.channel):
        yield f"there is no file {sound.text or statement.name} for {statement.name}"
    arguments = [argument for _, argument in statement.knobs] + [effect.argument for effect in statement.effects]
    for source in sorted({argument.source for argument in arguments if argument.source}):
        if not inputs.knows(source):
            yield f"there is no value at {source}; it stays at rest"
