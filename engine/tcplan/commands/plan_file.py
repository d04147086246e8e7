"""The plan that a command works on: its file, its scenario, and values for this time."""

import argparse
import sys
from pathlib import Path

from tcplan.catalogue.row import RowError
from tcplan.catalogue.shelf import Shelf
from tcplan.commands.refused import InputError
from tcplan.estimate import Estimate, evaluate
from tcplan.language import _
from tcplan.plan.document import BASE, Document
from tcplan.plan.file import PlanFileError, load
from tcplan.plan.number import NumberError, read
from tcplan.plan.plan import PlanError, Value, descriptions, nearest
from tcplan.plan.reading import quoted
from tcplan.results import shown_of_quantity
from tcplan.validation.own_stack import shelf_here


def sentence(error: Exception) -> str:
    """Return an error in one line that is safe on a terminal."""
    return quoted(" ".join(str(error).split()))


def plan_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the file, its scenario, and values for this time."""
    parser.add_argument("file", metavar="FILE")
    parser.add_argument(
        "--set", action="append", default=[], metavar="PATH=TEXT", help=_("one value for this time")
    )
    parser.add_argument("--scenario", default=BASE, metavar="NAME", help=_("one of the plan's scenarios"))


def opened(options: argparse.Namespace) -> tuple[Document, Estimate]:
    """Return the plan that the options name, with its values for this time, and its estimate."""
    try:
        found = load(Path(options.file))
    except PlanFileError as error:
        message = f"{options.file}: {sentence(error)}"
        raise InputError(message) from error
    for notice in found.notices:
        sys.stderr.write(f"tcplan: {notice}\n")
    document = found.document.in_scenario(options.scenario)
    shelf = shelf_here().with_rows(document.rows)
    for assignment in options.set:
        document = _with_assignment(document, assignment, shelf)
    return document, evaluate(document.plan, shelf)


def _with_assignment(document: Document, assignment: str, shelf: Shelf) -> Document:
    path, equals, text = (part.strip() for part in assignment.partition("="))
    if not (path and equals):
        message = _("--set {text}: write PATH=TEXT, such as training.tokens=15T").format(text=assignment)
        raise InputError(message)
    try:
        return document.with_value(path, _value(document, path, text, shelf), text)
    except PlanError as error:
        message = f"--set {sentence(error)}"
        raise InputError(message) from error
    except (NumberError, RowError) as error:
        message = f"--set {path}: {sentence(error)}"
        raise InputError(message) from error


def _value(document: Document, path: str, text: str, shelf: Shelf) -> Value:
    shown = descriptions().get(path)
    if shown is None:
        estimate = evaluate(document.plan, shelf)
        quantity = estimate.graph.paths.get(path)
        if quantity is None:
            raise PlanError(path, nearest(path, [*descriptions(), *estimate.graph.paths]))
        return read(text, shown_of_quantity(quantity)).value if text else None
    if not text:
        return None
    if shown.kind == "row":
        shelf.find(shown.table, text)
        return text
    return text if shown.kind in ("choice", "text") else read(text, shown).value
