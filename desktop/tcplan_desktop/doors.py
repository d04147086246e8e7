"""The three doors of the start page: from a wish to an open plan."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from tcplan.catalogue.row import Row, RowError
from tcplan.catalogue.shelf import Shelf
from tcplan.language import _
from tcplan.plan.document import Document as Content
from tcplan.plan.plan import Plan, descriptions
from tcplan.plan.shape import shape_for
from tcplan_desktop.published import Outcome, outcomes, plan_of, repeatable
from tcplan_desktop.views.centre import CURVES
from tcplan_desktop.views.start_page import Wish

if TYPE_CHECKING:
    from tcplan_desktop.window import Window


def connect(window: Window) -> None:
    """Connect the start page."""
    page = window.start_page
    page.wished.connect(lambda wish: grant(window, wish))
    page.run_chosen.connect(lambda key: open_run(window, key))
    page.opened.connect(lambda path: window.desk.open_path(Path(path)) if window.desk else None)
    page.located.connect(lambda path: window.desk.locate(path) if window.desk else None)
    page.open_asked.connect(window.actions_by_name["open"].trigger)
    page.kept.connect(window.show_workbench)


def preset_called(shelf: Shelf, parameters: float) -> Row | None:
    """Return the published dense model that people call by this size, such as 70B, or None.

    Of several it is the default, else the newest of the default's publisher, else the newest.
    """
    called = f"{parameters / 1e9:g}B" if parameters >= 1e9 else f"{parameters / 1e6:g}M"
    usual = shelf.find("models", str(descriptions()["model.preset"].default))

    def order(row: Row) -> tuple[bool, bool, float, str]:
        ours = row.get("publisher") == usual.get("publisher")
        return row.key == usual.key, ours, row.number("year") or 0.0, row.key

    decoders = (row for row in shelf.rows("models") if row.get("family") in (None, "decoder"))
    dense = (row for row in decoders if not row.number("experts"))
    return max((row for row in dense if called in row.name.split()), key=order, default=None)


def plan_for(wish: Wish, shelf: Shelf) -> Plan:
    """Return the plan that a wish means; everything else has its default."""
    plan = Plan()
    if wish.preset:
        plan = plan.with_value("model.preset", wish.preset)
    if wish.parameters is not None:
        row = preset_called(shelf, wish.parameters)
        if row is not None:
            plan = plan.with_value("model.preset", row.key)
        else:
            for name, size in shape_for(wish.parameters).items():
                plan = plan.with_value(f"model.{name}", size)
    if wish.budget is not None:
        plan = plan.with_value("programme.budget", wish.budget)
    if wish.deadline is not None:
        plan = plan.with_value("programme.deadline", wish.deadline)
    return plan


def grant(window: Window, wish: Wish) -> None:
    """Open the plan that a person wished for, with the focus on what comes next."""
    shelf = window.evaluator.shelf
    plan = plan_for(wish, shelf)
    title = wish.text
    if plan.model.preset is not None:
        title = shelf.find("models", plan.model.preset).name
    elif wish.parameters is not None:
        title = _("{size} dense").format(size=wish.text)
    window.take(Content.new(plan, title))
    window.show_workbench()
    if wish.budget is not None or wish.deadline is not None:
        window.show_tab(CURVES)
        curves = window.workbench.centre.curves
        if curves is not None:
            curves.plots.setFocus()
    else:
        window.go_to("training.tokens")


def open_run(window: Window, key: str) -> None:
    """Open an example, or the plan that repeats a published run."""
    from tcplan.examples import example, example_keys

    if key in example_keys():
        window.take(example(key))
    else:
        try:
            row = window.evaluator.shelf.find("runs", key)
        except RowError as error:
            window.problems.say(str(error))
            return
        window.take(Content.new(plan_of(row, window.evaluator.shelf), row.name))
    window.show_workbench()
    window.go_to("training.tokens")


@cache
def example_titles() -> tuple[tuple[str, str], ...]:
    """Return key and title of the shipped examples."""
    # Reading files needs modules that the first sight of the window does not.
    from tcplan.examples import example, example_keys

    return tuple((key, example(key).title or key) for key in example_keys())


def fill_start_page(window: Window) -> None:
    """Offer the runs, and compare the best known with our prediction, one at each turn of the event loop."""
    shelf = window.evaluator.shelf
    window.start_page.show_runs(repeatable(shelf), example_titles())
    _compare_next(window, outcomes(shelf))


def _compare_next(window: Window, left: Iterator[Outcome]) -> None:
    outcome = next(left, None)
    if outcome is not None:
        window.start_page.show_outcome(outcome)
        QTimer.singleShot(0, window, lambda: _compare_next(window, left))
