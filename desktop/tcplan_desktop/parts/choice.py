"""A choice from rows in the same well: type to find, arrows to move, Enter to take; no wheel."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from tcplan.language import _
from tcplan_desktop.parts.option_list import LONGEST_VIEW, Option, OptionList
from tcplan_desktop.parts.painting import RING
from tcplan_desktop.parts.well_frame import WellFrame
from tcplan_desktop.text import tooltip

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

    def __init__(
        self, name: str, *, placeholder: str = "", notes: bool = True, parent: QWidget | None = None
    ) -> None:
        self._options: tuple[Option, ...] = ()
        self._key = ""
        super().__init__(name, parent, notes=notes)
        self._list: OptionList | None = None
        self.line.setPlaceholderText(placeholder)
        self.line.textEdited.connect(self._filter)
        self.line.entered.connect(self._enter)
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
        option = self._option()
        self.set_unit(option.detail if option else "")
        self._write()

    def _option(self) -> Option | None:
        return next((one for one in self._options if one.key == self._key), None)

    def _write(self) -> None:
        """Write the name in force: whole to those who edit it, else shortened to the well."""
        option = self._option()
        name = option.name if option else self._key
        shown = name
        if not self.line.hasFocus():
            room = self.line.width() - 2 * RING
            shown = self.line.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room)
        if shown != self.line.text():
            self.line.setText(shown)
            self.line.setCursorPosition(0)
        tooltip(self.line, name if shown != name else "")

    def _enter(self) -> None:
        if not self.is_open:
            self._write()
            self.line.selectAll()

    def restyle(self) -> None:
        super().restyle()
        self._write()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self.is_open:
            self._write()

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
