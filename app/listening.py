"""The Listener, put together: its ports, its ears, its examples, its learning and its verbs.

Part of the composition root, like the instrument that takes it in.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from app.controller import Controllers
from app.dataset import Dataset
from app.engine import Engine
from app.frame import Frame, numbers
from app.inbox import Packet
from app.inlets import Inlets
from app.monitor import Monitor
from app.parameter import TextParameter
from app.player.listener.file import Files
from app.player.listener.memory import Memory
from app.player.listener.novelty import Novelty
from app.player.listener.player import Listener
from app.player.listener.study import Study, Worker
from app.player.listener.verb import Verbs
from app.player.listener.view import View
from app.session import Session
from app.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Listening:
    """Attributes: `listener`, `study` (how it learns), `files` (its imports), `inlets` (its ports beside OSC)."""

    listener: Listener
    study: Study
    files: Files
    inlets: Inlets

    def close(self) -> None:
        self.files.close()
        self.study.close()
        self.inlets.close()


@dataclass(frozen=True, slots=True)
class Opening:
    """Tells the study that a session was opened; has no files of its own. Attributes: `study`."""

    study: Study

    def changes(self, everything: bool = False) -> None:
        """There is never anything to write."""

    def read(self, folder: Path, tell: Callable[[float], None], wanted: Callable[[], bool]) -> Callable[[], None]:
        return self.study.opened


def listen(
    engine: Engine, session: Session, worker: Worker, controllers: Controllers, reader: Executor | None = None
) -> Listening:
    """Add a Listener to an engine; `worker` trains for it, the session keeps what it knows.

    `controllers` are the MIDI ports in. `reader` waits for files (None: a thread of its own).
    """
    listener = _make_listener(engine)
    clock = engine.clock
    described = listener.inputs.describe
    inlets = Inlets(engine.tree, engine.watcher, engine.inbox.put, clock, engine.say, described, controllers)
    study = Study(engine.tree, listener, worker, clock, engine.say, engine.note_step)
    session.keepers.append(Memory(listener.dataset, listener.settled, lambda text: engine.say("error", text)))
    session.keepers.append(Opening(study))
    files = Files(engine.tree, listener, reader or ThreadPoolExecutor(1, "files"), engine.say)
    _add_listener_actions(engine, listener, study, files)
    novelty = Novelty(engine.tree, listener, clock)
    engine.tending += [study.tend, inlets.tend, files.tend, novelty.tend]
    view = View(listener, lambda: study.picture, clock)
    engine.picturing += [view.picture, lambda picture: _show_inlets(picture, inlets, engine.monitor, clock.now())]
    return Listening(listener, study, files, inlets)


def _make_listener(engine: Engine) -> Listener:
    """Add the Listener, with OSC at one address as the input that is on."""
    address = TextParameter("/listener/input/osc/address", "/listener/in", "OSC input", "Its numbers are a frame")
    engine.tree.add_text(address)
    listener = Listener(engine.tree, engine.watcher, Dataset(), engine.note_step, engine.say, engine.transport)

    def hear(packet: Packet) -> None:
        try:
            listener.hear(Frame(packet.seconds, "osc", numbers(packet.arguments)))
        except ValueError as error:
            engine.reception.say_now_and_then("frames refused", f"{packet.address} from {packet.sender[0]}: {error}")

    def follow() -> None:
        for old in [known for known, ear in engine.ears.items() if ear is hear]:
            del engine.ears[old]
            engine.reception.frame_ears.discard(old)
        engine.ears[address.value] = hear
        engine.reception.frame_ears.add(address.value)

    engine.watcher.on((address.address,), follow)
    engine.hearers.append(listener.hear)
    engine.add(listener)
    return listener


def _add_listener_actions(engine: Engine, listener: Listener, study: Study, files: Files) -> None:
    add = engine.actions.add
    add("/listener/train", study.train, "Train the Listener", "Learn from the examples", "Listener")
    add("/listener/train_stop", study.cancel, "Cancel training", "The model before goes on", "Listener")
    told = "Judges all kept models on the same takes, which they did not learn"
    add("/listener/model/compare", study.compare, "Compare models", told, "Listener")
    add("/listener/back", study.back, "Earlier model", "Let the model before answer again", "Listener")
    arm = "A label's number or name: records it after the count-in, for as many beats as set"
    with_label = engine.actions.add_with
    with_label("/listener/arm", lambda given: listener.arm(*given[:1]), "Arm a take", arm, "Listener")
    add("/listener/disarm", listener.recorder.disarm, "Disarm", "Gives up a count-in, or ends its take", "Listener")
    for verb in Verbs(listener, study, files, engine.note_step).table:
        engine.actions.add_with(verb.address, verb, verb.title, verb.help, "Listener")


def _show_inlets(picture: Snapshot, inlets: Inlets, monitor: Monitor, now: float) -> Snapshot:
    states = inlets.states
    lights = dict(picture.lights)
    if "midi" in states and states["midi"].state == "open":
        lights["midi in"] = now - monitor.active.get("midi in", float("-inf"))
    inputs = tuple(replace(state, name=f"{name} in") for name, state in states.items())
    return replace(picture, lights=lights, devices=(*picture.devices, *inputs))
