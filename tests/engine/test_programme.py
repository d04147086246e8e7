from collections.abc import Callable
from typing import Any

import pytest

Bill = Callable[..., dict[str, Any]]
YEAR = 31_557_600.0

_PARTS = (
    *("compute_cost", "energy_cost", "experiment_cost", "staff_cost", "data_cost_total"),
    *("label_cost", "storage_cost", "contract_cost", "contingency_cost"),
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
