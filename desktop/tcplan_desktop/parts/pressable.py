"""The button under every painted control that is pressed: hover, keyboard, a focus ring when wanted."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from tcplan_desktop.theme import themes

_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


def ringed_after(reason: Qt.FocusReason, *, before: bool) -> bool:
    """Return whether focus that came for this reason shows its ring.

    Other reasons than keyboard and mouse (a closed popover, a window that becomes active) leave it as it was.
    """
    if reason in _KEYBOARD:
        return True
    return before and reason != Qt.FocusReason.MouseFocusReason


class Pressable(QAbstractButton):
    """A button that paints itself; it shows focus only to those who use the keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._by_keyboard = False
        self.hovered = False
        themes.changed.connect(self.restyle)

    @property
    def ringed(self) -> bool:
        """Whether the focus ring is to be seen."""
        return self.hasFocus() and self._by_keyboard

    def restyle(self) -> None:
        """Take the size and colours of the theme in force."""
        self.updateGeometry()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = ringed_after(event.reason(), before=self._by_keyboard)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_keyboard = False
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_keyboard = True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered = self.isEnabled()
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered = False
        super().leaveEvent(event)
        self.update()
