"""Ways of the keyboard through the window: from bar to bar, and to what has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from tcplan.language import _
from tcplan_desktop.forms.help_card import HelpCard
from tcplan_desktop.parts.bars import Bars
from tcplan_desktop.parts.headline_cell import HeadlineCell

if TYPE_CHECKING:
    from tcplan_desktop.window import Window


def bars_of(window: Window) -> list[QWidget]:
    """Return the bars between which F6 moves, in reading order, those that are to be seen."""
    bench = window.workbench
    every = [window.title_bar, window.scenario_bar, window.headline, window.notices]
    page = window.stack.currentWidget()
    every += [page] if page is not None and page is not bench else []
    every += [bench.inputs, bench.centre.tabs, bench.centre.pages, bench.pane, window.problems]
    return [bar for bar in every if bar.isVisible() and first_stop(bar) is not None]


def first_stop(bar: QWidget) -> QWidget | None:
    """Return the first widget of a bar that takes the keyboard by Tab."""
    for widget in (bar, *bar.findChildren(QWidget)):
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
        if takes and widget.isVisible() and widget.isEnabled():
            return widget
    return None


def next_bar(window: Window, step: int) -> None:
    """Move the focus to the next bar, or back."""
    bars = bars_of(window)
    held = QApplication.focusWidget()
    here = next((at for at, bar in enumerate(bars) if held is bar or (held and bar.isAncestorOf(held))), -1)
    target = first_stop(bars[(here + step) % len(bars)])
    if target is not None:
        target.setFocus(Qt.FocusReason.TabFocusReason)


def help_on_field(window: Window) -> None:
    """Explain the field that has the keyboard."""
    row = window.inputs.row_of(QApplication.focusWidget())
    if row is None:
        window.problems.say(_("Go to a field and press F1, or press Ctrl+K to find one."))
        return
    if window.help_card is None:
        window.help_card = HelpCard(window)
    window.help_card.show_row(row)


def path_at(window: Window, widget: QWidget | None) -> str:
    """Return the path of the result that a widget shows; empty when it shows none."""
    if isinstance(widget, HeadlineCell):
        return next((path for path, cell in window.headline.cells.items() if cell is widget), "")
    row = window.inputs.row_of(widget)
    if row is not None and row.path in window.estimate:
        return row.path
    bar = getattr(widget, "bar", None)
    if bar is not None and isinstance(widget.parentWidget() if widget else None, Bars):
        return str(bar.key)
    return ""
