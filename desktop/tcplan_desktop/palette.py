"""The palette of Ctrl+K: type to find or to set anything, arrows to move, Enter to do it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from tcplan.language import _
from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.parts.painting import draw_text, rounded, smooth, width_of
from tcplan_desktop.parts.popover import Popover
from tcplan_desktop.registry import Doors, Entry, assignments, found, refusal
from tcplan_desktop.text import Label
from tcplan_desktop.theme import font, px, theme

_WIDTH, _ROWS, _PADDING, _LINE = 560, 9, 6, 44
_Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        if role == Qt.ItemDataRole.DisplayRole:
            entry = self.entries[index.row()]
            return ", ".join(part for part in (entry.kind, entry.name, entry.detail, entry.cap) if part)
        return None


class _Delegate(QStyledItemDelegate):
    def __init__(self, rows: _Rows) -> None:
        super().__init__()
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(px(200), px(36))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        look, entry = theme(), self._rows.entries[index.row()]
        box = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        smooth(painter)
        if chosen:
            rounded(painter, box, look.accentfill, look.accentline if look.outlined else None)
        ink = look.accent if chosen else look.text3
        draw_icon(painter, entry.icon, box.x() + px(10), box.center().y() - px(16) / 2, px(16), ink)
        right = box.right() - px(8)
        if entry.cap:
            width = width_of(entry.cap, font(11, 500)) + px(12)
            cap = QRectF(right - width, box.center().y() - px(9), width, px(18))
            rounded(painter, cap, look.hover, look.line2 if look.outlined else None)
            draw_text(painter, entry.cap, cap, font(11, 500), look.text2, Qt.AlignmentFlag.AlignHCenter)
            right = cap.x() - px(8)
        x = box.x() + px(38)
        for text, face, color in (
            (entry.kind, font(13), look.text3),
            (entry.name, font(13, 500), look.text),
            (entry.detail, font(12), look.text3),
        ):
            room = QRectF(x, box.y(), max(right - x, 0.0), box.height())
            if text and room.width() > px(16):
                draw_text(painter, text, room, face, color)
                x += width_of(text, face) + px(8)
        painter.restore()


class Palette(Popover):
    """A floating card; it is filled when it opens, so that it shows the catalogue and results in force."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, padding=_PADDING)
        self.setAccessibleName(_("Palette"))
        self._ground = window
        self._entries: tuple[Entry, ...] = ()
        self._doors: Doors | None = None
        self.line = QLineEdit()
        self.line.setFrame(False)
        self.line.setAccessibleName(_("Find or set anything"))
        self.line.setPlaceholderText(_("Field, result, place, command; or tokens = 15T"))
        self.line.setFixedHeight(px(_LINE))
        self.line.setTextMargins(px(12), 0, px(12), 0)
        self.line.installEventFilter(self)
        self.line.textEdited.connect(self._find)
        self._rows = _Rows()
        self._delegate = _Delegate(self._rows)
        self.view = QListView()
        self.view.setModel(self._rows)
        self.view.setItemDelegate(self._delegate)
        self.view.setUniformItemSizes(True)
        self.view.setFrameShape(QListView.Shape.NoFrame)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setMouseTracking(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.entered.connect(self.view.setCurrentIndex)
        self.view.clicked.connect(lambda _index: self._take())
        self._nothing = Label(size=12, ink="text3", wrap=True)
        self._nothing.setContentsMargins(px(12), px(8), px(12), px(12))
        self.content.setSpacing(px(4))
        self.content.addWidget(self.line)
        self.content.addWidget(self.view, 1)
        self.content.addWidget(self._nothing)

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The entries that the typed text finds."""
        return self._rows.entries

    def open_with(self, anchor: QWidget, entries: tuple[Entry, ...], doors: Doors, typed: str = "") -> None:
        """Open over the search field with these entries."""
        self._entries, self._doors = entries, doors
        self.line.setFont(font(15))
        self.line.setText(typed)
        width = min(px(_WIDTH), self._ground.width() - 32)
        self._find(typed)
        self.open_at(anchor, size=QSize(width, self._card_height()))
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def _card_height(self) -> int:
        rows = max(len(self._rows.entries), 1)
        return px(_LINE) + px(36) * rows + px(4) + 2 * _PADDING + 1

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        below = self.line.geometry().bottom() + px(2)
        card = self.card()
        painter.fillRect(QRectF(card.x() + 1, below, card.width() - 2, 1), theme().line)
        painter.end()

    def _find(self, typed: str) -> None:
        made: tuple[Entry, ...] = ()
        if self._doors is not None:
            made = assignments(typed, self._doors)
        if typed.strip().endswith("?"):
            asked = typed.strip().removesuffix("?")
            made = found([one for one in self._entries if one.cap == "F4"], asked, _ROWS)
        self._rows.show_entries(made or found(self._entries, typed, _ROWS))
        self.view.setCurrentIndex(self._rows.index(0, 0))
        nothing = not self._rows.entries
        self.view.setVisible(not nothing)
        self._nothing.setVisible(nothing)
        unknown = _("Nothing here is called “{typed}”.").format(typed=typed)
        self._nothing.setText((refusal(typed) or unknown) if nothing else "")
        if self.is_open:
            self.set_card_height(self._card_height())

    def _take(self) -> None:
        row = self.view.currentIndex().row()
        if 0 <= row < len(self._rows.entries):
            entry = self._rows.entries[row]
            self.close_card()
            entry.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take()
                return True
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
                self._move(
                    {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS}.get(key, -_ROWS)
                )
                return True
        return super().eventFilter(watched, event)

    def _move(self, rows: int) -> None:
        count = len(self._rows.entries)
        at = min(max(self.view.currentIndex().row() + rows, 0), count - 1)
        self.view.setCurrentIndex(self._rows.index(at, 0))
