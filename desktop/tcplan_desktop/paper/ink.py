"""A painter that counts in points and sets type the same on every screen and printer."""

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from tcplan_desktop.theme import FAMILY

BLACK = QColor("#14171A")
GREY = QColor("#5F6873")
BLUE = QColor("#005D93")
TINT = QColor("#8DB3CE")
RULE = QColor("#C9CED4")

# Type is set at 20 times its size and scaled down, so that positions do not depend on the device.
FINE = 20


@lru_cache
def _font(size: float, weight: int, italic: bool) -> QFont:
    font = QFont(FAMILY)
    font.setPixelSize(round(size * FINE))
    font.setWeight(QFont.Weight(weight))
    font.setItalic(italic)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


@lru_cache
def _metrics(size: float, weight: int, italic: bool) -> QFontMetricsF:
    return QFontMetricsF(_font(size, weight, italic))


def width_of(text: str, size: float, weight: int = 400, *, italic: bool = False) -> float:
    """Return the width of a line of text in points."""
    return _metrics(size, weight, italic).horizontalAdvance(text) / FINE


def wrapped(text: str, size: float, weight: int, width: float) -> list[str]:
    """Break text into lines that fit a width in points; a word longer than a line is cut."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            trial = f"{line} {word}" if line else word
            if width_of(trial, size, weight) <= width:
                line = trial
                continue
            if line:
                lines.append(line)
            line = word
            while width_of(line, size, weight) > width:
                cut = next(
                    n for n in range(len(line), 0, -1) if n == 1 or width_of(line[:n], size, weight) <= width
                )
                lines.append(line[:cut])
                line = line[cut:]
        lines.append(line)
    return lines


def shortened(text: str, size: float, weight: int, width: float) -> str:
    """Return the text, cut with an ellipsis when it is wider than `width` points."""
    return _metrics(size, weight, False).elidedText(text, Qt.TextElideMode.ElideRight, width * FINE)


class Ink:
    """Draws on a painter whose unit is one point."""

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 8.5,
        weight: int = 400,
        color: QColor = BLACK,
        align: str = "left",
        width: float | None = None,
        italic: bool = False,
    ) -> float:
        """Set one line with its baseline at y and return its width; `width` shortens what is longer."""
        shown = text if width is None else shortened(text, size, weight, width)
        measured = width_of(shown, size, weight, italic=italic)
        left = {"left": x, "right": x - measured, "centre": x - measured / 2.0}[align]
        painter = self._painter
        painter.save()
        painter.scale(1.0 / FINE, 1.0 / FINE)
        painter.setFont(_font(size, weight, italic))
        painter.setPen(color)
        painter.drawText(QPointF(left * FINE, y * FINE), shown)
        painter.restore()
        return measured

    def paragraph(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        leading: float,
        width: float,
        weight: int = 400,
        color: QColor = BLACK,
    ) -> float:
        """Set wrapped text with its first baseline at y and return the baseline after the last line."""
        for line in wrapped(text, size, weight, width):
            self.text(x, y, line, size=size, weight=weight, color=color)
            y += leading
        return y

    def rule(self, x: float, y: float, width: float, *, thickness: float = 0.4, color: QColor = RULE) -> None:
        """Draw a horizontal line."""
        self._painter.fillRect(QRectF(x, y - thickness / 2.0, width, thickness), color)

    def upright(self, x: float, y: float, height: float, *, color: QColor = RULE) -> None:
        """Draw a vertical hairline."""
        self._painter.fillRect(QRectF(x - 0.2, y, 0.4, height), color)

    def box(self, x: float, y: float, width: float, height: float, color: QColor) -> None:
        """Fill a rectangle."""
        self._painter.fillRect(QRectF(x, y, width, height), color)

    def curve(
        self, points: Sequence[tuple[float, float]], *, color: QColor = BLUE, thickness: float = 1.4
    ) -> None:
        """Draw a line through points."""
        pen = QPen(color, thickness)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))

    def disc(self, x: float, y: float, radius: float, *, color: QColor = BLUE) -> None:
        """Draw a filled disc with a white rim."""
        self._painter.setPen(QPen(Qt.GlobalColor.white, 1.2))
        self._painter.setBrush(QBrush(color))
        self._painter.drawEllipse(QPointF(x, y), radius, radius)
