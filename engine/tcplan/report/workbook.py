"""The sheet as an Excel workbook: full precision, units, formulas in words, sources. Text stays text."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from tcplan.estimate import Estimate
from tcplan.language import _
from tcplan.report.sheet import Sheet
from tcplan.results import RESULTS

Cell = str | float


def workbook(sheet: Sheet, estimate: Estimate) -> bytes:
    """Return the workbook as the bytes of a file."""
    import xlsxwriter  # type: ignore[import-untyped]

    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    store = BytesIO()
    book = xlsxwriter.Workbook(store, options)
    bold = book.add_format({"bold": True, "bottom": 1})
    _fill(
        book.add_worksheet(_("Summary")),
        bold,
        (_("Result"), _("Value"), _("Unit")),
        _summary(sheet, estimate),
    )
    _fill(
        book.add_worksheet(_("Assumptions")),
        bold,
        (_("Assumption"), _("Value"), _("From"), _("Date"), _("Note")),
        ((one.label, one.value, one.layer, one.origin, one.note) for one in sheet.assumptions),
    )
    _fill(
        book.add_worksheet(_("Formulas")),
        bold,
        (_("Result"), _("Value"), _("Unit"), _("Formula"), _("With numbers"), _("Source")),
        ((one.label, one.value, one.unit, one.names, one.numbers, one.source) for one in sheet.formulas),
    )
    _fill(
        book.add_worksheet(_("Sources")),
        bold,
        (_("Source"), _("Date"), _("Used for")),
        ((one.text, one.date, ", ".join(one.used_for)) for one in sheet.sources),
    )
    book.close()
    return store.getvalue()


def _summary(sheet: Sheet, estimate: Estimate) -> Iterable[Sequence[Cell]]:
    yield (sheet.answer, "", "")
    for path in RESULTS:
        result = estimate[path]
        yield (result.label, result.value, result.unit)
    yield (sheet.footer, "", "")


def _fill(page: Any, bold: Any, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:  # noqa: ANN401
    for column, head in enumerate(heads):
        page.write_string(0, column, head, bold)
    widths = [len(head) for head in heads]
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                page.write_string(number, column, cell)
            elif abs(cell) < float("inf"):
                page.write_number(number, column, cell)
            else:
                page.write_string(number, column, _("not known"))
            widths[column] = max(widths[column], min(len(str(cell)), 60))
    for column, width in enumerate(widths):
        page.set_column(column, column, width + 2)
    page.freeze_panes(1, 0)
