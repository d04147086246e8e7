"""The plans that stand beside the open one: scenarios, older saves, other files and published runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu

from tcplan.estimate import Estimate, evaluate
from tcplan.language import _
from tcplan.plan.document import BASE
from tcplan.plan.plan import PlanError
from tcplan.study.compare import Column, Comparison, compare
from tcplan.study.waterfall import Waterfall, waterfall
from tcplan_desktop.lanes import Lane, Turn, raise_again
from tcplan_desktop.parts.option_list import Option
from tcplan_desktop.scenarios import title_of

if TYPE_CHECKING:
    from tcplan_desktop.views.compare import Compare
    from tcplan_desktop.window import Window

FIRST = 4
"""Scenarios beside the base as long as nobody has chosen the columns."""
MOST = 12
_FILE, _RUN, _SAVE, _SCENARIO = "file:", "run:", "save:", "scenario:"


@dataclass(frozen=True)
class Beside:
    """A plan that does not change with the open document."""

    name: str
    estimate: Estimate
    stated: Mapping[str, float] = field(default_factory=dict)


class Comparing(QObject):
    """What the tab compares; the choice of columns is no part of the document."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._columns: list[str | Beside] | None = None
        self._reference: str | Beside = BASE
        self._known: dict[int, tuple[Estimate, Column]] = {}
        self._made: Comparison | None = None
        self._seen = BASE
        self._view: Compare | None = None
        self.lane = Lane("waterfall", self, aside=True)
        self.lane.done.connect(self._show_waterfall)
        self.lane.failed.connect(raise_again)

    def connect_view(self, view: Compare) -> None:
        """Connect the tab, which is made when it is first wanted."""
        self._view = view
        view.wanted.connect(self.refresh)
        view.explain_asked.connect(self._explain)
        view.copied.connect(self.copy_across)
        view.explained.connect(self._why)
        view.menu_asked.connect(self._open_menu)
        view.added.connect(self.add)
        self._window.document.opened.connect(self._forget)

    def close(self) -> None:
        """Join the worker."""
        self.lane.close()

    def _forget(self) -> None:
        self._columns, self._reference = None, BASE
        self._known.clear()
        self.lane.drop()

    # columns

    def _in_order(self) -> list[str | Beside]:
        """Return the columns: as chosen, but for scenarios that are gone; else the base and the first few."""
        names = self._window.document.content.scenario_names
        if self._columns is not None:
            kept = [one for one in self._columns if isinstance(one, Beside) or one in names]
            return kept or [BASE]
        here = self._window.document.scenario
        first: list[str | Beside] = [BASE, *names[1 : FIRST + 1]]
        return first if here in first else [*first[:-1], here]

    def _column(self, one: str | Beside) -> Column:
        from tcplan.validation.columns import column_of

        beside = isinstance(one, Beside)
        name = one.name if isinstance(one, Beside) else title_of(one)
        estimate = one.estimate if isinstance(one, Beside) else self._window.evaluator.estimate_in(one)
        known = self._known.get(id(estimate))
        if known is None or known[1].name != name:
            # The estimate is held as well, so that no other takes its place under the same number.
            known = (estimate, column_of(name, estimate, one.stated if isinstance(one, Beside) else None))
            if not beside and len(self._known) > 4 * MOST:
                self._known.clear()
            self._known[id(estimate)] = known
        return known[1]

    def refresh(self) -> None:
        """Put the plans side by side as they are now."""
        view, order = self._view, self._in_order()
        if view is None:
            return
        self._reference = self._reference if self._reference in order else order[0]
        columns = [self._column(one) for one in order]
        self._made = compare(columns, order.index(self._reference))
        here = self._window.document.scenario
        if here != self._seen:
            # Who goes to another scenario wants to know about this one.
            self._seen = here
            view.chosen = order.index(here) if here in order else view.chosen
        view.offer(tuple(self._offers(order)))
        view.show_comparison(self._made, accepts=not isinstance(self._reference, Beside))

    def _offers(self, order: list[str | Beside]) -> Iterator[Option]:
        from tcplan.plan.backups import kept
        from tcplan_desktop.published import repeatable
        from tcplan_desktop.views.time_words import on_the_wall

        content = self._window.document.content
        for name in content.scenario_names:
            if name not in order:
                yield Option(f"{_SCENARIO}{name}", title_of(name), (_("scenario"),))
        yield Option(_FILE, _("Another plan…"), (_("file"),))
        for backup in kept(content.id):
            name = _("Save of {time}").format(time=on_the_wall(backup.time, seconds=True))
            yield Option(f"{_SAVE}{backup.path}", name, (_("older save"),))
        for row in repeatable(self._window.evaluator.shelf):
            yield Option(f"{_RUN}{row.key}", row.name, (_("published run"),))

    def add(self, key: str) -> None:
        """Add the plan of a key that was offered."""
        order = self._in_order()
        if len(order) >= MOST:
            words = _("{count} plans stand side by side already; take one away first.")
            self._window.problems.say(words.format(count=len(order)))
            return
        made = self._beside(key)
        if made is not None:
            self._columns = [*order, made]
            self.refresh()

    def _beside(self, key: str) -> str | Beside | None:
        if key.startswith(_SCENARIO):
            return key.removeprefix(_SCENARIO)
        if key.startswith(_RUN):
            return self._run(key.removeprefix(_RUN))
        if key.startswith(_SAVE):
            path = Path(key.removeprefix(_SAVE))
            name = next((one.name for one in self._offers([]) if one.key == key), path.stem)
            return self._file(path, name)
        path_or_none = self._window.desk.ask_plan() if self._window.desk is not None else None
        return self._file(path_or_none, path_or_none.stem) if path_or_none is not None else None

    def _run(self, key: str) -> Beside:
        from tcplan.validation.columns import published_results
        from tcplan_desktop.published import plan_of

        shelf = self._window.evaluator.shelf
        row = shelf.find("runs", key)
        name = _("{name}, published").format(name=row.name)
        return Beside(name, evaluate(plan_of(row, shelf), shelf), published_results(row))

    def _file(self, path: Path, name: str) -> Beside | None:
        from tcplan.plan.file import PlanFileError, load
        from tcplan_desktop.evaluator import shelf_of

        try:
            document = load(path).document
        except PlanFileError as error:
            words = _("{name} was not added: {reason}.").format(name=path.name, reason=error.sentence)
            self._window.problems.say(words)
            return None
        return Beside(name, evaluate(document.plan, shelf_of(document)))

    def rename(self, old: str, new: str) -> None:
        """Keep the column of a scenario that gets another name."""
        if self._columns is not None:
            self._columns = [new if one == old else one for one in self._columns]
        if self._reference == old:
            self._reference = new

    def remove(self, column: int) -> None:
        """Take a column away."""
        order = self._in_order()
        del order[column]
        self._columns = order or [BASE]
        self.refresh()

    def refer_to(self, column: int) -> None:
        """Let the changes refer to a column."""
        order = self._in_order()
        self._columns, self._reference = order, order[column]
        self.refresh()

    def _open_menu(self, column: int, where: QPoint) -> None:
        order = self._in_order()
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("Make it the reference")).triggered.connect(lambda: self.refer_to(column))
        one = order[column]
        if not isinstance(one, Beside):
            put = menu.addAction(_("Put it in force"))
            put.triggered.connect(lambda: self._window.scenarios.choose(one))
        if len(order) > 1:
            menu.addAction(_("Take it away")).triggered.connect(lambda: self.remove(column))
        menu.popup(where)

    # what is done with them

    def copy_across(self, path: str, column: int) -> None:
        """Let the reference take over a value of another plan, as one step."""
        made, scenario = self._made, self._reference
        if made is None or isinstance(scenario, Beside):
            return
        value = made.columns[column].estimate.plan.get(path)
        document = self._window.document
        self._window.take_typed_text()
        inside = document.content.in_scenario(scenario)
        try:
            after = document.content.with_edited(scenario, inside.with_value(path, value))
        except PlanError as error:
            self._window.problems.say(error.sentence)
            return
        words = _("{subject} from {name}")
        subject = document.subject_words(path)
        document.replace(after, words.format(subject=subject, name=made.columns[column].name))

    def _why(self, path: str, column: int) -> None:
        """Explain a result of a plan; one that is not open has no why here."""
        one = self._in_order()[column]
        if isinstance(one, Beside):
            words = _("Open {name} to see why: only the open plan can be explained.")
            self._window.problems.say(words.format(name=one.name))
            return
        self._window.scenarios.choose(one)
        self._window.explain(path)

    def _explain(self, chosen: int, path: str) -> None:
        made = self._made
        if made is None or chosen == made.reference or not 0 <= chosen < len(made.columns):
            return
        one, other = made.columns[made.reference], made.columns[chosen]

        def work(turn: Turn) -> tuple[Waterfall, Comparison, int]:
            return waterfall(one, other, path, lambda _share: turn.check()), made, chosen

        self.lane.request(work)

    def _show_waterfall(self, answer: tuple[Waterfall, Comparison, int]) -> None:
        if self._view is not None:
            self._view.show_waterfall(*answer)
