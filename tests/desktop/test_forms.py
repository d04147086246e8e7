"""Fields: what is typed, what is shown, and what never happens by itself."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tcplan.plan import marks
from tcplan.plan.number import write
from tcplan.plan.plan import PANELS, descriptions
from tcplan.plan.value import Range
from tcplan_desktop.forms.field_row import FieldRow
from tcplan_desktop.forms.quantity_edit import QuantityEdit, names_unit
from tcplan_desktop.forms.steps import Stride, scrubbed, stepped
from tcplan_desktop.panels.column import OUTLINES
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.segments import Segments
from tcplan_desktop.parts.well_frame import State
from tcplan_desktop.window import Window

TOKENS, DEVICES, PUE = "training.tokens", "hardware.devices", "site.pue"


def row_of(window: Window, path: str) -> FieldRow:
    row = window.inputs.reveal(path)
    assert isinstance(row, FieldRow)
    return row


def edit_of(window: Window, path: str) -> QuantityEdit:
    editor = row_of(window, path).editor
    assert isinstance(editor, QuantityEdit)
    return editor


def type_into(window: Window, path: str, text: str, key: Qt.Key = Qt.Key.Key_Return) -> QuantityEdit:
    """Enter a field as a person does, type over what it shows, and end with a key."""
    editor = edit_of(window, path)
    row_of(window, path).enter()
    QTest.keyClicks(editor.line, text)
    QTest.keyClick(editor.line, key)
    return editor


def test_every_field_of_the_plan_is_in_exactly_one_panel() -> None:
    """A new field of the engine would be missing from the window, or be there twice."""
    paths = [path for outline in OUTLINES for path in outline.paths]
    assert sorted(paths) == sorted(descriptions())
    assert {path.partition(".")[0] for path in paths} == set(PANELS)


def test_each_kind_of_field_has_its_editor(window: Window) -> None:
    """A choice in a text field would have to be spelt right."""
    assert isinstance(row_of(window, TOKENS).editor, QuantityEdit)
    assert isinstance(row_of(window, "training.attention_kernel").editor, Segments)
    assert isinstance(row_of(window, "purchase.way").editor, Choice)
    assert isinstance(row_of(window, "model.preset").editor, Choice)


def test_a_typed_value_reaches_the_plan_with_its_text(window: Window) -> None:
    """The text would be replaced by a number that nobody typed."""
    editor = type_into(window, DEVICES, "2048*8")
    assert window.document.plan.hardware.devices == 16384.0
    assert window.document.content.raw[DEVICES] == "2048*8"
    assert editor.text == "2048*8"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
def test_enter_and_tab_commit(window: Window, key: Qt.Key) -> None:
    """A value would wait for a key that nobody knows."""
    type_into(window, TOKENS, "2T", key)
    assert window.document.plan.training.tokens == 2e12


def test_focus_in_and_out_without_typing_changes_nothing(window: Window) -> None:
    """A field that rewrites what it shows rounds plans that are only looked at."""
    type_into(window, TOKENS, "1.234567891T")
    before = window.document.content
    steps = window.document.undo_stack.count()
    for outline in OUTLINES:
        window.inputs.panels[outline.key].set_open(is_open=True)
        window.inputs.panels[outline.key].show_more(more=True)
    for path in descriptions():
        row_of(window, path).enter()
    window.title_bar.search.setFocus()
    assert window.document.content is before
    assert window.document.undo_stack.count() == steps


def test_garbage_stays_visible_with_the_old_value_in_force(window: Window) -> None:
    """The person would lose the text, or the plan would get a zero."""
    type_into(window, TOKENS, "2T")
    editor = type_into(window, TOKENS, "3 kWh")
    states = [editor.state]
    assert editor.text == "3 kWh"
    assert editor.line.selectedText() == "kWh"
    assert "energy" in editor.message
    assert window.document.plan.training.tokens == 2e12
    row_of(window, DEVICES).enter()
    assert editor.text == "3 kWh"
    row_of(window, TOKENS).enter()
    QTest.keyClick(editor.line, Qt.Key.Key_Escape)
    assert editor.text == "2T"
    assert [*states, editor.state] == [State.REFUSED, State.REST]
    assert editor.message == "= 2\u202f000\u202f000\u202f000\u202f000\u00a0tokens"


def test_a_value_out_of_bounds_is_refused_at_its_field(window: Window) -> None:
    """A bound of the plan would be enforced without a word, or by clamping."""
    editor = type_into(window, PUE, "0.5")
    assert editor.state is State.REFUSED
    assert "1 or more" in editor.message
    assert editor.text == "0.5"
    assert window.document.plan.site.pue is None


def test_an_emptied_field_goes_back_to_what_applies_without_it(window: Window) -> None:
    """Emptying would be an error, or leave the field empty while a value is in force."""
    type_into(window, DEVICES, "2048")
    editor = edit_of(window, DEVICES)
    editor.line.selectAll()
    QTest.keyClick(editor.line, Qt.Key.Key_Delete)
    assert editor.line.placeholderText() == "1024"
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert window.document.plan.hardware.devices is None
    assert editor.text == "1024"


def test_the_echo_says_the_value_in_full_while_one_types(window: Window) -> None:
    """Nobody sees whether 15T means trillions."""
    editor = edit_of(window, TOKENS)
    row_of(window, TOKENS).enter()
    QTest.keyClicks(editor.line, "1.5e1")
    assert editor.message == "= 15\u00a0tokens"
    QTest.keyClicks(editor.line, "3")
    assert editor.message == "= 15\u202f000\u202f000\u202f000\u202f000\u00a0tokens"
    row_of(window, DEVICES).enter()
    assert editor.message == ""


def test_doubtful_text_says_how_it_was_read_and_offers_the_other_reading(window: Window) -> None:
    """1,000 would silently be one, or a thousand, by the locale."""
    editor = type_into(window, DEVICES, "1,000")
    assert window.document.plan.hardware.devices == 1000.0
    assert "read as" in editor.message
    editor.fixed.emit()
    assert window.document.plan.hardware.devices == 1.0


def test_a_range_and_a_list_say_what_they_compute_at(window: Window) -> None:
    """A person would take the median of a range for the result of the whole range."""
    editor = type_into(window, "purchase.price", "2..2.8")
    assert isinstance(window.document.plan.purchase.price, Range)
    assert "median" in editor.message
    editor = type_into(window, DEVICES, "256; 512; 1k")
    assert window.document.plan.hardware.devices == (256.0, 512.0, 1000.0)
    assert "first value, 256" in editor.message
    assert row_of(window, DEVICES).line.isVisible()


def test_the_unit_is_not_doubled_when_the_text_names_one(window: Window) -> None:
    """80 GB in a field of GiB would read 80 GB GiB."""
    editor = type_into(window, "hardware.memory", "80 GB")
    assert editor.unit.text() == ""
    type_into(window, "hardware.memory", "80")
    assert editor.unit.text() == "GiB"
    for text, own in (("15T", False), ("2.1 $/h", True), ("6 weeks", True), ("95 %", True), ("15e12", False)):
        assert names_unit(text) is own, text


@pytest.mark.parametrize("focused", [True, False])
def test_the_wheel_never_changes_a_value(window: Window, focused: bool) -> None:
    """Scrolling over the inputs would change the plan."""
    window.inputs.panels["hardware"].show_more(more=True)
    before = window.document.content
    for path in (TOKENS, "training.precision", "model.preset", "purchase.way", "hardware.peak"):
        row = row_of(window, path)
        if focused:
            row.enter()
        place = QPointF(row.editor.width() / 2, 14)
        widget: QWidget = row.editor.childAt(place.toPoint()) or row.editor
        where = QPointF(widget.mapToGlobal(QPoint(5, 5)))
        event = QWheelEvent(
            QPointF(5, 5), where, QPoint(), QPoint(0, -240), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)
    assert window.document.content is before


def test_arrows_step_and_page_keys_go_tenfold(window: Window) -> None:
    """The keyboard would have no way through a scale."""
    editor = edit_of(window, DEVICES)
    row_of(window, DEVICES).enter()
    for key, expected in (
        (Qt.Key.Key_Up, 2000.0),
        (Qt.Key.Key_Up, 5000.0),
        (Qt.Key.Key_PageUp, 50000.0),
        (Qt.Key.Key_Down, 20000.0),
    ):
        QTest.keyClick(editor.line, key)
        assert window.document.plan.hardware.devices == expected
    QTest.keyClick(editor.line, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert window.document.plan.hardware.devices == 21000.0
    assert window.document.undo_stack.count() == 1


def test_steps_stay_inside_the_bounds(window: Window) -> None:
    """A step would clamp, or leave what the plan allows."""
    type_into(window, DEVICES, "1")
    editor = edit_of(window, DEVICES)
    QTest.keyClick(editor.line, Qt.Key.Key_Down)
    assert window.document.plan.hardware.devices == 1.0
    assert editor.state is not State.REFUSED


def test_dragging_the_label_is_one_step(window: Window) -> None:
    """Each pixel would be a step of undo."""
    row = row_of(window, DEVICES)
    label = row.label
    QTest.mousePress(label, Qt.MouseButton.LeftButton, pos=QPoint(5, 10))
    for x in range(10, 250, 10):
        QTest.mouseMove(label, QPoint(5 + x, 10))
    QTest.mouseRelease(label, Qt.MouseButton.LeftButton, pos=QPoint(245, 10))
    devices = window.document.plan.hardware.devices
    assert isinstance(devices, float)
    assert 9_000 < devices < 12_000
    assert window.document.undo_stack.count() == 1
    window.document.undo_stack.undo()
    assert window.document.plan.hardware.devices is None


def test_pressing_the_label_enters_the_field(window: Window) -> None:
    """A label that only scrubs would be dead to a click."""
    row = row_of(window, DEVICES)
    QTest.mouseClick(row.label, Qt.MouseButton.LeftButton)
    assert isinstance(row.editor, QuantityEdit)
    assert row.editor.line.hasFocus()
    assert window.document.undo_stack.count() == 0


def test_the_badge_tells_the_layer_and_leads_back(window: Window) -> None:
    """A typed value could not be taken out again."""
    row = row_of(window, PUE)
    assert row.badge.accessibleName() == "catalogue"
    type_into(window, PUE, "1.3")
    assert row.badge.accessibleName() == "typed"
    ((text, run),) = row.ways_back()
    assert text == "Reset to catalogue: 1.54"
    run()
    assert window.document.plan.site.pue is None
    assert row.badge.accessibleName() == "catalogue"
    assert row.ways_back() == []


def test_a_choice_by_press_and_its_way_back(window: Window) -> None:
    """A segment would change the plan when the choice in force is pressed, or could not be undone."""
    row = row_of(window, "training.attention_kernel")
    segments = row.editor
    assert isinstance(segments, Segments)
    buttons = {one.key: one for one in segments._segments}
    seen = []
    for key in ("fused", "unfused"):
        buttons[key].click()
        seen.append(window.document.plan.training.attention_kernel)
    assert seen == [None, "unfused"]
    window.document.undo_stack.undo()
    assert segments.key == "fused"


def test_a_row_is_found_by_typing(window: Window) -> None:
    """Two hundred countries would have to be scrolled through."""
    row = row_of(window, "site.grid")
    picker = row.editor
    assert isinstance(picker, Choice)
    row.enter()
    QTest.keyClicks(picker.line, "swed")
    QTest.keyClick(picker.line, Qt.Key.Key_Return)
    assert window.document.plan.site.grid == "SWE"
    assert picker.line.text() == "Sweden"


def test_another_row_keeps_what_was_typed_and_lists_it(window: Window) -> None:
    """Changing the accelerator would silently discard a negotiated price."""
    type_into(window, "hardware.device_power", "650 W")
    type_into(window, "purchase.price", "2.1")
    window.edit("hardware.accelerator", "a100-sxm-80")
    assert window.document.plan.get("hardware.device_power") == 650.0
    assert window.document.plan.purchase.price == pytest.approx(2.1 / 3600)
    assert window.inputs.kept.isVisible()
    assert window.inputs.kept.paths == ("hardware.device_power",)
    assert "Device power" in window.inputs.kept.sentence.text()
    window.inputs.kept.take.click()
    assert window.document.plan.get("hardware.device_power") is None
    window.document.undo_stack.undo()
    assert window.document.plan.get("hardware.device_power") == 650.0


def test_closed_panels_say_what_they_hold(window: Window) -> None:
    """Something hidden would silently be at work."""
    head = window.inputs.panels["programme"].head
    assert not window.inputs.panels["programme"].is_open
    assert (
        "staff, data, labels, storage, evaluation, serving, taxes not counted" in head.accessibleDescription()
    )
    window.edit("programme.people", 10.0)
    window.edit("programme.pay", 1e5 / 31_557_600)
    assert "staff 1.0\u00a0M$" in head.accessibleDescription()


def test_a_typed_value_under_more_is_counted(window: Window) -> None:
    """A typed value would be at work where nobody sees it."""
    panel = window.inputs.panels["hardware"]
    window.edit("failures.restart_time", 900.0)
    assert "1 typed" in panel._more.text()


def test_a_typed_result_gets_a_row_that_can_be_removed(window: Window) -> None:
    """An override could be set from the why and never be found again."""
    window.edit("efficiency.mfu", 0.41)
    row = row_of(window, "efficiency.mfu")
    assert row.badge.accessibleName() == "typed"
    ((text, run),) = row.ways_back()
    assert text.startswith("Reset to computed: ")
    assert window.inputs.panels["hardware"].typed_results.isVisible()
    run()
    assert not window.document.plan.overrides
    assert not window.inputs.panels["hardware"].typed_results.isVisible()


def test_a_finding_stands_below_its_field_and_its_fix_is_one_step(window: Window) -> None:
    """An unusual value would be told far from where it was typed."""
    type_into(window, PUE, "1.2")
    row = row_of(window, PUE)
    assert row.line.isVisible()
    assert row.line.sentence.text() == "Below the average site's 1.54."
    row.line.fix.click()
    assert window.document.plan.site.pue is None
    assert not row.line.isVisible()


def test_every_editor_has_a_name_a_label_and_help(window: Window) -> None:
    """A screen reader would say "edit" for each of ninety fields."""
    for outline in OUTLINES:
        window.inputs.panels[outline.key].show_more(more=True)
    for path, shown in descriptions().items():
        row = row_of(window, path)
        editor = row.editor
        name = editor.accessibleName() if isinstance(editor, Segments) else editor.line.accessibleName()
        assert name.startswith(shown.label), path
        assert row.label.accessibleName() == shown.label
        assert shown.help.split()[0] in editor.toolTip(), path


def test_stepping_by_rule() -> None:
    """1-2-5 would skip a rung or get stuck on one that floats cannot hold."""
    value = 0.001
    rungs = []
    for _step in range(9):
        value = stepped(value, 1, Stride.STEP, logarithmic=True, whole=False)
        rungs.append(value)
    assert rungs == [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]
    for _step in range(9):
        value = stepped(value, -1, Stride.STEP, logarithmic=True, whole=False)
    assert value == 0.001
    assert stepped(1.2, 1, Stride.STEP, logarithmic=False, whole=False) == 1.3
    assert stepped(0.0, 1, Stride.STEP, logarithmic=True, whole=True) == 1.0
    assert scrubbed(100.0, 240.0, logarithmic=True, whole=True) == 1000.0
    assert scrubbed(100.0, 0.0, logarithmic=True, whole=True) == 100.0


def test_a_decimal_comma_is_read_and_shown_in_its_locale(window: Window) -> None:
    """A French reader would see a point and type a comma that means something else."""
    marks.use("fr")
    try:
        editor = type_into(window, PUE, "1,25")
        assert window.document.plan.site.pue == 1.25
        assert editor.text == "1,25"
        assert window.document.content.raw.get(PUE) is None
        assert write(1.25, descriptions()[PUE], "fr") == "1,25"
    finally:
        marks.use("en")


def test_f1_explains_the_focused_field(window: Window, qtbot: QtBot) -> None:
    """Help would explain the program instead of the field."""
    row_of(window, PUE).enter()
    window.actions_by_name["help"].trigger()
    assert window.help_card is not None
    assert window.help_card.is_open
    assert "Power usage effectiveness" in window.help_card.lines.text()
    assert "site.pue" in window.help_card.lines.text()
    window.help_card.close_card()


def test_a_limit_that_nobody_set_is_none_and_no_lonely_unit(window: Window) -> None:
    """An empty budget would show a dollar sign and claim to be computed."""
    row = row_of(window, "programme.budget")
    editor = row.editor
    assert isinstance(editor, QuantityEdit)
    assert (editor.text, editor.line.placeholderText()) == ("", "none")
    assert row.badge.accessibleName() == "default"
    type_into(window, "programme.budget", "2 M$")
    assert window.document.undo_stack.undoText() == "budget none → 2 M$"


def test_tab_goes_from_value_to_value(window: Window) -> None:
    """Two stops a field would double every way; a wrong order would jump into the next row's badge."""
    row_of(window, "model.preset").enter()
    seen = []
    for _step in range(4):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        row = window.inputs.row_of(QApplication.focusWidget())
        seen.append(row.path if row else "")
    assert seen == ["training.task", TOKENS, "training.data_amount", "training.data_unit"]


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_menu_key_opens_the_ways_back(window: Window) -> None:
    """Without a mouse the badge could not be pressed."""
    type_into(window, PUE, "1.3")
    line = edit_of(window, PUE).line
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), line.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(line, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["Reset to catalogue: 1.54"]
    menu.actions()[0].trigger()
    menu.close()
    assert window.document.plan.site.pue is None
