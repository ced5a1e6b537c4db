"""Waiting for a condition with a limit, for tests with real processes."""

from __future__ import annotations

import time
from collections.abc import Callable


def wait_for(condition: Callable[[], object], limit_s: float = 5.0, what: str = "the condition") -> None:
    """Return as soon as the condition holds; AssertionError after `limit_s`."""
    end = time.perf_counter() + limit_s
    while not condition():
        assert time.perf_counter() < end, f"{what} did not hold within {limit_s} s"
        time.sleep(0.002)
