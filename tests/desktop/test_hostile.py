"""The window in hostile hands: damaged files, strange words, impossible numbers, careless fingers."""

import datetime
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tcplan.catalogue.shelf import shipped
from tcplan.estimate import as_saved, evaluate
from tcplan.examples import example
from tcplan.plan import marks
from tcplan.plan.document import Document as Content
from tcplan.plan.file import to_bytes
from tcplan.plan.plan import descriptions
from tcplan_desktop.files.open_save import PlanDesk
from tcplan_desktop.forms.field_row import FieldRow
from tcplan_desktop.forms.quantity_edit import QuantityEdit
from tcplan_desktop.panels.column import OUTLINES
from tcplan_desktop.paper.pdf import write_pdf
from tcplan_desktop.parts.well_frame import State
from tcplan_desktop.window import Window

NUMBERS = [path for path, shown in descriptions().items() if shown.kind == "number"]
NOW = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)


@pytest.fixture
def desk(window: Window) -> PlanDesk:
    """Give the window its files."""
    made = PlanDesk(window)
    window.desk = made
    return made


@pytest.fixture(params=["en", "fr", "de", "de-CH", "fr-CA"])
def locale(request: pytest.FixtureRequest) -> Iterator[str]:
    """Read and write numbers as people of one country do."""
    marks.use(request.param)
    yield request.param
    marks.use("en")


def open_panels(window: Window) -> None:
    for outline in OUTLINES:
        window.inputs.panels[outline.key].set_open(is_open=True)
        window.inputs.panels[outline.key].show_more(more=True)


def row_of(window: Window, path: str) -> FieldRow:
    row = window.inputs.row(path)
    assert row is not None
    return row


def editor_of(window: Window, path: str) -> QuantityEdit:
    editor = row_of(window, path).editor
    assert isinstance(editor, QuantityEdit)
    return editor


def type_into(window: Window, path: str, text: str) -> QuantityEdit:
    row_of(window, path).enter()
    editor = editor_of(window, path)
    editor.line.selectAll()
    # As pasted: QTest has no keys for the narrow spaces of groups.
    editor.line.insert(text)
    editor.line.setModified(True)
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    return editor


def test_the_text_of_every_field_read_again_is_the_value_in_force(window: Window, locale: str) -> None:
    """Fails when a field shows a text that its own locale reads as another number.

    Every field is typed, shown, entered, left, and committed again by Enter on what it shows.
    """
    content = example("deepseek-v3")
    estimate = evaluate(content.plan)
    for path in NUMBERS:
        value = estimate.field(path).value
        if value == value and path != "layout.sharding":
            content = content.with_value(path, value)
    window.take(content)
    open_panels(window)
    before = window.document.content
    for path in NUMBERS:
        row_of(window, path).enter()
    window.title_bar.search.setFocus()
    assert window.document.content is before
    for path in NUMBERS:
        editor = editor_of(window, path)
        if editor.text:
            typed = type_into(window, path, editor.text)
            assert typed.state is not State.REFUSED, (path, typed.text, typed.message)
    assert window.document.content.plan == before.plan
    assert window.document.undo_stack.count() == 0


def test_garbage_in_any_field_keeps_value_and_text_and_marks_the_wrong_part(window: Window) -> None:
    """Fails when a field clamps, empties, forgets the text, or takes a thing of another kind."""
    open_panels(window)
    before = window.document.content
    for path in NUMBERS:
        editor = type_into(window, path, "3 qq")
        assert editor.state is State.REFUSED, path
        assert editor.text == "3 qq"
        assert editor.line.selectedText() == "qq"
        assert editor.message
        QTest.keyClick(editor.line, Qt.Key.Key_Escape)
        assert editor.state is not State.REFUSED
    assert window.document.content is before


def test_a_value_out_of_range_names_the_range_in_the_unit_of_the_field(window: Window) -> None:
    """Fails when a bound is told in units that nobody typed, or by clamping, or without the field's name."""
    open_panels(window)
    before = window.document.content
    for path in NUMBERS:
        editor = type_into(window, path, "9e29")
        assert editor.state is State.REFUSED, path
        assert "and" in editor.message
        unit = descriptions()[path].shown
        assert unit in editor.message, path
        assert editor.line.selectedText() == "9e29"
        assert editor.message in window.problems.message.text()
        assert len(window.problems.message.text()) > len(editor.message) + 2
        QTest.keyClick(editor.line, Qt.Key.Key_Escape)
    assert window.document.content is before


def damaged(folder: Path) -> Iterator[tuple[Path, str, bytes]]:
    """Make files that are no plans, with a part of the sentence that each deserves, and their bytes."""
    whole = to_bytes(example("gpt3-175b"))
    contents: dict[str, tuple[bytes, str]] = {
        "empty": (b"", "empty"),
        "half": (whole[: len(whole) // 2], "not JSON"),
        "page": (b"<html><b>404</b></html>", "web page"),
        "foreign": (b'{"name": "x", "version": "1"}', "format"),
        "not a number": (whole.replace(b"300000000000", b"NaN"), "NaN"),
        "infinite": (whole.replace(b"300000000000", b"1e400"), "beyond"),
        "twice": (whole.replace(b'"format": 1', b'"format": 1, "format": 1'), "twice"),
        "deep": (b"[" * 100_000, "deep"),
        "newer": (whole.replace(b'"readable_from": 1', b'"readable_from": 99'), "newer version"),
        "markup": (whole.replace(b'"title"', b'"<b>title</b>"'), "<b>title</b>"),
        "controls": (whole.replace(b'"title": "', b'"title": "\\u001b[31m'), "control"),
    }
    for name, (data, words) in contents.items():
        place = folder / f"{name}.tcplan"
        place.write_bytes(data)
        yield place, words, data
    pipe = folder / "pipe.tcplan"
    os.mkfifo(pipe)
    yield pipe, "device", b""
    sparse = folder / "sparse.tcplan"
    with sparse.open("wb") as stream:
        stream.truncate(1 << 30)
    yield sparse, "16 MB", b""
    yield folder, "folder", b""
    yield folder / ("x" * 300), "cannot be read", b""


def test_no_damaged_file_takes_the_place_of_the_plan(desk: PlanDesk, tmp_path: Path) -> None:
    """Fails when opening a bad file loses the plan on screen, says nothing, or changes the file."""
    window = desk.window
    window.edit("training.tokens", 9e12)
    before, steps = window.document.content, window.document.undo_stack.count()
    for place, words, data in damaged(tmp_path):
        desk.open_path(place)
        sentence = window.notices.bars["open"].sentence
        assert words in sentence.text(), place.name[:40]
        assert "\n" not in sentence.text()
        assert sentence.textFormat() is Qt.TextFormat.PlainText
        assert window.document.content is before
        assert window.document.undo_stack.count() == steps
        if data:
            assert place.read_bytes() == data
    window.document.undo_stack.setClean()


def strange(content: Content, text: str) -> Content:
    """Return a plan whose words are all one stranger's text."""
    whole = as_saved(content, evaluate(content.plan), NOW)
    rows = [
        replace(row, source=text, values={**row.values, "name": text, "vendor": text, "publisher": text})
        for row in whole.rows
    ]
    made = whole.with_rows(rows).with_words(title=text, author=text, remark=text)
    for path in ("training.tokens", "hardware.devices", "money.total"):
        made = made.with_note(path, text)
    return made


WORDS = (
    "<b>bold</b> & <img src='/etc/hostname'>",
    "=1+1 {0} {title} %s",
    "\u202eRTL مرحبا",
    "long" * 100,
    "&amp; &lt;",
    "😀 中文",
)


@pytest.mark.parametrize("text", WORDS, ids=["markup", "formula", "right to left", "long", "entity", "other"])
def test_strange_words_are_shown_as_text_everywhere(desk: PlanDesk, text: str, tmp_path: Path) -> None:
    """Fails when any label, tool tip or page takes a title, note or row for markup."""
    window = desk.window
    least = window.minimumSizeHint().width()
    content = strange(example("gpt3-175b"), text)
    place = tmp_path / "strange.tcplan"
    place.write_bytes(to_bytes(content))
    desk.open_path(place)
    open_panels(window)
    for tab in range(4):
        window.show_tab(tab)
        window.explain("money.total")
        QApplication.processEvents()
    desk.open_path(tmp_path / f"{text[:200]}.tcplan".replace("/", ""))
    QApplication.processEvents()
    assert window.minimumSizeHint().width() <= max(least, 1100)
    for label in window.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText, label.text()
    tips = [one.toolTip() for one in window.findChildren(QWidget)]
    for tip in (*tips, *(one.toolTip() for one in window.findChildren(QAction))):
        assert "<b>" not in tip, tip
        assert "<img" not in tip, tip
    estimate = evaluate(content.plan, shipped().with_rows(content.rows))
    write_pdf(content, estimate, tmp_path / "sheet.pdf", {"paper": "a4"})
    shown = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "sheet.pdf").pages)
    if text.isascii() and len(text) < 100:
        assert text.replace(" ", "") in "".join(shown.split())


ACTS: tuple[Callable[[Window], object], ...] = (
    lambda window: window.show_tab(0),
    lambda window: window.show_tab(1),
    lambda window: window.show_tab(2),
    lambda window: window.explain("money.total"),
    lambda window: window.explain("time.step"),
)


def test_impossible_results_and_rows_leave_the_window_standing(desk: PlanDesk) -> None:
    """Fails when a typed result of 0 or 1e30, or a row of nonsense, raises in any view."""
    window = desk.window
    window.take(example("gpt3-175b"))
    paths = ("time.device_hours", "time.run", "money.total", "energy.facility", "layout.data", "time.layer")
    for number, path in enumerate((*paths, "memory.peak", "efficiency.achieved", "compute.model_flop")):
        for value in (0.0, 1e30, None):
            window.edit(path, value)
            ACTS[number % len(ACTS)](window)
            QApplication.processEvents()
            window.grab()
    tree = json.loads(to_bytes(as_saved(example("gpt3-175b"), evaluate(example("gpt3-175b").plan), NOW)))
    for figure in (-1.0, 0.0, 1e300, "text"):
        for row in tree["rows"]:
            row["values"] = dict.fromkeys(row["values"], figure)
        desk.take(Content.new())
        place = Path(os.environ["HOME"]) / "rows.tcplan"
        place.write_text(json.dumps(tree), encoding="utf-8")
        desk.open_path(place)
        for act in ACTS:
            act(window)
            QApplication.processEvents()
        assert window.problems.counts["error"].text() != ""
    window.document.undo_stack.setClean()


def test_the_palette_says_why_a_value_cannot_be_set(window: Window) -> None:
    """Fails when the palette calls a wrong value unknown, or leaves no trace of one that is out of range."""
    window.open_palette()
    card = window.palette_card
    assert card is not None
    for text in ("tokens = 3 kWh", "price = )(", "pue = " + "9" * 6000, "tokens = \u202e", "= = ="):
        card.line.setText(text)
        card.line.textEdited.emit(text)
        assert card.shown == ()
    card.line.textEdited.emit("tokens = 3 kWh")
    nothing = [label.text() for label in card.findChildren(QLabel)]
    assert any("energy" in text for text in nothing), nothing
    card.line.setText("site.pue = 9")
    card.line.textEdited.emit("site.pue = 9")
    QTest.keyClick(card.line, Qt.Key.Key_Return)
    editor = editor_of(window, "site.pue")
    assert (editor.text, editor.state) == ("9", State.REFUSED)
    assert "1 or more and 5 or less" in editor.message
    assert window.document.plan.site.pue is None
