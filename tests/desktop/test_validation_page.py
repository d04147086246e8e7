"""The page that holds predictions against published steps, and the bands in the headline."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tcplan.validation import carried
from tcplan.validation.groups import GROUPS
from tcplan_desktop.parts.painting import width_of
from tcplan_desktop.parts.table import FULL, SECOND
from tcplan_desktop.text import Label
from tcplan_desktop.theme import font, px
from tcplan_desktop.views.validation_page import ValidationPage
from tcplan_desktop.window import Window

SOURCES = ("vtrain_multi", "simumax_b200", "llm_foundry", "qwen_finetune", "tpu_recipes")


@pytest.fixture(autouse=True)
def fewer_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Carry some of the rows: enough for each filter, few enough to be quick."""
    rows = [row for row in carried.rows() if row.text("source") in SOURCES]
    some = [row for at, row in enumerate(rows) if at % 4 == 0]
    monkeypatch.setattr(carried, "rows", lambda: tuple(some))


@pytest.fixture
def page(window: Window, qtbot: QtBot) -> ValidationPage:
    window.actions_by_name["validation"].trigger()
    made = window.trust.validation
    assert made is not None
    qtbot.waitUntil(lambda: bool(made.shown))
    return made


def test_the_page_says_which_bars_are_reached_and_which_are_not(page: ValidationPage) -> None:
    """A page that shows good news alone is advertising."""
    lines = page.groups.lines
    assert {line.group.key for line in lines if line.group} <= {group.key for group in GROUPS}
    assert len(lines) >= 5
    heads = [page.groups.headerData(at, Qt.Orientation.Horizontal) for at in range(8)]
    missed = heads.index("Missed by")
    said = [
        page.groups.index(row, missed).data()
        for row, line in enumerate(lines)
        if line.group is not None and line.group.bar.missed(line.errors)
    ]
    assert all(said)
    page.filters["part"].show_key("held")
    page.filters["part"].picked.emit("held")
    for line in page.groups.lines:
        told = line.group is not None and bool(line.group.bar.missed(line.errors))
        assert (line.title in page.sentence.text()) == told
    page.show_all()
    fitted = sum(step.fitted(memory=False) for step in page.shown)
    assert f"{fitted} of {len(page.shown)}" in page.sentence.text()


def test_each_row_with_both_values_is_a_point_and_a_row(page: ValidationPage) -> None:
    """Rows that fit badly could be left out of the picture."""
    compared = [step for step in page.shown if step.pair(memory=False) is not None]
    assert len(page.scatter.dots) == len(page.rows.steps) == len(compared) > 20
    fitted = {step.judged.prediction.row.id for step in page.shown if step.fitted(memory=False)}
    assert fitted == {row.id for row in carried.rows()} & carried.calibration()


def test_time_and_memory_have_their_units_on_both_axes(page: ValidationPage, qtbot: QtBot) -> None:
    """An axis without a unit can be read as anything."""
    assert page.scatter.titles == ("Measured step, s", "Predicted step, s")
    page.measure.picked.emit("memory")
    page.measure.show_key("memory")
    page.measure.picked.emit("memory")
    assert page.scatter.titles == ("Measured peak memory, GiB", "Predicted peak memory, GiB")
    assert all(line.group is None or line.group.memory for line in page.groups.lines)
    fitted = {step.judged.prediction.row.id for step in page.shown if step.fitted(memory=True)}
    assert fitted == {row.id for row in carried.rows()} & carried.memory_calibration()


def test_filters_leave_what_was_asked_for_and_can_be_taken_back(page: ValidationPage) -> None:
    """A filter that cannot be seen to be on would pass part of the truth for the whole."""
    every = page.shown
    page.filters["hardware"].show_key("b200-sxm-192")
    page.filters["hardware"].picked.emit("b200-sxm-192")
    hardware = {step.judged.prediction.row.text("hardware") for step in page.shown}
    assert hardware == {"b200-sxm-192"}
    assert not page.whole.isHidden()
    page.filters["part"].show_key("held")
    page.filters["part"].picked.emit("held")
    assert page.shown
    assert not any(step.fitted(memory=False) for step in page.shown)
    page.whole.click()
    assert page.shown == every
    assert page.whole.isHidden()


def test_a_line_of_the_table_shows_its_own_steps(page: ValidationPage) -> None:
    """A group whose error surprises could not be looked into."""
    line = page.groups.lines[0]
    page.group_table.opened.emit(0)
    assert line.group is not None
    assert page.shown
    assert all(line.group.key in step.groups for step in page.shown)
    assert len(page.groups.lines) > 1
    page.by.show_key("source")
    page.by.picked.emit("source")
    assert all(len(one.cells) == 2 for one in page.groups.lines)


def test_a_row_and_a_point_open_as_a_plan(window: Window, page: ValidationPage, qtbot: QtBot) -> None:
    """Whoever doubts a point must be able to see what was computed for it."""
    step = page.rows.steps[0]
    index = page.rows.index(0, 1)
    place = page.row_table.visualRect(index).center()
    QTest.mouseClick(page.row_table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.document.plan == step.plan
    assert window.document.content.title == step.title
    assert window.estimate["time.step"].value == pytest.approx(step.judged.prediction.step_s)
    assert window.stack.currentWidget() is window.workbench
    window.actions_by_name["validation"].trigger()
    at = 3
    spot = page.scatter.place(at).toPoint()
    QTest.mouseMove(page.scatter, spot)
    qtbot.waitUntil(lambda: page.scatter.read >= 0)
    words = page.scatter.dots[page.scatter.read].words
    QTest.mouseClick(page.scatter, Qt.MouseButton.LeftButton, pos=QPoint(spot))
    assert window.document.content.title == words[0]


def test_the_keyboard_reads_points_and_opens_one(window: Window, page: ValidationPage, qtbot: QtBot) -> None:
    """Without a mouse the picture would be closed."""
    page.scatter.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(page.scatter, Qt.Key.Key_Right)
    first = page.scatter.read
    assert page.scatter.dots[first].measured == min(dot.measured for dot in page.scatter.dots)
    assert page.scatter.dots[first].words[0] in page.scatter.accessibleDescription()
    QTest.keyClick(page.scatter, Qt.Key.Key_Right)
    assert page.scatter.read != first
    words = page.scatter.dots[page.scatter.read].words
    QTest.keyClick(page.scatter, Qt.Key.Key_Return)
    assert window.document.content.title == words[0]


def test_the_window_goes_while_steps_are_predicted(window: Window) -> None:
    """A worker that is not told would hold the program or write into a window that is gone."""
    window.actions_by_name["validation"].trigger()
    assert "published steps" in window.problems.working.text()


def test_the_headline_carries_the_band_and_the_word(window: Window, qtbot: QtBot) -> None:
    """A number without its band looks certain."""
    cell = window.headline.cells["time.run"]
    qtbot.waitUntil(lambda: bool(cell.headline.confidence))
    scale = cell.headline.scale
    assert scale is not None
    assert scale.low is not None
    assert scale.high is not None
    assert scale.low < scale.value < scale.high
    assert cell.headline.confidence in cell.accessibleDescription()
    assert "90 %" in cell.toolTip().replace("\u202f", " ")
    assert not window.headline.cells["compute.model_flop"].headline.confidence
    window.edit("time.step", 5.0)
    assert not cell.headline.confidence
    assert cell.headline.scale is None


def test_a_far_plan_says_so(window: Window, qtbot: QtBot) -> None:
    """Hardware that nobody measured would be called calibrated."""
    cell = window.headline.cells["time.run"]
    qtbot.waitUntil(lambda: bool(cell.headline.confidence))
    near = cell.headline.scale
    window.edit("hardware.accelerator", "gaudi3")
    far = cell.headline.scale
    assert cell.headline.confidence == "extrapolated"
    assert near is not None
    assert far is not None
    assert (far.high or 0.0) / far.value >= (near.high or 0.0) / near.value


def test_the_why_names_the_nearest_steps_and_leads_to_all(window: Window, qtbot: QtBot) -> None:
    """A band without the steps that it stands on must be taken on trust."""
    window.explain("time.run")
    nearest = window.workbench.pane.nearest
    qtbot.waitUntil(nearest.isVisible)
    shown = [label.text() for label in nearest.findChildren(Label)]
    assert any("h100" in text for text in shown)
    assert any(text.endswith("%") for text in shown)
    window.explain("model.parameters")
    assert nearest.isHidden()
    window.explain("time.run")
    nearest.all.click()
    assert window.stack.currentWidget() is window.trust.validation


@pytest.mark.parametrize("size", [(1440, 900), (1280, 800), (1100, 700)])
def test_the_names_of_groups_are_read_whole(
    page: ValidationPage, window: Window, size: tuple[int, int]
) -> None:
    """A group whose name ends in dots could be any of three."""
    window.resize(*size)
    QApplication.sendPostedEvents()
    QApplication.processEvents()
    room = page.group_table.columnWidth(0) - px(16)
    for row, line in enumerate(page.groups.lines):
        first = page.groups.index(row, 0)
        second = first.data(SECOND) or ""
        assert width_of(first.data(), font(13)) <= room, line.title
        assert width_of(second, font(11)) <= room, line.title
        assert ", ".join(part for part in (first.data(), second) if part) == line.title
        assert page.groups.data(first, FULL) == line.title
