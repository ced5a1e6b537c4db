"""The modes in place of other programs: Understudy instead of Wekinator or RTLEARNER, for patches that know only those.

A performer with an old patch wants to see three things: that the mode is on, on which ports, and with which project.
Only one mode can be on, since both speak for the same Listener.
"""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog

from app.parameter import AnyParameter, Parameter
from app.snapshot import Snapshot
from ui.desk import Desk, Display
from ui.panel.card import column, row, snug
from ui.widget.field import TextField
from ui.widget.label import Label
from ui.widget.pad import ActionPad, Pad, SwitchPad
from ui.widget.sentence import Sentence

# Name, title, what its switch is followed by: address, what stands before the field.
WEKINATOR = (("in/port", "hears on"), ("out/host", "answers to"), ("out/port", ":"))
RTLEARNER = (("in/host", "hears on"), ("in/port", ":"), ("out/host", "answers to"), ("out/port", ":"))
OFF = "off: switch it on and your patch finds Understudy where it looks for {title}"
PORT = 72


def is_here(desk: Desk) -> bool:
    """Tell whether the instrument has the modes."""
    return "/wekinator/on" in desk.engine.tree and "/rtlearner/on" in desk.engine.tree


class Mode(Display):
    """One mode: switch, state, ports. Attributes: `name`, `title`."""

    def __init__(self, desk: Desk, name: str, title: str, ports: tuple[tuple[str, str], ...]) -> None:
        super().__init__(desk)
        self.name = name
        self.title = title
        tree = desk.engine.tree
        self._on, self._state = tree.number(f"/{name}/on"), tree.text(f"/{name}/state")
        switch = snug(SwitchPad(desk, self._on, title, "active"))
        state = Sentence(desk, self._words, "small", 2)
        fields = [part for where, before in ports for part in self._field(tree.find(f"/{name}/{where}"), before)]
        self._box = column(row(switch, state), row(*fields, gap=6), gap=8)
        self.setLayout(self._box)

    def _words(self, _picture: Snapshot) -> tuple[str, str]:
        if not self._on.value:
            return OFF.format(title=self.title), "dim"
        return self._state.value or "opening…", "text"

    def _field(self, parameter: AnyParameter | None, before: str) -> list[Label | TextField]:
        if parameter is None:
            return []
        field = TextField(self.desk, parameter)
        if isinstance(parameter, Parameter):
            field.setFixedWidth(self.desk.look.px(PORT))
        return [Label(self.desk, before, "small", "dim", sample=before), field]


class WekinatorMode(Mode):
    """Wekinator's place, with its project."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "wekinator", "Wekinator", WEKINATOR)
        tree = desk.engine.tree
        open_pad = snug(Pad(desk, "Open project…", self.ask))
        open_pad.setToolTip("A project's folder: it is taken over, trained and answers  (/wekinator/open)")
        found = (("control", "Control messages"), ("distributions", "All chances"))
        switches = [SwitchPad(desk, tree.number(f"/wekinator/{name}"), title) for name, title in found]
        self._box.addLayout(row(open_pad, *switches, gap=6))
        self._box.addStretch(1)

    def ask(self) -> None:
        """Ask for a project's folder."""
        if not self._on.value:
            self.desk.say("Switch Wekinator on first: a project is opened into it")
            return
        dialog = QFileDialog(self.window(), "Open a Wekinator project: its folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setModal(False)
        dialog.fileSelected.connect(self.take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def take(self, path: str) -> None:
        """Ask for a project."""
        self.desk.engine.fire("/wekinator/open", path)


class RtLearnerMode(Mode):
    """RTLEARNER's place, with its file of examples."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "rtlearner", "RTLEARNER", RTLEARNER)
        self._file = desk.engine.tree.text("/rtlearner/file")
        choose = snug(Pad(desk, "Choose…", self.ask))
        choose.setAccessibleName("Choose a file for RTLEARNER")
        load = snug(ActionPad(desk, "/rtlearner/load", "Load, train, answer"))
        field = TextField(desk, self._file, "examples as its patch saves them: dataset.csv")
        self._box.addLayout(row(field, choose, load))
        self._box.addStretch(1)

    def ask(self) -> None:
        """Ask for a file."""
        dialog = QFileDialog(self.window(), "Examples of RTLEARNER")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setModal(False)
        dialog.fileSelected.connect(self.take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.show()

    def take(self, path: str) -> None:
        """Note a file; Load reads it."""
        self.desk.engine.set(self._file.address, path)


class ModePage(Display):
    """Both modes side by side. Attributes: `modes`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.modes: tuple[Mode, ...] = (WekinatorMode(desk), RtLearnerMode(desk)) if is_here(desk) else ()
        box = row(*self.modes, gap=32)
        if not self.modes:
            box.addWidget(Label(desk, "This instrument cannot stand in for Wekinator or RTLEARNER", "small", "dim"))
        for place in range(len(self.modes)):
            box.setStretch(place, 1)
        self.setLayout(box)
