"""Where everything goes: parts that sum to their total, each with its why."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tcplan.estimate import evaluate
from tcplan.plan.plan import Plan
from tcplan_desktop.views.breakdown import bars_of, nothing_of, sentence, wholes
from tcplan_desktop.window import Window

PLANS = {
    "default": Plan(),
    "owned": Plan().set("purchase.way", "own").set("programme.people", 20.0).set("programme.pay", 0.003),
    "spot": Plan().set("purchase.way", "spot").set("programme.contingency", 0.1),
    "sparse": Plan().set("model.preset", "deepseek-v3").set("hardware.devices", 2048.0),
    "measured": Plan().set("efficiency.mfu", 0.41),
    "typed energy": Plan().set("energy.it", 1e13),
}


@pytest.mark.parametrize("name", PLANS)
def test_parts_sum_to_their_total(name: str) -> None:
    """A part that is forgotten, or counted twice, makes the picture lie."""
    estimate = evaluate(PLANS[name])
    for whole in wholes(estimate):
        bars = bars_of(whole, estimate)
        assert bars, whole.path
        assert sum(bar.value for bar in bars) == pytest.approx(1.0, abs=1e-5), whole.path


def test_nothing_is_left_over_in_the_usual_plans() -> None:
    """A growing "Other" would hide what the chain gained."""
    for name in ("default", "owned", "spot"):
        estimate = evaluate(PLANS[name])
        for whole in wholes(estimate):
            if whole.path != "memory.peak":
                assert all(bar.label != whole.rest for bar in bars_of(whole, estimate)), (name, whole.path)


def test_every_part_has_a_why() -> None:
    """A number that is no door would be a claim."""
    for plan in PLANS.values():
        estimate = evaluate(plan)
        for whole in wholes(estimate):
            assert whole.path in estimate
            assert all(part.path in estimate for part in whole.parts)


def test_what_is_not_counted_is_said() -> None:
    """Somebody would take the rent for the cost of the programme."""
    estimate = evaluate(Plan())
    money = wholes(estimate)[0]
    assert nothing_of(money, estimate) == (
        "Not counted: energy, contract, earlier runs, staff, data, labels, storage, evaluation, serving,"
        " taxes, contingency."
    )


def test_a_measured_speed_has_no_invented_parts() -> None:
    """Parts of a step that the typed speed contradicts would be shown."""
    time = wholes(evaluate(PLANS["measured"]))[1]
    assert time.parts[0].path == "time.productive"


def test_the_sentence_names_the_largest_parts() -> None:
    """The head of the tab would not answer its question."""
    assert sentence(evaluate(Plan())).startswith("Compute is 100\u202f% of the money; computing takes ")


def test_pressing_a_bar_or_a_total_explains_it(window: Window) -> None:
    """The breakdown would be a picture without doors."""
    window.show_tab(1)
    breakdown = window.workbench.centre.breakdown
    group = breakdown.groups["energy.facility"]
    QTest.mouseClick(group.bars._rows[0], Qt.MouseButton.LeftButton)
    assert window.workbench.pane.path == "energy.devices"
    group.total.click()
    assert window.workbench.pane.path == "energy.facility"


def test_f4_on_a_bar_explains_it(window: Window) -> None:
    """The keyboard would have no why in the breakdown."""
    window.show_tab(1)
    bar = window.workbench.centre.breakdown.groups["water.total"].bars._rows[0]
    bar.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(bar, Qt.Key.Key_F4)
    assert window.workbench.pane.path == "water.site"
