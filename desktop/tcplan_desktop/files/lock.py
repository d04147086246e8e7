"""A mark beside a plan with unsaved changes, so that no other window changes it too."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile

_LONGEST_SAVE_MILLISECONDS = 2_000
_ASKING_MILLISECONDS = 50


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock."""

    pid: int
    host: str

    @property
    def elsewhere(self) -> bool:
        """Return whether that is another computer."""
        return self.host not in ("", platform.node())


def made(path: Path) -> QLockFile:
    """Return a lock, not held yet, that does not grow old: a plan may stay open for weeks."""
    lock = QLockFile(str(path))
    lock.setStaleLockTime(0)
    return lock


def holder(path: Path) -> Holder | None:
    """Return who holds a lock; None when nobody does or it cannot be told."""
    if not os.path.lexists(path):
        return None
    lock = made(path)
    # Another window that asks the same holds the lock for a moment, which is not to have it.
    if lock.tryLock(_ASKING_MILLISECONDS):
        lock.unlock()
        return None
    return _told(lock)


def _told(lock: QLockFile) -> Holder | None:
    if lock.error() != QLockFile.LockError.LockFailedError:
        return None
    pid, host, _name = lock.getLockInfo()
    return Holder(pid, host)


def beside(path: Path) -> Path:
    """Return where the lock of a plan lies."""
    return path.with_name(f".~lock.{path.name}#")


@contextmanager
def saving(path: Path) -> Iterator[None]:
    """Let no two windows save one plan at the same moment, so that each sees what the other wrote."""
    lock = made(path.with_name(f".~save.{path.name}#"))
    # Where no lock can be made, or one is never given back, the look at the file must do.
    lock.tryLock(_LONGEST_SAVE_MILLISECONDS)
    try:
        yield
    finally:
        lock.unlock()


class PlanLock:
    """The lock of the plan that is open, held only while it is modified."""

    def __init__(self) -> None:
        self._lock: QLockFile | None = None
        self._path: Path | None = None

    def hold(self, path: Path) -> Holder | None:
        """Hold the lock of a plan; return who else has it, None also where no lock can be made."""
        if self._path == path:
            return None
        self.release()
        lock = made(beside(path))
        self._path = path
        if lock.tryLock(0):
            self._lock = lock
            return None
        return _told(lock)

    def release(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            self._lock.unlock()
        self._lock = self._path = None
