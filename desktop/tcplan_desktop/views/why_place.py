"""Where the why stands: a column of the wide window, a popover at the number in a narrow one."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from tcplan_desktop.parts.popover import Popover
from tcplan_desktop.theme import px
from tcplan_desktop.views.why_pane import WhyPane

WIDTH, HEIGHT = 336, 470


class WhyPlace(QObject):
    """Holds the pane, moves it between column and popover, and gives the focus back when it closes."""

    turned = Signal(bool)
    """Whether the why is to be seen."""

    def __init__(self, pane: WhyPane, column: QWidget, window: QWidget) -> None:
        super().__init__(window)
        self.pane = pane
        self._column = column
        self._window = window
        self._popover: Popover | None = None
        self._floating = False
        self._back_to: QWidget | None = None
        self._column_layout = QVBoxLayout(column)
        self._column_layout.setContentsMargins(0, 0, 0, 0)
        self._column_layout.addWidget(pane)
        pane.closed.connect(self.close)

    @property
    def is_open(self) -> bool:
        """Whether the why is to be seen."""
        if self._floating:
            return self._popover is not None and self._popover.is_open
        return not self._column.isHidden()

    def set_floating(self, floating: bool, *, keep_open: bool) -> None:
        """Move the pane; a popover opens only when somebody asks."""
        if floating == self._floating:
            return
        self._floating = floating
        if floating:
            self._column.hide()
            if self._popover is None:
                self._popover = Popover(self._window, padding=0, tail=True)
                self._popover.closed.connect(lambda: self.turned.emit(False))
            self._popover.content.addWidget(self.pane)
        else:
            if self._popover is not None:
                self._popover.close_card()
            self._column_layout.addWidget(self.pane)
            self._column.setVisible(keep_open)
        self.turned.emit(self.is_open)

    def open(self, anchor: QWidget | None, *, focus: bool) -> None:
        """Show the pane, as a popover at the number that was asked about."""
        held = QApplication.focusWidget()
        if held is not None and not self.pane.isAncestorOf(held):
            self._back_to = held
        if self._floating and self._popover is not None:
            size = QSize(px(WIDTH), min(px(HEIGHT), self._window.height() - px(120)))
            self._popover.open_at(anchor or self._window, size=size, take_focus=False)
        else:
            self._column.show()
        self.pane.show()
        if focus or self._floating:
            self.pane.shut.setFocus(Qt.FocusReason.PopupFocusReason)
        self.turned.emit(True)

    def close(self) -> None:
        """Hide the pane and give the focus back to where it came from."""
        held = QApplication.focusWidget()
        inside = held is None or self.pane.isAncestorOf(held)
        if self._floating and self._popover is not None:
            self._popover.close_card()
        self._column.setVisible(False)
        if inside and self._back_to is not None and self._back_to.isVisible():
            self._back_to.setFocus(Qt.FocusReason.OtherFocusReason)
        self._back_to = None
        self.turned.emit(False)
