"""The bar of the scenarios: their tabs, what the changes in the headline refer to, and the way to compare."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from tcplan.language import _
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.painting import smooth
from tcplan_desktop.text import Label, tooltip
from tcplan_desktop.theme import px, theme, themes
from tcplan_desktop.views.scenario_tabs import ScenarioTabs

_LONGEST = 28
"""Letters of a reference's name; the tool tip has it whole."""


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
    """Tabs at the left; at the right the reference of the changes, which is a button with the others."""

    reference_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Scenarios"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.tabs = ScenarioTabs(self)
        self.tabs.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.add = Button(kind=Kind.QUIET, icon_name="plus", name=_("New scenario"), key="Ctrl+T")
        self._mark = _Diamond(self)
        self._words = Label(_("Change against"), size=12, ink="text3")
        self.reference = Button(kind=Kind.QUIET, size=12, ink="text")
        self.reference.clicked.connect(self.reference_asked)
        self.compare = Button(_("Compare"), icon_name="git-compare")
        self._row = QHBoxLayout(self)
        self._row.setSpacing(px(4))
        self._row.addWidget(self.tabs)
        self._row.addWidget(self.add)
        self._row.addStretch(1)
        for widget in (self._mark, self._words, self.reference, self.compare):
            self._row.addWidget(widget)
        themes.changed.connect(self._restyle)
        self._restyle()
        self.show_reference("")

    def show_reference(self, name: str, *, offered: bool = False) -> None:
        """Say to what the changes in the headline refer; without any, one is offered or nothing is shown."""
        shown = name or (_("nothing") if offered else "")
        self.reference.set_text(shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…")
        self.reference.setAccessibleName(_("Change against {name}").format(name=shown))
        tooltip(self.reference, shown if len(shown) > _LONGEST else _("Choose what the changes refer to"))
        for widget in (self._words, self.reference):
            widget.setVisible(bool(shown))
        self._mark.setVisible(bool(name))

    def _restyle(self) -> None:
        self._row.setContentsMargins(px(10), 0, px(14), 0)
        self.setFixedHeight(px(40))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.window)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), look.line)
        painter.end()
