"""How good the engine is: refit its constants, record what it predicts, or check that no group got worse.

    python packaging/accuracy.py fit      constants from the calibration rows, then everything that follows
    python packaging/accuracy.py record   predictions, bands and errors with the constants as they stand
    python packaging/accuracy.py check    the groups, their bars, and what changed since the last record

The constants are the rows of the performance table that constants.csv names, with the prior of each; the
calibration rows are those that calibration.csv names. Everything else is held out. What decides memory is in
memory_constants.csv and memory_calibration.csv likewise.
"""

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import exp, isfinite, sqrt
from pathlib import Path
from types import MappingProxyType

from tcplan.catalogue.shelf import Shelf, shipped
from tcplan.validation import bands, carried, published
from tcplan.validation.fit import Constant, Fit, comparable, fit
from tcplan.validation.groups import GROUPS, Errors, errors_of, summaries
from tcplan.validation.judged import Judged, judge
from tcplan.validation.place import place_at
from tcplan.validation.reached import held_out
from tcplan.validation.steps import Prediction, predict

ROOT = Path(__file__).resolve().parents[1]
RESOURCES = ROOT / "resources" / "tcplan_resources"
ERRORS = ROOT / "tests" / "validation" / "errors.csv"
PARTS = ("all", "calibrated", "held out")
Ratio = tuple[float, float, bool]
"""Measured over predicted time by constants without the model, and as shipped; whether it was held out."""
_STATISTICS = ("rows", "skipped", "mape", "median", "p90", "bias", "largest", "coverage")


def constants(*, memory: bool = False) -> list[Constant]:
    """Return what is fitted to times, or to peak memory, with its priors."""
    name = "memory_constants.csv" if memory else "constants.csv"
    table = csv.DictReader(io.StringIO(carried.text(name)))
    return [Constant(row["key"], float(row["prior"]), float(row["sigma"])) for row in table]


def with_values(values: dict[str, float]) -> Shelf:
    """Return the shipped catalogue with other values of some constants."""
    rows = [shipped().find("performance", key) for key in values]
    return shipped().with_rows(
        replace(row, values=MappingProxyType({**row.values, "value": values[row.key]})) for row in rows
    )


def refit(*, memory: bool = False) -> dict[str, float]:
    """Return the likeliest values of the constants, and say how sure they are."""
    fitted = constants(memory=memory)
    shelf = with_values({one.key: one.prior for one in fitted})
    named = carried.memory_calibration() if memory else carried.calibration()
    chosen = [row for row in carried.rows() if row.id in named]
    found = fit(predict(chosen, shelf), fitted, shelf, memory=memory)
    for one in found.constants:
        share, rows = f"{100 * one.learned:.0f} %", f"{one.rows} rows"
        line = f"{one.constant.key:44} {one.constant.prior:9.3g} -> {one.value:9.3g}  {rows:>9}  {share:>6}"
        print(line)
    print(
        f"calibration rows: mean error {_mean(found.before):.2f} % before, {_mean(found.after):.2f} % after,"
        f" {_mean(found.left_out):.2f} % left out"
    )
    return {one.constant.key: float(f"{one.value:.3g}") for one in found.constants}


def _mean(residual: Iterable[float]) -> float:
    errors = [abs(exp(-one) - 1.0) for one in residual]
    return 100.0 * sum(errors) / len(errors) if errors else float("nan")


def write_constants(values: dict[str, float]) -> Shelf:
    """Write fitted values into the performance table, and return the catalogue with them."""
    path = RESOURCES / "catalogue" / "performance.csv"
    lines = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    at = lines[0].index("value")
    for line in lines[1:]:
        if line[0] in values:
            line[at] = f"{values[line[0]]:g}"
    _write(path, lines)
    return with_values(values)


def record(shelf: Shelf) -> None:
    """Write predictions, bands and errors."""
    rows = predict(carried.rows(), shelf)
    honest = _honest(rows, shelf)
    recorded = [_recorded(one, honest) for one in rows if one.estimate is not None and not one.skipped]
    _write(RESOURCES / "validation" / "predictions.csv", [published.COLUMNS, *recorded])
    _write(RESOURCES / "validation" / "bands.csv", _bands(rows, honest))
    bands.forget()
    judged = judge(rows)
    _write(ERRORS, [("kind", "key", "part", *_STATISTICS), *error_lines(judged)])
    report(judged)


def _honest(rows: Sequence[Prediction], shelf: Shelf) -> dict[str, float]:
    """Return predicted step times by constants that did not see the model, by the name of the row."""
    fitted = constants()
    chosen = [one for one in rows if one.row.id in carried.calibration()]
    values = [shelf.find("performance", one.key).number("value") or one.prior for one in fitted]
    found: Fit = fit(chosen, fitted, shelf, held=values)
    labels = [one.row.text("model") for one in found.predictions]
    ratios = zip(found.predictions, found.without(labels), strict=True)
    times = {one.row.id: one.step_s for one in comparable(rows)}
    return times | {one.row.id: one.measured_step_s / exp(ratio) for one, ratio in ratios}


def _recorded(one: Prediction, honest: dict[str, float]) -> tuple[str, ...]:
    if one.estimate is None:
        return ()
    place, row = place_at(one.estimate), one.row
    flags = (place.off_grid, row.id in carried.calibration())
    figures = (
        one.measured_step_s,
        one.step_s,
        honest.get(row.id),
        row.number("peak_mem_gib"),
        one.mem_gib,
    )
    return (
        *(row.id, row.text("source"), row.text("hardware"), row.text("model"), place.regime, place.stack),
        *(place.generation, place.precision, place.task, str(int(place.sparse))),
        *(f"{place.devices:g}", f"{place.size:.6g}", *(str(int(flag)) for flag in flags)),
        *(f"{figure:.5g}" if figure is not None and isfinite(figure) else "" for figure in figures),
    )


def _bands(rows: Sequence[Prediction], honest: dict[str, float]) -> list[tuple[str, ...]]:
    """Return the bands: from residuals where there are enough of them, else as they were planned."""
    ratios: dict[tuple[str, str, str], list[Ratio]] = {}
    for one in comparable(rows):
        if one.estimate is None:
            continue
        place = place_at(one.estimate)
        held = one.row.id not in carried.calibration()
        ratio = (one.measured_step_s / honest[one.row.id], one.measured_step_s / one.step_s, held)
        for where in ((bands.ANY, bands.ANY), (place.stack, bands.ANY), (place.stack, place.generation)):
            ratios.setdefault((place.regime, *where), []).append(ratio)
    lines: list[tuple[str, ...]] = [
        ("regime", "stack", "generation", "low", "high", "rows", "planned_low", "planned_high", "source")
    ]
    for (regime, stack, generation), band in bands.table().items():
        if stack == bands.ANY:
            key = (regime, stack, generation)
            lines.append((*key, *_planned_band(ratios.get(key, []), band.planned)))
            lines += [
                (*own, *_own_band(found))
                for own, found in sorted(ratios.items())
                if own[0] == regime and own[1] != stack and len(found) >= bands.ENOUGH
            ]
    return lines


def _planned_band(ratios: list[Ratio], planned: tuple[float, float]) -> tuple[str, ...]:
    """Return the band of a regime: a stack without rows of its own can do worse than those that have some."""
    low, high = planned
    source = f"planning value: fewer than {bands.ENOUGH} rows"
    if len(ratios) >= bands.ENOUGH:
        fitted = _fitted_band(ratios)
        low, high = min(low, fitted[0]), max(high, fitted[1])
        source = f"the wider of the planning value and {_residuals(ratios)}"
    return (f"{low:.4g}", f"{high:.4g}", str(len(ratios)), *(f"{one:g}" for one in planned), source)


def _own_band(ratios: list[Ratio]) -> tuple[str, ...]:
    # The release that somebody runs lies somewhere between the fastest and the slowest.
    either_way = sqrt(bands.RELEASES)
    low, high = _fitted_band(ratios)
    low, high = min(low, 1.0 / either_way), max(high, either_way)
    return (f"{low:.4g}", f"{high:.4g}", str(len(ratios)), "", "", _residuals(ratios))


def _residuals(ratios: list[Ratio]) -> str:
    return f"residuals of {len(ratios)} published steps, held out or left out of the fit"


def _fitted_band(ratios: list[Ratio]) -> tuple[float, float]:
    """Return the band of models left out and, where there are enough, of rows held out."""
    low, high = bands.fitted([left_out for left_out, _shipped, _held in ratios])
    held = [ratio for _left_out, ratio, held in ratios if held]
    if len(held) >= bands.ENOUGH:
        low, high = min(low, bands.fitted(held)[0]), max(high, bands.fitted(held)[1])
    return bands.narrowed((low, high), [ratio for _left_out, ratio, _held in ratios])


def error_lines(judged: Sequence[Judged]) -> list[tuple[str, ...]]:
    """Return the errors of each group and of each source and hardware, of all rows and of both parts."""
    lines = []
    for group in GROUPS:
        members = group.of(judged)
        for part in PARTS:
            errors = errors_of(_part(members, part, memory=group.memory), memory=group.memory)
            lines.append(("group", group.key, part, *_figures(errors)))
    for memory, kind in ((False, "time"), (True, "memory")):
        found = (one for one in summaries(judged, memory=memory) if one.errors.rows)
        lines += [(kind, " ".join(one.cells), "all", *_figures(one.errors)) for one in found]
    return lines


def _part(judged: Sequence[Judged], part: str, *, memory: bool) -> Sequence[Judged]:
    apart = held_out(judged, memory=memory)
    names = {one.prediction.row.id for one in apart}
    fitted = [one for one in judged if one.prediction.row.id not in names]
    return {"all": judged, "calibrated": fitted, "held out": apart}[part]


def _figures(errors: Errors) -> tuple[str, ...]:
    values = (getattr(errors, name) for name in _STATISTICS)
    return tuple(f"{value:.4g}" if isfinite(value) else "" for value in values)


def report(judged: Sequence[Judged]) -> None:
    """Print the groups with their bars, held-out rows apart."""
    for group in GROUPS:
        for part in PARTS:
            members = _part(group.of(judged), part, memory=group.memory)
            errors = errors_of(members, memory=group.memory)
            if not errors.rows:
                continue
            missed = ", ".join(f"{name} by {by:.1f}" for name, by in group.bar.missed(errors).items())
            figures = f"{errors.mape:6.1f} {errors.median:6.1f} {errors.bias:+6.1f} {errors.coverage:6.2f}"
            print(f"{group.key:22} {part:10} {errors.rows:4} {figures}  {missed and 'missed: ' + missed}")


def _write(path: Path, lines: Iterable[Sequence[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(out.getvalue(), "utf-8")


def main(words: Sequence[str]) -> int:
    """Do what the word says."""
    if list(words) == ["fit"]:
        record(write_constants({**refit(), **refit(memory=True)}))
    elif list(words) == ["record"]:
        record(shipped())
    elif list(words) == ["check"]:
        report(judge(predict(carried.rows(), shipped())))
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
