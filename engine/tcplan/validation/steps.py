"""What the chain says of measured steps, beside what was measured."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import isfinite, nan

from tcplan.catalogue.shelf import Shelf
from tcplan.estimate import Estimate, evaluate
from tcplan.findings import Finding
from tcplan.plan.plan import Plan
from tcplan.validation.measured import measured_step
from tcplan.validation.placing import Skipped, plan_of
from tcplan.validation.rows import MeasuredRow
from tcplan.validation.sources import source_of

GIB = 2.0**30


@dataclass(frozen=True, slots=True)
class Prediction:
    """One measured row with what the chain says; NaN where it is skipped, `skipped` then says why."""

    row: MeasuredRow
    plan: Plan | None = None
    estimate: Estimate | None = None
    step_s: float = nan
    tokens_per_s_per_device: float = nan
    mem_gib: float = nan
    skipped: str = ""
    code: str = ""

    @property
    def measured_step_s(self) -> float:
        """Return the measured time of a step [s], NaN where the row states none."""
        return measured_step(self.row, self.estimate)

    @property
    def error_pct(self) -> float:
        """Return by how much the predicted step is longer than the measured one [%]."""
        return 100.0 * (self.step_s / self.measured_step_s - 1.0)

    @property
    def measured_memory(self) -> float:
        """Return the measured peak memory [B], NaN where the row states none."""
        return GIB * (self.row.number("peak_mem_gib") or nan)

    @property
    def memory_error_pct(self) -> float:
        """Return by how much the predicted peak memory is larger than the measured one [%]."""
        return 100.0 * (GIB * self.mem_gib / self.measured_memory - 1.0)

    @property
    def held(self) -> str:
        """Return which memory the source measured: a quantity of the chain."""
        return "last_stage_memory" if source_of(self.row).logged == "last" else "memory_peak"


def predict(rows: Iterable[MeasuredRow], shelf: Shelf) -> tuple[Prediction, ...]:
    """Predict each row from architecture, layout, hardware and software alone."""
    return tuple(predicted(row, shelf) for row in rows)


def predicted(row: MeasuredRow, shelf: Shelf) -> Prediction:
    """Predict one row; what cannot be predicted says why in `skipped`."""
    try:
        plan = plan_of(row, shelf)
    except Skipped as reason:
        return Prediction(row, skipped=reason.sentence, code=reason.code)
    estimate = evaluate(plan, shelf)
    step = float(estimate.values["predicted_step_time"])
    errors = [one.sentence for one in estimate.findings if _impossible(one)]
    if errors or not isfinite(step) or step <= 0.0:
        errors += [one.sentence for one in estimate.findings if one.level == "error"]
        return Prediction(row, plan, estimate, skipped="; ".join(errors[:1]) or "-", code="layout")
    rate = float(estimate.values["batch_tokens"]) / (step * float(estimate.values["devices"]))
    found = Prediction(row, plan, estimate, step, rate)
    return replace(found, mem_gib=float(estimate.values[found.held]) / GIB)


def _impossible(finding: Finding) -> bool:
    """Return whether no run can have such sizes or degrees; what does not fit may still have run."""
    return finding.level == "error" and finding.path.startswith(("model.", "layout."))
