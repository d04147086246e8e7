"""Scenarios as a person uses them: tabs, keys, drag, names, undo, badges, the reference, the file."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tcplan.estimate import evaluate
from tcplan.examples import example
from tcplan.plan.document import BASE
from tcplan.plan.plan import PlanError
from tcplan.results import HEADLINE
from tcplan_desktop.files.open_save import PlanDesk
from tcplan_desktop.forms.field_row import FieldRow
from tcplan_desktop.views.scenario_tabs import ScenarioTabs
from tcplan_desktop.window import Window

TOKENS, DEVICES, PRICE = "training.tokens", "hardware.devices", "purchase.price"
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def lab(window: Window) -> Window:
    """Return a window with a plan and two scenarios, the base in force."""
    window.take(example("llama3.1-70b"))
    window.document.add_scenario("Small", {DEVICES: 512.0})
    window.document.add_scenario("Cheap", {PRICE: 1.0 / 3600.0})
    window.scenarios.choose(BASE)
    return window


def tabs(window: Window) -> ScenarioTabs:
    return window.scenario_bar.tabs


def names(window: Window) -> list[str]:
    return [tab.title for tab in tabs(window)._tabs]


def badge(window: Window, path: str) -> str:
    row = window.inputs.reveal(path)
    assert isinstance(row, FieldRow)
    return row.badge.text()


def way_back(window: Window, path: str, words: str) -> Callable[[], None]:
    row = window.inputs.reveal(path)
    assert isinstance(row, FieldRow)
    return next(run for text, run in row.ways_back() if text.startswith(words))


def key(window: Window, which: Qt.Key, modifier: Qt.KeyboardModifier = CONTROL) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, which, modifier)


def money(window: Window) -> float:
    return window.estimate["money.total"].value


def steps(window: Window) -> int:
    return window.document.undo_stack.count()


def test_an_edit_in_a_scenario_leaves_the_base_alone_and_shows_its_badge(lab: Window) -> None:
    """Typed values that land in the base while a scenario is in force."""
    before = lab.document.content.plan
    tabs(lab).setCurrentIndex(1)
    assert lab.document.scenario == "Small"
    lab.edit(TOKENS, 2e12, "2T")
    assert lab.document.content.plan == before
    assert lab.document.plan.get(TOKENS) == 2e12
    assert badge(lab, TOKENS) == badge(lab, DEVICES) == "scenario"
    assert badge(lab, "model.preset") == "typed"
    assert tabs(lab)._tabs[1].differences == 2
    assert money(lab) == evaluate(lab.document.plan)["money.total"].value


def test_reset_to_base_takes_the_difference_away(lab: Window) -> None:
    """A difference that cannot be removed, or a reset that types the base's value."""
    lab.scenarios.choose("Small")
    way_back(lab, DEVICES, "Reset to base: 2048")()
    assert lab.document.content.scenario("Small").changes == {}
    assert badge(lab, DEVICES) == "typed"
    way_back(lab, DEVICES, "Reset to ")()
    assert lab.document.content.scenario("Small").changes == {DEVICES: None}
    assert badge(lab, DEVICES) == "scenario"
    assert lab.document.content.plan.get(DEVICES) == 2048.0


def test_a_change_of_the_base_flows_into_scenarios(lab: Window) -> None:
    lab.edit(TOKENS, 3e12)
    lab.scenarios.choose("Small")
    assert lab.document.plan.get(TOKENS) == 3e12
    assert badge(lab, TOKENS) == "typed"


def test_undo_goes_back_to_the_scenario_that_it_changes(lab: Window) -> None:
    """An undo of what is not to be seen, or a step that is undone in the wrong scenario."""
    lab.scenarios.choose("Small")
    lab.edit(TOKENS, 2e12)
    lab.scenarios.choose("Cheap")
    lab.actions_by_name["undo"].trigger()
    assert lab.document.scenario == "Small"
    assert lab.document.content.scenario("Small").changes == {DEVICES: 512.0}
    lab.scenarios.choose(BASE)
    lab.actions_by_name["redo"].trigger()
    assert lab.document.scenario == "Small"
    assert lab.document.plan.get(TOKENS) == 2e12


def test_each_command_is_one_step_and_its_undo_restores_everything(lab: Window) -> None:
    """A command that needs two undos, or leaves something behind."""
    for command, chosen in (
        ("scenario_new", BASE),
        ("scenario_duplicate", "Small"),
        ("scenario_right", "Small"),
        ("scenario_base", "Cheap"),
        ("scenario_detach", "Small"),
        ("scenario_delete", "Cheap"),
    ):
        lab.scenarios.choose(chosen)
        before, count = lab.document.content, lab.document.undo_stack.index()
        lab.actions_by_name[command].trigger()
        after = lab.document.content
        assert after != before, command
        assert lab.document.undo_stack.index() == count + 1, command
        lab.document.undo_stack.undo()
        assert (lab.document.content, lab.document.scenario) == (before, chosen), command
        lab.document.undo_stack.redo()
        assert lab.document.content == after, command
        lab.document.undo_stack.undo()


def test_keys_go_through_the_tabs_and_duplicate(lab: Window) -> None:
    """Ctrl+Page keys that stop at an end, or a duplicate of another tab."""
    key(lab, Qt.Key.Key_PageDown)
    assert lab.document.scenario == "Small"
    key(lab, Qt.Key.Key_D)
    assert names(lab) == ["Base", "Small", "Small 2", "Cheap"]
    assert lab.document.scenario == "Small 2"
    assert lab.document.plan.get(DEVICES) == 512.0
    key(lab, Qt.Key.Key_PageUp, CONTROL | SHIFT)
    assert names(lab) == ["Base", "Small 2", "Small", "Cheap"]
    key(lab, Qt.Key.Key_PageUp)
    key(lab, Qt.Key.Key_PageUp)
    assert lab.document.scenario == "Cheap"


def test_a_tab_is_renamed_in_place(lab: Window) -> None:
    """F2 or a double click that does nothing, or a name that needs more than Enter."""
    lab.scenarios.choose("Small")
    key(lab, Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier)
    editor = tabs(lab).editor
    assert editor.isVisible()
    assert editor.selectedText() == "Small"
    QTest.keyClicks(editor, "B200 & co")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert not editor.isVisible()
    assert names(lab) == ["Base", "B200 & co", "Cheap"]
    assert lab.document.scenario == "B200 & co"
    tabs(lab).tabBarDoubleClicked.emit(1)
    assert editor.isVisible()
    QTest.keyClicks(editor, "other")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert names(lab) == ["Base", "B200 & co", "Cheap"]


@pytest.mark.parametrize("name", ["", "  ", "Cheap", "base", "x" * 500, "bell\x07"])
def test_a_name_that_cannot_be_given_is_said_and_changes_nothing(lab: Window, name: str) -> None:
    """Two tabs of one name, or a file that does not open again."""
    lab.scenarios.choose("Small")
    before = lab.document.content
    tabs(lab).begin_rename()
    tabs(lab).editor.setText(name)
    QTest.keyClick(tabs(lab).editor, Qt.Key.Key_Return)
    assert lab.document.content is before
    assert "The scenario keeps its name: " in lab.problems.message.text()
    assert tabs(lab).editor.isVisible()


def test_the_base_has_no_other_name_and_stays_first(lab: Window) -> None:
    """A base that is renamed, deleted or moved."""
    before = lab.document.content
    for name in ("scenario_rename", "scenario_delete", "scenario_left", "scenario_base", "scenario_detach"):
        assert not lab.actions_by_name[name].isEnabled()
    tabs(lab).tabBarDoubleClicked.emit(0)
    lab.scenarios.delete()
    assert not tabs(lab).editor.isVisible()
    assert lab.document.content is before


def test_a_tab_is_dragged_to_another_place_as_one_step(lab: Window) -> None:
    """A drag that makes a step at every tab it passes, or drops before the base."""
    lab.document.add_scenario("Third", {})
    bar, count = tabs(lab), steps(lab)
    start = bar.tabRect(3).center()
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=start)
    for target in (bar.tabRect(2).center(), QPoint(3, start.y())):
        QTest.mouseMove(bar, target)
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(3, start.y()))
    assert names(lab) == ["Base", "Third", "Small", "Cheap"]
    assert steps(lab) == count + 1


def test_a_text_that_is_still_typed_belongs_to_the_scenario_that_is_left(lab: Window) -> None:
    """Half an edit that lands in the scenario which comes into force."""
    lab.scenarios.choose("Small")
    row = lab.inputs.reveal(TOKENS)
    assert isinstance(row, FieldRow)
    row.enter()
    held = QApplication.focusWidget()
    assert held is not None
    QTest.keyClicks(held, "5T")
    key(lab, Qt.Key.Key_PageDown)
    assert lab.document.scenario == "Cheap"
    assert lab.document.content.scenario("Small").changes[TOKENS] == 5e12
    assert TOKENS not in lab.document.content.scenario("Cheap").changes


@pytest.mark.parametrize(
    "command", ["scenario_base", "scenario_detach", "scenario_left", "scenario_duplicate"]
)
def test_a_command_takes_what_is_still_typed_along(lab: Window, command: str) -> None:
    """A text in a field that the command's own step writes over."""
    lab.scenarios.choose("Cheap")
    row = lab.inputs.reveal(TOKENS)
    assert isinstance(row, FieldRow)
    row.enter()
    held = QApplication.focusWidget()
    assert held is not None
    QTest.keyClicks(held, "5T")
    lab.actions_by_name[command].trigger()
    assert lab.document.plan.get(TOKENS) == 5e12


def test_the_headline_shows_the_change_against_a_reference_that_can_be_chosen(lab: Window) -> None:
    """A change against another plan than the one that is named."""
    lab.scenarios.choose("Cheap")
    assert lab.scenario_bar.reference.text() == "Base"
    cell = lab.headline.cells["money.total"]
    base = evaluate(lab.document.content.plan)
    assert cell.headline.change is not None
    assert cell.headline.scale is not None
    assert cell.headline.scale.reference == base["money.total"].value
    lab.scenarios.refer_to("Small")
    assert lab.scenario_bar.reference.text() == "Small"
    small = evaluate(lab.document.content.scenario_plan("Small"))
    assert lab.scenarios.reference().results == {path: small[path].value for path in HEADLINE}
    lab.scenarios.refer_to("")
    assert lab.headline.cells["money.total"].headline.change is None


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_of_the_reference_offers_every_scenario(lab: Window) -> None:
    lab.scenario_bar.reference.click()
    menu = lab.findChildren(QMenu)[-1]
    assert [action.text() for action in menu.actions()] == ["Base", "Small", "Cheap", "nothing"]
    menu.actions()[2].trigger()
    menu.close()
    assert lab.scenario_bar.reference.text() == "Cheap"


def test_a_saved_plan_keeps_its_scenarios_and_its_own_headline(lab: Window, tmp_path: Path) -> None:
    """A save that records the results of the scenario in force, or forgets one."""
    lab.desk = desk = PlanDesk(lab)
    lab.scenarios.choose("Small")
    lab.edit(TOKENS, 2e12, "2e12")
    content, base = lab.document.content, evaluate(lab.document.content.plan)["money.total"].value
    place = tmp_path / "lab.tcplan"
    assert desk.save_to(place, None)
    assert lab.document.scenario == "Small"
    assert lab.document.content.saves[-1].headline["money.total"] == base
    desk.open_path(place)
    assert lab.document.scenario == BASE
    assert lab.document.content.scenarios == content.scenarios
    lab.scenarios.choose("Small")
    assert lab.document.document.raw[TOKENS] == "2e12"


def test_the_sheet_is_that_of_the_scenario_in_force(lab: Window, tmp_path: Path) -> None:
    """A printed sheet of the base with the name of a scenario, or the other way round."""
    lab.scenarios.choose("Small")
    pages = lab.workbench.centre.made_sheet().current()
    assert pages is not None
    assert pages.sheet.scenario == "Small"
    lab.scenarios.choose(BASE)
    pages = lab.workbench.centre.made_sheet().current()
    assert pages is not None
    assert pages.sheet.scenario == BASE


def test_typed_results_and_notes_work_in_a_scenario(lab: Window) -> None:
    """An override that reaches the base, a note that is lost with the scenario."""
    lab.scenarios.choose("Small")
    lab.edit("efficiency.mfu", 0.5)
    assert lab.document.content.plan.overrides == {}
    assert lab.estimate["efficiency.mfu"].value == pytest.approx(0.5)
    document = lab.document
    document.edit(document.document.with_note(DEVICES, "half a pod"), "note", DEVICES)
    lab.scenarios.delete()
    assert lab.document.content.notes[DEVICES] == "half a pod"


def test_what_others_add_is_one_step_and_numbered(lab: Window) -> None:
    """A lever kept twice that fails, or a scenario of values that no field allows."""
    lab.scenarios.choose(BASE)
    assert lab.document.add_scenario("Spot", {"purchase.way": "spot"}, select=False) == "Spot"
    assert lab.document.scenario == BASE
    assert lab.document.add_scenario("Spot", {"purchase.way": "spot"}) == "Spot 2"
    assert lab.document.scenario == "Spot 2"
    before = lab.document.content
    with pytest.raises(PlanError):
        lab.document.add_scenario("Bad", {DEVICES: -1.0})
    assert lab.document.content is before


def test_a_layout_and_the_words_of_the_sheet_go_through_the_scenario(lab: Window) -> None:
    """An edit of several values that takes the scenario's differences into the base."""
    before = lab.document.content.plan
    lab.scenarios.choose("Small")
    lab.workbench.centre.words_edited.emit("title", "Our plan")
    lab.edit("model.parameters", 7e9)
    assert lab.document.content.title == "Our plan"
    assert lab.document.content.plan == before
    assert lab.document.plan.get("model.layers") is not None


def test_fifty_scenarios_have_their_tabs_and_can_all_be_reached(lab: Window, qtbot: QtBot) -> None:
    """Tabs that push the window wider, or the last of them out of reach."""
    content = lab.document.content
    for number in range(48):
        content = content.with_scenario(f"Variant {number}", {DEVICES: 64.0 * (number + 1)})
    lab.document.replace(content, "many")
    assert lab.scenario_bar.minimumSizeHint().width() <= 1100
    key(lab, Qt.Key.Key_PageUp)
    assert lab.document.scenario == "Variant 47"
    assert tabs(lab).rect().intersects(tabs(lab).tabRect(tabs(lab).currentIndex()))
    assert money(lab) == evaluate(lab.document.plan)["money.total"].value
