"""`tcplan validate`: hold the engine against measured steps, and fit a stack to one's own."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path

from tcplan.catalogue.shelf import Shelf
from tcplan.commands.refused import InputError
from tcplan.language import _
from tcplan.report.output import write_whole
from tcplan.validation import carried, own_stack, run_table, table
from tcplan.validation.calibrate import Calibration, calibrate
from tcplan.validation.groups import Summary, summaries
from tcplan.validation.judged import Judged, judge
from tcplan.validation.own_stack import OwnStackError
from tcplan.validation.reached import reached
from tcplan.validation.rows import MeasuredRow, RowsError, read_rows
from tcplan.validation.runs import predict_runs
from tcplan.validation.steps import predict

_NEEDED = ("hardware", "layers", "hidden", "heads", "seq")
"""Columns without which no step can be predicted."""


def declare(one: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    about = _("measured steps, one a row; without it, the published ones that the program carries")
    one.add_argument("--steps", metavar="CSV", help=about)
    about = _("published runs, one a row: model, tokens, accelerator, devices, year, country")
    one.add_argument("--runs", metavar="CSV", help=about)
    about = _(
        "fit the constants of a stack of this name to the steps, and keep it for this user; an older one of "
        "this name is set aside"
    )
    one.add_argument("--fit", metavar="NAME", help=about)
    one.add_argument("--out", metavar="OUT.csv", help=_("each row with what is predicted for it"))
    one.add_argument("--json", action="store_true", help=_("for programs"))
    one.set_defaults(run=run)


def run(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    """Predict, compare, write and print; return the exit code."""
    if options.runs:
        return _run_runs(options)
    if options.fit is not None and not options.steps:
        raise InputError(_("--fit NAME needs --steps CSV with steps of one's own cluster"))
    rows, shelf = _rows(options.steps), own_stack.shelf_here()
    judged = judge(predict(rows, shelf))
    calibration = _calibrated(options.fit, judged, shelf) if options.fit is not None else None
    if options.out:
        _write(table.text_of_rows(judged), Path(options.out), options.steps)
    found = summaries(judged)
    if options.json:
        bars = [table.record_of_group(one) for one in reached(judged)]
        tree: dict[str, object] = {
            "format": 1,
            "groups": [table.record(one) for one in found],
            "bars": bars,
        }
        if calibration is not None:
            tree["fit"] = fit_record(calibration)
        sys.stdout.write(json.dumps(tree, indent=2, ensure_ascii=False) + "\n")
        return 0
    _print(found, judged, calibration)
    return 0


def _run_runs(options: argparse.Namespace) -> int:
    if options.steps or options.fit is not None:
        raise InputError(_("--runs stands alone: steps are compared by a command of their own"))
    try:
        rows = read_rows(Path(options.runs))
    except RowsError as error:
        raise InputError(str(error)) from error
    found = predict_runs(rows, own_stack.shelf_here())
    if options.out:
        _write(run_table.text_of_runs(found), Path(options.out), options.runs)
    if options.json:
        tree = {"format": 1, "groups": run_table.records(found)}
        sys.stdout.write(json.dumps(tree, indent=2, ensure_ascii=False) + "\n")
        return 0
    sys.stdout.write(run_table.lines(found))
    _say_skipped([one.skipped for one in found if one.skipped])
    return 0


def _rows(steps: str | None) -> Sequence[MeasuredRow]:
    if steps is None:
        return carried.rows()
    try:
        rows = read_rows(Path(steps))
    except RowsError as error:
        raise InputError(str(error)) from error
    if not any(column in rows[0].cells for column in _NEEDED):
        message = _("{file} holds no measured steps: it has none of the columns {columns}")
        raise InputError(message.format(file=Path(steps).name, columns=", ".join(_NEEDED)))
    return rows


def _calibrated(name: str, judged: Sequence[Judged], shelf: Shelf) -> Calibration:
    try:
        made = calibrate(name, [one.prediction for one in judged], shelf)
    except OwnStackError as error:
        raise InputError(str(error)) from error
    replaced = own_stack.keep(made.rows)
    if replaced:
        sys.stderr.write(f"tcplan: {made.name}: {replaced}\n")
    return made


def _write(text: str, out: Path, steps: str | None) -> None:
    if steps is not None and out.exists() and out.samefile(steps):
        message = _("{file}: this is the table that is read; choose another name").format(file=out)
        raise InputError(message)
    write_whole(text.encode(), out)


def _print(found: Sequence[Summary], judged: Sequence[Judged], calibration: Calibration | None) -> None:
    sys.stdout.write(table.lines(found))
    groups = reached(judged)
    if groups:
        sys.stdout.write("\n" + table.lines_of_groups(groups))
    _say_skipped([one.prediction.skipped for one in judged if one.prediction.skipped])
    if calibration is not None:
        sys.stdout.write("\n" + "\n".join(fit_lines(calibration)) + "\n")


def _say_skipped(reasons: Sequence[str]) -> None:
    for reason in dict.fromkeys(reasons):
        sentence = _("{count} skipped: {reason}").format(count=reasons.count(reason), reason=reason)
        sys.stderr.write(f"tcplan: {sentence}\n")


def fit_lines(made: Calibration) -> list[str]:
    """Return what a calibration found, a line for each constant and for each kind of error."""
    head = _("{name}: a stack after {parent}").format(name=made.name, parent=made.parent.name)
    lines = [f"{head} ({made.rows[0].key})"]
    for one in made.fit.constants:
        sentence = _("{label}: {prior} before, {value} now; the rows say {share} % of it").format(
            label=made.label(one),
            prior=made.written(one, one.constant.prior),
            value=made.written(one, one.value),
            share=round(100 * one.learned),
        )
        lines.append(f"  {sentence}")
    lines.append("  " + _("constants that the rows say nothing of stay as they were"))
    for label, residual in (
        (_("mean error as {parent}").format(parent=made.parent.name), made.fit.before),
        (_("mean error after"), made.fit.after),
        (_("mean error, each row left out"), made.fit.left_out),
    ):
        lines.append(f"  {label}: {made.mean_error(residual):.1f} %")
    band = _("band: {low} to {high} times the prediction, before {old_low} to {old_high}").format(
        low=f"{made.low:.2f}",
        high=f"{made.high:.2f}",
        old_low=f"{made.before[0]:.2f}",
        old_high=f"{made.before[1]:.2f}",
    )
    return [*lines, f"  {band}"]


def fit_record(made: Calibration) -> dict[str, object]:
    """Return a calibration for programs."""
    return {
        "stack": made.rows[0].key,
        "name": made.name,
        "parent": made.parent.key,
        "rows": len(made.fit.predictions),
        "constants": [
            {
                "key": one.constant.key,
                "prior": one.constant.prior,
                "sigma": one.constant.sigma,
                "value": one.value,
                "spread": one.spread,
                "learned": one.learned,
                "rows": one.rows,
            }
            for one in made.fit.constants
        ],
        "mape_before_pct": _finite(made.mean_error(made.fit.before)),
        "mape_after_pct": _finite(made.mean_error(made.fit.after)),
        "mape_left_out_pct": _finite(made.mean_error(made.fit.left_out)),
        "band": {"low": made.low, "high": made.high},
        "band_before": {"low": made.before[0], "high": made.before[1]},
    }


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
