"""`tcplan levers`: what single changes to a plan would save, and why others do not apply."""

import argparse
import json
import sys
from collections.abc import Mapping
from math import isfinite

from tcplan.commands.plan_file import opened, plan_arguments
from tcplan.language import N_, _
from tcplan.report.numbers import change
from tcplan.study.levers import RESULTS, Effect, Lever, in_order, levers

_HEADS = {
    "money.total": N_("money"),
    "time.run": N_("days"),
    "energy.facility": N_("energy"),
    "carbon.location": N_("carbon"),
    "carbon.market": N_("market"),
    "carbon.embodied": N_("embodied"),
    "water.total": N_("water"),
    "loss.predicted": N_("loss"),
}


def declare(one: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    plan_arguments(one)
    one.add_argument("--by", choices=RESULTS, default=RESULTS[0], help=_("the result that sorts them"))
    one.add_argument("--json", action="store_true", help=_("for programs"))
    one.set_defaults(run=run)


def run(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    """Compute and print."""
    _document, estimate = opened(options)
    found = in_order(levers(estimate), options.by)
    if options.json:
        sys.stdout.write(json.dumps([record(one) for one in found], indent=2, ensure_ascii=False) + "\n")
    else:
        _print(found)
    return 0


def record(lever: Lever) -> dict[str, object]:
    """Return a lever as `levers --json` prints it; what is not known is null."""
    return {
        "key": lever.key,
        "label": lever.label,
        "changes": dict(lever.changes),
        "effects": {path: _figures(one) for path, one in lever.effects.items()},
        "note": lever.note,
        "reason": lever.reason,
    }


def _figures(effect: Effect) -> dict[str, object]:
    figures = {
        "before": effect.before,
        "after": effect.after,
        "delta": effect.delta,
        "relative": effect.relative,
    }
    known: dict[str, object] = {name: one if isfinite(one) else None for name, one in figures.items()}
    return {"unit": effect.unit, **known}


def _print(found: tuple[Lever, ...]) -> None:
    useful = [one for one in found if not one.reason]
    rows = [("", *[_(head) for head in _HEADS.values()])]
    for lever in useful:
        cells = [change(lever.effects[path].after, lever.effects[path].before) for path in _HEADS]
        rows.append((lever.label, *cells))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for first, *cells in rows:
        line = [first.ljust(widths[0]), *[c.rjust(w) for c, w in zip(cells, widths[1:], strict=True)]]
        sys.stdout.write("  ".join(line).rstrip() + "\n")
    for title, those in ((_("How"), useful), (_("Not for this plan"), [one for one in found if one.reason])):
        told = [one for one in those if one.note or one.reason]
        if told:
            sys.stdout.write(f"\n{title}\n")
        for lever in told:
            sys.stdout.write(f"  {lever.label}: {lever.note or lever.reason}\n")
