"""Values that nobody typed, with as many digits as they deserve."""

from fractions import Fraction
from functools import lru_cache

from tcplan.plan.field import Shown
from tcplan.plan.number import write
from tcplan.plan.units import from_coherent, unit

_DIGITS = 4


@lru_cache(maxsize=4096)
def at_rest(value: float, shown: Shown, locale: str) -> str:
    """Return a value in the unit of its field, rounded; nothing for one that is not known."""
    if value != value:
        return ""
    if shown.whole and value == int(value):
        return write(value, shown, locale)
    in_unit = Fraction(f"{from_coherent(value, shown.shown):.{_DIGITS}g}")
    return write(float(in_unit * unit(shown.shown).factor), shown, locale)
