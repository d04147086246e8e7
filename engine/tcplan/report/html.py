"""The sheet as one HTML file: no script, nothing to load, shown the same next year."""

from collections.abc import Iterable
from html import escape
from math import isfinite

import numpy as np

from tcplan.language import _
from tcplan.report.numbers import figure
from tcplan.report.sheet import Chart, Part, Sheet

_STYLE = """
:root { color-scheme: light dark; --ink: #14171A; --grey: #5F6873; --blue: #005D93; --rule: #CDD2D8;
  --page: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ECEEF0; --grey: #949DA7; --blue: #6DBFF0; --rule: #3A4148; --page: #181B1E } }
body { font: 15px/1.5 "TCPlan Sans", Inter, system-ui, sans-serif; color: var(--ink); background: var(--page);
  max-width: 52rem; margin: 2rem auto; padding: 0 1rem; font-variant-numeric: tabular-nums }
h1 { font-size: 1.6rem; line-height: 1.3 } h2 { font-size: 1.05rem; margin-top: 2rem }
.grey, small, footer { color: var(--grey) }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 1rem;
  border: solid var(--rule); border-width: 1px 0; padding: .8rem 0 }
.facts b { display: block; font-size: 1.6rem; line-height: 1.3 }
table { border-collapse: collapse; width: 100% } td, th { text-align: left; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--rule); vertical-align: top } .n { text-align: right; white-space: nowrap }
.bar { background: var(--blue); height: .6rem; display: block; min-width: 1px }
svg { width: 100%; height: auto } code { font-size: .85rem; color: var(--blue) }
"""


def html(sheet: Sheet) -> str:
    """Return the sheet as a complete HTML page."""
    byline = (sheet.title, sheet.author, _("Scenario: {name}").format(name=sheet.scenario), sheet.date)
    facts = "".join(
        f"<div>{escape(one.label)}<b>{escape(one.text)} <small>{escape(one.unit)}</small></b>"
        f"<small>{escape(' · '.join(part for part in (one.band, one.note) if part))}</small></div>"
        for one in sheet.facts
    )
    body = [
        f"<p class=grey>{escape(' · '.join(part for part in byline if part))}</p>",
        f"<h1>{escape(sheet.answer)}</h1>",
        f"<p class=grey>{escape(sheet.lead)}</p>",
        f"<div class=facts>{facts}</div>",
    ]
    if sheet.chart is not None:
        body += [f"<h2>{escape(sheet.chart.heading)}</h2>", _drawing(sheet.chart)]
    body += [f"<h2>{escape(sheet.parts_heading)}</h2>", _parts((*sheet.parts, sheet.total))]
    body += [f"<p class=grey>{escape(sheet.not_counted)}</p>"] if sheet.not_counted else []
    body += [f"<h2>{escape(_('Where the energy goes'))}</h2>", _parts(sheet.energy_parts)]
    body += [f"<h2>{escape(_('What we assumed'))}</h2>", _assumptions(sheet)]
    if sheet.concerns or sheet.remark:
        body += [f"<h2>{escape(_('To bear in mind'))}</h2>"]
        body += [f"<p>{escape(sentence)}</p>" for sentence in (*sheet.concerns, sheet.remark) if sentence]
    body += [f"<h2>{escape(_('How each number comes about'))}</h2>", *_formulas(sheet)]
    body += [f"<h2>{escape(_('Sources of the figures'))}</h2>", "<ul>"]
    body += [
        f"<li>{escape(' · '.join(part for part in (one.text, one.date) if part))} "
        f"<small>{escape(', '.join(one.used_for[:6]))}</small></li>"
        for one in sheet.sources
    ]
    body += ["</ul>", f"<footer>{escape(sheet.footer)}</footer>"]
    head = f'<meta charset="utf-8"><title>{escape(sheet.title)}</title><style>{_STYLE}</style>'
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body>\n'
        + "\n".join(body)
        + "\n</body></html>\n"
    )


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


def _assumptions(sheet: Sheet) -> str:
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(cell)}</td>" for cell in (one.label, one.value, one.layer, one.origin, one.note)
        )
        + "</tr>"
        for one in sheet.assumptions
    )
    return f"<table>{rows}</table>"


def _formulas(sheet: Sheet) -> Iterable[str]:
    for one in sheet.formulas:
        shown = figure(one.value, one.unit, digits=3)
        yield (
            f"<p><b>{escape(one.label)}</b> {escape(f'{shown.text} {shown.unit}')}<br>"
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
