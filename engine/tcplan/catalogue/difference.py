"""What some rows would change in a catalogue: row by row, cell by cell."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tcplan.catalogue import sites
from tcplan.catalogue.overlay import Name, OverlayError
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import Shelf
from tcplan.language import _
from tcplan.plan.plan import descriptions

Cell = float | str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """A row as it is and as it would be; None where there is none."""

    table: str
    key: str
    old: Row | None
    new: Row | None

    @property
    def kind(self) -> str:
        """Return `added`, `removed` or `changed`."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"

    @property
    def name(self) -> str:
        """What a person calls the row."""
        row = self.new or self.old
        return row.name if row is not None else self.key

    @property
    def cells(self) -> tuple[tuple[str, Cell, Cell], ...]:
        """Return each column that differs, with its old and its new cell."""
        old, new = (_cells(row) if row is not None else {} for row in (self.old, self.new))
        both = dict.fromkeys((*old, *new))
        return tuple((one, old.get(one), new.get(one)) for one in both if old.get(one) != new.get(one))


def _cells(row: Row) -> dict[str, Cell]:
    closing = {"source": row.source, "source_date": row.date, "confidence": row.confidence}
    return {**row.values, **closing}


def differences(
    shelf: Shelf, rows: Iterable[Row], removed: Iterable[Name] = (), gone: frozenset[Name] = frozenset()
) -> tuple[Difference, ...]:
    """Return what rows would change on a shelf, in the order of tables and keys.

    Parameters
    ----------
    shelf
        The catalogue of this user.
    rows, removed
        What a pack says.
    gone
        Rows that were removed before: to remove them again changes nothing.

    Raises
    ------
    OverlayError
        When a row is to be removed that never was, or on which every new plan stands.
    """
    found = []
    for row in rows:
        old = shelf.get(row.table, row.key)
        if old != row:
            found.append(Difference(row.table, row.key, old, row))
    for table, key in removed:
        old = shelf.get(table, key)
        if (table, key) in _defaults():
            sentence = _("{table}, row {key} cannot be removed: new plans begin with it")
            raise OverlayError(sentence.format(table=table, key=key))
        if old is not None:
            found.append(Difference(table, key, old, None))
        elif (table, key) not in gone:
            sentence = _("{table} has no row {key} that could be removed")
            raise OverlayError(sentence.format(table=table, key=key))
    return tuple(sorted(found, key=lambda one: (one.table, one.key)))


@cache
def _defaults() -> frozenset[tuple[str, object]]:
    fields = [shown for shown in descriptions().values() if shown.kind == "row" and shown.default]
    return frozenset({(shown.table, shown.default) for shown in fields} | {(sites.TABLE.name, sites.WORLD)})
