"""A sheet as CSV: numbers with every digit and a point, each with its unit beside it; text stays text."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from tcplan.language import _
from tcplan.report.blocks import (
    Amount,
    Bars,
    Block,
    Facts,
    Heading,
    Paragraph,
    Picture,
    Printout,
    Table,
    spread,
)

Row = tuple[str | float | Amount, ...]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")
"""What makes a spreadsheet compute a text."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of cells; a `strong` one heads what is below."""

    cells: Row
    strong: bool = False


def comma_separated(sheet: Printout) -> str:
    """Return the sheet as the text of a CSV file; sections are apart by an empty row."""
    store = io.StringIO()
    out = csv.writer(store, lineterminator="\r\n")
    for line in lines_of(sheet):
        out.writerow([_cell(cell) for cell in line.cells])
    return store.getvalue()


def lines_of(sheet: Printout) -> Iterator[Line]:
    """Yield the rows of a sheet: what it says, then its blocks."""
    yield Line((sheet.answer,), strong=True)
    yield from (Line((text,)) for text in (sheet.lead, sheet.byline))
    for block in (*sheet.blocks, *sheet.appendix):
        if isinstance(block, Heading):
            yield Line(())
        yield from _block(block)
    yield Line(())
    yield Line((sheet.footer,))


def _block(block: Block) -> Iterator[Line]:
    if isinstance(block, Heading | Paragraph):
        yield Line((block.text,), strong=isinstance(block, Heading))
    elif isinstance(block, Table):
        heads, rows = spread(block)
        yield Line(heads, strong=True)
        yield from map(Line, rows)
    elif isinstance(block, Facts):
        yield Line((_("Result"), _("Value"), _("Unit"), _("Range"), _("Note")), strong=True)
        yield from (Line((one.label, one.text, one.unit, one.band, one.note)) for one in block.facts)
    elif isinstance(block, Bars):
        yield Line((_("Part"), _("Amount"), _("Share")), strong=True)
        yield from (Line((part.label, part.text, part.share)) for part in block.all_parts)
    elif isinstance(block, Picture):
        yield Line((_("Devices"), _("Duration, s"), block.chart.y_label, _("Unit")), strong=True)
        yield from (Line((*marked, "$")) for marked in block.chart.marked())
    else:
        one = block.formula
        yield Line((one.label, one.value, one.unit, one.names, one.numbers, one.source))


def _cell(cell: str | float | Amount) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
    number = cell.value if isinstance(cell, Amount) else cell
    return repr(float(number)) if isfinite(number) else ""
