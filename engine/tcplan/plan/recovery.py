"""Work that was not saved when the program ended: two files by turns, offered at the next start."""

import hashlib
import json
import logging
import os
import platform
import secrets
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tcplan.language import _
from tcplan.plan import reading
from tcplan.plan.atomic import alive, replace_whole
from tcplan.plan.disk import Clock, Disk, Fingerprint
from tcplan.plan.document import Document
from tcplan.plan.file import PlanFileError, read_bytes, to_bytes

_log = logging.getLogger(__name__)

SLOTS = ("plan.a", "plan.b")
TRASH = "trash"
KEPT_IN_TRASH = timedelta(days=7)
_LARGEST_META = 1_000_000
_TRASH_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Meta:
    """Where a document came from, what was changed since its last save, and whose work it is."""

    path: str = ""
    base: Fingerprint | None = None
    labels: tuple[str, ...] = ()
    version: str = ""
    host: str = ""
    pid: int = 0
    crashes: int = 0

    @classmethod
    def here(cls, path: str, base: Fingerprint | None, labels: tuple[str, ...], version: str) -> "Meta":
        """Return the facts for a document of this process."""
        return cls(path, base, labels, version, platform.node(), os.getpid())


@dataclass(frozen=True, slots=True)
class Orphan:
    """A recovery entry whose process is gone; `document` is None, with a `problem`, when unreadable."""

    folder: Path
    meta: Meta
    sequence: int
    time: datetime
    document: Document | None
    problem: str = ""
    elsewhere: bool = False


def new_entry(root: Path, disk: Disk | None = None) -> Path:
    """Return a new folder for the recovery of one open document."""
    folder = root / uuid.uuid4().hex
    (disk or Disk()).make_folder(folder)
    return folder


def write(
    folder: Path, document: Document, meta: Meta, disk: Disk | None = None, clock: Clock | None = None
) -> int:
    """Write a snapshot over the older of the two and return its sequence number.

    The newer one stays whole, so a torn write loses one snapshot at most; the number, not the clock, says
    which is newer. What the snapshot is about (its `meta`) stands in its first line, so both are one write.

    Raises
    ------
    OSError
        When the disk refuses.
    """
    disk, clock = disk or Disk(), clock or Clock()
    last = max((_snapshot(folder / slot, disk) for slot in SLOTS), key=lambda found: found[0])
    sequence = last[0] + 1
    slot = next(slot for slot in SLOTS if last[0] == 0 or folder / slot != last[1])
    content = to_bytes(document)
    head = _meta_tree(meta) | {
        "sequence": sequence,
        "time": clock.now().astimezone(UTC).isoformat(timespec="seconds"),
        "digest": hashlib.sha256(content).hexdigest(),
    }
    replace_whole(_line(head) + content, folder / slot, 0o600, disk, clock)
    replace_whole(_line(_meta_tree(meta)), folder / "meta.json", 0o600, disk, clock)
    return sequence


def orphans(
    root: Path, disk: Disk | None = None, in_use: Callable[[Path], bool] | None = None
) -> tuple[Orphan, ...]:
    """Return the entries whose process is gone, the latest work first; those that cannot be read as well.

    `in_use` says of an entry's folder whether somebody still works on it; without, the number of the process
    must do, which after a restart of the computer may be another program's.
    """
    disk = disk or Disk()
    try:
        names = disk.names(root)
    except OSError:
        return ()
    entries = [_entry(root / name, disk) for name in names if name != TRASH]
    left = [entry for entry in entries if entry is not None and not _taken(entry, in_use)]
    return tuple(sorted(left, key=lambda entry: entry.time, reverse=True))


def restore(orphan: Orphan, disk: Disk | None = None, clock: Clock | None = None) -> Document:
    """Return the document of an entry, which stays until the work is saved or discarded.

    The attempt is counted before the document is used: if using it crashes, it is not tried again unasked.

    Raises
    ------
    PlanFileError
        When neither snapshot can be read.
    """
    if orphan.document is None:
        raise PlanFileError(orphan.problem)
    counted = replace(orphan.meta, crashes=orphan.meta.crashes + 1)
    replace_whole(
        _line(_meta_tree(counted)), orphan.folder / "meta.json", 0o600, disk or Disk(), clock or Clock()
    )
    return orphan.document


def finish(folder: Path, disk: Disk | None = None) -> None:
    """Remove the entry of a document that was saved or closed without changes."""
    disk = disk or Disk()
    try:
        for name in disk.names(folder):
            disk.remove(folder / name)
        folder.rmdir()
    except OSError as error:
        _log.warning("the recovery entry %s was left behind: %s", folder, error)


def discard(folder: Path, disk: Disk | None = None, clock: Clock | None = None) -> Path:
    """Move an entry to the trash, where it stays for seven days, and return its new place."""
    disk, clock = disk or Disk(), clock or Clock()
    trash = folder.parent / TRASH
    disk.make_folder(trash)
    stamp = clock.now().astimezone(UTC).strftime(_TRASH_TIME)
    target = trash / f"{stamp}-{secrets.token_hex(4)}-{folder.name}"
    disk.replace(folder, target)
    return target


def empty_trash(root: Path, disk: Disk | None = None, clock: Clock | None = None) -> list[str]:
    """Remove what was discarded more than seven days ago and return the names."""
    disk, clock = disk or Disk(), clock or Clock()
    try:
        names = disk.names(root / TRASH)
    except OSError:
        return []
    removed = []
    for name in names:
        try:
            discarded = datetime.strptime(name.partition("-")[0], _TRASH_TIME).replace(tzinfo=UTC)
        except ValueError:
            continue
        if clock.now() - discarded > KEPT_IN_TRASH:
            finish(root / TRASH / name, disk)
            removed.append(name)
    return removed


def _taken(entry: Orphan, in_use: Callable[[Path], bool] | None) -> bool:
    if in_use is not None:
        return in_use(entry.folder)
    return not entry.elsewhere and entry.meta.pid != os.getpid() and alive(entry.meta.pid)


def _entry(folder: Path, disk: Disk) -> Orphan | None:
    if not folder.is_dir():
        return None
    found = [_snapshot(folder / slot, disk) for slot in SLOTS]
    if not any((folder / slot).exists() for slot in SLOTS):
        return None
    sequence, _path, head, content = max(found, key=lambda snapshot: snapshot[0])
    tree = _meta_file(folder, disk)
    meta = _meta(head or tree)
    meta = replace(meta, crashes=max(meta.crashes, _meta(tree).crashes))
    document, problem = None, _("both copies are damaged; they are kept in {folder}").format(folder=folder)
    if sequence:
        try:
            document, problem = read_bytes(content), ""
        except PlanFileError as error:
            problem = str(error)
    time = _time(head.get("time"))
    return Orphan(folder, meta, sequence, time, document, problem, meta.host != platform.node())


def _snapshot(path: Path, disk: Disk) -> tuple[int, Path, dict[str, Any], bytes]:
    """Return number, path, first line and document of a snapshot; number 0 when it is not whole."""
    try:
        data = disk.read(path, reading.LARGEST + _LARGEST_META)
        head = json.loads(data[: data.index(b"\n")])
        content = data[data.index(b"\n") + 1 :]
        if hashlib.sha256(content).hexdigest() == head["digest"] and head["sequence"] > 0:
            return int(head["sequence"]), path, head, content
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        _log.debug("%s is no whole snapshot", path)
    return 0, path, {}, b""


def _meta_file(folder: Path, disk: Disk) -> dict[str, Any]:
    try:
        tree = json.loads(disk.read(folder / "meta.json", _LARGEST_META))
    except (OSError, ValueError, RecursionError):
        return {}
    return tree if isinstance(tree, dict) else {}


def _line(tree: Mapping[str, Any]) -> bytes:
    return (json.dumps(tree, ensure_ascii=True) + "\n").encode()


def _meta_tree(meta: Meta) -> dict[str, Any]:
    base = meta.base and [meta.base.size, meta.base.mtime_ns, meta.base.digest]
    labels = list(meta.labels)
    owner = {"version": meta.version, "host": meta.host, "pid": meta.pid, "crashes": meta.crashes}
    return {"path": meta.path, "base": base, "labels": labels} | owner


def _meta(tree: Mapping[str, Any]) -> Meta:
    """Return the facts in a tree that anything may have damaged; what does not fit is left out."""
    texts = {key: str(tree.get(key, "")) for key in ("path", "version", "host")}
    counts = {key: value if isinstance(value := tree.get(key), int) else 0 for key in ("pid", "crashes")}
    labels = tree.get("labels")
    return Meta(
        texts["path"],
        _base(tree.get("base")),
        tuple(map(str, labels)) if isinstance(labels, list) else (),
        texts["version"],
        texts["host"],
        counts["pid"],
        counts["crashes"],
    )


def _base(parts: object) -> Fingerprint | None:
    if isinstance(parts, list) and [type(part) for part in parts] == [int, int, str]:
        return Fingerprint(*parts)
    return None


def _time(text: object) -> datetime:
    try:
        time = datetime.fromisoformat(str(text))
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
