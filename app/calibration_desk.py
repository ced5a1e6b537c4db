"""Making all devices sound together: one clicks, the performer taps along or a microphone listens, the next clicks.

Part of the composition root. The clicks are computed ahead and leave at their due time like any note, so what is
measured is what is played; they go to the one device alone, and to no recording. Whatever starts or silences the music
ends them. What is measured is kept until it is applied, or measured anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil

from app.action import Argument, Verb
from app.calibration import SURE, CalibrationError, Lag, lag_of, latencies, onset
from app.calibration_state import CalibrationState, LagState
from app.engine import Engine
from app.event import Event, NoteOff, NoteOn
from app.frame import Frame, MidiMessage
from app.inbox import Item, Packet
from app.output_port import KINDS
from app.parameter import Linear, Parameter, Steps, Tree
from app.player.base import NEVER
from app.spectrum import RECIPES

PART, PITCH, VELOCITY, LONG_S = "composer", 76, 120, 0.08  # The Composer's, which every peer understands.
AHEAD_S = 0.08
BEFORE_S = 0.5  # From start to the first click.
MOST = 64  # Clicks; then it ends by itself.
ENOUGH = 16  # Clicks for a microphone.
STALE_S = 0.25  # A message's own time is believed up to this age.
MIC, LEVEL = "audio", "rms"
WAYS = ("tap", "microphone")
TITLES = {"osc": "OSC", "midi": "MIDI", "synth": "Synth"}


@dataclass(frozen=True, slots=True)
class LatencyEdit:
    """The latencies of devices were set together: ms before and after, by address."""

    tree: Tree
    before: Mapping[str, float]
    after: Mapping[str, float]

    @property
    def title(self) -> str:
        return "Latencies"

    def undo(self) -> None:
        self._put(self.before)

    def redo(self) -> None:
        self._put(self.after)

    def merge(self, later: object) -> None:
        """Each time is a step."""

    def _put(self, values: Mapping[str, float]) -> None:
        for address, value in values.items():
            self.tree.number(address).set(value, "calibration")


@dataclass(frozen=True, slots=True)
class Measured:
    """Attributes: `lag`, `set_ms` (the device's latency then), `by`."""

    lag: Lag
    set_ms: float
    by: str


class Calibration:
    """A player that clicks. Attributes: `part`, `state` (for the screen), `measured` (by device)."""

    part = "calibration"

    def __init__(self, engine: Engine) -> None:
        self.state = CalibrationState()
        self.measured: dict[str, Measured] = {}
        self._engine = engine
        self._clicks: list[float] = []
        self._answers: list[float] = []
        self._levels: list[tuple[float, float]] = []
        self._device = ""
        self._by = WAYS[0]
        self._set_ms = 0.0
        self._period_s = 0.6
        self._came = float("-inf")  # When the item came that is being taken now.
        add = engine.tree.add
        told = "The device that clicks"
        self._choice = add(Parameter("/calibrate/device", 2, Steps(KINDS), title="Device", help=told, undoable=False))
        told = "How it is heard: you tap along, or a microphone (Inputs: sound) listens"
        self._way = add(Parameter("/calibrate/by", 0, Steps(WAYS), title="Heard by", help=told, undoable=False))
        self._bpm = add(Parameter("/calibrate/bpm", 100, Linear(60, 150, 1, 0), "BPM", "Clicks", undoable=False))
        for verb in self._verbs():
            engine.actions.add_with(verb.address, verb, verb.title, verb.help, "Calibration")
        engine.add(self)
        engine.reception.taps.append(self._note_time)
        engine.hearers.append(self._hear)
        engine.picturing.append(lambda picture: replace(picture, calibration=self.state))

    def _verbs(self) -> tuple[Verb, ...]:
        return (
            Verb("/calibrate/start", self._begin, 0, "Click", "osc, midi or synth: clicks there, and nowhere else"),
            Verb("/calibrate/tap", lambda _: self.tap(), 0, "Tap", "With every click that you hear; bind it to a pad"),
            Verb("/calibrate/stop", lambda _: self.finish(), 0, "Done", "Ends the clicks and tells how late they were"),
            Verb("/calibrate/apply", lambda _: self.apply(), 0, "Sound together", "Delays the faster devices"),
            Verb("/calibrate/clear", lambda _: self.clear(), 0, "Measure anew", "Forgets what was measured"),
        )

    # --- verbs ----------------------------------------------------------------------------------------

    def _begin(self, arguments: tuple[Argument, ...]) -> None:
        if arguments:
            self._choice.set(arguments[0], "calibration")
        device, by = KINDS[int(self._choice.value)], WAYS[int(self._way.value)]
        if self._engine.transport.playing:
            raise ValueError("the music is playing; stop it, then measure")
        state = self._engine.outputs.states.get(device)
        if not self._engine.tree.number(f"/output/{device}/on").value or state is None or state.state != "open":
            raise ValueError(f"{TITLES[device]} is not open ({state.text if state else 'off'}); switch it on first")
        if by == "microphone":
            self._level_place()
        self._device, self._by = device, by
        self._period_s = 60 / self._bpm.value
        self._set_ms = self._engine.tree.number(f"/output/{device}/latency").value
        self._clicks, self._answers, self._levels = [], [], []
        self._show("Tap with every click that you hear" if by == "tap" else "Listening; be quiet")

    def tap(self) -> None:
        """Take a tap; ValueError if nothing clicks."""
        if not self._device:
            raise ValueError("nothing clicks: start a device first (/calibrate/start)")
        now = self._engine.clock.now()
        self._answers.append(self._came if 0 <= now - self._came < STALE_S else now)
        self._show(self.state.text)

    def finish(self) -> None:
        """End the clicks and read off how late the device is; CalibrationError if that is unclear."""
        device = self._device
        if not device:
            return
        self._device = ""
        heard = self._answers if self._by == "tap" else self._onsets()
        clicks = [click for click in self._clicks if click <= self._engine.clock.now()]
        try:
            self._check_latency(device)
            lag = lag_of(clicks, heard, self._period_s, self._by == "tap")
        except CalibrationError as error:
            self._show(f"{TITLES[device]}: {error}")
            raise
        self.measured[device] = Measured(lag, self._set_ms, self._by)
        late = _ms(lag.seconds - self._set_ms / 1000)
        text = f"{TITLES[device]} is heard {late} late, give or take {_ms(SURE * lag.error_s)}"
        self._show(text)
        self._engine.say("info", f"{text} ({lag.count} used, {lag.left_out} left out, spread {_ms(lag.spread_s)})")

    def _check_latency(self, device: str) -> None:
        """Raise CalibrationError if the device was told another latency since it began to click."""
        if self._engine.tree.number(f"/output/{device}/latency").value != self._set_ms:
            raise CalibrationError("its latency was moved while it clicked; measure it again")

    def apply(self) -> None:
        """Set the latencies so that all that was measured sounds together; one step of undo."""
        wanted, tree = self._wanted(), self._engine.tree
        named = {f"/output/{device}/latency": value for device, value in wanted.items()}
        before = {address: tree.number(address).value for address in named}
        edit = LatencyEdit(tree, before, named)
        edit.redo()
        if before != {address: tree.number(address).value for address in named}:
            self._engine.note_step(edit)
        text = ", ".join(f"{TITLES[device]} {value:.0f} ms" for device, value in wanted.items())
        self._show(f"They sound together now: {text}")
        self._engine.say("info", self.state.text)

    def clear(self) -> None:
        """Forget what was measured."""
        self.measured.clear()
        self._show("")

    def _wanted(self) -> dict[str, float]:
        ways = {one.by for one in self.measured.values()}
        if len(ways) > 1:
            raise CalibrationError("some were measured by tapping and some by microphone; measure all in one way")
        set_ms = {device: one.set_ms for device, one in self.measured.items()}
        return latencies({device: one.lag for device, one in self.measured.items()}, set_ms)

    # --- a player -------------------------------------------------------------------------------------

    def start(self, beat: float) -> None:
        """The music begins: what was measured until now is left."""
        self._give_up("The music began; the clicks ended")

    def stop(self) -> None:
        self._give_up("Stopped")

    def due(self) -> float:
        return NEVER

    def step(self) -> list[Event]:
        return []

    def tend(self) -> list[Event]:
        """Hand the next clicks over; called each turn."""
        if not self._device:
            return []
        now = self._engine.clock.now()
        if not self._clicks:
            self._clicks.append(now + BEFORE_S)
            self._click(self._clicks[-1])
        while self._clicks[-1] + self._period_s <= now + AHEAD_S and len(self._clicks) < MOST:
            self._clicks.append(self._next_click(now))
            self._click(self._clicks[-1])
            self._show(self.state.text)
        most = MOST if self._by == "tap" else ENOUGH
        if len(self._clicks) >= most and now > self._clicks[most - 1] + self._period_s:
            self._end()
        return []

    def _next_click(self, now: float) -> float:
        """Return when the next click falls; after a stall those that were missed are left out, not played at once."""
        missed = max(ceil((now - self._clicks[-1]) / self._period_s) - 1, 0)
        return self._clicks[-1] + (missed + 1) * self._period_s

    def _end(self) -> None:
        """End by itself; what is unclear is said, for nobody waits for an answer."""
        try:
            self.finish()
        except CalibrationError as error:
            self._engine.say("warning", f"Calibration: {error}")

    def _click(self, seconds: float) -> None:
        on = NoteOn(0.0, PART, PITCH, VELOCITY)
        off = NoteOff(0.0, PART, PITCH)
        self._engine.outputs.play_on(self._device, [(seconds, on), (seconds + LONG_S, off)])

    def _give_up(self, text: str) -> None:
        if self._device:
            self._device = ""
            self._show(text)

    # --- hearing --------------------------------------------------------------------------------------

    def _note_time(self, item: Item) -> None:
        """Remember when something came, which is before it is acted on."""
        now = self._engine.clock.now()
        self._came = min(item.seconds, now) if isinstance(item, MidiMessage | Packet) else now

    def _level_place(self) -> int:
        """Return which feature of the sound is its level; ValueError if nothing is heard."""
        tree = self._engine.tree
        if not tree.number(f"/listener/input/{MIC}/on").value:
            raise ValueError("no microphone is on: switch the Listener's sound input on (/listener/input/audio/on)")
        names = RECIPES[tree.number(f"/listener/input/{MIC}/recipe").show()].names
        if LEVEL not in names:
            raise ValueError('these sound features have no level; choose the features "full" for the sound input')
        return names.index(LEVEL)

    def _hear(self, frame: Frame) -> None:
        if not self._device or self._by != "microphone" or frame.source != MIC:
            return
        try:
            place = self._level_place()
        except ValueError as error:  # It was switched off, or hears something else now.
            self._give_up(f"The clicks ended: {error}")
            self._engine.say("warning", f"Calibration: {error}")
            return
        if place < len(frame.values):
            self._levels.append((frame.seconds, float(frame.values[place])))

    def _onsets(self) -> list[float]:
        found = []
        for click in self._clicks:
            window = (click - self._period_s / 6, click + self._period_s * 2 / 3)
            at = onset([level for level in self._levels if window[0] <= level[0] < window[1]])
            if at is not None:
                found.append(at)
        return found

    # --- showing --------------------------------------------------------------------------------------

    def _show(self, text: str) -> None:
        now = self._engine.clock.now()
        clicks = sum(click <= now for click in self._clicks)
        self.state = CalibrationState(self._device, clicks, len(self._answers), text, self._lags())

    def _lags(self) -> tuple[LagState, ...]:
        try:
            wanted: dict[str, float] = self._wanted()
        except CalibrationError:
            wanted = {}
        return tuple(
            LagState(
                device,
                one.lag.seconds * 1000 - one.set_ms,
                SURE * one.lag.error_s * 1000,
                one.lag.spread_s * 1000,
                one.lag.count,
                one.by,
                wanted.get(device),
            )
            for device, one in self.measured.items()
        )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
