"""The pages overleaf: formulas with names and with numbers, what was assumed, and the sources."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tcplan.language import _
from tcplan.report.numbers import figure
from tcplan.report.sheet import Assumption, Sheet
from tcplan_desktop.paper.front import Frame, draw_assumption
from tcplan_desktop.paper.ink import BLUE, GREY, Ink, wrapped


@dataclass(frozen=True, slots=True)
class Block:
    """A piece that stays on one page: its height, and what draws it at a place."""

    height: float
    draw: Callable[[Ink, float, float], None]


def pages_of(sheet: Sheet, rest: tuple[Assumption, ...], frame: Frame) -> list[list[Block]]:
    """Return the blocks of each page overleaf."""
    pages: list[list[Block]] = [[]]
    room = frame.bottom - frame.top - 14.0
    used = 0.0
    for block in _blocks(sheet, rest, frame.width):
        if used + block.height > room and pages[-1]:
            pages.append([])
            used = 0.0
        pages[-1].append(block)
        used += block.height
    return pages


def draw_back(ink: Ink, blocks: list[Block], frame: Frame) -> None:
    """Draw one page overleaf."""
    y = frame.top + 20.0
    for block in blocks:
        block.draw(ink, frame.left, y)
        y += block.height


def _blocks(sheet: Sheet, rest: tuple[Assumption, ...], width: float) -> Iterator[Block]:
    if rest:
        yield _heading(_("What we assumed, continued"))
        for one in rest:
            yield Block(13.4, lambda ink, x, y, one=one: draw_assumption(ink, one, x, y, width))  # type: ignore[misc]
    yield _heading(_("How each number comes about"))
    for formula in sheet.formulas:
        shown = figure(formula.value, formula.unit, digits=3)
        names = wrapped(f"= {formula.names}", 8, 400, width - 12)
        numbers = wrapped(f"= {formula.numbers}", 8, 400, width - 12)
        title = f"{formula.label}  {shown.text} {shown.unit}"
        yield _lines(title, names, numbers, wrapped(formula.source, 7.5, 400, width - 12))
    yield _heading(_("Sources of the figures"))
    for source in sheet.sources:
        text = " · ".join(part for part in (source.text, source.date) if part)
        used = _("for {names}").format(names=", ".join(source.used_for[:6]))
        yield _lines("", wrapped(text, 8, 400, width - 12), [], wrapped(used, 7.5, 400, width - 12))
    notes = [one for one in sheet.assumptions if one.note]
    if notes:
        yield _heading(_("Notes"))
        for one in notes:
            yield _lines(one.label, wrapped(one.note, 8, 400, width - 12), [], [])


def _heading(text: str) -> Block:
    return Block(22.0, lambda ink, x, y: _draw_heading(ink, x, y, text))


def _draw_heading(ink: Ink, x: float, y: float, text: str) -> None:
    ink.text(x, y + 4, text, size=10, weight=600)


def _lines(title: str, first: list[str], second: list[str], third: list[str]) -> Block:
    height = 11.0 * (bool(title) + len(first) + len(second)) + 10.0 * len(third) + 6.0

    def draw(ink: Ink, x: float, y: float) -> None:
        if title:
            ink.text(x, y, title, size=8.5, weight=600)
            y += 11.0
        for line in first:
            ink.text(x + 12, y, line, size=8)
            y += 11.0
        for line in second:
            ink.text(x + 12, y, line, size=8, color=BLUE)
            y += 11.0
        for line in third:
            ink.text(x + 12, y, line, size=7.5, color=GREY)
            y += 10.0

    return Block(height, draw)
