"""What the curves can show: inputs along x, results along y, with the words for each."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tcplan.language import N_
from tcplan.plan.plan import descriptions
from tcplan.plan.units import unit as unit_of
from tcplan.plan.value import central
from tcplan.study.curve import MODEL_SIZE
from tcplan_desktop.views.plot_axis import Interval, next_round, ticks

if TYPE_CHECKING:
    from tcplan.estimate import Estimate

DEVICES = "hardware.devices"
_COPY = ("tensor", "pipeline", "context")
POINTS = 400


@dataclass(frozen=True, slots=True)
class Across:
    """An input that a curve can run along; `shown` is the unit of the axis, `low` and `high` are in it."""

    path: str
    title: str
    noun: str
    shown: str
    low: float
    high: float
    whole: bool = False
    logarithmic: bool = True
    binary: bool = False
    counted: bool = False

    @property
    def factor(self) -> float:
        """Return the number of coherent units in one unit of the axis."""
        return float(unit_of(self.shown).factor)

    def coherent(self, value: float) -> float:
        """Return a value of the axis in coherent units, exactly as if it had been typed."""
        return float(Fraction(str(value)) * unit_of(self.shown).factor)

    def plan_value(self, estimate: Estimate) -> float:
        """Return the plan's own value in the unit of the axis."""
        if self.path == MODEL_SIZE:
            return estimate[MODEL_SIZE].si
        return estimate.field(self.path).value / self.factor

    def snapped(self, value: float) -> float:
        """Return the value that a drag to here means: whole where it must be, else three digits."""
        kept = min(max(value, self.low), self.high)
        if self.whole:
            return float(max(round(kept), math.ceil(self.low)))
        return min(max(rounded(kept, 3 if self.logarithmic else 4), self.low), self.high)

    def stepped(self, value: float, direction: int) -> float:
        """Return the next of the 1-2-5 numbers, or of a hundredth each where the field is linear."""
        if not self.logarithmic:
            scale = 10.0 ** math.floor(math.log10(max(abs(value), 1e-9))) * 0.05
            return self.snapped(round(value / scale + direction) * scale)
        if value <= 0:
            return self.snapped(1.0 if direction > 0 else 0.0)
        return self.snapped(next_round(value, direction))

    def default(self, plan: float, *, log: bool) -> Interval:
        """Return the interval around a plan: an eighth to eight times on a logarithmic axis."""
        if not plan > 0:
            return Interval(self.low, max(self.low + 1.0, min(self.high, 1.0)))
        if not log:
            low, high = (0.25 * plan, 2.0 * plan) if self.logarithmic else (0.6 * plan, 1.5 * plan)
            return Interval(max(self.low, low), min(self.high, high))
        if self.binary:
            middle = 2.0 ** round(math.log2(plan))
            return Interval(max(self.low, middle / 8), min(self.high, middle * 8), log=True)
        return Interval(max(self.low, plan / 8), min(self.high, plan * 8), log=True)

    def group(self, estimate: Estimate) -> int:
        """Return how many devices the plan's layout needs for one copy of the model, 1 for other inputs."""
        if self.path != DEVICES:
            return 1
        return max(int(math.prod(estimate.layout.get(name, 1.0) for name in _COPY)), 1)

    def points(self, interval: Interval, plan: float, group: int = 1) -> NDArray[np.float64]:
        """Return up to 400 values in an interval, in the unit shown.

        The plan's own value and the ticks are among them, so that what a person points at is computed and
        not interpolated. Devices come in whole groups: between them some would idle, and the curve would be
        a saw of which nobody wants the teeth.
        """
        low, high = interval.low, interval.high
        marks = [*ticks(interval, binary=self.binary)]
        spread = np.geomspace if interval.log else np.linspace
        free = spread(low, high, max(POINTS - len(marks) - 1, 2))
        if self.whole:
            step = group if math.floor(high / group) > math.ceil(low / group) else 1
            free = np.clip(np.round(free / step), math.ceil(low / step), math.floor(high / step)) * step
            marks = [mark for mark in marks if mark % step == 0]
        own = [plan] if interval.holds(plan) else []
        values: NDArray[np.float64] = np.unique(np.concatenate([free, marks, own]))
        return values


@dataclass(frozen=True, slots=True)
class Upright:
    """A result that a curve can show; `more` and `less` say a change."""

    path: str
    title: str
    more: str
    less: str
    same: str
    best: str
    limit: str = ""
    limit_name: str = ""
    add_limit: str = ""
    drop_limit: str = ""

    def limit_value(self, estimate: Estimate) -> float | None:
        """Return the plan's limit in the printed unit of the result, None when there is none."""
        typed = estimate.plan.get(self.limit) if self.limit else None
        if typed is None or isinstance(typed, str):
            return None
        return central(typed, logarithmic=True) / float(unit_of(estimate[self.path].unit).factor)


def rounded(value: float, digits: int) -> float:
    """Return a value with so many significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


_NOUNS = {
    DEVICES: (N_("devices"), True),
    "training.tokens": (N_("tokens"), True),
    "training.sequence": (N_("sequence"), False),
    "training.batch_tokens": (N_("batch"), False),
    "purchase.price": (N_("price"), False),
    "site.electricity_price": (N_("electricity price"), False),
    "site.pue": (N_("PUE"), False),
    "site.carbon_location": (N_("grid carbon"), False),
    "hardware.memory": (N_("memory"), False),
    "hardware.nic_bandwidth": (N_("network bandwidth"), False),
    "failures.failure_time": (N_("time between failures"), False),
}
_BINARY = (DEVICES, "training.sequence")


@cache
def across() -> dict[str, Across]:
    """Return what curves run along, by path, in the order of the menu."""
    found = {}
    for path, (noun, counted) in _NOUNS.items():
        shown = descriptions()[path]
        factor = float(unit_of(shown.shown).factor)
        found[path] = Across(
            path,
            shown.label,
            noun,
            shown.shown,
            shown.low / factor,
            shown.high / factor,
            whole=shown.whole,
            logarithmic=shown.logarithmic,
            binary=path in _BINARY,
            counted=counted,
        )
        if path == "training.tokens":
            found[MODEL_SIZE] = Across(
                MODEL_SIZE,
                N_("Model size"),
                N_("parameters"),
                "parameters",
                1e6,
                1e14,
                counted=True,
            )
    return found


def offered(estimate: Estimate | None) -> dict[str, Across]:
    """Return the inputs for which this plan has curves: only dense decoders are scaled by their size.

    What the family itself computes, such as the tokens of an image, is no input.
    """
    found = dict(across())
    if estimate is None:
        return found
    other = estimate.field("model.family").value > 0
    if other or estimate.field("model.experts").value > 0:
        found.pop(MODEL_SIZE)
    if other and "training.sequence" in estimate:
        found.pop("training.sequence")
    return found


UPRIGHTS = (
    Upright(
        "money.total",
        N_("Money"),
        N_("{amount} more"),
        N_("{amount} less"),
        N_("same money"),
        N_("cheapest {x}"),
        "programme.budget",
        N_("Budget"),
        N_("Add budget line"),
        N_("Remove budget line"),
    ),
    Upright(
        "time.run",
        N_("Time"),
        N_("{amount} later"),
        N_("{amount} sooner"),
        N_("same time"),
        N_("fastest {x}"),
        "programme.deadline",
        N_("Deadline"),
        N_("Add deadline line"),
        N_("Remove deadline line"),
    ),
    Upright(
        "energy.facility",
        N_("Energy"),
        N_("{amount} more"),
        N_("{amount} less"),
        N_("same energy"),
        N_("least energy {x}"),
    ),
    Upright(
        "carbon.location",
        N_("CO₂e, location-based"),
        N_("{amount} CO₂e more"),
        N_("{amount} CO₂e less"),
        N_("same CO₂e"),
        N_("least carbon {x}"),
    ),
    Upright(
        "carbon.market",
        N_("CO₂e, market-based"),
        N_("{amount} CO₂e more"),
        N_("{amount} CO₂e less"),
        N_("same CO₂e"),
        N_("least carbon {x}"),
    ),
    Upright(
        "water.total",
        N_("Water"),
        N_("{amount} of water more"),
        N_("{amount} of water less"),
        N_("same water"),
        N_("least water {x}"),
    ),
    Upright(
        "time.device_hours",
        N_("Device time"),
        N_("{amount} of devices more"),
        N_("{amount} of devices less"),
        N_("same device time"),
        N_("least device time {x}"),
    ),
    Upright(
        "loss.predicted",
        N_("Loss"),
        N_("loss {amount} higher"),
        N_("loss {amount} lower"),
        N_("same loss"),
        N_("lowest loss {x}"),
    ),
)


def upright(path: str) -> Upright:
    """Return the words for a result."""
    return next(one for one in UPRIGHTS if one.path == path)
