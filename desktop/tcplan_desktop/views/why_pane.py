"""Why a number is what it is: value, formula in names and in numbers, inputs, what moves it, who uses it."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tcplan.chain.graph import Graph
from tcplan.estimate import Estimate
from tcplan.expression import Binary, Name, Node
from tcplan.language import _
from tcplan.notation import plain_number
from tcplan.plan.document import Document as Content
from tcplan.report.numbers import figure, share
from tcplan.results import shown_of_quantity
from tcplan.why import Why, WhyInput, sensitivities, why
from tcplan_desktop.document import in_a_sentence
from tcplan_desktop.forms.quantity_edit import QuantityEdit
from tcplan_desktop.parts.bars import Bar, Bars
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.fraction import FormulaView, Writing
from tcplan_desktop.text import Elided, Label
from tcplan_desktop.theme import px, theme, themes
from tcplan_desktop.views.likeness import likened
from tcplan_desktop.views.nearest_steps import NearestSteps
from tcplan_desktop.views.why_input import WhyInputRow

if TYPE_CHECKING:
    from tcplan_desktop.views.headline import Sure

_MOST_USERS = 6
_DEEPEST = 4
_MOST = 0.5
"""From this share of a sum on, a term is unfolded too."""


def _in_numbers(one: Name) -> str:
    shown = figure(one.value, one.unit, 3)
    return str(shown)


class WhyPane(QWidget):
    """The why of one result; it follows into inputs and back, and explains each new estimate at once."""

    edited = Signal(str, object, str, int)
    asked_field = Signal(str)
    noted = Signal(str)
    """The path on which a note is wanted."""
    explained = Signal(str)
    """The path that the pane explains now, empty when it was closed."""
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Why"))
        self._trail: list[str] = []
        self._estimate: Estimate | None = None
        self._content: Content | None = None
        self._why: Why | None = None
        self.back = Button(kind=Kind.QUIET, icon_name="arrow-left", name=_("Back"))
        self.back.clicked.connect(self.go_back)
        self.title = Elided("", ink="text2")
        self.shut = Button(kind=Kind.QUIET, icon_name="x", name=_("Close"))
        self.shut.clicked.connect(self.closed)
        self.value = Label("", size=20, weight=600)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.names = FormulaView()
        self.numbers = FormulaView()
        self.source = Label("", size=11, ink="text3", wrap=True)
        self.typed_line = Label("", size=12, ink="text2", wrap=True)
        self.take_back = Button(_("Use the computed value"), kind=Kind.LINK, size=12)
        self.take_back.clicked.connect(self._take_back)
        self.type_value = Button(_("Type a value"), kind=Kind.LINK, size=12, icon_name="pencil")
        self.type_value.clicked.connect(self.enter_value)
        self.editor: QuantityEdit | None = None
        self.inputs: list[WhyInputRow] = []
        self._users: tuple[str, ...] | None = None
        self.user_buttons: list[Button] = []
        self.moves = Bars(_("If an input rises by 10 %"), signed=True)
        self.nearest = NearestSteps()
        self._sure: Sure | None = None
        self.copy = Button(_("Copy"), kind=Kind.QUIET, icon_name="copy")
        self.copy.clicked.connect(self.copy_text)
        self.copy_latex = Button(_("LaTeX"), kind=Kind.QUIET, icon_name="copy", name=_("Copy as LaTeX"))
        self.copy_latex.setAccessibleName(_("Copy as LaTeX"))
        self.copy_latex.clicked.connect(self.copy_formula)
        self.note = Button(_("Note"), kind=Kind.QUIET, icon_name="sticky-note")
        self.note.clicked.connect(lambda: self.noted.emit(self.path))
        self.note_line = Label("", size=12, ink="text2", wrap=True)
        self.alike = Label("", size=12, ink="text2", wrap=True)
        self._build()
        themes.changed.connect(self._restyle)
        self._restyle()

    # making it

    def _restyle(self) -> None:
        self._head.setFixedHeight(px(40))
        self.update()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(px(16), 0, px(8), 0)
        head.setSpacing(px(6))
        head.addWidget(self.back)
        head.addWidget(Label(_("Why"), weight=600))
        head.addWidget(self.title, 1)
        head.addWidget(self.shut)
        self._head = QWidget()
        self._head.setLayout(head)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        # The scroll bar has its own room, so that it takes none from the columns when it comes.
        self._column.setContentsMargins(px(16), px(10), px(8), px(12))
        self._column.setSpacing(px(8))
        self._fill_column()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._body)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(8), px(4), px(16), px(4))
        foot.addWidget(self.copy)
        foot.addWidget(self.copy_latex)
        foot.addWidget(self.note)
        foot.addStretch(1)
        foot.addWidget(Label("F4", size=11, weight=500, ink="text2"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head)
        whole.addWidget(self._scroll, 1)
        whole.addLayout(foot)

    def _fill_column(self) -> None:
        column = self._column
        column.addWidget(self.value)
        column.addWidget(self.names)
        column.addWidget(self.numbers)
        column.addWidget(self.typed_line)
        left = Qt.AlignmentFlag.AlignLeft
        column.addWidget(self.take_back, 0, left)
        column.addWidget(self.source)
        column.addWidget(self.note_line)
        column.addWidget(self.alike)
        self._editor_place = QVBoxLayout()
        column.addWidget(self.type_value, 0, left)
        column.addLayout(self._editor_place)
        self._inputs_head = Label(_("Inputs"), size=12, weight=600, ink="text2")
        column.addWidget(self._inputs_head)
        self._inputs_place = QVBoxLayout()
        self._inputs_place.setSpacing(0)
        column.addLayout(self._inputs_place)
        self._moves_head = Label(_("If an input rises by 10 %"), size=12, weight=600, ink="text2")
        column.addWidget(self._moves_head)
        column.addWidget(self.moves)
        column.addWidget(self.nearest)
        self._used_head = Label(_("Used by"), size=12, weight=600, ink="text2")
        column.addWidget(self._used_head)
        self._used_place = QVBoxLayout()
        self._used_place.setSpacing(0)
        column.addLayout(self._used_place)
        column.addStretch(1)

    # what it explains

    @property
    def path(self) -> str:
        """The path that is explained, empty at first."""
        return self._trail[-1] if self._trail else ""

    def show_estimate(self, content: Content, estimate: Estimate) -> None:
        """Explain the same path in a new estimate."""
        self._content, self._estimate = content, estimate
        while self._trail and self._trail[-1] not in estimate:
            self._trail.pop()
        if self._trail and self.isVisible():
            self._explain()

    def ask(self, path: str) -> None:
        """Explain a path from the beginning."""
        self._trail = [path]
        self._explain()

    def follow(self, path: str) -> None:
        """Explain an input of what is explained now."""
        self._trail.append(path)
        self._explain()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        target = self.back if self.back.isVisible() else self.shut
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def go_back(self) -> None:
        """Return to what was explained before."""
        if len(self._trail) > 1:
            self._trail.pop()
            self._explain()

    def _explain(self) -> None:
        estimate = self._estimate
        if estimate is None or not self.path:
            return
        reason = why(estimate, self.path)
        if self._why is not None and self._why.path != reason.path:
            self._drop_editor()
            self._scroll.verticalScrollBar().setValue(0)
        self._why = reason
        self.back.setVisible(len(self._trail) > 1)
        self.title.set_whole(reason.label)
        self.value.setText(str(figure(reason.value, reason.unit, 3)))
        unfolded = self._unfolded(reason)
        self._write_formula(reason, unfolded)
        self._write_typed(reason)
        self._write_inputs(tuple(self._layered(one) for one in inputs_of(reason, unfolded)))
        self._write_moves(estimate)
        self._write_nearest(estimate)
        self._write_users(reason, estimate.graph)
        self._write_note()
        self._write_alike(estimate)
        self.explained.emit(self.path)

    def _write_formula(self, reason: Why, unfolded: list[Why]) -> None:
        lead = in_a_sentence(reason.label)
        parts = [(part.label, tree) for part, tree in reason.formula.parts]
        parts += [(one.label, one.expression) for one in unfolded]
        names = Writing(lambda one: one.label, plain_number)
        spoken = "\n".join(f"{one.label} = {one.text_formula()}" for one in (reason, *unfolded))
        if spoken != self.names.accessibleName():
            self.names.show_equations([(lead, reason.expression), *parts], names, spoken)
        computed = reason.alternative if reason.alternative is not None else reason.value
        numbers = Writing(_in_numbers, plain_number, chosen=True, strong=False)
        start = str(figure(computed, reason.unit, 3))
        equations = [(start, reason.expression)]
        equations += [(str(figure(one.value, one.unit, 3)), one.expression) for one in unfolded[-1:]]
        self.numbers.show_equations(equations, numbers, f"{start} = {reason.text_numbers()}")
        self.numbers.setVisible(bool(reason.inputs))
        self.source.setText(reason.source)
        self.source.setVisible(bool(reason.source))

    def _unfolded(self, reason: Why) -> list[Why]:
        """Return the whys of the terms that make up most of a sum, so that the reason is more than a sum."""
        found: list[Why] = []
        estimate = self._estimate
        while estimate is not None and len(found) < _DEEPEST and is_sum(reason.expression):
            most = max(reason.inputs, key=lambda one: abs(estimate.values[one.name]), default=None)
            whole = abs(estimate.values[estimate.graph.paths[reason.path].name])
            if most is None or not most.followable or abs(estimate.values[most.name]) < _MOST * whole:
                break
            reason = why(estimate, most.path)
            found.append(reason)
        return found

    def _write_typed(self, reason: Why) -> None:
        typed = reason.layer == "typed" and reason.alternative is not None
        self.typed_line.setVisible(typed)
        self.take_back.setVisible(typed)
        self.type_value.setVisible(self.editor is None)
        self.type_value.set_text(_("Type another value") if typed else _("Type a value"))
        if typed and reason.alternative is not None:
            said = figure(reason.alternative, reason.unit, 3)
            self.typed_line.setText(
                _("You typed this value; the formula below the name gives {value}.").format(value=said)
            )

    def _layered(self, one: WhyInput) -> WhyInput:
        """Return an input, marked where the scenario in force says another value than the base."""
        differs = self._content is not None and self._content.overrides_base(one.path)
        return replace(one, layer="scenario") if differs else one

    def _write_inputs(self, inputs: tuple[WhyInput, ...]) -> None:
        if len(self.inputs) == len(inputs) and all(
            row.takes(one) for row, one in zip(self.inputs, inputs, strict=True)
        ):
            for row, one in zip(self.inputs, inputs, strict=True):
                row.show_input(one)
            return
        for row in self.inputs:
            self._inputs_place.removeWidget(row)
            row.hide()
            row.deleteLater()
        given = self._estimate.given if self._estimate is not None else {}
        others = [given[one.path].alternative if one.path in given else None for one in inputs]
        self.inputs = [WhyInputRow(one, other) for one, other in zip(inputs, others, strict=True)]
        for row in self.inputs:
            row.followed.connect(self.follow)
            row.entered.connect(self.asked_field)
            row.taken_back.connect(lambda path: self.edited.emit(path, None, "", 0))
            self._inputs_place.addWidget(row)
        self._inputs_head.setVisible(bool(self.inputs))

    def _write_note(self) -> None:
        note = self._content.notes.get(self.path, "") if self._content is not None else ""
        self.note_line.setText(_("Note: {note}").format(note=note) if note else "")
        self.note_line.setVisible(bool(note))

    def _write_alike(self, estimate: Estimate) -> None:
        alike = likened(estimate, self.path)
        self.alike.setText(alike)
        self.alike.setVisible(bool(alike))

    def _write_moves(self, estimate: Estimate) -> None:
        bars = [
            Bar(label, moved, _signed(moved)) for _path, label, moved in sensitivities(estimate, self.path)
        ]
        self.moves.show_bars(bars)
        self.moves.setVisible(bool(bars))
        self._moves_head.setVisible(bool(bars))

    def be_sure(self, sure: Sure) -> None:
        """Name the nearest published steps from now on: what finds them has become ready."""
        self._sure = sure
        if self._estimate is not None:
            self._write_nearest(self._estimate)

    def _write_nearest(self, estimate: Estimate) -> None:
        found = self._sure(estimate) if self._sure is not None else None
        self.nearest.show_certainty(found if found is not None and self.path in found.results else None)

    def _write_users(self, reason: Why, graph: Graph) -> None:
        users = reason.used_by[:_MOST_USERS]
        if users == self._users:
            return
        self._users = users
        for old in self.user_buttons:
            self._used_place.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.user_buttons = []
        for path in users:
            button = Button(_(graph.paths[path].label), kind=Kind.LINK, size=12)
            button.clicked.connect(lambda _checked=False, path=path: self.follow(path))
            self.user_buttons.append(button)
            self._used_place.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._used_head.setVisible(bool(reason.used_by))

    # typing a result

    def enter_value(self) -> None:
        """Open a field for a value that the person knows better."""
        if self._estimate is None or self._why is None:
            return
        if self.editor is None:
            path = self.path
            shown = shown_of_quantity(self._estimate.graph.paths[path])
            self.editor = QuantityEdit(shown)
            self.editor.show_value(None, "", self._estimate[path].si, "")
            self.editor.edited.connect(lambda value, raw, gesture: self._typed(path, value, raw, gesture))
            self._editor_place.addWidget(self.editor)
            self.type_value.hide()
        self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _typed(self, path: str, value: object, raw: str, gesture: int) -> None:
        self._drop_editor()
        self.edited.emit(path, value, raw, gesture)

    def _drop_editor(self) -> None:
        if self.editor is not None:
            self._editor_place.removeWidget(self.editor)
            self.editor.hide()
            self.editor.deleteLater()
            self.editor = None

    def _take_back(self) -> None:
        self.edited.emit(self.path, None, "", 0)

    # taking it along

    def copy_text(self) -> None:
        """Put the whole why on the clipboard as plain text."""
        if self._why is not None:
            QGuiApplication.clipboard().setText(self._why.text())

    def copy_formula(self) -> None:
        """Put the equation on the clipboard as LaTeX."""
        if self._why is not None:
            QGuiApplication.clipboard().setText(self._why.latex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() == Qt.Key.Key_Left and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        painter.fillRect(0, self._head.height() - 1, self.width(), 1, look.line)
        painter.fillRect(0, self._scroll.geometry().bottom(), self.width(), 1, look.line)
        painter.end()


def inputs_of(reason: Why, unfolded: list[Why]) -> tuple[WhyInput, ...]:
    """Return the inputs of a why; a term that was unfolded gives way to its own inputs."""
    gone = {one.path for one in unfolded}
    every = [one for part in (*unfolded[::-1], reason) for one in part.inputs if one.path not in gone]
    # Terms of an unfolded sum that are nothing say no more than their formula does.
    return tuple(one for one in every if not unfolded or one.value or one in unfolded[-1].inputs)


def is_sum(tree: Node) -> bool:
    """Return whether a formula only adds names up."""
    if isinstance(tree, Binary):
        return tree.operator == "+" and is_sum(tree.left) and is_sum(tree.right)
    return isinstance(tree, Name)


def _signed(moved: float) -> str:
    if not isfinite(moved):
        return "–"
    text = str(share(abs(moved), 2))
    return ("+" if moved > 0 else "−") + text
