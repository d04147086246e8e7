"""What `tcplan validate` writes: rows as they were read with the prediction beside, and a line a group."""

import csv
import io
from collections.abc import Sequence
from math import isfinite
from typing import TextIO

from tcplan.language import _
from tcplan.validation.groups import Errors, Summary
from tcplan.validation.judged import Judged

ADDED = (
    "predicted_step_s",
    "predicted_tokens_per_s_per_device",
    "predicted_mem_gib",
    "p5_step_s",
    "p95_step_s",
    "error_pct",
    "inside_band",
    "skipped",
)
_HEADS = ("rows", "skipped", "MAPE", "median", "p90", "bias", "coverage")


def write_rows(judged: Sequence[Judged], out: TextIO) -> None:
    """Write each row with its own columns first, then what was predicted."""
    own = list(dict.fromkeys(column for one in judged for column in one.prediction.row.cells))
    kept = [column for column in own if column not in ADDED]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*kept, *ADDED))
    for one in judged:
        cells = one.prediction.row.cells
        writer.writerow((*(cells.get(column, "") for column in kept), *_added(one)))


def text_of_rows(judged: Sequence[Judged]) -> str:
    """Return the rows as one text, for a file that is written in one move."""
    out = io.StringIO(newline="")
    write_rows(judged, out)
    return out.getvalue()


def _added(one: Judged) -> tuple[str, ...]:
    prediction = one.prediction
    if prediction.skipped:
        return (*("",) * (len(ADDED) - 1), prediction.skipped)
    inside = "" if one.inside is None else str(int(one.inside))
    return (
        _number(prediction.step_s),
        _number(prediction.tokens_per_s_per_device),
        _number(prediction.mem_gib),
        _number(one.low_s),
        _number(one.high_s),
        _number(one.error),
        inside,
        "",
    )


def _number(value: float | None) -> str:
    return f"{value:.6g}" if value is not None and isfinite(value) else ""


def record(summary: Summary) -> dict[str, object]:
    """Return a summary for programs; what cannot be said is null."""
    errors = summary.errors
    return {
        "source": summary.cells[0],
        "hardware": summary.cells[1],
        "rows": errors.rows,
        "skipped": errors.skipped,
        "mape_pct": _finite(errors.mape),
        "median_pct": _finite(errors.median),
        "p90_pct": _finite(errors.p90),
        "bias_pct": _finite(errors.bias),
        "coverage": _finite(errors.coverage, 4),
    }


def _finite(value: float, digits: int = 3) -> float | None:
    return round(value, digits) if isfinite(value) else None


def lines(summaries: Sequence[Summary]) -> str:
    """Return one line for each source and hardware, under a head."""
    wide = max([len(" ".join(one.cells)) for one in summaries], default=0)
    head = f"{_('source and hardware'):<{wide}}" + "".join(f"{_(name):>10}" for name in _HEADS)
    return (
        "\n".join([head, *(f"{' '.join(one.cells):<{wide}}{_cells(one.errors)}" for one in summaries)]) + "\n"
    )


def _cells(errors: Errors) -> str:
    shares = (errors.mape, errors.median, errors.p90, errors.bias)
    texts = [str(errors.rows), str(errors.skipped)]
    texts += [f"{one:.1f} %" if isfinite(one) else "–" for one in shares]
    texts.append(f"{100 * errors.coverage:.0f} %" if isfinite(errors.coverage) else "–")
    return "".join(f"{text:>10}" for text in texts)
