"""Sites: power and water usage effectiveness of data centres, as their operators or surveys publish them."""

from tcplan.catalogue.row import Row, Table

JOULES_PER_KWH = 3.6e6
WORLD = "world-average"
"""The row that stands for a data centre of which nothing is known."""

TABLE = Table(
    name="sites",
    columns=("operator", "country", "continent", "year", "pue", "wue_l_per_kwh", "wue_source", "wue_date"),
    words=frozenset(("operator", "country", "continent", "wue_source", "wue_date")),
    required=frozenset(("operator", "year", "pue")),
    searched=("operator", "country"),
)


def inputs(row: Row) -> dict[str, float]:
    """Return PUE and WUE in coherent units by field name; what is not known is absent."""
    values = {}
    pue = row.number("pue")
    if pue is not None:
        values["pue"] = pue
    wue = row.number("wue_l_per_kwh")
    if wue is not None:
        values["wue"] = wue / JOULES_PER_KWH
    return values
