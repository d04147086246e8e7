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
    for way in ("on-demand", "reserved", "reserved-3y", "spot"):
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
    parts = ("hardware_cost", "facility_cost", "maintenance_cost", "operator_cost", "interest_cost")
    assert graph.paths["money.compute"].parameters == parts


def test_only_what_counts_is_asked(bill: Bill) -> None:
    # Catches: electricity charged on top of a rent that includes it, a rent charged to an owner.
    rented, owned = _asked("on-demand"), _asked("own")
    assert not {"electricity_price", "device_price", "interest"} & rented
    assert "electricity_price" in _asked("spot-apart")
    assert not {"price", "discount", "committed_price"} & owned
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


def _asked(way: str) -> set[str]:
    """Return the inputs without which the total is unknown."""
    graph = graph_for(sparse=False, latent=False, way=way)
    return {name for one in graph.needed(frozenset(("total_cost",)), frozenset()) for name in one.parameters}


RENT = {
    "device_time": 1e6 * HOUR,
    "run_time": 1e6 * HOUR / 1024,
    "facility_energy": 9e5 * KWH,
    "price": 3.0 / HOUR,
    "discount": 0.2,
    "price_decline": 0.1 / YEAR,
    "price_gap": 1.5 * YEAR,
    "availability": 0.98,
    "setup_cost": 50_000.0,
    "delivery_time": 45 * 86_400.0,
    "support_share": 0.03,
    "storage_size": 500e12,
    "storage_price": 23.0 / 1e12 / (YEAR / 12),
    "egress_size": 80e12,
    "egress_price": 90.0 / 1e12,
    "network_fee": 10_000.0 / (YEAR / 12),
}


def test_a_whole_rent_by_hand(bill: Bill) -> None:
    # Catches: a line that is billed twice or not at all, outages that cost nothing, a rent that rises.
    values = bill("on-demand-apart", **RENT, experiments=0.0, contingency=0.0)
    rent = 3.0 * 0.8 * math.exp(-0.15)
    hours = 1e6 / 0.98
    clock = 1e6 / 1024 / 0.98
    months = clock * HOUR / (YEAR / 12)
    assert 3.0 * values["price_share"] == pytest.approx(rent)
    assert values["paid_device_time"] / HOUR == pytest.approx(hours)
    assert values["compute_cost"] == pytest.approx(hours * rent)
    assert values["energy_cost"] == pytest.approx(9e5 * 0.08)
    contract = 50_000 + 0.03 * hours * rent + 500 * 23 * months + 80 * 90 + 10_000 * months
    assert values["contract_cost"] == pytest.approx(contract)
    assert values["until_done"] == pytest.approx(45 * 86_400 + clock * HOUR)
    beside = 10 * 300_000 + 1e6 + 1e5 * 0.7 + 2e5
    assert values["total_cost"] == pytest.approx(hours * rent + 9e5 * 0.08 + contract + beside)


def test_what_was_committed_is_paid(bill: Bill) -> None:
    # Catches: a minimum or a term below which the bill falls.
    assert bill(**RENT, minimum=1.5e6 * HOUR)["paid_device_time"] == pytest.approx(1.5e6 * HOUR)
    year = bill(**RENT, term=YEAR)
    assert year["paid_device_time"] == pytest.approx(1024 * YEAR)
    assert year["kept_cost"] == pytest.approx(500 * 23 * 12)
    assert bill(**RENT, term=86_400.0)["paid_device_time"] == bill(**RENT)["paid_device_time"]


OWN = {
    "device_time": 1e6 * HOUR,
    "facility_energy": 9e5 * KWH,
    "storage_size": 2e15,
    "store_price": 400.0 / 1e12,
    "colocation": 184.06 / 1000 / (YEAR / 12),
    "facility_price": 10.92,
    "facility_life": 15 * YEAR,
    "resale_share": 0.1,
    "operators": 3.0,
    "operator_pay": 150_000.0 / YEAR,
}


def test_a_whole_ownership_by_hand(bill: Bill) -> None:
    # Catches: a building that is paid by the device, interest on what was not bound, a resale that costs.
    values = bill("own", **OWN, experiments=0.0, contingency=0.0)
    years = 1e6 / 0.8 / 8766
    cluster, store = 30_000 * 1.64 / 0.82, 2000 * 400 / 1024
    kw = 1.275 * 1.05
    hardware = (cluster + store) * 0.9 / 5
    place = kw * (184.06 * 12 + 10_920 / 15)
    upkeep = cluster * 0.06 + 3 * 150_000 / 1024
    interest = 0.04 * ((cluster + store) * 1.1 + kw * 10_920) / 2
    compute = years * (hardware + place + upkeep + interest)
    assert values["compute_cost"] == pytest.approx(compute, rel=1e-9)
    assert values["energy_cost"] == pytest.approx(9e5 * 0.08)
    assert values["standing_rate"] * YEAR * years == pytest.approx(compute, rel=1e-9)
    assert values["own_alternative"] == pytest.approx(compute + 9e5 * 0.08, rel=1e-9)


def test_both_costs_stand_beside_each_other_whichever_is_chosen(bill: Bill) -> None:
    # Catches: a comparison of two bills that are not the ones that the plan would pay.
    more = {**RENT, **OWN}
    rented, owned = bill("on-demand", **more), bill("own", **more)
    assert owned["rent_alternative"] == pytest.approx(rented["rent_alternative"])
    assert rented["own_alternative"] == pytest.approx(owned["own_alternative"])
    assert rented["rent_alternative"] == pytest.approx(rented["compute_cost"] * 1.03)
    assert owned["own_alternative"] == pytest.approx(owned["compute_cost"] + owned["energy_cost"])


@pytest.mark.parametrize("way", ["on-demand", "own"])
def test_owning_costs_what_renting_costs_at_the_break_even(bill: Bill, way: str) -> None:
    # Catches: a break-even that forgets energy or outages; a figure where owning never wins.
    dear = {**RENT, **OWN, "price": 7.0 / HOUR}
    values = bill(way, **dear)
    at = bill(way, **{**dear, "busy_share": values["break_even"]})
    assert 0.0 < values["break_even"] < 1.0
    assert at["own_alternative"] == pytest.approx(at["rent_alternative"])
    assert math.isnan(bill(way, **{**RENT, **OWN, "price": 0.5 / HOUR})["break_even"])
    assert math.isnan(bill(way, **{**RENT, **OWN, "price": 0.0})["break_even"])


def test_the_published_methods_by_hand(bill: Bill) -> None:
    # arXiv:2405.21015. Catches: depreciation of the whole price over the run, a load that counts twice.
    values = bill(device_time=1e6 * HOUR, hardware_age=2 * YEAR, interconnect_share=0.19)
    cluster = 30_000 * 1.64 / 0.81
    worn = cluster * 10 ** (-0.28) * 0.14 * math.log(10) / 8766 * 1e6
    assert values["cloud_method"] == pytest.approx(1.2e6)
    assert values["upfront_method"] == pytest.approx(cluster * 1024)
    assert values["amortised_method"] == pytest.approx(worn + 1.275 * 0.75 * 1.2 * 0.08 * 1e6)
