"""Tabs, buttons, heads, cards, bars and tables: what keys and mouse do to them."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QRectF, QSize, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QImage,
    QPainter,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from tests.desktop.samples import MONEY, Stage, bars, breakdown, closed_panel, finding, table, tabs

from tcplan_desktop.parts.badge import Badge
from tcplan_desktop.parts.bars import Bar, columns_of, draw_bar
from tcplan_desktop.parts.button import Button
from tcplan_desktop.parts.headline_cell import HeadlineCell, Scale
from tcplan_desktop.parts.icon import icon, pixmap
from tcplan_desktop.parts.popover import Popover
from tcplan_desktop.theme import theme, themes


def test_tabs_keep_their_widths(stage: Stage) -> None:
    """Fails when choosing a tab moves its neighbours."""
    bar = tabs()
    stage.alone(bar)
    places = []
    for index in range(bar.count()):
        bar.setCurrentIndex(index)
        places.append([bar.tabRect(one).getRect() for one in range(bar.count())])
    assert places[0] == places[1] == places[2]


def test_the_ring_comes_with_the_keyboard_only(stage: Stage) -> None:
    """Fails when a click leaves a ring, or the keyboard leaves none."""
    button, other = Button("Compare"), Button("Note")
    stage.column(button, other)
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
def test_enter_and_space_press(stage: Stage, qtbot: QtBot, make: Callable[[], Button], key: Qt.Key) -> None:
    """Fails when a painted control answers the mouse alone."""
    part = make()
    stage.column(part)
    with qtbot.waitSignal(part.clicked):
        QTest.keyClick(part, key)


def test_a_badge_asks_for_its_menu_below_itself(stage: Stage, qtbot: QtBot) -> None:
    """Fails when the ways back open elsewhere on the screen."""
    part = Badge("typed")
    stage.column(part)
    with qtbot.waitSignal(part.asked) as caught:
        QTest.mouseClick(part, Qt.MouseButton.LeftButton)
    assert part.rect().contains(part.mapFromGlobal(caught.args[0]))
    part.set_layer("catalogue", "H100 SXM, October 2026")
    assert part.accessibleName() == "catalogue"
    assert part.toolTip() == "<qt>H100 SXM, October 2026</qt>"


def test_a_closed_panel_says_what_it_holds(stage: Stage, qtbot: QtBot) -> None:
    """Fails when something hidden is silently at work."""
    head = closed_panel()
    stage.column(head)
    assert (head.sizeHint().height(), head.accessibleDescription()) == (56, "Final run only")
    with qtbot.waitSignal(head.opened) as caught:
        QTest.keyClick(head, Qt.Key.Key_Space)
    assert caught.args == [True]
    assert head.sizeHint().height() == 36


def test_a_finding_offers_its_fix(stage: Stage, qtbot: QtBot) -> None:
    """Fails when a finding without a fix shows an empty link, or one with a fix cannot be pressed."""
    line = finding("error")
    stage.column(line)
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


def test_escape_closes_a_card_and_gives_the_focus_back(stage: Stage, qtbot: QtBot) -> None:
    """Fails when the keyboard is lost after a card."""
    cell = HeadlineCell(MONEY)
    window = stage.column(cell)
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


def test_bars_start_at_zero_and_keep_their_proportions(qtbot: QtBot) -> None:
    """Fails when a bar of half the value has another length than half, or a loss points to a gain."""
    part = bars()
    qtbot.addWidget(part)
    columns = columns_of((Bar("a", 10.0, "x"), Bar("b", -5.0, "y")), 400.0, part.stroke())
    assert columns.unit * 15.0 == pytest.approx(400.0 - columns.label - columns.text - 24.0)
    assert columns.zero == pytest.approx(columns.label + 12.0 + 5.0 * columns.unit)
    nothing = columns_of((Bar("a", 0.0, "0"),), 400.0, part.stroke())
    assert nothing.unit == 0.0


def test_a_row_of_bars_can_be_asked(stage: Stage, qtbot: QtBot) -> None:
    """Fails when a bar is a dead end, or a row without a reason takes the keyboard."""
    part = bars()
    stage.column(part)
    rows = [one for one in part.findChildren(QWidget) if one.accessibleName() in ("tokens", "MFU")]
    with qtbot.waitSignal(part.pressed) as caught:
        QTest.mouseClick(rows[0], Qt.MouseButton.LeftButton)
    assert caught.args == ["tokens"]
    assert [one.focusPolicy() == Qt.FocusPolicy.NoFocus for one in rows] == [False, True]
    assert rows[1].accessibleDescription() == "−9.1\u202f%"


def test_bars_that_stay_keep_the_focus(stage: Stage) -> None:
    """Fails when each new result throws the keyboard out of the rows."""
    part = bars()
    stage.column(part)
    row = next(one for one in part.findChildren(QWidget) if one.accessibleName() == "tokens")
    row.setFocus(Qt.FocusReason.TabFocusReason)
    part.show_bars((Bar("tokens", 9.0, "+9.0\u202f%", key="tokens"), Bar("MFU", -8.0, "−8.0\u202f%")))
    assert row.hasFocus()
    assert row.accessibleDescription() == "+9.0\u202f%"


def test_tables_are_copied_with_every_digit(stage: Stage) -> None:
    """Fails when a sheet gets rounded numbers, or a name breaks the HTML."""
    part = table()
    stage.column(part)
    part.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(part, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = QGuiApplication.clipboard().mimeData()
    assert isinstance(data, QMimeData)
    assert data.text() == "Run\terror\n70B <dense>\t5.98\n65B\t-4.02\n"
    assert "70B &lt;dense&gt;" in data.html()
    part.selectRow(1)
    assert part.rows() == [["Run", "error"], ["65B", "-4.02"]]


def test_tables_let_tab_go_on(stage: Stage) -> None:
    """Fails when a table traps the keyboard."""
    part, after = table(), Button("Copy")
    stage.column(part, after)
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
