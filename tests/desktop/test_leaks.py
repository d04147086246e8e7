"""The fixtures of this folder find what a test leaves behind."""

from typing import Protocol

from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QWidget


class Finds(Protocol):
    """The fixture that looks for what is left."""

    def found(self) -> list[str]: ...


def test_what_a_test_leaves_is_found(leaks: Finds) -> None:
    """Fails when the fixtures of this folder let a window, a timer or a thread pass."""
    assert leaks.found() == []
    window = QWidget()
    timer = QTimer()
    timer.start(10_000)
    thread = QThread()
    thread.start()
    found = "\n".join(leaks.found())
    assert "window <PySide6.QtWidgets.QWidget" in found
    assert "QTimer still running" in found
    assert "QThread still running" in found
    assert "test_leaks.py" in found
    timer.stop()
    thread.quit()
    assert thread.wait(5000)
    window.deleteLater()
    assert leaks.found() == []
