"""A sheet as one HTML file: no script, nothing to load, shown the same next year."""

from collections.abc import Iterable
from html import escape
from math import isfinite

import numpy as np

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
    Worked,
    amount_columns,
)
from tcplan.report.numbers import figure
from tcplan.report.sheet import Chart, Part

_STYLE = """
:root { color-scheme: light dark; --ink: #14171A; --grey: #5F6873; --blue: #005D93; --rule: #CDD2D8;
  --page: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ECEEF0; --grey: #949DA7; --blue: #6DBFF0; --rule: #3A4148; --page: #181B1E } }
body { font: 15px/1.5 "TCPlan Sans", Inter, system-ui, sans-serif; color: var(--ink); background: var(--page);
  max-width: 52rem; margin: 2rem auto; padding: 0 1rem; font-variant-numeric: tabular-nums;
  overflow-wrap: break-word }
h1 { font-size: 1.6rem; line-height: 1.3 } h2 { font-size: 1.05rem; margin-top: 2rem }
.grey, small, footer { color: var(--grey) }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 1rem;
  border: solid var(--rule); border-width: 1px 0; padding: .8rem 0 }
.facts b { display: block; font-size: 1.6rem; line-height: 1.3 }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--rule); vertical-align: top } .n { text-align: right; white-space: nowrap }
th { color: var(--grey); font-weight: 500 } .sum td { font-weight: 600 }
.bar { background: var(--blue); height: .6rem; display: block; min-width: 1px }
svg { width: 100%; height: auto } code { font-size: .85rem; color: var(--blue) }
"""


def html(sheet: Printout) -> str:
    """Return the sheet as a complete HTML page."""
    body = [
        f"<p class=grey>{escape(sheet.byline)}</p>",
        f"<h1>{escape(sheet.answer)}</h1>",
        f"<p class=grey>{escape(sheet.lead)}</p>",
        *(_block(one) for one in (*sheet.blocks, *sheet.appendix)),
        f"<footer>{escape(sheet.footer)}</footer>",
    ]
    head = f'<meta charset="utf-8"><title>{escape(sheet.title)}</title><style>{_STYLE}</style>'
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>\n'
        + "\n".join(body)
        + "\n</body></html>\n"
    )


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h2>{escape(block.text)}</h2>"
    if isinstance(block, Paragraph):
        return f"<p{' class=grey' if block.grey else ''}>{escape(block.text)}</p>"
    if isinstance(block, Table):
        return _table(block)
    if isinstance(block, Facts):
        return _facts(block)
    if isinstance(block, Bars):
        return _parts(block.all_parts)
    if isinstance(block, Picture):
        return _drawing(block.chart)
    return _formula(block)


def _table(table: Table) -> str:
    numeric = amount_columns(table)
    heads = "".join(
        f"<th{' class=n' if column in numeric else ''}>{escape(head)}</th>"
        for column, head in enumerate(table.heads)
    )
    rows = [f"<tr>{heads}</tr>"]
    for number, row in enumerate(table.rows, start=1):
        last = table.total and number == len(table.rows)
        cells = "".join(
            f"<td{' class=n' if isinstance(cell, Amount) else ''}>{escape(str(cell))}</td>" for cell in row
        )
        rows.append(f"<tr{' class=sum' if last else ''}>{cells}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _facts(block: Facts) -> str:
    facts = "".join(
        f"<div>{escape(one.label)}<b>{escape(one.text)} <small>{escape(one.unit)}</small></b>"
        f"<small>{escape(' · '.join(part for part in (one.band, one.note) if part))}</small></div>"
        for one in block.facts
    )
    return f"<div class=facts>{facts}</div>"


def _parts(parts: Iterable[Part]) -> str:
    rows = "".join(
        f"<tr><td>{escape(one.label)}</td>"
        f"<td style='width:35%'><span class=bar style='width:{_width(one):.1%}'></span></td>"
        f"<td class=n>{escape(one.text)}</td><td class=n>{escape(one.percent)}</td></tr>"
        for one in parts
    )
    return f"<table>{rows}</table>"


def _width(part: Part) -> float:
    """Return the share of a part, none where the total is not known."""
    return part.share if isfinite(part.share) else 0.0


def _formula(block: Worked) -> str:
    one = block.formula
    return (
        f"<p><b>{escape(one.label)}</b> {escape(block.shown)}<br>"
        f"= {escape(one.names)}<br>"
        f"<code>= {escape(one.numbers)}</code><br><small>{escape(one.source)}</small></p>"
    )


def _drawing(chart: Chart) -> str:
    """Return the curve as SVG, 640 by 240."""
    good = np.isfinite(chart.ys)
    xs, ys = np.log2(chart.xs[good]), chart.ys[good]
    top = float(ys.max()) * 1.1
    low, high = float(np.log2(chart.xs[0])), float(np.log2(chart.xs[-1]))

    def at(x: float, y: float) -> tuple[float, float]:
        return 40 + (x - low) / (high - low) * 590, 200 - y / top * 180

    points = " ".join("{:.1f},{:.1f}".format(*at(float(x), float(y))) for x, y in zip(xs, ys, strict=True))
    px, py = at(float(np.log2(chart.plan[0])), chart.plan[1])
    money = figure(chart.plan[1], "USD", digits=2)
    first = figure(float(chart.xs[0]), "1", digits=6)
    last = figure(float(chart.xs[-1]), "1", digits=6)
    return (
        '<svg viewBox="0 0 640 240" role="img">'
        '<line x1="40" y1="200" x2="630" y2="200" stroke="currentColor"/>'
        f'<polyline points="{points}" fill="none" stroke="#0072B2" stroke-width="2.5"/>'
        f'<circle cx="{px:.1f}" cy="{py:.1f}" r="6" fill="#0072B2"/>'
        f'<text x="{px:.1f}" y="{py + 22:.1f}" text-anchor="middle" fill="currentColor" font-size="13">'
        f"{escape(f'{money.text} {money.unit}')}</text>"
        f'<g fill="currentColor" font-size="12"><text x="40" y="220">{escape(first.text)}</text>'
        f'<text x="630" y="220" text-anchor="end">{escape(last.text)}</text>'
        f'<text x="335" y="236" text-anchor="middle">{escape(chart.x_label)}</text></g></svg>'
    )
