"""All that can be looked at without the instrument, by name: libraries, disk, clock, ports, sound.

Each check answers with one sentence that says what is, and, where something is missing, what to do. A check that fails
in an unforeseen way is a finding too: whoever asks the doctor needs all the answers.
"""

from __future__ import annotations

from collections.abc import Callable

from app.doctor_clock import check_clock
from app.doctor_place import Place
from app.doctor_port import check_microphone, check_midi, check_osc_out, check_outputs, check_synth
from app.doctor_state import FAILURE, Finding
from app.doctor_system import check_disk, check_folder, check_libraries, check_osc_in, check_python

CHECKS: dict[str, Callable[[Place], Finding | list[Finding]]] = {
    "python": check_python,
    "libraries": check_libraries,
    "folder": check_folder,
    "disk": check_disk,
    "clock": check_clock,
    "osc in": check_osc_in,
    "outputs": check_outputs,
    "osc out": check_osc_out,
    "midi": check_midi,
    "sound": check_synth,
    "microphone": check_microphone,
}
QUIET = ("python", "libraries", "disk", "folder", "midi", "microphone")  # What disturbs no music that plays.


def examine(place: Place, names: tuple[str, ...] = tuple(CHECKS)) -> list[Finding]:
    """Look at everything that is named."""
    found: list[Finding] = []
    for name in names:
        try:
            answer = CHECKS[name](place)
        except Exception as error:  # noqa: BLE001 - one broken thing must not hide the others
            answer = Finding(name, FAILURE, f"It could not be looked at: {error!r}")
        found += answer if isinstance(answer, list) else [answer]
    return found
