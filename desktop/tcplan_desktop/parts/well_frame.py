"""The painted well under a value: fill, underline, ring, icon, unit; the text inside is Qt's own line."""

from enum import Enum

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.icon import draw_icon
from tcplan_desktop.parts.painting import RADIUS, RING, draw_text, ring_outside, rounded, smooth
from tcplan_desktop.text import Label, tooltip
from tcplan_desktop.theme import font, mix, px, theme, themes

NOTE_ROOM = 6
FLASH_MS = 160
_TEXT_MARGIN = 2
"""What Qt leaves free at both ends of a line of text."""


class State(Enum):
    """What a well says about its value."""

    REST = ""
    REFUSED = "circle-alert"
    UNUSUAL = "triangle-alert"


_STATE_INKS = {State.REFUSED: "err", State.UNUSUAL: "warn"}


class Line(QLineEdit):
    """The text in a well: all of it is selected on entering, and undo is the document's until one types."""

    entered = Signal()
    left = Signal()
    pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrame(False)
        self._select_on_release = False

    def selectAll(self) -> None:
        """Select the whole text with the cursor before it, so that a long one shows its beginning."""
        whole = len(self.text())
        self.setSelection(whole, -whole)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() == Qt.FocusReason.MouseFocusReason:
            self._select_on_release = True
        elif event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.selectAll()
        self._redraw_frame()
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._redraw_frame()
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.left.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._select_on_release and not self.hasSelectedText():
            self.selectAll()
        self._select_on_release = False

    def _redraw_frame(self) -> None:
        """Let the well around show or drop its ring, whatever the reason is for which the focus moved."""
        frame = self.parentWidget()
        if frame is not None:
            frame.update()

    @property
    def shortened(self) -> bool:
        """Whether the text is longer than the well and shown shortened, as it is while nobody edits it."""
        room = self.width() - 2 * _TEXT_MARGIN
        return not self.hasFocus() and self.fontMetrics().horizontalAdvance(self.text()) > room

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.shortened:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(_TEXT_MARGIN, 0, -_TEXT_MARGIN, 0)
        draw_text(painter, self.text(), box, self.font(), self.palette().color(QPalette.ColorRole.Text))
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            tooltip(self, self.text() if self.shortened else "")
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._is_undo(event)
        ):
            event.ignore()
            return True
        return super().event(event)

    def _is_undo(self, event: QKeyEvent) -> bool:
        undo = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        return undo and not self.isModified()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_undo(event):
            event.ignore()
            return
        super().keyPressEvent(event)


class WellFrame(QWidget):
    """A well, the message line below it and room for the ring and the dot of a note.

    The well itself is `RING` inside the widget's edges, and `NOTE_ROOM` at the left where it may have notes.
    """

    fixed = Signal()
    focused = Signal(bool)

    def __init__(self, name: str, parent: QWidget | None = None, *, notes: bool = True) -> None:
        super().__init__(parent)
        self._left = NOTE_ROOM if notes else RING
        self.state = State.REST
        self.line = Line(self)
        self.line.setAccessibleName(name)
        self.unit = Label(size=12, ink="text3", parent=self)
        self.unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._message = _Message(self)
        self._message.hide()
        self._message.fixed.connect(self.fixed)
        self._noted = False
        self._hovered = False
        self._icon_x = 0.0
        self._bad: tuple[int, int] | None = None
        self._flash = QVariantAnimation(self)
        self._flash.setDuration(FLASH_MS)
        self._flash.setStartValue(1.0)
        self._flash.setEndValue(0.0)
        self._flash.valueChanged.connect(self.update)
        self.setFocusProxy(self.line)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.line.entered.connect(self._entered)
        self.line.left.connect(self._leave_line)
        self.line.textChanged.connect(self._typed)
        themes.changed.connect(self.restyle)
        self.restyle()

    def _entered(self) -> None:
        self.update()
        self.focused.emit(True)

    def _leave_line(self) -> None:
        self.update()
        self.focused.emit(False)

    def _typed(self) -> None:
        if self.unit.text():
            self._place()
        if self._bad is not None:
            self._bad = None
            self.update()

    def set_name(self, name: str, description: str = "") -> None:
        """Tell screen readers what the value is, with its unit and help."""
        self.line.setAccessibleName(name)
        self.line.setAccessibleDescription(description)

    def set_unit(self, unit: str) -> None:
        """Show a unit, or "sweep 3" for a list, at the right inside the well."""
        if unit != self.unit.text():
            self.unit.setText(unit)
            self._place()

    def set_state(self, state: State) -> None:
        """Show what is the matter with the value."""
        if state is not self.state:
            self.state = state
            self.restyle()

    def set_message(self, text: str, ink: str = "text2", fix: str = "") -> None:
        """Show a sentence under the well, with the words of a fix to press; no text takes it away."""
        self._message.show_text(text, ink, fix)
        self._message.setVisible(bool(text))
        self.line.setAccessibleDescription(text)
        self._place()
        self.updateGeometry()

    @property
    def message(self) -> str:
        """The sentence under the well."""
        return self._message.sentence.text() if not self._message.isHidden() else ""

    def set_bad(self, start: int, end: int) -> None:
        """Tint the part of the text that cannot be read, until the text changes; nothing when empty."""
        self._bad = (start, end) if end > start else None
        self.update()

    def set_note(self, noted: bool) -> None:
        """Show or hide the dot that says: here is a note."""
        self._noted = noted
        self.update()

    def flash(self) -> None:
        """Draw the eye to the field for a moment, after undo."""
        if not themes.reduced_motion:
            self._flash.start()

    def restyle(self) -> None:
        """Take the size and colours of the theme in force."""
        palette = self.line.palette()
        look = theme()
        palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
        palette.setColor(QPalette.ColorRole.Text, look.text)
        palette.setColor(QPalette.ColorRole.PlaceholderText, look.text3)
        self.line.setPalette(palette)
        self.line.setFont(font(13, 500))
        self._place()
        self.updateGeometry()
        self.update()

    def well(self) -> QRectF:
        """Return the rectangle of the well inside the widget."""
        return QRectF(self._left, RING, self.width() - self._left - RING, px(28))

    ends_with = ""
    """The icon at the right end of the well; that of the state stands before the unit."""

    def _place(self) -> None:
        well = self.well()
        right = well.right() - px(8)
        beside = False
        if self.ends_with:
            right -= px(14) + px(6)
        if self.unit.text():
            width = self.unit.sizeHint().width()
            self.unit.setGeometry(int(right - width), int(well.y()), width, int(well.height()))
            if self._has_room(right - width - px(6)):
                right -= width + px(6)
                beside = True
        self.unit.setVisible(beside)
        if self.state is not State.REST:
            right -= px(14)
            self._icon_x = right
            right -= px(6)
        self.line.setGeometry(
            int(well.x()) + px(6), int(well.y()), int(right - well.x()) - px(6), int(well.height())
        )
        self._message.setGeometry(
            int(well.x()), int(well.bottom()) + RING, int(well.width()), self._message_height()
        )

    def _has_room(self, right: float) -> bool:
        """Return whether a unit leaves the value its room; a value cut off would say something else."""
        left = self.well().x() + px(6) + (px(20) if self.state is not State.REST else 0)
        text = self.line.text() or self.line.placeholderText()
        return right - left >= self.line.fontMetrics().horizontalAdvance(text) + 2 * _TEXT_MARGIN

    def _message_height(self) -> int:
        if self._message.isHidden():
            return 0
        width = int(self.well().width())
        return self._message.heightForWidth(width)

    def sizeHint(self) -> QSize:
        return QSize(px(160) + self._left + RING, px(28) + 2 * RING + self._message_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        if event.size().width() != event.oldSize().width() and not self._message.isHidden():
            self.updateGeometry()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _fill(self) -> QColor:
        look = theme()
        if self.state is State.REFUSED:
            fill = look.errfill
        elif self.line.hasFocus():
            fill = look.surface
        else:
            fill = look.hover if self._hovered and self.isEnabled() else look.field
        if self._flash.state() == QVariantAnimation.State.Running:
            fill = mix(fill, look.accentfill, float(self._flash.currentValue()))
        return fill

    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme()
        painter = QPainter(self)
        smooth(painter)
        well = self.well()
        rounded(painter, well, self._fill())
        self._draw_bad(painter, well)
        if self.line.hasFocus():
            ring_outside(painter, well)
        else:
            underlines = {State.REFUSED: look.errline, State.UNUSUAL: look.warnline}
            color = underlines.get(self.state, look.edge) if self.isEnabled() else look.line2
            shape = QPainterPath()
            shape.addRoundedRect(well, RADIUS, RADIUS)
            painter.setClipPath(shape)
            painter.fillRect(QRectF(well.x(), well.bottom() - 1, well.width(), 1), color)
            painter.setClipping(False)
        top = well.center().y() - px(14) / 2
        if self.state is not State.REST:
            draw_icon(
                painter, self.state.value, self._icon_x, top, px(14), look.token(_STATE_INKS[self.state])
            )
        if self.ends_with:
            draw_icon(painter, self.ends_with, well.right() - px(8) - px(14), top, px(14), look.text3)
        if self._noted:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.text2)
            painter.drawEllipse(QRectF(0, well.center().y() - 2, 4, 4))
        painter.end()

    def _draw_bad(self, painter: QPainter, well: QRectF) -> None:
        if self._bad is None:
            return
        start, end = self._bad
        metrics = self.line.fontMetrics()
        text = self.line.text()
        left = self.line.x() + 2 + metrics.horizontalAdvance(text[:start])
        width = metrics.horizontalAdvance(text[start:end])
        # A text longer than the well is scrolled by Qt, which does not say how far.
        if metrics.horizontalAdvance(text) < self.line.width() - 4:
            box = QRectF(left - 2, well.y() + px(5), width + 4, well.height() - px(10))
            rounded(painter, box, mix(theme().errfill, theme().errline, 0.35), None, 2)


class _Message(QWidget):
    """The line under a well: a sentence that wraps, and the fix as a link beside or below it."""

    fixed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.sentence = Label(size=11, ink="text2", wrap=True, parent=self)
        self.fix = Button(kind=Kind.LINK, size=11, parent=self)
        self.fix.clicked.connect(self.fixed)

    def show_text(self, text: str, ink: str, fix: str) -> None:
        self.sentence.setText(text)
        self.sentence.set_ink(ink)
        self.fix.set_text(fix)
        self.fix.setVisible(bool(fix))
        self._arrange(self.width())

    def heightForWidth(self, width: int) -> int:
        return self._arrange(width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange(self.width())

    def _arrange(self, width: int) -> int:
        left, room = px(8), max(width - px(8), px(40))
        natural = self.sentence.fontMetrics().horizontalAdvance(self.sentence.text()) + 2
        fix = self.fix.sizeHint() if self.fix.text() else QSize(0, 0)
        if natural + fix.width() <= room:
            self.sentence.setGeometry(left, 0, natural, px(18))
            self.fix.setGeometry(left + natural, px(9) - fix.height() // 2, fix.width(), fix.height())
            return px(20)
        height = max(self.sentence.heightForWidth(room), px(16)) + 2
        self.sentence.setGeometry(left, 0, room, height)
        self.fix.setGeometry(left - 2 * RING, height - 2, fix.width(), fix.height())
        return height + fix.height()
