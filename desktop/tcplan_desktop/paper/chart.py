"""The curve of the sheet, drawn with the sheet's own ink: vector, and the same at every size."""

from collections.abc import Callable
from math import floor, isfinite, log10

import numpy as np

from tcplan.language import _
from tcplan.plan.marks import current, decimal_mark
from tcplan.report.numbers import figure, scale
from tcplan.report.sheet import Chart
from tcplan_desktop.paper.ink import BLACK, BLUE, GREY, RULE, Ink, width_of

Place = Callable[[float, float], tuple[float, float]]


def draw_chart(ink: Ink, chart: Chart, x: float, y: float, width: float, height: float) -> None:
    """Draw the chart into a rectangle of points; its heading belongs to the page."""
    unit, factor = scale(float(np.nanmax(chart.ys)), "USD")
    ink.text(x, y + 6, f"{chart.y_label}, {unit}", size=8, weight=500, color=GREY)
    top, bottom, left, right = y + 18, y + height - 40, x + 24, x + width - 14
    ticks = _round_ticks(max(float(np.nanmax(chart.ys)), chart.budget or 0.0) / factor)
    low, high = np.log2(chart.ticks[0][0]), np.log2(chart.ticks[-1][0])

    def at(devices: float, value: float) -> tuple[float, float]:
        share = (np.log2(devices) - low) / (high - low)
        return left + share * (right - left), bottom - value / factor / ticks[-1] * (bottom - top)

    for tick in ticks:
        level = bottom - tick / ticks[-1] * (bottom - top)
        ink.rule(
            left, level, right - left, thickness=0.8 if tick == 0 else 0.4, color=BLACK if tick == 0 else RULE
        )
        ink.text(
            left - 5,
            level + 2.8,
            f"{tick:g}".replace(".", decimal_mark(current())),
            size=8,
            color=GREY,
            align="right",
        )
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


def _draw_curve(ink: Ink, chart: Chart, at: Place) -> None:
    pieces: list[list[tuple[float, float]]] = [[]]
    for devices, value in zip(chart.xs, chart.ys, strict=True):
        if np.isfinite(value):
            pieces[-1].append(at(float(devices), float(value)))
        elif pieces[-1]:
            pieces.append([])
    for piece in pieces:
        if len(piece) > 1:
            ink.curve(piece)


def _draw_devices(ink: Ink, chart: Chart, at: Place, bottom: float) -> None:
    for devices, seconds in chart.ticks:
        px = at(devices, 0.0)[0]
        chosen = devices == chart.plan[0]
        count = figure(devices, "1", digits=6)
        ink.text(px, bottom + 11, count.text, size=8, weight=600 if chosen else 400, align="centre")
        time = figure(seconds, "s")
        ink.text(px, bottom + 21, f"{time.text} {time.unit}", size=7.5, color=GREY, align="centre")


def _round_ticks(largest: float) -> list[float]:
    step = 10.0 ** floor(log10(largest / 3.0))
    for factor in (1.0, 2.0, 5.0, 10.0):
        if largest <= step * factor * 3.999:
            step *= factor
            break
    count = int(np.ceil(largest / step - 1e-9))
    return [step * n for n in range(max(count, 1) + 1)]
