"""What to compute when: the estimate at once, curves and layouts in lanes of their own, no old answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tcplan.catalogue.cells import FACTS
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import Shelf
from tcplan.estimate import Estimate, evaluate, rows_in_use
from tcplan.plan.document import BASE
from tcplan.validation.own_stack import shelf_here
from tcplan_desktop.lanes import Lane

if TYPE_CHECKING:
    from tcplan.plan.document import Document as Content
    from tcplan.plan.document import Scenario
    from tcplan.plan.plan import Plan
    from tcplan_desktop.document import Document


class Evaluator(QObject):
    """Follows the document; lane 1 runs on the thread of the window, lane 2 where its cost allows."""

    estimated = Signal(object)
    """The estimate of the plan in force, emitted before any other lane begins."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._held: tuple[Row, ...] = ()
        self._shelf = shelf_of(document.content)
        self.estimate: Estimate = evaluate(document.plan, self._shelf)
        self._others: dict[str, tuple[Plan, Scenario | None, Estimate]] = {}
        self.curves = Lane("curves", self)
        self.layouts = Lane("layouts", self, aside=True)
        self.levers = Lane("levers", self, aside=True)
        document.opened.connect(self._let_go)
        document.changed.connect(self._changed)

    @property
    def shelf(self) -> Shelf:
        """Return the catalogue, with the rows that the document keeps in front."""
        return self._shelf

    def _changed(self, before: Content, after: Content) -> None:
        if before.rows is not after.rows or before.id != after.id:
            self._shelf = shelf_of(after, self._held)
            self._others.clear()
        elif before.plan is after.plan:
            return
        self.estimate = evaluate(after.plan, self._shelf)
        self.estimated.emit(self.estimate)

    def hold_rows(self) -> None:
        """Hold what the open document uses as it is now, whatever becomes of the catalogue."""
        rows = rows_in_use(self._document.content, self.estimate_in(BASE))
        self._held = tuple(row for row in rows if row.table in FACTS)

    def _let_go(self) -> None:
        self._held = ()

    def take_catalogue(self) -> None:
        """Estimate anew: the catalogue of this user has changed."""
        document = self._document.document
        self._shelf = shelf_of(document, self._held)
        self.estimate = evaluate(document.plan, self._shelf)
        self._others.clear()
        self.estimated.emit(self.estimate)
        self._document.changed.emit(document, document)

    def estimate_in(self, scenario: str) -> Estimate:
        """Return the estimate of another scenario of the document, or of the base, as it is now."""
        if scenario == self._document.scenario:
            return self.estimate
        content = self._document.content
        others = None if scenario == BASE else content.scenario(scenario)
        plan, differing, estimate = self._others.get(scenario, (None, None, None))
        if estimate is None or plan is not content.plan or differing is not others:
            estimate = evaluate(content.scenario_plan(scenario), self._shelf)
            self._others[scenario] = (content.plan, others, estimate)
        return estimate

    def close(self) -> None:
        """Join the workers."""
        self.curves.close()
        self.layouts.close()
        self.levers.close()


def shelf_of(content: Content, held: tuple[Row, ...] = ()) -> Shelf:
    """Return the catalogue of this user, with the rows held for a document and those it keeps in front."""
    return shelf_here().with_rows((*held, *content.rows)) if held or content.rows else shelf_here()
