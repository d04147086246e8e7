"""A lane computes one kind of result: now while that is quick, else on a worker; the latest request wins."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

NOW_SECONDS = 0.010
"""A result whose last cost was below this is computed at once, on the thread of the window."""


class Cancelled(Exception):
    """A later request made this one useless."""


class Turn:
    """One request's place in its lane; long work asks it between two chunks whether to go on."""

    def __init__(self, lane: Lane, generation: int) -> None:
        self._lane = lane
        self.generation = generation

    def check(self) -> None:
        """Go on, or leave the work.

        Raises
        ------
        Cancelled
            When a later request took the lane or the lane was closed.
        """
        if not self._lane.is_current(self.generation):
            raise Cancelled


class Lane(QObject):
    """A single slot: requests that arrive during work collapse into the latest one."""

    done = Signal(object)
    """The result of the latest request; results of earlier ones are dropped."""
    failed = Signal(object)
    """The exception that ended the latest request."""
    busy = Signal(bool)
    """Whether a result is being computed on the worker."""

    _arrived = Signal(int, object, object, float)

    def __init__(self, name: str, parent: QObject | None = None, *, aside: bool = False) -> None:
        """Make a lane; one that is `aside` never computes on the thread of the window."""
        super().__init__(parent)
        self._name = name
        self._generation = 0
        self._cost = 0.0
        self._aside = aside
        self._slot: tuple[int, Callable[[Turn], object]] | None = None
        self._closed = False
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._arrived.connect(self._deliver)

    def request(self, work: Callable[[Turn], object]) -> None:
        """Compute `work`, now when the last cost allows, else on the worker; earlier requests are dropped."""
        if self._closed:
            return
        with self._wake:
            self._generation += 1
            generation = self._generation
            self._slot = None
        if self._cost < NOW_SECONDS and not self._aside:
            self._finish(generation, *self._measured(generation, work))
            return
        with self._wake:
            self._slot = (generation, work)
            self._wake.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name=self._name, daemon=True)
            self._thread.start()
        self.busy.emit(True)

    def drop(self) -> None:
        """Cancel the latest request; nobody waits for its result any more."""
        with self._wake:
            self._generation += 1
            self._slot = None
        self.busy.emit(False)

    def close(self) -> None:
        """Cancel and join the worker."""
        with self._wake:
            self._closed = True
            self._generation += 1
            self._slot = None
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def is_current(self, generation: int) -> bool:
        """Return whether no later request has taken the lane."""
        return generation == self._generation and not self._closed

    def _measured(
        self, generation: int, work: Callable[[Turn], object]
    ) -> tuple[object, Exception | None, float]:
        start = time.perf_counter()
        try:
            result = work(Turn(self, generation))
        except Exception as error:  # noqa: BLE001 - a worker must hand every failure to the window
            return None, error, time.perf_counter() - start
        return result, None, time.perf_counter() - start

    def _serve(self) -> None:
        while True:
            with self._wake:
                while self._slot is None and not self._closed:
                    self._wake.wait()
                if self._closed or self._slot is None:
                    return
                generation, work = self._slot
                self._slot = None
            result, error, cost = self._measured(generation, work)
            self._arrived.emit(generation, result, error, cost)

    def _deliver(self, generation: int, result: object, error: Exception | None, cost: float) -> None:
        if not self.is_current(generation):
            return
        self.busy.emit(False)
        self._finish(generation, result, error, cost)

    def _finish(self, generation: int, result: object, error: Exception | None, cost: float) -> None:
        if not isinstance(error, Cancelled):
            self._cost = cost
        if not self.is_current(generation):
            return
        if error is None:
            self.done.emit(result)
        elif not isinstance(error, Cancelled):
            self.failed.emit(error)


def raise_again(error: Exception) -> None:
    """Hand a fault of a worker to where every other fault of the program goes; it is not the plan's."""
    raise error
