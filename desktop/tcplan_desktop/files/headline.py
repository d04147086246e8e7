"""What a plan says in short: for its file, its name, and the lists in which it stands."""

from __future__ import annotations

import re
from datetime import datetime
from math import isfinite
from pathlib import Path

from tcplan.estimate import Estimate
from tcplan.language import _
from tcplan.plan.document import Document as Content
from tcplan.report.numbers import change, figure
from tcplan.version import VERSION
from tcplan_desktop.files.recent import RecentPlan
from tcplan_desktop.views.start_list import RecentItem
from tcplan_desktop.views.time_words import ago, on_the_wall

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_DEVICES = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_LONGEST_NAME = 80


def money_and_time(estimate: Estimate) -> tuple[float | None, float | None]:
    """Return the cost in dollars and the run in seconds, None where they cannot be computed."""
    values = (estimate["money.total"].si, estimate["time.run"].si)
    money, seconds = (value if isfinite(value) else None for value in values)
    return money, seconds


def money_text(money: float | None) -> str:
    """Return a cost as the lists show it."""
    return "" if money is None else str(figure(money, "USD"))


def time_text(seconds: float | None) -> str:
    """Return a duration as the lists show it."""
    return "" if seconds is None else str(figure(seconds, "s"))


def clean_name(text: str) -> str:
    """Return a text as a file name that each system allows."""
    name = _FORBIDDEN.sub(" ", text).strip(" .")[:_LONGEST_NAME].strip(" .")
    return _("plan") if not name or _DEVICES.match(name) else name


def file_name(estimate: Estimate) -> str:
    """Return a name for a plan without title: its model, else its size."""
    row = estimate.inputs.rows.model
    if row is not None:
        return clean_name(row.name)
    size = estimate["model.parameters"].value
    return clean_name(_("{size} model").format(size=figure(size, "1")) if isfinite(size) else "")


def item_of(plan: RecentPlan, gone: bool) -> RecentItem:
    """Return a recent plan as the start page lists it."""
    try:
        when = ago(datetime.fromisoformat(plan.used))
    except (ValueError, TypeError):
        when = ""
    folder = str(Path(plan.path).parent)
    home = str(Path.home())
    detail = "~" + folder.removeprefix(home) if folder.startswith(home) else folder
    money, time = money_text(plan.money), time_text(plan.seconds)
    return RecentItem(plan.path, plan.name, detail, money, time, when, missing=gone)


def drift(content: Content, estimate: Estimate) -> str:
    """Return what the same plan said at its last save, if it says something else today."""
    last = content.saves[-1] if content.saves else None
    if last is None or last.plan != content.plan.fingerprint():
        return ""
    result = estimate["money.total"]
    then = last.headline.get("money.total")
    if then is None or change(result.value, then) in ("=", "–"):
        return ""
    try:
        when = on_the_wall(datetime.fromisoformat(last.time.replace("Z", "+00:00")))
    except ValueError:
        when = last.time
    why = (
        _("TCPlan {old} → {new}").format(old=last.engine, new=VERSION)
        if last.engine != VERSION
        else _("newer catalogue")
    )
    sentence = _("At its save of {when} this plan said {then}, today {now} ({why}).")
    then_text, now_text = (str(figure(value, result.unit, 3)) for value in (then, result.value))
    return sentence.format(when=when, then=then_text, now=now_text, why=why)
