"""What a view says while it has nothing to show: what is missing, how to get it, and one button."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tcplan_desktop.parts.button import Button
from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px, theme, themes


class _Mark(QWidget):
    def __init__(self, icon_name: str) -> None:
        super().__init__()
        self._icon = icon_name
        themes.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(px(24), px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        size = px(24)
        left, top = box.center().x() - size / 2, box.center().y() - size / 2
        draw_icon(painter, self._icon, left, top, size, theme().text3)
        painter.end()


class EmptyState(QWidget):
    """Icon, title, sentence and button in the middle of a view; `asked` is the button."""

    asked = Signal()

    def __init__(
        self,
        icon_name: str,
        title: str,
        sentence: str,
        button: str = "",
        key: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        middle = Qt.AlignmentFlag.AlignHCenter
        self.title = Label(title, weight=600)
        self.sentence = Label(sentence, size=12, ink="text2", wrap=True)
        self.sentence.setAlignment(middle)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(_Mark(icon_name), 0, middle)
        column.addSpacing(8)
        column.addWidget(self.title, 0, middle)
        column.addWidget(self.sentence)
        if button:
            self.button = Button(button, key=key)
            self.button.clicked.connect(self.asked)
            column.addSpacing(6)
            column.addWidget(self.button, 0, middle)
        column.addStretch(1)
