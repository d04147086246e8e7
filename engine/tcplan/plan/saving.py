"""The save recipe: check, compare with what lies there, keep the old version, replace, read back."""

import errno
import hashlib
import logging
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from tcplan.language import N_, _
from tcplan.plan import reading
from tcplan.plan.atomic import UnconfirmedError, replace_whole, write_all
from tcplan.plan.backups import keep
from tcplan.plan.canonical import to_bytes
from tcplan.plan.disk import Clock, Disk, Fingerprint, NotAFileError, TooLargeError, default_mode
from tcplan.plan.document import Document
from tcplan.plan.opening import read_bytes

_log = logging.getLogger(__name__)

_IN_PLACE_MAY_HELP = frozenset(
    {errno.EXDEV, errno.EPERM, errno.EACCES, errno.EBUSY, errno.EINVAL, errno.ENOTSUP, errno.EEXIST}
)

_CAUSES = {
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("your share of the disk is used up"),
    errno.EFBIG: N_("the system does not allow a file of this size"),
    errno.EROFS: N_("the folder is read-only"),
    errno.EACCES: N_("you may not write there"),
    errno.EPERM: N_("you may not write there"),
    errno.ENOENT: N_("the folder is gone"),
    errno.ENOTDIR: N_("the folder is gone"),
    errno.EISDIR: N_("a folder has this name"),
    errno.ENAMETOOLONG: N_("the name is too long for this disk"),
    errno.EIO: N_("the disk reports an error"),
    errno.EBUSY: N_("another program holds the file"),
    errno.EXDEV: N_("the folder does not allow replacing a file"),
    errno.EINVAL: N_("the folder does not allow replacing a file"),
    errno.ENOTSUP: N_("the folder does not allow replacing a file"),
    errno.ESTALE: N_("the network drive lost the folder"),
    errno.ETIMEDOUT: N_("the network drive does not answer"),
}


class SaveError(Exception):
    """A save that did not happen: why, in which folder, and what is left to do.

    `in_place` says that writing into the old file may work where replacing it did not. Where the file itself
    may be damaged, `untouched` is false, and `copy` says where a whole copy of the document lies.
    """

    def __init__(
        self,
        cause: str,
        path: Path,
        *,
        in_place: bool = False,
        untouched: bool = True,
        copy: Path | None = None,
    ) -> None:
        rest = _("The file there is as it was.")
        if copy is not None:
            rest = _("A whole copy is {copy}.").format(copy=copy)
        elif not untouched:
            rest = _("The file there may be damaged: save it in another folder.")
        sentence = _("Not saved in {folder}: {cause}.").format(folder=path.parent, cause=cause)
        self.sentence = f"{sentence} {rest}"
        super().__init__(self.sentence)
        self.cause = cause
        self.folder = path.parent
        self.in_place = in_place
        self.untouched = untouched
        self.copy = copy


class ConflictError(Exception):
    """A file that somebody else changed since it was read; `found` is what lies there now."""

    def __init__(self, path: Path, found: Fingerprint) -> None:
        super().__init__(
            _("{name} was changed by another program since it was opened.").format(name=path.name)
        )
        self.path = path
        self.found = found


@dataclass(frozen=True, slots=True)
class _Old:
    data: bytes
    mode: int
    fingerprint: Fingerprint


def save(
    document: Document,
    path: Path | str,
    expected: Fingerprint | None,
    disk: Disk | None = None,
    *,
    clock: Clock | None = None,
    backups: Path | None = None,
    in_place: bool = False,
) -> Fingerprint:
    """Write a document and return when its bytes are on the disk; otherwise the old file is as it was.

    Parameters
    ----------
    document
        What to write.
    path
        Where; a symbolic link stays one, and what it names is replaced.
    expected
        Fingerprint of the file as it was last read or written, None when there should be no file.
    disk, clock
        The file system and the time.
    backups
        Folder for the old version; by default in the user's data folder.
    in_place
        Write into the old file, for folders that allow no replacing; a whole copy is kept first.

    Raises
    ------
    ConflictError
        When the file is not the expected one.
    SaveError
        When anything else went wrong, with the cause in words.
    """
    disk, clock = disk or Disk(), clock or Clock()
    target = Path(os.path.realpath(path))
    data = _checked_bytes(document, target)
    old = _old_file(target, disk)
    if old is not None and (expected is None or expected.digest != old.fingerprint.digest):
        raise ConflictError(target, old.fingerprint)
    if old is not None and old.data == data:
        return old.fingerprint
    if old is not None:
        _keep_old(old.data, document, disk, clock, backups)
    try:
        if in_place:
            _overwrite(data, document, target, disk, clock, backups)
        else:
            replace_whole(data, target, default_mode() if old is None else old.mode, disk, clock)
        return _read_back(data, target, disk)
    except (_UnfaithfulError, UnconfirmedError) as error:
        cause = _("the disk did not keep, or not confirm, what was written")
        raise _doubtful(cause, data, document, target, disk, clock, backups) from error
    except OSError as error:
        raise _failed(error, target) from error


class _UnfaithfulError(Exception):
    """What was read back is not what was written."""


def _failed(error: OSError, target: Path) -> SaveError:
    may_help = error.errno in _IN_PLACE_MAY_HELP and os.access(target, os.W_OK)
    return SaveError(_cause(error), target, in_place=may_help)


def _cause(error: OSError) -> str:
    known = _CAUSES.get(error.errno or 0)
    return _(known) if known else str(error.strerror or error)


def _checked_bytes(document: Document, target: Path) -> bytes:
    """Return the document's bytes after reading them again: what we write, we can open."""
    try:
        data = to_bytes(document)
        again = read_bytes(data)
    except (reading.PlanFileError, ValueError) as error:
        raise SaveError(
            _("this document cannot be written ({reason})").format(reason=error), target
        ) from error
    if to_bytes(again) != data or again.plan != document.plan:
        raise SaveError(_("this document would not read back as it is"), target)
    return data


def _old_file(target: Path, disk: Disk) -> _Old | None:
    try:
        data = disk.read(target, reading.LARGEST)
        status = disk.status(target)
    except FileNotFoundError:
        return None
    except TooLargeError as error:
        raise SaveError(_("the file there is too large to be a plan"), target) from error
    except NotAFileError as error:
        raise SaveError(_("a folder or a device has this name"), target) from error
    except OSError as error:
        raise SaveError(_cause(error), target) from error
    if status.st_nlink > 1:
        _log.warning("%s has other names (hard links), which keep the old version", target)
    return _Old(data, stat.S_IMODE(status.st_mode), Fingerprint.of(data, status))


def _keep_old(data: bytes, document: Document, disk: Disk, clock: Clock, root: Path | None) -> None:
    """Copy the old version into the backups; a save does not fail for want of a backup."""
    try:
        keep(data, document.id, disk, clock, root)
    except OSError as error:
        _log.warning("the old version was not copied into the backups: %s", error)


def _doubtful(
    cause: str, data: bytes, document: Document, target: Path, disk: Disk, clock: Clock, root: Path | None
) -> SaveError:
    """Return the error for a file that may be damaged, after keeping a whole copy if that is possible."""
    try:
        copy = keep(data, document.id, disk, clock, root, always=True)
    except OSError as error:
        both = _("{cause}; no copy could be made either ({other})").format(cause=cause, other=_cause(error))
        return SaveError(both, target, untouched=False)
    return SaveError(cause, target, untouched=False, copy=copy)


def _overwrite(
    data: bytes, document: Document, target: Path, disk: Disk, clock: Clock, root: Path | None
) -> None:
    """Write into the old file, after a verified copy lies in the backups."""
    copy = keep(data, document.id, disk, clock, root, always=True)
    if disk.read(copy, reading.LARGEST) != data:
        raise SaveError(_("no copy could be made first"), target)
    handle = disk.overwrite(target)
    try:
        try:
            write_all(handle, data, disk)
            disk.sync(handle)
        finally:
            disk.close(handle)
    except OSError as error:
        raise SaveError(_cause(error), target, untouched=False, copy=copy) from error


def _read_back(data: bytes, target: Path, disk: Disk) -> Fingerprint:
    try:
        found = disk.read(target, reading.LARGEST)
        status = disk.status(target)
    except OSError as error:
        raise _UnfaithfulError from error
    if hashlib.sha256(found).digest() != hashlib.sha256(data).digest():
        raise _UnfaithfulError
    return Fingerprint.of(found, status)
