"""The next value up or down: 1-2-5 on a logarithmic scale, a step of the second digit on a plain one."""

from __future__ import annotations

import math
from enum import Enum


class Stride(Enum):
    """How far one press goes."""

    FINE = "fine"
    STEP = "step"
    TENFOLD = "tenfold"


PIXELS_A_DECADE = 240.0
PIXELS_A_STEP = 6.0
_LADDER = (1.0, 2.0, 5.0, 10.0)


def stepped(value: float, direction: int, stride: Stride, *, logarithmic: bool, whole: bool) -> float:
    """Return the next value in a direction (+1 or -1), in the unit in which the field is shown."""
    if logarithmic and value > 0:
        if stride is Stride.TENFOLD:
            return tidy(value * 10.0**direction, whole=whole)
        if stride is Stride.STEP:
            return _at_least_one(value, _rung(value, direction), direction, whole=whole)
    step = digit_step(value)
    step *= {Stride.FINE: 0.1, Stride.STEP: 1.0, Stride.TENFOLD: 10.0}[stride]
    if logarithmic and value > 0:
        step = 10.0 ** math.floor(math.log10(value) + 1e-12) * 0.1
    return _at_least_one(value, tidy(value + direction * step), direction, whole=whole)


def scrubbed(value: float, pixels: float, *, logarithmic: bool, whole: bool) -> float:
    """Return where dragging the label by so many pixels leads, rounded to three digits."""
    if logarithmic and value > 0:
        moved = value * 10.0 ** (pixels / PIXELS_A_DECADE)
        digits = 2 - math.floor(math.log10(moved))
        return tidy(round(moved, digits), whole=whole)
    return tidy(value + round(pixels / PIXELS_A_STEP) * digit_step(value), whole=whole)


def digit_step(value: float) -> float:
    """Return one unit of the second significant digit, 1 for zero."""
    if value == 0:
        return 1.0
    return 10.0 ** (math.floor(math.log10(abs(value)) + 1e-12) - 1)


def tidy(value: float, *, whole: bool = False) -> float:
    """Return the value without the last bits that arithmetic leaves behind."""
    return float(round(value)) if whole else float(f"{value:.12g}")


def _rung(value: float, direction: int) -> float:
    decade = 10.0 ** math.floor(math.log10(value) + 1e-12)
    rungs = [decade * 0.5, *(decade * rung for rung in _LADDER)]
    if direction > 0:
        return tidy(next(rung for rung in rungs if rung > value * (1 + 1e-9)))
    return tidy(next(rung for rung in reversed(rungs) if rung < value * (1 - 1e-9)))


def _at_least_one(value: float, moved: float, direction: int, *, whole: bool) -> float:
    if not whole:
        return moved
    rounded = float(round(moved))
    return rounded if rounded != value else value + direction
