"""Calibrate to my measurements: a table in, a stack out, offered wherever stacks are."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tcplan.validation import carried, own_stack
from tcplan_desktop.files.dialogs import Dialogs
from tcplan_desktop.views.calibration_page import CalibrationPage
from tcplan_desktop.window import Window


@pytest.fixture(autouse=True)
def own_stacks() -> Iterator[None]:
    own_stack.forget()
    yield
    own_stack.forget()


@pytest.fixture
def page(window: Window) -> CalibrationPage:
    window.actions_by_name["calibrate"].trigger()
    made = window.trust.calibration
    assert made is not None
    return made


def table(folder: Path, count: int) -> Path:
    """Write the steps of somebody's own cluster, slower than published."""
    rows = [row for row in carried.rows() if row.text("source") == "llm_foundry"][:count]
    path = folder / "rack seven.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow((*rows[0].cells,))
        for row in rows:
            slower = 0.7 * (row.number("tokens_per_s_per_device") or 0.0)
            cells = {**row.cells, "source": "ours", "tokens_per_s_per_device": repr(slower)}
            writer.writerow(cells.values())
    return path


def drop(page: CalibrationPage, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(page.rect().center()),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    page.dropEvent(event)


def test_three_rows_make_a_stack_that_can_be_kept_and_used(
    window: Window, page: CalibrationPage, qtbot: QtBot, tmp_path: Path
) -> None:
    """A fit that is shown and then lost would have been for nothing."""
    drop(page, table(tmp_path, 3))
    qtbot.waitUntil(page.found.isVisible)
    assert "3 rows" in page.read.text()
    assert 1 <= page.constants.rowCount() <= 5
    before, after = (float(page.figures[one].text().rstrip("\u202f%")) for one in ("before", "after"))
    assert after < before
    assert page.figures["band"].text() != page.figures["old_band"].text()
    assert page.name.text == "rack seven"
    assert not page.use.isEnabled()
    page.keep.click()
    assert "rack seven" in page.said.text()
    assert [row.key for row in window.evaluator.shelf.rows("stacks")][-1] == "own-rack-seven"
    page.use.click()
    assert window.document.plan.layout.stack == "own-rack-seven"
    assert window.estimate.inputs.rows.stack is not None
    assert window.estimate.inputs.rows.stack.name == "rack seven"
    window.actions_by_name["undo"].trigger()
    assert window.document.plan.layout.stack is None


def test_the_name_is_the_persons(window: Window, page: CalibrationPage, qtbot: QtBot, tmp_path: Path) -> None:
    """Two clusters measured in files of one name would be one stack."""
    drop(page, table(tmp_path, 4))
    qtbot.waitUntil(page.found.isVisible)
    page.name.line.setText("North hall")
    page.name.line.textEdited.emit("North hall")
    QTest.keyClick(page.name.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.name.text == "North hall" and page.found.isVisible())
    qtbot.waitUntil(lambda: not window.problems.working.text())
    page.keep.click()
    assert {row.key for row in own_stack.own_rows() if row.table == "stacks"} == {"own-north-hall"}


def test_a_used_name_is_said_before_and_after(
    window: Window, page: CalibrationPage, qtbot: QtBot, tmp_path: Path
) -> None:
    """The stack of last month would be gone with one click on a harmless word."""
    drop(page, table(tmp_path, 3))
    qtbot.waitUntil(page.found.isVisible)
    assert page.keep.text() == "Keep this stack"
    page.keep.click()
    assert "replaced" not in page.said.text()
    drop(page, table(tmp_path, 4))
    qtbot.waitUntil(lambda: "4 rows" in page.read.text())
    assert page.keep.text().startswith("Replace the stack of 20")
    page.keep.click()
    aside = [path.name for path in own_stack.own_folder().glob("*.bak")]
    assert len(aside) == 1
    assert "It replaced the stack rack seven of" in page.said.text()
    assert aside[0] in page.said.text().replace("\u200b", "")


@pytest.mark.parametrize(
    ("data", "word"),
    [(b"", "holds no rows"), (bytes(range(256)), "UTF-8"), (b"invoice,amount\n1,2\n", "three")],
)
def test_what_is_no_table_of_steps_is_refused_in_a_sentence(
    window: Window, page: CalibrationPage, qtbot: QtBot, tmp_path: Path, data: bytes, word: str
) -> None:
    """A stack fitted to nothing would be worse than none."""
    path = tmp_path / "bad.csv"
    path.write_bytes(data)
    drop(page, path)
    qtbot.waitUntil(page.refusal.isVisible)
    assert word in page.refusal.text()
    assert page.found.isHidden()
    assert own_stack.own_rows() == ()


def test_a_stack_travels_as_one_file(
    window: Window, page: CalibrationPage, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A team would calibrate the same cluster once each."""
    out = tmp_path / "stack.json"
    monkeypatch.setattr(Dialogs, "ask_place", lambda *_words: out)
    monkeypatch.setattr(Dialogs, "ask_import", lambda *_words: out)
    drop(page, table(tmp_path, 3))
    qtbot.waitUntil(page.found.isVisible)
    page.export.click()
    assert own_stack.read_bytes(out.read_bytes())[0].key == "own-rack-seven"
    assert own_stack.own_rows() == ()
    page.bring.click()
    assert next(row.key for row in own_stack.own_rows()) == "own-rack-seven"
    assert "rack seven" in page.said.text()
    out.write_text("{}", encoding="utf-8")
    page.bring.click()
    assert page.refusal.isVisible()


def test_files_dropped_elsewhere_are_still_the_windows(window: Window, page: CalibrationPage) -> None:
    """After a visit to the page no plan could be dropped any more."""
    assert not window.acceptDrops()
    window.show_workbench()
    assert window.acceptDrops()
