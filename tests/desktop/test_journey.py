"""A new user's way from the start page to a printed sheet and back to the saved plan."""

import io
from importlib import resources
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tcplan.plan.file import load
from tcplan_desktop.files.open_save import PlanDesk
from tcplan_desktop.forms.field_row import FieldRow
from tcplan_desktop.paper.pdf import pdf_bytes
from tcplan_desktop.window import Window

EXAMPLES = Path(str(resources.files("tcplan_resources"))) / "examples"


class Chosen:
    """Stands in for the file dialog of the system: the place that a person chose."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def ask_save(self, _title: str, _proposal: Path) -> Path:
        return self.place


def focus() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def type_into(window: Window, path: str, text: str) -> None:
    row = window.inputs.reveal(path)
    assert isinstance(row, FieldRow)
    row.enter()
    QTest.keyClicks(focus(), text)
    QTest.keyClick(focus(), Qt.Key.Key_Return)


def drag_marker(window: Window, devices: float) -> None:
    curves = window.workbench.centre.curves
    assert curves is not None
    picture = curves.plots.picture
    assert picture.marker is not None
    start = QPointF(picture.across(picture.marker.x), picture.panes[0].down(picture.marker.ys[0]))
    end = QPointF(picture.across(devices), start.y())
    middle = QPointF((start.x() + end.x()) / 2.0, start.y())
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for kind, at in (
        (QEvent.Type.MouseButtonPress, start),
        (QEvent.Type.MouseMove, middle),
        (QEvent.Type.MouseMove, end),
        (QEvent.Type.MouseButtonRelease, end),
    ):
        button = none if kind == QEvent.Type.MouseMove else left
        there = curves.plots.mapToGlobal(at)
        event = QMouseEvent(kind, at, there, button, left, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(curves.plots, event)


@pytest.fixture
def desk(window: Window, tmp_path: Path) -> PlanDesk:
    made = PlanDesk(window)
    made.dialogs = Chosen(tmp_path / "plan of the board.tcplan")  # type: ignore[assignment]
    window.desk = made
    return made


def test_from_the_start_page_to_the_sheet_and_back(desk: PlanDesk, qtbot: QtBot, tmp_path: Path) -> None:
    window = desk.window
    window.show_start_page()
    assert window.headline.cells["money.total"].headline.value != ""
    QTest.keyClicks(focus(), "70B")
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    assert window.stack.currentWidget() is window.workbench
    assert window.estimate["model.parameters"].value == pytest.approx(70e9, rel=0.02)

    type_into(window, "training.tokens", "15T")
    assert window.document.plan.training.tokens == 15e12
    before, steps = window.estimate["time.run"].value, window.document.undo_stack.count()
    drag_marker(window, 2048.0)
    assert window.document.plan.hardware.devices == 2048.0
    assert window.document.undo_stack.count() == steps + 1
    assert window.estimate["time.run"].value < 0.6 * before

    type_into(window, "site.grid", "swe")
    assert window.document.plan.site.grid == "SWE"
    type_into(window, "purchase.price", "2..2.8")
    assert "median" in " ".join(one.sentence for one in window.estimate.findings)

    window.headline.cells["money.total"].click()
    assert window.workbench.pane.isVisible()
    assert window.workbench.pane.title.whole == "Total cost"

    window.show_tab(2)
    sheet = window.workbench.centre.sheet
    assert sheet is not None
    qtbot.waitUntil(lambda: sheet.pages is not None)
    pages = sheet.current()
    assert pages is not None
    text = PdfReader(io.BytesIO(pdf_bytes(pages, "a4"))).pages[0].extract_text()
    assert "2048 × H100" in text.replace("\u00a0", " ")
    assert "Sweden" in text

    assert desk.save()
    assert not window.document.modified
    saved = window.document.content
    numbers = {path: cell.accessibleName() for path, cell in window.headline.cells.items()}
    again = load(tmp_path / "plan of the board.tcplan").document
    assert again.plan == saved.plan
    assert again.raw == saved.raw

    desk.open_path(EXAMPLES / "deepseek-v3.tcplan")
    assert window.document.plan.model.preset == "deepseek-v3"
    desk.open_path(tmp_path / "plan of the board.tcplan")
    assert window.document.plan == saved.plan
    assert {path: cell.accessibleName() for path, cell in window.headline.cells.items()} == numbers


def test_the_same_way_by_keyboard_alone(desk: PlanDesk, qtbot: QtBot, tmp_path: Path) -> None:
    """A step that needs the mouse would end the journey of many people."""
    window = desk.window
    control = Qt.KeyboardModifier.ControlModifier
    window.show_start_page()
    QTest.keyClicks(focus(), "gpt-3 175b")
    QTest.keyClick(focus(), Qt.Key.Key_Return)
    assert window.document.plan.model.preset == "gpt3"
    for words in ("tokens = 300B", "devices = 4096", "sweden"):
        QTest.keyClick(focus(), Qt.Key.Key_K, control)
        QTest.keyClicks(focus(), words)
        QTest.keyClick(focus(), Qt.Key.Key_Return)
    plan = window.document.plan
    assert (plan.training.tokens, plan.hardware.devices, plan.site.grid) == (300e9, 4096.0, "SWE")
    QTest.keyClick(focus(), Qt.Key.Key_F4)
    assert window.workbench.pane.isVisible()
    QTest.keyClick(focus(), Qt.Key.Key_3, control)
    assert window.workbench.centre.tab == 2
    QTest.keyClick(focus(), Qt.Key.Key_S, control)
    assert load(tmp_path / "plan of the board.tcplan").document.plan == plan
