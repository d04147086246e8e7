"""The shelf: every table of the catalogue, read when it is first asked for, under a document's own rows."""

import csv
import difflib
import io
import math
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

from tcplan.catalogue import (
    accelerators,
    costs,
    currencies,
    equivalences,
    grids,
    models,
    performance,
    prices,
    recipes,
    regions,
    runs,
    sites,
    stacks,
)
from tcplan.catalogue.row import CONFIDENCES, CatalogueError, Row, RowError, Table
from tcplan.language import _

EDITION = "2026-11"
TABLES: Mapping[str, Table] = MappingProxyType(
    {
        module.TABLE.name: module.TABLE
        for module in (
            *(accelerators, models, grids, sites, regions, prices, runs, costs, equivalences),
            *(currencies, stacks, recipes, performance),
        )
    }
)


def edition() -> str:
    """Return the month of the shipped tables."""
    return EDITION


class Shelf:
    """Rows by table and key: shipped ones, replaced by this user's, replaced by those of a document.

    Parameters
    ----------
    own
        Rows of this user; a later one stands before an earlier one of the same table and key.
    gone
        Table and key of shipped rows that this user has no more.
    kept
        Copies that a document brings with it.
    """

    def __init__(
        self,
        own: Iterable[Row] = (),
        gone: frozenset[tuple[str, str]] = frozenset(),
        kept: Iterable[Row] = (),
    ) -> None:
        self._own, self._kept = _by_table(own), _by_table(kept)
        self._gone = gone
        self._tables: dict[str, dict[str, Row]] = {}
        self._folded: dict[str, tuple[tuple[str, Row], ...]] = {}

    def with_rows(self, rows: Iterable[Row]) -> "Shelf":
        """Return a shelf on which these copies of a document stand before rows of the same table and key."""
        return Shelf(_all(self._own), self._gone, [*_all(self._kept), *rows])

    def with_own(self, rows: Iterable[Row], gone: Iterable[tuple[str, str]] = ()) -> "Shelf":
        """Return a shelf of a user who has these rows as well, and no more those that are gone."""
        return Shelf([*_all(self._own), *rows], self._gone.union(gone), _all(self._kept))

    def kept(self, table: str) -> tuple[Row, ...]:
        """Return the rows of a table that a document brought with it."""
        return tuple(self._kept.get(table, {}).values())

    def rows(self, table: str) -> tuple[Row, ...]:
        """Return the rows of a table in its own order, a document's additional rows last.

        Raises
        ------
        RowError
            When there is no such table.
        """
        return tuple(self._by_key(table).values())

    def find(self, table: str, key: str) -> Row:
        """Return the row of a key.

        Raises
        ------
        RowError
            When the table has no such key; its sentence names the nearest one.
        """
        rows = self._by_key(table)
        if key in rows:
            return rows[key]
        sentence = _("{table} has no row {key}").format(table=table, key=key)
        close = difflib.get_close_matches(key.lower(), {name.lower(): name for name in rows}, n=1, cutoff=0.5)
        if close:
            known = next(name for name in rows if name.lower() == close[0])
            sentence += _("; did you mean {close}?").format(close=known)
        raise RowError(sentence)

    def get(self, table: str, key: str) -> Row | None:
        """Return the row of a key, None when the table has no such key.

        Raises
        ------
        RowError
            When there is no such table.
        """
        return self._by_key(table).get(key)

    def search(self, table: str, text: str) -> tuple[Row, ...]:
        """Return the rows that contain every typed word, the likeliest first.

        First the rows in which the text is a whole word, then those whose key or name begins with it, then
        those in which each typed word begins a word. Letters count without case and accents; an empty text
        finds everything.
        """
        wanted = fold(text).split()
        typed = " ".join(wanted)
        found: list[tuple[int, Row]] = []
        for words, row in self._words(table):
            if all(one in words for one in wanted):
                found.append((_rank(words, row, wanted, typed), row))
        return tuple(row for _place, row in sorted(found, key=lambda one: one[0]))

    def _by_key(self, table: str) -> dict[str, Row]:
        if table not in self._tables:
            known = {**shipped_rows(table), **self._own.get(table, {})}
            for each, key in self._gone:
                if each == table:
                    known.pop(key, None)
            self._tables[table] = {**known, **self._kept.get(table, {})}
        return self._tables[table]

    def _words(self, table: str) -> tuple[tuple[str, Row], ...]:
        if table not in self._folded:
            self._folded[table] = tuple((_searched(row), row) for row in self.rows(table))
        return self._folded[table]


def _by_table(rows: Iterable[Row]) -> dict[str, dict[str, Row]]:
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(row.table, {})[row.key] = row
    return found


def _all(tables: Mapping[str, Mapping[str, Row]]) -> list[Row]:
    return [row for table in tables.values() for row in table.values()]


@cache
def shipped() -> Shelf:
    """Return the shelf as it is delivered."""
    return Shelf()


@cache
def shipped_rows(table: str) -> Mapping[str, Row]:
    """Return the delivered rows of a table by key.

    Raises
    ------
    RowError
        When there is no such table.
    CatalogueError
        When the delivered table is damaged.
    """
    form = TABLES.get(table)
    if form is None:
        message = _("there is no table {table}; there are {known}").format(
            table=table, known=", ".join(TABLES)
        )
        raise RowError(message)
    file = resources.files("tcplan_resources") / "catalogue" / f"{table}.csv"
    return read(form, file.read_text("utf-8"))


def read(form: Table, text: str) -> Mapping[str, Row]:
    """Return the rows of a table's text by key.

    Raises
    ------
    CatalogueError
        When the text is not a table of this form.
    """
    file = f"{form.name}.csv"
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: dict[str, Row] = {}
    columns = _columns(form)
    try:
        header = next(lines, [])
        if tuple(header) != form.header:
            wrong = next((a for a, b in zip(header, form.header, strict=False) if a != b), "")
            sentence = _("the columns must be {columns}").format(columns=", ".join(form.header))
            raise CatalogueError(file, 1, wrong or "?", sentence)
        for cells in lines:
            row = _row(form, columns, file, lines.line_num, cells)
            if row.key in rows:
                raise CatalogueError(file, lines.line_num, "key", _("this key comes twice"))
            rows[row.key] = row
    except csv.Error as error:
        raise CatalogueError(file, lines.line_num, "?", str(error)) from error
    return rows


_ALWAYS = frozenset(("key", "name", "source", "source_date", "confidence", "basis"))
_TEXTS = _ALWAYS | {"notes"}
_Columns = tuple[tuple[str, bool, bool], ...]
"""Name of each column, whether it holds words, and whether each row must say it."""


def _columns(form: Table) -> _Columns:
    texts, needed = form.words | _TEXTS, form.required | _ALWAYS
    return tuple((column, column in texts, column in needed) for column in form.header)


def _row(form: Table, columns: _Columns, file: str, line: int, cells: list[str]) -> Row:
    if len(cells) != len(columns):
        sentence = _("{found} cells instead of {wanted}").format(found=len(cells), wanted=len(columns))
        raise CatalogueError(file, line, columns[min(len(cells), len(columns) - 1)][0], sentence)
    values: dict[str, float | str] = {}
    for (column, is_text, is_needed), cell in zip(columns, cells, strict=True):
        if not cell:
            if is_needed:
                raise CatalogueError(file, line, column, _("this cell must not be empty"))
        elif is_text:
            values[column] = cell
        else:
            values[column] = _number(file, line, column, cell, signed=column in form.signed)
    confidence = str(values.pop("confidence"))
    if confidence not in CONFIDENCES:
        sentence = _("{value} is not one of {allowed}").format(
            value=confidence, allowed=", ".join(CONFIDENCES)
        )
        raise CatalogueError(file, line, "confidence", sentence)
    key, source, date = str(values.pop("key")), str(values.pop("source")), str(values.pop("source_date"))
    return Row(form.name, key, MappingProxyType(values), source, date, confidence)


def _number(file: str, line: int, column: str, cell: str, *, signed: bool) -> float:
    try:
        number = float(cell)
    except ValueError as error:
        sentence = _("{cell} is not a number").format(cell=cell)
        raise CatalogueError(file, line, column, sentence) from error
    if not math.isfinite(number) or (number < 0 and not signed):
        sentence = _("{cell} is not a number of zero or more").format(cell=cell)
        raise CatalogueError(file, line, column, sentence)
    return number


def _searched(row: Row) -> str:
    cells = (row.get(column) for column in ("name", *TABLES[row.table].searched))
    text = fold(" ".join((row.key, *(str(cell) for cell in cells if cell is not None)))).replace(",", " ")
    return f" {' '.join(text.split())} {' '.join(text.replace('-', ' ').split())} "


def _rank(words: str, row: Row, wanted: list[str], typed: str) -> int:
    if f" {typed} " in words:
        return 0
    if fold(row.name).startswith(typed) or fold(row.key).startswith(typed):
        return 1
    return 2 if all(f" {one}" in words for one in wanted) else 3


@cache
def fold(text: str) -> str:
    """Return a text without case and accents, for comparing what people type."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
