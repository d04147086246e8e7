from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

Bill = Callable[..., dict[str, Any]]
HOUR = 3600.0
KWH = 3.6e6


def test_published_gpt3_energy(bill: Bill) -> None:
    # arXiv:2104.10350, table 4: 3.14e23 FLOP at 24.6 TFLOP/s, 330 W, PUE 1.10: 1,287 MWh.
    values = bill(
        model_flop=3.14e23,
        achieved=24.6e12,
        goodput=1.0,
        devices=10_000.0,
        mean_device_power=330.0,
        network_share=0.0,
        pue=1.10,
        carbon_location=0.429 / KWH,
    )
    assert values["facility_energy"] / (1000 * KWH) == pytest.approx(1287, rel=0.02)
    assert values["location_carbon"] / 1000 == pytest.approx(552, rel=0.02)


@pytest.mark.parametrize(
    ("server", "hfu", "low", "high"),
    [(437.0, 0.197, 250.0, 350.0), (625.0, 0.197, 330.0, 420.0), (1275.0, 0.41, 0.70 * 1275, 0.80 * 1275)],
)
def test_mean_power_is_near_what_was_measured(
    bill: Bill, server: float, hfu: float, low: float, high: float
) -> None:
    # V100 servers of 8 and 16 stand around the 330 W of arXiv:2104.10350; H100 at 75 % (arXiv:2405.21015).
    values = bill(server_power=server, device_power=300.0, hfu=hfu)
    assert low < values["mean_device_power"] < high


def test_power_runs_from_idle_to_rated(bill: Bill) -> None:
    # Catches: an idle device that draws nothing, a busy one that draws more than its plate says.
    assert bill(hfu=0.0)["mean_device_power"] == pytest.approx(0.3 * 1275.0)
    assert bill(hfu=1.0)["mean_device_power"] == pytest.approx(1275.0)
    assert bill(hfu=1.7)["mean_device_power"] == pytest.approx(1275.0)
    powers = bill(hfu=np.linspace(0.0, 1.0, 9))["mean_device_power"]
    assert np.all(np.diff(powers) > 0)


def test_parts_of_the_energy_sum_to_the_meter(bill: Bill) -> None:
    # Catches: a part that is missing or counted twice, also behind an override.
    for changes in (
        {},
        {"mean_device_power": 330.0},
        {"it_energy": 1e13},
        {"facility_energy": 5e13},
        {"pue": 1.0},
    ):
        values = bill(**changes)
        parts = ("device_energy", "server_energy", "network_energy", "cooling_energy")
        assert sum(values[part] for part in parts) == pytest.approx(values["facility_energy"], rel=1e-12)


def test_energy_by_hand(bill: Bill) -> None:
    # Catches: PUE on the wrong side, a network share that is added to the facility instead of the computers.
    values = bill(device_time=1000 * HOUR, mean_device_power=500.0, network_share=0.1, pue=1.5, devices=10.0)
    assert values["it_energy"] / KWH == pytest.approx(550.0)
    assert values["facility_energy"] / KWH == pytest.approx(825.0)
    assert values["facility_power"] == pytest.approx(8250.0)
    assert values["device_energy"] / KWH == pytest.approx(500.0 * 700 / 1275)


def test_failures_cost_energy(bill: Bill) -> None:
    # Catches: energy of the useful time alone.
    assert bill(goodput=0.5)["facility_energy"] == pytest.approx(2 * bill(goodput=1.0)["facility_energy"])
