"""What the window says after something went wrong in the program itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from tcplan.language import _
from tcplan_desktop.views.notices import Answer, Notice

if TYPE_CHECKING:
    from tcplan_desktop.crash import Mishap
    from tcplan_desktop.window import Window

_MOST_LINES = 14


def show_mishap(window: Window, mishap: Mishap) -> None:
    """Show an error in one panel; the next one takes its place."""
    window.notices.say(Notice("crash", "error", mishap.sentence, details=_end(mishap.details)))


def show_fault(window: Window, report: Path) -> None:
    """Say that the last session died, and where the report of that lies."""
    try:
        details = report.read_text(encoding="utf-8", errors="replace")
    except OSError:
        details = ""
    sentence = _("TCPlan ended by a fault of the program the last time. Nothing was sent to anybody.")
    url = QUrl.fromLocalFile(str(report.parent))
    answers = (Answer(_("Show the report"), lambda: QDesktopServices.openUrl(url), stays=True),)
    window.notices.say(Notice("fault", "warning", sentence, answers, _end(details)))


def _end(text: str) -> str:
    return "\n".join(text.splitlines()[-_MOST_LINES:])
