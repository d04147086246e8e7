"""Icons: drawings of the resources package in the colour of the moment, sharp at every pixel ratio."""

from functools import lru_cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from tcplan_desktop.theme import theme, themes

STROKE = "1.75"


@lru_cache
def _drawing(name: str) -> str:
    return (resources.files("tcplan_resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def pixmap(name: str, color: str, size: int, ratio: float) -> QPixmap:
    """Return an icon of `size` points in a colour for a screen with this pixel ratio."""
    # QtSvg draws `currentColor` in black, so the colour goes into the text.
    text = (
        _drawing(name).replace("currentColor", color).replace('stroke-width="2"', f'stroke-width="{STROKE}"')
    )
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, made.width(), made.height()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


themes.changed.connect(pixmap.cache_clear)


def draw_icon(painter: QPainter, name: str, x: float, y: float, size: int, color: QColor) -> None:
    """Draw an icon with its top left corner at a point."""
    ratio = painter.device().devicePixelRatio()
    painter.drawPixmap(round(x), round(y), pixmap(name, color.name(), size, ratio))


def icon(name: str, ink: str = "text2", size: int = 16) -> QIcon:
    """Return an icon for an action in the theme of the moment."""
    made = QIcon()
    for ratio in (1.0, 2.0):
        made.addPixmap(pixmap(name, theme().token(ink).name(), size, ratio))
        made.addPixmap(pixmap(name, theme().line2.name(), size, ratio), QIcon.Mode.Disabled)
    return made
