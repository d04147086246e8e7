"""The start of the window: as little as its first sight needs, the rest once it stands."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from tcplan.language import _
from tcplan.plan import marks
from tcplan.plan.document import Document as Content
from tcplan_desktop import settings as store
from tcplan_desktop.crash import CrashReport
from tcplan_desktop.files.mishaps import show_fault, show_mishap
from tcplan_desktop.files.open_save import PlanDesk
from tcplan_desktop.instance import Application, Instance
from tcplan_desktop.parts.icon import icon
from tcplan_desktop.program import NEW_INSTANCE
from tcplan_desktop.theme import themes
from tcplan_desktop.window import Window


def application(words: Sequence[str]) -> Application:
    """Make the application with its name, as the desktops of three systems know it."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = Application(["tcplan", *words])
    marks.use(QLocale.system().name())
    app.setApplicationName("tcplan")
    app.setApplicationDisplayName("TCPlan")
    app.setDesktopFileName("tcplan")
    return app


def first_window(kept: store.Settings) -> Window:
    """Make the window in the theme, text size and place of last time."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        themes.wear(app, kept.theme)
        themes.set_text_size(kept.text_size / 100)
        themes.set_reduced_motion(kept.reduced_motion)
        app.setWindowIcon(_window_icon())
    with themes.plain():
        window = Window(kept, Content.new(title=_("Example 70B")))
    if kept.maximized:
        window.showMaximized()
    else:
        window.show()
    return window


def _window_icon() -> QIcon:
    return icon("tcplan", "accent", 64)


def furnish(window: Window, report: CrashReport) -> PlanDesk:
    """Give the window its files, and a place to say what went wrong."""
    desk = PlanDesk(window)
    window.desk = desk
    report.keep = desk.keeper.keep_now
    report.happened.connect(lambda mishap: show_mishap(window, mishap))
    fault = report.earlier_fault()
    if fault is not None:
        show_fault(window, fault)
    return desk


def _keep_for_good() -> None:
    """Leave what the start has made out of the search for garbage, which would take a frame or two."""
    gc.freeze()
    gc.enable()


def raise_window(window: Window) -> None:
    """Bring the window before the others."""
    if window.isMinimized():
        window.showNormal()
    window.raise_()
    window.activateWindow()


def main(words: Sequence[str] | None = None) -> int:
    """Open the window with the files named, and return the exit code of the application."""
    given = list(sys.argv[1:] if words is None else words)
    named = [Path(word).absolute() for word in given if word != NEW_INSTANCE]
    app = application(given)
    own = Instance(app)
    if NEW_INSTANCE not in given and not own.settle(named):
        return 0
    report = CrashReport(parent=app)
    report.install()
    kept, notice = store.load()
    window = first_window(kept)
    desk = furnish(window, report)
    if notice:
        window.problems.say(notice)
    own.opened.connect(desk.open_paths)
    own.raised.connect(lambda: raise_window(window))
    app.opened.connect(desk.open_paths)
    named += app.begin()
    window.settled.connect(_keep_for_good)
    window.show_start_page()
    desk.open_paths(named)
    desk.left_work.offer_at_start(behind=bool(named))
    _keep_for_good()
    code = app.exec()
    own.close()
    report.uninstall()
    return code
