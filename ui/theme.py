"""Colours, type and sizes, read from one token file.

Widgets ask a Look for what they need at the moment they paint, so a change of theme or size is one new Look and
a repaint. The style sheet holds colours only: sizes in a style sheet override the sizes that widgets set.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
TOKENS = RESOURCES / "theme.json"


@dataclass(frozen=True, slots=True)
class Shade:
    """A data colour with the shape that goes with it, so that colour never speaks alone."""

    name: str
    color: str
    shape: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """The token file.

    Attributes: `themes` (name -> role -> colour), `shades`, `sizes` (role -> px), `family`, `files` of the font.
    """

    themes: Mapping[str, Mapping[str, str]]
    shades: tuple[Shade, ...]
    sizes: Mapping[str, int]
    family: str
    files: tuple[str, ...]


def read_tokens(path: Path = TOKENS) -> Tokens:
    """Read the token file; OSError or KeyError if it is missing or incomplete."""
    stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    shades = tuple(Shade(shade["name"], shade["color"], shade["shape"]) for shade in stored["data"])
    font = stored["font"]
    return Tokens(stored["themes"], shades, font["sizes"], font["family"], tuple(font["files"]))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1..21 (WCAG 2.2, relative luminance)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Look:
    """What the window looks like now.

    Attributes: `tokens`, `theme` (name), `scale` (1.0 = as designed), `motion` (False: nothing pulses).
    """

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.motion = True
        self.theme, self.scale = "", 1.0
        self._colors: dict[str, QColor] = {}
        self._fonts: dict[tuple[str, bool], QFont] = {}
        self.change("dark", 1.0)

    def change(self, theme: str, scale: float) -> None:
        """Turn to another theme and size; KeyError if there is no such theme."""
        roles = self.tokens.themes[theme]
        self._colors = {role: QColor(color) for role, color in roles.items()}
        self._colors.update({shade.name: QColor(shade.color) for shade in self.tokens.shades})
        self.theme, self.scale = theme, scale
        self._fonts.clear()

    def color(self, role: str) -> QColor:
        """Return the colour of a role or shade; KeyError if there is none."""
        return self._colors[role]

    def px(self, size: float) -> int:
        """Return a designed length at the present size."""
        return round(size * self.scale)

    def font(self, role: str = "normal", strong: bool = False) -> QFont:
        """Return the font of a size role, with figures of equal width."""
        key = (role, strong)
        if key not in self._fonts:
            font = QFont(self.tokens.family)
            font.setPixelSize(self.px(self.tokens.sizes[role]))
            font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
            font.setFeature(QFont.Tag("tnum"), 1)
            self._fonts[key] = font
        return self._fonts[key]

    def palette(self) -> QPalette:
        """Return the palette of the stock widgets that remain (fields, menus, file dialog)."""
        role, palette, color = QPalette.ColorRole, QPalette(), self.color
        pairs = (
            (role.Window, "background"), (role.WindowText, "text"), (role.Base, "control"),
            (role.AlternateBase, "panel"),
            (role.Text, "text"), (role.Button, "control"), (role.ButtonText, "text"), (role.PlaceholderText, "dim"),
            (role.Highlight, "active"), (role.HighlightedText, "on_fill"), (role.ToolTipBase, "raised"),
            (role.ToolTipText, "text"), (role.Link, "active"), (role.Light, "raised"), (role.Mid, "outline"),
        )  # fmt: skip
        for one, name in pairs:
            palette.setColor(one, color(name))
        for one in (role.Text, role.WindowText, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, one, color("outline"))
        return palette

    def style_sheet(self) -> str:
        """Return the colours that a palette cannot set."""
        names = {role: color.name() for role, color in self._colors.items()}
        return SHEET.format_map(names)


SHEET = """
QLineEdit {{ background: {control}; color: {text}; border: 1px solid {outline}; border-radius: 4px; padding: 0 6px;
  selection-background-color: {active}; selection-color: {on_fill}; }}
QLineEdit:focus {{ border: 2px solid {text}; padding: 0 5px; }}
QLineEdit[wrong="true"] {{ border: 2px solid {fault}; padding: 0 5px; }}
QPlainTextEdit {{ background: {control}; color: {text}; border: none;
  selection-background-color: {active}; selection-color: {on_fill}; }}
QMenu {{ background: {raised}; color: {text}; border: 1px solid {outline}; padding: 4px; }}
QMenu::item {{ padding: 6px 24px 6px 24px; border-radius: 3px; }}
QMenu::item:selected {{ background: {active}; color: {on_fill}; }}
QMenu::item:disabled {{ color: {dim}; }}
QMenu::separator {{ height: 1px; background: {outline}; margin: 4px 8px; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {outline}; padding: 4px; }}
QScrollBar {{ background: {panel}; border: none; }}
QScrollBar::handle {{ background: {outline}; border-radius: 4px; margin: 2px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ background: none; border: none; }}
"""


def load_fonts(tokens: Tokens) -> list[str]:
    """Take the bundled fonts in; return the files that could not be read (the system's font stands in)."""
    return [file for file in tokens.files if QFontDatabase.addApplicationFont(str(RESOURCES / file)) < 0]
