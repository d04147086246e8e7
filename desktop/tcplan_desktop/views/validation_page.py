"""How good the numbers are: published steps against predictions, by group, each with its bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from tcplan.language import _
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.option_list import Option
from tcplan_desktop.parts.segments import Segments
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px, theme, themes
from tcplan_desktop.views.plot_scatter import Scatter
from tcplan_desktop.views.validation_rows import (
    COLUMNS,
    Line,
    Step,
    chosen,
    dot_of,
    group_lines,
    missed,
    source_lines,
    words_in,
)
from tcplan_desktop.views.validation_tables import GroupModel, GroupTable, OpeningTable, StepModel

_ALL = "all"


def _names() -> dict[str, str]:
    return {
        "source": _("Source"),
        "hardware": _("Hardware"),
        "precision": _("Precision"),
        "family": _("Family"),
        "task": _("Task"),
        "part": _("Part"),
    }


class ValidationPage(QWidget):
    """The page; it tells which step is to be opened and computes nothing itself."""

    opened = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("How good are these numbers?"))
        self._steps: tuple[Step, ...] = ()
        self._shown: tuple[Step, ...] = ()
        self._group = ""
        self.head = Label(_("How good are these numbers?"), size=15, weight=600)
        self.sentence = Label(_("Predicting the published steps…"), ink="text2", wrap=True)
        self.back = Button(_("Back to the plan"))
        self.back.clicked.connect(self.closed)
        self.measure = Segments(_("What is compared"), (("time", _("Time")), ("memory", _("Memory"))))
        self.measure.show_key("time")
        self.measure.picked.connect(lambda _key: self._show())
        self.by = Segments(_("Lines of the table"), (("group", _("Groups")), ("source", _("Sources"))))
        self.by.show_key("group")
        self.by.picked.connect(lambda _key: self._leave_group())
        self.filters = {name: Choice(label, notes=False) for name, label in _names().items()}
        for choice in self.filters.values():
            choice.picked.connect(lambda _key: self._show())
        self.whole = Button(_("Show all"), kind=Kind.LINK)
        self.whole.clicked.connect(self.show_all)
        self.scatter = Scatter()
        self.groups, self.rows = GroupModel(), StepModel()
        self.group_table = GroupTable(_("Errors by group"), self.groups)
        self.row_table = OpeningTable(_("Published steps"), self.rows, 44)
        self.group_table.opened.connect(self._choose_group)
        self.row_table.opened.connect(lambda at: self._open(self.rows.steps[at]))
        self.scatter.taken.connect(lambda at: self._open(self._dotted[at]))
        self._dotted: list[Step] = []
        self._lay_out()
        themes.changed.connect(self.update)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(self.head)
        words.addWidget(self.sentence)
        top.addLayout(words, 1)
        top.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(6))
        grid.setVerticalSpacing(0)
        grid.addWidget(self.measure, 1, 0)
        for column, (name, label) in enumerate(_names().items(), 1):
            grid.addWidget(Label(label, size=11, ink="text3"), 0, column)
            grid.addWidget(self.filters[name], 1, column)
            grid.setColumnStretch(column, 1)
        grid.addWidget(self.whole, 1, len(self.filters) + 1)
        tables = QSplitter(Qt.Orientation.Vertical)
        upper = QWidget()
        above = QVBoxLayout(upper)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(px(4))
        switch = QHBoxLayout()
        switch.addWidget(self.by)
        switch.addStretch(1)
        above.addLayout(switch)
        above.addWidget(self.group_table, 1)
        tables.addWidget(upper)
        tables.addWidget(self.row_table)
        tables.setChildrenCollapsible(False)
        tables.setSizes([px(300), px(220)])
        across = QSplitter(Qt.Orientation.Horizontal)
        across.addWidget(self.scatter)
        across.addWidget(tables)
        across.setChildrenCollapsible(False)
        across.setSizes([px(416), px(824)])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(px(20), px(12), px(20), px(8))
        whole.setSpacing(px(8))
        whole.addLayout(top)
        whole.addLayout(grid)
        whole.addWidget(across, 1)

    # what is shown

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show predictions that have been made."""
        self._steps = tuple(steps)
        everything = Option(_ALL, _("all"))
        for name in COLUMNS:
            words = words_in(self._steps, name)
            self.filters[name].set_options((everything, *(Option(word, word) for word in words)))
        parts = (everything, Option("fitted", _("used in the fit")), Option("held", _("held out")))
        self.filters["part"].set_options(parts)
        self.show_all()

    def show_all(self) -> None:
        """Take every filter back."""
        self._group = ""
        for choice in self.filters.values():
            choice.show_key(_ALL)
        self._show()

    def _show(self) -> None:
        memory = self.measure.key == "memory"
        wanted = {name: "" if choice.key == _ALL else choice.key for name, choice in self.filters.items()}
        found = chosen(self._steps, wanted, memory=memory)
        lines = (source_lines if self.by.key == "source" else group_lines)(found, memory=memory)
        if self._group:
            found = tuple(step for step in found if self._in_group(step))
        self._shown = found
        self.groups.show_lines(lines)
        compared = [step for step in found if step.pair(memory=memory) is not None]
        self.rows.show_steps(compared, memory=memory)
        dots = [(step, dot_of(step, memory=memory)) for step in compared]
        self._dotted = [step for step, dot in dots if dot is not None]
        across, up = _("Measured step, s"), _("Predicted step, s")
        if memory:
            across, up = _("Measured peak memory, GiB"), _("Predicted peak memory, GiB")
        self.scatter.show_dots([dot for _step, dot in dots if dot is not None], across, up)
        self.whole.setVisible(bool(self._group) or any(wanted.values()))
        self._say(memory, len(compared), len(found) - len(compared))

    def _say(self, memory: bool, many: int, skipped: int) -> None:
        if not self._steps:
            return
        lines = group_lines([step for step in self._steps if not step.fitted(memory=memory)], memory=memory)
        short = [line for line in lines if missed(line)]
        fitted = sum(step.fitted(memory=memory) for step in self._steps)
        counts = _(
            "{reached} of {groups} groups reach their bar on the steps that were held out; {fitted} of "
            "{rows} published steps were used to fit constants. Shown: {many}, without a value to compare: "
            "{skipped}."
        )
        said = counts.format(
            reached=len(lines) - len(short),
            groups=len(lines),
            fitted=fitted,
            rows=len(self._steps),
            many=many,
            skipped=skipped,
        )
        if short:
            said += " " + _("Missed there, by so many points: {names}.").format(
                names="; ".join(f"{line.title} ({missed(line)})" for line in short)
            )
        self.sentence.setText(said)

    def _in_group(self, step: Step) -> bool:
        if self.by.key == "group":
            return self._group in step.groups
        row = step.judged.prediction.row
        return self._group == _source_key((row.text("source"), row.text("hardware")))

    def _leave_group(self) -> None:
        self._group = ""
        self._show()

    def _choose_group(self, at: int) -> None:
        """Show the steps of one line alone; the same line again shows all."""
        key = _key_of(self.groups.lines[at])
        self._group = "" if key == self._group else key
        self._show()
        held = [_key_of(line) for line in self.groups.lines]
        if self._group in held:
            self.group_table.selectRow(held.index(self._group))

    @property
    def shown(self) -> tuple[Step, ...]:
        """The steps that the filters leave."""
        return self._shown

    def _open(self, step: Step) -> None:
        if step.plan is not None:
            self.opened.emit(step)

    def enter(self) -> None:
        """Give the keyboard to what comes first."""
        self.measure.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().surface)
        painter.end()


def _key_of(line: Line) -> str:
    return line.group.key if line.group is not None else _source_key(line.cells)


def _source_key(cells: Sequence[str]) -> str:
    return "\t".join(cells)
