"""Buttons: outline, solid, tint (a toggle), link and bare icon, with the key that does the same."""

from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.parts.painting import RING, draw_text, ring_outside, rounded, smooth, width_of
from tcplan_desktop.parts.pressable import Pressable
from tcplan_desktop.text import tooltip
from tcplan_desktop.theme import font, px, theme


class Kind(Enum):
    """How much a button asks for attention."""

    OUTLINE = "outline"
    SOLID = "solid"
    TINT = "tint"
    QUIET = "quiet"
    LINK = "link"


class Button(Pressable):
    """A painted button; with `icon_name` alone it needs `name` for its tool tip and screen readers."""

    def __init__(
        self,
        text: str = "",
        *,
        kind: Kind = Kind.OUTLINE,
        icon_name: str = "",
        name: str = "",
        key: str = "",
        size: int = 13,
        ink: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kind = kind
        self._icon, self._key, self._size, self._ink = icon_name, key, size, ink
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCheckable(kind is Kind.TINT)
        self.setAccessibleName(name or text)
        if kind is Kind.LINK:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        if not text:
            tooltip(self, f"{name}  {key}" if key else name)

    def set_text(self, text: str) -> None:
        """Change the words, for eyes and screen readers."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def set_icon(self, icon_name: str, ink: str = "") -> None:
        """Change the icon and its colour token."""
        self._icon, self._ink = icon_name, ink
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        link = self.kind is Kind.LINK
        height = px(20) if link else px(28)
        pad = 0 if link else (px(6) if self._bare else px(10))
        width = sum(one for _, one in self._pieces()) + 2 * pad + max(len(self._pieces()) - 1, 0) * px(6)
        return QSize(int(width + 0.99) + 2 * RING, height + 2 * RING)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @property
    def _bare(self) -> bool:
        return not self.text()

    def _weight(self) -> int:
        return 600 if self.kind in (Kind.SOLID, Kind.LINK) else 500

    def _pieces(self) -> list[tuple[str, float]]:
        pieces: list[tuple[str, float]] = []
        if self.kind is Kind.TINT and self.isChecked():
            pieces.append(("check", px(14)))
        if self._icon:
            pieces.append(("icon", px(16 if self._size >= 13 else 14)))
        if self.text():
            pieces.append(("text", width_of(self.text(), font(self._size, self._weight()))))
        if self._key and self.text():
            pad = px(10) if self.kind is Kind.QUIET else 0
            pieces.append(("key", width_of(self._key, font(11, 500)) + pad))
        return pieces

    def nextCheckState(self) -> None:
        super().nextCheckState()
        self.updateGeometry()

    def _colors(self) -> tuple[QColor | None, QColor | None, QColor]:
        look = theme()
        pressed = self.isDown() or self.hovered
        ink = look.token(self._ink) if self._ink else look.text
        if not self.isEnabled():
            return None, look.line if self.kind is Kind.OUTLINE else None, look.line2
        match self.kind:
            case Kind.SOLID:
                return (look.accentline if pressed and not look.dark else look.accent), None, look.onaccent
            case Kind.TINT:
                filled = self.isChecked() or pressed
                border = look.edge if look.outlined and self.isChecked() else None
                return (look.hover if filled else None), border, ink if self.isChecked() else look.text2
            case Kind.QUIET:
                return (look.hover if pressed else None), None, ink if self._ink else look.text2
            case Kind.LINK:
                return None, None, ink if self._ink else look.accent
            case _:
                return (
                    (look.hover if pressed else look.surface),
                    look.edge if look.outlined else look.line2,
                    ink,
                )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        smooth(painter)
        shape = QRectF(self.rect()).adjusted(RING, RING, -RING, -RING)
        fill, border, ink = self._colors()
        if fill is not None or border is not None:
            rounded(painter, shape, fill, border)
        self._draw_pieces(painter, shape, ink)
        if self.ringed:
            ring_outside(painter, shape)
        painter.end()

    def _draw_pieces(self, painter: QPainter, shape: QRectF, ink: QColor) -> None:
        pieces = self._pieces()
        spare = shape.width() - sum(one for _, one in pieces) - px(6) * max(len(pieces) - 1, 0)
        x = shape.x() + max(spare, 0.0) / 2
        for what, whole in pieces:
            # What does not fit is cut at the end of the words, where an ellipsis says so.
            width = max(whole + min(spare, 0.0), 0.0) if what == "text" else whole
            box = QRectF(x, shape.y(), width, shape.height())
            if what in ("check", "icon"):
                name = "check" if what == "check" else self._icon
                draw_icon(painter, name, x, shape.center().y() - width / 2, int(width), ink)
            elif what == "text":
                face = font(self._size, self._weight())
                draw_text(painter, self.text(), box, face, ink)
                if self.kind is Kind.LINK and (self.hovered or self.isDown()):
                    painter.fillRect(QRectF(x, shape.center().y() + px(7), width, 1), ink)
            else:
                look = theme()
                if self.kind is Kind.QUIET:
                    cap = QRectF(x, shape.center().y() - px(9), width, px(18))
                    rounded(painter, cap, look.hover, look.line2 if look.outlined else None)
                color = ink if self.kind is not Kind.QUIET else look.text2
                draw_text(painter, self._key, box, font(11, 500), color, Qt.AlignmentFlag.AlignHCenter)
            x += width + px(6)
