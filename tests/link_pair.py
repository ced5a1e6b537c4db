"""Two Link peers, each in a process of its own: prints both tempi and how far their beats are apart, in ms."""

import subprocess
import sys
import time

PEER = """
import sys, time
from app.link_peer import LinkPeer
peer = LinkPeer(float(sys.argv[1]))
print("joined", flush=True)
for line in sys.stdin:
    word, number = line.split()
    if word == "tempo":
        peer.set_tempo(float(number), time.perf_counter())
    state = peer.state(float(number), time.perf_counter(), 4.0)
    print(state.bpm, state.beat, state.peers, flush=True)
"""


class Peer:
    """One process that has joined."""

    def __init__(self, bpm: float) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PEER, str(bpm)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.read()

    def read(self) -> list[str]:
        assert self.process.stdout is not None
        return self.process.stdout.readline().split()

    def ask(self, word: str, number: float) -> tuple[float, float, int]:
        """Return tempo, beat and number of peers."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word} {number!r}\n")
        self.process.stdin.flush()
        bpm, beat, peers = self.read()
        return float(bpm), float(beat), int(peers)


def wait(true: "object", limit_s: float = 15.0) -> None:
    """Wait until a question is answered with yes."""
    end = time.perf_counter() + limit_s
    while time.perf_counter() < end:
        if true():  # type: ignore[operator]
            return
        time.sleep(0.02)
    raise TimeoutError("the peers did not agree")


def main() -> None:
    one, other = Peer(120.0), Peer(97.0)
    wait(lambda: one.ask("at", time.perf_counter())[2] == other.ask("at", time.perf_counter())[2] == 1)
    one.ask("tempo", 140.0)
    wait(lambda: other.ask("at", time.perf_counter())[0] > 139.99)
    worst = 0.0
    for _ in range(50):
        at = time.perf_counter() + 0.01
        (_, beat, _), (_, twin, _) = one.ask("at", at), other.ask("at", at)
        apart = abs((beat - twin + 2) % 4 - 2)
        worst = max(worst, apart * 60 / 140 * 1000)
    print(one.ask("at", 0.0)[0], other.ask("at", 0.0)[0], worst)
    for peer in (one, other):
        peer.process.kill()


if __name__ == "__main__":
    main()
