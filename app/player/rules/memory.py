"""What the Rules keep in a session: the presets as a table, the knobs as they stand, kept models, the rules to read.

The table is the truth: rules are learnt from it again when a session is opened, in less time than reading them would
take, and the text beside it is for people. Only models that the table does not give are read back: those of the
palette, whose tables are gone, and the one that answers where the performer says when it changes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.file import write_whole
from app.player.rules import palette_file, table_file
from app.player.rules.job import Learnt
from app.player.rules.player import Rules
from app.player.rules.preset import RulesError
from app.player.rules.study import rows_of
from app.player.rules.synth import Value
from app.player.rules.table import Content, Row
from app.player.rules.work import presets_of

FOLDER = "rules"
TABLE, BOARD, TEXT = "presets.csv", "board.json", "rules.txt"
PALETTE, PALETTE_TEXT = "palette.json", "palette.txt"
CHOSEN = "model.json"
Board = dict[str, Any]


class Memory:
    """Keeps and restores the Rules of a session; `refused` is told what could not be read."""

    def __init__(self, player: Rules, refused: Callable[[str], None]) -> None:
        self._player, self._refused = player, refused
        self._text = ""  # Of the rules, as it is on the disk.
        self._palette = _Kept((), (), "[]", palette_file.NOTHING)
        self._chosen: Learnt | None = None
        self._chosen_text = ""
        self._written = self._state()

    def _state(self) -> tuple[Content, str, str, _Kept, str]:
        study = self._player.study
        # While a session's rules are learnt again, they are what they were.
        text = self._text if study.learning and study.model is None else _readable(study.model)
        board = json.dumps(self._board(), ensure_ascii=False)
        return self._player.table.content, board, text, self._palette_now(), self._chosen_now()

    def _chosen_now(self) -> str:
        """Return the model that the performer holds, "" if none; it is written out only when it is another."""
        model = self._player.study.chosen
        if model is not self._chosen:
            self._chosen = model
            self._chosen_text = "" if model is None else palette_file.written([""], [model])
        return self._chosen_text

    def _palette_now(self) -> _Kept:
        """Return the palette; it is written out only when it changed, because it may be long."""
        names, models = self._player.palette.names, self._player.palette.models
        if names != self._palette.names or models is not self._palette.models:
            whole = palette_file.written(names, models)
            self._palette = _Kept(names, models, whole, palette_file.readable(names, models))
        return self._palette

    def _board(self) -> Board:
        player = self._player
        knobs = dict(zip((knob.name for knob in player.voice.synth.knobs), player.voice.goal, strict=True))
        locked = [player.voice.synth.knobs[place].name for place in sorted(player.board.locked)]
        ranges = {player.voice.synth.knobs[place].name: span for place, span in player.board.spans.items()}
        origins = {str(row.number): row.origin for row in player.table.rows if row.origin}
        numbers = [row.number for row in player.table.rows]
        return {
            "synth": player.voice.synth.name,
            "knobs": knobs,
            "locked": locked,
            "ranges": ranges,
            "playing": player.playing,
            "numbers": numbers,
            "origins": origins,
        }

    def changes(self, everything: bool = False) -> Callable[[Path], None] | None:
        """Return what writes the present state into a session's folder; None if nothing is new."""
        state = self._state()
        if state == self._written and not everything:
            return None
        self._written = state
        content, board, text, palette, chosen = state
        self._text = text
        presets = presets_of(content.names, rows_of(self._player.table))

        def write(folder: Path) -> None:
            at = folder / FOLDER
            at.mkdir(parents=True, exist_ok=True)
            try:
                table_file.write(at / TABLE, presets) if content.rows else (at / TABLE).unlink(missing_ok=True)
            except RulesError as error:
                raise OSError(str(error)) from error
            write_whole(at / TEXT, text)
            write_whole(at / PALETTE_TEXT, palette.text)
            write_whole(at / PALETTE, palette.whole)
            write_whole(at / CHOSEN, chosen) if chosen else (at / CHOSEN).unlink(missing_ok=True)
            write_whole(at / BOARD, board)

        return write

    def read(self, folder: Path, tell: Callable[[float], None], wanted: Callable[[], bool]) -> Callable[[], None]:
        """Read what a session's folder holds; return what takes it over. What cannot be read is told then."""
        at = folder / FOLDER
        try:
            stored = _read(at)
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
            sentence = f"Session: the presets in {at} cannot be read: {error}"
            return lambda: self._refused(sentence)
        return lambda: self._take(stored)

    def _take(self, stored: _Stored) -> None:
        board = stored.board
        self._player.voice.follow()
        synth = self._player.voice.synth
        known = board.get("synth") == synth.name
        numbers = {}
        for place, knob in enumerate(synth.knobs):
            value: Value | None = stored.knobs.get(knob.name)
            number = knob.number(value) if isinstance(value, str | int | float) else None
            if number is not None and known:
                numbers[place] = number
        locks = {place: knob.name in stored.locked for place, knob in enumerate(synth.knobs)}
        spans = stored.spans
        ranges = {place: spans[knob.name] for place, knob in enumerate(synth.knobs) if knob.name in spans}
        self._player.restore(stored.content, numbers, locks if known else {}, ranges if known else {})
        self._take_palette(stored, board.get("playing", 0))
        self._text = stored.text
        self._player.study.restore(stored.chosen, any(row.label for row in stored.content.rows))
        self._written = self._state()

    def _take_palette(self, stored: _Stored, playing: object) -> None:
        """Take over the kept models, whatever is the matter with them the presets are there."""
        palette = self._player.palette
        palette.restore(stored.palette)
        if stored.trouble:
            self._refused(stored.trouble)
        there = isinstance(playing, int) and 0 <= playing <= len(palette.models)
        self._player.playing = int(playing) if there and isinstance(playing, int) else 0


@dataclass(frozen=True, slots=True, eq=False)
class _Stored:
    """What a folder holds. Attributes: `board`, `content`, `text`, `knobs`, `locked` and `spans` (by name), `palette`,
    `chosen` (the model that was held, None: none), `trouble` (what is wrong with the models)."""

    board: Board
    content: Content
    text: str
    knobs: Board
    locked: set[str]
    spans: dict[str, tuple[float, float]]
    palette: list[tuple[str, Learnt]]
    chosen: Learnt | None
    trouble: str


def _read(at: Path) -> _Stored:
    """Return what a folder holds; ValueError and the like if it cannot be read."""
    board = json.loads((at / BOARD).read_text(encoding="utf-8")) if (at / BOARD).exists() else {}
    content = _content(at / TABLE, board) if (at / TABLE).exists() else Content()
    text = (at / TEXT).read_text(encoding="utf-8") if (at / TEXT).exists() else ""
    spans = {str(name): (float(low), float(high)) for name, (low, high) in board.get("ranges", {}).items()}
    palette, trouble = _models(at / PALETTE, "palette of models")
    chosen, other = _models(at / CHOSEN, "held model")
    held = chosen[0][1] if chosen else None
    knobs, locked = dict(board.get("knobs", {})), set(board.get("locked", ()))
    troubles = "; ".join(filter(None, (trouble, other)))
    return _Stored(board, content, text, knobs, locked, spans, palette, held, troubles)


def _models(path: Path, what: str) -> tuple[list[tuple[str, Learnt]], str]:
    try:
        return (palette_file.read(path.read_text(encoding="utf-8")) if path.exists() else []), ""
    except (OSError, ValueError, RecursionError) as error:
        return [], f"Session: the {what} in {path} cannot be read: {error}"


@dataclass(frozen=True, slots=True)
class _Kept:
    """The palette as it is written. Attributes: `names`, `models`, `whole` (to be read back), `text` (for people)."""

    names: tuple[str, ...]
    models: tuple[Learnt, ...] = field(compare=False)
    whole: str
    text: str


def _content(path: Path, board: Board) -> Content:
    presets = table_file.read(path).presets
    count = len(presets.rows)
    numbers = board.get("numbers", [])
    if len(numbers) != count or len(set(numbers)) != count or not all(isinstance(one, int) for one in numbers):
        numbers = list(range(1, count + 1))  # The table was edited by hand; it counts.
    origins = board.get("origins", {})
    rows = (
        Row(number, preset.values, preset.label, str(origins.get(str(number), "")))
        for number, preset in zip(numbers, presets.rows, strict=True)
    )
    return Content(presets.names, tuple(rows))


def _readable(model: Learnt | None) -> str:
    """Return the rules as a text to read; it is never read back."""
    if model is None:
        return "# nothing is learnt yet\n"
    return "\n".join([f"# {model.title}", f"# label|{'|'.join(model.names)}", *model.text, ""])
