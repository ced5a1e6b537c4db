"""Files of examples: asked for without stopping anything, and how far a large one is.

Dialogs leave the music and the window usable. What is read or written is told by two Parameters, so the bar is the
same whoever began it: this menu, a file dropped on the panel, a script.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QMenu, QSizePolicy

from app.dataset_file import FORMATS
from app.player.listener.file import PROGRESS, STATE
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import column, row, snug
from ui.widget.label import Label
from ui.widget.pad import ActionPad, Pad

TABLES = "Examples (*.csv *.txt *.arff *.json *.wekproj);;All files (*)"


def filter_text(name: str) -> str:
    """Return a format as the file dialog names it."""
    form = FORMATS[name]
    return f"{form.title} (*{form.suffix})"


class FilePad(Pad):
    """Opens what can be done with files."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "File ▾", self.open)
        self.setAccessibleName("Files of examples")
        self.setToolTip("Import or export examples; a file may also be dropped on the panel")

    def open(self) -> None:
        self.menu().popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu(self) -> QMenu:
        """Return the menu."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Import a file…", self.ask_file)
        menu.addAction("Import a Wekinator project…", self.ask_folder)
        menu.addSeparator()
        menu.addAction("Export…", self.ask_target)
        return menu

    def ask_file(self) -> None:
        """Ask for a file."""
        dialog = QFileDialog(self.window(), "Import examples")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(TABLES)
        dialog.fileSelected.connect(self.take)
        _show(dialog)

    def ask_folder(self) -> None:
        """Ask for a project's folder."""
        dialog = QFileDialog(self.window(), "Import a Wekinator project")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.take)
        _show(dialog)

    def ask_target(self) -> None:
        """Ask where the examples go and in which format."""
        dialog = QFileDialog(self.window(), "Export examples")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([filter_text(name) for name in FORMATS])
        dialog.fileSelected.connect(lambda path: self.export(path, dialog.selectedNameFilter()))
        _show(dialog)

    def take(self, path: str) -> None:
        """Ask for the examples of a file or project folder."""
        self.desk.engine.fire("/listener/import", path)

    def export(self, path: str, chosen: str) -> None:
        """Ask for a file of the examples in the format of a filter's text."""
        name = next((name for name in FORMATS if filter_text(name) == chosen), "own")
        suffix = FORMATS[name].suffix
        self.desk.engine.fire("/listener/export", path if Path(path).suffix or not suffix else path + suffix, name)


def _show(dialog: QFileDialog) -> None:
    dialog.setModal(False)
    dialog.finished.connect(dialog.deleteLater)
    dialog.show()


class Share(Display):
    """A bar of how much is done. Attributes: `share` 0..1."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("How much of the file is done")

    def refresh(self, picture: Snapshot) -> None:
        share = round(self.desk.engine.tree.number(PROGRESS).value, 3)
        if share != self.share:
            self.share = share
            self.setAccessibleDescription(f"{share:.0%}")
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(100, self.desk.look.px(8))

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.desk.look.px(8))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter = self.desk.look, QPainter(self)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillRect(box, look.color("control"))
        painter.fillRect(QRectF(box.left(), box.top(), box.width() * self.share, box.height()), look.color("active"))
        painter.setPen(QPen(look.color("outline"), 1))
        painter.drawRect(box)


class FileBar(Display):
    """What is read or written now, how far it is, and Stop. Attributes: `words`, `share`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.words, self.share = Label(desk, "", "small"), Share(desk)
        stop = snug(ActionPad(desk, "/listener/file/stop", "Stop"))
        stop.setAccessibleName("Stop the file")
        self.setLayout(row(column(self.words, self.share, gap=2), stop))

    def refresh(self, picture: Snapshot) -> None:
        share = self.desk.engine.tree.number(PROGRESS).value
        self.words.show_text(f"{file_state(self.desk)}   {share:.0%}")


def file_state(desk: Desk) -> str:
    """Return what is read or written now, "" for nothing."""
    return desk.engine.tree.text(STATE).value
