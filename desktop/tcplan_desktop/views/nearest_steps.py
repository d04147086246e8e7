"""The published steps nearest to the plan, with the error that the prediction has there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from tcplan.language import _
from tcplan.report.numbers import MINUS, share
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.text import Elided, Label
from tcplan_desktop.theme import px

if TYPE_CHECKING:
    from tcplan.validation.certainty import Certainty
    from tcplan.validation.published import Published

_SHOWN = 3


class NearestSteps(QWidget):
    """A few lines of the why; it leads to the page of all published steps."""

    asked_all = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Published, ...] | None = None
        self._labels: list[Label] = []
        self._grid = QGridLayout()
        self._grid.setColumnStretch(0, 1)
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(px(2))
        self.all = Button(_("How good are these numbers?"), kind=Kind.LINK, size=12)
        self.all.clicked.connect(self.asked_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(4))
        column.addWidget(Label(_("Nearest published steps"), size=12, weight=600, ink="text2"))
        column.addLayout(self._grid)
        column.addWidget(self.all, 0, Qt.AlignmentFlag.AlignLeft)
        self.hide()

    def show_certainty(self, sure: Certainty | None) -> None:
        """Show the nearest steps of a plan; None hides them, where nothing was predicted."""
        self.setVisible(sure is not None)
        rows = sure.confidence.nearest[:_SHOWN] if sure is not None else ()
        if rows == self._rows:
            return
        self._rows = rows
        for label in self._labels:
            self._grid.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._labels = []
        for at, row in enumerate(rows):
            name = _("{model}, {count} × {hardware}").format(
                model=row.model, count=f"{row.place.devices:g}", hardware=row.hardware
            )
            sign = "+" if row.error > 0 else MINUS
            pair = (Elided(name, size=12), Label(f"{sign}{share(abs(row.error))}", size=12, weight=600))
            for column, label in enumerate(pair):
                self._grid.addWidget(label, at, column)
            self._labels += pair
