"""The search for layouts in the window: asked by its view, computed aside, taken as one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcplan.chain.layout_choice import NAMES
from tcplan.estimate import Estimate
from tcplan.language import _
from tcplan.layout_words import choice_key, degrees_of
from tcplan.plan.plan import descriptions
from tcplan.study.layouts import Found, Layout, search
from tcplan_desktop.lanes import Turn, raise_again

if TYPE_CHECKING:
    from tcplan_desktop.window import Window

ROWS = 50


def connect(window: Window) -> None:
    """Connect the view of the layouts with the lane that finds them."""
    centre, lane = window.workbench.centre, window.evaluator.layouts
    centre.layouts_wanted.connect(lambda by: find(window, by))
    centre.layout_taken.connect(lambda layout: take(window, layout))
    # What is found for another plan is of no use to anybody.
    window.evaluator.estimated.connect(lambda _estimate: lane.drop())
    lane.done.connect(lambda answer: centre.show_layouts(*answer))
    lane.failed.connect(raise_again)


def find(window: Window, by: str) -> None:
    """Search aside; a layout that is typed as a whole is compared with all others."""
    estimate = window.estimate
    free = frozenset(NAMES).issubset(estimate.inputs.fixed)

    def work(turn: Turn) -> tuple[Found, Estimate]:
        found = search(estimate, by, ROWS, free=free, between=lambda _share: turn.check())
        return found, estimate

    window.evaluator.layouts.request(work)


def take(window: Window, layout: Layout) -> None:
    """Put a layout into the plan, as one step."""
    content = window.document.document
    for name, value in layout.choice.items():
        path = f"layout.{name}"
        content = content.with_value(path, choice_key(name, value) if descriptions()[path].choices else value)
    words = _("layout {degrees}").format(degrees=degrees_of(layout))
    window.document.edit(content, words, "layout.tensor")
