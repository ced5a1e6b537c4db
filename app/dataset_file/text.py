"""Texts as performers' programs leave them, and texts of ours that are whole or not there.

Tables come from spreadsheets of any country, from Max's text boxes and from editors of every age: the byte order
mark, the encoding, the separator and the decimal comma are found out from the beginning of the file, which is
then read as a stream, so that a million rows need no more memory than their numbers.
"""

from __future__ import annotations

import codecs
import csv
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from app.example import DatasetError
from app.file import ordinary, swap

SAMPLE_BYTES = 65_536
SAMPLE_LINES = 50
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DECIMAL_COMMA = re.compile(r"\s*[-+]?\d*,\d+([eE][-+]?\d+)?\s*")
QUOTED = re.compile(r'"[^"]*"')
MISSING = frozenset(("", "?", "nan", "na", "n/a", "null", "none"))


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is written: `encoding`, `separator` (" " for any blanks), `decimal_comma`, `max_text` (commas
    escaped, lines ended by semicolons, as Max writes a text box), `notes` for the performer."""

    encoding: str = "utf-8"
    separator: str = ","
    decimal_comma: bool = False
    max_text: bool = False
    notes: tuple[str, ...] = ()


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn whatever goes wrong with a file itself into a DatasetError that names it."""
    try:
        ordinary(path)
        yield
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror or error}; check that it exists") from error
    except (UnicodeError, csv.Error) as error:
        raise DatasetError(f"{path} is no readable text ({error}); save it as CSV in UTF-8") from error


def encoding_of(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return a file's encoding and a note if it was guessed; DatasetError if it is not a text."""
    with reading(path), path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
        for bom, name in BOMS:
            if head.startswith(bom):
                return name, ()
        if b"\0" in head:
            raise DatasetError(f"{path} is no text but a binary file; export the data as CSV, ARFF or JSON")
        decoder = codecs.getincrementaldecoder("utf-8")()
        chunk = head
        while chunk:
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return "latin-1", ("It is not UTF-8 and was read as Latin-1: check the names",)
            chunk = file.read(1 << 20)
    return "utf-8", ()


def raw_lines(path: Path, encoding: str) -> Iterator[str]:
    """Yield the lines of a text with their ends, so that quoted line breaks survive."""
    with reading(path), path.open(encoding=encoding, newline="", errors="replace") as file:
        yield from file


def layout_of(path: Path) -> Layout:
    """Find out how a table is written; DatasetError if it is empty or no text."""
    encoding, notes = encoding_of(path)
    sample: list[str] = []
    for line in raw_lines(path, encoding):
        if (text := line.strip()) and not text.startswith(("#", '"#', "%")):
            sample.append(text[:SAMPLE_BYTES])
        if len(sample) == SAMPLE_LINES:
            break
    if not sample:
        raise DatasetError(f"{path} holds no rows; record or export some examples first")
    bare = [QUOTED.sub("", line) for line in sample]
    max_text = any("\\," in line for line in bare) or (
        all(line.endswith(";") and line.count(";") == 1 for line in sample)
    )
    if max_text:
        sample = [unescaped(line) for line in sample]
    separator = _separator(sample)
    comma = separator != "," and any(
        DECIMAL_COMMA.fullmatch(cell) for line in sample for cell in line.split(separator if separator != " " else None)
    )
    return Layout(encoding, separator, comma, max_text, notes)


def _separator(sample: list[str]) -> str:
    bare = [QUOTED.sub("", line) for line in sample]
    for separator in (";", "\t", ","):
        if all(separator in line for line in bare):
            return separator
    if sum("," in line for line in bare) > len(bare) / 2:
        return ","
    return " " if any(" " in line for line in bare) else ","


def unescaped(line: str) -> str:
    """Return a line of Max's text without its escapes and its closing semicolon."""
    return line.strip().removesuffix(";").replace("\\,", ",").replace("\\;", ";")


def cells_of(path: Path, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number from 1, cells) of all lines that are not empty; comments are left in, as one cell."""
    lines: Iterator[str] = raw_lines(path, layout.encoding)
    if layout.max_text:
        lines = (unescaped(line) for line in lines)
    if layout.separator == " ":
        lines = (" ".join(line.split()) for line in lines)
    reader = csv.reader(_commented(lines), delimiter=layout.separator, skipinitialspace=True)
    with reading(path):
        for cells in reader:
            if cells and (len(cells) > 1 or cells[0].strip()):
                yield reader.line_num, cells


def _commented(lines: Iterator[str]) -> Iterator[str]:
    """Make one cell of each comment above the table."""
    above = True
    for line in lines:
        above = above and (not line.strip() or line.lstrip().startswith(("#", '"#', "%")))
        if above and line.startswith(("#", "%")):
            yield '"' + line.rstrip("\r\n").replace('"', '""') + '"'
        else:
            yield line


def number(text: str, decimal_comma: bool = False) -> float:
    """Return the number in a cell, NaN where it is missing; ValueError if it is none or infinite."""
    bare = text.strip().strip("\"'")
    if bare.casefold() in MISSING:
        return float("nan")
    value = float(bare.replace(",", ".") if decimal_comma else bare)
    if value in (float("inf"), float("-inf")) or "_" in bare:
        raise ValueError("it is infinite or written in an unusual way")
    return value


@contextmanager
def writing(path: Path) -> Iterator[TextIO]:
    """Open a text that appears under its name only when it is whole; DatasetError if it cannot be written."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        swap(temporary, path)
    except OSError as error:
        raise DatasetError(f"{path} cannot be written: {error.strerror or error}; choose another folder") from error
    finally:
        if temporary.exists():
            temporary.unlink()
