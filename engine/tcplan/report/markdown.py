"""A sheet as Markdown."""

import re
from collections.abc import Iterable

from tcplan.language import _
from tcplan.report.blocks import (
    Bars,
    Block,
    Facts,
    Heading,
    Paragraph,
    Picture,
    Printout,
    Table,
    points,
)

_SPECIAL = re.compile(
    r"[\\`*_\[\]<>#|&$~@]"  # marks anywhere
    r"|:(?=//)|(?<=\bwww)\."  # addresses, which would become links
    r"|^[-+=]"  # rules, lists and headings at the start
)
_NUMBERED = re.compile(r"^([0-9]{1,9})(?=[.)])")


def escaped(text: str) -> str:
    """Return text that Markdown shows as it is."""
    line = _SPECIAL.sub(lambda found: f"\\{found[0]}", " ".join(text.split()))
    return _NUMBERED.sub(r"\1\\", line)


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    heads = list(heads)
    lines = ["| " + " | ".join(escaped(head) for head in heads) + " |", "|" + " --- |" * len(heads)]
    lines.extend("| " + " | ".join(escaped(cell) for cell in row) + " |" for row in rows)
    return [*lines, ""]


def markdown(sheet: Printout) -> str:
    """Return the sheet as Markdown text."""
    lines = [f"# {escaped(sheet.answer)}", "", escaped(sheet.lead), "", escaped(sheet.byline), ""]
    for block in (*sheet.blocks, *sheet.appendix):
        lines += _block(block)
    return "\n".join([*lines, escaped(sheet.footer), ""])


def _block(block: Block) -> list[str]:
    if isinstance(block, Heading):
        return [f"## {escaped(block.text)}", ""]
    if isinstance(block, Paragraph):
        return [escaped(block.text), ""]
    if isinstance(block, Table):
        return _table(block.heads, (map(str, row) for row in block.rows))
    if isinstance(block, Facts):
        return _facts(block)
    if isinstance(block, Bars):
        shares = ((part.label, part.text, part.percent) for part in block.all_parts)
        return _table((_("Part"), _("Amount"), _("Share")), shares)
    if isinstance(block, Picture):
        return _table((block.chart.x_label, block.chart.y_label), points(block.chart))
    one = block.formula
    lines = [f"**{escaped(one.label)}** {escaped(block.shown)}  "]
    return [*lines, f"= {escaped(one.names)}  ", f"= {escaped(one.numbers)}  ", escaped(one.source), ""]


def _facts(block: Facts) -> list[str]:
    ranges = [" · ".join(part for part in (one.band, one.note) if part) for one in block.facts]
    values = [(one.label, f"{one.text} {one.unit}") for one in block.facts]
    rows = ((*value, reach) for value, reach in zip(values, ranges, strict=True))
    return _table((_("Result"), _("Value"), _("Range")), rows)
