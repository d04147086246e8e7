"""The field of a number or a text: it takes text, tells what was typed and never changes it by itself."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from tcplan_desktop.parts.well_frame import State, WellFrame

_STEPS = {
    Qt.Key.Key_Up: (1, False),
    Qt.Key.Key_Down: (-1, False),
    Qt.Key.Key_PageUp: (1, True),
    Qt.Key.Key_PageDown: (-1, True),
}


class Well(WellFrame):
    """A well with a line of text.

    `typing` carries the text at each key, `committed` the text on Enter or on leaving the field, once a
    change. The listener answers a commit with `show_text` (taken) or `refuse`. `stepped` carries the
    direction and the size of a step: "fine", "step" or "decade".
    """

    typing = Signal(str)
    committed = Signal(str)
    stepped = Signal(int, str)
    restored = Signal()

    def __init__(
        self, name: str, *, placeholder: str = "", notes: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(name, parent, notes=notes)
        self._text = ""
        self._answered = ""
        self.line.setPlaceholderText(placeholder)
        self.line.textEdited.connect(self.typing)
        self.line.returnPressed.connect(self._enter)
        self.line.left.connect(self._commit)

    @property
    def text(self) -> str:
        """The text in the field, be it taken or not."""
        return self.line.text()

    @property
    def editing(self) -> bool:
        """Whether the field holds typed text that is not yet committed."""
        return self.line.text() != self._answered

    def show_text(self, text: str) -> None:
        """Show the value in force; text that is being typed or was refused stays until it is answered."""
        unchanged = text == self._text
        refused = self.state is State.REFUSED
        self._text = text
        if (self.editing and self.line.hasFocus()) or (refused and unchanged):
            return
        if refused:
            self._clear_refusal()
        self._put(text)

    def refuse(self, sentence: str, start: int = 0, end: int = 0, fix: str = "") -> None:
        """Say why the text cannot be taken; the value in force stays as it is."""
        self._answered = self.line.text()
        self.set_state(State.REFUSED)
        self.set_message(sentence, "err", fix)
        self.set_bad(start, end)
        if self._bad and self.line.hasFocus():
            self.line.setSelection(start, end - start)

    def restore(self) -> None:
        """Throw away what was typed and show the value in force."""
        self._clear_refusal()
        self._put(self._text)
        self.line.selectAll()
        self.restored.emit()

    def _put(self, text: str) -> None:
        self._answered = text
        if text != self.line.text():
            self.line.setText(text)
            self.line.setCursorPosition(0)
        if self.line.hasFocus():
            self.line.selectAll()
        self.line.setModified(False)

    def _clear_refusal(self) -> None:
        self.set_bad(0, 0)
        if self.state is State.REFUSED:
            self.set_state(State.REST)
            self.set_message("")

    def _enter(self) -> None:
        if self.line.isModified() and not self.editing:
            # The value in force, typed all the same: whoever presses Enter on it means to hold it.
            self.line.setModified(False)
            self.committed.emit(self.line.text())
        self._commit()
        self.line.selectAll()
        if self._bad:
            self.line.setSelection(self._bad[0], self._bad[1] - self._bad[0])

    def _commit(self) -> None:
        if not self.editing:
            return
        text = self.line.text()
        self._answered = text
        self._clear_refusal()
        self.line.setModified(False)
        self.committed.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and (self.editing or self.state is State.REFUSED):
            self.restore()
        elif key in _STEPS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            direction, decade = _STEPS[key]
            fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.stepped.emit(direction, "fine" if fine else "decade" if decade else "step")
        else:
            event.ignore()
