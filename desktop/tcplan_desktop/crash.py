"""When the program does something wrong: the work is kept first, then one panel says what happened."""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import os
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO

import platformdirs
from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

from tcplan.language import _, plural
from tcplan.plan.atomic import alive

_log = logging.getLogger("tcplan_desktop")

_LARGEST_LOG = 512_000
_FAULT = "fault-"
_SEEN = "seen-"
_REPORTS_KEPT = 5
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

Error = tuple[type[BaseException], BaseException | None, TracebackType | None]


@dataclass(frozen=True, slots=True)
class Mishap:
    """An error that nobody expected; `count` says how often it happened."""

    key: str
    sentence: str
    details: str
    count: int


def log_folder() -> Path:
    """Return where logs and reports of crashes lie."""
    return Path(platformdirs.user_log_dir("tcplan", appauthor=False))


class CrashReport(QObject):
    """Hears of every error that nothing else caught, on any thread, and reports it in the window."""

    happened = Signal(object)
    """A `Mishap`, on the thread of the window."""

    _arrived = Signal(object)

    def __init__(self, folder: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder or log_folder()
        self.keep: Callable[[], datetime | None] = lambda: None
        """Puts unsaved work on the disk and says when that was done."""
        self._counts: dict[str, int] = {}
        self._busy = False
        self._fault: IO[str] | None = None
        self._handler: logging.Handler | None = None
        self._before = (sys.excepthook, threading.excepthook)
        self._qt_before: Callable[[QtMsgType, QMessageLogContext, str], None] | None = None
        self._arrived.connect(self._report)

    def install(self) -> None:
        """Begin to listen; without a folder for logs everything else still works."""
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._handler = logging.handlers.RotatingFileHandler(
                self.folder / "tcplan.log", maxBytes=_LARGEST_LOG, backupCount=1, encoding="utf-8", delay=True
            )
            self._fault = (self.folder / f"{_FAULT}{os.getpid()}.log").open("w", encoding="utf-8")
        except OSError:
            _log.warning("there is no folder for logs")
        else:
            form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
            self._handler.setFormatter(logging.Formatter(form))
            logging.getLogger().addHandler(self._handler)
            faulthandler.enable(self._fault)
        self._qt_before = qInstallMessageHandler(_qt_said)

    def uninstall(self) -> None:
        """Stop listening; a fault file without a fault is removed."""
        sys.excepthook, threading.excepthook = self._before
        qInstallMessageHandler(self._qt_before)
        if self._fault is not None:
            faulthandler.disable()
            self._fault.close()
            (self.folder / f"{_FAULT}{os.getpid()}.log").unlink(missing_ok=True)
            self._fault = None
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
            self._handler = None

    def earlier_fault(self) -> Path | None:
        """Return what is known of a process that died; it is told once, and the last five are kept."""
        found = None
        try:
            for path in sorted(self.folder.glob(f"{_FAULT}*.log")):
                number = path.stem.removeprefix(_FAULT)
                if not number.isdigit() or int(number) == os.getpid() or alive(int(number)):
                    continue
                if path.stat().st_size:
                    found = path.replace(path.with_name(f"{_SEEN}{path.stat().st_mtime_ns}.log"))
                else:
                    path.unlink()
            for old in sorted(self.folder.glob(f"{_SEEN}*.log"))[:-_REPORTS_KEPT]:
                old.unlink()
        except OSError as error:
            _log.warning("the reports of crashes could not be read: %s", error)
        return found

    def _caught(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            self._before[0](kind, error, trace)  # type: ignore[arg-type]
            return
        _log.error("unexpected error", exc_info=(kind, error or kind(), trace))
        self._arrived.emit((kind, error, trace))

    def _caught_in_thread(self, told: threading.ExceptHookArgs) -> None:
        if not issubclass(told.exc_type, SystemExit):
            self._caught(told.exc_type, told.exc_value, told.exc_traceback)

    def _report(self, caught: Error) -> None:
        # An error while an error is reported is in the log; reporting it too might never end.
        if self._busy:
            return
        self._busy = True
        try:
            self.happened.emit(self._mishap(caught, self.keep()))
        finally:
            self._busy = False

    def _mishap(self, caught: Error, kept: datetime | None) -> Mishap:
        kind, error, trace = caught
        frames = traceback.extract_tb(trace)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        key = f"{kind.__name__} {place}"
        count = self._counts[key] = self._counts.get(key, 0) + 1
        told = [_("Something went wrong in TCPlan ({name}).").format(name=kind.__name__)]
        if kept is not None:
            local = f"{kept.astimezone():%H:%M:%S}"
            told.append(_("Your work is safe (kept {time}).").format(time=local))
        told.append(_("You can go on; if numbers look wrong, save and start TCPlan again."))
        if count > 1:
            times = plural("It happened {count} time.", "It happened {count} times.", count)
            told.append(times.format(count=count))
        details = "".join(traceback.format_exception(kind, error, trace)).strip()
        return Mishap(key, " ".join(told), details, count)


def _qt_said(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s: %s", context.category, text)
