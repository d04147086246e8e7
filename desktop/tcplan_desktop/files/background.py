"""A thread that does one thing after the other away from the window: disks may take their time."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

Job = Callable[[], Any]


class Background(QObject):
    """Jobs in the order in which they came; what a job returns is handed over on the thread of the window."""

    _arrived = Signal(object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._jobs: queue.SimpleQueue[tuple[Job, Callable[[Any], object] | None] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._arrived.connect(self._deliver)

    def do(self, job: Job, then: Callable[[Any], object] | None = None) -> None:
        """Do a job when those before it are done, then call `then` with what it returned."""
        if self._closed:
            return
        self._jobs.put((job, then))
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until everything asked for so far is done; return whether it was in time."""
        if self._thread is None or self._thread is threading.current_thread():
            return True
        done = threading.Event()
        self.do(done.set)
        return done.wait(seconds)

    def close(self, seconds: float = 5.0) -> None:
        """Finish what was asked for, at most so long; a disk that hangs does not hold the program."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join(seconds)

    def _serve(self) -> None:
        while (task := self._jobs.get()) is not None:
            job, then = task
            try:
                result = job()
            except Exception as error:  # noqa: BLE001 - told to whoever reports what the program did wrong
                told = (type(error), error, error.__traceback__, threading.current_thread())
                threading.excepthook(threading.ExceptHookArgs(told))
                continue
            if then is not None and not self._closed:
                self._arrived.emit(then, result)

    def _deliver(self, then: Callable[[Any], object], result: object) -> None:
        if not self._closed:
            then(result)
