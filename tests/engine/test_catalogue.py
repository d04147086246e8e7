"""The shipped tables, through the shelf that everybody uses."""

import re
from dataclasses import replace

import pytest

from tcplan.catalogue import accelerators, grids, models, prices, sites
from tcplan.catalogue.row import CatalogueError, Row, RowError
from tcplan.catalogue.shelf import TABLES, Shelf, edition, read, shipped
from tcplan.given import inputs_of
from tcplan.plan.model import Model
from tcplan.plan.plan import Plan, descriptions

KWH = 3.6e6
LEAST = {
    "stacks": 16,
    "recipes": 35,
    "accelerators": 80,
    "models": 175,
    "grids": 340,
    "sites": 100,
    "regions": 150,
    "prices": 1000,
    "runs": 54,
    "costs": 200,
    "equivalences": 200,
    "currencies": 25,
    "performance": 10,
}
COMMON = (
    "h100-sxm",
    "h200-sxm",
    "b200-sxm",
    "a100-sxm-80",
    "a100-sxm-40",
    "v100-sxm2-32",
    "h800-sxm",
    "mi300x",
    "tpu-v4",
)


@pytest.mark.parametrize("table", list(TABLES))
def test_every_row_says_where_it_comes_from(table: str) -> None:
    rows = shipped().rows(table)
    assert len(rows) >= LEAST[table]
    for row in rows:
        assert re.fullmatch(r"[A-Za-z0-9.-]+", row.key), row.key
        assert len(row.source) > 2, row.key
        assert re.fullmatch(r"(19|20)\d\d(-\d\d(-\d\d)?)?", row.date), (row.key, row.date)
        assert row.get("basis"), row.key
        if str(row.get("basis")) == "recalled":
            assert row.confidence != "high", row.key


@pytest.mark.parametrize("table", list(TABLES))
def test_keys_differ_even_without_case(table: str) -> None:
    keys = [row.key.lower() for row in shipped().rows(table)]
    assert len(keys) == len(set(keys))


def test_an_h100_in_coherent_units() -> None:
    values = accelerators.inputs(shipped().find("accelerators", "h100-sxm"), "bf16")
    assert values["peak"] == pytest.approx(989.4e12)
    assert values["memory"] == 80 * 2**30
    assert values["memory_bandwidth"] == pytest.approx(3.35e12, rel=0.01)
    assert values["scale_up_bandwidth"] == 450e9
    assert values["nic_bandwidth"] == 50e9
    assert (values["devices_per_node"], values["device_power"], values["server_power"]) == (8, 700, 1275)
    assert 150 < values["embodied_carbon"] < 1000


def test_a_format_that_the_chip_lacks_gives_no_peak() -> None:
    v100 = shipped().find("accelerators", "v100-sxm2-32")
    assert "peak" not in accelerators.inputs(v100, "bf16")
    assert accelerators.inputs(v100, "fp16")["peak"] == 125e12
    assert "peak" not in accelerators.inputs(v100, "fp8")


def test_figures_of_accelerators_are_plausible() -> None:
    for row in shipped().rows("accelerators"):
        known = [accelerators.inputs(row, one) for one in ("bf16", "fp16", "fp8")]
        values = next((one for one in known if "peak" in one), {})
        hardware = {name for name in values if f"hardware.{name}" in descriptions()}
        assert hardware >= {"peak", "memory", "memory_bandwidth", "device_power", "server_power"}, row.key
        assert hardware >= {"scale_up_domain", "scale_up_bandwidth", "nic_bandwidth", "devices_per_node"}
        assert 1e12 < values["peak"] < 1e16, row.key
        assert 1e9 < values["memory"] < 1e12, row.key
        assert 1e11 < values["memory_bandwidth"] < 3e13, row.key
        assert 15 < values["device_power"] < values["server_power"] < 5000, row.key


def test_sizes_of_models_are_what_the_panel_takes() -> None:
    for row in shipped().rows("models"):
        values = models.inputs(row)
        assert set(values) <= set(Model.model_fields) - {"preset"}, row.key
        assert Model.model_validate(values).layers == row.number("layers")
        if row.get("family") == "decoder":
            assert set(models.DECODER) <= set(values), row.key


def test_electricity_is_in_coherent_units() -> None:
    values = grids.inputs(shipped().find("grids", "USA"))
    assert values["carbon_location"] * KWH == pytest.approx(0.38355)
    assert values["grid_water"] * KWH == pytest.approx(3.1321)
    assert values["electricity_price"] * KWH == pytest.approx(0.0813)
    assert "carbon_market" not in values


def test_a_figure_names_its_own_source_where_the_row_has_another() -> None:
    sweden = shipped().find("grids", "SWE")
    assert (sweden.source_of("electricity_price"), sweden.date_of("electricity_price")) == (
        "Eurostat",
        "2024",
    )
    assert (sweden.source_of("carbon_location"), sweden.date_of("carbon_location")) == (sweden.source, "2026")
    assert "Eurostat" not in sweden.source


def test_an_estimate_names_the_source_of_each_figure() -> None:
    given = inputs_of(Plan(), shipped()).given
    assert (given["site.electricity_price"].source, given["site.electricity_price"].date) == ("EIA", "2024")
    assert given["site.carbon_location"].source.startswith("Ember")
    assert given["site.wue"].source != given["site.pue"].source


def test_figures_of_grids_and_sites_are_plausible() -> None:
    for row in shipped().rows("grids"):
        values = grids.inputs(row)
        assert 0 <= values["carbon_location"] * KWH < 1.5, row.key
        assert 0 < values["grid_water"] * KWH < 100, row.key
        assert 0.005 < values["electricity_price"] * KWH < 1.0, row.key
    for row in shipped().rows("sites"):
        values = sites.inputs(row)
        assert 1 <= values["pue"] <= 2.5, row.key
        assert 0 <= values["wue"] * KWH < 10, row.key


def test_countries_of_sites_and_prices_are_grids() -> None:
    known = {row.get("iso3") for row in shipped().rows("grids")}
    for table in ("sites", "prices"):
        for row in shipped().rows(table):
            assert row.get("country") is None or row.get("country") in known, row.key


def test_accelerators_of_prices_and_runs_are_rows() -> None:
    known = {row.key for row in shipped().rows("accelerators")}
    for table in ("prices", "runs"):
        for row in shipped().rows(table):
            assert row.get("accelerator") is None or row.get("accelerator") in known, row.key


def test_the_defaults_of_a_plan_exist() -> None:
    for path, shown in descriptions().items():
        if shown.table and isinstance(shown.default, str):
            assert shipped().find(shown.table, shown.default).key == shown.default, path
    assert sites.inputs(shipped().find("sites", sites.WORLD))["pue"] == 1.54
    assert Plan().with_value("site.facility", sites.WORLD).site.facility == sites.WORLD


@pytest.mark.parametrize("accelerator", COMMON)
def test_a_common_accelerator_has_a_price(accelerator: str) -> None:
    row = prices.nearest(shipped(), accelerator, "on-demand", "USA")
    assert row is not None
    assert row.get("way") == "on-demand"
    assert 0.3 < prices.inputs(row)["price"] * 3600 < 20


def test_every_accelerator_has_a_price_or_clearly_none() -> None:
    priced = {row.get("accelerator") for row in shipped().rows("prices") if row.get("way") == "on-demand"}
    for row in shipped().rows("accelerators"):
        price = prices.nearest(shipped(), row.key, "on-demand", "USA")
        assert (price is not None) == (row.key in priced), row.key


def _price(key: str, way: str, country: str, date: str, dollars: float) -> Row:
    places = {"SWE": "Europe", "FIN": "Europe", "USA": "North America", "JPN": "Asia"}
    values: dict[str, float | str] = {"name": key, "accelerator": "x", "way": way, "price_usd_per_h": dollars}
    if country:
        values |= {"country": country, "continent": places[country]}
    return Row("prices", key, values, "a list", date, "high")


def test_the_nearest_price_is_near_in_place_then_in_date_then_the_middle_one() -> None:
    shelf = shipped().with_rows(
        (
            _price("old", "on-demand", "SWE", "2022-05-01", 9.0),
            _price("low", "on-demand", "SWE", "2026-02", 1.0),
            _price("middle", "on-demand", "SWE", "2026", 2.0),
            _price("high", "on-demand", "SWE", "2026-06-01", 8.0),
            _price("finnish", "on-demand", "FIN", "2026-06-01", 3.0),
            _price("american", "on-demand", "USA", "2026-06-01", 4.0),
            _price("spot", "spot", "USA", "2026-06-01", 0.5),
        )
    )

    def key(way: str, iso3: str, date: str = "") -> str:
        row = prices.nearest(shelf, "x", way, iso3, date)
        return row.key if row else ""

    assert key("on-demand", "SWE") == "middle"
    assert key("on-demand", "SWE", "2022") == "old"
    assert key("on-demand", "NOR") in {"finnish", "middle"}
    assert key("on-demand", "JPN") == "american"
    assert key("spot", "SWE") == "spot"
    assert key("reserved", "SWE") == "middle"
    assert key("own", "SWE") == ""


@pytest.mark.parametrize(
    ("date", "country", "expected"),
    [("2026-01", "SWE", 5.0), ("2024-06", "SWE", 4.13), ("2026-01", "FIN", 4.13)],
    ids=("recent", "old", "elsewhere"),
)
def test_an_old_or_distant_reserved_price_gives_way_to_a_discount(
    date: str, country: str, expected: float
) -> None:
    # Catches: a reserved price of years ago that is dearer than today's price on demand.
    listed = _price("list", "on-demand", "SWE", "2026-06-01", 7.0)
    listed = replace(listed, values={**listed.values, "provider": "aws"})
    shelf = shipped().with_rows((listed, _price("reserved", "reserved", country, date, 5.0)))
    row = prices.nearest(shelf, "x", "reserved", "SWE")
    assert row is not None
    assert row.get("way") == "reserved"
    assert row.number("price_usd_per_h") == expected
    assert expected == 5.0 or "less 41%" in row.source
    again = prices.nearest(shelf.with_rows((row,)), "x", "reserved", "SWE")
    assert again is not None
    assert again.number("price_usd_per_h") == expected


def test_no_shipped_reserved_price_is_dearer_than_on_demand() -> None:
    for row in shipped().rows("accelerators"):
        for country in ("USA", "DEU", "JPN"):
            found = [prices.nearest(shipped(), row.key, way, country) for way in ("on-demand", "reserved")]
            listed, reserved = (one.number("price_usd_per_h") if one else None for one in found)
            assert listed is None or reserved is None or reserved <= listed, (row.key, country)


def test_the_age_of_a_price() -> None:
    row = _price("p", "spot", "", "2025-06-01", 1.0)
    assert prices.age(row, "2026-06-01") == 365
    assert prices.age(row, "2026") == 395
    assert prices.age(row, "2025-05-15") == -17


@pytest.mark.parametrize(
    ("table", "text", "first"),
    [
        ("grids", "swe", "SWE"),
        ("grids", "SWEDEN", "SWE"),
        ("grids", "kingdom", "GBR"),
        ("grids", "côte", "CIV"),
        ("grids", "uk", "GBR"),
        ("grids", "us", "USA"),
        ("accelerators", "h100 sxm", "h100-sxm"),
        ("accelerators", "h200", "h200-sxm"),
        ("accelerators", "hopper", "h100-pcie"),
        ("models", "gpt-3 175", "gpt3"),
        ("models", "405", "llama3.1-405b"),
        ("sites", "sao paulo", "aws-sa-east-1"),
    ],
)
def test_typing_finds_a_row(table: str, text: str, first: str) -> None:
    assert shipped().search(table, text)[0].key == first


def test_an_empty_search_finds_everything_and_nonsense_nothing() -> None:
    assert shipped().search("models", "") == shipped().rows("models")
    assert shipped().search("grids", " ") == shipped().rows("grids")
    assert shipped().search("models", "zzzz") == ()


def test_the_rows_of_a_document_win() -> None:
    old = shipped().find("grids", "SWE")
    own = Row("grids", "SWE", {**old.values, "carbon_g_per_kwh": 20.0}, "a meter", "2026-11-01", "high")
    new = Row("grids", "cabin", {"name": "Cabin", "carbon_g_per_kwh": 1.0}, "a meter", "2026", "low")
    shelf = shipped().with_rows((own,)).with_rows((new,))
    assert shelf.find("grids", "SWE").source == "a meter"
    assert shelf.find("grids", "cabin").name == "Cabin"
    assert len(shelf.rows("grids")) == len(shipped().rows("grids")) + 1
    assert shelf.search("grids", "cab")[0].key == "cabin"
    assert shipped().find("grids", "SWE") is old


def test_a_row_survives_a_document() -> None:
    row = shipped().find("accelerators", "h100-sxm")
    assert Row.from_json(row.to_json()) == row
    assert len({row, Row.from_json(row.to_json())}) == 1


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("key", 1),
        ("source", ""),
        ("confidence", "certain"),
        ("values", None),
        ("values", {"a": True}),
        ("values", {"a": float("nan")}),
        ("values", {"a": [1]}),
        ("surplus", "x"),
    ],
)
def test_a_damaged_row_of_a_document_is_refused(part: str, value: object) -> None:
    data = shipped().find("grids", "SWE").to_json() | {part: value}
    with pytest.raises(ValueError, match=r"catalogue row|value of|not one of"):
        Row.from_json(data)


def test_an_unknown_key_names_the_nearest_one() -> None:
    with pytest.raises(RowError, match="did you mean h100-sxm"):
        shipped().find("accelerators", "H100-SMX")
    with pytest.raises(RowError, match="there is no table spices"):
        Shelf().rows("spices")


FORM = TABLES["sites"]
HEADER = ",".join(FORM.header)
GOOD = "a,A,someone,SWE,Europe,2024,1.1,0.2,,,a report,2024,high,read,"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("", 1, "?"),
        (HEADER.replace("pue", "eup"), 1, "eup"),
        (f"{HEADER}\n{GOOD.replace('1.1', 'x')}", 2, "pue"),
        (f"{HEADER}\n{GOOD.replace('1.1', 'nan')}", 2, "pue"),
        (f"{HEADER}\n{GOOD.replace('1.1', '-1')}", 2, "pue"),
        (f"{HEADER}\n{GOOD.replace('1.1', '')}", 2, "pue"),
        (f"{HEADER}\n{GOOD.replace('a report', '')}", 2, "source"),
        (f"{HEADER}\n{GOOD.replace('high', 'sure')}", 2, "confidence"),
        (f"{HEADER}\n{GOOD}\n{GOOD}", 3, "key"),
        (f"{HEADER}\n{GOOD}\nb,B", 3, "operator"),
        (f"{HEADER}\n{GOOD},more", 2, "notes"),
        (f'{HEADER}\n"a', 2, "?"),
    ],
)
def test_a_damaged_table_names_the_place(text: str, line: int, column: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        read(FORM, text)
    assert (caught.value.file, caught.value.line, caught.value.column) == ("sites.csv", line, column)
    assert str(caught.value).startswith(f"sites.csv, line {line}, column {column}: ")


def test_a_listed_row_begins_with_its_key() -> None:
    record = shipped().find("grids", "SWE").listing()
    assert next(iter(record)) == "key"
    assert (record["key"], record["name"], record["date"]) == ("SWE", "Sweden", "2026")
    assert {"source", "confidence", "basis", "carbon_g_per_kwh"} <= set(record)


def test_the_edition_is_a_month() -> None:
    assert re.fullmatch(r"\d{4}-\d\d", edition())
