"""`tcplan compare`: plans side by side, what differs in them and in their results, and why."""

import argparse
import json
import sys
from collections.abc import Mapping
from math import isfinite
from pathlib import Path

from tcplan import compare_words
from tcplan.commands.plan_file import sentence
from tcplan.commands.refused import InputError
from tcplan.estimate import evaluate
from tcplan.language import _
from tcplan.plan.document import BASE, Document
from tcplan.plan.file import PlanFileError, load
from tcplan.plan.plan import PlanError, Value
from tcplan.plan.value import Range
from tcplan.report.numbers import change, figure
from tcplan.study.compare import RESULTS, Cell, Column, Comparison, ResultCell, compare
from tcplan.study.waterfall import Waterfall, waterfall
from tcplan.validation.columns import column_of
from tcplan.validation.own_stack import shelf_here

_MOST = 60
_WIDEST = 40


def declare(one: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    about = _("plans; changes refer to the first. One alone is compared with its scenarios")
    one.add_argument("files", nargs="+", metavar="FILE", help=about)
    about = _("a scenario of the first file, beside it; may be repeated")
    one.add_argument("--scenario", action="append", default=[], metavar="NAME", help=about)
    about = _("the result that the waterfall explains: {names}").format(names=", ".join(RESULTS))
    one.add_argument("--result", default=RESULTS[0], choices=RESULTS, metavar="RESULT", help=about)
    one.add_argument("--all", action="store_true", help=_("inputs that are the same as well"))
    one.add_argument("--json", action="store_true", help=_("for programs"))
    one.set_defaults(run=run)


def run(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    """Compare and write; return 1 when one of the plans cannot be carried out."""
    columns, places = _columns(options)
    made = compare(columns)
    falls = [waterfall(columns[0], other, options.result) for other in columns[1:]]
    if options.json:
        tree = comparison_tree(made, falls, places, every=options.all)
        sys.stdout.write(json.dumps(tree, indent=2, ensure_ascii=False) + "\n")
    else:
        _write_inputs(made, every=options.all)
        _write_results(made)
        for at, fall in enumerate(falls, start=1):
            _write_waterfall(made, fall, at)
    return _verdict(columns)


def _opened(file: str) -> Document:
    try:
        found = load(Path(file))
    except PlanFileError as error:
        message = f"{file}: {sentence(error)}"
        raise InputError(message) from error
    for notice in found.notices:
        sys.stderr.write(f"tcplan: {file}: {notice}\n")
    return found.document


def _columns(options: argparse.Namespace) -> tuple[tuple[Column, ...], list[dict[str, str]]]:
    """Return the plans, and for each its file, scenario and fingerprint."""
    documents = [_opened(file) for file in options.files]
    first = documents[0]
    alone = len(documents) == 1
    scenarios = options.scenario or (first.scenario_names[1:] if alone else [])
    if alone and not scenarios:
        message = _("{file}: there is nothing to compare it with: name another plan; it has no scenarios")
        raise InputError(message.format(file=options.files[0]))
    wanted = [(options.files[0], first, name) for name in (BASE, *dict.fromkeys(scenarios)) if name]
    wanted += [
        (file, document, BASE) for file, document in zip(options.files[1:], documents[1:], strict=True)
    ]
    if len(wanted) > _MOST:
        message = _("{count} plans are too many to compare; {most} are possible")
        raise InputError(message.format(count=len(wanted), most=_MOST))
    columns, places = [], []
    for file, document, scenario in wanted:
        try:
            plan = document.scenario_plan(scenario)
        except PlanError as error:
            message = f"{file}: {error.sentence}"
            raise InputError(message) from error
        estimate = evaluate(plan, shelf_here().with_rows(document.rows))
        name = scenario if alone else _file_name(file, options.files)
        name = name if alone or scenario == BASE else f"{name}: {scenario}"
        columns.append(column_of(name, estimate))
        places.append({"file": file, "scenario": scenario, "plan": plan.fingerprint()})
    return tuple(columns), places


def _file_name(file: str, files: list[str]) -> str:
    stem = Path(file).stem
    return stem if sum(Path(other).stem == stem for other in files) == 1 else file


def _verdict(columns: tuple[Column, ...]) -> int:
    wrong = [
        (one.name, found) for one in columns for found in one.estimate.findings if found.level == "error"
    ]
    for name, found in wrong:
        sys.stderr.write(f"tcplan: {name}: {found.path}: {found.sentence}\n")
    return 1 if wrong else 0


# for programs


def comparison_tree(
    made: Comparison, falls: list[Waterfall], places: list[dict[str, str]], *, every: bool
) -> dict[str, object]:
    """Return what `compare --json` prints; numbers that are not known are null."""
    rows = [row for row in made.inputs if every or row.differs]
    return {
        "format": 1,
        "reference": made.columns[made.reference].name,
        "columns": [
            {"name": column.name, **place} for column, place in zip(made.columns, places, strict=True)
        ],
        "inputs": [{"path": row.path, "values": [_input(cell) for cell in row.cells]} for row in rows],
        "results": {
            row.path: {"unit": row.unit, "columns": [_cell(cell, row.cells[0]) for cell in row.cells]}
            for row in made.results
        },
        "waterfalls": [
            {
                "result": fall.path,
                "unit": fall.unit,
                "from": made.columns[0].name,
                "to": column.name,
                "start": _finite(fall.start),
                "end": _finite(fall.end),
                "parts": [{"paths": list(part.paths), "change": part.change} for part in fall.parts],
                "residual": _finite(fall.residual),
                "orders": fall.orders or "all",
            }
            for fall, column in zip(falls, made.columns[1:], strict=True)
        ],
    }


def _input(cell: Cell) -> dict[str, object]:
    """Return an input in coherent units: what is in force, and what was typed where that says more."""
    value: object = cell.key or _finite(cell.number)
    return {"value": value, "typed": _typed(cell.typed)}


def _typed(value: Value) -> object:
    if isinstance(value, Range):
        return {"low": value.low, "high": value.high}
    return list(value) if isinstance(value, tuple) else value


def _cell(cell: ResultCell, base: ResultCell) -> dict[str, object]:
    made: dict[str, object] = {
        "value": _finite(cell.value),
        "p5": _finite(cell.low),
        "p95": _finite(cell.high),
    }
    if cell is base:
        return made
    relative = cell.value / base.value - 1.0 if base.value else float("nan")
    known = isfinite(cell.lower)
    return made | {
        "change": _finite(cell.value - base.value),
        "change_pct": _finite(100.0 * relative),
        "chance_lower": _finite(cell.lower),
        "distinguishable": not cell.unclear if known else None,
    }


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


# for people


def _write_inputs(made: Comparison, *, every: bool) -> None:
    rows = [row for row in made.inputs if every or row.differs]
    lines = [["", *(column.name for column in made.columns)]]
    for row in rows:
        texts = [
            compare_words.text_of(row.path, cell, column.estimate)
            for cell, column in zip(row.cells, made.columns, strict=True)
        ]
        lines.append([compare_words.label_of(row.path, made.columns[0].estimate), *texts])
    _write_table(lines if rows else [*lines, [_("no input differs")]])


def _write_results(made: Comparison) -> None:
    lines = []
    for row in made.results:
        base = row.cells[made.reference]
        texts = [str(figure(base.value, row.unit, 3))]
        for cell in row.cells[1:]:
            said = compare_words.chance_words(cell)
            moved = change(cell.value, base.value)
            texts.append(f"{figure(cell.value, row.unit, 3)}  {moved}" + (f"  ({said})" if said else ""))
        lines.append([_(compare_words.LABELS[row.path]), *texts])
    sys.stdout.write("\n" + _("Results: change, chance to be lower") + "\n")
    _write_table(lines)


def _write_table(lines: list[list[str]]) -> None:
    count = max(len(line) for line in lines)
    widths = [max((len(line[at]) for line in lines if at < len(line)), default=0) for at in range(count)]
    for line in lines:
        cells = [text[:_WIDEST].ljust(min(width, _WIDEST)) for text, width in zip(line, widths, strict=False)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _write_waterfall(made: Comparison, fall: Waterfall, at: int) -> None:
    column = made.columns[at]
    head = compare_words.why_title(made, at, fall.path)
    sys.stdout.write(f"\n{head} ({compare_words.method(fall)})\n")
    lines = [(made.columns[0].name, str(figure(fall.start, fall.unit, 3)), "")]
    for part in compare_words.parts_that_differ(fall, made, 0, at):
        label = compare_words.part_label(part, column.estimate)
        lines.append(
            (label, compare_words.signed(part.change, fall), compare_words.part_words(part, made, 0, at))
        )
    residual = compare_words.residual_words(fall, made.columns[0], column)
    lines.append((_("Residual"), compare_words.signed(fall.residual, fall), residual))
    lines.append((column.name, str(figure(fall.end, fall.unit, 3)), ""))
    wide = min(max(len(label) for label, _text, _words in lines), _WIDEST)
    for label, text, words in lines:
        sys.stdout.write(f"  {label[:_WIDEST]:<{wide}}  {text:>14}  {words}".rstrip() + "\n")
