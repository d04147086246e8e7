"""Errors that nobody expected: the work is kept, the person is told, the program goes on."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, qWarning
from pytestqt.qtbot import QtBot

from tcplan.plan.document import Document as Content
from tcplan.plan.recovery import orphans
from tcplan_desktop.app import furnish
from tcplan_desktop.crash import CrashReport, Mishap
from tcplan_desktop.files import recovery
from tcplan_desktop.window import Window

TOKENS = "training.tokens"


@pytest.fixture
def report(own_home: Path) -> Iterator[CrashReport]:
    """Listen to the errors of this test."""
    made = CrashReport()
    made.install()
    yield made
    made.uninstall()


def raised(number: int) -> None:
    """Let an error happen in a slot, where nothing catches it."""
    source = QObject()
    source.objectNameChanged.connect(lambda _name: _fail(number))
    source.setObjectName("changed")


def _fail(number: int) -> float:
    return number / 0


def test_the_work_is_kept_before_anything_is_said(window: Window, report: CrashReport) -> None:
    """An error would leave the last edits in memory only, in a program that is in doubt."""
    furnish(window, report)
    window.edit(TOKENS, 9e12)
    raised(1)
    (orphan,) = _entries()
    assert orphan.plan.training.tokens == 9e12
    bar = window.notices.bars["crash"]
    assert "ZeroDivisionError" in bar.sentence.text()
    assert "Your work is safe (kept " in bar.sentence.text()
    assert "_fail" in bar.details.text()
    window.edit(TOKENS, 8e12)
    assert window.document.plan.training.tokens == 8e12


def _entries() -> list[Content]:
    return [one.document for one in orphans(recovery.folder()) if one.document is not None]


def test_the_same_error_again_is_a_number(window: Window, report: CrashReport) -> None:
    """An error at each move of the mouse would bury the window in messages."""
    furnish(window, report)
    for _turn in range(3):
        raised(1)
    assert len(window.notices.bars) == 1
    assert "It happened 3 times." in window.notices.bars["crash"].sentence.text()


def test_an_error_on_a_worker_is_told_too(report: CrashReport, qtbot: QtBot) -> None:
    """A curve would never come, and nobody would know why."""
    told: list[threading.Thread] = []
    report.happened.connect(lambda _mishap: told.append(threading.current_thread()))
    worker = threading.Thread(target=_fail, args=(1,))
    worker.start()
    worker.join()
    qtbot.waitUntil(lambda: told == [threading.main_thread()])


def test_an_error_in_the_report_is_not_reported_for_ever(
    report: CrashReport, caplog: pytest.LogCaptureFixture
) -> None:
    """One error in the panel would end the program with a full stack."""
    seen: list[Mishap] = []

    def broken(mishap: Mishap) -> None:
        seen.append(mishap)
        raised(2)

    report.happened.connect(broken)
    raised(1)
    assert len(seen) == 1
    assert caplog.text.count("unexpected error") == 2


def test_what_cannot_be_kept_is_not_called_safe(report: CrashReport) -> None:
    """The panel would promise what a full disk did not keep."""
    seen: list[Mishap] = []
    report.happened.connect(seen.append)
    raised(1)
    report.keep = lambda: datetime.now(UTC)
    raised(1)
    assert ["safe" in mishap.sentence for mishap in seen] == [False, True]


def test_errors_and_words_of_qt_are_in_the_log(report: CrashReport) -> None:
    """Nobody could find out later what happened."""
    raised(1)
    qWarning("a word of Qt")
    text = (report.folder / "tcplan.log").read_text()
    assert "ZeroDivisionError" in text
    assert "WARNING qt: default: a word of Qt" in text


def test_a_fault_of_the_process_is_shown_once(own_home: Path, window: Window) -> None:
    """A session that died without a word would leave no trace, or the trace would be shown for ever."""
    script = (
        "import faulthandler\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "from tcplan_desktop.crash import CrashReport\n"
        "app = QCoreApplication([])\n"
        "report = CrashReport()\n"
        "report.install()\n"
        "faulthandler._sigabrt()\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], env=os.environ, check=False, timeout=60)
    assert ended.returncode != 0
    report = CrashReport()
    furnish(window, report)
    bar = window.notices.bars["fault"]
    assert "ended by a fault" in bar.sentence.text()
    assert "Fatal Python error" in bar.details.text()
    assert report.earlier_fault() is None
    assert len(list(report.folder.glob("seen-*.log"))) == 1


def test_an_orderly_end_leaves_no_fault(own_home: Path) -> None:
    """Each start would say that the last session crashed."""
    report = CrashReport()
    report.install()
    assert list(report.folder.glob("fault-*.log"))
    report.uninstall()
    assert not list(report.folder.glob("fault-*.log"))
