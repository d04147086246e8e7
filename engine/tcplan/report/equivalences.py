"""What a result is as much as: flights, households, books; a help beside the figure, never an input."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import isfinite

from tcplan.catalogue.row import Row
from tcplan.estimate import Estimate
from tcplan.language import N_, _
from tcplan.report.numbers import figure

_HOURS_OF_YEAR = 8766.0
_DAY = 86_400.0
_YEAR = 365.25 * _DAY
_LEAST = 0.01
"""Smaller parts of something say nothing to anybody."""
_TEXT = frozenset(("decoder", "encoder", "encoder-decoder", "state-space"))
"""Families whose tokens are pieces of words."""


@dataclass(frozen=True, slots=True)
class Equivalence:
    """How many of something a result equals, with what the source's range makes of it."""

    path: str
    label: str
    count: float
    low: float
    high: float
    source: str

    @property
    def sentence(self) -> str:
        """Return the equivalence in words, with its source."""
        shown, low, high = (str(figure(value, "", 2)) for value in (self.count, self.low, self.high))
        between = "" if low == high else _(" ({low} to {high})").format(low=low, high=high)
        return _("As much as {label}{between}. Source: {source}").format(
            label=_(self.label).format(count=shown), between=between, source=self.source
        )


@dataclass(frozen=True, slots=True)
class _Likeness:
    """What one row makes of a result in its own unit; `each` is how much of the row one of them is."""

    row: str
    label: str
    each: float = 1.0


_HOUSEHOLDS = {"USA": "household-us", "FRA": "household-fr", "DEU": "household-de", "GBR": "household-uk"}
_TOWNS = {"FRA": "town-10k-fr"}
_ALIKE: Mapping[str, tuple[_Likeness, ...]] = {
    "carbon.location": (
        _Likeness("flight-lon-nyc-return", N_("{count} return flights London – New York for five"), 5.0),
        _Likeness("car-year-us", N_("{count} cars driven for a year")),
        _Likeness("human-year-world", N_("all emissions of {count} people in a year")),
    ),
    "energy.facility": (
        _Likeness("household", N_("the electricity of {count} households in a year")),
        _Likeness("reactor-900-day", N_("{count} days of a 900 MW reactor")),
    ),
    "energy.power": (
        _Likeness(
            "town", N_("the power of the homes of {count} towns of 10,000 people"), 1.0 / _HOURS_OF_YEAR
        ),
    ),
    "water.total": (
        _Likeness("olympic-pool", N_("{count} Olympic swimming pools")),
        _Likeness("person-day-fr", N_("the tap water of {count} people for a day")),
    ),
    "money.total": (
        _Likeness("us-teacher-year", N_("{count} years of a teacher's pay in the United States")),
        _Likeness("apollo-2020", N_("{count} of the Apollo programme")),
    ),
    "compute.model_flop": (
        _Likeness("laptop-flops", N_("{count} years of a laptop's graphics processor"), _YEAR),
        _Likeness("frontier-exaflop", N_("{count} days of the Frontier supercomputer"), _DAY),
    ),
    "training.run_tokens": (
        _Likeness("book-words", N_("{count} novels")),
        _Likeness("human-reading-life", N_("what {count} people read in their lives")),
    ),
}
"""Rows that stand beside a result; `household` and `town` are those of the plan's country."""


def equivalences(estimate: Estimate, path: str) -> tuple[Equivalence, ...]:
    """Return what a result is as much as; nothing where the catalogue has nothing of its kind."""
    return tuple(_found(estimate, path))


def paths() -> tuple[str, ...]:
    """Return the results that have equivalences."""
    return tuple(_ALIKE)


def _found(estimate: Estimate, path: str) -> Iterator[Equivalence]:
    if path not in _ALIKE or path not in estimate:
        return
    amount = _AMOUNTS[path](estimate)
    for alike in _ALIKE[path]:
        row = _row(estimate, alike.row)
        value = row.number("value") if row is not None else None
        if row is None or not value or not isfinite(amount) or amount <= 0.0:
            continue
        most, least = row.number("high") or value, row.number("low") or value
        count, low, high = (amount / (size * alike.each) for size in (value, most, least))
        if count < _LEAST:
            continue
        dated = f"{row.source}, {row.date}" if row.date else row.source
        yield Equivalence(path, alike.label, count, low, high, dated)


def _row(estimate: Estimate, key: str) -> Row | None:
    grid = estimate.inputs.rows.grid
    country = str(grid.get("iso3") or "") if grid is not None else ""
    if key == "household":
        key = _HOUSEHOLDS.get(country, "household-eu")
    elif key == "town":
        key = _TOWNS.get(country, "town-10k-us")
    return estimate.shelf.get("equivalences", key)


def _words(estimate: Estimate) -> float:
    """Return the words of the training data; nothing where its tokens are not of text."""
    row = _row(estimate, "tok-word-en-typical")
    tokens_per_word = row.number("value") if row is not None else None
    if not tokens_per_word or estimate.given["model.family"].key not in _TEXT:
        return 0.0
    return float(estimate.values["run_tokens"]) / tokens_per_word


def _shown(path: str) -> Callable[[Estimate], float]:
    return lambda estimate: estimate[path].value


_AMOUNTS: Mapping[str, Callable[[Estimate], float]] = {
    **{path: _shown(path) for path in _ALIKE},
    "training.run_tokens": _words,
}
"""The result in the unit of its rows: kg, kWh, kW, litres, dollars, FLOP, words."""
