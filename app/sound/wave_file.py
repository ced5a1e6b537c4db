"""WAV files read as one mono wave at the synthesiser's rate.

Read here rather than by the standard library, which refuses floating point and the extensible header that many
programs write. Only numpy is needed, and a file that is broken is named instead of breaking the sound.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from app.sound.piano import Floats, Reals

LONGEST_S = 30.0
INTEGER, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
WIDTHS = {(INTEGER, 8), (INTEGER, 16), (INTEGER, 24), (INTEGER, 32), (FLOAT, 32), (FLOAT, 64)}
LARGEST_BYTES = 256 * 1024 * 1024


class SampleError(ValueError):
    """A sound file cannot be used. The text is one sentence: which, why, what to do."""


def read_wave(path: str, rate: int) -> Floats:
    """The file's sound, sides mixed, at `rate`; 8 to 32 bit integers or floats. Raises SampleError."""
    try:
        file = Path(path)
        if file.stat().st_size > LARGEST_BYTES:
            raise SampleError(f"{path} is too large; use a file of at most {LONGEST_S:.0f} s")
        found = dict(chunks(file.read_bytes()))
        kind, sides, file_rate, bits = form(found[b"fmt "])
        wave = decoded(found[b"data"], kind, bits)
    except (OSError, struct.error, KeyError, ValueError) as error:
        raise (
            error
            if isinstance(error, SampleError)
            else SampleError(f"{path} cannot be read ({reason(error)}); use a WAV file")
        ) from error
    frames = wave.size // sides
    if not 0 < frames <= LONGEST_S * file_rate:
        raise SampleError(f"{path} lasts {frames / file_rate:.1f} s; use one of up to {LONGEST_S:.0f} s")
    mono = wave[: frames * sides].reshape(frames, sides).mean(axis=1)
    return resampled(np.nan_to_num(np.clip(mono, -8.0, 8.0)), file_rate, rate)


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a RIFF file, by name; a last one that is cut short is given as far as it goes."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("it is not a WAV file")
    at = 12
    while at + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def form(chunk: bytes) -> tuple[int, int, int, int]:
    """Kind of number, sides, rate in Hz and bits of a sample. Raises ValueError on what is not understood."""
    kind, sides, rate, _, _, bits = struct.unpack_from("<HHIIHH", chunk)
    if kind == EXTENSIBLE:
        (kind,) = struct.unpack_from("<H", chunk, 24)
    if (kind, bits) not in WIDTHS:
        raise ValueError(f"its format {kind} with {bits} bits is not understood")
    if not 1 <= sides <= 64 or not 1000 <= rate <= 768_000:
        raise ValueError(f"it claims {sides} channels at {rate} Hz")
    return kind, sides, rate, bits


def decoded(data: bytes, kind: int, bits: int) -> Reals:
    """The numbers as -1..1."""
    width = bits // 8
    data = data[: len(data) // width * width]
    if kind == FLOAT:
        return np.frombuffer(data, f"<f{width}").astype(np.float64)
    if bits == 8:
        return np.frombuffer(data, np.uint8) / 128.0 - 1.0
    if bits == 24:
        padded = np.zeros((len(data) // 3, 4), np.uint8)
        padded[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        return padded.view("<i4").ravel() / 2.0**31
    return np.frombuffer(data, f"<i{width}") / 2.0 ** (bits - 1)


def resampled(wave: Reals, rate: int, wanted: int) -> Floats:
    """The wave at another rate, its spectrum cut or padded; a margin of silence keeps end and beginning apart."""
    if rate == wanted:
        return wave.astype(np.float32)
    frames = round(wave.size * wanted / rate)
    blocks = wave.size // rate + 2  # Whole seconds: both lengths are then exact, and easy to transform.
    spectrum = np.fft.rfft(wave, blocks * rate)
    return (np.fft.irfft(spectrum, blocks * wanted)[:frames] * (wanted / rate)).astype(np.float32)


def reason(error: Exception) -> str:
    """A few words for an exception."""
    if isinstance(error, OSError):
        return error.strerror or "it cannot be opened"
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)
