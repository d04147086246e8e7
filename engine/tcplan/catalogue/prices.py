"""Prices: what a device costs by the hour, by provider, region, way of buying and date."""

import math
from datetime import date as Date
from functools import lru_cache
from typing import TYPE_CHECKING

from tcplan.catalogue.row import Row, Table

if TYPE_CHECKING:
    from tcplan.catalogue.shelf import Shelf

TABLE = Table(
    name="prices",
    columns=(
        "provider",
        "instance",
        "accelerator",
        "devices",
        "region",
        "country",
        "continent",
        "way",
        "price_usd_per_h",
    ),
    words=frozenset(("provider", "instance", "accelerator", "region", "country", "continent", "way")),
    required=frozenset(("provider", "accelerator", "way", "price_usd_per_h")),
    searched=("provider", "accelerator", "way"),
)

_ALIKE_DAYS = 366.0
_REFERENCE_COUNTRY = "USA"


def inputs(row: Row) -> dict[str, float]:
    """Return the rent of one device in USD/s."""
    price = row.number("price_usd_per_h")
    return {} if price is None else {"price": price / 3600.0}


def day(date: str) -> float:
    """Return the day of an ISO date; a month or a year alone stands for its middle, no date for long ago."""
    try:
        parts = [int(part) for part in date.split("-")]
        if len(parts) == 1:
            return Date(parts[0], 7, 1).toordinal()
        return Date(parts[0], parts[1], parts[2] if len(parts) > 2 else 15).toordinal()
    except (ValueError, OverflowError):
        # A row that came with a file may have any text here.
        return 0.0


def age(row: Row, date: str) -> float:
    """Return how many days a price is older than a date; negative when it is newer."""
    return day(date) - day(row.date)


@lru_cache(maxsize=256)
def nearest(shelf: "Shelf", accelerator: str, way: str, iso3: str, date: str = "") -> Row | None:
    """Return the published price nearest in place, then in date; None when there is none.

    Prices of one place within a year of the nearest count as alike, and spread by several times over
    providers: the middle one stands for them. Where nobody published a price of the wanted way, the answer
    is an on-demand price: its `way` says so. Owned hardware has no rent.

    Parameters
    ----------
    accelerator
        Key of the accelerator.
    way
        `on-demand`, `reserved`, `spot` or `own`.
    iso3
        Country of the grid; empty when it is a group of countries.
    date
        ISO date, month or year of the run; by default the newest price is wanted.
    """
    if way == "own":
        return None
    offers = [row for row in shelf.rows("prices") if row.get("accelerator") == accelerator]
    wanted = [row for row in offers if row.get("way") == way]
    wanted = wanted or [row for row in offers if row.get("way") == "on-demand"]
    if not wanted:
        return None
    continent = _continent(shelf, iso3)
    closest = min(_distance(row, iso3, continent) for row in wanted)
    wanted = [row for row in wanted if _distance(row, iso3, continent) == closest]
    gaps = {row.key: _gap(row, date) for row in wanted}
    limit = min(gaps.values()) + _ALIKE_DAYS
    alike = [row for row in wanted if gaps[row.key] <= limit]
    alike.sort(key=lambda row: (row.number("price_usd_per_h") or math.inf, row.key))
    return alike[(len(alike) - 1) // 2]


def _distance(row: Row, iso3: str, continent: str) -> int:
    country = str(row.get("country") or "")
    if country and country == iso3:
        return 0
    if not country:
        return 1
    if continent and row.get("continent") == continent:
        return 2
    return 3 if country == _REFERENCE_COUNTRY else 4


def _continent(shelf: "Shelf", iso3: str) -> str:
    for row in shelf.rows("grids"):
        if iso3 and row.get("iso3") == iso3:
            return str(row.get("continent") or "")
    return ""


def _gap(row: Row, date: str) -> float:
    return abs(age(row, date)) if date else -day(row.date)
