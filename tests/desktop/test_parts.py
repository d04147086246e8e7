"""The painted parts: each is drawn in each theme, grows with the text, and tells screen readers its name."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Protocol

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QAccessible,
    QImage,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tcplan_desktop.parts.badge import LAYERS, Badge
from tcplan_desktop.parts.bars import Bar, Bars
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.choice import Choice
from tcplan_desktop.parts.finding import LEVELS, FindingLine
from tcplan_desktop.parts.headline_cell import Change, Headline, HeadlineCell, Scale
from tcplan_desktop.parts.option_list import Option
from tcplan_desktop.parts.panel_head import PanelHead
from tcplan_desktop.parts.segments import Segments
from tcplan_desktop.parts.table import FULL, INK, REFERENCE, SECOND, WEIGHT, Table
from tcplan_desktop.parts.tabs import Tabs
from tcplan_desktop.parts.well import Well
from tcplan_desktop.parts.well_frame import State
from tcplan_desktop.theme import THEMES, px, theme, themes

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


class Stage(Protocol):
    """The windows of the fixture."""

    def alone(self, widget: QWidget) -> QWidget: ...

    def column(self, *widgets: QWidget, size: tuple[int, int] = ...) -> QWidget: ...


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


def closed_panel() -> PanelHead:
    made = PanelHead("Programme", is_open=False)
    made.set_summary("Final run only")
    return made


def finding(level: str) -> FindingLine:
    made = FindingLine()
    made.show_finding(level, "PUE below the site’s 1.35.", "Use 1.35")
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
    "panel": lambda: PanelHead("Model"),
    "closed panel": closed_panel,
    "bars": bars,
    "breakdown": breakdown,
    "table": table,
    **{f"badge {layer}": partial(Badge, layer) for layer in LAYERS},
    **{f"compact {layer}": partial(Badge, layer, compact=True) for layer in LAYERS},
    **{f"finding {level}": partial(finding, level) for level in LEVELS},
}


@pytest.mark.parametrize("name", PARTS)
def test_each_part_is_drawn_in_each_theme(stage: Stage, qtbot: QtBot, name: str) -> None:
    """Fails when a part raises while painting, paints nothing, or does not change with the theme."""
    window = stage.alone(PARTS[name]())
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
    """Fails when band, change or confidence exist only for eyes."""
    cell = HeadlineCell(MONEY)
    qtbot.addWidget(cell)
    assert cell.accessibleDescription() == "8.1 – 12.1, −12\u202f%, calibrated"


def test_fields_tell_name_and_message(qtbot: QtBot) -> None:
    """Fails when the reason of a refusal is only seen."""
    part = refused()
    qtbot.addWidget(part)
    interface = QAccessible.queryAccessibleInterface(part.line)
    assert interface.role() == QAccessible.Role.EditableText
    assert interface.text(QAccessible.Text.Name) == "Power"
    assert interface.text(QAccessible.Text.Description) == "kWh is energy, this is power"


def test_a_share_that_is_too_much_says_so_with_icon_words_and_colour(qtbot: QtBot) -> None:
    """Fails when compute over the threshold is only a bar that is full."""
    usual = HeadlineCell(Headline("Compute", "3.1", "× 10²⁵ FLOP", band="310 %, over 10²⁵", share=3.1))
    qtbot.addWidget(usual)
    usual.resize(usual.sizeHint())
    before = usual.grab().toImage()
    usual.show_headline(replace(usual.headline, concern="warn", about="The provider notifies."))
    after = usual.grab().toImage()
    bar = px(90)
    assert after.pixelColor(after.width() // 2, bar) == theme().warnline
    assert before.pixelColor(after.width() // 2, bar) == theme().text3
    assert "The provider notifies." in usual.accessibleDescription()
    assert "The provider notifies." in usual.toolTip()


def test_a_long_text_in_a_field_at_rest_ends_with_an_ellipsis(stage: Stage) -> None:
    """Fails when a field cuts "DP 64" to "DP 6", which is another number."""
    short, long = Well("Layout"), Well("Layout")
    short.show_text("TP 4 · PP 8")
    long.show_text("TP 4 · PP 8 · EP 32 · DP 64 · and more")
    other = Button("elsewhere")
    stage.column(short, long, other, size=(190, 200))
    other.setFocus()
    assert (short.line.shortened, long.line.shortened) == (False, True)
    shown = long.line.grab().toImage()
    long.setFocus(Qt.FocusReason.TabFocusReason)
    assert (short.line.shortened, long.line.shortened) == (False, False)
    assert long.line.grab().toImage() != shown
    assert long.text == "TP 4 · PP 8 · EP 32 · DP 64 · and more"
