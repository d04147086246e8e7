"""Arithmetic that takes floats without the cost of NumPy, and arrays with it."""

import math
from collections.abc import Sequence

import numpy as np

from tcplan.chain.quantity import Numeric

_PLAIN = (int, float)
_TRUTH = (bool, np.bool_)


def maximum(a: Numeric, b: Numeric) -> Numeric:
    """Return the larger of two values, element by element."""
    if isinstance(a, _PLAIN) and isinstance(b, _PLAIN):
        return a if a >= b or a != a else b
    return np.maximum(a, b)


def minimum(a: Numeric, b: Numeric) -> Numeric:
    """Return the smaller of two values, element by element."""
    if isinstance(a, _PLAIN) and isinstance(b, _PLAIN):
        return a if a <= b or a != a else b
    return np.minimum(a, b)


def clip(a: Numeric, low: Numeric, high: Numeric) -> Numeric:
    """Return the value, or the bound that it passes."""
    return minimum(maximum(a, low), high)


def where(condition: Numeric, a: Numeric, b: Numeric) -> Numeric:
    """Return a where the condition holds, b elsewhere; for true thresholds only."""
    if isinstance(condition, _TRUTH):
        return a if condition else b
    return np.where(condition, a, b)


def sqrt(a: Numeric) -> Numeric:
    """Return the square root."""
    return math.sqrt(a) if isinstance(a, _PLAIN) else np.sqrt(a)


def log2(a: Numeric) -> Numeric:
    """Return the binary logarithm."""
    return math.log2(a) if isinstance(a, _PLAIN) else np.log2(a)


def exp(a: Numeric) -> Numeric:
    """Return the exponential."""
    return math.exp(a) if isinstance(a, _PLAIN) else np.exp(a)


def ceil(a: Numeric) -> Numeric:
    """Return the next whole number, as a float."""
    return float(math.ceil(a)) if isinstance(a, _PLAIN) and math.isfinite(a) else np.ceil(a)


def floor(a: Numeric) -> Numeric:
    """Return the whole number below, as a float."""
    return float(math.floor(a)) if isinstance(a, _PLAIN) and math.isfinite(a) else np.floor(a)


def gather(table: Sequence[float], index: Numeric) -> Numeric:
    """Return the entry of a small coefficient table for each index (ZeRO stage, recompute mode, ...)."""
    if isinstance(index, _PLAIN):
        return table[int(index)]
    return np.asarray(table)[np.asarray(index, dtype=np.int64)]


def smooth_maximum(a: Numeric, b: Numeric) -> Numeric:
    """Return (a^6 + b^6)^(1/6): near the larger, and smooth where they meet."""
    a2 = a * a
    b2 = b * b
    return (a2 * a2 * a2 + b2 * b2 * b2) ** (1.0 / 6.0)
