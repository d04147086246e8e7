"""From an estimate and curves to what the plots draw: lines, panes, marker and reading, all in axis units."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tcplan.language import _
from tcplan.report.numbers import figure
from tcplan_desktop.views.curve_choice import Across, Upright, rounded
from tcplan_desktop.views.curve_table import Column
from tcplan_desktop.views.curve_words import (
    Line,
    Scale,
    counting_scale,
    gap_note,
    number,
    pill,
    scale,
    short,
    signed,
)
from tcplan_desktop.views.plot_axis import Interval, upright
from tcplan_desktop.views.plot_overlay import Best, Limit, Marker, Pane, Reading

if TYPE_CHECKING:
    from tcplan.estimate import Estimate
    from tcplan.study.curve import Curve


def scaled(interval: Interval, size: float) -> Interval:
    """Return an interval in units that are so many times larger."""
    return replace(interval, low=interval.low / size, high=interval.high / size)


def x_scale(choice: Across, interval: Interval) -> Scale:
    """Return the unit of the x axis."""
    if choice.binary:
        return Scale("")
    return counting_scale(interval.high) if choice.counted else Scale(choice.shown)


def line_of(estimate: Estimate, curve: Curve | None, result: Upright, x_unit: float) -> Line:
    """Return one curve; points that do not fit in memory are gaps in it."""
    plan = estimate[result.path]
    if curve is None or result.path not in curve.values:
        return Line(result, plan.unit, plan.value, np.empty(0), np.empty(0))
    ys = np.where(curve.fits, curve.values[result.path], np.nan)
    return Line(result, plan.unit, plan.value, curve.xs / x_unit, ys)


def height_of(line: Line, axis: Interval, limit: float | None) -> Interval:
    """Return what the y axis of a curve shows, in the printed unit."""
    inside = (line.xs >= axis.low) & (line.xs <= axis.high)
    return upright(line.ys[inside], line.plan, limit)


def pane_of(
    choice: Across, line: Line, axis: Interval, x_unit: Scale, height: Interval, limit: float | None
) -> tuple[Pane, Scale]:
    """Return the axis and the marks of one plot, and the unit of its axis."""
    shown = scale(line.unit, height.high)
    words = "" if limit is None else f"{_(line.result.limit_name)} {short(limit, line.unit)}"
    pane = Pane(
        y=scaled(height, shown.size),
        limit=None if limit is None else Limit(limit / shown.size, words),
        best=_best(choice, line, axis, x_unit, shown),
    )
    return pane, shown


def _best(choice: Across, line: Line, axis: Interval, x_unit: Scale, shown: Scale) -> Best | None:
    """Return the lowest point where the curve clearly rises on both sides of it."""
    inside = (line.xs >= axis.low) & (line.xs <= axis.high) & np.isfinite(line.ys)
    xs, ys = line.xs[inside], line.ys[inside]
    if xs.size < 3:
        return None
    lowest = int(np.argmin(ys))
    before, after = ys[:lowest], ys[lowest + 1 :]
    if not before.size or not after.size or min(before.max(), after.max()) <= ys[lowest] * 1.01:
        return None
    digits = 6 if choice.whole else 2
    words = f"{number(rounded(float(xs[lowest]), digits))} {x_unit.name}".rstrip()
    text = _(line.result.best).format(x=words)
    return Best(float(xs[lowest]), float(ys[lowest]) / shown.size, text)


def marker_of(
    choice: Across, x_unit: Scale, x: float, lines: tuple[Line, ...], scales: list[Scale], *, held: bool
) -> Marker | None:
    """Return the plan's mark; while it is held the curve says what it would be there."""
    if not np.isfinite(x):
        return None
    ys = [line.at(x) if held else line.plan for line in lines]
    return Marker(
        x,
        pill(choice, x_unit, x),
        tuple(y / shown.size for y, shown in zip(ys, scales, strict=True)),
        tuple(str(figure(y, line.unit)) for y, line in zip(ys, lines, strict=True)),
        _("Your plan"),
    )


def reading_of(
    choice: Across, x_unit: Scale, x: float, lines: tuple[Line, ...], scales: list[Scale]
) -> Reading:
    """Return what the curves are at a point, and how far that is from the plan."""
    values = [line.at(x) for line in lines]
    words = [
        str(figure(value, line.unit, 3)) if np.isfinite(value) else _("no value")
        for value, line in zip(values, lines, strict=True)
    ]
    return Reading(
        x,
        pill(choice, x_unit, x),
        tuple(value / shown.size for value, shown in zip(values, scales, strict=True)),
        tuple(words),
        tuple(signed(line.plan, value, line.unit) for value, line in zip(values, lines, strict=True)),
    )


def gap_of(choice: Across, x_unit: Scale, curve: Curve | None, lines: tuple[Line, ...]) -> str:
    """Return a sentence where curves have gaps, else nothing."""
    if curve is None or not lines[0].xs.size:
        return ""
    xs = lines[0].xs
    impossible = curve.problems != ""
    if impossible.any():
        where = gap_note(choice, x_unit, xs, ~impossible)
        reason = str(curve.problems[impossible][-1])
        return _("No curve {where}. {reason}").format(where=where, reason=reason)
    if not curve.fits.all():
        where = gap_note(choice, x_unit, xs, curve.fits)
        return _("No curve {where}: the share of one device does not fit in its memory.").format(where=where)
    for line in lines:
        where = gap_note(choice, x_unit, xs, np.isfinite(line.ys))
        if where:
            words = _("No curve of {result} {where}: it cannot be computed there.")
            return words.format(result=_(line.result.title), where=where)
    return ""


def columns_of(
    choice: Across, x_unit: Scale, lines: tuple[Line, ...], scales: list[Scale], heads: list[str]
) -> list[Column]:
    """Return the columns of the table: x first, then each curve in the unit of its axis."""
    head = ", ".join(part for part in (_(choice.title), x_unit.name) if part)
    columns = [Column(head, lines[0].xs, 6 if choice.whole else 4)]
    for line, shown, name in zip(lines, scales, heads, strict=True):
        columns.append(Column(name, line.ys / shown.size))
    return columns
