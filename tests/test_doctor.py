"""The doctor: one sentence for each thing, a status for scripts, and never silence about silence."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from app import doctor, doctor_check, doctor_system
from app.built_in import BuiltIn
from app.doctor import main, verdict
from app.doctor_check import examine
from app.doctor_place import Place, place_of
from app.doctor_state import FAILURE, OK, WARNING, Finding
from app.doctor_system import required
from app.instrument import Instrument
from app.rehearsal import LEAST_EVENTS, Rehearsal
from app.snapshot import DeviceState
from app.transport import OfflineClock
from tests.instrument import offline, port_of
from tests.receiver import Receiver


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Instrument:
    monkeypatch.setattr(doctor, "quiet_visit", lambda _folder: [Finding("disk", OK, "room enough")])
    instrument = offline(tmp_path / "set", 4)
    run(instrument, 0.1)
    return instrument


def run(instrument: Instrument, seconds: float) -> None:
    instrument.engine.run_until(instrument.engine.clock.now() + seconds)


def asked(instrument: Instrument) -> str:
    """Ask the doctor why nothing sounds."""
    instrument.engine.fire("/doctor/run")
    run(instrument, 0.1)
    assert not instrument.engine.snapshot.doctor.running
    return instrument.engine.snapshot.doctor.why


# --- in the instrument -------------------------------------------------------------------------------------


def test_it_strikes_a_note_where_one_can_be_heard_and_says_what_it_saw(stage: Instrument) -> None:
    assert asked(stage) == "Nothing sounds because the music stands; press Space"
    run(stage, 1.0)
    assert [type(event).__name__ for _, event in port_of(stage).sent][:2] == ["NoteOn", "NoteOff"]
    names = {finding.name for finding in stage.engine.snapshot.doctor.findings}
    assert {"disk", "osc out", "midi out", "synth out", "osc in", "clock"} <= names


def test_while_the_music_plays_it_disturbs_nothing(stage: Instrument) -> None:
    stage.engine.fire("/transport/play")
    run(stage, 4.0)
    before = len([event for _, event in port_of(stage).sent if getattr(event, "velocity", 0) == 90])
    assert asked(stage) == ""
    assert len([event for _, event in port_of(stage).sent if getattr(event, "velocity", 0) == 90]) - before < 3
    assert any("no fault: Notes leave through OSC (nowhere)" in line.text for line in stage.engine.monitor.log)


@pytest.mark.parametrize(
    ("moves", "sentence"),
    [
        ({"/output/osc/on": 0, "/output/synth/on": 0}, "no output is on"),
        ({"/composer/mute": 1}, "the Composer is muted"),
        ({"/composer/density": 0}, "density is 0"),
    ],
)
def test_it_says_why_nothing_sounds(stage: Instrument, moves: dict[str, float], sentence: str) -> None:
    for address, value in moves.items():
        stage.engine.set(address, value)
    run(stage, 0.1)
    stage.engine.fire("/transport/play")
    run(stage, 3.0)
    assert sentence in asked(stage)


def test_a_port_that_fails_is_the_reason(stage: Instrument) -> None:
    stage.engine.set("/output/synth/on", 0)
    run(stage, 0.1)
    stage.engine.outputs.states["osc"] = DeviceState("osc", "waiting", "Nobody listens at 127.0.0.1:56120")
    assert "Nobody listens at 127.0.0.1:56120" in asked(stage)


def test_a_visit_that_fails_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_folder: Path) -> list[Finding]:
        raise OSError("no more processes")

    monkeypatch.setattr(doctor, "quiet_visit", broken)
    instrument = offline(tmp_path / "set")
    run(instrument, 0.1)
    asked(instrument)
    assert any("no more processes" in finding.text for finding in instrument.engine.snapshot.doctor.findings)


# --- the rehearsal report ----------------------------------------------------------------------------------


def test_a_good_run_passes_and_the_report_is_text_and_json(stage: Instrument, tmp_path: Path) -> None:
    stage.engine.set("/composer/density", 1)
    stage.engine.fire("/transport/play")
    run(stage, 20.0)
    stage.engine.fire("/transport/stop")
    run(stage, 1.0)
    stage.engine.fire("/doctor/report", str(tmp_path / "tonight.txt"))
    run(stage, 0.1)
    text, found = (tmp_path / "tonight.txt").read_text(), json.loads((tmp_path / "tonight.json").read_text())
    assert "This would do on stage." in text
    assert found["passed"]
    by_name = {line["name"]: line["value"] for line in found["lines"]}
    assert 19 <= by_name["length"] <= 21
    struck = [event for _, event in port_of(stage).sent if type(event).__name__ == "NoteOn"]
    assert len(struck) > 20
    assert 0 <= by_name["notes handed over"] - len(struck) <= 8  # What the stop withdrew.
    assert any(line.text == "Rehearsal: pass" for line in stage.engine.monitor.log)


@pytest.mark.parametrize(
    ("late_ms", "counts", "failed"),
    [
        ([0.1] * 990 + [5.0] * 20, {}, ["lateness, 99 of 100 events", "jitter, 1 to 99 of 100 events"]),
        ([0.1] * 5000 + [40.0], {}, ["lateness, worst"]),
        ([0.1] * 500, {"skipped": 1}, ["steps skipped"]),
        ([0.1] * 500, {"faults": 2, "output errors": 1}, ["errors of outputs", "faults inside"]),
        ([0.1] * 500, {"ports lost": 1, "midi faults": 3}, ["outputs lost on the way"]),
        ([0.1] * 500, {"ended": 1}, ["processes that ended and came back"]),
    ],
)
def test_what_the_bars_do_not_allow_fails(
    stage: Instrument, late_ms: list[float], counts: dict[str, int], failed: list[str]
) -> None:
    rehearsal = Rehearsal(stage.engine)
    stage.engine.fire("/transport/play")
    run(stage, 0.1)
    stage.engine.monitor.lateness.add(late_ms)
    stage.engine.monitor.counts.update(counts)
    run(stage, 0.1)
    report = rehearsal.report()
    assert not report.passed
    assert [line.name for line in report.lines if not line.passed] == failed
    assert "FAIL" in report.text()


def test_what_was_before_the_run_is_not_held_against_it(stage: Instrument) -> None:
    rehearsal = Rehearsal(stage.engine)
    stage.engine.inbox.dropped = 7
    stage.engine.monitor.counts.update({"ports lost": 2, "ended": 1})
    run(stage, 0.1)
    stage.engine.fire("/transport/play")
    run(stage, 0.1)
    stage.engine.monitor.lateness.add([0.1] * 497 + [10.5, 40.0, 240.0])
    run(stage, 0.1)
    report = rehearsal.report()
    by_name = {line.name: line.value for line in report.lines}
    assert by_name["messages that came in and were dropped"] == by_name["outputs lost on the way"] == 0
    assert by_name["events more than 10 ms late"] == 3
    stage.engine.inbox.dropped = 9
    run(stage, 0.1)
    assert "messages that came in and were dropped" in [
        line.name for line in rehearsal.report().lines if not line.passed
    ]


def test_a_port_that_goes_in_the_middle_is_in_the_report(stage: Instrument) -> None:
    rehearsal = Rehearsal(stage.engine)
    stage.engine.fire("/transport/play")
    run(stage, 2.0)
    port_of(stage).plugged = False
    run(stage, 2.0)
    port_of(stage).plugged = True
    run(stage, 20.0)
    assert "FAIL   outputs lost on the way: 1" in rehearsal.report().text()


def test_holes_in_the_sound_are_counted_over_all_its_lives() -> None:
    clock = OfflineClock(10.0)
    synth = BuiltIn(None, clock, lambda _level, _text: None)
    for post in (("ready", 1), ("late", 2), ("late", 5), ("ready", 2), ("late", 1)):
        clock.seconds += 0.1
        synth._hear(post, "")
    assert synth.xruns == 6


def test_a_run_that_was_too_short_is_no_verdict(stage: Instrument) -> None:
    stage.engine.fire("/doctor/report", "/proc/nowhere/report")
    run(stage, 0.1)
    report = Rehearsal(stage.engine).report()
    assert not report.passed
    assert f"{LEAST_EVENTS}" not in report.reason
    assert "Only" in report.reason
    assert any("Rehearsal report failed" in line.text for line in stage.engine.monitor.log)


# --- the command -------------------------------------------------------------------------------------------


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what starts processes; those checks have tests of their own."""
    for name in ("clock", "sound", "microphone"):
        monkeypatch.setitem(doctor_check.CHECKS, name, lambda _place, name=name: Finding(name, WARNING, "left out"))


def test_the_command_ends_with_0_when_somebody_listens_and_1_when_nobody_does(
    fast: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receiver = Receiver()
    to = f"127.0.0.1:{receiver.port}"
    assert main(["--session", str(tmp_path), "--osc-out", to]) == 0
    assert "A note is heard through osc out" in capsys.readouterr().out
    assert [message[0] for message in receiver.read()] == ["/note_on", "/note_off"]
    receiver.close()
    assert main(["--session", str(tmp_path), "--osc-out", to, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert not found["passed"]
    assert any("Nobody listens at" in finding["text"] for finding in found["findings"])


def test_the_command_asks_about_the_session_that_will_be_played(
    fast: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receiver = Receiver()
    instrument = offline(tmp_path / "set")
    for address, value in (("/output/osc/port", receiver.port), ("/output/midi/on", 1), ("/output/synth/on", 0)):
        instrument.engine.set(address, float(value))
    run(instrument, 0.1)
    instrument.session.save()
    run(instrument, 0.1)
    stored = json.loads((tmp_path / "set" / "session.json").read_text())["parameters"]
    place = place_of(tmp_path / "set", stored)
    assert (place.port, place.midi, place.synth) == (receiver.port, "", False)
    assert main(["--session", str(tmp_path / "set")]) == 0
    told = capsys.readouterr().out
    assert f"plays to OSC 127.0.0.1:{receiver.port}, MIDI to the first port" in told
    assert [message[0] for message in receiver.read()] == ["/note_on", "/note_off"]
    receiver.close()


def test_a_session_without_an_output_or_with_damage_is_said(
    fast: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stored = {"format": 1, "parameters": {"/output/osc/on": "off", "/output/synth/on": "off"}}
    (tmp_path / "session.json").write_text(json.dumps(stored))
    assert main(["--session", str(tmp_path)]) == 1
    assert "No output is on in this session; switch OSC, MIDI or the synth on" in capsys.readouterr().out
    for text in ("{", '{"parameters": {"/output/osc/port": "x", "/output/osc/host": []}}'):
        (tmp_path / "session.json").write_text(text)
        assert main(["--session", str(tmp_path)]) == 1
    assert "cannot be read" in capsys.readouterr().out


def test_a_wrong_receiver_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--osc-out", "nowhere"]) == 2
    assert "write HOST:PORT" in capsys.readouterr().err


def test_a_folder_that_takes_no_files_and_a_full_disk_are_failures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = examine(Place(Path("/proc/nowhere/set")), ("folder",))
    assert found.level == FAILURE
    assert "--session FOLDER" in found.text
    (found,) = examine(Place(tmp_path), ("folder",))
    assert found.level == OK
    assert not list(tmp_path.iterdir())
    usage = type("Usage", (), {"free": 50 << 20})
    monkeypatch.setattr("app.doctor_system.shutil.disk_usage", lambda _: usage)
    (found,) = examine(Place(tmp_path / "not" / "there"), ("disk",))
    assert (found.level, "50 MB" in found.text) == (FAILURE, True)


def test_missing_libraries_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = tmp_path / "requirements.txt"
    wanted.write_text('numpy>=2 # numbers\n-r other.txt\n\nno-such-thing==1 ; python_version < "4"\n')
    assert required(wanted) == ["numpy", "no-such-thing"]
    monkeypatch.setattr(doctor_system, "REQUIREMENTS", wanted)
    (found,) = examine(Place(tmp_path), ("libraries",))
    assert found.level == FAILURE
    assert found.text.startswith("no-such-thing is missing")


def test_a_taken_port_and_a_broken_check_are_findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        found = doctor_system.check_osc_in(Place(tmp_path), taken.getsockname()[1])
        assert found.level == WARNING
        assert "is taken" in found.text

    def broken(_place: Place) -> Finding:
        raise RuntimeError("a driver crashed")

    monkeypatch.setitem(doctor_check.CHECKS, "midi", broken)
    first, second = examine(Place(tmp_path), ("midi", "python"))
    assert (first.level, second.name) == (FAILURE, "python")
    assert "a driver crashed" in first.text


def test_the_clock_is_measured_by_the_process_that_sends(tmp_path: Path) -> None:
    clock, priority = examine(Place(tmp_path, seconds=0.3), ("clock",))
    print(clock.text, "|", priority.text)
    assert clock.text.startswith("30 events left")
    assert priority.name == "priority"


def test_the_verdict_gives_all_the_reasons() -> None:
    silent = [Finding("sound", WARNING, "no device"), Finding("osc out", WARNING, "nobody listens")]
    assert verdict(silent).text == "Nothing would sound: no device; nobody listens"
    assert verdict([*silent, Finding("midi out", OK, "sent")]).level == OK


def test_the_quiet_visit_is_a_process_of_its_own(tmp_path: Path) -> None:
    found = doctor.quiet_visit(tmp_path)
    assert {"python", "libraries", "disk", "folder"} <= {finding.name for finding in found}
    assert all(finding.text.strip() for finding in found)
