"""Bytes that somebody else wrote -> lines, rows and numbers, or one sentence about why not."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from tcplan.language import _
from tcplan.reading.reading import ReadingError

LARGEST_AMOUNT = 1e15
"""Largest time, energy or count that can have been measured, in any unit that these files use."""

LARGEST = 16_000_000
"""Largest file that is read, in bytes; a year of a group's jobs takes some millions."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECIMAL_COMMA = re.compile(r"^[+-]?\d+,\d+(?:[eE][+-]?\d+)?$")
_NOTHING = frozenset(("", "none", "null", "nan", "n/a", "na", "unknown"))
_MOST_COLUMNS = 500
_LONGEST_CELL = 1_000_000


def too_large() -> ReadingError:
    """Return the refusal of a file that is larger than any that is worth reading."""
    return ReadingError(_("the file is larger than {count} MB").format(count=LARGEST // 1_000_000))


def text_of(data: bytes) -> str:
    """Return the text of a file with plain line ends, whichever system wrote it.

    Raises
    ------
    ReadingError
        When it is too large, empty, binary or of an encoding that does not say its name.
    """
    if len(data) > LARGEST:
        raise too_large()
    if not data.strip(b" \t\r\n\0"):
        raise ReadingError(_("the file is empty"))
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in data:
        raise ReadingError(_("this is a binary file, not text"))
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadingError(_("line {line}: this is not UTF-8 text").format(line=line)) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its cells by column, and where it stands."""

    number: int
    cells: Mapping[str, str]
    decimal_comma: bool = False

    def text(self, column: str) -> str:
        """Return a cell without the blanks around it, empty where the table has no such column."""
        return self.cells.get(column, "").strip()

    def amount(self, column: str) -> float | None:
        """Return a cell as an amount, None where nothing was measured.

        Raises
        ------
        ReadingError
            When the cell holds something else.
        """
        cell = self.text(column)
        if cell.lower() in _NOTHING:
            return None
        plain = cell
        if _DECIMAL_COMMA.match(cell):
            if not self.decimal_comma:
                raise self.refusal(_("{cell} has a decimal comma; write a point").format(cell=cell), column)
            plain = cell.replace(",", ".")
        try:
            value = float(plain)
        except ValueError as error:
            raise self.refusal(_("{cell} is not a number").format(cell=cell), column) from error
        if not 0.0 <= value <= LARGEST_AMOUNT:
            raise self.refusal(_("{cell} is no amount that can be measured").format(cell=cell), column)
        return value

    def refusal(self, sentence: str, column: str) -> ReadingError:
        """Return an error that names the place."""
        place = _("line {line}, column {column}").format(line=self.number, column=column)
        return ReadingError(f"{place}: {sentence}")


def table(text: str, delimiters: str) -> tuple[Line, ...]:
    """Return the rows of a table whose first line names the columns.

    Parameters
    ----------
    text
        With plain line ends.
    delimiters
        What may stand between two cells; the one that the header has most of counts.

    Raises
    ------
    ReadingError
        When the header is damaged, a row has other cells than the header, or there is no row.
    """
    delimiter = max(delimiters, key=header_of(text).count)
    rows = _rows(text, delimiter)
    _number, header = next(rows)
    columns = [name.strip() for name in header]
    # SLURM's --parsable closes each line with a delimiter.
    closed = columns[-1] == ""
    columns = columns[:-1] if closed else columns
    if len(columns) > _MOST_COLUMNS or len(set(columns)) < len(columns):
        twice = next((name for name in columns if columns.count(name) > 1), "")
        raise ReadingError(_("line 1: the column {name} comes twice").format(name=twice or "…"))
    lines = []
    for number, cells in rows:
        found = cells[:-1] if closed and cells and cells[-1] == "" else cells
        if len(found) != len(columns):
            sentence = _("line {line}: {found} cells where the header has {wanted} columns")
            raise ReadingError(sentence.format(line=number, found=len(found), wanted=len(columns)))
        lines.append(Line(number, dict(zip(columns, found, strict=True)), delimiter != ","))
    if not lines:
        raise ReadingError(_("the table has a header and no row"))
    return tuple(lines)


def header_of(text: str) -> str:
    """Return the first line that is not blank."""
    return text.lstrip().partition("\n")[0]


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    quoting: Literal[0, 3] = csv.QUOTE_NONE if delimiter == "|" else csv.QUOTE_MINIMAL
    before = csv.field_size_limit(_LONGEST_CELL)
    blank = len(text) - len(text.lstrip())
    first = text.count("\n", 0, blank)
    reader = csv.reader(
        io.StringIO(text[blank:], newline=""), delimiter=delimiter, quoting=quoting, strict=True
    )
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield first + reader.line_num, cells
    except csv.Error as error:
        sentence = _("line {line}: this is not a row of a table").format(line=first + reader.line_num)
        raise ReadingError(sentence) from error
    finally:
        csv.field_size_limit(before)
