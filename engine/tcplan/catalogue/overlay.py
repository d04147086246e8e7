"""Rows of one's own and rows of data packs: layers over the shipped tables that no update touches.

A pack's rows lie over the shipped ones, one's own over both. Each layer is one file in the user's folder.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tcplan.catalogue.cells import FACTS, CellError, all_checked
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import Shelf, shipped
from tcplan.language import _
from tcplan.plan.atomic import replace_whole
from tcplan.plan.backups import user_folder
from tcplan.plan.disk import Clock, Disk, NotAFileError, TooLargeError
from tcplan.plan.reading import PlanFileError, decoded, parsed

SUFFIX = ".json"
LARGEST = 16_000_000
"""Largest file of rows that is read, in bytes."""
PREFIX = "own-"
"""How the keys of copied rows begin."""
_FORMAT = 1
_OWN, _PACKS = "own", "packs"

Name = tuple[str, str]
"""Table and key of a row."""


class OverlayError(ValueError):
    """Rows that cannot be read or kept, with the reason in a sentence."""


@dataclass(frozen=True, slots=True)
class Layer:
    """Rows that lie over others, and those of the others that are gone."""

    rows: tuple[Row, ...] = ()
    removed: frozenset[Name] = frozenset()

    def find(self, table: str, key: str) -> Row | None:
        """Return the layer's own row of a key, None without one."""
        return next((row for row in self.rows if (row.table, row.key) == (table, key)), None)

    def with_rows(self, rows: Iterable[Row], removed: Iterable[Name] = ()) -> "Layer":
        """Return the layer with rows in the place of those of the same table and key."""
        gone = frozenset(removed)
        found = {(row.table, row.key): row for row in self.rows}
        found |= {(row.table, row.key): row for row in rows}
        left = tuple(row for name, row in sorted(found.items()) if name not in gone)
        return Layer(left, (self.removed | gone) - {(row.table, row.key) for row in left})


def folder() -> Path:
    """Return the folder in which this user's rows lie."""
    return user_folder() / "catalogue"


def to_bytes(layer: Layer) -> bytes:
    """Return the file of a layer."""
    tree: dict[str, Any] = {"format": _FORMAT, "rows": [row.to_json() for row in layer.rows]}
    if layer.removed:
        tree["removed"] = [{"table": table, "key": key} for table, key in sorted(layer.removed)]
    return (json.dumps(tree, indent=1, ensure_ascii=False) + "\n").encode()


def read_bytes(data: bytes) -> Layer:
    """Return the layer of a file that `to_bytes` made, each cell checked.

    Raises
    ------
    OverlayError
        When it is something else, or damaged.
    """
    try:
        tree = parsed(decoded(data)[0])
    except PlanFileError as error:
        raise OverlayError(str(error)) from error
    if tree.get("format") != _FORMAT or tree.keys() - {"format", "rows", "removed"}:
        raise OverlayError(_("this file holds no catalogue rows of this version"))
    return Layer(rows_in(tree.get("rows")), frozenset(removed_in(tree.get("removed", []))))


def rows_in(found: object) -> tuple[Row, ...]:
    """Return the rows of a list of JSON objects, each cell checked.

    Raises
    ------
    OverlayError
        When it is not one.
    """
    if not isinstance(found, list):
        raise OverlayError(_("the rows must be a list"))
    rows = []
    for number, one in enumerate(found, 1):
        if not isinstance(one, dict):
            raise OverlayError(_("row {number} is no object").format(number=number))
        try:
            rows.append(Row.from_json(one))
        except ValueError as error:
            named = f"{one.get('table')}, {one.get('key')}"
            sentence = _("row {number} ({named}): {reason}")
            raise OverlayError(sentence.format(number=number, named=named, reason=error)) from error
        except OverflowError as error:
            sentence = _("row {number} holds a number beyond what can be computed with")
            raise OverlayError(sentence.format(number=number)) from error
    try:
        return all_checked(rows)
    except CellError as error:
        raise OverlayError(str(error)) from error


def removed_in(found: object) -> tuple[Name, ...]:
    """Return the table and key of each removed row of a list of JSON objects.

    Raises
    ------
    OverlayError
        When it is not one, or names no table.
    """
    names = []
    for one in found if isinstance(found, list) else [None]:
        table, key = (one.get("table"), one.get("key")) if isinstance(one, dict) else (None, None)
        if not (isinstance(key, str) and key and table in FACTS) or len(one or ()) != 2:
            raise OverlayError(_("a removed row is named by its table and its key"))
        names.append((str(table), key))
    if len(set(names)) < len(names):
        raise OverlayError(_("a removed row is named twice"))
    return tuple(names)


def read_file(path: Path, largest: int = LARGEST) -> bytes:
    """Return the content of a regular file that is not too large; a pipe is never waited for.

    Raises
    ------
    OverlayError
        When there is no such file, or it cannot be read.
    """
    try:
        return Disk().read(path, largest)
    except TooLargeError as error:
        sentence = _("the file is larger than {most} MB").format(most=largest // 1_000_000)
        raise OverlayError(sentence) from error
    except NotAFileError as error:
        raise OverlayError(_("this is a folder or a device, not a file")) from error
    except FileNotFoundError as error:
        raise OverlayError(_("there is no such file")) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OverlayError(_("the file cannot be read: {reason}").format(reason=reason)) from error


def own() -> Layer:
    """Return the rows that this user made or brought."""
    return _kept(folder() / f"{_OWN}{SUFFIX}")


def packs() -> Layer:
    """Return what this user took from data packs."""
    return _kept(folder() / f"{_PACKS}{SUFFIX}")


def layer_of(row: Row) -> str:
    """Return whose a row of this user's catalogue is: `own`, `pack` or `shipped`."""
    if own().find(row.table, row.key) is not None:
        return "own"
    return "pack" if packs().find(row.table, row.key) is not None else "shipped"


def shelf() -> Shelf:
    """Return the shipped catalogue under the rows of packs and of this user."""
    return _shelf(packs(), own())


@lru_cache(maxsize=4)
def _shelf(below: Layer, above: Layer) -> Shelf:
    if not (below.rows or below.removed or above.rows):
        return shipped()
    back = {(row.table, row.key) for row in above.rows}
    return shipped().with_own((*below.rows, *above.rows), below.removed - back)


def keep(rows: Iterable[Row]) -> None:
    """Keep rows as this user's own, in the place of own ones of the same table and key.

    Raises
    ------
    CellError
        When a table does not allow a cell.
    OSError
        When they cannot be written.
    """
    checked_rows = all_checked(rows)
    _change(_OWN, lambda layer: layer.with_rows(checked_rows))


def delete(table: str, key: str) -> None:
    """Delete a row of this user's own; what it covered is to be seen again.

    Raises
    ------
    OSError
        When the file cannot be written.
    """

    def without(layer: Layer) -> Layer:
        left = tuple(row for row in layer.rows if (row.table, row.key) != (table, key))
        return replace(layer, rows=left)

    _change(_OWN, without)


def take(rows: Iterable[Row], removed: Iterable[Name]) -> None:
    """Take rows of a data pack.

    Raises
    ------
    OSError
        When they cannot be written.
    """
    taken, gone = tuple(rows), tuple(removed)
    _change(_PACKS, lambda layer: layer.with_rows(taken, gone))


def forget() -> None:
    """Read the folder anew when it is asked for next."""
    _kept.cache_clear()


def _change(name: str, change: Callable[[Layer], Layer]) -> None:
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{name}{SUFFIX}"
    # Another window may have written since this one looked.
    forget()
    before = _kept(path)
    if not before.rows and not before.removed and path.exists():
        _set_aside(path)
    replace_whole(to_bytes(change(before)), path, 0o600, Disk(), Clock())
    forget()


def _set_aside(path: Path) -> None:
    """Keep a file that cannot be read, so that the rows in it can be saved by hand."""
    try:
        read_bytes(path.read_bytes())
    except (OSError, OverlayError):
        path.replace(path.with_name(f"{path.name}.bak"))


@cache
def _kept(path: Path) -> Layer:
    try:
        return read_bytes(read_file(path))
    except OverlayError:
        return Layer()


def free_key(wanted: str, table: str, known: Shelf) -> str:
    """Return a key that no row of a table has: this one, numbered where it is taken."""
    taken = {row.key for row in known.rows(table)}
    key, number = wanted, 2
    while key in taken:
        key, number = f"{wanted}-{number}", number + 1
    return key


def copy_of(row: Row, known: Shelf) -> Row:
    """Return a copy of a row under a key of its own, to be edited."""
    stem = row.key if row.key.startswith(PREFIX) else f"{PREFIX}{row.key}"
    return replace(row, key=free_key(stem[:100], row.table, known))


def conflicts(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return those of some rows that differ from an own row of the same table and key."""
    here = own()
    found = ((row, here.find(row.table, row.key)) for row in rows)
    return tuple(row for row, other in found if other is not None and other != row)


def beside(rows: Iterable[Row], known: Shelf) -> tuple[Row, ...]:
    """Return rows in which those that are in conflict with an own row have keys of their own."""
    every = tuple(rows)
    clash = {(row.table, row.key) for row in conflicts(every)}
    made: list[Row] = []
    for row in every:
        if (row.table, row.key) in clash:
            made.append(replace(row, key=free_key(row.key, row.table, known.with_own(made))))
        else:
            made.append(row)
    return tuple(made)


def edited(row: Row, cells: Mapping[str, float | str]) -> Row:
    """Return a row with other cells, checked; `cells` are those of the table's whole header.

    Raises
    ------
    CellError
        When the table does not allow one.
    """
    told = ("key", "source", "source_date", "confidence")
    values = {column: cell for column, cell in cells.items() if column not in told}
    key, source, date, confidence = (str(cells.get(column, "")) for column in told)
    return all_checked([Row(row.table, key, MappingProxyType(values), source, date, confidence)])[0]
