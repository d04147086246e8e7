from collections.abc import Callable
from typing import Any

import pytest

Bill = Callable[..., dict[str, Any]]
HOUR = 3600.0
KWH = 3.6e6
YEAR = 31_557_600.0


def test_place_and_contract_are_apart(bill: Bill) -> None:
    # Catches: contracts that lower the location-based figure, which the GHG Protocol forbids.
    none, half, all_ = (bill(contract_share=share) for share in (0.0, 0.5, 1.0))
    assert none["location_carbon"] == half["location_carbon"] == all_["location_carbon"]
    assert half["market_carbon"] == pytest.approx(0.5 * none["market_carbon"])
    assert all_["market_carbon"] == 0.0
    assert none["market_carbon"] / none["location_carbon"] == pytest.approx(0.45 / 0.4)


def test_published_bloom_emissions(bill: Bill) -> None:
    # arXiv:2211.02001, table 3: 433,196 kWh at 57 g/kWh give 24.69 t.
    values = bill(facility_energy=433_196 * KWH, carbon_location=0.057 / KWH)
    assert values["location_carbon"] / 1000 == pytest.approx(24.69, rel=0.01)


def test_making_counts_by_the_share_of_life(bill: Bill) -> None:
    # Catches: charging whole devices, or forgetting them.
    values = bill(device_time=1000 * YEAR, hardware_life=5 * YEAR, embodied_carbon=150.0)
    assert values["embodied_emissions"] == pytest.approx(200 * 150.0)
    twice = bill(device_time=1000 * YEAR, hardware_life=10 * YEAR, embodied_carbon=150.0)
    assert twice["embodied_emissions"] == pytest.approx(0.5 * values["embodied_emissions"])


def test_the_parts_sum(bill: Bill) -> None:
    # Catches: a total that mixes in the market-based figure.
    values = bill(contract_share=0.7)
    assert values["total_carbon"] == values["location_carbon"] + values["embodied_emissions"]
