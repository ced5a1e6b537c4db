"""Who leads: our own tempo, a MIDI clock, or Link.

Part of the composition root. Whoever leads, the transport stays one straight line that is bent a little at a time, so
no player ever sees a beat twice or a bar jump; only a start, or a master half a beat away, moves it at once.
"""

from __future__ import annotations

from dataclasses import replace

from app.action import Argument, finite
from app.clock_follower import ClockFollower
from app.engine import Engine
from app.frame import MidiMessage
from app.link_peer import LinkMissingError, LinkPeer
from app.parameter import Linear, Parameter, Steps
from app.player.pulse import PulsePlayer
from app.snapshot import SyncState
from app.tap import Tap
from app.transport import Bend

SOURCES = ("internal", "midi clock", "link")
INTERNAL, CLOCK, LINK = range(3)
NUDGE_MS = 10.0
JUMP = 0.5  # Beats: so far off, it is another place and no drift.
PULL = 0.5  # Share of the distance that is made good within a beat.
MOST_PULL = 0.1  # The tempo is bent by a tenth at most.
TOLD_BPM = 0.05
STOP = (0xFC,)


class Sync:
    """Attributes: `state` (for the screen), `follower` (of a MIDI clock), `link` (None: not joined)."""

    def __init__(self, engine: Engine) -> None:
        self.state = SyncState()
        self.follower = ClockFollower()
        self.link: LinkPeer | None = None
        self._engine = engine
        self._tap = Tap()
        self._started = 0
        self._was_playing = self._joins = False
        self._bpm = engine.tree.number("/transport/bpm")
        self._asked_bpm = self._bpm.value
        add = engine.tree.add
        told = "Who gives the tempo: the instrument, a MIDI clock that comes in, or Ableton Link"
        self._source = add(Parameter("/sync/source", 0, Steps(SOURCES), title="Clock", help=told, undoable=False))
        late = Linear(-200, 200, digits=0)
        self._offset = add(Parameter("/sync/offset", 0, late, "ms", "Offset", "Play later than the leading clock"))
        self._pulses = PulsePlayer(engine.tree)
        engine.add(self._pulses)
        engine.midi_hearers.append(self._hear)
        engine.watcher.on((self._source.address,), self._choose)
        engine.launch = self._launch
        engine.transport.bent = self._bend
        engine.tending.append(self.tend)
        engine.picturing.append(lambda picture: replace(picture, sync=self.state))
        verbs = engine.actions
        verbs.add("/transport/tap", self.tap, "Tap tempo", "Two taps or more set the tempo", "Transport")
        verbs.add_with("/transport/nudge", self.nudge, "Nudge", "Milliseconds; later if above 0", "Transport")
        verbs.add("/transport/later", lambda: self._shift(NUDGE_MS), "Nudge later", "By 10 ms", "Transport")
        verbs.add("/transport/earlier", lambda: self._shift(-NUDGE_MS), "Nudge earlier", "By 10 ms", "Transport")

    # --- verbs ----------------------------------------------------------------------------------------

    def tap(self) -> None:
        bpm = self._tap.tap(self._engine.clock.now())
        if bpm is not None:
            self._engine.hands.write(self._bpm.address, bpm, "ui", self._engine.clock.now())

    def nudge(self, arguments: tuple[Argument, ...]) -> None:
        """Shift the beat by milliseconds; ValueError if they are no number."""
        self._shift(finite(arguments[0]) if arguments else NUDGE_MS)

    def _shift(self, ms: float) -> None:
        if self._source.value != INTERNAL:
            # The leading clock would pull it back; what the performer means is how far behind it we play.
            self._engine.hands.write(self._offset.address, self._offset.value + ms, "ui", self._engine.clock.now())
            return
        self._engine.transport.nudge(min(max(ms, -500.0), 500.0) / 1000)

    def _bend(self, bend: Bend) -> None:
        """Let the clock for others follow at once: its pulses within the look-ahead are on their way already."""
        if self._pulses.is_on:
            self._engine.outputs.retime(self._pulses.part, bend)

    # --- following ------------------------------------------------------------------------------------

    def tend(self) -> None:
        """Bend the transport towards whoever leads; called often."""
        now = self._engine.clock.now()
        if self._source.value == CLOCK:
            self._follow_clock(now)
        elif self.link is not None:
            self._follow_link(self.link, now)
        else:
            self.state = SyncState(source=SOURCES[INTERNAL], bpm=self._bpm.value, locked=True)

    def close(self) -> None:
        if self.link is not None:
            self.link.close()
            self.link = None

    def _choose(self) -> None:
        """Take another leader."""
        self.close()
        self.follower = ClockFollower()
        self._started = 0
        self._engine.led = self._source.value != INTERNAL
        self._engine.transport.set_tempo(self._bpm.value)
        if self._source.value == LINK:
            try:
                self.link = LinkPeer(self._bpm.value)
                self._asked_bpm, self._was_playing = self._bpm.value, self._engine.transport.playing
            except LinkMissingError as error:
                self._engine.say("warning", str(error))
                self._engine.hands.write(self._source.address, INTERNAL, "sync", self._engine.clock.now())

    def _hear(self, message: MidiMessage) -> None:
        if self._source.value != CLOCK or not self.follower.take(message.data, message.seconds):
            return
        if message.data == STOP and self._engine.transport.playing:
            self._engine.stop()

    def _follow_clock(self, now: float) -> None:
        follower = self.follower
        follower.tend(now)
        at = now - self._offset.value / 1000
        beat = follower.beat_at(at)
        self.state = SyncState(
            SOURCES[CLOCK], follower.bpm or 0.0, beat is not None, follower.jitter_ms, text=_clock_text(follower)
        )
        if beat is None or follower.bpm is None:
            return
        if follower.running and follower.started != self._started:
            self._started = follower.started
            self._begin(beat)
        self._tell_tempo(follower.bpm)
        if follower.running and self._engine.transport.playing:  # Who stops by hand stays stopped.
            self._pull(beat, follower.bpm)

    def _begin(self, beat: float) -> None:
        """Play from the master's place, which may be a moment ago."""
        engine = self._engine
        if engine.transport.playing:
            engine.stop()
        engine.transport.locate(max(beat, 0.0))
        self._joins = True
        try:
            engine.play()
        finally:
            self._joins = False

    def _launch(self, earliest: float) -> float:
        """Return when to begin so that our bars fall on those of whoever leads; a jump to another place is at once."""
        if self._joins:
            return earliest
        at, transport = earliest - self._offset.value / 1000, self._engine.transport
        quantum = float(transport.beats_per_bar)
        if self._source.value == CLOCK and self.follower.running:
            beat = self.follower.beat_at(at)
            if beat is None or self.follower.bpm is None:
                return earliest
            transport.set_tempo(self.follower.bpm)
            transport.locate(transport.next_bar(beat))
            return earliest + (transport.beat - beat) * 60 / self.follower.bpm
        if self.link is not None:
            state = self.link.state(at, self._engine.clock.now(), quantum)
            transport.set_tempo(state.bpm)
            return earliest + (transport.beat - state.beat) % quantum * 60 / state.bpm
        return earliest

    def _follow_link(self, link: LinkPeer, now: float) -> None:
        transport = self._engine.transport
        if self._bpm.value != self._asked_bpm:  # A hand moved our tempo: it is everybody's.
            link.set_tempo(self._bpm.value, now)
            self._asked_bpm = self._bpm.value
        quantum = float(transport.beats_per_bar)
        state = link.state(now - self._offset.value / 1000, now, quantum)
        text = f"{state.peers} peer{'s' if state.peers != 1 else ''}"
        self.state = SyncState(SOURCES[LINK], state.bpm, True, 0.0, state.peers, text)
        self._tell_tempo(state.bpm)
        self._share_playing(link, state.playing, now)
        if transport.playing:
            # Peers agree on the place in the bar and not on the number of the bar.
            away = (state.beat - transport.beat_at(now) + quantum / 2) % quantum - quantum / 2
            self._pull(transport.beat_at(now) + away, state.bpm)

    def _share_playing(self, link: LinkPeer, shared: bool, now: float) -> None:
        """Start and stop with the others, and they with us."""
        playing = self._engine.transport.playing
        if playing != self._was_playing:
            link.set_playing(playing, now)
        elif shared != playing:
            self._engine.play() if shared else self._engine.stop()
            playing = shared
        self._was_playing = playing

    def _pull(self, beat: float, bpm: float) -> None:
        """Bend the tempo so that the transport comes to the master's beat."""
        transport = self._engine.transport
        away = beat - transport.beat_at(self._engine.clock.now())
        if abs(away) > JUMP:
            self._begin(beat)
            return
        bend = min(max(away * PULL, -MOST_PULL), MOST_PULL)
        transport.set_tempo(bpm * (1 + bend))

    def _tell_tempo(self, bpm: float) -> None:
        """Let the Parameter show the master's tempo, without a step of undo."""
        if abs(bpm - self._bpm.value) > TOLD_BPM:
            self._engine.hands.write(self._bpm.address, round(bpm, 2), "sync", self._engine.clock.now())
        self._asked_bpm = self._bpm.value


def _clock_text(follower: ClockFollower) -> str:
    if follower.bpm is None:
        return "waiting for a MIDI clock: switch MIDI in on, start the master"
    return f"{follower.bpm:.1f} BPM, jitter {follower.jitter_ms:.1f} ms{'' if follower.running else ', stopped'}"
