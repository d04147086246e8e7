"""The `.tcplan` file: load it, save it; the names that others use."""

from dataclasses import dataclass
from pathlib import Path

from tcplan.language import _
from tcplan.plan import reading
from tcplan.plan.canonical import to_bytes
from tcplan.plan.disk import Disk, Fingerprint, NotAFileError, TooLargeError
from tcplan.plan.document import FORMAT, Document
from tcplan.plan.opening import opened, read_bytes
from tcplan.plan.reading import PlanFileError
from tcplan.plan.saving import ConflictError, SaveError, save
from tcplan.plan.schema import schema

__all__ = [
    "ConflictError",
    "Fingerprint",
    "Opened",
    "PlanFileError",
    "SaveError",
    "load",
    "opened",
    "read_bytes",
    "save",
    "schema",
    "to_bytes",
]


@dataclass(frozen=True, slots=True)
class Opened:
    """A document read from a file, the file's fingerprint, and what the person should know about it."""

    document: Document
    fingerprint: Fingerprint
    notices: tuple[str, ...] = ()

    @property
    def newer(self) -> bool:
        """Return whether a newer version wrote the file."""
        return self.document.format > FORMAT


def load(path: Path | str, disk: Disk | None = None) -> Opened:
    """Read a document from a regular file.

    Raises
    ------
    PlanFileError
        When the file cannot be read or is not a plan.
    """
    disk = disk or Disk()
    try:
        data = disk.read(Path(path), reading.LARGEST)
        status = disk.status(Path(path))
    except TooLargeError as error:
        raise reading.too_large() from error
    except NotAFileError as error:
        raise PlanFileError(_("this is a folder or a device, not a file")) from error
    except FileNotFoundError as error:
        raise PlanFileError(_("there is no such file")) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PlanFileError(_("the file cannot be read: {reason}").format(reason=reason)) from error
    document, notices = opened(data)
    return Opened(document, Fingerprint.of(data, status), notices)
