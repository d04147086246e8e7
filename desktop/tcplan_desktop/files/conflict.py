"""Whether the file on the disk is still the one that was read, and what is different in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tcplan.language import _, plural
from tcplan.plan import marks, reading
from tcplan.plan.disk import Disk, Fingerprint
from tcplan.plan.document import Document as Content
from tcplan.plan.file import PlanFileError, load
from tcplan.plan.number import write
from tcplan.plan.plan import Value, descriptions

_MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Look:
    """What was found at a path: a fingerprint, or none when there is no file that could be read."""

    path: Path
    found: Fingerprint | None
    gone: bool = False


def look(path: Path, known: Fingerprint | None) -> Look:
    """Look at a file; its bytes are read only when size or time differ from what is known."""
    disk = Disk()
    try:
        status = disk.status(path)
        if known is not None and (status.st_size, status.st_mtime_ns) == (known.size, known.mtime_ns):
            return Look(path, known)
        return Look(path, Fingerprint.of(disk.read(path, reading.LARGEST), status))
    except FileNotFoundError:
        return Look(path, None, gone=True)
    except OSError:
        return Look(path, None)


def differences(mine: Content, path: Path) -> str:
    """Return what the file on the disk says in other words than the open plan, a line each."""
    try:
        theirs = load(path).document
    except PlanFileError as error:
        return _("The file on the disk is no plan: {reason}").format(reason=error)
    lines = list(_lines(mine, theirs))
    if not lines:
        return _("Every field is the same; only the form or the history of the file differs.")
    more = len(lines) - _MOST_LINES
    if more > 0:
        rest = plural("and {count} more", "and {count} more", more).format(count=more)
        lines = [*lines[:_MOST_LINES], rest]
    return "\n".join(lines)


def _lines(mine: Content, theirs: Content) -> Iterator[str]:
    form = _("{label}: {mine} here, {theirs} on the disk")
    for path, shown in descriptions().items():
        one, other = mine.plan.get(path), theirs.plan.get(path)
        if one != other:
            yield form.format(label=_(shown.label), mine=_text(path, one), theirs=_text(path, other))
    for path in sorted(mine.plan.overrides.keys() | theirs.plan.overrides.keys()):
        one, other = mine.plan.overrides.get(path), theirs.plan.overrides.get(path)
        if one != other:
            yield form.format(label=path, mine=_bare(one), theirs=_bare(other))
    words = ((_("Title"), "title"), (_("Author"), "author"), (_("Remark"), "remark"))
    for label, name in words:
        one, other = getattr(mine, name), getattr(theirs, name)
        if one != other:
            yield form.format(label=label, mine=f"“{one[:60]}”", theirs=f"“{other[:60]}”")
    if mine.notes != theirs.notes or mine.scenarios != theirs.scenarios:
        yield _("Notes or scenarios differ.")


def _text(path: str, value: Value) -> str:
    if value is None:
        return _("not typed")
    shown = descriptions()[path]
    if isinstance(value, str) or shown.kind != "number":
        return next((_(choice.label) for choice in shown.choices if choice.key == value), str(value))
    return write(value, shown, marks.current())


def _bare(value: Value) -> str:
    return _("not typed") if value is None else str(value)
