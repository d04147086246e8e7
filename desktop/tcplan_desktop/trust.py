"""What can be asked of the numbers: how good they are, and how steps of one's own make them better."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from tcplan.language import _
from tcplan.plan.document import Document as Content
from tcplan_desktop.lanes import Lane, Turn, raise_again

if TYPE_CHECKING:
    from tcplan.catalogue.row import Row
    from tcplan.estimate import Estimate
    from tcplan.validation.calibrate import Calibration
    from tcplan.validation.certainty import Certainty
    from tcplan_desktop.files.dialogs import Dialogs
    from tcplan_desktop.views.calibration_page import CalibrationPage
    from tcplan_desktop.views.headline import Sure
    from tcplan_desktop.views.validation_page import ValidationPage
    from tcplan_desktop.views.validation_rows import Step
    from tcplan_desktop.window import Window

_STACK = "layout.stack"
_SUFFIX = ".json"


def _ready(_turn: Turn) -> Sure:
    """Return what tells how sure a plan is, with the tables that it needs read."""
    from tcplan.results import RESULTS
    from tcplan.validation import bands, published
    from tcplan.validation.certainty import certainty

    bands.table()
    published.published()
    # Headline and why ask one after the other about the same estimate.
    last: list[tuple[Estimate, Certainty | None]] = []

    def sure(estimate: Estimate) -> Certainty | None:
        if not last or last[0][0] is not estimate:
            last[:] = [(estimate, certainty(estimate, RESULTS))]
        return last[0][1]

    return sure


class Trust(QObject):
    """The pages of one window about its numbers; each is made when it is first wanted."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.validation: ValidationPage | None = None
        self._calibrations = Calibrations(window)
        self._lane = Lane("validation", self, aside=True)
        self._lane.done.connect(self._show_steps)
        self._lane.busy.connect(self._tell)
        self._lane.failed.connect(raise_again)
        self._looking = Lane("published", self, aside=True)
        self._looking.done.connect(self._be_sure)
        self._looking.failed.connect(raise_again)
        window.settled.connect(self._look)

    def _look(self) -> None:
        self._window.workbench.pane.nearest.asked_all.connect(self.show_validation)
        self._looking.request(_ready)

    def _be_sure(self, sure: object) -> None:
        if callable(sure):
            self._window.headline.be_sure(sure)
            self._window.workbench.pane.be_sure(sure)

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return what the commands about the quality of the numbers do."""
        return {"validation": self.show_validation, "calibrate": self._calibrations.show}

    @property
    def calibration(self) -> CalibrationPage | None:
        """The page on which steps of one's own are read, None until it is wanted."""
        return self._calibrations.page

    def show_validation(self) -> None:
        """Show how good the numbers are."""
        from tcplan_desktop.views.validation_page import ValidationPage
        from tcplan_desktop.views.validation_rows import compared

        if self.validation is None:
            self.validation = ValidationPage()
            self.validation.opened.connect(self._open)
            self.validation.closed.connect(self._window.show_workbench)
            self._window.stack.addWidget(self.validation)

            def work(turn: Turn) -> tuple[Step, ...]:
                return compared(turn.check)

            self._lane.request(work)
        self._window.show_page(self.validation)
        self.validation.enter()

    def _show_steps(self, steps: object) -> None:
        if self.validation is not None and isinstance(steps, tuple):
            self.validation.show_steps(steps)

    def _tell(self, busy: bool) -> None:
        self._window.problems.show_work(_("Predicting published steps") if busy else "")

    def _open(self, step: Step) -> None:
        if step.plan is not None:
            self._window.take(Content.new(step.plan, step.title))
            self._window.show_workbench()
            self._window.go_to(_STACK)

    def close(self) -> None:
        """Join the workers."""
        self._lane.close()
        self._looking.close()
        self._calibrations.close()


class Calibrations(QObject):
    """Reads tables of measured steps, fits stacks to them, keeps them, and hands them to others."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self.page: CalibrationPage | None = None
        self._source = Path()
        self._made: Calibration | None = None
        self._lane = Lane("calibration", self, aside=True)
        self._lane.done.connect(self._show_made)
        self._lane.failed.connect(self._refuse)
        self._lane.busy.connect(self._tell)

    def show(self) -> None:
        """Show the page."""
        from tcplan_desktop.views.calibration_page import CalibrationPage

        if self.page is None:
            page = self.page = CalibrationPage()
            page.chosen.connect(self.read)
            page.choose_asked.connect(self._choose)
            page.import_asked.connect(self._import)
            page.named.connect(self._name)
            page.kept.connect(self._keep)
            page.used.connect(self._use)
            page.exported.connect(self._export)
            page.closed.connect(self._window.show_workbench)
            self._window.stack.addWidget(page)
            self._window.stack.currentChanged.connect(self._mind_drops)
        self._window.show_page(self.page)
        self.page.enter()

    def _mind_drops(self, _index: int) -> None:
        """Leave what is dropped to the page while it is in sight; elsewhere the window opens it."""
        here: QWidget | None = self._window.stack.currentWidget()
        self._window.setAcceptDrops(here is not self.page)

    def _dialogs(self) -> Dialogs:
        from tcplan_desktop.files.dialogs import Dialogs

        return Dialogs(self._window)

    def _choose(self) -> None:
        path = self._dialogs().ask_import(_("Measured steps"), Path.home())
        if path is not None:
            self.read(path)

    def read(self, path: Path) -> None:
        """Fit a stack to the table of a file; it is called like the file until somebody says otherwise."""
        self._source = path
        if self.page is not None:
            self.page.show_reading(path)
        self._fit(path.stem)

    def _name(self, name: str) -> None:
        if self._made is not None and name.strip() and name != self._made.name:
            self._fit(name.strip())

    def _fit(self, name: str) -> None:
        path = self._source

        def work(turn: Turn) -> Calibration:
            from tcplan.validation.calibrate import calibrate
            from tcplan.validation.own_stack import shelf_here
            from tcplan.validation.rows import read_rows
            from tcplan.validation.steps import predicted

            shelf, made = shelf_here(), []
            for row in read_rows(path):
                turn.check()
                made.append(predicted(row, shelf))
            return calibrate(name, made, shelf)

        self._lane.request(work)

    def _tell(self, busy: bool) -> None:
        self._window.problems.show_work(_("Fitting constants") if busy else "")

    def _show_made(self, made: object) -> None:
        from tcplan.validation.calibrate import Calibration

        if self.page is not None and isinstance(made, Calibration):
            self._made = made
            self.page.show_calibration(made, self._source.name, self._older(made))

    def _older(self, made: Calibration) -> str:
        """Return the day of the stack that this one would replace, empty where there is none."""
        from tcplan.validation.own_stack import older

        try:
            before = older(made.rows)
        except OSError:
            # Keeping it says what is wrong.
            return ""
        return before.day if before is not None else ""

    def _refuse(self, error: Exception) -> None:
        from tcplan.validation.own_stack import OwnStackError
        from tcplan.validation.rows import RowsError

        if not isinstance(error, RowsError | OwnStackError):
            # A fault of the program, not of the table: it goes where every other fault goes.
            raise error
        self._made = None
        if self.page is not None:
            self.page.show_refusal(str(error))

    def _keep(self) -> None:
        replaced = self._kept(self._made.rows) if self._made is not None else None
        if self._made is not None and replaced is not None and self.page is not None:
            self.page.show_kept(self._made.name, replaced)

    def _kept(self, rows: tuple[Row, ...]) -> str | None:
        """Keep a stack and return a sentence about the one that it replaced; None when it was not kept."""
        from tcplan.validation.own_stack import keep

        try:
            replaced = keep(rows)
        except OSError as error:
            reason = error.strerror or str(error)
            self._say(_("The stack was not kept: {reason}.").format(reason=reason))
            return None
        self._window.evaluator.take_catalogue()
        return replaced

    def _use(self) -> None:
        if self._made is not None:
            self._window.edit(_STACK, self._made.rows[0].key)
            self._window.go_to(_STACK)

    def _export(self) -> None:
        from tcplan.report.output import write_whole
        from tcplan.validation.own_stack import to_bytes

        if self._made is None:
            return
        proposal = Path.home() / f"{self._made.rows[0].key}{_SUFFIX}"
        path = self._dialogs().ask_place(_("Export the stack"), proposal, ((_("Stacks"), _SUFFIX),))
        if path is None:
            return
        try:
            write_whole(to_bytes(self._made.rows), path)
        except OSError as error:
            reason = error.strerror or str(error)
            self._say(_("The stack was not written: {reason}.").format(reason=reason))
            return
        self._say(_("The stack is in {name}.").format(name=path.name))

    def _import(self) -> None:
        path = self._dialogs().ask_import(_("Import a stack"), Path.home())
        if path is not None:
            self.import_stack(path)

    def import_stack(self, path: Path) -> None:
        """Keep the stack of a file that a colleague exported."""
        from tcplan.validation.own_stack import OwnStackError, read_bytes

        try:
            rows = read_bytes(path.read_bytes())
        except (OSError, OwnStackError) as error:
            if self.page is not None:
                self.page.show_refusal(f"{path.name}: {error}")
            return
        replaced = self._kept(rows)
        if replaced is not None and self.page is not None:
            self.page.show_imported(rows[0].name, replaced)

    def _say(self, sentence: str) -> None:
        self._window.problems.say(sentence)

    def close(self) -> None:
        """Join the worker."""
        self._lane.close()
