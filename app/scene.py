"""Scenes: where everything stood, to be called back at once or over some beats.

A scene keeps Parameters by address. Numbers glide along their faders, choices and texts change when the scene is
called; calling one is one step of undo, whoever called it: a key, a program change, OSC or a class that was heard.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from app.action import Argument
from app.file import set_aside, write_whole
from app.hand import Hands
from app.history import Edit
from app.osc_pattern import reader
from app.parameter import AnyParameter, Linear, Log, Parameter, TextParameter, Tree
from app.session import SessionError
from app.snapshot import Snapshot
from app.snapshot_scene import SceneMark, SceneState
from app.transport import Transport

FILE = "scenes.json"
MOST = 128  # As many as there are MIDI programs.
SCOPE = "/transport/bpm /composer/** /rules/** /follower/** /listener/smoothing /listener/confidence /output/synth/*"
Stored = dict[str, float | str]
Say = Callable[[str, str], None]


class SceneError(ValueError):
    """A scene cannot be kept or called: what, and what to do."""


@dataclass(frozen=True, slots=True)
class Scene:
    """Attributes: `number` (1..128), `name`, `values` (address -> what a session would keep)."""

    number: int
    name: str
    values: Stored


@dataclass(frozen=True, slots=True)
class SceneEdit:
    """A scene was called: values before and after, by address."""

    tree: Tree
    name: str
    before: Stored
    after: Stored
    say: Say

    @property
    def title(self) -> str:
        return f"Scene {self.name}"

    def undo(self) -> None:
        _put(self.tree, self.before, self.say)

    def redo(self) -> None:
        _put(self.tree, self.after, self.say)

    def merge(self, later: object) -> None:
        """Each call is a step."""


@dataclass(frozen=True, slots=True)
class StoreEdit:
    """A scene was kept or thrown away; None: there is none."""

    scenes: Scenes
    number: int
    before: Scene | None
    after: Scene | None

    @property
    def title(self) -> str:
        if self.before and self.after and self.before.values == self.after.values:
            return f"Scene {self.number} named"
        return f"Scene {self.number} {'kept' if self.after else 'thrown away'}"

    def undo(self) -> None:
        self.scenes.set(self.number, self.before)

    def redo(self) -> None:
        self.scenes.set(self.number, self.after)

    def merge(self, later: object) -> None:
        """Each is a step."""


@dataclass(frozen=True, slots=True)
class Glide:
    """A Parameter on its way: positions on its fader, and the exact value where it ends."""

    address: str
    start: float
    end: float
    exact: float


class Scenes:
    """The kept scenes and the one that is being called.

    Attributes: `kept` (by number), `called` (number of the last one, 0: none), `version` (counts changes of `kept`).
    """

    def __init__(self, hands: Hands, transport: Transport, push: Callable[[Edit], None]) -> None:
        self.kept: dict[int, Scene] = {}
        self.called = self.version = 0
        self._hands, self._transport, self._push, self._say = hands, transport, push, hands.say
        self._glides: list[Glide] = []
        self._marks: dict[str, int] = {}
        self._from = self._over = 0.0
        self._written = 0
        self._share, self._state, self._shown = 1.0, SceneState(), (-1, -1, -1.0)
        told = "How many beats a scene takes to arrive"
        self._morph = hands.tree.add(Parameter("/scene/morph", 0, Linear(0, 64, digits=1), "beats", "Morph", told))
        told = "Which values scenes keep: address patterns, ** for everything below"
        self._scope = hands.tree.add_text(TextParameter("/scene/scope", SCOPE, "Scope", told, check=read_scope))
        add = hands.actions.add_with
        add("/scene/store", self._store, "Keep a scene", "Its number 1 to 128, then a name if you like", "Scenes")
        add("/scene/call", self._call, "Call a scene", "Its number or name, then beats if you like", "Scenes")
        add("/scene/forget", self._forget, "Throw a scene away", "Its number", "Scenes")
        add("/scene/name", self._name, "Name a scene", "Its number, then the name", "Scenes")

    def set(self, number: int, scene: Scene | None) -> None:
        """Put a scene into its place, or nothing."""
        self.kept.pop(number, None)
        if scene is not None:
            self.kept[number] = scene
        self.version += 1

    def find(self, wanted: Argument) -> Scene:
        """Return a scene by number or name; SceneError if there is none."""
        for scene in self.kept.values():
            if str(wanted).casefold() == scene.name.casefold():
                return scene
        found = self.kept.get(_number(wanted))
        if found is None:
            raise SceneError(f"There is no scene {wanted}; keep one first (/scene/store {wanted})")
        return found

    # --- verbs ----------------------------------------------------------------------------------------

    def _store(self, arguments: tuple[Argument, ...]) -> None:
        number = _number(arguments[0]) if arguments else self._free()
        known = self.kept.get(number)
        name = str(arguments[1]) if len(arguments) > 1 else known.name if known is not None else f"{number}"
        scene = Scene(number, name, {one.address: one.stored for one in self._meant()})
        self._push(StoreEdit(self, number, known, scene))
        self.set(number, scene)
        self.called = number  # One stands in it.

    def _forget(self, arguments: tuple[Argument, ...]) -> None:
        scene = self.find(arguments[0] if arguments else self.called)
        self._push(StoreEdit(self, scene.number, scene, None))
        self.set(scene.number, None)
        self.called = 0 if self.called == scene.number else self.called

    def _name(self, arguments: tuple[Argument, ...]) -> None:
        if len(arguments) < 2 or not str(arguments[1]).strip():
            raise SceneError("/scene/name needs a scene's number and its new name")
        scene = self.find(arguments[0])
        named = replace(scene, name=str(arguments[1]).strip())
        self._push(StoreEdit(self, scene.number, scene, named))
        self.set(scene.number, named)

    def _call(self, arguments: tuple[Argument, ...]) -> None:
        if not arguments:
            raise SceneError("/scene/call needs a scene's number or name")
        beats = float(arguments[1]) if len(arguments) > 1 else self._morph.value
        self.call(self.find(arguments[0]), beats)

    def call(self, scene: Scene, beats: float = 0.0) -> None:
        """Go to a scene within some beats; a scene that is still on its way is left where it is."""
        tree = self._hands.tree
        here = [(one, scene.values[one.address]) for one in tree if one.address in scene.values]
        before = {one.address: one.stored for one, wanted in here if one.stored != wanted}
        self._glides, self._marks, self._share = [], {}, 1.0
        self._from, self._over = self._transport.beat, max(beats, 0.0)
        for one, wanted in here:
            if beats > 0 and isinstance(wanted, float | int) and isinstance(one, Parameter) and _glides(one):
                self._glides.append(Glide(one.address, one.position, one.curve.position(wanted), wanted))
                self._marks[one.address] = one.version
            else:
                _set(one, wanted, self._say)
        self.called = scene.number
        if before:
            after = {address: scene.values[address] for address in before}
            self._push(SceneEdit(tree, scene.name, before, after, self._say))

    def tend(self) -> None:
        """Move what is on its way; a hand that takes hold of a value keeps it."""
        if not self._glides:
            self._share = 1.0
            return
        share = min((self._transport.beat - self._from) / self._over, 1.0) if self._transport.playing else 1.0
        for glide in tuple(self._glides):
            found = self._hands.tree.find(glide.address)
            if not isinstance(found, Parameter) or found.version != self._marks[glide.address]:
                self._glides.remove(glide)
                continue
            at = glide.start + share * (glide.end - glide.start)
            found.set(glide.exact if share >= 1 else found.curve.value(at), "scene")
            self._marks[glide.address] = found.version
        self._share = share
        if share >= 1:
            self._glides.clear()

    def picture(self, picture: Snapshot) -> Snapshot:
        """Add the scenes to a picture; made anew only when something about them changed."""
        shown = (self.version, self.called, self._share)
        if shown != self._shown:
            self._shown = shown
            kept = tuple(SceneMark(number, self.kept[number].name) for number in sorted(self.kept))
            self._state = SceneState(kept, self.called, self._share)
        return replace(picture, scenes=self._state)

    # --- a session's keeper ---------------------------------------------------------------------------

    def changes(self) -> Callable[[Path], None] | None:
        """Return what writes the scenes into a folder; None if nothing is new."""
        if self.version == self._written:
            return None
        self._written = self.version
        text = json.dumps(
            [{"number": one.number, "name": one.name, "values": one.values} for one in self.kept.values()], indent=1
        )
        return lambda folder: write_whole(folder / FILE, text)

    def load(self, folder: Path) -> None:
        """Take over a folder's scenes; SessionError if they cannot be read, and nothing changes then."""
        path = folder / FILE
        try:
            found = read_scenes(path) if path.exists() else []
        except SceneError as error:
            raise SessionError(f"{error}{set_aside(path)}") from error
        self.kept = {scene.number: scene for scene in found}
        self.called = 0
        self.version += 1
        self._written = self.version

    # --- ----------------------------------------------------------------------------------------------

    def _free(self) -> int:
        return next((number for number in range(1, MOST + 1) if number not in self.kept), MOST)

    def _meant(self) -> Iterator[AnyParameter]:
        patterns = read_scope(self._scope.value)
        for one in self._hands.tree:
            if one.kept and any(pattern.fullmatch(one.address) for pattern in patterns):
                yield one


def read_scope(text: str) -> list[re.Pattern[str]]:
    """Return the readers of a list of address patterns; ValueError names a wrong one."""
    # What ends in /** means the whole branch, which OSC's own patterns say less plainly: /a//*.
    return [reader(f"{word[:-3]}//*" if word.endswith("/**") else word) for word in text.split()]


def read_scenes(path: Path) -> list[Scene]:
    """Return the scenes of a file; SceneError if it is none."""
    try:
        lines = json.loads(path.read_text(encoding="utf-8"))
        return [Scene(_number(line["number"]), str(line["name"]), dict(line["values"])) for line in lines]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise SceneError(f"{path} holds no scenes to be read ({error}); the rest of the session is kept") from error


def _number(wanted: Argument) -> int:
    try:
        number = int(float(wanted))
    except (ValueError, OverflowError) as error:
        raise SceneError(f"{wanted!r} is no scene: write 1 to {MOST}, or the name of one that is kept") from error
    if not 1 <= number <= MOST:
        raise SceneError(f"Scenes are numbered 1 to {MOST}, not {number}")
    return number


def _glides(parameter: Parameter) -> bool:
    return isinstance(parameter.curve, Linear | Log)


def _put(tree: Tree, values: Stored, say: Say) -> None:
    for address, value in values.items():
        found = tree.find(address)
        if found is not None:
            _set(found, value, say)


def _set(parameter: AnyParameter, value: float | str, say: Say) -> None:
    """Set one value; a choice that is gone (a deleted model) is told, and the rest of the scene still comes."""
    try:
        parameter.set(value, "scene")
    except ValueError as error:
        say("warning", f"Scene: {error}")
