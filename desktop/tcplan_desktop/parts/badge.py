"""The badge at a field: which layer its value comes from; pressed, it asks for the ways back."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tcplan.language import N_, _
from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.parts.painting import RING, draw_text, ring_outside, rounded, smooth, width_of
from tcplan_desktop.parts.pressable import Pressable
from tcplan_desktop.text import tooltip
from tcplan_desktop.theme import font, px, theme


@dataclass(frozen=True, slots=True)
class _Layer:
    word: str
    icon: str
    ink: str
    fill: str


LAYERS = {
    "catalogue": _Layer(N_("catalogue"), "book-open", "text3", ""),
    "computed": _Layer(N_("computed"), "square-function", "text3", ""),
    "default": _Layer(N_("default"), "info", "text3", ""),
    "typed": _Layer(N_("typed"), "pencil", "typed", "typedfill"),
    "scenario": _Layer(N_("scenario"), "layers", "scen", "scenfill"),
}


class Badge(Pressable):
    """Icon and word of a layer; `asked` carries the global point where its menu belongs."""

    asked = Signal(QPoint)

    def __init__(
        self, layer: str = "catalogue", *, compact: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._layer = LAYERS[layer]
        self._compact = compact
        self._explanation = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._ask)
        self._describe()

    def set_layer(self, layer: str, explanation: str = "") -> None:
        """Show a layer; the explanation (row, source, date) goes to the tool tip and screen readers."""
        self._layer = LAYERS[layer]
        self._explanation = explanation
        self._describe()
        self.restyle()

    def set_compact(self, compact: bool) -> None:
        """Show the icon without the word, for narrow windows."""
        if compact != self._compact:
            self._compact = compact
            self._describe()
            self.restyle()

    def _describe(self) -> None:
        word = _(self._layer.word)
        self.setText(word)
        self.setAccessibleName(word)
        self.setAccessibleDescription(self._explanation)
        shown = self._explanation
        if self._compact:
            shown = f"{word}: {self._explanation}" if self._explanation else word
        tooltip(self, shown)

    def _ask(self) -> None:
        self.asked.emit(self.mapToGlobal(QPoint(RING, self.height() - RING)))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._ask()

    def sizeHint(self) -> QSize:
        width = px(24) if self._compact else px(6 + 12 + 3 + 6) + width_of(self.text(), font(11, 500))
        return QSize(int(width + 0.99) + 2 * RING, px(28) + 2 * RING)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _shape(self) -> QRectF:
        height = px(20 if self._compact else 18)
        width = self.sizeHint().width() - 2 * RING
        return QRectF(RING, (self.height() - height) / 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, layer = theme(), self._layer
        painter = QPainter(self)
        smooth(painter)
        shape = self._shape()
        ink = look.token(layer.ink)
        if layer.fill:
            rounded(painter, shape, look.token(layer.fill), ink if look.outlined else None)
        elif self.hovered:
            rounded(painter, shape, look.hover)
        size = px(14 if self._compact else 12)
        left = shape.center().x() - size / 2 if self._compact else shape.x() + px(6)
        draw_icon(painter, layer.icon, left, shape.center().y() - size / 2, size, ink)
        if not self._compact:
            box = QRectF(left + size + px(3), shape.y(), shape.right() - left - size, shape.height())
            draw_text(painter, self.text(), box, font(11, 500), ink, Qt.AlignmentFlag.AlignLeft)
        if self.ringed:
            ring_outside(painter, shape)
        painter.end()
