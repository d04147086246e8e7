"""The label of a field: it names the editor, carries the help, and scrubs a number when dragged."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from tcplan_desktop.document import new_gesture
from tcplan_desktop.text import Elided


class FieldLabel(Elided):
    """A label that one can press to enter the field, or drag sideways to change a number."""

    pressed = Signal()
    dragged = Signal(float, int)
    """Pixels from the press, and the gesture."""
    released = Signal()

    def __init__(self, text: str, *, scrubs: bool, parent: QWidget | None = None) -> None:
        super().__init__(text, ink="text2", parent=parent)
        self._scrubs = scrubs
        self._start = 0.0
        self._gesture = 0
        self._moving = False
        if scrubs:
            self.setCursor(Qt.CursorShape.SizeHorCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._start = event.globalPosition().x()
            self._gesture = new_gesture()
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        pixels = event.globalPosition().x() - self._start
        if not self._scrubs or not self._gesture:
            return
        if self._moving or abs(pixels) >= QApplication.startDragDistance() / 2:
            self._moving = True
            fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.dragged.emit(pixels * (0.1 if fine else 1.0), self._gesture)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._gesture:
            return
        moved, self._moving, self._gesture = self._moving, False, 0
        if moved:
            self.released.emit()
        else:
            self.pressed.emit()
