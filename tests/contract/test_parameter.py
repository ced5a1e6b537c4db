"""Every Parameter and Action of the whole instrument goes through the same checks, found in its tables."""

import math
from pathlib import Path

import pytest

from app.parameter import Parameter, TextParameter
from tests.instrument import offline

INSTRUMENT = offline(Path("/nonexistent/session"))
ADDRESSES = [parameter.address for parameter in INSTRUMENT.engine.tree]
ACTIONS = [action.address for action in INSTRUMENT.engine.actions]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_parameter_keeps_its_promises(address: str) -> None:
    parameter = offline(Path("/nonexistent/session")).engine.tree.find(address)
    assert parameter is not None
    assert parameter.title
    assert parameter.value == parameter.default
    if isinstance(parameter, TextParameter):
        parameter.set("Grüße", "test")
        assert (parameter.show(), parameter.stored) == ("Grüße", "Grüße")
    else:
        check_number(parameter)
    parameter.reset()
    assert parameter.value == parameter.default


def check_number(parameter: Parameter) -> None:
    for extreme in (-math.inf, math.inf, -1e300, 1e300, 0.0):
        parameter.set(extreme, "test")
        assert 0.0 <= parameter.position <= 1.0
        assert parameter.curve.clamp(parameter.value) == parameter.value
    with pytest.raises(ValueError, match=parameter.address):
        parameter.set(math.nan)
    for position in (0.0, 0.3, 1.0):
        parameter.set(parameter.curve.value(position))
        shown = parameter.show()
        parameter.set(shown)
        assert parameter.show() == shown
        stored = parameter.stored
        parameter.reset()
        parameter.set(stored)
        assert parameter.stored == stored


def test_addresses_of_values_and_verbs_never_meet() -> None:
    assert not set(ADDRESSES) & set(ACTIONS)


@pytest.mark.parametrize("address", ACTIONS)
def test_an_action_has_a_title_a_sentence_and_survives_being_fired(address: str) -> None:
    instrument = offline(Path("/nonexistent/session"))
    action = instrument.engine.actions.find(address)
    assert action is not None
    assert action.title
    assert action.help
    instrument.engine.fire(address)
    instrument.engine.turn()
    assert address == "/quit" or address == "/quit/ask" or not instrument.engine.ended


def test_every_factory_key_moves_something_that_exists() -> None:
    engine = INSTRUMENT.engine
    for binding in engine.bindings:
        assert engine.tree.find(binding.target) or engine.actions.find(binding.target), binding
