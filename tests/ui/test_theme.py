"""The token file keeps its promises: contrast, sizes, fonts; and the Qt at hand loses no references."""

import sys

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel

from ui.theme import Look, contrast, load_fonts, read_tokens

TOKENS = read_tokens()
GROUNDS = ("background", "panel", "control", "raised")
FILLS = ("active", "learning", "fault")


@pytest.mark.parametrize("theme", sorted(TOKENS.themes))
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_is_legible(theme: str, ground: str) -> None:
    roles = TOKENS.themes[theme]
    assert contrast(roles["text"], roles[ground]) >= 7
    assert contrast(roles["dim"], roles[ground]) >= 4.5


@pytest.mark.parametrize("theme", sorted(TOKENS.themes))
@pytest.mark.parametrize("ground", ("background", "panel", "control"))
def test_outlines_and_states_stand_out(theme: str, ground: str) -> None:
    roles = TOKENS.themes[theme]
    for role in ("outline", "text", "now", *FILLS):
        assert contrast(roles[role], roles[ground]) >= 3, role


@pytest.mark.parametrize("theme", sorted(TOKENS.themes))
@pytest.mark.parametrize("fill", FILLS)
def test_words_on_a_fill_are_legible(theme: str, fill: str) -> None:
    roles = TOKENS.themes[theme]
    assert contrast(roles["on_fill"], roles[fill]) >= 4.5


def test_themes_have_the_same_roles() -> None:
    assert set(TOKENS.themes["dark"]) == set(TOKENS.themes["light"])


def test_every_shade_has_its_own_shape() -> None:
    assert len({shade.shape for shade in TOKENS.shades}) == len(TOKENS.shades) == 6
    assert all(contrast(shade.color, TOKENS.themes["dark"]["panel"]) >= 4.4 for shade in TOKENS.shades)


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_figures_are_equally_wide(qapp: QApplication) -> None:
    assert load_fonts(TOKENS) == []
    for role in TOKENS.sizes:
        metrics = QFontMetricsF(Look(TOKENS).font(role, True))
        assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("8088")


def test_size_scales_lengths_and_type(qapp: QApplication) -> None:
    look = Look(TOKENS)
    look.change("light", 1.5)
    assert look.px(32) == 48
    assert look.font("normal").pixelSize() == 21
    assert look.color("panel").name().upper() == TOKENS.themes["light"]["panel"]


class Bell(QObject):
    rang = Signal(bool)


def test_qt_loses_no_references(qapp: QApplication) -> None:
    """Some versions of PySide6 lose a reference to True with each emit, and die of it after a few minutes."""
    bell, label = Bell(), QLabel()
    heard: list[bool] = []
    bell.rang.connect(heard.append)
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(5000):
        bell.rang.emit(True)
        label.setText("x")
        label.update()
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert len(heard) == 5000
    # The list holds 5,000 references to True by itself.
    assert after[0] - before[0] >= 5000 - 50
    assert after[1] - before[1] >= -50
