"""One headline number: label, confidence, value, band, change, and the scale on which bands compare."""

from dataclasses import dataclass
from math import log

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from tcplan.language import N_, _
from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.parts.painting import draw_at, draw_text, ring_inside, rounded, smooth, track, width_of
from tcplan_desktop.parts.pressable import Pressable
from tcplan_desktop.text import tooltip
from tcplan_desktop.theme import font, px, theme

CONFIDENCES = {"measured": N_("measured"), "calibrated": N_("calibrated"), "extrapolated": N_("extrapolated")}


@dataclass(frozen=True, slots=True)
class Scale:
    """The band around the middle estimate and the reference, all in the unit of the value."""

    value: float
    low: float | None = None
    high: float | None = None
    reference: float | None = None

    def place(self, number: float) -> float:
        """Return where a number lies between half (0) and double (1) the value."""
        if self.value <= 0 or number <= 0:
            return 0.5
        return min(max(0.5 + log(number / self.value) / log(4), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class Change:
    """A difference to the reference; `direction` is -1, 0 or 1, `sense` good, bad or nothing."""

    text: str
    direction: int = 0
    sense: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """What a cell shows; texts are ready for the eye. `share` draws a share bar in place of the scale.

    `brief` stands in for a unit that has no room. `concern` is a token, warn or err, for a share that is too
    much; `about` says why in the tool tip.
    """

    label: str
    value: str
    unit: str = ""
    confidence: str = ""
    secondary: str = ""
    band: str = ""
    change: Change | None = None
    scale: Scale | None = None
    share: float | None = None
    icon: str = ""
    icon_ink: str = "good"
    brief: str = ""
    concern: str = ""
    about: str = ""


class HeadlineCell(Pressable):
    """A button that shows one result and, pressed, asks why."""

    def __init__(self, headline: Headline, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headline = headline
        self._chosen = self._compact = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_headline(headline)

    @property
    def headline(self) -> Headline:
        """What the cell shows."""
        return self._headline

    def show_headline(self, headline: Headline) -> None:
        """Show a result."""
        self._headline = headline
        self._describe()
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        """Mark the result that the why-pane explains."""
        if chosen != self._chosen:
            self._chosen = chosen
            self.update()

    def set_compact(self, compact: bool) -> None:
        """Use less room, for windows under 1280 pixels."""
        if compact != self._compact:
            self._compact = compact
            self.restyle()

    def _describe(self) -> None:
        one = self._headline
        parts = [one.unit, one.secondary, one.band, one.change.text if one.change else ""]
        if one.confidence:
            parts.append(_(CONFIDENCES[one.confidence]))
        self.setAccessibleName(f"{one.label}: {one.value} {one.unit}".strip())
        parts.append(one.about)
        self.setAccessibleDescription(", ".join(part for part in parts[1:] if part))
        tooltip(self, one.about)

    def sizeHint(self) -> QSize:
        return QSize(px(156 if self._compact else 200), px(104))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), px(104))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        box = QRectF(self.rect())
        if self._chosen:
            painter.fillRect(box, look.accentfill)
            painter.fillRect(QRectF(0, 0, box.width(), 2), look.accentline)
        elif self.hovered:
            painter.fillRect(box, look.hover)
        pad = 12 if self._compact else px(16)
        inner = box.adjusted(pad, 0, -pad, 0)
        self._draw_label(painter, inner)
        self._draw_value(painter, inner)
        self._draw_band(painter, inner)
        line = QRectF(inner.x(), px(89), inner.width(), px(2))
        if self._headline.share is not None:
            self._draw_share(painter, line)
        elif self._headline.scale is not None:
            self._draw_scale(painter, line, self._headline.scale)
        if self.ringed:
            ring_inside(painter, box.adjusted(1, 1, -1, -1))
        painter.end()

    def _draw_label(self, painter: QPainter, inner: QRectF) -> None:
        look, one = theme(), self._headline
        row = QRectF(inner.x(), px(11), inner.width(), px(18))
        right = row.right()
        word = _(CONFIDENCES[one.confidence]) if one.confidence and not self._compact else ""
        if word:
            right -= width_of(word, font(11))
            draw_text(
                painter, word, QRectF(right, row.y(), row.right() - right, row.height()), font(11), look.text3
            )
            right -= px(4)
        size = px(8)
        if one.confidence:
            right -= size
            _draw_dot(
                painter, QRectF(right, row.center().y() - size / 2, size, size), one.confidence, look.text3
            )
        label = QRectF(row.x(), row.y(), right - row.x() - px(6), row.height())
        draw_text(painter, one.label, label, font(12, 500), look.text2)

    def _draw_value(self, painter: QPainter, inner: QRectF) -> None:
        look, one = theme(), self._headline
        x, baseline = inner.x(), px(53 if self._compact else 54)
        if one.icon:
            size = px(20)
            draw_icon(painter, one.icon, x, px(45) - size / 2, size, look.token(one.icon_ink))
            x += size + px(7)
        face = font(22 if self._compact else 26, 600, tracking=-0.02)
        x = draw_at(painter, one.value, x, baseline, face, look.text)
        if one.unit:
            fits = not one.brief or x + px(5) + width_of(one.unit, font(13)) <= inner.right()
            x = draw_at(painter, one.unit if fits else one.brief, x + px(5), baseline, font(13), look.text2)
        if one.secondary and not self._compact:
            room = QRectF(x + px(10), baseline - px(14), inner.right() - x - px(10), px(18))
            if room.width() > px(28):
                draw_text(painter, one.secondary, room, font(13), look.text2)

    def _draw_band(self, painter: QPainter, inner: QRectF) -> None:
        look, one = theme(), self._headline
        row = QRectF(inner.x(), px(62), inner.width(), px(18))
        right = row.right()
        if one.change is not None:
            ink = look.token(one.change.sense) if one.change.sense else look.text2
            face = font(12, 600 if one.change.sense else 400)
            width = width_of(one.change.text, face) + 1
            right -= width
            draw_text(painter, one.change.text, QRectF(right, row.y(), width, row.height()), face, ink)
            if one.change.direction:
                right -= px(13)
                _draw_triangle(painter, right, row.center().y(), one.change.direction, ink)
        left, ink = row.x(), look.token(one.concern or "text2")
        if one.concern and not one.icon:
            draw_icon(painter, "triangle-alert", left, row.center().y() - px(12) / 2, px(12), ink)
            left += px(12) + px(5)
        band = QRectF(left, row.y(), right - left - px(4), row.height())
        draw_text(painter, one.band, band, font(12, 600 if one.concern else 400), ink)

    def _draw_share(self, painter: QPainter, line: QRectF) -> None:
        look = theme()
        bar = QRectF(line.x(), line.center().y() - px(2), line.width(), px(4))
        rounded(painter, bar, track(), None, px(2))
        share = min(max(self._headline.share or 0.0, 0.0), 1.0)
        ink = look.token(f"{self._headline.concern}line") if self._headline.concern else look.text3
        rounded(painter, QRectF(bar.x(), bar.y(), bar.width() * share, bar.height()), ink, None, px(2))

    def _draw_scale(self, painter: QPainter, line: QRectF, scale: Scale) -> None:
        look = theme()
        painter.fillRect(line, look.line2 if self._chosen else track())
        middle = line.center().y()

        def at(number: float) -> float:
            return line.x() + line.width() * scale.place(number)

        if scale.low is not None and scale.high is not None:
            left, right = at(scale.low), at(scale.high)
            color = look.s1 if self._chosen else look.text3
            rounded(painter, QRectF(left, middle - px(2), right - left, px(4)), color, None, px(2))
        painter.fillRect(QRectF(at(scale.value) - 1, middle - px(5), 2, px(10)), look.text)
        if scale.reference is not None:
            half = px(4)
            x = at(scale.reference)
            painter.setPen(QPen(look.text, 1.25))
            painter.setBrush(look.accentfill if self._chosen else look.surface)
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(x, middle - half),
                        QPointF(x + half, middle),
                        QPointF(x, middle + half),
                        QPointF(x - half, middle),
                    ]
                )
            )


def _draw_dot(painter: QPainter, box: QRectF, confidence: str, ink: QColor) -> None:
    """Draw the dot of a confidence: full measured, half calibrated, empty extrapolated."""
    painter.setPen(QPen(ink, 1.2))
    painter.setBrush(ink if confidence == "measured" else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box.adjusted(0.6, 0.6, -0.6, -0.6))
    if confidence == "calibrated":
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawPie(box.adjusted(0.6, 0.6, -0.6, -0.6), 90 * 16, 180 * 16)


def _draw_triangle(painter: QPainter, x: float, middle: float, direction: int, ink: QColor) -> None:
    half, tall = px(3), px(5)
    point = middle - direction * tall / 2
    flat = middle + direction * tall / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([QPointF(x, flat), QPointF(x + 2 * half, flat), QPointF(x + half, point)]))
