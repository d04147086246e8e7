"""The levers as rows: what each saves or costs in per cent and in units; and one lever before and after."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QWidget

from tcplan.language import N_, _
from tcplan.report.numbers import change, difference, figure, full
from tcplan.study.levers import RESULTS, Effect, Lever, in_order
from tcplan_desktop.parts.table import FULL, INK, SECOND, Index, Table
from tcplan_desktop.parts.table_model import SHOWN, SIDE, TableModel
from tcplan_desktop.theme import px, themes

HEADS = {
    "money.total": N_("Money"),
    "time.run": N_("Time"),
    "energy.facility": N_("Energy"),
    "carbon.location": N_("Carbon"),
    "carbon.market": N_("Market"),
    "carbon.embodied": N_("Embodied"),
    "water.total": N_("Water"),
    "loss.predicted": N_("Loss"),
}
_NARROW_HIDES = ("energy.facility", "carbon.market", "carbon.embodied")
"""Below this width these stand in the preview only."""
_NARROW = 700
_LEAST = 6
"""Rows that are in sight however small the window."""
_BETTER, _WORSE = "good", "bad"


def _ink(effect: Effect) -> str:
    if change(effect.after, effect.before) == "=" or not isfinite(effect.relative):
        return "text3"
    return _BETTER if effect.relative < 0.0 else _WORSE


class LeverModel(TableModel):
    """The levers, sorted by their effect on a result."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = (_("Lever"), *(_(HEADS[path]) for path in RESULTS))
        self.rows: tuple[Lever, ...] = ()

    def show_levers(self, found: tuple[Lever, ...], by: str) -> None:
        """Show levers, the largest saving in a result first."""
        self.beginResetModel()
        self.rows, self.count = in_order(found, by), len(found)
        self.endResetModel()

    def data(self, index: Index, role: int = SHOWN) -> Any:  # noqa: ANN401
        lever, column = self.rows[index.row()], index.column()
        effect = lever.effects.get(RESULTS[column - 1]) if column else None
        answers: dict[int, Callable[[], object]] = {
            SHOWN: lambda: _first(lever, effect, column),
            SECOND: lambda: _second(lever, effect, column),
            FULL: lambda: full(effect.delta) if effect is not None else "",
            INK: lambda: _ink(effect) if effect is not None else "text3" if lever.reason else "text",
            Qt.ItemDataRole.AccessibleTextRole: lambda: _spoken(lever, effect, column),
            SIDE: lambda: self.side(column),
        }
        answer = answers.get(role)
        return answer() if answer is not None else None


def _first(lever: Lever, effect: Effect | None, column: int) -> str:
    if not column:
        return lever.label
    return change(effect.after, effect.before) if effect is not None else ""


def _second(lever: Lever, effect: Effect | None, column: int) -> str:
    if not column:
        return lever.reason
    # The unit of the loss is wider than its column; the preview has it.
    unit = "" if effect is None or effect.path == "loss.predicted" else effect.unit
    shown = difference(effect.after, effect.before, unit) if effect is not None else ""
    return "" if shown in ("=", "–") else shown


def _spoken(lever: Lever, effect: Effect | None, column: int) -> str:
    words = (_first(lever, effect, column), _second(lever, effect, column))
    return ", ".join(word for word in words if word)


class LeverTable(Table):
    """The view; Enter or a double click keeps the chosen lever."""

    kept = Signal()
    """Enter or a double click fell on the chosen row."""
    passed = Signal(object)
    """The lever whose row is chosen now, None when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Levers"), parent)
        self.setAccessibleDescription(_("Enter keeps a lever as a scenario."))
        self.levers = LeverModel()
        self.setModel(self.levers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(lambda _now, _before: self.passed.emit(self.chosen()))
        self._pitch()
        themes.changed.connect(self._pitch)

    def _pitch(self) -> None:
        self.verticalHeader().setDefaultSectionSize(px(44))
        self.setMinimumHeight(px(32 + _LEAST * 44))
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column in range(1, 1 + len(RESULTS)):
            head.resizeSection(column, px(72))
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < px(_NARROW)
        for column, path in enumerate(RESULTS, 1):
            self.setColumnHidden(column, narrow and path in _NARROW_HIDES)
        self._span()

    def chosen(self) -> Lever | None:
        """Return the lever of the row that is chosen."""
        index = self.currentIndex()
        return self.levers.rows[index.row()] if index.isValid() else None

    def show_levers(self, found: tuple[Lever, ...], by: str) -> None:
        """Show other levers; the one that was chosen stays chosen."""
        before = self.chosen()
        self.levers.show_levers(found, by)
        self._span()
        keys = [one.key for one in self.levers.rows]
        if keys:
            at = keys.index(before.key) if before is not None and before.key in keys else 0
            self.setCurrentIndex(self.levers.index(at, 0))
        self.passed.emit(self.chosen())

    def _span(self) -> None:
        """Give the sentence of a lever that does not apply the whole row."""
        self.clearSpans()
        for row, lever in enumerate(self.levers.rows):
            if lever.reason:
                self.setSpan(row, 0, 1, 1 + len(RESULTS))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.kept.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.kept.emit()


class PreviewModel(TableModel):
    """One lever: each result now, with the lever, and the difference."""

    def __init__(self) -> None:
        super().__init__()
        self.heads = (_("Result"), _("Now"), _("With the lever"), _("Change"), "%")
        self.effects: tuple[Effect, ...] = ()

    def show_lever(self, lever: Lever | None) -> None:
        """Show the effects of a lever, nothing where it has none."""
        self.beginResetModel()
        self.effects = tuple(lever.effects.values()) if lever is not None else ()
        self.count = len(self.effects)
        self.endResetModel()

    def data(self, index: Index, role: int = SHOWN) -> Any:  # noqa: ANN401
        effect, column = self.effects[index.row()], index.column()
        if role == SHOWN:
            return _cells(effect)[column]
        if role == FULL:
            return ("", full(effect.before), full(effect.after), full(effect.delta), "")[column]
        if role == INK:
            return _ink(effect) if column > 2 else "text"
        return self.side(column) if role == SIDE else None


def _cells(effect: Effect) -> tuple[str, str, str, str, str]:
    return (
        effect.label,
        str(figure(effect.before, effect.unit, 3)),
        str(figure(effect.after, effect.unit, 3)),
        difference(effect.after, effect.before, effect.unit),
        change(effect.after, effect.before),
    )


class PreviewTable(Table):
    """The view of one lever, as high as its results."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Effect of the lever"), parent)
        self.preview = PreviewModel()
        self.setModel(self.preview)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fit_height()
        themes.changed.connect(self._fit_height)

    def _fit_height(self) -> None:
        self.setFixedHeight(px(32 + len(RESULTS) * 28))
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column, width in ((1, 92), (2, 104), (3, 92), (4, 72)):
            head.resizeSection(column, px(width))
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def show_lever(self, lever: Lever | None) -> None:
        """Show a lever before and after."""
        self.preview.show_lever(lever)
        self.setVisible(bool(self.preview.effects))
