"""Complaints about late blocks are counted; everything else still reaches the terminal."""

import subprocess
import sys

CODE = """
import os, time
from app.sound.stray import Stray
with Stray() as stray:
    os.write(2, b"Warning: buffer over")
    time.sleep(0.05)
    os.write(2, b"run?\\nsomething else\\nWarning: buffer overrun?\\n")
    end = time.perf_counter() + 5
    while stray.late < 2 and time.perf_counter() < end:
        time.sleep(0.005)
    print(stray.late)
raise RuntimeError("the last words")
"""


def test_late_blocks_are_counted_and_the_rest_is_passed_on() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=30, check=False)
    assert done.stdout.strip() == "2"
    assert "something else" in done.stderr
    assert "the last words" in done.stderr
    assert "overrun" not in done.stderr
