"""Tables of measured steps: some of those that the program carries, and those that it wrote."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from tcplan.validation import carried
from tcplan.validation.rows import MeasuredRow

Cells = dict[str, str]
Write = Callable[..., Path]
Tcplan = Callable[..., int]


def rows_from(source: str, count: int, hardware: str = "") -> list[Cells]:
    """Return the first published steps of a source as plain cells."""
    rows: Sequence[MeasuredRow] = carried.rows()
    found = [
        dict(row.cells)
        for row in rows
        if row.text("source") == source and row.text("hardware").startswith(hardware)
    ]
    return found[:count]


def read(path: Path) -> list[Cells]:
    """Return the rows of a table that the program wrote."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
