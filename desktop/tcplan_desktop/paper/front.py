"""The first page: the answer, six figures, curve, breakdown, assumptions."""

from collections.abc import Sequence
from dataclasses import dataclass

from tcplan.language import _
from tcplan.report.facts import Fact
from tcplan.report.numbers import change as change_words
from tcplan.report.sheet import Assumption, Part, Sheet
from tcplan_desktop.paper.chart import draw_chart
from tcplan_desktop.paper.ink import BLACK, BLUE, GREY, TINT, Ink, width_of

ROW = 13.4
GAP = 26.0
_BAR = 16.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The text area of a page in points."""

    left: float
    top: float
    width: float
    bottom: float

    @property
    def right(self) -> float:
        """Right edge of the text area."""
        return self.left + self.width


def draw_front(ink: Ink, sheet: Sheet, frame: Frame) -> tuple[Assumption, ...]:
    """Draw the first page and return the assumptions for which it had no room."""
    y = ink.paragraph(
        frame.left, frame.top + 26, sheet.answer, size=17.5, leading=23, width=frame.width, weight=600
    )
    y = ink.paragraph(frame.left, y - 2, sheet.lead, size=9.5, leading=14, width=frame.width, color=GREY)
    y = draw_facts(ink, sheet.facts, frame.left, y + 2, frame.width)
    y = _charts(ink, sheet, frame, y + 26)
    foot = _notes_height(sheet)
    left = _assumptions(ink, sheet, frame, y, frame.bottom - foot)
    _energy_and_levers(ink, sheet, frame, y)
    if foot:
        _notes(ink, sheet, frame, frame.bottom - foot + 14)
    return left


def facts_height(facts: Sequence[Fact]) -> float:
    """Return the height of some figures side by side."""
    # The range stands between the figure and its note, on a line of its own.
    return 71.0 if any(fact.band for fact in facts) else 60.0


def draw_facts(ink: Ink, facts: Sequence[Fact], left: float, y: float, full: float) -> float:
    """Draw figures side by side between two rules, and return where they end."""
    ink.rule(left, y, full)
    step = full / len(facts)
    more = facts_height(facts) - 60.0
    for index, fact in enumerate(facts):
        x = left + index * step + (8 if index else 0)
        if index:
            ink.upright(left + index * step, y + 8, 44 + more)
        ink.text(x, y + 15, fact.label, size=8, weight=500, color=GREY, width=step - 10)
        width = ink.text(x, y + 36, fact.text, size=18, weight=600)
        ink.text(x + width + 3, y + 36, fact.unit, size=9, color=GREY)
        ink.text(x, y + 49, fact.band, size=7.5, color=GREY, width=step - 10)
        ink.text(x, y + 50 + more, fact.note, size=7.5, color=GREY, width=step - (10 if index else 4))
    ink.rule(left, y + 60 + more, full)
    return y + 60 + more


def _columns(frame: Frame) -> tuple[float, float, float]:
    column = (frame.width - GAP) / 2.0
    return frame.left, frame.left + column + GAP, column


def _charts(ink: Ink, sheet: Sheet, frame: Frame, y: float) -> float:
    left, right, column = _columns(frame)
    height = 168.0
    if sheet.chart is not None:
        ink.text(left, y, sheet.chart.heading, size=10, weight=600, width=column)
        draw_chart(ink, sheet.chart, left, y + 12, column, height)
    ink.text(right, y, sheet.parts_heading, size=10, weight=600, width=column)
    below = draw_bars(ink, (*sheet.parts, sheet.total), right, y + 20, column, total=True)
    if sheet.not_counted:
        ink.paragraph(right, below + 4, sheet.not_counted, size=7.5, leading=10, width=column, color=GREY)
    return y + height + 38


def bars_height(parts: Sequence[Part]) -> float:
    """Return the height of the bars of some parts."""
    return _BAR * len(parts)


def draw_bars(ink: Ink, parts: Sequence[Part], x: float, y: float, width: float, *, total: bool) -> float:
    """Draw parts with a bar for each, the first baseline at y; with `total` the last one is their sum."""
    label_width, value_right, share_right = 0.5 * width, width - 34, width
    bar_left, bar_right = x + label_width + 4, x + width - 84
    largest = max((part.share for part in parts[: len(parts) - total]), default=1.0) or 1.0
    for index, part in enumerate(parts):
        last = total and index == len(parts) - 1
        weight = 600 if last else 400
        ink.text(x, y, part.label, size=8.5, weight=weight, width=label_width)
        if not last:
            length = max(part.share / largest * (bar_right - bar_left), 0.6)
            ink.box(bar_left, y - 7, length, 8, BLUE if index == 0 else TINT)
        ink.text(x + value_right, y, part.text, size=8.5, weight=600, align="right")
        ink.text(x + share_right, y, part.percent, size=8.5, color=GREY, align="right")
        y += _BAR
        if not last:
            ink.rule(x, y - 11, width)
    return y


def _assumptions(ink: Ink, sheet: Sheet, frame: Frame, y: float, bottom: float) -> tuple[Assumption, ...]:
    left, _right, column = _columns(frame)
    ink.text(left, y, _("What we assumed"), size=10, weight=600)
    y += 17.0
    room = int((bottom - y) // ROW)
    shown = sheet.assumptions[: room if len(sheet.assumptions) <= room else room - 1]
    for one in shown:
        _draw_assumption(ink, one, left, y, column)
        y += ROW
    rest = sheet.assumptions[len(shown) :]
    if rest:
        more = _("and {count} more overleaf").format(count=len(rest))
        ink.text(left, y, more, size=7.5, color=GREY)
    return rest


def _draw_assumption(ink: Ink, one: Assumption, x: float, y: float, width: float) -> None:
    origin = " ".join(part for part in (one.layer, one.origin) if part)
    if width_of(one.value, 8.5, 500) > 0.62 * width - width_of(origin, 7.5) - 6:
        # A name that would be cut is worth more than the date, which the sources overleaf have too.
        origin = one.layer
    tail = width_of(origin, 7.5)
    ink.text(x, y, one.label, size=8.5, color=GREY, width=0.36 * width)
    ink.text(x + 0.38 * width, y, one.value, size=8.5, weight=500, width=0.62 * width - tail - 6)
    ink.text(x + width, y, origin, size=7.5, color=GREY, align="right")
    ink.rule(x, y + 4.0, width)


def _energy_and_levers(ink: Ink, sheet: Sheet, frame: Frame, y: float) -> None:
    _left, right, column = _columns(frame)
    ink.text(right, y, _("Where the energy goes"), size=10, weight=600)
    y = draw_bars(ink, sheet.energy_parts, right, y + 19, column, total=False)
    if not sheet.levers:
        return
    y += 14
    ink.text(right, y, sheet.levers_heading, size=10, weight=600, width=column)
    y += 18
    middle = right + 0.62 * column
    reach = 0.2 * column
    largest = max(abs(change) for _label, change in sheet.levers) or 1.0
    ink.upright(middle, y - 9, 15.0 * len(sheet.levers), color=BLACK)
    for label, change in sheet.levers:
        ink.text(right, y, label, size=8.5, width=0.4 * column)
        length = abs(change) / largest * reach
        ink.box(middle if change >= 0 else middle - length, y - 7, length, 8, BLUE if change >= 0 else TINT)
        text = change_words(1.0 + change, 1.0, digits=3)
        ink.text(right + column, y, text, size=8.5, weight=600, align="right")
        y += 15.0


def _notes_height(sheet: Sheet) -> float:
    lines = len(sheet.concerns) + (2 if sheet.remark else 0)
    return 24.0 + 12.0 * lines if lines else 0.0


def _notes(ink: Ink, sheet: Sheet, frame: Frame, y: float) -> None:
    ink.rule(frame.left, y - 12, frame.width)
    ink.text(frame.left, y, _("To bear in mind"), size=10, weight=600)
    y += 14
    for sentence in sheet.concerns:
        ink.text(frame.left, y, f"–  {sentence}", size=8.5, width=frame.width)
        y += 12
    if sheet.remark:
        ink.paragraph(frame.left, y, sheet.remark, size=8.5, leading=12, width=frame.width, color=GREY)
