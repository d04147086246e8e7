"""Two columns of the catalogue against each other: a point a row, logarithmic where values span decades."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from tcplan.catalogue.row import Row
from tcplan.language import _, plural
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.option_list import Option
from tcplan_desktop.text import Label
from tcplan_desktop.theme import px, theme
from tcplan_desktop.views.catalogue_words import Column, numbers, shown
from tcplan_desktop.views.plot_axis import Interval
from tcplan_desktop.views.plot_scatter import Dot, Scatter

_DECADES = 20.0
"""An axis whose largest value is more than this many times the least is logarithmic."""
_USUAL = {
    "accelerators": ("year", "bf16_tflops"),
    "models": ("year", "parameters"),
    "grids": ("carbon_g_per_kwh", "price_usd_per_kwh"),
    "sites": ("pue", "wue_l_per_kwh"),
    "prices": ("devices", "price_usd_per_h"),
    "runs": ("year", "compute_flop"),
}


class RowDots(Scatter):
    """The points; the arrow keys read one after the other, a click or Enter takes one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Rows as points"))

    def _say(self) -> None:
        dot = self._dots[self._read] if self._read >= 0 else None
        count = len(self._dots)
        some = plural("{count} row as a point", "{count} rows as points", count).format(count=count)
        self.setAccessibleDescription(". ".join(dot.words) if dot else some)

    def _draw_lines(self, painter: QPainter) -> None:
        """Draw none: no row predicts another."""

    def _draw_key(self, painter: QPainter) -> None:
        """Draw none: there is one kind of point."""

    def _draw_dots(self, painter: QPainter) -> None:
        fill, size = QColor(theme().s1), px(4)
        fill.setAlphaF(0.6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        for at in range(len(self._dots)):
            painter.drawEllipse(self.place(at), size, size)


class RowsPlot(QWidget):
    """The plot and the choice of its columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._table = ""
        self._columns: dict[str, Column] = {}
        self.points: tuple[Row, ...] = ()
        self.across = Choice(_("Column across"), notes=False)
        self.up = Choice(_("Column up"), notes=False)
        for choice in (self.across, self.up):
            choice.picked.connect(lambda _key: self._draw())
        self.dots = RowDots()
        self.none = Label(ink="text2", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(px(6))
        for words, choice in ((_("Up"), self.up), (_("Across"), self.across)):
            row.addWidget(Label(words, size=11, ink="text3"))
            row.addWidget(choice, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(px(6))
        whole.addLayout(row)
        whole.addWidget(self.none)
        whole.addWidget(self.dots, 1)

    def show_rows(self, table: str, everything: tuple[Row, ...], rows: tuple[Row, ...]) -> None:
        """Show the rows that were found; the columns are those of which the table knows something."""
        if table != self._table:
            self._table = table
            self._columns = {one.name: one for one in numbers(table, everything)}
            options = tuple(Option(one.name, one.head) for one in self._columns.values())
            first = _usual(table, list(self._columns))
            for choice, name in zip((self.across, self.up), first, strict=True):
                choice.set_options(options)
                choice.show_key(name)
        self._rows = rows
        self._draw()

    def _draw(self) -> None:
        across, up = self._columns.get(self.across.key), self._columns.get(self.up.key)
        if across is None or up is None:
            self.points = ()
        else:
            self.points = tuple(row for row in self._rows if _both(row, across, up) is not None)
        self.dots.setVisible(bool(self.points))
        self.none.setVisible(not self.points)
        self.none.setText(_("No row of those shown knows both figures."))
        if across is None or up is None or not self.points:
            return
        pairs = [_both(row, across, up) or (0.0, 0.0) for row in self.points]
        dots = [
            Dot(*pair, fitted=False, tell=partial(_words, row, across, up))
            for row, pair in zip(self.points, pairs, strict=True)
        ]
        axes = _interval([x for x, _y in pairs]), _interval([y for _x, y in pairs])
        self.dots.show_on(axes, dots, across.head, up.head)


def _usual(table: str, names: list[str]) -> tuple[str, str]:
    across, up = _USUAL.get(table, ("", ""))
    if across in names and up in names:
        return across, up
    return (names[0], names[min(1, len(names) - 1)]) if names else ("", "")


def _both(row: Row, across: Column, up: Column) -> tuple[float, float] | None:
    x, y = row.number(across.name), row.number(up.name)
    return None if x is None or y is None else (x, y)


def _words(row: Row, across: Column, up: Column) -> tuple[str, ...]:
    figures = (f"{one.head}: {shown(one.name, row.get(one.name))}" for one in (up, across))
    return (row.name, *figures, f"{row.source}, {row.date}" if row.date else row.source)


def _interval(values: Sequence[float]) -> Interval:
    """Return an axis that holds every value with some room at its ends."""
    low, high = min(values), max(values)
    if low > 0.0 and high / low > _DECADES:
        room = (high / low) ** 0.04
        return Interval(low / room, high * room, log=True)
    if low == high:
        room = abs(low) * 0.1 or 1.0
        return Interval(low - room, high + room)
    room = 0.05 * (high - low)
    return Interval(0.0 if 0.0 <= low < 0.3 * high else low - room, high + room)
