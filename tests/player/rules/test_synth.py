"""Descriptions of synths: the shipped ones are whole, a broken one is a sentence, values are what presets keep."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.device.packet import decode, encode
from app.event import NOW, Control, Message
from app.parameter import Linear, Log, Steps
from app.player.rules.synth import Cc, Knob, Nrpn, Osc, SynthError, find, parse, read
from app.player.rules.wire import say, tell
from app.sound.patch import SETTINGS

SHIPPED = Path(__file__).resolve().parents[3] / "presets" / "synths"


def knob(**stored: object) -> Knob:
    return parse({"knobs": [{"name": "k", **stored}]}, "test").knobs[0]


def test_the_shipped_synths_are_whole() -> None:
    synths, troubles = find((SHIPPED,))
    assert troubles == []
    assert {synth.name for synth in synths} == {"understudy", "osc", "midi", "ndef"}
    assert len({synth.title for synth in synths}) == 4


def test_the_built_in_synth_is_described_as_it_is() -> None:
    described = read(SHIPPED / "understudy.json")
    assert [(k.name, k.target) for k in described.knobs] == [(s.name, Osc(f"/patch/{s.name}")) for s in SETTINGS]
    for one, setting in zip(described.knobs, SETTINGS, strict=True):
        assert (one.curve.clamp(-1e9), one.curve.clamp(1e9)) == (setting.low, setting.high)
        assert one.default == setting.default


def test_a_value_is_rounded_so_that_equal_settings_are_equal() -> None:
    assert knob(low=20, high=2000, curve="log", digits=0).value(59.7) == 60
    assert knob(digits=2).value(0.123) == 0.12
    assert knob(choices=["sine", "saw"]).value(1) == "saw"


@pytest.mark.parametrize(
    ("value", "number"), [(0.5, 0.5), (3, 1.0), (-1, 0.0), ("0.25", 0.25), (True, 1.0), ("rain", None), (1e400, None)]
)
def test_a_presets_value_becomes_a_number_in_the_range_or_none(value: float | str, number: float | None) -> None:
    assert knob().number(value) == number


def test_each_kind_of_knob_is_read() -> None:
    assert knob(low=1, high=10, curve="log").curve == Log(1, 10, 2)
    assert knob(low=0, high=8, digits=0).curve == Linear(0, 8, 1, 0)
    assert knob(choices=["a", "b"], default="b").default == 1
    assert knob(choices=["a", "b"]).curve == Steps(("a", "b"))
    assert (knob(cc=74).target, knob(cc14=1).target, knob(nrpn=300).target) == (Cc(74), Cc(1, fine=True), Nrpn(300))
    assert knob(osc="/a/b").target == Osc("/a/b")


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ([], "object with name and knobs"),
        ({}, "knobs must be a list"),
        ({"knobs": []}, "knobs must be a list of 1 to 32"),
        ({"knobs": [{"name": "k"}] * 33}, "1 to 32"),
        ({"knobs": [{}]}, "knob 1 needs a name"),
        ({"knobs": [{"name": "a"}, {"name": "a"}]}, "two knobs are called a"),
        ({"knobs": [{"name": "a", "low": 3, "high": 1}]}, "low 3 must be below high 1"),
        ({"knobs": [{"name": "a", "low": 0, "curve": "log"}]}, "needs a low above 0"),
        ({"knobs": [{"name": "a", "curve": "bent"}]}, "write linear or log"),
        ({"knobs": [{"name": "a", "low": "x"}]}, "could not convert"),
        ({"knobs": [{"name": "a", "high": float("nan")}]}, "must be below"),
        ({"knobs": [{"name": "a", "cc": 200}]}, "cc must be a whole number 0 to 127"),
        ({"knobs": [{"name": "a", "cc14": 40}]}, "0 to 31"),
        ({"knobs": [{"name": "a", "cc": 1, "osc": "/a"}]}, "one target"),
        ({"knobs": [{"name": "a b"}]}, "is no OSC address"),
        ({"knobs": [{"name": "a", "choices": ["x"]}]}, "two or more different"),
        ({"knobs": [{"name": "a", "choices": "xy"}]}, "two or more different"),
        ({"knobs": [{"name": "a", "digits": 99}]}, "digits 99 must be 0 to 6"),
        ({"knobs": [{"name": "a", "default": "loud"}]}, "holds no number"),
        ({"knobs": [{"name": "a"}], "send": "some"}, "write each, bundle or all"),
        ({"knobs": [{"name": "a"}], "send": "all"}, "address must be an OSC address"),
        ({"knobs": [{"name": "a"}], "on": "/go"}, "on must be a list"),
        ({"knobs": [{"name": "a"}], "port": 0}, "port must be a whole number"),
    ],
)
def test_a_broken_description_is_one_sentence(stored: object, said: str, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text(json.dumps(stored))
    (tmp_path / "good.json").write_text('{"knobs": [{"name": "k"}]}')
    synths, troubles = find((tmp_path,))
    assert [synth.name for synth in synths] == ["good"]
    assert len(troubles) == 1
    assert "bad.json" in troubles[0]
    assert said in troubles[0]
    assert "\n" not in troubles[0]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b'"text"'])
def test_a_file_that_is_no_description_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    with pytest.raises(SynthError, match=r"bad\.json"):
        read(tmp_path / "bad.json")


def test_a_users_synth_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"name": "midi", "title": "Mine", "knobs": [{"name": "k"}]}')
    synths, _ = find((SHIPPED, tmp_path))
    assert next(synth.title for synth in synths if synth.name == "midi") == "Mine"


# --- what leaves ------------------------------------------------------------------------------------------


def test_each_changed_knob_has_its_message() -> None:
    synth = parse({"knobs": [{"name": "a", "digits": 0, "high": 9}, {"name": "b"}, {"name": "c"}]}, "t")
    assert tell(synth, (3.0, 0.5, 0.1), [2, 0], NOW) == [
        Message(NOW, "rules", "/a", (3,)),
        Message(NOW, "rules", "/c", (0.1,)),
    ]
    assert tell(synth, (3.0, 0.5, 0.1), [], NOW) == []


def test_one_message_with_all_goes_to_its_own_receiver() -> None:
    stored = {"knobs": [{"name": "a"}, {"name": "w", "choices": ["sine", "saw"]}], "send": "all", "address": "/all"}
    synth = parse({**stored, "port": 9000, "on": ["/go", 1]}, "t")
    to = ("127.0.0.1", 9000)
    assert tell(synth, (0.25, 1.0), [0], 4.0) == [Message(4.0, "rules", "/all", (0.25, "saw"), to)]
    assert say(synth, synth.on, NOW) == [Message(NOW, "rules", "/go", (1,), to)]
    assert say(synth, synth.off, NOW) == []


def test_a_bundle_is_one_packet_of_whole_messages() -> None:
    stored = {"knobs": [{"name": "a"}, {"name": "b"}, {"name": "c", "cc": 7}], "send": "bundle"}
    synth = parse(stored, "t")
    bundle, control = tell(synth, (0.25, 0.5, 1.0), [0, 1, 2], NOW)
    assert control == Control(NOW, "rules", 7, 127)
    assert isinstance(bundle, Message)
    data = encode(bundle.address, bundle.arguments)
    assert decode(data) == [("/a", (0.25,)), ("/b", (0.5,))]
    assert tell(synth, (0.25, 0.5, 1.0), [2], NOW) == [control]


def test_controllers_carry_positions() -> None:
    synth = parse(
        {
            "knobs": [
                {"name": "a", "low": 100, "high": 400, "curve": "log", "cc": 74},
                {"name": "b", "cc14": 1},
                {"name": "c", "nrpn": 300},
            ]
        },
        "t",
    )

    def sent(*numbers: float, changed: int) -> list[tuple[int, int]]:
        return [(e.number, e.value) for e in tell(synth, numbers, [changed], NOW) if isinstance(e, Control)]

    assert sent(200.0, 0.0, 0.0, changed=0) == [(74, 64)]
    assert sent(200.0, 1.0, 0.0, changed=1) == [(1, 127), (33, 127)]
    assert sent(200.0, 0.5, 0.0, changed=1) == [(1, 64), (33, 0)]
    assert sent(200.0, 0.5, 1.0, changed=2) == [(99, 2), (98, 44), (6, 127), (38, 127)]
