"""Levers: what single changes to the plan would save, previewed by a click and kept as a scenario."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tcplan.estimate import Estimate
from tcplan.language import _
from tcplan.study.levers import Lever
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.segments import Segments
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px
from tcplan_desktop.views.lever_table import HEADS, LeverTable, PreviewTable

_BY = ("money.total", "time.run", "carbon.location", "carbon.market", "water.total", "loss.predicted")


class Levers(QWidget):
    """The tab; it asks for the levers when it is seen and the plan is another."""

    wanted = Signal()
    """The levers of the plan in force are to be computed."""
    kept = Signal(object)
    """The lever that a person keeps as a scenario."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._estimate: Estimate | None = None
        self._found: tuple[Lever, ...] = ()
        self._stale = self._old = False
        self.by = Segments(_("Sort by"), [(key, _(HEADS[key])) for key in _BY])
        self.by.show_key("money.total")
        self.by.picked.connect(lambda _key: self._sort())
        self.working = Label("", size=12, ink="text3")
        self.keep = Button(_("Keep as scenario"), kind=Kind.OUTLINE, key="Enter")
        self.keep.clicked.connect(self._keep)
        self.table = LeverTable()
        self.table.kept.connect(self._keep)
        self.table.passed.connect(self._preview)
        self.note = Label("", size=12, ink="text2", wrap=True)
        self.preview = PreviewTable()
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(16), px(20), px(12))
        column.setSpacing(px(8))
        tools = QHBoxLayout()
        tools.setSpacing(px(12))
        tools.addWidget(self.by, 0, Qt.AlignmentFlag.AlignLeft)
        tools.addWidget(self.working)
        tools.addStretch(1)
        tools.addWidget(self.keep)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        column.addWidget(self.note)
        column.addWidget(self.preview)

    def show_estimate(self, estimate: Estimate) -> None:
        """Follow the plan; hidden, it only remembers that it must ask."""
        if estimate is self._estimate:
            return
        # Effects on an older plan stay in sight, so that nothing flickers, but none of them is kept.
        self._estimate, self._stale, self._old = estimate, True, True
        self.keep.setEnabled(False)
        if self.isVisible():
            self._ask()

    def _ask(self) -> None:
        self._stale = False
        self.working.setText(_("Computing…"))
        self.wanted.emit()

    def show_levers(self, found: tuple[Lever, ...], estimate: Estimate) -> None:
        """Show the levers of an estimate; those of an older plan are no answer."""
        if estimate is not self._estimate:
            return
        self._found = found
        self.working.setText("")
        self._old = False
        self._sort()

    def _sort(self) -> None:
        self.table.show_levers(self._found, self.by.key)

    def _preview(self, lever: Lever | None) -> None:
        """Show what a lever would do; the plan stays as it is."""
        self.keep.setEnabled(lever is not None and not lever.reason and not self._old)
        self.note.setText((lever.reason or lever.note) if lever is not None else "")
        self.preview.show_lever(lever)

    def _keep(self) -> None:
        lever = self.table.chosen()
        if lever is not None and not lever.reason and not self._old:
            self.kept.emit(lever)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._ask()
