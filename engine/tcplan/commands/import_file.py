"""`tcplan import`: a plan from a configuration, a run's arguments, job accounting or metered energy."""

import argparse
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from tcplan.catalogue.shelf import shipped
from tcplan.commands.plan_file import sentence
from tcplan.commands.refused import InputError
from tcplan.estimate import as_saved, evaluate
from tcplan.language import _
from tcplan.plan.file import save
from tcplan.reading.document import document_of
from tcplan.reading.kinds import read_file
from tcplan.reading.reading import ReadingError


def declare(one: argparse.ArgumentParser) -> None:
    """Add the arguments of the command to its parser."""
    about = _(
        "config.json or params.json of a model, Megatron's arguments, a table of sacct with its header, "
        "CodeCarbon's emissions.csv, a log of carbontracker"
    )
    one.add_argument("file", metavar="FILE", help=about)
    one.add_argument("out", metavar="OUT.tcplan")
    one.set_defaults(run=run)


def run(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    """Read the file, write the plan, and say what was assumed; return the exit code."""
    out = Path(options.out)
    if out.exists():
        message = _("{file} exists already; choose another name").format(file=out)
        raise InputError(message)
    try:
        made = document_of(read_file(Path(options.file), shipped()), Path(options.file).name)
    except ReadingError as error:
        message = f"{options.file}: {sentence(error)}"
        raise InputError(message) from error
    save(as_saved(made.document, evaluate(made.document.plan), datetime.now(UTC)), out, None)
    for words in made.notes:
        sys.stderr.write(f"tcplan: {words}\n")
    for words in made.missing:
        sys.stderr.write("tcplan: " + _("assumed: {what}").format(what=words) + "\n")
    return 0
