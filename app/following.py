"""The Follower, put together: its lessons and who trains them, its ears, its verbs and what a session keeps of it.

Part of the composition root, like the instrument that takes it in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.action import Argument
from app.engine import Engine
from app.event import Message, NoteOn
from app.frame import MidiMessage
from app.inbox import Packet
from app.map_cue import Struck
from app.player.composer.player import Composer
from app.player.follower.lesson.coach import Coach, InlineCoach
from app.player.follower.lesson.coach_process import ProcessCoach
from app.player.follower.lesson.lesson import Lesson
from app.player.follower.memory import Memory
from app.player.follower.option import add_pointer
from app.player.follower.player import Follower, Tell
from app.player.follower.verb import Verbs
from app.player.follower.view import View
from app.player.follower.voice import VELOCITY
from app.session import Session
from app.transport import OfflineClock

NOTE_ON, CONTROL = 0x90, 0xB0
HEARD = "/listener/label"
COMPOSED = "/composer/note"  # What a channel listens to that the Composer plays: define piano osc in "/composer/note".
MOST_MIDI = 127


@dataclass(frozen=True, slots=True)
class Following:
    """Attributes: `follower`, `coach` (who trains its lessons)."""

    follower: Follower
    coach: Coach

    def close(self) -> None:
        self.follower.school.close()
        self.coach.close()


def follow(engine: Engine, session: Session, seed: int = 0, coach: Coach | None = None) -> Following:
    """Add a Follower to an engine; the session keeps its lessons.

    `coach` trains them; None: a process of its own, and on the offline clock, where training is awaited, the caller.
    """
    if coach is None:
        coach = InlineCoach() if isinstance(engine.clock, OfflineClock) else ProcessCoach(engine.clock)
    trained_by = coach
    follower = Follower(
        engine.tree,
        lambda name, shape, own_seed: Lesson(name, shape, own_seed, trained_by),
        seed,
        engine.say,
        lambda: engine.transport.place(engine.clock.now()),
        lambda beat, bpm: None if engine.led else engine.transport.set_tempo_at(beat, bpm),
    )
    add_pointer(engine.tree)
    for verb in Verbs(follower, engine.note_step).table:
        engine.actions.add_with(verb.address, verb, verb.title, verb.help, "Follower")
    follower.struck = _feeler(engine)
    session.keepers.append(Memory(follower, lambda text: engine.say("error", text)))
    engine.add(follower)
    ears = Ears(engine, follower)
    told = "Its name (without one every source), then how hard: a share of 1, or MIDI's number"
    engine.actions.add_with("/follower/strike", ears.strike, "Play a source", told, "Follower")
    engine.tending += [ears.tend, _repeater(engine, follower)]
    if isinstance(coach, ProcessCoach):
        engine.tending.append(_mourner(engine, coach))
    engine.picturing.append(View(follower, engine.clock).picture)
    return Following(follower, coach)


def _feeler(engine: Engine) -> Tell:
    """Return what lets hits without a named note move what is bound to them, each when it is due."""
    cues, at = engine.cues, engine.transport.time_at

    def strike(part: str, name: str, velocity: int, beat: float, until: float) -> None:
        cues.strike(at(beat), Struck(part, name, velocity, at(until)))

    return strike


def _mourner(engine: Engine, coach: ProcessCoach) -> Callable[[], None]:
    """Return what tells that the process of the lessons was lost, which nobody would see for a while."""
    deaths = [coach.deaths]

    def tend() -> None:
        if coach.deaths > deaths[0]:
            deaths[0] = coach.deaths
            engine.say("warning", "The process that teaches the Follower ended; lessons go on with another")

    return tend


def _repeater(engine: Engine, follower: Follower) -> Callable[[], None]:
    """Return what tells the receivers of a port that has just opened all that the others know."""
    seen: list[tuple[str, ...]] = [engine.outputs.names]

    def tend() -> None:
        names = engine.outputs.names
        if set(names) - set(seen[0]):
            follower.repeat_settings()
        seen[0] = names

    return tend


class Ears:
    """What is played elsewhere: pads and controllers over MIDI, OSC messages, the Composer, what the Listener says."""

    def __init__(self, engine: Engine, follower: Follower) -> None:
        self._engine, self._follower = engine, follower
        self._open: set[str] = set()
        self._refused: set[str] = set()
        engine.midi_hearers.append(self._hear_midi)
        engine.output_hearers.append(self._hear_output)
        engine.note_hearers.append(self._hear_note)

    def tend(self) -> None:
        """Listen to the OSC addresses that the playing program names, and to no others."""
        wanted = {channel.ear.text for channel in self._follower.ears("osc") if channel.ear is not None}
        for address in self._open - wanted:
            self._engine.ears.pop(address, None)
        for address in wanted - self._open:
            if address in self._engine.ears:
                if address not in self._refused:
                    self._engine.say("warning", f"OSC {address} is taken already; let the program listen to another")
                self._refused.add(address)
            else:
                self._engine.ears[address] = self._hear_osc
                self._open.add(address)
        self._open &= wanted
        self._refused &= wanted

    def strike(self, arguments: tuple[Argument, ...]) -> None:
        """Play a channel of the program, or every source of it: so played notes can be routed there."""
        name = str(arguments[0]) if arguments and isinstance(arguments[0], str) else ""
        loud = [one for one in arguments if not isinstance(one, str)]
        velocity = _velocity(loud[0]) if loud else VELOCITY
        lines = self._follower.program.statements
        meant = [one for one in lines if (one.name == name if name else one.role == "source")]
        if not meant:
            raise ValueError(f"the program has no {f'channel {name}' if name else 'source'}; evaluate one that has")
        for line in meant if velocity else ():
            self._follower.hear(line.channel, self._beat(self._engine.clock.now()), velocity)

    def _beat(self, seconds: float) -> float:
        return max(self._engine.transport.place(seconds), 0.0)

    def _hear_midi(self, message: MidiMessage) -> None:
        if len(message.data) != 3:
            return
        status, number, value = message.data
        kind, channel = status & 0xF0, (status & 0x0F) + 1
        if kind == CONTROL:
            self._follower.inputs.controllers[number] = value / MOST_MIDI
        elif kind == NOTE_ON and value:
            for played in self._follower.ears("midi"):
                ear = played.ear
                if ear is not None and ear.number == number and ear.channel in (0, channel):
                    self._follower.hear(played, self._beat(message.seconds), value)

    def _hear_osc(self, packet: Packet) -> None:
        given = [value for value in packet.arguments if isinstance(value, str | float | int)]
        velocity = _velocity(given[0] if given else 1.0)
        for played in self._follower.ears("osc"):
            if velocity and played.ear is not None and played.ear.text == packet.address:
                self._follower.hear(played, self._beat(packet.seconds), velocity)

    def _hear_note(self, note: NoteOn) -> None:
        """Take a note of the Composer's at its own beat, which is a little ahead of the clock."""
        if note.part != Composer.part:
            return
        for played in self._follower.ears("osc"):
            if played.ear is not None and played.ear.text == COMPOSED:
                self._follower.hear(played, note.beat, note.velocity)

    def _hear_output(self, message: Message) -> None:
        if message.address != HEARD or not message.arguments:
            return
        for played in self._follower.ears("heard"):
            if played.ear is not None and played.ear.text.casefold() == str(message.arguments[0]).casefold():
                self._follower.hear(played, self._beat(self._engine.clock.now()), VELOCITY)


def _velocity(value: Argument) -> int:
    """Return how hard an OSC message strikes: shares of 1 or MIDI's numbers; 0 is a pad let go."""
    if isinstance(value, str):
        return VELOCITY
    if not value > 0:
        return 0
    return max(round(min(value * MOST_MIDI if value <= 1 else value, MOST_MIDI)), 1)
