"""The start page: a computed example above, three doors, plans of late, and published runs with our error."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import Shelf, fold
from tcplan.language import N_, _
from tcplan.plan import marks
from tcplan.plan.field import Shown
from tcplan.plan.number import NumberError, read
from tcplan.plan.plan import descriptions
from tcplan.plan.value import central
from tcplan.report.numbers import figure
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.centred_page import centre_page
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.parts.option_list import Option
from tcplan_desktop.parts.painting import rounded, smooth
from tcplan_desktop.parts.well import Well
from tcplan_desktop.parts.well_frame import State
from tcplan_desktop.published import Outcome
from tcplan_desktop.text import Elided, Label
from tcplan_desktop.theme import px, theme, themes
from tcplan_desktop.views.start_list import RecentItem, RecentRow, RunRow

SIZE = Shown(N_("Size"), N_("Parameters of the model."), low=1e4, high=1e16)
_WIDEST = 1160
_ONE_ROW = 960
"""From this width on, doors and lists stand beside each other."""


_RUN_WIDTHS = (92, 100, 104)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person said at a door: a size or a preset, or limits in coherent units with their texts."""

    parameters: float | None = None
    preset: str = ""
    text: str = ""
    budget: float | None = None
    deadline: float | None = None


class Door(QWidget):
    """A card with icon, title and sentence; its fields are added below."""

    def __init__(self, icon_name: str, title: str, sentence: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon_name
        self.setAccessibleName(title)
        self.fields = QHBoxLayout()
        self.fields.setSpacing(px(6))
        self._column = QVBoxLayout(self)
        self._column.setSpacing(px(4))
        self._head = Label(title, size=16, weight=600, wrap=True)
        self._column.addWidget(self._head)
        self._column.addSpacing(px(6))
        self._column.addWidget(Label(sentence, ink="text2", wrap=True))
        self._column.addSpacing(px(6))
        self._column.addLayout(self.fields)
        self._column.addStretch(1)
        themes.changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        self._column.setContentsMargins(px(20), px(16), px(16), px(16))
        self._head.setContentsMargins(px(32), 0, 0, 0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        rounded(painter, QRectF(self.rect()), look.surface, look.line2, 8)
        draw_icon(painter, self._icon, px(20), px(18), px(20), look.accent)
        painter.end()


class StartPage(QWidget):
    """Where everybody begins; it tells what was wished and changes nothing itself."""

    wished = Signal(object)
    """A `Wish` of the first or second door."""
    run_chosen = Signal(str)
    """Key of an example or a published run."""
    opened = Signal(str)
    located = Signal(str)
    open_asked = Signal()
    kept = Signal()
    """The plan that is computed above is wanted as it is."""

    def __init__(self, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Start page"))
        self._shelf = shelf
        self.model = Well(_("Size or preset of your model"), placeholder=_("70B, or a preset"), notes=False)
        self.budget = Well(_("Budget"), placeholder=_("2 M$"), notes=False)
        self.deadline = Well(_("Deadline"), placeholder=_("90 days"), notes=False)
        self.run = Choice(_("Published run"), placeholder=_("Choose a run"), notes=False)
        self.go_model = Button(kind=Kind.QUIET, icon_name="arrow-right", name=_("Plan this model"))
        self.go_limits = Button(kind=Kind.QUIET, icon_name="arrow-right", name=_("Show what is possible"))
        self.explanation = Label("", ink="text2")
        self.recent: tuple[RecentItem, ...] = ()
        self._recent_rows: list[RecentRow] = []
        self._run_rows: list[RunRow] = []
        self._build()
        self._connect()

    def _build(self) -> None:
        self._page = QVBoxLayout()
        self._page.setSpacing(0)
        self._page.addSpacing(px(40))
        self._page.addWidget(Label(_("What will it take to train your model?"), size=24, weight=600))
        self._page.addSpacing(px(4))
        self.keep = Button(_("Open it"), kind=Kind.LINK)
        self.keep.clicked.connect(self.kept)
        above = QHBoxLayout()
        above.setSpacing(px(6))
        above.addWidget(self.explanation)
        above.addWidget(self.keep)
        above.addStretch(1)
        self._page.addLayout(above)
        self._page.addSpacing(px(24))
        self._door_row = self._doors()
        self._page.addLayout(self._door_row)
        self._page.addSpacing(px(36))
        self._list_row = self._lists()
        self._page.addLayout(self._list_row)
        self._page.addStretch(1)
        across = centre_page(self, self._page, px(_WIDEST))
        across.setContentsMargins(px(20), 0, px(20), px(20))

    def _doors(self) -> QBoxLayout:
        first = Door("box", _("I know my model"), _("Size or preset; the rest has sound defaults."))
        first.fields.addWidget(self.model, 1)
        first.fields.addWidget(self.go_model, 0, Qt.AlignmentFlag.AlignTop)
        second = Door("target", _("I have a budget or a deadline"), _("See what you can train with it."))
        second.fields.addWidget(self.budget, 1)
        second.fields.addWidget(self.deadline, 1)
        second.fields.addWidget(self.go_limits, 0, Qt.AlignmentFlag.AlignTop)
        third = Door("chart-line", _("Start from a published run"), _("Repeat it, then change it."))
        third.fields.addWidget(self.run, 1)
        doors = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        doors.setSpacing(px(24))
        for door in (first, second, third):
            doors.addWidget(door, 1)
        return doors

    def _lists(self) -> QBoxLayout:
        head = QHBoxLayout()
        head.addWidget(Label(_("Recent"), weight=600), 1)
        self.open_other = Button(_("Open other"), kind=Kind.LINK, key="Ctrl O", size=12)
        self.open_other.clicked.connect(self.open_asked)
        head.addWidget(self.open_other)
        self._recent_column = QVBoxLayout()
        self._recent_column.setSpacing(0)
        self._nothing = Label(_("Plans that you save or leave open appear here."), size=12, ink="text3")
        self._nothing.setContentsMargins(0, px(10), 0, px(10))
        self._recent_column.addWidget(self._nothing)
        self._recent_column.addStretch(1)
        self._run_column = QVBoxLayout()
        self._run_column.setSpacing(0)
        self._run_column.addStretch(1)
        lists = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        lists.setSpacing(px(64))
        for top, layout in ((head, self._recent_column), (self._run_head(), self._run_column)):
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addLayout(top)
            column.addWidget(_Line())
            column.addLayout(layout)
            lists.addLayout(column, 1)
        return lists

    def _run_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(0)
        # As high as the other head, which has a button, so that both lines are on one level.
        head.addStrut(self.open_other.sizeHint().height())
        head.addWidget(Label(_("Published runs"), weight=600), 1)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._run_heads = [Elided(words, size=11, weight=500, ink="text3") for words in _run_words()]
        for label in self._run_heads:
            label.setAlignment(right)
            head.addWidget(label)
        themes.changed.connect(self._restyle)
        self._restyle()
        return head

    def _restyle(self) -> None:
        for label, width in zip(self._run_heads, _RUN_WIDTHS, strict=True):
            label.setFixedWidth(px(width))

    def _connect(self) -> None:
        self.model.line.returnPressed.connect(self._know_model)
        self.go_model.clicked.connect(self._know_model)
        for well in (self.budget, self.deadline):
            well.line.returnPressed.connect(self._have_limits)
        self.go_limits.clicked.connect(self._have_limits)
        for well in (self.model, self.budget, self.deadline):
            well.typing.connect(lambda _text, well=well: _calm(well))
        self.run.picked.connect(self._choose_run)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= px(_ONE_ROW)
        sides, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        for row in (self._door_row, self._list_row):
            row.setDirection(sides if wide else below)

    # the doors

    def _know_model(self) -> None:
        text = self.model.text.strip()
        if not text:
            return
        found = self._preset(text)
        if found is not None:
            self.wished.emit(Wish(preset=found.key, text=text))
            return
        try:
            size = central(read(text, SIZE, marks.current()).value, logarithmic=True)
        except NumberError:
            sentence = _("Neither a size such as 70B nor a preset is called “{text}”.").format(text=text)
            self.model.refuse(sentence)
            return
        if not SIZE.low <= size <= SIZE.high:
            self.model.refuse(_("A size lies between 10 thousand and 10 quadrillion parameters."))
            return
        self.wished.emit(Wish(parameters=size, text=text))

    def _preset(self, text: str) -> Row | None:
        """Return the preset of a name; of a family's name, the largest member."""
        if text[0].isdigit():
            return None
        rows = self._shelf.search("models", text)
        exact = [row for row in rows if fold(text) in (fold(row.key), fold(row.name))]
        return max(exact or rows, key=lambda row: row.number("parameters") or 0.0, default=None)

    def _have_limits(self) -> None:
        budget = self._limit(self.budget, "programme.budget")
        deadline = self._limit(self.deadline, "programme.deadline")
        refused = State.REFUSED in (self.budget.state, self.deadline.state)
        if not refused and (budget is not None or deadline is not None):
            self.wished.emit(Wish(budget=budget, deadline=deadline))

    def _limit(self, well: Well, path: str) -> float | None:
        text = well.text.strip()
        if not text:
            return None
        try:
            return central(read(text, descriptions()[path], marks.current()).value, logarithmic=True)
        except NumberError as error:
            well.refuse(error.sentence, error.start, error.end)
            return None

    def _choose_run(self, key: str) -> None:
        self.run.show_key("")
        self.run_chosen.emit(key)

    # what it shows

    def explain(self, name: str) -> None:
        """Say what the headline above shows."""
        self.explanation.setText(_("Above, {name}, already computed. Change anything.").format(name=name))

    def show_runs(self, rows: Sequence[Row], examples: Iterable[tuple[str, str]]) -> None:
        """Offer runs and examples (key and title) at the third door."""
        offered = [Option(key, title, (_("example"),)) for key, title in examples]
        keys = {option.key for option in offered}
        for row in rows:
            if row.key not in keys:
                tokens = str(figure(row.number("tokens") or 0.0, "tokens", 3))
                offered.append(Option(row.key, row.name, (tokens, f"{row.number('year') or 0:.0f}")))
        self.run.set_options(offered)

    def show_outcome(self, outcome: Outcome) -> None:
        """Add a published run with our prediction."""
        row = RunRow(outcome)
        row.clicked.connect(lambda: self.run_chosen.emit(outcome.row.key))
        self._run_rows.append(row)
        self._run_column.insertWidget(self._run_column.count() - 1, row)

    def show_recent(self, items: Sequence[RecentItem]) -> None:
        """Show the plans of late, the last one first."""
        self.recent = tuple(items)
        for row in self._recent_rows:
            self._recent_column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._recent_rows = [RecentRow(item) for item in items]
        for index, row in enumerate(self._recent_rows):
            signal = self.located if row.item.missing else self.opened
            row.clicked.connect(lambda _checked=False, s=signal, path=row.item.path: s.emit(path))
            self._recent_column.insertWidget(index, row)
        self._nothing.setVisible(not items)

    def enter(self) -> None:
        """Give the keyboard to the first door."""
        self.model.setFocus(Qt.FocusReason.OtherFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().window)
        painter.end()


def _run_words() -> tuple[str, ...]:
    return _("published"), _("we predict"), _("error")


class _Line(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(px(8))
        themes.changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().line2)
        painter.end()


def _calm(well: Well) -> None:
    if well.state is State.REFUSED:
        well.set_state(State.REST)
        well.set_message("")
