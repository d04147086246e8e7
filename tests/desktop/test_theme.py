"""The theme: colours that can be read, type that lines up, and a switch that reaches everything."""

from itertools import pairwise
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tcplan_desktop.parts.badge import Badge
from tcplan_desktop.parts.button import Button
from tcplan_desktop.parts.well import Well
from tcplan_desktop.theme import FAMILY, THEMES, TOKENS, Theme, Themes, font, px, selection, theme, themes

# Pair, then the contrast in light, dark and high contrast, as the design states it.
STATED = """
text surface 18.0 14.9 21.0      | warn field 6.9 9.0 14.6
text hover 15.5 12.3 16.5        | err errfill 6.6 7.5 10.6
text2 surface 9.0 9.7 21.0       | err field 6.9 7.4 10.6
text2 hover 7.7 8.0 16.5         | scen scenfill 6.5 7.5 12.7
text3 surface 5.7 6.3 14.9       | typed typedfill 11.0 9.3 21.0
text3 field 5.2 5.5 14.9         | edge field 3.3 3.9 21.0
text3 hover 4.9 5.2 11.7         | edge surface 3.6 4.4 21.0
text3 accentfill 4.9 5.7 8.4     | warnline field 3.5 6.9 14.6
accent surface 7.0 8.5 12.9      | errline field 4.8 4.2 10.6
accent accentfill 6.1 7.7 7.3    | focus surface 5.2 7.5 16.1
accent window 6.4 9.3 12.9       | focus window 4.8 8.2 16.1
onaccent accent 7.0 9.4 12.9     | focus accentfill 4.5 6.8 9.1
good surface 6.7 8.6 14.9        | s1 surface 7.0 8.2 12.9
good accentfill 5.8 7.7 8.4      | s2 surface 4.1 5.3 7.4
bad surface 6.4 7.9 11.9         | s3 surface 5.4 6.6 15.7
bad accentfill 5.5 7.1 6.7       | s4 surface 3.3 10.8 10.3
warn warnfill 6.9 8.8 14.6       | axis surface 3.6 4.4 21.0
"""
PAIRS = [one.split() for line in STATED.strip().splitlines() for one in line.split("|")]
# Further pairs that the parts draw: text needs 4.5, shapes that carry meaning 3.
TEXT_ON = {
    "text": ("window", "subtle", "field", "accentfill", "warnfill", "errfill", "typedfill"),
    "text2": ("window", "subtle", "field", "accentfill"),
    "text3": ("window", "subtle"),
    "accent": ("hover",),
    "err": ("surface",),
    "warn": ("window",),
    "typed": ("surface",),
}
SHAPES_ON = {"accentline": ("surface", "window"), "errline": ("errfill",)}


def linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def luminance(color: QColor) -> float:
    red, green, blue = (linear(one) for one in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lightness(color: QColor) -> float:
    y = luminance(color)
    return float(116 * y ** (1 / 3) - 16) if y > 0.008856 else 903.3 * y


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def test_stated_contrast_holds_in_each_theme(pair: list[str]) -> None:
    """Fails when a token is mistyped or changed to one that cannot be read."""
    over, under, *stated = pair
    least = 3.0 if over in ("edge", "axis", "focus", "s1", "s2", "s3", "s4", "warnline", "errline") else 4.5
    for look, figure in zip(THEMES.values(), stated, strict=True):
        found = contrast(look.token(over), look.token(under))
        assert found >= least
        assert found == pytest.approx(float(figure), abs=0.051)


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_every_other_pair_in_use_can_be_read(look: Theme) -> None:
    """Fails when a part would draw text on a fill that hides it."""
    for over, unders in TEXT_ON.items():
        for under in unders:
            assert contrast(look.token(over), look.token(under)) >= 4.5, (over, under)
    for over, unders in SHAPES_ON.items():
        for under in unders:
            assert contrast(look.token(over), look.token(under)) >= 3.0, (over, under)
    assert contrast(look.text, selection(look)) >= 4.5
    assert contrast(look.text3, look.grid if look.outlined else look.line) >= 3.0
    assert contrast(look.accentline, look.grid if look.outlined else look.line2) >= 3.0


@pytest.mark.parametrize("look", THEMES.values(), ids=THEMES)
def test_series_differ_in_grey(look: Theme) -> None:
    """Fails when two curves cannot be told apart on a grey print."""
    steps = sorted(lightness(look.token(one)) for one in ("s1", "s2", "s3", "s4"))
    assert min(b - a for a, b in pairwise(steps)) >= 5.9


def test_a_token_that_is_none_is_named() -> None:
    """Fails when a wrong token name silently draws in black."""
    with pytest.raises((AttributeError, TypeError)):
        theme().token("dark")
    assert len(TOKENS) == 34


def test_digits_have_one_width() -> None:
    """Fails when the fonts are not loaded or their figures are not tabular, so that columns jump."""
    for size in (11, 12, 13, 26):
        for weight in (400, 500, 600, 700):
            metrics = QFontMetricsF(font(size, weight))
            assert len({round(metrics.horizontalAdvance(digit), 3) for digit in "0123456789"}) == 1


def test_type_is_ours_in_each_weight() -> None:
    """Fails when a weight falls back to another file or family."""
    widths = set()
    for weight in (400, 500, 600, 700):
        info = QFontInfo(font(13, weight))
        assert (info.family(), info.weight()) == (FAMILY, weight)
        widths.add(QFontMetricsF(font(13, weight)).horizontalAdvance("Devices"))
    assert len(widths) == 4
    assert font(13).hintingPreference() == QFont.HintingPreference.PreferNoHinting


def test_type_has_the_signs_that_numbers_need() -> None:
    """Fails when a cut of the font loses a sign, which would then come from any font of the system."""
    metrics = QFontMetricsF(font(13))
    for sign in "−×·…–→€$%₂²³⁻¹⁰⁴⁵⁶⁷⁸⁹\u202f\u00a0≤≥≠√éàçœΩµ":
        assert metrics.inFontUcs4(ord(sign)), sign


def test_choosing_reaches_palette_and_listeners(qtbot: QtBot, qapp: QApplication) -> None:
    """Fails when a theme changes only part of the window."""
    with qtbot.waitSignal(themes.changed):
        themes.choose("dark")
    assert theme() is THEMES["dark"]
    palette = qapp.palette()
    assert palette.color(QPalette.ColorRole.Window) == theme().surface
    assert palette.color(QPalette.ColorRole.Text) == theme().text
    assert theme().line2.name() in qapp.styleSheet()


def test_unknown_theme_is_refused_and_changes_nothing() -> None:
    """Fails when a damaged settings file dresses the window in nothing."""
    with pytest.raises(ValueError, match="sepia"):
        themes.choose("sepia")
    assert theme() is THEMES["light"]


def test_there_and_back_gives_the_same_picture(qtbot: QtBot) -> None:
    """Fails when a part keeps a colour, an icon or a size of the theme before."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 120)
    well = Well("Price", parent=window)
    well.show_text("2.4")
    well.set_unit("$/h")
    well.move(0, 0)
    well.resize(180, 32)
    Button("Compare", icon_name="git-compare", parent=window).move(0, 40)
    Badge("scenario", parent=window).move(200, 0)
    window.show()
    first = window.grab().toImage()
    themes.choose("contrast")
    other = window.grab().toImage()
    themes.set_text_size(1.5)
    themes.choose("light")
    themes.set_text_size(1.0)
    assert other != first
    assert window.grab().toImage() == first


def test_text_size_moves_type_and_room_together() -> None:
    """Fails when larger letters are cut off by rooms that stayed small."""
    small = Button("Compare").sizeHint()
    themes.set_text_size(1.5)
    assert font(13).pixelSize() == 20
    assert px(28) == 42
    large = Button("Compare").sizeHint()
    assert large.width() > small.width()
    assert large.height() == 46
    themes.set_text_size(9)
    assert themes.text_size == 1.5


class Hints(QObject):
    """A desktop that changes its mind; the platform of the tests has no opinion."""

    colorSchemeChanged = Signal()
    contrastPreferenceChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.scheme = Qt.ColorScheme.Light
        self.contrast = Qt.ContrastPreference.NoPreference
        self.asked: list[Qt.ColorScheme | None] = []

    def colorScheme(self) -> Qt.ColorScheme:
        return self.scheme

    def setColorScheme(self, scheme: Qt.ColorScheme) -> None:
        self.asked.append(scheme)

    def unsetColorScheme(self) -> None:
        self.asked.append(None)

    def accessibility(self) -> "Hints":
        return self

    def contrastPreference(self) -> Qt.ContrastPreference:
        return self.contrast


@pytest.fixture
def desktop(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> SimpleNamespace:
    """Give a theme holder of its own that listens to a made-up desktop."""
    hints = Hints()
    monkeypatch.setattr(QGuiApplication, "styleHints", lambda: hints)
    holder = Themes()
    holder.wear(qapp, "system")
    return SimpleNamespace(hints=hints, holder=holder)


def test_system_is_followed_live(desktop: SimpleNamespace) -> None:
    """Fails when the window keeps its theme after the desktop turned dark, or asks for contrast."""
    assert desktop.holder.theme.name == "light"
    desktop.hints.scheme = Qt.ColorScheme.Dark
    desktop.hints.colorSchemeChanged.emit()
    assert desktop.holder.theme.name == "dark"
    desktop.hints.contrast = Qt.ContrastPreference.HighContrast
    desktop.hints.contrastPreferenceChanged.emit()
    assert desktop.holder.theme.name == "contrast"


def test_a_chosen_theme_does_not_follow(desktop: SimpleNamespace) -> None:
    """Fails when the desktop overrules what the person chose, or title bars keep the old scheme."""
    desktop.holder.choose("light")
    assert desktop.hints.asked == [None, Qt.ColorScheme.Light]
    desktop.hints.scheme = Qt.ColorScheme.Dark
    desktop.hints.colorSchemeChanged.emit()
    assert desktop.holder.theme.name == "light"


def test_a_desktop_without_contrast_preference_is_no_error(
    monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    """Fails when the oldest Qt that is allowed cannot start."""

    class OldHints(QObject):
        colorSchemeChanged = Signal()

        def colorScheme(self) -> Qt.ColorScheme:
            return Qt.ColorScheme.Dark

        def unsetColorScheme(self) -> None:
            pass

    hints = OldHints()
    monkeypatch.setattr(QGuiApplication, "styleHints", lambda: hints)
    holder = Themes()
    holder.wear(qapp, "system")
    assert holder.theme.name == "dark"
