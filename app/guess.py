"""What was moved: a knob, a button, an endless encoder, judged from the messages of one gesture.

Controllers do not say what they are. A place never comes twice in a row and steps do; a button knows two values; a pair
or a numbered parameter shows in the order of its messages. Where two readings remain, the guess says that it is not
sure, and the next gesture of the same hand may correct it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.binding import Source
from app.encoder import TITLES, ticks
from app.midi_source import Touch

KNOB, MOMENTARY, TOGGLE, PRESS = "knob", "momentary", "toggle", "press"
KINDS = (KNOB, MOMENTARY, TOGGLE, *TITLES, PRESS)
NAMES = {KNOB: "knob", MOMENTARY: "button", TOGGLE: "button that stays", PRESS: "button", **TITLES}
JUMP = 96  # Between two messages no hand moves a knob so far.
SMALL = 16  # Steps that an encoder sends at once, at most.
TAP_S = 0.3  # A button that is let go sooner comes back by itself.
FEW = 8
STRONG = 32
RANGES = ((0.0, 1.0), (-1.0, 1.0), (0.0, 127.0), (0.0, 255.0), (0.0, 1023.0), (-180.0, 180.0), (0.0, 360.0))


@dataclass(frozen=True, slots=True)
class Heard:
    """One movement of a source at `seconds`: a MIDI Touch, or an OSC argument or an output with its `value`."""

    seconds: float
    source: Source
    value: float


@dataclass(frozen=True, slots=True)
class Guess:
    """Attributes: `source`, `kind` (one of KINDS), `low` and `high` (of its values), `sure`, `value` (the last)."""

    source: Source
    kind: str
    low: float = 0.0
    high: float = 1.0
    sure: bool = True
    value: float = 0.0

    @property
    def text(self) -> str:
        """What the screen says: "cc21 ch1, knob"."""
        return f"{self.source.show()}, {NAMES[self.kind]}{'' if self.sure else '?'}"


def heard(touch: Touch, seconds: float) -> Heard:
    return Heard(seconds, touch.source, touch.value)


def guess(gesture: Sequence[Heard]) -> Guess | None:
    """Return what was moved in a gesture, None if nothing was."""
    if not gesture:
        return None
    source = _chosen(gesture)
    own = [one for one in gesture if one.source == source]
    if source.kind != "midi":
        return _from_values(source, own)
    name = source.name
    if name.startswith("program"):
        return Guess(source, PRESS, value=1.0)
    if name.startswith("note"):
        return Guess(source, _button(own), value=own[-1].value)
    if name.startswith("cc") and not name.endswith("+"):
        return _from_controller(source, own)
    return Guess(source, KNOB, value=own[-1].value)


def _chosen(gesture: Sequence[Heard]) -> Source:
    """Return the source that a gesture is about: what is composed stands for its parts, then the busiest."""
    counts = Counter(one.source for one in gesture)
    for composed in sorted(counts, key=lambda source: -counts[source]):
        name = composed.name
        if name.startswith(("nrpn", "rpn")):
            fine = Source(composed.kind, name.rstrip("+") + "+", composed.index, composed.port)
            return fine if fine in counts else composed
    for composed, count in counts.items():
        if composed.name.startswith("cc") and composed.name.endswith("+") and _paired(gesture, composed, count):
            return composed
    plain = {source: count for source, count in counts.items() if not source.name.endswith("+")}
    # A fader that feels the finger sends a note first, so that of two the controller counts.
    rest = plain or counts
    return max(rest, key=lambda source: (rest[source], source.name.startswith("cc"), _spread(gesture, source)))


def _spread(gesture: Sequence[Heard], source: Source) -> float:
    values = [one.value for one in gesture if one.source == source]
    return max(values) - min(values)


def _paired(gesture: Sequence[Heard], composed: Source, count: int) -> bool:
    """Return whether coarse and fine messages follow each other, as a pair's do and two knobs' do not."""
    number = int(composed.name[2:-1])
    halves = (f"cc{number}", f"cc{number + 32}")
    order = [one.source.name for one in gesture if one.source.name in halves]
    pairs = sum(first == halves[0] and then == halves[1] for first, then in pairwise(order))
    return pairs * 2 >= max(order.count(halves[0]), 1) and count >= pairs > 0


def _from_controller(source: Source, own: Sequence[Heard]) -> Guess:
    values = [round(one.value * 127) for one in own]
    value = own[-1].value
    if _is_button(values):
        return Guess(source, _button(own), sure=len(values) > 1, value=value)
    relative = _relative(values)
    if relative:
        return Guess(source, relative[0], sure=len(relative) == 1 and len(values) > 1, value=value)
    return Guess(source, KNOB, sure=len(values) > 1, value=value)


def _is_button(values: Sequence[int]) -> bool:
    """Return whether nothing came but off and one strong on, by turns."""
    if len(values) == 1:
        return values[0] in (0, 127)
    return set(values) == {0, max(values)} and max(values) >= STRONG and _alternate(values)


def _alternate(values: Sequence[int]) -> bool:
    """Return whether no value comes twice in a row; so do a button's, and not an encoder's 127 127 127."""
    return all(first != then for first, then in pairwise(values))


def _button(own: Sequence[Heard]) -> str:
    """Return whether a button comes back by itself, from how long it was down."""
    downs = [then.seconds - first.seconds for first, then in pairwise(own) if first.value > 0 and then.value == 0]
    if not downs:
        return MOMENTARY if own[-1].source.name.startswith("note") else TOGGLE
    return TOGGLE if min(downs) >= TAP_S else MOMENTARY


def _relative(values: Sequence[int]) -> list[str]:
    """Return the encodings that the values may be written in, the likeliest first; [] for a place."""
    steps = list(pairwise(values))
    again = any(first == then for first, then in steps)
    jumps = any(abs(first - then) > JUMP for first, then in steps)
    # Back and forth around 64, and never on it.
    sways = sum((first - 64) * (then - 64) < 0 for first, then in steps) > 1
    if 0 in values or not (again or len(values) == 1 or ((jumps or sways) and len(set(values)) < FEW)):
        return []
    # That a signed bit is reversed shows only to who knows where the hand went, so nobody guesses it.
    return [one for one in ("offset", "twos", "signed") if _fits(one, values)]


def _fits(encoding: str, values: Sequence[int]) -> bool:
    return all(0 < abs(ticks(encoding, value)) <= SMALL for value in values)


def _from_values(source: Source, own: Sequence[Heard]) -> Guess:
    """Judge an OSC argument or an output: two values 0 and 1 are a button, other numbers have a range."""
    values = [one.value for one in own]
    if set(values) <= {0.0, 1.0} and _alternate([int(one) for one in values]):
        return Guess(source, PRESS if set(values) == {1.0} else MOMENTARY, value=values[-1])
    for low, high in RANGES:
        if low <= min(values) and max(values) <= high:
            return Guess(source, KNOB, low, high, len(values) > 1, values[-1])
    return Guess(source, KNOB, min(values), max(values), False, values[-1])
