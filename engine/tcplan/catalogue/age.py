"""The age of facts: how old a row is on a day, in words."""

from datetime import date as Date

from tcplan.catalogue.row import Row
from tcplan.language import _, plural

_YEAR = 365.25
OLD_DAYS = 366.0
"""A row older than this says so."""


def day(date: str | float) -> float:
    """Return the day of an ISO date or of a decimal year.

    A month or a year alone stands for its middle, no date for long ago.

    Parameters
    ----------
    date
        ISO date, month or year as text, or a decimal year such as 2027.25.
    """
    if not isinstance(date, str):
        return Date(2000, 1, 1).toordinal() + (date - 2000.0) * _YEAR
    try:
        parts = [int(part) for part in date.split("-")]
        if len(parts) == 1:
            return Date(parts[0], 7, 1).toordinal()
        return Date(parts[0], parts[1], parts[2] if len(parts) > 2 else 15).toordinal()
    except (ValueError, OverflowError):
        # A row that came with a file may have any text here.
        return 0.0


def decimal_year(date: str) -> float:
    """Return the decimal year of an ISO date, month or year."""
    return 2000.0 + (day(date) - day(2000.0)) / _YEAR


def is_old(row: Row, today: str | float) -> bool:
    """Return whether a row is older than a year on a day; a row without a date is."""
    return day(today) - day(row.date) > OLD_DAYS


def old_in_words(row: Row, today: str | float) -> str:
    """Return the age of a row in words when it is older than a year, else nothing."""
    return age_in_words(row.date, today)


def age_in_words(date: str, today: str | float) -> str:
    """Return how many years a date lies before a day in words, nothing within a year of it."""
    known, now = day(date), day(today)
    if known <= 0.0:
        return _("without a date")
    days = now - known
    if abs(days) <= OLD_DAYS:
        return ""
    years = max(round(abs(days) / _YEAR), 1)
    if days < 0.0:
        return plural("{count} year newer", "{count} years newer", years).format(count=years)
    return plural("{count} year old", "{count} years old", years).format(count=years)
