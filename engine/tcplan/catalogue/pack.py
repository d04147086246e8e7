"""Data packs: one signed file of catalogue rows, checked to the last cell; it holds no code."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tcplan.catalogue.age import day
from tcplan.catalogue.overlay import Name, OverlayError, read_file, removed_in, rows_in
from tcplan.catalogue.row import Row
from tcplan.catalogue.signature import SigningKey, checked_name, is_key, is_signed, sign
from tcplan.language import _
from tcplan.plan.reading import PlanFileError, decoded, parsed

SUFFIX = ".tcdata"
LARGEST = 16_000_000
"""Largest pack that is read, in bytes."""
_FORMAT = 1
_PARTS = ("format", "publisher", "key", "edition", "rows", "removed", "signature")
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class PackError(OverlayError):
    """A file that is no data pack, or one that must not be used, with the reason in a sentence."""


@dataclass(frozen=True, slots=True)
class Pack:
    """What a publisher says: rows to add or change, and rows to remove.

    `key` is the public key as 64 hexadecimal digits, `edition` the ISO date of the pack.
    """

    publisher: str
    key: str
    edition: str
    rows: tuple[Row, ...]
    removed: tuple[Name, ...] = ()


def _tree(pack: Pack) -> dict[str, Any]:
    return {
        "format": _FORMAT,
        "publisher": pack.publisher,
        "key": pack.key,
        "edition": pack.edition,
        "rows": [row.to_json() for row in pack.rows],
        "removed": [{"table": table, "key": key} for table, key in pack.removed],
    }


def _canonical(tree: dict[str, Any]) -> bytes:
    return (json.dumps(tree, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def signed(rows: tuple[Row, ...], removed: tuple[Name, ...], edition: str, key: SigningKey) -> bytes:
    """Return the file of a pack; the same rows and key give the same bytes.

    Raises
    ------
    PackError
        When the rows cannot be a pack.
    """
    _check(edition, rows, removed)
    by_name = tuple(sorted(rows, key=lambda row: (row.table, row.key)))
    pack = Pack(key.publisher, key.public, edition, by_name, tuple(sorted(removed)))
    tree = _tree(pack)
    data = _canonical({**tree, "signature": sign(_canonical(tree), key)})
    if len(data) > LARGEST:
        raise PackError(_("the pack would be larger than {most} MB").format(most=LARGEST // 1_000_000))
    return data


def read(path: Path) -> Pack:
    """Return the pack of a file.

    Raises
    ------
    PackError
        When it is not a pack, was damaged or changed, or holds a cell that its table does not allow.
    """
    try:
        data = read_file(path, LARGEST)
    except OverlayError as error:
        raise PackError(str(error)) from error
    return read_bytes(data)


def read_bytes(data: bytes) -> Pack:
    """Return the pack that some bytes hold; the signature is looked at before any row.

    Raises
    ------
    PackError
        As `read`.
    """
    try:
        tree = parsed(decoded(data)[0])
        _check_signature(tree, data)
        publisher = checked_name(str(tree["publisher"]))
        rows, removed = rows_in(tree["rows"]), removed_in(tree["removed"])
    except (PlanFileError, OverlayError) as error:
        raise PackError(str(error)) from error
    _check(tree["edition"], rows, removed)
    return Pack(publisher, str(tree["key"]), str(tree["edition"]), rows, removed)


def _check_signature(tree: dict[str, Any], data: bytes) -> None:
    if tree.keys() != set(_PARTS) or tree["format"] != _FORMAT:
        raise PackError(_("this file is no data pack of this version"))
    key, signature = tree["key"], tree["signature"]
    if not (is_key(key) and isinstance(signature, str) and _SIGNATURE.fullmatch(signature)):
        raise PackError(_("the pack holds no key, or no signature"))
    unsigned = {part: tree[part] for part in _PARTS if part != "signature"}
    if _canonical(tree) != data or not is_signed(_canonical(unsigned), signature, str(key)):
        raise PackError(_("the signature does not belong to this file: it was changed or damaged"))


def _check(edition: object, rows: tuple[Row, ...], removed: tuple[Name, ...]) -> None:
    if not (isinstance(edition, str) and _DATE.fullmatch(edition) and day(edition) > 0.0):
        raise PackError(_("a pack's edition is a date such as 2026-11-25"))
    if not rows and not removed:
        raise PackError(_("the pack holds no rows"))
    both = {(row.table, row.key) for row in rows}.intersection(removed)
    if both:
        sentence = _("the pack adds and removes {table}, row {key}")
        table, key = min(both)
        raise PackError(sentence.format(table=table, key=key))
