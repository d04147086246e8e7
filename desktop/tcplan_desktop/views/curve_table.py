"""The curves as a table: the same points, and a copy that other programs can read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from tcplan.language import _
from tcplan.report.numbers import full
from tcplan_desktop.theme import font, px, theme, themes
from tcplan_desktop.views.curve_choice import rounded
from tcplan_desktop.views.curve_words import number

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its values in the unit of the head, and how many digits are shown."""

    head: str
    values: NDArray[np.float64]
    digits: int = 3


class CurveModel(QAbstractTableModel):
    """The points of the curves, one a row."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: tuple[Column, ...] = ()
        self.plan_row = -1

    def show_columns(self, columns: Sequence[Column], plan: float) -> None:
        """Show other points; the row of the plan itself is set in bold."""
        self.beginResetModel()
        self.columns = tuple(columns)
        xs = self.columns[0].values if self.columns else np.empty(0)
        self.plan_row = int(np.argmin(np.abs(xs - plan))) if xs.size and np.isfinite(plan) else -1
        self.endResetModel()

    def rowCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.columns[0].values) if self.columns else 0

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        if role == Qt.ItemDataRole.DisplayRole:
            column = self.columns[index.column()]
            value = float(column.values[index.row()])
            return number(rounded(value, column.digits)) if np.isfinite(value) else _("no value")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.FontRole:
            return self._font(index.row())
        if role == Qt.ItemDataRole.ForegroundRole:
            return theme().text
        return None

    def _font(self, row: int) -> QFont:
        return font(13, 600 if row == self.plan_row else 400)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].head
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.FontRole:
            return font(12, 600)
        return None

    def tsv(self) -> str:
        """Return every point with every digit, a tab between columns; a gap is an empty cell."""
        lines = ["\t".join(column.head for column in self.columns)]
        lines += [
            "\t".join(full(float(column.values[row])) for column in self.columns)
            for row in range(self.rowCount())
        ]
        return "\n".join(lines) + "\n"


class CurveTable(QTableView):
    """The view of the points."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points = CurveModel()
        self.setModel(self.points)
        self.setAccessibleName(_("Curves as a table"))
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self._restyle()
        themes.changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.verticalHeader().setDefaultSectionSize(px(28))
        self.horizontalHeader().setFixedHeight(px(32))

    def show_columns(self, columns: Sequence[Column], plan: float) -> None:
        """Show these points and bring the plan into sight when it moved."""
        before = self.points.plan_row
        self.points.show_columns(columns, plan)
        if self.points.plan_row >= 0 and self.points.plan_row != before:
            row = self.points.index(self.points.plan_row, 0)
            self.scrollTo(row, QAbstractItemView.ScrollHint.PositionAtCenter)

    def copy(self) -> None:
        """Put the points on the clipboard."""
        QGuiApplication.clipboard().setText(self.points.tsv())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
            return
        super().keyPressEvent(event)
