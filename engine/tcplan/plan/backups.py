"""Older versions of a document in the user's data folder, thinned so that the near past is dense."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import platformdirs

from tcplan.plan.atomic import replace_whole
from tcplan.plan.disk import Clock, Disk

_PAUSE = timedelta(minutes=5)
_DAYS, _WEEKS, _MONTHS = 7, 8, 12
_NEWEST = 3
LARGEST_FOLDER = 200_000_000
"""Bytes that all backups together may take."""
_NAME = re.compile(r"^(?P<time>\d{8}T\d{6}\.\d{6}Z)-(?P<digest>[0-9a-f]{12})\.tcplan$")
_TIME = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """One older version."""

    path: Path
    time: datetime
    digest: str


def user_folder() -> Path:
    """Return the folder in which this user's backups and recovery entries lie."""
    return Path(platformdirs.user_data_path("tcplan", appauthor=False))


def kept(document_id: str, disk: Disk | None = None, root: Path | None = None) -> tuple[Backup, ...]:
    """Return the older versions of a document, the newest first."""
    return _kept_in((root or user_folder() / "backups") / document_id, disk or Disk())


def _kept_in(folder: Path, disk: Disk) -> tuple[Backup, ...]:
    try:
        names = disk.names(folder)
    except OSError:
        return ()
    found = [(name, match) for name in names if (match := _NAME.match(name))]
    backups = [
        Backup(folder / name, datetime.strptime(match["time"], _TIME).replace(tzinfo=UTC), match["digest"])
        for name, match in found
    ]
    return tuple(reversed(backups))


def keep(
    data: bytes, document_id: str, disk: Disk, clock: Clock, root: Path | None = None, *, always: bool = False
) -> Path:
    """Keep one version of a document and thin the others; return where it lies.

    Nothing new is kept when the same version is there already or, unless `always`, one of the last minutes.
    """
    root = root or user_folder() / "backups"
    folder = root / document_id
    now = clock.now()
    digest = hashlib.sha256(data).hexdigest()[:12]
    backups = _kept_in(folder, disk)
    for backup in backups:
        recent = not always and timedelta(0) <= now - backup.time < _PAUSE
        if backup.digest == digest or recent:
            return backup.path
    disk.make_folder(folder)
    path = folder / f"{now.astimezone(UTC).strftime(_TIME)}-{digest}.tcplan"
    replace_whole(data, path, 0o600, disk, clock)
    for backup in thinned(_kept_in(folder, disk), now):
        disk.remove(backup.path)
    _shrink(root, disk)
    return path


def thinned(backups: Iterable[Backup], now: datetime) -> tuple[Backup, ...]:
    """Return the backups that are no longer needed.

    All of today stay, the newest of each of 7 days, 8 weeks and 12 months, and always the newest three.
    """
    newest_first = sorted(backups, key=lambda backup: backup.time, reverse=True)
    stay = set(newest_first[:_NEWEST])
    spans: set[tuple[str, int, int]] = set()
    for backup in newest_first:
        age = now - backup.time
        year, week, _day = backup.time.isocalendar()
        if backup.time.date() >= now.date():
            stay.add(backup)
        for allowed, span in (
            (age < timedelta(days=_DAYS), ("day", backup.time.toordinal(), 0)),
            (age < timedelta(weeks=_WEEKS), ("week", year, week)),
            (age < timedelta(days=31 * _MONTHS), ("month", backup.time.year, backup.time.month)),
        ):
            if allowed and span not in spans:
                spans.add(span)
                stay.add(backup)
    return tuple(backup for backup in newest_first if backup not in stay)


def _shrink(root: Path, disk: Disk) -> None:
    """Remove the oldest backups of all documents until they fit, but never the newest three of one."""
    everything = {name: _kept_in(root / name, disk) for name in disk.names(root)}
    sizes = {backup: disk.status(backup.path).st_size for group in everything.values() for backup in group}
    excess = sum(sizes.values()) - LARGEST_FOLDER
    spare = [backup for group in everything.values() for backup in group[_NEWEST:]]
    for backup in sorted(spare, key=lambda backup: backup.time):
        if excess <= 0:
            return
        disk.remove(backup.path)
        excess -= sizes[backup]
