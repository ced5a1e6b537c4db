"""Whoever trains is killed while the music plays: it is said, no file is half, the next order is carried out."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import kill
from tests.kill_worker import WORKERS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="uses kill -9")


@pytest.mark.parametrize("who", WORKERS)
def test_whoever_learns_may_be_killed(who: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (blow,) = kill.run(1, 2, (who,))
    assert blow.who == who
    assert not list(tmp_path.rglob(".*.npz.*"))
