"""The formats of a sheet that need nothing but the engine, by suffix."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tcplan.estimate import Estimate
from tcplan.plan.document import BASE, Document
from tcplan.report.blocks import Printout
from tcplan.report.comma_separated import comma_separated
from tcplan.report.html import html
from tcplan.report.latex import latex
from tcplan.report.markdown import markdown
from tcplan.report.output import write_whole
from tcplan.report.templates.registry import ONE_PAGE
from tcplan.report.workbook import workbook
from tcplan.validation.on_paper import printout_today

Writer = Callable[[Document, Estimate, Path, Mapping[str, str]], None]


def chosen_sheet(document: Document, estimate: Estimate, options: Mapping[str, str]) -> Printout:
    """Return the sheet that some options ask for: the `template` of a `scenario`."""
    scenario, template = options.get("scenario", BASE), options.get("template", ONE_PAGE)
    return printout_today(document, estimate, scenario, template)


def _text_writer(render: Callable[[Printout], str], encoding: str = "utf-8") -> Writer:
    def write(document: Document, estimate: Estimate, path: Path, options: Mapping[str, str]) -> None:
        text = render(chosen_sheet(document, estimate, options))
        write_whole(text.encode(encoding, errors="replace"), path)

    return write


def _workbook(document: Document, estimate: Estimate, path: Path, options: Mapping[str, str]) -> None:
    write_whole(workbook(chosen_sheet(document, estimate, options), estimate), path)


WRITERS: Mapping[str, Writer] = {
    ".html": _text_writer(html),
    ".md": _text_writer(markdown),
    ".tex": _text_writer(latex),
    ".xlsx": _workbook,
    # Spreadsheets take a table without this mark for one in the letters of their country.
    ".csv": _text_writer(comma_separated, "utf-8-sig"),
}
