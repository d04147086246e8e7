"""The levers in the window: asked by their view, computed aside, kept as a scenario in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcplan.estimate import Estimate
from tcplan.study.levers import Lever, from_base, levers
from tcplan_desktop.lanes import Turn, raise_again

if TYPE_CHECKING:
    from tcplan_desktop.window import Window


def connect(window: Window) -> None:
    """Connect the view of the levers with the lane that computes them."""
    centre, lane = window.workbench.centre, window.evaluator.levers
    centre.levers_wanted.connect(lambda: find(window))
    centre.lever_kept.connect(lambda lever: keep(window, lever))
    # The effects on another plan are of no use to anybody.
    window.evaluator.estimated.connect(lambda _estimate: lane.drop())
    lane.done.connect(lambda answer: centre.show_levers(*answer))
    lane.failed.connect(raise_again)


def find(window: Window) -> None:
    """Compute the levers of the plan in force aside."""
    estimate = window.estimate

    def work(turn: Turn) -> tuple[tuple[Lever, ...], Estimate]:
        return levers(estimate, turn.check), estimate

    window.evaluator.levers.request(work)


def keep(window: Window, lever: Lever) -> None:
    """Keep what a lever changes as a scenario; within a scenario it comes on top of its differences."""
    window.take_typed_text()
    document = window.document
    changes = from_base(document.content.plan, document.plan, lever.changes)
    document.add_scenario(lever.label, changes)
