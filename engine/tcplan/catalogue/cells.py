"""Cells that somebody else wrote: each is held against the form of its table before anything uses it."""

import math
import re
import unicodedata
from collections.abc import Iterable

from tcplan.catalogue.age import day
from tcplan.catalogue.row import CLOSING, CONFIDENCES, Row, Table
from tcplan.catalogue.shelf import TABLES
from tcplan.language import _
from tcplan.plan.letters import forbidden
from tcplan.plan.reading import quoted

OF_THE_PROGRAM = frozenset(("stacks", "recipes", "performance"))
"""Tables whose rows are fitted together with the formulas: they come with the program or by calibration."""
FACTS = tuple(table for table in TABLES if table not in OF_THE_PROGRAM)
"""Tables to which people and data packs may add rows."""
_LONGEST_KEY, _LONGEST_TEXT, _LONGEST_NOTE = 120, 500, 5_000
_LARGEST = 1e30
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_STARTS = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula."""


class CellError(ValueError):
    """A cell that its table does not allow: which one, and why."""

    def __init__(self, table: str, key: str, column: str, sentence: str) -> None:
        self.table, self.key, self.column, self.sentence = table, key, column, sentence
        place = _("{table}, row {key}, column {column}").format(table=table, key=key, column=column)
        super().__init__(quoted(f"{place}: {sentence}"))


def is_text(form: Table, column: str) -> bool:
    """Return whether a column holds words; the others hold numbers."""
    return column in form.words or column in ("key", "name", *CLOSING)


def columns(form: Table) -> tuple[str, ...]:
    """Return the columns of a row that somebody writes, those first that each row needs."""
    needed = [column for column in form.header if _is_needed(form, column)]
    return (*needed, *(column for column in form.header if column not in needed))


def _is_needed(form: Table, column: str) -> bool:
    return column in form.required or column in ("key", "name", "source", "source_date", "confidence")


def value_of(form: Table, key: str, column: str, text: str) -> float | str | None:
    """Return what a typed cell holds, None when it is empty.

    Raises
    ------
    CellError
        When the table does not allow it.
    """
    typed = text.strip()
    if not typed:
        if _is_needed(form, column):
            raise CellError(form.name, key, column, _("this cell must not be empty"))
        return None
    if is_text(form, column):
        _check_text(form, key, column, typed)
        return typed
    try:
        number = float(typed)
    except ValueError as error:
        sentence = _("{cell} is not a number; write it with a decimal point").format(cell=typed)
        raise CellError(form.name, key, column, sentence) from error
    _check_number(form, key, column, number)
    return number


def checked(row: Row) -> Row:
    """Return a row that came from outside, when its table allows each of its cells.

    Raises
    ------
    CellError
        When it does not; the sentence names table, row and column.
    """
    form = TABLES.get(row.table)
    if form is None or row.table not in FACTS:
        sentence = _("rows can be added to {tables}").format(tables=", ".join(FACTS))
        raise CellError(row.table, row.key, "table", sentence)
    cells = {**row.values, "key": row.key, "source": row.source, "source_date": row.date}
    cells["confidence"] = row.confidence
    unknown = set(row.values) - set(form.header) | {"key", *CLOSING[:3]} & set(row.values)
    if unknown:
        sentence = _("the columns are {columns}").format(columns=", ".join(form.header))
        raise CellError(row.table, row.key, min(unknown), sentence)
    for column in form.header:
        _check(form, row.key, column, cells.get(column))
    return row


def all_checked(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Return rows that came from outside, each checked and none twice.

    Raises
    ------
    CellError
        When one is not allowed.
    """
    found: dict[tuple[str, str], Row] = {}
    for row in rows:
        if (row.table, row.key) in found:
            raise CellError(row.table, row.key, "key", _("this key comes twice"))
        found[row.table, row.key] = checked(row)
    return tuple(found.values())


def _check(form: Table, key: str, column: str, cell: float | str | None) -> None:
    if cell is None or cell == "":
        if _is_needed(form, column):
            raise CellError(form.name, key, column, _("this cell must not be empty"))
    elif is_text(form, column):
        if not isinstance(cell, str):
            raise CellError(form.name, key, column, _("this column holds words, not numbers"))
        _check_text(form, key, column, cell)
    elif isinstance(cell, str):
        raise CellError(form.name, key, column, _("this column holds numbers, not words"))
    else:
        _check_number(form, key, column, cell)


def _check_text(form: Table, key: str, column: str, text: str) -> None:
    sentence = ""
    longest = {"key": _LONGEST_KEY, "notes": _LONGEST_NOTE, "source": _LONGEST_NOTE}.get(
        column, _LONGEST_TEXT
    )
    if any(forbidden(letter) or unicodedata.category(letter) in ("Cf", "Zl", "Zp") for letter in text):
        sentence = _("this text holds letters that nobody can see")
    elif text != text.strip():
        sentence = _("this text begins or ends with a space")
    elif len(text) > longest:
        sentence = _("this text has {count} letters; at most {most} are allowed").format(
            count=len(text), most=longest
        )
    elif text.startswith(_STARTS):
        sentence = _("this text begins like a formula of a spreadsheet")
    elif column == "confidence" and text not in CONFIDENCES:
        sentence = _("{value} is not one of {allowed}").format(value=text, allowed=", ".join(CONFIDENCES))
    elif column.endswith("_date") and not (_DATE.fullmatch(text) and day(text) > 0.0):
        sentence = _("{value} is not a date such as 2026-11-25, 2026-11 or 2026").format(value=text)
    if sentence:
        raise CellError(form.name, key, column, sentence)


def _check_number(form: Table, key: str, column: str, number: float) -> None:
    sentence = ""
    if not math.isfinite(number) or abs(number) > _LARGEST:
        sentence = _("{number} is beyond what can be computed with").format(number=f"{number:g}")
    elif number < 0.0 and column not in form.signed:
        sentence = _("{number} is not a number of zero or more").format(number=f"{number:g}")
    if sentence:
        raise CellError(form.name, key, column, sentence)
