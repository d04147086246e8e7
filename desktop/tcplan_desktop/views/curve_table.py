"""The curves as a table: the same points, one a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from tcplan.language import _
from tcplan.report.numbers import full
from tcplan_desktop.parts.table import FULL, WEIGHT, Index, Table
from tcplan_desktop.theme import px, themes
from tcplan_desktop.views.curve_choice import rounded
from tcplan_desktop.views.curve_words import number


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its values in the unit of the head, and how many digits are shown."""

    head: str
    values: NDArray[np.float64]
    digits: int = 3


class CurveModel(QAbstractTableModel):
    """The points of the curves; where a curve has a gap the cell is empty."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: tuple[Column, ...] = ()
        self.plan_row = -1

    def show_columns(self, columns: Sequence[Column], plan: float) -> None:
        """Show other points; the row of the plan itself is set in bold."""
        self.beginResetModel()
        self.columns = tuple(columns)
        xs = self.columns[0].values
        self.plan_row = int(np.argmin(np.abs(xs - plan))) if xs.size and np.isfinite(plan) else -1
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        beneath = parent is not None and parent.isValid()
        return 0 if beneath or not self.columns else len(self.columns[0].values)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        column = self.columns[index.column()]
        value = float(column.values[index.row()])
        if role == Qt.ItemDataRole.DisplayRole:
            return number(rounded(value, column.digits)) if np.isfinite(value) else ""
        if role == FULL:
            return full(value)
        if role == WEIGHT:
            return 600 if index.row() == self.plan_row else 400
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | Qt.AlignmentFlag | None:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].head
        return Qt.AlignmentFlag.AlignRight if role == Qt.ItemDataRole.TextAlignmentRole else None


class CurveTable(Table):
    """The view of the points; the plan's own row is in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Curves as a table"), parent)
        self.points = CurveModel()
        self.setModel(self.points)
        # Four hundred rows of one height need not be measured each time the curves move.
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._pitch()
        themes.changed.connect(self._pitch)

    def _pitch(self) -> None:
        self.verticalHeader().setDefaultSectionSize(px(28))

    def show_columns(self, columns: Sequence[Column], plan: float) -> None:
        """Show these points and bring the plan into sight when it moved."""
        before = self.points.plan_row
        self.points.show_columns(columns, plan)
        if self.points.plan_row >= 0 and self.points.plan_row != before:
            row = self.points.index(self.points.plan_row, 0)
            self.scrollTo(row, QAbstractItemView.ScrollHint.PositionAtCenter)
