"""A row: a fact with its source and date; and the description of a table of rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tcplan.language import N_, _

CONFIDENCES = (N_("high"), N_("medium"), N_("low"))
LEADING = ("key", "name")
CLOSING = ("source", "source_date", "confidence", "basis", "notes")


class RowError(LookupError):
    """A key that a table does not have, with the nearest one that it has."""


class CatalogueError(ValueError):
    """A table that cannot be read: which file, line and column, and why."""

    def __init__(self, file: str, line: int, column: str, sentence: str) -> None:
        place = _("{file}, line {line}, column {column}").format(file=file, line=line, column=column)
        super().__init__(f"{place}: {sentence}")
        self.file = file
        self.line = line
        self.column = column
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Table:
    """The form of a table: which columns hold numbers, which hold words, in the order of the file.

    Each table begins with `key` and `name` and ends with where the row comes from. `searched` names the
    columns whose words find a row besides its key and name; `signed` those that may be below zero.
    """

    name: str
    columns: tuple[str, ...]
    words: frozenset[str]
    required: frozenset[str]
    searched: tuple[str, ...] = ()
    signed: frozenset[str] = frozenset()

    @property
    def header(self) -> tuple[str, ...]:
        """Return every column in the order of the file."""
        return (*LEADING, *self.columns, *CLOSING)


@dataclass(frozen=True, slots=True)
class Row:
    """A fact of the catalogue; an empty cell is absent from `values`."""

    table: str
    key: str
    values: Mapping[str, float | str] = field(hash=False)
    source: str
    date: str
    confidence: str

    def get(self, column: str) -> float | str | None:
        """Return a cell, None when the fact is not known."""
        return self.values.get(column)

    def number(self, column: str) -> float | None:
        """Return a cell that holds a number, None when the fact is not known."""
        value = self.values.get(column)
        return value if isinstance(value, float) else None

    @property
    def name(self) -> str:
        """What a person calls the row."""
        return str(self.values.get("name", self.key))

    def source_of(self, name: str) -> str:
        """Return the source of one field's figure: its own, in `<name>_source`, or that of the row."""
        return str(self.values.get(f"{name}_source", self.source))

    def date_of(self, name: str) -> str:
        """Return the date of one field's figure: its own, in `<name>_date`, or that of the row."""
        return str(self.values.get(f"{name}_date", self.date))

    def listing(self) -> dict[str, object]:
        """Return the row as one flat record, its key first, for lists and programs."""
        facts = {"source": self.source, "date": self.date, "confidence": self.confidence}
        return {"key": self.key, **self.values, **facts}

    def to_json(self) -> dict[str, object]:
        """Return the row as a document keeps it."""
        return {
            "table": self.table,
            "key": self.key,
            "values": dict(self.values),
            "source": self.source,
            "date": self.date,
            "confidence": self.confidence,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> "Row":
        """Return the row that `to_json` gave.

        Raises
        ------
        ValueError
            When a part is missing, unknown or of the wrong kind.
        """
        texts = {}
        for part in ("table", "key", "source", "date", "confidence"):
            text = data.get(part)
            if not isinstance(text, str) or (not text and part != "date"):
                message = _("a catalogue row needs the text {part}").format(part=part)
                raise ValueError(message)
            texts[part] = text
        unknown = set(data) - set(texts) - {"values"}
        if unknown:
            message = _("a catalogue row has no part {part}").format(part=min(unknown))
            raise ValueError(message)
        if texts["confidence"] not in CONFIDENCES:
            message = _("{value} is not one of {allowed}").format(
                value=texts["confidence"], allowed=", ".join(CONFIDENCES)
            )
            raise ValueError(message)
        return cls(values=_values(data.get("values")), **texts)


def _values(data: object) -> Mapping[str, float | str]:
    if not isinstance(data, Mapping):
        message = _("a catalogue row needs its values")
        raise ValueError(message)  # noqa: TRY004  # a damaged file, not a wrong type in a program
    values: dict[str, float | str] = {}
    for column, value in data.items():
        if isinstance(value, str):
            values[column] = value
        elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < float("inf"):
            values[column] = float(value)
        else:
            message = _("the value of {column} is neither a number nor a text").format(column=column)
            raise ValueError(message)
    return MappingProxyType(values)
