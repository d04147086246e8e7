import math
from collections.abc import Callable
from typing import Any

import pytest

from tcplan.chain.links import graph_for

Bill = Callable[..., dict[str, Any]]
HOUR = 3600.0
KWH = 3.6e6
YEAR = 31_557_600.0


def test_published_deepseek_rent(bill: Bill) -> None:
    # arXiv:2412.19437, table 1: 2.788 M hours at 2 USD are 5.576 M USD.
    for way in ("on-demand", "reserved", "spot"):
        values = bill(way, device_time=2.788e6 * HOUR, price=2.0 / HOUR)
        assert values["compute_cost"] == pytest.approx(5.576e6)
        assert values["energy_cost"] == 0.0


def test_owning_by_hand(bill: Bill) -> None:
    # Catches: interest on the whole price, idle hours that nobody pays, the network as a surcharge.
    values = bill("own", device_time=100 * YEAR, facility_energy=1e6 * KWH)
    cluster = 30_000 * 1.64 / 0.82
    years = 100 / 0.8
    assert cluster == pytest.approx(60_000)
    expected = cluster * years * (1 / 5 + 0.06 + 0.04 / 2)
    assert values["compute_cost"] == pytest.approx(expected)
    assert values["energy_cost"] == pytest.approx(80_000)


def test_parts_of_owned_compute_sum() -> None:
    # Catches: a part of the ownership that the breakdown does not show.
    graph = graph_for(sparse=False, latent=False, way="own")
    assert graph.paths["money.compute"].parameters == ("hardware_cost", "maintenance_cost", "interest_cost")


def test_only_what_counts_is_asked(bill: Bill) -> None:
    # Catches: electricity charged on top of a rent that includes it, a rent charged to an owner.
    rented = graph_for(sparse=False, latent=False, way="on-demand")
    owned = graph_for(sparse=False, latent=False, way="own")
    assert not {"electricity_price", "device_price", "interest"} & rented.inputs
    assert "price" not in owned.inputs
    assert bill(electricity_price=1.0)["total_cost"] == bill()["total_cost"]


def test_a_busier_and_longer_life_is_cheaper(bill: Bill) -> None:
    # Catches: a share that multiplies where it must divide.
    base = bill("own")["compute_cost"]
    assert bill("own", busy_share=0.4)["compute_cost"] == pytest.approx(2 * base)
    assert bill("own", hardware_life=10 * YEAR)["compute_cost"] < base


def test_the_depreciation_of_published_costs_is_a_life_of_three_years(bill: Bill) -> None:
    # arXiv:2405.21015: price at the start x 0.14 ln 10 a year x chip-years, with server and interconnect.
    # Catches: an owner's bill that cannot reproduce the published method.
    own = {"device_time": 1e6 * HOUR, "device_price": 15_000.0, "server_factor": 1.66}
    own |= {"interconnect_share": 0.19, "busy_share": 1.0, "interest": 0.0, "maintenance": 0.0}
    values = bill("own", **own, hardware_life=YEAR / (0.14 * math.log(10)))
    published = 15_000 * 1.66 * (1 + 0.19 / 0.81) * 0.14 * math.log(10) / 8766 * 1e6
    assert values["compute_cost"] == pytest.approx(published)
