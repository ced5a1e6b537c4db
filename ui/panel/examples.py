"""The first column of the Composer: a folder of MIDI files, one folder in it per composer."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog

from app.snapshot import Snapshot
from ui.desk import Desk
from ui.panel.card import Card, row, snug
from ui.widget.field import TextField
from ui.widget.label import Label
from ui.widget.lines import Line, Lines
from ui.widget.pad import Pad

ENDINGS = {".mid", ".midi"}
ALL = ""
MOST_FILES = 20_000
RESCAN_TICKS = 5
HOW = "Choose a folder that holds one folder of MIDI files per composer, such as dataset/Haydn/*.mid. Or drop it here."


@dataclass(frozen=True, slots=True)
class Found:
    """What a dataset folder holds. Attributes: `folder`, `counts` (composer -> MIDI files), `fault` ("" = none)."""

    folder: str
    counts: tuple[tuple[str, int], ...] = ()
    fault: str = ""

    @property
    def summary(self) -> str:
        if self.fault or not self.folder:
            return self.fault
        files = sum(count for _, count in self.counts)
        return f"{files} files, {len(self.counts)} composer{'' if len(self.counts) == 1 else 's'}"


def look_into(folder: str) -> Found:
    """Count the MIDI files of each composer's folder; a folder that cannot be read is told in `fault`."""
    if not folder:
        return Found("")
    path = Path(folder).expanduser()
    try:
        rooms = sorted(room for room in path.iterdir() if room.is_dir() and not room.name.startswith("."))
        counts = [(room.name, _count(room)) for room in rooms]
    except OSError as error:
        return Found(folder, fault=f"{path} cannot be read: {error.strerror or error}")
    counts = [(name, count) for name, count in counts if count]
    if not counts:
        return Found(folder, fault=f"{path.name} holds no folder with MIDI files")
    return Found(folder, tuple(counts))


def _count(room: Path) -> int:
    count = 0
    for file in room.rglob("*"):
        count += file.suffix.lower() in ENDINGS
        if count >= MOST_FILES:
            break
    return count


class Composers(Lines):
    """The composers of a dataset; the chosen one is what Train learns."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, (0.74, 0.26), HOW, tall=28, name="Composers in the dataset")

    def choose(self, line: Line) -> None:
        self.desk.engine.set("/training/composer", line.key)

    def refresh(self, picture: Snapshot) -> None:
        chosen = self.desk.engine.tree.text("/training/composer").value
        if chosen != self.chosen:
            self.chosen = chosen
            self.update()


class Examples(Card):
    """Attributes: `found` (what the folder holds), `composers` (the list)."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Examples", lambda _picture: "MIDI files to learn from")
        self.found: Found | None = None
        self._parameter = desk.engine.tree.text("/training/dataset")
        self._asked, self._ticks = "", 0
        self.composers = Composers(desk)
        self.summary = Label(desk, "", "small", "dim")
        field = TextField(desk, self._parameter, "dataset folder")
        self.body.addLayout(row(field, snug(Pad(desk, "Choose…", self.choose))))
        self.body.addWidget(self.composers, 1)
        self.body.addWidget(self.summary)
        self.setAcceptDrops(True)

    def choose(self) -> None:
        """Open a folder dialog that leaves the music and the window usable."""
        dialog = QFileDialog(self.window(), "Folder with one folder of MIDI files per composer", self._parameter.value)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setModal(False)
        dialog.fileSelected.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def _take(self, folder: str) -> None:
        self.desk.engine.set(self._parameter.address, folder)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        folders = [url.toLocalFile() for url in event.mimeData().urls() if Path(url.toLocalFile()).is_dir()]
        if folders:
            self._take(folders[0])

    def tick(self, picture: Snapshot) -> None:
        folder = self._parameter.value.strip()
        self._ticks += 1
        if folder != self._asked or self._ticks % RESCAN_TICKS == 0:
            self._asked = folder
            # A folder on a sleeping disk or a network can take seconds: never in the window's thread.
            threading.Thread(target=self._scan, args=(folder,), name="count examples", daemon=True).start()
        self._show_found()

    def _scan(self, folder: str) -> None:
        self.found = look_into(folder)

    def _show_found(self) -> None:
        found = self.found
        if found is None or found.folder != self._asked:
            return
        lines = [Line((name, f"{count} files"), key=name) for name, count in found.counts]
        everyone = Line(("All composers", found.summary.split(",")[0]), key=ALL)
        self.composers.show_lines([everyone, *lines] if lines else [])
        self.summary.show_text(found.summary, "learning" if found.fault else "dim")
