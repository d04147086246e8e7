"""Work in the status bar: its name, how far it is, what is left, and the way out."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from tcplan.language import _
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.painting import rounded, smooth
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px, theme, themes

_STEPS = 1000


class _Bar(QProgressBar):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setRange(0, _STEPS)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(px(80), px(8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        line = QRectF(0, (self.height() - px(4)) / 2, self.width(), px(4))
        rounded(painter, line, look.grid if look.outlined else look.line2, None, px(2))
        done = QRectF(line.x(), line.y(), line.width() * self.value() / _STEPS, line.height())
        rounded(painter, done, look.accentline, None, px(2))
        painter.end()


class Progress(QWidget):
    """One task; `cancelled` asks to end it."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = Label(size=12, ink="text2")
        self.bar = _Bar(self)
        self.share = Label(size=12, weight=500)
        self.left = Label(size=12, ink="text3")
        self.cancel = Button(_("Esc"), kind=Kind.QUIET, size=11, name=_("Cancel"))
        self.cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.name, self.bar, self.share, self.left, self.cancel):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_work(self, name: str, share: float, left: str = "", *, cancel: bool = True) -> None:
        """Show a task by name, the share done (0 to 1) and what is left in words."""
        self.name.setText(name)
        self.bar.setAccessibleName(name)
        self.bar.setValue(round(min(max(share, 0.0), 1.0) * _STEPS))
        self.share.setText(f"{share * 100:.0f}\u202f%")
        self.left.setText(left)
        self.left.setVisible(bool(left))
        self.cancel.setVisible(cancel)
