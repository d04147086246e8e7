"""The way from one plan's result to another's, a bar for each change, the residual always shown."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from tcplan.language import _
from tcplan.report.numbers import MINUS, scale
from tcplan_desktop.parts.painting import draw_text, smooth
from tcplan_desktop.text import tooltip
from tcplan_desktop.theme import font, px, theme, themes
from tcplan_desktop.views.plot_axis import round_up

_TICKS = 4
_HEAD, _FOOT, _LEFT = 20, 40, 44


@dataclass(frozen=True, slots=True)
class Step:
    """One bar: its name, what changed, its amount, and whether it is a whole result and not a change."""

    name: str
    about: str
    amount: float
    whole: bool = False


class WaterfallPicture(QWidget):
    """The bars; as text they are the widget's accessible description."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps: tuple[Step, ...] = ()
        self._unit, self._size = "", 1.0
        self.setAccessibleName(_("Waterfall"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        themes.changed.connect(self.updateGeometry)

    def show_steps(self, steps: tuple[Step, ...], unit: str) -> None:
        """Show bars, the first and the last of which are whole results; amounts are in `unit`."""
        self.steps = steps
        known = [abs(step.amount) for step in steps if isfinite(step.amount)]
        self._unit, self._size = scale(max(known, default=0.0), unit)
        lines = [f"{step.name}: {self.words(step)} {self._unit} {step.about}".strip() for step in steps]
        self.setAccessibleDescription("\n".join(lines))
        tooltip(self, "\n".join(lines))
        self.update()

    @property
    def unit(self) -> str:
        """Return the unit of the amounts that are shown."""
        return self._unit

    def words(self, step: Step) -> str:
        """Return the amount above a bar."""
        if not isfinite(step.amount):
            return "–"
        value = step.amount / self._size
        largest = (
            max((abs(one.amount) for one in self.steps if isfinite(one.amount)), default=0.0) / self._size
        )
        digits = 2 if largest < 100 else 1 if largest < 1000 else 0
        text = f"{abs(value):.{digits}f}"
        zero = not text.strip("0.")
        if step.whole or zero:
            return text
        return f"{'+' if value > 0 else MINUS}{text}"

    def sizeHint(self) -> QSize:
        return QSize(px(560), px(240))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(320), px(190))

    def _spans(self) -> list[tuple[float, float]]:
        """Return where each bar begins and ends, in the unit of the amounts."""
        spans, level = [], 0.0
        for step in self.steps:
            amount = step.amount if isfinite(step.amount) else 0.0
            spans.append((0.0, amount) if step.whole else (level, level + amount))
            level = amount if step.whole else level + amount
        return spans

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.steps:
            return
        painter = QPainter(self)
        smooth(painter)
        spans = self._spans()
        low = min(0.0, *(min(span) for span in spans))
        high = max(max(span) for span in spans)
        high = high if high > low else low + 1.0
        plot = QRectF(px(_LEFT), px(_HEAD), self.width() - px(_LEFT), self.height() - px(_HEAD + _FOOT))

        def place(value: float) -> float:
            return plot.bottom() - (value - low) / (high - low) * plot.height()

        self._draw_grid(painter, plot, place(0.0), low, high)
        pitch = plot.width() / len(self.steps)
        wide = min(pitch * 0.68, px(92))
        for at, (step, span) in enumerate(zip(self.steps, spans, strict=True)):
            middle = plot.x() + (at + 0.5) * pitch
            top, bottom = place(max(span)), place(min(span))
            bar = QRectF(middle - wide / 2, top, wide, max(bottom - top, 2.0))
            self._draw_bar(painter, bar, step, last=at == len(self.steps) - 1)
            self._draw_words(painter, bar, step, QRectF(middle - pitch / 2, 0, pitch, 0), plot)
            if at + 1 < len(self.steps):
                y = place(span[1])
                painter.setPen(QPen(theme().text3, 1, Qt.PenStyle.DotLine))
                painter.drawLine(int(bar.right()), int(y), int(middle + pitch - wide / 2), int(y))
        painter.end()

    def _draw_grid(self, painter: QPainter, plot: QRectF, zero: float, low: float, high: float) -> None:
        look = theme()
        step = round_up((high - low) / self._size / _TICKS)
        tick = int(low / self._size / step) * step
        while tick <= high / self._size + 1e-9:
            y = plot.bottom() - (tick * self._size - low) / (high - low) * plot.height()
            painter.fillRect(QRectF(plot.x(), y, plot.width(), 1), look.grid)
            box = QRectF(0, y - px(8), plot.x() - px(8), px(16))
            draw_text(painter, f"{tick:g}", box, font(11), look.text2, Qt.AlignmentFlag.AlignRight)
            tick += step
        painter.fillRect(QRectF(plot.x(), zero, plot.width(), 1), look.axis)

    def _draw_bar(self, painter: QPainter, bar: QRectF, step: Step, *, last: bool) -> None:
        look = theme()
        if step.whole:
            painter.fillRect(bar, look.s2 if last else look.s1)
        elif not step.amount:
            painter.fillRect(bar, look.text3)
        elif step.amount > 0:
            tint = QColor(look.bad)
            tint.setAlphaF(0.14)
            painter.fillRect(bar, tint)
            painter.setPen(QPen(look.bad, 1))
            painter.setBrush(QBrush(look.bad, Qt.BrushStyle.BDiagPattern))
            painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
        else:
            painter.fillRect(bar, look.good)

    def _draw_words(self, painter: QPainter, bar: QRectF, step: Step, column: QRectF, plot: QRectF) -> None:
        look, middle = theme(), Qt.AlignmentFlag.AlignHCenter
        text = self.words(step)
        ink = look.text
        if not step.whole:
            ink = look.text2 if text[0] not in f"+{MINUS}" else look.bad if step.amount > 0 else look.good
        above = QRectF(column.x(), bar.top() - px(18), column.width(), px(16))
        draw_text(painter, text, above, font(12, 600), ink, middle)
        name = QRectF(column.x() + 2, plot.bottom() + px(5), column.width() - 4, px(16))
        draw_text(painter, step.name, name, font(12, 600), look.text, middle)
        draw_text(painter, step.about, name.translated(0, px(15)), font(11), look.text2, middle)
