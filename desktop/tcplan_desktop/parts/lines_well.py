"""Several lines of text in a painted well, for notes and justifications."""

from PySide6.QtCore import QEvent, QMargins, QObject, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QVBoxLayout, QWidget

from tcplan_desktop.parts.painting import RING, ring_outside, rounded, smooth
from tcplan_desktop.theme import font, px, theme, themes


class Lines(QPlainTextEdit):
    """Plain lines of text in a painted well; Tab leads on instead of indenting."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(px(4))
        self.restyle()
        themes.changed.connect(self.restyle)

    def restyle(self) -> None:
        """Take the size and colours of the theme in force."""
        look = theme()
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, look.field)
        palette.setColor(QPalette.ColorRole.Text, look.text)
        palette.setColor(QPalette.ColorRole.PlaceholderText, look.text3)
        self.setPalette(palette)
        self.setFont(font(13))


class LinesWell(QWidget):
    """The well around the text, with the ring while it has the keyboard."""

    def __init__(self, text: Lines) -> None:
        super().__init__()
        self._text = text
        column = QVBoxLayout(self)
        column.setContentsMargins(QMargins(RING, RING, RING, RING))
        column.addWidget(text)
        text.installEventFilter(self)
        themes.changed.connect(self.update)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent):
            self.update()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        well = QRectF(self.rect()).adjusted(RING, RING, -RING, -RING)
        rounded(painter, well, look.field, look.edge if look.outlined else None)
        painter.fillRect(QRectF(well.x(), well.bottom() - 1, well.width(), 1), look.edge)
        if self._text.hasFocus():
            ring_outside(painter, well)
        painter.end()
