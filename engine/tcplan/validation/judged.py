"""Predictions beside their bands: whether the measured step lies where it was said to lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

from tcplan.validation.bands import Band, band_of
from tcplan.validation.place import Place, place_at
from tcplan.validation.steps import Prediction


@dataclass(frozen=True, slots=True)
class Judged:
    """One row with its prediction, place and band; the last two are None for a row that was skipped.

    The errors are in per cent, NaN where there is nothing to compare; `inside` tells whether the measured
    step lies in the band, None where there is none.
    """

    prediction: Prediction
    place: Place | None = None
    band: Band | None = None
    error: float = nan
    memory_error: float = nan
    inside: bool | None = None

    @property
    def low_s(self) -> float:
        """Return the step time that 5 of 100 such steps are below [s]."""
        return self.band.low * self.prediction.step_s if self.band else nan

    @property
    def high_s(self) -> float:
        """Return the step time that 5 of 100 such steps are above [s]."""
        return self.band.high * self.prediction.step_s if self.band else nan


def judge(predictions: Sequence[Prediction]) -> tuple[Judged, ...]:
    """Put each prediction beside the band of its place."""
    return tuple(_judged(one) for one in predictions)


def _judged(one: Prediction) -> Judged:
    if one.estimate is None or one.skipped:
        return Judged(one)
    place = place_at(one.estimate)
    band, measured = band_of(place), one.measured_step_s
    inside = band.holds(one.step_s, measured) if measured > 0.0 else None
    return Judged(one, place, band, one.error_pct, one.memory_error_pct, inside)
