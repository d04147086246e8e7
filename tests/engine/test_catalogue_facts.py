"""The figures of the shipped tables: sources, ranges, references, sizes, and checks against sources."""

import json
from collections.abc import Iterator
from itertools import pairwise

import pytest

from tcplan.catalogue import (
    accelerators,
    age,
    costs,
    currencies,
    equivalences,
    grids,
    prices,
    regions,
    runs,
    sites,
    sources,
)
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import TABLES, shipped
from tcplan.cli import main

FORBIDDEN = ("Electricity Maps", "electricitymaps", "AIB", "Association of Issuing", "/work")
KWH = 3.6e6


def every_row() -> Iterator[Row]:
    for table in TABLES:
        yield from shipped().rows(table)


def of_level(level: str) -> list[Row]:
    return [row for row in shipped().rows("grids") if row.get("level") == level]


def test_the_tables_cover_the_world() -> None:
    # Catches: a table that lost a part of itself.
    assert len(of_level("country")) >= 200
    assert len(of_level("state")) >= 55
    assert len(of_level("subregion")) == 27
    assert len([row for row in of_level("province") if row.get("iso3") == "CAN"]) == 13
    assert len([row for row in of_level("zone") if row.get("continent") == "Europe"]) == 9
    assert len(shipped().rows("models")) >= 180
    assert len(shipped().rows("runs")) >= 110
    ways = {row.get("way") for row in shipped().rows("prices")}
    assert ways == {"on-demand", "spot", "reserved", "reserved-3y"}
    assert len({row.get("provider") for row in shipped().rows("prices")}) >= 20
    categories = {str(row.get("category")) for row in shipped().rows("costs")}
    assert categories >= {"human labels", "AI feedback", "staff", "annotator pay", "storage", "egress"}
    assert categories >= {"colocation", "construction", "depreciation", "failures", "spot", "price trend"}


def test_no_row_holds_a_figure_that_may_not_be_passed_on() -> None:
    for row in every_row():
        said = " ".join((row.source, *(str(value) for value in row.values.values())))
        assert not [word for word in FORBIDDEN if word in said], (row.table, row.key)


def test_what_is_only_recalled_is_never_sure() -> None:
    for row in every_row():
        basis = str(row.get("basis"))
        if basis.startswith(("recalled", "judged")) and row.confidence == "high":
            assert "verified" in basis or "agrees" in basis, (row.table, row.key)


def test_ranges_hold_their_figure() -> None:
    # Catches: low and high in the wrong order, or a central figure outside both.
    for table in ("costs", "equivalences"):
        for row in shipped().rows(table):
            value = row.number("value")
            assert value is not None
            ends = [one for one in (row.number("low"), value, row.number("high")) if one is not None]
            assert all(a <= b for a, b in pairwise(ends)), row.key
    for table, low, value_name, high in (
        ("accelerators", "embodied_low_kgco2e", "embodied_kgco2e", "embodied_high_kgco2e"),
        ("grids", "carbon_low_g_per_kwh", "carbon_g_per_kwh", "carbon_high_g_per_kwh"),
    ):
        ranged = [row for row in shipped().rows(table) if row.number(low) is not None]
        assert len(ranged) > 10
        for row in ranged:
            least, middle, most = (row.number(one) or 0.0 for one in (low, value_name, high))
            assert least <= middle <= most, row.key
            assert least < most, row.key


def test_references_between_tables_resolve() -> None:
    shelf = shipped()
    countries = {row.get("iso3") for row in shelf.rows("grids")}
    providers = {row.get("provider") for row in shelf.rows("regions")}
    for row in shelf.rows("regions"):
        grid = shelf.find("grids", regions.grid(row))
        assert grid.get("iso3") in (row.get("country"), "CHN" if row.get("country") == "HKG" else None), (
            row.key
        )
        if regions.facility(row):
            assert shelf.find("sites", regions.facility(row))
        if row.get("price_region"):
            assert (row.get("provider"), row.get("price_region")) in {
                (one.get("provider"), one.get("region")) for one in shelf.rows("prices")
            }
        assert regions.find(shelf, str(row.get("provider")), str(row.get("region"))) == row
    assert {"aws", "gcp", "azure", "oci"} <= providers
    for table in ("runs", "costs", "equivalences", "sites", "prices"):
        for row in shelf.rows(table):
            assert row.get("country") is None or row.get("country") in countries, (table, row.key)
    for row in shelf.rows("runs"):
        if row.get("model"):
            assert shelf.find("models", str(row.get("model")))


def test_a_run_that_no_plan_repeats_says_why() -> None:
    for row in shipped().rows("runs"):
        if runs.is_repeatable(row):
            assert row.get("stage") in ("pretrain", "all"), row.key
            assert row.get("model"), row.key
            assert row.number("tokens"), row.key
        else:
            assert "cannot be repeated: " in str(row.get("notes")), row.key


BOUNDS: dict[str, dict[str, tuple[float, float]]] = {
    "prices": {"price_usd_per_h": (0.02, 55.0), "devices": (1, 10_000)},
    "grids": {
        "carbon_g_per_kwh": (0.0, 1500.0),
        "residual_g_per_kwh": (1.0, 1500.0),
        "water_l_per_kwh": (0.1, 60.0),
        "price_usd_per_kwh": (0.01, 0.6),
        "renewable_share": (0.0, 1.0),
        "low_carbon_share": (0.0, 1.0),
        "provider_cfe_share": (0.0, 1.0),
    },
    "sites": {"pue": (1.0, 2.6), "wue_l_per_kwh": (0.0, 5.0)},
    "accelerators": {
        "memory_gib": (8, 600),
        "bf16_tflops": (3, 3000),
        "fp8_tflops": (100, 6000),
        "memory_bandwidth_gb_per_s": (100, 10_000),
        "scale_up_bandwidth_gb_per_s": (1, 2000),
        "embodied_kgco2e": (50, 3000),
        "device_price_usd": (300, 100_000),
    },
    "currencies": {"usd_per_unit": (1e-4, 2.0)},
    "runs": {"mfu": (0.05, 0.8), "pue": (1.0, 2.0), "carbon_g_per_kwh": (0, 1000), "devices": (1, 200_000)},
}
COST_BOUNDS = {
    "USD per year": (1e4, 1e8),
    "USD per hour": (0.5, 500),
    "USD per TB-month": (0.5, 300),
    "USD per TB": (0, 200),
    "USD per kW-month": (50, 600),
    "USD per W of IT": (4, 20),
    "USD per million tokens": (0.01, 100),
    "share": (-1, 1),
    "years": (2, 30),
}
EQUIVALENT_BOUNDS = {
    "kWh per year": (1e3, 1e12),
    "kgCO2e per passenger": (300, 10_000),
    "kgCO2 per km": (0.05, 0.5),
    "tokens per word": (1, 15),
    "litres": (0.1, 1e7),
}


@pytest.mark.parametrize("table", list(BOUNDS))
def test_each_column_has_figures_of_its_size(table: str) -> None:
    # Catches: kWh for MWh, per instance for per device, g for kg.
    for column, (low, high) in BOUNDS[table].items():
        found = [(row.key, row.number(column)) for row in shipped().rows(table)]
        known = [(key, value) for key, value in found if value is not None]
        assert len(known) > 8, column
        assert [one for one in known if not low <= one[1] <= high] == [], column


@pytest.mark.parametrize(("table", "bounds"), [("costs", COST_BOUNDS), ("equivalences", EQUIVALENT_BOUNDS)])
def test_each_unit_has_figures_of_its_size(table: str, bounds: dict[str, tuple[float, float]]) -> None:
    for unit, (low, high) in bounds.items():
        found = {
            row.key: row.number("value") or 0.0 for row in shipped().rows(table) if row.get("unit") == unit
        }
        assert found, unit
        assert {key: value for key, value in found.items() if not low <= value <= high} == {}, unit


@pytest.mark.parametrize(
    ("table", "key", "column", "published"),
    [
        ("accelerators", "h200-sxm", "memory_gib", 141),  # NVIDIA H200 data sheet
        ("grids", "US-EGRID-AKGD", "carbon_g_per_kwh", (1052.114 + 28 * 0.088 + 265 * 0.012) * 0.45359237),
        ("grids", "CA-QC", "carbon_g_per_kwh", 1.9),  # National Inventory Report
        ("grids", "AU-VIC", "carbon_g_per_kwh", 780),  # NGA Factors 2025: 0.78 kg
        ("sites", "world-average-2024", "pue", 1.56),  # Uptime survey 2024
        ("sites", "aws-eu-central-1-2023", "pue", 1.33),
        ("runs", "gopher-280b", "energy_mwh", 1066),  # arXiv:2112.11446
        ("runs", "t5-11b", "location_tco2e", 46.7),  # arXiv:2104.10350, table 4
        ("costs", "fail-llama3-mtbf", "value", 54 * 24 / 419),  # arXiv:2407.21783
        ("costs", "prog-llama1-dev", "value", 2638 / 449),  # arXiv:2302.13971, table 15
        ("equivalences", "eu-ai-act-threshold", "value", 1e25),  # Regulation (EU) 2024/1689, article 51
        ("equivalences", "bible-words", "value", 783_137),
        ("models", "whisper-tiny", "parameters", 37_760_640),
    ],
)
def test_a_figure_is_that_of_its_source(table: str, key: str, column: str, published: float) -> None:
    assert shipped().find(table, key).number(column) == pytest.approx(published, rel=0.006)


def test_costs_in_coherent_units() -> None:
    disk = shipped().find("costs", "stor-aws-s3")
    value, low, high = costs.coherent(disk)
    assert value == low == high
    assert value * 1e12 * 2_629_800 == pytest.approx(23.0)
    colocation = costs.coherent(shipped().find("costs", "colo-na-2024"))[0]
    assert colocation * 1e3 * 2_629_800 == pytest.approx(184.06)
    assert {row.get("unit") for row in shipped().rows("costs")} <= set(costs.UNITS)
    assert {row.key for row in costs.of_category(shipped(), "egress")} >= {"egress-aws", "egress-gcp"}
    assert len(equivalences.of_kind(shipped(), "water")) == 9


def test_pay_by_role_and_country() -> None:
    engineer = costs.pay(shipped(), "engineer", "FRA")
    assert engineer is not None
    assert engineer.key == "mle-fra"
    assert costs.pay(shipped(), "engineer", "ATA") is None
    assert len({row.get("country") for row in shipped().rows("costs") if row.get("role") == "engineer"}) >= 18


def test_a_rate_is_that_of_its_year() -> None:
    # Catches: a rate upside down, or that of another year.
    newest, old = currencies.rate(shipped(), "EUR"), currencies.rate(shipped(), "EUR", 2020.5)
    assert newest is not None
    assert old is not None
    assert (newest.key, old.key) == ("EUR-2025", "EUR-2020")
    assert currencies.dollars(old) == pytest.approx(1.14, rel=0.01)
    assert currencies.rate(shipped(), "EUR-2024") == shipped().find("currencies", "EUR-2024")
    assert currencies.rate(shipped(), "XXX") is None
    assert currencies.codes(shipped())[0] == "USD"
    assert len(currencies.codes(shipped())) >= 25
    for row in shipped().rows("currencies"):
        assert str(row.get("code")) == row.key[:3]


def test_the_ranges_of_sources_that_disagree() -> None:
    h100, server = shipped().find("accelerators", "h100-sxm"), 312.5
    assert accelerators.embodied_range(h100) == pytest.approx((164 + server, 575.1 + server))
    assert accelerators.embodied_range(shipped().find("accelerators", "t4")) is None
    found = grids.carbon_range(shipped().find("grids", "FRA"))
    assert found is not None
    assert [one * KWH * 1e3 for one in found] == pytest.approx([44.18, 56.04], rel=0.01)
    assert grids.carbon_range(shipped().find("grids", "USA")) is None


def test_a_residual_mix_is_shown_with_its_own_source() -> None:
    california = shipped().find("grids", "US-EGRID-CAMX")
    assert grids.inputs(california)["carbon_market"] * KWH * 1e3 == pytest.approx(197.7)
    assert california.source_of("carbon_market").startswith("Green-e")
    assert california.date_of("carbon_market") == "2026-01-29"
    assert "carbon_market" not in grids.inputs(shipped().find("grids", "FRA"))


def test_a_row_older_than_a_year_says_so() -> None:
    row = Row("sites", "a", {}, "s", "2023-06", "low")
    assert age.is_old(row, "2026-06-15")
    assert age.old_in_words(row, "2026-06-15") == "3 years old"
    assert age.old_in_words(row, 2024.7) == "1 year old"
    assert not age.is_old(row, "2024-05")
    assert age.old_in_words(row, "2024-05") == ""
    assert age.old_in_words(Row("sites", "a", {}, "s", "", "low"), "2024-05") == "without a date"
    assert age.age_in_words("2026", 2022.5) == "4 years newer"
    assert age.day(2026.0) == pytest.approx(age.day("2026-01-01"), abs=1.0)


def test_the_price_of_the_region_that_is_chosen_comes_first() -> None:
    shelf = shipped()
    zurich = shelf.find("regions", "azure-switzerlandnorth")
    row = prices.nearest(shelf, "h100-sxm", "on-demand", "CHE", "", zurich)
    assert row is not None
    assert (row.get("provider"), row.get("region")) == ("azure", "switzerlandnorth")
    assert prices.remark(shelf, row, "CHE", 2026.5, zurich) == ""
    other = shelf.find("regions", "aws-eu-central-2")
    far = prices.nearest(shelf, "h100-sxm", "on-demand", "CHE", "", other)
    assert far is not None
    assert prices.remark(shelf, far, "CHE", "", other)


def test_a_price_says_how_far_and_how_old_it_is() -> None:
    shelf = shipped()
    row = prices.nearest(shelf, "h100-sxm", "on-demand", "USA", 2026.5)
    assert row is not None
    assert prices.remark(shelf, row, "USA", 2026.5) == ""
    assert prices.remark(shelf, row, "USA", 2029.5) == "3 years old"
    earlier = prices.nearest(shelf, "a100-sxm-40", "on-demand", "USA", 2022.5)
    assert earlier is not None
    assert abs(prices.age(earlier, 2022.5)) < 366
    far = prices.nearest(shelf, "trainium1", "on-demand", "CHL")
    assert far is not None
    assert prices.remark(shelf, far, "CHL") == "price of another continent"
    placeless = prices.nearest(shelf, "h100-sxm", "on-demand", "CHL")
    assert placeless is not None
    assert prices.remark(shelf, placeless, "CHL") == "price that names no place"


def test_three_years_of_commitment_cost_less_than_one() -> None:
    shelf = shipped()
    listed, year, three = (
        prices.nearest(shelf, "b200-sxm", way, "USA") for way in ("on-demand", "reserved", "reserved-3y")
    )
    assert listed is not None
    assert year is not None
    assert three is not None
    assert prices.inputs(three)["price"] < prices.inputs(year)["price"] < prices.inputs(listed)["price"]
    row = listed.to_json() | {"key": "q", "values": {**listed.values, "provider": "gcp", "accelerator": "x"}}
    added = shelf.with_rows((Row.from_json(row),))
    found = prices.nearest(added, "x", "reserved-3y", "USA")
    assert found is not None
    assert found.number("price_usd_per_h") == pytest.approx(
        (listed.number("price_usd_per_h") or 0) * 0.44, abs=1e-3
    )
    assert "less 56% for 3 years' commitment, arXiv:2405.21015" in found.source


def test_many_regions_of_one_provider_count_once() -> None:
    # Catches: a provider with thirty regions that drowns the others in the middle of the offers.
    def offer(key: str, provider: str, dollars: float, devices: float) -> Row:
        values: dict[str, float | str] = {
            "name": key,
            "accelerator": "x",
            "way": "on-demand",
            "price_usd_per_h": dollars,
        }
        values |= {"provider": provider, "country": "USA", "continent": "North America", "devices": devices}
        return Row("prices", key, values, "a list", "2026-06-01", "high")

    dear = [offer(f"dear{n}", "dear", 9.0 + n, 8.0) for n in range(5)]
    shelf = shipped().with_rows(
        (*dear, offer("single", "dear", 1.0, 1.0), offer("b", "b", 2.0, 8.0), offer("c", "c", 3.0, 8.0))
    )
    row = prices.nearest(shelf, "x", "on-demand", "USA")
    assert row is not None
    assert row.key == "c"


def test_sites_name_a_fleet_in_earlier_years() -> None:
    assert sites.inputs(shipped().find("sites", "gcp-fleet-2020"))["pue"] == 1.1


def test_credits_name_each_licence() -> None:
    found = sources.CREDITS
    assert all(one.name and one.licence and one.use for one in found)
    assert any("Ember" in one.name and one.licence == "CC BY 4.0" for one in found)
    assert any("Epoch" in one.name for one in found)


@pytest.mark.parametrize("table", ["regions", "costs", "equivalences", "currencies", "prices", "runs"])
def test_the_command_lists_each_table(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["catalogue", "list", table, "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    rows = listed["rows"] if isinstance(listed, dict) else listed
    assert len(rows) == len(shipped().rows(table))
    assert {"key", "source", "date", "confidence"} <= set(rows[0])
