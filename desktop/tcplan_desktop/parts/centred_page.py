"""A page that stands in the middle of a wide window and scrolls in a low one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

_SHARE = 60


def centre_page(host: QWidget, page: QLayout, widest: int) -> QHBoxLayout:
    """Fill a widget with a page of at most this width, and return the row in which it stands."""
    inner, middle = QWidget(), QWidget()
    middle.setLayout(page)
    middle.setMaximumWidth(widest)
    across = QHBoxLayout(inner)
    across.addStretch(1)
    across.addWidget(middle, _SHARE)
    across.addStretch(1)
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setWidget(inner)
    whole = QVBoxLayout(host)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(scroll)
    return across
