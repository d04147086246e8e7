"""Which plan is better, and why: columns of plans, their differences, the waterfall between two of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tcplan import compare_words
from tcplan.language import _
from tcplan.study.compare import Comparison
from tcplan.study.waterfall import Waterfall
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.option_list import Option
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px, themes
from tcplan_desktop.views.compare_table import CompareTable
from tcplan_desktop.views.waterfall import Step, WaterfallPicture

MONEY = "money.total"
_BARS = 6
"""Changes with a bar of their own; what is left of more is one bar."""


class Compare(QWidget):
    """The tab; it asks for the comparison when it is seen and something has changed."""

    wanted = Signal()
    """The comparison is to be made anew."""
    explain_asked = Signal(int, str)
    """A plan and a result: the waterfall from the reference to it is wanted."""
    copied = Signal(str, int)
    explained = Signal(str, int)
    menu_asked = Signal(int, QPoint)
    added = Signal(str)
    """The key of the plan that a person adds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.comparison: Comparison | None = None
        self.chosen, self.path = 1, MONEY
        self._accepts = False
        self._stale = True
        self.head = Label("", size=15, weight=600, wrap=True)
        self.sure = Label("", size=12, ink="text2", wrap=True)
        self.only = Button(_("Differences only"), kind=Kind.TINT)
        self.only.setChecked(True)
        self.only.toggled.connect(lambda _on: self._show())
        self.add = Choice(_("Add column"), placeholder=_("Add a plan"), notes=False)
        self.add.picked.connect(self._add)
        self.copy = Button(kind=Kind.QUIET, icon_name="copy", name=_("Copy the table"))
        self.table = CompareTable()
        self.copy.clicked.connect(self._copy)
        self.table.copied.connect(self.copied)
        self.table.explained.connect(self.explained)
        self.table.menu_asked.connect(self.menu_asked)
        self.table.passed.connect(self._pass)
        self.title = Label("", weight=600)
        self.method = Label("", size=12, ink="text2")
        self.picture = WaterfallPicture()
        self.empty = Label(
            _("Nothing to compare with yet: press Ctrl+D for a scenario, or add a plan."),
            ink="text2",
            wrap=True,
        )
        self._lay_out()
        themes.changed.connect(self._restyle)
        self._restyle()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), px(12), px(20), px(10))
        column.setSpacing(px(6))
        column.addWidget(self.head)
        tools = QHBoxLayout()
        tools.setSpacing(px(8))
        tools.addWidget(self.empty, 1)
        tools.addWidget(self.sure, 1)
        tools.addWidget(self.only)
        tools.addWidget(self.add)
        tools.addWidget(self.copy)
        column.addLayout(tools)
        column.addWidget(self.table)
        names = QHBoxLayout()
        names.setSpacing(px(10))
        names.addWidget(self.title)
        names.addWidget(self.method)
        names.addStretch(1)
        column.addLayout(names)
        column.addWidget(self.picture, 1)
        column.addStretch()

    def _restyle(self) -> None:
        self.add.setFixedWidth(px(168))

    # what there is

    def offer(self, options: Sequence[Option]) -> None:
        """Offer plans to add."""
        self.add.set_options(options)
        self.add.show_key("")

    def _add(self, key: str) -> None:
        self.add.show_key("")
        if key:
            self.added.emit(key)

    def mark_stale(self) -> None:
        """Ask for the comparison anew; hidden, it only remembers to."""
        self._stale = True
        if self.isVisible():
            self._ask()

    def _ask(self) -> None:
        self._stale = False
        self.wanted.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._ask()

    def show_comparison(self, comparison: Comparison, *, accepts: bool) -> None:
        """Show plans side by side; `accepts` says whether the reference can take values over."""
        self.comparison, self._accepts = comparison, accepts
        count, reference = len(comparison.columns), comparison.reference
        if not 0 <= self.chosen < count or self.chosen == reference:
            self.chosen = next((at for at in range(count) if at != reference), reference)
        self._show()

    def _show(self) -> None:
        made = self.comparison
        if made is None:
            return
        several = len(made.columns) > 1
        for widget in (self.table, self.sure, self.only, self.copy, self.title, self.method, self.picture):
            widget.setVisible(several)
        self.empty.setVisible(not several)
        self.head.setVisible(several)
        if several:
            self.head.setText(compare_words.verdict(made, self.chosen))
            self.sure.setText(compare_words.likely(made, self.chosen))
            self.table.show_comparison(
                made, every=not self.only.isChecked(), accepts=self._accepts, chosen=self.chosen
            )
            self._explain()

    def _pass(self, column: int, path: str) -> None:
        """Explain the plan that was chosen, and the result in whose row it was."""
        made = self.comparison
        if made is None or column < 0:
            return
        path = path or self.path
        chosen = column if column != made.reference else self.chosen
        if (chosen, path) != (self.chosen, self.path):
            self.chosen, self.path = chosen, path
            self.head.setText(compare_words.verdict(made, chosen))
            self.sure.setText(compare_words.likely(made, chosen))
            self.table.names.chosen = chosen
            self.table.names.viewport().update()
            self._explain()

    def _explain(self) -> None:
        if self.comparison is not None:
            self.title.setText(compare_words.why_title(self.comparison, self.chosen, self.path))
            self.method.setText(_("Computing…"))
            self.explain_asked.emit(self.chosen, self.path)

    def show_waterfall(self, found: Waterfall, comparison: Comparison, chosen: int) -> None:
        """Show why; an answer about another comparison is none."""
        if comparison is not self.comparison or (chosen, found.path) != (self.chosen, self.path):
            return
        self.picture.show_steps(steps_of(found, comparison, chosen), found.unit)
        words = [self.picture.unit, compare_words.method(found)]
        self.method.setText(", ".join(word for word in words if word))

    def _copy(self) -> None:
        self.table.clearSelection()
        self.table.copy()


def steps_of(found: Waterfall, comparison: Comparison, chosen: int) -> tuple[Step, ...]:
    """Return the bars of a waterfall: both results, the largest changes, the others as one, the residual."""
    one, other = comparison.columns[comparison.reference], comparison.columns[chosen]
    parts = compare_words.parts_that_differ(found, comparison, comparison.reference, chosen)
    most = sorted(parts, key=lambda part: -abs(part.change))[:_BARS]
    steps = [Step(one.name, "", found.start, whole=True)]
    for part in parts:
        if part in most:
            words = compare_words.part_words(part, comparison, comparison.reference, chosen)
            steps.append(Step(compare_words.part_label(part, other.estimate), words, part.change))
    rest = [part for part in parts if part not in most]
    if rest:
        count = _("{count} changes").format(count=len(rest))
        steps.append(Step(_("Others"), count, sum(part.change for part in rest)))
    residual = 0.0 if compare_words.is_nothing(found.residual, found) else found.residual
    steps.append(Step(_("Residual"), compare_words.residual_words(found, one, other), residual))
    return (*steps, Step(other.name, "", found.end, whole=True))
