"""`python main.py follow PROGRAM`: a program played as fast as it goes, one line for every event.

For tests, teaching and scripts. Beats are counted without a clock, training is awaited, and all chance comes from the
seed, so the same call prints the same lines.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.parameter import Linear, Parameter, TextParameter, Tree
from app.player.follower.language import parse
from app.player.follower.lesson.coach import InlineCoach
from app.player.follower.lesson.lesson import Lesson
from app.player.follower.lesson.shape import read_structure
from app.player.follower.option import add_pointer
from app.player.follower.pattern import BAR
from app.player.follower.player import Follower
from app.player.follower.program import Program, ProgramError, show_number
from app.player.follower.sample import Samples
from app.player.follower.score import Hit, write_midi

PROGRAM_NAME = "main.py follow"
HELP = """\
Every line is bar,channel,kind,value,velocity. The bar counts from 0 and has 6 digits. Kinds:
  hit      a drum or a channel of one's own; value is its MIDI note
  note     lead or bass; value is the MIDI note
  predict  a hit or note that a lesson decided; value as above
  loss     bar,channel,loss,value, : at the end of each bar in which a channel is learnt, the loss of what it is
           taught; the bar is the number of bars played so far
"""


@dataclass(frozen=True, slots=True)
class Change:
    """A program that takes effect at a bar line."""

    bar: int
    program: Program


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit status: 2 if a program or an option cannot be used."""
    options = _options().parse_args(arguments)
    try:
        changes = _changes(options)
        tree = _tree()
        follower = _follower(tree, options)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    hits = [hit for hit in perform(follower, changes, options.bars, print) if hit.part]
    if options.out is not None:
        try:
            write_midi(options.out, hits, tree.number("/transport/bpm").value)
        except OSError as error:
            print(f"{options.out} cannot be written: {error}", file=sys.stderr)
            return 2
    return 0


def _options() -> argparse.ArgumentParser:
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(PROGRAM_NAME, description=HELP, formatter_class=form)
    add = parser.add_argument
    add("program", type=Path, metavar="PROGRAM", help="a file with a program")
    add("--bars", type=_bars, required=True, metavar="N", help="how many bars to play")
    add("--bpm", type=float, default=None, metavar="B", help="tempo until the program says another (120)")
    add("--seed", type=int, default=0, metavar="S", help="the same number gives the same lines (0)")
    change = "a program that takes effect at that bar line; may be given again"
    add("--evaluate", action="append", default=[], metavar="BAR:FILE", help=change)
    add("--format", choices=("csv",), default="csv", help="how lines are written (csv)")
    add("--out", type=Path, metavar="FILE.mid", help="write what is played as a MIDI file too")
    add("--grid", default="8", help="ticks a bar of the lessons: 8, 16, 24 or 32 (8)")
    add("--phrase", default="1", help="bars after which a learnt part repeats: 1, 2 or 4 (1)")
    add("--structure", default=None, metavar="SIZES", help="sizes of the hidden layers (32,16,8)")
    add("--settle", type=float, default=None, help="ticks passed over after a change (8)")
    add("--steps", type=float, default=None, help="steps of descent a tick (6)")
    add("--surprise", type=float, default=0.0, help="how freely lessons decide, 0 to 1 (0)")
    add("--goal", default="off", help="stop teaching below this loss: off, 0.3, 0.1, 0.02 or 0.005 (off)")
    add("--forgetful", action="store_true", help="let lessons remember their last 64 ticks only")
    add("--samples", default="", metavar="FOLDER", help="sounds of your own: NAME.wav is the channel NAME")
    return parser


def _bars(text: str) -> float:
    bars = float(text)
    if not 0 <= bars <= 1e6:
        raise argparse.ArgumentTypeError("bars are a number from 0 to 1000000")
    return bars


def _changes(options: argparse.Namespace) -> list[Change]:
    """Return all programs by their bars; ValueError with file, line and column if one cannot be read."""
    found = [Change(0, _read(options.program, options))]
    for text in options.evaluate:
        bar, _, name = text.partition(":")
        if not bar.strip().isdecimal() or not name:
            raise ValueError(f"--evaluate {text!r}: write BAR:FILE, such as 4:next.gos")
        found.append(Change(int(bar), _read(Path(name), options)))
    return sorted(found, key=lambda change: change.bar)


def _read(path: Path, options: argparse.Namespace) -> Program:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from error
    try:
        return parse(text, Samples(TextParameter("/follower/samples", options.samples)).names)
    except ProgramError as error:
        raise ValueError(f"{path}:{error.fault.line}:{error.fault.column}: {error.fault.text}") from error


def _tree() -> Tree:
    tree = Tree()
    tree.add(Parameter("/transport/bpm", 120, Linear(20, 300, digits=1), "BPM"))
    add_pointer(tree)
    return tree


def _follower(tree: Tree, options: argparse.Namespace) -> Follower:
    """Return a Follower with the options given; ValueError for one that cannot be."""
    coach = InlineCoach()
    follower = Follower(tree, lambda name, shape, seed: Lesson(name, shape, seed, coach), options.seed, _say)
    tree.text("/follower/samples").set(options.samples)
    if options.bpm is not None:
        tree.number("/transport/bpm").set(options.bpm)
    for name, value in (
        ("grid", options.grid),
        ("bars", options.phrase),
        ("goal", options.goal),
        ("settle", options.settle),
        ("steps", options.steps),
        ("surprise", options.surprise),
        ("forgetful", float(options.forgetful)),
    ):
        if value is not None:
            tree.number(f"/follower/{name}").set(value)
    if options.structure is not None:
        read_structure(options.structure)
        tree.text("/follower/structure").set(options.structure)
    return follower


def _say(_level: str, text: str) -> None:
    print(text, file=sys.stderr)


def perform(follower: Follower, changes: Sequence[Change], bars: float, tell: Callable[[str], None]) -> list[Hit]:
    """Play `bars` bars, telling a line for every hit and every loss in order of time; return all hits."""
    waiting = list(changes)
    while waiting and waiting[0].bar == 0:
        follower.take(waiting.pop(0).program)
    played: list[Hit] = []
    batch: list[Hit] = []
    follower.score.notice = batch.append
    follower.start(0.0)
    end = bars * BAR
    while follower.due() <= end:
        beat = follower.due()
        while waiting and waiting[0].bar * BAR <= beat:
            follower.take(waiting.pop(0).program)
        taught = set(follower.school.taught)
        follower.step()
        if beat > 0 and beat % BAR == 0:
            _tell_losses(follower, taught, beat / BAR, tell)
        struck = sorted((hit for hit in batch if hit.beat < end), key=lambda hit: hit.beat)
        played += struck
        for hit in struck:
            tell(f"{hit.beat / BAR:.6f},{hit.name},{hit.kind},{show_number(hit.pitch + hit.detune)},{hit.velocity}")
        batch.clear()
    return played


def _tell_losses(follower: Follower, taught: set[str], bar: float, tell: Callable[[str], None]) -> None:
    for name in sorted(taught):
        loss = follower.school.loss(name)
        if loss is not None:
            tell(f"{bar:.6f},{name},loss,{loss:.6f},")
