"""Prices: what a device costs by the hour, by provider, region, way of buying and date."""

import math
from datetime import date as Date
from functools import lru_cache
from types import MappingProxyType
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
_COMMITTED_USE = {"aws": 0.41, "gcp": 0.37, "azure": 0.25}
_DISCOUNTS = "arXiv:2405.21015"
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

    Few providers publish what they take for a year, and list prices have fallen since: a reserved price that
    is further away, dearer or more than a year older than the on-demand price gives way to that price less
    the provider's discount.

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
    continent = _continent(shelf, iso3)

    def best(wanted: str) -> Row | None:
        rows = [row for row in offers if row.get("way") == wanted]
        closest = min((_distance(row, iso3, continent) for row in rows), default=0)
        return _middle([row for row in rows if _distance(row, iso3, continent) == closest], date)

    found, listed = best(way), best("on-demand")
    if way != "reserved" or listed is None:
        return found or listed
    if found is None or _dollars(found) > _dollars(listed):
        return _committed(listed) or listed
    near = _distance(found, iso3, continent) <= _distance(listed, iso3, continent)
    recent = _gap(found, date) <= _gap(listed, date) + _ALIKE_DAYS
    return found if near and recent else _committed(listed) or found


def _middle(rows: list[Row], date: str) -> Row | None:
    gaps = {row.key: _gap(row, date) for row in rows}
    limit = min(gaps.values(), default=0.0) + _ALIKE_DAYS
    alike = [row for row in rows if gaps[row.key] <= limit]
    alike.sort(key=lambda row: (_dollars(row), row.key))
    return alike[(len(alike) - 1) // 2] if alike else None


def _dollars(row: Row) -> float:
    return row.number("price_usd_per_h") or math.inf


def _committed(listed: Row) -> Row | None:
    """Return what an on-demand price is with a year's commitment; None where no discount is published."""
    discount = _COMMITTED_USE.get(str(listed.get("provider")))
    price = listed.number("price_usd_per_h")
    if discount is None or price is None:
        return None
    values = {**listed.values, "way": "reserved", "price_usd_per_h": round(price * (1.0 - discount), 4)}
    source = f"{listed.source}; less {discount:.0%} for a year's commitment, {_DISCOUNTS}"
    return Row(listed.table, f"{listed.key}-1y", MappingProxyType(values), source, listed.date, "low")


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
