"""Grids: carbon, water and price of electricity in countries, states, provinces and cloud regions."""

from tcplan.catalogue.row import Row, Table

JOULES_PER_KWH = 3.6e6

TABLE = Table(
    name="grids",
    columns=(
        "also_called",
        "level",
        "iso3",
        "continent",
        "year",
        "carbon_g_per_kwh",
        "carbon_basis",
        "residual_g_per_kwh",
        "water_l_per_kwh",
        "grid_water_source",
        "grid_water_date",
        "price_usd_per_kwh",
        "electricity_price_source",
        "electricity_price_date",
        "carbon_low_g_per_kwh",
        "carbon_high_g_per_kwh",
        "carbon_range_source",
        "carbon_market_source",
        "carbon_market_date",
        "renewable_share",
        "low_carbon_share",
        "shares_source",
        "shares_date",
        "provider_cfe_share",
    ),
    words=frozenset(
        (
            "also_called",
            "level",
            "iso3",
            "continent",
            "carbon_basis",
            "grid_water_source",
            "grid_water_date",
            "electricity_price_source",
            "electricity_price_date",
            "carbon_range_source",
            "carbon_market_source",
            "carbon_market_date",
            "shares_source",
            "shares_date",
        )
    ),
    required=frozenset(("level", "carbon_g_per_kwh", "carbon_basis")),
    searched=("iso3", "also_called"),
)

_SCALES = {
    "carbon_location": ("carbon_g_per_kwh", 1e-3 / JOULES_PER_KWH),
    "carbon_market": ("residual_g_per_kwh", 1e-3 / JOULES_PER_KWH),
    "grid_water": ("water_l_per_kwh", 1.0 / JOULES_PER_KWH),
    "electricity_price": ("price_usd_per_kwh", 1.0 / JOULES_PER_KWH),
}


def inputs(row: Row) -> dict[str, float]:
    """Return the electricity's figures in coherent units by field name; what is not known is absent."""
    values = {}
    for name, (column, scale) in _SCALES.items():
        figure = row.number(column)
        if figure is not None:
            values[name] = figure * scale
    return values


def carbon_range(row: Row) -> tuple[float, float] | None:
    """Return the least and the most that sources give for the grid [kgCO2e/J], None where they agree."""
    low, high = row.number("carbon_low_g_per_kwh"), row.number("carbon_high_g_per_kwh")
    if low is None or high is None:
        return None
    return low * 1e-3 / JOULES_PER_KWH, high * 1e-3 / JOULES_PER_KWH
