"""What can be asked of the numbers: how good they are, and how steps of one's own make them better."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from tcplan.language import _
from tcplan.plan.document import Document as Content
from tcplan_desktop.lanes import Lane, Turn

if TYPE_CHECKING:
    from tcplan_desktop.views.validation_page import ValidationPage
    from tcplan_desktop.views.validation_rows import Step
    from tcplan_desktop.window import Window


class Trust(QObject):
    """The pages of one window; each is made when it is first wanted."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._page: ValidationPage | None = None
        self._lane = Lane("validation", self, aside=True)
        self._lane.done.connect(self._show_steps)
        self._lane.busy.connect(self._tell)

    def slots(self) -> dict[str, Callable[[], object]]:
        """Return what the commands about the quality of the numbers do."""
        return {"validation": self.show_validation}

    def show_validation(self) -> None:
        """Show how good the numbers are."""
        from tcplan_desktop.views.validation_page import ValidationPage
        from tcplan_desktop.views.validation_rows import compared

        if self._page is None:
            self._page = ValidationPage()
            self._page.opened.connect(self._open)
            self._page.closed.connect(self._window.show_workbench)
            self._window.stack.addWidget(self._page)

            def work(turn: Turn) -> tuple[Step, ...]:
                return compared(turn.check)

            self._lane.request(work)
        self._window.show_page(self._page)
        self._page.enter()

    def _show_steps(self, steps: object) -> None:
        if self._page is not None and isinstance(steps, tuple):
            self._page.show_steps(steps)

    def _tell(self, busy: bool) -> None:
        self._window.problems.show_work(_("Predicting published steps") if busy else "")

    def _open(self, step: Step) -> None:
        if step.plan is not None:
            self._window.take(Content.new(step.plan, step.title))
            self._window.show_workbench()
            self._window.go_to("layout.stack")

    def close(self) -> None:
        """Join the workers."""
        self._lane.close()
