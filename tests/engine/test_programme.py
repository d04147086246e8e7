from collections.abc import Callable
from typing import Any

import pytest

from tcplan.estimate import evaluate
from tcplan.plan.plan import Plan
from tcplan.report.sheet import money_parts

Bill = Callable[..., dict[str, Any]]
YEAR = 31_557_600.0

_PARTS = (
    *("compute_cost", "energy_cost", "experiment_cost", "staff_cost", "data_cost_total"),
    *("label_cost", "storage_cost", "contract_cost", "contingency_cost"),
    *("evaluation_cost", "serving_cost", "tax_cost"),
)


@pytest.mark.parametrize("way", ["on-demand", "reserved", "spot", "own"])
def test_parts_of_the_money_sum_to_the_total(bill: Bill, way: str) -> None:
    # Catches: a cost in the total that the breakdown does not show, or the other way round.
    for changes in ({}, {"contingency": 0.0, "people": 0.0}, {"compute_cost": 1e6}, {"staff_cost": 5.0}):
        values = bill(way, **changes)
        assert sum(values[part] for part in _PARTS) == pytest.approx(values["total_cost"], rel=1e-12)


def test_each_part_by_hand(bill: Bill) -> None:
    # Catches: a share of the wrong base.
    values = bill("own", compute_cost=8e6, energy_cost=2e6)
    assert values["experiment_cost"] == pytest.approx(5e6)
    assert values["staff_cost"] == pytest.approx(3e6)
    assert values["label_cost"] == pytest.approx(7e4)
    planned = 8e6 + 2e6 + 5e6 + 3e6 + 1e6 + 7e4 + 2e5
    assert values["contingency_cost"] == pytest.approx(0.1 * planned)
    assert values["total_cost"] == pytest.approx(1.1 * planned)


def test_nothing_typed_is_the_final_run_alone(bill: Bill) -> None:
    # Catches: a hidden overhead that a person did not type.
    zero = dict.fromkeys(
        ("experiments", "people", "pay", "data_cost", "labels", "label_price", "storage", "contingency"), 0.0
    )
    values = bill(**zero)
    assert values["total_cost"] == values["compute_cost"]
    assert values["token_cost"] == pytest.approx(values["total_cost"] / 15e12)


def test_the_threshold_of_the_ai_act(bill: Bill) -> None:
    # Regulation (EU) 2024/1689, article 51(2): 1e25 FLOP.
    assert bill(model_flop=3.8e25)["threshold_share"] == pytest.approx(3.8)


_EVERY_LINE: dict[str, float] = {
    "programme.tax_share": 0.2,
    "programme.evaluation_share": 0.05,
    "programme.served_tokens": 1e12,
    "programme.contingency": 0.1,
    "programme.earlier_runs": 8600.0 * 3600.0,
    "programme.researchers": 3.0,
    "programme.labels": 1e5,
    "programme.data_cost": 1e6,
}
_OWN_LINES: dict[str, float] = {
    "purchase.maintenance": 0.06 / 31_557_600.0,
    "purchase.interest": 0.04 / 31_557_600.0,
    "purchase.colocation": 150.0 / 1000.0 / 2_629_800.0,
}


@pytest.mark.parametrize("typed", [{}, {"money.compute": 1e6}])
@pytest.mark.parametrize("way", ["on-demand", "own"])
def test_parts_of_the_sheet_sum_to_its_total(way: str, typed: dict[str, float]) -> None:
    # Catches: a sheet without its taxes, or upkeep counted in the devices and beside them.
    plan = Plan().set("purchase.way", way)
    for path, value in {**_EVERY_LINE, **_OWN_LINES, **typed}.items():
        plan = plan.set(path, value)
    parts, _total = money_parts(evaluate(plan))
    assert sum(part.share for part in parts) == pytest.approx(1.0, rel=1e-9)
    assert {"Taxes", "Evaluation", "Serving", "Earlier runs"} <= {part.label for part in parts}


def test_tax_is_on_what_is_bought() -> None:
    # Catches: a tax on wages, or on the reserve.
    plan = Plan()
    for path, value in _EVERY_LINE.items():
        plan = plan.set(path, value)
    estimate = evaluate(plan)
    assert estimate["money.taxes"].value == pytest.approx(0.2 * estimate["money.bought"].value)
    bought = estimate["money.before_contingency"].value - estimate["money.staff"].value
    assert bought == pytest.approx(1.2 * estimate["money.bought"].value)


def test_pairs_judged_by_a_model_cost_a_fraction() -> None:
    # By hand: 1,700 tokens a pair at the published price of a token; people take the price of a pair.
    plan = Plan().set("programme.ai_pairs", 1e6)
    estimate = evaluate(plan)
    token = estimate.field("programme.feedback_price").value
    assert estimate["money.labels_ai"].value == pytest.approx(1e6 * 1700.0 * token)
    assert 0.0 < estimate["money.labels_ai"].value < 0.01 * estimate["money.labels_if_people"].value
