"""The OSCQuery page follows its switches without ever keeping the music waiting."""

import json
import urllib.request

from app.device.osc_in import OscIn
from app.reach import Reach
from tests.condition import wait_for
from tests.stage import Stage


def told(reach: Reach) -> dict[str, object]:
    assert reach.query is not None
    with urllib.request.urlopen(f"http://127.0.0.1:{reach.query.port}/?HOST_INFO", timeout=5) as answer:
        found = json.loads(answer.read())
    assert isinstance(found, dict)
    return found


def test_the_page_comes_goes_and_names_the_osc_port() -> None:
    stage = Stage()
    reach = Reach(stage.engine)
    reach.open(0)
    assert isinstance(reach.osc_in, OscIn)
    wait_for(lambda: reach.query is not None, 10.0)
    assert told(reach)["OSC_PORT"] == reach.osc_in.port
    stage.engine.set("/osc/query", 0)
    stage.engine.turn()
    wait_for(lambda: reach.query is None, 10.0)
    reach.close()
    assert (reach.query, reach.osc_in) == (None, None)


def test_the_engine_does_not_wait_for_a_page_that_ends() -> None:
    stage = Stage()
    reach = Reach(stage.engine)
    reach.open(0)
    wait_for(lambda: reach.query is not None, 10.0)
    with reach._page:  # Somebody is at the page: a turn that waited for it would never come back.
        stage.engine.set("/osc/network", 1)
        stage.engine.turn()
        assert reach.gate.open
        stage.engine.set("/osc/network", 0)
        stage.engine.turn()
        assert not reach.gate.open
    reach.close()
