"""Why nothing sounds, and what to do, in one sentence.

The way of a note is walked from its far end: an output that is on and can be heard, music that runs, a player that has
something to play and may. The first gap on that way is the reason, so whoever mends it hears something or is told the
next one. What a hand, a scene or a controller moved is named, because nobody looks for a fader that moved by itself.
"""

from __future__ import annotations

from collections.abc import Collection

from app.command import Panic, Release
from app.engine import Engine
from app.event import NoteOn
from app.parameter import Parameter
from app.player.base import NEVER
from app.silence_player import Players, Reason, by
from app.snapshot import DeviceState

OUTPUTS = (("osc", "OSC"), ("midi", "MIDI"), ("synth", "the built-in synth"))
QUIET_S = 6.0  # Music may rest so long.
SENT_S = 1.5  # What was handed over has left, or was reported, after so long.
INAUDIBLE = 1e-4  # Peak of the synth, 80 dB below full scale.
RESTING = {"composer": "raise density and temperature", "follower": "look at its program and its lessons"}


class Silence:
    """Watches what is struck.

    Attributes: `struck` (part -> when a note of it was last handed over, in seconds of the clock).
    """

    def __init__(self, engine: Engine) -> None:
        self.struck: dict[str, float] = {}
        self._engine, self._players = engine, Players(engine)
        self._panicked = self._playing = False
        self._began = self._heard = float("-inf")
        self._waits = NEVER  # Since when a note that was handed over is not reported as sent.
        engine.outputs.taps.append(self._note)
        engine.tending.append(self.tend)

    def _note(self, _due: float, sent: object) -> None:
        if isinstance(sent, NoteOn):
            self.struck[sent.part] = now = self._engine.clock.now()
            self._waits = min(self._waits, now)
        elif isinstance(sent, Panic | Release):
            self._waits = NEVER  # What was handed over and withdrawn is never sent.
            self._panicked |= isinstance(sent, Panic)

    def tend(self) -> None:
        """See whether the music runs and the synth sounds; called often."""
        now, playing = self._engine.clock.now(), self._engine.transport.playing
        if playing and not self._playing:
            self._began, self._panicked = now, False
        self._playing = playing
        if max(self._engine.outputs.level) > INAUDIBLE:
            self._heard = now
        sent = (self._engine.monitor.active.get(f"{name} out", 0.0) for name in self._engine.outputs.names)
        if max(sent, default=0.0) >= self._waits:
            self._waits = NEVER

    def why(self) -> str:
        """Return why nothing sounds and what to do, "" if something should be heard."""
        return self._no_way_out() or self._no_music() or self._nobody_plays() or self._lost_on_the_way()

    def heard(self) -> str:
        """Return through which ports notes leave and should be heard, as a sentence."""
        outputs = self._engine.outputs
        told = [f"{name} ({outputs.states[kind].text})" for kind, name in self._wanted if not self._gap(kind)]
        where = self._engine.tree.text("/output/osc/host").value
        far = any(name.startswith("OSC ") for name in told) and where not in ("127.0.0.1", "localhost", "::1")
        unknown = "; whether anybody listens there, only the other computer can tell" if far else ""
        return f"Notes leave through {' and '.join(told)}{unknown}" if told else ""

    # --- outputs --------------------------------------------------------------------------------------

    def _no_way_out(self) -> str:
        outputs = self._engine.outputs
        wanted = self._wanted
        if not wanted:
            return "Nothing sounds because no output is on; switch OSC, MIDI or the synth on in Studio, Output"
        if not outputs.alive:
            return "Nothing sounds because the output process ended; it is starting again, wait a moment"
        gaps = [(name, self._gap(kind)) for kind, name in wanted]
        if not all(gap for _, gap in gaps):
            return ""
        return f"Nothing sounds because no output works: {'; '.join(f'{name}: {gap}' for name, gap in gaps)}"

    @property
    def _wanted(self) -> list[tuple[str, str]]:
        """The outputs that are on: kind and name."""
        return [(kind, name) for kind, name in OUTPUTS if self._number(f"/output/{kind}/on").value]

    def _gap(self, kind: str) -> str:
        """Return why nobody hears an output, "" if somebody should."""
        state = self._engine.outputs.states.get(kind)
        if state is None:
            return "it is being opened; wait a moment"
        if state.state != "open":
            return state.text if state.text != "starting" else "it is starting; wait a few seconds"
        return self._mute_synth(state) if kind == "synth" else ""

    def _mute_synth(self, state: DeviceState) -> str:
        gain = self._number("/output/synth/gain")
        if not gain.value:
            return f"its level is 0{by(self._engine, gain)}; raise it in Studio, Output"
        if "through null" in state.text:
            return "it plays to no device, as --synth null asks; start without that option"
        return ""

    # --- music ----------------------------------------------------------------------------------------

    def _no_music(self) -> str:
        if self._playing:
            return ""
        reason = self._standing()
        return f"Nothing sounds because {reason.cause}; {reason.remedy}"

    def _standing(self) -> Reason:
        sync = self._engine.snapshot.sync
        if sync.source == "midi clock":
            if not sync.locked:
                return Reason("no MIDI clock comes in", "start the master, or set Clock to internal")
            return Reason("the MIDI clock's master stands", "press play there, or set Clock to internal")
        if self._panicked:
            return Reason("panic stopped the music", "press Space to play again")
        if sync.source == "link":
            return Reason("Link stands", "press Space, which starts everybody who follows")
        return Reason("the music stands", "press Space")

    # --- players --------------------------------------------------------------------------------------

    def _nobody_plays(self) -> str:
        reasons: list[Reason] = []
        meant = tuple(self._players.meant())
        for part in meant:
            reason = self._players.obstacle(part)
            if reason is None:
                return self._resting(part)
            reasons.append(reason)
        if self._lately(without=meant):
            return ""
        causes = " and ".join(reason.cause for reason in reasons)
        return f"Nothing sounds because {causes}; {reasons[0].remedy}"

    def _resting(self, part: str) -> str:
        """Return what to say of a player that may play and does not strike, "" if it does."""
        now = self._engine.clock.now()
        if part not in RESTING or (part == "composer" and self._engine.snapshot.composer.sounding):
            return ""
        quiet_s = now - max(self._began, *self.struck.values())
        if quiet_s < QUIET_S:
            return ""
        return f"Nothing sounds because the {part.title()} rests since {quiet_s:.0f} s; {RESTING[part]}"

    # --- on the way -----------------------------------------------------------------------------------

    def _lost_on_the_way(self) -> str:
        """Return where notes are lost that were struck and should be heard."""
        now = self._engine.clock.now()
        if now - self._waits > SENT_S:
            return "Nothing sounds because the output process hangs; another takes its place in a moment"
        is_alone = self._engine.outputs.names == ("synth",)
        if is_alone and self._lately() and now - max(self._began, self._heard) > QUIET_S:
            return "Nothing sounds because the built-in synth gets notes and stays silent; choose another sound device"
        return ""

    def _lately(self, without: Collection[str] = ()) -> bool:
        """Return whether somebody struck a moment ago, those left out who are named."""
        since = max(self._engine.clock.now() - QUIET_S, self._began)
        return any(at >= since and self._owner(part) not in without for part, at in self.struck.items())

    def _owner(self, part: str) -> str:
        """Return who plays a part: the Follower its drums, a loop what it took from others."""
        if part.startswith("loop:"):
            return "loop"
        players = self._engine.players
        return next((one.part for one in players if part in getattr(one, "parts", (one.part,))), part)

    def _number(self, address: str) -> Parameter:
        return self._engine.tree.number(address)
