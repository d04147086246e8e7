"""What holds for every test."""

import sys

from hypothesis import settings

settings.register_profile("the same in each run", derandomize=True)
settings.load_profile("the same in each run")


def pytest_sessionfinish() -> None:
    """Empty the clipboard: without a screen it outlives Python, and data made in Python with it."""
    gui = sys.modules.get("PySide6.QtGui")
    if gui is not None and gui.QGuiApplication.instance() is not None:
        gui.QGuiApplication.clipboard().clear()
