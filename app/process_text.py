"""A chain of processing as one line of text, such as `smooth 100 ms, window 10 mean deviation, every 2`.

A performer writes it in a field, a patch sends it, a session keeps it: so it is read word by word against the table of
steps, and a word that fits nowhere is named together with its step. Nothing is clamped in silence: whoever writes
a number out of range learns the nearest one that is possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from app.parameter import Steps
from app.process import KINDS, MOST_STEPS, Setting, StepSpec

ALIASES = {"every": "decimate", "mean": "average", "diff": "difference"}
SWITCH = ("off", "on")
WORD = re.compile(r"[^\s=]+")
NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(ms|s)?")
HOW = "write such as: smooth 100 ms, window 10 mean deviation, difference first, history 4, every 2"


class ProcessError(ValueError):
    """The text is no chain; the sentence says which step and word."""


def read_chain(text: str) -> tuple[StepSpec, ...]:
    """Return the steps that a text names, () for an empty one; ProcessError says where it is wrong."""
    if not text.strip():
        return ()
    parts = [part.strip() for part in re.split(r"[,\n]", text)]
    if len(parts) > MOST_STEPS:
        raise ProcessError(f"{len(parts)} steps of processing are too many; at most {MOST_STEPS} are possible")
    return tuple(_numbered_step(place, part) for place, part in enumerate(parts, 1))


def show_chain(specs: Iterable[StepSpec]) -> str:
    """Return the text that `read_chain` reads."""
    return ", ".join(show_step(spec) for spec in specs)


def show_step(spec: StepSpec) -> str:
    """Return one step as text; what has its usual value is left out where that is clear without."""
    settings, given = KINDS[spec.kind].settings, dict(spec.settings)
    if spec.kind == "decimate":
        return f"every {_plain(given.get('every', settings[0].default))}"
    values = {one.name: given.get(one.name, one.default) for one in settings}
    words = [spec.kind]
    alone = len([one for one in settings if not isinstance(one.curve, Steps)]) == 1
    for one in settings:
        if _is_switch(one):
            words += [one.name] if values[one.name] else []
        elif isinstance(one.curve, Steps):
            words += [one.curve.show(values[one.name])] if values[one.name] != one.default else []
        elif alone or values[one.name] != one.default:
            words += [*([] if alone else [one.name]), _plain(values[one.name]), *(["ms"] if one.unit == "ms" else [])]
    return " ".join(words)


def _plain(value: float) -> str:
    """Return the shortest text that is the same number."""
    return str(int(value)) if value == int(value) else repr(float(value))


def _is_switch(setting: Setting) -> bool:
    return isinstance(setting.curve, Steps) and setting.curve.names == SWITCH


def _numbered_step(place: int, part: str) -> StepSpec:
    try:
        return read_step(part)
    except ValueError as error:
        raise ProcessError(f"step {place} ({part[:40] or 'empty'}): {error}") from error


def read_step(text: str) -> StepSpec:
    """Return the step that a text names; ValueError says which word is wrong."""
    words = [word.casefold() for word in WORD.findall(text)]
    if not words:
        raise ValueError(f"nothing stands between two commas; {HOW}")
    kind = ALIASES.get(words[0], words[0])
    if kind not in KINDS:
        raise ValueError(f"{words[0]!r} is no processing: choose {', '.join(KINDS)}")
    spec = StepSpec.of(kind, **_Reader(kind, words[1:]).read())
    spec.build()  # Settings that leave nothing to do are told here.
    return spec


class _Reader:
    """Reads the words after a step's name. Attributes: `found` (settings so far)."""

    def __init__(self, kind: str, words: Sequence[str]) -> None:
        self.found: dict[str, float | str] = {}
        self._kind, self._words = kind, list(words)
        self._settings = {one.name: one for one in KINDS[kind].settings}
        self._numbers = [one for one in self._settings.values() if not isinstance(one.curve, Steps)]
        self._choices = {
            name: one.name
            for one in self._settings.values()
            if isinstance(one.curve, Steps) and not _is_switch(one)
            for name in one.curve.names
        }

    def read(self) -> dict[str, float | str]:
        """Return the settings by name; ValueError says which word is wrong."""
        while self._words:
            self._take(self._words.pop(0))
        named = [one for one in self._settings.values() if _is_switch(one) and not one.extra]
        if any(one.name in self.found for one in named):
            # Who names some of them wants these and no others.
            self.found = {**{one.name: 0.0 for one in named}, **self.found}
        return self.found

    def _take(self, word: str) -> None:
        setting = self._settings.get(word)
        if NUMBER.fullmatch(word) and self._numbers:
            self._number(self._only(word), word)
        elif word in self._choices:
            self._put(self._choices[word], word)
        elif setting is None:
            raise ValueError(f"{word!r} is unknown there; it takes {self._known()}")
        elif _is_switch(setting):
            self._put(word, 1.0)
        elif not self._words:
            raise ValueError(f"{word} needs its value after it")
        elif isinstance(setting.curve, Steps):
            self._put(word, self._words.pop(0))
        else:
            self._number(setting, self._words.pop(0))

    def _only(self, word: str) -> Setting:
        """Return the setting that a bare number means; ValueError if there are several."""
        if len(self._numbers) != 1:
            names = ", ".join(one.name for one in self._numbers)
            raise ValueError(f"what {word} stands for is not clear; write its name before it: {names}")
        return self._numbers[0]

    def _number(self, setting: Setting, word: str) -> None:
        found = NUMBER.fullmatch(word)
        if found is None:
            raise ValueError(f"{setting.name} is a number, not {word!r}")
        value, unit = float(found[1]), found[2] or ""
        if not unit and self._words and self._words[0] in ("ms", "s"):
            unit = self._words.pop(0)
        if unit and setting.unit != "ms":
            raise ValueError(f"{setting.name} is no time, so {unit!r} does not belong there")
        value = value * 1000 if unit == "s" else value
        nearest = setting.curve.clamp(value)
        if abs(nearest - value) > 1e-9 * max(abs(value), 1.0):
            raise ValueError(f"{setting.name} cannot be {word}; the nearest possible is {_plain(nearest)}")
        self._put(setting.name, value)

    def _put(self, name: str, value: float | str) -> None:
        if name in self.found:
            raise ValueError(f"{name} is given twice")
        self.found[name] = value

    def _known(self) -> str:
        names = [one.name for one in self._settings.values() if one.name not in self._choices.values()]
        return ", ".join([*names, *self._choices])
