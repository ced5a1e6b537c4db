"""What the coach says, line by line, and the deed that each line waits for.

One script leads from the first note to the Listener; the Rules and the Follower have their own, said while they are
the ones that are shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from app.engine import Engine
from app.snapshot import Snapshot

ENOUGH_PRESETS = 4


@dataclass(slots=True)
class Deeds:
    """What has been done since the coach began.

    Attributes: `engine`, `picture`, `player` (returns whose columns are shown), `start` (address -> value as shown).
    """

    engine: Engine
    picture: Snapshot
    player: Callable[[], str] = lambda: ""
    start: dict[str, str] = field(default_factory=dict)

    def moved(self, address: str) -> bool:
        """Whether a Parameter is another than when the coach first asked; a new list of choices is no deed."""
        parameter = self.engine.tree.find(address)
        if parameter is None:
            return True
        return parameter.show() != self.start.setdefault(address, parameter.show())

    def is_on(self, address: str) -> bool:
        """Whether a switch is on; one that does not exist is not waited for."""
        parameter = self.engine.tree.find(address)
        return parameter is None or bool(parameter.value)

    def recorded(self, label: int) -> bool:
        """Whether there are examples of a label."""
        examples = self.picture.listener.examples
        kinds = [output.kind for output in examples.outputs] if examples is not None else []
        if examples is None or "class" not in kinds:
            return False
        return examples.counts(kinds.index("class")).get(label, 0) > 0

    @property
    def hears(self) -> bool:
        """Whether frames come in."""
        return any(state.frames for state in self.picture.listener.inputs) or self.is_on("/listener/input/pointer/on")

    @property
    def has_route(self) -> bool:
        return any(binding.source.name.startswith("/listener/label/") for binding in self.engine.bindings)

    @property
    def view(self) -> str:
        return self.engine.tree.number("/window/view").show()

    @property
    def is_ahead(self) -> bool:
        """Whether the performer went to Studio: hints for Stage would only lag behind."""
        return self.view == "studio"

    @property
    def is_elsewhere(self) -> bool:
        """Whether the performer went to Studio and to another player than the Composer, which needs no music."""
        return self.is_ahead and self.player() != "composer"

    @property
    def is_back(self) -> bool:
        """Whether the performer went back to Stage: hints for Studio would only be in the way."""
        return self.view == "stage"

    @property
    def labels(self) -> int:
        """How many labels the kept presets have."""
        return len({row.label for row in self.picture.rules.presets if row.label})

    def has_role(self, *roles: str) -> bool:
        """Whether a channel of the Follower has one of these roles."""
        return any(channel.role in roles for channel in self.picture.follower.channels)


Condition = Callable[[Deeds], bool]
TO_LISTENER = "Alt+1: the Listener"
LINES: tuple[tuple[Condition, str], ...] = (
    (lambda deeds: deeds.picture.playing or deeds.is_elsewhere, "Space: play"),
    (lambda deeds: deeds.moved("/composer/temperature") or deeds.is_ahead, "T or G: wilder or calmer"),
    (lambda deeds: deeds.moved("/composer/density") or deeds.is_ahead, "D or F: denser or thinner"),
    (lambda deeds: deeds.moved("/composer/model") or deeds.is_ahead, "C: next composer"),
    (lambda deeds: deeds.is_ahead, "F1: Studio, where the Listener learns from you"),
    (lambda deeds: deeds.player() == "listener" or deeds.is_back, TO_LISTENER),
    (lambda deeds: deeds.hears or deeds.is_back, "Turn Pointer on, below the map: the map becomes a pad"),
    (lambda deeds: deeds.recorded(1) or deeds.is_back, "Move about in one corner of the map and hold 1"),
    (lambda deeds: deeds.recorded(2) or deeds.is_back, "Now in another corner: hold 2"),
    (lambda deeds: deeds.picture.listener.ready or deeds.is_back, "Return: train"),
    (lambda deeds: deeds.is_on("/listener/play") or deeds.is_back, "Turn Answer on and move: the label follows"),
    (lambda deeds: deeds.has_route or deeds.is_back, "Moves…: let a label choose a composer"),
    (lambda deeds: deeds.is_back, "F2: back to Stage"),
    (lambda deeds: deeds.moved("/window/keys"), "?: all keys.   Ctrl+.: panic"),
)
# The lines that mean what stands on the Listener's page.
ON_LISTENER = range([words for _, words in LINES].index(TO_LISTENER) + 1, len(LINES) - 2)
RULES: tuple[tuple[Condition, str], ...] = (
    (lambda deeds: bool(deeds.picture.rules.presets) or deeds.is_on("/rules/sound"), "Turn Sound on, then turn a knob"),
    (lambda deeds: bool(deeds.picture.rules.presets), "You like it? Type a label below the knobs and press Return"),
    (
        lambda deeds: len(deeds.picture.rules.presets) >= ENOUGH_PRESETS or deeds.labels > 1,
        "Vary 1 moves one knob: what still fits the label, keep under it",
    ),
    (lambda deeds: deeds.labels > 1, "Now another sound under another label, and variations of it"),
    (lambda deeds: deeds.picture.rules.sounding.rule > 0, "Press a label under Output: a preset that its rules allow"),
    (
        lambda deeds: deeds.moved("/rules/distance") or deeds.moved("/rules/consistency"),
        "Drag on the map: to the right it dares more, up it stays closer to your presets",
    ),
)
FOLLOWER: tuple[tuple[Condition, str], ...] = (
    (lambda deeds: bool(deeds.picture.follower.channels), "Examples ▾  5. Teach it: then Ctrl+Return runs it"),
    (lambda deeds: deeds.picture.playing, "Space: play"),
    (lambda deeds: deeds.has_role("learn", "predict"), "Write learn before a channel and source before another"),
    (lambda deeds: any(lesson.loss is not None for lesson in deeds.picture.follower.lessons), "Listen: it learns"),
    (lambda deeds: deeds.has_role("predict"), "When the loss is low, write predict for learn, then Ctrl+Return"),
)
# Player -> its own script.
SCRIPTS = {"rules": RULES, "follower": FOLLOWER}
