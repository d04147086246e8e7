"""Tabs of the centre: words with an underline, in widths reserved for the chosen weight."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QTabBar, QWidget

from tcplan_desktop.parts.painting import draw_text, ring_inside, smooth, width_of
from tcplan_desktop.parts.pressable import ringed_after
from tcplan_desktop.theme import font, px, theme, themes

GAP = 24


class Tabs(QTabBar):
    """A tab bar that paints itself; role, names and arrow keys are Qt's."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setMouseTracking(True)
        self._by_keyboard = False
        self._under_mouse = -1
        themes.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        # The font tells Qt the widths; without it a change of text size would keep the old ones.
        self.setFont(font(13, 600))
        self.updateGeometry()
        self.update()

    def tabSizeHint(self, index: int) -> QSize:
        return QSize(int(width_of(self.tabText(index), font(13, 600)) + 0.99) + px(GAP), px(40))

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = ringed_after(event.reason(), before=self._by_keyboard)
        super().focusInEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_keyboard = True
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.tabAt(event.position().toPoint()))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._hover(self.tabAt(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, index: int) -> None:
        if index != self._under_mouse:
            self._under_mouse = index
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        for index in range(self.count()):
            tab = QRectF(self.tabRect(index))
            word = QRectF(tab.x(), tab.y(), tab.width() - px(GAP), tab.height())
            chosen = index == self.currentIndex()
            ink = look.text if chosen or index == self._under_mouse else look.text2
            if not self.isTabEnabled(index):
                ink = look.line2
            draw_text(painter, self.tabText(index), word, font(13, 600 if chosen else 500), ink)
            if chosen:
                painter.fillRect(QRectF(word.x(), tab.bottom() - 2, word.width(), 2), look.accentline)
                if self.hasFocus() and self._by_keyboard:
                    ring_inside(painter, word.adjusted(-px(6), px(6), px(6), -px(6)))
        painter.end()
