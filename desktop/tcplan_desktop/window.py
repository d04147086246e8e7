"""The window: it puts the views together, sends every edit the one way, and shows every answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from tcplan.catalogue.shelf import edition
from tcplan.estimate import Estimate
from tcplan.language import _
from tcplan.plan.document import Document as Content
from tcplan.plan.plan import PlanError, Value, descriptions
from tcplan.plan_rows import ROW_FIELDS
from tcplan.report.sheet import model_name
from tcplan.study.curve import MODEL_SIZE, Curve, drawn_curve
from tcplan_desktop import (
    desk,
    doors,
    edits,
    keyboard,
    layout_search,
    lever_search,
    preferences,
    sheet_templates,
)
from tcplan_desktop.catalogue import Catalogue
from tcplan_desktop.comparing import Comparing
from tcplan_desktop.document import Document, in_a_sentence, subject_of
from tcplan_desktop.evaluator import Evaluator
from tcplan_desktop.forms.form import text_of
from tcplan_desktop.forms.help_card import HelpCard
from tcplan_desktop.forms.value_words import value_words
from tcplan_desktop.lanes import Turn
from tcplan_desktop.notes import Notes
from tcplan_desktop.palette import Palette
from tcplan_desktop.panels.column import InputColumn
from tcplan_desktop.panels.kept_bar import kept_against
from tcplan_desktop.registry import Doors, entries
from tcplan_desktop.scenarios import Scenarios
from tcplan_desktop.settings import Settings
from tcplan_desktop.shortcuts import actions
from tcplan_desktop.text import message_box
from tcplan_desktop.theme import px, themes
from tcplan_desktop.trust import Trust
from tcplan_desktop.version import about
from tcplan_desktop.views.headline import HeadlineBar
from tcplan_desktop.views.notices import Notices
from tcplan_desktop.views.problems import Problems
from tcplan_desktop.views.scenario_bar import ScenarioBar
from tcplan_desktop.views.start_page import StartPage
from tcplan_desktop.views.time_words import local, month
from tcplan_desktop.views.title_bar import TitleBar
from tcplan_desktop.views.why_place import WhyPlace
from tcplan_desktop.views.workbench import Workbench

if TYPE_CHECKING:
    from tcplan_desktop.desk import Desk

COMPACT_BELOW = 1280
SMALLEST = (1100, 700)
USUAL = (1440, 900)


class Window(QMainWindow):
    """One document on screen."""

    settled = Signal()
    """The window is complete: what was left for after its first appearance is there."""

    def __init__(self, settings: Settings, content: Content | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.document = Document(content, self)
        self.evaluator = Evaluator(self.document, self)
        self.document.value_words = lambda content, path: value_words(content, path, self.evaluator.estimate)
        self.document.subject_words = self._subject
        self.desk: Desk | None = None
        self.notes = Notes(self)
        self.trust = Trust(self)
        self.scenarios = Scenarios(self)
        self.comparing = Comparing(self)
        self.catalogue = Catalogue(self)
        self.actions_by_name = actions(self, self._slots())
        self.title_bar = TitleBar(self.actions_by_name)
        self.scenario_bar = ScenarioBar()
        self.headline = HeadlineBar()
        self.workbench = Workbench()
        self.start_page = StartPage(self.evaluator.shelf)
        self.notices = Notices()
        self.problems = Problems()
        self.stack = QStackedWidget()
        self.palette_card: Palette | None = None
        self.help_card: HelpCard | None = None
        self._compact = False
        self._complete = False
        self._lay_out()
        self.why_place = WhyPlace(self.workbench.pane, self.workbench.why_column, self)
        self._connect()
        preferences.restore(self)
        self._show_document()
        self.show_start_page()

    # short names

    @property
    def estimate(self) -> Estimate:
        """Return the estimate of the plan in force."""
        return self.evaluator.estimate

    @property
    def inputs(self) -> InputColumn:
        """Return the column of inputs."""
        return self.workbench.inputs

    @property
    def compact(self) -> bool:
        """Return whether the narrow arrangement is in force."""
        return self._compact

    def _subject(self, path: str) -> str:
        quantity = self.estimate.graph.paths.get(path)
        known = quantity is not None and path not in descriptions()
        return in_a_sentence(_(quantity.label)) if known and quantity else subject_of(path)

    # making it

    def _lay_out(self) -> None:
        self.setWindowTitle("TCPlan")
        self.setMinimumSize(*SMALLEST)
        self.stack.addWidget(self.start_page)
        self.stack.addWidget(self.workbench)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.title_bar, self.scenario_bar, self.headline, self.notices):
            column.addWidget(widget)
        column.addWidget(self.stack, 1)
        column.addWidget(self.problems)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        self.document.changed.connect(self._changed)
        self.document.opened.connect(self._opened)
        self.document.renamed.connect(self._show_name)
        self.document.returned.connect(self.return_to)
        self.document.undo_stack.indexChanged.connect(self._show_undo)
        self.evaluator.curves.done.connect(self._show_curves)
        self.evaluator.curves.failed.connect(self._tell_failure)
        self.evaluator.curves.busy.connect(
            lambda busy: self.problems.show_work(_("Computing curves") if busy else "")
        )
        self.headline.asked_why.connect(self.explain)
        self.title_bar.searched.connect(self.open_palette)
        self.problems.asked.connect(self.go_to)
        self.problems.fixed.connect(lambda path, value: self.edit(path, value))
        self.inputs.edited.connect(self.edit)
        self.inputs.kept.taken.connect(lambda paths: edits.use_rows(self, paths))
        self.inputs.kept.reviewed.connect(self.go_to)
        centre, pane = self.workbench.centre, self.workbench.pane
        centre.edited.connect(lambda path, value, gesture, label: self.edit(path, value, "", gesture, label))
        centre.asked_why.connect(self.explain)
        centre.curves_wanted.connect(self._compute_curves)
        centre.words_edited.connect(lambda part, text: edits.set_words(self, part, text))
        centre.print_asked.connect(self.actions_by_name["print"].trigger)
        centre.export_asked.connect(lambda: self._ask_desk("export_sheet"))
        pane.edited.connect(self.edit)
        pane.asked_field.connect(self.go_to)
        pane.noted.connect(self.notes.write)
        pane.explained.connect(self._mark)
        self.why_place.turned.connect(lambda is_open: self._mark(pane.path if is_open else ""))
        doors.connect(self)
        layout_search.connect(self)
        lever_search.connect(self)
        self.scenarios.connect_bar()
        centre.compare_made.connect(self.comparing.connect_view)
        themes.changed.connect(self._fit)

    def _slots(self) -> dict[str, Callable[[], object]]:
        slots: dict[str, Callable[[], object]] = {
            "new": lambda: self.take(Content.new()),
            "start_page": self.show_start_page,
            "quit": self.close,
            "undo": lambda: self.document.undo_stack.undo(),
            "redo": lambda: self.document.undo_stack.redo(),
            "find": self.open_palette,
            "why": self.explain_focused,
            "note": self.notes.write_here,
            "next_bar": lambda: keyboard.next_bar(self, 1),
            "previous_bar": lambda: keyboard.next_bar(self, -1),
            "help": lambda: keyboard.help_on_field(self),
            "about": self._about,
        }
        slots |= {name: partial(self._ask_desk, what) for name, what in desk.COMMANDS.items()}
        slots |= {f"tab_{number + 1}": partial(self.show_tab, number) for number in range(6)}
        slots |= self.catalogue.slots()
        return (
            slots
            | sheet_templates.slots(self)
            | preferences.slots(self)
            | self.trust.slots()
            | self.scenarios.slots()
        )

    # what the document says

    def _changed(self, before: Content, after: Content) -> None:
        self._show_document()

    def _opened(self) -> None:
        self.inputs.kept.show_kept(())
        self.show_workbench()

    def _show_document(self) -> None:
        content, estimate = self.document.document, self.estimate
        self.show_headline()
        if self.headline.isVisible():
            # The answer first: what follows takes several times as long.
            self.headline.repaint()
        self.scenarios.show()
        self.inputs.show_plan(content, estimate)
        self.workbench.centre.show_plan(content, estimate)
        self.workbench.pane.show_estimate(content, estimate)
        self.problems.show_findings(estimate.findings)
        self.problems.set_compact(compact=self._compact)
        self._show_name()
        self._show_undo()

    def show_headline(self) -> None:
        """Show the results in force and how they differ from the reference."""
        self.headline.show_estimate(self.estimate, self.scenarios.reference().results)

    def _show_name(self) -> None:
        document = self.document
        name = document.path.name if document.path else document.content.title or _("Untitled plan")
        self.title_bar.show_name(name, modified=document.modified)
        mark = "•\u00a0" if document.modified else ""
        self.setWindowTitle(f"{mark}{name} — TCPlan")
        self.start_page.explain(self._plan_words())
        catalogue = _("Prices {edition}").format(edition=month(edition()))
        self.problems.show_state(catalogue, self._saved_words())

    def _plan_words(self) -> str:
        """Return what the headline is about: the model and its data."""
        path = "training.tokens"
        tokens = text_of(self.estimate.field(path), descriptions()[path])
        return _("{model} on {tokens}").format(model=model_name(self.estimate), tokens=tokens)

    def _saved_words(self) -> str:
        content = self.document.content
        if self.stack.currentWidget() is not self.workbench:
            return ""
        if self.document.path is None:
            return _("Not saved yet")
        if self.document.modified:
            return _("Modified")
        return _("Saved {time}").format(time=local(content.saves[-1].time)) if content.saves else _("Saved")

    def _show_undo(self, _index: int = 0) -> None:
        stack = self.document.undo_stack
        self.title_bar.show_undo(stack.undoText(), stack.redoText())
        self.actions_by_name["undo"].setEnabled(stack.canUndo())
        self.actions_by_name["redo"].setEnabled(stack.canRedo())

    # the one way of an edit

    def edit(self, path: str, value: Value, raw: str = "", gesture: int = 0, label: str = "") -> None:
        """Set a value; what the plan does not allow is said at its field."""
        if path == MODEL_SIZE and isinstance(value, float):
            edits.set_size(self, value, gesture)
            return
        try:
            self.document.set(path, value, raw, gesture, label)
        except PlanError as error:
            row = self.inputs.row(path)
            if row is not None:
                row.refuse(error.sentence, raw)
            self.problems.say(f"{self._subject(path)}: {error.sentence}")
            return
        self.problems.say("")
        if path in ROW_FIELDS:
            self.inputs.kept.show_kept(kept_against(path, self.estimate))

    def _ask_desk(self, what: str) -> None:
        """Let the files do something with the plan as it stands in the fields."""
        self.take_typed_text()
        if self.desk is not None:
            getattr(self.desk, what)()

    def take_typed_text(self) -> None:
        """Take over a text that is still being written, as leaving its field would."""
        self.notes.take()
        held = QApplication.focusWidget()
        if held is not None and self.isAncestorOf(held):
            held.clearFocus()
            held.setFocus(Qt.FocusReason.OtherFocusReason)

    def _compute_curves(self, x_path: str, _low: float, _high: float, _log: bool, paths: list[str]) -> None:
        curves = self.workbench.centre.curves
        if curves is None:
            return
        estimate, points = self.estimate, curves.points()

        def work(_turn: Turn) -> Curve:
            return drawn_curve(estimate, x_path, points, paths)

        self.evaluator.curves.request(work)

    def _show_curves(self, computed: object) -> None:
        if isinstance(computed, Curve):
            self.workbench.centre.show_curves(computed)

    def _tell_failure(self, error: Exception) -> None:
        if not isinstance(error, PlanError):
            # A fault of the program, not of the plan: it goes where every other fault goes.
            raise error
        self.problems.say(error.sentence)

    # where to look

    def show_start_page(self) -> None:
        """Show the doors; the plan stays open behind them."""
        if self.desk is not None:
            self.start_page.show_recent(self.desk.recent())
        self.show_page(self.start_page)
        self.start_page.enter()

    def show_page(self, page: QWidget) -> None:
        """Show a page of the stack in the place of the plan."""
        self.stack.setCurrentWidget(page)
        self.scenario_bar.hide()
        self.problems.show_findings(())
        self.problems.say(_("Works offline. Nothing leaves this computer."))
        self._mark("")
        self._show_name()

    def show_workbench(self) -> None:
        """Show the plan."""
        if self.stack.currentWidget() is self.workbench:
            return
        self.stack.setCurrentWidget(self.workbench)
        self.workbench.centre.tabs.setFocus(Qt.FocusReason.MouseFocusReason)
        self.scenario_bar.show()
        self.problems.say("")
        self.problems.show_findings(self.estimate.findings)
        self.problems.set_compact(compact=self._compact)
        self._mark(self.workbench.pane.path if self.why_place.is_open else "")
        self._show_name()

    def show_tab(self, tab: int) -> None:
        """Show a tab of the centre."""
        self.show_workbench()
        self.workbench.centre.choose(tab)

    def go_to(self, path: str) -> None:
        """Lead to a field, or to the why of a result."""
        self.show_workbench()
        row = self.inputs.reveal(path)
        if row is not None:
            row.enter()
        elif path in self.estimate:
            self.explain(path)

    def return_to(self, path: str) -> None:
        """Lead to the field that undo or redo changed, and draw the eye to it."""
        if not path:
            return
        self.show_workbench()
        row = self.inputs.reveal(path)
        if row is not None:
            row.enter()
            row.flash()
        elif self.why_place.is_open:
            self.explain(path)

    def explain(self, path: str) -> None:
        """Show why a result is what it is."""
        if path not in self.estimate:
            return
        self.show_workbench()
        pane = self.workbench.pane
        pane.ask(path)
        anchor = self.headline.cells.get(path) or QApplication.focusWidget()
        self.why_place.open(anchor, focus=False)

    def explain_focused(self) -> None:
        """Explain the number that has the keyboard; from within the why, go back to it."""
        held = QApplication.focusWidget()
        pane = self.workbench.pane
        if held is not None and pane.isAncestorOf(held):
            self.why_place.close()
            return
        path = keyboard.path_at(self, held) or pane.path or "money.total"
        self.explain(path)
        if self.why_place.is_open:
            pane.shut.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _mark(self, path: str) -> None:
        on_plan = self.stack.currentWidget() is self.workbench
        self.headline.mark(path if on_plan and self.why_place.is_open else "")

    def open_palette(self) -> None:
        """Open the palette."""
        if self.palette_card is None:
            self.palette_card = Palette(self)
        made = Doors(
            command=lambda name: self.actions_by_name[name].trigger(),
            field=self.go_to,
            why=self.explain,
            edit=self._set_from_palette,
            example=lambda key: doors.open_run(self, key),
            note=self.notes.write,
        )
        everything = entries(self.estimate, doors.example_titles(), self.notes.named(), made)
        self.palette_card.open_with(self.title_bar.search, everything, made)

    def _set_from_palette(self, path: str, value: Value, raw: str) -> None:
        self.show_workbench()
        self.inputs.reveal(path)
        self.edit(path, value, raw)
        row = self.inputs.row(path)
        if row is not None:
            row.flash()

    def _about(self) -> None:
        box, _buttons = message_box(self, _("About TCPlan"), *about())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    # documents

    def take(self, content: Content) -> None:
        """Show another document that was never saved."""
        self.take_typed_text()
        if self.desk is not None:
            self.desk.take(content)
        else:
            self.document.open(content, None)

    # the frame

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        # Only now has the person seen the window; plots and comparisons may take their time.
        if not self._complete:
            self._complete = True
            QTimer.singleShot(0, self, self._complete_window)

    def _complete_window(self) -> None:
        """Make what the first sight of the window did not need."""
        self.workbench.centre.make_ready()
        doors.fill_start_page(self)
        self.settled.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.set_compact(compact=self.width() < px(COMPACT_BELOW))

    def set_compact(self, *, compact: bool) -> None:
        """Use the narrow arrangement, in which the why floats."""
        if compact == self._compact:
            return
        self._compact = compact
        self.title_bar.set_compact(compact=compact)
        self.headline.set_compact(compact=compact)
        self.workbench.set_compact(compact=compact)
        self.problems.set_compact(compact=compact)
        self.why_place.set_floating(compact, keep_open=self.settings.why_open)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return keyboard.move(self, 1 if forward else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        escape = event.key() == Qt.Key.Key_Escape
        if escape and self.help_card is not None and self.help_card.is_open:
            self.help_card.close_card()
        elif escape and self.why_place.is_open:
            self.why_place.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.take_typed_text()
        if self.desk is not None and not self.desk.may_close():
            event.ignore()
            return
        preferences.remember(self)
        self.evaluator.close()
        self.trust.close()
        self.catalogue.close()
        self.comparing.close()
        super().closeEvent(event)
