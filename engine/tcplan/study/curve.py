"""Results along one axis: the same chain, with an array in the place of one input."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tcplan.chain.graph import Graph
from tcplan.chain.layout_choice import NAMES, choose
from tcplan.chain.links import graph_for
from tcplan.estimate import Estimate
from tcplan.given import way_of
from tcplan.obstacles import READ, facts_of, obstacles_of, problems_of
from tcplan.phase_plans import SUMS
from tcplan.plan.plan import PlanError, descriptions, nearest
from tcplan.plan.shape import proportions
from tcplan.plan.units import unit

Points = NDArray[np.float64]
_DEVICES = "hardware.devices"
_TOKENS = "training.tokens"
_PLACED = "layout.placed_share"
_FEWEST = 12
MODEL_SIZE = "model.parameters"
_OF_SIZES = frozenset((_DEVICES, "layout.pipeline"))
"""Where a model of any size can have a problem: its heads are a real number, which nothing divides."""


@dataclass(frozen=True)
class Curve:
    """Values along one axis: `xs` in the coherent unit, results in the unit in which they are printed.

    `fits` says where the share of one device fits into its memory, `problems` why points that cannot exist
    have no values; both of shape (n,), an empty text where nothing stands in the way.
    """

    x_path: str
    xs: Points
    values: Mapping[str, Points]
    units: Mapping[str, str]
    fits: NDArray[np.bool_]
    problems: NDArray[np.str_]


def curve(estimate: Estimate, x_path: str, xs: Sequence[float] | Points, results: Sequence[str]) -> Curve:
    """Return results for each x, everything else as in the estimate's plan.

    A layout that is not fixed is chosen anew for each point wherever x has a part in that choice.

    Parameters
    ----------
    estimate
        The plan's own estimate.
    x_path
        A numeric field, an overridable result, or `model.parameters` for dense models of other sizes in the
        proportions of published ones.
    xs
        Coherent values, shape (n,).
    results
        Paths of results.

    Returns
    -------
    Curve
        Arrays of shape (n,); NaN where a point cannot be computed, or cannot exist.

    Raises
    ------
    PlanError
        When a path is not known.
    """
    points = np.asarray(xs, dtype=np.float64)
    graph = estimate.graph
    if x_path == MODEL_SIZE:
        graph = graph_for(sparse=False, latent=False, way=way_of(estimate.plan))
    names = [_name(graph, path) for path in results]
    moved = _moved(graph, x_path, points)
    inputs: dict[str, float | Points] = {**estimate.inputs.values(), **estimate.layout, **moved}
    inputs |= _later(estimate, x_path, points)
    with np.errstate(all="ignore"):
        if _decides_layout(graph, moved, frozenset(inputs)):
            free = {name: value for name, value in inputs.items() if name not in NAMES}
            fixed = {name: inputs[name] for name in (*estimate.inputs.fixed, *(moved.keys() & set(NAMES)))}
            inputs = {**inputs, **choose(graph, free, fixed)}
        solved = graph.solve(inputs, {*names, *(READ & graph.quantities.keys())}, keep=False)
    shape = points.shape
    facts = facts_of(replace(estimate.inputs, graph=graph), {**inputs, **solved})
    found = obstacles_of(replace(facts, given=facts.given | moved.keys()))
    told = _OF_SIZES if x_path == MODEL_SIZE else {one.path for one in found}
    stopped = problems_of([one for one in found if not one.possible and one.path in told], points.size)
    values = {}
    units = {}
    for path, name in zip(results, names, strict=True):
        units[path] = graph.paths[path].shown
        values[path] = np.broadcast_to(np.asarray(solved[name], np.float64), shape) / float(
            unit(units[path]).factor
        )
        if not stopped.possible.all():
            values[path] = np.where(stopped.possible, values[path], np.nan)
    fits = np.broadcast_to(np.asarray(solved["memory_free"]) >= 0.0, shape)
    return Curve(x_path, points, values, units, fits, stopped.sentences)


def _later(estimate: Estimate, x_path: str, points: Points) -> dict[str, Points]:
    """Return for each point what the later phases add, each of them on a curve of its own."""
    found = {name: np.zeros_like(points) for name in SUMS} if estimate.later else {}
    for one in estimate.later:
        moves = x_path != _TOKENS and one.plan.get(x_path) == estimate.plan.get(x_path)
        computed = {
            part: one.graph.quantities[part] for part in SUMS.values() if part in one.graph.quantities
        }
        drawn = curve(one, x_path, points, [by.path for by in computed.values()]) if moves else None
        for name, part in SUMS.items():
            if drawn is None or part not in computed:
                found[name] = found[name] + one.values[part]
            else:
                path = computed[part].path
                found[name] = found[name] + drawn.values[path] * float(unit(drawn.units[path]).factor)
    return found


def drawn_curve(
    estimate: Estimate, x_path: str, xs: Sequence[float] | Points, results: Sequence[str]
) -> Curve:
    """Return a curve to look at: like `curve`, over devices without the points at which some would wait.

    Nobody buys devices that have no place in the layout, and between whole copies of the model the curve
    would be a saw. The plan's own point stays, and all points where hardly any would be left.
    """
    if x_path != _DEVICES:
        return curve(estimate, x_path, xs, results)
    found = curve(estimate, x_path, xs, (*results, _PLACED))
    whole = (found.values[_PLACED] > 1.0 - 1e-9) | (found.problems != "")
    kept = whole | (found.xs == estimate.given[_DEVICES].value)
    if kept.sum() < _FEWEST:
        kept = np.ones_like(kept)
    return replace(
        found,
        xs=found.xs[kept],
        values={path: found.values[path][kept] for path in results},
        units={path: found.units[path] for path in results},
        fits=found.fits[kept],
        problems=found.problems[kept],
    )


def _name(graph: Graph, path: str) -> str:
    quantity = graph.paths.get(path)
    if quantity is None:
        raise PlanError(path, nearest(path, list(graph.paths)))
    return quantity.name


def _moved(graph: Graph, x_path: str, points: Points) -> dict[str, Points]:
    if x_path == MODEL_SIZE:
        return proportions(points)
    shown = descriptions().get(x_path)
    if shown is None:
        return {_name(graph, x_path): points}
    if shown.kind != "number":
        raise PlanError(x_path, nearest(x_path, [p for p, s in descriptions().items() if s.kind == "number"]))
    return {x_path.rpartition(".")[2]: points}


def _decides_layout(graph: Graph, moved: Mapping[str, Points], given: frozenset[str]) -> bool:
    steps = graph.needed(frozenset(("predicted_step_time", "memory_free")), given)
    return any(name in moved for one in steps for name in one.parameters)
