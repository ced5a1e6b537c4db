"""Scenes: where everything stood, to be called back at once or over some beats.

A scene keeps Parameters by address. It may wait for the next beat or bar, take its time, leave alone what is locked,
and be followed by another. Calling one is one step of undo, whoever called it: a key, a program change, OSC or a
class that was heard. It is a player, so that what it waits for is computed ahead with the music and holds from that
very step.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from app.action import Argument, finite
from app.event import Event
from app.file import set_aside, write_whole
from app.frame import MidiMessage
from app.hand import Hands
from app.history import Edit
from app.osc_pattern import reader
from app.parameter import AnyParameter, Linear, Parameter, Steps, TextParameter, switch
from app.player.base import NEVER
from app.scene_edit import SceneEdit, StoreEdit
from app.scene_file import FILE, MOST, Scene, SceneError, Stored, beats_of, number_of, read_scenes, scenes_text
from app.scene_morph import END, START, Morph
from app.session import SessionError
from app.snapshot import Snapshot
from app.snapshot_scene import SceneMark, SceneState
from app.transport import Transport

SCOPE = "/transport/bpm /composer/** /rules/** /follower/** /listener/smoothing /listener/confidence /output/synth/*"
WAITS = ("off", "beat", "bar")
PROGRAM = 0xC0


class Scenes:
    """The kept scenes and the one that is being called.

    Attributes: `part`, `kept` (by number), `called` (number of the last one, 0: none), `coming` (of the one that waits
    for its beat, 0: none), `version` (counts changes of `kept`).
    """

    part = "scenes"

    def __init__(self, hands: Hands, transport: Transport, push: Callable[[Edit], None]) -> None:
        self.kept: dict[int, Scene] = {}
        self.called = self.coming = self.version = 0
        self._hands, self._transport, self._push, self._say = hands, transport, push, hands.say
        self._morph = Morph(hands.tree, transport, hands.say)
        self._due, self._beats = NEVER, 0.0
        self._told: set[str] = set()
        self._written = (0, 0)
        self._state, self._shown = SceneState(), (-1, -1, -1, -1.0)
        self._add_parameters()
        add = hands.actions.add_with
        add("/scene/store", self._store, "Keep a scene", "Its number 1 to 128, then a name if you like", "Scenes")
        add("/scene/call", self._call, "Call a scene", "Its number or name, then beats if you like", "Scenes")
        add("/scene/forget", self._forget, "Throw a scene away", "Its number", "Scenes")
        add("/scene/name", self._name, "Name a scene", "Its number, then the name", "Scenes")
        told = "Its number, the one that follows (0: none), after how many beats"
        add("/scene/follow", self._follow, "Let a scene follow", told, "Scenes")
        add("/scene/lock", self._lock, "Lock a value", "An address that no scene moves, or moves again", "Scenes")

    def _add_parameters(self) -> None:
        add, add_text = self._hands.tree.add, self._hands.tree.add_text
        told = "How many beats a scene takes to arrive"
        self._over = add(Parameter("/scene/morph", 0, Linear(0, 64, digits=1), "beats", "Morph", told))
        told = "When choices and texts change where a scene takes time: they cannot glide"
        self._choices = add(Parameter("/scene/choices", 0, Steps((START, END)), title="Choices change at", help=told))
        told = "What a call waits for while music plays"
        self._quantise = add(Parameter("/scene/quantise", 0, Steps(WAITS), title="Scenes wait for", help=told))
        told = "MIDI program changes call scenes: program 1 the first"
        self._programs = add(Parameter("/scene/programs", 0, switch(), title="Programs call scenes", help=told))
        told = "Which values scenes keep: address patterns, ** for everything below"
        self._scope = add_text(TextParameter("/scene/scope", SCOPE, "Scope", told, check=read_scope))
        told = "Which values no scene moves: address patterns"
        self._locked = add_text(TextParameter("/scene/locked", "", "Locked", told, check=read_scope))

    # --- what others take back ------------------------------------------------------------------------

    def set(self, number: int, scene: Scene | None, called: int) -> None:
        """Put a scene into its place, or nothing; `called` is the one that one stands in."""
        self.kept.pop(number, None)
        if scene is not None:
            self.kept[number] = scene
        self.called = called
        self.version += 1

    def put(self, values: Stored, called: int) -> None:
        """Let values stand as they are given, whatever was on its way."""
        self._wait_for_nothing()
        self._morph.put(values)
        self.called = called

    def find(self, wanted: Argument) -> Scene:
        """Return a scene by number or name; SceneError if there is none."""
        for scene in self.kept.values():
            if isinstance(wanted, str) and wanted.casefold() == scene.name.casefold():
                return scene  # A number means no name, were a scene called 2.
        found = self.kept.get(number_of(wanted))
        if found is None:
            raise SceneError(f"There is no scene {wanted}; keep one first (/scene/store {wanted})")
        return found

    # --- verbs ----------------------------------------------------------------------------------------

    def _store(self, arguments: tuple[Argument, ...]) -> None:
        number = number_of(arguments[0]) if arguments else self._free()
        known = self.kept.get(number)
        name = str(arguments[1]).strip() if len(arguments) > 1 else ""
        values = {one.address: one.stored for one in self._meant()}
        made = Scene(number, name or f"{number}", values) if known is None else replace(known, values=values)
        self._change(number, replace(made, name=name or made.name), number)  # One stands in it.

    def _forget(self, arguments: tuple[Argument, ...]) -> None:
        number = self.find(arguments[0] if arguments else self.called).number
        self._change(number, None, 0 if self.called == number else self.called)

    def _name(self, arguments: tuple[Argument, ...]) -> None:
        if len(arguments) < 2 or not str(arguments[1]).strip():
            raise SceneError("/scene/name needs a scene's number and its new name")
        scene = self.find(arguments[0])
        self._change(scene.number, replace(scene, name=str(arguments[1]).strip()), self.called)

    def _follow(self, arguments: tuple[Argument, ...]) -> None:
        if len(arguments) < 2:
            raise SceneError("/scene/follow needs a scene, the one that follows (0: none) and a number of beats")
        scene = self.find(arguments[0])
        is_end = str(arguments[1]).strip() in ("0", "0.0")
        then = 0 if is_end else self.find(arguments[1]).number
        beats = 0.0 if is_end else beats_of(arguments[2] if len(arguments) > 2 else scene.beats or 16.0)
        self._change(scene.number, replace(scene, then=then, beats=beats), self.called)

    def _change(self, number: int, scene: Scene | None, called: int) -> None:
        self._push(StoreEdit(self, number, self.kept.get(number), scene, self.called, called))
        self.set(number, scene, called)

    def _lock(self, arguments: tuple[Argument, ...]) -> None:
        address = str(arguments[0]).strip() if arguments else ""
        if self._hands.tree.find(address) is None:
            raise SceneError(f"/scene/lock needs the address of a value; {address or 'nothing'} is none")
        words = self._locked.value.split()
        words = [word for word in words if word != address] if address in words else [*words, address]
        self._hands.write(self._locked.address, " ".join(words), "ui", self._transport.clock.now())

    def _call(self, arguments: tuple[Argument, ...]) -> None:
        if not arguments:
            raise SceneError("/scene/call needs a scene's number or name")
        beats = _beats(arguments[1]) if len(arguments) > 1 else self._over.value
        scene, waits = self.find(arguments[0]), self._quantise.show()
        if self._transport.playing and waits != WAITS[0]:
            beat = self._transport.beat
            self.coming, self._beats = scene.number, beats
            self._due = self._transport.next_bar(beat) if waits == WAITS[2] else float(math.ceil(round(beat, 9)))
        else:
            self.call(scene, beats)

    def call(self, scene: Scene, beats: float = 0.0, at: float | None = None) -> None:
        """Go to a scene within some beats (from `at`, or from now on)."""
        tree, at = self._hands.tree, self._transport.beat if at is None else at
        locked = read_scope(self._locked.value)
        here = {a: v for a, v in scene.values.items() if not any(one.fullmatch(a) for one in locked)}
        before = {a: found.stored for a, v in here.items() if (found := tree.find(a)) is not None and found.stored != v}
        self._tell_unknown(scene)
        self._wait_for_nothing()
        self._morph.begin(here, at, max(beats, 0.0), self._choices.show())
        if before:
            after = {address: here[address] for address in before}
            self._push(SceneEdit(self, scene.name, before, after, self.called, scene.number))
        self.called = scene.number
        if scene.then in self.kept and self._transport.playing:
            self.coming, self._due, self._beats = scene.then, at + scene.beats, self._over.value

    def _tell_unknown(self, scene: Scene) -> None:
        """Say, once for each, which values of a scene belong to parts that are not here."""
        gone = [a for a in scene.values if self._hands.tree.find(a) is None and a not in self._told]
        if gone:
            self._told.update(gone)
            some = ", ".join(gone[:3])
            self._say("info", f"Scene {scene.name}: {len(gone)} values belong to parts that are not here ({some})")

    def _wait_for_nothing(self) -> None:
        self.coming, self._due = 0, NEVER

    def hear(self, message: MidiMessage) -> None:
        """A program change calls a scene, where that is switched on."""
        if self._programs.value and len(message.data) == 2 and message.data[0] & 0xF0 == PROGRAM:
            self._hands.fire("/scene/call", (float(message.data[1] + 1),), "midi")

    # --- a player: what waits for its beat ------------------------------------------------------------

    def start(self, beat: float) -> None:
        """A scene that is followed by another begins its time anew."""
        self._wait_for_nothing()
        scene = self.kept.get(self.called)
        if scene is not None and scene.then in self.kept:
            self.coming, self._due, self._beats = scene.then, beat + scene.beats, self._over.value

    def stop(self) -> None:
        """What waited for a bar does not wait for the next start."""
        scene, self._due = self.kept.get(self.coming), NEVER
        follows = self.called in self.kept and self.kept[self.called].then == self.coming
        self.coming = 0
        if scene is not None and not follows:
            self.call(scene)

    def due(self) -> float:
        return self._due

    def step(self) -> list[Event]:
        beat, scene = self._due, self.kept.get(self.coming)
        self._wait_for_nothing()
        if scene is not None:
            self.call(scene, self._beats, beat)
        return []

    def tend(self) -> list[Event]:
        """Move what is on its way."""
        self._morph.tend()
        return []

    def picture(self, picture: Snapshot) -> Snapshot:
        """Add the scenes to a picture; made anew only when something about them changed."""
        shown = (self.version, self.called, self.coming, self._morph.share)
        if shown != self._shown:
            self._shown = shown
            kept = tuple(SceneMark(number, self.kept[number].name) for number in sorted(self.kept))
            self._state = SceneState(kept, self.called, self._morph.share, self.coming)
        return replace(picture, scenes=self._state)

    # --- a session's keeper ---------------------------------------------------------------------------

    def changes(self, everything: bool = False) -> Callable[[Path], None] | None:
        """Return what writes the scenes into a folder; None if nothing is new."""
        if (self.version, self.called) == self._written and not everything:
            return None
        self._written = (self.version, self.called)
        text = scenes_text(self.kept.values(), self.called)
        return lambda folder: write_whole(folder / FILE, text)

    def read(self, folder: Path, tell: Callable[[float], None], wanted: Callable[[], bool]) -> Callable[[], None]:
        """Read a folder's scenes; return what takes them over, or says why they cannot be read."""
        path = folder / FILE
        try:
            found, called = read_scenes(path) if path.exists() else ([], 0)
        except SceneError as error:
            return partial(self._refuse, str(error), path)
        return lambda: self._take(found, called)

    def _take(self, found: list[Scene], called: int) -> None:
        self._morph.stop()
        self._wait_for_nothing()
        self._told.clear()
        self.kept = {scene.number: scene for scene in found}
        self.called = called
        self.version += 1
        self._written = (self.version, self.called)

    def _refuse(self, sentence: str, path: Path) -> None:
        """Say that a file cannot be read, and put it where the next save does not write over it.

        No scenes are here then: those of the session before would be called, and saved, in this one.
        """
        self._take([], 0)
        raise SessionError(f"{sentence}{set_aside(path)}")

    # --- ----------------------------------------------------------------------------------------------

    def _free(self) -> int:
        found = next((number for number in range(1, MOST + 1) if number not in self.kept), 0)
        if not found:
            raise SceneError(f"All {MOST} scenes are taken: give the number of one that may go, such as /scene/store 5")
        return found

    def _meant(self) -> Iterator[AnyParameter]:
        patterns = read_scope(self._scope.value)
        for one in self._hands.tree:
            if one.kept and any(pattern.fullmatch(one.address) for pattern in patterns):
                yield one


def _beats(given: Argument) -> float:
    """Return how many beats a call takes; SceneError if that is no number."""
    try:
        return finite(given)
    except ValueError:
        raise SceneError("/scene/call takes a number of beats, such as 8") from None


def read_scope(text: str) -> list[re.Pattern[str]]:
    """Return the readers of a list of address patterns; ValueError names a wrong one."""
    # What ends in /** means the whole branch, which OSC's own patterns say less plainly: /a//*.
    return [reader(f"{word[:-3]}//*" if word.endswith("/**") else word) for word in text.split()]
