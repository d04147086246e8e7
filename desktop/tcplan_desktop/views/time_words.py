"""Moments in the words of the window."""

from __future__ import annotations

from datetime import UTC, datetime

from tcplan.language import _


def local(time: str) -> str:
    """Return a time of the file, which is in UTC, as the clock on the wall shows it."""
    try:
        moment = datetime.fromisoformat(time.replace("Z", "+00:00")).astimezone()
    except ValueError:
        return time
    today = moment.date() == datetime.now().astimezone().date()
    return f"{moment:%H:%M}" if today else f"{moment.day} {moment:%b %Y}"


def month(text: str) -> str:
    """Return a year and month such as 2026-11 in words."""
    return f"{datetime.fromisoformat(text + '-01'):%B %Y}"


def ago(moment: datetime) -> str:
    """Return how long ago a moment was, or its date."""
    seconds = (datetime.now(UTC) - moment).total_seconds()
    if seconds < 90:
        return _("just now")
    if seconds < 3600:
        return _("{count} min ago").format(count=round(seconds / 60))
    if seconds < 12 * 3600:
        return _("{count} h ago").format(count=round(seconds / 3600))
    return on_the_wall(moment)


def on_the_wall(moment: datetime, *, seconds: bool = False) -> str:
    """Return a moment as clock and calendar here show it: the time today, else the day as well."""
    local = moment.astimezone()
    time = f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"
    today = datetime.now().astimezone().date()
    if local.date() == today:
        return time
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {local:%b}{year}, {time}"
