"""Predicted against measured on logarithmic axes: a point a row, the diagonal, and lines of equal factors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from tcplan.language import _
from tcplan_desktop.parts.painting import draw_text, ring_inside, rounded, smooth, width_of
from tcplan_desktop.theme import font, px, theme, themes
from tcplan_desktop.views.curve_words import number
from tcplan_desktop.views.plot_axis import Interval, ticks

FACTORS = (1.25, 2.0)
"""Lines of equal error beside the diagonal."""

_LEFT, _RIGHT, _TOP, _FOOT = 56, 16, 34, 52
_DOT = 3.5
_NEAR = 9.0
_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Dot:
    """One row: both values in the unit of the axes, whether it was fitted, and what tells the lines of it."""

    measured: float
    predicted: float
    fitted: bool
    tell: Callable[[], tuple[str, ...]]

    @property
    def words(self) -> tuple[str, ...]:
        """The lines to read."""
        return self.tell()


class Scatter(QWidget):
    """The points; one is read under the pointer or with the arrow keys, and taken with a click or Enter."""

    taken = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dots: tuple[Dot, ...] = ()
        self._titles = ("", "")
        self._axes = (Interval(0.1, 10.0, log=True), Interval(0.1, 10.0, log=True))
        self._places: Values = np.empty((0, 2))
        self._order: list[int] = []
        self._read = -1
        self._ringed = False
        self._picture: QPixmap | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Predicted against measured"))
        themes.changed.connect(self._repaint)

    @property
    def dots(self) -> tuple[Dot, ...]:
        """The points that are shown."""
        return self._dots

    @property
    def titles(self) -> tuple[str, str]:
        """The titles of the axes, across and up."""
        return self._titles

    @property
    def read(self) -> int:
        """The number of the point that is read, -1 when none is."""
        return self._read

    def sizeHint(self) -> QSize:
        return QSize(px(520), px(420))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(300), px(220))

    def show_dots(self, dots: Sequence[Dot], across: str, up: str) -> None:
        """Show these points under the titles of both axes, which hold their unit."""
        values = [value for dot in dots for value in (dot.measured, dot.predicted)]
        low, high = (min(values), max(values)) if values else (0.1, 10.0)
        room = max((high / low) ** 0.04, 1.1)
        axis = Interval(low / room, high * room, log=True)
        self.show_on((axis, axis), dots, across, up)

    def show_on(self, axes: tuple[Interval, Interval], dots: Sequence[Dot], across: str, up: str) -> None:
        """Show points on these axes, across and up."""
        self._dots, self._titles, self._axes = tuple(dots), (across, up), axes
        self._read = -1
        self._order = sorted(range(len(dots)), key=lambda at: dots[at].measured)
        self._say()
        self._repaint()

    def _say(self) -> None:
        some = _("{count} points; the arrow keys read one after the other, Enter opens it as a plan")
        dot = self._dots[self._read] if self._read >= 0 else None
        self.setAccessibleDescription(". ".join(dot.words) if dot else some.format(count=len(self._dots)))

    def frame(self) -> QRectF:
        """Return the rectangle inside the axes."""
        box = QRectF(self.rect())
        return box.adjusted(px(_LEFT), px(_TOP), -px(_RIGHT), -px(_FOOT))

    def place(self, at: int) -> QPointF:
        """Return where a point is drawn."""
        return QPointF(*self._places[at])

    def _across(self, value: float) -> float:
        low, high = self._axes[0].ends
        frame = self.frame()
        return frame.left() + (self._axes[0].place(value) - low) / (high - low) * frame.width()

    def _up(self, value: float) -> float:
        low, high = self._axes[1].ends
        frame = self.frame()
        return frame.bottom() - (self._axes[1].place(value) - low) / (high - low) * frame.height()

    def _repaint(self) -> None:
        self._picture = None
        places = [(self._across(dot.measured), self._up(dot.predicted)) for dot in self._dots]
        self._places = np.array(places).reshape(-1, 2)
        self.update()

    def resizeEvent(self, _event: QEvent) -> None:
        self._repaint()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._picture = None
        return super().event(event)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None:
            self._picture = self._drawn()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        smooth(painter)
        if self._read >= 0:
            self._draw_reading(painter)
        if self._ringed:
            ring_inside(painter, QRectF(self.rect()))
        painter.end()

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme().surface)
        painter = QPainter(picture)
        smooth(painter)
        self._draw_axes(painter)
        painter.setClipRect(self.frame().adjusted(-px(5), -px(5), px(5), px(5)))
        self._draw_lines(painter)
        self._draw_dots(painter)
        painter.setClipping(False)
        self._draw_key(painter)
        painter.end()
        return picture

    def _draw_axes(self, painter: QPainter) -> None:
        look, frame, face = theme(), self.frame(), font(11)
        right, middle = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
        for value in ticks(self._axes[1]):
            y = self._up(value)
            painter.fillRect(QRectF(frame.left(), round(y), frame.width(), 1), look.grid)
            beside = QRectF(0, y - px(8), frame.left() - px(8), px(16))
            draw_text(painter, number(value), beside, face, look.text2, right)
        for value in ticks(self._axes[0]):
            x = self._across(value)
            painter.fillRect(QRectF(round(x), frame.top(), 1, frame.height()), look.grid)
            under = QRectF(x - px(30), frame.bottom() + px(6), px(60), px(16))
            draw_text(painter, number(value), under, face, look.text2, middle)
        painter.fillRect(QRectF(frame.left(), frame.bottom(), frame.width(), 1), look.axis)
        across, up = self._titles
        head = QRectF(px(8), px(6), frame.width() / 2, px(20))
        draw_text(painter, up, head, font(12, 600), look.text)
        foot = QRectF(frame.left(), frame.bottom() + px(26), frame.width(), px(20))
        draw_text(painter, across, foot, font(12, 600), look.text, middle)

    def _draw_lines(self, painter: QPainter) -> None:
        look, frame = theme(), self.frame()
        low, high = self._axes[0].low, self._axes[0].high

        def at(measured: float, predicted: float) -> QPointF:
            return QPointF(self._across(measured), self._up(predicted))

        painter.setPen(QPen(look.text2, 1.25))
        painter.drawLine(QLineF(at(low, low), at(high, high)))
        for factor in FACTORS:
            for one in (factor, 1.0 / factor):
                pen = QPen(look.axis, 1.0)
                pen.setDashPattern([5.0, 3.0] if factor == FACTORS[0] else [2.0, 3.0])
                painter.setPen(pen)
                painter.drawLine(QLineF(at(low, low * one), at(high, high * one)))
        text = _("dashed × {near}, dotted × {far}").format(near=number(FACTORS[0]), far=number(FACTORS[1]))
        corner = QRectF(frame.left(), frame.bottom() - px(22), frame.width() - px(6), px(16))
        draw_text(painter, text, corner, font(11), look.text3, Qt.AlignmentFlag.AlignRight)

    def _draw_dots(self, painter: QPainter) -> None:
        look, size = theme(), px(10) * _DOT / 10
        held, fitted = QColor(look.s1), QColor(look.s2)
        held.setAlphaF(0.55)
        fitted.setAlphaF(0.75)
        for dot, (x, y) in zip(self._dots, self._places, strict=True):
            if dot.fitted:
                painter.setPen(QPen(fitted, 1.25))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(x - size + 0.6, y - size + 0.6, 2 * size - 1.2, 2 * size - 1.2))
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(held)
                painter.drawEllipse(QPointF(x, y), size, size)

    def _draw_key(self, painter: QPainter) -> None:
        look, face, size = theme(), font(11), px(10) * _DOT / 10
        x = float(self.width() - px(_RIGHT))
        for fitted, text in ((True, _("used in the fit")), (False, _("held out"))):
            x -= width_of(text, face)
            draw_text(painter, text, QRectF(x, px(8), width_of(text, face) + 2, px(16)), face, look.text2)
            x -= px(12)
            middle = QPointF(x + size, px(16))
            painter.setPen(QPen(look.s2, 1.25) if fitted else Qt.PenStyle.NoPen)
            painter.setBrush(Qt.BrushStyle.NoBrush if fitted else look.s1)
            if fitted:
                painter.drawRect(QRectF(middle.x() - size, middle.y() - size, 2 * size, 2 * size))
            else:
                painter.drawEllipse(middle, size, size)
            x -= px(16)

    def _draw_reading(self, painter: QPainter) -> None:
        look, at = theme(), self.place(self._read)
        painter.setPen(QPen(look.text, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, px(7), px(7))
        words = self._dots[self._read].words
        width = max(width_of(text, font(12, 600)) for text in words) + px(20)
        height = len(words) * px(17) + px(12)
        left = at.x() + px(14) if at.x() + px(14) + width < self.width() else at.x() - px(14) - width
        top = min(max(at.y() - height / 2, px(4)), self.height() - height - px(4))
        card = QRectF(max(left, px(4)), top, width, height)
        rounded(painter, card, look.surface, look.line2, px(6))
        for row, text in enumerate(words):
            line = QRectF(card.x() + px(10), card.y() + px(6) + row * px(17), width - px(20), px(17))
            face, ink = (font(12, 600), look.text) if row == 0 else (font(12), look.text2)
            draw_text(painter, text, line, face, ink)

    # reading

    def read_dot(self, at: int) -> None:
        """Read a point, or none with -1."""
        if at != self._read:
            self._read = at
            self._say()
            self.update()

    def _nearest(self, place: QPointF) -> int:
        if not len(self._places):
            return -1
        away = np.hypot(self._places[:, 0] - place.x(), self._places[:, 1] - place.y())
        best = int(np.argmin(away))
        return best if away[best] <= px(1) * _NEAR else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.read_dot(self._nearest(event.position()))
        self.setCursor(Qt.CursorShape.PointingHandCursor if self._read >= 0 else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self._nearest(event.position())
        if event.button() == Qt.MouseButton.LeftButton and at >= 0:
            self.taken.emit(at)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.read_dot(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        step = moves.get(Qt.Key(event.key()))
        if step is not None and self._order:
            held = self._order.index(self._read) if self._read >= 0 else (-1 if step > 0 else 0)
            self.read_dot(self._order[(held + step) % len(self._order)])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._read >= 0:
            self.taken.emit(self._read)
        elif event.key() == Qt.Key.Key_Escape and self._read >= 0:
            self.read_dot(-1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ringed = event.reason() in _KEYBOARD
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ringed = False
        self.update()
