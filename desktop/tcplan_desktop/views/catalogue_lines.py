"""One row figure by figure with its sources, and two rows beside each other, as tables."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QWidget

from tcplan.catalogue.row import Row
from tcplan.language import _
from tcplan.report.numbers import MINUS, change
from tcplan_desktop.parts.table import FULL, INK, WEIGHT, Index, Table
from tcplan_desktop.parts.table_model import SHOWN, SIDE, TableModel
from tcplan_desktop.text import rich
from tcplan_desktop.theme import px
from tcplan_desktop.views.catalogue_words import age, figures, shown, source_of


class LinesModel(TableModel):
    """Lines of texts; `right` are the columns of figures."""

    def __init__(self, heads: tuple[str, ...], right: frozenset[int]) -> None:
        super().__init__()
        self.heads, self._right = heads, right
        self.lines: tuple[tuple[str, ...], ...] = ()
        self._inks: tuple[str, ...] = ()

    def show_lines(
        self, heads: tuple[str, ...], lines: tuple[tuple[str, ...], ...], inks: tuple[str, ...]
    ) -> None:
        """Show other lines, each with the colour token of its last cell."""
        self.beginResetModel()
        self.heads, self.lines, self._inks, self.count = heads, lines, inks, len(lines)
        self.endResetModel()

    def data(self, index: Index, role: int = SHOWN) -> Any:  # noqa: ANN401
        text = self.lines[index.row()][index.column()]
        if role in (SHOWN, FULL):
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return rich(text)
        if role == INK:
            last = index.column() == len(self.heads) - 1
            return self._inks[index.row()] if last else "text2" if index.column() == 0 else "text"
        if role == WEIGHT:
            return 600 if index.column() == 1 else 400
        return self.side(index.column()) if role == SIDE else None

    def side(self, column: int) -> Qt.AlignmentFlag:
        """Return the side to which a column is set."""
        return Qt.AlignmentFlag.AlignRight if column in self._right else Qt.AlignmentFlag.AlignLeft


class LinesTable(Table):
    """A table of lines; some columns share what the others leave of the width."""

    def __init__(
        self, name: str, model: LinesModel, *, wide: tuple[int, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(name, parent)
        self.setModel(model)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for section in wide:
            head.setSectionResizeMode(section, QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._restyle()

    def _restyle(self) -> None:
        super()._restyle()
        self.verticalHeader().setDefaultSectionSize(px(28))


def card_model() -> LinesModel:
    """Return the model of one row: each figure with its value, source and date."""
    return LinesModel((_("Figure"), _("Value"), _("Source"), _("Date")), frozenset({1}))


def show_card(model: LinesModel, row: Row) -> None:
    """Show every figure of a row; one whose source is more than a year old says so."""
    lines, inks = [], []
    for one in figures(row.table, (row,)):
        source, date = source_of(row, one.name)
        old = age(date) if date else ""
        # The head of the card says the age of the row itself.
        aged = f"{date} · {old}" if old and date != row.date else date
        unit = f" {one.unit}" if one.unit else ""
        text = f"{shown(one.name, row.get(one.name))}{unit}"
        lines.append((one.label, text, source, aged))
        inks.append("warn" if old else "text")
    model.show_lines(model.heads, tuple(lines), tuple(inks))


def compare_model() -> LinesModel:
    """Return the model of two rows beside each other."""
    return LinesModel((_("Figure"), "", "", _("Difference")), frozenset({1, 2, 3}))


def show_comparison(model: LinesModel, first: Row, second: Row) -> None:
    """Show two rows of a table, figure by figure, with the relative difference of numbers."""
    lines, inks = [], []
    for one in figures(first.table, (first, second)):
        cells = first.get(one.name), second.get(one.name)
        differs = _difference(*cells, counted=one.name == "year")
        unit = f", {one.unit}" if one.unit else ""
        lines.append((one.label + unit, *(shown(one.name, cell) for cell in cells), differs))
        inks.append("text3" if differs == "=" else "accent")
    for label, texts in (
        (_("Confidence"), (_(first.confidence), _(second.confidence))),
        (_("Source"), (first.source, second.source)),
        (_("Date"), (first.date, second.date)),
    ):
        differs = _difference(*texts)
        lines.append((label, *texts, differs))
        inks.append("text3" if differs == "=" else "accent")
    heads = (model.heads[0], first.name, second.name, model.heads[3])
    model.show_lines(heads, tuple(lines), tuple(inks))


def _difference(one: float | str | None, other: float | str | None, *, counted: bool = False) -> str:
    """Return how the second cell differs; years are counted, other numbers compared."""
    if one == other:
        return "="
    if isinstance(one, float) and isinstance(other, float) and (one or counted):
        return f"{other - one:+g}".replace("-", MINUS) if counted else change(other, one)
    return "≠"
