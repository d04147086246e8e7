"""The start page: an answer before the first question, and three doors to the same window."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tcplan.catalogue.shelf import shipped
from tcplan.estimate import evaluate
from tcplan.plan.plan import Plan
from tcplan.report.numbers import figure
from tcplan_desktop.forms.field_row import FieldRow
from tcplan_desktop.parts.well import Well
from tcplan_desktop.parts.well_frame import State
from tcplan_desktop.published import SHOWN, outcomes, plan_of, repeatable
from tcplan_desktop.theme import themes
from tcplan_desktop.views.start_list import RecentItem
from tcplan_desktop.window import Window


@pytest.fixture
def started(window: Window, qtbot: QtBot) -> Window:
    window.show_start_page()
    qtbot.waitUntil(lambda: len(window.start_page._run_rows) == len(SHOWN))
    return window


def say(well: Well, text: str) -> None:
    well.setFocus()
    QTest.keyClicks(well.line, text)
    QTest.keyClick(well.line, Qt.Key.Key_Return)


def test_a_computed_plan_is_there_before_the_first_input(started: Window) -> None:
    """The first sight would be an empty form."""
    assert started.start_page.isVisible()
    money = str(figure(evaluate(Plan())["money.total"].value, "USD")).replace("\N{NO-BREAK SPACE}", " ")
    assert started.headline.cells["money.total"].accessibleName() == f"Money: {money}"
    assert "Llama 3.1 70B on 15T tokens" in started.start_page.explanation.text()
    assert QApplication.focusWidget() is started.start_page.model.line
    assert not started.scenario_bar.isVisible()


@pytest.mark.parametrize(
    ("text", "billions", "preset"),
    [
        ("70B", 70.0, "llama3.1-70b"),
        ("8 billion", 8.0, "llama3.1-8b"),
        ("405e9", 405.0, "llama3.1-405b"),
        ("50B", 50.0, None),
    ],
)
def test_a_size_opens_a_plan_of_that_size(
    started: Window, text: str, billions: float, preset: str | None
) -> None:
    """The size would be a label and the plan another one."""
    say(started.start_page.model, text)
    assert started.document.plan.model.preset == preset
    assert started.workbench.isVisible()
    assert started.estimate["model.parameters"].value == pytest.approx(billions * 1e9, rel=0.05)
    row = started.inputs.row_of(QApplication.focusWidget())
    assert isinstance(row, FieldRow)
    assert row.path == "training.tokens"


def test_a_preset_by_name(started: Window) -> None:
    """A person who knows the name would have to know the key."""
    say(started.start_page.model, "gpt-3")
    assert started.document.plan.model.preset == "gpt3"
    assert started.estimate["model.parameters"].value == pytest.approx(175e9, rel=0.01)


@pytest.mark.parametrize("text", ["nonsense", "70 kWh", "5"])
def test_what_is_neither_is_said_at_the_door(started: Window, text: str) -> None:
    """The door would open to something that nobody asked for."""
    say(started.start_page.model, text)
    assert started.start_page.model.state is State.REFUSED
    assert started.start_page.model.text == text
    assert started.start_page.isVisible()


def test_a_budget_and_a_deadline_open_the_curves_with_both(started: Window) -> None:
    """The limits would be lost on the way to the curves."""
    QTest.keyClicks(started.start_page.budget.line, "2 M$")
    say(started.start_page.deadline, "90 days")
    assert started.document.plan.programme.budget == 2e6
    assert started.document.plan.programme.deadline == 90 * 86_400.0
    assert started.workbench.centre.tab == 0
    curves = started.workbench.centre.curves
    assert curves is not None
    assert all(pane.limit is not None for pane in curves.plots.picture.panes)


def test_a_wrong_limit_is_said_and_opens_nothing(started: Window) -> None:
    """A budget in hours would open a plan without a budget."""
    QTest.keyClicks(started.start_page.budget.line, "3 kWh")
    started.start_page.go_limits.click()
    assert started.start_page.budget.state is State.REFUSED
    assert started.start_page.isVisible()


def test_a_published_run_opens_as_its_plan(started: Window) -> None:
    """Repeating a run would begin with typing it."""
    row = started.start_page._run_rows[0]
    row.click()
    assert started.workbench.isVisible()
    assert started.document.plan.model.preset == "llama3.1-405b"
    assert started.document.plan.hardware.devices == 16384.0


def test_every_offered_run_opens(started: Window) -> None:
    """A row of the list would lead nowhere."""
    offered = started.start_page.run._options
    assert len(offered) > 10
    for option in offered:
        started.start_page.run_chosen.emit(option.key)
        assert started.document.content.title
        assert started.estimate["time.run"].value > 0, option.key


def test_prediction_stands_beside_the_published_figure() -> None:
    """Truth and prediction of different runs would be compared."""
    shelf = shipped()
    rows = {row.key: row for row in repeatable(shelf)}
    found = list(outcomes(shelf))
    assert [outcome.row.key for outcome in found] == list(SHOWN)
    for outcome in found:
        assert outcome.published == rows[outcome.row.key].number("device_hours_h")
        plan = plan_of(outcome.row, shelf)
        assert plan.overrides == {}
        assert outcome.predicted == evaluate(plan)["time.device_hours"].value


def test_recent_plans_open_and_missing_ones_ask_where_they_are(started: Window, qtbot: QtBot) -> None:
    """A plan on a drive that is gone would be opened as an empty one."""
    page = started.start_page
    items = (
        RecentItem("/a/lab.tcplan", "lab", "saved", "9.9 M$", "85 d", "10:42"),
        RecentItem("/b/board.tcplan", "board", "drive not connected", missing=True),
    )
    page.show_recent(items)
    first, second = page._recent_rows
    assert first.accessibleName() == "lab"
    assert "9.9 M$" in first.accessibleDescription()
    with qtbot.waitSignal(page.opened) as opened:
        first.click()
    with qtbot.waitSignal(page.located) as located:
        second.click()
    assert (opened.args, located.args) == (["/a/lab.tcplan"], ["/b/board.tcplan"])
    page.show_recent(())
    assert page._nothing.isVisible()


def test_home_comes_back_and_the_plan_stays(started: Window) -> None:
    """Going home would close the plan."""
    say(started.start_page.model, "7B")
    before = started.document.content
    started.title_bar.home.click()
    assert started.start_page.isVisible()
    started.start_page.keep.click()
    assert started.workbench.isVisible()
    assert started.document.content is before


def test_both_lists_begin_on_one_level_and_stand_below_each_other_where_there_is_no_room(
    started: Window,
) -> None:
    """Large text would push the third door and the runs out of the window."""
    page = started.start_page
    found = []
    for size, width in ((1.0, 1440), (1.5, 1200)):
        themes.set_text_size(size)
        started.resize(width, 900)
        for _turn in range(3):
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            QApplication.processEvents()
        lines = [one for one in page.findChildren(QWidget) if type(one).__name__ == "_Line"]
        first, second = (one.mapTo(page, QPoint(0, 0)) for one in lines)
        found.append((first.y() == second.y(), first.x() == second.x()))
        door = page.run.mapTo(started, QPoint(page.run.width(), 0)).x()
        assert door <= started.width()
    assert found == [(True, False), (False, True)]
