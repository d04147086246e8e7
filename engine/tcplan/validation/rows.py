"""Measured training steps as tables hold them: one row, one measurement, columns by name."""

import csv
import io
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from types import MappingProxyType

from tcplan.language import _

LARGEST = 64 * 2**20
"""Bytes beyond which a file is no table of measured steps."""
NOTHING = frozenset(("nan", "na", "n/a", "none", "null", "-", "–"))
"""Words that programs write into a cell that is not stated."""
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")


class RowsError(ValueError):
    """A table that cannot be read, with a sentence for the person who chose it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """One measurement; a cell that is empty or missing is not stated.

    Parameters
    ----------
    cells
        The cells as the table has them, by column.
    comma
        Whether the table writes decimals with a comma.
    """

    cells: Mapping[str, str]
    comma: bool = False

    @property
    def id(self) -> str:
        """Return the name of the row in its table."""
        return self.text("id")

    def text(self, column: str) -> str:
        """Return a cell without space around it, empty when not stated."""
        return (self.cells.get(column) or "").strip()

    def number(self, column: str) -> float | None:
        """Return a cell as a finite number, None when it is empty or no number."""
        text = self.text(column)
        if self.comma and _DECIMAL_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        try:
            value = float(text)
        except ValueError:
            return None
        return value if isfinite(value) else None

    def states(self, column: str) -> bool:
        """Return whether a cell holds more than a word for nothing."""
        text = self.text(column)
        return bool(text) and text.lower() not in NOTHING


def read_rows(path: Path) -> tuple[MeasuredRow, ...]:
    """Read a table of measured steps.

    Raises
    ------
    RowsError
        When the file cannot be read or holds no rows.
    """
    try:
        status = path.stat()
        if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
            raise RowsError(_("{file} is a pipe or a device, no table").format(file=path.name))
        if status.st_size > LARGEST:
            raise RowsError(
                _("{file} is larger than a table of measured steps can be").format(file=path.name)
            )
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        sentence = _("{file} cannot be read: {reason}").format(file=path.name, reason=error.strerror or error)
        raise RowsError(sentence) from error
    except UnicodeDecodeError as error:
        raise RowsError(_("{file} is no text in UTF-8").format(file=path.name)) from error
    return rows_of(text, path.name)


def rows_of(text: str, name: str) -> tuple[MeasuredRow, ...]:
    """Return the rows of the text of a table.

    Raises
    ------
    RowsError
        When the text is no table or holds no rows.
    """
    mark = _separator(text)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=mark))
    except csv.Error as error:
        raise RowsError(_("{file} is no table: {reason}").format(file=name, reason=error)) from error
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    if len(lines) < 2:
        raise RowsError(_("{file} holds no rows below a header").format(file=name))
    header = [cell.strip() for cell in lines[0]]
    if len(set(header)) != len(header):
        raise RowsError(_("{file} has two columns of the same name").format(file=name))
    for number, line in enumerate(lines[1:], 2):
        if len(line) > len(header):
            sentence = _("{file}, row {row}: more cells than the header has columns")
            raise RowsError(sentence.format(file=name, row=number))
    return tuple(
        MeasuredRow(MappingProxyType(dict(zip(header, line, strict=False))), comma=mark != ",")
        for line in lines[1:]
    )


def _separator(text: str) -> str:
    """Return what stands between cells: a comma, or what programs write where the comma marks decimals."""
    head = text.lstrip().partition("\n")[0]
    return next((mark for mark in ",;\t" if mark in head), ",")
