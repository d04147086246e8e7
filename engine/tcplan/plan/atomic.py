"""A file replaced as a whole: a synced new one beside it, then one rename; and what a crash leaves behind."""

import errno
import logging
import os
import re
import secrets
import sys
from pathlib import Path

from tcplan.plan.disk import Clock, Disk

_log = logging.getLogger(__name__)

_RENAME_TRIES = 10
_RENAME_PAUSE = 0.2
_OLD_TEMPORARY = 86_400.0
_LONGEST_NAME = 255
_TEMPORARY = re.compile(r"^\..*\.(?P<pid>\d+)\.[0-9a-f]{16}\.tmp$", re.DOTALL)
_NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.ENOSYS})


class UnconfirmedError(OSError):
    """The new file is in its place, but the disk did not confirm that it will be after a power cut."""


def replace_whole(data: bytes, target: Path, mode: int, disk: Disk, clock: Clock) -> None:
    """Put a whole new file in the place of a file, or leave the old one as it was.

    Raises
    ------
    OSError
        When a step failed; the temporary file is gone then, unless even that failed.
    """
    temporary = _written_beside(data, target, mode, disk)
    try:
        _renamed(temporary, target, disk, clock)
    except BaseException:
        # Ctrl+C too leaves nothing behind.
        _discard(temporary, disk)
        raise
    try:
        _sync_names(target.parent, disk)
    except OSError as error:
        raise UnconfirmedError(error.errno, error.strerror) from error


def _written_beside(data: bytes, target: Path, mode: int, disk: Disk) -> Path:
    """Return a synced file with the data; after a failed sync, of a second try."""
    try:
        return _write_new(data, _temporary_beside(target), mode, disk)
    except _SyncError:
        try:
            return _write_new(data, _temporary_beside(target), mode, disk)
        except _SyncError as error:
            raise error.reason from error


class _SyncError(Exception):
    def __init__(self, reason: OSError) -> None:
        super().__init__(str(reason))
        self.reason = reason


def _temporary_beside(target: Path) -> Path:
    """Return a new name in the folder of a file, no longer than a name may be."""
    ending = f".{os.getpid()}.{secrets.token_hex(8)}.tmp"
    room = _LONGEST_NAME - len(ending) - 1
    stem = target.name.encode(errors="surrogateescape")[:room].decode(errors="ignore")
    return target.with_name(f".{stem}{ending}")


def _write_new(data: bytes, path: Path, mode: int, disk: Disk) -> Path:
    """Write a new file and sync it; when that fails, no file is left."""
    handle = disk.create(path)
    try:
        _set_mode(handle, mode, disk)
        write_all(handle, data, disk)
        try:
            disk.sync(handle)
        except OSError as error:
            raise _SyncError(error) from error
    except BaseException:
        _closed_quietly(handle, disk)
        _discard(path, disk)
        raise
    try:
        disk.close(handle)
    except BaseException:
        _discard(path, disk)
        raise
    return path


def _set_mode(handle: int, mode: int, disk: Disk) -> None:
    """Give the new file its bits where the disk has such bits; without, it stays its owner's alone."""
    try:
        disk.set_mode(handle, mode)
    except OSError as error:
        _log.warning("the permissions of a file could not be set: %s", error)


def write_all(handle: int, data: bytes, disk: Disk) -> None:
    """Write bytes until all are written."""
    rest = memoryview(data)
    while rest:
        count = disk.write(handle, bytes(rest[: 1 << 20]))
        if count <= 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        rest = rest[count:]


def _closed_quietly(handle: int, disk: Disk) -> None:
    try:
        disk.close(handle)
    except OSError as error:
        _log.warning("a temporary file did not close: %s", error)


def _discard(path: Path, disk: Disk) -> None:
    try:
        disk.remove(path)
    except FileNotFoundError:
        return
    except OSError as error:
        _log.warning("%s was left behind: %s", path, error)


def _renamed(temporary: Path, target: Path, disk: Disk, clock: Clock) -> None:
    """Rename over the target; where other programs hold files for a moment, try again for two seconds."""
    patient = sys.platform == "win32"
    for attempt in range(1, _RENAME_TRIES + 1):
        try:
            disk.replace(temporary, target)
        except OSError as error:
            held = error.errno == errno.EBUSY or (patient and error.errno == errno.EACCES)
            if not held or attempt == _RENAME_TRIES:
                raise
            clock.wait(_RENAME_PAUSE)
        else:
            return


def _sync_names(folder: Path, disk: Disk) -> None:
    """Sync a folder's names where its file system can."""
    try:
        disk.sync_folder(folder)
    except OSError as error:
        if error.errno not in _NO_FOLDER_SYNC:
            raise


def remove_leftovers(folder: Path, disk: Disk | None = None, clock: Clock | None = None) -> list[str]:
    """Remove our temporary files that are older than a day and of no living process; return their names."""
    disk, clock = disk or Disk(), clock or Clock()
    removed: list[str] = []
    try:
        names = disk.names(folder)
    except OSError:
        return removed
    for name in names:
        found = _TEMPORARY.match(name)
        if not found or alive(int(found["pid"])):
            continue
        try:
            age = clock.now().timestamp() - disk.status(folder / name).st_mtime
            if age > _OLD_TEMPORARY:
                disk.remove(folder / name)
                removed.append(name)
        except OSError as error:
            _log.warning("%s was left behind: %s", folder / name, error)
    return removed


def alive(pid: int) -> bool:
    """Return whether a process of this number runs on this computer."""
    if sys.platform == "win32":
        return pid == os.getpid()
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return pid > 0
