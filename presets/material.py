"""The factory sessions, made anew: examples that are computed, not recorded, and what they move.

Run `python -m presets.material` in the project's folder; the same script writes the same files, byte for byte. Sounds
are synthesised and pass through the same feature extraction as a microphone's; gestures are drawn as a hand would draw
them, each time a little differently. So anybody can see what the instrument was taught, and teach it otherwise.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import dataset_file
from app.binding import Binding, Fire, Follow, Put, Source, to_json
from app.dataset import Dataset
from app.example import Examples, Label, Output
from app.file import write_whole
from app.spectrum import RECIPES, Spectrum

HERE = Path(__file__).resolve().parent
RATE_HZ = 48_000
FRAMES_HZ = 60.0  # How often a pointer tells where it is.
POINTER = ("x", "y")

Floats = NDArray[np.float64]
Take = tuple[Floats, Sequence[float]]  # Frames (n, width) and what they are taught, one number an output.


@dataclass(frozen=True, slots=True)
class Factory:
    """A session: `name` of its folder, `parameters` by address, `bindings`, `examples`.

    Beside them `programs` of the Follower by slot from 1, `scenes` by name in their order, and `presets` of the Rules
    (a file beside this one).
    """

    name: str
    parameters: dict[str, float | str]
    bindings: tuple[Binding, ...]
    examples: Examples | None = None
    programs: tuple[str, ...] = ()
    scenes: tuple[tuple[str, dict[str, float | str]], ...] = ()
    presets: str = ""


def collected(features: Sequence[str], outputs: Sequence[Output], takes: Sequence[Take], every_s: float) -> Examples:
    """Return takes as examples, one take after the other on an imaginary clock."""
    dataset, seconds = Dataset(), 0.0
    dataset.set_features(list(features))
    dataset.set_outputs(tuple(outputs))
    for frames, taught in takes:
        take, targets = dataset.begin_take(), tuple(taught)
        for frame in frames:
            why = dataset.append(np.round(frame, 5).astype(np.float32), targets, take, round(seconds, 4))
            if why:
                raise ValueError(why)
            seconds += every_s
        dataset.end_take(take)
        seconds += 1.0
    return dataset.examples()


def labels(*names: str) -> tuple[Label, ...]:
    return tuple(Label(number, name, number - 1) for number, name in enumerate(names, 1))


def heard(name: str) -> Source:
    """Return the source that a label is."""
    return Source("output", f"/listener/label/{name}")


# --- air pad ----------------------------------------------------------------------------------------------


def air_pad() -> Factory:
    """Return a pad on which the pointer moves three things at once: nine points are taught, all between is guessed."""
    random = np.random.default_rng(1)
    takes: list[Take] = []
    for y in (0.05, 0.5, 0.95):
        for x in (0.05, 0.5, 0.95):
            frames = np.array([x, y]) + random.normal(0, 0.004, (3, 2))
            centre = 1.0 - (abs(x - 0.5) + abs(y - 0.5)) / 0.9
            takes.append((frames, (round(0.1 + 0.85 * x, 3), round(0.85 - 0.7 * y, 3), round(0.3 + 0.6 * centre, 3))))
    outputs = [Output(f"out{number}", "number") for number in (1, 2, 3)]
    values: dict[str, float | str] = {
        "/listener/outputs": "regressor,regressor,regressor",
        "/listener/regressor": "process",
        **_pointer(),
        "/transport/bpm": 88.0,
        "/composer/smoothing": 0.6,
        "/output/synth/voice": "strings",
    }
    out = "/listener/out"
    bindings = (
        Binding(Source("output", out, 0), "/composer/density", Follow(0.0, 1.0, 0.15, 0.95)),
        # Between 0.3 and 1.8 on a scale from 0.01 to 10: from calm to bold, never to noise.
        Binding(Source("output", out, 1), "/composer/temperature", Follow(0.0, 1.0, 0.49, 0.75)),
        Binding(Source("output", out, 2), "/output/synth/gain", Follow(0.0, 1.0, 0.2, 1.0, 0.2)),
    )
    return Factory("air_pad", values, bindings, collected(POINTER, outputs, takes, 1 / FRAMES_HZ))


def _pointer() -> dict[str, float | str]:
    return {
        "/listener/input/osc/on": "off",
        "/listener/input/pointer/on": "on",
        "/listener/play": "on",
        "/listener/train_on_open": "on",
        "/window/player": "listener",
        "/window/view": "studio",
    }


# --- conductor --------------------------------------------------------------------------------------------

Path2D = Callable[[Floats], Floats]


def rise(t: Floats) -> Floats:
    return np.column_stack([0.5 + 0.0 * t, 0.85 - 0.7 * t])


def fall(t: Floats) -> Floats:
    return np.column_stack([0.5 + 0.0 * t, 0.15 + 0.7 * t])


def circle(t: Floats) -> Floats:
    return np.column_stack([0.5 + 0.3 * np.sin(2 * np.pi * t), 0.5 - 0.3 * np.cos(2 * np.pi * t)])


def sweep(t: Floats) -> Floats:
    return np.column_stack([0.12 + 0.76 * t, 0.5 + 0.0 * t])


# None of them is a part of another: whoever draws a zigzag has drawn a rise on the way.
GESTURES: dict[str, Path2D] = {"rise": rise, "fall": fall, "circle": circle, "sweep": sweep}


def drawn(path: Path2D, random: np.random.Generator, rate_hz: float = FRAMES_HZ) -> Floats:
    """Return a path as a hand draws it: a little elsewhere, larger or smaller, faster in the middle, trembling."""
    count = round(random.uniform(0.7, 1.1) * rate_hz)
    t = np.linspace(0.0, 1.0, count)
    t = t - random.uniform(0.0, 0.1) * np.sin(2 * np.pi * t)
    points = (path(t) - 0.5) * random.uniform(0.85, 1.15, 2) + 0.5 + random.uniform(-0.05, 0.05, 2)
    tremble = np.convolve(random.normal(0, 0.006, count + 8), np.ones(9) / 3.0, "valid")
    return np.clip(points + np.column_stack([tremble, tremble[::-1]]), 0.0, 1.0)


def conductor() -> Factory:
    """Return four gestures that lead the Composer."""
    random = np.random.default_rng(2)
    takes = [
        (drawn(path, random), (float(number),)) for _ in range(5) for number, path in enumerate(GESTURES.values(), 1)
    ]
    outputs = [Output("label", "class", labels(*GESTURES))]
    values: dict[str, float | str] = {
        "/listener/outputs": "dtw:4",
        "/listener/gesture": "dtw",
        # Nearer than the takes alone would ask for, so that moving about without a purpose seldom means something.
        "/listener/model/dtw/threshold": 0.35,
        "/transport/bpm": 96.0,
        **_pointer(),
    }
    bindings = (
        Binding(heard("rise"), "/composer/intensity", Put(1.2)),
        Binding(heard("fall"), "/composer/intensity", Put(0.45)),
        Binding(heard("circle"), "/composer/next", Fire()),
        Binding(heard("sweep"), "/transport/toggle", Fire()),
    )
    return Factory("conductor", values, bindings, collected(POINTER, outputs, takes, 1 / FRAMES_HZ))


# --- three sounds -----------------------------------------------------------------------------------------


def whistle(t: Floats, random: np.random.Generator) -> Floats:
    vibrato = 1.0 + random.uniform(0.0, 0.02) * np.sin(2 * np.pi * random.uniform(4, 7) * t)
    phase = np.cumsum(2 * np.pi * random.uniform(700, 1900) * vibrato / RATE_HZ)
    breath = random.normal(0, random.uniform(0.01, 0.06), len(t))
    return np.sin(phase) + random.uniform(0.0, 0.1) * np.sin(2 * phase) + breath


def hiss(t: Floats, random: np.random.Generator) -> Floats:
    noise = random.normal(0, 1, len(t) + 1)
    return noise[1:] - random.uniform(0.5, 0.98) * noise[:-1]


def hum(t: Floats, random: np.random.Generator) -> Floats:
    pitch, bright = random.uniform(85, 240), random.uniform(1.2, 2.2)
    wobble = 0.1 * np.sin(2 * np.pi * random.uniform(3, 6) * t)
    parts = [np.sin(2 * np.pi * pitch * k * t + wobble * k) / k**bright for k in range(1, 24)]
    return np.sum(parts, axis=0) + random.normal(0, random.uniform(0.002, 0.02), len(t))


def room(t: Floats, random: np.random.Generator) -> Floats:
    """A quiet room: what is none of the three."""
    noise = np.cumsum(random.normal(0, 1, len(t))) * 0.02 + random.normal(0, random.uniform(0.2, 1.0), len(t))
    mains = random.uniform(0.0, 0.5) * np.sin(2 * np.pi * 50.0 * t)
    return noise - noise.mean() + mains


SOUNDS: dict[str, Callable[[Floats, np.random.Generator], Floats]] = {"whistle": whistle, "hiss": hiss, "hum": hum}


def sounded(make: Callable[[Floats, np.random.Generator], Floats], random: np.random.Generator, count: int) -> Floats:
    """Return the features of `count` windows of a sound at some loudness, shape (count, width)."""
    recipe = RECIPES["full"]
    t = np.arange(recipe.frame + recipe.hop * (count - 1)) / RATE_HZ
    wave = make(t, random)
    level = random.uniform(0.0003, 0.002) if make is room else 10 ** random.uniform(-1.5, -0.5)
    wave = (wave * level / np.sqrt(np.mean(wave**2))).astype(np.float32)
    spectrum = Spectrum(recipe, RATE_HZ)
    starts = range(0, len(t) - recipe.frame + 1, recipe.hop)
    return np.array([spectrum.features(wave[start : start + recipe.frame]) for start in starts], np.float64)


def three_sounds() -> Factory:
    """Return three kinds of sound that each call a composer; a quiet room calls nobody."""
    random = np.random.default_rng(3)
    makers = [(0, room), *enumerate(SOUNDS.values(), 1)]
    takes: list[Take] = [(sounded(make, random, 8), (float(number),)) for _ in range(6) for number, make in makers]
    outputs = [Output("label", "class", labels(*SOUNDS))]
    values: dict[str, float | str] = {
        "/listener/outputs": "classifier:3",
        "/listener/classifier": "svm",
        "/listener/smoothing": 0.85,
        "/listener/confidence": 0.6,
        "/listener/margin": 0.2,
        "/listener/input/osc/on": "off",
        "/listener/input/audio/on": "on",
        "/listener/input/audio/recipe": "full",
        "/listener/play": "on",
        "/listener/train_on_open": "on",
        "/transport/bpm": 92.0,
        "/window/player": "listener",
        "/window/view": "studio",
    }
    bindings = tuple(
        Binding(heard(sound), "/composer/model", Put(composer))
        for sound, composer in (("whistle", "Satie"), ("hiss", "Brahms"), ("hum", "Haydn"))
    )
    every_s = RECIPES["full"].hop / RATE_HZ
    return Factory("three_sounds", values, bindings, collected(RECIPES["full"].names, outputs, takes, every_s))


# --- what one player does moves another -------------------------------------------------------------------


def hit(channel: str) -> Source:
    """Return the source that a struck channel of the Follower is."""
    return Source("output", f"/follower/hit/{channel}")


CALLING = """\
// Call. Pad 36 of a drum pad is yours, the hat keeps time, and the machine waits.
// Sweep the pointer to the right side of its field, and it answers.

define kick midi in 36;

source kick;
closedhat*4 (amp:0.4);
"""
ANSWERING = """\
// Answer. The Composer speaks, and the drums underline it.
// To the left of the field it is your turn again; in the middle all play.

kick 3,3,2;
snare*2+0.5 (amp:0.6);
closedhat*8 (amp:0.4);
"""


def _turn(mute: str, density: float, intensity: float) -> dict[str, float | str]:
    """Return a scene: whether and how the Composer plays."""
    return {"/composer/mute": mute, "/composer/density": density, "/composer/intensity": intensity}


SIDES = {"call": 0.15, "together": 0.5, "answer": 0.85}


def call_and_answer() -> Factory:
    """Return a field with three sides: each calls a scene and a program, so that two take turns."""
    random = np.random.default_rng(4)
    takes: list[Take] = []
    for number, x in [(number, x) for _ in range(4) for number, x in enumerate(SIDES.values(), 1)]:
        frames = np.column_stack([random.uniform(x - 0.12, x + 0.12, 10), random.uniform(0.05, 0.95, 10)])
        takes.append((frames, (float(number),)))
    values: dict[str, float | str] = {
        "/listener/outputs": "classifier:3",
        "/listener/classifier": "knn",
        "/listener/smoothing": 0.7,
        "/listener/confidence": 0.6,
        **_pointer(),
        "/transport/bpm": 104.0,
        "/scene/morph": 2.0,
        "/follower/quantise": "beat",
    }
    bindings: list[Binding] = []
    for side, slot in (("call", "1"), ("together", "2"), ("answer", "2")):
        bindings += [
            Binding(heard(side), "/scene/call", Fire((side,))),
            Binding(heard(side), "/follower/slot", Put(slot)),
            Binding(heard(side), "/follower/evaluate", Fire()),
        ]
    scenes = (
        ("call", _turn("on", 0.2, 0.4)),
        ("together", _turn("off", 0.6, 0.7)),
        ("answer", _turn("off", 0.9, 1.0)),
    )
    outputs = [Output("label", "class", labels(*SIDES))]
    examples = collected(POINTER, outputs, takes, 1 / FRAMES_HZ)
    return Factory("call_and_answer", values, tuple(bindings), examples, (CALLING, ANSWERING), scenes)


TEACHING = """\
// Teach it.
// The Composer's notes are the question, your snare is the answer: play pad 38 of a drum pad to what you hear.
// When the loss is small, choose program 2 and evaluate it.

define piano osc in "/composer/note";
define snare midi in 38;

source piano;
learn snare;
closedhat*8 (amp:0.3);
"""
LETTING = """\
// Let it play.
// The snare is the machine's now; it follows what the Composer plays. What it strikes opens the Composer up.

define piano osc in "/composer/note";

source piano;
predict snare;
closedhat*8 (amp:0.3);
"""


def drum_that_learns_you() -> Factory:
    """Return a drum that hears the Composer, learns where you strike, and pushes the Composer in turn."""
    values: dict[str, float | str] = {
        "/transport/bpm": 96.0,
        "/composer/density": 0.5,
        "/composer/smoothing": 0.5,
        "/follower/grid": "16",
        "/window/player": "follower",
        "/window/view": "studio",
    }
    bindings = (
        Binding(hit("snare"), "/composer/intensity", Follow(0.0, 1.0, 0.2, 0.9)),
        Binding(Source("output", "/composer/note", 1), "/output/synth/gain", Follow(0.3, 0.8, 1.0, 0.7)),
    )
    return Factory("drum_that_learns_you", values, bindings, programs=(TEACHING, LETTING))


FORECAST = """\
// The forecast.
// Each drum calls a label of the Rules: the kick rain, the snare storm, the open hat the intro.
// source and learn: what follows the kick is being learnt. When the loss is small, evaluate program 2.

source kick 3,3,2;
learn snare*2+0.5;
openhat;
"""
WEATHER = """\
// The weather.
// The storms come where the machine expects them. Change the kick and see what it makes of it.

source kick 3,3,2;
predict snare;
openhat;
"""


def weather() -> Factory:
    """Return a drum part that is learnt, each of its drums calling a preset of the Rules."""
    values: dict[str, float | str] = {
        "/transport/bpm": 92.0,
        "/composer/mute": "on",
        "/rules/synth": "understudy",
        "/rules/distance": 2.0,
        "/rules/morph": 0.25,
        "/window/player": "rules",
        "/window/view": "studio",
    }
    called = {"kick": "rain", "snare": "storm", "openhat": "intro"}
    bindings = tuple(Binding(hit(drum), "/rules/call", Fire((label,))) for drum, label in called.items())
    return Factory("weather", values, bindings, programs=(FORECAST, WEATHER), presets="rules/weather.csv")


FACTORY = (air_pad, call_and_answer, conductor, drum_that_learns_you, three_sounds, weather)


def write(factory: Factory, folder: Path) -> None:
    """Write a session's folder."""
    programs = {f"/follower/text/{slot}": text for slot, text in enumerate(factory.programs, 1)}
    stored: dict[str, Any] = {"format": 1, "parameters": {**factory.parameters, **programs}}
    stored["bindings"] = [to_json(binding) for binding in factory.bindings]
    folder.mkdir(parents=True, exist_ok=True)
    if factory.examples is not None:
        (folder / "listener").mkdir(exist_ok=True)
        dataset_file.save(folder / "listener", factory.examples)
    if factory.scenes:
        scenes = [{"number": n, "name": name, "values": kept} for n, (name, kept) in enumerate(factory.scenes, 1)]
        write_whole(folder / "scenes.json", json.dumps(scenes, indent=1))
    if factory.presets:
        write_whole(folder / "rules" / "presets.csv", (HERE / factory.presets).read_text(encoding="utf-8"))
    write_whole(folder / "session.json", json.dumps(stored, indent=1, ensure_ascii=False) + "\n")


def main(arguments: Sequence[str]) -> int:
    """Write all factory sessions into a folder, the one of this script without an argument."""
    target = Path(arguments[0]) if arguments else HERE
    for make in FACTORY:
        factory = make()
        write(factory, target / factory.name)
        print(f"{factory.name}: {len(factory.examples or ())} examples")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
