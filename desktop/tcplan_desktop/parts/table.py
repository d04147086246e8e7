"""A table as the look wants it: hairlines, no zebra, numbers on a common edge, copy for other programs."""

from html import escape

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QTableView,
    QWidget,
)
from PySide6.QtWidgets import QStyleOptionViewItem as ItemOption

from tcplan_desktop.parts.painting import draw_text, ring_inside, smooth, width_of
from tcplan_desktop.theme import font, px, theme, themes

Index = QModelIndex | QPersistentModelIndex
FULL = Qt.ItemDataRole.UserRole
"""The text of a cell with full precision, for copying; the shown text stands in where there is none."""
INK = Qt.ItemDataRole.UserRole + 1
"""The colour token of a cell's text."""
WEIGHT = Qt.ItemDataRole.UserRole + 2
"""The weight of a cell's text."""
SECOND = Qt.ItemDataRole.UserRole + 3
"""A second, quiet line; one such cell makes the row 44 high."""
REFERENCE = Qt.ItemDataRole.UserRole + 4
"""Whether a cell belongs to the reference column, which lies on a quiet fill."""


def aligned(value: object) -> Qt.AlignmentFlag:
    """Return the side to which a cell's text is set; models give a flag or its number."""
    number = value.value if isinstance(value, Qt.AlignmentFlag) else value
    right = isinstance(number, int) and number & Qt.AlignmentFlag.AlignRight.value
    return Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft


class Delegate(QStyledItemDelegate):
    """Paints a cell from the roles above."""

    def sizeHint(self, option: ItemOption, index: Index) -> QSize:
        two = bool(index.data(SECOND))
        width = option.fontMetrics.horizontalAdvance(str(index.data() or ""))
        return QSize(width + px(24), px(44 if two else 28))

    def paint(self, painter: QPainter, option: ItemOption, index: Index) -> None:
        look = theme()
        box = QRectF(option.rect)
        painter.save()
        smooth(painter)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(box, look.accentfill)
        elif index.data(REFERENCE):
            painter.fillRect(box, look.subtle)
        painter.fillRect(QRectF(box.x(), box.bottom() - 1, box.width(), 1), look.line)
        self._draw_words(painter, box, index)
        if option.state & QStyle.StateFlag.State_HasFocus:
            ring_inside(painter, box)
        painter.restore()

    def _draw_words(self, painter: QPainter, box: QRectF, index: Index) -> None:
        side = aligned(index.data(Qt.ItemDataRole.TextAlignmentRole))
        inner = box.adjusted(px(8), 0, -px(8), -1)
        color = theme().token(str(index.data(INK) or "text"))
        second = index.data(SECOND)
        if second:
            top = QRectF(inner.x(), inner.y() + px(4), inner.width(), px(20))
            below = QRectF(inner.x(), top.bottom() - px(2), inner.width(), px(16))
            draw_text(painter, str(second), below, font(11), theme().text3, side)
            inner = top
        draw_text(
            painter, str(index.data() or ""), inner, font(13, int(index.data(WEIGHT) or 400)), color, side
        )


class _Head(QHeaderView):
    """The head, set by the rules of the cells; the strong hairline below is what separates it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(32))

    def paintSection(self, painter: QPainter, rect: object, section: int) -> None:
        model = self.model()
        box = QRectF(rect)  # type: ignore[call-overload]
        look = theme()
        painter.save()
        role = Qt.ItemDataRole
        text = str(model.headerData(section, Qt.Orientation.Horizontal, role.DisplayRole) or "")
        side = aligned(model.headerData(section, Qt.Orientation.Horizontal, role.TextAlignmentRole))
        inner = box.adjusted(px(8), 0, -px(8), -1)
        if self.isSortIndicatorShown() and section == self.sortIndicatorSection():
            mark = QRectF(inner.x(), inner.y(), px(8), inner.height())
            if side == Qt.AlignmentFlag.AlignLeft:
                mark.moveLeft(min(inner.x() + width_of(text, font(11, 500)) + px(6), inner.right() - px(8)))
            _draw_order(painter, mark, falling=self.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder)
        draw_text(painter, text, inner, font(11, 500), look.text3, side)
        painter.fillRect(QRectF(box.x(), box.bottom() - 1, box.width(), 1), look.line2)
        painter.restore()


def _draw_order(painter: QPainter, box: QRectF, *, falling: bool) -> None:
    """Draw the triangle that tells which way a column is sorted."""
    middle, half = box.center(), px(3)
    tip = middle.y() + (half if falling else -half)
    base = middle.y() - (half if falling else -half)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().text2)
    painter.drawPolygon(
        [QPointF(middle.x() - half, base), QPointF(middle.x() + half, base), QPointF(middle.x(), tip)]
    )


class Table(QTableView):
    """A view for any model; Tab leaves it, arrows move in it, Copy gives text and HTML."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setItemDelegate(Delegate(self))
        self.setHorizontalHeader(_Head(self))
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        themes.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.verticalHeader().setMinimumSectionSize(px(28))
        self.setFont(font(13, 600))
        self.horizontalHeader().setFixedHeight(px(32))
        self.viewport().update()

    def rows(self) -> list[list[str]]:
        """Return the heads and the chosen rows, or all when none is chosen, as they are copied."""
        model = self.model()
        columns = range(model.columnCount())
        chosen = sorted({index.row() for index in self.selectionModel().selectedIndexes()})
        heads = [str(model.headerData(one, Qt.Orientation.Horizontal) or "") for one in columns]
        lines = [heads]
        for row in chosen or range(model.rowCount()):
            cells = [model.index(row, column) for column in columns]
            lines.append([str(cell.data(FULL) or cell.data() or "") for cell in cells])
        return lines

    def copy(self) -> None:
        """Put the rows on the clipboard: tabs for sheets, HTML for documents."""
        lines = self.rows()
        data = QMimeData()
        flat = [[cell.replace("\t", " ").replace("\n", " ") for cell in line] for line in lines]
        data.setText("\n".join("\t".join(line) for line in flat) + "\n")
        cells = ["".join(f"<td>{escape(cell)}</td>" for cell in line) for line in lines]
        data.setHtml("<table>" + "".join(f"<tr>{line}</tr>" for line in cells) + "</table>")
        QGuiApplication.clipboard().setMimeData(data)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)
