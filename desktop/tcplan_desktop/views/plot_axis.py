"""Round numbers for axes: ticks, intervals and steps, without any drawing."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_TICKS = 7
_MANTISSAS = (1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Interval:
    """What an axis shows, in its own unit; positions on a logarithmic axis are decimal logarithms."""

    low: float
    high: float
    log: bool = False

    def place(self, value: float) -> float:
        """Return the position of a value on the axis."""
        if not self.log:
            return value
        return math.log10(value) if value > 0 else -math.inf

    def places(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the positions of many values; those that a logarithm does not know are NaN."""
        if not self.log:
            return values
        return np.log10(np.where(values > 0, values, np.nan))

    def value(self, place: float) -> float:
        """Return the value at a position."""
        return float(10.0**place) if self.log else place

    @property
    def ends(self) -> tuple[float, float]:
        """Return the positions of both ends."""
        return self.place(self.low), self.place(self.high)

    def holds(self, value: float) -> bool:
        """Tell whether a value is shown; the ends count."""
        slack = 1e-9 * max(abs(self.low), abs(self.high))
        return self.low - slack <= value <= self.high + slack

    def zoomed(self, centre: float, factor: float) -> "Interval":
        """Return the interval with its width divided by a factor and the centre left where it is."""
        low, high = self.ends
        middle = min(max(self.place(centre), low), high)
        return Interval(
            self.value(middle - (middle - low) / factor),
            self.value(middle + (high - middle) / factor),
            self.log,
        )


def ticks(interval: Interval, *, binary: bool = False, most: int = MOST_TICKS) -> list[float]:
    """Return round values inside an interval, smallest first, as many as there is room for.

    Powers of two when `binary` and logarithmic, else 1-2-5 steps. An interval too narrow for two round
    values on a logarithmic axis gets the ticks of a linear one.
    """
    low, high = interval.low, interval.high
    if interval.log and low > 0:
        found = _powers_of_two(low, high, most) if binary else _decades(low, high, most)
        if len(found) >= 3 or (len(found) == 2 and high / low > 4):
            return found
    return _steps(low, high, most)


def _inside(values: Iterable[float], low: float, high: float) -> list[float]:
    return [value for value in values if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]


def _powers_of_two(low: float, high: float, most: int) -> list[float]:
    powers = range(math.floor(math.log2(low)), math.ceil(math.log2(high)) + 1)
    exponents = [k for k in powers if _inside([2.0**k], low, high)]
    stride = max(1, math.ceil(len(exponents) / most))
    # The last power stays, so that the ends of the default interval are always named.
    return [2.0**k for k in exponents[::-1][::stride]][::-1]


def _decades(low: float, high: float, most: int) -> list[float]:
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for mantissas in (_MANTISSAS, (1.0, 3.0)):
        found = _inside((m * 10.0**k for k in decades for m in mantissas), low, high)
        if len(found) <= most:
            return found
    found = _inside((10.0**k for k in decades), low, high)
    return found[:: max(1, math.ceil(len(found) / most))]


def _steps(low: float, high: float, most: int) -> list[float]:
    if not high > low:
        return [low]
    step = round_up((high - low) / most)
    while True:
        first = math.ceil(low / step - 1e-9)
        last = math.floor(high / step + 1e-9)
        if last - first < most:
            return [index * step for index in range(first, last + 1)]
        step = round_up(step * 1.5)


def round_up(value: float) -> float:
    """Return the smallest 1-2-5 number that is not below a value."""
    decade = 10.0 ** math.floor(math.log10(value))
    for mantissa in (*_MANTISSAS, 10.0):
        if mantissa * decade >= value * (1 - 1e-9):
            return mantissa * decade
    return 10.0 * decade


def next_round(value: float, direction: int) -> float:
    """Return the neighbour of a positive value among 1-2-5 numbers, above (+1) or below (-1)."""
    exponent = math.floor(math.log10(value))
    numbers = [m * 10.0**k for k in (exponent - 1, exponent, exponent + 1) for m in _MANTISSAS]
    if direction > 0:
        return min(number for number in numbers if number > value * (1 + 1e-9))
    return max(number for number in numbers if number < value * (1 - 1e-9))


def upright(values: NDArray[np.float64], plan: float | None, limit: float | None) -> Interval:
    """Return the interval of a vertical axis.

    A curve like 1/x would leave the plan on the floor, so nothing beyond four times the plan is shown. The
    axis begins at zero unless the curve is far above it, and a flat curve looks flat. A limit line is
    inside when it is near.
    """
    finite = values[np.isfinite(values)]
    known = finite.tolist() + ([plan] if plan is not None and math.isfinite(plan) else [])
    if not known:
        return Interval(0.0, 1.0)
    low, high = min(known), max(known)
    if plan is not None and plan > 0:
        high = min(high, 4.0 * plan)
    if low == high == 0.0:
        return Interval(0.0, 1.0)
    flat = high - low < 0.02 * max(abs(high), abs(low))
    if limit is not None and low / 2.5 < limit < 2.5 * high:
        low, high = min(low, limit), max(high, 1.05 * limit)
    if flat or 0 <= low < 0.5 * high:
        return Interval(min(0.0, 1.25 * low), max(0.0, high * (1.25 if flat else 1.05)))
    room = 0.12 * (high - low)
    return Interval(low - 2 * room if low < 0 else max(0.0, low - 2 * room), high + room)
