"""`tcplan sweep`: results at every combination of values, as a table in a file."""

import argparse
import csv
import io
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from tcplan.catalogue.row import RowError
from tcplan.catalogue.shelf import Shelf
from tcplan.commands.plan_file import opened, plan_arguments, sentence
from tcplan.commands.progress import bar
from tcplan.commands.refused import InputError
from tcplan.language import _
from tcplan.plan.document import Document
from tcplan.plan.plan import PlanError
from tcplan.report.output import write_whole
from tcplan.study.axis import Axis, axis_of
from tcplan.study.cluster import ClusterError, swept
from tcplan.study.sweep import DEFAULT_RESULTS, PROBLEM, Sweep, Table, computed, joined, sweep_of

_FREE = "memory.free"
_SUFFIXES = (".csv", ".parquet")


def declare(one: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    plan_arguments(one)
    about = _("values of a field or result, parted by commas: training.tokens=1T,2T,4T")
    one.add_argument(
        "--vary", action="extend", nargs="+", default=[], required=True, metavar="PATH=LIST", help=about
    )
    about = _("an older table of this name is replaced when the new one is complete")
    one.add_argument("--out", required=True, metavar="OUT.csv|.parquet", help=about)
    about = _("what to write, instead of the usual results")
    one.add_argument("--results", metavar="PATH,PATH", help=about)
    about = _("compute on a Dask cluster that runs already, such as tcp://node1:8786")
    one.add_argument("--scheduler", metavar="ADDRESS", help=about)
    one.set_defaults(run=run)


def run(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    """Compute and write the table; return 1 when no point of it can be carried out."""
    out = Path(options.out)
    suffix = out.suffix.lower()
    if suffix not in _SUFFIXES:
        message = _("{file}: a table can be written as {allowed}").format(
            file=out, allowed=", ".join(_SUFFIXES)
        )
        raise InputError(message)
    parquet = _library() if suffix == ".parquet" else None
    document, estimate = opened(options)
    if out.exists() and out.samefile(options.file):
        message = _("{file}: this is the plan itself; choose another name").format(file=out)
        raise InputError(message)
    results = _results(options.results)
    one = _sweep(document, estimate.shelf, options.vary, (*results, _FREE))
    table = _computed(one, options.scheduler)
    failed = _failed(table)
    if _FREE not in results:
        del table[_FREE]
    try:
        write_whole(_csv(table) if parquet is None else _parquet(table, parquet), out)
    except OSError as error:
        message = _("{file}: {reason}").format(file=out, reason=error.strerror or error)
        raise InputError(message) from error
    return _verdict(one.size, failed)


def _results(text: str | None) -> tuple[str, ...]:
    if text is None:
        return DEFAULT_RESULTS
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _sweep(document: Document, shelf: Shelf, vary: Sequence[str], results: Sequence[str]) -> Sweep:
    axes: list[Axis] = []
    for assignment in vary:
        path, equals, text = (part.strip() for part in assignment.partition("="))
        if not (path and equals and text):
            message = _("--vary {text}: write PATH=LIST, such as training.tokens=1T,2T").format(
                text=assignment
            )
            raise InputError(message)
        try:
            axes.append(axis_of(path, text, document.plan, shelf))
        except PlanError as error:
            message = f"--vary {sentence(error)}"
            raise InputError(message) from error
        except RowError as error:
            message = f"--vary {path}: {sentence(error)}"
            raise InputError(message) from error
    return sweep_of(document, axes, results, shelf)


def _computed(one: Sweep, scheduler: str | None) -> Table:
    progress = bar(sys.stderr)
    if scheduler is not None:
        try:
            return swept(scheduler, one, progress)
        except ClusterError as error:
            raise InputError(str(error)) from error
        except KeyboardInterrupt:
            # The library's threads need a second to end; nothing is open that could be left half done.
            os._exit(128 + signal.SIGINT)
    tables = []
    for start, stop in one.pieces():
        tables.append(computed(one, start, stop))
        progress(stop / one.size)
    return joined(tables)


def _csv(table: Table) -> bytes:
    """Return a table as CSV; a result that is not known or without bound is an empty cell."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table)
    columns = [column.tolist() for column in table.values()]
    for row in zip(*columns, strict=True):
        writer.writerow([cell if isinstance(cell, str) else _number(cell) for cell in row])
    return stream.getvalue().encode()


def _number(value: float) -> str:
    if not isfinite(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _library() -> Any:  # noqa: ANN401  # pyarrow says nothing of its types
    try:
        import_module("pyarrow.parquet")
        return import_module("pyarrow")
    except ImportError as error:
        message = _(".parquet needs the library pyarrow, which is not in this installation")
        raise InputError(message) from error


def _parquet(table: Table, pyarrow: Any) -> bytes:  # noqa: ANN401  # pyarrow says nothing of its types
    """Return a table as Parquet, with nulls where CSV has empty cells."""
    stream = io.BytesIO()
    columns = {
        path: pyarrow.array(column, mask=column == "" if column.dtype.kind == "U" else ~np.isfinite(column))
        for path, column in table.items()
    }
    pyarrow.parquet.write_table(pyarrow.table(columns), stream)
    return stream.getvalue()


def _failed(table: Table) -> dict[str, list[str]]:
    """Return the problems of the points that cannot exist, do not fit, or have a result without a value."""
    free, problems = np.asarray(table[_FREE], np.float64), table[PROBLEM]
    large, none = free < 0.0, np.isnan(free)
    kinds = {
        _("{count} of {points} points cannot exist: {reason}"): none,
        _("{count} of {points} points do not fit into the memory of a device"): large,
        _("{count} of {points} points have a result that cannot be computed: {reason}"): ~none & ~large,
    }
    return {words: problems[kind & (problems != "")].tolist() for words, kind in kinds.items()}


def _verdict(points: int, failed: Mapping[str, Sequence[str]]) -> int:
    for words, reasons in failed.items():
        if reasons:
            said = words.format(count=f"{len(reasons):,}", points=f"{points:,}", reason=reasons[0])
            sys.stderr.write(f"tcplan: {said}\n")
    return 1 if sum(len(reasons) for reasons in failed.values()) == points else 0
