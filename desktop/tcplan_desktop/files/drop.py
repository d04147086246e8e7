"""Files that are dragged onto the window: a veil says what letting go will do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from tcplan.catalogue.pack import SUFFIX as PACK
from tcplan.language import _, plural
from tcplan_desktop.files.dialogs import SUFFIX
from tcplan_desktop.files.importing import importable
from tcplan_desktop.parts.painting import draw_text, rounded, smooth
from tcplan_desktop.theme import font, px, theme


def plans_in(data: QMimeData) -> list[Path]:
    """Return the plans among the files of a drag; without any, the one file that may become a plan."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    packs = [path for path in paths if path.suffix == PACK]
    return [path for path in paths if path.suffix == SUFFIX] or packs[:1] or importable(paths)[:1]


class Veil(QWidget):
    """Lies over the window while files hang above it."""

    dropped = Signal(list)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.words = ""
        self.second = ""
        self.hide()
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The window has the drag until the pointer moves, and the veil from then on.
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            self.dropEvent(event)
        elif isinstance(event, QDragEnterEvent):
            self.dragEnterEvent(event)
        elif isinstance(event, QDragLeaveEvent):
            self.dragLeaveEvent(event)
        else:
            return False
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = plans_in(event.mimeData())
        if paths:
            self._cover(paths)
            event.acceptProposedAction()

    def _cover(self, paths: Sequence[Path]) -> None:
        words = _("Open {name}") if paths[0].suffix in (SUFFIX, PACK) else _("Make a plan from {name}")
        self.words = words.format(name=paths[0].name)
        if len(paths) > 1:
            more = plural("and list {count} more plan", "and list {count} more plans", len(paths) - 1)
            self.words += " " + more.format(count=len(paths) - 1)
        self.second = _("What is open now is kept; nothing is copied or moved.")
        if paths[0].suffix == PACK:
            self.second = _("A data pack: you see what it would change before anything is taken.")
        self.setAccessibleName(self.words)
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.hide()
        paths = plans_in(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        ground = QColor(look.window)
        ground.setAlphaF(0.86)
        painter.fillRect(self.rect(), ground)
        inner = QRectF(self.rect()).adjusted(px(24), px(24), -px(24), -px(24))
        rounded(painter, inner, None, look.accentline, px(8))
        middle = inner.center().y()
        centre = Qt.AlignmentFlag.AlignHCenter
        first = QRectF(inner.x(), middle - px(36), inner.width(), px(32))
        draw_text(painter, self.words, first, font(24, 600), look.text, centre)
        second = QRectF(inner.x(), middle, inner.width(), px(24))
        draw_text(painter, self.second, second, font(13), look.text2, centre)
        painter.end()
