"""The doctor with a real JACK server: it sees the ports, hears itself, and strikes a note at another program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.device.midi_port import jack_server
from app.doctor_check import examine
from app.doctor_place import Place
from app.doctor_state import OK
from tests.condition import wait_for
from tests.peer_jack import JackPeer, JackServer, missing

pytestmark = [pytest.mark.peer, pytest.mark.skipif(bool(missing()), reason=missing() or "-")]


@pytest.fixture
def server() -> Iterator[JackServer]:
    server = JackServer()
    server.start()
    wait_for(jack_server, 15.0, "the JACK server")
    yield server
    server.close()


def test_it_hears_itself_and_strikes_a_note_at_another_program(server: JackServer, tmp_path: Path) -> None:
    peer = JackPeer("doctor's friend")
    try:
        found = {finding.name: finding for finding in examine(Place(tmp_path, midi="doctor's friend"), ("midi",))}
        print({name: finding.text for name, finding in found.items()})
        assert found["midi"].level == found["midi out"].level == found["midi loop"].level == OK
        assert "doctor's friend" in found["midi out"].text
        assert "ms" in found["midi loop"].text
        wait_for(lambda: len(peer.messages) >= 2, 5.0, "the note")
        assert [message[0] >> 4 for _, message in peer.messages[:2]] == [9, 8]
    finally:
        peer.close()
