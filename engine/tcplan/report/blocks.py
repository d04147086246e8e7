"""What a sheet is made of: headings, paragraphs, tables, figures; every format renders these alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from tcplan.language import _
from tcplan.report.appendix import Explained
from tcplan.report.facts import Fact
from tcplan.report.numbers import figure
from tcplan.report.sheet import Chart, Part, Sheet


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a table, in the unit shown; `path` is the result that it is, where it is one."""

    value: float
    unit: str
    digits: int = 3
    path: str = ""

    def __str__(self) -> str:
        return str(figure(self.value, self.unit, self.digits))


Cell = str | Amount


@dataclass(frozen=True, slots=True)
class Heading:
    """What the blocks below are about."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences; those in grey are beside the point."""

    text: str
    grey: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; with `total` the last row is the sum of those above."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """A few figures side by side, large."""

    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """Parts of a whole with the length of each; `total` stands under them."""

    parts: tuple[Part, ...]
    total: Part | None = None

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """Return the parts with their total."""
        return self.parts if self.total is None else (*self.parts, self.total)


@dataclass(frozen=True, slots=True)
class Picture:
    """A curve."""

    chart: Chart


@dataclass(frozen=True, slots=True)
class Worked:
    """A result with its formula in names and in numbers."""

    formula: Explained

    @property
    def shown(self) -> str:
        """Return the result in few digits."""
        return str(figure(self.formula.value, self.formula.unit, 3))


Block = Heading | Paragraph | Table | Facts | Bars | Picture | Worked


@dataclass(frozen=True, slots=True)
class Printout:
    """A whole sheet in words and numbers, for any format.

    `appendix` comes after the blocks: formulas, sources, credits. `one_page` is what the first page on paper
    shows in their place where a sheet has a page laid out by hand.
    """

    label: str
    title: str
    author: str
    scenario: str
    date: str
    answer: str
    lead: str
    footer: str
    blocks: tuple[Block, ...]
    appendix: tuple[Block, ...]
    one_page: Sheet | None = None

    @property
    def byline(self) -> str:
        """Return what the sheet is of, by whom and from when, in one line."""
        scenario = _("Scenario: {name}").format(name=self.scenario)
        return " · ".join(part for part in (self.title, self.author, scenario, self.date) if part)


def spread(table: Table) -> tuple[tuple[str, ...], tuple[tuple[str | Amount, ...], ...]]:
    """Return a table for a worksheet: each number has its unit in a column of its own."""
    numeric = amount_columns(table)
    heads: list[str] = []
    for column, head in enumerate(table.heads):
        heads += [head, _("Unit")] if column in numeric else [head]
    rows = []
    for row in table.rows:
        cells: list[str | Amount] = []
        for column, cell in enumerate(row):
            if isinstance(cell, Amount):
                cells += [cell, cell.unit if cell.unit != "1" else ""]
            else:
                cells += [cell, ""] if column in numeric else [cell]
        rows.append(tuple(cells))
    return tuple(heads), tuple(rows)


def amount_columns(table: Table) -> frozenset[int]:
    """Return the columns of a table that hold numbers."""
    return frozenset(
        column for row in table.rows for column, cell in enumerate(row) if isinstance(cell, Amount)
    )


def points(chart: Chart) -> Iterator[tuple[str, str]]:
    """Yield the marked places of a curve in words: devices with the duration, and the money."""
    for devices, seconds, money in chart.marked():
        yield f"{figure(devices, '1', 6)}, {figure(seconds, 's')}", str(figure(money, "USD", 3))
