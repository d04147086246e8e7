"""Published rows with a prediction for each: what is nearest to a plan, and how far off it was there."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import isfinite, log, nan

from tcplan.language import N_
from tcplan.validation.place import OwnBand, Place

MEASURED, CALIBRATED, EXTRAPOLATED = "measured", "calibrated", "extrapolated"
WORDS = {
    MEASURED: N_("a published step of nearly this size, hardware and software"),
    CALIBRATED: N_("published steps on this hardware in this precision, and of this software"),
    EXTRAPOLATED: N_("no published steps on this hardware in this precision, or none of this software"),
}
COLUMNS = (
    *("id", "source", "hardware", "model", "regime", "stack", "generation", "precision", "task", "sparse"),
    *("devices", "size", "off_grid", "calibrated"),
    *("measured_step_s", "predicted_step_s", "honest_step_s", "measured_mem_gib", "predicted_mem_gib"),
)

_SAME_SIZE = 1.3
_SAME_DEVICES = 2.0
_WITHIN_DEVICES = 4.0
_FEW = 3


@dataclass(frozen=True, slots=True)
class Published:
    """One published step: where it stands, what was measured, what is predicted.

    `honest_s` is the prediction by constants that were fitted without this model; `calibrated` says whether
    the row has a part in the fit.
    """

    key: str
    source: str
    hardware: str
    model: str
    place: Place
    calibrated: bool
    measured_s: float
    predicted_s: float
    honest_s: float
    measured_gib: float
    predicted_gib: float

    @property
    def error(self) -> float:
        """Return predicted over measured time less one."""
        return self.predicted_s / self.measured_s - 1.0


@dataclass(frozen=True, slots=True)
class Confidence:
    """How near a plan is to published steps: a word, and the nearest ones, the nearest first."""

    word: str
    nearest: tuple[Published, ...]

    @property
    def error(self) -> float:
        """Return the mean absolute error at the nearest rows, NaN where there are none."""
        errors = [abs(row.error) for row in self.nearest]
        return sum(errors) / len(errors) if errors else nan


@cache
def published() -> tuple[Published, ...]:
    """Return the recorded rows that have a measured and a predicted time."""
    file = resources.files("tcplan_resources") / "validation" / "predictions.csv"
    return tuple(_published(row) for row in csv.DictReader(io.StringIO(file.read_text("utf-8"))))


def _published(row: dict[str, str]) -> Published:
    place = Place(
        regime=row["regime"],
        stack=row["stack"],
        generation=row["generation"],
        precision=row["precision"],
        task=row["task"],
        sparse=row["sparse"] == "1",
        devices=float(row["devices"]),
        size=float(row["size"]),
        off_grid=row["off_grid"] == "1",
    )
    times = (float(row[name] or nan) for name in COLUMNS[-5:])
    calibrated = row["calibrated"] == "1"
    return Published(row["id"], row["source"], row["hardware"], row["model"], place, calibrated, *times)


def confidence(place: Place, rows: Sequence[Published], nearest: int = 5) -> Confidence:
    """Return how near a place is to published rows.

    Parameters
    ----------
    place
        Where the plan stands.
    rows
        The published rows.
    nearest
        How many of them to name.
    """
    if place.own is not None:
        return _of_own(place, place.own, rows, nearest)
    timed = [row for row in rows if isfinite(row.measured_s)]
    kind = [row for row in timed if _of_a_kind(row.place, place)]
    ranked = sorted(kind, key=lambda row: _away(row.place, place))
    close = tuple(row for row in ranked if _same(row.place, place))
    known = any(row.place.stack == place.stack for row in timed)
    within = [row for row in ranked if known and place.devices <= _WITHIN_DEVICES * row.place.devices]
    if close:
        return Confidence(MEASURED, close[:nearest])
    if len(within) >= _FEW:
        return Confidence(CALIBRATED, tuple(ranked[:nearest]))
    family = [row for row in timed if row.place.sparse == place.sparse]
    return Confidence(EXTRAPOLATED, tuple(sorted(family, key=lambda row: _away(row.place, place))[:nearest]))


def _of_own(place: Place, own: OwnBand, rows: Sequence[Published], nearest: int) -> Confidence:
    seen = f"{place.generation} {place.precision}" in own.hardware
    near = seen and place.devices <= _WITHIN_DEVICES * own.devices
    ranked = sorted(
        (row for row in rows if row.place.sparse == place.sparse), key=lambda row: _away(row.place, place)
    )
    return Confidence(CALIBRATED if near else EXTRAPOLATED, tuple(ranked[:nearest]))


def _of_a_kind(one: Place, other: Place) -> bool:
    return (one.generation, one.precision, one.sparse, one.task) == (
        other.generation,
        other.precision,
        other.sparse,
        other.task,
    )


def _same(one: Place, other: Place) -> bool:
    return (
        one.stack == other.stack
        and _apart(one.size, other.size) <= log(_SAME_SIZE)
        and _apart(one.devices, other.devices) <= log(_SAME_DEVICES)
    )


def _away(one: Place, other: Place) -> float:
    """Return a distance: factors of size and devices, and more for each part that differs."""
    differing = sum(
        weight
        for weight, a, b in (
            (3.0, one.generation, other.generation),
            (2.0, one.precision, other.precision),
            (2.0, one.stack, other.stack),
            (3.0, one.task, other.task),
        )
        if a != b
    )
    return differing + _apart(one.size, other.size) + 0.5 * _apart(one.devices, other.devices)


def _apart(one: float, other: float) -> float:
    return abs(log(one / other)) if one > 0.0 and other > 0.0 else 3.0
