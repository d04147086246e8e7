"""Keeps what is not saved, without asking, and finds what an earlier session left."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Qt, QTimer, Signal

from tcplan.language import _
from tcplan.plan import recovery
from tcplan.plan.backups import user_folder
from tcplan.plan.disk import Fingerprint
from tcplan.plan.recovery import Meta, Orphan
from tcplan.version import VERSION
from tcplan_desktop.files import lock
from tcplan_desktop.files.background import Background

if TYPE_CHECKING:
    from tcplan.plan.document import Document as Content
    from tcplan_desktop.document import Document

_log = logging.getLogger(__name__)

IDLE_MILLISECONDS = 2_000
MOST_MILLISECONDS = 10_000
KEPT_UNOPENED = timedelta(days=30)
"""How long work waits that somebody left without saving it; then it goes to the trash."""
_LOCK = "lock"
_LEFT = "left"
"""A file of this name says that the window was closed in order: its work is no accident to report."""
_PATIENCE = 5.0
_LISTING_MILLISECONDS = 1_000


def folder() -> Path:
    """Return the folder of all recovery entries of this user."""
    return user_folder() / "recovery"


_asking = threading.Lock()
_ours: set[Path] = set()
"""The entries that this process has open."""


class Keeper(QObject):
    """Writes the open document into its recovery entry, in a thread of its own, until it is saved."""

    kept = Signal(object)
    """The time of a snapshot that is on the disk."""
    failed = Signal(str)
    """Why there is no new snapshot."""

    def __init__(
        self, document: Document, base: Callable[[], Fingerprint | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._base = base
        self._root = folder()
        self._hand = Background("recovery", self)
        self._entry: Path | None = None
        self._lock: QLockFile | None = None
        self._origin = Meta()
        self._written: Content | None = None
        self._on_disk: Content | None = None
        self.time: datetime | None = None
        self._idle = self._timer(IDLE_MILLISECONDS)
        self._most = self._timer(MOST_MILLISECONDS)
        document.changed.connect(self._changed)
        document.renamed.connect(self._renamed)

    def _timer(self, milliseconds: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.setInterval(milliseconds)
        timer.timeout.connect(self.keep)
        return timer

    @property
    def entry(self) -> Path | None:
        """Return the folder of the open document's entry; None while there is nothing to keep."""
        return self._entry

    @property
    def most_remaining(self) -> int:
        """Return in how many milliseconds a snapshot is written at the latest; -1 when none is due."""
        return self._most.remainingTime()

    @property
    def safe(self) -> bool:
        """Return whether everything is saved or in the recovery entry."""
        return not self._document.modified or self._on_disk is self._document.content

    def _changed(self, _before: object, _after: object) -> None:
        # The undo stack counts a step only after it is done, so whether there is work is asked later.
        self._idle.start()
        if not self._most.isActive():
            self._most.start()

    def _renamed(self) -> None:
        if not self._document.modified:
            self._finish()

    def keep(self) -> None:
        """Write a snapshot now, unless the last one is the same or nothing has changed since the save."""
        self._idle.stop()
        self._most.stop()
        document = self._document
        content = document.content
        if not document.modified or content is self._written:
            return
        try:
            place = self._opened_entry()
        except OSError as error:
            self._refused(error)
            return
        path = str(document.path) if document.path else self._origin.path
        base = self._base() if document.path else self._origin.base
        meta = Meta.here(path, base, self.labels(), VERSION)
        self._written = content

        def write() -> OSError | datetime:
            try:
                recovery.write(place, content, meta)
            except OSError as error:
                return error
            self.time, self._on_disk = datetime.now(UTC), content
            return self.time

        self._hand.do(write, self._told)

    def keep_now(self) -> datetime | None:
        """Write a snapshot and wait for it; return its time, None when there is nothing or it failed."""
        self.keep()
        self._hand.wait(_PATIENCE)
        if self.safe:
            return self.time
        self._written = None
        return None

    def _opened_entry(self) -> Path:
        if self._entry is None:
            self._entry = recovery.new_entry(self._root)
            self._hold(self._entry)
        return self._entry

    def _hold(self, entry: Path) -> None:
        _ours.add(entry)
        self._lock = lock.made(entry / _LOCK)
        # Whoever lists the entries holds each lock for a moment.
        self._lock.tryLock(_LISTING_MILLISECONDS)

    def _told(self, result: OSError | datetime) -> None:
        if isinstance(result, OSError):
            self._written = None
            self._refused(result)
        else:
            self.kept.emit(result)

    def _refused(self, error: OSError) -> None:
        _log.warning("no recovery copy: %s", error)
        self.failed.emit(str(error.strerror or error))

    def labels(self) -> tuple[str, ...]:
        """Return what was changed since the last save, in words, the first change first."""
        stack = self._document.undo_stack
        clean, now = stack.cleanIndex(), stack.index()
        if clean > now:
            steps = range(clean - 1, now - 1, -1)
            return tuple(_("undo {change}").format(change=stack.text(step)) for step in steps)
        return (*self._origin.labels, *(stack.text(at) for at in range(max(clean, 0), now)))

    def adopt(self, orphan: Orphan) -> None:
        """Go on in the entry of work that was found, so that it is kept once, not twice."""
        self._origin = orphan.meta
        if orphan.elsewhere:
            return
        self._entry = orphan.folder
        self._hold(orphan.folder)
        self._written = self._on_disk = orphan.document
        self.time = orphan.time
        self._hand.do(lambda: (orphan.folder / _LEFT).unlink(missing_ok=True))

    def leave(self) -> None:
        """Let go of the document for another one, or because the window closes; its work stays."""
        if not self._document.modified:
            self._finish()
            return
        if self._origin.pid:
            # Written anew, recovered work no longer counts the attempt to open it as a crash.
            self._written = None
        self.keep()
        entry = self._entry
        if entry is not None:
            self._hand.do(lambda: (entry / _LEFT).touch())
        self._hand.wait(_PATIENCE)
        self._forget()

    def _finish(self) -> None:
        """Remove the entry: what it keeps is saved, or taken back."""
        entry = self._entry
        self._idle.stop()
        self._most.stop()
        self._forget()
        if entry is not None:
            self._hand.do(lambda: recovery.finish(entry))

    def _forget(self) -> None:
        if self._entry is not None:
            _ours.discard(self._entry)
        if self._lock is not None:
            self._lock.unlock()
        self._lock = self._entry = self._written = self._on_disk = self.time = None
        self._origin = Meta()

    def close(self) -> None:
        """Leave the document and end the thread."""
        self.leave()
        self._hand.close()


def _in_use(entry: Path) -> bool:
    """Return whether a process of this computer has an entry open; of another computer it cannot be told."""
    if entry in _ours:
        return True
    held = lock.holder(entry / _LOCK)
    return held is not None and not held.elsewhere


def found() -> tuple[Orphan, ...]:
    """Return the work that nobody has open, the latest first."""
    with _asking:
        return recovery.orphans(folder(), in_use=_in_use)


def was_left(orphan: Orphan) -> bool:
    """Return whether its window was closed in order."""
    return (orphan.folder / _LEFT).exists()


def tidy() -> None:
    """Empty the trash of old work, and put there what nobody has opened for a month."""
    recovery.empty_trash(folder())
    for orphan in found():
        if was_left(orphan) and datetime.now(UTC) - orphan.time > KEPT_UNOPENED:
            recovery.discard(orphan.folder)
