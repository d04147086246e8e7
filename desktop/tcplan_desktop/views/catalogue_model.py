"""The rows of a table of the catalogue, for a view that makes only what is in sight."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtWidgets import QHeaderView, QWidget

from tcplan.catalogue.age import day
from tcplan.catalogue.overlay import own, packs
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import fold
from tcplan.language import _
from tcplan_desktop.parts.painting import width_of
from tcplan_desktop.parts.table import FULL, INK, WEIGHT, Index, Table
from tcplan_desktop.theme import font, px
from tcplan_desktop.views.catalogue_words import Column, age, column, figures, is_recalled, shown

_SHOWN = Qt.ItemDataRole.DisplayRole
_SIDE = Qt.ItemDataRole.TextAlignmentRole
_SAMPLE = 80
_NARROWEST, _WIDEST, _NAME = 64, 220, 260


class RowsModel(QAbstractTableModel):
    """Rows in any order; name, facts, whose row it is, confidence, source and date."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Row, ...] = ()
        self.columns: tuple[Column, ...] = ()
        self._found: tuple[Row, ...] = ()
        self._order = (-1, Qt.SortOrder.AscendingOrder)
        self._whose: dict[tuple[str, str], str] = {}

    def show_rows(self, table: str, everything: tuple[Row, ...], found: tuple[Row, ...]) -> None:
        """Show the rows that were found, under the columns of which the whole table knows something."""
        self.beginResetModel()
        self._whose = {(row.table, row.key): _("pack") for row in packs().rows}
        self._whose |= {(row.table, row.key): _("own") for row in own().rows}
        names = ("confidence", "basis", "source", "source_date", "key")
        ends = (column(table, name) for name in names)
        mine = any((row.table, row.key) in self._whose for row in everything)
        whose = (Column("", _("Whose"), "", words=True),) if mine else ()
        self.columns = (column(table, "name"), *whose, *figures(table, everything), *ends)
        self._found = found
        self._sort()
        self.endResetModel()

    def find(self, found: tuple[Row, ...]) -> None:
        """Show other rows of the same table."""
        self.beginResetModel()
        self._found = found
        self._sort()
        self.endResetModel()

    def place_of(self, key: str) -> int:
        """Return where the row of a key stands, -1 when it is not shown."""
        return next((at for at, row in enumerate(self.rows) if row.key == key), -1)

    def sort(self, section: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; what is not known comes last either way."""
        self.layoutAboutToBeChanged.emit()
        before = {index: self.rows[index.row()].key for index in self.persistentIndexList()}
        self._order = (section, order)
        self._sort()
        for index, key in before.items():
            self.changePersistentIndex(index, self.index(self.place_of(key), index.column()))
        self.layoutChanged.emit()

    def _sort(self) -> None:
        section, order = self._order
        if not 0 <= section < len(self.columns):
            self.rows = self._found
            return
        cells = [(self._sorted_by(row, section), row) for row in self._found]
        known = [one for one in cells if one[0] is not None]
        known.sort(key=lambda one: one[0] or 0, reverse=order == Qt.SortOrder.DescendingOrder)
        self.rows = tuple(row for _cell, row in (*known, *(one for one in cells if one[0] is None)))

    def _sorted_by(self, row: Row, section: int) -> Any:  # noqa: ANN401
        cell = self.cell(row, section)
        if self.columns[section].name == "source_date":
            return day(row.date)
        return fold(cell) if isinstance(cell, str) else cell

    def cell(self, row: Row, section: int) -> float | str | None:
        """Return what a row says in a column; None where it says nothing."""
        name = self.columns[section].name
        told = {"key": row.key, "name": row.name, "source": row.source, "confidence": row.confidence}
        if name == "source_date":
            return row.date
        if name == "":
            return self._whose.get((row.table, row.key)) or None
        return told.get(name) or row.get(name)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _SHOWN
    ) -> str | Qt.AlignmentFlag | None:
        if orientation == Qt.Orientation.Horizontal and role == _SHOWN:
            return self.columns[section].head
        return self._side(section) if role == _SIDE else None

    def data(self, index: Index, role: int = _SHOWN) -> Any:  # noqa: ANN401
        row, section = self.rows[index.row()], index.column()
        name = self.columns[section].name
        if role == _SHOWN:
            return self.text(row, section)
        if role == FULL:
            return self._plain(row, section)
        if role == WEIGHT:
            return 600 if section == 0 else 400
        if role == INK:
            if name == "source_date" and age(row.date):
                return "warn"
            if name == "basis" and is_recalled(row):
                return "warn"
            return "accent" if name == "" else "text"
        return self._side(section) if role == _SIDE else None

    def text(self, row: Row, section: int) -> str:
        """Return a cell as it is read."""
        name, cell = self.columns[section].name, self.cell(row, section)
        if name == "source_date":
            old = age(row.date)
            return f"{row.date} · {old}" if old and row.date else row.date or old
        return "" if name == "" and cell is None else shown(name, cell)

    def _plain(self, row: Row, section: int) -> str:
        """Return a cell as other programs read it."""
        cell = self.cell(row, section)
        if cell is None:
            return ""
        return f"{cell:.15g}" if isinstance(cell, float) else cell

    def _side(self, section: int) -> Qt.AlignmentFlag:
        left = self.columns[section].words
        return Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight


class RowsTable(Table):
    """The table; a click on a head sorts by it."""

    def __init__(self, name: str, model: RowsModel, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._rows = model
        self.setModel(model)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionsClickable(True)
        head.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.setSelectionMode(self.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(self.ScrollMode.ScrollPerPixel)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._restyle()

    def _restyle(self) -> None:
        super()._restyle()
        self.verticalHeader().setDefaultSectionSize(px(28))

    def fit(self) -> None:
        """Give each column the width of its head and of the first rows; a text may be cut."""
        model, face = self._rows, font(13, 400)
        some = model.rows[:_SAMPLE]
        for section, one in enumerate(model.columns):
            widest = _NAME if section == 0 else _WIDEST
            width = width_of(one.head, font(11, 500)) + px(14)
            for row in some:
                width = max(width, width_of(model.text(row, section), face))
            self.setColumnWidth(section, int(min(max(width + px(18), px(_NARROWEST)), px(widest))))
