"""A row of the catalogue into the plan: into the field that takes it, or as the newer copy of one it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcplan.catalogue.row import Row
from tcplan.language import _
from tcplan.plan.document import Document as Content
from tcplan.plan.plan import descriptions
from tcplan.validation.own_stack import shelf_here
from tcplan_desktop import doors

if TYPE_CHECKING:
    from tcplan.study.newer_rows import Newer
    from tcplan_desktop.window import Window

_PRICES, _RUNS = "prices", "runs"
_DEVICE, _WAY = "hardware.accelerator", "purchase.way"

NEWER = "newer rows"
"""Key of the notice that offers them."""


def fields() -> dict[str, str]:
    """Return the path of the field that takes a row of each table."""
    return {shown.table: path for path, shown in descriptions().items() if shown.kind == "row"}


def tables() -> frozenset[str]:
    """Return the tables of which a plan can use a row."""
    return frozenset(fields()) | {_RUNS}


def use(window: Window, row: Row) -> None:
    """Set the field that takes a row, as one step; a published run opens as a plan of its own."""
    if row.table == _RUNS:
        doors.open_run(window, row.key)
        return
    path = fields()[row.table]
    content = _with_copy(window, row)
    if row.table == _PRICES:
        content = _with_device(content, window, row)
    content = content.with_value(path, row.key)
    window.document.edit(content, _("use {name}").format(name=row.name), path)
    window.go_to(path)


def _with_copy(window: Window, row: Row) -> Content:
    """Return the document in force with this copy of a row, where it keeps another one."""
    content = window.document.document
    if not keeps_other(window, row):
        return content
    name = (row.table, row.key)
    return content.with_rows([*(one for one in content.rows if (one.table, one.key) != name), row])


def _with_device(content: Content, window: Window, row: Row) -> Content:
    """Return the document with the device and the way of buying that a price is for."""
    estimate = window.estimate
    device, way = str(row.get("accelerator")), str(row.get("way"))
    now = estimate.inputs.rows.accelerator
    known = any(one.key == device for one in estimate.shelf.rows("accelerators"))
    if known and (now is None or now.key != device):
        content = content.with_value(_DEVICE, device)
    if estimate.field(_WAY).key != way and way in (one.key for one in descriptions()[_WAY].choices):
        content = content.with_value(_WAY, way)
    return content


def keeps_other(window: Window, row: Row) -> bool:
    """Return whether the plan stands on another copy of a row than the catalogue has."""
    kept = window.estimate.shelf.kept(row.table)
    return any(one.key == row.key and one != row for one in kept)


def newer_of(window: Window) -> Newer:
    """Return what the plan in force would be with today's rows."""
    from tcplan.study.newer_rows import newer

    document = window.document
    return newer(document.plan, window.estimate, shelf_here(), document.content.rows)


def use_newer(window: Window) -> None:
    """Give the plan today's rows in the place of its copies, as one step."""
    found = newer_of(window)
    content = window.document.content.with_rows(found.rows)
    window.document.replace(content, _("use the newer rows"))
    window.notices.drop(NEWER)
