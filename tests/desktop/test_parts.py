"""The painted parts: each is drawn in each theme, grows with the text, and tells screen readers its name."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QAccessible,
    QImage,
)
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.desktop.samples import (
    MONEY,
    Stage,
    bars,
    breakdown,
    choice,
    closed_panel,
    finding,
    refused,
    segments,
    table,
    tabs,
    unusual,
    well,
)

from tcplan_desktop.parts.badge import LAYERS, Badge
from tcplan_desktop.parts.button import Button, Kind
from tcplan_desktop.parts.finding import LEVELS
from tcplan_desktop.parts.headline_cell import Headline, HeadlineCell
from tcplan_desktop.parts.panel_head import PanelHead
from tcplan_desktop.parts.well import Well
from tcplan_desktop.theme import THEMES, px, theme, themes

FITS = Headline("Fits", "Yes", "", "measured", band="61 of 80 GB", share=0.76, icon="circle-check")


def doubtful() -> Well:
    made = Well("PUE")
    made.show_text("1,000")
    made.set_message("read as 1000", "text2", "use 1.000")
    return made


def toggle() -> Button:
    made = Button("Log", kind=Kind.TINT)
    made.setChecked(True)
    return made


def chosen_cell() -> HeadlineCell:
    made = HeadlineCell(MONEY)
    made.set_chosen(True)
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
