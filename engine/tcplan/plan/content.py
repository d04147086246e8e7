"""What a file may hold, part by part, with the bounds of each."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from tcplan.catalogue.row import Row
from tcplan.language import _
from tcplan.plan.document import (
    BASE,
    FORMAT,
    LONGEST_LINE,
    LONGEST_PROSE,
    READABLE_FROM,
    Document,
    Save,
    Scenario,
)
from tcplan.plan.letters import forbidden
from tcplan.plan.plan import Plan
from tcplan.plan.value import Number


def _printable(text: str) -> str:
    if any(forbidden(letter) and letter != "\n" for letter in text):
        message = _("control characters are not allowed")
        raise ValueError(message)
    return text


def _one_line(text: str) -> str:
    if "\n" in text:
        message = _("a line break is not allowed")
        raise ValueError(message)
    return text


Prose = Annotated[str, StringConstraints(max_length=LONGEST_PROSE), AfterValidator(_printable)]
Line = Annotated[
    str, StringConstraints(max_length=LONGEST_LINE), AfterValidator(_printable), AfterValidator(_one_line)
]
Name = Annotated[Line, StringConstraints(min_length=1)]
Path = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_0-9]+$", max_length=100)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class Part(BaseModel):
    """A frozen, strict part of a file."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


class ScenarioPart(Part):
    """A scenario: differences from the base plan; null takes a typed value back.

    Of a detached one the changes are all that was typed, and the base plan says nothing in it.
    """

    name: Name
    changes: dict[Path, Number | Line | None] = {}
    raw: dict[Path, Line] = {}
    detached: bool = False

    @model_validator(mode="after")
    def _beside_the_base(self) -> Self:
        if self.name == BASE:
            message = _("{name} is the plan itself; a scenario needs another name").format(name=BASE)
            raise ValueError(message)
        return self


class RowPart(Part):
    """A copy of a catalogue row."""

    table: Name
    key: Name
    values: dict[Name, Finite | Line]
    source: Prose
    date: Line
    confidence: Line

    @model_validator(mode="after")
    def _row(self) -> Self:
        Row.from_json(self.model_dump())
        return self


class SavePart(Part):
    """What was said at one save."""

    time: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
    engine: Name
    catalogue: Name
    plan: Name
    headline: dict[Path, Finite] = {}


class Content(Part):
    """The whole file, its keys in the order in which they are written."""

    format: Annotated[int, Field(ge=1)]
    readable_from: Annotated[int, Field(ge=1)]
    id: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
    title: Line = ""
    author: Line = ""
    remark: Prose = ""
    plan: Plan = Plan()
    raw: dict[Path, Line] = {}
    notes: dict[Path, Prose] = {}
    scenarios: tuple[ScenarioPart, ...] = ()
    rows: tuple[RowPart, ...] = ()
    saves: tuple[SavePart, ...] = ()

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        names = [scenario.name for scenario in self.scenarios]
        keys = [(row.table, row.key) for row in self.rows]
        if len(set(names)) < len(names) or len(set(keys)) < len(keys):
            message = _("two scenarios, or two catalogue rows, have the same name")
            raise ValueError(message)
        return self

    def document(self) -> Document:
        """Return the document that this content describes."""
        return Document(
            id=self.id,
            title=self.title,
            author=self.author,
            remark=self.remark,
            plan=self.plan,
            raw=self.raw,
            notes=self.notes,
            scenarios=tuple(
                Scenario(part.name, part.changes, part.raw, part.detached) for part in self.scenarios
            ),
            rows=tuple(Row.from_json(part.model_dump()) for part in self.rows),
            saves=tuple(
                Save(part.time, part.engine, part.catalogue, part.plan, part.headline) for part in self.saves
            ),
            format=max(self.format, FORMAT),
            readable_from=self.readable_from if self.format > FORMAT else READABLE_FROM,
        )
