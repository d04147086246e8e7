"""A choice from rows in the same well: type to find, arrows to move, Enter to take; no wheel."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from tcplan.language import _
from tcplan_desktop.parts.option_list import LONGEST_VIEW, Option, OptionList
from tcplan_desktop.parts.well_frame import WellFrame

_MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: LONGEST_VIEW,
    Qt.Key.Key_PageUp: -LONGEST_VIEW,
}


class Choice(WellFrame):
    """A well whose value is one of some options; `picked` carries the key of the one taken."""

    picked = Signal(str)
    ends_with = "chevron-down"

    def __init__(self, name: str, *, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._options: tuple[Option, ...] = ()
        self._key = ""
        self._list: OptionList | None = None
        self.line.setPlaceholderText(placeholder)
        self.line.textEdited.connect(self._filter)
        self.line.left.connect(self._leave)
        self.line.pressed.connect(self._toggle)

    @property
    def key(self) -> str:
        """The key in force, empty when nothing is chosen."""
        return self._key

    @property
    def is_open(self) -> bool:
        """Whether the list is to be seen."""
        return self._list is not None and self._list.is_open

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer these rows."""
        self._options = tuple(options)
        self.show_key(self._key)

    def show_key(self, key: str) -> None:
        """Show the option in force; a key that no option has is shown as it is."""
        self._key = key
        if self.is_open:
            return
        option = next((one for one in self._options if one.key == key), None)
        self.line.setText(option.name if option else key)
        self.line.setCursorPosition(0)
        self.set_unit(option.detail if option else "")

    def open_list(self) -> None:
        """Show all options."""
        if not self._options or not self.isEnabled():
            return
        if self._list is None:
            self._list = OptionList(self.window())
            self._list.picked.connect(self._take)
            self._list.closed.connect(self._closed)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self._list.open_under(self, self._options, self._key, int(self.well().width()))

    def _filter(self, typed: str) -> None:
        if not self.is_open:
            self.open_list()
        if self._list is not None:
            self._list.filter(typed)
            self._announce()

    def _take(self, key: str) -> None:
        changed = key != self._key
        self._key = key
        self._close()
        if changed:
            self.picked.emit(key)

    def _close(self) -> None:
        if self._list is not None:
            self._list.close_card()

    def _closed(self) -> None:
        self.show_key(self._key)
        if self.line.hasFocus():
            self.line.selectAll()

    def _leave(self) -> None:
        self._close()
        self.show_key(self._key)

    def _announce(self) -> None:
        option = self._list.current if self._list is not None else None
        if option is None or self._list is None:
            return
        shown = self._list.shown
        text = _("{name}, {position} of {count}").format(
            name=", ".join((option.name, *option.columns)), position=shown.index(option) + 1, count=len(shown)
        )
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.line, text))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._toggle()

    def _toggle(self) -> None:
        if self.is_open:
            self._close()
        else:
            self.open_list()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if not self.is_open or self._list is None:
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.open_list()
            else:
                event.ignore()
        elif key in _MOVES:
            self._list.step(_MOVES[key])
            self._announce()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._list.current is not None:
                self._take(self._list.current.key)
        elif key == Qt.Key.Key_Escape:
            self._close()
        else:
            event.ignore()
