"""The back of the sheet: each headline number's formula, and the sources that the plan used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tcplan.estimate import Estimate
from tcplan.language import _
from tcplan.plan.plan import descriptions
from tcplan.why import why


@dataclass(frozen=True, slots=True)
class Explained:
    """A result with its formula in names and in numbers, and where the formula comes from."""

    label: str
    path: str
    value: float
    unit: str
    names: str
    numbers: str
    source: str


@dataclass(frozen=True, slots=True)
class Source:
    """One source with its date, and what was taken from it."""

    text: str
    date: str
    used_for: tuple[str, ...]


def explained(estimate: Estimate, path: str) -> Explained:
    """Return one result with its formula; a typed result says so in the place of the formula."""
    reason = why(estimate, path)
    result = estimate[path]
    return Explained(
        result.label,
        path,
        result.value,
        result.unit,
        reason.text_formula(),
        reason.text_numbers(),
        reason.source,
    )


def row_sources(*estimates: Estimate) -> tuple[Source, ...]:
    """Return the sources of the rows that some plans used, in the order of their use."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in (row for estimate in estimates for row in estimate.inputs.rows.used()):
        found.setdefault((row.source, row.date), []).append(row.name)
    return _listed(found)


def default_sources(estimate: Estimate) -> tuple[Source, ...]:
    """Return the papers behind the defaults that a plan rests on."""
    found: dict[tuple[str, str], list[str]] = {}
    needed = {name for one in estimate.graph.order for name in one.parameters}
    for given in estimate.given.values():
        if given.layer == "default" and given.source.startswith("arXiv") and given.name in needed:
            label = _(descriptions()[given.path].label)
            found.setdefault((given.source, given.date), []).append(label)
    return _listed(found)


def _listed(found: Mapping[tuple[str, str], Sequence[str]]) -> tuple[Source, ...]:
    return tuple(Source(text, date, tuple(dict.fromkeys(names))) for (text, date), names in found.items())
