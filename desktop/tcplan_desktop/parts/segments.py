"""Two or three fixed choices side by side, the chosen one raised."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tcplan_desktop.parts.painting import RADIUS, RING, draw_text, ring_inside, rounded, smooth, width_of
from tcplan_desktop.parts.pressable import Pressable
from tcplan_desktop.parts.well_frame import NOTE_ROOM
from tcplan_desktop.theme import font, px, theme, themes


class _Segment(Pressable):
    def __init__(self, key: str, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.key = key
        self.setText(label)
        self.setAccessibleName(label)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        # The width is that of the chosen weight, so that choosing moves nothing.
        return QSize(int(width_of(self.text(), font(13, 600))) + px(16), px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(24), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        chosen = self.isChecked()
        ink = look.text if chosen else look.text2
        if not self.isEnabled():
            ink = look.line2
        if chosen:
            rounded(
                painter,
                box,
                look.typedfill if look.dark and not look.outlined else look.surface,
                look.edge,
                RADIUS - 1,
            )
        elif self.hovered:
            rounded(painter, box, look.hover, None, RADIUS - 1)
        face = font(13, 600 if chosen else 400)
        draw_text(painter, self.text(), box, face, ink, Qt.AlignmentFlag.AlignHCenter)
        if self.ringed:
            ring_inside(painter, QRectF(self.rect()))
        painter.end()


def fits(labels: Sequence[str], room: float) -> bool:
    """Return whether segments of these labels can be read in a well of this width."""
    return sum(width_of(label, font(13, 600)) + px(8) for label in labels) <= room


class Segments(QWidget):
    """A well of segments, of the same outer size as a field; `picked` carries the key of the one pressed."""

    picked = Signal(str)

    def __init__(
        self, name: str, options: Sequence[tuple[str, str]] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._segments: list[_Segment] = []
        self._name = name
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(NOTE_ROOM, RING, RING, RING)
        self._row.setSpacing(0)
        self._noted = False
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)
        self.set_options(options)

    @property
    def key(self) -> str:
        """The key of the chosen segment, empty when none is."""
        return next((one.key for one in self._segments if one.isChecked()), "")

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """Offer these pairs of key and label."""
        for old in self._segments:
            self._row.removeWidget(old)
            old.deleteLater()
        self._segments = [_Segment(key, label, self) for key, label in options]
        for segment in self._segments:
            segment.setAccessibleDescription(self._name)
            segment.clicked.connect(self._pressed)
            self._row.addWidget(segment)
        if self._segments:
            self.setFocusProxy(self._segments[0])

    def show_key(self, key: str) -> None:
        """Show the choice in force."""
        for segment in self._segments:
            if segment.key == key:
                segment.setChecked(True)
                self.setFocusProxy(segment)
        self._mend_tab_stops()

    def set_note(self, noted: bool) -> None:
        """Show or hide the dot that says: here is a note."""
        self._noted = noted
        self.update()

    def _pressed(self) -> None:
        self._mend_tab_stops()
        self.picked.emit(self.key)

    def _mend_tab_stops(self) -> None:
        for segment in self._segments:
            stop = segment.isChecked() or not self.key
            segment.setFocusPolicy(Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        well = QRectF(self.rect()).adjusted(NOTE_ROOM, RING, -RING, -RING)
        rounded(painter, well, look.field, look.line2)
        if self._noted:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.text2)
            painter.drawEllipse(QRectF(0, well.center().y() - 2, 4, 4))
        painter.end()
