"""What lies on the curves: grid, plan marker, limits, best point, crosshair and readouts."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from tcplan_desktop.theme import Theme, font, px
from tcplan_desktop.views.plot_axis import Interval

DISC = 13.0
HALO = 22.0
HATCH = 7.0
_PILL = 20.0
_UNIT = Interval(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Marker:
    """The plan itself: its place in each pane, its pill on the axis and its values in words."""

    x: float
    pill: str
    ys: tuple[float, ...]
    values: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A horizontal line that the curve should stay under."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Best:
    """The lowest point of a curve, where it lies inside."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A point of the curves that somebody points at; an empty text where there is no value."""

    x: float
    pill: str
    ys: tuple[float, ...]
    values: tuple[str, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Pane:
    """One plot: where it is in the scene and what belongs to it alone."""

    rect: QRectF = field(default_factory=QRectF)
    y: Interval = _UNIT
    ticks: tuple[float, ...] = ()
    curve: NDArray[np.float64] = field(default_factory=lambda: np.empty((2, 0)))
    limit: Limit | None = None
    best: Best | None = None

    def down(self, y: float) -> float:
        """Return the height of a value in the scene."""
        low, high = self.y.ends
        return self.rect.bottom() - (self.y.place(y) - low) / (high - low) * self.rect.height()

    def up(self, height: float) -> float:
        """Return the value at a height in the scene."""
        low, high = self.y.ends
        return self.y.value(low + (self.rect.bottom() - height) / self.rect.height() * (high - low))


@dataclass(frozen=True)
class Picture:
    """Everything that underlay and overlay draw."""

    x: Interval = _UNIT
    x_ticks: tuple[tuple[float, str], ...] = ()
    panes: tuple[Pane, ...] = ()
    marker: Marker | None = None
    reading: Reading | None = None
    hot: str = ""
    ring: bool = False

    def across(self, x: float) -> float:
        """Return the horizontal place of a value in the scene."""
        rect = self.panes[0].rect
        low, high = self.x.ends
        return rect.left() + (self.x.place(x) - low) / (high - low) * rect.width()

    def along(self, place: float) -> float:
        """Return the value at a horizontal place in the scene."""
        rect = self.panes[0].rect
        low, high = self.x.ends
        return self.x.value(low + (place - rect.left()) / rect.width() * (high - low))

    def with_pane(self, index: int, pane: Pane) -> "Picture":
        """Return the picture with one pane exchanged."""
        panes = (*self.panes[:index], pane, *self.panes[index + 1 :])
        return replace(self, panes=panes)


class Layer(QGraphicsItem):
    """A part of the scene that draws the picture without any graphics item per mark."""

    def __init__(self, z: float) -> None:
        super().__init__()
        self.picture = Picture()
        self.theme: Theme | None = None
        self._area = QRectF()
        self.setZValue(z)

    def cover(self, area: QRectF) -> None:
        """Reach over this part of the scene."""
        self.prepareGeometryChange()
        self._area = area

    def show_picture(self, picture: Picture) -> None:
        """Draw this from now on; nothing is repainted when it is the same."""
        if picture is not self.picture:
            self.picture = picture
            self.update()

    def boundingRect(self) -> QRectF:
        """Return the part of the scene that it reaches over."""
        return self._area


class Grid(Layer):
    """Horizontal grid lines and the axis line, behind the curves."""

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Draw the lines."""
        look = self.theme
        if look is None:
            return
        for pane in self.picture.panes:
            painter.setPen(_pen(look.grid, 1.0))
            painter.drawLines([_level(pane, pane.down(tick)) for tick in pane.ticks])
            painter.setPen(_pen(look.axis, 1.0))
            painter.drawLine(_level(pane, pane.rect.bottom()))


class Overlay(Layer):
    """Everything in front of the curves."""

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Draw limits first, then the plan, best points and readouts, each where room is left."""
        look, picture = self.theme, self.picture
        if look is None or not picture.panes:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = _Sheet(painter, look, picture)
        for index, pane in enumerate(picture.panes):
            sheet.limit(index, pane)
        sheet.stem()
        sheet.crosshair()
        for index, pane in enumerate(picture.panes):
            sheet.plan(index, pane)
            sheet.best(pane)
            sheet.readout(index, pane)
        sheet.pills()
        if picture.ring:
            painter.setPen(_pen(look.focus, 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.boundingRect().adjusted(1, 1, -1, -1), 6, 6)


def limit_pill(picture: Picture, pane: Pane) -> QRectF:
    """Return the place of a limit's handle; a limit above the plot has it at the upper edge."""
    if pane.limit is None:
        return QRectF()
    width = QFontMetricsF(font(12, 600)).horizontalAdvance(limit_text(pane)) + 16
    height = max(pane.down(pane.limit.y), pane.rect.top() + px(_PILL) / 2)
    return QRectF(picture.panes[0].rect.left() + 8, height - px(_PILL) / 2, width, px(_PILL))


def limit_text(pane: Pane) -> str:
    """Return the words on a limit's handle, with an arrow when the line is above the plot."""
    if pane.limit is None:
        return ""
    return pane.limit.text + (" ↑" if pane.down(pane.limit.y) < pane.rect.top() else "")


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)


def _level(pane: Pane, height: float) -> QLineF:
    # Half a pixel keeps a hairline sharp at 100 % and at 200 %.
    y = round(height) - 0.5
    return QLineF(pane.rect.left(), y, pane.rect.right(), y)


class _Sheet:
    """One drawing of the overlay; it remembers which places are taken."""

    def __init__(self, painter: QPainter, look: Theme, picture: Picture) -> None:
        self._painter = painter
        self._look = look
        self._picture = picture
        self._taken: list[QRectF] = []
        self._strips: list[QRectF] = []

    def limit(self, index: int, pane: Pane) -> None:
        if pane.limit is None:
            return
        painter, look = self._painter, self._look
        line = _level(pane, pane.down(pane.limit.y))
        if pane.rect.top() <= line.y1() <= pane.rect.bottom():
            strip = QRectF(line.x1(), line.y1() - HATCH, line.length(), HATCH)
            self._strips.append(strip)
            painter.save()
            painter.setClipRect(strip)
            hatch = QColor(look.text2)
            hatch.setAlphaF(0.45)
            painter.setPen(_pen(hatch, 1.0))
            starts = np.arange(line.x1() - HATCH, line.x2(), 5.0)
            painter.drawLines([QLineF(x, line.y1(), x + HATCH, line.y1() - HATCH) for x in starts.tolist()])
            painter.restore()
            painter.setPen(_pen(look.text2, 1.25))
            painter.drawLine(line)
        pill = limit_pill(self._picture, pane)
        hot = self._picture.hot == f"limit{index}"
        painter.setPen(_pen(look.focus if hot else look.edge, 1.5 if hot else 1.0))
        painter.setBrush(look.surface)
        painter.drawRoundedRect(pill, 4, 4)
        self._words(pill, limit_text(pane), font(12, 600), look.text)
        self._taken.append(pill)

    def stem(self) -> None:
        marker = self._picture.marker
        if marker is None or not self._picture.x.holds(marker.x):
            return
        self._painter.setPen(_pen(self._look.s1, 1.5))
        place = self._picture.across(marker.x)
        for pane, y in zip(self._picture.panes, marker.ys, strict=True):
            if np.isfinite(y):
                top = min(max(pane.down(y), pane.rect.top()), pane.rect.bottom())
                self._painter.drawLine(QLineF(place, top, place, pane.rect.bottom()))

    def crosshair(self) -> None:
        reading = self._picture.reading
        if reading is None:
            return
        self._painter.setPen(_pen(self._look.text2, 1.0))
        place = round(self._picture.across(reading.x)) + 0.5
        for pane in self._picture.panes:
            self._painter.drawLine(QLineF(place, pane.rect.top(), place, pane.rect.bottom()))

    def plan(self, index: int, pane: Pane) -> None:
        marker = self._picture.marker
        if marker is None or not self._picture.x.holds(marker.x) or not np.isfinite(marker.ys[index]):
            return
        centre = QPointF(self._picture.across(marker.x), pane.down(marker.ys[index]))
        if not pane.rect.top() <= centre.y() <= pane.rect.bottom() + 1:
            return
        painter, look = self._painter, self._look
        painter.setPen(Qt.PenStyle.NoPen)
        if self._picture.hot == "marker":
            halo = QColor(look.s1)
            halo.setAlphaF(0.22)
            painter.setBrush(halo)
            painter.drawEllipse(centre, HALO / 2, HALO / 2)
        painter.setBrush(look.surface)
        painter.drawEllipse(centre, DISC / 2, DISC / 2)
        painter.setBrush(look.s1)
        painter.drawEllipse(centre, DISC / 2 - 2, DISC / 2 - 2)
        self._taken.append(_around(centre, DISC / 2 + 2))
        lines = [(marker.values[index], font(13, 600), look.accent)]
        if index == 0:
            lines.append((marker.name, font(12), look.text))
        self._label(pane, centre, lines, ((-1, 1), (1, -1), (1, 1), (-1, -1)))

    def best(self, pane: Pane) -> None:
        best = pane.best
        if best is None or not self._picture.x.holds(best.x) or not pane.y.holds(best.y):
            return
        centre = QPointF(self._picture.across(best.x), pane.down(best.y))
        self._painter.setPen(_pen(self._look.s1, 2.0))
        self._painter.setBrush(self._look.surface)
        self._painter.drawEllipse(centre, 4, 4)
        self._taken.append(_around(centre, 5))
        lines = [(best.text, font(12), self._look.text)]
        self._label(pane, centre, lines, ((0, -1), (0, 1), (-1, -1), (1, -1), (1, 1)), must=False)

    def readout(self, index: int, pane: Pane) -> None:
        reading = self._picture.reading
        if reading is None or not reading.values[index]:
            return
        painter, look = self._painter, self._look
        place = self._picture.across(reading.x)
        if np.isfinite(reading.ys[index]) and pane.y.holds(reading.ys[index]):
            painter.setPen(_pen(look.surface, 1.5))
            painter.setBrush(look.s1)
            painter.drawEllipse(QPointF(place, pane.down(reading.ys[index])), 4.5, 4.5)
        value, change = reading.values[index], reading.changes[index]
        wide = _width(value, font(12, 600))
        more = _width(change, font(11)) + 10 if change else 0.0
        card = QRectF(place + 10, pane.rect.top() + 10, 48 + wide + more, px(32))
        if card.right() > pane.rect.right():
            card.moveRight(place - 10)
        self._shadow(card)
        painter.setPen(_pen(look.line, 1.0))
        painter.setBrush(look.surface)
        painter.drawRoundedRect(card, 6, 6)
        painter.setPen(_pen(look.s1, 2.25))
        middle = card.center().y()
        painter.drawLine(QLineF(card.left() + 10, middle, card.left() + 28, middle))
        first = QRectF(card.left() + 36, card.top(), wide, card.height())
        self._words(first, value, font(12, 600), look.text)
        last = QRectF(card.left() + 36 + wide, card.top(), more, card.height())
        self._words(last, change, font(11), look.text2, Qt.AlignmentFlag.AlignRight)

    def pills(self) -> None:
        """Draw the values on the axis; a tick label that would stick out from under one vanishes."""
        picture, look = self._picture, self._look
        pills: list[tuple[float, str, QColor, QColor]] = []
        if picture.marker is not None and picture.x.holds(picture.marker.x):
            pills.append((picture.marker.x, picture.marker.pill, look.accent, look.onaccent))
        if picture.reading is not None:
            pills.append((picture.reading.x, picture.reading.pill, look.text, look.surface))
        top = picture.panes[-1].rect.bottom() + 5
        for x, text, fill, ink in pills:
            width = _width(text, font(12, 600)) + 14
            left = min(picture.across(x) - width / 2, self._edge() - width)
            pill = QRectF(max(left, 0.0), top, width, px(18))
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(look.surface)
            for tick, name in picture.x_ticks:
                half = _width(name, font(11)) / 2 + 2
                under = QRectF(picture.across(tick) - half, top - 1, 2 * half, px(20))
                if under.intersects(pill.adjusted(-4, 0, 4, 0)):
                    self._painter.drawRect(under)
            self._painter.setBrush(fill)
            self._painter.drawRoundedRect(pill, 4, 4)
            self._words(pill, text, font(12, 600), ink)

    def _edge(self) -> float:
        return self._picture.panes[0].rect.right() + 16

    def _label(
        self,
        pane: Pane,
        centre: QPointF,
        lines: list[tuple[str, QFont, QColor]],
        sides: tuple[tuple[int, int], ...],
        *,
        must: bool = True,
    ) -> None:
        """Write beside a point at the first side where neither curve nor another word is.

        What need not be said is left out where other words are on every side.
        """
        width = max(_width(text, type_) for text, type_, _colour in lines) + 8
        pitch = float(px(17))
        height = pitch * len(lines) + 2
        places = [_beside(centre, side, width, height) for side in sides]
        inside = [place for place in places if pane.rect.adjusted(0, -2, 0, 0).contains(place)] or places[:1]
        place = min(inside, key=lambda one: self._clashes(pane, one))
        if not must and any(taken.intersects(place) for taken in self._taken[:-1]):
            return
        well = QColor(self._look.surface)
        well.setAlphaF(0.88)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(well)
        self._painter.drawRoundedRect(place, 3, 3)
        for number, (text, type_, colour) in enumerate(lines):
            self._words(
                QRectF(place.left(), place.top() + 1 + pitch * number, width, pitch), text, type_, colour
            )
        self._taken.append(place)

    def _clashes(self, pane: Pane, place: QRectF) -> int:
        xs, ys = pane.curve
        with np.errstate(invalid="ignore"):
            crossed = (xs > place.left()) & (xs < place.right()) & (ys > place.top()) & (ys < place.bottom())
        words = sum(100 for taken in self._taken if taken.intersects(place))
        strips = sum(20 for strip in self._strips if strip.intersects(place))
        return int(np.count_nonzero(crossed)) + words + strips

    def _words(
        self,
        place: QRectF,
        text: str,
        type_: QFont,
        colour: QColor,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignHCenter,
    ) -> None:
        self._painter.setFont(type_)
        self._painter.setPen(colour)
        flags = align | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        self._painter.drawText(place, flags, text)

    def _shadow(self, card: QRectF) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        for spread in (5, 4, 3, 2, 1):
            self._painter.setBrush(QColor(0, 0, 0, 5))
            around = card.adjusted(-spread, 2 - spread, spread, 2 + spread)
            self._painter.drawRoundedRect(around, 6 + spread, 6 + spread)


def _width(text: str, type_: QFont) -> float:
    return QFontMetricsF(type_).horizontalAdvance(text)


def _around(centre: QPointF, reach: float) -> QRectF:
    return QRectF(centre.x() - reach, centre.y() - reach, 2 * reach, 2 * reach)


def _beside(centre: QPointF, side: tuple[int, int], width: float, height: float) -> QRectF:
    across, down = side
    left = centre.x() - width / 2 + across * (width / 2 + 10)
    gap = 10 if across == 0 else 6
    top = centre.y() + gap if down > 0 else centre.y() - gap - height
    return QRectF(left, top, width, height)
