"""Prices: what a device costs by the hour, by provider, region, way of buying and date."""

import math
from collections.abc import Iterable
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcplan.catalogue.age import age_in_words, day
from tcplan.catalogue.row import Row, Table
from tcplan.language import _

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
_COMMITTED_USE = {
    "reserved": (1, {"aws": 0.41, "gcp": 0.37, "azure": 0.25}),
    "reserved-3y": (3, {"aws": 0.64, "gcp": 0.56, "azure": 0.49}),
}
"""Years of a commitment, and what the providers take off for it."""
_DISCOUNTS = "arXiv:2405.21015"
_REFERENCE_COUNTRY = "USA"
_SAME_REGION, _SAME_COUNTRY, _NO_PLACE, _SAME_CONTINENT, _REFERENCE, _ELSEWHERE = range(6)
"""How far a price is from a plan, nearest first."""


def inputs(row: Row) -> dict[str, float]:
    """Return the rent of one device in USD/s."""
    price = row.number("price_usd_per_h")
    return {} if price is None else {"price": price / 3600.0}


def age(row: Row, date: str | float) -> float:
    """Return how many days a price is older than a date; negative when it is newer."""
    return day(date) - day(row.date)


@lru_cache(maxsize=256)
def nearest(
    shelf: "Shelf",
    accelerator: str,
    way: str,
    iso3: str,
    date: str | float = "",
    region: Row | None = None,
) -> Row | None:
    """Return the published price nearest in place, then in date; None when there is none.

    The place is the provider's region where one is chosen, then the country, then the continent. Prices of
    one place within a year of the nearest count as alike, and spread by several times over providers: the
    middle one stands for them. What a provider asks in several regions of a country or for several sizes of
    instance counts once: its largest instance, where that is cheapest. Where nobody published a price of the
    wanted way, the answer is an on-demand price: its `way` says so. Owned hardware has no rent.

    Few providers publish what they take for one or three years, and list prices have fallen since: a reserved
    price that is further away, dearer or more than a year older than the on-demand price gives way to that
    price less the provider's discount.

    A price of which the document brought a copy gives way only to one nearer in place, or nearer by more than
    a year to the wanted date: newer rows of the catalogue change no plan by themselves.

    Parameters
    ----------
    accelerator
        Key of the accelerator.
    way
        `on-demand`, `reserved`, `reserved-3y`, `spot` or `own`.
    iso3
        Country of the grid; empty when it is a group of countries.
    date
        ISO date, month or year of the run, or its decimal year; by default the newest price is wanted.
    region
        Row of the table `regions`, which names a provider and its region.
    """
    if way == "own":
        return None
    here = _place_of(shelf, iso3, region)
    found = _nearest(_offers(shelf, accelerator), way, here, date)
    if found is None:
        return None
    copies = tuple(row for row in shelf.kept(TABLE.name) if row.get("accelerator") == accelerator)
    copy = _nearest(copies, way, here, date)
    if copy is None or copy.get("way") not in (way, found.get("way")):
        return found
    if _distance(copy, here) > _distance(found, here):
        return found
    return found if date != "" and _gap(copy, date) > _gap(found, date) + _ALIKE_DAYS else copy


def _best(offers: Iterable[Row], wanted: str, here: "_Place", date: str | float) -> Row | None:
    rows = [row for row in offers if row.get("way") == wanted]
    closest = min((_distance(row, here) for row in rows), default=0)
    return _middle(_one_a_provider(row for row in rows if _distance(row, here) == closest), date)


def _nearest(offers: tuple[Row, ...], way: str, here: "_Place", date: str | float) -> Row | None:
    found, listed = _best(offers, way, here, date), _best(offers, "on-demand", here, date)
    if way not in _COMMITTED_USE or listed is None:
        return found or listed
    if found is None or _dollars(found) > _dollars(listed):
        return _committed(listed, way) or listed
    near = _distance(found, here) <= _distance(listed, here)
    recent = _gap(found, date) <= _gap(listed, date) + _ALIKE_DAYS
    return found if near and recent else _committed(listed, way) or found


def remark(shelf: "Shelf", row: Row, iso3: str, date: str | float = "", region: Row | None = None) -> str:
    """Return in words how far a price is from a plan in place and time; empty when it is neither.

    Parameters
    ----------
    row
        What `nearest` found.
    iso3, date, region
        As `nearest` takes them; an empty date says nothing of the price's age.
    """
    places = {
        _NO_PLACE: _("price that names no place"),
        _SAME_CONTINENT: _("price of another country of the continent"),
        _REFERENCE: _("price of another continent"),
        _ELSEWHERE: _("price of another continent"),
    }
    here = _place_of(shelf, iso3, region)
    place = places.get(_distance(row, here), "") if here[2] else ""
    if not place and region is not None and _distance(row, here) != _SAME_REGION:
        place = _("price of another region or provider")
    said = (place, age_in_words(row.date, date) if date != "" else "")
    return "; ".join(word for word in said if word)


_Place = tuple[str, str, str, str]


def _place_of(shelf: "Shelf", iso3: str, region: Row | None) -> _Place:
    """Return provider, its region, country and continent of a plan; empty where it has none."""
    if region is None:
        return "", "", iso3, _continent(shelf, iso3)
    country = str(region.get("country") or iso3)
    return (
        str(region.get("provider") or ""),
        str(region.get("price_region") or region.get("region") or ""),
        country,
        str(region.get("continent") or _continent(shelf, country)),
    )


@lru_cache(maxsize=128)
def _offers(shelf: "Shelf", accelerator: str) -> tuple[Row, ...]:
    return tuple(row for row in shelf.rows(TABLE.name) if row.get("accelerator") == accelerator)


def _one_a_provider(rows: Iterable[Row]) -> list[Row]:
    """Return one row of each provider, country and date: the largest instance, where it is cheapest."""
    kept: dict[tuple[object, ...], Row] = {}
    for row in rows:
        # A row without a provider came with a file: each is an offer of its own.
        whose = row.get("provider") or row.key
        place = (whose, row.get("country"), row.date)
        if place not in kept or _size(row) < _size(kept[place]):
            kept[place] = row
    return list(kept.values())


def _size(row: Row) -> tuple[float, float, str]:
    return (-(row.number("devices") or 1.0), _dollars(row), row.key)


def _middle(rows: list[Row], date: str | float) -> Row | None:
    gaps = {row.key: _gap(row, date) for row in rows}
    limit = min(gaps.values(), default=0.0) + _ALIKE_DAYS
    alike = [row for row in rows if gaps[row.key] <= limit]
    alike.sort(key=lambda row: (_dollars(row), row.key))
    return alike[(len(alike) - 1) // 2] if alike else None


def _dollars(row: Row) -> float:
    return row.number("price_usd_per_h") or math.inf


def _committed(listed: Row, way: str) -> Row | None:
    """Return what an on-demand price is with a commitment; None where no discount is published."""
    years, discounts = _COMMITTED_USE[way]
    discount = discounts.get(str(listed.get("provider")))
    price = listed.number("price_usd_per_h")
    if discount is None or price is None:
        return None
    values = {**listed.values, "way": way, "price_usd_per_h": round(price * (1.0 - discount), 4)}
    term = "a year's" if years == 1 else f"{years} years'"
    source = f"{listed.source}; less {discount:.0%} for {term} commitment, {_DISCOUNTS}"
    return Row(listed.table, f"{listed.key}-{years}y", MappingProxyType(values), source, listed.date, "low")


def _distance(row: Row, here: _Place) -> int:
    provider, region, iso3, continent = here
    country = str(row.get("country") or "")
    if region and (row.get("provider"), row.get("region")) == (provider, region):
        return _SAME_REGION
    if country and country == iso3:
        return _SAME_COUNTRY
    if not country:
        return _NO_PLACE
    if continent and row.get("continent") == continent:
        return _SAME_CONTINENT
    return _REFERENCE if country == _REFERENCE_COUNTRY else _ELSEWHERE


@lru_cache(maxsize=512)
def _continent(shelf: "Shelf", iso3: str) -> str:
    for row in shelf.rows("grids"):
        if iso3 and row.get("iso3") == iso3:
            return str(row.get("continent") or "")
    return ""


def _gap(row: Row, date: str | float) -> float:
    return abs(age(row, date)) if date != "" else -day(row.date)
