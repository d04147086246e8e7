"""The sheet as a LaTeX document that needs only standard packages."""

from collections.abc import Iterable

from tcplan.language import _
from tcplan.report.numbers import figure
from tcplan.report.sheet import Sheet

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


def _table(columns: str, rows: Iterable[Iterable[str]]) -> list[str]:
    lines = [rf"\begin{{longtable}}{{{columns}}}", r"\hline"]
    lines.extend(" & ".join(escaped(cell) for cell in row) + r" \\" for row in rows)
    return [*lines, r"\hline", r"\end{longtable}", ""]


def latex(sheet: Sheet) -> str:
    """Return the sheet as the text of a LaTeX document."""
    byline = (sheet.author, _("Scenario: {name}").format(name=sheet.scenario), sheet.date)
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
        rf"\textit{{{escaped(' · '.join(part for part in (sheet.title, *byline) if part))}}}",
        "",
    ]
    lines += _table(
        "lrll", ((one.label, f"{one.text} {one.unit}", one.band, one.note) for one in sheet.facts)
    )
    lines += [rf"\subsection*{{{escaped(sheet.parts_heading)}}}"]
    parts = (*sheet.parts, sheet.total)
    lines += _table("lrr", ((part.label, part.text, part.percent) for part in parts))
    lines += [escaped(sheet.not_counted), "", rf"\subsection*{{{escaped(_('What we assumed'))}}}"]
    rows = ((one.label, one.value, one.layer, one.origin, one.note) for one in sheet.assumptions)
    lines += _table("lp{5cm}llp{5cm}", rows)
    lines += [rf"\subsection*{{{escaped(_('To bear in mind'))}}}"] if sheet.concerns or sheet.remark else []
    lines += [*(f"{escaped(sentence)}\n" for sentence in sheet.concerns), escaped(sheet.remark), ""]
    lines += [rf"\subsection*{{{escaped(_('How each number comes about'))}}}"]
    for one in sheet.formulas:
        shown = figure(one.value, one.unit, digits=3)
        lines += [rf"\textbf{{{escaped(one.label)}}} {escaped(f'{shown.text} {shown.unit}')}\\"]
        lines += [rf"= {escaped(one.names)}\\", rf"= {escaped(one.numbers)}\\"]
        lines += [rf"{{\small {escaped(one.source)}}}", ""]
    lines += [rf"\subsection*{{{escaped(_('Sources of the figures'))}}}"]
    for source in sheet.sources:
        lines += [escaped(" · ".join(part for part in (source.text, source.date) if part)), ""]
    lines += [rf"\footnotesize {escaped(sheet.footer)}", r"\end{document}", ""]
    return "\n".join(lines)
