"""Every test of the window gets a home, the light theme with its fonts, and must leave nothing behind."""

import gc
import inspect
import os
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tcplan_desktop.theme import themes

if TYPE_CHECKING:
    from tcplan_desktop.window import Window

os.environ["QT_QPA_PLATFORM"] = "offscreen"
# Qt reads these when the application is made: what is measured here must not depend on the screen.
for name in ("QT_QPA_PLATFORMTHEME", "QT_STYLE_OVERRIDE", "QT_SCALE_FACTOR", "QT_FONT_DPI"):
    os.environ.pop(name, None)

PATIENCE = 5.0


class Leaks:
    """What a test has started and not ended: windows, timers, threads."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._widgets = [id(one) for one in QApplication.topLevelWidgets()]
        self._threads = set(threading.enumerate())
        self._started: list[tuple[QTimer | QThread, str]] = []
        for kind in (QTimer, QThread):
            self._watch(patch, kind)

    def _watch(self, patch: pytest.MonkeyPatch, kind: type[QTimer | QThread]) -> None:
        start: Callable[..., None] = kind.start

        def started(one: QTimer | QThread, *args: object) -> None:
            self._started.append((one, "".join(traceback.format_stack(limit=4)[:-1])))
            start(one, *args)

        patch.setattr(kind, "start", started)

    def found(self) -> list[str]:
        """Return a sentence for each thing left, with the place that it comes from."""
        settle()
        left = self._windows()
        if left:
            # A cycle of Python references keeps a window until it is collected; that is no leak of the code.
            gc.collect()
            settle()
            left = self._windows()
        found = [f"window {one!r} of {_place(type(one))}" for one in left]
        for one, where in self._started:
            running = shiboken6.isValid(one) and (
                one.isActive() if isinstance(one, QTimer) else one.isRunning()
            )
            if running:
                found.append(f"{type(one).__name__} still running, started at\n{where}")
        found += [f"thread {one.name} of {one}" for one in self._new_threads()]
        if not QThreadPool.globalInstance().waitForDone(int(PATIENCE * 1000)):
            found.append("the thread pool still works")
        return found

    def _windows(self) -> list[QWidget]:
        """Return the new windows; the tip of a tool tip belongs to Qt."""
        all_now = QApplication.topLevelWidgets()
        return [one for one in all_now if id(one) not in self._widgets and not one.inherits("QTipLabel")]

    def _new_threads(self) -> list[threading.Thread]:
        end = time.monotonic() + PATIENCE
        new = [one for one in threading.enumerate() if one not in self._threads]
        for one in new:
            one.join(max(end - time.monotonic(), 0.01))
        return [one for one in new if one.is_alive()]

    def close(self) -> None:
        """End what is left, so that the next test is not blamed."""
        for window in self._windows():
            window.close()
            window.deleteLater()
        for one, _where in self._started:
            if shiboken6.isValid(one) and isinstance(one, QTimer):
                one.stop()
        settle()


def settle() -> None:
    """Let Qt delete what waits for deletion."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _place(kind: type) -> str:
    try:
        return f"{inspect.getsourcefile(kind)}:{inspect.getsourcelines(kind)[1]}"
    except (TypeError, OSError):
        return kind.__module__


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp: QApplication) -> None:
    """Put style, palette and fonts on the application."""
    themes.wear(qapp, "light")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a home and folders of its own, on each system by the names that it looks at."""
    home = tmp_path / "home"
    folders = {
        "HOME": home,
        "USERPROFILE": home,
        "APPDATA": home / "roaming",
        "LOCALAPPDATA": home / "local",
        "XDG_CONFIG_HOME": home / ".config",
        "XDG_DATA_HOME": home / ".local" / "share",
        "XDG_CACHE_HOME": home / ".cache",
        "XDG_STATE_HOME": home / ".local" / "state",
        "XDG_RUNTIME_DIR": home / "run",
    }
    for variable, folder in folders.items():
        folder.mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(variable, str(folder))
    folders["XDG_RUNTIME_DIR"].chmod(0o700)
    return home


class Stage:
    """Windows on which a test puts what it tries; it keeps them, because Qt's bot holds them only weakly."""

    def __init__(self, bot: QtBot) -> None:
        self._bot = bot
        self._windows: list[QWidget] = []

    def alone(self, widget: QWidget) -> QWidget:
        """Show a widget at its own size, with room for what it draws around itself."""
        window = QWidget()
        self._bot.addWidget(window)
        hint = widget.sizeHint()
        widget.setParent(window)
        window.resize(max(hint.width(), 220) + 20, hint.height() + 20)
        widget.setGeometry(10, 10, window.width() - 20, window.height() - 20)
        window.show()
        self._bot.waitExposed(window)
        self._windows.append(window)
        return window

    def column(self, *widgets: QWidget, size: tuple[int, int] = (400, 500)) -> QWidget:
        """Show widgets below each other on an active window in which none has the focus yet."""
        window = QWidget()
        self._bot.addWidget(window)
        column = QVBoxLayout(window)
        for widget in widgets:
            column.addWidget(widget)
        column.addStretch(1)
        window.resize(*size)
        window.show()
        window.activateWindow()
        self._bot.waitUntil(window.isActiveWindow)
        first = window.focusWidget()
        if first is not None:
            first.clearFocus()
        self._windows.append(window)
        return window


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    """Give windows to put things on."""
    return Stage(qtbot)


@pytest.fixture(autouse=True)
def leaks(dressed: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Leaks]:
    """Fail the test that leaves a window, a timer or a thread, and say where it comes from."""
    watch = Leaks(monkeypatch)
    yield watch
    found = watch.found()
    watch.close()
    if themes.theme.name != "light" or themes.choice != "light":
        themes.choose("light")
    if themes.text_size != 1.0:
        themes.set_text_size(1.0)
    themes.set_reduced_motion(False)
    if found:
        pytest.fail("left behind: " + "\n".join(found), pytrace=False)


@pytest.fixture
def window(qtbot: QtBot) -> Iterator["Window"]:
    """Show the whole window on a plan in which nothing is typed, with every view made."""
    from tcplan.plan.document import Document
    from tcplan_desktop.settings import Settings
    from tcplan_desktop.window import Window

    made = Window(Settings(theme="light"), Document.new(title="Test"))
    # The platform without a screen pretends to one on which the window would be narrow.
    made.resize(1440, 900)
    with qtbot.waitSignal(made.settled):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.show_workbench()
    yield made
    made.close()
    made.deleteLater()
    settle()
