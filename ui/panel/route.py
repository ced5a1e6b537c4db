"""Routes: what a label or an output of the Listener moves.

They are ordinary Bindings, made by two menus: which output, and what it moves. The second is built when it opens,
part by part, from the same tables as everything else, so whatever has an address can be moved.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu

from app.action import Action
from app.binding import Binding, Fire, Follow, Put, Source
from app.parameter import AnyParameter, Steps, TextParameter
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.ledger import Page
from ui.panel.map_target_menu import part_menus
from ui.widget.lines import Line, Lines
from ui.widget.pad import Pad
from ui.words import move_text, target_title

LABEL, OUT = "/listener/label/", "/listener/out"
EMPTY = "A label can choose a composer, a number can move a fader: choose both below"
# Not offered: what the Listener's own outputs would feed back into, and the window.
HIDDEN = (
    "/listener/out/", "/listener/output/", "/listener/target/", "/listener/record", "/listener/file/",
    "/listener/novelty", "/window/", "/quit", "/session/", "/osc/",
)  # fmt: skip
RANGES = (
    ("follows", 0.0, 1.0),
    ("follows, reversed", 1.0, 0.0),
    ("follows in the lower half", 0.0, 0.5),
    ("follows in the upper half", 0.5, 1.0),
)
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


def sources(page: Page) -> list[tuple[str, Source, Follow | None]]:
    """Return what can move something: each label, and each number with its range."""
    found: list[tuple[str, Source, Follow | None]] = [
        (label.name, Source("output", LABEL + label.name), None) for label in page.labels
    ]
    if page.examples is not None:
        for place in page.numbers:
            output = page.examples.outputs[place]
            found.append((output.name, Source("output", OUT, place), Follow(output.low, output.high)))
    return found


def source_text(source: Source, page: Page) -> str:
    """Return what a route listens to, in words."""
    if source.name.startswith(LABEL):
        return source.name.removeprefix(LABEL)
    if page.examples is not None and source.index < len(page.examples.outputs):
        return page.examples.outputs[source.index].name
    return source.show()


def is_route(binding: Binding) -> bool:
    """Tell whether a binding listens to the Listener."""
    return binding.source.kind == "output" and binding.source.name.startswith("/listener/")


class RouteLines(Lines):
    """The routes there are. Attributes: `routes` (in the order of the lines), `marked` (None: none is)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, (0.25, 0.37, 0.38), EMPTY, tall=22, name="Routes")
        self.routes: list[Binding] = []
        self.marked: Binding | None = None

    def sizeHint(self) -> QSize:
        return QSize(200, self.desk.look.px(self.tall * 4))

    def refresh(self, picture: Snapshot) -> None:
        self.routes = [binding for binding in self.desk.engine.bindings if is_route(binding)]
        page, engine = self.desk.page(picture), self.desk.engine
        chosen = str(self.routes.index(self.marked)) if self.marked in self.routes else None
        if chosen != self.chosen:
            self.chosen = chosen
            self.update()
        self.show_lines(
            [
                Line((source_text(one.source, page), target_title(engine, one.target), move_text(one)), "text", str(n))
                for n, one in enumerate(self.routes)
            ]
        )

    def choose(self, line: Line) -> None:
        """Mark a route, so that it can be removed or shaped."""
        self.chosen, self.marked = line.key, self.routes[int(line.key)]
        self.update()

    def remove(self) -> None:
        """Ask for the marked route to go."""
        if self.marked is None:
            self.desk.say("Mark a route first: click its line")
            return
        self.desk.engine.unbind(self.marked)
        self.marked = self.chosen = None

    def change(self, move: Follow) -> None:
        """Ask for the marked route to move what it moves in another way."""
        if self.marked is not None and move != self.marked.move:
            changed = Binding(self.marked.source, self.marked.target, move)
            self.desk.engine.bind(changed, self.marked)
            self.marked = changed

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove()
        elif self.chosen is None and event.key() == Qt.Key.Key_Down and self.lines:
            self.choose(self.lines[0])
        else:
            super().keyPressEvent(event)


class SourcePad(Pad):
    """Which output the next route listens to. Attributes: `at` (its place among the sources)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "–", self.open)
        self.at = 0
        self.setAccessibleName("Output to route")
        self.setToolTip("Which label or number moves something")

    def refresh(self, picture: Snapshot) -> None:
        found = sources(self.desk.page(picture))
        self.at = min(self.at, max(len(found) - 1, 0))
        self.setEnabled(bool(found))
        self.light("", f"{found[self.at][0]} ▾" if found else "–")

    def open(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu(self) -> QMenu:
        """Return a menu of the sources."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place, (name, _, _) in enumerate(sources(self.desk.page(self.desk.engine.snapshot))):
            menu.addAction(name, partial(setattr, self, "at", place))
        return menu


class TargetPad(Pad):
    """Makes a route: opens everything that can be moved, and how."""

    def __init__(self, desk: Desk, source: SourcePad) -> None:
        super().__init__(desk, "moves… ▾", self.open)
        self._source = source
        self.setAccessibleName("Add a route")
        self.setToolTip("Choose what it moves: a Parameter or an Action")

    def refresh(self, picture: Snapshot) -> None:
        self.setEnabled(self._source.isEnabled())

    def open(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu(self) -> QMenu:
        """Return the menu: part, what, how."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        parts: dict[str, list[AnyParameter | Action]] = {}
        for one in targets(self.desk):
            parts.setdefault(one.address.split("/")[1], []).append(one)
        for part, inner in part_menus(menu, parts).items():
            inner.aboutToShow.connect(partial(self._fill, inner, parts[part]))
        return menu

    def _fill(self, menu: QMenu, found: list[AnyParameter | Action]) -> None:
        if menu.actions():
            return
        for one in found:
            inner = menu.addMenu(one.title)
            for text, move in self.moves(one):
                inner.addAction(text, partial(self.make, one.address, move))

    def moves(self, target: AnyParameter | Action) -> list[tuple[str, Put | Fire | Follow]]:
        """Return how the chosen source can move a target, in words."""
        found = sources(self.desk.page(self.desk.engine.snapshot))
        span = found[self._source.at][2] if found else None
        if isinstance(target, Action):
            return [("fires", Fire())]
        if isinstance(target, TextParameter):
            return [("= the text it has now", Put(target.value))]
        if span is not None:
            return [(text, Follow(span.low, span.high, start, end)) for text, start, end in RANGES]
        if isinstance(target.curve, Steps):
            return [(name, Put(name)) for name in target.curve.names]
        values = dict.fromkeys([target.value, *(target.curve.value(share) for share in SHARES)])
        return [(f"{target.curve.show(value)} {target.unit}".strip(), Put(round(value, 6))) for value in values]

    def make(self, target: str, move: Put | Fire | Follow) -> None:
        """Ask for a route from the chosen source."""
        found = sources(self.desk.page(self.desk.engine.snapshot))
        if found:
            self.desk.engine.bind(Binding(found[self._source.at][1], target, move))


def targets(desk: Desk) -> list[AnyParameter | Action]:
    """Return what a route can move, by address."""
    found: list[AnyParameter | Action] = [*desk.engine.tree, *desk.engine.actions]
    return sorted((one for one in found if not one.address.startswith(HIDDEN)), key=lambda one: one.address)
