"""Horizontal bars from zero: parts of a whole, or how far a result moves; one drawing for every painter."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from tcplan_desktop.parts.painting import draw_text, ring_inside, smooth, width_of
from tcplan_desktop.parts.pressable import Pressable
from tcplan_desktop.theme import font, px, theme, themes

_RIGHT = Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: label, value of the length, its text, a second text; `key` is what a press sends."""

    label: str
    value: float
    text: str
    more: str = ""
    key: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """Type and colours of bars: those of the screen's theme, or of paper."""

    face: QFont
    strong: QFont
    label: QColor
    value: QColor
    quiet: QColor
    bar: QColor
    axis: QColor
    line: QColor | None
    gap: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Edges that all rows share: end of the labels, zero, length of a unit, widths of the texts."""

    label: float
    zero: float
    unit: float
    text: float
    more: float


def columns_of(bars: Sequence[Bar], width: float, stroke: Stroke) -> Columns:
    """Return the common edges of rows of this width."""
    label = max((width_of(one.label, _face(one, stroke)) for one in bars), default=0.0) + 1
    text = max((width_of(one.text, stroke.strong) for one in bars), default=0.0) + 1
    more = max((width_of(one.more, stroke.face) for one in bars), default=0.0)
    after = text + (more + stroke.gap if more else 0.0) + 2 * stroke.gap
    label = min(label, max(width * 0.45, width - after - width * 0.2))
    low = min(0.0, *(one.value for one in bars)) if bars else 0.0
    high = max(0.0, *(one.value for one in bars)) if bars else 0.0
    room = max(width - label - after, 8.0)
    unit = room / (high - low) if high > low else 0.0
    return Columns(label, label + stroke.gap - low * unit, unit, text, more)


def _face(bar: Bar, stroke: Stroke) -> QFont:
    return stroke.strong if bar.strong else stroke.face


def draw_bar(
    painter: QPainter, bar: Bar, columns: Columns, area: QRectF, stroke: Stroke, thick: float
) -> None:
    """Draw one row into its area, of which the columns count from the left edge."""
    face = _face(bar, stroke)
    draw_text(
        painter, bar.label, QRectF(area.x(), area.y(), columns.label, area.height()), face, stroke.label
    )
    zero = area.x() + columns.zero
    middle = area.center().y()
    if not bar.strong:
        length = bar.value * columns.unit
        # A part that is not nothing shows at least a line.
        wide = max(abs(length), 1.0) if bar.value else 0.0
        left = zero if length >= 0 else zero - wide
        painter.fillRect(QRectF(left, middle - thick / 2, wide, thick), stroke.bar)
    right = area.right()
    if columns.more:
        box = QRectF(right - columns.more, area.y(), columns.more, area.height())
        draw_text(painter, bar.more, box, stroke.face, stroke.quiet, _RIGHT)
        right -= columns.more + stroke.gap
    box = QRectF(right - columns.text, area.y(), columns.text, area.height())
    draw_text(painter, bar.text, box, stroke.strong, stroke.value, _RIGHT)
    if stroke.line is not None:
        painter.fillRect(QRectF(area.x(), area.bottom() - 1, area.width(), 1), stroke.line)


def _name(bar: Bar) -> str:
    return bar.key or bar.label


class _Row(Pressable):
    def __init__(self, bar: Bar, owner: "Bars") -> None:
        super().__init__(owner)
        self.bar = bar
        self._owner = owner
        self.show_bar(bar)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if bar.key:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def name(self) -> str:
        """What tells this row from the others."""
        return _name(self.bar)

    def show_bar(self, bar: Bar) -> None:
        """Show another amount of the same."""
        self.bar = bar
        self.setAccessibleName(bar.label)
        self.setAccessibleDescription(", ".join(part for part in (bar.text, bar.more) if part))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(240), px(self._owner.pitch))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(self._owner.pitch))

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        box = QRectF(self.rect())
        if self.hovered and self.bar.key:
            painter.fillRect(box, look.hover)
        stroke = self._owner.stroke()
        columns = columns_of(self._owner.bars, box.width(), stroke)
        if self._owner.signed:
            painter.fillRect(QRectF(round(columns.zero), 0, 1, box.height()), stroke.axis)
        draw_bar(painter, self.bar, columns, box, stroke, px(12 if self._owner.signed else 14))
        if self.ringed:
            ring_inside(painter, box)
        painter.end()


class Bars(QWidget):
    """Rows of bars; `signed` draws grey bars around a common zero, else blue ones with hairlines.

    `pressed` carries the key of a row that has one.
    """

    pressed = Signal(str)

    def __init__(self, name: str, *, signed: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.signed = signed
        self.pitch = 24 if signed else 32
        self.bars: tuple[Bar, ...] = ()
        self._rows: list[_Row] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        themes.changed.connect(self.updateGeometry)

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these rows; those that stay keep the focus."""
        self.bars = tuple(bars)
        if [row.name for row in self._rows] != [_name(bar) for bar in bars]:
            self._arrange(bars)
        for row, bar in zip(self._rows, bars, strict=True):
            row.show_bar(bar)

    def _arrange(self, bars: Sequence[Bar]) -> None:
        known = {row.name: row for row in self._rows}
        names = [_name(bar) for bar in bars]
        self._rows = [
            known.pop(name) if name in known else self._new(bar)
            for name, bar in zip(names, bars, strict=True)
        ]
        for row in known.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for at, row in enumerate(self._rows):
            self._column.insertWidget(at, row)

    def _new(self, bar: Bar) -> _Row:
        row = _Row(bar, self)
        row.clicked.connect(self._pressed)
        return row

    def _pressed(self) -> None:
        row = self.sender()
        if isinstance(row, _Row) and row.bar.key:
            self.pressed.emit(row.bar.key)

    def stroke(self) -> Stroke:
        """Return the type and colours of the theme in force."""
        look = theme()
        return Stroke(
            face=font(13),
            strong=font(13, 500 if self.signed else 600),
            label=look.text2 if self.signed else look.text,
            value=look.text,
            quiet=look.text3,
            bar=look.text3 if self.signed else look.s1,
            axis=look.edge,
            line=None if self.signed else look.line,
            gap=px(12),
        )
