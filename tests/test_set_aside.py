"""What a session cannot read is set aside and never written over."""

from pathlib import Path

import pytest

from app.file import set_aside
from tests.instrument import offline


def test_each_unreadable_file_gets_a_name_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "scenes.json"
    assert set_aside(path) == ""
    for number in (1, 2, 3):
        path.write_text(f"broken {number}")
        assert f"scenes.json.unreadable-{number}" in set_aside(path)
    assert sorted(found.read_text() for found in tmp_path.iterdir()) == ["broken 1", "broken 2", "broken 3"]


@pytest.mark.parametrize("name", ["listener/dataset.csv", "follower/lessons.json", "scenes.json"])
def test_a_broken_part_of_a_session_outlives_the_next_save(tmp_path: Path, name: str) -> None:
    first = offline(tmp_path)
    first.session.save()
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("years of work, with one wrong \x00 character")
    second = offline(tmp_path)
    second.session.load()
    assert any("unreadable-1" in line.text for line in second.engine.monitor.log)
    second.engine.fire("/scene/store", 1)
    second.engine.turn()
    second.session.save()
    kept = path.with_name(f"{path.name}.unreadable-1")
    assert kept.read_text() == "years of work, with one wrong \x00 character"
