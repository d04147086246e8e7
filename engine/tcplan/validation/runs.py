"""Published training runs beside what a default plan says of them: model, tokens, devices, year, country."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp2, isfinite, log2, nan

from tcplan.catalogue import stacks
from tcplan.catalogue.row import RowError
from tcplan.catalogue.shelf import Shelf
from tcplan.estimate import Estimate, evaluate
from tcplan.language import _
from tcplan.plan.panel import refusal
from tcplan.plan.plan import Plan, descriptions
from tcplan.validation.placing import Skipped, device_of, refuse_numbers
from tcplan.validation.rows import MeasuredRow

OUTCOMES = {
    "predicted_device_hours": "time.device_hours",
    "predicted_days": "time.run",
    "predicted_flop": "compute.model_flop",
    "predicted_energy_mwh": "energy.facility",
    "predicted_tco2e_location": "carbon.location",
    "predicted_cost_usd": "money.compute",
    "predicted_devices_mwh": "energy.devices_metered",
    "predicted_devices_tco2e": "carbon.devices",
}
"""Columns that a table of runs gets, and the results that they hold."""

_SCALES = {
    "predicted_days": 1.0 / 86_400.0,
    "predicted_device_hours": 1.0 / 3600.0,
    "predicted_energy_mwh": 1.0 / 3.6e9,
    "predicted_tco2e_location": 1e-3,
    "predicted_devices_mwh": 1.0 / 3.6e9,
    "predicted_devices_tco2e": 1e-3,
}
_USUAL_DAYS = 30.0
_USUAL_SHARE = 0.4
_FEWEST = 8.0
_NUMBERS = ("tokens", "samples", "devices", "year")


@dataclass(frozen=True, slots=True)
class RunPrediction:
    """One published run with what a default plan says; `skipped` says why there is none."""

    row: MeasuredRow
    plan: Plan | None = None
    estimate: Estimate | None = None
    skipped: str = ""
    code: str = ""

    def predicted(self, column: str) -> float:
        """Return a predicted outcome in the unit of its column, NaN where there is none."""
        if self.estimate is None:
            return nan
        return self.estimate[OUTCOMES[column]].si * _SCALES.get(column, 1.0)

    @property
    def error_pct(self) -> float:
        """Return by how much the predicted device-hours exceed the published ones [%]."""
        published = published_hours(self.row)
        return 100.0 * (self.predicted("predicted_device_hours") / published - 1.0) if published else nan


def published_hours(row: MeasuredRow) -> float | None:
    """Return the device-hours that a row states, or those of its devices and days; None without either."""
    devices, days = row.number("devices"), row.number("days")
    return row.number("device_hours") or (24.0 * devices * days if devices and days else None)


def predict_runs(rows: Iterable[MeasuredRow], shelf: Shelf) -> tuple[RunPrediction, ...]:
    """Predict each run from model, tokens, accelerator, devices, year and country alone."""
    return tuple(predicted_run(row, shelf) for row in rows)


def predicted_run(row: MeasuredRow, shelf: Shelf) -> RunPrediction:
    """Predict one run; what cannot be predicted says why in `skipped`."""
    try:
        plan = plan_of_run(row, shelf)
    except Skipped as reason:
        return RunPrediction(row, skipped=reason.sentence, code=reason.code)
    estimate = evaluate(plan, shelf)
    if not isfinite(estimate["time.device_hours"].si):
        errors = [one.sentence for one in estimate.findings if one.level == "error"]
        return RunPrediction(row, plan, None, "; ".join(errors[:1]) or "-", "plan")
    return RunPrediction(row, plan, estimate)


def plan_of_run(row: MeasuredRow, shelf: Shelf) -> Plan:
    """Return the default plan of a published run.

    Raises
    ------
    Skipped
        When the row lacks model, tokens or accelerator, or the catalogue does not know them.
    """
    model = row.text("model")
    if not model:
        raise Skipped(_("{column} is not stated").format(column="model"), "no-model")
    try:
        preset = shelf.find("models", model).key
    except RowError as error:
        raise Skipped(str(error), "model") from error
    if not row.text("accelerator"):
        raise Skipped(_("{column} is not stated").format(column="accelerator"), "no-accelerator")
    refuse_numbers(row, _NUMBERS, _NUMBERS)
    fields: dict[str, float | str] = {
        "model.preset": preset,
        "hardware.accelerator": device_of(row.text("accelerator"), shelf).key,
    }
    fields |= _data(row)
    year = row.number("year")
    if year:
        fields["layout.stack"] = stacks.typical(year)
    grid = _grid(row.text("country"), shelf)
    if grid:
        fields["site.grid"] = grid
    plan = Plan()
    for path, value in fields.items():
        sentence = refusal(value, descriptions()[path])
        if sentence:
            raise Skipped(_("{path}: {sentence}").format(path=path, sentence=sentence), "value")
        plan = plan.set(path, value)
    return plan.set("hardware.devices", row.number("devices") or _usual_devices(plan, shelf))


def _data(row: MeasuredRow) -> dict[str, float | str]:
    """Return the tokens of a run, or its samples, every repetition counted."""
    tokens, samples = row.number("tokens"), row.number("samples")
    if tokens and tokens > 0.0:
        return {"training.tokens": tokens}
    if samples and samples > 0.0 and row.text("stage") in ("", "pretrain"):
        return {"training.data_unit": "samples", "training.data_amount": samples}
    raise Skipped(_("{column} is not stated").format(column="tokens"), "no-tokens")


def _grid(country: str, shelf: Shelf) -> str:
    """Return the grid of a country by its three letters, empty when the catalogue has none."""
    for row in shelf.rows("grids"):
        if country and row.get("iso3") == country and row.key in (country, country.lower()):
            return row.key
    return next((row.key for row in shelf.rows("grids") if country and row.get("iso3") == country), "")


def _usual_devices(plan: Plan, shelf: Shelf) -> float:
    """Return the power of two that takes about 30 days at 40 % of the peak, one node at least."""
    estimate = evaluate(plan, shelf)
    flop, peak = float(estimate.values["model_flop"]), float(estimate.values["peak"])
    wanted = flop / (_USUAL_SHARE * peak * _USUAL_DAYS * 86_400.0)
    return max(exp2(round(log2(wanted))), _FEWEST) if isfinite(wanted) and wanted > 0.0 else _FEWEST
