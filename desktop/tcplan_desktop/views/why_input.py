"""One input of a formula: its name as a link, number and unit on common edges, layer and source."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from tcplan.given import Given
from tcplan.language import _
from tcplan.report.numbers import figure
from tcplan.why import WhyInput
from tcplan_desktop.parts.badge import Badge
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.painting import width_of
from tcplan_desktop.text import Elided, Label, tooltip
from tcplan_desktop.theme import font, px, theme, themes

NUMBER_WIDTH, UNIT_WIDTH, BADGE_WIDTH = 48, 52, 85
_NAME_WIDTH = 86
"""What the other columns leave a name in the narrowest pane; a longer one has a line of its own."""


class WhyInputRow(QWidget):
    """A row of the why; it leads on, and offers the row's value where a person typed another."""

    followed = Signal(str)
    """Path of a quantity whose own why is wanted."""
    entered = Signal(str)
    """Path of a field that is wanted."""
    taken_back = Signal(str)
    """Path of a typed value to take back."""

    def __init__(self, one: WhyInput, other: Given | None, parent: QWidget | None = None) -> None:
        """Show an input; `other` is what would apply in the place of its typed value."""
        super().__init__(parent)
        self.input = one
        self._other = other
        self.name = self._name()
        self.number = Label("", weight=600)
        self.unit = Elided("", size=12, ink="text3")
        self.about = Elided("", size=11, ink="text3", parent=self)
        self.badge = Badge(one.layer)
        self.badge.set_layer(one.layer, " · ".join(part for part in (one.source, one.date) if part))
        self.badge.asked.connect(lambda _where: self._lead())
        self._write()
        self._lay_out()

    @property
    def _from_row(self) -> bool:
        """Whether a catalogue row has a figure of its own."""
        return self._other is not None and self._other.layer == "catalogue"

    def _leads(self) -> bool:
        """Return whether there is more to see: a formula, or a field to type into."""
        one = self.input
        return one.followable or (bool(one.path) and not one.path.startswith("performance."))

    def _name(self) -> Button | Elided:
        one = self.input
        if not self._leads():
            return Elided(one.label, ink="text2")
        made = Button(one.label, kind=Kind.LINK)
        made.setMinimumWidth(1)
        made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        said = _("why {name}") if one.followable else _("go to {name}")
        made.setAccessibleName(said.format(name=one.label))
        tooltip(made, one.source)
        made.clicked.connect(self._lead)
        return made

    def _lead(self) -> None:
        if self.input.followable:
            self.followed.emit(self.input.path)
        elif self._leads():
            self.entered.emit(self.input.path)

    def takes(self, one: WhyInput) -> bool:
        """Return whether the row can show this input as it is laid out."""
        old = self.input
        kept = replace(one, value=old.value, choice=old.choice, alternative=old.alternative)
        return kept == old and (one.alternative is None) == (old.alternative is None)

    def show_input(self, one: WhyInput) -> None:
        """Show another value of the same input."""
        if one != self.input:
            self.input = one
            self._write()

    def _write(self) -> None:
        one = self.input
        if one.choice:
            self.number.setText(one.choice)
            return
        shown = figure(one.value, one.unit, 3)
        self.number.setText(shown.text)
        self.unit.set_whole(shown.unit)
        if one.alternative is not None:
            value = figure(one.alternative, one.unit, 3)
            said = _("Row says {value}") if self._from_row else _("Without it {value}")
            date = f" · {self._other.date}" if self._from_row and self._other and self._other.date else ""
            self.about.set_whole(said.format(value=value) + date)

    def _lay_out(self) -> None:
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        themes.changed.connect(self._restyle)
        self._restyle()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(2), 0, px(3))
        column.setSpacing(0)
        across = QHBoxLayout()
        across.setSpacing(px(4))
        if width_of(self.input.label, font(13, 600)) > px(_NAME_WIDTH):
            first = QHBoxLayout()
            first.addWidget(self.name)
            first.addStretch(1)
            column.addLayout(first)
        else:
            across.addWidget(self.name)
        across.addStretch(1)
        across.addWidget(self.number)
        across.addWidget(self.unit)
        across.addWidget(self.badge)
        column.addLayout(across)
        second = self._second()
        if second is not None:
            column.addLayout(second)

    def _restyle(self) -> None:
        self.number.setMinimumWidth(px(NUMBER_WIDTH))
        self.unit.setFixedWidth(px(UNIT_WIDTH))
        self.badge.setFixedWidth(px(BADGE_WIDTH))

    def _second(self) -> QHBoxLayout | None:
        one = self.input
        typed = one.layer in ("typed", "scenario") and one.alternative is not None
        if not typed and not one.followable:
            self.about.set_whole(" · ".join(part for part in (one.source, one.date) if part))
        if not self.about.whole:
            self.about.hide()
            return None
        row = QHBoxLayout()
        row.setSpacing(px(6))
        row.addWidget(self.about, 1)
        if typed:
            words = _("Use row") if self._from_row else _("Take back")
            use = Button(words, kind=Kind.LINK, size=12)
            use.clicked.connect(lambda: self.taken_back.emit(one.path))
            row.addWidget(use)
        return row

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().line)
        painter.end()
