"""Map mode, put together: controllers in, guesses, the table, and the way back to LEDs and motors.

Part of the composition root, like the instrument that takes it in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from app.action import Argument
from app.binding import Binding, Source
from app.binding_move import Overlaps
from app.controller import Controllers, Listing
from app.engine import Engine
from app.event import Message
from app.feedback import Feedback
from app.guess import Heard, heard
from app.map_home import Home
from app.map_mode import MapMode
from app.map_table import MapTable
from app.map_view import MapView
from app.midi_source import Touch
from app.output_port import LIGHTS
from app.profile import ProfileError, Shelf, read, write
from app.snapshot import Snapshot

SHELF_S = 2.0


class Mapping:
    """Attributes: `mode`, `table`, `controllers`, `feedback`, `shelf` (the profiles), `home` (the performer's own)."""

    def __init__(
        self,
        engine: Engine,
        own: Path,
        shipped: Path,
        listing: Listing | None = None,
        background: Executor | None = None,
    ) -> None:
        """`own` and `shipped`: folders of profiles. `listing` is of the system's MIDI ports, None: there are none.
        `background` reads and writes the profiles, None: the caller."""
        hands, clock = engine.hands, engine.clock
        self._engine = engine
        self.controllers = Controllers(engine.tree, engine.inbox.put, clock, engine.say, listing)
        self.mode = MapMode(hands, engine.watcher, clock)
        self.feedback = Feedback(hands, engine.outputs.show)
        self.shelf = Shelf(own, shipped)
        self.home = Home(hands, self.shelf, engine.say, background)
        self.mode.making.keeps = self.home.keeps
        self.table = MapTable(hands, self.mode, self.home, engine.note_step)
        self._profiles: tuple[str, ...] = ()
        self._looked = float("-inf")
        self._lit: dict[str, str] = {}
        self._gone: list[str] = []
        self._view = MapView(
            hands, self.mode, self.table, clock, lambda: self.controllers.states, lambda: self._profiles
        )
        self.controllers.lost.append(lambda name: hands.let_go(name, clock.now()))
        engine.watcher.on(("/midi/in", "/map/feedback"), self.controllers.look_again)
        engine.reception.mapping = self
        engine.output_hearers.append(self._hear_output)
        engine.tending.append(self.tend)
        engine.picturing.append(self._picture)
        add, add_with = engine.actions.add, engine.actions.add_with
        add("/map/resend", self.feedback.forget, "Resend feedback", "Tells every controller where all stands", "Map")
        told = "A controller's name, and a file if it shall not lie with the others"
        add_with("/map/export", self.write, "Export bindings", told, "Map")
        add_with("/map/import", self.read, "Import bindings", "A profile's name or its file", "Map")

    # --- what comes in --------------------------------------------------------------------------------

    def takes(self, touches: Sequence[Touch], seconds: float) -> bool:
        """Hear what moved on a controller; return whether it must move nothing."""
        if any(self.feedback.echoes(touch, seconds) for touch in touches):
            return True
        return self.mode.hear([heard(touch, seconds) for touch in touches])

    def takes_value(self, source: Source, value: float, seconds: float) -> bool:
        """Hear a value of another kind of source; return whether it must move nothing."""
        return math.isfinite(value) and self.mode.hear([Heard(seconds, source, value)])

    def unlock(self) -> None:
        """Raise ValueError while bindings are locked: on Stage."""
        self.mode.unlock()

    def _hear_output(self, message: Message) -> None:
        if not self.mode.on:
            return
        now = self._engine.clock.now()
        for index, value in enumerate(message.arguments):
            if isinstance(value, str):
                self.takes_value(Source("output", f"{message.address}/{value}"), 1.0, now)
            else:
                self.takes_value(Source("output", message.address, index), float(value), now)

    def tend(self) -> None:
        """Look after ports, gestures and lights; called each turn."""
        now = self._engine.clock.now()
        self.controllers.tend()
        self.mode.tend()
        self.home.tend(now, [one.name for one in self.controllers.states if one.state == "open"])
        outputs = self._engine.outputs
        if outputs.controllers != self.controllers.shown:
            outputs.controllers = self.controllers.shown
            outputs.configure()
        self._follow_lights()
        self.feedback.tend(now)
        if now - self._looked >= SHELF_S:
            self._looked = now
            self._profiles = self.shelf.names

    def close(self) -> None:
        self.controllers.close()
        self.home.close()

    def _follow_lights(self) -> None:
        """Tell a controller everything when its way back opens, and nothing while it is not."""
        states = self._engine.outputs.states
        ready = []
        for name in self._engine.outputs.controllers:
            state = states.get(f"{LIGHTS} {name}")
            now = state.state if state is not None else ""
            if now == "open":
                ready.append(name)
                if self._lit.get(name) != "open":
                    self.feedback.forget(name)
            self._lit[name] = now
        for name in set(self._lit) - set(self._engine.outputs.controllers):
            del self._lit[name]
        self.feedback.controllers = tuple(ready)

    # --- profiles -------------------------------------------------------------------------------------

    def write(self, arguments: tuple[Argument, ...]) -> None:
        """Write the lines of a controller: NAME [FILE]; without a name those of any controller."""
        name = str(arguments[0]) if arguments else ""
        kept = self.home.kept.get(name)
        is_file = kept is None and (name.endswith(".json") or "/" in name)
        controller = "" if is_file else name
        place = self.shelf.place(str(arguments[1]) if len(arguments) > 1 else name)
        if kept is not None and len(arguments) < 2:
            place = kept.path
        lines = [one for one in self._engine.bindings if one.source.kind == "midi" and _is_of(one, controller)]
        if is_file:
            ports = {one.source.port for one in lines} - {""}
            controller = next(iter(ports)) if len(ports) == 1 else ""
        if not lines:
            raise ProfileError(f"no line of the table is of {controller or 'a MIDI controller'}; map something first")
        if kept is not None and place == kept.path:
            self.mode.unlock()
        number = write(place, controller, lines)
        if kept is not None and place == kept.path:
            self._adopt(controller)
        self._looked = float("-inf")
        self._engine.say("info", f"{number} bindings of {controller or 'all controllers'} written to {place}")

    def read(self, arguments: tuple[Argument, ...]) -> None:
        """Take the lines of a profile in; what its hands moved before gives way. One step of undo."""
        self.mode.unlock()
        if not arguments:
            raise ProfileError(f"name a profile: {', '.join(self._profiles) or 'export one first'}")
        controller, lines, faults = read(self.shelf.find(str(arguments[0])))
        lines = [_moved_to(one, self._plugged(controller)) for one in lines]
        lines = [replace(one, profile=self.home.keeps(one.source)) for one in lines]
        for fault in faults[:3]:
            self._engine.say("warning", f"Profile: {fault}")
        table = self._engine.bindings
        new = tuple(dict.fromkeys(one for one in lines if one not in table.for_source(one.source)))
        wanted, taken = set(lines), Overlaps(one.source for one in new)
        gone = tuple(one for one in table if one.source.kind == "midi" and one not in wanted and taken.has(one.source))
        if new:
            self.table.change(f"Import {controller or 'bindings'}", gone, new)
        unknown = [one.target for one in new if not self._is_known(one.target)]
        self._engine.say("info", f"{len(new)} bindings of {controller or 'a controller'} added, {len(gone)} gave way")
        if unknown:
            self._engine.say("warning", f"Nothing is called {unknown[0]}: {len(unknown)} bindings have no target")

    def _adopt(self, controller: str) -> None:
        """What was exported as a controller's own profile is no more the session's."""
        lines = tuple(one for one in self._engine.bindings if one.source.port == controller and one.own)
        if lines:
            self.table.change(f"Keep for {controller}", lines, tuple(replace(one, profile=True) for one in lines))

    def _plugged(self, controller: str) -> str:
        """Return what the system calls a controller that is plugged in; some add the name of a port."""
        names = [state.name for state in self.controllers.states if controller.casefold() in state.name.casefold()]
        return names[0] if controller and len(names) == 1 else controller

    def _is_known(self, address: str) -> bool:
        return address in self._engine.tree or address in self._engine.actions

    # --- the picture ----------------------------------------------------------------------------------

    def _picture(self, picture: Snapshot) -> Snapshot:
        lights = dict(picture.lights)
        if any(state.state == "open" for state in self.controllers.states):
            active = self._engine.monitor.active.get("midi in", float("-inf"))
            lights["midi in"] = self._engine.clock.now() - active
        return replace(picture, mapping=self._view.state(), lights=lights)


def _moved_to(binding: Binding, controller: str) -> Binding:
    """Return a line of a profile as one of a controller's."""
    if binding.source.kind != "midi":
        return binding
    return replace(binding, source=replace(binding.source, port=controller))


def _is_of(binding: Binding, controller: str) -> bool:
    """Return whether a line is a controller's; one of any controller is everybody's."""
    return not controller or binding.source.port in ("", controller)
