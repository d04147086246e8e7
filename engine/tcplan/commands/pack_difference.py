"""`tcplan catalogue diff`: what a data pack would change, and what that does to a plan."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tcplan.catalogue import overlay, pack, publishers, signature
from tcplan.catalogue.difference import Difference, differences
from tcplan.catalogue.overlay import OverlayError
from tcplan.commands.refused import InputError
from tcplan.language import _, plural
from tcplan.plan.document import BASE
from tcplan.report.numbers import change
from tcplan.validation.own_stack import shelf_here

if TYPE_CHECKING:
    from tcplan.estimate import Estimate
    from tcplan.study.newer_rows import Effect


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of the comparison."""
    parser.add_argument("pack", metavar="PACK.tcdata")
    parser.add_argument("file", metavar="FILE", nargs="?", help=_("plan whose headline is told"))
    parser.add_argument("--scenario", default=BASE, metavar="NAME", help=_("one of the plan's scenarios"))
    parser.add_argument("--json", action="store_true", help=_("for programs"))
    parser.set_defaults(run=run, set=[])


def run(options: argparse.Namespace, _writers: Mapping[str, object]) -> int:
    """Print the comparison; nothing is taken."""
    try:
        found = pack.read(Path(options.pack))
        known = publishers.is_known(found)
        changed = differences(shelf_here(), found.rows, found.removed, overlay.packs().removed)
    except OverlayError as error:
        message = f"{options.pack}: {error}"
        raise InputError(message) from error
    now: Estimate | None = None
    told: tuple[Effect, ...] = ()
    together: Effect | None = None
    if options.file is not None:
        now, told, together = _effects(options, changed)
    if options.json:
        tree = _tree(found, changed, told, together, known=known)
        sys.stdout.write(json.dumps(tree, indent=2, ensure_ascii=False) + "\n")
    else:
        _write(found, changed, told, together, known=known)
    problems = [one for one in now.findings if one.level == "error"] if now is not None else []
    for one in problems:
        sys.stderr.write(f"tcplan: {one.path}: {one.sentence}\n")
    return 1 if problems else 0


def _effects(
    options: argparse.Namespace, changed: Sequence[Difference]
) -> "tuple[Estimate, tuple[Effect, ...], Effect]":
    from tcplan.commands.plan_file import opened
    from tcplan.study.newer_rows import effects, together

    document, now = opened(options)
    catalogue = shelf_here()
    told = effects(document.plan, now, catalogue, changed)
    return now, told, together(document.plan, now, catalogue, changed)


def _tree(
    found: pack.Pack,
    changed: Sequence[Difference],
    told: "Sequence[Effect]",
    together: "Effect | None",
    *,
    known: bool,
) -> dict[str, object]:
    rows = []
    for at, one in enumerate(changed):
        rows.append(
            {
                "table": one.table,
                "key": one.key,
                "kind": one.kind,
                "old": one.old.listing() if one.old is not None else None,
                "new": one.new.listing() if one.new is not None else None,
                "cells": [{"column": column, "old": old, "new": new} for column, old, new in one.cells],
                "used": told[at].used if told else None,
                "effect": _effect(told[at]) if told else None,
            }
        )
    return {
        "format": 1,
        "publisher": found.publisher,
        "fingerprint": signature.fingerprint(found.key),
        "trusted": known,
        "edition": found.edition,
        "changes": rows,
        "together": _effect(together) if together is not None else None,
    }


def _effect(effect: "Effect") -> dict[str, dict[str, float | None]]:
    def finite(value: float) -> float | None:
        return value if abs(value) < float("inf") else None

    return {
        path: {"before": finite(before), "after": finite(effect.after[path])}
        for path, before in effect.before.items()
    }


def _write(
    found: pack.Pack,
    changed: Sequence[Difference],
    told: "Sequence[Effect]",
    together: "Effect | None",
    *,
    known: bool,
) -> None:
    printed = signature.fingerprint(found.key)
    trust = _("trusted") if known else _("new to you")
    sys.stdout.write(f"{found.publisher}, {found.edition} ({trust}: {printed})\n")
    for at, one in enumerate(changed):
        words = _words(told[at]) if told else ""
        sys.stdout.write(f"{one.kind:<8} {one.table}/{one.key}  {one.name}{words}\n")
        for column, old, new in one.cells if one.kind == "changed" else ():
            sys.stdout.write(f"         {column}: {_cell(old)} → {_cell(new)}\n")
    count = plural("{count} row differs", "{count} rows differ", len(changed)).format(count=len(changed))
    ending = _words(together) if together is not None and changed else ""
    sys.stdout.write(f"{count}{ending}\n")


def _words(effect: "Effect") -> str:
    if not effect.used:
        return "  " + _("not used by this plan")
    names = {"money.total": _("money"), "time.run": _("time"), "carbon.location": _("carbon")}
    parts = [f"{names[path]} {change(effect.after[path], effect.before[path])}" for path in names]
    return "  " + ", ".join(parts)


def _cell(cell: object) -> str:
    if cell is None:
        return "–"
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
