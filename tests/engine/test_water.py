from collections.abc import Callable
from typing import Any

import pytest

Bill = Callable[..., dict[str, Any]]
KWH = 3.6e6


def test_water_by_hand(bill: Bill) -> None:
    # arXiv:2304.03271: site water goes with IT energy, grid water with the energy of the whole facility.
    values = bill(it_energy=1000 * KWH, pue=1.2, wue=1.8 / KWH, grid_water=3.0 / KWH)
    assert values["site_water"] == pytest.approx(1800.0)
    assert values["grid_water_use"] == pytest.approx(3600.0)
    assert values["total_water"] == pytest.approx(5400.0)


def test_a_better_pue_saves_grid_water_only(bill: Bill) -> None:
    # Catches: WUE on facility energy.
    good, bad = bill(pue=1.0), bill(pue=2.0)
    assert good["site_water"] == bad["site_water"]
    assert bad["grid_water_use"] == pytest.approx(2 * good["grid_water_use"])
