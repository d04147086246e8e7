"""A card that floats above the window, as its child: a Qt popup would take the keyboard and its own place."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from tcplan_desktop.parts.painting import smooth
from tcplan_desktop.theme import theme, themes

SHADOW = 10
DROP = 3
TAIL = 8
CARD_RADIUS = 8


class Popover(QWidget):
    """A painted card with room for its shadow; put widgets into `content`."""

    closed = Signal()
    ends_at: tuple[QEvent.Type, ...] = (QEvent.Type.MouseButtonPress,)
    """What closes the card when it happens outside."""

    def __init__(self, window: QWidget, *, padding: int = 16, tail: bool = False) -> None:
        super().__init__(window)
        self._window = window
        self.hide()
        self._anchor: QWidget | None = None
        self._tail = tail
        self._tail_x = 0.0
        self._tail_above = True
        self._back_to: QWidget | None = None
        self.setAccessibleName("")
        margin = SHADOW + padding
        top = margin + (TAIL if tail else 0)
        self.content = QVBoxLayout(self)
        self.content.setContentsMargins(margin, top, margin, margin + DROP)
        self.content.setSpacing(0)
        themes.changed.connect(self.update)

    @property
    def is_open(self) -> bool:
        """Whether the card is to be seen."""
        return not self.isHidden()

    def open_at(self, anchor: QWidget, *, size: QSize | None = None, take_focus: bool = True) -> None:
        """Open below the anchor, or above it where there is no room; `size` is that of the card."""
        self._close_others(anchor)
        self._anchor = anchor
        self._back_to = QApplication.focusWidget() if take_focus else None
        if size is None:
            self.adjustSize()
        else:
            extra = 2 * SHADOW + DROP + (TAIL if self._tail else 0)
            self.resize(size.width() + 2 * SHADOW, size.height() + extra)
        self._stand_at(anchor)
        self.show()
        self.raise_()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        if take_focus:
            self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self.setFocus(Qt.FocusReason.PopupFocusReason)
            self.focusNextChild()

    def _close_others(self, anchor: QWidget) -> None:
        """Close the other cards of the window, but for the one that this card belongs to."""
        for other in self._window.findChildren(Popover):
            if other is not self and other.is_open and not other.isAncestorOf(anchor):
                other.close_card()

    def _stand_at(self, anchor: QWidget) -> None:
        window = self._window
        corner = anchor.mapTo(window, QPoint(0, 0)) if window.isAncestorOf(anchor) else QPoint(0, 0)
        box = QRect(corner, anchor.size())
        below = box.bottom() + 1 + self.height() - SHADOW <= window.height()
        self._tail_above = below or box.top() < window.height() - box.bottom()
        x = min(max(box.left() - SHADOW, 8 - SHADOW), window.width() - self.width() + SHADOW - 8)
        y = box.bottom() + 1 - SHADOW if self._tail_above else box.top() - self.height() + SHADOW + DROP
        y = min(max(y, -SHADOW), window.height() - self.height() + SHADOW)
        self.move(x, y)
        middle = box.left() + min(box.width() / 2, 48) - x
        self._tail_x = min(max(middle, SHADOW + 24), self.width() - SHADOW - 24)

    def set_card_height(self, height: int) -> None:
        """Change the height of the open card; the edge at its anchor stays where it is."""
        bottom = self.geometry().bottom()
        self.resize(self.width(), height + self.height() - round(self.card().height()))
        if not self._tail_above:
            self.move(self.x(), bottom + 1 - self.height())

    def close_card(self) -> None:
        """Close and give the focus back to where it came from."""
        if not self.is_open:
            return
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        inside = QApplication.focusWidget()
        self.hide()
        if self._back_to is not None and (inside is None or inside is self or self.isAncestorOf(inside)):
            self._back_to.setFocus(Qt.FocusReason.PopupFocusReason)
        self._back_to = None
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Resize and watched is self._window:
            self.close_card()
        elif kind in self.ends_at and isinstance(watched, QWidget):
            inside = watched is self or self.isAncestorOf(watched)
            anchor = self._anchor
            at_anchor = anchor is not None and (watched is anchor or anchor.isAncestorOf(watched))
            if not inside and not (at_anchor and kind == QEvent.Type.MouseButtonPress):
                self.close_card()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def hideEvent(self, event: QEvent) -> None:
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def card(self) -> QRectF:
        """Return the rectangle of the card inside its shadow."""
        box = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW - DROP)
        return box.adjusted(0, TAIL, 0, 0) if self._tail else box

    def _outline(self) -> QPainterPath:
        card = self.card().adjusted(0.5, 0.5, -0.5, -0.5)
        path = QPainterPath()
        path.addRoundedRect(card, CARD_RADIUS, CARD_RADIUS)
        if self._tail and self._tail_above:
            tail = QPainterPath()
            point = QPoint(int(self._tail_x), int(card.top()))
            tail.addPolygon(
                QPolygonF(
                    [
                        (point + QPoint(-TAIL, 1)).toPointF(),
                        (point + QPoint(0, 1 - TAIL)).toPointF(),
                        (point + QPoint(TAIL, 1)).toPointF(),
                    ]
                )
            )
            path = path.united(tail)
        return path

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        outline = self._outline()
        draw_shadow(painter, outline)
        painter.setPen(QPen(look.line2, 1))
        painter.setBrush(look.surface)
        painter.drawPath(outline)
        painter.end()


def draw_shadow(painter: QPainter, outline: QPainterPath) -> None:
    """Draw the one shadow of the look under a floating shape."""
    look = theme()
    if look.outlined:
        return
    strength = 0.40 if look.dark else 0.10
    painter.save()
    painter.translate(0, DROP)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for step in range(SHADOW, 0, -1):
        ink = QColor(0, 0, 0)
        ink.setAlphaF(strength * (1 - step / (SHADOW + 1)) / 3.2)
        painter.setPen(
            QPen(ink, 2 * step, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
        )
        painter.drawPath(outline)
    painter.restore()
