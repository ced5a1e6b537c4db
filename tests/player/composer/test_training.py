"""Training on tiny scores: it learns, keeps the best, stops, resumes, and says what is wrong."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.player.composer import checkpoint
from app.player.composer.generation import Context, Controls, Generator
from app.player.composer.job import TrainingJob
from app.player.composer.option import OptionError, Options, parse
from tests.player.composer.tiny import dataset, scale, write_midi

torch = pytest.importorskip("torch")

from app.player.composer.training import TrainingError, main, run_reported, train  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def options(tmp_path) -> Options:
    return Options(
        dataset(tmp_path / "data"),
        tmp_path / "models",
        name="tiny",
        epochs=40,
        seq_len=32,
        batch=8,
        hidden=24,
        from_scratch=True,
        cache=tmp_path / "cache",
        rate=0.01,
        dropout=0.0,
    )


def never() -> bool:
    return False


def of_kind(reports: list[dict], kind: str) -> list[dict]:
    return [report for report in reports if report["kind"] == kind]


def test_it_learns_keeps_the_best_and_the_model_plays(options):
    reports: list[dict] = []
    folder = train(options, reports.append, never, "the command")
    progress = of_kind(reports, "progress")
    assert (
        len(progress) > 40
        and {"epoch", "step", "train", "valid", "examples_per_s", "seconds_left"} <= progress[0].keys()
    )
    assert progress[-1]["best"] < 0.7 * progress[0]["valid"]
    assert progress[-1]["best"] == min(report["best"] for report in progress)
    assert reports[-1]["kind"] == "done" and Path(reports[-1]["folder"]) == folder == options.out / "tiny"
    assert sorted(path.name for path in folder.iterdir()) == ["model.json", "model.safetensors"]
    model = checkpoint.load(folder)
    assert [voice.name for voice in model.composers] == ["Ada", "Bob"]
    assert model.card["command"] == "the command" and model.card["loss"]["test"] > 0
    assert len(model.card["works"]["train"]) == 4 and len(model.card["works"]["test"][0]["sha256"]) == 64
    assert set(model.card["loss"]["matrix"]) == {"Ada", "Bob"}
    generator, context = Generator(model, 1), Context()
    rng = np.random.default_rng(0)
    strikes = sum(len(generator.step(context, Controls(), rng).struck) for _ in range(64))
    assert strikes > 10


def test_the_same_seed_trains_the_same_model(options):
    short = replace(options, epochs=3)
    first = checkpoint.load(train(short, list().append, never))
    again = checkpoint.load(train(replace(short, out=options.out / "again"), list().append, never))
    assert all((first.weights[name] == again.weights[name]).all() for name in first.weights)


def test_damaged_and_stray_files_are_named_and_left_out(options):
    (options.dataset / "Ada" / "broken.mid").write_bytes(b"MThd????")
    write_midi(options.dataset / "stray.mid", scale(64, 9))
    reports: list[dict] = []
    train(replace(options, epochs=1), reports.append, never)
    notes = [report["text"] for report in of_kind(reports, "note")]
    assert any("broken.mid is left out" in text for text in notes)
    assert any("stray.mid lies in no composer's folder" in text for text in notes)


def test_one_composer_alone(options):
    folder = train(replace(options, epochs=1, composer="Bob", name=""), list().append, never)
    assert folder.name == "Bob"
    assert [voice.name for voice in checkpoint.load(folder).composers] == ["Bob"]


def stopping_after(reports: list[dict], count: int):
    return lambda: len(of_kind(reports, "progress")) >= count


def test_a_stop_keeps_the_best_and_the_run_can_go_on(options):
    reports: list[dict] = []
    folder = train(options, reports.append, stopping_after(reports, 6))
    halted = checkpoint.load(folder).card["training"]["updates"]
    assert 0 < halted < 40 and (folder / "resume.pt").is_file()
    later: list[dict] = []
    train(replace(options, resume=True), later.append, never)
    steps = [report["step"] for report in of_kind(later, "progress")]
    assert steps[0] > of_kind(reports, "progress")[-1]["step"]
    assert of_kind(later, "progress")[-1]["best"] < of_kind(reports, "progress")[-1]["best"]
    assert not (folder / "resume.pt").exists()


def test_resuming_needs_a_run_of_the_same_works(options):
    with pytest.raises(TrainingError, match="no run to resume"):
        train(replace(options, resume=True), list().append, never)
    reports: list[dict] = []
    folder = train(options, reports.append, stopping_after(reports, 2))
    write_midi(options.dataset / "Ada" / "new.mid", scale(64, 50))
    with pytest.raises(TrainingError, match="other files"):
        train(replace(options, resume=True), list().append, never)
    (folder / "resume.pt").write_bytes(b"damaged")
    with pytest.raises(TrainingError, match="damaged"):
        train(replace(options, resume=True), list().append, never)


def test_a_run_starts_from_a_base_and_begins_better(options):
    base = train(options, list().append, never)
    reports: list[dict] = []
    tuned = replace(options, from_scratch=False, base=base, composer="Ada", name="tuned", epochs=2, rate=None)
    folder = train(tuned, reports.append, never)
    assert any("Starts from the model tiny" in report["text"] for report in of_kind(reports, "note"))
    assert of_kind(reports, "progress")[0]["best"] < checkpoint.load(base).card["loss"]["valid"] * 1.3
    assert checkpoint.load(folder).shape.composers == 1
    with pytest.raises(TrainingError, match="no model to start from"):
        train(replace(tuned, base=options.dataset), list().append, never)


@pytest.mark.parametrize(
    ("harm", "words"),
    [("empty", "No usable MIDI file"), ("missing", "No dataset folder"), ("short", "No usable MIDI file")],
)
def test_an_unusable_dataset_is_said_in_one_line(tmp_path, capsys, harm, words):
    root = tmp_path / "data"
    if harm != "missing":
        root.mkdir()
    if harm == "short":
        write_midi(root / "Ada" / "a.mid", [(0, 1, 60, 80)])
    assert (
        main(
            [
                "--dataset",
                str(root),
                "--out",
                str(tmp_path / "out"),
                "--from-scratch",
                "--json",
                "--cache",
                str(tmp_path / "cache"),
            ]
        )
        == 1
    )
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["kind"] == "error" and words in last["text"] and str(root) in last["text"]


@pytest.mark.parametrize(
    "wrong",
    [
        ["--epochs", "0"],
        ["--minutes", "nan"],
        ["--minutes", "-1"],
        ["--seq-len", "3"],
        ["--seed", "-1"],
        ["--batch", "0"],
        ["--rate", "inf"],
        ["--dropout", "1"],
        ["--threads", "0"],
        ["--name", "../up"],
    ],
)
def test_option_values_out_of_range_are_refused(wrong, capsys):
    with pytest.raises(OptionError, match=wrong[0]):
        parse(["--dataset", "data", "--out", "out", *wrong])
    assert main(["--dataset", "data", "--out", "out", *wrong]) == 2
    assert wrong[0] in capsys.readouterr().out


def environment() -> dict[str, str]:
    return os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}


def test_two_processes_share_a_run(options):
    command = [
        sys.executable,
        "-m",
        "torch.distributed.run",
        "--nproc-per-node=2",
        "--master-port=29541",
        "-m",
        "app.player.composer.training",
        "--dataset",
        str(options.dataset),
        "--out",
        str(options.out),
        "--name",
        "shared",
        "--epochs",
        "12",
        "--seq-len",
        "32",
        "--batch",
        "4",
        "--hidden",
        "16",
        "--from-scratch",
        "--rate",
        "0.01",
        "--cache",
        str(options.cache),
        "--json",
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    reports = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [report["kind"] for report in reports].count("done") == 1
    assert reports[-1]["valid"] < of_kind(reports, "progress")[0]["valid"]
    assert checkpoint.load(options.out / "shared").shape.hidden == 16


def drain(job: TrainingJob, until, limit: float = 60.0) -> list[dict]:
    """Collect reports until the condition holds; the pipe itself is waited on."""
    reports: list[dict] = []
    while not until(reports):
        assert job._pipe.poll(limit), "the worker said nothing"
        reports += job.poll()
    return reports


def test_a_job_reports_stops_and_keeps_the_best(options):
    job = TrainingJob(replace(options, epochs=100_000))
    try:
        reports = drain(job, lambda seen: len(of_kind(seen, "progress")) >= 2)
        assert job.alive
        job.stop()
        reports += drain(job, lambda seen: bool(of_kind(seen, "done")))
        assert checkpoint.load(options.folder).card["training"]["updates"] > 0
        assert os.getpriority(os.PRIO_PROCESS, job._process.pid) == 19 if job.alive else True
        job.stop()  # once more does no harm
    finally:
        job.kill()
    assert not job.alive and job.poll() == []


def test_a_killed_job_leaves_a_whole_model_and_says_nothing_more(options):
    job = TrainingJob(replace(options, epochs=100_000))
    try:
        drain(job, lambda seen: len(of_kind(seen, "progress")) >= 4)
    finally:
        job.kill()
    assert checkpoint.load(options.folder).composers
    assert not job.alive and job.poll() == []


def test_a_run_that_cannot_start_says_why(options):
    reports: list[dict] = []
    assert run_reported(replace(options, dataset=options.dataset / "nowhere"), reports.append, never) == 1
    assert [report["kind"] for report in reports] == ["error"] and "No dataset folder" in reports[0]["text"]
    with pytest.raises(OptionError):
        TrainingJob(replace(options, seq_len=1))


def test_watching_a_job_needs_no_torch():
    code = (
        "import sys; import app.player.composer.job, app.player.composer.generation; "
        "sys.exit(bool({'torch', 'sklearn', 'symusic'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
