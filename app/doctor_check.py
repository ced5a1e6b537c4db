"""What can be looked at without the instrument: libraries, disk, clock, ports, sound.

Each check answers with one sentence that says what is, and, where something is missing, what to do. A check that fails
in an unforeseen way is a finding too: whoever asks the doctor needs all the answers.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.command import Configure, Ping, Play, Report, Status
from app.device.base import DeviceError, DeviceSpec
from app.device.midi_port import CLIENT, PortList, backends, jack_server, load
from app.device.registry import make
from app.dispatcher_process import DispatcherProcess
from app.doctor_state import FAILURE, OK, WARNING, Finding
from app.event import Message, NoteOff, NoteOn
from app.file import write_whole
from app.lateness import Lateness
from app.synth import SynthProcess

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements.txt"
PYTHONS = ((3, 11), (3, 12))
LITTLE_MB, SCARCE_MB = 1000, 200
GRID_S = 0.01
BAR_P99_MS = 2.0
PITCH, VELOCITY, NOTE_S = 60, 90, 0.3
WINDOW_LIBRARIES = ("pyside6", "pyqtgraph")
OPTIONAL = ("linkpython", "skops", "zeroconf", "torch", "scikit-learn", "symusic", *WINDOW_LIBRARIES)


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look.

    Attributes: `folder` (of the session), `host` and `port` (where OSC goes), `midi` (port out, "" for none), `seconds`
    (how long the clock is watched).
    """

    folder: Path
    host: str = "127.0.0.1"
    port: int = 56120
    midi: str = ""
    seconds: float = 2.0


def check_python(_place: Place) -> Finding:
    """Look at the language."""
    version = platform.python_version()
    if sys.version_info[:2] in PYTHONS:
        return Finding("python", OK, f"Python {version} on {platform.system()} {platform.machine()}")
    return Finding("python", WARNING, f"Python {version} was not tried; use Python 3.11 or 3.12")


def check_libraries(_place: Place) -> Finding:
    """Compare what is installed with what is required."""
    missing, found = [], 0
    for name in required(REQUIREMENTS):
        try:
            importlib.metadata.version(name)
            found += 1
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    do = "run: pip install -r requirements.txt"
    needed = [name for name in missing if not name.casefold().startswith(OPTIONAL)]
    if needed:
        return Finding("libraries", FAILURE, f"{', '.join(needed)} is missing; {do}")
    if missing:
        return Finding("libraries", WARNING, f"Without {', '.join(missing)} some parts are switched off; {do}")
    return Finding("libraries", OK, f"All {found} libraries are installed")


def required(path: Path) -> list[str]:
    """Return the names of the libraries in a list of requirements that this system needs."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    plain = (line.split("#")[0].split(";")[0].strip() for line in lines if "win32" not in line)
    found = (re.match(r"[A-Za-z0-9_.\-]+", line) for line in plain if not line.startswith("-"))
    return [name.group() for name in found if name]


def check_folder(place: Place) -> Finding:
    """Write a file where the session is kept, and take it away again."""
    trial = place.folder / f".doctor-{os.getpid()}"
    try:
        write_whole(trial, "a line\n")
        trial.unlink()
    except OSError as error:
        why = error.strerror or error
        do = "choose another with --session FOLDER"
        return Finding("folder", FAILURE, f"{place.folder} takes no files ({why}); {do}")
    return Finding("folder", OK, f"{place.folder} can be written")


def check_disk(place: Place) -> Finding:
    """See how much room is left."""
    folder = next(path for path in (place.folder, *place.folder.parents) if path.exists())
    free_mb = shutil.disk_usage(folder).free >> 20
    if free_mb < SCARCE_MB:
        return Finding("disk", FAILURE, f"Only {free_mb} MB are left at {folder}; make room before you play")
    if free_mb < LITTLE_MB:
        return Finding("disk", WARNING, f"{free_mb} MB are left at {folder}; a recording or a training may not fit")
    return Finding("disk", OK, f"{free_mb / 1000:.0f} GB are free at {folder}")


def check_clock(place: Place) -> list[Finding]:
    """Let a dispatcher send for some seconds, and see how late it was and what the system granted it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        lateness, realtime = _watch_dispatcher(ear.getsockname()[1], place.seconds)
    p99, worst = lateness.percentile_ms(0.99), lateness.worst_ms
    said = f"{lateness.count} events left, 99 of 100 at most {p99:.2f} ms late, the worst {worst:.2f} ms"
    if not lateness.count:
        clock = Finding("clock", FAILURE, "The sending process did not start; see what is printed above")
    elif p99 > BAR_P99_MS:
        clock = Finding("clock", WARNING, f"{said}: end other programs, and switch energy saving off")
    else:
        clock = Finding("clock", OK, said)
    return [clock, realtime_finding(realtime)]


def realtime_finding(granted: bool | None) -> Finding:
    """Return what to say about real-time priority."""
    if granted:
        return Finding("priority", OK, "The system grants real-time priority")
    do = "join the group audio and give it rtprio 95 in /etc/security/limits.d"
    if sys.platform != "linux":
        return Finding("priority", OK, "This system has no real-time priority to grant; high priority is used")
    return Finding("priority", WARNING, f"No real-time priority: under load notes may be some ms late; {do}")


def _watch_dispatcher(port: int, seconds: float) -> tuple[Lateness, bool | None]:
    lateness, realtime = Lateness(), None
    process = DispatcherProcess()
    process.start()
    try:
        process.send(Configure((DeviceSpec("osc", "osc", (("host", "127.0.0.1"), ("port", port))),)))
        if not _wait(lambda: any(isinstance(reply, Status) for reply in process.poll()), 5.0, process):
            return lateness, None
        start = time.perf_counter() + 0.1
        count = max(int(seconds / GRID_S), 1)
        for number in range(count):
            process.send(Play(start + number * GRID_S, ("osc",), Message(0.0, "doctor", "/doctor/tick", (number,))))
        end = time.perf_counter() + seconds + 2.0
        while lateness.count < count and time.perf_counter() < end and process.alive:
            process.send(Ping())
            for reply in process.poll():
                if isinstance(reply, Report):
                    lateness.add(reply.late_ms)
                    realtime = reply.realtime
            time.sleep(0.02)
    finally:
        process.stop()
    return lateness, realtime


def _wait(is_there: Callable[[], bool], seconds: float, process: DispatcherProcess | None = None) -> bool:
    """Wait for something; return whether it came in time."""
    end = time.perf_counter() + seconds
    while not is_there():
        if time.perf_counter() > end:
            return False
        if process is not None:
            process.send(Ping())
        time.sleep(0.01)
    return True


def check_osc_in(_place: Place, port: int = 57120) -> Finding:
    """See whether the usual port is free."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            do = "messages reach the program that has it; close it, or start with --osc-in 0"
            return Finding("osc in", WARNING, f"UDP port {port} is taken: {do}")
    return Finding("osc in", OK, f"UDP port {port} is free")


def check_osc_out(place: Place) -> Finding:
    """Send a note to where OSC goes, and see whether anybody is there."""
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
        why = outputs[0].partition(": ")[2]
        return [Finding("midi", WARNING, f"No MIDI: {why}; start JACK or connect an instrument, or use OSC")]
    others = [name for name in (*outputs, *inputs) if CLIENT not in name]
    said = f"{len(outputs)} ports out, {len(inputs)} in" + (f": {', '.join(dict.fromkeys(others))}" if others else "")
    found = [Finding("midi", OK if others else WARNING, said if others else f"{said}; connect an instrument")]
    if place.midi:
        found.append(_send_midi(place.midi))
    if jack_server():
        found.append(_hear_midi())
    return found


def _send_midi(port: str) -> Finding:
    device = make(DeviceSpec("midi", "midi", (("port", port),)))
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
        return Finding("midi out", WARNING, f"MIDI {port}: {trouble}")
    return Finding("midi out", OK, f"A note was sent to {where}")


def _hear_midi() -> Finding:
    """Send a message through JACK to ourselves."""
    library = load()
    api = next(iter(backends(library)))
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
        if not _wait(lambda: bool(heard), 2.0):
            return Finding("midi loop", WARNING, "A MIDI message to ourselves did not arrive; restart JACK")
        return Finding("midi loop", OK, f"A MIDI message to ourselves took {(heard[0] - sent) * 1000:.1f} ms")
    finally:
        for client in (ear, sender):
            client.close_port()
            client.delete()


def check_synth(_place: Place) -> Finding:
    """Start the built-in synth, strike a note and see whether it can be heard."""
    synth = SynthProcess("auto")
    synth.start()
    try:
        _wait(lambda: _has_answered(synth), 15.0)
        if synth.port is None:
            why = synth.reason or "the synth did not start; run: pip install -r requirements.txt"
            return Finding("sound", WARNING, f"No sound from this computer: {why}")
        device = make(DeviceSpec("synth", "osc", (("host", "127.0.0.1"), ("port", synth.port))))
        device.open()
        device.send(NoteOn(0.0, "composer", PITCH, VELOCITY))
        sounds = _wait(lambda: bool(synth.poll()) and max(synth.level) > 0.0, 3.0)
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


CHECKS: dict[str, Callable[[Place], Finding | list[Finding]]] = {
    "python": check_python,
    "libraries": check_libraries,
    "folder": check_folder,
    "disk": check_disk,
    "clock": check_clock,
    "osc in": check_osc_in,
    "osc out": check_osc_out,
    "midi": check_midi,
    "sound": check_synth,
    "microphone": check_microphone,
}
QUIET = ("python", "libraries", "disk", "folder", "midi", "microphone")  # What disturbs no music that plays.


def examine(place: Place, names: tuple[str, ...] = tuple(CHECKS)) -> list[Finding]:
    """Look at everything that is named."""
    found: list[Finding] = []
    for name in names:
        try:
            answer = CHECKS[name](place)
        except Exception as error:  # noqa: BLE001 - one broken thing must not hide the others
            answer = Finding(name, FAILURE, f"It could not be looked at: {error!r}")
        found += answer if isinstance(answer, list) else [answer]
    return found
