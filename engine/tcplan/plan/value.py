"""The three kinds of value that a numeric field holds: a number, a range or a list."""

import math
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tcplan.language import _


class Range(BaseModel):
    """A 5-95 % range; until uncertainty is computed it stands for its median."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.low < self.high:
            message = _("the low end of a range must be below its high end")
            raise ValueError(message)
        return self


Values = Annotated[
    tuple[Annotated[float, Field(allow_inf_nan=False)], ...], Field(min_length=1, max_length=10_000)
]
"""A list of values, in the order in which they were typed."""

Number = Annotated[float, Field(allow_inf_nan=False)] | Range | Values


def central(value: float | Range | tuple[float, ...], *, logarithmic: bool) -> float:
    """Return the one number that stands for a value: the median of a range, the first of a list.

    The median of a 5-95 % range is its geometric mean when the scale is logarithmic (log-normal), its
    arithmetic mean otherwise.
    """
    if isinstance(value, Range):
        if logarithmic and value.low > 0:
            return math.sqrt(value.low * value.high)
        return 0.5 * (value.low + value.high)
    if isinstance(value, tuple):
        return value[0]
    return value


def numbers(value: float | Range | tuple[float, ...]) -> tuple[float, ...]:
    """Return every number that a value contains."""
    if isinstance(value, Range):
        return (value.low, value.high)
    if isinstance(value, tuple):
        return value
    return (value,)
