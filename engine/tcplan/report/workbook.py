"""A sheet as an Excel workbook: live formulas with their values, units, sources. Text stays text."""

from collections.abc import Iterable
from io import BytesIO
from math import isclose, isfinite
from typing import Any

from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.report.blocks import Amount, Printout
from tcplan.report.cells import number_text
from tcplan.report.comma_separated import Line, lines_of
from tcplan.report.model_rows import ModelRow, cell_name, model_rows
from tcplan.results import RESULTS

Cell = str | float | Amount

_SHOWN, _COHERENT = 1, 3
_TEXTS = (0, 2, 4, 5, 6, 7, 8)
"""Columns of the model that hold text."""
_WIDTHS = (44, 16, 16, 16, 12, 11, 60, 12, 30)
_WIDEST = 60
_SAME = 1e-9
_NOTE = N_(
    "The results follow the inputs on the sheet Model, whose coloured cells may be changed. What a worksheet "
    "cannot compute, such as the search of layouts, stands there as a value and says so."
)


class _Book:
    """A workbook whose cells may refer to the rows of the model."""

    def __init__(self, estimate: Estimate) -> None:
        import xlsxwriter  # type: ignore[import-untyped]

        options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        self.store = BytesIO()
        self.book = xlsxwriter.Workbook(self.store, options)
        self.bold = self.book.add_format({"bold": True, "bottom": 1})
        self.typed = self.book.add_format({"bg_color": "#FFF4D6"})
        self.rows = model_rows(estimate)
        self.places = {row.path: number for number, row in enumerate(self.rows, start=1) if row.path}
        self.model = _("Model")

    def page(self, name: str, lines: Iterable[Line]) -> None:
        """Add a worksheet of rows."""
        page = self.book.add_worksheet(name)
        widths = [0]
        for number, line in enumerate(lines):
            for column, cell in enumerate(line.cells):
                self.put(page, number, column, cell, self.bold if line.strong else None)
                widths += [0] * (column + 1 - len(widths))
                if len(line.cells) > 1:
                    # A line alone runs on over the cells at its right.
                    text = str(cell.value if isinstance(cell, Amount) else cell)
                    widths[column] = max(widths[column], min(len(text), _WIDEST))
        for column, width in enumerate(widths):
            page.set_column(column, column, max(width + 2, 8))

    def put(self, page: Any, row: int, column: int, cell: Cell, look: Any = None) -> None:  # noqa: ANN401
        """Write text as text, a number as a number, and a result as a reference to the model."""
        if isinstance(cell, str):
            page.write_string(row, column, cell, look)
            return
        value = cell.value if isinstance(cell, Amount) else cell
        place = self.places.get(cell.path) if isinstance(cell, Amount) else None
        if not isfinite(value):
            page.write_string(row, column, _("not known"))
        elif place is not None and isclose(self.rows[place - 1].shown, value, rel_tol=_SAME):
            page.write_formula(row, column, f"='{self.model}'!$B${place + 1}", None, value)
        else:
            page.write_number(row, column, value)

    def model_page(self) -> None:
        """Add the worksheet of the model: inputs to change, and formulas that follow them."""
        page = self.book.add_worksheet(self.model)
        values = (_("Quantity"), _("Value"), _("Unit"), _("In base units"), _("Base unit"))
        heads = (*values, _("From"), _("Source"), _("Date"), _("Address"))
        for column, head in enumerate(heads):
            page.write_string(0, column, head, self.bold)
        for number, row in enumerate(self.rows, start=1):
            texts = (row.label, row.unit, row.coherent_unit, row.layer, row.source, row.date, row.path)
            for column, text in zip(_TEXTS, texts, strict=True):
                page.write_string(number, column, "" if text == "1" else text)
            self._value(page, number, row)
            self.book.define_name(cell_name(row.name), f"='{self.model}'!$D${number + 1}")
        for column, width in enumerate(_WIDTHS):
            page.set_column(column, column, width)
        page.freeze_panes(1, 1)

    def _value(self, page: Any, number: int, row: ModelRow) -> None:  # noqa: ANN401
        """Write an input in the unit shown, which the base unit follows, or a formula the other way round."""
        if not isfinite(row.value):
            page.write_string(number, _SHOWN, _("not known"))
            page.write_string(number, _COHERENT, _("not known"))
        elif row.formula:
            shown = f"=$D${number + 1}/{number_text(row.scale)}"
            page.write_formula(number, _SHOWN, shown, None, row.shown)
            page.write_formula(number, _COHERENT, row.formula, None, row.value)
        else:
            page.write_number(number, _SHOWN, row.shown, self.typed)
            page.write_formula(
                number, _COHERENT, f"=$B${number + 1}*{number_text(row.scale)}", None, row.value
            )


def workbook(sheet: Printout, estimate: Estimate) -> bytes:
    """Return the workbook as the bytes of a file: the sheet, its results and the model behind them."""
    made = _Book(estimate)
    made.page(sheet.label, lines_of(sheet))
    made.page(_("Summary"), _summary(sheet, estimate))
    made.model_page()
    made.book.close()
    return made.store.getvalue()


def _summary(sheet: Printout, estimate: Estimate) -> Iterable[Line]:
    yield Line((_("Result"), _("Value"), _("Unit")), strong=True)
    for path in RESULTS:
        result = estimate[path]
        unit = result.unit if result.unit != "1" else ""
        yield Line((result.label, Amount(result.value, result.unit, path=path), unit))
    yield from (Line((text,)) for text in (sheet.answer, sheet.footer, _(_NOTE)))
