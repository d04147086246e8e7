"""Linked plots over one x axis: the only file that knows the plotting library.

The library gets positions, never raw values of 1e12 or its own logarithms: both have drawn wrong axes.
"""

from dataclasses import replace

import numpy as np
import pyqtgraph as pg  # type: ignore[import-untyped]
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tcplan_desktop.parts.painting import width_of
from tcplan_desktop.theme import font, px, theme, themes
from tcplan_desktop.views.plot_axis import Interval
from tcplan_desktop.views.plot_overlay import HALO, Grid, Overlay, Pane, Picture, limit_pill

LEFT = 44
RIGHT = 20
TITLE = 34
FOOT = 64
CURVE_WIDTH = 2.25
CLICK = 3
_SHARES = (0.63, 0.37)

Values = NDArray[np.float64]
Ticks = tuple[tuple[float, str], ...]


class Plots(QWidget):
    """Two plots, one above the other; x and y are values in the unit of their axis."""

    pointed = Signal(float)
    left = Signal()
    grabbed = Signal()
    dropped = Signal()
    clicked = Signal(int)
    marker_moved = Signal(float)
    limit_moved = Signal(int, float)
    zoomed = Signal(float, float)
    range_asked = Signal(str, QRect)
    laid_out = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = Picture(panes=(Pane(), Pane()))
        self._data: list[tuple[Values, Values]] = [(np.empty(0), np.empty(0))] * 2
        self._held = ""
        self._pressed: QPointF | None = None
        self._chosen = False
        self._view = pg.GraphicsView(self, useOpenGL=False)
        # Every event belongs to this widget; the library's own mouse modes would move the axes.
        self._view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._view)
        self._boxes = [_plain_box() for _share in _SHARES]
        self._curves = [pg.PlotCurveItem(connect="finite", antialias=True) for _share in _SHARES]
        self._uprights = [_plain_axis("left") for _share in _SHARES]
        self._across = _plain_axis("bottom")
        self._grid, self._overlay = Grid(-1000), Overlay(1000)
        for item in (*self._boxes, *self._uprights, self._across, self._grid, self._overlay):
            self._view.scene().addItem(item)
        for one, curve in zip(self._boxes, self._curves, strict=True):
            one.addItem(curve, ignoreBounds=True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.restyle()
        themes.changed.connect(self.restyle)

    def sizeHint(self) -> QSize:
        """Return the size at which both plots are comfortable."""
        return QSize(px(680), px(540))

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size at which each label has its place."""
        return QSize(px(320), px(240))

    def show_x(self, interval: Interval, ticks: Ticks) -> None:
        """Set what the x axis shows."""
        if (interval, ticks) == (self.picture.x, self.picture.x_ticks):
            return
        right = self._right()
        self.picture = replace(self.picture, x=interval, x_ticks=ticks)
        if self._right() != right:
            self._place()
        low, high = interval.ends
        self._across.setRange(low, high)
        self._across.setTicks([[(interval.place(value), text) for value, text in ticks]])
        for index, box in enumerate(self._boxes):
            box.setXRange(low, high, padding=0)
            self._draw(index)

    def show_pane(self, index: int, pane: Pane, ticks: Ticks, xs: Values, ys: Values) -> None:
        """Set the curve of one plot with its axis and marks."""
        old = self.picture.panes[index]
        moved = not all(map(np.array_equal, self._data[index], (xs, ys)))
        pane = replace(pane, rect=old.rect, ticks=tuple(value for value, _text in ticks), curve=old.curve)
        self.picture = self.picture.with_pane(index, pane)
        # A new axis or curve is laid out and stroked anew; most frames of a drag move the marks alone.
        rescaled = (pane.y, pane.ticks) != (old.y, old.ticks)
        if rescaled:
            low, high = pane.y.ends
            self._uprights[index].setRange(low, high)
            self._uprights[index].setTicks([[(pane.y.place(value), text) for value, text in ticks]])
            self._boxes[index].setYRange(low, high, padding=0)
        if moved or rescaled:
            self._data[index] = (xs, ys)
            self._draw(index)
        else:
            self.show_marks(self.picture)

    def show_marks(self, picture: Picture) -> None:
        """Draw other marks; axes and curves stay."""
        self.picture = picture
        self._grid.show_picture(picture)
        self._overlay.show_picture(picture)

    def drawn(self, index: int) -> tuple[Values, Values]:
        """Return the positions that the curve of a plot is drawn from."""
        xs, ys = self._curves[index].getData()
        return np.asarray(xs), np.asarray(ys)

    @property
    def dragging(self) -> bool:
        """Tell whether the pointer holds the marker or a limit."""
        return bool(self._held)

    @property
    def chosen(self) -> bool:
        """Tell whether the marker was clicked, so that arrow keys move it."""
        return self._chosen

    def choose(self, chosen: bool) -> None:
        """Give the arrow keys to the marker, or back to the crosshair."""
        self._chosen = chosen
        self._warm("marker" if chosen else "")

    def restyle(self) -> None:
        """Take colours, type and pen widths anew: after a change of theme, text size or screen."""
        look = theme()
        self._view.setBackground(look.surface)
        self._across.setHeight(px(24))
        for axis in self._uprights:
            axis.setWidth(px(LEFT))
        for axis in (*self._uprights, self._across):
            axis.setTextPen(look.text2)
            axis.setStyle(tickFont=font(11))
        for layer in (self._grid, self._overlay):
            layer.theme = look
            layer.update()
        self._ink()
        self._place()

    def _ink(self) -> None:
        """Set the pens: their width counts pixels of the screen."""
        for curve in self._curves:
            curve.setPen(theme().s1, width=CURVE_WIDTH * self.devicePixelRatioF())

    def _draw(self, index: int) -> None:
        xs, ys = self._data[index]
        pane = self.picture.panes[index]
        # A float beyond the 32 bit of a painter's clip would be drawn anywhere; near the edge is enough.
        low, high = pane.y.ends
        reach = 20.0 * (high - low)
        places = np.clip(pane.y.places(ys), low - reach, high + reach)
        across = self.picture.x.places(xs)
        self._curves[index].setData(across, places)
        if pane.rect.height() > 0 and xs.size:
            left, right = self.picture.x.ends
            curve = np.vstack(
                [
                    pane.rect.left() + (across - left) / (right - left) * pane.rect.width(),
                    pane.rect.bottom() - (places - low) / (high - low) * pane.rect.height(),
                ]
            )
            self.picture = self.picture.with_pane(index, replace(pane, curve=curve))
        self.show_marks(self.picture)

    def _place(self) -> None:
        """Lay the parts out in whole pixels, so that hairlines stay hairlines."""
        left, right, title, foot = px(LEFT), self._right(), px(TITLE), px(FOOT)
        room = max(self.height() - 2 * title - foot, 80)
        width = max(self.width() - left - right, 80)
        top = title
        for index, share in enumerate(_SHARES):
            height = round(room * share)
            rect = QRectF(left, top, width, height)
            self.picture = self.picture.with_pane(index, replace(self.picture.panes[index], rect=rect))
            self._boxes[index].setGeometry(rect)
            self._uprights[index].setGeometry(QRectF(0, top, left, height))
            top += height + title
        foot_top = self.picture.panes[-1].rect.bottom()
        self._across.setGeometry(QRectF(left, foot_top, width, px(24)))
        for layer in (self._grid, self._overlay):
            layer.cover(QRectF(self.rect()))
        for index in range(len(_SHARES)):
            self._draw(index)
        self.laid_out.emit()

    def _right(self) -> int:
        """Return the room right of the plots, enough for half of the last number on the axis."""
        last = self.picture.x_ticks[-1][1] if self.picture.x_ticks else ""
        return max(px(RIGHT), round(width_of(last, font(11)) / 2) + px(4))

    def title_place(self, index: int) -> QRect:
        """Return the strip above a plot where its title stands."""
        rect = self.picture.panes[index].rect
        return QRect(0, round(rect.top()) - px(TITLE), self.width(), px(TITLE))

    def name_place(self) -> QRect:
        """Return the strip below the axis where its name stands."""
        rect = self.picture.panes[-1].rect
        return QRect(round(rect.left()), round(rect.bottom()) + px(26), round(rect.width()), px(32))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new size."""
        super().resizeEvent(event)
        self._place()

    def event(self, event: QEvent) -> bool:
        """Follow the pixels of the screen that the window is moved to."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._ink()
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring when the keyboard led here."""
        super().focusInEvent(event)
        keys = (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
            Qt.FocusReason.ShortcutFocusReason,
        )
        self.show_marks(replace(self.picture, ring=event.reason() in keys))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.choose(False)
        self.show_marks(replace(self.picture, ring=False))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the marker or a limit."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        self._held = self._part_at(event.position())
        self.choose(self._held == "marker")
        if self._held:
            self._pressed = event.position()
            self._warm(self._held)
            self.grabbed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held, else read the curves at the pointer."""
        place = event.position()
        if self._pressed is not None and (place - self._pressed).manhattanLength() < CLICK:
            return
        self._pressed = None
        if self._held == "marker":
            rect = self.picture.panes[0].rect
            self.marker_moved.emit(self.picture.along(min(max(place.x(), rect.left()), rect.right())))
            return
        if self._held:
            index = int(self._held.removeprefix("limit"))
            pane = self.picture.panes[index]
            self.limit_moved.emit(index, pane.up(min(max(place.y(), pane.rect.top()), pane.rect.bottom())))
            return
        part = self._part_at(place)
        self._warm(part or ("marker" if self._chosen else ""))
        shapes = {"": Qt.CursorShape.CrossCursor, "marker": Qt.CursorShape.SizeHorCursor}
        inside = any(pane.rect.adjusted(-1, 0, 1, 0).contains(place) for pane in self.picture.panes)
        if inside or part:
            self.setCursor(shapes.get(part, Qt.CursorShape.SizeVerCursor))
        else:
            self.unsetCursor()
        if inside and not part:
            self.pointed.emit(self.picture.along(place.x()))
        else:
            self.left.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton and self._held:
            clicked = self._pressed is not None and self._held == "marker"
            self._held, self._pressed = "", None
            self.dropped.emit()
            if clicked:
                self.clicked.emit(int(event.position().y() > self.picture.panes[0].rect.bottom()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the range of the axis under the pointer."""
        place, last = event.position(), self.picture.panes[-1].rect
        if last.bottom() < place.y() < last.bottom() + px(26):
            self.range_asked.emit("x", QRect(round(last.center().x()), round(last.bottom()) + px(2), 0, 0))
            return
        for index, pane in enumerate(self.picture.panes):
            if place.x() < pane.rect.left() and pane.rect.top() <= place.y() <= pane.rect.bottom():
                self.range_asked.emit(f"y{index}", QRect(px(4), round(place.y()) - px(14), 0, 0))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer."""
        turned = event.angleDelta().y()
        if turned and not self._held:
            rect = self.picture.panes[0].rect
            place = min(max(event.position().x(), rect.left()), rect.right())
            self.zoomed.emit(self.picture.along(place), 2.0 ** (turned / 240.0))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Stop reading when the pointer goes away."""
        super().leaveEvent(event)
        if not self._held:
            self._warm("marker" if self._chosen else "")
            self.left.emit()

    def _warm(self, part: str) -> None:
        if part != self.picture.hot:
            self.show_marks(replace(self.picture, hot=part))

    def _part_at(self, place: QPointF) -> str:
        for index, pane in enumerate(self.picture.panes):
            if limit_pill(self.picture, pane).adjusted(-3, -3, 3, 3).contains(place):
                return f"limit{index}"
        marker = self.picture.marker
        if marker is None or not self.picture.x.holds(marker.x):
            return ""
        across = self.picture.across(marker.x)
        discs = [
            QPointF(across, pane.down(y))
            for pane, y in zip(self.picture.panes, marker.ys, strict=True)
            if np.isfinite(y) and pane.y.holds(y)
        ]
        if any((disc - place).manhattanLength() <= HALO * 0.7 for disc in discs):
            return "marker"
        foot = self.picture.panes[-1].rect.bottom() - place.y()
        on_pill = -24 <= foot <= 0 and abs(place.x() - across) <= 24
        return "marker" if on_pill else ""


def _plain_box() -> pg.ViewBox:
    box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
    box.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
    box.disableAutoRange()
    return box


def _plain_axis(side: str) -> pg.AxisItem:
    axis = pg.AxisItem(side, maxTickLength=0)
    axis.setPen(None)
    # A tick without length and without pen still leaves a dot; the number lets labels reach beyond the ends.
    axis.setStyle(tickAlpha=0, tickTextOffset=8, hideOverlappingLabels=40, autoExpandTextSpace=False)
    return axis
