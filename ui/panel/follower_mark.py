"""What the Follower is doing, as marks in a margin and as sentences: plain functions of its picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from app.snapshot import Snapshot
from app.snapshot_follower import ChannelState, FollowerState, LessonState
from ui.widget.editor_gutter import Mark

GLOW_S = 0.18
LEAST_LOSS = 0.001
LEVELS = 6  # Of light: fewer repaints, and nobody sees more.


def loss_text(loss: float | None) -> str:
    """Return a loss as a performer reads it; what is smaller than a thousandth is told as that."""
    if loss is None:
        return "–"
    return f"{loss:.3f}" if loss >= LEAST_LOSS else f"<{LEAST_LOSS}"


def sure_text(lesson: LessonState) -> str:
    """Return how sure the last decision was, "" before there was one."""
    return f"{lesson.confidence:.0%}" if lesson.confidence > 0 else ""


def glow(hits: Sequence[float], picture: Snapshot) -> float:
    """Return the light 0..1 of the last of some hits that has sounded; hits are beats."""
    past = [hit for hit in hits if hit <= picture.beat]
    if not past or not picture.playing:
        return 0.0
    age_s = (picture.beat - max(past)) * 60 / max(picture.bpm, 1.0)
    return round(max(1 - age_s / GLOW_S, 0.0) * LEVELS) / LEVELS


def lesson_of(state: FollowerState, name: str) -> LessonState | None:
    """Return what is known of a learnt channel."""
    return next((lesson for lesson in state.lessons if lesson.name == name), None)


def present_lesson(state: FollowerState) -> LessonState | None:
    """Return the lesson to look at: the first that is taught now, else one that plays, else any."""
    for role in ("learn", "predict"):
        for channel in state.channels:
            found = lesson_of(state, channel.name) if channel.role == role else None
            if found is not None:
                return found
    return state.lessons[-1] if state.lessons else None


def figures_of(channel: ChannelState, state: FollowerState) -> str:
    """Return loss and confidence of a line that learns or predicts."""
    lesson = lesson_of(state, channel.name) if channel.role in ("learn", "predict") else None
    if lesson is None:
        return ""
    loss = lesson.loss if channel.role == "learn" else lesson.all_loss
    return f"{loss_text(loss)}  {sure_text(lesson)}".rstrip()


def marks(
    picture: Snapshot,
    places: Mapping[int, int],
    fresh: Set[int] = frozenset(),
    waiting: Set[int] = frozenset(),
    faulty: Set[int] = frozenset(),
) -> dict[int, Mark]:
    """Return what the margin shows.

    `places` says where the lines of the playing program stand now, `fresh` which lines it does not have, `waiting`
    which are about to play, `faulty` which were not understood.
    """
    state = picture.follower
    found: dict[int, Mark] = {}
    for channel in state.channels:
        line = places.get(channel.line)
        if line is not None:
            level = max(glow(channel.hits, picture), found[line].level if line in found else 0.0)
            text = figures_of(channel, state) or (found[line].text if line in found else "")
            found[line] = Mark(channel.role, level, text)
    for line in {*fresh, *waiting, *faulty}:
        known = found.get(line, Mark())
        found[line] = Mark(known.role, known.level, known.text, line in fresh, line in waiting, line in faulty)
    return found


def fault_text(state: FollowerState) -> str:
    """Return why a program was not taken, and where."""
    fault = state.fault
    return f"Line {fault.line}, column {fault.column}: {fault.text}" if fault is not None else ""


def taken_text(picture: Snapshot, is_here: bool, is_fresh: bool, is_faulty: bool, is_blank: bool) -> tuple[str, str]:
    """Return a sentence about the text on the page, and its colour.

    `is_here`: it is the page that plays, `is_fresh`: some of its lines do not, `is_faulty`: the fault is still in the
    text, `is_blank`: nothing is written there.
    """
    state = picture.follower
    if state.fault is not None and is_faulty:
        goes_on = "  The program before plays on." if state.channels else ""
        return f"{fault_text(state)}{goes_on}", "fault"
    if state.pending:
        wait = max(state.at - picture.beat, 0.0)
        return f"Takes effect in {wait:.1f} beats", "now"
    if state.warnings and is_here:
        return "! " + "  ! ".join(state.warnings), "learning"
    if is_fresh:
        return "Written, not yet running: Ctrl+Return runs it", "dim"
    if is_blank and state.text.strip():
        return "A text that is not on this page runs: Silence ends it", "dim"
    if is_blank or not state.evaluated:
        return "Ctrl+Return runs the text, Ctrl+Space offers words, Esc gives the keys back", "dim"
    return ("This text runs" if picture.playing else "This text is ready: Esc, then Space plays"), "dim"
