"""Pages of which one is shown, each made when it is first wanted.

A window of a thousand controls shows a hundred of them; the others would cost half of the start and are often never
seen. A page made late takes its place in the order of Tab where it stands, not at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.desk import Desk
from ui.widget.order import focus_chain, put_in_order


class Pages(QStackedWidget):
    """Attributes: `desk`, `kinds` (name -> makes the page), `made` (name -> the page, once there is one)."""

    def __init__(self, desk: Desk, kinds: Mapping[str, Callable[[], QWidget]]) -> None:
        super().__init__()
        self.desk, self.kinds = desk, kinds
        self.made: dict[str, QWidget] = {}

    def page(self, name: str) -> QWidget:
        """Return a page, made now if nobody wanted it before; KeyError if there is no such page."""
        if name not in self.made:
            page = self.made[name] = self.kinds[name]()
            chain = focus_chain(page)
            self.addWidget(page)
            put_in_order(self, chain)
            self.desk.enlist(page)
        return self.made[name]

    @property
    def shown(self) -> str:
        """The name of the page that is shown, "" before the first."""
        current = self.currentWidget()
        return next((name for name, page in self.made.items() if page is current), "")

    def open(self, name: str) -> bool:
        """Show a page; return whether it is another than before."""
        page = self.page(name)
        if self.currentWidget() is page:
            return False
        # Qt would hand the focus to the next control, which may be a text field.
        focus = self.window().focusWidget()
        leaves = focus is not None and self.isAncestorOf(focus)
        self.setCurrentWidget(page)
        if leaves:
            self.window().setFocus()
        self.desk.glance()
        return True
