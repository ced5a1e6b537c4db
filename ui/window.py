"""The window: two views of one document, one timer that looks, keys that go straight to the engine.

Nothing here knows musical time. Thirty times a second the visible controls look at the engine's values and at
its last picture; no signal passes between the two, so neither can flood or block the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QIcon, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.engine import Engine
from app.snapshot import Snapshot
from ui.coach import Coach
from ui.desk import Desk, Live
from ui.dress import application, dress, fitting
from ui.hands import Hands
from ui.key import KeyFilter
from ui.locator import Locator
from ui.panel.card import column
from ui.panel.follower_editor import FollowerEditor
from ui.panel.key_sheet import KeySheet
from ui.panel.map_layer import MapLayer
from ui.panel.session_bar import SessionBar
from ui.panel.status_bar import StatusBar
from ui.panel.top_bar import TopBar
from ui.pointer import Pointer
from ui.theme import RESOURCES, Look, load_fonts, read_tokens
from ui.view.stage import Stage
from ui.view.studio import Studio
from ui.widget.dimmer import Dimmer
from ui.widget.flash import Flash
from ui.widget.map_note import MapNote
from ui.widget.map_sheet import MapSheet
from ui.widget.pages import Pages

FRAME_MS, TICK_MS = 33, 1000
IDLE_MS = 2500  # After the start: whoever pressed Space hears it by now, and looks.
FLOOR = QSize(1280, 720)
START = QSize(1440, 900)
VIEWS = ("studio", "stage")


class MainWindow(QWidget):
    """Attributes: `engine`, `desk`, `stage` and `studio` (made when first wanted), `coach`, `key_sheet`, `top_bar`,
    `session_bar`, `status_bar`, `flash`, `map_layer`, `map_sheet`, `map_note`.
    """

    def __init__(self, engine: Engine, look: Look) -> None:
        super().__init__()
        self.engine = engine
        self.desk = Desk(engine, look)
        self.desk.show_port = self._show_port
        self.desk.begin_hints = lambda: self.coach.again()
        self.desk.locate = lambda address: self._locator.locate(address)
        self.desk.enlist = self._enlist
        self.desk.glance = self._glance
        self._live: dict[Live, None] = {}
        self._turned = False
        self.setWindowTitle("Understudy")
        self.setWindowIcon(QIcon(str(RESOURCES / "icons" / "understudy.svg")))
        # The window itself may hold the focus, so that no button takes Return before one chose it.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._build()
        self._closing = False
        self._looked: tuple[object, ...] = ()
        self._enlist(self)
        self._locator = Locator(self.desk, self.flash, lambda: self._live)
        self._keys = KeyFilter(self, engine, Hands(self).deed)
        self._pointer = Pointer(self, engine)
        self.map_layer = MapLayer(self, self.desk, self._controls)
        self.desk.map_control = self.map_layer.map_control
        application().installEventFilter(self._keys)
        application().installEventFilter(self.map_layer)  # Asked before the keys: Return chooses a control.
        self.frame_timer, self.tick_timer = QTimer(self), QTimer(self)
        self.frame_timer.timeout.connect(self.refresh)
        self.tick_timer.timeout.connect(self.tick)
        self.refresh()
        self.tick()
        self.setFocus()

    def _build(self) -> None:
        desk = self.desk
        self.top_bar, self.status_bar, self.coach = TopBar(desk), StatusBar(desk), Coach(desk)
        self.session_bar = SessionBar(desk)
        self._views = Pages(desk, {"studio": lambda: Studio(desk), "stage": lambda: Stage(desk)})
        box = column(self.top_bar, self.session_bar, self._views, self.coach, self.status_bar, gap=0)
        box.setStretch(2, 1)
        self.setLayout(box)
        self.key_sheet = KeySheet(desk, self)
        self._dimmer = Dimmer(desk, self)
        self.flash = Flash(desk, self)
        self.map_sheet, self.map_note = MapSheet(desk, self), MapNote(desk, self)
        self.setMinimumSize(FLOOR)

    def start(self) -> None:
        """Begin to look."""
        self._pointer.watch()
        self.frame_timer.start(FRAME_MS)
        self.tick_timer.start(TICK_MS)
        QTimer.singleShot(IDLE_MS, self, self.desk.plots.fetch)

    # --- looking --------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Look at the engine once; the visible controls follow."""
        picture = self.engine.snapshot
        self._follow_window()
        self._pointer.send()
        self.session_bar.follow()
        for widget in self._in_sight():
            widget.refresh(picture)
        if self._turned:
            # What was just shown must not wait a frame for its state and a second for its words.
            self._turned = False
            for widget in self._in_sight():
                widget.refresh(picture)
                widget.tick(picture)
        self._follow_map(picture)

    def tick(self) -> None:
        """Look at what needs no hurry."""
        picture = self.engine.snapshot
        self.setWindowTitle(title(picture))
        for widget in self._in_sight():
            widget.tick(picture)

    def _glance(self) -> None:
        """Another page is shown: look at all of it with the next look."""
        self._turned = True

    def _follow_map(self, picture: Snapshot) -> None:
        """Show Map mode over the controls, and what somebody asked to be shown."""
        state = picture.mapping
        self.map_layer.refresh(picture)
        self.map_sheet.follow(state, self.map_layer.targets)
        aimed = self.map_sheet.target(state.target, state.arguments) if state.on and state.target else None
        self.map_note.follow(state, aimed.box if aimed is not None else None)
        self._locator.follow(state.locating, state.located)

    def _follow_window(self) -> None:
        """Make the window what its Parameters say."""
        number = self.engine.tree.number
        names = ("view", "keys", "fullscreen", "size", "dim", "theme", "motion", "coach")
        wanted = tuple(number(f"/window/{name}").value for name in names)
        if wanted == self._looked:
            return
        self._looked = wanted
        self._views.open(VIEWS[int(wanted[0])])
        self._show_keys(bool(wanted[1]))
        if bool(wanted[2]) != self.isFullScreen():
            self.showFullScreen() if wanted[2] else self.showNormal()
        self.desk.look.motion = bool(wanted[6])
        self._dimmer.dim(wanted[4])
        self.coach.follow(bool(wanted[7]))
        self._restyle(number("/window/theme").show(), wanted[3] / 100)

    def _show_keys(self, shown: bool) -> None:
        if shown and not self.key_sheet.isVisible():
            self.key_sheet.open()
            self._dimmer.raise_()
        elif not shown:
            self.key_sheet.hide()

    def _restyle(self, theme: str, size: float) -> None:
        """Take on a theme and a size, as large as the window has room for."""
        room = min(self.width() / FLOOR.width(), self.height() / FLOOR.height())
        scale = min(size, max(room, 1.0))
        look = self.desk.look
        if (theme, scale) == (look.theme, look.scale):
            return
        look.change(theme, scale)
        dress(look)
        for widget in self._live:
            widget.restyle()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go on by Tab, past what the open strip covers: a hidden focus makes every key a gamble."""
        for _ in self._live:
            if not super().focusNextPrevChild(forward):
                return False
            focus = self.focusWidget()
            if focus is None or self.is_stage or not self.studio.covers(focus):
                break
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.key_sheet.setGeometry(self.rect())
        self._dimmer.setGeometry(self.rect())
        self.map_sheet.setGeometry(self.rect())
        self._looked = ()

    def _enlist(self, widget: QWidget) -> None:
        """Let a control that was made later look too, with all that is on it."""
        found = [one for one in (widget, *widget.findChildren(QWidget)) if isinstance(one, Live)]
        self._live.update(dict.fromkeys(found))

    def _in_sight(self) -> Iterator[Live]:
        """Return what is visible when its turn comes: what a control shows looks in the same round."""
        return (one for one in list(self._live) if one.isVisible())  # type: ignore[attr-defined]

    def _controls(self) -> Iterator[QWidget]:
        return (one for one in self._live if isinstance(one, QWidget))

    @property
    def studio(self) -> Studio:
        """Where one prepares."""
        page = self._views.page("studio")
        assert isinstance(page, Studio)
        return page

    @property
    def stage(self) -> Stage:
        """Where one performs."""
        page = self._views.page("stage")
        assert isinstance(page, Stage)
        return page

    @property
    def is_stage(self) -> bool:
        """Whether Stage is in sight."""
        return self._views.shown == "stage"

    @property
    def places(self) -> tuple[QWidget, ...]:
        """Where one may go by key, in the order of the keys."""
        if self.is_stage:
            return (*self.stage.places, self.top_bar)
        return (self.studio.players, *self.studio.cards, self.studio.strip)

    @property
    def editor(self) -> FollowerEditor | None:
        """The Follower's program, while it is in sight."""
        editor = self.stage.editor if self.is_stage else self.studio.editor
        return editor if editor is not None and editor.isVisible() else None

    def _show_port(self, port: str) -> None:
        self.engine.set("/window/view", "studio")
        self.studio.strip.show_port(port)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask the engine to end; the window goes when it has. A second close goes at once."""
        if self.engine.snapshot.ended or self._closing:
            event.accept()
            return
        self._closing = True
        self.engine.fire("/quit")
        event.ignore()


def title(picture: Snapshot) -> str:
    """Return the title of the window."""
    return f"{picture.session} - Understudy" if picture.session else "Understudy"


def open_window(engine: Engine, size: QSize | None = None) -> MainWindow:
    """Open the window on an engine; it looks until it is closed."""
    tokens = read_tokens()
    missing = load_fonts(tokens)
    look = Look(tokens)
    dress(look)
    window = MainWindow(engine, look)
    if missing:
        window.desk.say(f"Fonts missing, the system's stand in: {', '.join(missing)}")
    window.resize(size or fitting(START, FLOOR))
    window.show()
    window.start()
    return window
