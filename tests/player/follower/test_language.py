"""What is a program and what is answered with a sentence and a place."""

import random

import pytest

from app.player.follower.language import parse
from app.player.follower.pattern import Pattern
from app.player.follower.program import Argument, Effect, ProgramError

SAME = {
    "kick": [
        "kick;",
        "KICK",
        " kick ; ",
        "kick;;",
        ";;kick",
        "kick // x",
        "// x\nkick;",
        "kick ()",
        "kick\r\n;",
        "kick 1",
    ],
    "kick*2+0.5 3,3,2 (dist:2)": [
        "kick*2+0.5 3,3,2(dist:2);",
        "kick * 2 + .5 3 , 3 , 2 ( dist : 2 )",
        "kick+0.5*2(dist:2)3,3,2",
        "kick (dist:2) 3,3,2 *2\n+0.5",
        "kick*2 // cycles\n+0.5 3,3,2 (dist:2)",
    ],
    "source kick*2": ["sourcekick*2", "SOURCE kick*2", "source\nkick *2"],
    "lead*2 1 60,62 cut30 res10 env5": ["lead*2 1 60,62 res10 cut 30env5", "lead*2 1 60,62cut30res10env5"],
}
WRONG = {
    "lead": (1, 1, "lead needs ratios and notes"),
    "kick;\nlead*2 1;": (2, 1, "lead needs ratios and notes"),
    "kik*2": (1, 1, "did you mean kick?"),
    "kick;\n  snare*x": (2, 9, "x is not known"),
    "kick 1,": (1, 7, "expected a number"),
    "kick 007": (1, 6, "leading zeros"),
    "kick 1e3": (1, 6, "exponent"),
    "kick 1.": (1, 6, "digit after the point"),
    "kick -1,2": (1, 6, "cannot be negative"),
    "kick 1 2": (1, 8, "one list of ratios"),
    "kick cut30": (1, 6, "belongs to lead and bass"),
    "kick*2*3": (1, 8, "twice"),
    "kick (lpf 3)": (1, 11, "a colon"),
    "kick (echo:3)": (1, 7, "echo is not known"),
    "kick\nsnare": (2, 1, "a ; before the next statement"),
    "kick (lpf:_mouse)": (1, 11, "no input _mouse"),
    "source": (1, 1, "the name of a channel"),
    'define clap sample "a.wav': (1, 20, "closing"),
    "define kick lead": (1, 13, "Expected sample"),
    'define cut sample "a.wav"': (1, 8, "a word of the language"),
    'define lead sample "a.wav"': (1, 8, "is a synth"),
    'define x osc "light"': (1, 14, "OSC address"),
    "define pad midi in 36; predict pad": (1, 32, "no sound to predict"),
    "kick; @": (1, 7, "means nothing here"),
}


@pytest.mark.parametrize("text", [text for ways in SAME.values() for text in ways])
def test_one_meaning_many_spellings(text: str) -> None:
    wanted = next(meaning for meaning, ways in SAME.items() if text in ways)
    assert parse(text).statements == parse(wanted).statements
    assert parse(text).statements[0].show() == wanted


@pytest.mark.parametrize("text", WRONG)
def test_a_fault_has_a_place_and_a_sentence(text: str) -> None:
    with pytest.raises(ProgramError) as caught:
        parse(text)
    line, column, sentence = WRONG[text]
    fault = caught.value.fault
    assert (fault.line, fault.column) == (line, column), fault
    assert fault.end > fault.column
    assert sentence in fault.text


@pytest.mark.parametrize("text", ["", "  \n", "// nothing", ";", ";;;"])
def test_an_empty_text_is_silence(text: str) -> None:
    assert parse(text).statements == ()


def test_numbers_are_brought_into_range_with_a_warning() -> None:
    program = parse("bpm 999; kick*9999 (amp:99, lpf:5); lead*-1 1 200 res-50")
    kick, lead = program.statements
    assert program.bpm == 300
    assert kick.pattern.cycles == 512
    assert kick.effects == (Effect("amp", Argument(8)), Effect("lpf", Argument(20)))
    assert lead.notes == (127,)
    assert dict(lead.knobs)["res"] == Argument(0)
    assert lead.pattern.hits(0, 40) == []
    assert len(program.warnings) == 7
    assert all(text.startswith("Line 1: ") for text in program.warnings)
    assert parse("kick 9999999999999999999999999").statements[0].pattern.hits(0, 4) == [0]


def test_the_last_line_of_a_channel_and_the_last_tempo_hold() -> None:
    program = parse("bpm 100;\nkick*4;\nbpm 150;\nkick*2;")
    assert program.bpm == 150
    assert [line.pattern for line in program.statements] == [Pattern(2.0)]
    assert [text[:7] for text in program.warnings] == ["Line 3:", "Line 4:"]


def test_several_sources_and_targets() -> None:
    program = parse("source kick; source lead 1 60; learn snare; predict openhat; learn bass 1 30")
    assert [line.name for line in program.of("source")] == ["kick", "lead"]
    assert [line.name for line in program.of("learn")] == ["snare", "bass"]
    assert [line.name for line in program.of("predict")] == ["openhat"]


def test_arguments_that_move() -> None:
    line = parse("lead 1 60 cut_mousex res _/listener/out/1 env_cc21 (lpf:_mousey)").statements[0]
    assert [argument.source for _, argument in line.knobs] == ["mousex", "/listener/out/1", "cc21"]
    assert line.effects[0].argument.source == "mousey"
    with pytest.raises(ProgramError):
        parse("lead 1 60 cut_cc128")


def test_channels_of_ones_own() -> None:
    program = parse(
        'clap*4 (lpf:800); define clap sample "clap.wav"; define light osc "127.0.0.1:9000/light/1"; light;'
        "define bell midi 56 channel 3; bell; define pad1 midi in 36; source pad1;"
        "define snare midi in 38; learn snare",
        names=("Cow",),
    )
    sounds = {name: channel.sound for name, channel in program.channels.items() if channel.sound is not None}
    assert (sounds["cow"].kind, sounds["clap"].kind, sounds["clap"].text) == ("sample", "sample", "clap.wav")
    assert sounds["clap"].pitch != sounds["cow"].pitch and {sounds["clap"].pitch, sounds["cow"].pitch} == {60, 61}
    assert (sounds["light"].text, sounds["light"].to) == ("/light/1", ("127.0.0.1", 9000))
    assert (sounds["bell"].part, sounds["bell"].pitch) == ("drums:3", 56)
    assert program.channels["pad1"].sound is None
    assert sounds["snare"].pitch == 38 and program.channels["snare"].ear is not None
    kick3 = parse('define kick3 sample "x.wav"; kick3 3,3; kick 3,3')
    assert [line.name for line in kick3.statements] == ["kick3", "kick"]


def test_a_statement_knows_where_it_stands() -> None:
    text = "kick; // one\n  learn snare*2 (dist:2) ; lead 1 60;"
    assert [text[line.place.start : line.place.end] for line in parse(text).statements] == [
        "kick",
        "learn snare*2 (dist:2)",
        "lead 1 60",
    ]


def test_what_is_shown_parses_to_the_same() -> None:
    for text in (
        "source kick*0.5+0.125 3,0,2.5 (dist:2, lpf:_cc3)",
        "learn bass*3+.9 1,2 30.5,40 cut_/a/b env3 (amp:.5)",
    ):
        line = parse(text).statements[0]
        assert parse(line.show()).statements[0] == line


SEEDS = (
    "bpm 150;\nsource kick*2 3,3,2 (dist:2, lpf:300); // boom\nlearn snare*2+0.5;\n",
    "lead*4 1,2,1 60,62,67 cut_mousex res_/listener/out/1 env5 (amp:2);\nbass*.5 1 30;\n",
    'define clap sample "clap.wav"; clap*4 (hpf:_cc21); define p osc in "/tap"; source p; predict openhat;\n',
)
LETTERS = 'kicksnarelead*+,;:()._/"\n 0123456789-éK\x00\tß😀_mousexcutdefine'


def test_ten_thousand_damaged_programs() -> None:
    chance = random.Random(1)
    taken = refused = 0
    for _ in range(10_000):
        text = list(chance.choice(SEEDS))
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(len(text))
            match chance.randrange(4):
                case 0:
                    text.insert(place, chance.choice(LETTERS))
                case 1 if len(text) > 1:
                    del text[place]
                case 2:
                    text[place] = chance.choice(LETTERS)
                case _:
                    other = chance.randrange(len(text))
                    text[place:place] = text[other : other + chance.randint(1, 12)]
        whole = "".join(text)
        try:
            program = parse(whole)
        except ProgramError as error:
            refused += 1
            fault = error.fault
            lines = whole.split("\n")
            assert 1 <= fault.line <= len(lines)
            assert 1 <= fault.column <= len(lines[fault.line - 1]) + 1
            assert fault.end > fault.column
            assert fault.text and "\n" not in fault.text
        else:
            taken += 1
            for line in program.statements:
                assert parse_again(line.show(), program.channels) is not None
    assert taken > 300
    assert refused > 500


def parse_again(text: str, channels: object) -> object:
    try:
        return parse(text, [name for name in channels if name not in ("lead", "bass")])  # type: ignore[attr-defined]
    except ProgramError as error:
        if "no sound to predict" in error.fault.text:
            return text
        raise


def test_garbage_and_monsters() -> None:
    for text in (
        "(" * 5000,
        "kick" * 5000,
        "1," * 9000,
        "_" * 9000,
        '"' * 999,
        "é" * 999,
        "kick 1" + ",1" * 300,
        "x" * 70_000,
    ):
        with pytest.raises(ProgramError):
            parse(text)
    assert len(parse(";" * 5000 + "kick").statements) == 1
