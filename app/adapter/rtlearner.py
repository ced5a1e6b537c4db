"""RTLEARNER's place: frames as text on one UDP port, class probabilities as one printed OSC string on another.

Its Max patch works unchanged: it sends "MFCC 1..13, spread, skewness, kurtosis, flatness" and pulls numbers out of the
string `/prediction`. Examples come from its file, or are recorded and trained here. Every frame is answered while they
come one at a time; when they come faster, the newest is answered and the others are counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from pathlib import Path

from app.adapter.host import Host
from app.adapter.text_in import TextIn
from app.adapter.timeless import Timeless
from app.dataset_job import Fetched, StoppedError, fetch
from app.device.base import DeviceError
from app.event import NOW, Event, Message
from app.example import DatasetError
from app.frame import Frame
from app.parameter import Linear, Parameter, TextParameter, Tree, switch
from app.player.listener.brain import Answer
from app.player.listener.plan import MOST_CLASSES, Output

IN_PORT, OUT_PORT = 5007, 5005
CALM = 8  # So many frames at once are all answered; of more, only the newest.
LINE = 75  # numpy's line width
STATE = "/rtlearner/state"
PORTS = ("/rtlearner/on", "/rtlearner/in/host", "/rtlearner/in/port")
WORDS = ("/rtlearner/out/host", "/rtlearner/out/port")


class RtLearner(Timeless):
    """The mode as a player: it hears frames of its port and lets the Listener answer.

    Attributes: `part`, `port` (the open one, None while off), `wrong` (frames refused), `passed_over` (frames that
    newer ones overtook).
    """

    part = "rtlearner"

    def __init__(self, host: Host) -> None:
        self.port: TextIn | None = None
        self.wrong = self.passed_over = 0
        self._host = host
        self._train = self._play_then = self._closed = False
        self._reading: tuple[Path, Future[Fetched]] | None = None
        tree = host.engine.tree
        _add_parameters(tree)
        self._on, self._state = tree.number("/rtlearner/on"), tree.text(STATE)
        host.engine.actions.add("/rtlearner/load", self.load, "Load RTLEARNER file", "Read it, train, answer")
        host.study.ended.append(self._ended)
        self._to = ("127.0.0.1", OUT_PORT)
        host.engine.watcher.on(WORDS, self._follow_receiver)
        host.engine.watcher.on(PORTS, self._follow_ports)

    # --- on and off -------------------------------------------------------------------------------------

    def open(self) -> None:
        """Listen where the Parameters say; DeviceError if that cannot be."""
        self.close()
        host = self._host
        place, number = host.text("/rtlearner/in/host"), int(host.number("/rtlearner/in/port").value)
        port = TextIn(host.engine.clock, place, number, "osc", self._refuse)
        try:
            port.open()
        except DeviceError as error:
            raise DeviceError(f"{error}; close RTLEARNER itself or choose another port with --rtlearner-in") from error
        host.engine.inbox.watch(port)
        self.port = port  # First: `begin` lets everybody look at the Parameters, this mode too.
        host.begin()
        host.listener.speak = self._speak
        where = f"hears frames on {port.host}:{port.port}, answers to {self._to[0]}:{self._to[1]}"
        host.announce(f"RTLEARNER mode: {where}")
        self._state.set(where)

    def close(self) -> None:
        """Let the port go and the Listener speak for itself."""
        self._closed = True
        if self.port is None:
            return
        self._host.engine.inbox.unwatch(self.port)
        self.port.close()
        self.port = None
        self._state.set("")
        self._host.listener.speak = self._host.listener.own_words

    def _follow_ports(self) -> None:
        try:
            self.follow()
        except DeviceError as error:
            self._on.set(0)
            self._host.say(str(error), "error")

    def follow(self) -> None:
        """Be on or off, and listen, as the Parameters say; DeviceError if the port cannot be had."""
        wanted = (self._host.text(PORTS[1]), int(self._host.number(PORTS[2]).value))
        if not self._on.value:
            self.close()
        elif self.port is None or (wanted[0], wanted[1] or self.port.port) != (self.port.host, self.port.port):
            self._host.number("/wekinator/on").set(0)
            self._follow_receiver()
            self.open()

    def _follow_receiver(self) -> None:
        self._to = (self._host.text(WORDS[0]), int(self._host.number(WORDS[1]).value))

    # --- examples ---------------------------------------------------------------------------------------

    def load(self) -> None:
        """Take the file's examples instead of those here as soon as it is read, train on them, then answer."""
        path = Path(self._host.text("/rtlearner/file")).expanduser()
        self._closed = False
        self._reading = (path, self._host.background.submit(fetch, path, lambda _: None, lambda: not self._closed))

    def take(self, path: Path) -> None:
        """Take a file's examples at once; they are trained at the next turn. DatasetError if it cannot be used."""
        self._have(path, fetch(path, lambda _: None, lambda: True))

    def _take_read(self, path: Path, job: Future[Fetched]) -> None:
        self._reading = None
        try:
            self._have(path, job.result())
        except StoppedError:
            self._host.say(f"RTLEARNER mode: {path.name} was given up")
        except (DatasetError, OSError) as error:
            self._host.say(f"RTLEARNER mode: {error}", "error")

    def _have(self, path: Path, found: Fetched) -> None:
        for note in found.notes:
            self._host.announce(f"{path.name}: {note}")
        output = found.examples.outputs[0]
        if output.kind != "class":
            raise DatasetError(f"{path.name}: its last column holds no labels but {output.name} as a number")
        most = max(found.examples.counts(0), default=0)
        if most > MOST_CLASSES:
            raise DatasetError(f"{path.name}: label {most} is too large; at most {MOST_CLASSES} classes are possible")
        self._host.have_examples(found.examples, (Output("classifier", most),), f"Load {path.name}")
        self._host.choose_classifier("mlp")
        self._train = True

    def _begin_training(self) -> None:
        self._train = False
        try:
            self._host.study.train()
            self._play_then = True
        except ValueError as error:
            self._host.say(f"RTLEARNER mode: {error}", "error")

    def _ended(self, good: bool) -> None:
        if not self._play_then:
            return
        self._play_then = False
        if good:
            self._host.run(True, self.part)
            examples = self._host.dataset.examples()
            classes = sum(number > 0 for number in examples.counts(0).values())
            self._host.say(
                f"RTLEARNER mode: answers, trained on {len(examples)} examples of {examples.width} values and "
                f"{classes} classes"
            )

    # --- the seam ---------------------------------------------------------------------------------------

    def tend(self) -> list[Event]:
        self._host.tend()
        if self._reading is not None and self._reading[1].done():
            self._take_read(*self._reading)
        if self._train:
            self._begin_training()
        if self.port is None or not self.port.frames:
            return []
        frames, self.port.frames = self.port.frames, []
        fitting = [frame for frame in frames if self._fits(frame)]
        listener = self._host.listener
        if len(fitting) > CALM:
            self.passed_over += len(fitting) - 1
            for frame in fitting:
                listener.hear(frame)
            return listener.tend()
        events: list[Event] = []
        for frame in fitting:
            listener.hear(frame)
            events += listener.tend()
        return events

    def _fits(self, frame: Frame) -> bool:
        dataset = self._host.dataset
        if len(dataset) and len(frame.values) != dataset.width:
            self._refuse(f"A frame has {len(frame.values)} values, the examples have {dataset.width}")
            return False
        if self._host.listener.inputs.mixer.width not in (0, len(frame.values)):
            self._host.forget_inputs()
        return True

    def _refuse(self, why: str) -> None:
        self.wrong += 1
        self._host.complain("rtlearner frames refused", f"RTLEARNER mode: {why}")

    def _speak(self, answer: Answer) -> list[Event]:
        own = self._host.own(lambda: self._host.listener.own_words(answer))
        chances = next((one for one in answer.probabilities if one is not None), None)
        if chances is None:
            return own
        return [Message(NOW, self.part, "/prediction", (printed(chances.tolist()),), self._to), *own]


def printed(values: Iterable[float]) -> str:
    """Return probabilities as numpy prints them with `suppress=True`: at most 8 decimals, padded, 75 to a line.

    In one point it differs: numpy leaves "1." and "0." bare, and the patch, which pulls "digits, any character,
    digits", would pass over just the surest answers; they get a zero.
    """
    words = [_decimals(value) for value in values]
    width = max((len(word) for word in words), default=0)
    lines, line = [], "["
    for word in words:
        padded = word.ljust(width)
        if len(line) > 1 and len(line) + len(padded) + 1 > LINE:
            lines.append(line.rstrip(" "))
            line = " "
        line += padded if line in ("[", " ") else " " + padded
    return "\n".join([*lines, line + "]"])


def _decimals(value: float) -> str:
    word = f"{value:.8f}".rstrip("0")
    return word + "0" if word[-1] == "." else word


def _add_parameters(tree: Tree) -> None:
    port = Linear(0, 65535, 1, 0)
    help_on = "Hears RTLEARNER's patch and answers it"
    tree.add(Parameter("/rtlearner/on", 0, switch(), title="RTLEARNER mode", help=help_on, undoable=False))
    tree.add_text(TextParameter("/rtlearner/file", "", "RTLEARNER file", "Examples as its patch saves them"))
    tree.add_text(TextParameter("/rtlearner/in/host", "127.0.0.1", "Hears on", "0.0.0.0 hears other computers too"))
    tree.add(Parameter("/rtlearner/in/port", IN_PORT, port, title="RTLEARNER port in"))
    tree.add_text(TextParameter("/rtlearner/out/host", "127.0.0.1", "Answers to"))
    tree.add(Parameter("/rtlearner/out/port", OUT_PORT, port, title="RTLEARNER port out"))
    told = "Where it listens and answers; empty while it is off"
    tree.add_text(TextParameter(STATE, "", "RTLEARNER state", told, kept=False, undoable=False))
