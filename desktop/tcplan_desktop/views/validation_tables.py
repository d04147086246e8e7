"""The two tables of the validation page: errors by group, and the steps themselves."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from tcplan.language import _
from tcplan.report.numbers import NARROW, figure, full
from tcplan.validation.groups import Errors
from tcplan_desktop.parts.painting import width_of
from tcplan_desktop.parts.table import FULL, INK, SECOND, WEIGHT, Index, Table
from tcplan_desktop.parts.table_model import SHOWN, SIDE, TableModel
from tcplan_desktop.text import rich
from tcplan_desktop.theme import font, px, themes
from tcplan_desktop.views.validation_rows import Line, Step, about, missed, per_cent

_NARROWEST = 58
_LINE, _TWO_LINES = 28, 44


class GroupModel(TableModel):
    """Errors by group, with the bar of each and by how much it is missed."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[Line, ...] = ()
        self.folded = False
        """Whether a title stands in two lines, folded where its first part ends."""
        self.heads = (
            _("Group"),
            _("Rows"),
            _("Mean"),
            _("Median"),
            _("Bias"),
            _("In band"),
            _("Bar"),
            _("Missed by"),
        )

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        self.beginResetModel()
        self.lines, self.count = tuple(lines), len(lines)
        self.endResetModel()

    def data(self, index: Index, role: int = SHOWN) -> Any:  # noqa: ANN401
        line, column = self.lines[index.row()], index.column()
        if role == SHOWN:
            return self._first(line) if column == 0 else self._texts(line)[column]
        if role == SECOND:
            return line.title[len(self._first(line)) :].lstrip(", ") if column == 0 else None
        if role == FULL:
            return self._full(line)[column]
        if role == INK:
            return "bad" if column == len(self.heads) - 1 and missed(line) else "text"
        if role == WEIGHT:
            return 600 if column == 2 else 400
        if role == Qt.ItemDataRole.ToolTipRole:
            return rich(about(line))
        return self.side(column) if role == SIDE else None

    def _first(self, line: Line) -> str:
        return line.title.partition(", ")[0] if self.folded else line.title

    def _texts(self, line: Line) -> tuple[str, ...]:
        errors = line.errors
        bar = line.group.bar.mape if line.group is not None else None
        return (
            line.title,
            str(errors.rows),
            per_cent(errors.mape),
            per_cent(errors.median),
            per_cent(errors.bias, signed=True),
            per_cent(100.0 * errors.coverage, decimals=0),
            f"≤ {bar:g}{NARROW}%" if bar is not None else "",
            missed(line),
        )

    def _full(self, line: Line) -> tuple[str, ...]:
        errors: Errors = line.errors
        shares = (errors.mape, errors.median, errors.bias, 100.0 * errors.coverage)
        return (line.title, str(errors.rows), *(full(one) if isfinite(one) else "" for one in shares), "", "")


class StepModel(TableModel):
    """The steps, those with the largest errors first."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: tuple[Step, ...] = ()
        self._memory = False
        self.heads = (_("Step"), _("Measured"), _("Predicted"), _("Error"), _("Band"), _("Part"))

    def show_steps(self, steps: Sequence[Step], *, memory: bool) -> None:
        """Show these steps; those without both values come last, with the reason."""
        self.beginResetModel()
        self._memory = memory

        def size(step: Step) -> float:
            pair = step.pair(memory=memory)
            return -abs(pair[1] / pair[0] - 1.0) if pair is not None else 1.0

        self.steps = tuple(sorted(steps, key=size))
        self.count = len(self.steps)
        self.endResetModel()

    def data(self, index: Index, role: int = SHOWN) -> Any:  # noqa: ANN401
        step, column = self.steps[index.row()], index.column()
        if role == SHOWN:
            return self._texts(step)[column]
        if role == SECOND and column == 0:
            row = step.judged.prediction.row
            return f"{row.id}, {row.text('precision')}"
        if role == INK:
            return "bad" if column == 4 and step.judged.inside is False and not self._memory else "text"
        return self.side(column) if role == SIDE else None

    def _texts(self, step: Step) -> tuple[str, ...]:
        pair = step.pair(memory=self._memory)
        part = _("fitted") if step.fitted(memory=self._memory) else _("held out")
        if pair is None:
            return (step.title, "–", "–", "–", "–", part)
        unit = "GiB" if self._memory else "s"
        measured, predicted = (str(figure(value, unit, digits=3)) for value in pair)
        inside = "–"
        if step.judged.inside is not None and not self._memory:
            inside = _("inside") if step.judged.inside else _("outside")
        error = per_cent(100.0 * (pair[1] / pair[0] - 1.0), signed=True)
        return (step.title, measured, predicted, error, inside, part)


class OpeningTable(Table):
    """A table whose rows are opened with a click or with Enter."""

    opened = Signal(int)

    def __init__(self, name: str, model: TableModel, wide: int, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setModel(model)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        # A thousand rows need not be measured for the width of a column.
        head.setResizeContentsPrecision(0)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._wide = wide
        self._pitch()
        themes.changed.connect(self._pitch)
        self.clicked.connect(lambda index: self.opened.emit(index.row()))

    def set_pitch(self, wide: int) -> None:
        """Give every row this height."""
        self._wide = wide
        self._pitch()

    def _pitch(self) -> None:
        self.verticalHeader().setDefaultSectionSize(px(self._wide))
        self.horizontalHeader().setMinimumSectionSize(px(_NARROWEST))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


class GroupTable(OpeningTable):
    """The table of groups: titles that have no room in one line are folded into two."""

    def __init__(self, name: str, model: GroupModel, parent: QWidget | None = None) -> None:
        super().__init__(name, model, _LINE, parent)
        self._groups = model
        model.modelReset.connect(self._fold)
        self.horizontalHeader().sectionResized.connect(self._fold)
        themes.changed.connect(self._fold)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        room = self.columnWidth(0) - px(16)
        folded = any(width_of(line.title, font(13)) > room for line in self._groups.lines)
        if folded != self._groups.folded:
            self._groups.folded = folded
            self.set_pitch(_TWO_LINES if folded else _LINE)
            self.viewport().update()
