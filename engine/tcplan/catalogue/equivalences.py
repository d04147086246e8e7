"""Equivalences: what makes a figure imaginable, such as flights, households, books or Apollo."""

from typing import TYPE_CHECKING

from tcplan.catalogue.row import Row, Table

if TYPE_CHECKING:
    from tcplan.catalogue.shelf import Shelf

TABLE = Table(
    name="equivalences",
    columns=("kind", "value", "low", "high", "unit", "country", "place", "year"),
    words=frozenset(("kind", "unit", "country", "place")),
    required=frozenset(("kind", "value", "unit", "year")),
    searched=("kind", "country", "place"),
)


def of_kind(shelf: "Shelf", kind: str) -> tuple[Row, ...]:
    """Return the rows of one kind: carbon, electricity, text, water, money or compute."""
    return tuple(row for row in shelf.rows(TABLE.name) if row.get("kind") == kind)
