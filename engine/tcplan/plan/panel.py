"""A group of fields, and what each of them allows."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from tcplan.language import _
from tcplan.plan import marks, units
from tcplan.plan.field import Shown, shown_of
from tcplan.plan.letters import forbidden
from tcplan.plan.number import write
from tcplan.plan.units import from_coherent
from tcplan.plan.value import Range, numbers

_DIGITS = 4
_LONGEST_TEXT = 500
_LONGEST_KEY = 40


class Panel(BaseModel):
    """A frozen, strict group of fields; None in a field means that the person did not type it."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="after")
    @classmethod
    def _inside_bounds(cls, value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401
        sentence = "" if value is None else refusal(value, shown_of(cls, str(info.field_name)))
        if sentence:
            raise ValueError(sentence)
        return value


def refusal(value: float | Range | tuple[float, ...] | str, shown: Shown) -> str:
    """Return why a field does not allow a value, nothing when it does."""
    if shown.kind == "number":
        if isinstance(value, str):
            return _("must be a number")
        return next((sentence for number in numbers(value) if (sentence := _refusal(number, shown))), "")
    if not isinstance(value, str):
        return _("must be a text")
    if shown.kind == "choice":
        keys = [choice.key for choice in shown.choices]
        sentence = _("{value} is not one of {allowed}")
        return "" if value in keys else sentence.format(value=value[:_LONGEST_KEY], allowed=", ".join(keys))
    if any(forbidden(letter) for letter in value):
        return _("control characters are not allowed")
    if len(value) > _LONGEST_TEXT:
        return _("must have {count} letters or less").format(count=_LONGEST_TEXT)
    return ""


def _refusal(number: float, shown: Shown) -> str:
    # Written so that NaN is refused too.
    inside = shown.low < number <= shown.high or (number == shown.low and not shown.above_low)
    if not inside:
        return _bounds(shown)
    return _("must be a whole number") if shown.whole and number != int(number) else ""


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
