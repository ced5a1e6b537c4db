"""The window: two views of one document, one timer that looks, keys that go straight to the engine.

Nothing here knows musical time. Thirty times a second the visible controls look at the engine's values and at
its last picture; no signal passes between the two, so neither can flood or block the other.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QColor, QIcon, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from app.engine import Engine
from app.snapshot import Snapshot
from ui.coach import Coach
from ui.desk import Desk, Display, Live
from ui.key import JUMPS, KeyFilter
from ui.panel.card import column
from ui.panel.follower_editor import FollowerEditor
from ui.panel.key_sheet import KeySheet
from ui.panel.map_layer import MapLayer
from ui.panel.status_bar import StatusBar
from ui.panel.top_bar import TopBar
from ui.pointer import Pointer
from ui.theme import RESOURCES, Look, load_fonts, read_tokens
from ui.view.stage import Stage
from ui.view.studio import Studio
from ui.widget.flash import Flash
from ui.widget.map_note import MapNote
from ui.widget.map_sheet import MapSheet
from ui.words import PLAYER_KEYS

FRAME_MS, TICK_MS = 33, 1000
FLOOR = QSize(1280, 720)
START = QSize(1440, 900)
VIEWS = ("studio", "stage")
# What a key does to the Follower's program while that is in sight, whoever has the focus.
EDITOR_DEEDS: dict[str, Callable[[FollowerEditor], None]] = {
    "Return": lambda editor: editor.setFocus(),
    "Ctrl+Return": lambda editor: editor.play_text(),
    "Alt+Return": lambda editor: editor.play_text(at_once=True),
}

# What Return does, by the player whose columns are shown; else it is a binding.
RETURNS = {"listener": "/listener/train", "rules": "/rules/learn"}
FIGURES = frozenset("123456789")


class Dimmer(Display):
    """A dark glass over the whole window, for dark halls. Attributes: `amount` 0..1."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, parent)
        self.amount = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def dim(self, amount: float) -> None:
        if amount != self.amount:
            self.amount = amount
            self.setVisible(amount > 0)
            self.raise_()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(0, 0, 0, round(self.amount * 255)))


class MainWindow(QWidget):
    """Attributes: `engine`, `desk`, `stage`, `studio`, `coach`, `key_sheet`, `top_bar`, `status_bar`."""

    def __init__(self, engine: Engine, look: Look) -> None:
        super().__init__()
        self.engine = engine
        self.desk = Desk(engine, look)
        self.desk.show_port = self._show_port
        self.desk.begin_hints = lambda: self.coach.again()
        self.desk.locate = self._locate
        self.desk.enlist = self._enlist
        self.setWindowTitle("Understudy")
        self.setWindowIcon(QIcon(str(RESOURCES / "icons" / "understudy.svg")))
        # The window itself may hold the focus, so that no button takes Return before one chose it.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._build()
        self._closing = False
        self._looked: tuple[object, ...] = ()
        self._live = [widget for widget in self.findChildren(QWidget) if isinstance(widget, Live)]
        self._keys = KeyFilter(self, engine, self._deed)
        self._pointer = Pointer(self, engine)
        self.map_layer = MapLayer(self, self.desk, lambda: (one for one in self._live if isinstance(one, QWidget)))
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
        self.studio, self.stage = Studio(desk), Stage(desk)
        self._views = QStackedWidget()
        self._views.addWidget(self.studio)
        self._views.addWidget(self.stage)
        box = column(self.top_bar, self._views, self.coach, self.status_bar, gap=0)
        box.setStretch(1, 1)
        self.setLayout(box)
        self.key_sheet = KeySheet(desk, self)
        self._dimmer = Dimmer(desk, self)
        self.flash = Flash(desk, self)
        self.map_sheet, self.map_note = MapSheet(desk, self), MapNote(desk, self)
        self._located = 0
        self.setMinimumSize(FLOOR)

    def start(self) -> None:
        """Begin to look."""
        self._pointer.watch()
        self.frame_timer.start(FRAME_MS)
        self.tick_timer.start(TICK_MS)

    # --- looking --------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Look at the engine once; the visible controls follow."""
        picture = self.engine.snapshot
        self._follow_window()
        self._pointer.send()
        for widget in list(self._live):
            if widget.isVisible():
                widget.refresh(picture)
        self._follow_map(picture)

    def tick(self) -> None:
        """Look at what needs no hurry."""
        picture = self.engine.snapshot
        self.setWindowTitle(title(picture))
        for widget in self._live:
            if widget.isVisible():
                widget.tick(picture)

    def _follow_map(self, picture: Snapshot) -> None:
        """Show Map mode over the controls, and what somebody asked to be shown."""
        state = picture.mapping
        self.map_layer.refresh(picture)
        self.map_sheet.follow(state, self.map_layer.targets)
        aimed = self.map_sheet.target(state.target, state.arguments) if state.on and state.target else None
        self.map_note.follow(state, aimed.box if aimed is not None else None)
        if state.locating != self._located:
            self._located = state.locating
            self._locate(state.located)

    def _follow_window(self) -> None:
        """Make the window what its Parameters say."""
        number = self.engine.tree.number
        names = ("view", "keys", "fullscreen", "size", "dim", "theme", "motion", "coach")
        wanted = tuple(number(f"/window/{name}").value for name in names)
        if wanted == self._looked:
            return
        self._looked = wanted
        self._show_view(int(wanted[0]))
        self._show_keys(bool(wanted[1]))
        if bool(wanted[2]) != self.isFullScreen():
            self.showFullScreen() if wanted[2] else self.showNormal()
        self.desk.look.motion = bool(wanted[6])
        self._dimmer.dim(wanted[4])
        self.coach.follow(bool(wanted[7]))
        self._restyle(number("/window/theme").show(), wanted[3] / 100)

    def _show_view(self, view: int) -> None:
        if self._views.currentIndex() != view:
            focus = self.focusWidget()
            leaves = focus is not None and self._views.isAncestorOf(focus)
            self._views.setCurrentIndex(view)
            if leaves:
                # Otherwise Qt hands the focus to the next control, which may be a text field.
                self.setFocus()
            # The view just shown must not wait a second for its words.
            QTimer.singleShot(0, self.tick)

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

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.key_sheet.setGeometry(self.rect())
        self._dimmer.setGeometry(self.rect())
        self.map_sheet.setGeometry(self.rect())
        self._looked = ()

    def _enlist(self, widget: QWidget) -> None:
        """Let a control that was made later look too."""
        if isinstance(widget, Live) and widget not in self._live:
            self._live.append(widget)
            widget.restyle()

    @property
    def editor(self) -> FollowerEditor | None:
        """The Follower's program, while it is in sight."""
        editors = (self.studio.editor, self.stage.editor)
        return next((one for one in editors if one is not None and one.isVisible()), None)

    # --- hands ----------------------------------------------------------------------------------------

    def _deed(self, key: str) -> Callable[[], None] | None:
        """Return what the window itself does on a key; None: it is no key of the window's."""
        if key == "Esc":
            return self._escape
        if key in JUMPS:
            return lambda: self._jump(JUMPS[key])
        if key in PLAYER_KEYS:
            return lambda: self.desk.choose_player(PLAYER_KEYS[key])
        editor = self.editor
        if editor is not None and key in EDITOR_DEEDS:
            return lambda: EDITOR_DEEDS[key](editor)
        if key == "Return" and self.desk.player.show() in RETURNS:
            return lambda: self.engine.fire(RETURNS[self.desk.player.show()])
        if key in FIGURES and self.desk.player.show() == "rules":
            return lambda: self._call(int(key))
        return None

    def _call(self, figure: int) -> None:
        """Call a rule of the label that sounds by its number; on Stage a label."""
        picture = self.engine.snapshot
        labels = self.desk.presets(picture).labels
        if self.stage.isVisible():
            if figure <= len(labels):
                self.engine.fire("/rules/call", labels[figure - 1], "r")
            return
        label = picture.rules.sounding.label or next(iter(labels), "")
        self.engine.fire("/rules/call", label, float(figure))

    def _locate(self, address: str) -> None:
        """Blink around the control of an address; turn to the player and view where it is, if need be."""
        found = self._controls(address)
        if not any(control.isVisible() for control in found):
            part = address.split("/")[1]
            if part in PLAYER_KEYS.values():
                self.desk.choose_player(part)
            self.engine.set("/window/view", "studio")
            QTimer.singleShot(4 * FRAME_MS, lambda: self._flash(found))
            return
        self._flash(found)

    def _controls(self, address: str) -> list[QWidget]:
        """Return the controls of an address, faders and switches first."""
        named = [(widget, getattr(widget, "parameter", None) or widget) for widget in self._live]
        found = [widget for widget, owner in named if getattr(owner, "address", "") == address]
        return [widget for widget in found if isinstance(widget, QWidget)]

    def _flash(self, controls: list[QWidget]) -> None:
        shown = next((control for control in controls if control.isVisible()), None)
        if shown is not None:
            self.flash.show_around(shown)
        else:
            self.desk.say("It has no control on the screen: see the list of bindings")

    def _escape(self) -> None:
        """Esc leaves what is open: the key sheet, then the focus, then the coach."""
        if self.key_sheet.isVisible():
            self.engine.set("/window/keys", 0.0)
        elif self.map_layer.on:
            self.map_layer.leave()
        elif self.focusWidget() not in (None, self):
            self.setFocus()
        else:
            self.coach.skip()

    def _jump(self, number: int) -> None:
        """Give the focus to the first control of a panel."""
        studio = self.studio
        panels: tuple[QWidget, ...] = (studio.players, *studio.cards, studio.strip)
        if self.stage.isVisible():
            panels = (*self.stage.places, self.top_bar)
        inside = panels[min(number, len(panels)) - 1]
        candidates = [inside, *inside.findChildren(QWidget)]
        controls = [
            w for w in candidates if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isEnabled()
        ]
        if controls:
            controls[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

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


def dress(look: Look) -> None:
    """Give the application the look's palette, font and colours."""
    found = application()
    found.setPalette(look.palette())
    found.setFont(look.font())
    found.setStyleSheet(look.style_sheet())


def application() -> QApplication:
    """Return the application; RuntimeError if there is none yet."""
    found = QApplication.instance()
    if not isinstance(found, QApplication):
        raise RuntimeError("make the QApplication before the window: see ui.application")
    return found


def open_window(engine: Engine, size: QSize | None = None) -> MainWindow:
    """Open the window on an engine; it looks until it is closed."""
    tokens = read_tokens()
    missing = load_fonts(tokens)
    look = Look(tokens)
    dress(look)
    window = MainWindow(engine, look)
    if missing:
        window.desk.say(f"Fonts missing, the system's stand in: {', '.join(missing)}")
    window.resize(size or fitting(START))
    window.show()
    window.start()
    return window


def fitting(size: QSize) -> QSize:
    """Return a size that fits the screen."""
    screen = QApplication.primaryScreen()
    return size.boundedTo(screen.availableSize()).expandedTo(FLOOR) if screen else size
