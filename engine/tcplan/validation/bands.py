"""The band of a predicted time: where measured steps of its kind lie, wider far from what was measured."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from math import ceil, exp, inf, log, nan, sqrt
from typing import NamedTuple

from tcplan.validation.place import OwnBand, Place
from tcplan.validation.published import published

ANY = "any"
COVERED, MOST = 0.90, 0.95
RELEASES = 1.06
"""Slowest over fastest release of a stack with one and the same layout, in the middle of 68 layouts."""
ENOUGH = 12
"""Residuals from which a band is read; below, it is the planning value of its regime."""

_NARROWEST, _WIDEST = 0.4, 3.0
_UNSEEN_STACK = 2.0
_UNSEEN_PRECISION = 1.5
_FURTHER_DEVICES = 0.25
_FAR = 4.0
_OFF_GRID = 1.0
_STEPS = 20
_OPTIMISM = 1.15
"""How much slower unseen hardware was than its data sheet promised, in the middle."""


@dataclass(frozen=True, slots=True)
class Band:
    """Measured over predicted time: 5 of 100 steps lie below `low`, 5 above `high`; `reasons` widened it.

    `planned` is what its regime had before enough steps were measured.
    """

    regime: str
    low: float
    high: float
    rows: int = 0
    source: str = ""
    reasons: tuple[str, ...] = ()
    planned: tuple[float, float] = (nan, nan)

    def holds(self, predicted: float, measured: float) -> bool:
        """Return whether a measured time lies in the band of a predicted one."""
        return self.low * predicted <= measured <= self.high * predicted


OWN = "own"
"""The regime of a stack that somebody calibrated to steps of one's own."""
WHOLE_RUN = "whole-run"
"""The regime of times of whole runs, in which laboratories differ more than layouts do."""


@cache
def table() -> dict[tuple[str, str, str], Band]:
    """Return the bands that are shipped, by regime, stack and generation."""
    text = (resources.files("tcplan_resources") / "validation" / "bands.csv").read_text("utf-8")
    found = {}
    for row in csv.DictReader(io.StringIO(text)):
        low, high = float(row["low"]), float(row["high"])
        planned = (float(row["planned_low"] or nan), float(row["planned_high"] or nan))
        found[row["regime"], row["stack"], row["generation"]] = Band(
            row["regime"], low, high, int(row["rows"]), row["source"], planned=planned
        )
    return found


def regime_band(place: Place) -> Band:
    """Return the band of a regime as measured: of its stack and generation, of its stack, or of all."""
    if place.own is not None:
        return Band(OWN, place.own.low, place.own.high)
    bands = table()
    for key in ((place.stack, place.generation), (place.stack, ANY)):
        if (place.regime, *key) in bands:
            return bands[place.regime, *key]
    return bands[place.regime, ANY, ANY]


def band_of(place: Place) -> Band:
    """Return the band of a place: that of its regime, widened by its distance from what was measured.

    It goes to the power of the distance, and moves where hardware and precision are unseen.
    """
    band, found = regime_band(place), distances(place)
    power = sqrt(1.0 + sum(one * one for one in found.values()))
    moved = log(_OPTIMISM) if "generation" in found else 0.0
    low, high = (exp(moved + power * log(edge)) for edge in (band.low, band.high))
    low, high = max(low, min(_NARROWEST, band.low)), min(high, max(_WIDEST, band.high))
    return replace(band, low=low, high=high, reasons=tuple(found))


def run_band() -> Band:
    """Return the band of a whole run after the run factor."""
    return table()[WHOLE_RUN, ANY, ANY]


class _Seen(NamedTuple):
    """What was published of a stack, and of a generation and precision."""

    stack: bool
    hardware: bool
    devices: float
    off_grid: bool


@lru_cache(maxsize=256)
def _seen(sparse: bool, stack: str, generation: str, precision: str) -> _Seen:
    rows = [row.place for row in published()]
    alike = [row for row in rows if row.sparse == sparse]
    stacked = [row for row in rows if row.stack == stack]
    equal = [row for row in alike if (row.generation, row.precision) == (generation, precision)]
    most = max((row.devices for row in equal or stacked or alike), default=inf)
    return _Seen(bool(stacked), bool(equal), most, any(row.off_grid for row in equal))


def distances(place: Place) -> dict[str, float]:
    """Return how far a place is from the published rows, by reason; empty when it is among them."""
    if place.own is not None:
        return _from_own(place, place.own)
    seen = _seen(place.sparse, place.stack, place.generation, place.precision)
    found = {}
    if not seen.stack:
        found["stack"] = _UNSEEN_STACK
    if not seen.hardware:
        found["generation"] = _UNSEEN_PRECISION
    found |= _further(place.devices, seen.devices)
    if place.off_grid and not seen.off_grid:
        found["grid"] = _OFF_GRID
    return found


def forget() -> None:
    """Read the tables anew when they are asked for next."""
    table.cache_clear()
    _seen.cache_clear()
    published.cache_clear()


def _from_own(place: Place, own: OwnBand) -> dict[str, float]:
    seen = f"{place.generation} {place.precision}" in own.hardware
    return ({} if seen else {"generation": _UNSEEN_PRECISION}) | _further(place.devices, own.devices)


def _further(devices: float, most: float) -> dict[str, float]:
    beyond = devices / (_FAR * most)
    return {"devices": _FURTHER_DEVICES * (1.0 + log(beyond) / log(_FAR))} if beyond > 1.0 else {}


def narrowed(band: tuple[float, float], ratios: Sequence[float]) -> tuple[float, float]:
    """Return a band no wider than makes it hold 95 of 100 ratios of another kind.

    Constants that know one model alone do badly without it, so a band from models that were left out can be
    too wide for the constants as they are.

    Parameters
    ----------
    band
        Both ends [1].
    ratios
        Measured over predicted, by the constants as they are [1].
    """
    tight = fitted(ratios)
    for step in range(_STEPS + 1):
        share = step / _STEPS
        low, high = (wide ** (1.0 - share) * near**share for wide, near in zip(band, tight, strict=True))
        if sum(low <= one <= high for one in ratios) <= MOST * len(ratios):
            return low, high
    return tight


def fitted(ratios: Sequence[float]) -> tuple[float, float]:
    """Return the narrowest band over these ratios that holds 90 of 100, its upper side the wider.

    A step to come counts as one more, so that a band from few ratios is the wider (conformal prediction,
    arXiv:2107.07511, section 1).

    Parameters
    ----------
    ratios
        Measured over predicted, of rows that the prediction was not fitted to [1].
    """
    logs = sorted(log(one) for one in ratios)
    wanted = min(ceil(COVERED * (len(logs) + 1)), len(logs))
    best = (inf, 0.0, 0.0)
    for low in {max(0.0, -one) for one in logs}:
        inside = [one for one in logs if one >= -low]
        if len(inside) >= wanted:
            high = max(low, inside[wanted - 1], 0.0)
            best = min(best, (low + high, low, high))
    return exp(-best[1]), exp(best[2])
