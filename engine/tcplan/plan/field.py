"""The one description of a field: it feeds the form, the number grammar, the help, the file and the tests."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the fixed values of a choice."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Shown:
    """How a field is shown, read, checked and explained.

    `unit` is the coherent unit in which the plan holds the value, `shown` the unit in which people read and
    type it without naming one. `low` and `high` are errors beyond which nothing can be computed; `usual` is
    the interval outside of which a value is worth a second look. A field that is not typed takes its value
    from a catalogue row, from `default` with `default_source`, or is computed (`computed` says how).
    """

    label: str
    help: str
    unit: str = "1"
    shown: str = ""
    symbol: str = ""
    low: float = 0.0
    high: float = 1e30
    above_low: bool = False
    usual: tuple[float, float] | None = None
    whole: bool = False
    logarithmic: bool = True
    default: float | str | None = None
    default_source: str = ""
    computed: str = ""
    choices: tuple[Choice, ...] = ()
    table: str = ""
    more: bool = False
    words: tuple[str, ...] = field(default=())

    @property
    def kind(self) -> str:
        """Return `number`, `choice` (fixed values), `row` (a key of a catalogue table) or `text`."""
        if self.table:
            return "row"
        if self.choices:
            return "choice"
        return "number" if self.unit else "text"


def shown_of(panel: type[BaseModel], name: str) -> Shown:
    """Return the description of a field of a panel."""
    for item in panel.model_fields[name].metadata:
        if isinstance(item, Shown):
            return item
    message = f"{panel.__name__}.{name} has no description"
    raise TypeError(message)


def fields_of(panel: type[BaseModel]) -> Iterator[tuple[str, Shown]]:
    """Yield the fields of a panel with their descriptions, in the order of the form."""
    for name in panel.model_fields:
        yield name, shown_of(panel, name)
