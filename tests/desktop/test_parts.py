"""The painted parts: what they say to eyes and screen readers, and what keys, wheel and mouse do to them."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, QSize, Qt, QThread, QTimer
from PySide6.QtGui import (
    QAccessible,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QPainter,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QProgressBar, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tcplan_desktop.parts.badge import LAYERS, Badge
from tcplan_desktop.parts.bars import Bar, Bars, columns_of, draw_bar
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.empty_state import EmptyState
from tcplan_desktop.parts.finding import LEVELS, FindingLine
from tcplan_desktop.parts.headline_cell import Change, Headline, HeadlineCell, Scale
from tcplan_desktop.parts.icon import icon, pixmap
from tcplan_desktop.parts.option_list import Option, OptionList, matching
from tcplan_desktop.parts.panel_head import PanelHead
from tcplan_desktop.parts.popover import Popover
from tcplan_desktop.parts.progress import Progress
from tcplan_desktop.parts.segments import Segments
from tcplan_desktop.parts.table import FULL, INK, REFERENCE, SECOND, WEIGHT, Table
from tcplan_desktop.parts.tabs import Tabs
from tcplan_desktop.parts.well import Well
from tcplan_desktop.parts.well_frame import State
from tcplan_desktop.theme import THEMES, theme, themes

MONEY = Headline(
    "Money",
    "9.9",
    "M$",
    "calibrated",
    band="8.1 – 12.1",
    change=Change("−12\u202f%", -1, "good"),
    scale=Scale(9.9, 8.1, 12.1, 11.2),
)
FITS = Headline("Fits", "Yes", "", "measured", band="61 of 80 GB", share=0.76, icon="circle-check")
DEVICES = (
    Option("h100", "H100 SXM", ("80 GB", "989 TFLOP/s"), "80 GB", ("hopper",)),
    Option("b200", "B200", ("192 GB", "2250 TFLOP/s"), "192 GB", ("blackwell",)),
    Option("a100", "A100 SXM", ("80 GB", "312 TFLOP/s"), "80 GB", ("ampere",)),
    Option("svk", "Suède, moyenne", ("29 g/kWh",)),
)


class Finds(Protocol):
    """The fixture that looks for what is left."""

    def found(self) -> list[str]: ...


def well() -> Well:
    made = Well("Price")
    made.show_text("1.9 … 2.75")
    made.set_unit("$/h")
    made.set_note(True)
    return made


def refused() -> Well:
    made = Well("Power")
    made.show_text("3 kWh")
    made.set_unit("kW")
    made.refuse("kWh is energy, this is power", 2, 5)
    return made


def unusual() -> Well:
    made = Well("PUE")
    made.show_text("1.2")
    made.set_state(State.UNUSUAL)
    return made


def computing() -> Well:
    made = Well("Layout")
    made.show_text("TP 8 · PP 4")
    made.set_state(State.COMPUTING)
    return made


def doubtful() -> Well:
    made = Well("PUE")
    made.show_text("1,000")
    made.set_message("read as 1000", "text2", "use 1.000")
    return made


def choice() -> Choice:
    made = Choice("Accelerator")
    made.set_options(DEVICES)
    made.show_key("h100")
    return made


def segments() -> Segments:
    made = Segments("Precision", (("bf16", "bf16"), ("fp8", "fp8")))
    made.show_key("bf16")
    return made


def tabs() -> Tabs:
    made = Tabs("Views")
    for name in ("Curves", "Breakdown", "Uncertainty"):
        made.addTab(name)
    return made


def toggle() -> Button:
    made = Button("Log", kind=Kind.TINT)
    made.setChecked(True)
    return made


def chosen_cell() -> HeadlineCell:
    made = HeadlineCell(MONEY)
    made.set_chosen(True)
    return made


def stale_cell() -> HeadlineCell:
    made = HeadlineCell(MONEY)
    made.set_stale(True)
    return made


def closed_panel() -> PanelHead:
    made = PanelHead("Programme", is_open=False)
    made.set_summary("Final run only")
    return made


def finding(level: str) -> FindingLine:
    made = FindingLine()
    made.show_finding(level, "PUE below the site’s 1.35.", "Use 1.35")
    return made


def progress() -> Progress:
    made = Progress()
    made.show_work("Layout search", 0.64, "8 s left")
    return made


def bars() -> Bars:
    made = Bars("If an input rises by 10 %", signed=True)
    made.show_bars((Bar("tokens", 10.0, "+10.0\u202f%", key="tokens"), Bar("MFU", -9.1, "−9.1\u202f%")))
    return made


def breakdown() -> Bars:
    made = Bars("Where the money goes")
    made.show_bars(
        (Bar("Devices", 8.4, "8.42", "85\u202f%"), Bar("Total", 9.9, "9.90", "100\u202f%", strong=True))
    )
    return made


def table() -> Table:
    model = QStandardItemModel(2, 2)
    model.setHorizontalHeaderLabels(["Run", "error"])
    right = int((Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter).value)
    model.setHeaderData(1, Qt.Orientation.Horizontal, right, Qt.ItemDataRole.TextAlignmentRole)
    for row, (name, error, full) in enumerate((("70B <dense>", "+6 %", "5.98"), ("65B", "−4 %", "-4.02"))):
        first, second = QStandardItem(name), QStandardItem(error)
        first.setData("2024", SECOND)
        second.setData(right, Qt.ItemDataRole.TextAlignmentRole)
        second.setData(full, FULL)
        second.setData(600, WEIGHT)
        second.setData("text3", INK)
        second.setData(True, REFERENCE)
        model.setItem(row, 0, first)
        model.setItem(row, 1, second)
    made = Table("Published runs")
    model.setParent(made)
    made.setModel(model)
    return made


PARTS: dict[str, Callable[[], QWidget]] = {
    "well": well,
    "refused": refused,
    "unusual": unusual,
    "computing": computing,
    "doubtful": doubtful,
    "choice": choice,
    "segments": segments,
    "tabs": tabs,
    "outline": lambda: Button("Compare", icon_name="git-compare", key="Ctrl D"),
    "solid": lambda: Button("Save copy", kind=Kind.SOLID),
    "toggle": toggle,
    "quiet": lambda: Button("Note", kind=Kind.QUIET, icon_name="sticky-note", key="F4"),
    "bare": lambda: Button(kind=Kind.QUIET, icon_name="download", name="Export"),
    "link": lambda: Button("Use row", kind=Kind.LINK),
    "cell": lambda: HeadlineCell(MONEY),
    "share cell": lambda: HeadlineCell(FITS),
    "chosen cell": chosen_cell,
    "stale cell": stale_cell,
    "panel": lambda: PanelHead("Model"),
    "closed panel": closed_panel,
    "progress": progress,
    "empty": lambda: EmptyState("git-compare", "Nothing yet", "Duplicate this.", "Duplicate", "Ctrl D"),
    "bars": bars,
    "breakdown": breakdown,
    "table": table,
    **{f"badge {layer}": partial(Badge, layer) for layer in LAYERS},
    **{f"compact {layer}": partial(Badge, layer, compact=True) for layer in LAYERS},
    **{f"finding {level}": partial(finding, level) for level in LEVELS},
}


_open: list[QWidget] = []


@pytest.fixture(autouse=True)
def kept() -> Iterator[None]:
    """Keep the windows of a test until it ends; Qt's bot holds them only weakly."""
    yield
    _open.clear()


def shown(qtbot: QtBot, widget: QWidget) -> QWidget:
    """Put a part on a window of its size."""
    window = QWidget()
    qtbot.addWidget(window)
    widget.setParent(window)
    window.resize(max(widget.sizeHint().width(), 220) + 20, widget.sizeHint().height() + 20)
    widget.setGeometry(10, 10, window.width() - 20, window.height() - 20)
    window.show()
    qtbot.waitExposed(window)
    _open.append(window)
    return window


def in_window(qtbot: QtBot, *parts: QWidget, size: tuple[int, int] = (400, 500)) -> QWidget:
    """Put parts below each other on an active window."""
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    window.resize(*size)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    # Otherwise the first part has the focus already, and giving it says nothing.
    first = window.focusWidget()
    if first is not None:
        first.clearFocus()
    _open.append(window)
    return window


@pytest.mark.parametrize("name", PARTS)
def test_each_part_is_drawn_in_each_theme(qtbot: QtBot, name: str) -> None:
    """Fails when a part raises while painting, paints nothing, or does not change with the theme."""
    window = shown(qtbot, PARTS[name]())
    empty = QWidget()
    qtbot.addWidget(empty)
    empty.resize(window.size())
    pictures: list[QImage] = []
    for look in THEMES:
        themes.choose(look)
        pictures.append(window.grab().toImage())
        assert pictures[-1] != empty.grab().toImage()
    assert pictures[0] != pictures[1]
    assert pictures[1] != pictures[2]


@pytest.mark.parametrize("name", PARTS)
def test_each_part_grows_with_the_text(qtbot: QtBot, name: str) -> None:
    """Fails when a part keeps its height at 150 % and cuts its words."""
    part = PARTS[name]()
    qtbot.addWidget(part)
    before = part.sizeHint().height()
    themes.set_text_size(1.5)
    part.ensurePolished()
    layout = part.layout()
    if layout is not None:
        layout.activate()
    after = part.sizeHint().height()
    assert after > before or name == "table"


@pytest.mark.parametrize(
    ("name", "role", "said"),
    [
        ("badge typed", QAccessible.Role.Button, "typed"),
        ("compact scenario", QAccessible.Role.Button, "scenario"),
        ("outline", QAccessible.Role.Button, "Compare"),
        ("bare", QAccessible.Role.Button, "Export"),
        ("toggle", QAccessible.Role.CheckBox, "Log"),
        ("cell", QAccessible.Role.Button, "Money: 9.9 M$"),
        ("stale cell", QAccessible.Role.Button, "Money: 9.9 M$"),
        ("closed panel", QAccessible.Role.CheckBox, "Programme"),
        ("table", QAccessible.Role.Table, "Published runs"),
        ("finding warning", QAccessible.Role.Client, "Unusual: PUE below the site’s 1.35."),
    ],
)
def test_each_part_tells_role_and_name(qtbot: QtBot, name: str, role: QAccessible.Role, said: str) -> None:
    """Fails when a screen reader finds an unnamed thing."""
    part = PARTS[name]()
    qtbot.addWidget(part)
    interface = QAccessible.queryAccessibleInterface(part)
    assert interface.role() == role
    assert interface.text(QAccessible.Text.Name) == said


def test_tabs_tell_role_and_names(qtbot: QtBot) -> None:
    """Fails when painted tabs are one unnamed thing."""
    bar = tabs()
    qtbot.addWidget(bar)
    interface = QAccessible.queryAccessibleInterface(bar)
    assert interface.role() == QAccessible.Role.PageTabList
    children = [interface.child(index) for index in range(3)]
    assert [one.text(QAccessible.Text.Name) for one in children] == ["Curves", "Breakdown", "Uncertainty"]
    assert {one.role() for one in children} == {QAccessible.Role.PageTab}


def test_cells_describe_what_colour_and_place_say(qtbot: QtBot) -> None:
    """Fails when band, change, confidence or staleness exist only for eyes."""
    cell = HeadlineCell(MONEY)
    qtbot.addWidget(cell)
    assert cell.accessibleDescription() == "8.1 – 12.1, −12\u202f%, calibrated"
    cell.set_stale(True)
    assert cell.accessibleDescription().endswith("computing")


def test_fields_tell_name_and_message(qtbot: QtBot) -> None:
    """Fails when the reason of a refusal is only seen."""
    part = refused()
    qtbot.addWidget(part)
    interface = QAccessible.queryAccessibleInterface(part.line)
    assert interface.role() == QAccessible.Role.EditableText
    assert interface.text(QAccessible.Text.Name) == "Power"
    assert interface.text(QAccessible.Text.Description) == "kWh is energy, this is power"


# wells


def test_a_text_is_committed_once(qtbot: QtBot) -> None:
    """Fails when leaving a field commits again, so that undo gets a step that does nothing."""
    first, second = Well("Tokens"), Well("Sequence")
    first.show_text("15")
    in_window(qtbot, first, second)
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


def test_a_refusal_keeps_the_text_until_it_is_answered(qtbot: QtBot) -> None:
    """Fails when a new result wipes the wrong text that a person is about to mend."""
    part = Well("Power")
    part.show_text("3")
    in_window(qtbot, part)
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


def test_typing_is_not_overwritten_by_results(qtbot: QtBot) -> None:
    """Fails when a result that arrives while one types replaces the letters."""
    part = Well("Tokens")
    part.show_text("15")
    in_window(qtbot, part)
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
    qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier, step: tuple[int, str]
) -> None:
    """Fails when a key steps the wrong way or by the wrong size."""
    part = Well("Tokens")
    in_window(qtbot, part)
    with qtbot.waitSignal(part.stepped) as caught:
        QTest.keyClick(part.line, key, modifier)
    assert tuple(caught.args) == step


def test_undo_is_the_documents_until_one_types(qtbot: QtBot) -> None:
    """Fails when Ctrl+Z in a field at rest is swallowed by the line of text."""
    part = Well("Tokens")
    part.show_text("15")
    in_window(qtbot, part)
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


def test_a_message_makes_room_and_its_fix_can_be_pressed(qtbot: QtBot) -> None:
    """Fails when the echo covers the next field or the fix is only words."""
    part = Well("PUE")
    in_window(qtbot, part)
    height = part.sizeHint().height()
    assert height == 32
    part.set_message("read as 1000", "text2", "use 1.000")
    assert part.sizeHint().height() == 52
    link = next(one for one in part.findChildren(Button) if one.text() == "use 1.000")
    with qtbot.waitSignal(part.fixed):
        QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    part.set_message("")
    assert part.sizeHint().height() == height


def test_reduced_motion_stops_the_flash(qtbot: QtBot) -> None:
    """Fails when a field flashes at people who asked for stillness."""
    part = unusual()
    window = shown(qtbot, part)
    still = window.grab().toImage()
    themes.set_reduced_motion(True)
    part.flash()
    assert window.grab().toImage() == still


# wheel


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


# choices


def open_list(part: Choice) -> OptionList:
    found = part.window().findChild(OptionList)
    assert isinstance(found, OptionList)
    return found


def test_typing_finds_and_enter_takes(qtbot: QtBot) -> None:
    """Fails when a choice cannot be made by keyboard alone, or takes what was not chosen."""
    part = choice()
    in_window(qtbot, part)
    part.line.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(part.line, "blackw")
    assert part.is_open
    assert [one.key for one in open_list(part).shown] == ["b200"]
    with qtbot.waitSignal(part.picked) as caught:
        QTest.keyClick(part.line, Qt.Key.Key_Return)
    assert caught.args == ["b200"]
    assert (part.line.text(), part.unit.text(), part.is_open) == ("B200", "192 GB", False)


def test_arrows_move_and_escape_keeps_the_value(qtbot: QtBot) -> None:
    """Fails when looking through a list changes the plan."""
    part = choice()
    in_window(qtbot, part)
    part.line.setFocus(Qt.FocusReason.TabFocusReason)
    picked: list[str] = []
    part.picked.connect(picked.append)
    QTest.keyClick(part.line, Qt.Key.Key_Down)
    assert open_list(part).current == DEVICES[0]
    QTest.keyClick(part.line, Qt.Key.Key_Down)
    assert open_list(part).current == DEVICES[1]
    QTest.keyClick(part.line, Qt.Key.Key_Escape)
    assert (picked, part.key, part.line.text(), part.is_open) == ([], "h100", "H100 SXM", False)


def test_half_a_word_is_no_choice(qtbot: QtBot) -> None:
    """Fails when leaving the field with half a word leaves that word, or takes a row by itself."""
    part, other = choice(), well()
    in_window(qtbot, part, other)
    part.line.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(part.line, "a1")
    other.line.setFocus(Qt.FocusReason.TabFocusReason)
    assert (part.key, part.line.text(), part.is_open) == ("h100", "H100 SXM", False)


def test_taking_the_same_row_changes_nothing(qtbot: QtBot) -> None:
    """Fails when choosing what is chosen becomes a step of undo."""
    part = choice()
    in_window(qtbot, part)
    picked: list[str] = []
    part.picked.connect(picked.append)
    part.open_list()
    QTest.keyClick(part.line, Qt.Key.Key_Return)
    assert picked == []


def test_a_click_outside_closes_the_list(qtbot: QtBot) -> None:
    """Fails when a list stays over the form, or a second click opens it again."""
    part = choice()
    other = Button("Compare")
    window = in_window(qtbot, part, other, size=(400, 700))
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


def test_three_hundred_rows_open_inside_the_window(qtbot: QtBot) -> None:
    """Fails when a long list runs out of the window or hides the row in force."""
    part = Choice("Grid")
    part.set_options([Option(f"g{n}", f"Grid {n}", (f"{n} g/kWh",)) for n in range(300)])
    part.show_key("g250")
    window = in_window(qtbot, part)
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


def test_segments_are_taken_by_arrow_and_mouse(qtbot: QtBot) -> None:
    """Fails when a fixed choice cannot be reached by keyboard."""
    part = segments()
    in_window(qtbot, part)
    part.setFocus(Qt.FocusReason.TabFocusReason)
    focused = QApplication.focusWidget()
    assert focused is not None
    with qtbot.waitSignal(part.picked) as caught:
        QTest.keyClick(focused, Qt.Key.Key_Right)
    assert caught.args == ["fp8"]
    assert part.key == "fp8"


# tabs, buttons, heads


def test_tabs_keep_their_widths(qtbot: QtBot) -> None:
    """Fails when choosing a tab moves its neighbours."""
    bar = tabs()
    shown(qtbot, bar)
    places = []
    for index in range(bar.count()):
        bar.setCurrentIndex(index)
        places.append([bar.tabRect(one).getRect() for one in range(bar.count())])
    assert places[0] == places[1] == places[2]


def test_the_ring_comes_with_the_keyboard_only(qtbot: QtBot) -> None:
    """Fails when a click leaves a ring, or the keyboard leaves none."""
    button, other = Button("Compare"), Button("Note")
    in_window(qtbot, button, other)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    rings = []
    for reason in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.TabFocusReason):
        other.setFocus(reason)
        button.setFocus(reason)
        rings.append(button.ringed)
    assert rings == [False, True]
    image = button.grab().toImage()
    assert image.pixelColor(image.width() // 2, 0).name() == theme().focus.name()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Enter])
@pytest.mark.parametrize("make", [lambda: Button("Compare"), lambda: HeadlineCell(MONEY), Badge])
def test_enter_and_space_press(qtbot: QtBot, make: Callable[[], Button], key: Qt.Key) -> None:
    """Fails when a painted control answers the mouse alone."""
    part = make()
    in_window(qtbot, part)
    with qtbot.waitSignal(part.clicked):
        QTest.keyClick(part, key)


def test_a_badge_asks_for_its_menu_below_itself(qtbot: QtBot) -> None:
    """Fails when the ways back open elsewhere on the screen."""
    part = Badge("typed")
    in_window(qtbot, part)
    with qtbot.waitSignal(part.asked) as caught:
        QTest.mouseClick(part, Qt.MouseButton.LeftButton)
    assert part.rect().contains(part.mapFromGlobal(caught.args[0]))
    part.set_layer("catalogue", "H100 SXM, October 2026")
    assert part.accessibleName() == "catalogue"
    assert part.toolTip() == "<qt>H100 SXM, October 2026</qt>"


def test_a_closed_panel_says_what_it_holds(qtbot: QtBot) -> None:
    """Fails when something hidden is silently at work."""
    head = closed_panel()
    in_window(qtbot, head)
    assert (head.sizeHint().height(), head.accessibleDescription()) == (56, "Final run only")
    with qtbot.waitSignal(head.opened) as caught:
        QTest.keyClick(head, Qt.Key.Key_Space)
    assert caught.args == [True]
    assert head.sizeHint().height() == 36


def test_a_finding_offers_its_fix(qtbot: QtBot) -> None:
    """Fails when a finding without a fix shows an empty link, or one with a fix cannot be pressed."""
    line = finding("error")
    in_window(qtbot, line)
    with qtbot.waitSignal(line.fixed):
        QTest.mouseClick(line.fix, Qt.MouseButton.LeftButton)
    line.show_finding("advice", "Norway: 174 t less carbon.")
    assert line.fix.isHidden()


def test_scales_compare_across_cells() -> None:
    """Fails when the same relative band has another length in another cell."""
    money, time = Scale(10.0), Scale(80.0)
    assert money.place(5.0) == 0.0
    assert money.place(20.0) == 1.0
    assert money.place(10.0) == 0.5
    assert money.place(12.0) == pytest.approx(time.place(96.0))
    assert money.place(1000.0) == 1.0
    assert Scale(0.0).place(3.0) == 0.5


def test_progress_counts_for_screen_readers_and_can_be_ended(qtbot: QtBot) -> None:
    """Fails when long work has no way out or no number."""
    part = progress()
    in_window(qtbot, part)
    bar = part.findChild(QProgressBar)
    assert isinstance(bar, QProgressBar)
    assert QAccessible.queryAccessibleInterface(bar).role() == QAccessible.Role.ProgressBar
    assert (bar.accessibleName(), bar.value(), part.share.text()) == ("Layout search", 640, "64\u202f%")
    with qtbot.waitSignal(part.cancelled):
        QTest.mouseClick(part.cancel, Qt.MouseButton.LeftButton)


def test_an_empty_view_says_how_to_fill_it(qtbot: QtBot) -> None:
    """Fails when the button of an empty view does nothing."""
    part = EmptyState("git-compare", "Nothing to compare yet", "Duplicate this scenario.", "Duplicate")
    in_window(qtbot, part)
    with qtbot.waitSignal(part.asked):
        QTest.mouseClick(part.button, Qt.MouseButton.LeftButton)


# popover


def test_escape_closes_a_card_and_gives_the_focus_back(qtbot: QtBot) -> None:
    """Fails when the keyboard is lost after a card."""
    cell = HeadlineCell(MONEY)
    window = in_window(qtbot, cell)
    card = Popover(window, tail=True)
    inside = Button("Copy")
    card.content.addWidget(inside)
    cell.setFocus(Qt.FocusReason.TabFocusReason)
    card.open_at(cell)
    assert inside.hasFocus()
    with qtbot.waitSignal(card.closed):
        QTest.keyClick(inside, Qt.Key.Key_Escape)
    assert cell.hasFocus()
    assert cell.ringed


def test_a_card_stays_inside_its_window(qtbot: QtBot) -> None:
    """Fails when a card at the lower edge or the right is cut off."""
    low = Button("Low")
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    low.setParent(window)
    low.move(350, 270)
    window.show()
    card = Popover(window)
    card.open_at(low, size=QSize(200, 150))
    assert window.rect().contains(card.geometry().adjusted(10, 10, -10, -13))
    assert card.geometry().bottom() - 13 <= low.y()
    window.resize(390, 300)
    assert not card.is_open


# bars, tables, icons


def test_bars_start_at_zero_and_keep_their_proportions(qtbot: QtBot) -> None:
    """Fails when a bar of half the value has another length than half, or a loss points to a gain."""
    part = bars()
    qtbot.addWidget(part)
    columns = columns_of((Bar("a", 10.0, "x"), Bar("b", -5.0, "y")), 400.0, part.stroke())
    assert columns.unit * 15.0 == pytest.approx(400.0 - columns.label - columns.text - 24.0)
    assert columns.zero == pytest.approx(columns.label + 12.0 + 5.0 * columns.unit)
    nothing = columns_of((Bar("a", 0.0, "0"),), 400.0, part.stroke())
    assert nothing.unit == 0.0


def test_a_row_of_bars_can_be_asked(qtbot: QtBot) -> None:
    """Fails when a bar is a dead end, or a row without a reason takes the keyboard."""
    part = bars()
    in_window(qtbot, part)
    rows = [one for one in part.findChildren(QWidget) if one.accessibleName() in ("tokens", "MFU")]
    with qtbot.waitSignal(part.pressed) as caught:
        QTest.mouseClick(rows[0], Qt.MouseButton.LeftButton)
    assert caught.args == ["tokens"]
    assert [one.focusPolicy() == Qt.FocusPolicy.NoFocus for one in rows] == [False, True]
    assert rows[1].accessibleDescription() == "−9.1\u202f%"


def test_bars_that_stay_keep_the_focus(qtbot: QtBot) -> None:
    """Fails when each new result throws the keyboard out of the rows."""
    part = bars()
    in_window(qtbot, part)
    row = next(one for one in part.findChildren(QWidget) if one.accessibleName() == "tokens")
    row.setFocus(Qt.FocusReason.TabFocusReason)
    part.show_bars((Bar("tokens", 9.0, "+9.0\u202f%", key="tokens"), Bar("MFU", -8.0, "−8.0\u202f%")))
    assert row.hasFocus()
    assert row.accessibleDescription() == "+9.0\u202f%"


def test_tables_are_copied_with_every_digit(qtbot: QtBot) -> None:
    """Fails when a sheet gets rounded numbers, or a name breaks the HTML."""
    part = table()
    in_window(qtbot, part)
    part.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(part, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = QGuiApplication.clipboard().mimeData()
    assert isinstance(data, QMimeData)
    assert data.text() == "Run\terror\n70B <dense>\t5.98\n65B\t-4.02\n"
    assert "70B &lt;dense&gt;" in data.html()
    part.selectRow(1)
    assert part.rows() == [["Run", "error"], ["65B", "-4.02"]]


def test_tables_let_tab_go_on(qtbot: QtBot) -> None:
    """Fails when a table traps the keyboard."""
    part, after = table(), Button("Copy")
    in_window(qtbot, part, after)
    part.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(part, Qt.Key.Key_Tab)
    assert after.hasFocus()


def test_icons_take_the_colour_and_the_ratio(qtbot: QtBot) -> None:
    """Fails when an icon is black on black, or blurred at 200 %."""
    fine = pixmap("pencil", "#ff0000", 16, 2.0)
    assert (fine.width(), fine.devicePixelRatio()) == (32, 2.0)
    image = fine.toImage()
    seen = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
    strong = [color for color in seen if color.alpha() > 200]
    assert strong
    assert all(color.red() > 200 and color.green() < 60 for color in strong)
    before = icon("pencil").pixmap(16, 16).toImage()
    themes.choose("dark")
    assert icon("pencil").pixmap(16, 16).toImage() != before


def test_parts_can_be_drawn_by_any_painter(qtbot: QtBot) -> None:
    """Fails when the bars of the screen cannot be drawn on paper."""
    part = breakdown()
    qtbot.addWidget(part)
    image = QImage(400, 32, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    stroke = part.stroke()
    columns = columns_of(part.bars, 400.0, stroke)
    draw_bar(painter, part.bars[0], columns, QRectF(0, 0, 400, 32), stroke, 14)
    painter.end()
    assert image.pixelColor(round(columns.zero) + 3, 16).name() == theme().s1.name()


# leaks


def test_what_a_test_leaves_is_found(leaks: Finds) -> None:
    """Fails when the fixtures of this folder let a window, a timer or a thread pass."""
    assert leaks.found() == []
    window = QWidget()
    timer = QTimer()
    timer.start(10_000)
    thread = QThread()
    thread.start()
    found = "\n".join(leaks.found())
    assert "window <PySide6.QtWidgets.QWidget" in found
    assert "QTimer still running" in found
    assert "QThread still running" in found
    assert "test_parts.py" in found
    timer.stop()
    thread.quit()
    assert thread.wait(5000)
    window.deleteLater()
    assert leaks.found() == []
