"""The Rules' verbs: what hands, messages, keys and other players ask for, one table of them.

Events that a verb makes are due now; they wait for the player's next turn, which follows at once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.action import Argument, Verb
from app.event import Event
from app.player.rules import assessment, line
from app.player.rules.player import Rules
from app.player.rules.preset import label_of
from app.player.rules.synth import find

Arguments = tuple[Argument, ...]


class Verbs:
    """The verbs of the Rules. Attributes: `table`. `do` writes to or fires any address of the instrument."""

    def __init__(
        self,
        player: Rules,
        do: Callable[[str, Arguments], None],
        folders: tuple[Path, ...],
        send: Callable[[list[Event]], None],
    ) -> None:
        self._player, self._do, self._folders, self._send = player, do, folders, send
        self.table = (*self._presets(), *self._files(), *self._models(), *self._moves())

    def _presets(self) -> tuple[Verb, ...]:
        player, table, wholes = self._player, self._player.table, self._wholes
        none = "Nothing; rules keep away from what is heard"
        return (
            Verb("/rules/keep", lambda a: player.keep(_word(a, 0)), 1, "Keep preset", "A label for what is heard"),
            Verb("/rules/keep_none", lambda a: player.keep(""), 0, "Keep as no class", none),
            Verb(
                "/rules/good", lambda a: player.keep_good(_word(a, 0)), 0, "Good", "Keeps what was called as its label"
            ),
            Verb("/rules/wrong", lambda a: player.reject(), 0, "Wrong", "What is heard becomes no class"),
            Verb("/rules/delete", lambda a: table.delete(wholes(a)), 1, "Delete presets", "Their numbers"),
            Verb("/rules/relabel", self._relabel, 2, "Relabel presets", "A label, then their numbers"),
            Verb("/rules/rename", self._rename, 2, "Rename a label", "The label, then its new name"),
            Verb("/rules/snap_knob", self._snap_knob, 1, "Snap a knob", "Its number; 8 levels, 2 decimals or nothing"),
            Verb("/rules/clear", lambda a: table.clear(), 0, "Clear presets", "Nothing; it can be undone"),
        )

    def _files(self) -> tuple[Verb, ...]:
        study = self._player.study
        return (
            Verb("/rules/import", lambda a: study.import_from(str(a[0])), 1, "Import presets", "A CSV or JSON file"),
            Verb("/rules/export", lambda a: study.export_to(str(a[0])), 1, "Export presets", "A CSV or JSON file"),
            Verb("/rules/reload", self._reload, 0, "Reload synths", "Reads their descriptions again"),
        )

    def _models(self) -> tuple[Verb, ...]:
        study, choose = self._player.study, self._player.choose
        take, back = partial(choose, "Take new rules", study.take), partial(choose, "Earlier rules", study.back)
        return (
            Verb(
                "/rules/learn",
                lambda a: study.learn(),
                0,
                "Learn rules",
                "From the presets, with both knobs as they are",
            ),
            Verb("/rules/learn_stop", lambda a: study.cancel(), 0, "Cancel learning", "The rules before go on"),
            Verb("/rules/take", lambda a: take(), 0, "Take new rules", "The model that waits answers from now on"),
            Verb("/rules/back", lambda a: back(), 0, "Earlier rules", "This model and the one before change places"),
            Verb("/rules/palette/keep", self._keep_model, 0, "Keep model", "Its name, or nothing"),
            Verb("/rules/palette/use", self._use_model, 1, "Use a kept model", "Its number; 0 is the newest"),
            Verb("/rules/palette/drop", self._drop_model, 1, "Drop a kept model", "Its number"),
        )

    def _moves(self) -> tuple[Verb, ...]:
        player = self._player
        back, resend = (lambda a: self._send(player.back_to_base())), (lambda a: player.voice.resend())
        return (
            Verb("/rules/call", self._call, 1, "Call a label", "A label; the number of a rule or r; set or interval"),
            Verb("/rules/assess", self._assess, 0, "Blind test", "Presets of each label (20); 0 ends it"),
            Verb("/rules/answer", self._answer, 1, "Answer", "The label that is heard in a blind test, or none"),
            Verb("/rules/recall", self._recall, 1, "Recall a preset", "Its number"),
            Verb("/rules/vary", self._vary, 0, "Vary", "How many knobs; 0 varies all, nothing varies one"),
            Verb("/rules/vary_knob", self._vary_knob, 1, "Vary one knob", "Its number; the others stay at the base"),
            Verb("/rules/return", back, 0, "Return", "To the setting that is varied"),
            Verb("/rules/send", resend, 0, "Send all knobs", "Tells the synth everything again"),
            Verb("/rules/line", self._line, 1, "Type a line", "Such as: set rain r"),
        )

    def _wholes(self, arguments: Arguments) -> set[int]:
        return {self._whole(argument) for argument in arguments}

    def _relabel(self, arguments: Arguments) -> None:
        self._player.table.relabel(self._wholes(arguments[1:]), _word(arguments, 0))

    def _rename(self, arguments: Arguments) -> None:
        self._player.table.rename(_word(arguments, 0), _word(arguments, 1))

    @staticmethod
    def _whole(argument: Argument) -> int:
        """Return a whole number; ValueError if it is none."""
        try:
            number = float(argument)
        except ValueError as error:
            raise ValueError(f"{argument!r} is no number") from error
        if number != number or abs(number) > 1e9:
            raise ValueError(f"{argument!r} is no number of anything here")
        return int(number)

    def _call(self, arguments: Arguments) -> None:
        which = arguments[1] if len(arguments) > 1 else "r"
        rule = None if which in ("r", "") else self._whole(which)
        mode = str(arguments[2]) if len(arguments) > 2 else ""
        self._send(self._player.call(_word(arguments, 0), rule, mode))

    def _recall(self, arguments: Arguments) -> None:
        self._send(self._player.recall(self._whole(arguments[0])))

    def _vary(self, arguments: Arguments) -> None:
        count = self._whole(arguments[0]) if arguments else 1
        if count < 0:
            raise ValueError("vary 1 or more knobs, or 0 for all")
        self._send(self._player.vary(count))

    def _assess(self, arguments: Arguments) -> None:
        model, blind = self._player.model, self._player.blind
        count = self._whole(arguments[0]) if arguments else assessment.USUAL
        self._send(blind.begin(model.labels if model else (), count)) if count else blind.end()

    def _answer(self, arguments: Arguments) -> None:
        self._send(self._player.blind.answer(label_of(_word(arguments, 0))))

    def _vary_knob(self, arguments: Arguments) -> None:
        number, count = self._whole(arguments[0]), self._player.board.count
        if not 1 <= number <= count:
            raise ValueError(f"the knobs are numbered 1 to {count}, not {number}")
        self._send(self._player.vary(1, number - 1))

    def _snap_knob(self, arguments: Arguments) -> None:
        self._player.snap_knob(self._whole(arguments[0]), " ".join(_word(arguments[1:], n) for n in range(2)).strip())

    def _reload(self, _arguments: Arguments) -> None:
        synths, troubles = find(self._folders)
        for trouble in troubles:
            self._player.say("warning", trouble)
        self._player.voice.offer(synths)

    def _keep_model(self, arguments: Arguments) -> None:
        model = self._player.model
        if model is None:
            raise ValueError("nothing is learnt yet that could be kept")
        palette = self._player.palette
        self._player.choose("Keep model", partial(palette.keep, model, _word(arguments, 0)))
        self._player.say("info", f"Kept as model {len(palette.models)} of the palette")

    def _use_model(self, arguments: Arguments) -> None:
        number = self._whole(arguments[0])
        if number:
            self._player.palette.use(number)
        self._player.playing = number

    def _drop_model(self, arguments: Arguments) -> None:
        self._player.choose("Drop model", partial(self._drop, self._whole(arguments[0])))

    def _drop(self, number: int) -> None:
        self._player.palette.drop(number)
        if self._player.playing >= number:
            self._player.playing = 0 if self._player.playing == number else self._player.playing - 1

    def _line(self, arguments: Arguments) -> None:
        text = " ".join(str(one) for one in arguments)
        deeds = line.read(text)
        if any(deed.address == "/rules/line" for deed in deeds):
            raise ValueError("a line cannot type a line")
        self._player.echo = text.strip()
        for deed in deeds:
            self._do(deed.address, deed.arguments)


def _word(arguments: Arguments, place: int) -> str:
    """Return an argument as a word, "" if it is missing; a number as it is written, so that labels may be numbers."""
    if place >= len(arguments):
        return ""
    word = arguments[place]
    return word if isinstance(word, str) else f"{word:g}"
