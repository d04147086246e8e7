"""`tcplan catalogue`: look at the facts, add one's own, compare and make data packs."""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tcplan.catalogue import overlay, pack, publishers, signature
from tcplan.catalogue.cells import CellError
from tcplan.catalogue.difference import differences
from tcplan.catalogue.overlay import OverlayError
from tcplan.catalogue.shelf import TABLES
from tcplan.commands import pack_difference
from tcplan.commands.refused import InputError, hint
from tcplan.language import _, plural
from tcplan.report.output import write_whole
from tcplan.validation.own_stack import shelf_here


def declare(parser: argparse.ArgumentParser) -> None:
    """Add what can be asked of the catalogue."""
    words = "list|show|add|remove|export|diff|pack|key|distrust"
    verbs = parser.add_subparsers(dest="verb", required=True, metavar=words, parser_class=type(parser))
    tables = (*TABLES, "examples")
    listing = verbs.add_parser("list", help=_("the rows of a table"))
    listing.add_argument("table", choices=tables, metavar="TABLE", help=", ".join(tables))
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=_list)
    show = verbs.add_parser("show", help=_("one row with source and date"))
    show.add_argument("table", choices=tables, metavar="TABLE", help=", ".join(tables))
    show.add_argument("key", metavar="KEY")
    show.add_argument("--json", action="store_true")
    show.set_defaults(run=_show)
    add = verbs.add_parser("add", help=_("rows of a file, or of a data pack, into this user's catalogue"))
    add.add_argument("file", metavar="FILE.json|PACK.tcdata")
    clash = add.add_mutually_exclusive_group()
    clash.add_argument("--replace", action="store_true", help=_("put rows in the place of own ones"))
    clash.add_argument("--keep-both", action="store_true", help=_("give them keys of their own"))
    about = _("accept a new publisher whose key has this fingerprint")
    add.add_argument("--accept", default="", metavar="FINGERPRINT", help=about)
    add.set_defaults(run=_add)
    remove = verbs.add_parser("remove", help=_("delete an own row"))
    remove.add_argument("table", choices=tuple(TABLES), metavar="TABLE")
    remove.add_argument("key", metavar="KEY")
    remove.set_defaults(run=_remove)
    export = verbs.add_parser("export", help=_("the own rows as one file for the team"))
    export.add_argument("out", metavar="OUT.json")
    export.set_defaults(run=_export)
    _declare_packs(verbs)


def _declare_packs(verbs: Any) -> None:  # noqa: ANN401  # argparse does not name this type
    pack_difference.declare(verbs.add_parser("diff", help=_("what a data pack would change, and its effect")))
    make = verbs.add_parser("pack", help=_("a signed data pack from exported rows"))
    make.add_argument("rows", metavar="OWNROWS.json")
    make.add_argument("out", metavar="OUT.tcdata")
    make.add_argument("--key", required=True, metavar="FILE.tckey", help=_("what `catalogue key` made"))
    today = datetime.now(UTC).date().isoformat()
    make.add_argument(
        "--edition", default=today, metavar="DATE", help=_("such as 2026-11-25; by default today")
    )
    make.set_defaults(run=_pack)
    key = verbs.add_parser("key", help=_("a new key to sign data packs with"))
    key.add_argument("name", metavar="NAME", help=_("of the publisher"))
    key.add_argument("--out", default="", metavar="FILE.tckey", help=_("by default NAME.tckey"))
    key.set_defaults(run=_key)
    distrust = verbs.add_parser("distrust", help=_("trust a publisher no more"))
    distrust.add_argument("name", metavar="NAME")
    distrust.set_defaults(run=_distrust)


def _rows(table: str) -> list[dict[str, object]]:
    from tcplan.examples import example, example_keys

    if table == "examples":
        return [
            {"key": key, "name": example(key).title, "remark": example(key).remark} for key in example_keys()
        ]
    return [row.listing() for row in shelf_here().rows(table)]


def _list(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    rows = _rows(options.table)
    if options.json:
        sys.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        return 0
    width = max((len(str(row["key"])) for row in rows), default=0)
    for row in rows:
        sys.stdout.write(f"{row['key']:<{width}}  {row.get('name') or ''}\n")
    return 0


def _show(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    rows = {str(row["key"]): row for row in _rows(options.table)}
    row = rows.get(options.key)
    if row is None:
        message = _("{table} has no row “{key}”").format(table=options.table, key=options.key)
        raise InputError(message + hint(options.key, list(rows)))
    if options.json:
        sys.stdout.write(json.dumps(row, indent=2, ensure_ascii=False) + "\n")
        return 0
    for name, value in row.items():
        if value not in (None, ""):
            sys.stdout.write(f"{name:<34} {value}\n")
    return 0


def _add(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    path = Path(options.file)
    try:
        count = _take_pack(path, options.accept) if path.suffix == pack.SUFFIX else _bring(path, options)
    except OverlayError as error:
        message = f"{options.file}: {error}"
        raise InputError(message) from error
    said = plural("{count} row is in your catalogue", "{count} rows are in your catalogue", count)
    sys.stderr.write(f"tcplan: {said.format(count=count)}\n")
    return 0


def _bring(path: Path, options: argparse.Namespace) -> int:
    found = overlay.read_bytes(overlay.read_file(path))
    if found.removed or not found.rows:
        raise OverlayError(_("this file holds no rows to add"))
    clash = overlay.conflicts(found.rows)
    rows = found.rows
    if clash and options.keep_both:
        rows = overlay.beside(rows, shelf_here())
    elif clash and not options.replace:
        sentence = _("{table} has another row {key} of your own; choose --replace or --keep-both")
        raise OverlayError(sentence.format(table=clash[0].table, key=clash[0].key))
    overlay.keep(rows)
    return len(rows)


def _take_pack(path: Path, accepted: str) -> int:
    found = pack.read(path)
    if not publishers.is_known(found):
        printed = signature.fingerprint(found.key)
        if accepted.replace(" ", "").lower() != printed.replace(" ", ""):
            sentence = _(
                "{name} has published nothing that you took before; ask whether the fingerprint of its key "
                "is {printed}, and if so accept it with --accept '{printed}'"
            )
            raise OverlayError(sentence.format(name=found.publisher, printed=printed))
    gone = overlay.packs().removed
    changed = differences(shelf_here(), found.rows, found.removed, gone)
    publishers.accept(found)
    overlay.take(
        [one.new for one in changed if one.new is not None],
        [(one.table, one.key) for one in changed if one.new is None],
    )
    return len(changed)


def _remove(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    keys = [row.key for row in overlay.own().rows if row.table == options.table]
    if options.key not in keys:
        message = _("{table} has no own row “{key}”").format(table=options.table, key=options.key)
        raise InputError(message + hint(options.key, keys))
    overlay.delete(options.table, options.key)
    return 0


def _export(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    layer = overlay.own()
    if not layer.rows:
        raise InputError(_("there are no own rows to export"))
    write_whole(overlay.to_bytes(layer), Path(options.out))
    return 0


def _pack(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    named = options.key
    try:
        key = signature.read_key(Path(options.key))
        named = options.rows
        layer = overlay.read_bytes(overlay.read_file(Path(options.rows)))
        data = pack.signed(layer.rows, tuple(sorted(layer.removed)), options.edition, key)
    except (OverlayError, CellError) as error:
        message = f"{named}: {error}"
        raise InputError(message) from error
    if Path(options.out).suffix != pack.SUFFIX:
        message = _("{file}: a data pack is called so: NAME{suffix}").format(
            file=options.out, suffix=pack.SUFFIX
        )
        raise InputError(message)
    write_whole(data, Path(options.out))
    return 0


def _key(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    try:
        key = signature.new_key(options.name)
    except OverlayError as error:
        raise InputError(str(error)) from error
    stem = "".join(letter if letter.isalnum() else "-" for letter in key.publisher).strip("-") or "publisher"
    path = Path(options.out or f"{stem}{signature.SUFFIX}")
    try:
        signature.write_key(key, path)
    except FileExistsError as error:
        message = _("{file} exists already; choose another name").format(file=path)
        raise InputError(message) from error
    sys.stdout.write(f"{path}\n{signature.fingerprint(key.public)}\n")
    sys.stderr.write("tcplan: " + _("keep this file to yourself; tell others the fingerprint") + "\n")
    return 0


def _distrust(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    try:
        publishers.drop(options.name)
    except OverlayError as error:
        raise InputError(str(error)) from error
    return 0
