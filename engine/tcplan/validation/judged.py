"""Predictions beside their bands: whether the measured step lies where it was said to lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import nan

from tcplan.validation.bands import Band, band_of
from tcplan.validation.place import Place, place_at
from tcplan.validation.steps import Prediction


@dataclass(frozen=True, slots=True)
class Judged:
    """One row with its prediction, place and band; the last two are None for a row that was skipped."""

    prediction: Prediction
    place: Place | None
    band: Band | None

    @property
    def low_s(self) -> float:
        """Return the step time that 5 of 100 such steps are below [s]."""
        return self.band.low * self.prediction.step_s if self.band else nan

    @property
    def high_s(self) -> float:
        """Return the step time that 5 of 100 such steps are above [s]."""
        return self.band.high * self.prediction.step_s if self.band else nan

    @property
    def inside(self) -> bool | None:
        """Return whether the measured step lies in the band; None where there is nothing to compare."""
        measured = self.prediction.measured_step_s
        if self.band is None or not measured > 0.0:
            return None
        return self.band.holds(self.prediction.step_s, measured)


def judge(predictions: Sequence[Prediction]) -> tuple[Judged, ...]:
    """Put each prediction beside the band of its place."""
    return tuple(_judged(one) for one in predictions)


def _judged(one: Prediction) -> Judged:
    if one.estimate is None or one.skipped:
        return Judged(one, None, None)
    place = place_at(one.estimate)
    return Judged(one, place, band_of(place))
