"""What the words of a program mean: statements checked, numbers brought into range, names resolved.

The grammar says what may stand where; here is what it amounts to. Whatever is taken differently from how it was
written leaves a warning with its line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lark import Token, Tree

from app.player.follower.definition import Definitions
from app.player.follower.pattern import Pattern
from app.player.follower.program import (
    KNOBS,
    SYNTHS,
    Argument,
    Channel,
    Effect,
    Place,
    Program,
    Statement,
)
from app.player.follower.scanner import Text
from app.player.follower.word import Branch, Report, end_of, first, line_of, tokens

TEMPO = (20.0, 300.0)
MOST_HITS = 512  # In a bar, of one channel.
MOST_NUMBERS = 256  # In one list.
MOST_EFFECTS = 8
RANGES = {
    "cut": (0.0, 20_000.0),
    "res": (0.0, 100.0),
    "env": (0.0, 100.0),
    "dist": (0.0, 100.0),
    "amp": (0.0, 8.0),
    "lpf": (20.0, 20_000.0),
    "hpf": (20.0, 20_000.0),
}


class Reader:
    """Reads one tree of words. `own` are the channels that need no definition, `names` those with a file."""

    def __init__(self, source: Text, own: Mapping[str, Channel], names: Sequence[str]) -> None:
        self._report = Report(source)
        self._definitions = Definitions(self._report, own, names)

    def program(self, tree: Branch) -> Program:
        """Return the program; ProgramError at the first statement without sense."""
        statements = [item.children[0] for item in tree.children if isinstance(item, Tree) and item.children]
        branches = [branch for branch in statements if isinstance(branch, Tree)]
        for branch in branches:
            if branch.data == "definition":
                self._definitions.define(branch)
        bpm: float | None = None
        lines: dict[str, Statement] = {}
        for branch in branches:
            if branch.data == "tempo":
                bpm = self._tempo(branch, bpm)
            elif branch.data == "line":
                statement = self._line(branch)
                if lines.pop(statement.name, None) is not None:
                    self._report.warn(tokens(branch)[0], f"{statement.name} is given twice; this line holds")
                lines[statement.name] = statement
        text, warnings = self._report.source.text, tuple(self._report.warnings)
        return Program(tuple(lines.values()), bpm, self._definitions.channels, text, warnings)

    def _tempo(self, branch: Branch, before: float | None) -> float:
        token = tokens(branch)[-1]
        if before is not None:
            self._report.warn(token, "bpm is given twice; this one holds")
        return self._report.clamped(token, "bpm", *TEMPO)

    # --- lines ----------------------------------------------------------------------------------------

    def _line(self, branch: Branch) -> Statement:
        words = tokens(branch)
        name, role = words[-1], str(words[0]) if len(words) > 1 else ""
        parts = [part for part in branch.children if isinstance(part, Tree)]
        self._only_once(name, parts)
        channel = self._definitions.channels.get(str(name))
        if channel is None:
            raise self._report.fault(name, f"{name} has no definition that can be read")
        self._check_channel(name, channel, role)
        lists = [self._numbers(part) for part in parts if part.data == "numbers"]
        ratios, notes = self._lists(name, lists)
        pattern = self._pattern(name, parts, ratios)
        knobs = [self._knob(name, part) for part in parts if part.data == "knob"]
        effects = [effect for part in parts if part.data == "effects" for effect in self._chain(name, part)]
        start, end = int(words[0].start_pos or 0), end_of(branch, self._report.source.text)
        place = Place(line_of(words[0]), int(words[0].column or 1), start, end)
        ordered = tuple(sorted(knobs, key=lambda knob: list(KNOBS).index(knob[0])))
        return Statement(channel, role, pattern, notes, ordered, tuple(effects), place)

    def _only_once(self, name: Token, parts: list[Branch]) -> None:
        seen: set[str] = set()
        for part in parts:
            if part.data == "numbers":
                continue
            kind = str(part.children[0]) if part.data == "knob" else str(part.data)
            if kind in seen:
                sign = {"cycles": "*", "offset": "+", "effects": "( )"}.get(kind, kind)
                raise self._report.fault(first(part) or name, f"{name} has {sign} twice; keep one")
            seen.add(kind)

    def _check_channel(self, name: Token, channel: Channel, role: str) -> None:
        if channel.sound is not None:
            return
        if role == "predict":
            raise self._report.fault(
                name, f'{name} has no sound to predict; define one too, such as sample "{name}.wav"'
            )
        if not role:
            self._report.warn(name, f"{name} is only heard and does nothing without source or learn")

    def _numbers(self, branch: Branch) -> list[Token]:
        words = [word for word in tokens(branch) if word.type == "NUMBER"]
        if len(words) > MOST_NUMBERS:
            raise self._report.fault(words[MOST_NUMBERS], f"A list has at most {MOST_NUMBERS} numbers")
        return words

    def _lists(self, name: Token, lists: list[list[Token]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Return ratios and notes; drums take one list at most, synths both."""
        if name in SYNTHS:
            if len(lists) != 2:
                how = "one list" if len(lists) == 1 else f"{len(lists) or 'no'} lists"
                sentence = f"{name} needs ratios and notes, such as {name}*2 1 60; it has {how}"
                raise self._report.fault(lists[2][0] if len(lists) > 2 else name, sentence)
            notes = tuple(self._report.clamped(note, "a note", 0, 127) for note in lists[1])
            return self._ratios(lists[0]), notes
        if len(lists) > 1:
            raise self._report.fault(lists[1][0], f"{name} takes one list of ratios; put commas between its numbers")
        return self._ratios(lists[0]) if lists else (1.0,), ()

    def _ratios(self, words: list[Token]) -> tuple[float, ...]:
        for word in words:
            if float(word) < 0:
                raise self._report.fault(word, f"A ratio is a length and cannot be negative; {word} is")
        ratios = tuple(abs(float(word)) for word in words)
        if not any(ratios):
            self._report.warn(words[0], "ratios that are all 0 never play")
        return ratios

    def _pattern(self, name: Token, parts: list[Branch], ratios: tuple[float, ...]) -> Pattern:
        given = {str(part.data): tokens(part)[-1] for part in parts if part.data in ("cycles", "offset")}
        cycles, offset = 1.0, 0.0
        if "cycles" in given:
            word = given["cycles"]
            if float(word) < 0:
                cycles = 0.0
                self._report.warn(word, f"*{word} never plays")
            else:
                cycles = self._report.clamped(word, "*", 0, MOST_HITS / len(ratios))
        if "offset" in given:
            offset = float(given["offset"])
        return Pattern(cycles, offset, ratios)

    def _knob(self, name: Token, branch: Branch) -> tuple[str, Argument]:
        knob, argument = tokens(branch)
        if name not in SYNTHS:
            raise self._report.fault(knob, f"{knob} belongs to lead and bass; {name} has effects in ( )")
        return str(knob), self._argument(str(knob), argument)

    def _chain(self, name: Token, branch: Branch) -> list[Effect]:
        links = [part for part in branch.children if isinstance(part, Tree)]
        if len(links) > MOST_EFFECTS:
            self._report.warn(name, f"{name} has {len(links)} effects; the first {MOST_EFFECTS} are used")
        found = []
        for link in links[:MOST_EFFECTS]:
            kind, argument = (word for word in tokens(link) if word.type in ("EFFECT", "NUMBER", "INPUT"))
            found.append(Effect(str(kind), self._argument(str(kind), argument)))
        return found

    def _argument(self, kind: str, word: Token) -> Argument:
        if word.type == "INPUT":
            return Argument(KNOBS.get(kind, 0.0), str(word))
        return Argument(self._report.clamped(word, kind, *RANGES[kind]))
