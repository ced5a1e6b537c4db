"""Whatever a stranger sends to the Rules, they play on: random verbs, random arguments, random moves."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.player.rules.stage import Stage

ARGUMENTS = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(-3, 40).map(float),
    st.sampled_from(
        ["rain", "storm", "r", "", "none", "a|b", "set", "interval", "set rain r", "1 beat", "midi", "\x00"]
    ),
    st.text(max_size=8),
)
# Verbs that write files or read them are tried elsewhere.
SHUT = ("/rules/import", "/rules/export")


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 10_000), st.lists(ARGUMENTS, max_size=4)), max_size=25), st.booleans())
def test_nothing_that_arrives_stops_them(deeds: list[tuple[int, list[float | str]]], plays: bool) -> None:
    stage = Stage()
    stage.keep_tiny()
    addresses = [one.address for one in stage.engine.tree if one.address.startswith("/rules/")]
    addresses += [one.address for one in stage.engine.actions if one.address.startswith("/rules/")]
    addresses = [one for one in addresses if one not in SHUT and "/knob/" not in one and "/lock/" not in one]
    addresses += ["/rules/knob/1", "/rules/knob/16", "/rules/knob/32", "/rules/lock/1", "/undo", "/redo"]
    if plays:
        stage.fire("/transport/play")
    for number, arguments in deeds:
        address = addresses[number % len(addresses)]
        if address in stage.engine.tree and arguments:
            stage.put(address, arguments[0])
        else:
            stage.fire(address, *arguments)
    stage.run(1)
    said = stage.said_all()
    assert "stopped:" not in said
    assert "A fault in" not in said
    assert "this cannot be done" not in said
    stage.fire("/transport/stop")
    count = len(stage.sent())
    stage.run(2)
    assert len(stage.sent()) == count
