"""Takes by the clock: how long the count-in is, how long the take, whether it clicks.

A drawer below the map, closed until it is wanted: who records by hand never sees it, who stands at an instrument sets
it once and then arms a pad with Shift and a click, a pedal or a message.
"""

from __future__ import annotations

from app.snapshot import ListenerState, Snapshot
from ui.desk import Desk, Display
from ui.fader import Fader
from ui.ledger import Page
from ui.panel.card import column, row
from ui.widget.label import Readout
from ui.widget.pad import ActionPad, SwitchPad


class TakeDrawer(Display):
    """Count-in, length, click, and the way out."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        tree = desk.engine.tree
        faders = [Fader(desk, tree.number(f"/listener/{name}")) for name in ("count_in", "length")]
        click = SwitchPad(desk, tree.number("/listener/click"), "Click", tall=28)
        disarm = ActionPad(desk, "/listener/disarm", "Disarm", lit, 28)
        words = Readout(desk, lambda picture: arm_text(picture.listener, desk.page(picture)), role="small", color="dim")
        self.setLayout(column(row(*faders), row(words, click, disarm, gap=6), gap=4))
        self.hide()


def lit(picture: Snapshot) -> str:
    """Return the fill of Disarm: it shines while there is something to disarm."""
    return "learning" if picture.listener.armed else ""


def arm_text(state: ListenerState, page: Page) -> str:
    """Return what the clock is about to do."""
    if not state.armed:
        return "Shift+click a pad arms it"
    name = page.label(state.armed).name
    if state.counting:
        return f"{name} in {beats(state.counting)}"
    return f"{name}: {beats(state.remaining)} to go" if state.remaining else f"{name} until disarmed"


def beats(left: float) -> str:
    """Return beats as one counts them: whole ones, the last is 1."""
    whole = max(int(-(-left // 1)), 1)
    return f"{whole} beat{'' if whole == 1 else 's'}"
