"""Text is shown as it is: no label, tip or box takes it for markup."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QImage, QTextDocument
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

import tcplan_desktop
from tcplan_desktop.text import Elided, Label, message_box, rich, tooltip
from tcplan_desktop.theme import theme, themes

PAYLOADS = (
    "plan <b>bold</b>",
    "<img src='{file}'>",
    "a & b < c > d",
    "&amp; &lt;",
    "5 <i> 6",
    "first\nsecond",
    '<a href="https://example.org">x</a>',
    "<!-- gone -->",
    "<table><tr><td>1</td></tr></table>",
)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Give a red picture that a label must not paint."""
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    place = tmp_path / "red.png"
    image.save(str(place))
    return place


@pytest.mark.parametrize("text", PAYLOADS)
def test_tool_tips_show_what_was_written(text: str) -> None:
    """Fails when a title changes its tool tip into markup, or shows `&lt;` to people."""
    document = QTextDocument()
    document.setHtml(rich(text))
    assert document.toPlainText() == text
    assert rich(text).startswith("<qt>")


def test_tool_tips_reach_widgets_and_actions(qtbot: QtBot) -> None:
    """Fails when an empty tip leaves an empty yellow box behind the pointer."""
    widget, action = QWidget(), QAction()
    qtbot.addWidget(widget)
    for target in (widget, action):
        tooltip(target, "a < b")
        assert target.toolTip() == "<qt>a &lt; b</qt>"
        tooltip(target, "")
        assert target.toolTip() in ("", action.text())


def test_labels_paint_no_file(qtbot: QtBot, picture: Path) -> None:
    """Fails when a label takes a title for markup and paints a file of this computer."""
    label = Label(f"<img src='{picture}'>")
    qtbot.addWidget(label)
    label.resize(400, 60)
    image = label.grab().toImage()
    colors = {image.pixelColor(x, y).name() for x in range(0, 400, 2) for y in range(0, 60, 2)}
    assert "#ff0000" not in colors
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_message_boxes_show_what_was_written(qtbot: QtBot) -> None:
    """Fails when the name of a file is taken for markup in either text of a box."""
    box, buttons = message_box(None, "Title", "<b>name</b>", "a & <i>b</i>", ("Open", "Cancel"))
    qtbot.addWidget(box)
    box.show()
    shown = [one for one in box.findChildren(QLabel) if one.text()]
    assert [one.text() for one in shown] == ["<b>name</b>", "a & <i>b</i>"]
    assert {one.textFormat() for one in shown} == {Qt.TextFormat.PlainText}
    assert [one.text() for one in buttons] == ["Open", "Cancel"]
    assert box.defaultButton() is buttons[0]


def test_a_box_without_answers_can_be_closed(qtbot: QtBot) -> None:
    """Fails when a message has no button."""
    box, buttons = message_box(None, "Title", "Done")
    qtbot.addWidget(box)
    assert buttons == []
    assert box.standardButtons() == QMessageBox.StandardButton.Ok


def test_a_label_that_does_not_fit_tells_all(qtbot: QtBot) -> None:
    """Fails when a shortened label hides its text from the mouse or from screen readers."""
    label = Elided("Checkpoint interval of the run")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert label.text().endswith("…")
    assert label.toolTip() == "<qt>Checkpoint interval of the run</qt>"
    assert label.accessibleName() == "Checkpoint interval of the run"
    label.resize(400, 20)
    assert label.text() == "Checkpoint interval of the run"
    assert label.toolTip() == ""


def test_labels_follow_the_theme(qtbot: QtBot) -> None:
    """Fails when text stays dark on a dark window or small at 150 %."""
    label = Label("x", size=12, weight=600, ink="text2")
    qtbot.addWidget(label)
    themes.choose("dark")
    themes.set_text_size(1.5)
    assert label.palette().color(label.foregroundRole()) == theme().text2
    assert label.font().pixelSize() == 18
    label.set_ink("err")
    assert label.palette().color(label.foregroundRole()) == theme().err
    assert label.font().weight() == 600


def test_no_other_module_makes_labels_tips_or_boxes() -> None:
    """Fails when a module goes round the one that shows text as it is."""
    root = Path(str(tcplan_desktop.__file__)).parent
    guilty = re.compile(
        r"\.setToolTip\(|\bQLabel\(|\bQMessageBox\(|QMessageBox\.(question|warning|information)"
    )
    found = [
        f"{place.relative_to(root)}:{number}"
        for place in sorted(root.rglob("*.py"))
        if place.name != "text.py"
        for number, line in enumerate(place.read_text(encoding="utf-8").splitlines(), 1)
        if guilty.search(line)
    ]
    assert found == []
