"""Moments in the words of the window."""

from __future__ import annotations

from datetime import datetime


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
