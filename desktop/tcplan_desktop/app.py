"""The start of the window: as little as its first sight needs, the rest once it stands."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from tcplan.language import _
from tcplan.plan.document import Document as Content
from tcplan_desktop import settings as store
from tcplan_desktop.parts.icon import icon
from tcplan_desktop.theme import themes
from tcplan_desktop.window import Window


def application(words: Sequence[str]) -> QApplication:
    """Make the application with its name, as the desktops of three systems know it."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(["tcplan", *words])
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
    window = Window(kept, Content.new(title=_("Example 70B")))
    if kept.maximized:
        window.showMaximized()
    else:
        window.show()
    return window


def _window_icon() -> QIcon:
    return icon("tcplan", "accent", 64)


def main(words: Sequence[str] | None = None) -> int:
    """Open the window with the files named, and return the exit code of the application."""
    named = list(sys.argv[1:] if words is None else words)
    app = application(named)
    kept, notice = store.load()
    window = first_window(kept)
    if notice:
        window.problems.say(notice)
    if window.desk is not None:
        for name in named:
            window.desk.open_path(Path(name))
    return app.exec()
