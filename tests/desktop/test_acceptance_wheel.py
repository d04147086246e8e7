"""The wheel never changes a value: over every widget that takes input, in the real window, focused or not."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from tcplan_desktop.forms.field_row import FieldRow
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.segments import Segments
from tcplan_desktop.parts.well import Well
from tcplan_desktop.parts.well_frame import WellFrame
from tcplan_desktop.window import Window


def turn(window: Window, widget: QWidget, angle: int = -120) -> None:
    """Turn the wheel by one notch over the middle of a widget, as the window system tells it."""
    where = QPointF(widget.mapTo(window, widget.rect().center()))
    QTest.wheelEvent(window.windowHandle(), where, QPoint(0, angle))
    QApplication.processEvents()


def shown(row: FieldRow) -> str:
    editor = row.editor
    return editor.text if isinstance(editor, Well) else editor.key


def open_everything(window: Window) -> None:
    window.inputs.set_closed(())
    for panel in window.inputs.panels.values():
        panel.show_more(more=True)


@pytest.mark.parametrize("focused", [False, True])
def test_the_wheel_scrolls_the_panel_and_changes_no_field(window: Window, focused: bool) -> None:
    """Scrolling through the inputs would change what the pointer comes across."""
    open_everything(window)
    window.edit("training.tokens", 3e12, "3T")
    content, steps = window.document.content, window.document.undo_stack.count()
    bar = window.inputs.scroll_area.verticalScrollBar()
    paths = [path for panel in window.inputs.panels.values() for path in rows_of(panel)]
    assert len(paths) > 50
    for path in paths:
        row = window.inputs.reveal(path)
        assert row is not None
        if focused:
            row.enter()
        before = shown(row)
        start = bar.value()
        turn(window, row.editor, -120 if start < bar.maximum() else 120)
        assert shown(row) == before, path
        assert bar.value() != start, path
    assert window.document.content is content
    assert window.document.undo_stack.count() == steps


def rows_of(panel: object) -> list[str]:
    """Return the paths of all rows that a panel has made."""
    forms = [panel.form, panel.more_form]  # type: ignore[attr-defined]
    return [path for form in forms if form is not None for path in form.rows]


@pytest.mark.parametrize("focused", [False, True])
def test_the_wheel_over_every_other_input_of_the_window(window: Window, focused: bool) -> None:
    """A title, a choice of an axis or a tab that the wheel turns would change without being meant."""
    for tab in range(4):
        window.show_tab(tab)
        content, chosen = window.document.content, window.workbench.centre.tab
        for widget in window.findChildren(QWidget):
            takes = isinstance(widget, (WellFrame, Choice, Segments)) or "Edit" in type(widget).__name__
            if not (takes or "Tabs" in type(widget).__name__) or not widget.isVisible():
                continue
            if focused:
                widget.setFocus(Qt.FocusReason.TabFocusReason)
            turn(window, widget)
            assert window.workbench.centre.tab == chosen, widget
        assert window.document.content is content


def test_the_wheel_over_the_doors_of_the_start_page(window: Window) -> None:
    """Scrolling to the runs below would change the size that one has typed above."""
    window.show_start_page()
    page = window.start_page
    wells = [one for one in page.findChildren(Well) if one.isVisible()]
    assert wells
    for well in wells:
        before = well.text
        for focused in (False, True):
            if focused:
                well.setFocus(Qt.FocusReason.TabFocusReason)
            turn(window, well)
        assert well.text == before
    areas = [area for area in page.findChildren(QScrollArea) if area.isVisible()]
    assert areas
