"""Every call on the file system that saving makes, in one place, so that tests can fail each of them."""

import hashlib
import os
import stat
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

if sys.platform == "darwin":
    import fcntl

_CLOSED_TO_CHILDREN = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


class NotAFileError(OSError):
    """A path that names a folder, a device or a pipe."""


class TooLargeError(OSError):
    """A file above the limit that its reader set."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a file was when it was read or written; its digest decides, never its time alone."""

    size: int
    mtime_ns: int
    digest: str

    @classmethod
    def of(cls, data: bytes, status: os.stat_result) -> "Fingerprint":
        """Return the fingerprint of a file's content and status."""
        return cls(len(data), status.st_mtime_ns, hashlib.sha256(data).hexdigest())


def default_mode() -> int:
    """Return the permission bits that this process gives to a new file."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


class Disk:
    """The file system as saving, recovery and backups use it."""

    def status(self, path: Path) -> os.stat_result:
        """Return the status of what a path names, links followed."""
        return path.stat()

    def read(self, path: Path, limit: int) -> bytes:
        """Return the content of a regular file of at most `limit` bytes; never waits for a pipe."""
        if path.is_dir():
            raise NotAFileError(str(path))
        handle = os.open(path, os.O_RDONLY | _NO_WAIT | _CLOSED_TO_CHILDREN)
        try:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise NotAFileError(str(path))
            if status.st_size > limit:
                raise TooLargeError(str(path))
            pieces: list[bytes] = []
            while piece := os.read(handle, 1 << 20):
                pieces.append(piece)
                if sum(map(len, pieces)) > limit:
                    raise TooLargeError(str(path))
            return b"".join(pieces)
        finally:
            os.close(handle)

    def create(self, path: Path) -> int:
        """Create a file that must not exist, for its owner alone, and return its handle."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _CLOSED_TO_CHILDREN
        return os.open(path, flags, 0o600)

    def overwrite(self, path: Path) -> int:
        """Empty an existing file and return its handle."""
        return os.open(path, os.O_WRONLY | os.O_TRUNC | _NO_LINK | _CLOSED_TO_CHILDREN)

    def set_mode(self, handle: int, mode: int) -> None:
        """Give an open file its permission bits, where the system has them."""
        if sys.platform != "win32":
            os.fchmod(handle, mode)

    def write(self, handle: int, data: bytes) -> int:
        """Write some bytes and return how many."""
        return os.write(handle, data)

    def sync(self, handle: int) -> None:
        """Return when the bytes of an open file are on the disk, as far as the disk says the truth."""
        if sys.platform == "darwin":
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
        else:
            os.fsync(handle)

    def close(self, handle: int) -> None:
        """Close an open file."""
        os.close(handle)

    def replace(self, source: Path, target: Path) -> None:
        """Rename a file over another in one step."""
        source.replace(target)

    def sync_folder(self, path: Path) -> None:
        """Return when a folder's names are on the disk; Windows does this by itself."""
        if sys.platform == "win32":
            return
        handle = os.open(path, os.O_RDONLY | _CLOSED_TO_CHILDREN)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def remove(self, path: Path) -> None:
        """Remove a file."""
        path.unlink()

    def make_folder(self, path: Path) -> None:
        """Make a folder for its owner alone, and those above it, unless they exist."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def names(self, path: Path) -> list[str]:
        """Return the names in a folder in order."""
        return sorted(os.listdir(path))  # noqa: PTH208  # names only: the entries may vanish meanwhile


class Clock:
    """The time of day, and waiting; tests have their own."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)

    def wait(self, seconds: float) -> None:
        """Let some time pass."""
        time.sleep(seconds)
