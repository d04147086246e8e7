"""The table of a comparison: inputs that differ, results with their change, and arrows that copy across."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from tcplan import compare_words
from tcplan.language import _
from tcplan.report.numbers import change, figure, full
from tcplan.study.compare import Comparison, InputRow, ResultCell, ResultRow
from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.parts.painting import draw_text, width_of
from tcplan_desktop.parts.table import FULL, INK, REFERENCE, SECOND, WEIGHT, Delegate, Index, Table
from tcplan_desktop.text import rich
from tcplan_desktop.theme import font, px, theme, themes

ARROW = Qt.ItemDataRole.UserRole + 20
"""Whether the value of a cell can be copied into the reference."""
MOVED = Qt.ItemDataRole.UserRole + 21
"""The change of a result, its colour token, and what stands behind it."""
NAMES, NARROWEST, WIDE = 116, 112, 196
"""Width of the labels; least width of a plan; from the last on the chance stands beside the change."""
_HEAD = 40
_NAMED = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
"""Names that a column has no room for are whole in its tool tip."""


@dataclass(frozen=True, slots=True)
class Section:
    """A line that says what the rows below are."""

    title: str
    about: str = ""


Row = Section | InputRow | ResultRow


class CompareModel(QAbstractTableModel):
    """The rows; column 0 holds the labels, every other one a plan."""

    def __init__(self) -> None:
        super().__init__()
        self.comparison: Comparison | None = None
        self.rows: tuple[Row, ...] = ()
        self.accepts = False
        self.wide = True

    def show_comparison(self, comparison: Comparison, *, every: bool, accepts: bool) -> None:
        """Show a comparison; `accepts` says whether the reference can take values over."""
        self.beginResetModel()
        self.comparison, self.accepts = comparison, accepts
        inputs = [row for row in comparison.inputs if every or row.differs]
        about = "" if inputs else _("none")
        head = _("Inputs") if every else _("Inputs that differ")
        results = Section(_("Results"), _("middle estimate, change, chance to be lower"))
        self.rows = (Section(head, about), *inputs, results, *comparison.results)
        self.endResetModel()

    def set_wide(self, *, wide: bool) -> None:
        """Put what stands behind a change beside it, or below where columns are narrow."""
        if wide != self.wide:
            self.wide = wide
            self.layoutChanged.emit()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, _parent: Index | None = None) -> int:
        return 1 + (len(self.comparison.columns) if self.comparison else 0)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.rows[index.row()], Section) or not index.column():
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        row, column = self.rows[index.row()], index.column() - 1
        answers: dict[int, Callable[[], object]] = {
            Qt.ItemDataRole.DisplayRole: lambda: self.text(row, column),
            Qt.ItemDataRole.ToolTipRole: lambda: rich(self._tip(row, column)),
            Qt.ItemDataRole.AccessibleTextRole: lambda: self._spoken(row, column),
            FULL: lambda: self._full(row, column),
            SECOND: lambda: self._second(row, column),
            WEIGHT: lambda: self._weight(row, column),
            INK: lambda: self._ink(row, column),
            REFERENCE: lambda: self.comparison is not None and column == self.comparison.reference,
            ARROW: lambda: self.can_copy(row, column),
            MOVED: lambda: self._moved(row, column),
        }
        answer = answers.get(role)
        return answer() if answer is not None else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation == Qt.Orientation.Horizontal and role in _NAMED:
            named = self.comparison is not None and section > 0
            name = self.comparison.columns[section - 1].name if named and self.comparison else ""
            return rich(name) if role == Qt.ItemDataRole.ToolTipRole else name
        return None

    def text(self, row: Row, column: int) -> str:
        """Return what a cell shows; the change of a result is another piece of it."""
        made = self.comparison
        if made is None or isinstance(row, Section):
            titled = isinstance(row, Section) and column < 0
            return f"{row.title}   {row.about}".strip() if titled and isinstance(row, Section) else ""
        if column < 0:
            if isinstance(row, ResultRow):
                return _(compare_words.LABELS[row.path])
            return compare_words.label_of(row.path, made.columns[made.reference].estimate)
        if isinstance(row, InputRow):
            return compare_words.text_of(row.path, row.cells[column], made.columns[column].estimate)
        return str(figure(row.cells[column].value, row.unit))

    def can_copy(self, row: Row, column: int) -> bool:
        """Return whether the reference can take over this value."""
        made = self.comparison
        if made is None or not self.accepts or column < 0 or not isinstance(row, InputRow):
            return False
        return column != made.reference and not row.cells[made.reference].says(row.cells[column])

    def _base(self, row: ResultRow) -> ResultCell:
        return row.cells[self.comparison.reference if self.comparison else 0]

    def _moved(self, row: Row, column: int) -> tuple[str, str, str] | None:
        made = self.comparison
        if made is None or not isinstance(row, ResultRow) or column < 0 or column == made.reference:
            return None
        cell, base = row.cells[column], self._base(row)
        text = change(cell.value, base.value)
        said = compare_words.chance_words(cell) if text != "=" else ""
        if text in ("=", "–") or cell.unclear:
            return text, "text3", said
        return text, "bad" if cell.value > base.value else "good", said

    def _second(self, row: Row, column: int) -> str:
        if isinstance(row, Section):
            return ""
        moved = self._moved(row, column)
        return f"{moved[0]}  {moved[2]}".strip() if moved and not self.wide else ""

    def _weight(self, row: Row, column: int) -> int:
        if isinstance(row, Section):
            return 600
        return 400 if column < 0 else 600 if isinstance(row, ResultRow) else 500

    def _ink(self, row: Row, column: int) -> str:
        if isinstance(row, Section):
            return "text2"
        if column < 0:
            return "text2"
        made = self.comparison
        same = made is not None and isinstance(row, InputRow) and column != made.reference
        if same and made and isinstance(row, InputRow) and row.cells[made.reference].says(row.cells[column]):
            return "text3"
        return "text"

    def _full(self, row: Row, column: int) -> str:
        if column < 0 and isinstance(row, ResultRow):
            unit = "" if row.unit == "1" else f", {row.unit}"
            return f"{_(compare_words.LABELS[row.path])}{unit}"
        if isinstance(row, ResultRow):
            return full(row.cells[column].value)
        return ""

    def _tip(self, row: Row, column: int) -> str:
        if isinstance(row, Section):
            return row.about
        if isinstance(row, InputRow) and self.can_copy(row, column):
            return _("Enter copies this value into {name}").format(name=self._reference_name())
        moved = self._moved(row, column)
        return f"{moved[0]}  {moved[2]}".strip() if moved else ""

    def _reference_name(self) -> str:
        return self.comparison.columns[self.comparison.reference].name if self.comparison else ""

    def _spoken(self, row: Row, column: int) -> str:
        text = self.text(row, column)
        moved = self._moved(row, column)
        parts = [text, *(moved[0::2] if moved else ())]
        if self.can_copy(row, column):
            parts.append(_("can be copied"))
        return ", ".join(part for part in parts if part)


class _Cells(Delegate):
    """Draws the change of a result, the arrow of an input, and the words of a section."""

    def _draw_words(self, painter: QPainter, box: QRectF, index: Index) -> None:
        if index.data(ARROW):
            size = px(14)
            left = box.right() - px(8) - size
            draw_icon(painter, "arrow-left", left, box.center().y() - size / 2, size, theme().text2)
            super()._draw_words(painter, box.adjusted(0, 0, -size - px(8), 0), index)
            return
        moved = index.data(MOVED)
        if moved is None:
            super()._draw_words(painter, box, index)
            return
        text, ink, said = moved
        inner = box.adjusted(px(8), 0, -px(8), -1)
        if index.data(SECOND):
            value = QRectF(inner.x(), inner.y() + px(4), inner.width(), px(20))
            below = QRectF(inner.x(), value.bottom() - px(2), inner.width(), px(16))
            draw_text(painter, str(index.data() or ""), value, font(13, 600), theme().text)
            draw_text(painter, text, below, font(11, 500), theme().token(ink))
            past = width_of(text, font(11, 500)) + px(6)
            draw_text(painter, said, below.adjusted(past, 0, 0, 0), font(11), theme().text3)
            return
        share = 0.42 if said or text != "=" else 0.66
        first = QRectF(inner.x(), inner.y(), inner.width() * share, inner.height())
        middle = QRectF(first.right() + px(4), inner.y(), inner.width() * 0.22, inner.height())
        last = QRectF(
            middle.right() + px(4), inner.y(), inner.right() - middle.right() - px(4), inner.height()
        )
        draw_text(painter, str(index.data() or ""), first, font(13, 600), theme().text)
        right = Qt.AlignmentFlag.AlignRight
        draw_text(painter, text, middle, font(12, 500), theme().token(ink), right)
        draw_text(painter, said, last, font(11), theme().text3, right)


class _Names(QHeaderView):
    """The names of the plans; a stroke in the colour of its bar is under the two that the waterfall joins."""

    asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.reference, self.chosen = 0, 1
        self.setHighlightSections(False)
        self.setSectionsClickable(True)
        self.setMinimumSectionSize(px(60))

    def paintSection(self, painter: QPainter, rect: object, section: int) -> None:
        look = theme()
        box = QRectF(rect)  # type: ignore[call-overload]
        painter.save()
        is_reference = section == self.reference + 1
        if is_reference:
            painter.fillRect(box, look.subtle)
        painter.fillRect(QRectF(box.x(), box.bottom() - 1, box.width(), 1), look.line2)
        if section:
            inner = box.adjusted(px(8), 0, -px(8), 0)
            name = str(self.model().headerData(section, Qt.Orientation.Horizontal) or "")
            words = inner
            if is_reference and box.width() >= px(WIDE - 20):
                said = _("reference")
                right = QRectF(inner.right() - px(60), inner.y(), px(60), inner.height())
                draw_text(painter, said, right, font(11), look.text3, Qt.AlignmentFlag.AlignRight)
                words = inner.adjusted(0, 0, -px(64), 0)
            draw_text(painter, name, words, font(13, 600), look.text)
            if is_reference or section == self.chosen + 1:
                stroke = look.s1 if is_reference else look.s2
                painter.fillRect(QRectF(inner.x(), box.bottom() - 2, inner.width(), 2), stroke)
        painter.restore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        section = self.logicalIndexAt(event.pos())
        if section > 0:
            self.asked.emit(section - 1, event.globalPos())


class CompareTable(Table):
    """The view; Enter or the arrow copies a value into the reference, the menu is that of the column."""

    copied = Signal(str, int)
    """Path of an input, and the plan whose value the reference takes over."""
    explained = Signal(str, int)
    """Path of a result, and the plan whose why is wanted."""
    passed = Signal(int, str)
    """The plan that is chosen now, and the result whose row it is in; empty in a row of an input."""
    menu_asked = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Comparison"), parent)
        self.setAccessibleDescription(
            _("Enter copies an input into the reference, or explains a result; the menu key has more.")
        )
        self.plans = CompareModel()
        self.setModel(self.plans)
        self.setItemDelegate(_Cells(self))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.names = _Names(self)
        self.setHorizontalHeader(self.names)
        self.names.sectionClicked.connect(lambda section: self.passed.emit(section - 1, ""))
        self.names.asked.connect(self.menu_asked)
        self.selectionModel().currentChanged.connect(self._pass)
        themes.changed.connect(self.fit)

    def show_comparison(self, comparison: Comparison, *, every: bool, accepts: bool, chosen: int) -> None:
        """Show a comparison and keep the cell that is chosen."""
        now = self.currentIndex()
        held = (now.row(), now.column()) if now.isValid() else None
        self.selectionModel().blockSignals(True)
        self.plans.show_comparison(comparison, every=every, accepts=accepts)
        self.clearSpans()
        for at, row in enumerate(self.plans.rows):
            if isinstance(row, Section):
                self.setSpan(at, 0, 1, self.plans.columnCount())
        self.names.reference, self.names.chosen = comparison.reference, chosen
        if held is not None and held[0] < self.plans.rowCount() and held[1] < self.plans.columnCount():
            self.setCurrentIndex(self.plans.index(*held))
        self.selectionModel().blockSignals(False)
        self.names.viewport().update()
        self.fit()

    def fit(self) -> None:
        """Share the width among the plans; what does not fit is scrolled to."""
        count = self.plans.columnCount() - 1
        if count < 1:
            return
        room = self.viewport().width() - px(NAMES)
        width = max(room // count, px(NARROWEST))
        self.names.resizeSection(0, px(NAMES))
        for section in range(1, count + 1):
            self.names.resizeSection(section, width)
        self.plans.set_wide(wide=width >= px(WIDE))
        self.names.setFixedHeight(px(_HEAD))
        rows = sum(self.rowHeight(row) for row in range(self.plans.rowCount()))
        scrolls = width * count > room
        self.setFixedHeight(px(_HEAD) + rows + (px(14) if scrolls else 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def _pass(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid() and now.column() > 0:
            row = self.plans.rows[now.row()]
            self.passed.emit(now.column() - 1, row.path if isinstance(row, ResultRow) else "")

    def _enter(self, index: QModelIndex) -> None:
        if not index.isValid() or index.column() < 1:
            return
        row = self.plans.rows[index.row()]
        if isinstance(row, ResultRow):
            self.explained.emit(row.path, index.column() - 1)
        elif isinstance(row, InputRow) and self.plans.can_copy(row, index.column() - 1):
            self.copied.emit(row.path, index.column() - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        left = event.button() == Qt.MouseButton.LeftButton
        if left and index.data(ARROW) and at.x() >= self.visualRect(index).right() - px(30):
            self._enter(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and isinstance(self.plans.rows[index.row()], ResultRow):
            self._enter(index)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if index.isValid() and index.column() > 0:
            corner = self.viewport().mapToGlobal(self.visualRect(index).bottomLeft())
            self.menu_asked.emit(index.column() - 1, event.globalPos() if by_mouse else corner)
