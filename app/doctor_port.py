"""Whether a note arrives: each destination gets one, and what the other side answers is told.

Where nobody answers, as with UDP to another computer, that nobody refused is all that can be said.
"""

from __future__ import annotations

import os
import time

from app.device import jack_out
from app.device.base import DeviceError, DeviceSpec
from app.device.midi_client import forget_dead
from app.device.midi_port import CLIENT, PortList, backends, jack_server, load
from app.device.registry import make
from app.doctor_clock import wait
from app.doctor_place import Place
from app.doctor_state import FAILURE, OK, WARNING, Finding
from app.event import NoteOff, NoteOn
from app.synth import SynthProcess

PITCH, VELOCITY, NOTE_S = 60, 90, 0.3


def check_outputs(place: Place) -> Finding:
    """Tell where the session plays to."""
    ways = [f"OSC {place.host}:{place.port}"] if place.host else []
    ways += [f"MIDI {place.midi or 'to the first port'}"] if place.midi is not None else []
    ways += ["the built-in synth"] if place.synth else []
    if not ways:
        return Finding("outputs", FAILURE, "No output is on in this session; switch OSC, MIDI or the synth on")
    return Finding("outputs", OK, f"The session plays to {', '.join(ways)}")


def check_osc_out(place: Place) -> list[Finding]:
    """Send a note to where OSC goes, and see whether anybody is there."""
    return [_send_osc(place)] if place.host else []


def _send_osc(place: Place) -> Finding:
    options = (("host", place.host), ("port", place.port))
    device = make(DeviceSpec("osc", "osc", options))
    try:
        device.open()
        for event in (NoteOn(0.0, "composer", PITCH, VELOCITY), NoteOff(0.0, "composer", PITCH)):
            device.send(event)
            time.sleep(NOTE_S / 2)
        trouble = device.check() or device.check()
    except DeviceError as error:
        trouble = str(error)
    finally:
        device.close()
    if trouble:
        return Finding("osc out", WARNING, trouble)
    return Finding("osc out", OK, f"A note was sent to {place.host}:{place.port} and nobody refused it")


def check_midi(place: Place) -> list[Finding]:
    """List the ports, send a note to the one that is wanted, and hear ourselves where that can be done."""
    ports = PortList()
    outputs, inputs = ports.outputs(), ports.inputs()
    if outputs[:1] and outputs[0].startswith("unavailable:"):
        why = f"No MIDI: {outputs[0].partition(': ')[2]}; start JACK or connect an instrument, or use OSC"
        lost = [Finding("midi out", WARNING, why)] if place.midi is not None else []
        return [Finding("midi", WARNING, why), *lost]
    others = [name for name in (*outputs, *inputs) if CLIENT not in name]
    said = f"{len(outputs)} ports out, {len(inputs)} in" + (f": {', '.join(dict.fromkeys(others))}" if others else "")
    found = [Finding("midi", OK if others else WARNING, said if others else f"{said}; connect an instrument")]
    if place.midi is not None:
        found.append(_send_midi(place.midi, place.virtual))
    if jack_server():
        found += [_hear_midi(), _frame_finding()]
    return found


def _frame_finding() -> Finding:
    """Tell whether MIDI on JACK keeps to its frames; without the library it is as steady as a block is short."""
    if jack_out.load() is not None:
        return Finding("midi clock", OK, "On JACK every message leaves and is heard at its very frame")
    why = "Exact frames on JACK are unavailable (pip install JACK-Client); MIDI jitters by a block there"
    return Finding("midi clock", WARNING, why)


def _send_midi(port: str, virtual: bool = False) -> Finding:
    device = make(DeviceSpec("midi", "midi", (("port", port), ("virtual", int(virtual)))))
    try:
        device.open()
        trouble = device.check()
        if not trouble:
            device.send(NoteOn(0.0, "composer", PITCH, VELOCITY))
            time.sleep(NOTE_S)
            device.send(NoteOff(0.0, "composer", PITCH))
    except DeviceError as error:
        trouble = str(error)
    finally:
        where = device.where
        device.close()
    if trouble:
        return Finding("midi out", WARNING, f"MIDI {port}: {trouble}" if port else f"MIDI: {trouble}")
    return Finding("midi out", OK, f"A note was sent to {where}")


def _hear_midi() -> Finding:
    """Send a message through JACK to ourselves."""
    library = load()
    running = backends(library)
    forget_dead(running)
    api = next(iter(running))
    name = f"doctor {os.getpid()}"
    sender, ear = library.MidiOut(api, name=name), library.MidiIn(api, name=f"{name} in")
    heard: list[float] = []
    try:
        sender.open_virtual_port(name)
        place = next((n for n, port in enumerate(ear.get_ports()) if name in port), None)
        if place is None:
            return Finding("midi loop", WARNING, "JACK shows no port of ours; restart JACK")
        ear.set_callback(lambda *_: heard.append(time.perf_counter()))
        ear.open_port(place)
        time.sleep(0.1)
        sent = time.perf_counter()
        sender.send_message((0x90, PITCH, VELOCITY))
        if not wait(lambda: bool(heard), 2.0):
            return Finding("midi loop", WARNING, "A MIDI message to ourselves did not arrive; restart JACK")
        return Finding("midi loop", OK, f"A MIDI message to ourselves took {(heard[0] - sent) * 1000:.1f} ms")
    finally:
        for client in (ear, sender):
            client.close_port()
            client.delete()


def check_synth(place: Place) -> list[Finding]:
    """Start the built-in synth, strike a note and see whether it can be heard."""
    return [_strike_synth()] if place.synth else []


def _strike_synth() -> Finding:
    synth = SynthProcess("auto")
    synth.start()
    try:
        wait(lambda: _has_answered(synth), 15.0)
        if synth.port is None:
            why = synth.reason or "the synth did not start; run: pip install -r requirements.txt"
            return Finding("sound", WARNING, f"No sound from this computer: {why}")
        device = make(DeviceSpec("synth", "osc", (("host", "127.0.0.1"), ("port", synth.port))))
        device.open()
        device.send(NoteOn(0.0, "composer", PITCH, VELOCITY))
        sounds = wait(lambda: bool(synth.poll()) and max(synth.level) > 0.0, 3.0)
        device.send(NoteOff(0.0, "composer", PITCH))
        device.close()
    finally:
        synth.stop()
    if sounds:
        return Finding("sound", OK, "The built-in synth sounds")
    return Finding("sound", WARNING, "The built-in synth runs and no sound comes of it; choose another sound device")


def _has_answered(synth: SynthProcess) -> bool:
    synth.poll()
    return bool(synth.port or synth.reason) or not synth.alive


def check_microphone(_place: Place) -> Finding:
    """See whether there is something to listen with."""
    from app.device.ear import load as load_sound
    from app.sound.server import hushed

    try:
        with hushed():
            found = load_sound().query_devices(kind="input")
    except Exception as error:  # noqa: BLE001 - the library raises many kinds where there is no device
        return Finding("microphone", WARNING, f"No sound input: {_first(str(error))}; sound features need one")
    return Finding("microphone", OK, f"Listens with {found['name']}")


def _first(text: str) -> str:
    return text.strip().splitlines()[0].rstrip(".") if text.strip() else "none was found"
