"""The command line: the same names and the same digits as the window.

Standard output holds the result only, standard error the messages. Exit code 0 is done, 1 means that the plan
cannot be carried out as asked, 2 means bad input.
"""

import argparse
import contextlib
import csv
import io
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from tcplan.catalogue.row import RowError
from tcplan.catalogue.shelf import edition, shipped
from tcplan.chain.layout_choice import NAMES
from tcplan.commands.plan_file import opened, plan_arguments, sentence
from tcplan.commands.refused import InputError, hint
from tcplan.estimate import Estimate, as_saved, evaluate
from tcplan.language import LANGUAGES, _
from tcplan.plan.document import Document
from tcplan.plan.file import ConflictError, SaveError, save, schema
from tcplan.plan.number import NumberError
from tcplan.plan.plan import PlanError, descriptions, nearest
from tcplan.report.numbers import figure
from tcplan.results import GROUPS, RESULTS
from tcplan.version import VERSION

Writer = Callable[[Document, Estimate, Path, Mapping[str, str]], None]
"""What writes a sheet of one format: the document, its estimate, the file, the options."""


class _Parser(argparse.ArgumentParser):
    """A parser that answers a wrong line with one sentence instead of a page.

    Parameters
    ----------
    room
        The module in `tcplan.commands` that declares the arguments, loaded when a line names its command: no
        other command waits for what it imports.
    """

    def __init__(self, *, room: str = "", **more: Any) -> None:  # noqa: ANN401  # the words of argparse
        super().__init__(**more)
        self._room = room

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:  # noqa: ANN401  # as inherited
        if self._room:
            import_module(f"tcplan.commands.{self._room}").declare(self)
            self._room = ""
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        raise InputError(_("{message} (see {program} --help)").format(message=message, program=self.prog))


def main(arguments: Sequence[str] | None = None, writers: Mapping[str, Writer] | None = None) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments
        Without the program's name; by default those of the process.
    writers
        Formats of sheets that need more than the engine, by suffix.
    """
    _prepare_output()
    try:
        code = _run(arguments, writers or {})
        sys.stdout.flush()
    except (InputError, PlanError, NumberError, RowError, SaveError, ConflictError) as error:
        sys.stderr.write(f"tcplan: {sentence(error)}\n")
        return 2
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        _leave_output()
        return 0
    except OSError as error:
        _leave_output()
        place = error.filename or _("standard output")
        reason = InputError(f"{place}: {error.strerror or error}")
        sys.stderr.write(f"tcplan: {sentence(reason)}\n")
        return 2
    return code


def _run(arguments: Sequence[str] | None, writers: Mapping[str, Writer]) -> int:
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as done:
        # --help and --version have answered.
        return int(done.code or 0)
    code: int = options.run(options, writers)
    return code


def _prepare_output() -> None:
    """Make output possible where a stream is closed, or its encoding lacks a letter."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # It lives as long as the process.
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace" if name == "stderr" else "replace")


def _leave_output() -> None:
    """Send what is still to be written nowhere, so that the end of the process does not try again."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tcplan",
        description=_("What it costs to train an AI model."),
        epilog=_(
            "Without a command the window opens, with files if named; --new-instance opens another one."
        ),
    )
    parser.add_argument("--version", action="version", version=f"tcplan {VERSION}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)

    new = commands.add_parser("new", help=_("a plan from an example or a model preset"))
    new.add_argument("--from", dest="key", required=True, metavar="KEY", help=_("example or model preset"))
    new.add_argument("out", metavar="OUT.tcplan")
    new.set_defaults(run=_new)

    commands.add_parser("import", help=_("a plan from a file of somebody else"), room="import_file")

    one = commands.add_parser("evaluate", help=_("every result of a plan"))
    plan_arguments(one)
    form = one.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=_("for programs"))
    form.add_argument("--csv", action="store_true", help=_("for tables"))
    one.set_defaults(run=_evaluate)

    explain = commands.add_parser("explain", help=_("the why of one number"))
    plan_arguments(explain)
    explain.add_argument("result", metavar="RESULT", help=_("such as money.total"))
    explain.set_defaults(run=_explain)

    commands.add_parser("sweep", help=_("results at every combination of values"), room="sweep")
    commands.add_parser("layouts", help=_("the best parallel layouts, and why"), room="layouts")
    commands.add_parser("levers", help=_("what single changes would save"), room="levers")

    commands.add_parser("compare", help=_("plans side by side, and why one is dearer"), room="compare")

    sheet = commands.add_parser("sheet", help=_("the summary sheet as a file"))
    plan_arguments(sheet)
    about = _("an older sheet of this name is replaced when the new one is complete")
    sheet.add_argument("out", metavar="OUT.pdf|.html|.xlsx|.md|.tex|.csv", help=about)
    sheet.add_argument("--paper", choices=("a4", "letter"), default="a4")
    about = _("one-page, board, grant, ai-act, carbon or quotes")
    sheet.add_argument("--template", default="one-page", metavar="NAME", help=about)
    sheet.add_argument("--lang", choices=LANGUAGES, default="en")
    sheet.set_defaults(run=_sheet)

    commands.add_parser("validate", help=_("predictions beside measured steps"), room="validate")
    commands.add_parser("methods", help=_("published costs, computed again"), room="methods")
    commands.add_parser("schema", help=_("JSON Schema of the file")).set_defaults(run=_schema)

    commands.add_parser("catalogue", help=_("the facts that plans use"), room="catalogue")
    return parser


def _new(options: argparse.Namespace, _writers: Mapping[str, Writer]) -> int:
    from tcplan.examples import example, example_keys

    out = Path(options.out)
    if out.exists():
        message = _("{file} exists already; choose another name").format(file=out)
        raise InputError(message)
    keys = [row.key for row in shipped().rows("models")]
    if options.key in example_keys():
        document = example(options.key)
    elif options.key in keys:
        row = shipped().find("models", options.key)
        document = Document.new(title=row.name).with_value("model.preset", row.key)
    else:
        message = _("no example or model preset is called “{key}”").format(key=options.key)
        raise InputError(message + hint(options.key, [*example_keys(), *keys]))
    document = replace(document, id=Document.new().id)
    save(as_saved(document, evaluate(document.plan), datetime.now(UTC)), out, None)
    return 0


def _evaluate(options: argparse.Namespace, _writers: Mapping[str, Writer]) -> int:
    document, estimate = opened(options)
    if options.json:
        sys.stdout.write(
            json.dumps(evaluation(document, estimate, options.scenario), indent=2, ensure_ascii=False) + "\n"
        )
    elif options.csv:
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(("path", "value", "unit"))
        for path in RESULTS:
            result = estimate[path]
            table.writerow((path, repr(result.value), result.unit))
    else:
        _write_table(estimate)
    return _verdict(estimate)


def evaluation(document: Document, estimate: Estimate, scenario: str) -> dict[str, object]:
    """Return what `evaluate --json` prints; p5 and p95 are null where no predicted time has a part."""
    from tcplan.validation.certainty import certainty

    sure = certainty(estimate, RESULTS)
    ends = sure.results if sure is not None else {}
    results = {}
    for path in RESULTS:
        low, high = ends.get(path, (None, None))
        figures = {"value": _finite(estimate[path].value), "unit": estimate[path].unit}
        results[path] = {**figures, "p5": low, "p95": high}
    codes = {"recompute": "layout.recompute", "sharding": "layout.sharding"}
    layout: dict[str, object] = {name: estimate.layout[name] for name in NAMES if name not in codes}
    layout |= {name: estimate.field(path).key for name, path in codes.items()}
    layout["data"] = estimate.values["data"]
    return {
        "format": 1,
        "engine": VERSION,
        "catalogue": edition(),
        "plan": document.plan.fingerprint(),
        "scenario": scenario,
        "results": results,
        "problems": [
            {"path": one.path, "level": one.level, "message": one.sentence} for one in estimate.findings
        ],
        "layout": layout,
    }


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None


def _write_table(estimate: Estimate) -> None:
    group = ""
    for path in RESULTS:
        room = path.partition(".")[0]
        if room != group:
            sys.stdout.write(f"{_(GROUPS[room])}\n")
            group = room
        result = estimate[path]
        shown = figure(result.value, result.unit, digits=3)
        sys.stdout.write(f"  {result.label:<34} {shown.text:>12} {shown.unit:<10} {path}\n")


def _verdict(estimate: Estimate) -> int:
    for one in estimate.findings:
        if one.level != "advice":
            sys.stderr.write(f"tcplan: {one.path}: {one.sentence}\n")
    return 1 if any(one.level == "error" for one in estimate.findings) else 0


def _explain(options: argparse.Namespace, _writers: Mapping[str, Writer]) -> int:
    _document, estimate = opened(options)
    if options.result in descriptions():
        raise PlanError(options.result, _("this is a field, not a result; only results have a why"))
    if options.result not in estimate:
        raise PlanError(options.result or "RESULT", nearest(options.result, list(estimate.graph.paths)))
    sys.stdout.write(estimate.why(options.result).rstrip("\n") + "\n")
    return _verdict(estimate)


def _sheet(options: argparse.Namespace, writers: Mapping[str, Writer]) -> int:
    from tcplan.report.templates.registry import TemplateError, template
    from tcplan.writers import WRITERS

    try:
        template(options.template)
    except TemplateError as error:
        raise InputError(str(error)) from error
    out = Path(options.out)
    known = {**WRITERS, **writers}
    writer = known.get(out.suffix.lower())
    if writer is None:
        allowed = ", ".join(sorted(known))
        message = _("{file}: a sheet can be written as {allowed}").format(file=out, allowed=allowed)
        raise InputError(message)
    document, estimate = opened(options)
    if out.exists() and out.samefile(options.file):
        message = _("{file}: this is the plan itself; choose another name").format(file=out)
        raise InputError(message)
    chosen = {"paper": options.paper, "template": options.template, "scenario": options.scenario}
    try:
        writer(document, estimate, out, chosen)
    except OSError as error:
        message = _("{file}: {reason}").format(file=out, reason=error.strerror or error)
        raise InputError(message) from error
    return _verdict(estimate)


def _schema(_options: argparse.Namespace, _writers: Mapping[str, Writer]) -> int:
    sys.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
