"""The three columns of the window: inputs, centre, why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QWidget

from tcplan_desktop.panels.column import InputColumn
from tcplan_desktop.theme import px, theme, themes
from tcplan_desktop.views.centre import Centre
from tcplan_desktop.views.why_pane import WhyPane

INPUTS, INPUTS_COMPACT, WHY = 372, 320, 320


class WhyColumn(QWidget):
    """The ground of the right column, with the hairline at its left."""

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(1, 0, 0, 0)
        themes.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.surface)
        painter.fillRect(0, 0, 1, self.height(), look.line)
        painter.end()


class Workbench(QWidget):
    """A splitter; the centre takes what the columns leave."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.inputs = InputColumn()
        self.centre = Centre()
        self.pane = WhyPane()
        self.why_column = WhyColumn()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        for widget in (self.inputs, self.centre, self.why_column):
            self.splitter.addWidget(widget)
        self.splitter.setStretchFactor(1, 1)
        self._compact = False
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.splitter)
        self._bound()
        self.reset_columns()
        themes.changed.connect(self._bound)

    def _bound(self) -> None:
        self.inputs.setMinimumWidth(px(280))
        self.inputs.setMaximumWidth(px(560))
        self.centre.setMinimumWidth(px(400))
        self.why_column.setMinimumWidth(px(280))
        self.why_column.setMaximumWidth(px(520))

    def reset_columns(self) -> None:
        """Give the columns the widths of the design."""
        left = px(INPUTS_COMPACT if self._compact else INPUTS)
        right = px(WHY)
        middle = max(self.width() - left - right, px(400))
        self.splitter.setSizes([left, middle, right])

    def set_compact(self, *, compact: bool) -> None:
        """Use the narrow column of inputs, badges without words."""
        if compact != self._compact:
            self._compact = compact
            self.inputs.set_compact(compact=compact)
            self.reset_columns()
