"""The curve of the sheet, drawn with the sheet's own ink: vector, and the same at every size."""

from itertools import pairwise
from math import floor, isfinite, log10

import numpy as np

from tcplan.language import _
from tcplan.report.numbers import figure, scale
from tcplan.report.sheet import Chart
from tcplan_desktop.paper.ink import BLACK, BLUE, GREY, RULE, Ink, width_of

_TICKS_X = 7


def draw_chart(ink: Ink, chart: Chart, x: float, y: float, width: float, height: float) -> None:
    """Draw the chart into a rectangle of points; its heading belongs to the page."""
    unit, factor = scale(float(np.nanmax(chart.ys)), "USD")
    ink.text(x, y + 6, f"{chart.y_label}, {unit}", size=8, weight=500, color=GREY)
    top, bottom, left, right = y + 18, y + height - 40, x + 24, x + width - 14
    ticks = _round_ticks(max(float(np.nanmax(chart.ys)), chart.budget or 0.0) / factor)
    low, high = np.log2(chart.xs[0]), np.log2(chart.xs[-1])

    def at(devices: float, value: float) -> tuple[float, float]:
        share = (np.log2(devices) - low) / (high - low)
        return left + share * (right - left), bottom - value / factor / ticks[-1] * (bottom - top)

    for tick in ticks:
        level = bottom - tick / ticks[-1] * (bottom - top)
        ink.rule(
            left, level, right - left, thickness=0.8 if tick == 0 else 0.4, color=BLACK if tick == 0 else RULE
        )
        ink.text(left - 5, level + 2.8, f"{tick:g}", size=8, color=GREY, align="right")
    _draw_curve(ink, chart, at)
    if chart.budget is not None:
        level = at(chart.xs[0], chart.budget)[1]
        ink.rule(left, level, right - left, thickness=0.8, color=BLACK)
        ink.text(right, level + 9, _("budget"), size=8, weight=600, align="right")
    _draw_devices(ink, chart, at, bottom)
    px, py = at(*chart.plan)
    if isfinite(py):
        ink.disc(px, py, 3.4)
        label = figure(chart.plan[1], "USD", digits=2)
        text = _("plan {money}").format(money=f"{label.text} {label.unit}")
        half = width_of(text, 8, 600) / 2.0
        middle = min(max(px, left + half), right - half)
        down = py + 13 if py + 16 < bottom else py - 8
        ink.text(middle, down, text, size=8, weight=600, color=BLUE, align="centre")
    ink.text((left + right) / 2.0, y + height - 4, chart.x_label, size=7.5, color=GREY, align="centre")


def _draw_curve(ink: Ink, chart: Chart, at) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    pieces: list[list[tuple[float, float]]] = [[]]
    for devices, value in zip(chart.xs, chart.ys, strict=True):
        if np.isfinite(value):
            pieces[-1].append(at(float(devices), float(value)))
        elif pieces[-1]:
            pieces.append([])
    for piece in pieces:
        if len(piece) > 1:
            ink.curve(piece)


def _draw_devices(ink: Ink, chart: Chart, at, bottom: float) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    for devices in _device_ticks(chart):
        px = at(devices, 0.0)[0]
        index = int(np.argmin(np.abs(chart.xs - devices)))
        chosen = devices == chart.plan[0]
        count = figure(devices, "1", digits=6)
        ink.text(px, bottom + 11, count.text, size=8, weight=600 if chosen else 400, align="centre")
        days = figure(float(chart.days[index]) * 86_400.0, "s", digits=2)
        ink.text(px, bottom + 21, f"{days.text} {days.unit}", size=7.5, color=GREY, align="centre")


def _device_ticks(chart: Chart) -> list[float]:
    plan = chart.plan[0]
    ticks = [plan * 2.0**step for step in range(-3, 4)]
    whole = [
        tick for tick in ticks if tick >= 1.0 and tick == int(tick) and chart.xs[0] <= tick <= chart.xs[-1]
    ]
    return whole[:_TICKS_X] if len(whole) > 1 else [float(chart.xs[0]), float(chart.xs[-1])]


def _round_ticks(largest: float) -> list[float]:
    step = 10.0 ** floor(log10(largest / 3.0))
    for factor in (1.0, 2.0, 5.0, 10.0):
        if largest <= step * factor * 3.999:
            step *= factor
            break
    count = int(np.ceil(largest / step - 1e-9))
    ticks = [step * n for n in range(max(count, 1) + 1)]
    if any(b <= a for a, b in pairwise(ticks)):
        message = "ticks must rise"
        raise ValueError(message)
    return ticks
