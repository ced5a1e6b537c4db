"""Everything recalls: whatever hands did before a session was saved is there in another instrument that opens it."""

import random
from pathlib import Path

import numpy as np
import pytest

from app.binding import MOVES, Binding, Fire, Flip, Follow, Hold, Pick, Put, Source, Step, Turn
from app.frame import Frame
from app.instrument import Instrument
from app.parameter import Parameter, TextParameter
from app.scene import Scenes
from app.session import gather
from tests.instrument import offline

# What would open a device of this computer, or ask its network.
DEVICES = ("/listener/input/audio/on", "/listener/input/serial/on", "/sync/source", "/osc/")
PROGRAMS = ("kick*4;", "bpm 99; snare*2+0.5; // ☂", "source kick*2;\nlearn snare;", "not a program", "")
WORDS = ("ä b", "10.1.2.3", "rain storm", "☂", "a,b; c", '"quoted" \\ and\ttabbed', "x" * 300)
MEANT = {  # Texts that are read at once and put right if they mean nothing.
    "/listener/outputs": ("classifier:3", "regressor,regressor", "classifier:2"),
    "/listener/columns": ("",),
    "/follower/structure": ("32,16,8", "8", "16,16"),
    "/scene/scope": ("/composer/**", "/rules/** /transport/bpm"),
}
LISTS = ("/listener/input/midi/features",)  # Words that name nothing are refused there.
SEEDS = range(6)


def turn(instrument: Instrument, seconds: float = 0.05) -> None:
    instrument.engine.run_until(instrument.engine.clock.now() + seconds)


def text_for(parameter: TextParameter, hand: random.Random) -> str:
    if parameter.address.startswith("/follower/text/"):
        return hand.choice(PROGRAMS)
    words = MEANT.get(parameter.address, WORDS)
    return hand.choice(words)[: parameter.limit]


def turn_everything(instrument: Instrument, hand: random.Random) -> None:
    """Move two thirds of what there is."""
    for parameter in instrument.engine.tree:
        if hand.random() < 0.33 or parameter.address.startswith(DEVICES) or parameter.address in LISTS:
            continue
        if isinstance(parameter, Parameter):
            value = parameter.curve.value(hand.random())
            instrument.engine.set(parameter.address, value)
        else:
            instrument.engine.set(parameter.address, text_for(parameter, hand))
    turn(instrument, 0.2)


@pytest.mark.parametrize("moved", [False, True])
def test_what_a_button_holds_is_not_kept_and_does_not_reach_into_the_next_session(tmp_path: Path, moved: bool) -> None:
    address, lane = "/composer/mute", "/composer/density"
    one = offline(tmp_path / "one")
    one.engine.bind(Binding(Source("key", "h"), address, Hold(1.0, 0.0)))
    one.engine.bind(Binding(Source("key", "h"), lane, Hold(0.9, 0.2)))
    turn(one)
    one.engine.set(address, 1.0)
    one.engine.set(lane, 0.9)
    turn(one)
    one.engine.fire("/session/save", str(tmp_path / "high"))
    turn(one, 0.5)
    one.engine.fire("/session/save", str(tmp_path / "rest"))
    turn(one, 0.5)
    one.engine.set(address, 0.0)
    turn(one)
    one.engine.key("h")
    turn(one)
    if moved:
        one.engine.set(lane, 0.6)
        turn(one)
    tree = one.engine.tree
    assert (tree.number(address).value, tree.number(lane).value) == (1.0, 0.6 if moved else 0.9)
    kept = gather(one.engine.hands, {})["parameters"]
    assert (kept[address], kept[lane]) == ("off", 0.6 if moved else 0.2)
    one.engine.fire("/session/open", str(tmp_path / "high"))
    turn(one, 1.0)
    assert (tree.number(address).value, tree.number(lane).value) == (1.0, 0.9)
    one.engine.key("h", False)  # The button of the session before.
    turn(one)
    assert (tree.number(address).value, tree.number(lane).value) == (1.0, 0.9)
    one.close()


def some_move(hand: random.Random) -> object:
    return hand.choice(
        (
            Follow(-1.0, hand.random(), 0.25, 0.75, hand.uniform(-1, 1), hand.choice(("", "pick-up", "scaled"))),
            Turn(amount=0.01),
            Step(-0.1),
            Put(hand.choice((0.5, "Satie"))),
            Hold(1.0, 0.25),
            Flip(),
            Pick(36.0, (1.0, "two ☂")),
            Fire((1.0, "two ☂")),
        )
    )


def bind_something(instrument: Instrument, hand: random.Random) -> None:
    instrument.engine.set("/window/view", "studio")  # On Stage the table is locked.
    targets = [one.address for one in (*instrument.engine.tree, *instrument.engine.actions)]
    for number in range(20):
        source = hand.choice(
            (
                Source("key", hand.choice("XYZÄ")),
                Source("osc", f"/hand/{number}", hand.randrange(4)),
                Source("output", f"/follower/hit/{hand.choice(('kick', 'snare'))}"),
                Source("midi", f"cc{hand.randrange(128)}", hand.randrange(17), hand.choice(("", "nano KONTROL2"))),
            )
        )
        instrument.engine.bind(Binding(source, hand.choice(targets), some_move(hand)))  # type: ignore[arg-type]
    turn(instrument)


def show_examples(instrument: Instrument, hand: random.Random) -> None:
    engine = instrument.engine
    engine.set("/listener/input/osc/on", "off")
    engine.set("/listener/input/pointer/on", "on")
    engine.set("/listener/outputs", "classifier:3")
    turn(instrument)
    for label in range(1, 4):
        engine.set("/listener/record", label)
        turn(instrument)
        for _ in range(hand.randrange(2, 8)):
            values = np.array([hand.random(), hand.random()], np.float32)
            engine.inbox.put(Frame(engine.clock.now(), "pointer", values))
            turn(instrument, 0.02)
        engine.set("/listener/record", 0)
        turn(instrument)
    engine.fire("/listener/name", 2, "☂, two")
    turn(instrument)


def keep_presets(instrument: Instrument, hand: random.Random) -> None:
    engine = instrument.engine
    for number in range(6):
        for knob in range(1, 5):
            address = f"/rules/knob/{knob}"
            engine.set(address, engine.tree.number(address).curve.value(hand.random()))
        turn(instrument)
        engine.fire("/rules/keep", ("rain", "storm")[number % 2])
        turn(instrument)
    engine.fire("/rules/learn")
    turn(instrument, 0.5)


def keep_scenes(instrument: Instrument, hand: random.Random) -> None:
    for number in hand.sample(range(1, 129), 4):
        instrument.engine.set("/composer/density", hand.random())
        turn(instrument)
        instrument.engine.fire("/scene/store", number, f"scene ☂ {number}")
        turn(instrument)


def scenes_of(instrument: Instrument) -> Scenes:
    return next(keeper for keeper in instrument.session.keepers if isinstance(keeper, Scenes))


def picture(instrument: Instrument) -> dict[str, object]:
    """Return all that a session should keep, to be compared."""
    hands, examples = instrument.engine.hands, instrument.listener.dataset.examples()
    columns = (examples.ids, examples.takes, examples.inputs, examples.targets)
    rows = [(row.number, row.label, row.values, row.origin) for row in instrument.ruling.rules.table.rows]
    lessons = {name: lesson.save() for name, lesson in instrument.following.follower.school.lessons.items()}
    return {
        **gather(hands, {}),
        "scenes": scenes_of(instrument).kept,
        "features": instrument.listener.dataset.features,
        "examples": [repr(column.tolist()) for column in columns],
        "outputs": examples.outputs,
        "presets": rows,
        "knobs": instrument.ruling.rules.voice.goal,  # As a preset would hold them.
        "lessons": lessons,
        "called": instrument.ruling.rules.named(),
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_was_done_comes_back(tmp_path: Path, seed: int) -> None:
    hand = random.Random(seed)
    one = offline(tmp_path)
    one.engine.fire("/follower/evaluate", "bpm 180; source kick*2; learn snare;")
    one.engine.fire("/transport/play")
    turn(one, 8.0)
    one.engine.fire("/transport/stop")
    deeds = [turn_everything, bind_something, keep_presets, keep_scenes]
    hand.shuffle(deeds)
    for deed in (show_examples, *deeds):
        deed(one, hand)
    one.engine.fire("/rules/take")  # A model that waits is learnt again, and then there is none to wait behind.
    one.engine.fire("/session/save")
    turn(one, 0.5)
    two = offline(tmp_path)
    two.session.resume()
    turn(two, 0.5)
    before, after = picture(one), picture(two)
    for name, kept in before.items():
        if name == "parameters":
            wrong = {address for address, value in kept.items() if after[name][address] != value}  # type: ignore[attr-defined,index]
            assert not wrong, {address: (kept[address], after[name][address]) for address in wrong}  # type: ignore[index]
        assert after[name] == kept, name
    assert not two.session.ledger.unknown


def test_unknown_addresses_go_through_several_lives(tmp_path: Path) -> None:
    one = offline(tmp_path)
    one.session.ledger.unknown = {"/theremin/wobble": 3, "/theremin/name": "☂"}
    one.session.save()
    for density in (0.1, 0.2):
        two = offline(tmp_path)
        two.session.resume()
        two.engine.set("/composer/density", density)
        turn(two)
        two.session.keep()
    three = offline(tmp_path)
    three.session.resume()
    assert three.session.ledger.unknown == {"/theremin/wobble": 3, "/theremin/name": "☂"}
    assert three.engine.tree.number("/composer/density").value == 0.2


def test_the_moves_of_this_test_are_all_there_are() -> None:
    hand = random.Random(0)
    assert {type(some_move(hand)) for _ in range(200)} == set(MOVES.values())
