"""A group of fields, and what each of them allows."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from tcplan.language import _
from tcplan.plan import marks, units
from tcplan.plan.field import Shown, shown_of
from tcplan.plan.number import write
from tcplan.plan.units import from_coherent
from tcplan.plan.value import numbers

_DIGITS = 4


class Panel(BaseModel):
    """A frozen, strict group of fields; None in a field means that the person did not type it."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="after")
    @classmethod
    def _inside_bounds(cls, value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401
        if value is None:
            return value
        shown = shown_of(cls, str(info.field_name))
        if shown.kind == "choice":
            keys = [choice.key for choice in shown.choices]
            if value not in keys:
                message = _("{value} is not one of {allowed}").format(value=value, allowed=", ".join(keys))
                raise ValueError(message)
        elif shown.kind == "number":
            for number in numbers(value):
                _check(number, shown)
        elif any(ord(letter) < 32 and letter != "\n" for letter in value):
            message = _("control characters are not allowed")
            raise ValueError(message)
        return value


def _check(number: float, shown: Shown) -> None:
    if number < shown.low or number > shown.high or (shown.above_low and number <= shown.low):
        raise ValueError(_bounds(shown))
    if shown.whole and number != int(number):
        message = _("must be a whole number")
        raise ValueError(message)


def _bounds(shown: Shown) -> str:
    """Return what a field allows, in the unit and with the marks in which people type it."""
    sentence = _("must be {low} or more and {high} or less")
    if shown.above_low:
        sentence = _("must be more than {low} and {high} or less")
    unit = _(shown.shown) if shown.shown not in ("", "1") else ""
    high = f"{_round(shown.high, shown, ROUND_FLOOR)} {unit}".strip()
    return sentence.format(low=_round(shown.low, shown, ROUND_CEILING), high=high)


def _round(bound: float, shown: Shown, inwards: str) -> str:
    """Return a bound in the unit shown as a short number that is itself allowed."""
    size = units.unit(shown.shown).factor
    exact = Decimal(repr(from_coherent(bound, shown.shown)))
    short = Context(prec=_DIGITS, rounding=inwards).plus(exact)
    return write(float(Fraction(short) * size), shown, marks.current())
