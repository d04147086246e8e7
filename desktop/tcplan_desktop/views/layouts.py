"""Which layout: all that fit as a table, why the best one wins, and what leaves the others out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.layout_words import (
    against_next,
    against_plan,
    beside_best,
    degrees_of,
    left_out,
    none_fits,
    summary,
    verdict,
)
from tcplan.report.numbers import figure
from tcplan.study.layouts import Found, Layout
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.segments import Segments
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px
from tcplan_desktop.views.layout_table import LayoutTable

_BY = (("time", N_("Fastest")), ("money", N_("Cheapest")), ("energy", N_("Least energy")))
_REASONS = 4


class Layouts(QWidget):
    """The tab; it asks for a search when it is seen and the plan is another."""

    wanted = Signal(str)
    """What decides, whenever the layouts of the plan in force are to be found."""
    taken = Signal(object)
    """The layout that a person takes into the plan."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._estimate: Estimate | None = None
        self._found: Found | None = None
        self._stale = False
        self.head = Label("", size=15, weight=600, wrap=True)
        self.by = Segments(_("Best by"), [(key, _(label)) for key, label in _BY])
        self.by.show_key("time")
        self.by.picked.connect(lambda _key: self._ask())
        self.working = Label("", size=12, ink="text3")
        self.use = Button(_("Use this layout"), kind=Kind.OUTLINE, key="Enter")
        self.use.clicked.connect(self._take)
        self.table = LayoutTable()
        self.table.taken.connect(self.taken)
        self.table.passed.connect(self._explain)
        self.why = Label("", wrap=True)
        self.legend = Label(
            _(
                "b micro-batch, v virtual stages. Bars: computing in colour and waiting in grey; "
                "the share of a device's memory."
            ),
            size=12,
            ink="text3",
            wrap=True,
        )
        self.rest = Label("", size=12, ink="text2", wrap=True)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(16), px(20), px(12))
        column.setSpacing(px(8))
        column.addWidget(self.head)
        tools = QHBoxLayout()
        tools.setSpacing(px(12))
        tools.addWidget(self.by, 0, Qt.AlignmentFlag.AlignLeft)
        tools.addWidget(self.working)
        tools.addStretch(1)
        tools.addWidget(self.use)
        column.addLayout(tools)
        column.addWidget(self.table, 1)
        column.addWidget(self.why)
        column.addWidget(self.legend)
        column.addWidget(self.rest)

    def show_estimate(self, estimate: Estimate) -> None:
        """Follow the plan; hidden, it only remembers that it must ask."""
        self._estimate, self._stale = estimate, True
        if self.isVisible():
            self._ask()

    def _ask(self) -> None:
        self._stale = False
        self.working.setText(_("Comparing…"))
        self.wanted.emit(self.by.key)

    def show_found(self, found: Found, estimate: Estimate) -> None:
        """Show what a search found for an estimate; one of an older plan is no answer."""
        if estimate is not self._estimate:
            return
        self._found = found
        self.working.setText("")
        self.table.setVisible(bool(found.layouts))
        self.legend.setVisible(bool(found.layouts))
        self.use.setVisible(bool(found.layouts))
        self.why.setVisible(bool(found.layouts))
        if found.layouts:
            self.head.setText(f"{verdict(found)} {against_plan(found)}")
            self.table.show_found(found, estimate)
        else:
            self.head.setText(none_fits(found))
        self.rest.setText(self._left_out(found))

    def _left_out(self, found: Found) -> str:
        rows = left_out(found)
        lines = [f"{figure(float(count), '1')}  {sentence}" for _code, sentence, count in rows[:_REASONS]]
        more = sum(count for _code, _sentence, count in rows[_REASONS:])
        if more:
            lines.append(_("{count}  Other reasons.").format(count=figure(float(more), "1")))
        return "\n".join([summary(found), *lines])

    def _explain(self, layout: Layout) -> None:
        """Say how the chosen row differs from the best one."""
        found = self._found
        if found is None or not found.layouts:
            return
        own = layout.choice == found.current.choice
        self.use.setEnabled(not own)
        if own and found.obstacle:
            self.why.setText(against_plan(found))
        elif layout is found.layouts[0]:
            self.why.setText(against_next(found))
        else:
            self.why.setText(f"{degrees_of(layout)}: {beside_best(found, layout)}")

    def _take(self) -> None:
        layout = self.table.chosen()
        if layout is not None:
            self.taken.emit(layout)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._ask()
