"""The layouts as rows: degrees, step, memory, use of the peak and cost, with bars for time and memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QRectF, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget
from PySide6.QtWidgets import QStyleOptionViewItem as ItemOption

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.layout_words import choices_of, degrees_of, waiting_share
from tcplan.plan.units import from_coherent
from tcplan.report.numbers import figure, full, share
from tcplan.study.layouts import Found, Layout
from tcplan_desktop.parts.painting import track
from tcplan_desktop.parts.table import FULL, REFERENCE, SECOND, WEIGHT, Delegate, Index, Table
from tcplan_desktop.theme import px, theme, themes

BAR = Qt.ItemDataRole.UserRole + 10
"""Shares of a bar that are filled, the first in colour, the second in grey."""
ORDER = Qt.ItemDataRole.UserRole + 11
"""What a column is sorted by."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, the path of its result (empty for the degrees), and how a value is written."""

    head: str
    path: str = ""
    percent: bool = False


COLUMNS = (
    Column(N_("Layout")),
    Column(N_("Step"), "time.step"),
    Column(N_("Memory"), "memory.peak"),
    Column("MFU", "efficiency.mfu", percent=True),
    Column(N_("Money"), "money.total"),
)
_ENERGY = Column(N_("Energy"), "energy.facility")
"""Stands in for the money where energy decides."""
STEP, MEMORY, MFU = 1, 2, 3
_LEAST = 5
"""Rows that are in sight however small the window."""
_NARROW = 500
"""Below this width the use of the peak gives its place to the degrees: it only mirrors the step."""


class LayoutModel(QAbstractTableModel):
    """The layouts that were found; the plan's own is among them or comes last."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Layout, ...] = ()
        self._found: Found | None = None
        self._estimate: Estimate | None = None
        self._slowest = self._device = 1.0
        self.columns = COLUMNS

    def show_found(self, found: Found, estimate: Estimate) -> None:
        """Show what a search found for the plan of an estimate."""
        self.beginResetModel()
        self._found, self._estimate = found, estimate
        self.columns = (*COLUMNS[:-1], _ENERGY) if found.by == "energy" else COLUMNS
        known = any(one.choice == found.current.choice for one in found.layouts)
        self.rows = found.layouts if known else (*found.layouts, found.current)
        steps = [one.values["step_time"] for one in self.rows]
        self._slowest = max((step for step in steps if step > 0), default=1.0)
        self._device = estimate.given["hardware.memory"].value
        self.endResetModel()

    def own(self, row: int) -> bool:
        """Return whether the plan has this layout."""
        return self._found is not None and self.rows[row].choice == self._found.current.choice

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        layout, column = self.rows[index.row()], self.columns[index.column()]
        answers: dict[int, Callable[[], object]] = {
            Qt.ItemDataRole.DisplayRole: lambda: self._text(layout, column),
            FULL: lambda: full(self._value(layout, column)) if column.path else "",
            SECOND: lambda: "" if column.path else self._second(index.row()),
            WEIGHT: lambda: 600 if self.own(index.row()) else 400,
            REFERENCE: lambda: self.own(index.row()),
            ORDER: lambda: self._order(layout, column),
            BAR: lambda: self._bar(layout, index.column()),
            Qt.ItemDataRole.AccessibleTextRole: lambda: self._spoken(index.row(), column),
            Qt.ItemDataRole.TextAlignmentRole: lambda: _side(index.column()),
        }
        answer = answers.get(role)
        return answer() if answer is not None else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | Qt.AlignmentFlag | None:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _(self.columns[section].head)
        return _side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _value(self, layout: Layout, column: Column) -> float:
        if self._estimate is None:
            return float("nan")
        quantity = self._estimate.graph.paths[column.path]
        return from_coherent(float(layout.values[quantity.name]), quantity.shown)

    def _text(self, layout: Layout, column: Column) -> str:
        if not column.path or self._estimate is None:
            return degrees_of(layout)
        value = self._value(layout, column)
        return str(
            share(value, 3)
            if column.percent
            else figure(value, self._estimate.graph.paths[column.path].shown, 3)
        )

    def _second(self, row: int) -> str:
        words = choices_of(self.rows[row])
        return _("in the plan · {words}").format(words=words) if self.own(row) else words

    def _spoken(self, row: int, column: Column) -> str:
        text = self._text(self.rows[row], column)
        return text if column.path else f"{text}, {self._second(row)}"

    def _order(self, layout: Layout, column: Column) -> Any:  # noqa: ANN401  # a number, or degrees
        if column.path:
            return self._value(layout, column)
        names = ("tensor", "pipeline", "context", "expert", "micro_batch")
        return " ".join(f"{layout.choice[name]:08.0f}" for name in names)

    def _bar(self, layout: Layout, column: int) -> tuple[float, float] | None:
        if column == STEP:
            length = layout.values["step_time"] / self._slowest
            waiting = waiting_share(layout)
            return (length * (1.0 - waiting), length * waiting)
        if column == MEMORY:
            return (layout.values["memory_peak"] / self._device, 0.0)
        return None


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft


class _Cells(Delegate):
    """Draws the bar of a cell below its number."""

    def paint(self, painter: QPainter, option: ItemOption, index: Index) -> None:
        super().paint(painter, option, index)
        bar = index.data(BAR)
        if bar is None:
            return
        look = theme()
        box = QRectF(option.rect).adjusted(px(8), 0, -px(8), 0)
        box = QRectF(box.x(), box.bottom() - px(12), box.width(), px(5))
        painter.save()
        painter.fillRect(box, track())
        left = box.x()
        for filled, color in zip(bar, (self._color(bar), look.text3), strict=True):
            wide = min(max(filled, 0.0) * box.width(), box.right() - left)
            painter.fillRect(QRectF(left, box.y(), wide, box.height()), color)
            left += wide
        painter.restore()

    def _color(self, bar: tuple[float, float]) -> QColor:
        return theme().bad if bar[0] > 1.0 else theme().s1

    def _draw_words(self, painter: QPainter, box: QRectF, index: Index) -> None:
        above = box.adjusted(0, 0, 0, -px(12)) if index.data(BAR) is not None else box
        super()._draw_words(painter, above, index)


class LayoutTable(Table):
    """The view; Enter takes the chosen row, Space sorts by the column that has the focus."""

    taken = Signal(object)
    """The layout of the row on which Enter or a double click fell."""
    passed = Signal(object)
    """The layout of the row that is chosen now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Layouts"), parent)
        self.setAccessibleDescription(
            _("Enter takes a layout into the plan; Space sorts by the column with the focus.")
        )
        self.layouts = LayoutModel()
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.layouts)
        self._sorted.setSortRole(ORDER)
        self.setModel(self._sorted)
        self.setItemDelegate(_Cells(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        head = self.horizontalHeader()
        head.setSectionsClickable(True)
        head.setSortIndicatorClearable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(lambda _now, _before: self._pass())
        self._pitch()
        themes.changed.connect(self._pitch)

    def _pitch(self) -> None:
        self.verticalHeader().setDefaultSectionSize(px(44))
        self.setMinimumHeight(px(32 + _LEAST * 44))
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column, width in ((STEP, 88), (MEMORY, 92), (MFU, 68), (4, 80)):
            head.resizeSection(column, px(width))
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnHidden(MFU, self.width() < px(_NARROW))

    def chosen(self) -> Layout | None:
        """Return the layout of the row that is chosen."""
        index = self._sorted.mapToSource(self.currentIndex())
        return self.layouts.rows[index.row()] if index.isValid() else None

    def show_found(self, found: Found, estimate: Estimate) -> None:
        """Show other layouts; the row that was chosen stays chosen where it is still there."""
        before = self.chosen()
        column = max(self.currentIndex().column(), 0)
        self.layouts.show_found(found, estimate)
        choices = [one.choice for one in self.layouts.rows]
        at = choices.index(before.choice) if before is not None and before.choice in choices else 0
        if choices:
            self.setCurrentIndex(self._sorted.mapFromSource(self.layouts.index(at, column)))
        self._pass()

    def _pass(self) -> None:
        layout = self.chosen()
        if layout is not None:
            self.passed.emit(layout)

    def _take(self) -> None:
        layout = self.chosen()
        if layout is not None:
            self.taken.emit(layout)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif event.key() == Qt.Key.Key_Space:
            self._sort_by(max(self.currentIndex().column(), 0))
        else:
            super().keyPressEvent(event)

    def _sort_by(self, column: int) -> None:
        head = self.horizontalHeader()
        again = head.sortIndicatorSection() == column
        falls = again and head.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        head.setSortIndicator(column, Qt.SortOrder.DescendingOrder if falls else Qt.SortOrder.AscendingOrder)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self._take()
