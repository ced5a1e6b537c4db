"""The Listener's own Parameters, declared in one place.

The window, OSC, MIDI, sessions and the help are made from this table; the Listener's other modules hold references
and read them as they go.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.launch import GRIDS
from app.parameter import Linear, Parameter, Steps, TextParameter, Tree, switch
from app.player.listener.plan import MOST_CLASSES

OUTPUTS = 16  # That many have Parameters of their own; more are possible and leave as messages only.
DEFAULT_PLAN = "classifier:4"
POLICIES = ("change", "frame", "beat", "bar")


@dataclass(frozen=True, slots=True)
class Panel:
    """What a Listener is set by.

    Attributes: `plan`; `play`, `send` (when it speaks); `record`, `count_in`, `quantise`, `length`, `click`;
    `smoothing`, `confidence`, `margin`, `reject` (how it decides); `out` (what it says, by output), `targets` (what is
    taught).
    """

    plan: TextParameter
    play: Parameter
    send: Parameter
    record: Parameter
    count_in: Parameter
    quantise: Parameter
    length: Parameter
    click: Parameter
    smoothing: Parameter
    confidence: Parameter
    margin: Parameter
    reject: Parameter
    out: tuple[Parameter, ...]
    targets: tuple[Parameter, ...]


def add_panel(tree: Tree) -> Panel:
    """Add a Listener's Parameters to a tree."""
    beats, unit = "Beats before a take that was armed", Linear(0, 1)
    label = Linear(0, MOST_CLASSES, 1, 0)
    reject = "None of the labels, if so unlike all examples (1: the edge of what was shown); 0: never"
    smoothing = "The share of the past that each class's probability keeps from frame to frame"
    wide = Linear(-1e6, 1e6)  # A label's number, or a value, which may leave the range it was taught.
    add, numbers = tree.add, range(1, OUTPUTS + 1)
    return Panel(
        tree.add_text(
            TextParameter(
                "/listener/outputs", DEFAULT_PLAN, "Outputs", "Outputs, such as classifier:4,regressor or dtw:5"
            )
        ),
        add(Parameter("/listener/play", 0, switch(), title="Answer", help="Answer frames as they come")),
        add(Parameter("/listener/send", 1, Steps(POLICIES), title="Send", help=SEND)),
        add(Parameter("/listener/record", 0, label, "", "Record", RECORD, kept=False, undoable=False)),
        add(Parameter("/listener/count_in", 4, Linear(0, 8, 1, 0), "beats", "Count-in", beats)),
        add(Parameter("/listener/quantise", 0, Steps(GRIDS), title="Takes begin at", help=QUANTISE)),
        add(Parameter("/listener/length", 4, Linear(0, 64, 1, 0), "beats", "Length", LENGTH)),
        add(Parameter("/listener/click", 0, switch(), title="Click", help="Sounds on the beats of a count-in")),
        add(Parameter("/listener/smoothing", 0.5, Linear(0, 0.99), title="Smoothing", help=smoothing)),
        add(Parameter("/listener/confidence", 0.0, unit, title="Confidence", help="Below it there is no label")),
        add(Parameter("/listener/margin", 0.1, unit, title="Margin", help="By which another label must lead")),
        add(Parameter("/listener/reject", 0, Linear(0, 5), title="Reject", help=reject)),
        tuple(
            add(Parameter(f"/listener/out/{n}", 0, wide, title=f"Output {n}", kept=False, undoable=False))
            for n in numbers
        ),
        tuple(add(Parameter(f"/listener/target/{n}", 0, unit, title=f"Target {n}", kept=False)) for n in numbers),
    )


RECORD = "Records under this label while it is not 0"
QUANTISE = "Where in the music a take that was armed begins, after its count-in"
LENGTH = "Beats of a take that was armed; 0 records until it is let go"
SEND = "On each change, each frame, or each beat or bar of the music; while the music stands, on each change"
