"""The layout that is not fixed: what fits into memory first, then the shortest step.

Degrees, micro-batch and recomputation stay on axes of their own as long as they can: the terms of a layer are
computed for a handful of cells, and only what depends on the whole layout is as large as the mesh.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tcplan.chain.graph import Graph
from tcplan.chain.quantity import Numeric

NAMES = ("tensor", "pipeline", "context", "expert", "micro_batch", "interleave", "recompute", "sharding")
MEMORY_SHARE = 0.92
"""Share of the memory that a layout may use; the rest is left to the allocator."""

_GROUPS = (
    ("recompute",),
    ("tensor", "context", "expert"),
    ("pipeline", "interleave"),
    ("micro_batch",),
    ("sharding",),
)
"""Axes of the mesh in order; names of one group are combined, which leaves out impossible pairs."""

_TENSOR = 8.0
_STAGES = 64.0
_CONTEXT_TOKENS = 16_384.0
_CONTEXT = 16.0
_EXPERT = 64.0
_UNEVEN = 1.15
_MICRO_BATCHES = (1.0, 2.0, 4.0, 8.0)
_VIRTUAL_STAGES = (1.0, 2.0, 4.0)

Array = NDArray[Any]


class _Limits(NamedTuple):
    """What bounds the candidates: the largest value over all points; `whole` when there is only one point."""

    layers: float
    heads: float
    sequence: float
    devices: float
    domain: float
    experts: float
    unfused: bool
    whole: bool


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
    inputs = {**given, **fixed}
    if any(isinstance(value, np.ndarray) for value in inputs.values()):
        return _search(graph, inputs, fixed)
    relevant = _relevant(graph)
    key = tuple([(name, value) for name, value in inputs.items() if name in relevant])
    return dict(_remembered(graph, key, tuple(fixed.items())))


@lru_cache(maxsize=32)
def _relevant(graph: Graph) -> frozenset[str]:
    steps = graph.needed(frozenset(("step_time", "memory_peak")), frozenset())
    names = {name for one in steps for name in one.parameters} | {one.name for one in steps}
    return frozenset(names | {"memory", "experts", "heads", "scale_up_domain", *NAMES})


@lru_cache(maxsize=512)
def _remembered(
    graph: Graph, inputs: tuple[tuple[str, float], ...], fixed: tuple[tuple[str, float], ...]
) -> dict[str, Numeric]:
    return _search(graph, dict(inputs), dict(fixed))


def _search(graph: Graph, inputs: dict[str, Numeric], fixed: Mapping[str, Numeric]) -> dict[str, Numeric]:
    points = np.broadcast_shapes(*[value.shape for value in inputs.values() if isinstance(value, np.ndarray)])
    alone = tuple([(name, value) for name, value in fixed.items() if not isinstance(value, np.ndarray)])
    held = tuple([name for name, value in fixed.items() if isinstance(value, np.ndarray)])
    cells = _mesh(_limits(inputs, whole=not points), alone, held, len(points))
    mesh = tuple([cells[group[0]].size for group in _GROUPS])
    values = {**inputs, **cells, **{name: fixed[name] for name in held}}
    with np.errstate(all="ignore"):
        index, recompute = _best(graph, values, fixed, mesh, points)
    chosen: dict[str, Numeric] = {}
    for group, at in zip(_GROUPS, (recompute, *index), strict=True):
        chosen.update({name: cells[name].ravel()[at] for name in group})
    if not points:
        chosen = {name: float(value) for name, value in chosen.items()}
    return {**chosen, **fixed}


def _best(
    graph: Graph,
    values: dict[str, Numeric],
    fixed: Mapping[str, Numeric],
    mesh: tuple[int, ...],
    points: tuple[int, ...],
) -> tuple[tuple[Array, ...], Array]:
    """Return for each point where the best cell lies on the axes after the first, and where on the first."""
    known = graph.solve(values, ("memory_peak", "layer_time"))
    peak = np.broadcast_to(known["memory_peak"], (*mesh, *points))
    fits = (peak <= MEMORY_SHARE * known["memory"]) & _allowed(known, fixed)
    # Recomputation only ever costs time, so the least that fits is the fastest.
    least = np.argmax(fits, axis=0)
    layer_time = known["layer_time"]
    picked = layer_time[0]
    for one in range(1, len(layer_time)):
        picked = np.where(least == one, layer_time[one], picked)
    step = graph.solve({**known, "layer_time": picked}, ("step_time",), keep=False)["step_time"]
    cost = np.where(np.logical_or.reduce(fits, axis=0) & (step < np.inf), step, np.inf)
    cost = cost.reshape(-1, *points)
    best = np.argmin(cost, axis=0)
    none = ~np.isfinite(np.min(cost, axis=0))
    if np.any(none):
        need = np.where(np.isnan(peak[-1]), np.inf, peak[-1]).reshape(cost.shape)
        best = np.where(none, np.argmin(need, axis=0), best)
        least = np.where(none, mesh[0] - 1, least)
    flat = least.reshape(cost.shape)
    recompute = flat[best, np.arange(points[0])] if points else flat[best]
    return np.unravel_index(best, mesh[1:]), recompute


def _allowed(known: Mapping[str, Numeric], fixed: Mapping[str, Numeric]) -> Numeric:
    """Return where the degrees go together; what somebody fixed is computed as it stands."""
    allowed: Numeric = True
    if "tensor" not in fixed:
        room = np.minimum(known["scale_up_domain"], known["heads"])
        allowed = allowed & (known["tensor"] <= room)
    if "pipeline" not in fixed:
        allowed = allowed & (known["pipeline"] * known["interleave"] <= known["layers"])
    if "expert" not in fixed and known["expert"].size > 1:
        allowed = allowed & (known["expert"] <= known["shards"] * known["tensor"])
    return allowed


def _limits(inputs: Mapping[str, Numeric], whole: bool) -> _Limits:
    def largest(name: str) -> float:
        value = float(np.max(inputs.get(name, 0.0)))
        return value if value >= 0.0 else 0.0

    return _Limits(
        layers=largest("layers"),
        heads=largest("heads"),
        sequence=largest("sequence"),
        devices=largest("devices"),
        domain=largest("scale_up_domain"),
        experts=largest("experts"),
        unfused=largest("attention_kernel") >= 1.0,
        whole=whole,
    )


@lru_cache(maxsize=256)
def _mesh(
    limits: _Limits, alone: tuple[tuple[str, float], ...], held: tuple[str, ...], trailing: int
) -> dict[str, Array]:
    """Return the candidates of each name, each group on its own axis, with room for the points at the end."""
    candidates = {**_candidates(limits), **{name: (value,) for name, value in alone}}
    candidates.update(dict.fromkeys(held, (1.0,)))
    cells: dict[str, Array] = {}
    for axis, group in enumerate(_GROUPS):
        combined = [
            one for one in product(*(candidates[name] for name in group)) if _useful(group, one, limits)
        ]
        table = np.array(combined or [tuple(candidates[name][0] for name in group)], dtype=np.float64)
        shape = [1] * (len(_GROUPS) + trailing)
        shape[axis] = len(table)
        for column, name in enumerate(group):
            cells[name] = table[:, column].reshape(shape)
    return cells


def _candidates(limits: _Limits) -> dict[str, tuple[float, ...]]:
    tensor = _powers(min(_TENSOR, limits.domain, limits.heads, limits.devices))
    expert = _powers(min(_EXPERT, limits.experts, limits.devices))
    if limits.whole:
        tensor = tuple([one for one in tensor if limits.heads % one == 0.0]) or (1.0,)
        expert = tuple([one for one in expert if limits.experts % one == 0.0]) or (1.0,)
    return {
        "tensor": tensor,
        "context": _powers(min(_CONTEXT, limits.sequence / _CONTEXT_TOKENS, limits.devices)),
        "expert": expert,
        "pipeline": _powers(min(_STAGES, limits.layers, limits.devices)),
        "interleave": _VIRTUAL_STAGES,
        "micro_batch": _MICRO_BATCHES,
        "recompute": (0.0, 1.0, 2.0) if limits.unfused else (0.0, 2.0),
        "sharding": (1.0, 3.0),
    }


def _powers(limit: float) -> tuple[float, ...]:
    """Return 1, 2, 4, ... up to a limit, 1 at least."""
    return tuple([2.0**one for one in range(64) if 2.0**one <= max(limit, 1.0)])


def _useful(group: tuple[str, ...], one: tuple[float, ...], limits: _Limits) -> bool:
    """Return whether stages and virtual stages are worth a cell: layers must divide nearly evenly."""
    if group[0] != "pipeline" or one[1] == 1.0:
        return True
    pieces = one[0] * one[1]
    if one[0] == 1.0 or pieces > limits.layers:
        return False
    return not limits.whole or pieces * -(-limits.layers // pieces) <= _UNEVEN * limits.layers
