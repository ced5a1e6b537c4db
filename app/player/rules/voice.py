"""What is heard of the Rules: the chosen synth, where its knobs are and on which way.

Whatever moves a knob - a hand, a variation, a called preset, a morph - moves a Parameter, and what moved is sent once
per turn. So there is one path to the sound, and the window, a controller and a learner all see the same knobs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from app.event import NOW, Event
from app.parameter import Linear, Parameter, Steps, Tree, switch
from app.player.rules.board import Board
from app.player.rules.morph import Morph
from app.player.rules.synth import Synth, Value
from app.player.rules.wire import PART, say, tell
from app.transport import Transport

TICK_S = 0.008  # A morph moves the knobs so often.
QUIET = frozenset(("session", PART, None))  # Who may move a knob without letting the synth sound.


class Voice:
    """A synth that sounds.

    Attributes: `synths` (that can be chosen), `board` (the knobs), `morph` (the way it is on, None: it stands still),
    `touched` (a hand moved a knob since `tend` was called before).
    """

    def __init__(self, tree: Tree, synths: list[Synth], transport: Transport) -> None:
        if not synths:
            raise ValueError("the Rules need at least one synth's description")
        self.synths = synths
        self._transport = transport
        names = tuple(synth.name for synth in synths)
        first = float(names.index("understudy")) if "understudy" in names else 0.0
        add = tree.add
        self._choice = add(Parameter("/rules/synth", first, Steps(names), title="Synth", help="Whose knobs these are"))
        sound = "The chosen synth sounds; turning a knob by hand or calling a label switches it on"
        self._sound = add(Parameter("/rules/sound", 0, switch(), title="Sound", help=sound, kept=False, undoable=False))
        morph = "How long the way to a called preset takes"
        self._beats = add(Parameter("/rules/morph", 0, Linear(0, 64), "beats", "Morph", morph))
        self.board = Board(tree, self.chosen)
        self.board.changed()
        self.morph: Morph | None = None
        self.touched = False
        self._moved_s = float("-inf")
        self._on = False

    @property
    def chosen(self) -> Synth:
        """The synth that the Parameter names; the board follows at the next turn."""
        return self.synths[int(self._choice.value)]

    @property
    def synth(self) -> Synth:
        return self.board.synth

    @property
    def share(self) -> float:
        """How much of the way is made, 1 while there is none."""
        return 1.0 if self.morph is None else self.morph.share(self._transport.clock.now())

    @property
    def goal(self) -> tuple[Value, ...]:
        """What a preset would hold: the values of the knobs, or of where a morph leads them."""
        goal = self.morph.goal if self.morph is not None else {}
        numbers = [goal.get(place, number) for place, number in enumerate(self.board.numbers)]
        return tuple(knob.value(number) for knob, number in zip(self.synth.knobs, numbers, strict=True))

    def offer(self, synths: list[Synth]) -> None:
        """Replace the list of synths; the chosen one stays chosen where it still exists."""
        if synths:
            self.synths = synths
            self._choice.offer(tuple(synth.name for synth in synths), PART)

    def tend(self) -> list[Event]:
        """Follow the Parameters and the morph; return what is due now."""
        events = self._follow_synth()
        moved = self.board.changed()
        self._heed_hands(moved)
        self._glide()
        moved += self.board.changed()
        if bool(self._sound.value) != self._on:
            return [*events, *self._switch()]
        return [*events, *tell(self.synth, self.board.numbers, moved, NOW)] if self._on else events

    def go(self, numbers: Mapping[int, float], beat: float = NOW) -> list[Event]:
        """Go to a setting, over the morph's time if it sounds already, from a beat on; locked knobs stay."""
        free = {place: number for place, number in numbers.items() if place not in self.board.locked}
        self._sound.set(1, PART)
        lasts_s = self._beats.value * 60 / self._transport.bpm
        if lasts_s > 0 and self._on:
            self._set_out(free, lasts_s, beat)
            return []
        self.morph = None
        self.board.put(free, PART)
        if not self._on:
            return []  # The next turn tells the synth everything and lets it sound.
        return tell(self.synth, self.board.numbers, self.board.changed(), beat)

    def settle(self, numbers: Mapping[int, float]) -> None:
        """Correct where knobs are, or where a morph leads them; locked ones stay."""
        if self.morph is None:
            self.board.put(numbers, PART)
        else:
            free = {place: number for place, number in numbers.items() if place not in self.board.locked}
            self.morph = replace(self.morph, goal={**self.morph.goal, **free})

    def show(self, numbers: Mapping[int, float], origin: str = PART) -> None:
        """Put knobs somewhere at once, locked or not."""
        self.morph = None
        self.board.put(numbers, origin, through_locks=True)

    def end(self) -> None:
        """Be silent from the next turn on."""
        self.morph = None
        self._sound.set(0, PART)

    def resend(self) -> None:
        """Tell the synth everything again at the next turn: it was away, and knows nothing."""
        self._on = False

    def renew(self) -> None:
        """Let the knobs be those of the chosen synth, at its defaults."""
        self.board.use(self.chosen)
        self.board.changed()

    def follow(self) -> None:
        """Let the knobs be those of the chosen synth at once."""
        if self.chosen is not self.board.synth:
            self.renew()

    def _follow_synth(self) -> list[Event]:
        if self.chosen is self.board.synth:
            return []
        events = say(self.synth, self.synth.off, NOW) if self._on else []
        self.morph, self._on = None, False
        self.follow()
        return events

    def _heed_hands(self, moved: list[int]) -> None:
        """A hand on a knob takes it off the morph's way and lets the synth sound."""
        hands = {place for place in moved if self.board.knobs[place].origin not in QUIET}
        self.touched = bool(hands)
        if not hands:
            return
        if self.morph is not None:
            self.morph = self.morph.without(frozenset(hands))
        if self.board.origins(hands) != {"undo"}:
            self._sound.set(1, PART)

    def _set_out(self, goal: Mapping[int, float], lasts_s: float, beat: float) -> None:
        now = self._transport.clock.now()
        begins_s = now if beat == NOW else max(self._transport.time_at(beat), now)
        curves = tuple(knob.curve for knob in self.synth.knobs)
        self.morph = Morph(begins_s, lasts_s, dict(enumerate(self.board.numbers)), dict(goal), curves)
        self._moved_s = float("-inf")

    def _glide(self) -> None:
        now = self._transport.clock.now()
        if self.morph is None or now - self._moved_s < TICK_S:
            return
        self._moved_s = now
        self.board.put(self.morph.at(now), PART)
        if self.morph.share(now) >= 1.0:
            self.morph = None

    def _switch(self) -> list[Event]:
        """Let the synth sound, from where all its knobs are, or be silent."""
        self._on = bool(self._sound.value)
        if not self._on:
            return say(self.synth, self.synth.off, NOW)
        everything = tell(self.synth, self.board.numbers, range(self.board.count), NOW)
        return [*everything, *say(self.synth, self.synth.on, NOW)]
