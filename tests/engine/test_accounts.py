"""Energy, carbon and water as an auditor reads them: hours, shares, contracts, scopes, rules, likenesses."""

from collections.abc import Mapping

import pytest

from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import shipped
from tcplan.estimate import Estimate, evaluate
from tcplan.examples import example
from tcplan.plan.plan import Plan, Value
from tcplan.report.annex import OPEN, annex
from tcplan.report.equivalences import equivalences, paths
from tcplan.results import HEADLINE

KWH = 3.6e6
TIME = ("time.productive", "time.practice", "time.checkpoints", "time.lost", "time.paused")


def _with(fields: Mapping[str, Value]) -> Estimate:
    plan = Plan()
    for path, value in fields.items():
        plan = plan.set(path, value)
    return evaluate(plan)


def _same_headline(one: Estimate, other: Estimate) -> bool:
    return all(one[path].si == pytest.approx(other[path].si, rel=1e-12) for path in HEADLINE)


def test_a_metered_power_stands_in_for_the_computed_one() -> None:
    # Catches: a typed power that is raised by idle share or activity.
    estimate = _with({"site.mean_power": 330.0, "site.network_share": 0.0})
    assert estimate["energy.computers"].si == pytest.approx(estimate["time.device_hours"].si * 330.0)
    assert "site.mean_power" in {one.path for one in estimate.given.values() if one.layer == "typed"}


def test_what_papers_count_stands_beside_the_whole() -> None:
    # Catches: a comparison of a whole facility with the devices alone; PUE left out of the devices' part.
    estimate = _with({"site.pue": 1.3, "site.carbon_location": 0.4 / KWH})
    metered = estimate["energy.devices_metered"].si
    assert metered == pytest.approx(1.3 * estimate["energy.devices"].si)
    assert metered < estimate["energy.facility"].si
    assert estimate["carbon.devices"].si == pytest.approx(0.4 * metered / KWH)


def test_spares_stand_by_at_idle_power() -> None:
    # Catches: spares that draw as much as devices at work.
    estimate = _with({"failures.spares": 1024, "hardware.devices": 1024})
    values = estimate.values
    mean = (values["mean_power"] + values["idle_power"]) / 2
    assert estimate["energy.mean_device_power"].si == pytest.approx(mean)


def test_nights_stretch_the_run_and_cost_the_same_energy() -> None:
    # Catches: hours that change device-hours, or parts of the time that leave out the pauses.
    always, nights = evaluate(Plan()), _with({"site.running": "nights"})
    assert nights["time.run"].si == pytest.approx(3 * always["time.run"].si)
    assert nights["time.device_hours"].si == always["time.device_hours"].si
    assert nights["energy.facility"].si == always["energy.facility"].si
    assert sum(nights[path].si for path in TIME) == pytest.approx(nights["time.run"].si)
    assert any(one.path == "site.hours_share" for one in nights.findings)
    typed = _with({"site.hours_share": 0.25, "site.hour_factor": 0.8, "site.season_factor": 0.5})
    assert typed["time.run"].si == pytest.approx(4 * always["time.run"].si)
    assert typed["carbon.location"].si == pytest.approx(0.4 * always["carbon.location"].si)
    assert not any(one.path == "site.hours_share" for one in typed.findings)


def test_hours_change_the_price_of_owned_electricity() -> None:
    # Catches: a factor of the price that changes the carbon, or nothing.
    fields: dict[str, Value] = {"purchase.way": "own", "purchase.device_price": 3e4}
    day, night = _with(fields), _with({**fields, "site.price_factor": 0.6})
    assert night["money.energy"].si == pytest.approx(0.6 * day["money.energy"].si)
    assert night["carbon.location"].si == day["carbon.location"].si


def test_a_shared_cluster_is_shared_by_use() -> None:
    # Catches: idle nodes that nobody answers for, common power charged whole.
    alone = evaluate(Plan())
    half = _with({"site.cluster_use": 0.5})
    assert half["energy.idle"].si == pytest.approx(
        alone["time.device_hours"].si * alone.values["idle_power"], rel=1e-12
    )
    common = _with({"site.cluster_power": 1e6, "site.cluster_share": 0.25})
    added = common["energy.it"].si - alone["energy.it"].si
    assert added == pytest.approx(250e3 * alone["time.run"].si)
    for estimate in (alone, half, common):
        parts = ("energy.devices", "energy.servers", "energy.idle", "energy.network", "energy.cooling")
        assert sum(estimate[path].si for path in parts) == pytest.approx(estimate["energy.facility"].si)


def test_a_cloud_region_sets_place_site_and_price_unless_typed() -> None:
    # Catches: a region that only names itself, or one that overrules what somebody typed.
    here = _with({"site.region": "aws-eu-north-1"})
    rows = here.inputs.rows
    assert rows.grid is not None
    assert rows.grid.get("iso3") == "SWE"
    assert rows.facility is not None
    assert rows.facility.key == "aws-eu-north-1"
    assert rows.price is not None
    assert rows.price.get("provider") == "aws"
    assert rows.region in rows.used()
    typed = _with({"site.region": "aws-eu-north-1", "site.grid": "POL", "site.pue": 1.5})
    assert typed.inputs.rows.grid == shipped().find("grids", "POL")
    assert typed["energy.facility"].si == pytest.approx(1.5 * typed["energy.it"].si)
    unknown = _with({"site.region": "aws-atlantis-1"})
    assert [one.path for one in unknown.findings if one.level == "error"] == ["site.region"]


def test_location_market_and_hour_stand_side_by_side() -> None:
    # Catches: contracts that lower the location figure, certificates that count in hours without wind.
    fields: dict[str, Value] = {"site.carbon_location": 0.4 / KWH, "site.carbon_market": 0.5 / KWH}
    fields |= {"site.contract_share": 0.8, "site.contract_carbon": 0.01 / KWH, "site.hourly_share": 0.5}
    estimate = _with(fields)
    energy = estimate["energy.facility"].si / KWH
    assert estimate["carbon.location"].si == pytest.approx(0.4 * energy)
    assert estimate["carbon.market"].si == pytest.approx((0.8 * 0.01 + 0.2 * 0.5) * energy)
    assert estimate["carbon.hourly"].si == pytest.approx((0.4 * 0.01 + 0.6 * 0.5) * energy)


def test_offsets_are_part_of_no_total() -> None:
    # Catches: an offset that lowers any figure.
    without, offset = evaluate(Plan()), _with({"site.offsets": 5e6})
    assert offset["carbon.offsets"].si == 5e6
    same = [name for name in without.values if name not in ("offsets", "bought_offsets")]
    assert all(offset.values[name] == pytest.approx(without.values[name], nan_ok=True) for name in same)
    assert any(one.path == "site.offsets" for one in offset.findings)


def test_scopes_follow_who_owns_the_machines() -> None:
    # Catches: a customer with scope 2, an owner whose electricity is nobody's, a total that differs by scope.
    rented, owned = (
        _with({"site.upstream_carbon": 0.02 / KWH}),
        _with({"site.upstream_carbon": 0.02 / KWH, "purchase.way": "own", "purchase.device_price": 3e4}),
    )
    assert rented["carbon.scope2_location"].si == rented["carbon.scope2_market"].si == 0.0
    assert rented["carbon.scope3"].si == rented["carbon.total"].si
    assert owned["carbon.scope2_location"].si == owned["carbon.location"].si
    assert owned["carbon.scope2_market"].si == owned["carbon.market"].si
    made = owned["carbon.embodied"].si + owned["carbon.upstream"].si
    assert owned["carbon.scope3"].si == pytest.approx(made)
    assert owned["carbon.scope2_location"].si + made == pytest.approx(owned["carbon.total"].si)


def test_making_has_a_range_a_building_and_water() -> None:
    # Catches: a range that does not hold the central figure, a building charged by devices alone.
    plain = evaluate(Plan())
    low, central, high = (plain[f"carbon.embodied{end}"].si for end in ("_low", "", "_high"))
    assert low <= central < high
    typed = _with({"site.embodied_carbon": 5000.0})
    assert typed["carbon.embodied_high"].si >= typed["carbon.embodied"].si
    built = _with({"site.building_carbon": 2.0, "site.embodied_water": 1000.0})
    years = built["time.device_hours"].si / (20 * 31_557_600.0)
    assert built["carbon.building"].si == pytest.approx(2.0 * built.values["rated_power"] * years)
    assert built["water.manufacture"].si == pytest.approx(1000.0 * built.values["life_share"])
    assert built["water.total"].si - plain["water.total"].si == pytest.approx(built["water.manufacture"].si)


def test_software_carbon_intensity_by_unit() -> None:
    # Catches: a market-based or offset E x I, tokens of the first phase alone.
    estimate = _with({"site.contract_share": 1.0, "training.second_phase_tokens": 1e12})
    emitted = estimate["carbon.location"].si + estimate["carbon.embodied"].si
    assert estimate["carbon.sci"].si == pytest.approx(emitted / (estimate["training.run_tokens"].si / 1e6))
    run = _with({"site.functional_unit": "run"})
    assert run["carbon.sci"].si == pytest.approx(run["carbon.location"].si + run["carbon.embodied"].si)
    typed = _with({"site.functional_units": 2e6})
    assert typed["carbon.sci"].si == pytest.approx(run["carbon.sci"].si / 2e6)


def test_compute_is_cumulated_over_phases_and_earlier_training() -> None:
    # Catches: a threshold that sees this run alone; earlier compute that is paid again.
    plain = evaluate(Plan())
    further = _with({"training.earlier_flop": 8e24})
    assert further["compute.cumulated"].si == pytest.approx(plain["compute.model_flop"].si + 8e24)
    assert further["compute.threshold_share"].si > 1.0 > plain["compute.threshold_share"].si
    assert _same_headline(plain, further)
    phases = _with({"training.second_phase_tokens": 5e12})
    assert phases["compute.cumulated"].si == phases["compute.model_flop"].si > plain["compute.cumulated"].si


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"training.tokens": 1e10}, ""),
        ({"training.tokens": 1e12}, "compute.general_purpose_share"),
        ({"training.tokens": 30e12}, "compute.threshold_share"),
        ({"training.tokens": 1e10, "training.earlier_flop": 1e25}, "compute.modification_share"),
    ],
)
def test_rules_are_said_from_their_threshold_on(fields: dict[str, Value], path: str) -> None:
    # Catches: a duty that is not mentioned, or one for a model that is too small.
    found = [one.path for one in _with(fields).findings if one.path.startswith("compute.")]
    assert (path in found) if path else (found == [])


def test_a_third_makes_a_provider() -> None:
    # Catches: a third of the threshold where the original's compute is known, and the other way round.
    known = _with({"training.earlier_flop": 6e24})
    assert known["compute.modification_limit"].si == pytest.approx(2e24)
    assert evaluate(Plan())["compute.modification_limit"].si == pytest.approx(1e23 / 3)


def test_annex_fills_what_the_plan_knows_and_leaves_the_rest_open() -> None:
    # Catches: an invented licence, a missing point, section 2 for a model below the threshold.
    small, large = (dict(annex(evaluate(example(key).plan))) for key in ("gpt3-175b", "llama3.1-405b"))
    assert len(small) == 11
    assert len(large) == 14
    assert small["1(f) Licence"] == OPEN
    assert "FLOP" in small["2(d) Computational resources and training time"]
    assert "at the meter" in small["2(e) Energy consumption, known or estimated"]
    assert OPEN in small["2(c) Data of training, testing and validation"]


def test_likenesses_have_counts_ranges_and_sources() -> None:
    # Catches: a unit that is wrong by a thousand, a range upside down, a likeness without its source.
    estimate = evaluate(example("gpt3-175b-published").plan)
    found = {one.label: one for path in paths() for one in equivalences(estimate, path)}
    assert {one.path for one in found.values()} == set(paths())
    for one in found.values():
        assert 0.0 < one.low <= one.count <= one.high
        assert one.source in one.sentence
    flights = found["{count} return flights London – New York for five"]
    assert flights.count == pytest.approx(552_526 / (5 * 986), rel=0.01)
    towns = found["the power of the homes of {count} towns of 10,000 people"]
    assert towns.count == pytest.approx(estimate["energy.power"].value * 8766 / 43e6, rel=1e-9)
    assert 1e6 < found["{count} novels"].count < 1e7


def test_a_likeness_is_of_the_plans_own_rows_and_of_text_alone() -> None:
    # Catches: books counted for images, a table that a document replaced and nobody asked.
    images = evaluate(Plan().set("model.preset", "resnet-50").set("training.tokens", 1e9))
    assert equivalences(images, "training.run_tokens") == ()
    row = shipped().find("equivalences", "car-year-us")
    own = Row(row.table, row.key, {**row.values, "value": 1e6}, "own", "2026", "low")
    estimate = evaluate(Plan(), shipped().with_rows([own]))
    cars = next(one for one in equivalences(estimate, "carbon.location") if "cars" in one.label)
    assert cars.count == pytest.approx(estimate["carbon.location"].si / 1e6)
    assert "own" in cars.sentence


def test_a_comparison_that_says_nothing_is_left_out() -> None:
    # Catches: a small plan that is told which millionth of the Apollo programme it costs.
    money = equivalences(evaluate(example("gpt3-175b").plan), "money.total")
    assert [one.label.partition("}")[2] for one in money] == [
        " years of a teacher's pay in the United States"
    ]
    assert money[0].count == pytest.approx(evaluate(example("gpt3-175b").plan)["money.total"].value / 69_500)
