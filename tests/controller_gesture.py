"""Gestures as controllers send them: (milliseconds, bytes), written down as a MIDI monitor shows them."""

from __future__ import annotations

Recording = list[tuple[float, tuple[int, ...]]]


def controllers(number: int, moves: list[tuple[float, int]], channel: int = 1) -> Recording:
    return [(at, (0xB0 | channel - 1, number, value)) for at, value in moves]


# A knob turned carefully from a third upwards: one value every 30 to 60 ms, once a little back.
SLOW_KNOB = controllers(21, [(0, 44), (41, 45), (78, 46), (130, 47), (171, 48), (199, 47), (256, 48), (300, 49)])

# A fader thrown from the bottom to the top: few values, great gaps.
FAST_FADER = controllers(7, [(0, 3), (6, 11), (12, 24), (18, 43), (24, 66), (30, 89), (36, 108), (42, 127)], 3)

# A transport button, pressed twice, that comes back by itself.
BUTTON = controllers(41, [(0, 127), (112, 0), (420, 127), (518, 0)])

# A mute button that keeps its state: on, and after a while off.
TOGGLE = controllers(48, [(0, 127), (480, 0)])

# A drum pad: note on with velocity, note off.
PAD = [(0.0, (0x99, 36, 97)), (86.0, (0x89, 36, 64))]

# Endless encoders, some steps to the right and, the hand being undecided, some to the left.
TWOS = controllers(16, [(0, 1), (38, 1), (70, 1), (98, 2), (120, 1), (290, 127), (331, 127), (360, 126), (388, 127)])
SIGNED = controllers(17, [(0, 1), (35, 1), (63, 1), (84, 3), (103, 2), (280, 65), (322, 65), (350, 67), (371, 65)])
OFFSET = controllers(18, [(0, 65), (37, 65), (71, 65), (99, 66), (121, 65), (301, 63), (340, 63), (372, 62), (399, 63)])
# Quickly to the left only.
TWOS_LEFT = controllers(19, [(0, 127), (12, 127), (23, 126), (34, 125), (45, 126), (57, 127)])
OFFSET_LEFT = controllers(20, [(0, 63), (14, 63), (27, 62), (41, 60), (55, 63)])

# A high-resolution fader: coarse on 1, fine on 33, always both.
PAIR = [
    message
    for step, (coarse, fine) in enumerate([(40, 12), (40, 77), (41, 3), (41, 90), (42, 41), (43, 8), (43, 99)])
    for message in ((step * 11.0, (0xB0, 1, coarse)), (step * 11.0 + 1, (0xB0, 33, fine)))
]

# A numbered parameter: 300 is 2 * 128 + 44; selected, then coarse and fine data.
NRPN = [
    message
    for step, (coarse, fine) in enumerate([(10, 0), (10, 64), (11, 1), (11, 80), (12, 20)])
    for message in (
        (step * 20.0, (0xB1, 99, 2)),
        (step * 20.0 + 1, (0xB1, 98, 44)),
        (step * 20.0 + 2, (0xB1, 6, coarse)),
        (step * 20.0 + 3, (0xB1, 38, fine)),
    )
]
# The same with coarse data only, and the parameter selected but once.
NRPN_COARSE = [
    (0.0, (0xB0, 99, 0)),
    (1.0, (0xB0, 98, 9)),
    (2.0, (0xB0, 6, 70)),
    (30.0, (0xB0, 6, 71)),
    (52.0, (0xB0, 6, 73)),
]

# A wheel pushed and let go; pressure of the channel; a program button; a motor fader that feels the finger first.
WHEEL = [(at, (0xE0, 0, value)) for at, value in ((0.0, 64), (9.0, 71), (19.0, 88), (30.0, 96), (60.0, 80), (71.0, 64))]
PRESSURE = [(at, (0xD0, value)) for at, value in ((0.0, 4), (12.0, 19), (25.0, 44), (40.0, 20), (55.0, 0))]
PROGRAM = [(0.0, (0xC0, 5))]
FADER = controllers(70, [(20, 3), (31, 9), (44, 15), (60, 20)])
TOUCHED_FADER = [(0.0, (0x90, 104, 127)), *FADER, (90.0, (0x90, 104, 0))]

# (recording, name of the source, channel, kind)
RECORDINGS: dict[str, tuple[Recording, str, int, str]] = {
    "slow absolute": (SLOW_KNOB, "cc21", 1, "knob"),
    "fast absolute": (FAST_FADER, "cc7", 3, "knob"),
    "button": (BUTTON, "cc41", 1, "momentary"),
    "button that stays": (TOGGLE, "cc48", 1, "toggle"),
    "pad": (PAD, "note36", 10, "momentary"),
    "two's complement": (TWOS, "cc16", 1, "twos"),
    "signed bit": (SIGNED, "cc17", 1, "signed"),
    "binary offset": (OFFSET, "cc18", 1, "offset"),
    "two's complement left": (TWOS_LEFT, "cc19", 1, "twos"),
    "binary offset left": (OFFSET_LEFT, "cc20", 1, "offset"),
    "pair": (PAIR, "cc1+", 1, "knob"),
    "numbered": (NRPN, "nrpn300+", 2, "knob"),
    "numbered, coarse": (NRPN_COARSE, "nrpn9", 1, "knob"),
    "wheel": (WHEEL, "bend", 1, "knob"),
    "pressure": (PRESSURE, "pressure", 1, "knob"),
    "program": (PROGRAM, "program5", 1, "press"),
    "fader that feels": (TOUCHED_FADER, "cc70", 1, "knob"),
}
