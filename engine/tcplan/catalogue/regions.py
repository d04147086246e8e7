"""Regions: where providers run their machines, with the grid, the site and the prices of each place."""

from typing import TYPE_CHECKING

from tcplan.catalogue.row import Row, Table

if TYPE_CHECKING:
    from tcplan.catalogue.shelf import Shelf

TABLE = Table(
    name="regions",
    columns=("provider", "region", "city", "country", "continent", "grid", "facility", "price_region"),
    words=frozenset(
        ("provider", "region", "city", "country", "continent", "grid", "facility", "price_region")
    ),
    required=frozenset(("provider", "region", "city", "country", "continent", "grid")),
    searched=("provider", "city", "country"),
)


def grid(row: Row) -> str:
    """Return the key of the region's grid."""
    return str(row.get("grid") or "")


def facility(row: Row) -> str:
    """Return the key of the region's site, or of its operator's fleet; empty when nothing is published."""
    return str(row.get("facility") or "")


def find(shelf: "Shelf", provider: str, region: str) -> Row | None:
    """Return the row of a provider's region by the names that the provider uses; None when unknown."""
    for row in shelf.rows(TABLE.name):
        if (row.get("provider"), row.get("region")) == (provider, region):
            return row
    return None
