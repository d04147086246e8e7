"""`tcplan layouts`: the best layouts of a plan, what they cost, and what leaves the others out."""

import argparse
import json
import sys
from collections.abc import Mapping
from math import isfinite

from tcplan.commands.plan_file import opened, plan_arguments
from tcplan.commands.progress import bar
from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.layout_words import (
    against_next,
    against_plan,
    behind,
    choice_key,
    choice_word,
    left_out,
    none_fits,
    summary,
    verdict,
)
from tcplan.plan.units import from_coherent
from tcplan.report.numbers import figure, share
from tcplan.study.layouts import OBJECTIVES, Found, Layout, search

RESULTS = ("time.step", "memory.peak", "efficiency.mfu", "money.total")
_ENERGY = "energy.facility"
_DEGREES = {
    "tp": "tensor",
    "pp": "pipeline",
    "dp": "data",
    "cp": "context",
    "ep": "expert",
    "micro_batch": "micro_batch",
    "interleave": "interleave",
}
_HEADS = ("TP", "PP", "DP", "CP", "EP", "b", "v")
_CHOICES = ("recompute", "sharding")


def declare(one: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    plan_arguments(one)
    one.add_argument("--top", type=_count, default=20, metavar="N", help=_("how many, by default 20"))
    one.add_argument("--by", choices=tuple(OBJECTIVES), default="time", help=_("what decides"))
    about = _("tensor parallelism may leave the devices with fast links")
    one.add_argument("--across-domains", action="store_true", help=about)
    about = _("layouts may differ from what the plan fixes too")
    one.add_argument("--free", action="store_true", help=about)
    one.add_argument("--json", action="store_true", help=_("for programs"))
    one.set_defaults(run=run)


def _count(text: str) -> int:
    count = int(text)
    if not 1 <= count <= 10_000:
        raise ValueError
    return count


_count.__name__ = N_("count (1 to 10,000)")
"""What the parser calls a value that it refuses."""


def run(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    """Search and print; return 1 when there is no layout."""
    _document, estimate = opened(options)
    found = search(
        estimate,
        options.by,
        options.top,
        anywhere=options.across_domains,
        free=options.free,
        between=bar(sys.stderr),
    )
    if options.json:
        sys.stdout.write(json.dumps(record(found, estimate), indent=2, ensure_ascii=False) + "\n")
    else:
        _print(found, estimate)
    if not found.layouts:
        reason = ("" if options.free else _fixed(estimate)) or none_fits(found)
        sys.stderr.write(f"tcplan: {reason}\n")
        return 1
    return 0


def _fixed(estimate: Estimate) -> str:
    """Return why no layout has what the plan fixes, empty where what is fixed could be.

    Of a degree that cannot be, most layouts are left out for other reasons already.
    """
    given = estimate.inputs.given
    errors = (one for one in estimate.findings if one.level == "error" and one.path in given)
    wrong = next((one for one in errors if one.path.startswith("layout.")), None)
    return f"{wrong.path}: {wrong.sentence}" if wrong is not None else ""


def _degrees(layout: Layout) -> dict[str, float]:
    values = {**layout.choice, "data": layout.values["data"]}
    return {letters: values[name] for letters, name in _DEGREES.items()}


def _results(layout: Layout, estimate: Estimate, paths: tuple[str, ...] = RESULTS) -> dict[str, float]:
    quantities = [estimate.graph.paths[path] for path in paths]
    return {one.path: from_coherent(float(layout.values[one.name]), one.shown) for one in quantities}


def record(found: Found, estimate: Estimate) -> dict[str, object]:
    """Return what `layouts --json` prints."""
    layouts = []
    for one in found.layouts:
        row: dict[str, object] = {letters: int(value) for letters, value in _degrees(one).items()}
        row |= {name: choice_key(name, one.choice[name]) for name in _CHOICES}
        results = _results(one, estimate)
        layouts.append(row | {path: value if isfinite(value) else None for path, value in results.items()})
    return {
        "examined": found.examined,
        "feasible": found.feasible,
        "seconds": found.seconds,
        "layouts": layouts,
    }


def _print(found: Found, estimate: Estimate) -> None:
    if found.layouts:
        last, word = (_ENERGY, _("energy")) if found.by == "energy" else (RESULTS[-1], _("money"))
        paths = (*RESULTS[:-1], last)
        heads = (*_HEADS, _("recompute"), _("sharding"), _("step"), _("memory"), "MFU", word)
        rows = [heads, *[_cells(one, estimate, paths) for one in found.layouts]]
        widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
        for number, row in enumerate(rows):
            cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
            after = behind(found, found.layouts[number - 1]) if number else ""
            mark = "*" if number and found.layouts[number - 1].choice == found.current.choice else " "
            sys.stdout.write(f"{mark} {'  '.join(cells)}  {after}".rstrip() + "\n")
        said = (verdict(found), against_plan(found), against_next(found))
        sys.stdout.write("\n" + "".join(f"{sentence}\n" for sentence in said if sentence))
    sys.stdout.write(f"{summary(found)}\n")
    for code, sentence, count in left_out(found):
        sys.stdout.write(f"  {figure(float(count), '1')!s:>8}  {code:<15} {sentence}\n")


def _cells(layout: Layout, estimate: Estimate, paths: tuple[str, ...]) -> tuple[str, ...]:
    shown = []
    for path, value in _results(layout, estimate, paths).items():
        percent = path == "efficiency.mfu"
        shown.append(str(share(value, 3) if percent else figure(value, estimate.graph.paths[path].shown, 3)))
    choices = [choice_word(name, layout.choice[name]) for name in _CHOICES]
    return (*[f"{value:.0f}" for value in _degrees(layout).values()], *choices, *shown)
