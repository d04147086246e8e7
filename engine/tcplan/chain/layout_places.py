"""The places among which a layout is chosen: degrees and micro-batch together, of what people run.

They follow the rules of a search of all layouts. Of many that hardly differ only some are here: virtual
stages are one, a few between, or as many as there can be, and expert degrees are powers of two.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tcplan.chain.layout_rules import (
    PIECE,
    Values,
    experts_divide,
    heads_divide,
    kv_heads_divide,
    layers_divide,
    pieces_are_long,
    sequence_divides,
)
from tcplan.chain.quantity import Numeric

Array = NDArray[Any]
LAYER = ("tensor", "context", "expert", "micro_batch")
"""Degrees that the terms of a layer depend on."""
PLACE = (*LAYER, "pipeline", "interleave")
_MICRO_BATCH, _MICRO_BATCH_SPARSE = 512.0, 16.0
_MICRO_BATCH_TOKENS = 131_072.0
"""Sequences and tokens of the largest micro-batch of more than one sequence."""

_TENSOR = 32.0
_STAGES = 128.0
_FEW_STAGES = 8.0
_CONTEXT = 16.0
_EXPERT = 128.0
_LOCAL_EXPERTS = 32.0
_PIPELINED, _PIPELINED_SPARSE = 8.0, 2.0
_PIPELINED_TOKENS = 8_192.0
_SEVERAL = (4.0,)
_GATHERED = 3.0
_RECOMPUTE = (0.0, 1.0, 2.0)
_SHARDING = (1.0, 2.0, _GATHERED)
_SIMPLEST = ("interleave", "context", "expert", "pipeline", "tensor", "micro_batch")


class Limits(NamedTuple):
    """What bounds the places: the largest value over all points; `whole` when the sizes do not vary.

    `devices` is the next power of two, so that clusters of about one size share their places.
    """

    layers: float
    heads: float
    kv_heads: float
    longest: float
    shortest: float
    devices: float
    domain: float
    experts: float
    whole: bool


class Places(NamedTuple):
    """Places, simplest first, and what is chosen at each of them.

    Attributes
    ----------
    values
        Of each name of `PLACE` an array of shape (p,), or a number where all are equal.
    layers
        Of each name of `LAYER` an array of shape (l,), or a number: what differs for a layer.
    layer
        Position in `layers` of each place, shape (p,).
    recompute, sharding
        Codes, shapes (r,) and (s,).
    usual
        Where people use a sharding, shape (s, p).
    """

    values: Mapping[str, Numeric]
    layers: Mapping[str, Numeric]
    layer: Array
    recompute: Array
    sharding: Array
    usual: Array

    @property
    def size(self) -> int:
        """Return the number of places."""
        return len(self.layer)


@lru_cache(maxsize=256)
def places_for(limits: Limits, alone: tuple[tuple[str, float], ...], held: frozenset[str]) -> Places:
    """Return the places of a plan.

    Parameters
    ----------
    limits
        Bounds.
    alone, held
        What is fixed as a number, and what is fixed for each point of a curve.
    """
    fixed = {**dict.fromkeys(held, 1.0), **dict(alone)}
    found = _joined(limits, fixed)
    order = np.lexsort([found[name] for name in reversed(_SIMPLEST)])
    table = np.array([found[name][order] for name in PLACE])
    cells, layer = np.unique(table[: len(LAYER)], axis=1, return_inverse=True)
    recompute = np.array([fixed["recompute"]] if "recompute" in fixed else _RECOMPUTE)
    sharding = np.array([fixed["sharding"]] if "sharding" in fixed else _SHARDING)
    # ZeRO-3 gathers each layer for every micro-batch, so nobody chooses it with many of them in a pipeline.
    usual = (sharding < _GATHERED)[:, np.newaxis] | (table[PLACE.index("pipeline")] <= 1.0)
    if "sharding" in fixed:
        usual[:] = True
    return Places(
        values={name: _plain(values) for name, values in zip(PLACE, table, strict=True)},
        layers={name: _plain(values) for name, values in zip(LAYER, cells, strict=True)},
        layer=layer.ravel(),
        recompute=recompute,
        sharding=sharding,
        usual=usual,
    )


def _plain(values: Array) -> Numeric:
    """Return one number where all are equal: it costs less, and so does all that follows from it."""
    return values if np.ptp(values) else float(values[0])


def _joined(limits: Limits, fixed: Mapping[str, float]) -> dict[str, Array]:
    """Return degrees that go together, each an array of shape (p,)."""
    candidates = {name: np.array(values) for name, values in _candidates(limits).items()}
    candidates.update({name: np.array([value]) for name, value in fixed.items()})
    layers = _layers(limits, candidates, fixed)
    stages = _stages(limits, candidates["pipeline"], fixed)
    layer_count, stage_count = len(layers["tensor"]), len(stages["pipeline"])
    found = {name: np.repeat(values, stage_count) for name, values in layers.items()}
    found |= {name: np.tile(values, layer_count) for name, values in stages.items()}
    if "micro_batch" not in fixed:
        found = _kept(found, (np.log2(found["micro_batch"]) % 1.0 == 0.0) | (found["pipeline"] <= 1.0))
        sizes = {"sequence": limits.shortest, "experts": limits.experts}
        found = _kept(found, micro_batches_are_small({**found, **sizes}))
    if "expert" not in fixed:
        # A stage has no more devices than these, and experts are shared inside it.
        found = _kept(found, found["expert"] * found["pipeline"] <= limits.devices)
    return _kept(found, found["tensor"] * found["context"] * found["pipeline"] <= limits.devices)


def _kept(found: dict[str, Array], where: Numeric) -> dict[str, Array]:
    """Return the places where a rule holds; all when it would leave none, as with a degree that is typed."""
    holds = np.broadcast_to(where, len(next(iter(found.values()))))
    return {name: values[holds] for name, values in found.items()} if holds.any() else found


def _layers(limits: Limits, candidates: Mapping[str, Array], fixed: Mapping[str, float]) -> dict[str, Array]:
    """Return degrees and micro-batches for a layer."""
    every = np.meshgrid(*[candidates[name] for name in LAYER], indexing="ij")
    layers = {name: values.ravel() for name, values in zip(LAYER, every, strict=True)}
    sizes = {"heads": limits.heads, "kv_heads": limits.kv_heads, "experts": limits.experts}
    sizes["sequence"] = limits.longest
    rules: dict[str, tuple[Callable[[Values], Numeric], ...]] = {"context": (pieces_are_long,)}
    if limits.shortest == limits.longest:
        rules["context"] = (pieces_are_long, sequence_divides)
    if limits.whole:
        rules |= {"tensor": (heads_divide, kv_heads_divide), "expert": (experts_divide,)}
    for name, some in rules.items():
        for rule in some if name not in fixed else ():
            layers = _kept(layers, rule({**sizes, **layers}))
    if not {"context", "micro_batch"} & fixed.keys():
        # One sequence on each device comes before parts of several; between one and two there is 3/2.
        parts = (layers["context"] <= 2.0) & (layers["micro_batch"] == 3.0)
        layers = _kept(layers, (layers["context"] <= 1.0) | (layers["micro_batch"] <= 1.0) | parts)
    return layers


def _stages(limits: Limits, pipeline: Array, fixed: Mapping[str, float]) -> dict[str, Array]:
    """Return stages with virtual stages, so that layers divide nearly evenly."""
    typed = fixed.get("interleave")
    table = np.array(
        [
            (stages, virtual)
            for stages in pipeline
            for virtual in (_virtual(limits, float(stages)) if typed is None else (typed,))
        ]
    ).T
    together = {"pipeline": table[0], "interleave": table[1]}
    if limits.whole and not {"pipeline", "interleave"} <= fixed.keys():
        together = _kept(together, layers_divide({**together, "layers": limits.layers}))
    return together


def _virtual(limits: Limits, stages: float) -> tuple[float, ...]:
    """Return one virtual stage, some between, and as many as there can be."""
    most = max(limits.layers // stages, 1.0)
    if stages == 1.0 or most == 1.0:
        return (1.0,)
    if not limits.whole:
        return tuple([one for one in (1.0, 2.0, *_SEVERAL) if one <= most])
    every = np.arange(1.0, most + 1.0)
    values = {"pipeline": stages, "interleave": every, "layers": limits.layers}
    even = every[np.broadcast_to(layers_divide(values), every.shape)]
    if not len(even):
        return (1.0,)
    between = _SEVERAL if limits.experts > 0.0 else (2.0, *_SEVERAL, 10.0)
    nearest = [even[np.argmin(np.abs(np.log(even / one)))] for one in between]
    return tuple(sorted({1.0, *map(float, nearest), float(even[-1])}))


def _candidates(limits: Limits) -> dict[str, tuple[float, ...]]:
    """Return the values of each degree; with experts, a further axis, there are fewer of the others."""
    sparse = limits.experts > 0.0
    tensor = _powers(min(_TENSOR, limits.domain, limits.heads, limits.devices))
    expert = _powers(min(_EXPERT, limits.experts, limits.devices))
    most = min(_STAGES, limits.layers, limits.devices)
    stages = _powers(most) if sparse else _threes(most)
    if limits.whole:
        further = [one for one in _divisors(limits.layers, most) if one > _FEW_STAGES or not sparse]
        stages = tuple(sorted({*stages, *further}))
        tensor = tensor if sparse else tuple(sorted({*tensor, *_divisors(limits.heads, tensor[-1])}))
    largest = _MICRO_BATCH_SPARSE if sparse else _MICRO_BATCH
    return {
        "tensor": tensor,
        "context": _powers(min(_CONTEXT, limits.longest / PIECE, limits.devices)),
        "expert": tuple([one for one in expert if one == 1.0 or limits.experts / one <= _LOCAL_EXPERTS]),
        "pipeline": stages,
        "interleave": (1.0,),
        "micro_batch": _threes(min(_MICRO_BATCH_TOKENS / limits.shortest, largest)),
    }


def _divisors(number: float, limit: float) -> tuple[float, ...]:
    """Return what divides a number, up to a limit."""
    return tuple([float(one) for one in range(1, int(min(limit, number)) + 1) if number % one == 0.0])


def micro_batches_are_small(values: Values) -> Numeric:
    """Return where micro-batches are no larger than people choose them; in a pipeline they are smaller."""
    size = values["micro_batch"]
    tokens = size * values["sequence"]
    most = _PIPELINED_SPARSE if values.get("experts", 0.0) > 0.0 else _PIPELINED
    few = (values["pipeline"] <= 1.0) | (size <= most) | (tokens <= _PIPELINED_TOKENS)
    return (size <= 1.0) | (few & (tokens <= _MICRO_BATCH_TOKENS))


def _powers(limit: float) -> tuple[float, ...]:
    """Return 1, 2, 4, ... up to a limit, 1 at least."""
    return tuple([2.0**one for one in range(int(max(limit, 1.0)).bit_length())])


def _threes(limit: float) -> tuple[float, ...]:
    """Return 1, 2, 3, 4, 6, 8, 12, ... up to a limit, so that clusters of 3 x 2^k devices are filled too."""
    powers = _powers(limit)
    return tuple(sorted({*powers, *[3.0 * one for one in powers if 3.0 * one <= limit]}))
