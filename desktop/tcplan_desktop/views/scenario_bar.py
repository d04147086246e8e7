"""The scenarios of the plan; the base plan alone so far, and what the change in the headline refers to."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tcplan.language import _
from tcplan_desktop.parts.painting import draw_text, ring_inside, rounded, smooth, width_of
from tcplan_desktop.parts.pressable import Pressable
from tcplan_desktop.text import Label
from tcplan_desktop.theme import font, px, theme, themes


class ScenarioTab(Pressable):
    """The raised tab of a scenario."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(name)
        self.setAccessibleName(_("Scenario {name}").format(name=name))
        self.setCheckable(True)
        self.setChecked(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        self.setFixedSize(int(width_of(self.text(), font(13, 600))) + px(28), px(28))

    def nextCheckState(self) -> None:
        self.setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        box = QRectF(self.rect())
        rounded(painter, box, look.surface, look.line2, px(6))
        draw_text(painter, self.text(), box.adjusted(px(14), 0, 0, 0), font(13, 600), look.text)
        if self.ringed:
            ring_inside(painter, box)
        painter.end()


class _Diamond(QWidget):
    """The sign with which the scales of the headline mark the reference."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(px(12), px(14))

    def paintEvent(self, event: QPaintEvent) -> None:
        half, middle = px(4), QPointF(px(6), px(7))
        painter = QPainter(self)
        smooth(painter)
        painter.setPen(QPen(theme().text2, 1.25))
        sides = (QPointF(0, -half), QPointF(half, 0), QPointF(0, half), QPointF(-half, 0))
        painter.drawPolygon(QPolygonF([middle + side for side in sides]))
        painter.end()


class ScenarioBar(QWidget):
    """A bar of tabs; the reference of the changes stands at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Scenarios"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.tab = ScenarioTab(_("Base"), self)
        self._mark = _Diamond(self)
        self.reference = Label(size=12, ink="text2")
        self._row = QHBoxLayout(self)
        self._row.setSpacing(px(6))
        self._row.addWidget(self.tab)
        self._row.addStretch(1)
        self._row.addWidget(self._mark)
        self._row.addWidget(self.reference)
        themes.changed.connect(self._restyle)
        self._restyle()
        self.show_reference("")

    def show_reference(self, words: str) -> None:
        """Say to what the changes in the headline refer; nothing when there is no reference."""
        self.reference.setText(words)
        self._mark.setVisible(bool(words))

    def _restyle(self) -> None:
        self._row.setContentsMargins(px(12), 0, px(16), 0)
        self.setFixedHeight(px(40))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.window)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), look.line)
        painter.end()
