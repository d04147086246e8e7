"""The layout that is not fixed: what fits into memory first, then the shortest step.

Terms of a layer are computed once for the few degrees that they depend on, the rest at every place (degrees
and micro-batch), with recomputation and sharding as two leading axes. On a curve a lower bound of the step
leaves out most places of each point, so that all points together cost little more than the one that decides.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import ceil, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tcplan.chain.graph import Graph
from tcplan.chain.layout_places import Limits, Places, micro_batches_are_small, places_for
from tcplan.chain.layout_rules import pieces_are_long, sequence_divides, tensor_stays_near
from tcplan.chain.layout_terms import (
    NEAR,
    OBJECTIVE,
    SIZES,
    at,
    at_pairs,
    at_places,
    of_layers,
    relevant,
    staged,
)
from tcplan.chain.quantity import Numeric

NAMES = ("tensor", "pipeline", "context", "expert", "micro_batch", "interleave", "recompute", "sharding")
MEMORY_SHARE = 0.92
"""Share of the memory that a layout may use; the rest is left to the allocator."""

_CELLS = 49_152
"""Cells of a block: its arrays stay in the cache."""
_ALIKE = 100
"""Points of one search where sequences differ: each length has other degrees to share it."""
_NEAR = 200
"""Points of a curve that share one bound of the memory."""
_OF_A_POINT = ("data", "micro_batches")
_OF_A_BOUND = ("slowest_stage", "micro_batches", "bubble_stages", "average_stage", "spread")
_GATHERED = 3.0
_DIMENSIONS = 4
_CLOSE, _WIDER, _FAR = 1.1, 1.1, 4.0
"""Bounds of the first round over the lowest, of each round over the last one, and of the last but one."""
_LARGEST = 1e300
_ROUNDING = 1e-9

Array = NDArray[Any]


def choose(graph: Graph, given: Mapping[str, Numeric], fixed: Mapping[str, Numeric]) -> dict[str, Numeric]:
    """Return the layout: what somebody fixed, and the best of the rest.

    Parameters
    ----------
    graph
        The chain.
    given
        Inputs by name: numbers, or arrays of shape (n,) for n points.
    fixed
        The part of the layout that is not to be chosen, by name.

    Returns
    -------
    dict
        The whole layout: numbers, or arrays of shape (n,) where any input is one. The fastest of the layouts
        that use at most 92 % of the memory; the one that needs least memory where none does.
    """
    inputs = relevant(graph, given, fixed)
    if np.ndarray in set(map(type, inputs.values())):
        return _in_pieces(graph, inputs, fixed)
    return dict(_remembered(graph, tuple(inputs.items()), tuple(fixed.items())))


def _in_pieces(graph: Graph, inputs: dict[str, Numeric], fixed: Mapping[str, Numeric]) -> dict[str, Numeric]:
    """Search points together that have the same places: sizes of one kind, sequences of about one length."""
    points = max(len(value) for value in inputs.values() if isinstance(value, np.ndarray))
    sizes = [
        np.broadcast_to(inputs[name], points) for name in SIZES if isinstance(inputs.get(name), np.ndarray)
    ]
    if sizes and all(np.array_equal(one, np.floor(one)) for one in sizes):
        return _by_sizes(graph, inputs, fixed, np.array(sizes))
    size = _ALIKE if isinstance(inputs.get("sequence"), np.ndarray) else points
    found = [
        _of_points(graph, _piece(inputs, start, size), _piece(fixed, start, size), min(size, points - start))
        for start in range(0, points, size)
    ]
    return {name: np.concatenate([one[name] for one in found]) for name in NAMES}


def _by_sizes(
    graph: Graph, inputs: dict[str, Numeric], fixed: Mapping[str, Numeric], sizes: Array
) -> dict[str, Numeric]:
    """Search each model of its own, which other degrees divide."""
    models, kind = np.unique(sizes, axis=1, return_inverse=True)
    names = [name for name in SIZES if isinstance(inputs.get(name), np.ndarray)]
    found = {name: np.empty(sizes.shape[1]) for name in NAMES}

    def some(values: Mapping[str, Numeric], at: Array) -> dict[str, Numeric]:
        return {
            name: value[at] if isinstance(value, np.ndarray) and len(value) > 1 else value
            for name, value in values.items()
        }

    for index, model in enumerate(models.T):
        at = np.flatnonzero(kind.ravel() == index)
        own = {name: float(size) for name, size in zip(names, model, strict=True)}
        chosen = choose(graph, {**some(inputs, at), **own}, some(fixed, at))
        for name in NAMES:
            found[name][at] = chosen[name]
    return dict(found)


def _piece(values: Mapping[str, Numeric], start: int, size: int) -> dict[str, Numeric]:
    """Return values for some points, which are the last axis of arrays that have more than one of them."""
    stop = start + size
    return {
        name: value[..., start:stop] if isinstance(value, np.ndarray) and value.shape[-1] > 1 else value
        for name, value in values.items()
    }


@lru_cache(maxsize=512)
def _remembered(
    graph: Graph, inputs: tuple[tuple[str, float], ...], fixed: tuple[tuple[str, float], ...]
) -> dict[str, float]:
    values = dict(inputs)
    limits = _limits(values)
    places = places_for(limits, fixed, frozenset())
    with np.errstate(all="ignore"):
        cells = at_places(graph, values, limits, fixed)
        cost, codes = _examine(graph, cells, dict(fixed), places, slice(None))
        best = int(np.argmin(cost))
        recompute = int(codes.flat[best])
        if not cost.flat[best] < np.inf:
            best, recompute = int(np.argmin(_need(graph, cells, dict(fixed), places, slice(None)))), -1
    at = np.unravel_index(best, cost.shape)
    chosen = {
        name: float(value[at[1]]) if isinstance(value, np.ndarray) else value
        for name, value in places.values.items()
    }
    chosen |= {"recompute": float(places.recompute[recompute]), "sharding": float(places.sharding[at[0]])}
    return {**chosen, **dict(fixed)}


def _of_points(
    graph: Graph, inputs: dict[str, Numeric], fixed: Mapping[str, Numeric], points: int
) -> dict[str, Numeric]:
    """Return the layout of each point: for each the same cell that it gets alone."""
    alone = tuple([(name, value) for name, value in fixed.items() if not isinstance(value, np.ndarray)])
    places = places_for(
        _limits(inputs), alone, frozenset(fixed) - frozenset([name for name, _value in alone])
    )
    with np.errstate(all="ignore"):
        every = of_layers(graph, inputs, places, (1,))
        found = [
            _best_of(graph, _piece(every, start, _NEAR), _piece(fixed, start, _NEAR), places, start, points)
            for start in range(0, points, _NEAR)
        ]
    place, sharding, recompute = np.concatenate(found, axis=1)
    chosen: dict[str, Numeric] = {
        name: np.broadcast_to(value, places.size)[place] for name, value in places.values.items()
    }
    chosen |= {"recompute": places.recompute[recompute], "sharding": places.sharding[sharding]}
    return {**chosen, **{name: np.broadcast_to(value, points) for name, value in fixed.items()}}


def _best_of(
    graph: Graph,
    known: Mapping[str, Numeric],
    fixed: Mapping[str, Numeric],
    places: Places,
    start: int,
    points: int,
) -> Array:
    """Return place, sharding and recomputation of some points, shape (3, n)."""
    count = min(_NEAR, points - start)
    best = _Best(count, places)

    def cells(point: Array, place: Array) -> dict[str, Numeric]:
        values = {name: at_pairs(value, places.layer[place], point) for name, value in known.items()}
        held = {name: value[point] for name, value in fixed.items() if isinstance(value, np.ndarray)}
        return {**values, **staged(places, place), **held}

    for point, place in _rounds(_bound(graph, known, fixed, places, count), best):
        cost, recompute = _examine(graph, cells(point, place), fixed, places, place)
        best.take(cost, recompute, point, place)
    none = np.broadcast_to((best.cost == np.inf)[:, np.newaxis], (count, places.size))
    least = _Best(count, places)
    for point, place in _blocks(none, least):
        need = _need(graph, cells(point, place), fixed, places, place)
        least.take(need, np.full(need.shape, least.last), point, place)
    return np.where(best.cost == np.inf, least.chosen(), best.chosen())


def _bound(
    graph: Graph, known: Mapping[str, Numeric], fixed: Mapping[str, Numeric], places: Places, points: int
) -> Array:
    """Return what a step lasts at least, shape (points, places): infinite where degrees do not go together.

    At least are the micro-batches on the slowest stage and filling the pipeline, with nothing gathered and
    the least recomputation that any point could have. It is infinite where memory never suffices, too.
    """
    cells = {name: at(value, places.layer, 1) for name, value in known.items()}
    for name in ("pipeline", "interleave"):
        value = places.values[name]
        cells[name] = value[:, np.newaxis] if isinstance(value, np.ndarray) else value
    cells |= {name: value for name, value in fixed.items() if isinstance(value, np.ndarray)}
    cells |= graph.solve({**cells, "sharding": float(places.sharding[0])}, _OF_A_POINT, keep=False)
    layer_time, fits = _lightest(graph, cells, places)
    kept = np.flatnonzero(fits.any(axis=-1))
    bound = np.full((points, places.size), np.inf)
    cells = {name: _kept(value, kept, places.size) for name, value in cells.items()}
    cells |= {"sharding": float(places.sharding[0]), "layer_time": _kept(layer_time, kept, places.size)}
    cells.setdefault("exposed_gather", 0.0)
    if places.sharding[-1] <= _GATHERED:
        cells.setdefault("sharded_copies", 1.0)
    found = graph.solve(cells, (*_OF_A_BOUND, "shards"))
    step = found["slowest_stage"] * np.asarray(found["micro_batches"])
    step = (step + found["bubble_stages"] * found["average_stage"]) * (found["spread"] * (1.0 - _ROUNDING))
    step = np.where(_allowed(found, fixed) & fits[kept] & (step >= 0.0), step, np.inf)
    bound[:, kept] = np.broadcast_to(step, (len(kept), points)).T
    return bound


def _kept(value: Numeric, kept: Array, places: int) -> Numeric:
    """Return a value at the places that are kept; places are the last axis but one."""
    if isinstance(value, np.ndarray) and value.ndim > 1 and value.shape[-2] == places > 1:
        return value.take(kept, axis=-2)
    return value


def _lightest(graph: Graph, cells: Mapping[str, Numeric], places: Places) -> tuple[Numeric, Array]:
    """Return the time of a layer with the least recomputation that may fit, and where any may.

    Memory is that of the point with most copies of the model and fewest micro-batches in flight, with the
    sharding that needs least.
    """
    bounds = {"data": _over_points(cells["data"], np.fmax)}
    bounds["micro_batches"] = _over_points(cells["micro_batches"], np.fmin)
    codes = places.sharding
    bounds["sharding"] = codes[:, np.newaxis, np.newaxis] if len(codes) > 1 else float(codes[0])
    need = np.asarray(graph.solve({**cells, **bounds}, ("memory_peak",), keep=False)["memory_peak"])
    shape = (len(places.recompute), len(codes), places.size, need.shape[-1] if need.ndim else 1)
    least = np.where(places.usual[..., np.newaxis], np.broadcast_to(need, shape), np.inf).min(axis=1)
    fits = least <= MEMORY_SHARE * np.asarray(cells["memory"])
    layer_time = np.asarray(cells.get("layer_time", 0.0))
    if layer_time.ndim < _DIMENSIONS:
        return layer_time, fits.any(axis=0)
    picked = layer_time[-1, 0]
    for one in range(shape[0] - 2, -1, -1):
        picked = np.where(fits[one], layer_time[one, 0], picked)
    return picked, fits.any(axis=0)


def _over_points(value: Numeric, one: np.ufunc) -> Numeric:
    """Return the largest or the smallest over all points."""
    return one.reduce(value, axis=-1, keepdims=True) if isinstance(value, np.ndarray) else value


def _rounds(bound: Array, best: "_Best") -> Iterator[tuple[Array, Array]]:
    """Yield pairs of point and place, those with a low bound first, until no other can be better.

    `best` is what was found so far.
    """
    least = bound.min(axis=1)
    done, until = np.full(len(bound), -np.inf), np.minimum(least * _CLOSE, _LARGEST)
    while np.any(until > done):
        rows = np.flatnonzero(until > done)
        some = bound[rows]
        near = (some > done[rows, np.newaxis]) & (some <= until[rows, np.newaxis])
        for point, place in _blocks(near, best):
            yield rows[point], place
        done = until
        wider = np.where(done > _FAR * least, _LARGEST, done * _WIDER)
        until = np.maximum(np.minimum(best.cost, np.minimum(wider, _LARGEST)), done)


def _blocks(pairs: Array, best: "_Best") -> Iterator[tuple[Array, Array]]:
    """Yield so many pairs at a time that their arrays stay in the cache."""
    points, places = np.nonzero(pairs)
    size = max(_CELLS // best.cells, 1)
    for start in range(0, len(points), size):
        yield points[start : start + size], places[start : start + size]


class _Best:
    """The best cell of each point so far; among equals the first, sharding before places."""

    def __init__(self, points: int, places: Places) -> None:
        self.cells = len(places.recompute) * len(places.sharding)
        self.last = len(places.recompute) - 1
        self.cost = np.full(points, np.inf)
        self._places = places.size
        self._code = np.zeros(points, dtype=np.intp)
        self._recompute = np.full(points, self.last, dtype=np.intp)

    def take(self, cost: Array, recompute: Array, point: Array, place: Array) -> None:
        """Take over what is better of cells (sharding, pair); `point` is sorted."""
        pairs = np.arange(len(place))
        sharding = np.argmin(cost, axis=0)
        own = cost[sharding, pairs]
        code = sharding * self._places + place
        starts = np.flatnonzero(np.diff(point, prepend=-1))
        least = np.minimum.reduceat(own, starts)
        runs = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(place)))
        keys = np.where(own == least[runs], code * len(place) + pairs, np.iinfo(np.intp).max)
        code, pair = np.divmod(np.minimum.reduceat(keys, starts), len(place))
        at = point[starts]
        better = (least < self.cost[at]) | ((least == self.cost[at]) & (code < self._code[at]))
        at, code, pair = at[better], code[better], pair[better]
        self.cost[at], self._code[at] = least[better], code
        self._recompute[at] = recompute[code // self._places, pair]

    def chosen(self) -> Array:
        """Return place, sharding and recomputation of each point, shape (3, n)."""
        return np.array([self._code % self._places, self._code // self._places, self._recompute])


def _examine(
    graph: Graph,
    cells: Mapping[str, Numeric],
    fixed: Mapping[str, Numeric],
    places: Places,
    place: Any,  # noqa: ANN401
) -> tuple[Array, Array]:
    """Return for cells (sharding, place) the step with the least recomputation that fits, and which that is.

    The step is infinite where nothing fits.
    """
    usual = places.usual[:, place]
    known = graph.solve(cells, ("memory_peak", "shards"))
    allowed = usual & _allowed(known, fixed)
    peak = np.broadcast_to(known["memory_peak"], (len(places.recompute), *usual.shape))
    fits = (peak <= MEMORY_SHARE * known["memory"]) & allowed
    # Recomputation only ever costs time, so the least that fits is the fastest.
    layer_time = np.asarray(known.get("layer_time", 0.0))
    # A typed time of a layer has no axis of its own for recomputation.
    layer_time = layer_time.reshape((1,) * (fits.ndim - layer_time.ndim) + layer_time.shape)
    picked, some = layer_time[-1], fits[-1]
    recompute = np.full(usual.shape, len(fits) - 1)
    for one in range(len(fits) - 2, -1, -1):
        picked = np.where(fits[one], layer_time[min(one, len(layer_time) - 1)], picked)
        np.copyto(recompute, one, where=fits[one])
        some = some | fits[one]
    step = graph.solve({**known, "layer_time": picked}, (OBJECTIVE,), keep=False)[OBJECTIVE]
    return np.where(some & (step < np.inf), step, np.inf), recompute


def _need(
    graph: Graph,
    cells: Mapping[str, Numeric],
    fixed: Mapping[str, Numeric],
    places: Places,
    place: Any,  # noqa: ANN401
) -> Array:
    """Return the memory of cells (sharding, place) when most is recomputed, infinite where none can be."""
    usual = places.usual[:, place]
    most = {
        name: value[-1:] if isinstance(value, np.ndarray) and value.ndim > usual.ndim else value
        for name, value in cells.items()
    }
    known = graph.solve(most, ("memory_peak", "shards"))
    peak = np.broadcast_to(known["memory_peak"], (1, *usual.shape))[0]
    return np.where(usual & _allowed(known, fixed) & (peak > 0.0), peak, np.inf)


def _allowed(known: Mapping[str, Numeric], fixed: Mapping[str, Numeric]) -> Numeric:
    """Return where the degrees go together; what somebody fixed is computed as it stands."""
    allowed: Numeric = True
    if "tensor" not in fixed:
        # Networks without attention have no heads to share.
        heads = np.maximum(known.get("heads", 1.0), 1.0)
        near = known[NEAR] if NEAR in known else tensor_stays_near(known)
        allowed = allowed & (known["tensor"] <= heads) & near
    if "pipeline" not in fixed:
        allowed = allowed & (known["pipeline"] * known["interleave"] <= known["layers"])
    if "expert" not in fixed and isinstance(known["expert"], np.ndarray):
        allowed = allowed & (known["expert"] <= known["shards"] * known["tensor"])
    if isinstance(known["sequence"], np.ndarray):
        if "micro_batch" not in fixed:
            allowed = allowed & micro_batches_are_small(known)
        if "context" not in fixed:
            allowed = allowed & pieces_are_long(known) & sequence_divides(known)
    return allowed


def _limits(inputs: Mapping[str, Numeric]) -> Limits:
    def largest(name: str) -> float:
        value = inputs.get(name, 0.0)
        most = float(np.max(value) if isinstance(value, np.ndarray) else value)
        return most if most >= 0.0 else 0.0

    sequence = inputs.get("sequence", 1.0)
    devices = min(largest("devices"), 2.0**60)
    return Limits(
        layers=largest("layers"),
        heads=largest("heads"),
        kv_heads=largest("kv_heads"),
        longest=largest("sequence"),
        shortest=max(float(np.min(sequence) if isinstance(sequence, np.ndarray) else sequence), 1.0),
        devices=2.0 ** ceil(log2(max(devices, 1.0))),
        domain=largest("scale_up_domain"),
        experts=largest("experts"),
        whole=not any(isinstance(inputs.get(name), np.ndarray) for name in SIZES),
    )
