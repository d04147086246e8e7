"""What `tcplan validate --runs` writes: published runs with predictions beside, and a line a year."""

import csv
import io
from collections.abc import Sequence
from math import isfinite, nan
from statistics import fmean, median

from tcplan.language import _
from tcplan.validation.bands import run_band
from tcplan.validation.runs import OUTCOMES, RunPrediction, published_hours

_OF_TIME = frozenset(OUTCOMES) - {"predicted_flop"}
"""Outcomes that follow the time of a run, and so have its band."""
_CLOSE = (1.25, 1.5)
ADDED = (
    *(name for column in OUTCOMES for name in (column, f"p5_{column[10:]}", f"p95_{column[10:]}")),
    "error_pct",
    "inside_band",
    "skipped",
)


def text_of_runs(runs: Sequence[RunPrediction]) -> str:
    """Return the runs as a table: their own columns first, then what was predicted."""
    out = io.StringIO(newline="")
    own = list(dict.fromkeys(column for one in runs for column in one.row.cells))
    kept = [column for column in own if column not in ADDED]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*kept, *ADDED))
    for one in runs:
        writer.writerow((*(one.row.cells.get(column, "") for column in kept), *_added(one)))
    return out.getvalue()


def _added(one: RunPrediction) -> tuple[str, ...]:
    if one.estimate is None:
        return (*("",) * (len(ADDED) - 1), one.skipped)
    band, cells = run_band(), []
    for column in OUTCOMES:
        value = one.predicted(column)
        low, high = (band.low, band.high) if column in _OF_TIME else (1.0, 1.0)
        cells += [_number(value), _number(low * value), _number(high * value)]
    inside = is_inside(one)
    return (*cells, _number(one.error_pct), "" if inside is None else str(int(inside)), "")


def is_inside(one: RunPrediction) -> bool | None:
    """Return whether the published device-hours lie in the band, None where they are not stated."""
    published = published_hours(one.row)
    if one.estimate is None or not published:
        return None
    return run_band().holds(one.predicted("predicted_device_hours"), published)


def _number(value: float) -> str:
    return f"{value:.6g}" if isfinite(value) else ""


def records(runs: Sequence[RunPrediction]) -> list[dict[str, object]]:
    """Return how far device-hours lie from those published, for all runs and for each year."""
    years = sorted({one.row.text("year") for one in runs})
    groups = [("all", list(runs))]
    groups += [(year, [one for one in runs if one.row.text("year") == year]) for year in years]
    return [_record(name, group) for name, group in groups]


def _record(name: str, runs: Sequence[RunPrediction]) -> dict[str, object]:
    errors = [one.error_pct for one in runs if isfinite(one.error_pct)]
    ratios = [1.0 + error / 100.0 for error in errors]
    inside = [one for one in map(is_inside, runs) if one is not None]
    found: dict[str, object] = {
        "year": name,
        "rows": len(errors),
        "skipped": sum(bool(one.skipped) for one in runs),
        "mape_pct": _rounded(fmean(map(abs, errors)) if errors else nan),
        "median_pct": _rounded(median(map(abs, errors)) if errors else nan),
        "bias_pct": _rounded(fmean(errors) if errors else nan),
        "coverage": _rounded(fmean(inside) if inside else nan),
    }
    for factor in _CLOSE:
        close = [1.0 / factor <= ratio <= factor for ratio in ratios]
        found[f"within_{factor:g}"] = _rounded(fmean(close) if close else nan)
    return found


def _rounded(value: float) -> float | None:
    return round(value, 4) if isfinite(value) else None


def lines(runs: Sequence[RunPrediction]) -> str:
    """Return one line for all runs and one for each year, under a head."""
    heads = (_("device-hours"), _("rows"), _("skipped"), "MAPE", _("median"), _("bias"), "× 1.25", "× 1.5")
    text = "".join(f"{head:>13}" for head in heads) + "\n"
    for one in records(runs):
        shares = [one["mape_pct"], one["median_pct"], one["bias_pct"]]
        shares += [_hundredfold(one[f"within_{factor:g}"]) for factor in _CLOSE]
        cells = [str(one["year"]), str(one["rows"]), str(one["skipped"])]
        cells += [f"{share:.1f} %" if isinstance(share, float) else "–" for share in shares]
        text += "".join(f"{cell:>13}" for cell in cells) + "\n"
    return text


def _hundredfold(value: object) -> float | None:
    return 100.0 * value if isinstance(value, float | int) else None
