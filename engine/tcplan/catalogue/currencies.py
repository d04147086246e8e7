"""Currencies: what one unit is worth in US dollars, with the time for which the rate holds."""

from typing import TYPE_CHECKING

from tcplan.catalogue.age import day
from tcplan.catalogue.row import Row, Table

if TYPE_CHECKING:
    from tcplan.catalogue.shelf import Shelf

DOLLAR = "USD"
TABLE = Table(
    name="currencies",
    columns=("code", "symbol", "year", "usd_per_unit"),
    words=frozenset(("code", "symbol")),
    required=frozenset(("code", "symbol", "year", "usd_per_unit")),
    searched=("code", "symbol"),
)


def codes(shelf: "Shelf") -> tuple[str, ...]:
    """Return the codes of the known currencies, the dollar first."""
    found = dict.fromkeys(str(row.get("code")) for row in shelf.rows(TABLE.name))
    return (DOLLAR, *(code for code in found if code != DOLLAR))


def rate(shelf: "Shelf", code: str, date: str | float = "") -> Row | None:
    """Return the rate of a currency nearest to a date, the newest by default; None for an unknown one.

    Parameters
    ----------
    code
        Three letters by ISO 4217, or the key of a row.
    date
        ISO date, month or year, or a decimal year.
    """
    rows = [row for row in shelf.rows(TABLE.name) if code in (row.get("code"), row.key)]
    if not rows:
        return None
    if date == "":
        return max(rows, key=lambda row: day(row.date))
    return min(rows, key=lambda row: abs(day(row.date) - day(date)))


def dollars(row: Row) -> float:
    """Return what one unit of the currency is worth [USD]."""
    return row.number("usd_per_unit") or 0.0
