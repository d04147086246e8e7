"""The sheet as Markdown."""

import re
from collections.abc import Iterable

from tcplan.language import _
from tcplan.report.numbers import figure
from tcplan.report.sheet import Sheet

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


def markdown(sheet: Sheet) -> str:
    """Return the sheet as Markdown text."""
    lines = [f"# {escaped(sheet.answer)}", "", escaped(sheet.lead), ""]
    byline = (sheet.title, sheet.author, _("Scenario: {name}").format(name=sheet.scenario), sheet.date)
    lines += [" · ".join(escaped(part) for part in byline if part), ""]
    lines += _table(
        (_("Result"), _("Value"), ""),
        ((f.label, f"{f.text} {f.unit}", " · ".join(p for p in (f.band, f.note) if p)) for f in sheet.facts),
    )
    lines += [f"## {escaped(sheet.parts_heading)}", ""]
    lines += _table(
        ("", _("Amount"), _("Share")),
        ((part.label, part.text, part.percent) for part in (*sheet.parts, sheet.total)),
    )
    if sheet.not_counted:
        lines += [escaped(sheet.not_counted), ""]
    lines += [f"## {_('What we assumed')}", ""]
    lines += _table(
        ("", _("Value"), _("From"), _("Date"), _("Note")),
        ((one.label, one.value, one.layer, one.origin, one.note) for one in sheet.assumptions),
    )
    if sheet.concerns or sheet.remark:
        lines += [f"## {_('To bear in mind')}", ""]
        lines += [f"- {escaped(sentence)}" for sentence in sheet.concerns]
        lines += [escaped(sheet.remark), ""]
    lines += [f"## {_('How each number comes about')}", ""]
    for one in sheet.formulas:
        shown = figure(one.value, one.unit, digits=3)
        lines += [f"**{escaped(one.label)}** {escaped(f'{shown.text} {shown.unit}')}  "]
        lines += [f"= {escaped(one.names)}  ", f"= {escaped(one.numbers)}  ", escaped(one.source), ""]
    lines += [f"## {_('Sources of the figures')}", ""]
    lines += [
        f"- {escaped(' · '.join(part for part in (one.text, one.date) if part))}" for one in sheet.sources
    ]
    lines += ["", escaped(sheet.footer), ""]
    return "\n".join(lines)
