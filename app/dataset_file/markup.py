"""XML from strangers, read safely.

Document types are refused, and with them every entity that could expand or fetch; depth is bounded. What remains
is a plain tree. (The standard library's ElementTree alone would expand internal entities.)
"""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from app.dataset_file.text import reading
from app.example import DatasetError

DEEPEST = 100


def tree_of(path: Path) -> Element:
    """Return the root of an XML file; DatasetError if it is damaged or carries a document type."""
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise DatasetError(f"{path} is nested deeper than {DEEPEST} levels; it is no project file")
        builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    def refuse(*_declaration: object) -> None:
        raise DatasetError(f"{path} declares a document type, which project files do not; remove the DOCTYPE lines")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    with reading(path), path.open("rb") as file:
        try:
            parser.ParseFile(file)
        except (expat.ExpatError, ValueError, LookupError, AssertionError) as error:
            raise DatasetError(f"{path} is damaged XML ({error}); save the project again") from error
    return builder.close()


def text_of(element: Element, path: str, default: str = "") -> str:
    """Return the text of a descendant, or a default if it is not there."""
    return (element.findtext(path) or default).strip()


def texts_of(element: Element, path: str) -> list[str]:
    """Return the texts of all <string> in a descendant."""
    return [(one.text or "").strip() for one in element.findall(f"{path}/string")]
