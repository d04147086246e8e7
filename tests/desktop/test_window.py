"""The window as a whole: one way of every edit, undo that leads back, keyboard, arrangement."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tcplan.estimate import evaluate
from tcplan.plan.document import Document as Content
from tcplan.report.numbers import figure
from tcplan.study.curve import MODEL_SIZE
from tcplan_desktop import keyboard, preferences
from tcplan_desktop import settings as store
from tcplan_desktop.forms.field_row import FieldRow
from tcplan_desktop.forms.quantity_edit import QuantityEdit
from tcplan_desktop.registry import found
from tcplan_desktop.settings import Settings
from tcplan_desktop.shortcuts import COMMANDS, MENUS
from tcplan_desktop.theme import themes
from tcplan_desktop.window import Window

TOKENS, DEVICES = "training.tokens", "hardware.devices"


def type_into(window: Window, path: str, text: str) -> None:
    row = window.inputs.reveal(path)
    assert isinstance(row, FieldRow)
    row.enter()
    QTest.keyClicks(held(), text)
    QTest.keyClick(held(), Qt.Key.Key_Return)


def press(window: Window, key: Qt.Key, control: bool = True) -> None:
    target = QApplication.focusWidget() or window
    modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(target, key, modifier)


def held() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def held_row(window: Window) -> FieldRow | None:
    return window.inputs.row_of(QApplication.focusWidget())


def said(money: float) -> str:
    return f"Money: {figure(money, 'USD')}".replace("\N{NO-BREAK SPACE}", " ")


def test_a_result_without_a_value_is_a_dash_with_the_reason(window: Window) -> None:
    """Negative money beside an error would be quoted, and a dash alone would be a riddle."""
    window.document.set("model.extra_parameters", -1e15)
    for path in ("money.total", "time.run", "energy.facility"):
        shown = window.headline.cells[path].headline
        assert shown.value == "–", path
        assert shown.band == "Extra parameters"
        assert "takes away more than there is" in shown.about


def test_typing_tokens_changes_the_headline_and_every_view(window: Window) -> None:
    """A view that is not told would show the plan of before."""
    before = evaluate(window.document.plan)["money.total"].value
    assert window.headline.cells["money.total"].accessibleName() == said(before)
    type_into(window, TOKENS, "1.5T")
    expected = evaluate(window.document.plan)["money.total"].value
    assert expected == pytest.approx(before / 10.0, rel=0.01)
    assert window.headline.cells["money.total"].accessibleName() == said(expected)
    assert window.estimate.plan is window.document.plan
    assert window.workbench.pane.value.text() == str(figure(expected, "USD", 3))
    window.show_tab(1)
    group = window.workbench.centre.breakdown.groups["money.total"]
    assert group.total.text() == str(figure(expected, "USD", 3))
    assert expected == window.estimate["money.total"].value


def test_undo_and_redo_say_what_they_do_and_lead_back_to_the_field(window: Window) -> None:
    """Undo in a closed panel would change a number that nobody sees."""
    type_into(window, TOKENS, "1.4T")
    type_into(window, TOKENS, "15T")
    type_into(window, "programme.people", "12")
    assert window.title_bar.undo.text() == "Undo people 0 → 12"
    window.inputs.set_closed(("model", "programme"))
    window.title_bar.search.setFocus()
    press(window, Qt.Key.Key_Z)
    row = held_row(window)
    assert row is not None
    assert row.path == "programme.people"
    assert window.inputs.panels["programme"].is_open
    assert window.title_bar.undo.text() == "Undo tokens 1.4T → 15T"
    assert window.title_bar.redo.accessibleName() == "Redo people 0 → 12"
    press(window, Qt.Key.Key_Z)
    row = held_row(window)
    assert row is not None
    assert row.path == TOKENS
    assert window.inputs.panels["model"].is_open
    assert window.document.plan.training.tokens == 1.4e12
    press(window, Qt.Key.Key_Y)
    press(window, Qt.Key.Key_Y)
    assert window.document.plan.programme.people == 12.0


def test_undo_belongs_to_the_text_until_it_is_committed(window: Window) -> None:
    """Ctrl+Z while typing would undo the edit before and leave the half-typed text."""
    type_into(window, DEVICES, "2048")
    row = window.inputs.row(DEVICES)
    assert row is not None
    assert isinstance(row.editor, QuantityEdit)
    QTest.keyClicks(row.editor.line, "99")
    press(window, Qt.Key.Key_Z)
    assert window.document.plan.hardware.devices == 2048.0
    assert row.editor.text != "99"


def test_the_modified_mark(window: Window) -> None:
    """Nobody would know whether there is something to save."""
    seen = [window.title_bar.name.modified]
    type_into(window, TOKENS, "2T")
    assert window.windowTitle().startswith("•")
    seen.append(window.title_bar.name.modified)
    window.document.undo_stack.undo()
    seen.append(window.title_bar.name.modified)
    assert seen == [False, True, False]


def test_findings_are_counted_and_lead_to_their_fields(window: Window) -> None:
    """An error in a closed panel would be counted nowhere."""
    type_into(window, "site.pue", "1.2")
    assert window.problems.counts["warning"].text() == "1 unusual value"
    assert window.problems.sentence.whole == "PUE: Below the average site's 1.54."
    window.inputs.set_closed(("energy",))
    window.problems.counts["warning"].click()
    row = held_row(window)
    assert row is not None
    assert row.path == "site.pue"
    window.problems.fix.click()
    assert window.document.plan.site.pue is None
    assert not window.problems.counts["warning"].isVisible()


def test_an_impossible_plan_is_said_and_does_not_stop_the_edit(window: Window) -> None:
    """A person could not type his way from one plan to the next."""
    type_into(window, DEVICES, "1")
    assert window.document.plan.hardware.devices == 1.0
    assert window.headline.cells["memory.peak"].headline.value == "No"
    assert window.problems.counts["error"].isVisible()


def test_the_curves_follow_and_a_drag_on_them_is_one_step(window: Window) -> None:
    """Each tick of a drag would be a step of undo."""
    curves = window.workbench.centre.curves
    assert curves is not None
    for devices in (1100.0, 1200.0, 1300.0):
        curves.edited.emit(DEVICES, devices, 7_000_001, "")
    assert window.document.plan.hardware.devices == 1300.0
    assert window.document.undo_stack.count() == 1
    row = window.inputs.row(DEVICES)
    assert row is not None
    assert isinstance(row.editor, QuantityEdit)
    assert row.editor.text == "1300"


def test_a_model_of_another_size_is_one_of_that_size(window: Window) -> None:
    """A feed-forward or an embedding of the model of before would count in the new one."""
    window.edit("model.preset", "gpt3")
    window.edit(MODEL_SIZE, 70e9)
    estimate = evaluate(window.document.plan)
    assert estimate["model.parameters"].value == pytest.approx(70e9, rel=0.03)
    assert window.document.plan.get("model.gated") == "yes"


def test_f6_goes_round_all_bars_and_back(window: Window) -> None:
    """Somebody without a mouse would be caught in the inputs."""
    count = len(keyboard.bars_of(window))
    assert count >= 7
    window.title_bar.search.setFocus()
    seen = []
    for _step in range(count):
        seen.append(QApplication.focusWidget())
        press(window, Qt.Key.Key_F6, control=False)
    assert len(set(map(id, seen))) == count
    assert window.title_bar.isAncestorOf(held())
    window.actions_by_name["previous_bar"].trigger()
    assert window.problems.isAncestorOf(held()) or window.workbench.pane.isAncestorOf(held())


def test_tab_never_traps(window: Window) -> None:
    """A widget that keeps Tab would lock the keyboard in."""
    window.title_bar.search.setFocus()
    seen: list[int] = []
    for _step in range(400):
        here = held()
        if id(here) in seen[:1] and len(seen) > 5:
            return
        seen.append(id(here))
        QTest.keyClick(here, Qt.Key.Key_Tab)
    pytest.fail("Tab never came back to where it began")


def test_ctrl_numbers_choose_the_tabs(window: Window) -> None:
    """The tabs would be reachable by mouse alone."""
    for number, key in enumerate((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3)):
        press(window, key)
        assert window.workbench.centre.tab == number
    assert window.workbench.centre.sheet is not None
    press(window, Qt.Key.Key_1)


def test_the_palette_finds_and_sets(window: Window) -> None:
    """Ctrl+K would find words but change nothing."""
    press(window, Qt.Key.Key_K)
    palette = window.palette_card
    assert palette is not None
    QTest.keyClicks(palette.line, "tokens = 1.5T")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert window.document.plan.training.tokens == 1.5e12
    assert window.title_bar.undo.text() == "Undo tokens 15T → 1.5T"
    press(window, Qt.Key.Key_K)
    QTest.keyClicks(palette.line, "sweden")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert window.document.plan.site.grid == "SWE"
    press(window, Qt.Key.Key_K)
    QTest.keyClicks(palette.line, "restart time")
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    row = held_row(window)
    assert row is not None
    assert row.path == "failures.restart_time"
    press(window, Qt.Key.Key_K)
    QTest.keyClicks(palette.line, "carbon, location?")
    QTest.keyClick(palette.line, Qt.Key.Key_Escape)
    assert not palette.is_open


def test_every_command_and_field_is_found_by_its_words(window: Window) -> None:
    """A command outside of the registry cannot be found."""
    window.open_palette()
    palette = window.palette_card
    assert palette is not None
    everything = palette._entries
    for command in COMMANDS:
        assert any(entry.name == command.label for entry in found(everything, command.label)), command.name
    for row in ("training.tokens", "failures.restart_time", "programme.pay"):
        assert any(entry.detail == row for entry in found(everything, row)), row
    palette.close_card()


def test_every_command_of_the_menus_exists_once() -> None:
    """A menu would name a command that nothing answers."""
    names = [name for _title, menu in MENUS for name in menu if name]
    assert len(names) == len(set(names))
    assert set(names) <= {command.name for command in COMMANDS}


def test_narrow_and_wide(window: Window, qtbot: QtBot) -> None:
    """At 1100 pixels the why would take the curves' room."""
    window.resize(1100, 700)
    qtbot.waitUntil(lambda: not window.workbench.why_column.isVisible())
    row = window.inputs.row(TOKENS)
    assert row is not None
    assert row.badge.width() < 40
    window.headline.cells["time.run"].click()
    assert window.workbench.pane.isVisible()
    assert window.workbench.pane.title.whole == "Duration"
    QTest.keyClick(held(), Qt.Key.Key_Escape)
    assert not window.workbench.pane.isVisible()
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: window.workbench.why_column.isVisible())
    assert window.workbench.pane.isVisible()


def test_the_arrangement_is_remembered_and_a_lost_screen_does_no_harm(window: Window) -> None:
    """A window on a screen that is gone would not be seen again."""
    window.inputs.set_closed(("model",))
    window.show_tab(1)
    window.actions_by_name["theme_dark"].trigger()
    assert themes.theme.name == "dark"
    preferences.remember(window)
    kept, notice = store.load()
    assert notice == ""
    assert (kept.closed_panels, kept.tab, kept.theme) == (("model",), 1, "dark")
    moved = preferences.on_screen(QRect(90_000, 90_000, 1200, 800))
    room = QApplication.primaryScreen().availableGeometry()
    assert room.contains(moved)


def test_damaged_settings_are_defaults_and_a_notice(own_home: Path) -> None:
    """A broken file of preferences would keep the program from starting."""
    place = store.settings_file()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text('{"theme": "neon"', encoding="utf-8")
    kept, notice = store.load()
    assert kept == Settings()
    assert "could not be read" in notice


def test_text_size_and_themes_change_every_part_at_once(window: Window) -> None:
    """A half-changed window is worse than the old one."""
    before = window.title_bar.height()
    window.actions_by_name["text_150"].trigger()
    assert themes.text_size == 1.5
    assert window.title_bar.height() > before
    window.actions_by_name["text_100"].trigger()
    assert window.title_bar.height() == before
    for choice in ("dark", "contrast", "light"):
        window.actions_by_name[f"theme_{choice}"].trigger()
        assert themes.theme.name == choice
        assert not window.grab().isNull()


def test_saving_takes_the_text_that_is_being_typed(window: Window) -> None:
    """Ctrl+S while typing would save the value of before."""
    seen: list[object] = []

    class Recorder:
        def save(self) -> bool:
            seen.append(window.document.plan.hardware.devices)
            return True

        def may_close(self) -> bool:
            return True

    window.desk = Recorder()  # type: ignore[assignment]
    row = window.inputs.reveal(DEVICES)
    assert row is not None
    row.enter()
    QTest.keyClicks(held(), "3000")
    press(window, Qt.Key.Key_S)
    assert seen == [3000.0]


def test_change_since_the_save_is_shown(window: Window) -> None:
    """After an edit nobody would know what the saved plan said."""
    from datetime import UTC, datetime

    saved = {path: window.estimate[path].value for path in window.headline.cells}
    content = window.document.content.saved(datetime(2026, 11, 1, tzinfo=UTC), "1", "2026-11", saved)
    window.document.open(content, Path("lab.tcplan"))
    assert window.scenario_bar.reference.text() == ""
    window.edit(TOKENS, 7.5e12)
    change = window.headline.cells["money.total"].headline.change
    assert change is not None
    assert change.text == "−50\u202f%"
    assert change.sense == "good"
    assert "save of" in window.scenario_bar.reference.text()


def test_opening_shows_the_other_plan_everywhere(window: Window) -> None:
    """A field would keep the value of the plan before."""
    type_into(window, TOKENS, "2T")
    window.take(Content.new(window.document.plan.with_value("training.tokens", 3e12), "Other"))
    row = window.inputs.row(TOKENS)
    assert row is not None
    assert isinstance(row.editor, QuantityEdit)
    assert row.editor.text == "3T"
    assert window.title_bar.name.whole == "Other"
    assert not window.document.undo_stack.canUndo()


@pytest.mark.parametrize(
    ("room", "size"),
    [
        (QRect(0, 0, 1440, 900), (1424, 852)),
        (QRect(0, 27, 1366, 741), (1350, 693)),
        (QRect(0, 0, 3840, 2160), (1440, 900)),
    ],
)
def test_the_first_window_and_its_frame_fit_on_the_screen(
    monkeypatch: pytest.MonkeyPatch, room: QRect, size: tuple[int, int]
) -> None:
    """On a laptop of 1440 x 900 the status bar would lie below the edge of the screen."""
    screen = SimpleNamespace(availableGeometry=lambda: room)
    monkeypatch.setattr(QGuiApplication, "primaryScreen", lambda: screen)
    assert preferences.first_size(1440, 900).toTuple() == size


def test_larger_text_makes_the_open_window_narrow(window: Window) -> None:
    """The columns would keep words for which there is no room any more."""
    found = [window.compact]
    for size in ("text_150", "text_100"):
        window.actions_by_name[size].trigger()
        found.append(window.compact)
    assert found == [False, True, False]


def test_a_closed_why_stays_closed_next_time(window: Window) -> None:
    """A person who wants the room would close the column at each start."""
    window.why_place.close()
    preferences.remember(window)
    assert store.load()[0].why_open is False
    window.explain("time.run")
    preferences.remember(window)
    assert store.load()[0].why_open is True


def test_the_first_window_needs_no_plots_and_no_slow_library() -> None:
    """The start would wait for what its first sight does not show."""
    slow = ("pyqtgraph", "scipy", "pandas", "xlsxwriter", "PySide6.QtPrintSupport")
    code = f"import sys, tcplan_desktop.app; print([one for one in {slow!r} if one in sys.modules])"
    places = os.pathsep.join(path for path in sys.path if path)
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": places},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
