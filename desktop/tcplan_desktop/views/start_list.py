"""The two lists of the start page: plans of late, and published runs with our error on a scale."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from math import isfinite

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tcplan.language import _
from tcplan.report.numbers import MINUS, figure
from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.parts.painting import draw_text, ring_inside, smooth
from tcplan_desktop.parts.pressable import Pressable
from tcplan_desktop.published import Outcome
from tcplan_desktop.theme import font, px, theme

_RIGHT = Qt.AlignmentFlag.AlignRight
SCALE_END = 0.5
"""Relative error at the ends of the scale."""


@dataclass(frozen=True, slots=True)
class RecentItem:
    """A plan that was open lately; `path` opens it, `missing` says that it cannot be found there."""

    path: str
    name: str
    detail: str
    money: str = ""
    time: str = ""
    when: str = ""
    missing: bool = False


class _Row(Pressable):
    def __init__(self, name: str, description: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(px(320), px(44))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(240), px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        box = QRectF(self.rect())
        if self.hovered:
            painter.fillRect(box, look.hover)
        painter.fillRect(QRectF(0, box.bottom() - 1, box.width(), 1), look.line2)
        self.draw(painter, box)
        if self.ringed:
            ring_inside(painter, box)
        painter.end()

    @abstractmethod
    def draw(self, painter: QPainter, box: QRectF) -> None:
        """Draw the words of the row."""

    def draw_two(
        self, painter: QPainter, first: str, second: str, left: float, right: float, ink: str
    ) -> None:
        """Draw a name with a quiet line below."""
        look = theme()
        top = QRectF(left, px(3), right - left, px(20))
        below = QRectF(left, px(22), right - left, px(16))
        draw_text(painter, first, top, font(13, 500), look.token(ink))
        draw_text(painter, second, below, font(11), look.text3)


class RecentRow(_Row):
    """A plan of late: name, headline, when."""

    def __init__(self, item: RecentItem, parent: QWidget | None = None) -> None:
        said = ", ".join(part for part in (item.detail, item.money, item.time, item.when) if part)
        super().__init__(item.name, said, parent)
        self.item = item

    def draw(self, painter: QPainter, box: QRectF) -> None:
        look, item = theme(), self.item
        ink = "text3" if item.missing else "text"
        draw_icon(painter, "file-text", 0, box.center().y() - px(8), px(16), look.token("text3"))
        self.draw_two(painter, item.name, item.detail, px(28), box.width() * 0.44, ink)
        when = QRectF(box.right() - px(110), 0, px(110), box.height())
        draw_text(painter, item.when, when, font(12), look.text2, _RIGHT)
        if item.missing:
            locate = QRectF(when.x() - px(110), 0, px(100), box.height())
            draw_text(painter, _("Locate"), locate, font(13, 600), look.accent, _RIGHT)
            return
        right = when.x()
        for text, width in ((item.time, px(70)), (item.money, px(90))):
            cell = QRectF(right - width, 0, width, box.height())
            draw_text(painter, text, cell, font(13, 600), look.text, _RIGHT)
            right -= width


class RunRow(_Row):
    """A published run: what its authors report, what we predict, and the error on a scale."""

    def __init__(self, outcome: Outcome, parent: QWidget | None = None) -> None:
        row = outcome.row
        published = figure(outcome.published, "h", 3)
        predicted = figure(outcome.predicted, "h", 3)
        self.error_text = _error(outcome.error)
        said = _("published {published}, we predict {predicted}, error {error}").format(
            published=published, predicted=predicted, error=self.error_text
        )
        super().__init__(row.name, said, parent)
        self.outcome = outcome
        self._texts = (str(published), str(predicted))
        tokens = figure(row.number("tokens") or 0.0, "tokens", 3)
        self._second = _("{tokens}, {year}").format(tokens=tokens, year=f"{row.number('year') or 0:.0f}")

    def draw(self, painter: QPainter, box: QRectF) -> None:
        look = theme()
        error = QRectF(box.right() - px(52), 0, px(52), box.height())
        draw_text(painter, self.error_text, error, font(13, 500), look.text, _RIGHT)
        scale = QRectF(error.x() - px(40), box.center().y(), px(36), 0)
        self._draw_scale(painter, scale)
        predicted = QRectF(scale.x() - px(104), 0, px(92), box.height())
        draw_text(painter, self._texts[1], predicted, font(13, 600), look.text, _RIGHT)
        published = QRectF(predicted.x() - px(100), 0, px(92), box.height())
        draw_text(painter, self._texts[0], published, font(13), look.text2, _RIGHT)
        self.draw_two(painter, self.outcome.row.name, self._second, 0, published.x() - px(8), "text")

    def _draw_scale(self, painter: QPainter, scale: QRectF) -> None:
        look = theme()
        painter.fillRect(QRectF(scale.x(), scale.y(), scale.width(), 1), look.line2)
        painter.fillRect(QRectF(scale.center().x(), scale.y() - px(4), 1, px(9)), look.text3)
        if isfinite(self.outcome.error):
            share = min(max(self.outcome.error / SCALE_END, -1.0), 1.0)
            x = scale.center().x() + share * scale.width() / 2
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.s1)
            painter.drawEllipse(QRectF(x - px(3), scale.y() - px(3), px(6), px(6)))


def _error(error: float) -> str:
    if not isfinite(error):
        return "–"
    sign = "+" if error > 0 else MINUS
    return f"{sign}{abs(error) * 100:.0f}\u202f%"
