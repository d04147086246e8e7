"""How sure the results of a plan are: the band of its times, what follows from it, what was published near.

Only the error of the predicted step is in these bands. What a plan states, such as a price, counts as exact.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from tcplan.estimate import Estimate
from tcplan.plan.units import from_coherent
from tcplan.validation.bands import Band, band_of, run_band
from tcplan.validation.place import Place, place_at
from tcplan.validation.published import Confidence, confidence, published

_STEP = "predicted_step_time"
_OF_A_STEP = frozenset(("time.step", "efficiency.mfu", "efficiency.hfu", "efficiency.achieved"))
"""Results that a step decides; the others are those of a run, in which laboratories differ too."""
_SAME = 1e-9

Ends = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Certainty:
    """The band of the plan's steps and runs, the word for it, and 5 and 95 of 100 of each result by path."""

    step: Band
    run: Band
    confidence: Confidence
    results: Mapping[str, Ends]


def certainty(estimate: Estimate, paths: Iterable[str]) -> Certainty | None:
    """Return how sure some results are; None where the time of a step was typed, so that nothing predicts it.

    Parameters
    ----------
    estimate
        The plan's own estimate.
    paths
        Paths of results; those that do not move with the time of a step are left out of the answer.
    """
    names = {given.name for given in estimate.given.values() if given.layer == "typed"}
    predicted = float(estimate.values[_STEP])
    if _STEP in names or not predicted > 0.0:
        return None
    place = place_at(estimate)
    step = band_of(place)
    run = _of_runs(step)
    wanted = [path for path in paths if path in estimate]
    found: dict[str, Ends] = {}
    for band, some in (
        (step, [path for path in wanted if path in _OF_A_STEP]),
        (run, [path for path in wanted if path not in _OF_A_STEP]),
    ):
        found.update(_ends(estimate, band, predicted, some))
    return Certainty(step, run, _confidence(place), {path: found[path] for path in wanted if path in found})


def _of_runs(step: Band) -> Band:
    """Return the band of a whole run: that of published runs, or that of its steps where this is wider."""
    run = run_band()
    return Band(
        run.regime, min(run.low, step.low), max(run.high, step.high), run.rows, run.source, step.reasons
    )


def _ends(estimate: Estimate, band: Band, predicted: float, paths: list[str]) -> dict[str, Ends]:
    inputs = {**estimate.inputs.values(), **estimate.layout}
    names = {path: estimate.graph.paths[path].name for path in paths}
    short, long = (
        estimate.graph.solve({**inputs, _STEP: edge * predicted}, names.values(), keep=False)
        for edge in (band.low, band.high)
    )
    found = {}
    for path, name in names.items():
        ends = sorted((float(short[name]), float(long[name])))
        if ends[1] - ends[0] > _SAME * abs(ends[1]):
            shown = estimate.graph.paths[path].shown
            found[path] = (from_coherent(ends[0], shown), from_coherent(ends[1], shown))
    return found


@lru_cache(maxsize=256)
def _confidence(place: Place) -> Confidence:
    return confidence(place, published())
