"""Plans as columns of a comparison, with what is known of how sure their results are."""

from collections.abc import Mapping

from tcplan.catalogue.row import Row
from tcplan.estimate import Estimate
from tcplan.study.compare import RESULTS, Column
from tcplan.validation.certainty import certainty

_PUBLISHED: dict[str, tuple[str, float]] = {
    "cost_usd": ("money.total", 1.0),
    "days_d": ("time.run", 86_400.0),
    "device_hours_h": ("time.device_hours", 1.0),
    "compute_flop": ("compute.model_flop", 1.0),
    "energy_mwh": ("energy.facility", 1000.0),
    "location_tco2e": ("carbon.location", 1000.0),
    "market_tco2e": ("carbon.market", 1000.0),
    "water_l": ("water.total", 1.0),
}
"""Columns of published runs, with the result that each states and what turns it into the unit shown."""


def column_of(name: str, estimate: Estimate, stated: Mapping[str, float] | None = None) -> Column:
    """Return a plan as a column; its bands are those of the headline."""
    sure = certainty(estimate, RESULTS)
    return Column(name, estimate, sure.results if sure is not None else {}, stated or {})


def published_results(row: Row) -> dict[str, float]:
    """Return what a published run states of its results, by path in the unit shown."""
    found: dict[str, float] = {}
    for name, (path, size) in _PUBLISHED.items():
        value = row.number(name)
        if value is not None:
            found[path] = value * size
    return found
