"""Blocks of a sheet as pieces that flow from page to page: no line is cut, no heading stands alone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tcplan.report.blocks import (
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
from tcplan_desktop.paper.chart import draw_chart
from tcplan_desktop.paper.front import Frame, bars_height, draw_bars, draw_facts, facts_height
from tcplan_desktop.paper.ink import BLACK, BLUE, GREY, RULE, Ink, width_of, wrapped

_LINE, _SMALL = 11.5, 10.0
_GAP = 12.0
_SIZE, _HEAD = 8.5, 7.5
_NARROWEST = 34.0
"""Points that a column of a table has at least."""
_WIDEST_WORD = 110.0
"""Longer words are broken, so that one of them leaves room for the other columns."""
_WIDEST_HEAD = 96.0
_CHART = 168.0


@dataclass(frozen=True, slots=True)
class Piece:
    """What stays on one page: its height, and what draws it with its top at a place.

    A piece that `leads` stands on the page of the next one; `again` is drawn once more at the top of a page
    that this piece begins.
    """

    height: float
    draw: Callable[[Ink, float, float], None]
    leads: bool = False
    again: "Piece | None" = None


def pages_of(pieces: Iterable[Piece], frame: Frame) -> list[list[Piece]]:
    """Return the pieces of each page."""
    room = frame.bottom - frame.top - 14.0
    pages: list[list[Piece]] = [[]]
    used = 0.0
    for group in _groups(pieces):
        if pages[-1] and used + sum(piece.height for piece in group) > room:
            pages.append([])
            used = 0.0
            if group[0].again is not None:
                pages[-1].append(group[0].again)
                used = group[0].again.height
        pages[-1] += group
        used += sum(piece.height for piece in group)
    return pages


def _groups(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Yield pieces with those that lead them."""
    group: list[Piece] = []
    for piece in pieces:
        group.append(piece)
        if not piece.leads:
            yield group
            group = []
    if group:
        yield group


def draw_page(ink: Ink, pieces: Iterable[Piece], frame: Frame) -> None:
    """Draw the pieces of one page from its top."""
    y = frame.top + 10.0
    for piece in pieces:
        piece.draw(ink, frame.left, y)
        y += piece.height


def opening(sheet: Printout, width: float) -> Iterator[Piece]:
    """Yield the answer and what stands under it."""
    yield _text(wrapped(sheet.answer, 17.5, 600, width), size=17.5, weight=600, leading=23.0, after=2.0)
    yield _text(wrapped(sheet.lead, 9.5, 400, width), size=9.5, leading=14.0, grey=True, after=6.0)


def pieces_of(blocks: Iterable[Block], width: float) -> Iterator[Piece]:
    """Yield the pieces of some blocks in a column of this width."""
    for block in blocks:
        yield from _pieces(block, width)


def _pieces(block: Block, width: float) -> Iterator[Piece]:
    if isinstance(block, Heading):
        lines = wrapped(block.text, 10, 600, width)
        yield _text(lines, size=10, weight=600, leading=13.0, before=10.0, after=3.0, leads=True)
    elif isinstance(block, Paragraph):
        size, leading = (7.5, _SMALL) if block.grey else (_SIZE, _LINE)
        lines = wrapped(block.text, size, 400, width)
        for number, line in enumerate(lines, start=1):
            after = 4.0 if number == len(lines) else 0.0
            yield _text([line], size=size, leading=leading, grey=block.grey, after=after)
    elif isinstance(block, Table):
        yield from _rows(block, width)
    elif isinstance(block, Facts):
        height = facts_height(block.facts)
        yield Piece(height + 8.0, lambda ink, x, y: _draw_facts(ink, block, x, y + 4.0, width))
    elif isinstance(block, Bars):
        height = bars_height(block.all_parts)
        total = block.total is not None
        yield Piece(height + 8.0, lambda ink, x, y: _draw_bars(ink, block, x, y + 12.0, width, total=total))
    elif isinstance(block, Picture):
        yield Piece(_CHART + 8.0, lambda ink, x, y: draw_chart(ink, block.chart, x, y, width, _CHART))
    else:
        yield _worked(block, width)


def _draw_facts(ink: Ink, block: Facts, x: float, y: float, width: float) -> None:
    draw_facts(ink, block.facts, x, y, width)


def _draw_bars(ink: Ink, block: Bars, x: float, y: float, width: float, *, total: bool) -> None:
    draw_bars(ink, block.all_parts, x, y, width, total=total)


def _text(
    lines: Sequence[str],
    *,
    size: float,
    leading: float,
    weight: int = 400,
    grey: bool = False,
    before: float = 0.0,
    after: float = 0.0,
    leads: bool = False,
) -> Piece:
    def draw(ink: Ink, x: float, y: float) -> None:
        for number, line in enumerate(lines):
            base = y + before + number * leading + 0.8 * leading
            ink.text(x, base, line, size=size, weight=weight, color=GREY if grey else BLACK)

    return Piece(before + leading * len(lines) + after, draw, leads)


def _worked(block: Worked, width: float) -> Piece:
    inner = width - 12.0
    one = block.formula
    names = wrapped(f"= {one.names}", 8, 400, inner)
    numbers = wrapped(f"= {one.numbers}", 8, 400, inner)
    source = wrapped(one.source, 7.5, 400, inner)
    title = wrapped(f"{one.label}  {block.shown}", _SIZE, 600, width)

    def draw(ink: Ink, x: float, y: float) -> None:
        y += 9.0
        for line in title:
            ink.text(x, y, line, size=_SIZE, weight=600)
            y += 11.0
        for line in names:
            ink.text(x + 12, y, line, size=8)
            y += 11.0
        for line in numbers:
            ink.text(x + 12, y, line, size=8, color=BLUE)
            y += 11.0
        for line in source:
            ink.text(x + 12, y, line, size=7.5, color=GREY)
            y += 10.0

    return Piece(11.0 * (len(title) + len(names) + len(numbers)) + 10.0 * len(source) + 6.0, draw)


def _rows(table: Table, width: float) -> Iterator[Piece]:
    """Yield the heads of a table and its rows; the heads come again on the next page."""
    numeric = amount_columns(table)
    texts = [tuple(str(cell) for cell in row) for row in table.rows]
    widths = _widths((table.heads, *texts), width, numeric)
    head = _row(table.heads, widths, numeric, size=_HEAD, weight=500, grey=True, rule=0.8)
    yield Piece(head.height, head.draw, leads=True)
    for number, row in enumerate(texts, start=1):
        last = number == len(texts)
        piece = _row(row, widths, numeric, weight=600 if table.total and last else 400)
        yield Piece(piece.height + (6.0 if last else 0.0), piece.draw, again=head)


def _row(
    cells: Sequence[str],
    widths: Sequence[float],
    numeric: frozenset[int],
    *,
    size: float = _SIZE,
    weight: int = 400,
    grey: bool = False,
    rule: float = 0.4,
) -> Piece:
    lines = [wrapped(cell, size, weight, width) for cell, width in zip(cells, widths, strict=True)]
    height = _LINE * max(len(one) for one in lines) + 4.0

    def draw(ink: Ink, x: float, y: float) -> None:
        left = x
        for column, (texts, width) in enumerate(zip(lines, widths, strict=True)):
            place, align = (left + width, "right") if column in numeric else (left, "left")
            for number, line in enumerate(texts):
                base = y + 9.5 + number * _LINE
                color = GREY if grey else BLACK
                ink.text(place, base, line, size=size, weight=weight, align=align, color=color)
            left += width + _GAP
        ink.rule(x, y + height - 0.5, left - _GAP - x, thickness=rule, color=GREY if grey else RULE)

    return Piece(height, draw)


def _widths(rows: Sequence[Sequence[str]], width: float, numeric: frozenset[int]) -> list[float]:
    """Return the width of each column: all of a short one, what is left for long texts."""
    columns = range(len(rows[0]))
    room = width - _GAP * (len(rows[0]) - 1)
    body = [max((_width(row[column]) for row in rows[1:]), default=0.0) for column in columns]
    # A long head is broken rather than making its column wider than what stands in it.
    heads = [min(_width(rows[0][column]), _WIDEST_HEAD) for column in columns]
    wanted = [max(pair) for pair in zip(body, heads, strict=True)]
    least = [
        min(
            wanted[column],
            max(_NARROWEST, *(_longest_word(row[column], column in numeric) for row in rows)),
        )
        for column in columns
    ]
    if sum(wanted) <= room:
        spare = room - sum(wanted)
        return [size + spare * size / sum(wanted) for size in wanted]
    if sum(least) >= room:
        return [size * room / sum(least) for size in least]
    spare = (room - sum(least)) / sum(big - small for big, small in zip(wanted, least, strict=True))
    return [small + spare * (big - small) for big, small in zip(wanted, least, strict=True)]


def _width(text: str) -> float:
    return width_of(text, _SIZE, 600) + 0.5


def _longest_word(text: str, whole: bool) -> float:
    if whole:
        return min(_width(text), _WIDEST_WORD)
    return min(max((_width(word) for word in text.split(" ")), default=0.0), _WIDEST_WORD)
