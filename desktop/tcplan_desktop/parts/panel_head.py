"""The head of a panel: chevron and title; closed, it says below what the panel holds."""

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.parts.painting import draw_text, ring_inside, smooth, width_of
from tcplan_desktop.parts.pressable import Pressable
from tcplan_desktop.text import tooltip
from tcplan_desktop.theme import font, px, theme

_TEXT = 36


class PanelHead(Pressable):
    """Opens and closes a panel; checked means open."""

    opened = Signal(bool)

    def __init__(self, title: str, *, is_open: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary = ""
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setChecked(is_open)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._turned)

    def set_summary(self, summary: str) -> None:
        """Say in one line what the closed panel holds."""
        if summary != self._summary:
            self._summary = summary
            self.setAccessibleDescription(summary)
            self._fit()

    def _turned(self, is_open: bool) -> None:
        self._fit()
        self.opened.emit(is_open)

    def _fit(self) -> None:
        room = self.width() - px(_TEXT) - px(16)
        cut = not self.isChecked() and width_of(self._summary, font(12)) > room
        tooltip(self, self._summary if cut else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        closed = bool(self._summary) and not self.isChecked()
        return QSize(px(200), px(56 if closed else 36))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        line = QRectF(px(_TEXT), px(10), self.width() - px(_TEXT) - px(16), px(20))
        name = "chevron-down" if self.isChecked() else "chevron-right"
        ink = look.text if self.hovered else look.text3
        draw_icon(painter, name, px(15), line.center().y() - px(16) / 2, px(16), ink)
        draw_text(painter, self.text(), line, font(13, 600), look.text)
        if self._summary and not self.isChecked():
            below = QRectF(line.x(), line.bottom(), line.width(), px(18))
            draw_text(painter, self._summary, below, font(12), look.text3)
        if self.ringed:
            ring_inside(painter, QRectF(self.rect()).adjusted(4, 2, -4, -2))
        painter.end()
