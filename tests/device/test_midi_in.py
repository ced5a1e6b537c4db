"""MIDI in: messages, features and ports that come and go, on a MIDI system in memory."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from app.device import midi_port
from app.device.midi_in import Features, MidiIn, feature_of
from app.frame import Frame, MidiMessage
from app.inbox import Fault
from app.transport import OfflineClock
from tests.device.fake_rtmidi import Out, System


class In(Out):
    """A client that listens. Attributes: `heard` (set by its user)."""

    def ignore_types(self, sysex: bool, timing: bool, active_sense: bool) -> None:
        assert (sysex, timing, active_sense) == (True, False, True)

    def set_callback(self, heard: Callable[..., None]) -> None:
        self.heard = heard


class Rig:
    """An input on a MIDI system in memory. Attributes: `system`, `clock`, `items` (put so far), `clients`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
        self.system = System(*names)
        self.clock = OfflineClock(10.0)
        self.items: list[Frame | MidiMessage | Fault] = []
        self.clients: list[In] = []
        library = SimpleNamespace(**vars(self.system.library) | {"MidiIn": self._listen})
        monkeypatch.setattr(midi_port, "load", lambda: library)

    def _listen(self, api: int, name: str) -> In:
        self.clients.append(In(self.system))
        return self.clients[-1]

    def open(self, port: str = "", features: tuple[str, ...] = (), channel: int = 0, virtual: bool = False) -> MidiIn:
        midi = MidiIn(self.items.append, self.clock, port, features, channel, virtual=virtual)
        midi.open()
        return midi

    def play(self, *messages: tuple[int, ...]) -> None:
        listening = next(client for client in self.clients if hasattr(client, "heard"))
        for message in messages:
            listening.heard((list(message), 0.0), None)

    @property
    def frames(self) -> list[list[float]]:
        return [[round(float(v), 4) for v in item.values] for item in self.items if isinstance(item, Frame)]


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> Rig:
    return Rig(monkeypatch, "Midi Through 14:0", "Understudy:out", "nanoKONTROL2 24:0", "Keys 28:0")


def test_every_message_is_put_and_stamped(rig: Rig) -> None:
    midi = rig.open("Keys")
    rig.play((0x90, 60, 100))
    rig.clock.advance(0.5)
    rig.play((0xE0, 0, 64), (0xF8,))
    assert rig.items == [
        MidiMessage(10.0, "midi", (0x90, 60, 100)),
        MidiMessage(10.5, "midi", (0xE0, 0, 64)),
        MidiMessage(10.5, "midi", (0xF8,)),
    ]
    assert (midi.check().state, midi.where) == ("open", "Keys 28:0")


def test_chosen_features_come_as_frames_of_all_of_them(rig: Rig) -> None:
    midi = rig.open("Keys", ("cc21", "note60", "bend"))
    rig.play((0xB0, 21, 127), (0xB0, 22, 5), (0x91, 60, 80), (0xE0, 0, 0), (0x81, 60, 0))
    assert rig.frames == [[1, 0, 0], [1, 1, 0], [1, 1, -1], [1, 0, -1]]
    assert midi.names == ("cc21", "note60", "bend")


def test_the_first_port_is_neither_our_own_nor_the_through(rig: Rig) -> None:
    assert rig.open().where == "nanoKONTROL2 24:0"


def test_a_lost_port_lets_go_and_is_taken_up_under_its_new_number(rig: Rig) -> None:
    midi = rig.open("Keys", ("note60", "cc1"))
    rig.play((0x90, 60, 100), (0xB0, 1, 127))
    rig.system.names.pop()
    assert midi.check().state == "open"  # It looks once a second.
    rig.clock.advance(1.0)
    assert (midi.check().state, midi.check().text) == ("waiting", "waiting for Keys")
    assert rig.frames[-1] == [0, 1]
    rig.system.names.append("Keys 31:0")
    rig.clock.advance(1.0)
    assert (midi.check().state, midi.where) == ("open", "Keys 31:0")
    rig.play((0x90, 60, 1))
    assert rig.frames[-1] == [1, 1]


def test_a_port_that_is_not_there_yet_is_waited_for(rig: Rig) -> None:
    midi = rig.open("Harp")
    assert midi.check().text == "waiting for Harp"
    rig.system.names.append("Harp 40:0")
    rig.clock.advance(2.0)
    assert midi.check().state == "open"
    midi.close()
    assert midi.check().state == "closed"
    rig.clock.advance(2.0)
    assert midi.check().state == "closed"


def test_a_virtual_port_is_offered(rig: Rig) -> None:
    assert rig.open(virtual=True).check().state == "open"
    assert rig.system.virtual == ["Understudy"]


def test_no_port_at_all_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    midi = Rig(monkeypatch, "Midi Through 14:0").open()
    assert midi.check().text == "waiting for a MIDI port; connect an instrument"


def test_without_the_library_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(midi_port, "import_module", missing)
    midi = MidiIn([].append, OfflineClock(), "Keys")
    midi.open()
    assert midi.check().state == "failed"
    assert midi.check().text.startswith("MIDI is unavailable: No module named 'rtmidi'; install python-rtmidi")


ALL = ("cc7", "note60", "bend", "pressure", "program", "last note", "velocity", "held")


@pytest.mark.parametrize(
    ("played", "name", "value"),
    [
        ([(0xB0, 7, 127)], "cc7", 1.0),
        ([(0xE0, 127, 127)], "bend", 1.0),
        ([(0xE0, 0, 64)], "bend", 0.0),
        ([(0xE0, 0, 0)], "bend", -1.0),
        ([(0xD0, 127)], "pressure", 1.0),
        ([(0xA0, 60, 127)], "pressure", 1.0),
        ([(0xC0, 5)], "program", 5.0),
        ([(0x90, 72, 127)], "last note", 72.0),
        ([(0x90, 72, 127), (0x80, 72, 3)], "velocity", 1.0),
        ([(0x90, 60, 1), (0x90, 64, 1)], "held", 2.0),
        ([(0x90, 60, 1), (0x90, 60, 0)], "note60", 0.0),
        ([(0x90, 60, 1), (0x91, 60, 1), (0x80, 60, 0)], "note60", 1.0),
        ([(0x90, 60, 1), (0x91, 61, 1), (0xB0, 123, 0)], "held", 1.0),
        ([(0x90, 60, 1), (0xB0, 120, 0)], "note60", 0.0),
        ([(0xE0, 0, 0), (0xB0, 121, 0)], "bend", 0.0),
        ([(0x90, 60, 1), (0xB0, 122, 0)], "note60", 1.0),
        ([(0x80, 60, 1)], "held", 0.0),
    ],
)
def test_each_feature_says_what_was_played(played: list[tuple[int, ...]], name: str, value: float) -> None:
    features = Features(ALL)
    for data in played:
        features.take(data)
    assert features.values[ALL.index(name)] == value


@pytest.mark.parametrize("data", [(), (0x90,), (0x90, 60), (0xF0, 1, 2), (0xFF,), (60, 90, 1), (0xB0, 7)])
def test_what_is_no_channel_message_is_passed_over(data: tuple[int, ...]) -> None:
    assert Features(ALL).take(data) is None


def test_a_frame_is_nobody_elses_and_only_one_channel_may_count() -> None:
    features = Features(("cc7",), channel=2)
    assert features.take((0xB0, 7, 127)) is None
    first = features.take((0xB1, 7, 127))
    features.take((0xB1, 7, 0))
    assert first is not None
    assert first.tolist() == [1.0]


@pytest.mark.parametrize("names", [("cc128",), ("note",), ("volume",), ("cc7", "cc7")])
def test_a_feature_that_does_not_exist_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"nothing in MIDI: choose cc0\.\.cc127|named twice"):
        Features(names)


def test_a_feature_is_chosen_by_playing() -> None:
    played = [(0xB3, 21, 0), (0x90, 60, 1), (0xE0, 0, 0), (0xD0, 1), (0xA0, 1, 1), (0xC0, 3), (0xF8,), ()]
    assert [feature_of(data) for data in played] == [
        "cc21",
        "note60",
        "bend",
        "pressure",
        "pressure",
        "program",
        "",
        "",
    ]
