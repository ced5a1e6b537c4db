"""The Listener, put together: its ports, its ears, its examples, its learning and its verbs.

Part of the composition root, like the instrument that takes it in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.dataset import Dataset
from app.engine import Engine
from app.frame import Frame, numbers
from app.inbox import Packet
from app.inlets import Inlets
from app.monitor import Monitor
from app.parameter import TextParameter
from app.player.listener.memory import Memory
from app.player.listener.player import Listener
from app.player.listener.study import Study, Worker
from app.player.listener.verb import Verbs
from app.player.listener.view import View
from app.session import Session
from app.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Listening:
    """Attributes: `listener`, `study` (how it learns), `inlets` (its ports beside OSC)."""

    listener: Listener
    study: Study
    inlets: Inlets

    def close(self) -> None:
        self.study.close()
        self.inlets.close()


def listen(engine: Engine, session: Session, worker: Worker) -> Listening:
    """Add a Listener to an engine; `worker` trains for it, the session keeps what it knows."""
    listener = _make_listener(engine)
    clock = engine.clock
    inlets = Inlets(engine.tree, engine.watcher, engine.inbox.put, clock, engine.say, listener.inputs.describe)
    study = Study(engine.tree, listener, worker, clock, engine.say, engine.note_step)
    session.keepers.append(Memory(listener.dataset, lambda: listener.brain, lambda text: engine.say("error", text)))
    _add_listener_actions(engine, listener, study)
    engine.tending += [study.tend, inlets.tend]
    view = View(listener, lambda: study.state, clock)
    engine.picturing += [view.picture, lambda picture: _show_inlets(picture, inlets, engine.monitor, clock.now())]
    return Listening(listener, study, inlets)


def _make_listener(engine: Engine) -> Listener:
    """Add the Listener, with OSC at one address as the input that is on."""
    address = TextParameter("/listener/input/osc/address", "/listener/in", "OSC input", "Its numbers are a frame")
    engine.tree.add_text(address)
    listener = Listener(engine.tree, engine.watcher, Dataset(), engine.note_step, engine.say)

    def hear(packet: Packet) -> None:
        try:
            listener.hear(Frame(packet.seconds, "osc", numbers(packet.arguments)))
        except ValueError as error:
            engine.monitor.counts["frames refused"] += 1
            engine.say("warning", f"{packet.address} from {packet.sender[0]}: {error}")

    def follow() -> None:
        for old in [known for known, ear in engine.ears.items() if ear is hear]:
            del engine.ears[old]
        engine.ears[address.value] = hear

    engine.watcher.on((address.address,), follow)
    engine.hearers.append(listener.hear)
    engine.add(listener)
    return listener


def _add_listener_actions(engine: Engine, listener: Listener, study: Study) -> None:
    add = engine.actions.add
    add("/listener/train", study.train, "Train the Listener", "Learn from the examples", "Listener")
    add("/listener/train_stop", study.cancel, "Cancel training", "The model before goes on", "Listener")
    add("/listener/back", study.back, "Earlier model", "Let the model before answer again", "Listener")
    for verb in Verbs(listener, study, engine.note_step, engine.say).table:
        engine.actions.add_with(verb.address, verb, verb.title, verb.help, "Listener")


def _show_inlets(picture: Snapshot, inlets: Inlets, monitor: Monitor, now: float) -> Snapshot:
    states = inlets.states
    lights = dict(picture.lights)
    if "midi" in states and states["midi"].state == "open":
        lights["midi in"] = now - monitor.active.get("midi in", float("-inf"))
    inputs = tuple(replace(state, name=f"{name} in") for name, state in states.items())
    return replace(picture, lights=lights, devices=(*picture.devices, *inputs))
