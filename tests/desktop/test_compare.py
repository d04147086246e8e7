"""The comparison as a person uses it: columns, arrows, reference, waterfall, plans from elsewhere."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tcplan.estimate import evaluate
from tcplan.examples import example
from tcplan.plan.document import BASE, Document
from tcplan.plan.file import to_bytes
from tcplan.study.compare import InputRow, ResultRow
from tcplan_desktop.files.open_save import PlanDesk
from tcplan_desktop.parts.table import SECOND
from tcplan_desktop.views.centre import COMPARE
from tcplan_desktop.views.compare import Compare
from tcplan_desktop.views.compare_table import ARROW, MOVED
from tcplan_desktop.window import Window

DEVICES, WAY, MONEY, TIME = "hardware.devices", "purchase.way", "money.total", "time.run"


@pytest.fixture
def lab(window: Window) -> Window:
    """Return a window with a plan and two scenarios, the base in force."""
    window.take(example("llama3.1-70b"))
    window.document.add_scenario("Small", {DEVICES: 512.0, WAY: "spot"})
    window.document.add_scenario("Large", {DEVICES: 4096.0})
    window.scenarios.choose(BASE)
    return window


@pytest.fixture
def view(lab: Window, qtbot: QtBot) -> Compare:
    """Return the tab with its waterfall."""
    lab.show_tab(COMPARE)
    made = lab.workbench.centre.compare
    assert made is not None
    qtbot.waitUntil(lambda: len(made.picture.steps) > 0)
    return made


def columns(view: Compare) -> list[str]:
    assert view.comparison is not None
    return [column.name for column in view.comparison.columns]


def cell(view: Compare, path: str, column: int) -> QModelIndex:
    rows = view.table.plans.rows
    at = next(at for at, row in enumerate(rows) if isinstance(row, InputRow | ResultRow) and row.path == path)
    return view.table.plans.index(at, column + 1)


def paths(view: Compare) -> list[str]:
    return [row.path for row in view.table.plans.rows if isinstance(row, InputRow)]


def show_waterfall(view: Compare, qtbot: QtBot, act: Callable[[], object]) -> None:
    view.picture.show_steps((), "USD")
    act()
    qtbot.waitUntil(lambda: len(view.picture.steps) > 0)


def test_ctrl_5_shows_base_and_scenarios_with_the_inputs_that_differ(lab: Window, view: Compare) -> None:
    """Rows for what is the same, or results of another plan than the tab's name says."""
    lab.show_tab(0)
    QTest.keyClick(lab, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
    assert view.isVisible()
    assert columns(view) == ["Base", "Small", "Large"]
    assert paths(view) == [DEVICES, WAY]
    assert cell(view, DEVICES, 1).data() == "512"
    assert view.comparison is not None
    row = view.comparison.result(MONEY)
    assert row is not None
    small = evaluate(lab.document.content.scenario_plan("Small"))
    assert row.cells[1].value == small[MONEY].value
    view.only.click()
    assert "training.tokens" in paths(view)


def test_the_head_says_which_is_cheaper_and_how_sure_that_is(view: Compare) -> None:
    assert view.head.text().startswith("Small costs ")
    assert "likely to be cheaper" in view.sure.text()


def test_an_arrow_copies_a_value_into_the_reference_as_one_step(lab: Window, view: Compare) -> None:
    """A copy that takes other values along, changes the other plan, or needs two undos."""
    before, count = lab.document.content, lab.document.undo_stack.index()
    view.table.setCurrentIndex(cell(view, DEVICES, 1))
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    assert lab.document.content.plan.get(DEVICES) == 512.0
    assert lab.document.content.plan.get(WAY) is None
    assert lab.document.content.scenarios == before.scenarios
    assert lab.document.undo_stack.index() == count + 1
    assert "from Small" in lab.document.undo_stack.undoText()
    lab.document.undo_stack.undo()
    assert lab.document.content == before


def test_the_mouse_copies_by_the_arrow_alone(lab: Window, view: Compare) -> None:
    """A click into a cell that changes the plan."""
    index = cell(view, DEVICES, 2)
    assert index.data(ARROW)
    box = view.table.visualRect(index)
    left = Qt.MouseButton.LeftButton
    QTest.mouseClick(view.table.viewport(), left, pos=box.center() - QPoint(box.width() // 4, 0))
    assert lab.document.content.plan.get(DEVICES) == 2048.0
    QTest.mouseClick(view.table.viewport(), left, pos=QPoint(box.right() - 12, box.center().y()))
    assert lab.document.content.plan.get(DEVICES) == 4096.0


def test_a_scenario_as_reference_takes_values_into_its_differences(lab: Window, view: Compare) -> None:
    """An arrow that writes into the base while a scenario is the reference."""
    before = lab.document.content.plan
    lab.comparing.refer_to(1)
    view.table.copied.emit(DEVICES, 0)
    assert lab.document.content.plan == before
    assert DEVICES not in lab.document.content.scenario("Small").changes
    assert view.comparison is not None
    assert view.comparison.reference == 1
    assert not cell(view, DEVICES, 0).data(ARROW)


def test_the_waterfall_follows_the_cell_that_is_chosen(view: Compare, qtbot: QtBot) -> None:
    """Bars about another plan or another result than the title says."""
    assert view.comparison is not None
    steps = view.picture.steps
    assert [step.name for step in steps] == ["Base", "Devices", "Purchase", "Residual", "Small"]
    assert steps[0].amount + sum(step.amount for step in steps[1:-1]) == pytest.approx(steps[-1].amount)
    show_waterfall(view, qtbot, lambda: view.table.setCurrentIndex(cell(view, TIME, 2)))
    assert [step.name for step in view.picture.steps] == ["Base", "Devices", "Residual", "Large"]
    row = view.comparison.result(TIME)
    assert row is not None
    assert view.picture.steps[-1].amount == row.cells[2].value
    assert view.title.text().startswith("Why Large ends ")
    assert "sooner" in view.title.text()
    assert "2048 → 4096" in view.picture.accessibleDescription()


def test_the_comparison_follows_edits(lab: Window, view: Compare, qtbot: QtBot) -> None:
    """Columns that stay as they were when the tab was opened."""
    show_waterfall(view, qtbot, lambda: lab.edit("training.tokens", 1e12))
    assert view.comparison is not None
    row = view.comparison.result(MONEY)
    assert row is not None
    assert row.cells[0].value == lab.estimate[MONEY].value
    lab.document.add_scenario("Third", {})
    assert columns(view) == ["Base", "Small", "Large", "Third"]
    lab.document.undo_stack.undo()
    assert columns(view) == ["Base", "Small", "Large"]


def test_the_scenario_in_force_is_the_one_explained(lab: Window, view: Compare, qtbot: QtBot) -> None:
    """A waterfall about a neighbour of the tab that a person has just chosen."""
    show_waterfall(view, qtbot, lambda: lab.scenarios.choose("Large"))
    assert view.picture.steps[-1].name == "Large"
    assert view.head.text().startswith("Large costs ")


def test_a_name_is_never_taken_for_rich_text(lab: Window, view: Compare) -> None:
    """A stranger's scenario that paints a file of this computer in a tool tip."""
    lab.document.add_scenario("<img src=x>", {DEVICES: 128.0})
    tip = view.table.plans.headerData(4, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert tip is not None
    assert "&lt;img" in tip
    assert "&lt;img" in lab.scenario_bar.tabs.tabToolTip(3)


def test_columns_come_and_go(lab: Window, view: Compare) -> None:
    """A column that cannot be taken away, or comes back by itself."""
    lab.comparing.remove(1)
    assert columns(view) == ["Base", "Large"]
    lab.edit("training.tokens", 1e12)
    assert columns(view) == ["Base", "Large"]
    view.added.emit("scenario:Small")
    assert columns(view) == ["Base", "Large", "Small"]
    for column in (0, 0):
        lab.comparing.remove(column)
    assert columns(view) == ["Small"]
    assert view.empty.isVisible()
    assert not view.table.isVisible()


def test_another_file_stands_beside_but_takes_nothing(lab: Window, view: Compare, tmp_path: Path) -> None:
    """A file that is written to, or a broken one that is no sentence."""
    place, broken = tmp_path / "rival.tcplan", tmp_path / "broken.tcplan"
    place.write_bytes(to_bytes(Document.new(example("llama-65b").plan)))
    broken.write_bytes(b"{")

    class Answers:
        def __init__(self, path: Path) -> None:
            self.path = path

        def ask_open(self, _title: str, _folder: Path) -> Path:
            return self.path

    desk = PlanDesk(lab)
    lab.desk = desk
    desk.dialogs = Answers(place)  # type: ignore[assignment]
    view.added.emit("file:")
    assert columns(view)[-1] == "rival"
    lab.comparing.refer_to(3)
    assert not cell(view, DEVICES, 0).data(ARROW)
    before = place.read_bytes()
    view.table.copied.emit(DEVICES, 0)
    assert place.read_bytes() == before
    desk.dialogs = Answers(broken)  # type: ignore[assignment]
    view.added.emit("file:")
    assert len(columns(view)) == 4
    assert "broken.tcplan was not added: " in lab.problems.message.text()


def test_published_runs_stand_with_what_was_published(lab: Window, view: Compare) -> None:
    """A prediction that is shown as if it had been measured."""
    view.added.emit("run:llama3.1-405b")
    assert "published" in columns(view)[-1]
    assert view.comparison is not None
    row = view.comparison.result("time.device_hours")
    assert row is not None
    assert row.cells[3].value == lab.evaluator.shelf.find("runs", "llama3.1-405b").number("device_hours_h")
    assert row.cells[3].low == row.cells[3].high == row.cells[3].value


def test_an_older_save_can_be_compared(lab: Window, view: Compare, tmp_path: Path) -> None:
    """What changed since it was sent cannot be seen."""
    desk = PlanDesk(lab)
    lab.desk = desk
    place = tmp_path / "lab.tcplan"
    assert desk.save_to(place, None)
    lab.edit(DEVICES, 1024.0)
    assert desk.save_to(place, desk.fingerprint)
    view.mark_stale()
    saves = [one for one in view.add._options if one.key.startswith("save:")]
    assert saves
    view.added.emit(saves[0].key)
    assert view.comparison is not None
    assert view.comparison.columns[-1].estimate.plan.get(DEVICES) == 2048.0


def test_enter_on_a_result_puts_its_plan_in_force_and_says_why(lab: Window, view: Compare) -> None:
    """A number in the table without a why."""
    view.table.setCurrentIndex(cell(view, MONEY, 1))
    QTest.keyClick(view.table, Qt.Key.Key_Return)
    assert lab.document.scenario == "Small"
    assert lab.workbench.pane.path == MONEY


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_of_a_column(lab: Window, view: Compare) -> None:
    view.table.menu_asked.emit(1, QPoint(10, 10))
    menu = lab.findChildren(QMenu)[-1]
    assert [action.text() for action in menu.actions()] == [
        "Make it the reference",
        "Put it in force",
        "Take it away",
    ]
    menu.actions()[0].trigger()
    menu.close()
    assert view.comparison is not None
    assert view.comparison.reference == 1


def test_narrow_columns_put_the_change_below(lab: Window, view: Compare) -> None:
    """Changes and chances that are cut off beside the why."""
    index = cell(view, MONEY, 1)
    assert index.data(MOVED)[1] in ("good", "bad", "text3")
    view.table.plans.set_wide(wide=False)
    assert index.data(MOVED)[0] in cell(view, MONEY, 1).data(SECOND)


def test_the_table_is_copied_with_full_precision(lab: Window, view: Compare) -> None:
    lines = view.table.rows()
    assert lines[0][1:] == ["Base", "Small", "Large"]
    money = next(line for line in lines if line[0] == "Money, USD")
    assert float(money[1]) == lab.estimate[MONEY].value
