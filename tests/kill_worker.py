"""The processes that learn beside the music, as victims: how each is given work, and how one sees that it is back.

They hold no note, so nothing may fall silent; what is asked of them is that the performer is told in a sentence, that
no file is half, and that the next order is carried out as if nothing had been.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from app.priority import LOWEST_NICE
from tests.player.composer.tiny import dataset

if TYPE_CHECKING:
    from tests.kill import Victim

WORKERS = ("composer", "lesson", "rules")
LESSON = "source kick*4; learn snare*2+0.5"
GROWN_S = 2.5  # Then a process has begun to load its library.
ASKED_S, PATIENT_S = 2.0, 6.0
TAUGHT_S = 90.0  # A training imports its library first, at the lowest priority.
SENTENCES = {
    "composer": "The training process ended",
    "lesson": "The process that teaches the Follower ended",
}


def stir(victim: Victim, who: str) -> None:
    """Give a worker work, so that its process is there."""
    if who in victim.workers and psutil.pid_exists(victim.workers[who]):
        return
    known = {child.pid for child in _learners(victim)}
    send = victim.program.send
    if who == "composer":
        works = victim.folder.parent / "works"
        if not works.exists():
            dataset(works, works=2, steps=64)
        send("/training/dataset", str(works))
        send("/training/out", str(victim.folder.parent / "models"))
        send("/training/minutes", 600.0)
        send("/training/epochs", 1000.0)
        send("/composer/train")
    elif who == "lesson":
        send("/follower/text/1", LESSON)
        send("/follower/evaluate")
    else:
        _keep_presets(victim)

    since = time.perf_counter()

    def found() -> bool:
        """Look for a new process, and after a while for one that was there and is nobody's: it came back by itself."""
        passed_over = known if time.perf_counter() - since < PATIENT_S else set(victim.workers.values())
        there = [one.pid for one in _learners(victim) if one.pid not in passed_over and not _is_listeners(one)]
        victim.workers.update({who: there[-1]} if there else {})
        return bool(there)

    victim.wait(found, f"the process of the {who}")


def _keep_presets(victim: Victim) -> None:
    for number in range(4):
        victim.program.send("/rules/vary", 2.0)
        victim.program.send("/rules/keep", ("rain", "storm")[number % 2])


def _learners(victim: Victim) -> list[psutil.Process]:
    """Return the processes that stepped back behind the music."""
    children = psutil.Process(victim.program.process.pid).children()
    return [child for child in children if _is_humble(child)]


def _is_humble(child: psutil.Process) -> bool:
    try:
        return child.status() != psutil.STATUS_ZOMBIE and child.nice() == LOWEST_NICE
    except psutil.Error:
        return False


def _is_listeners(child: psutil.Process) -> bool:
    """Whether it is, or may still become, the Listener's, which has a library of its own."""
    try:
        return time.time() - child.create_time() < GROWN_S or any("sklearn" in one.path for one in child.memory_maps())
    except psutil.Error:
        return True


def child(victim: Victim, who: str) -> psutil.Process | None:
    """Return the process to kill, None if it is gone."""
    pid = victim.workers.get(who)
    return next((one for one in _learners(victim) if one.pid == pid), None)


def check_back(victim: Victim, who: str, said: int) -> None:
    """See that it was said and that the next order is carried out; `said` lines were said before the blow."""
    victim.workers.pop(who, None)
    send = victim.program.send
    if who == "composer":
        _expect(victim, who, said)
        send("/training/minutes", 0.1)
        send("/training/epochs", 1.0)
        send("/composer/train")
        victim.wait(lambda: any("Trained:" in line for line in victim.said[said:]), "the next training", TAUGHT_S)
    elif who == "lesson":
        _expect(victim, who, said)
        stir(victim, who)
    else:
        _export(victim)


def _expect(victim: Victim, who: str, said: int) -> None:
    sentence = SENTENCES[who]
    victim.wait(lambda: any(sentence in line for line in victim.said[said:]), f"the sentence {sentence!r}")


def _export(victim: Victim) -> None:
    """Let the rules' next process write a file; what was asked of the dying one is asked again, as it says."""
    path: Path = victim.folder.parent / f"rules{time.perf_counter_ns()}.csv"
    asked = 0.0
    _keep_presets(victim)

    def written() -> bool:
        nonlocal asked
        if time.perf_counter() - asked > ASKED_S:
            asked = time.perf_counter()
            victim.program.send("/rules/export", str(path))
        return path.exists()

    victim.wait(written, f"{path.name}, which the next process writes")
    assert path.read_text().count("\n") > 4, f"{path} is not whole"
