"""The Follower's eight slots: which program is on the page, which one runs, and programs from files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QMenu

from app.parameter import Parameter
from app.snapshot import Snapshot
from ui.desk import Desk
from ui.panel.follower_editor import SLOT, TEXT
from ui.theme import RESOURCES
from ui.widget.pad import Pad

SLOTS = 8
EXAMPLES = RESOURCES.parent / "presets" / "gosling"
PROGRAMS = "Programs (*.gos);;Text (*.txt);;All files (*)"
SUFFIX = ".gos"


def title_of_program(text: str) -> str:
    """Return what a program calls itself: its first comment, else its first line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    named = next((line for line in lines if line.startswith("//")), lines[0] if lines else "")
    return named.strip("/ ").rstrip(".;")


class SlotPad(Pad):
    """One slot: filled while it is on the page, with a sign while its program runs. Attributes: `number`."""

    def __init__(self, desk: Desk, number: int, tall: int = 32, role: str = "normal") -> None:
        super().__init__(desk, str(number), self._choose, tall, role)
        self.number = number
        self._text = desk.engine.tree.text(TEXT.format(number))
        self._slot = desk.engine.tree.number(SLOT)
        self._seen = -1
        self.setAccessibleName(f"Slot {number}")

    def _choose(self) -> None:
        self.desk.engine.set(SLOT, float(self.number - 1))

    def refresh(self, picture: Snapshot) -> None:
        is_here = int(self._slot.value) + 1 == self.number
        state = picture.follower
        runs = state.slot == self.number and bool(state.channels)
        sign = "▶ " if runs else "" if self._text.value.strip() else "· "
        self.light("active" if is_here else "", f"{sign}{self.number}")
        if self._text.version != self._seen:
            self._seen = self._text.version
            self.setToolTip(f"{title_of_program(self._text.value) or 'empty'}  ({self._text.address})")


class ExamplePad(Pad):
    """A menu of programs to begin with. They go where nothing is written over."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Examples ▾", self.open)
        self.setAccessibleName("Examples")
        self.setToolTip("Programs to begin with, into an empty slot")

    def open(self) -> None:
        """Show the programs above the button."""
        menu = self.menu()
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def menu(self) -> QMenu:
        """Return a menu of the programs."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for path in example_paths():
            menu.addAction(example_title(path)).triggered.connect(lambda _=False, path=path: load(self.desk, str(path)))
        if not menu.actions():
            menu.addAction("No examples are installed").setEnabled(False)
        return menu


def example_paths() -> list[Path]:
    """Return the programs that come with the instrument, in order."""
    return sorted(EXAMPLES.glob(f"*{SUFFIX}"))


def example_title(path: Path) -> str:
    """Return what an example calls itself, else its file's name."""
    try:
        return title_of_program(path.read_text(encoding="utf-8")) or path.stem
    except (OSError, UnicodeDecodeError) as error:
        return f"{path.stem}  (cannot be read: {error})"


def load(desk: Desk, path: str) -> None:
    """Open a program in the slot on the page if that is empty, else in the next empty one."""
    tree = desk.engine.tree
    here = int(tree.number(SLOT).value) + 1
    order = [(here - 1 + step) % SLOTS + 1 for step in range(SLOTS)]
    free = next((number for number in order if not tree.text(TEXT.format(number)).value.strip()), None)
    if free is None:
        desk.say("All eight slots are full: empty one first, so that nothing is written over")
        return
    desk.engine.set(SLOT, float(free - 1))
    desk.engine.fire("/follower/open", path)


def ask_open(pad: Pad) -> None:
    """Open a file dialog that leaves the music and the window usable."""
    dialog = QFileDialog(pad.window(), "Open a program")
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(PROGRAMS)
    dialog.fileSelected.connect(lambda path: load(pad.desk, path))
    _show(dialog)


def ask_path(pad: Pad, title: str, kinds: str, suffix: str, address: str) -> None:
    """Ask where a file goes and fire an Action with its path."""
    dialog = QFileDialog(pad.window(), title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(kinds)
    dialog.setDefaultSuffix(suffix.lstrip("."))
    dialog.fileSelected.connect(lambda path: pad.desk.engine.fire(address, path))
    _show(dialog)


def ask_file(pad: Pad, title: str, kinds: str, address: str) -> None:
    """Ask for a file that exists and fire an Action with its path."""
    dialog = QFileDialog(pad.window(), title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setNameFilter(kinds)
    dialog.fileSelected.connect(lambda path: pad.desk.engine.fire(address, path))
    _show(dialog)


def _show(dialog: QFileDialog) -> None:
    dialog.setModal(False)
    dialog.finished.connect(dialog.deleteLater)
    dialog.show()


class AskPad(Pad):
    """A pad that opens a file dialog. Attributes: as Pad."""

    def __init__(self, desk: Desk, text: str, title: str, kinds: str, suffix: str, address: str) -> None:
        super().__init__(desk, text, lambda: ask_path(self, title, kinds, suffix, address))
        self.setToolTip(f"{title}  ({address})")


class FetchPad(Pad):
    """A pad that asks for a file and hands it to an Action. Attributes: as Pad."""

    def __init__(self, desk: Desk, text: str, title: str, kinds: str, address: str) -> None:
        super().__init__(desk, text, lambda: ask_file(self, title, kinds, address))
        self.setToolTip(f"{title}  ({address})")


class OpenPad(Pad):
    """Opens a program."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Open", lambda: ask_open(self))
        self.setToolTip("Open a program in an empty slot  (/follower/open)")


def is_here(desk: Desk) -> bool:
    """Return whether the instrument has a Follower."""
    return isinstance(desk.engine.tree.find(SLOT), Parameter)
