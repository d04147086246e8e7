"""The levers as a person uses them: click to preview, Enter to keep as a scenario, undo."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tcplan.plan.document import BASE
from tcplan.study.levers import Lever, levers
from tcplan_desktop import lever_search
from tcplan_desktop.views.centre import LEVERS
from tcplan_desktop.views.levers import Levers
from tcplan_desktop.window import Window

Shown = Callable[[], Levers]


@pytest.fixture
def shown(window: Window, qtbot: QtBot) -> Shown:
    """Return what opens the tab and waits for the levers of the plan in force."""

    def show() -> Levers:
        window.actions_by_name["tab_6"].trigger()
        view = window.workbench.centre.levers
        assert view is not None
        qtbot.waitUntil(lambda: bool(view._found) and not view._old)
        return view

    return show


def row_of(view: Levers, key: str) -> int:
    return [one.key for one in view.table.levers.rows].index(key)


def click(view: Levers, key: str) -> Lever:
    """Click on a lever, and return it."""
    row = row_of(view, key)
    index = view.table.levers.index(row, 0)
    view.table.scrollTo(index)
    place = view.table.visualRect(index).center()
    QTest.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    return view.table.levers.rows[row]


def test_the_keys_open_the_tab(window: Window) -> None:
    """The levers would be reached by the mouse only."""
    action = window.actions_by_name["tab_6"]
    assert action.shortcut().toString() == "Ctrl+7"
    action.trigger()
    assert window.workbench.centre.tab == LEVERS


def test_a_click_previews_and_changes_nothing(window: Window, shown: Shown) -> None:
    """Looking at a lever would change the plan or its headline."""
    view = shown()
    before = window.document.content, window.estimate
    lever = click(view, "spot")
    effects = view.preview.preview.effects
    assert effects == tuple(lever.effects.values())
    assert view.preview.isVisible()
    assert (window.document.content, window.estimate) == before
    assert not window.document.undo_stack.canUndo()


@pytest.mark.parametrize("by", ["enter", "button"])
def test_a_lever_is_kept_as_one_step(window: Window, shown: Shown, qtbot: QtBot, by: str) -> None:
    """The scenario would differ from its preview, or need two undos."""
    view = shown()
    lever = click(view, "precision")
    if by == "enter":
        QTest.keyClick(view.table, Qt.Key.Key_Return)
    else:
        QTest.mouseClick(view.keep, Qt.MouseButton.LeftButton)
    document = window.document
    assert document.scenario == lever.label
    assert document.content.scenario(lever.label).changes == lever.changes
    assert window.estimate["money.total"].value == lever.effects["money.total"].after
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.content.scenario_names == (BASE,)
    assert window.estimate["money.total"].value == lever.effects["money.total"].before


def test_a_lever_on_a_scenario_keeps_both(window: Window, shown: Shown, qtbot: QtBot) -> None:
    """The second lever would take the first one back."""
    view = shown()
    click(view, "precision")
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    view = shown()
    second = click(view, "spot")
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    changes = window.document.content.scenario(second.label).changes
    assert changes == {"training.precision": "fp8", "purchase.way": "spot"}
    assert window.estimate["money.total"].value == second.effects["money.total"].after


def test_a_lever_that_does_not_apply_says_why_and_is_not_kept(window: Window, shown: Shown) -> None:
    """An empty scenario would be made."""
    view = shown()
    lever = click(view, "feedback")
    assert view.note.text() == lever.reason
    assert not view.keep.isEnabled()
    assert not view.preview.isVisible()
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    assert window.document.content.scenario_names == (BASE,)


def test_rows_follow_the_result_that_sorts_them(window: Window, shown: Shown) -> None:
    """The greenest lever would stand below the cheapest."""
    view = shown()
    chosen = click(view, "spot")
    view.by.show_key("carbon.market")
    view.by.picked.emit("carbon.market")
    values = [one.effects["carbon.market"].relative for one in view.table.levers.rows if not one.reason]
    assert values == sorted(values)
    assert view.table.chosen() == chosen


def test_levers_are_computed_aside_and_only_in_sight(
    window: Window, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every edit would wait for twenty estimates."""
    asked: list[threading.Thread] = []

    def watched(*words: object) -> tuple[Lever, ...]:
        asked.append(threading.current_thread())
        return levers(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(lever_search, "levers", watched)
    shown()
    window.show_tab(1)
    window.edit("hardware.devices", 512.0)
    window.edit("hardware.devices", 768.0)
    assert len(asked) == 1
    view = shown()
    assert len(asked) == 2
    assert threading.main_thread() not in asked
    assert view.table.levers.rows[0].effects["time.run"].before == window.estimate["time.run"].value


def test_nothing_of_an_older_plan_is_kept(window: Window, shown: Shown) -> None:
    """Enter right after an edit would keep a lever of the plan before."""
    view = shown()
    click(view, "spot")
    window.edit("hardware.devices", 512.0)
    assert not view.keep.isEnabled()
    view._keep()
    assert window.document.content.scenario_names == (BASE,)
    shown()
    assert view.keep.isEnabled()
