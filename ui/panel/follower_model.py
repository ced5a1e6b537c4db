"""The second column of the Follower: what was heard and played tick by tick, how the loss falls, how it learns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from app.parameter import Parameter, Steps, TextParameter
from app.snapshot import Snapshot
from app.snapshot_follower import LessonState
from ui.desk import Desk
from ui.fader import Fader
from ui.panel.card import Card, row, snug
from ui.panel.follower_mark import lesson_of, loss_text, present_lesson, sure_text
from ui.panel.follower_slot import AskPad, FetchPad
from ui.widget.choice import Choice
from ui.widget.curve import Points
from ui.widget.field import TextField
from ui.widget.label import Label
from ui.widget.lines import Line, Lines
from ui.widget.loss import LossPlot, Run
from ui.widget.pad import ActionPad, SwitchPad
from ui.widget.tick_row import TickRows

EMPTY = "The loss falls here once learn is before a channel"
GOAL = "/follower/goal"
HEADS = ("Target", "Loss", "All", "Sure", "Ex.")


def model_text(picture: Snapshot) -> str:
    """Return what the model is doing."""
    lesson = present_lesson(picture.follower)
    if lesson is None:
        return "has learnt nothing yet"
    if lesson.text:
        return f"{lesson.name}: {lesson.text}"
    return f"{lesson.name}: settling, {lesson.settling} ticks" if lesson.settling else lesson.name


def lesson_figures(lesson: LessonState) -> str:
    """Return the figures of a lesson in words."""
    parts = [f"{lesson.name}"]
    if lesson.loss is not None:
        parts.append(f"loss {loss_text(lesson.loss)}")
    if lesson.all_loss is not None:
        parts.append(f"all {loss_text(lesson.all_loss)}")
    parts.append(f"{lesson.bars:.0f} bars")
    if lesson.late:
        parts.append(f"{lesson.late} late")
    return "  ".join(parts)


@dataclass(frozen=True, slots=True)
class LessonRun:
    """The curves of a lesson as a plot takes them: `train` is what is taught now, `valid` all that was taught."""

    train: Points = ()
    valid: Points = ()
    previous: Points = ()


class FollowerLoss(LossPlot):
    """The loss of a lesson, with a line at the goal. Attributes: `name` of the lesson to show, "": the present one."""

    def __init__(self, desk: Desk, tall: int = 70) -> None:
        self.name = ""
        self._run = LessonRun()
        goal = desk.engine.tree.find(GOAL)
        self._goal = goal if isinstance(goal, Parameter) else None
        super().__init__(desk, EMPTY, tall, self._look)
        self.setAccessibleName("Loss of the Follower's model")

    def _look(self, picture: Snapshot) -> tuple[LessonRun, str, Sequence[float]]:
        lesson = lesson_of(picture.follower, self.name) or present_lesson(picture.follower)
        if lesson is None:
            return self._take(LessonRun()), "", ()
        return self._take(LessonRun(lesson.curve, lesson.all_curve)), lesson_figures(lesson), ()

    def _take(self, run: LessonRun) -> LessonRun:
        """Return the run known before while nothing changed, so that the plot is not drawn again."""
        if run != self._run:
            self._run = run
        return self._run

    def _draw(self, run: Run, marks: Sequence[float]) -> None:
        self.goal = goal_of(self._goal.show()) if self._goal is not None else 0.0
        super()._draw(run, marks)


def goal_of(text: str) -> float:
    """Return the loss that a goal names, 0.0 for none."""
    try:
        return float(text)
    except ValueError:
        return 0.0


class Lessons(Lines):
    """What was learnt, a line for each target; a click shows its loss."""

    def __init__(self, desk: Desk, plot: FollowerLoss) -> None:
        shares = (0.26, 0.22, 0.22, 0.16, 0.14)
        super().__init__(desk, shares, "A line for each channel that learns", tall=20, name="Lessons", role="small")
        self._plot = plot

    def sizeHint(self) -> QSize:
        return QSize(200, self.desk.look.px(self.tall * 3))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.desk.look.px(self.tall * 2))

    def refresh(self, picture: Snapshot) -> None:
        lessons = picture.follower.lessons
        heads = [Line(HEADS, "dim", "")] if lessons else []
        self.show_lines([*heads, *(lesson_line(lesson) for lesson in lessons)])

    def choose(self, line: Line) -> None:
        self.chosen = None if line.key in ("", self.chosen) else line.key
        self._plot.name = self.chosen or ""
        self.update()


def lesson_line(lesson: LessonState) -> Line:
    """Return a lesson as a line: name, losses, confidence, examples."""
    losses = loss_text(lesson.loss), loss_text(lesson.all_loss)
    return Line((lesson.name, *losses, sure_text(lesson) or "–", f"{lesson.examples}"), "learning", lesson.name)


class FollowerModel(Card):
    """Attributes: `ticks`, `loss`, `lessons`."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "Model", model_text)
        self.ticks, self.loss = TickRows(desk), FollowerLoss(desk)
        self.lessons = Lessons(desk, self.loss)
        for widget in (self.ticks, self.lessons):
            self.body.addWidget(widget)
        self.body.addWidget(self.loss, 1)
        self._add_row("grid", "bars")
        self._add_structure()
        self._add_row("surprise", "settle")
        self._add_row("steps", "forgetful")
        fresh, back = ActionPad(desk, "/follower/new_model", "New"), ActionPad(desk, BACK, "Back")
        save = AskPad(desk, "Save", "Save the model", MODELS, ".json", "/follower/model/save")
        load = FetchPad(desk, "Load", "Load a model", MODELS, "/follower/model/load")
        for pad, name in ((fresh, "New model"), (back, "Earlier model"), (save, "Save model"), (load, "Load model")):
            pad.setAccessibleName(name)
        self.body.addLayout(row(fresh, back, save, load))

    def _add_structure(self) -> None:
        layers, goal = self.desk.engine.tree.find("/follower/structure"), self.desk.engine.tree.find(GOAL)
        made: list[QWidget] = []
        if isinstance(layers, TextParameter):
            made += [Label(self.desk, "Layers", color="dim", sample="Layers"), TextField(self.desk, layers, "32,16,8")]
        if isinstance(goal, Parameter):
            made.append(snug(control(self.desk, goal)))
        self.body.addLayout(row(*made))

    def _add_row(self, *names: str) -> None:
        """Add the controls of some Parameters, those that there are."""
        found = [self.desk.engine.tree.find(f"/follower/{name}") for name in names]
        made = [control(self.desk, parameter) for parameter in found if isinstance(parameter, Parameter)]
        box = row(*made, gap=6)
        for place in range(len(made)):
            box.setStretch(place, 1)
        self.body.addLayout(box)


BACK = "/follower/back"
MODELS = "Models (*.json);;All files (*)"
PREFIXES = {"grid": "", "bars": "", "goal": "goal "}
UNITS = {"grid": "ticks", "bars": "bars"}


def control(desk: Desk, parameter: Parameter) -> QWidget:
    """Return the control of a Parameter: a switch, a choice or a fader."""
    name = parameter.address.rsplit("/", 1)[-1]
    if not isinstance(parameter.curve, Steps):
        return Fader(desk, parameter)
    if parameter.curve.names == ("off", "on"):
        return SwitchPad(desk, parameter, color="learning")
    titles = {one: f"{one} {UNITS[name]}" for one in parameter.curve.names} if name in UNITS else {}
    titles.update({"1": "1 bar"} if name == "bars" else {})
    return Choice(desk, parameter, titles=titles, prefix=PREFIXES.get(name, f"{parameter.title}: "))
