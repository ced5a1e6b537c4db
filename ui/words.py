"""The tables of the instrument in words: what a binding does, what a key is for.

The key sheet, the bindings panel and the badges are generated from the same tables that carry the keys out, so
they cannot tell anything else than what happens.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.binding import Binding, Fire, Flip, Follow, Hold, Pick, Put, Step, Turn
from app.engine import Engine

FADER_GESTURES = (
    ("Drag", "moves it, without a jump"),
    ("Ctrl, Ctrl+Shift", "ten, hundred times finer"),
    ("Double click, Delete", "resets it"),
    ("Return", "types a value"),
    ("Arrows, Page, Home, End", "step it"),
    ("Right click", "menu, OSC address"),
)


PLAYER_KEYS = {
    "Alt+1": "listener",
    "Alt+2": "rules",
    "Alt+3": "follower",
    "Alt+4": "composer",
}
# What the window does by itself; everything else is a Binding.
WINDOW_KEYS = (
    ("Tab", "next control"),
    ("Ctrl+1 to 5", "go to a panel"),
    *((key, f"choose the {name.capitalize()}") for key, name in PLAYER_KEYS.items()),
    ("Return", "trains, enters the text"),
    ("Esc", "leaves what is open"),
)
RULES_KEYS = (
    ("1 to 9", "call a rule of the label"),
    ("1 to 9, on Stage", "call a label"),
    ("Return", "learn"),
    ("Shift+click on a label", "its next rule"),
)
EDITOR_KEYS = (
    ("Ctrl+Return", "run the text"),
    ("Alt+Return", "run it at once"),
    ("Shift+Return", "run the lines around"),
    ("Ctrl+Space", "words that fit"),
    ("Tab", "takes a word"),
    ("Ctrl+/", "silence lines with //"),
    ("Ctrl+Z, Ctrl+Shift+Z", "undo in the text"),
    ("Ctrl+PgUp, PgDown", "another slot"),
    ("Ctrl+plus, minus, 0", "size of the text"),
    ("Esc", "gives the keys back"),
)
NAMES = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


def chord_text(token: str) -> str:
    """Return a chord of MIDI pitches by their names: "46,58" gives "B♭2 B♭3"; any other token as it is."""
    try:
        pitches = [int(part) for part in token.split(",")]
    except ValueError:
        return token
    return "  ".join(f"{NAMES[pitch % 12]}{pitch // 12 - 1}" for pitch in pitches)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the key sheet. Attributes: `key` ("" = none), `title`, `address` ("" for a gesture)."""

    key: str
    title: str
    address: str


def move_text(binding: Binding) -> str:
    """Return what a binding does to its target."""
    match binding.move:
        case Step(amount):
            return f"{'+' if amount > 0 else '−'}{abs(amount):g}"
        case Put(value):
            return f"= {value}"
        case Hold(value):
            return f"= {value} while held"
        case Flip():
            return "turns over"
        case Follow(_, _, start, end, curve):
            bent = f", curve {curve:+g}".replace("-", "−") if curve else ""
            return ("follows" if (start, end) == (0.0, 1.0) else f"follows {start:g} to {end:g}") + bent
        case Turn(_, start, end):
            return "turns" if (start, end) == (0.0, 1.0) else f"turns {start:g} to {end:g}"
        case Pick(first, values):
            return f"key each, {first:g} to {first + len(values) - 1:g}"
        case Fire():
            return "fires"
    raise TypeError(f"{binding.move!r} is no move of a binding")


def target_title(engine: Engine, address: str) -> str:
    """Return what the screen calls a Parameter or an Action; the address if nobody knows it."""
    found = engine.tree.find(address) or engine.actions.find(address)
    return found.title if found is not None else address


def value_text(engine: Engine, address: str) -> str:
    """Return the present value of a Parameter, "" for an Action."""
    found = engine.tree.find(address)
    return found.show() if found is not None else ""


def key_sheet(engine: Engine) -> dict[str, list[Row]]:
    """Return the rows of the key sheet by heading: every bound key, and every Action even without one."""
    sheet: dict[str, list[Row]] = {}
    pairs: dict[tuple[str, str], list[Binding]] = {}
    for binding in engine.bindings:
        if binding.source.kind == "key":
            pairs.setdefault((binding.target, _pair(binding)), []).append(binding)
    for (address, _), bindings in pairs.items():
        sheet.setdefault(_heading(engine, address), []).append(_row(engine, address, bindings))
    bound = {address for address, _ in pairs}
    for action in engine.actions:
        if action.address not in bound:
            sheet.setdefault(action.group, []).append(Row("", action.title, action.address))
    sheet.setdefault("Window", []).extend(Row(keys, deed, "") for keys, deed in WINDOW_KEYS)
    sheet.setdefault("Rules", []).extend(Row(keys, deed, "") for keys, deed in RULES_KEYS)
    if "/follower/slot" in engine.tree:
        sheet["Program"] = [Row(keys, deed, "") for keys, deed in EDITOR_KEYS]
    sheet["Faders"] = [Row(gesture, deed, "") for gesture, deed in FADER_GESTURES]
    return sheet


def _pair(binding: Binding) -> str:
    """Return what makes keys one row: a step up and the same step down, or all that hold."""
    if isinstance(binding.move, Hold):
        return "hold"
    if isinstance(binding.move, Fire) and binding.move.arguments:
        return "fire"
    return f"{abs(binding.move.amount):g}" if isinstance(binding.move, Step) else binding.source.name


def _heading(engine: Engine, address: str) -> str:
    action = engine.actions.find(address)
    return action.group if action else address.split("/")[1].capitalize()


def _row(engine: Engine, address: str, bindings: list[Binding]) -> Row:
    keys = " / ".join(binding.source.name for binding in bindings)
    title = target_title(engine, address)
    match bindings[0].move:
        case Step(amount):
            signs = "".join("+" if b.move.amount > 0 else "−" for b in bindings if isinstance(b.move, Step))
            title += f" {signs.replace('+−', '±')}{abs(amount):g}"
        case Put(value):
            title += f": {value}"
        case Hold():
            title += " while held"
            keys = run_text([binding.source.name for binding in bindings])
        case Fire(arguments) if arguments:
            keys = run_text([binding.source.name for binding in bindings])
    return Row(keys, title, address)


def run_text(keys: list[str]) -> str:
    """Return keys in short: "1 to 9" or "Shift+F1 to F8" for a run, else all of them."""
    heads = {key.rstrip("0123456789") for key in keys}
    figures = [int(key.removeprefix(head) or -1) for head in heads for key in keys] if len(heads) == 1 else []
    is_run = len(keys) > 2 and bool(figures) and figures == list(range(figures[0], figures[0] + len(keys)))
    return f"{keys[0]} to {keys[-1].rpartition('+')[2]}" if is_run else " / ".join(keys)
