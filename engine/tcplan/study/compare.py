"""Plans side by side: the inputs that differ, the results with their change, and which is likely lower."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import erf, inf, isclose, isfinite, log, nan, sqrt

from tcplan.estimate import Estimate
from tcplan.plan.document import in_order
from tcplan.plan.plan import Value, descriptions
from tcplan.plan.value import Range

RESULTS = (
    "money.total",
    "time.run",
    "time.device_hours",
    "energy.facility",
    "carbon.location",
    "carbon.market",
    "water.total",
    "compute.model_flop",
    "loss.predicted",
)
"""What is compared; of all of these less is better."""

UNCLEAR = (0.2, 0.8)
"""Between these chances to be lower two results are not distinguishable."""
_SIGMAS = 2.0 * 1.6449
"""Standard deviations between 5 and 95 of 100."""
_PREDICTED = "predicted_step_time"
_SAME = 1e-9


@dataclass(frozen=True)
class Column:
    """One plan among several.

    Parameters
    ----------
    name
        What people call it.
    estimate
        Its results.
    bands
        5 and 95 of 100 of its results by path, in the unit shown; a result without one counts as exact.
    stated
        Results that were measured or published, by path in the unit shown; they stand for computed ones.
    """

    name: str
    estimate: Estimate
    bands: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    stated: Mapping[str, float] = field(default_factory=dict)

    def value(self, path: str) -> float:
        """Return a result in the unit shown, NaN where it is not known."""
        if path in self.stated:
            return self.stated[path]
        return self.estimate[path].value if path in self.estimate else nan

    def band(self, path: str) -> tuple[float, float]:
        """Return 5 and 95 of 100 of a result; both are its value where it counts as exact."""
        value = self.value(path)
        return (value, value) if path in self.stated else self.bands.get(path, (value, value))


@dataclass(frozen=True, slots=True)
class Cell:
    """An input of one plan: what was typed, else what is in force as a number or as a key."""

    typed: Value
    number: float
    key: str = ""

    def says(self, other: "Cell") -> bool:
        """Return whether two plans have the same here, typed or not."""
        if isinstance(self.typed, Range | tuple) or isinstance(other.typed, Range | tuple):
            return self.typed == other.typed
        if self.key or other.key:
            return self.key == other.key
        both_unknown = self.number != self.number and other.number != other.number
        return both_unknown or isclose(self.number, other.number, rel_tol=_SAME)


@dataclass(frozen=True, slots=True)
class InputRow:
    """A field, or a typed result, in every plan."""

    path: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Return whether any plan has another value than the first."""
        return any(not self.cells[0].says(cell) for cell in self.cells[1:])


@dataclass(frozen=True, slots=True)
class ResultCell:
    """A result of one plan in the unit shown.

    `lower` is the chance that it is lower than that of the reference, NaN where one of them is not known and
    for the reference itself.
    """

    value: float
    low: float
    high: float
    lower: float

    @property
    def unclear(self) -> bool:
        """Return whether the bands overlap so far that the two are not distinguishable."""
        return UNCLEAR[0] < self.lower < UNCLEAR[1]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A result in every plan."""

    path: str
    label: str
    unit: str
    cells: tuple[ResultCell, ...]


@dataclass(frozen=True)
class Comparison:
    """Plans side by side; changes refer to the column `reference`."""

    columns: tuple[Column, ...]
    reference: int
    inputs: tuple[InputRow, ...]
    results: tuple[ResultRow, ...]

    def result(self, path: str) -> ResultRow | None:
        """Return the row of a result, None when no plan has it."""
        return next((row for row in self.results if row.path == path), None)


def compare(columns: Sequence[Column], reference: int = 0) -> Comparison:
    """Put plans side by side.

    Parameters
    ----------
    columns
        At least one.
    reference
        The number of the column to which changes and chances refer.

    Returns
    -------
    Comparison
        Inputs are those that somebody typed in any of the plans, in the order of the forms; results that none
        of them has are left out.
    """
    typed: dict[str, None] = {}
    for column in columns:
        typed |= dict.fromkeys(column.estimate.plan.typed())
    inputs = tuple(
        InputRow(path, tuple(_cell(path, one.estimate) for one in columns)) for path in in_order(typed)
    )
    rows = [_result(path, columns, reference) for path in RESULTS]
    return Comparison(tuple(columns), reference, inputs, tuple(row for row in rows if row is not None))


def _cell(path: str, estimate: Estimate) -> Cell:
    typed = estimate.plan.get(path)
    shown = descriptions().get(path)
    if shown is None:
        return Cell(typed, estimate[path].si if path in estimate else nan)
    if shown.kind == "row":
        return Cell(typed, nan, typed if isinstance(typed, str) else _row_in_use(path, estimate))
    if shown.kind == "text":
        return Cell(typed, nan, typed if isinstance(typed, str) else "")
    given = estimate.field(path)
    keys = [choice.key for choice in shown.choices]
    known = keys and isfinite(given.value) and int(given.value) < len(keys)
    return Cell(typed, given.value, given.key or (keys[int(given.value)] if known else ""))


def _row_in_use(path: str, estimate: Estimate) -> str:
    """Return the key of the row that a plan uses where it names none."""
    rows = estimate.inputs.rows
    used = {
        "model.preset": rows.model,
        "hardware.accelerator": rows.accelerator,
        "layout.stack": rows.stack,
        "site.grid": rows.grid,
        "site.facility": rows.facility,
        "site.region": rows.region,
        "purchase.offer": rows.price,
    }.get(path)
    return used.key if used is not None else ""


def _result(path: str, columns: Sequence[Column], reference: int) -> ResultRow | None:
    known = next((one.estimate[path] for one in columns if path in one.estimate), None)
    if known is None or not any(isfinite(one.value(path)) for one in columns):
        return None
    base = columns[reference]
    cells = tuple(
        ResultCell(one.value(path), *one.band(path), nan if one is base else chance_lower(one, base, path))
        for one in columns
    )
    return ResultRow(path, known.label, known.unit, cells)


def chance_lower(one: Column, other: Column, path: str) -> float:
    """Return the chance that a result of one plan is lower than that of another, NaN where either is unknown.

    Both are log-normal about their value with 5 and 95 of 100 at their bands. Where both plans have one and
    the same predicted step, an error of the step moves both alike: then only what is left between their bands
    counts. Otherwise the errors are independent, which calls more pairs alike than an error that they share.
    """
    values = one.value(path), other.value(path)
    if not all(isfinite(value) and value > 0.0 for value in values):
        return nan
    first, second = _spread(one, path), _spread(other, path)
    apart = log(values[1] / values[0])
    spread = abs(first - second) if _share_error(one, other, path) else sqrt(first**2 + second**2)
    if spread <= _SAME:
        return 0.5 if abs(apart) <= _SAME else float(apart > 0.0)
    return 0.5 * (1.0 + erf(apart / spread / sqrt(2.0)))


def _spread(column: Column, path: str) -> float:
    low, high = column.band(path)
    return log(high / low) / _SIGMAS if 0.0 < low < high < inf else 0.0


def _share_error(one: Column, other: Column, path: str) -> bool:
    if path in one.stated or path in other.stated:
        return False
    steps = [float(column.estimate.values[_PREDICTED]) for column in (one, other)]
    return isclose(*steps, rel_tol=_SAME)
