"""The formats of a sheet that need nothing but the engine, by suffix."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tcplan.estimate import Estimate
from tcplan.plan.document import BASE, Document
from tcplan.report.html import html
from tcplan.report.latex import latex
from tcplan.report.markdown import markdown
from tcplan.report.output import write_whole
from tcplan.report.sheet import Sheet
from tcplan.report.workbook import workbook
from tcplan.validation.on_paper import sheet_today

Writer = Callable[[Document, Estimate, Path, Mapping[str, str]], None]


def _sheet(document: Document, estimate: Estimate, options: Mapping[str, str]) -> Sheet:
    return sheet_today(document, estimate, options.get("scenario", BASE))


def _text_writer(render: Callable[[Sheet], str]) -> Writer:
    def write(document: Document, estimate: Estimate, path: Path, options: Mapping[str, str]) -> None:
        write_whole(render(_sheet(document, estimate, options)).encode(errors="replace"), path)

    return write


def _workbook(document: Document, estimate: Estimate, path: Path, options: Mapping[str, str]) -> None:
    write_whole(workbook(_sheet(document, estimate, options), estimate), path)


WRITERS: Mapping[str, Writer] = {
    ".html": _text_writer(html),
    ".md": _text_writer(markdown),
    ".tex": _text_writer(latex),
    ".xlsx": _workbook,
}
