"""Where frames come from and what is made of them: addresses, ports and outputs, set once before one plays."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

from app.parameter import AnyParameter, Parameter, Steps, TextParameter
from ui.desk import Desk, Display
from ui.panel.card import row, snug
from ui.widget.choice import Choice
from ui.widget.field import TextField
from ui.widget.label import Label
from ui.widget.port import PortPad

# Address, what stands before it, what stands in an empty field.
ROWS: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (
        ("/listener/outputs", "Outputs", "classifier:4,regressor or dtw:5"),
        ("/listener/input/osc/address", "OSC address", "/listener/in"),
    ),
    (
        ("/listener/input/midi/port", "MIDI in", "name of a MIDI port, or part of it"),
        ("/listener/input/midi/features", "MIDI values", "cc1, bend, last note, velocity"),
        ("/listener/input/midi/channel", "Channel", "0: all"),
    ),
    (
        ("/listener/input/audio/device", "Sound in", "name of a device; empty: the usual one"),
        ("/listener/input/audio/recipe", "Sound values", ""),
        ("/listener/input/serial/port", "Serial", "name of a serial port"),
        ("/listener/input/serial/baud", "Speed", "115200"),
    ),
)
MIDI_IN = "/listener/input/midi/port"
NARROW = 84


class InputPage(Display):
    """Fields of the Listener's inputs and outputs; those that the instrument has."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        box = QGridLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for at, fields in enumerate(ROWS):
            found = [(desk.engine.tree.find(address), title, hint) for address, title, hint in fields]
            parts = [self._field(parameter, title, hint) for parameter, title, hint in found if parameter is not None]
            box.addLayout(row(*parts, gap=16), at, 0)
        box.setRowStretch(len(ROWS), 1)

    def _field(self, parameter: AnyParameter, title: str, hint: str) -> QLayout:
        name = Label(self.desk, title, "small", "dim", sample="Sound values")
        return row(name, *self._controls(parameter, hint))

    def _controls(self, parameter: AnyParameter, hint: str) -> list[QWidget]:
        if isinstance(parameter, Parameter) and isinstance(parameter.curve, Steps):
            return [Choice(self.desk, parameter)]
        field = TextField(self.desk, parameter, hint)
        if isinstance(parameter, Parameter):
            field.setFixedWidth(self.desk.look.px(NARROW))
        if isinstance(parameter, TextParameter) and parameter.address == MIDI_IN:
            return [field, snug(PortPad(self.desk, parameter, self.desk.ports.inputs))]
        return [field]
