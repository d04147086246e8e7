"""What `tcplan validate` writes: rows as they were read with the prediction beside, and a line a group."""

import csv
import io
from collections.abc import Sequence
from math import isfinite
from typing import TextIO

from tcplan.language import N_, _
from tcplan.validation.groups import Errors, Summary
from tcplan.validation.judged import Judged
from tcplan.validation.reached import Reached

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
MISSED = {
    "mape": N_("mean"),
    "median": N_("median"),
    "bias": N_("bias"),
    "largest": N_("largest"),
    "coverage": N_("coverage"),
}
"""What a bar is set for, in words."""
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


def record_of_group(one: Reached) -> dict[str, object]:
    """Return what a group reaches for programs, with its bar and by how much it is missed."""
    bar = one.group.bar
    return {
        "group": one.group.key,
        "rows": one.every.rows,
        "mape_pct": _finite(one.every.mape),
        "coverage": _finite(one.every.coverage, 4),
        "held_out_rows": one.held_out.rows,
        "held_out_mape_pct": _finite(one.held_out.mape),
        "model_left_out_mape_pct": _finite(one.left_out),
        "bar_mape_pct": bar.mape,
        "missed": {name: _finite(by) for name, by in bar.missed(one.every).items()},
        "missed_held_out": {name: _finite(by) for name, by in one.missed.items()},
        "best_published": one.known or None,
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


_OF_A_GROUP = ("rows", "MAPE", "coverage", "held out", "MAPE", "left out", "bar")


def lines_of_groups(groups: Sequence[Reached]) -> str:
    """Return one line for each group that has a bar, and a sentence for each bar that is missed."""
    titles = [_(one.group.title) for one in groups]
    wide = max(map(len, titles), default=0)
    found = [f"{_('group'):<{wide}}" + "".join(f"{_(name):>10}" for name in _OF_A_GROUP)]
    for title, one in zip(titles, groups, strict=True):
        share = 100.0 * one.every.coverage
        cells = (
            str(one.every.rows),
            _share(one.every.mape),
            _share(share, digits=0),
            str(one.held_out.rows),
            _share(one.held_out.mape),
            _share(one.left_out),
            _share(one.group.bar.mape),
        )
        found.append(f"{title:<{wide}}" + "".join(f"{cell:>10}" for cell in cells))
    found.append(_("left out: each model by constants that were fitted without it"))
    for title, one in zip(titles, groups, strict=True):
        if one.known:
            found.append(
                _("{group}: best published elsewhere {known}").format(group=title, known=_(one.known))
            )
    found += [sentence for one in groups for sentence in sentences(one)]
    return "\n".join(found) + "\n"


def sentences(one: Reached) -> list[str]:
    """Return by how much a group misses its bar, of all its rows and of those held out, and why."""
    found = []
    for said, missed in ((_("all steps"), one.group.bar.missed(one.every)), (_("held out"), one.missed)):
        if missed:
            names = {name: _(words) for name, words in MISSED.items()}
            parts = ", ".join(f"{names[name]} {by:.1f}" for name, by in missed.items())
            sentence = _("{group}, {part}: bar missed by points of {parts}")
            found.append(sentence.format(group=_(one.group.title), part=said, parts=parts))
    return [*found, f"  {_(one.reason)}"] if found and one.reason else found


def _share(value: float | None, digits: int = 1) -> str:
    return f"{value:.{digits}f} %" if value is not None and isfinite(value) else "–"
