"""A sheet as a LaTeX document that needs only standard packages."""

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
    amount_columns,
    points,
)

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    # After the end of a row these would belong to it.
    "[": "{[}",
    "*": "{*}",
    "\u00a0": "~",
    "\u202f": r"\,",
    "−": r"\ensuremath{-}",
    "×": r"\ensuremath{\times}",
    "·": r"\ensuremath{\cdot}",
    "₂": r"\textsubscript{2}",
    "–": "--",
    "…": r"\ldots{}",
    "→": r"\ensuremath{\rightarrow}",
    "≥": r"\ensuremath{\geq}",
    "≤": r"\ensuremath{\leq}",
    "½": r"\ensuremath{\frac12}",
    "√": r"\ensuremath{\surd}",
}
_LINE, _LETTER, _GAP = 17.4, 0.2, 0.42
"""Centimetres of a line, of a letter and between two columns."""
_SHORT, _LONG = 20, 90
"""Letters from which a text is broken into lines, and after which it gets no more room."""
_LIGATURES = "-<>,`'"
"""Two of these in a row would become another sign."""
_POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def escaped(text: str) -> str:
    """Return text that LaTeX sets as it is."""
    shown = []
    power = ""
    before = ""
    for letter in text.replace("\n", " "):
        if letter == before and letter in _LIGATURES:
            shown.append("{}")
        before = letter
        if letter in "⁰¹²³⁴⁵⁶⁷⁸⁹⁻":
            power += letter.translate(_POWERS)
            continue
        if power:
            shown.append(rf"\textsuperscript{{{power}}}")
            power = ""
        shown.append(_SPECIAL.get(letter, letter))
    if power:
        shown.append(rf"\textsuperscript{{{power}}}")
    return "".join(shown)


def _table(columns: str, heads: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    lines = [rf"\begin{{longtable}}{{{columns}}}", r"\hline"]
    lines += [" & ".join(rf"\textit{{{escaped(head)}}}" for head in heads) + r" \\", r"\hline"]
    lines.extend(" & ".join(escaped(cell) for cell in row) + r" \\" for row in rows)
    return [*lines, r"\hline", r"\end{longtable}", ""]


def _columns(table: Table) -> str:
    """Return the columns of a table: numbers at the right, long texts in what is left of the line."""
    numeric = amount_columns(table)
    every = (table.heads, *table.rows)
    longest = [max(len(str(row[column])) for row in every) for column in range(len(table.heads))]
    wide = {column: size for column, size in enumerate(longest) if size > _SHORT and column not in numeric}
    spent = sum(size for column, size in enumerate(longest) if column not in wide)
    room = max(_LINE - _LETTER * spent - _GAP * len(longest), 2.5 * len(wide))
    whole = sum(min(size, _LONG) for size in wide.values())
    return "".join(
        f"p{{{room * min(size, _LONG) / whole:.1f}cm}}"
        if column in wide
        else "r"
        if column in numeric
        else "l"
        for column, size in enumerate(longest)
    )


def latex(sheet: Printout) -> str:
    """Return the sheet as the text of a LaTeX document."""
    lines = [
        r"\documentclass[10pt]{article}",
        r"\usepackage[T1]{fontenc}",
        r"\usepackage[utf8]{inputenc}",
        r"\usepackage{textcomp,longtable}",
        r"\usepackage[margin=18mm]{geometry}",
        r"\setlength{\parindent}{0pt}",
        r"\begin{document}",
        rf"\section*{{{escaped(sheet.answer)}}}",
        escaped(sheet.lead),
        "",
        rf"\textit{{{escaped(sheet.byline)}}}",
        "",
    ]
    for block in (*sheet.blocks, *sheet.appendix):
        lines += _block(block)
    lines += [rf"\footnotesize {escaped(sheet.footer)}", r"\end{document}", ""]
    return "\n".join(lines)


def _block(block: Block) -> list[str]:
    if isinstance(block, Heading):
        return [rf"\subsection*{{{escaped(block.text)}}}"]
    if isinstance(block, Paragraph):
        return [escaped(block.text), ""]
    if isinstance(block, Table):
        return _table(_columns(block), block.heads, (map(str, row) for row in block.rows))
    if isinstance(block, Facts):
        rows = ((one.label, f"{one.text} {one.unit}", one.band, one.note) for one in block.facts)
        return _table("lrll", (_("Result"), _("Value"), _("Range"), _("Note")), rows)
    if isinstance(block, Bars):
        shares = ((part.label, part.text, part.percent) for part in block.all_parts)
        return _table("lrr", (_("Part"), _("Amount"), _("Share")), shares)
    if isinstance(block, Picture):
        return _table("rr", (block.chart.x_label, block.chart.y_label), points(block.chart))
    one = block.formula
    lines = [rf"\textbf{{{escaped(one.label)}}} {escaped(block.shown)}\\"]
    lines += [rf"= {escaped(one.names)}\\", rf"= {escaped(one.numbers)}\\"]
    return [*lines, rf"{{\small {escaped(one.source)}}}", ""]
