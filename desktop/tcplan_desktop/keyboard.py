"""Ways of the keyboard through the window: from bar to bar, and to what has the focus."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLayout, QScrollArea, QSplitter, QWidget

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
    return next((widget for widget in _in_reading_order(bar) if _is_stop(widget)), None)


def move(window: QWidget, step: int) -> bool:
    """Move the focus to the next or the last stop of Tab in reading order.

    Qt goes by when parts were made, and what is made late, such as the fields behind More, comes last there.
    """
    every = _in_reading_order(window)
    held = window.focusWidget()
    here = every.index(held) if held in every else -1
    after = [*every[here + 1 :], *every[: max(here, 0)]]
    target = next((one for one in (after if step > 0 else reversed(after)) if _is_stop(one)), None)
    if target is None:
        return False
    reason = Qt.FocusReason.TabFocusReason if step > 0 else Qt.FocusReason.BacktabFocusReason
    target.setFocus(reason)
    around = target.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(target)
        around = around.parentWidget()
    return True


def _is_stop(widget: QWidget) -> bool:
    takes = (widget.focusPolicy() & Qt.FocusPolicy.TabFocus) == Qt.FocusPolicy.TabFocus
    return takes and widget.isEnabled() and widget.focusProxy() is None


def _in_reading_order(widget: QWidget) -> list[QWidget]:
    """Return a widget and what is to be seen in it: as it is laid out, then what has a place of its own."""
    found = [widget]
    laid = list(_laid_out(widget.layout()))
    if isinstance(widget, QSplitter):
        laid += [one for at in range(widget.count()) if (one := widget.widget(at)) is not None]
    own = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    free = [one for one in own if one not in laid and not one.isWindow()]
    for child in (*laid, *sorted(free, key=lambda one: (one.y(), one.x()))):
        if child.isVisible():
            found += _in_reading_order(child)
    return found


def _laid_out(layout: QLayout | None) -> Iterator[QWidget]:
    for item in [layout.itemAt(at) for at in range(layout.count())] if layout is not None else []:
        widget = item.widget() if item is not None else None
        if isinstance(item, QLayout):
            yield from _laid_out(item)
        elif widget is not None:
            yield widget


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
