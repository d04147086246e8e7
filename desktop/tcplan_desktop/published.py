"""Published runs: the plan that repeats each, and how near our prediction comes to the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tcplan.catalogue import stacks
from tcplan.catalogue.row import Row, RowError
from tcplan.catalogue.runs import is_repeatable
from tcplan.catalogue.shelf import Shelf
from tcplan.estimate import evaluate
from tcplan.examples import example, example_keys
from tcplan.plan.plan import Plan, PlanError

SHOWN = ("llama3.1-405b", "deepseek-v3", "gpt3-175b", "bloom-176b", "llama-65b")
"""The runs that the start page compares: several sizes, generations of hardware and years."""

_NUMBERS = (
    ("training.tokens", "tokens"),
    ("training.sequence", "sequence"),
    ("training.batch_tokens", "batch_tokens"),
    ("hardware.devices", "devices"),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Published and predicted device-hours of a run."""

    row: Row
    published: float
    predicted: float

    @property
    def error(self) -> float:
        """Return the relative error of the prediction."""
        return self.predicted / self.published - 1.0


def repeatable(shelf: Shelf) -> tuple[Row, ...]:
    """Return the runs whose model, accelerator and device count are known, the newest first."""
    rows = [row for row in shelf.rows("runs") if is_repeatable(row) and row.number("devices")]
    rows = [row for row in rows if _known(shelf, row)]
    return tuple(sorted(rows, key=lambda row: (-(row.number("year") or 0.0), row.name)))


def _known(shelf: Shelf, row: Row) -> bool:
    try:
        shelf.find("models", str(row.get("model")))
        shelf.find("accelerators", str(row.get("accelerator")))
    except RowError:
        return False
    return True


def plan_of(row: Row, shelf: Shelf) -> Plan:
    """Return the plan that repeats a run: its example, or model, data, hardware, year and country.

    Nothing that was measured is in either.
    """
    if row.key in example_keys() and not example(row.key).plan.overrides:
        return example(row.key).plan
    plan = Plan().with_value("model.preset", str(row.get("model")))
    plan = plan.with_value("hardware.accelerator", str(row.get("accelerator")))
    for path, column in _NUMBERS:
        value = row.number(column)
        if value is not None:
            plan = _with(plan, path, value)
    year = row.number("year")
    if year is not None:
        plan = _with(plan, "layout.stack", stacks.typical(year))
    precision = row.get("precision")
    if isinstance(precision, str):
        plan = _with(plan, "training.precision", precision)
    country = row.get("country")
    if isinstance(country, str) and any(grid.key == country for grid in shelf.rows("grids")):
        plan = plan.with_value("site.grid", country)
    return plan


def _with(plan: Plan, path: str, value: float | str) -> Plan:
    try:
        return plan.with_value(path, value)
    except PlanError:
        # A published figure that no plan can hold (a fraction of a device) is left to its default.
        return plan


def outcomes(shelf: Shelf) -> Iterator[Outcome]:
    """Yield the runs of the start page, one estimate each."""
    rows = {row.key: row for row in repeatable(shelf)}
    for key in SHOWN:
        row = rows.get(key)
        published = row.number("device_hours_h") if row is not None else None
        if row is not None and published:
            predicted = evaluate(plan_of(row, shelf), shelf)["time.device_hours"].value
            yield Outcome(row, published, predicted)
