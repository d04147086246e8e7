"""Costs of a programme: labels, pay, data, storage, transfer, buildings, capital, failures, spot, trends."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcplan.catalogue.row import Row, Table

if TYPE_CHECKING:
    from tcplan.catalogue.shelf import Shelf

TABLE = Table(
    name="costs",
    columns=("category", "value", "low", "high", "unit", "country", "place", "role", "provider", "year"),
    words=frozenset(("category", "unit", "country", "place", "role", "provider")),
    required=frozenset(("category", "value", "unit", "year")),
    searched=("category", "country", "place", "role", "provider"),
    signed=frozenset(("value", "low", "high")),
)

_HOUR, _DAY, _YEAR, _MONTH = 3600.0, 86_400.0, 31_557_600.0, 2_629_800.0
UNITS: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "USD": ("USD", 1.0),
        "USD per year": ("USD/s", 1.0 / _YEAR),
        "USD per hour": ("USD/s", 1.0 / _HOUR),
        "USD per GPU-hour": ("USD/s", 1.0 / _HOUR),
        "USD per minute": ("USD/s", 1.0 / 60.0),
        "USD per pair": ("USD", 1.0),
        "USD per annotation": ("USD", 1.0),
        "USD per example": ("USD", 1.0),
        "USD per image": ("USD", 1.0),
        "USD per clip": ("USD", 1.0),
        "USD per book": ("USD", 1.0),
        "USD per word": ("USD", 1.0),
        "USD per million tokens": ("USD/token", 1e-6),
        "USD per billion tokens kept": ("USD/token", 1e-9),
        "USD per TB": ("USD/B", 1e-12),
        "USD per TB-month": ("USD/(B s)", 1e-12 / _MONTH),
        "USD per kW-month": ("USD/(W s)", 1e-3 / _MONTH),
        "USD per W of IT": ("USD/W", 1.0),
        "USD per tCO2e": ("USD/kg", 1e-3),
        "share": ("1", 1.0),
        "share off": ("1", 1.0),
        "share of label cost": ("1", 1.0),
        "share over two years": ("1", 1.0),
        "share over three years": ("1", 1.0),
        "share per year": ("1/s", 1.0 / _YEAR),
        "ratio": ("1", 1.0),
        "times": ("1", 1.0),
        "years": ("s", _YEAR),
        "hours": ("s", _HOUR),
        "seconds": ("s", 1.0),
        "device-hours": ("s", _HOUR),
        "H100 GPU-hours": ("s", _HOUR),
        "events": ("1", 1.0),
        "pairs": ("1", 1.0),
        "prompts": ("1", 1.0),
        "full-time posts": ("1", 1.0),
        "per 1000 node-days": ("1/s", 1e-3 / _DAY),
        "per week": ("1/s", 1.0 / (7.0 * _DAY)),
    }
)
"""The coherent unit of each unit of the table, and what one of it is in that unit."""


def coherent(row: Row) -> tuple[float, float, float]:
    """Return value, low and high in the coherent unit; a figure without a range has itself at both ends."""
    scale = UNITS[str(row.get("unit"))][1]
    value = row.number("value") or 0.0
    low, high = row.number("low"), row.number("high")
    return (
        value * scale,
        (value if low is None else low) * scale,
        (value if high is None else high) * scale,
    )


def of_category(shelf: "Shelf", category: str) -> tuple[Row, ...]:
    """Return the rows of one category in the order of the table."""
    return tuple(row for row in shelf.rows(TABLE.name) if row.get("category") == category)


def pay(shelf: "Shelf", role: str, country: str) -> Row | None:
    """Return what a role is paid in a country, None where nobody says so.

    Parameters
    ----------
    role
        Such as `engineer`, `engineer-frontier`, `engineer-academia`, `annotator`, `annotator-expert`.
    country
        Three letters of the country.
    """
    for row in shelf.rows(TABLE.name):
        if row.get("role") == role and row.get("country") == country:
            return row
    return None
