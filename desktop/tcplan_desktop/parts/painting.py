"""Strokes that several painted parts share: rings, rounded fills, hairlines and single lines of text."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from tcplan_desktop.theme import theme

RING = 2
"""Width of the focus ring; parts with a ring outside their shape keep this much room around it."""
RADIUS = 4


def smooth(painter: QPainter) -> None:
    """Switch antialiasing on."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def track() -> QColor:
    """Return the colour of what a bar fills: faint enough that the filled part is seen in every theme."""
    look = theme()
    return look.grid if look.outlined else look.line


def rounded(
    painter: QPainter, rect: QRectF, fill: QColor | None, border: QColor | None = None, radius: float = RADIUS
) -> None:
    """Draw a rounded rectangle whose hairline border lies inside it."""
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    if border is None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(rect, radius, radius)
    else:
        painter.setPen(QPen(border, 1))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def ring_outside(painter: QPainter, shape: QRectF, radius: float = RADIUS) -> None:
    """Draw the focus ring around a shape."""
    _ring(painter, shape.adjusted(-RING / 2, -RING / 2, RING / 2, RING / 2), radius + RING / 2)


def ring_inside(painter: QPainter, shape: QRectF, radius: float = RADIUS) -> None:
    """Draw the focus ring inside a cell that touches its neighbours."""
    _ring(painter, shape.adjusted(RING / 2, RING / 2, -RING / 2, -RING / 2), radius)


def _ring(painter: QPainter, rect: QRectF, radius: float) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme().focus, RING))
    painter.drawRoundedRect(rect, radius, radius)


def width_of(text: str, face: QFont) -> float:
    """Return the advance of a text."""
    return QFontMetricsF(face).horizontalAdvance(text)


def draw_text(
    painter: QPainter,
    text: str,
    rect: QRectF,
    face: QFont,
    color: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """Draw one line of text, centred in height and shortened at the right where it must be."""
    painter.setFont(face)
    painter.setPen(color)
    metrics = QFontMetricsF(face)
    shown = text
    if metrics.horizontalAdvance(text) > rect.width() + 1:
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(
        rect.adjusted(-1, 0, 1, 0) if align == Qt.AlignmentFlag.AlignHCenter else rect, _flags(align), shown
    )


def _flags(align: Qt.AlignmentFlag) -> int:
    return int((align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine).value)


def draw_at(painter: QPainter, text: str, x: float, baseline: float, face: QFont, color: QColor) -> float:
    """Draw text from a point on its baseline and return the x where it ends."""
    painter.setFont(face)
    painter.setPen(color)
    painter.drawText(QPointF(x, baseline), text)
    return x + width_of(text, face)
