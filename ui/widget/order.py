"""The order of Tab for controls that are made late: they go where they stand, not to the end.

Qt puts what is made last at the end of the order and moves only what takes the focus, so the place is found in the
layouts: behind the nearest control that stands before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def focus_chain(top: QWidget) -> list[QWidget]:
    """Return a widget and what comes after it, as far as it takes the focus, in the order of Tab."""
    chain, one = [top], top.nextInFocusChain()
    while one is not None and one is not top:
        chain.append(one)
        one = one.nextInFocusChain()
    return [one for one in chain if one.focusPolicy() != Qt.FocusPolicy.NoFocus]


def put_in_order(place: QWidget, controls: Sequence[QWidget]) -> None:
    """Give controls, in their order, the turn of the place where they stand."""
    before = neighbour(place, set(controls))
    if before is None:
        return
    for one in controls:
        QWidget.setTabOrder(before, one)
        before = one


def neighbour(place: QWidget, new: set[QWidget]) -> QWidget | None:
    """Return what takes the focus just before a place by the layouts around it, None if nothing does."""
    chain = [one for one in reversed(focus_chain(place.window())) if one not in new]
    inside, around = place, place.parentWidget()
    while around is not None:
        for other in reversed(list(standing_before(around, inside))):
            found = next((one for one in chain if one is other or other.isAncestorOf(one)), None)
            if found is not None:
                return found
        inside, around = around, around.parentWidget()
    return None


def standing_before(around: QWidget, inside: QWidget) -> Iterator[QWidget]:
    """Yield what the layout of a widget has before one of its parts."""
    layout = around.layout()
    for one in laid_out(layout) if layout is not None else ():
        if one is inside:
            return
        yield one


def laid_out(layout: QLayout) -> Iterator[QWidget]:
    """Yield the widgets of a layout and of those in it, in order."""
    for at in range(layout.count()):
        item = layout.itemAt(at)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from laid_out(inner)
