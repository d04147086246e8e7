"""Wells, choices and segments: what is typed is kept, committed once, and never changed by the wheel."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QKeyEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from tests.desktop.samples import DEVICES, Stage, choice, refused, segments, tabs, unusual, well

from tcplan_desktop.parts.button import Button
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.option_list import Option, OptionList, matching
from tcplan_desktop.parts.segments import Segments
from tcplan_desktop.parts.tabs import Tabs
from tcplan_desktop.parts.well import Well
from tcplan_desktop.parts.well_frame import State
from tcplan_desktop.theme import px, themes


def test_a_text_is_committed_once(stage: Stage) -> None:
    """Fails when leaving a field commits again, so that undo gets a step that does nothing."""
    first, second = Well("Tokens"), Well("Sequence")
    first.show_text("15")
    stage.column(first, second)
    said: list[str] = []
    first.committed.connect(said.append)
    first.line.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(first.line, Qt.Key.Key_Return)
    second.line.setFocus(Qt.FocusReason.TabFocusReason)
    assert said == []
    first.line.setFocus(Qt.FocusReason.TabFocusReason)
    assert first.line.selectedText() == "15"
    QTest.keyClicks(first.line, "20")
    QTest.keyClick(first.line, Qt.Key.Key_Return)
    first.show_text("20")
    second.line.setFocus(Qt.FocusReason.TabFocusReason)
    assert said == ["20"]


def test_a_refusal_keeps_the_text_until_it_is_answered(stage: Stage, qtbot: QtBot) -> None:
    """Fails when a new result wipes the wrong text that a person is about to mend."""
    part = Well("Power")
    part.show_text("3")
    stage.column(part)
    part.committed.connect(lambda _text: part.refuse("kWh is energy, this is power", 2, 5))
    part.line.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(part.line, "3 kWh")
    QTest.keyClick(part.line, Qt.Key.Key_Return)
    assert part.state is State.REFUSED
    assert part.line.selectedText() == "kWh"
    part.show_text("3")
    assert part.text == "3 kWh"
    assert part.message == "kWh is energy, this is power"
    with qtbot.waitSignal(part.restored):
        QTest.keyClick(part.line, Qt.Key.Key_Escape)
    assert (part.text, part.state, part.message) == ("3", State.REST, "")


def test_a_new_value_ends_a_refusal(qtbot: QtBot) -> None:
    """Fails when undo leaves the field with a text that is not in the plan."""
    part = refused()
    qtbot.addWidget(part)
    part.show_text("4")
    assert (part.text, part.state) == ("4", State.REST)


def test_typing_is_not_overwritten_by_results(stage: Stage) -> None:
    """Fails when a result that arrives while one types replaces the letters."""
    part = Well("Tokens")
    part.show_text("15")
    stage.column(part)
    part.line.setFocus(Qt.FocusReason.TabFocusReason)
    typed: list[str] = []
    part.typing.connect(typed.append)
    QTest.keyClicks(part.line, "2")
    part.show_text("16")
    assert part.text == "2"
    assert typed == ["2"]
    QTest.keyClick(part.line, Qt.Key.Key_Escape)
    assert part.text == "16"


@pytest.mark.parametrize(
    ("key", "modifier", "step"),
    [
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, (1, "step")),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier, (-1, "fine")),
        (Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier, (1, "decade")),
    ],
)
def test_arrows_ask_for_steps(
    stage: Stage, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier, step: tuple[int, str]
) -> None:
    """Fails when a key steps the wrong way or by the wrong size."""
    part = Well("Tokens")
    stage.column(part)
    with qtbot.waitSignal(part.stepped) as caught:
        QTest.keyClick(part.line, key, modifier)
    assert tuple(caught.args) == step


def test_undo_is_the_documents_until_one_types(stage: Stage) -> None:
    """Fails when Ctrl+Z in a field at rest is swallowed by the line of text."""
    part = Well("Tokens")
    part.show_text("15")
    stage.column(part)
    part.line.setFocus(Qt.FocusReason.TabFocusReason)
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    override.ignore()
    QApplication.sendEvent(part.line, override)
    assert not override.isAccepted()
    QTest.keyClicks(part.line, "2")
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    override.ignore()
    QApplication.sendEvent(part.line, override)
    assert override.isAccepted()


def test_a_message_makes_room_and_its_fix_can_be_pressed(stage: Stage, qtbot: QtBot) -> None:
    """Fails when the echo covers the next field or the fix is only words."""
    part = Well("PUE")
    stage.column(part)
    height = part.sizeHint().height()
    assert height == 32
    part.set_message("read as 1000", "text2", "use 1.000")
    assert part.sizeHint().height() == 52
    link = next(one for one in part.findChildren(Button) if one.text() == "use 1.000")
    with qtbot.waitSignal(part.fixed):
        QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    part.set_message("")
    assert part.sizeHint().height() == height


def test_reduced_motion_stops_the_flash(stage: Stage) -> None:
    """Fails when a field flashes at people who asked for stillness."""
    part = unusual()
    window = stage.alone(part)
    still = window.grab().toImage()
    themes.set_reduced_motion(True)
    part.flash()
    assert window.grab().toImage() == still


@pytest.mark.parametrize("make", [well, choice, segments, tabs])
@pytest.mark.parametrize("focused", [True, False])
def test_the_wheel_scrolls_and_changes_nothing(
    qtbot: QtBot, make: Callable[[], QWidget], focused: bool
) -> None:
    """Fails when scrolling over a form changes a value."""
    part = make()
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.addWidget(part)
    column.addSpacing(2000)
    area = QScrollArea()
    qtbot.addWidget(area)
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.resize(300, 200)
    area.show()
    qtbot.waitExposed(area)
    if focused:
        part.setFocus(Qt.FocusReason.TabFocusReason)
    before = value_of(part)
    target = part.line if isinstance(part, Well | Choice) else part
    where = QPointF(target.mapTo(area, target.rect().center()))
    QTest.wheelEvent(area.windowHandle(), where, QPoint(0, -120))
    qtbot.waitUntil(lambda: area.verticalScrollBar().value() > 0)
    assert value_of(part) == before


def value_of(part: QWidget) -> object:
    if isinstance(part, Well):
        return part.text
    if isinstance(part, Choice | Segments):
        return part.key
    assert isinstance(part, Tabs)
    return part.currentIndex()


def open_list(part: Choice) -> OptionList:
    found = part.window().findChild(OptionList)
    assert isinstance(found, OptionList)
    return found


def test_typing_finds_and_enter_takes(stage: Stage, qtbot: QtBot) -> None:
    """Fails when a choice cannot be made by keyboard alone, or takes what was not chosen."""
    part = choice()
    stage.column(part)
    part.line.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(part.line, "blackw")
    assert part.is_open
    assert [one.key for one in open_list(part).shown] == ["b200"]
    with qtbot.waitSignal(part.picked) as caught:
        QTest.keyClick(part.line, Qt.Key.Key_Return)
    assert caught.args == ["b200"]
    assert (part.line.text(), part.unit.text(), part.is_open) == ("B200", "192 GB", False)


def test_arrows_move_and_escape_keeps_the_value(stage: Stage) -> None:
    """Fails when looking through a list changes the plan."""
    part = choice()
    stage.column(part)
    part.line.setFocus(Qt.FocusReason.TabFocusReason)
    picked: list[str] = []
    part.picked.connect(picked.append)
    QTest.keyClick(part.line, Qt.Key.Key_Down)
    assert open_list(part).current == DEVICES[0]
    QTest.keyClick(part.line, Qt.Key.Key_Down)
    assert open_list(part).current == DEVICES[1]
    QTest.keyClick(part.line, Qt.Key.Key_Escape)
    assert (picked, part.key, part.line.text(), part.is_open) == ([], "h100", "H100 SXM", False)


def test_half_a_word_is_no_choice(stage: Stage) -> None:
    """Fails when leaving the field with half a word leaves that word, or takes a row by itself."""
    part, other = choice(), well()
    stage.column(part, other)
    part.line.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(part.line, "a1")
    other.line.setFocus(Qt.FocusReason.TabFocusReason)
    assert (part.key, part.line.text(), part.is_open) == ("h100", "H100 SXM", False)


def test_taking_the_same_row_changes_nothing(stage: Stage) -> None:
    """Fails when choosing what is chosen becomes a step of undo."""
    part = choice()
    stage.column(part)
    picked: list[str] = []
    part.picked.connect(picked.append)
    part.open_list()
    QTest.keyClick(part.line, Qt.Key.Key_Return)
    assert picked == []


def test_a_click_outside_closes_the_list(stage: Stage) -> None:
    """Fails when a list stays over the form, or a second click opens it again."""
    part = choice()
    other = Button("Compare")
    window = stage.column(part, other, size=(400, 700))
    states = []
    for _click in range(2):
        QTest.mouseClick(part.line, Qt.MouseButton.LeftButton)
        states.append(part.is_open)
    assert states == [True, False]
    part.open_list()
    QTest.mouseClick(window, Qt.MouseButton.LeftButton, pos=QPoint(200, 690))
    assert not part.is_open


def test_rows_are_found_without_accents_and_in_any_order() -> None:
    """Fails when people must type `è`, or words in the order of the table."""
    assert [one.key for one in matching(DEVICES, "suede")] == ["svk"]
    assert [one.key for one in matching(DEVICES, "80 sxm")] == ["h100", "a100"]
    assert [one.key for one in matching(DEVICES, "a100")] == ["a100"]
    assert matching(DEVICES, "nothing such") == ()


def test_three_hundred_rows_open_inside_the_window(stage: Stage) -> None:
    """Fails when a long list runs out of the window or hides the row in force."""
    part = Choice("Grid")
    part.set_options([Option(f"g{n}", f"Grid {n}", (f"{n} g/kWh",)) for n in range(300)])
    part.show_key("g250")
    window = stage.column(part)
    part.open_list()
    card = open_list(part)
    assert window.rect().contains(card.geometry().adjusted(10, 10, -10, -13))
    assert card.current is not None
    assert card.current.key == "g250"


def test_a_key_without_row_is_shown_as_it_is(qtbot: QtBot) -> None:
    """Fails when a plan with a row that this catalogue lacks shows an empty field."""
    part = choice()
    qtbot.addWidget(part)
    part.show_key("tpu-v9")
    assert part.line.text() == "tpu-v9"


def test_a_long_name_is_shortened_until_one_enters(stage: Stage) -> None:
    """Fails when half a letter stands at the edge of the well, or entering shows half a name."""
    part, other = Choice("Data centre"), well()
    part.set_options((Option("w", "World average of the data centres that answered"), *DEVICES))
    part.show_key("w")
    stage.column(part, other, size=(200, 300))
    assert part.line.text().endswith("…")
    assert "World average of the data centres that answered" in part.line.toolTip()
    part.line.setFocus(Qt.FocusReason.TabFocusReason)
    assert part.line.text() == "World average of the data centres that answered"
    assert part.line.selectedText() == part.line.text()
    other.line.setFocus(Qt.FocusReason.TabFocusReason)
    assert part.line.text().endswith("…")
    assert part.key == "w"


def test_segments_are_taken_by_arrow_and_mouse(stage: Stage, qtbot: QtBot) -> None:
    """Fails when a fixed choice cannot be reached by keyboard."""
    part = segments()
    stage.column(part)
    part.setFocus(Qt.FocusReason.TabFocusReason)
    focused = QApplication.focusWidget()
    assert focused is not None
    with qtbot.waitSignal(part.picked) as caught:
        QTest.keyClick(focused, Qt.Key.Key_Right)
    assert caught.args == ["fp8"]
    assert part.key == "fp8"


def test_the_list_is_as_long_as_what_the_typed_text_leaves(stage: Stage) -> None:
    """A card of ten rows would stand nearly empty over half of the form."""
    choice = Choice("Location")
    choice.set_options([Option(name, name) for name in ("France", "Finland", "Poland", "Sweden", "Norway")])
    above = QWidget()
    above.setMinimumHeight(320)
    window = stage.column(above, choice, size=(400, 400))
    choice.open_list()
    card = window.findChild(OptionList)
    assert isinstance(card, OptionList)
    whole, foot = card.height(), card.geometry().bottom()
    assert foot < choice.mapTo(window, QPoint(0, choice.height())).y()
    QTest.keyClicks(choice.line, "swe")
    assert [one.key for one in card.shown] == ["Sweden"]
    assert card.height() == whole - 4 * px(28)
    assert card.geometry().bottom() == foot


def test_a_long_text_that_is_entered_shows_its_beginning(stage: Stage) -> None:
    """One would edit "ge (Uptime survey)" and not know of what."""
    well = Well("Data centre")
    well.show_text("World average of the Uptime survey, all sizes")
    stage.column(well, size=(160, 100))
    well.setFocus(Qt.FocusReason.TabFocusReason)
    assert well.line.selectedText() == well.text
    assert well.line.cursorPosition() == 0
    QTest.keyClicks(well.line, "x")
    assert well.text == "x"
