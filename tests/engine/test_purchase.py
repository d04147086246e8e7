"""Prices, offers and dates of a plan, through the front door."""

import math

import pytest

from tcplan.estimate import evaluate
from tcplan.plan.plan import Plan, PlanError

HOUR = 3600.0
YEAR = 31_557_600.0


def _offer(accelerator: str, way: str = "on-demand") -> str:
    rows = evaluate(Plan()).shelf.rows("prices")
    return next(row.key for row in rows if row.get("accelerator") == accelerator and row.get("way") == way)


def _sentences(plan: Plan, path: str) -> list[str]:
    return [one.sentence for one in evaluate(plan).findings if one.path == path]


def test_nothing_typed_adds_nothing() -> None:
    # Catches: a contract line that moves a plan which does not have it.
    estimate = evaluate(Plan())
    assert estimate["money.contract"].si == 0.0
    assert estimate["money.paid_device_hours"].si == estimate["time.device_hours"].si
    assert estimate["money.price_share"].si == 1.0
    assert estimate["time.until_done"].si == estimate["time.run"].si


def test_a_chosen_offer_is_the_price() -> None:
    # Catches: an offer of the list that the nearest price overrules.
    key = _offer("h100-sxm", "spot")
    estimate = evaluate(Plan().set("purchase.offer", key).set("purchase.way", "spot"))
    row = estimate.shelf.find("prices", key)
    assert estimate.field("purchase.price").value * HOUR == pytest.approx(row.number("price_usd_per_h"))
    assert estimate.field("purchase.price").row == f"prices/{key}"
    assert row in estimate.inputs.rows.used()


def test_an_offer_for_something_else_is_said() -> None:
    # Catches: the price of an A100 for a plan of H100, and a spot price that passes for one on demand.
    assert "This offer is for a100-sxm-80" in " ".join(
        _sentences(Plan().set("purchase.offer", _offer("a100-sxm-80")), "purchase.offer")
    )
    spot = Plan().set("purchase.offer", _offer("h100-sxm", "spot"))
    assert "This offer is a price spot" in " ".join(_sentences(spot, "purchase.offer"))
    typed = spot.set("purchase.way", "spot").set("purchase.price", 2.0 / HOUR)
    assert _sentences(typed, "purchase.offer") == ["The typed price holds; the offer has no effect."]


def test_an_unknown_offer_is_an_error() -> None:
    # Catches: the nearest price in the place of an offer that is gone.
    found = evaluate(Plan().set("purchase.offer", "gone")).findings
    assert ("error", "purchase.offer") in {(one.level, one.path) for one in found}


def test_prices_below_zero_are_refused() -> None:
    with pytest.raises(PlanError, match="must be 0 or more"):
        Plan().set("purchase.setup_cost", -1.0)
    with pytest.raises(PlanError, match="must be more than 0"):
        Plan().set("purchase.availability", 0.0)


def test_the_start_takes_the_price_of_its_time_and_lets_it_fall() -> None:
    # Catches: a decline that starts at the wrong day, a price of another year.
    plan = Plan().set("purchase.year", 2030.0).set("purchase.price_decline", 0.1 / YEAR)
    estimate = evaluate(plan)
    dated = evaluate(Plan()).field("purchase.year").value
    assert 2023.0 < dated < 2027.0
    gap = estimate.values["price_gap"] / YEAR
    assert gap == pytest.approx(2030.0 - evaluate(Plan()).field("purchase.year").value, abs=1.0)
    assert estimate["money.price_share"].si == pytest.approx(math.exp(-0.1 * gap))
    old = evaluate(Plan().set("hardware.accelerator", "a100-sxm-80").set("purchase.year", 2022.5))
    assert old.field("purchase.price").date < "2024"
    quote = evaluate(plan.set("purchase.price", 2.0 / HOUR))
    assert quote["money.price_share"].si == 1.0


def test_three_years_cost_less_than_one() -> None:
    # Catches: a commitment whose discount is the one of another length.
    prices = [
        evaluate(Plan().set("purchase.way", way)).field("purchase.price").value
        for way in ("on-demand", "reserved", "reserved-3y")
    ]
    assert prices == sorted(prices, reverse=True)
    assert prices[0] > prices[2]


def test_energy_is_billed_apart_when_asked() -> None:
    # Catches: a choice that shows and does nothing, and one that charges an owner twice.
    apart = evaluate(Plan().set("purchase.energy_billed", "apart"))
    assert apart["money.energy"].si == pytest.approx(
        apart["energy.facility"].si * apart.field("site.electricity_price").value
    )
    own = Plan().set("purchase.way", "own")
    same = evaluate(own.set("purchase.energy_billed", "apart"))["money.total"].si
    assert same == evaluate(own)["money.total"].si


def test_delivery_and_outages_move_the_deadline_and_not_the_run() -> None:
    # Catches: a deadline that only counts the run.
    run = evaluate(Plan())["time.run"].si
    plan = Plan().set("programme.deadline", 1.05 * run)
    assert _sentences(plan, "programme.deadline") == []
    late = plan.set("purchase.delivery_time", 0.1 * run)
    assert "longer than the deadline" in _sentences(late, "programme.deadline")[0]
    assert evaluate(late)["time.run"].si == pytest.approx(run)
    assert _sentences(plan.set("purchase.availability", 0.9), "programme.deadline")


def test_a_missing_device_price_stops_no_rent() -> None:
    # Catches: an error about a comparison that nobody asked for.
    rows = evaluate(Plan()).shelf.rows("accelerators")
    key = next(row.key for row in rows if row.number("device_price_usd") is None and row.get("bf16_tflops"))
    rented = evaluate(Plan().set("hardware.accelerator", key).set("purchase.price", 2.0 / HOUR))
    assert not [one for one in rented.findings if one.path == "purchase.device_price"]
    assert math.isfinite(rented["money.total"].si)
    assert math.isnan(rented["money.break_even"].si)
    owned = evaluate(Plan().set("hardware.accelerator", key).set("purchase.way", "own"))
    assert [one.level for one in owned.findings if one.path == "purchase.device_price"] == ["error"]


def test_owning_that_never_wins_says_why() -> None:
    # Catches: an empty figure without a reason.
    sentences = _sentences(Plan().set("purchase.price", 0.5 / HOUR), "money.break_even")
    assert len(sentences) == 1
    assert "Owning never costs less than renting here" in sentences[0]
    assert "0.5\u00a0$/h" in sentences[0]
    assert _sentences(Plan().set("purchase.price", 5.0 / HOUR), "money.break_even") == []
