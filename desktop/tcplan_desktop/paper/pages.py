"""A sheet laid out on pages of a paper size, ready to be drawn one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter

from tcplan.language import _
from tcplan.report.blocks import Heading, Printout
from tcplan.report.case import assumption_table
from tcplan.report.sheet import Assumption, Sheet
from tcplan_desktop.paper.flow import Piece, draw_page, opening, pages_of, pieces_of
from tcplan_desktop.paper.front import Frame, draw_front
from tcplan_desktop.paper.ink import BLACK, GREY, Ink
from tcplan_desktop.theme import load_fonts

PAPERS = {"a4": QPageSize.PageSizeId.A4, "letter": QPageSize.PageSizeId.Letter}
_COLUMN = 493.0
_HEAD, _FOOT = 53.0, 40.0


@dataclass(frozen=True)
class Pages:
    """The pages of a sheet; `draw` paints one on a painter whose unit is one point."""

    sheet: Printout
    size: QSizeF
    flow: list[list[Piece]]

    @property
    def count(self) -> int:
        """Number of pages."""
        return len(self.flow) + (self.sheet.one_page is not None)

    def draw(self, painter: QPainter, number: int) -> None:
        """Draw page `number`, counted from 0."""
        ink = Ink(painter)
        frame = _frame(self.size)
        front = self.sheet.one_page
        _running_head(ink, self.sheet, frame)
        if front is not None and number == 0:
            draw_front(ink, front, frame)
        else:
            draw_page(ink, self.flow[number - (front is not None)], frame)
        _running_foot(ink, self.sheet, frame, number + 1, self.count)


def laid_out(sheet: Printout, paper: str) -> Pages:
    """Lay a sheet out on `a4` or `letter`."""
    load_fonts()
    size = QPageSize(PAPERS[paper]).size(QPageSize.Unit.Point)
    frame = _frame(size)
    return Pages(sheet, size, pages_of(_pieces(sheet, frame), frame))


def _pieces(sheet: Printout, frame: Frame) -> Iterator[Piece]:
    if sheet.one_page is None:
        yield from opening(sheet, frame.width)
        yield from pieces_of((*sheet.blocks, *sheet.appendix), frame.width)
        return
    rest = _left_over(sheet.one_page, frame)
    if rest:
        continued = (Heading(_("What we assumed, continued")), assumption_table(rest))
        yield from pieces_of(continued, frame.width)
    yield from pieces_of(sheet.appendix, frame.width)


def _left_over(sheet: Sheet, frame: Frame) -> tuple[Assumption, ...]:
    # Drawing is the measuring: a page that is thrown away tells which rows had no room.
    image = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    rest = draw_front(Ink(painter), sheet, frame)
    painter.end()
    return rest


def _frame(size: QSizeF) -> Frame:
    left = (size.width() - _COLUMN) / 2.0
    return Frame(left, _HEAD, _COLUMN, size.height() - _FOOT - 14.0)


def _running_head(ink: Ink, sheet: Printout, frame: Frame) -> None:
    y = _HEAD - 8.0
    end = sheet.date if sheet.one_page is not None else f"{sheet.label} · {sheet.date}"
    room = frame.width - ink.text(frame.right, y, end, size=8.5, color=GREY, align="right") - 16.0
    width = ink.text(frame.left, y, sheet.title, size=8.5, weight=600, width=0.7 * room)
    middle = _("Scenario: {name}").format(name=sheet.scenario)
    if sheet.author:
        middle = f"{middle} · {sheet.author}"
    ink.text(frame.left + width + 8, y, middle, size=8.5, color=GREY, width=room - width - 8.0)
    ink.rule(frame.left, _HEAD, frame.width, thickness=1.25, color=BLACK)


def _running_foot(ink: Ink, sheet: Printout, frame: Frame, number: int, count: int) -> None:
    y = frame.bottom + 14.0
    ink.rule(frame.left, y - 11.0, frame.width, thickness=0.8, color=BLACK)
    ink.text(frame.left, y, sheet.footer, size=7.5, color=GREY)
    place = _("Page {number} of {count}").format(number=number, count=count)
    if number == 1 and sheet.one_page is not None:
        place = _("{place} · formulas and sources overleaf").format(place=place)
    ink.text(frame.right, y, place, size=7.5, color=GREY, align="right")
