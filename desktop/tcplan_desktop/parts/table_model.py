"""The part of a table's model that every read-only table has: heads, a count of rows, sides of columns."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, Qt

from tcplan_desktop.parts.table import Index

SHOWN = Qt.ItemDataRole.DisplayRole
SIDE = Qt.ItemDataRole.TextAlignmentRole


class TableModel(QAbstractTableModel):
    """Rows of cells that nobody edits; the first column stands left, the others right."""

    heads: tuple[str, ...] = ()
    count = 0

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.count

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(self.heads)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = SHOWN
    ) -> str | Qt.AlignmentFlag | None:
        if orientation == Qt.Orientation.Horizontal and role == SHOWN:
            return self.heads[section]
        return self.side(section) if role == SIDE else None

    def side(self, column: int) -> Qt.AlignmentFlag:
        """Return the side to which a column is set."""
        return Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
