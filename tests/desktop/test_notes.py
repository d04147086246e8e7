"""Notes on fields and results: written at the thing, undone in one step, saved, printed and found."""

import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tcplan.estimate import evaluate
from tcplan.plan.document import Document
from tcplan.plan.file import load, save
from tcplan.report.sheet import sheet_of
from tcplan_desktop.forms.field_row import FieldRow
from tcplan_desktop.forms.note_card import NoteCard, joined, split
from tcplan_desktop.forms.row_picker import RowPicker
from tcplan_desktop.window import Window

TOKENS = "training.tokens"
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def held() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def row(window: Window, path: str = TOKENS) -> FieldRow:
    found = window.inputs.reveal(path)
    assert found is not None
    return found


def card(window: Window) -> NoteCard:
    assert window.notes.card is not None
    return window.notes.card


def write(window: Window, text: str, path: str = TOKENS) -> None:
    row(window, path).enter()
    QTest.keyClick(held(), Qt.Key.Key_N, CONTROL | SHIFT)
    assert held() is card(window).text
    QTest.keyClicks(held(), text)
    QTest.keyClick(held(), Qt.Key.Key_Return, CONTROL)
    assert not card(window).is_open


def dot(window: Window, path: str = TOKENS) -> bool:
    """Return whether something is painted where the dot of a note stands."""
    editor = row(window, path).editor
    image = editor.grab().toImage()
    across = range(round(4 * image.devicePixelRatio()))
    middle = range(round(8 * image.devicePixelRatio()), round(24 * image.devicePixelRatio()))
    return len({image.pixel(x, y) for x in across for y in middle}) > 1


@pytest.mark.parametrize("path", [TOKENS, "training.precision", "hardware.accelerator"])
def test_a_note_shows_at_its_field(window: Window, path: str) -> None:
    """A note that leaves no mark would be written and never read again."""
    assert not dot(window, path)
    write(window, "agreed with the board", path)
    assert window.document.content.notes == {path: "agreed with the board"}
    assert dot(window, path)
    assert "agreed with the board" in row(window, path).editor.toolTip()
    assert window.inputs.row_of(held()) is row(window, path)


def test_a_note_is_one_step_of_undo(window: Window) -> None:
    """A note could not be taken back, or would take a value with it."""
    write(window, "from the data team")
    assert window.title_bar.undo.text() == "Undo note on tokens"
    window.document.undo_stack.undo()
    assert not window.document.content.notes
    assert not dot(window)
    window.document.undo_stack.redo()
    assert window.document.content.notes == {TOKENS: "from the data team"}


def test_escape_leaves_the_note_as_it_was(window: Window) -> None:
    """Esc would keep half a sentence."""
    write(window, "one")
    row(window).enter()
    QTest.keyClick(held(), Qt.Key.Key_N, CONTROL | SHIFT)
    QTest.keyClicks(held(), "two")
    QTest.keyClick(held(), Qt.Key.Key_Escape)
    assert not card(window).is_open
    assert window.document.content.notes == {TOKENS: "one"}
    assert window.document.undo_stack.count() == 1


def test_a_press_outside_keeps_what_was_written(window: Window) -> None:
    """Looking something up would throw the words away."""
    window.notes.write(TOKENS)
    QTest.keyClicks(held(), "kept")
    QTest.mouseClick(window.title_bar, Qt.MouseButton.LeftButton)
    assert window.document.content.notes == {TOKENS: "kept"}


def test_the_card_takes_the_place_of_an_open_list(window: Window) -> None:
    """Two cards would lie on each other, and the list would stay when the card goes."""
    editor = row(window, "hardware.accelerator").editor
    assert isinstance(editor, RowPicker)
    editor.open_list()
    found = [editor.is_open]
    QTest.keyClick(held(), Qt.Key.Key_N, CONTROL | SHIFT)
    assert held() is card(window).text
    assert [*found, editor.is_open] == [True, False]
    card(window).drop()


def test_a_new_plan_does_not_get_the_note_of_the_old_one(window: Window) -> None:
    """What was being written would land in another document."""
    window.notes.write(TOKENS)
    QTest.keyClicks(held(), "of the old plan")
    window.take(Document.new(title="Other"))
    assert not card(window).is_open
    card(window).keep()
    assert not window.document.content.notes


def test_the_link_is_the_last_line(window: Window) -> None:
    """The source would have to be cut out of the text by hand at the next edit."""
    window.notes.write(TOKENS)
    QTest.keyClicks(card(window).text, "as published")
    QTest.keyClicks(card(window).link.line, "https://example.org/paper")
    QTest.keyClick(card(window).link.line, Qt.Key.Key_Return)
    assert window.document.content.notes == {TOKENS: "as published\nhttps://example.org/paper"}
    window.notes.write(TOKENS)
    assert card(window).text.toPlainText() == "as published"
    assert card(window).link.text == "https://example.org/paper"


@pytest.mark.parametrize("note", ["", "text", "two\nlines", "text\nhttps://a.org/b", "https://a.org/b"])
def test_splitting_and_joining_a_note_changes_nothing(note: str) -> None:
    """Opening and closing the card would be a change."""
    assert joined(*split(note)) == note


def test_the_button_of_the_why_writes_on_the_result(window: Window) -> None:
    """A number that surprised somebody could not be commented."""
    window.explain("money.compute")
    pane = window.workbench.pane
    pane.note.click()
    QTest.keyClicks(held(), "includes the discount")
    card(window).done.click()
    assert window.document.content.notes == {"money.compute": "includes the discount"}
    assert pane.note_line.text() == "Note: includes the discount"
    pane.note.click()
    card(window).remove.click()
    assert not window.document.content.notes
    assert pane.note_line.isHidden()


def test_notes_are_found_by_their_words(window: Window) -> None:
    """Whoever remembers the words would have to open every field."""
    write(window, "Zanzibar corpus, deduplicated")
    window.open_palette()
    palette = window.palette_card
    assert palette is not None
    QTest.keyClicks(palette.line, "zanzibar")
    assert [entry.name for entry in palette.shown] == ["tokens"]
    QTest.keyClick(palette.line, Qt.Key.Key_Return)
    assert card(window).is_open
    assert card(window).text.toPlainText() == "Zanzibar corpus, deduplicated"
    card(window).drop()


def test_without_a_number_in_hand_the_window_says_what_to_do(window: Window) -> None:
    """The command would do nothing and say nothing."""
    window.why_place.close()
    window.title_bar.search.setFocus()
    window.actions_by_name["note"].trigger()
    assert "Ctrl+Shift+N" in window.problems.message.text()


@pytest.mark.parametrize("path", [TOKENS, "model.layers", "programme.deadline", "loss.predicted"])
def test_a_note_is_in_the_file_and_on_the_sheet(tmp_path: Path, path: str) -> None:
    """A note on a value that nobody typed would be missing from the printed assumptions."""
    document = Document.new(title="Noted").with_note(path, "ask Zoe")
    file = tmp_path / "noted.tcplan"
    save(document, file, None)
    read = load(file).document
    assert read.notes == {path: "ask Zoe"}
    sheet = sheet_of(read, evaluate(read.plan), datetime.date(2026, 11, 24))
    assert [one.note for one in sheet.assumptions if one.note] == ["ask Zoe"]
