"""The layout that is not fixed: what fits into memory first, then the shortest step.

Degrees, micro-batch and recomputation stay on axes of their own as long as they can: the terms of a layer are
computed for a handful of cells, and only what depends on the whole layout is as large as the mesh.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tcplan.chain.graph import Graph
from tcplan.chain.quantity import Numeric

NAMES = ("tensor", "pipeline", "context", "expert", "micro_batch", "interleave", "recompute", "sharding")
MEMORY_SHARE = 0.92
"""Share of the memory that a layout may use; the rest is left to the allocator."""

_OBJECTIVE = "predicted_step_time"
_GROUPS = (
    ("recompute",),
    ("tensor", "context", "expert"),
    ("pipeline", "interleave", "sharding"),
    ("micro_batch",),
)
"""Axes of the mesh in order; names of one group are combined, which leaves out impossible pairs."""

_OF_A_LAYER = ("layer_time", "head_time", "layer_activation", "live_activation", "logit_memory")
_STATES = ("memory_weights", "memory_gradients", "memory_optimizer", "memory_buffers", "beside_memory")
_OF_THE_CHOICE = frozenset(
    (
        *NAMES,
        "memory",
        "memory_peak",
        "layer_time",
        "scale_up_domain",
        "heads",
        "layers",
        "shards",
        "sequence",
    )
)
_CELLS = 49_152
_ALIKE = 100
_TENSOR = 8.0
_STAGES = 64.0
_CONTEXT_TOKENS = 8_192.0
_CONTEXT = 16.0
_EXPERT = 64.0
_LOCAL_EXPERTS = 32.0
_UNEVEN = 1.15
_MICRO_BATCH = 8.0
_FILLING_TOKENS = 8_192.0
_MICRO_BATCH_TOKENS = 32_768.0
_GATHERED = 3.0
_VIRTUAL_STAGES = (1.0, 2.0, 4.0)

Array = NDArray[Any]


class _Limits(NamedTuple):
    """What bounds the candidates: the largest value over all points; `whole` when the sizes do not vary."""

    layers: float
    heads: float
    longest: float
    shortest: float
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
    relevant = _relevant(graph)
    inputs = {name: value for name, value in {**given, **fixed}.items() if name in relevant}
    if any(isinstance(value, np.ndarray) for value in inputs.values()):
        return _in_pieces(graph, inputs, fixed)
    return dict(_remembered(graph, tuple(inputs.items()), tuple(fixed.items())))


@lru_cache(maxsize=32)
def _relevant(graph: Graph) -> frozenset[str]:
    steps = graph.needed(frozenset((_OBJECTIVE, "memory_peak")), frozenset())
    names = {name for one in steps for name in one.parameters} | {one.name for one in steps}
    # A measured step says nothing about the other layouts, so it has no part in the choice.
    names.discard(_OBJECTIVE)
    return frozenset(names | {"memory", "experts", "heads", "scale_up_domain", *NAMES})


def _in_pieces(graph: Graph, inputs: dict[str, Numeric], fixed: Mapping[str, Numeric]) -> dict[str, Numeric]:
    """Search sequences of about one length at a time: each length has other candidates to share it."""
    points = max(len(value) for value in inputs.values() if isinstance(value, np.ndarray))
    size = _ALIKE if isinstance(inputs.get("sequence"), np.ndarray) else points

    def piece(values: Mapping[str, Numeric], start: int) -> dict[str, Numeric]:
        return {
            name: value[start : start + size] if isinstance(value, np.ndarray) and len(value) > 1 else value
            for name, value in values.items()
        }

    found = [_search(graph, piece(inputs, start), piece(fixed, start)) for start in range(0, points, size)]
    return {
        name: np.concatenate([one[name] for one in found]) if isinstance(value, np.ndarray) else value
        for name, value in found[0].items()
    }


@lru_cache(maxsize=512)
def _remembered(
    graph: Graph, inputs: tuple[tuple[str, float], ...], fixed: tuple[tuple[str, float], ...]
) -> dict[str, Numeric]:
    return _search(graph, dict(inputs), dict(fixed))


def _search(graph: Graph, inputs: dict[str, Numeric], fixed: Mapping[str, Numeric]) -> dict[str, Numeric]:
    points = np.broadcast_shapes(*[value.shape for value in inputs.values() if isinstance(value, np.ndarray)])
    alone = tuple([(name, value) for name, value in fixed.items() if not isinstance(value, np.ndarray)])
    held = tuple([name for name, value in fixed.items() if isinstance(value, np.ndarray)])
    cells, axes = _mesh(_limits(inputs), alone, held, len(points))
    mesh = tuple([cells[group[0]].size for group in _GROUPS])
    values = {**inputs, **axes, **{name: fixed[name] for name in held}}
    with np.errstate(all="ignore"):
        known = graph.solve(values, _OF_A_LAYER)
        if points:
            best, recompute = _best_of_many(graph, known, fixed, mesh, points[0])
        else:
            best, recompute = _best(graph, known, fixed, mesh, ())
            if best < 0:
                best, recompute = _least(graph, known, fixed, mesh, ()), np.asarray(mesh[0] - 1)
    chosen: dict[str, Numeric] = {}
    for group, at in zip(_GROUPS, (recompute, *np.unravel_index(best, mesh[1:])), strict=True):
        chosen.update({name: cells[name].ravel()[at] for name in group})
    if not points:
        chosen = {name: float(value) for name, value in chosen.items()}
    return {**chosen, **fixed}


def _best_of_many(
    graph: Graph, known: dict[str, Numeric], fixed: Mapping[str, Numeric], mesh: tuple[int, ...], points: int
) -> tuple[Array, Array]:
    """Return for each point the best cell, flat over the later axes, and where it lies on the first."""
    kept, narrow = _narrow(graph, known, fixed, mesh, points)
    narrow_mesh = (mesh[0], len(kept), 1, mesh[3])
    parts = [
        _best(graph, part, fixed, narrow_mesh, (stop - start,))
        for start, stop, part in _chunks(narrow, narrow_mesh, points)
    ]
    found = np.concatenate([one for one, _again in parts])
    recompute = np.concatenate([again for _one, again in parts])
    best = kept[found // mesh[3]] * mesh[3] + found % mesh[3]
    none = found < 0
    if np.any(none):
        rest = {
            name: value[..., none] if _along(value, mesh, points) else value for name, value in known.items()
        }
        best[none] = np.concatenate(
            [
                _least(graph, part, fixed, mesh, (stop - start,))
                for start, stop, part in _chunks(rest, mesh, int(none.sum()))
            ]
        )
        recompute[none] = mesh[0] - 1
    return best, recompute


def _narrow(
    graph: Graph, known: dict[str, Numeric], fixed: Mapping[str, Numeric], mesh: tuple[int, ...], points: int
) -> tuple[Array, dict[str, Numeric]]:
    """Return the cells of the two middle axes that may fit at some point, and the values of these alone.

    Where the states of the weights are larger than the memory, activations need not be computed.
    """
    states = graph.solve(known, (*_STATES, "shards"))
    need = sum(states[name] for name in _STATES)
    if "memory_peak" in known:
        need = known["memory_peak"]
    possible = np.asarray((need <= MEMORY_SHARE * states["memory"]) & _allowed(states, fixed))
    possible = possible.reshape((1,) * (len(mesh) + 1 - possible.ndim) + possible.shape)
    kept = np.flatnonzero(np.broadcast_to(possible.any(axis=(0, 3, 4)), mesh[1:3]))
    if not len(kept):
        kept = np.zeros(1, dtype=np.intp)
    middle = np.unravel_index(kept, mesh[1:3])
    steps = graph.needed(frozenset(("memory_peak", _OBJECTIVE)), frozenset(states))
    used = {name for one in steps for name in one.parameters} | _OF_THE_CHOICE
    narrow: dict[str, Numeric] = {}
    for name in used & states.keys():
        value = states[name]
        if isinstance(value, np.ndarray) and value.ndim >= len(mesh) and max(value.shape[1:3]) > 1:
            first, second = (
                np.minimum(at, size - 1) for at, size in zip(middle, value.shape[1:3], strict=True)
            )
            value = value[:, first, second][:, :, np.newaxis]
        narrow[name] = value
    return kept, narrow


def _along(value: Numeric, mesh: tuple[int, ...], points: int) -> bool:
    return (
        isinstance(value, np.ndarray) and value.ndim in (1, len(mesh) + 1) and value.shape[-1] == points > 1
    )


def _chunks(
    known: Mapping[str, Numeric], mesh: tuple[int, ...], points: int
) -> Iterator[tuple[int, int, dict[str, Numeric]]]:
    """Yield the values for so many points at a time that the arrays of the mesh stay in the cache."""
    along = {name: value for name, value in known.items() if _along(value, mesh, points)}
    size = max(1, _CELLS // prod(mesh))
    for start in range(0, points, size):
        stop = min(start + size, points)
        yield start, stop, {**known, **{name: value[..., start:stop] for name, value in along.items()}}


def _best(
    graph: Graph,
    values: Mapping[str, Numeric],
    fixed: Mapping[str, Numeric],
    mesh: tuple[int, ...],
    points: tuple[int, ...],
) -> tuple[Array, Array]:
    """Return for each point the fastest cell that fits, flat over the later axes, and where on the first.

    The cell is -1 where none fits.
    """
    known = graph.solve(values, ("memory_peak", "shards"))
    peak = np.broadcast_to(known["memory_peak"], (*mesh, *points))
    fits = (peak <= MEMORY_SHARE * known["memory"]) & _allowed(known, fixed)
    # Recomputation only ever costs time, so the least that fits is the fastest.
    layer_time = np.asarray(known["layer_time"])
    # A typed time of a layer has no axis of its own for recomputation.
    layer_time = layer_time.reshape((1,) * (fits.ndim - layer_time.ndim) + layer_time.shape)
    picked = layer_time[-1]
    some = fits[-1]
    for one in range(mesh[0] - 2, -1, -1):
        picked = np.where(fits[one], layer_time[min(one, len(layer_time) - 1)], picked)
        some = some | fits[one]
    step = graph.solve({**known, "layer_time": picked}, (_OBJECTIVE,), keep=False)[_OBJECTIVE]
    cost = np.where(some, step, np.inf).reshape(-1, *points)
    best = np.argmin(cost, axis=0)
    at = (best, np.arange(points[0])) if points else (best,)
    recompute = np.argmax(fits.reshape(mesh[0], *cost.shape)[:, *at], axis=0)
    return np.where(cost[at] == np.inf, -1, best), recompute


def _least(
    graph: Graph,
    values: Mapping[str, Numeric],
    fixed: Mapping[str, Numeric],
    mesh: tuple[int, ...],
    points: tuple[int, ...],
) -> Array:
    """Return for each point the cell that needs least memory when most is recomputed."""
    most = {
        name: value[-1:] if isinstance(value, np.ndarray) and value.ndim >= len(mesh) else value
        for name, value in values.items()
    }
    known = graph.solve(most, ("memory_peak", "shards"))
    peak = np.broadcast_to(known["memory_peak"], (1, *mesh[1:], *points))
    need = np.where(_allowed(known, fixed) & (peak > 0.0), peak, np.inf)
    return np.asarray(np.argmin(need.reshape(-1, *points), axis=0))


def _allowed(known: Mapping[str, Numeric], fixed: Mapping[str, Numeric]) -> Numeric:
    """Return where the degrees go together; what somebody fixed is computed as it stands."""
    allowed: Numeric = True
    if "tensor" not in fixed:
        # Networks without attention have no heads to share.
        room = np.minimum(known["scale_up_domain"], np.maximum(known.get("heads", 1.0), 1.0))
        allowed = allowed & (known["tensor"] <= room)
    if "pipeline" not in fixed:
        allowed = allowed & (known["pipeline"] * known["interleave"] <= known["layers"])
    if "expert" not in fixed and isinstance(known["expert"], np.ndarray):
        allowed = allowed & (known["expert"] <= known["shards"] * known["tensor"])
    if isinstance(known["sequence"], np.ndarray):
        short = known["micro_batch"] * known["sequence"] <= _MICRO_BATCH_TOKENS
        long = known["context"] * _CONTEXT_TOKENS <= known["sequence"]
        if "micro_batch" not in fixed:
            allowed = allowed & (short | (known["micro_batch"] <= 1.0))
        if "context" not in fixed:
            allowed = allowed & (long | (known["context"] <= 1.0))
    return allowed


def _limits(inputs: Mapping[str, Numeric]) -> _Limits:
    def largest(name: str) -> float:
        value = inputs.get(name, 0.0)
        most = float(np.max(value) if isinstance(value, np.ndarray) else value)
        return most if most >= 0.0 else 0.0

    sequence = inputs.get("sequence", 1.0)
    return _Limits(
        layers=largest("layers"),
        heads=largest("heads"),
        longest=largest("sequence"),
        shortest=max(float(np.min(sequence) if isinstance(sequence, np.ndarray) else sequence), 1.0),
        devices=largest("devices"),
        domain=largest("scale_up_domain"),
        experts=largest("experts"),
        unfused=largest("attention_kernel") >= 1.0,
        whole=not any(isinstance(inputs.get(name), np.ndarray) for name in ("layers", "heads", "experts")),
    )


@lru_cache(maxsize=256)
def _mesh(
    limits: _Limits, alone: tuple[tuple[str, float], ...], held: tuple[str, ...], trailing: int
) -> tuple[dict[str, Array], dict[str, Numeric]]:
    """Return the candidates of each name, each group on its own axis, with room for the points at the end.

    The second part is the same as inputs of the chain: what is equal in all cells goes as a number, which
    costs less.
    """
    candidates = {**_candidates(limits), **{name: (value,) for name, value in alone}}
    candidates.update(dict.fromkeys(held, (1.0,)))
    free = len(candidates["sharding"]) > 1
    cells: dict[str, Array] = {}
    for axis, group in enumerate(_GROUPS):
        combined = [
            one for one in product(*(candidates[name] for name in group)) if _useful(group, one, limits, free)
        ]
        table = np.array(combined or [tuple(candidates[name][0] for name in group)], dtype=np.float64)
        shape = [1] * (len(_GROUPS) + trailing)
        shape[axis] = len(table)
        for column, name in enumerate(group):
            cells[name] = table[:, column].reshape(shape)
    leading = [group[0] for group in _GROUPS]
    axes = {
        name: value if name in leading or np.ptp(value) else float(value.flat[0])
        for name, value in cells.items()
    }
    return cells, axes


def _candidates(limits: _Limits) -> dict[str, tuple[float, ...]]:
    tensor = _powers(min(_TENSOR, limits.domain, limits.heads, limits.devices))
    expert = _powers(min(_EXPERT, limits.experts, limits.devices))
    expert = tuple([one for one in expert if one == 1.0 or limits.experts / one <= _LOCAL_EXPERTS])
    # Sparse models have experts as a further axis; stages of 3 x 2^k would make their curves too slow.
    stages = _powers if limits.experts > 0.0 else _stages
    if limits.whole:
        tensor = tuple([one for one in tensor if limits.heads % one == 0.0]) or (1.0,)
        expert = tuple([one for one in expert if limits.experts % one == 0.0]) or (1.0,)
    return {
        "tensor": tensor,
        "context": _powers(min(_CONTEXT, limits.longest / _CONTEXT_TOKENS, limits.devices)),
        "expert": expert,
        "pipeline": stages(min(_STAGES, limits.layers, limits.devices)),
        "interleave": _VIRTUAL_STAGES,
        "micro_batch": _powers(
            min(max(_MICRO_BATCH, _FILLING_TOKENS / limits.shortest), _MICRO_BATCH_TOKENS / limits.shortest)
        ),
        "recompute": (0.0, 1.0, 2.0) if limits.unfused else (0.0, 2.0),
        "sharding": (1.0, 2.0, _GATHERED),
    }


def _powers(limit: float) -> tuple[float, ...]:
    """Return 1, 2, 4, ... up to a limit, 1 at least."""
    return tuple([2.0**one for one in range(int(max(limit, 1.0)).bit_length())])


def _stages(limit: float) -> tuple[float, ...]:
    """Return 1, 2, 3, 4, 6, 8, 12, ... up to a limit, so that clusters of 3 x 2^k devices are filled too."""
    powers = _powers(limit)
    return tuple(sorted({*powers, *[3.0 * one for one in powers if 3.0 * one <= limit]}))


def _useful(group: tuple[str, ...], one: tuple[float, ...], limits: _Limits, free: bool) -> bool:
    """Return whether stages, virtual stages and sharding are worth a cell.

    Layers must divide nearly evenly. ZeRO-3 gathers each layer for every micro-batch, so nobody chooses it
    together with many micro-batches in a pipeline.
    """
    if group[0] != "pipeline":
        return True
    stages, virtual, sharding = one
    if free and sharding == _GATHERED and stages > 1.0:
        return False
    pieces = stages * virtual
    if pieces == stages and stages in _powers(stages):
        return True
    if stages == 1.0 or pieces > limits.layers:
        return False
    return not limits.whole or pieces * -(-limits.layers // pieces) <= _UNEVEN * limits.layers
