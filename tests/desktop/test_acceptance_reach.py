"""Everything can be reached: each command on each page, by keyboard alone, with a name to be heard."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QMessageBox, QWidget

from tcplan.plan.document import Document as Content
from tcplan_desktop.files import recovery
from tcplan_desktop.files.open_save import PlanDesk
from tcplan_desktop.shortcuts import COMMANDS, MENUS
from tcplan_desktop.views.recovery_page import FoundPlan, RecoveryPage
from tcplan_desktop.window import Window

USUAL = {
    "Ctrl+N": "new",
    "Ctrl+O": "open",
    "Ctrl+S": "save",
    "Ctrl+Shift+S": "save_as",
    "Ctrl+P": "print",
    "Ctrl+Z": "undo",
    "Ctrl+Y": "redo",
    "Ctrl+Shift+Z": "redo",
    "Ctrl+Q": "quit",
    "Ctrl+K": "find",
    "F1": "help",
    "F4": "why",
    "F6": "next_bar",
    "Shift+F6": "previous_bar",
    "Ctrl+1": "tab_1",
    "Ctrl+2": "tab_2",
    "Ctrl+3": "tab_3",
    "Ctrl+4": "tab_4",
}


def held() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


class Refusals:
    """The dialogs of the system, at which a person thinks better of it."""

    def ask_open(self, _title: str, _folder: Path) -> None:
        return None

    def ask_import(self, _title: str, _folder: Path) -> None:
        return None

    def ask_save(self, _title: str, _proposal: Path) -> None:
        return None

    def ask_place(self, _title: str, _proposal: Path, _kinds: object) -> None:
        return None


@pytest.fixture
def desk(window: Window, monkeypatch: pytest.MonkeyPatch) -> PlanDesk:
    """Give the window its files; dialogs answer at once, menus and boxes do not wait for a person."""
    made = PlanDesk(window)
    made.dialogs = Refusals()  # type: ignore[assignment]
    window.desk = made
    monkeypatch.setattr("tcplan_desktop.print.ask_and_print", lambda _pages, _paper, _parent: False)
    monkeypatch.setattr(QMenu, "popup", lambda _menu, _where: None)
    monkeypatch.setattr(QMenu, "exec", lambda *_words: None)
    return made


# Commands.


@pytest.mark.parametrize("page", ["plan", "start page"])
def test_every_command_works_on_each_page(desk: PlanDesk, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A menu that fails on the start page is met by everybody in the first minute."""
    window = desk.window
    monkeypatch.setattr("tcplan_desktop.files.open_save.QDesktopServices.openUrl", lambda _url: True)
    for name, action in window.actions_by_name.items():
        if name == "quit":
            continue
        if page == "plan":
            window.show_workbench()
        else:
            window.show_start_page()
        if action.isEnabled():
            action.trigger()
        QApplication.processEvents()
        for box in window.findChildren(QMessageBox):
            box.close()
        if window.palette_card is not None:
            window.palette_card.close_card()
    assert not desk.window.notices.bars.get("fault")


def test_quit_closes_the_window(desk: PlanDesk) -> None:
    """Ctrl+Q would do nothing, or ask."""
    desk.window.edit("training.tokens", 2e12)
    desk.window.actions_by_name["quit"].trigger()
    assert not desk.window.isVisible()


def test_the_usual_shortcuts_are_there_and_none_means_two_things(window: Window) -> None:
    """Keys that everybody knows would do nothing; with two meanings Qt does neither."""
    keys = [
        (key.toString(), name)
        for name, action in window.actions_by_name.items()
        for key in action.shortcuts()
    ]
    counted = Counter(key for key, _name in keys)
    assert [key for key, count in counted.items() if count > 1] == []
    found = dict(keys)
    assert {key: found.get(key) for key in USUAL} == USUAL


@pytest.mark.parametrize("keys", ["Ctrl+PgUp", "Ctrl+PgDown", "Ctrl+W", "F2", "F5"])
def test_keys_that_mean_nothing_here_do_nothing(window: Window, keys: str) -> None:
    """The habit from another program would change a value or leave the page."""
    window.inputs.reveal("training.tokens").enter()  # type: ignore[union-attr]
    before, tab = window.document.content, window.workbench.centre.tab
    QTest.keySequence(held(), QKeySequence(keys))
    assert window.document.content is before
    assert window.workbench.centre.tab == tab
    assert window.isVisible()


def test_every_command_is_in_a_menu_or_moves_the_keyboard(window: Window) -> None:
    """A command without a menu is found by nobody who does not know it."""
    listed = {name for _title, names in MENUS for name in names if name}
    assert {command.name for command in COMMANDS} - listed == {"next_bar", "previous_bar"}
    bar = window.title_bar.menus
    shown = {
        action.objectName() for menu in bar.actions() for action in menus_of(menu) if action.objectName()
    }
    assert shown == listed


def menus_of(action: QAction) -> list[QAction]:
    menu = action.menu()
    assert isinstance(menu, QMenu)
    return menu.actions()


def test_menus_open_by_alt_and_say_their_keys(window: Window) -> None:
    """Menus without letters, or with one letter twice, cannot be opened by keyboard."""
    titles = [action.text() for action in window.title_bar.menus.actions()]
    letters = [title[title.index("&") + 1] for title in titles]
    assert len(set(letters)) == len(titles) == 5


# The keyboard alone.


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(held(), key, modifier)


def test_from_the_first_window_to_the_sheet_by_keyboard_alone(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One step of the main job that needs a mouse shuts people out."""
    printed: list[str] = []
    desk = PlanDesk(window)
    window.desk = desk
    monkeypatch.setattr(desk, "print_sheet", lambda: printed.append(window.document.content.title))
    control = Qt.KeyboardModifier.ControlModifier
    window.show_start_page()
    assert window.start_page.isAncestorOf(held())
    QTest.keyClicks(held(), "70B")
    press(Qt.Key.Key_Return)
    row = window.inputs.row_of(held())
    assert row is not None
    assert row.path == "training.tokens"
    QTest.keyClicks(held(), "15T")
    press(Qt.Key.Key_Tab)
    assert window.estimate.field("training.tokens").value == 15e12
    window.title_bar.search.setFocus()
    press(Qt.Key.Key_K, control)
    QTest.keyClicks(held(), "devices = 2048")
    press(Qt.Key.Key_Return)
    assert window.document.plan.hardware.devices == 2048.0
    press(Qt.Key.Key_F6)
    window.actions_by_name["why"].trigger()
    assert window.workbench.pane.isAncestorOf(held())
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_3, control)
    assert window.workbench.centre.tab == 2
    press(Qt.Key.Key_P, control)
    assert len(printed) == 1


def places(window: Window) -> Iterator[str]:
    """Show, one after the other, each place where a person can be."""
    yield "curves"
    window.show_tab(1)
    yield "breakdown"
    window.show_tab(2)
    yield "sheet"
    window.show_tab(0)
    curves = window.workbench.centre.curves
    assert curves is not None
    curves.show_table(True)
    yield "table"
    curves.show_table(False)
    window.inputs.set_closed(())
    for panel in window.inputs.panels.values():
        panel.show_more(more=True)
    yield "all fields"
    window.edit("efficiency.mfu", 0.4)
    window.edit("hardware.memory", 7e10)
    window.edit("hardware.accelerator", "a100-80g-sxm")
    window.explain("efficiency.mfu")
    window.workbench.pane.enter_value()
    QApplication.processEvents()
    yield "typed result"
    window.open_palette()
    yield "palette"
    assert window.palette_card is not None
    window.palette_card.close_card()
    window.inputs.reveal("site.pue").enter()  # type: ignore[union-attr]
    window.actions_by_name["help"].trigger()
    yield "help card"
    assert window.help_card is not None
    window.help_card.close_card()
    window.show_start_page()
    yield "start page"


def focusable(window: QWidget) -> list[QWidget]:
    """Return what takes the keyboard and is to be seen."""
    takes = [one for one in window.findChildren(QWidget) if one.focusPolicy() != Qt.FocusPolicy.NoFocus]
    return [one for one in takes if one.isVisible() and one.focusProxy() is None]


def heard(widget: QWidget) -> str:
    """Return the name that a screen reader says."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def test_everything_that_takes_the_keyboard_has_a_name(window: Window) -> None:
    """A screen reader would say "button" and nothing else."""
    nameless = []
    for place in places(window):
        found = focusable(window)
        assert len(found) > 15, place
        for widget in found:
            if isinstance(widget, QMenuBar):
                continue
            if not heard(widget).strip():
                nameless.append((place, type(widget).__name__, widget.parentWidget()))
    assert nameless == []


def test_the_page_of_recovered_work_has_names_and_no_trap(window: Window) -> None:
    """After a crash, of all moments, somebody would not know what the buttons do."""
    page = RecoveryPage()
    window.stack.addWidget(page)
    page.show_plans(
        [
            FoundPlan(
                "one", "Lab", "Saved 10:02, last change 10:42.", ("tokens 1T → 2T",), "9.9 M$", has_file=True
            ),
            FoundPlan("two", "Untitled", "Never saved.", warning="Cannot be read.", readable=False),
        ]
    )
    window.show_page(page)
    page.enter()
    QApplication.processEvents()
    found = focusable(page)
    assert len(found) >= 4
    assert all(heard(widget).strip() for widget in found)
    seen = set()
    for _step in range(40):
        press(Qt.Key.Key_Tab)
        seen.add(id(held()))
    assert {id(widget) for widget in found if widget.focusPolicy() & Qt.FocusPolicy.TabFocus} <= seen


def test_tab_comes_back_from_every_place(window: Window) -> None:
    """A table or an editor that keeps Tab would lock the keyboard in."""
    for place in places(window):
        if place == "palette":
            continue
        start = held()
        for _step in range(500):
            before = held()
            QTest.keyClick(before, Qt.Key.Key_Tab)
            if held() is start:
                break
            assert held() is not before, (place, before)
        else:
            pytest.fail(f"{place}: Tab never came back")


def test_a_context_menu_key_never_fails(desk: PlanDesk) -> None:
    """The Menu key is how a keyboard asks for what a right click offers."""
    window = desk.window
    window.inputs.set_closed(())
    for path in ("training.tokens", "model.preset", "training.precision", "hardware.accelerator"):
        row = window.inputs.reveal(path)
        assert row is not None
        row.enter()
        QTest.keyClick(held(), Qt.Key.Key_Menu)
    assert window.document.undo_stack.count() == 0


def test_a_new_plan_from_the_menu_keeps_the_old_one(desk: PlanDesk) -> None:
    """Ctrl+N would throw away what was not saved."""
    window = desk.window
    window.edit("training.tokens", 2e12, "2T")
    old = window.document.content
    window.actions_by_name["new"].trigger()
    assert window.document.content.plan == Content.new().plan
    kept = b"".join(place.read_bytes() for place in recovery.folder().rglob("*") if place.is_file())
    assert old.id.encode() in kept


def test_tab_goes_by_reading_not_by_when_parts_were_made(window: Window) -> None:
    """What is made late, as the fields behind More and the curves, would come after everything else."""
    window.inputs.panels["model"].show_more(more=True)
    panel = window.inputs.panels["model"]
    last = list(panel.form.rows)[-1]
    window.inputs.reveal(last).enter()  # type: ignore[union-attr]
    press(Qt.Key.Key_Tab)
    row = window.inputs.row_of(held())
    assert row is not None
    assert panel.more_form is not None
    assert row.path == next(path for path, one in panel.more_form.rows.items() if one.isVisible())
    press(Qt.Key.Key_Backtab)
    row = window.inputs.row_of(held())
    assert row is not None
    assert row.path == last
    window.workbench.centre.tabs.setFocus()
    press(Qt.Key.Key_Tab)
    assert window.workbench.centre.isAncestorOf(held())


def test_tab_scrolls_to_where_it_leads(window: Window) -> None:
    """The keyboard would be in a field below the edge, with nothing to be seen of it."""
    window.inputs.set_closed(())
    for panel in window.inputs.panels.values():
        panel.show_more(more=True)
    QApplication.processEvents()
    window.title_bar.search.setFocus()
    for _step in range(60):
        press(Qt.Key.Key_Tab)
        assert not held().visibleRegion().isEmpty(), held().accessibleName()
