"""The list under a choice: rows of a name and columns of figures, filtered by what is typed."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QCursor, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from tcplan.language import _
from tcplan_desktop.parts.painting import draw_text, rounded, smooth, width_of
from tcplan_desktop.parts.popover import Popover
from tcplan_desktop.text import Label
from tcplan_desktop.theme import font, px, theme

LONGEST_VIEW = 10
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Option:
    """One row of a choice: key, name, figures in columns, the detail in the well, words to find it by."""

    key: str
    name: str
    columns: tuple[str, ...] = ()
    detail: str = ""
    words: tuple[str, ...] = ()
    found_by: str = field(init=False)

    def __post_init__(self) -> None:
        text = " ".join((self.key, self.name, self.detail, *self.columns, *self.words))
        object.__setattr__(self, "found_by", plain(text))


def plain(text: str) -> str:
    """Return text without accents and capitals, as people type it when they look for something."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one for one in letters if not unicodedata.combining(one))


def matching(options: Sequence[Option], typed: str) -> tuple[Option, ...]:
    """Return the options that contain every typed word, those whose name starts with the text first."""
    words = plain(typed).split()
    found = [one for one in options if all(word in one.found_by for word in words)]
    start = plain(typed.strip())
    return tuple(sorted(found, key=lambda one: not plain(one.name).startswith(start)))


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.options: tuple[Option, ...] = ()

    def show_options(self, options: tuple[Option, ...]) -> None:
        self.beginResetModel()
        self.options = options
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.options)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        if role == Qt.ItemDataRole.DisplayRole:
            option = self.options[index.row()]
            return ", ".join((option.name, *option.columns))
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, rows: _Rows) -> None:
        super().__init__()
        self._rows = rows
        self.widths: tuple[float, ...] = ()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(px(80), px(28))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        look = theme()
        item = self._rows.options[index.row()]
        box = QRectF(option.rect)
        painter.save()
        smooth(painter)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            rounded(painter, box, look.accentfill, look.accentline if look.outlined else None)
        right = box.right() - px(8)
        for text, width in zip(reversed(item.columns), reversed(self.widths), strict=False):
            cell = QRectF(right - width, box.y(), width, box.height())
            draw_text(painter, text, cell, font(12), look.text3, Qt.AlignmentFlag.AlignRight)
            right -= width + px(12)
        name = QRectF(box.x() + px(8), box.y(), right - box.x() - px(8), box.height())
        draw_text(painter, item.name, name, font(13, 500), look.text)
        painter.restore()


class _View(QListView):
    """A list in which the mouse chooses only when it moves, not where it rests as the list opens."""

    def __init__(self, rows: _Rows) -> None:
        super().__init__()
        self.rest = QPointF()
        self.setModel(rows)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.globalPosition() != self.rest and index.isValid():
            self.rest = event.globalPosition()
            self.setCurrentIndex(index)


class OptionList(Popover):
    """The floating list; the keyboard stays in the well, which moves the chosen row from outside."""

    picked = Signal(str)
    # A form that scrolls would leave the list behind.
    ends_at = (QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, padding=4)
        self._all: tuple[Option, ...] = ()
        self._rows = _Rows()
        self._delegate = _Delegate(self._rows)
        self._view = _View(self._rows)
        self._view.setItemDelegate(self._delegate)
        self._view.clicked.connect(self._click)
        self._nothing = Label(size=12, ink="text3", wrap=True)
        self._nothing.setContentsMargins(px(8), 0, px(8), 0)
        self.content.addWidget(self._view)
        self.content.addWidget(self._nothing)

    @property
    def current(self) -> Option | None:
        """The row that Enter would take."""
        row = self._view.currentIndex().row()
        return self._rows.options[row] if 0 <= row < len(self._rows.options) else None

    @property
    def shown(self) -> tuple[Option, ...]:
        """The rows that the typed text leaves."""
        return self._rows.options

    def open_under(self, anchor: QWidget, options: Sequence[Option], key: str, width: int) -> None:
        """Open with all options, the one in force chosen."""
        self._all = tuple(options)
        columns = max((len(one.columns) for one in options), default=0)
        self._delegate.widths = tuple(
            max(width_of(one.columns[i], font(12)) if i < len(one.columns) else 0.0 for one in options)
            for i in range(columns)
        )
        self._view.setAccessibleName(anchor.accessibleName())
        self._rows.show_options(self._all)
        self._move_to(next((i for i, one in enumerate(self._all) if one.key == key), 0))
        names = max((width_of(one.name, font(13, 500)) for one in options), default=0.0)
        natural = names + sum(self._delegate.widths) + px(12) * columns + px(16) + 16
        card = min(max(width, int(natural)), self._window.width() - 16)
        self._nothing.hide()
        self._view.show()
        self._view.rest = QPointF(QCursor.pos())
        self.open_at(anchor, size=QSize(card, self._height()), take_focus=False)

    def filter(self, typed: str) -> None:
        """Keep the options that fit the typed text and choose the first."""
        self._rows.show_options(matching(self._all, typed))
        self._move_to(0)
        nothing = not self._rows.options
        self._view.setVisible(not nothing)
        self._nothing.setVisible(nothing)
        self._nothing.setText(_("Nothing here is called “{typed}”.").format(typed=typed) if nothing else "")
        if self.is_open:
            self.set_card_height(self._height())

    def step(self, rows: int) -> None:
        """Move the chosen row."""
        self._move_to(min(max(self._view.currentIndex().row() + rows, 0), len(self._rows.options) - 1))

    def _height(self) -> int:
        return px(28) * min(max(len(self.shown), 1), LONGEST_VIEW) + 8

    def _move_to(self, row: int) -> None:
        index = self._rows.index(row, 0)
        self._view.setCurrentIndex(index)
        self._view.scrollTo(index)

    def _click(self, index: QModelIndex) -> None:
        self.picked.emit(self._rows.options[index.row()].key)
