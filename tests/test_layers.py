"""Who may import whom: the layers hold, `app/` knows no Qt, and the playing process no training library."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
QT = {"PySide6", "shiboken6", "pyqtgraph", "ui"}
HEAVY = {"torch", "sklearn", "symusic"}
TRAINING = {
    "app.player.composer.training",
    "app.player.composer.network",
    "app.player.composer.run",
    "app.player.composer.batch",
    "app.player.composer.corpus",
    "app.player.composer.score",
    "app.player.composer.evaluation",
    "app.player.composer.statistic",
    "app.model.sk",
    "app.model.gru_training",
}
# Part of the composition root: only main and tests know them.
ROOTS = {
    "app.calibration_desk",
    "app.composing",
    "app.doctor",
    "app.following",
    "app.instrument",
    "app.listening",
    "app.mapping",
    "app.monitor_panel",
    "app.reach",
    "app.recorder",
    "app.replay",
    "app.ruling",
    "app.start",
    "app.sync",
}

# Rank of a module by its longest matching prefix: an import goes to the same rank or a lower one.
RANKS = {
    "app.parameter": 0,
    "app.event": 0,
    "app.frame": 0,
    "app.snapshot": 1,
    "app.action": 0,
    "app.interrupt": 0,
    "app.file": 0,
    "app.binding": 1,
    "app.midi_source": 1,
    "app.encoder": 0,
    "app.take_over": 0,
    "app.guess": 1,
    "app.stream": 1,
    "app.map": 4,
    "app.mapping": 7,
    "app.midi_ear": 4,
    "app.controller": 3,
    "app.feedback": 4,
    "app.profile": 2,
    "app.osc_pattern": 0,
    "app.complaint": 3,
    "app.inquiry": 3,
    "app.subscription": 3,
    "app.web_link": 3,
    "app.web_server": 3,
    "app.namespace": 3,
    "app.tablet": 3,
    "app.peer_file": 7,
    "app.network": 0,
    "app.announcement": 0,
    "app.oscquery": 4,
    "app.reach": 7,
    "app.sync": 7,
    "app.tap": 0,
    "app.launch": 1,
    "app.calibration": 0,
    "app.calibration_desk": 7,
    "app.calibration_state": 0,
    "app.clock_follower": 0,
    "app.link_peer": 0,
    "app.voices": 1,
    "app.transport": 1,
    "app.input": 0,
    "app.mixer": 1,
    "app.dataset": 1,
    "app.example": 0,
    "app.process": 1,
    "app.spectrum": 1,
    "app.job_report": 0,
    "app.learning": 2,
    "app.adapter": 6,
    "app.inbox": 1,
    "app.history": 1,
    "app.keymap": 1,
    "app.watch": 1,
    "app.monitor": 1,
    "app.monitor_state": 0,
    "app.monitor_panel": 7,
    "app.lateness": 0,
    "app.roll": 1,
    "app.model": 2,
    "app.player": 2,
    "app.device": 2,
    "app.synth": 2,
    "app.sound": 2,
    "app.dispatcher": 3,
    "app.offline": 3,
    "app.command": 2,
    "app.outlet": 3,
    "app.priority": 0,
    "app.parent": 0,
    "app.hand": 3,
    "app.built_in": 3,
    "app.speaker": 3,
    "app.output": 4,
    "app.trainer": 4,
    "app.inlets": 4,
    "app.reception": 4,
    "app.picture": 4,
    "app.ensemble": 5,
    "app.engine": 5,
    "app.recorder_state": 0,
    "app.recorder_tape": 0,
    "app.recorder_note": 1,
    "app.recorder_pack": 2,
    "app.recorder_midi": 2,
    "app.recorder_data": 1,
    "app.recorder_loop": 2,
    "app.recorder_loop_file": 6,
    "app.recorder_job": 3,
    "app.recording": 1,
    "app.rehearsal": 6,
    "app.silence": 6,
    "app.doctor_check": 4,
    "app.doctor_system": 4,
    "app.doctor_clock": 4,
    "app.doctor_port": 4,
    "app.doctor_place": 0,
    "app.doctor_state": 0,
    "app.recorder": 7,
    "app.replay": 7,
    "app.doctor": 7,
    "app.session": 6,
    "app.saving": 1,
    "app.scene": 6,
    "app.factory": 6,
    "app.listening": 7,
    "app.ruling": 7,
    "app.following": 7,
    "app.instrument": 7,
    "app.composing": 7,
    "app.start": 8,
    "app.inline": 0,
    "app.window_parameter": 1,
}
STRANGERS = ("app.player", "app.device", "app.model")


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{name.name}" for name in node.names}
    return found


def rank(module: str) -> int | None:
    prefix = module
    while prefix:
        if prefix in RANKS:
            return RANKS[prefix]
        # `dataset_file` has the rank of `dataset` unless it has its own; then comes the package.
        stem, _, last = prefix.rpartition(".")
        prefix = f"{stem}.{last.rpartition('_')[0]}" if "_" in last else stem
    return None


MODULES = sorted((ROOT / "app").rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_app_imports_no_qt_and_goes_downwards(path: Path) -> None:
    module = module_of(path)
    assert module == "app" or rank(module) is not None, f"{module} has no rank: give it one"
    for imported in imports_of(path):
        assert imported.split(".")[0] not in QT, f"{module} imports {imported}"
        target = rank(imported) if imported.startswith("app.") else None
        if target is not None:
            mine = rank(module)
            assert mine is not None
            assert target <= mine, f"{module} imports {imported}, which is above it"


@pytest.mark.parametrize("path", MODULES, ids=module_of)
def test_players_devices_and_models_are_strangers(path: Path) -> None:
    module = module_of(path)
    own = next((family for family in STRANGERS if module.startswith(family)), None)
    if own is None:
        return
    others = [family for family in STRANGERS if family not in (own, "app.model" if own == "app.player" else own)]
    met = [name for name in imports_of(path) if any(name.startswith(family) for family in others)]
    assert not met, f"{module} imports {met}"


def test_only_ui_imports_qt() -> None:
    for path in [ROOT / "main.py", *(ROOT / "app").rglob("*.py")]:
        assert not {name.split(".")[0] for name in imports_of(path)} & {"PySide6", "pyqtgraph"}, path


@pytest.mark.parametrize("path", [path for path in MODULES if module_of(path) not in TRAINING], ids=module_of)
def test_only_training_imports_heavy_libraries(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports_of(path)} & HEAVY


def test_the_playing_process_loads_neither_qt_nor_training_libraries() -> None:
    code = (
        "import main, app.start, app.dispatcher_process, app.player.composer.job, sys;"
        f"print(sorted(set(sys.modules) & {QT | HEAVY!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
