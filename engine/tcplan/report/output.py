"""A sheet as a file: the whole new one, or what was there before."""

import errno
import os
import stat
from pathlib import Path

from tcplan.language import _
from tcplan.plan.atomic import replace_whole
from tcplan.plan.disk import Clock, Disk, default_mode


def write_whole(data: bytes, path: Path, disk: Disk | None = None) -> None:
    """Write a sheet; an older one of the same name is replaced in one step when the new one is complete.

    Raises
    ------
    OSError
        When it cannot be written; a file that was there is as it was.
    """
    target = path.resolve()
    try:
        status = target.stat()
    except FileNotFoundError:
        if not target.parent.is_dir():
            message = _("there is no folder {folder}").format(folder=path.parent)
            raise FileNotFoundError(errno.ENOENT, message, str(path)) from None
        replace_whole(data, target, default_mode(), disk or Disk(), Clock())
        return
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    if stat.S_ISREG(status.st_mode):
        replace_whole(data, target, stat.S_IMODE(status.st_mode), disk or Disk(), Clock())
    else:
        # A pipe or a device cannot be replaced.
        target.write_bytes(data)
