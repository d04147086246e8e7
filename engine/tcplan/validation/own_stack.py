"""Stacks of one's own: calibrated here or by a colleague, each kept as a file beside the catalogue.

They are offered wherever stacks are, and travel inside the plans that use them.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import count
from pathlib import Path

from tcplan.catalogue import overlay
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import Shelf
from tcplan.language import _
from tcplan.plan.backups import user_folder
from tcplan.plan.reading import PlanFileError, decoded, parsed
from tcplan.report.output import write_whole

SUFFIX = ".json"
PREFIX = "own-"
"""How the keys of such stacks begin, so that none takes the place of a shipped one."""
_FORMAT = 1
_ASIDE = ".bak"
"""How the file of a stack ends that is read no more; importing it brings it back."""


class OwnStackError(ValueError):
    """A stack that cannot be made or read, with the reason in a sentence."""


def own_folder() -> Path:
    """Return the folder in which this user's stacks lie."""
    return user_folder() / "stacks"


def to_bytes(rows: Iterable[Row]) -> bytes:
    """Return the file of a stack."""
    tree = {"format": _FORMAT, "rows": [row.to_json() for row in rows]}
    return (json.dumps(tree, indent=1, ensure_ascii=False) + "\n").encode()


def read_bytes(data: bytes) -> tuple[Row, ...]:
    """Return the rows of a file that `to_bytes` made; the first is the stack itself.

    Raises
    ------
    OwnStackError
        When it is something else, or damaged.
    """
    try:
        tree = parsed(decoded(data)[0])
        found = tree.get("rows")
        if tree.get("format") != _FORMAT or not isinstance(found, list):
            raise OwnStackError(_("this file holds no stack of this version"))
        rows = tuple(Row.from_json(one) for one in found)
    except (PlanFileError, AttributeError) as error:
        raise OwnStackError(str(error)) from error
    except ValueError as error:
        raise OwnStackError(str(error)) from error
    stacks = [row for row in rows if row.table == "stacks"]
    constants = tuple(row for row in rows if row.table == "performance")
    if len(stacks) != 1 or len(rows) != 1 + len(constants) or not stacks[0].key.startswith(PREFIX):
        raise OwnStackError(_("a stack's file holds one stack and its constants"))
    key = stacks[0].key
    if any(row.get("stack") != key or not row.key.endswith(key) for row in constants):
        raise OwnStackError(_("a constant in this file belongs to another stack"))
    return (stacks[0], *constants)


@dataclass(frozen=True, slots=True)
class Older:
    """Another stack where one is to be kept: its file, its name and the day on which it was kept."""

    path: Path
    data: bytes
    name: str
    day: str

    def set_aside(self) -> Path:
        """Write it beside its place, under a name that nothing has, and return where."""
        stem = f"{self.path.stem}-{self.day}"
        names = (f"{stem}{'' if number == 1 else f'-{number}'}{_ASIDE}" for number in count(1))
        place = next(place for name in names if not (place := self.path.with_name(name)).exists())
        write_whole(self.data, place)
        return place


def older(rows: Sequence[Row], folder: Path | None = None) -> Older | None:
    """Return the stack that keeping another would replace; None where there is none, or the very same.

    Raises
    ------
    OSError
        When there is one that cannot be read.
    """
    path = (folder or own_folder()) / f"{rows[0].key}{SUFFIX}"
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    if data == to_bytes(rows):
        return None
    day = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    try:
        name = read_bytes(data)[0].name
    except OwnStackError:
        name = path.stem
    return Older(path, data, name, day)


def keep(rows: Sequence[Row], folder: Path | None = None) -> str:
    """Keep a stack for this user; an older one of the same key is set aside.

    Returns
    -------
    str
        A sentence about the one that was replaced, empty where none was.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    place = folder or own_folder()
    place.mkdir(parents=True, exist_ok=True)
    before = older(rows, place)
    aside = before.set_aside() if before is not None else None
    write_whole(to_bytes(rows), place / f"{rows[0].key}{SUFFIX}")
    forget()
    if before is None:
        return ""
    sentence = _("It replaced the stack {name} of {day}, which was saved as {file}.")
    return sentence.format(name=before.name, day=before.day, file=aside)


def forget() -> None:
    """Read the folder anew when it is asked for next."""
    _kept.cache_clear()


def own_rows(folder: Path | None = None) -> tuple[Row, ...]:
    """Return the rows of every stack that this user keeps; a file that cannot be read is left out."""
    return _kept(folder or own_folder())


@cache
def _kept(folder: Path) -> tuple[Row, ...]:
    return tuple(row for path in sorted(_files(folder)) for row in _readable(path))


def _files(folder: Path) -> Iterator[Path]:
    try:
        yield from folder.glob(f"*{SUFFIX}")
    except OSError:
        return


def _readable(path: Path) -> tuple[Row, ...]:
    try:
        return read_bytes(path.read_bytes())
    except (OSError, OwnStackError):
        return ()


@lru_cache(maxsize=4)
def _with_own(catalogue: Shelf, rows: tuple[Row, ...]) -> Shelf:
    return catalogue.with_own(rows) if rows else catalogue


def shelf_here() -> Shelf:
    """Return the shipped catalogue with the rows and the stacks of this user."""
    return _with_own(overlay.shelf(), own_rows())
