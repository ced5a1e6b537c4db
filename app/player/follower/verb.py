"""The Follower's verbs: what hands do to its programs, models and files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.action import Argument, Verb
from app.file import ordinary, write_whole
from app.history import Edit, ParameterEdit
from app.player.follower.memory import read_lessons, write_lessons
from app.player.follower.option import LONGEST
from app.player.follower.player import Follower
from app.player.follower.score import write_midi, written_back

Arguments = tuple[Argument, ...]
EXPORT_BARS = 4


class Verbs:
    """The verbs of one Follower. Attributes: `table`."""

    def __init__(self, follower: Follower, push: Callable[[Edit], None]) -> None:
        self._follower, self._push = follower, push
        self.table = (
            Verb("/follower/evaluate", self._evaluate, 0, "Evaluate", "A text; without one the chosen program's"),
            Verb("/follower/evaluate_now", self._evaluate_now, 0, "Evaluate now", "As Evaluate, at once"),
            Verb("/follower/stop_all", self._stop_all, 0, "Silence the program", "Nothing; the transport goes on"),
            Verb("/follower/new_model", self._renew, 0, "New model", "Nothing; the lessons forget what was taught"),
            Verb("/follower/back", self._back, 0, "Earlier model", "Nothing; the model before learns on"),
            Verb("/follower/model/save", self._save_model, 1, "Save the model", "A file; every lesson goes into it"),
            Verb("/follower/model/load", self._load_model, 1, "Load a model", "A file that Save the model wrote"),
            Verb("/follower/write_back", self._write_back, 0, "Write back", "Nothing; predictions become code"),
            Verb("/follower/export_midi", self._export, 1, "Export MIDI", "A file, then how many of the last bars"),
            Verb("/follower/open", self._open, 1, "Open a program", "A file; it replaces the chosen program's text"),
            Verb("/follower/save", self._save, 1, "Save the program", "A file"),
        )

    def _evaluate(self, arguments: Arguments) -> None:
        self._take(self._text(arguments))

    def _evaluate_now(self, arguments: Arguments) -> None:
        self._take(self._text(arguments), wait=0.0)

    def _take(self, text: str, wait: float | None = None) -> None:
        """Evaluate a text; one from elsewhere is put where nothing is written, to be seen and kept."""
        blank = not self._follower.options.text.value.strip()
        if self._follower.evaluate(text, wait) and blank and text.strip() and len(text) <= LONGEST:
            self._put(text)

    def _text(self, arguments: Arguments) -> str:
        return str(arguments[0]) if arguments and isinstance(arguments[0], str) else self._follower.options.text.value

    def _stop_all(self, _arguments: Arguments) -> None:
        self._follower.evaluate("", wait=0.0)

    def _renew(self, _arguments: Arguments) -> None:
        self._follower.school.renew()

    def _back(self, _arguments: Arguments) -> None:
        self._follower.options.show(self._follower.school.back())

    def _save_model(self, arguments: Arguments) -> None:
        path = Path(str(arguments[0])).expanduser()
        if not self._follower.school.lessons:
            raise ValueError("nothing was learnt yet: write learn before a channel, and source before another")
        count = write_lessons(path, self._follower.school)
        self._follower.say("info", f"Saved {count} lesson{'s' if count != 1 else ''} to {path}")

    def _load_model(self, arguments: Arguments) -> None:
        path = Path(str(arguments[0])).expanduser()
        names = read_lessons(path, self._follower.school)
        self._follower.options.show(self._follower.school.shape)
        self._follower.say("info", f"Loaded the lessons {', '.join(names)} from {path.name}")

    def _write_back(self, _arguments: Arguments) -> None:
        """Let every predicted channel's last phrase take the place of its line, or follow the text."""
        follower, text = self._follower, self._follower.options.text.value
        same, done = text == follower.program.text, 0
        for line in sorted(follower.program.of("predict"), key=lambda line: -line.place.start):
            row = follower.school.row(line.name)
            if not row:
                continue
            code, done = written_back(line, row, follower.school.shape.bars), done + 1
            if same:
                text = text[: line.place.start] + code.removesuffix(";") + text[line.place.end :]
            else:
                text = f"{text.rstrip()}\n{code}\n"
        if not done:
            raise ValueError("nothing was predicted yet: write predict before a channel and let it play a bar")
        self._put(text)

    def _export(self, arguments: Arguments) -> None:
        bars = int(float(arguments[1])) if len(arguments) > 1 else EXPORT_BARS
        hits = [hit for hit in self._follower.score.last_bars(max(bars, 1)) if hit.part]
        if not hits:
            raise ValueError("nothing was played yet")
        path = Path(str(arguments[0])).expanduser()
        write_midi(path, hits, self._follower.tree.number("/transport/bpm").value)
        self._follower.say("info", f"Wrote {len(hits)} notes to {path}")

    def _open(self, arguments: Arguments) -> None:
        path = Path(str(arguments[0])).expanduser()
        if ordinary(path).stat().st_size > LONGEST:
            raise ValueError(f"{path.name} is longer than {LONGEST} characters and no program")
        self._put(path.read_text(encoding="utf-8").replace("\r\n", "\n"))

    def _save(self, arguments: Arguments) -> None:
        path = Path(str(arguments[0])).expanduser()
        write_whole(path, self._follower.options.text.value)
        self._follower.say("info", f"Saved the program to {path}")

    def _put(self, text: str) -> None:
        """Replace the chosen program's text; one step of undo."""
        target = self._follower.options.text
        before = target.value
        target.set(text, self._follower.part)
        if target.value != before:
            self._push(ParameterEdit(self._follower.tree, target.address, before, target.value))
