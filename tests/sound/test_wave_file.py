"""Sound files: every common form is read alike, and what is broken is named."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sound.wave_file import SampleError, chunks, read_wave

RATE = 44_100
TONE = 0.5 * np.sin(2 * np.pi * 441 * np.arange(RATE // 2) / RATE)


def riff(kind: int, bits: int, sides: int, rate: int, data: bytes, extensible: bool = False) -> bytes:
    """A WAV file, with a chunk nobody knows in front of the sound."""
    form = struct.pack("<HHIIHH", 0xFFFE if extensible else kind, sides, rate, 0, sides * bits // 8, bits)
    if extensible:
        form += struct.pack("<HHIH14s", 22, bits, 0, kind, b"\0" * 14)
    body = b"WAVE" + b"".join(
        name + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2)
        for name, part in ((b"fmt ", form), (b"LIST", b"abc"), (b"data", data))
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def coded(tone: np.ndarray, kind: int, bits: int) -> bytes:
    if kind == 3:
        return tone.astype(f"<f{bits // 8}").tobytes()
    if bits == 8:
        return np.round(tone * 127 + 128).astype(np.uint8).tobytes()
    whole = np.round(tone * (2.0 ** (bits - 1) - 1)).astype("<i4" if bits > 16 else "<i2")
    return whole.view(np.uint8).reshape(-1, 4)[:, :3].tobytes() if bits == 24 else whole.tobytes()


@pytest.mark.parametrize("extensible", [False, True])
@pytest.mark.parametrize(("kind", "bits"), [(1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64)])
def test_every_form_gives_the_same_sound(tmp_path: Path, kind: int, bits: int, extensible: bool) -> None:
    file = tmp_path / "tone.wav"
    file.write_bytes(riff(kind, bits, 2, RATE, coded(np.repeat(TONE, 2), kind, bits), extensible))
    read = read_wave(str(file), RATE)
    assert read.dtype == np.float32
    np.testing.assert_allclose(read, TONE, atol=0.02 if bits == 8 else 1e-4)


def test_it_reads_what_the_standard_library_writes(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "tone.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(coded(TONE, 1, 16))
    np.testing.assert_allclose(read_wave(str(tmp_path / "tone.wav"), RATE), TONE, atol=1e-4)


@pytest.mark.parametrize("wanted", [22_050, 48_000, 44_056])
def test_another_rate_keeps_pitch_length_and_level(tmp_path: Path, wanted: int) -> None:
    (tmp_path / "tone.wav").write_bytes(riff(3, 32, 1, RATE, coded(TONE, 3, 32)))
    read = read_wave(str(tmp_path / "tone.wav"), wanted)
    expected = 0.5 * np.sin(2 * np.pi * 441 * np.arange(wanted // 2) / wanted)
    assert read.size == pytest.approx(wanted // 2, abs=1)
    np.testing.assert_allclose(read[500:-500], expected[500 : read.size - 500], atol=5e-3)


def test_the_sides_are_mixed(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(riff(3, 32, 2, RATE, coded(np.stack([TONE, -TONE], 1).ravel(), 3, 32)))
    assert np.abs(read_wave(str(tmp_path / "a.wav"), RATE)).max() < 1e-6


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "not a WAV"),
        (b"hello world, this is text", "not a WAV"),
        (b"RIFF\0\0\0\0WAVE", "has no"),
        (riff(1, 16, 1, RATE, b""), "lasts 0.0 s"),
        (riff(1, 16, 1, 8000, b"\0" * 16_000 * 31), "up to 30 s"),
        (riff(2, 4, 1, RATE, b"\0" * 100), "not understood"),
        (riff(1, 16, 0, RATE, b"\0" * 100), "channels"),
        (riff(1, 16, 1, 3, b"\0" * 100), "channels"),
        (riff(1, 16, 1, RATE, b"\0" * 100)[:30], "cannot be read"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, data: bytes, word: str) -> None:
    (tmp_path / "bad.wav").write_bytes(data)
    with pytest.raises(SampleError, match=word) as told:
        read_wave(str(tmp_path / "bad.wav"), RATE)
    assert "bad.wav" in str(told.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "none.wav", tmp_path, Path("nul\0name.wav")):
        with pytest.raises(SampleError, match="cannot be read"):
            read_wave(str(path), RATE)


def test_numbers_that_are_none_become_silence(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(riff(3, 32, 1, RATE, np.full(1000, np.nan, "<f4").tobytes()))
    assert np.abs(read_wave(str(tmp_path / "a.wav"), RATE)).max() == 0.0


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=120).map(lambda tail: b"RIFF\0\0\0\0WAVE" + tail)
    | st.binary(max_size=100).map(lambda tail: riff(1, 16, 1, RATE, b"\1\2\3\4" * 10)[:40] + tail)
)
def test_no_bytes_do_more_than_be_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.mktemp("wave") / "any.wav"
    file.write_bytes(data)
    try:
        read = read_wave(str(file), RATE)
    except SampleError:
        return
    assert np.isfinite(read).all()
    assert dict(chunks(data))
