"""The curves in words: values on an axis, the sentence that answers the view, notes on gaps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tcplan.language import _
from tcplan.plan.marks import current, decimal_mark, grouped, superscript
from tcplan.plan.units import unit as unit_of
from tcplan.report.numbers import MINUS, NO_BREAK, difference, figure
from tcplan_desktop.views.curve_choice import Across, Upright, rounded
from tcplan_desktop.views.plot_axis import Interval

SAME = 0.005
"""A change under half a per cent is not worth a number."""

_COUNTS = {"": 1.0, "k": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


@dataclass(frozen=True, slots=True)
class Scale:
    """The unit of an axis and how many of the plain units one of it is."""

    name: str
    size: float = 1.0


def scale(unit: str, largest: float) -> Scale:
    """Return the unit in which an axis up to a value has short numbers."""
    name = figure(largest / 2.0, unit).unit if largest > 0 else ""
    size = float(unit_of(name).factor / unit_of(unit).factor) if name else 1.0
    return Scale(name, size) if name else Scale("" if unit == "1" else unit)


def counting_scale(largest: float) -> Scale:
    """Return the letter in which things that are counted have short numbers on an axis."""
    if largest < 1e6:
        return Scale("")
    return next(Scale(name, size) for name, size in reversed(_COUNTS.items()) if largest >= 2.0 * size)


def number(value: float, decimals: int | None = None) -> str:
    """Return a round number of an axis, by default the shortest decimal, in the marks of the language."""
    plain = f"{abs(value):.10g}"
    digits, _e, power = (
        plain if decimals is None or "e" in plain else f"{abs(value):.{decimals}f}"
    ).partition("e")
    whole, _point, rest = digits.partition(".")
    locale = current()
    text = (
        (MINUS if value < 0 else "") + grouped(whole, locale) + (decimal_mark(locale) + rest if rest else "")
    )
    return f"{text}{NO_BREAK}×{NO_BREAK}10{superscript(int(power))}" if power else text


def evenly(values: list[float]) -> tuple[tuple[float, str], ...]:
    """Return the ticks of a linear axis with their numbers, each with as many decimals as the others."""
    lengths = [len(f"{value:.10g}".partition(".")[2]) for value in values if "e" not in f"{value:.10g}"]
    return tuple((value, number(value, max(lengths, default=0))) for value in values)


def pill(choice: Across, shown: Scale, x: float) -> str:
    """Return a value of x as short as an axis wants it: "4096", "15 T", "1.3"."""
    text = number(rounded(x, 6 if choice.whole else 3))
    return f"{text} {shown.name}" if choice.counted and shown.name else text


def point(choice: Across, shown: Scale, x: float) -> str:
    """Return a value of x in words, x in units of the axis: "4096 devices", "15 T tokens", "PUE 1.3"."""
    text = pill(choice, shown, x)
    if choice.counted:
        return _("{number} {noun}").format(number=text, noun=_(choice.noun))
    return _("{title} {number}").format(title=_(choice.title), number=f"{text} {shown.name}".rstrip())


def short(value: float, unit: str) -> str:
    """Return a round value with its unit and no digit more than it has."""
    digits = next((count for count in (2, 3, 4) if np.isclose(rounded(value, count), value, rtol=1e-9)), 5)
    return str(figure(value, unit, digits))


def change(result: Upright, before: float, after: float, unit: str) -> str:
    """Return a change of a result in words, such as "36 d sooner"."""
    if not (np.isfinite(before) and np.isfinite(after)):
        return ""
    if abs(after - before) < SAME * abs(before):
        return _(result.same)
    return _(result.more if after > before else result.less).format(amount=_plain(abs(after - before), unit))


def _plain(value: float, unit: str) -> str:
    shown = figure(value, unit)
    # A loss is known by its number alone.
    return shown.text if unit == "nat/token" else str(shown)


def signed(before: float, after: float, unit: str) -> str:
    """Return a change as a number with its sign, "=" when there is none worth a number."""
    if not (np.isfinite(before) and np.isfinite(after)):
        return ""
    return "=" if abs(after - before) < SAME * abs(before) else difference(after, before, unit)


@dataclass(frozen=True, slots=True)
class Line:
    """One curve as the words see it: the plan's own value and the values along x, in the printed unit."""

    result: Upright
    unit: str
    plan: float
    xs: NDArray[np.float64]
    ys: NDArray[np.float64]

    def at(self, x: float) -> float:
        """Return the value at x; NaN in a gap and beyond the ends."""
        if not self.xs.size or not self.xs[0] <= x <= self.xs[-1]:
            return float("nan")
        return float(np.interp(x, self.xs, self.ys))


def reading(words: str, lines: tuple[Line, ...], x: float) -> str:
    """Return the sentence for a point that somebody reads: "4096 devices: 36 d sooner, 1.4 M$ more."."""
    parts = [change(one.result, one.plan, one.at(x), one.unit) for one in reversed(lines)]
    told = [part for part in dict.fromkeys(parts) if part]
    if not told:
        return _("{x}: not computed.").format(x=words)
    return _("{x}: {changes}.").format(x=words, changes=", ".join(told))


def answer(choice: Across, shown: Scale, lines: tuple[Line, ...], interval: Interval, plan: float) -> str:
    """Return what the curves say as a whole, from the nearest doubling or halving that they show."""
    if not any(np.isfinite(one.ys).any() for one in lines):
        return _("No point of these curves can be computed.")
    if not np.isfinite(plan) or not any(np.isfinite(one.plan) for one in lines):
        return _("The plan cannot be computed yet.")
    for factor in (2.0, 0.5) if choice.logarithmic else (1.25, 0.8):
        x = plan * factor if choice.logarithmic else rounded(plan * factor, 2)
        if not interval.holds(x) or not all(np.isfinite(one.at(x)) for one in lines):
            continue
        subject = _subject(choice, shown, factor, x)
        if all(change(one.result, one.plan, one.at(x), one.unit) == _(one.result.same) for one in lines):
            same = _(" and ").join(dict.fromkeys(_(one.result.same) for one in lines))
            return _("{subject}: {same}.").format(subject=subject, same=same)
        return reading(subject, lines, x)
    return _("There is no other point near the plan to compare with.")


def _subject(choice: Across, shown: Scale, factor: float, x: float) -> str:
    if not choice.logarithmic:
        return point(choice, shown, x)
    words = _("Twice the {noun}") if factor > 1 else _("Half the {noun}")
    return words.format(noun=_(choice.noun))


def gap_note(choice: Across, shown: Scale, xs: NDArray[np.float64], whole: NDArray[np.bool_]) -> str:
    """Return where there are no points; `whole` tells where there are, xs are in units of the axis."""
    if not whole.size or whole.all():
        return ""
    if not whole.any():
        return _("in this whole range")
    edges = np.flatnonzero(np.diff(whole.astype(np.int8)))
    if len(edges) == 1:
        edge = float(xs[edges[0] + 1])
        text = _("from {x} on") if whole[0] else _("below {x}")
        bare = f"{pill(choice, shown, edge)} {shown.name}".rstrip()
        return text.format(x=point(choice, shown, edge) if choice.counted else bare)
    return _("at {missing} of {all} points").format(missing=int((~whole).sum()), all=whole.size)
