"""The layouts as a person uses them: read, compare, sort, take one with Enter, undo."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tcplan.examples import example
from tcplan.layout_words import against_plan
from tcplan.plan.document import Document as Content
from tcplan.study.layouts import Found, search
from tcplan_desktop import layout_search
from tcplan_desktop.lanes import Cancelled, Lane, Turn
from tcplan_desktop.parts.table import REFERENCE, SECOND, WEIGHT
from tcplan_desktop.theme import themes
from tcplan_desktop.views.layout_table import BAR, MEMORY, STEP
from tcplan_desktop.views.layouts import Layouts
from tcplan_desktop.window import Window

LAYOUTS = 3
Shown = Callable[[], Layouts]


@pytest.fixture
def shown(window: Window, qtbot: QtBot) -> Shown:
    """Return what opens the tab and waits for the layouts of the plan in force."""

    def show() -> Layouts:
        window.show_tab(LAYOUTS)
        view = window.workbench.centre.layouts
        assert view is not None
        qtbot.waitUntil(lambda: view._found is not None and not view.working.text())
        return view

    return show


def column(view: Layouts, at: int, role: int = Qt.ItemDataRole.DisplayRole) -> list[Any]:
    model = view.table.model()
    return [model.index(row, at).data(role) for row in range(model.rowCount())]


def in_order(view: Layouts, name: str) -> bool:
    """Return whether the rows as they are seen rise in a quantity."""
    seen = [view.table._sorted.mapToSource(view.table.model().index(row, 0)).row() for row in range(10)]
    values = [view.table.layouts.rows[row].values[name] for row in seen]
    return values == sorted(values)


def own_rows(view: Layouts) -> list[int]:
    return [row for row, own in enumerate(column(view, 0, REFERENCE)) if own]


def test_the_table_has_what_the_engine_finds_best_first(window: Window, shown: Shown) -> None:
    """Another search than that of the command line, or rows in another order."""
    window.take(example("gpt3-175b"))
    view = shown()
    found = search(window.estimate, top=layout_search.ROWS)
    steps = [one.values["step_time"] for one in view.table.layouts.rows]
    assert steps[: len(found.layouts)] == [one.values["step_time"] for one in found.layouts]
    assert "is the fastest of the" in view.head.text()
    assert against_plan(found) in view.head.text()
    assert "of its memory" in view.rest.text() or "Other reasons" in view.rest.text()


def test_the_plans_own_layout_is_marked_for_eyes_and_ears(window: Window, shown: Shown) -> None:
    """Nobody could tell which of the rows is the plan."""
    window.take(example("gpt3-175b"))
    view = shown()
    (own,) = own_rows(view)
    assert column(view, 0, WEIGHT)[own] == 600
    assert str(column(view, 0, SECOND)[own]).startswith("in the plan")
    interface = QAccessible.queryAccessibleInterface(view.table)
    assert interface.text(QAccessible.Text.Name) == "Layouts"
    spoken = view.table.model().index(own, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("TP\u00a08")
    assert "in the plan" in spoken


def test_enter_takes_a_layout_as_one_step(window: Window, shown: Shown) -> None:
    """Eight fields would be eight steps, or the rest of the list would be gone afterwards."""
    window.take(example("gpt3-175b"))
    view = shown()
    count, steps = view.table.model().rowCount(), window.document.undo_stack.count()
    before = window.document.content
    best = view.table.chosen()
    assert best is not None
    view.table.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    assert window.document.undo_stack.count() == steps + 1
    assert window.estimate.layout == best.choice
    assert window.estimate.values["step_time"] == best.values["step_time"]
    view = shown()
    assert own_rows(view) == [0]
    assert view.table.model().rowCount() >= count - 1
    assert view.table.hasFocus()
    assert "TP\u00a08" in window.document.undo_stack.undoText()
    window.document.undo_stack.undo()
    assert window.document.content == before


def test_a_double_click_and_the_button_do_the_same(window: Window, shown: Shown) -> None:
    """A person with a mouse would find no way."""
    window.take(example("gpt3-175b"))
    view = shown()
    row = view.table.layouts.rows[1]
    at = view.table.visualRect(view.table.model().index(1, 1)).center()
    QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert "than the best" in view.why.text()
    QTest.mouseDClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert window.estimate.layout == row.choice
    view = shown()
    assert not view.use.isEnabled()
    QTest.keyClick(view.table, Qt.Key.Key_Up)
    chosen = view.table.chosen()
    view.use.click()
    assert chosen is not None
    assert window.estimate.layout == chosen.choice


def test_a_layout_that_is_in_part_typed_keeps_that_part(window: Window, shown: Shown) -> None:
    """A degree that a person fixed would be offered with other values."""
    window.take(example("gpt3-175b"))
    window.edit("layout.tensor", 4.0)
    assert {one.choice["tensor"] for one in shown().table.layouts.rows} == {4.0}


def test_space_and_the_head_sort_by_a_column(window: Window, shown: Shown) -> None:
    """The order would be for the mouse alone, or by the letters of numbers."""
    window.take(example("gpt3-175b"))
    view = shown()
    model = view.table.model()
    view.table.setCurrentIndex(model.index(0, MEMORY))
    QTest.keyClick(view.table, Qt.Key.Key_Space)
    assert in_order(view, "memory_peak")
    QTest.keyClick(view.table, Qt.Key.Key_Space)
    assert not in_order(view, "memory_peak")
    head = view.table.horizontalHeader()
    at = QPoint(head.sectionViewportPosition(STEP) + 10, head.height() // 2)
    QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert in_order(view, "step_time")


def test_bars_are_shares_of_the_slowest_step_and_of_the_memory(window: Window, shown: Shown) -> None:
    """A bar that is longer than its place, or that says less than its number."""
    window.take(example("gpt3-175b"))
    view = shown()
    memory = window.estimate.given["hardware.memory"].value
    for layout, step, need in zip(
        view.table.layouts.rows, column(view, STEP, BAR), column(view, MEMORY, BAR), strict=True
    ):
        assert 0.0 < sum(step) <= 1.0 + 1e-12
        assert need[0] == layout.values["memory_peak"] / memory


def test_the_cheapest_is_asked_for_by_a_press(window: Window, shown: Shown, qtbot: QtBot) -> None:
    """The other questions would have no answer in the window."""
    window.take(example("gpt3-175b"))
    view = shown()
    QTest.mouseClick(view.by._segments[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view._found is not None and view._found.by == "money")
    assert "is the cheapest of the" in view.head.text()
    QTest.mouseClick(view.by._segments[2], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view._found is not None and view._found.by == "energy")
    assert view.table.model().headerData(4, Qt.Orientation.Horizontal) == "Energy"
    assert in_order(view, "facility_energy")


def test_where_nothing_fits_the_reason_stands_in_place_of_the_table(window: Window, shown: Shown) -> None:
    """An empty table would leave a person alone."""
    window.take(Content.new().with_value("model.preset", "llama3.1-405b"))
    shown()
    window.edit("hardware.devices", 8.0)
    view = shown()
    assert "No layout fits: the smallest needs" in view.head.text()
    assert not view.table.isVisible()
    window.document.undo_stack.undo()
    view = shown()
    assert view.table.isVisible()


def test_nothing_is_searched_while_nobody_looks(
    window: Window, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every edit would cost a search, whatever tab is open."""
    asked: list[threading.Thread] = []

    def watched(*words: object, **more: object) -> Found:
        asked.append(threading.current_thread())
        return search(*words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(layout_search, "search", watched)
    shown()
    window.show_tab(1)
    window.edit("hardware.devices", 512.0)
    window.edit("hardware.devices", 768.0)
    assert len(asked) == 1
    shown()
    assert len(asked) == 2
    assert threading.main_thread() not in asked


def test_an_edit_ends_the_search_for_the_plan_before(window: Window, shown: Shown) -> None:
    """A table of an older plan would stand below the headline of the new one."""
    shown()
    begun, ended = threading.Event(), threading.Event()

    def endless(turn: Turn) -> None:
        begun.set()
        try:
            while True:
                turn.check()
        except Cancelled:
            ended.set()
            raise

    window.evaluator.layouts.request(endless)
    assert begun.wait(5)
    window.edit("hardware.devices", 512.0)
    assert ended.wait(5)
    view = shown()
    assert view.table.layouts.rows[0].values["devices"] == 512.0


def test_a_dropped_request_says_that_nothing_goes_on(qtbot: QtBot) -> None:
    """The window would say for ever that it computes."""
    lane = Lane("test", aside=True)
    seen: list[bool] = []
    lane.busy.connect(seen.append)
    lane.request(lambda turn: turn.check())
    lane.drop()
    assert seen == [True, False]
    lane.close()


def test_the_column_widths_follow_the_size_of_text(window: Window, shown: Shown) -> None:
    """Larger letters would be cut off."""
    view = shown()
    before = view.table.columnWidth(STEP)
    themes.set_text_size(1.5)
    assert view.table.columnWidth(STEP) == pytest.approx(1.5 * before, abs=1)
