"""The tokens of the look and the one place that puts them on the application: palette, style sheet, type."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib import resources
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

FAMILY = "TCPlan Sans"
CHOICES = ("system", "light", "dark", "contrast")
SMALLEST_TEXT, LARGEST_TEXT = 1.0, 1.5


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one theme; `outlined` says that fills vanish and borders take their place."""

    name: str
    dark: bool
    outlined: bool
    window: QColor
    surface: QColor
    subtle: QColor
    hover: QColor
    field: QColor
    line: QColor
    line2: QColor
    edge: QColor
    text: QColor
    text2: QColor
    text3: QColor
    accent: QColor
    accentfill: QColor
    accentline: QColor
    onaccent: QColor
    focus: QColor
    good: QColor
    bad: QColor
    warn: QColor
    warnfill: QColor
    warnline: QColor
    err: QColor
    errfill: QColor
    errline: QColor
    scen: QColor
    scenfill: QColor
    typed: QColor
    typedfill: QColor
    s1: QColor
    s2: QColor
    s3: QColor
    s4: QColor
    grid: QColor
    axis: QColor

    def token(self, name: str) -> QColor:
        """Return the colour of a token by its name."""
        color = getattr(self, name)
        if not isinstance(color, QColor):
            message = f"{name} is not a colour"
            raise TypeError(message)
        return color


TOKENS = tuple(one.name for one in fields(Theme) if one.name not in ("name", "dark", "outlined"))

_TABLE = """
window     #F4F5F7 #101214 #000000
surface    #FFFFFF #181B1E #000000
subtle     #F4F5F7 #1F2327 #000000
hover      #ECEEF1 #262B30 #1F1F1F
field      #F4F5F7 #22262B #000000
line       #E2E5E9 #2A2F34 #8C8C8C
line2      #CDD2D8 #3A4148 #B0B0B0
edge       #7F8893 #79828C #FFFFFF
text       #14171A #ECEEF0 #FFFFFF
text2      #424A54 #BCC3CB #FFFFFF
text3      #5F6873 #949DA7 #D9D9D9
accent     #005D93 #6DBFF0 #8FD3FF
accentfill #E4F0F8 #142630 #003B5C
accentline #0072B2 #57B4EA #8FD3FF
onaccent   #FFFFFF #0B1013 #000000
focus      #0072B2 #57B4EA #FFE14D
good       #05694D #56CBA2 #6FF0C0
bad        #A33F00 #F39A66 #FFB27A
warn       #7A4A00 #F2BF62 #FFD166
warnfill   #FFF5E0 #2F2610 #000000
warnline   #B07600 #E3A229 #FFD166
err        #A61B12 #FF9A8E #FF9E94
errfill    #FDEDEB #3A1D1A #000000
errline    #C8372D #E5594C #FF9E94
scen       #86386A #EBA3CB #FFB3DC
scenfill   #FAEAF3 #38202D #000000
typed      #2A3036 #E4E7EA #FFFFFF
typedfill  #E6E9ED #333A41 #000000
s1         #005D93 #63BCF0 #8FD3FF
s2         #CE5A01 #E46C1E #EC7A2C
s3         #057958 #2BB487 #6BF7C6
s4         #C873A1 #F0BFD9 #F29ACE
grid       #E9EBEE #23272B #3D3D3D
axis       #7F8893 #79828C #FFFFFF
"""


def _column(number: int) -> dict[str, Any]:
    rows = [line.split() for line in _TABLE.strip().splitlines()]
    return {row[0]: QColor(row[number]) for row in rows}


LIGHT = Theme(name="light", dark=False, outlined=False, **_column(1))
DARK = Theme(name="dark", dark=True, outlined=False, **_column(2))
CONTRAST = Theme(name="contrast", dark=True, outlined=True, **_column(3))
THEMES = {one.name: one for one in (LIGHT, DARK, CONTRAST)}


def mix(under: QColor, over: QColor, share: float) -> QColor:
    """Return the opaque colour that `over` at this opacity gives on `under`."""
    parts = (
        round(a + (b - a) * share)
        for a, b in zip(under.getRgb()[:3], over.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(*parts)


def selection(look: Theme) -> QColor:
    """Return the colour behind selected text: strong enough to be seen, light enough to read on."""
    return look.accentfill if look.outlined else mix(look.surface, look.accentline, 0.28)


def palette_of(look: Theme) -> QPalette:
    """Return the palette with which Fusion draws what the program does not paint itself."""
    role = QPalette.ColorRole
    roles = {
        role.Window: look.surface,
        role.Base: look.surface,
        role.AlternateBase: look.subtle,
        role.Button: look.surface,
        role.WindowText: look.text,
        role.Text: look.text,
        role.ButtonText: look.text,
        role.BrightText: look.err,
        role.ToolTipBase: look.surface,
        role.ToolTipText: look.text,
        role.PlaceholderText: look.text3,
        role.Highlight: selection(look),
        role.HighlightedText: look.text,
        role.Link: look.accent,
        role.LinkVisited: look.accent,
        role.Accent: look.accentline,
        role.Light: look.surface,
        role.Midlight: look.hover,
        role.Mid: look.line2,
        role.Dark: look.edge,
        role.Shadow: look.edge,
    }
    palette = QPalette()
    for one, color in roles.items():
        palette.setColor(one, color)
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, look.line2)
    return palette


def style_sheet_of(look: Theme) -> str:
    """Return the few rules that a palette cannot give; more of them would switch off the style."""
    tokens = {name: look.token(name).name() for name in TOKENS}
    return (
        "QScrollBar {{ background: transparent; width: 8px; height: 8px; margin: 0; border: 0 }}\n"
        "QScrollBar::handle {{ background: {line2}; border-radius: 2px; margin: 2px; min-height: 32px }}\n"
        "QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page"
        " {{ width: 0; height: 0; background: none; border: 0 }}\n"
        "QToolTip {{ background: {surface}; color: {text}; border: 1px solid {line2}; padding: 4px 8px }}\n"
        "QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: 0 }}\n"
        "WellFrame > QLineEdit {{ background: transparent; border: 0; padding: 0 }}\n"
        "QMenu {{ background: {surface}; border: 1px solid {line2}; padding: 4px }}\n"
        "QMenu::item:selected {{ background: {accentfill}; color: {text} }}\n"
        "QPushButton {{ background: {surface}; border: 1px solid {line2}; border-radius: 4px;"
        " padding: 5px 14px }}\n"
        "QPushButton:hover {{ background: {hover} }}\n"
        "QPushButton:focus {{ border: 2px solid {focus}; padding: 4px 13px }}"
    ).format(**tokens)


@lru_cache
def load_fonts() -> tuple[int, ...]:
    """Register the shipped type; needed before any text is measured or printed."""
    folder = resources.files("tcplan_resources") / "fonts"
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".otf")), key=lambda one: one.name)
    return tuple(QFontDatabase.addApplicationFontFromData(one.read_bytes()) for one in files)


class Themes(QObject):
    """The theme, text size and motion in force; `changed` comes after the application wears them."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = LIGHT
        self.choice = "system"
        self.text_size = 1.0
        self.reduced_motion = False
        self._app: QApplication | None = None

    def wear(self, app: QApplication, choice: str = "system") -> None:
        """Dress the application and follow the system from now on."""
        if self._app is None:
            app.setStyle("Fusion")
            load_fonts()
            hints = QGuiApplication.styleHints()
            hints.colorSchemeChanged.connect(self._follow)
            if hasattr(hints, "accessibility"):
                hints.accessibility().contrastPreferenceChanged.connect(self._follow)
        self._app = app
        self.choose(choice)

    def choose(self, choice: str) -> None:
        """Use light, dark or contrast, or `system`: what the desktop prefers, followed live."""
        if choice not in CHOICES:
            message = f"{choice} is not one of {', '.join(CHOICES)}"
            raise ValueError(message)
        self.choice = choice
        hints = QGuiApplication.styleHints()
        # Title bars and file dialogs belong to the system: it draws them in the scheme asked for here.
        if choice == "system":
            hints.unsetColorScheme()
        else:
            dark = THEMES[choice].dark
            hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
        self._put_on(self._resolved())

    def set_text_size(self, factor: float) -> None:
        """Set the factor on every size of type, 1.0 to 1.5."""
        self.text_size = min(max(factor, SMALLEST_TEXT), LARGEST_TEXT)
        self._put_on(self.theme)

    @contextmanager
    def plain(self) -> Iterator[None]:
        """Make a window faster: under rules, Qt dresses a part again each time that it is put in another."""
        if self._app is None:
            yield
            return
        self._app.setStyleSheet("")
        yield
        self._app.setStyleSheet(style_sheet_of(self.theme))

    def set_reduced_motion(self, reduced: bool) -> None:
        """Switch every movement off or on."""
        self.reduced_motion = reduced

    def _resolved(self) -> Theme:
        if self.choice != "system":
            return THEMES[self.choice]
        hints = QGuiApplication.styleHints()
        if hasattr(hints, "accessibility"):
            preference = hints.accessibility().contrastPreference()
            if preference == Qt.ContrastPreference.HighContrast:
                return CONTRAST
        return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _follow(self) -> None:
        if self.choice == "system" and self._resolved() is not self.theme:
            self._put_on(self._resolved())

    def _put_on(self, look: Theme) -> None:
        self.theme = look
        font.cache_clear()
        if self._app is not None:
            # From rules to other rules Qt takes four times as long as by way of none.
            self._app.setStyleSheet("")
            self._app.setPalette(palette_of(look))
            self._app.setFont(font())
            self._app.setStyleSheet(style_sheet_of(look))
        self.changed.emit()


themes = Themes()


def theme() -> Theme:
    """Return the theme in force."""
    return themes.theme


def px(length: float) -> int:
    """Return a length of the design in pixels at the text size in force."""
    return round(length * themes.text_size)


@lru_cache
def font(size: int = 13, weight: int = 400, *, italic: bool = False, tracking: float = 0.0) -> QFont:
    """Return the program's type at a design size; `tracking` is in em."""
    made = QFont(FAMILY)
    made.setPixelSize(px(size))
    made.setWeight(QFont.Weight(weight))
    made.setItalic(italic)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if tracking:
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, tracking * px(size))
    return made
