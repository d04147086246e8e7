"""What the choice of a layout asks of the chain: what no layout changes, terms of a layer, and the stages.

Terms of a layer depend on few degrees and few inputs, so they are computed for those degrees alone and kept
while somebody edits devices, batch or tokens.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tcplan.chain.graph import Graph
from tcplan.chain.layout_places import LAYER, PLACE, Limits, Places, places_for
from tcplan.chain.layout_rules import tensor_stays_near
from tcplan.chain.quantity import Numeric

Array = NDArray[Any]
OBJECTIVE = "predicted_step_time"
NEAR = "tensor_stays_near"
"""Beside the terms: where that rule holds."""
SIZES = ("layers", "heads", "kv_heads", "experts")
"""What degrees have to divide."""
_NEEDED = (OBJECTIVE, "memory_peak", "shards")
_CHOSEN = frozenset((*PLACE, "recompute", "sharding"))
_STAGED = frozenset(("pipeline", "interleave", "sharding"))
_ON_AXES = frozenset((*LAYER, "recompute"))
_LOOKED_AT = frozenset((*_NEEDED[1:], "memory", "layer_time", "sequence", "scale_up_domain", *SIZES))


@lru_cache(maxsize=256)
def settled(graph: Graph, given: frozenset[str], want: frozenset[str] | None = None) -> frozenset[str]:
    """Return the quantities that no choice of a layout changes: of all, or of those that some need."""
    steps = graph.needed(frozenset(graph.quantities) if want is None else want, given)
    changed = set(_CHOSEN - given)
    for one in steps:
        if not changed.isdisjoint(one.parameters):
            changed.add(one.name)
    return frozenset([one.name for one in steps if one.name not in changed])


def relevant(graph: Graph, given: Mapping[str, Numeric], fixed: Mapping[str, Numeric]) -> dict[str, Numeric]:
    """Return the inputs that the choice may depend on, with what follows from them whatever is chosen."""
    inputs = {**given, **fixed}
    found = {name: inputs[name] for name in _relevant(graph, frozenset(inputs) - (_CHOSEN - fixed.keys()))}
    if np.ndarray in set(map(type, found.values())):
        names = _wanted(graph) - frozenset(_NEEDED) - found.keys()
    else:
        names = settled(graph, frozenset(found), _wanted(graph)) - {OBJECTIVE}
    return found | graph.solve(found, names, keep=False) if names else found


@lru_cache(maxsize=256)
def _relevant(graph: Graph, given: frozenset[str]) -> tuple[str, ...]:
    # A measured step says nothing about the other layouts, so it has no part in the choice.
    known = given - {OBJECTIVE}
    names = {name for one in graph.needed(_wanted(graph), known) for name in one.parameters}
    return tuple(sorted((names | _LOOKED_AT | _CHOSEN | {"devices"}) & known))


@lru_cache(maxsize=32)
def _wanted(graph: Graph) -> frozenset[str]:
    return frozenset((*_NEEDED, *(graph.quantities.keys() & {*SIZES, "sequence"})))


def at_places(
    graph: Graph, inputs: Mapping[str, float], limits: Limits, fixed: tuple[tuple[str, float], ...]
) -> dict[str, Numeric]:
    """Return what the later steps ask for at every place: inputs, terms of a layer, stages and sharding."""
    parts = _parts(graph, frozenset(inputs) - _STAGED | _ON_AXES)
    entering = tuple([(name, inputs[name]) for name in parts.needs if name in inputs])
    passed = {name: inputs[name] for name in parts.later if name in inputs}
    return passed | _terms_at_places(graph, parts.terms, entering, limits, fixed)


@lru_cache(maxsize=32)
def _terms_at_places(
    graph: Graph,
    terms: frozenset[str],
    inputs: tuple[tuple[str, float], ...],
    limits: Limits,
    fixed: tuple[tuple[str, float], ...],
) -> dict[str, Numeric]:
    places = places_for(limits, fixed, frozenset())
    axes = _axes(places, ())
    known = axes | graph.solve({**dict(inputs), **axes}, terms, keep=False)
    known = {name: at(value, places.layer) for name, value in known.items()}
    links = {"tensor": known["tensor"], "scale_up_domain": limits.domain}
    known[NEAR] = limits.domain > 0.0 and tensor_stays_near(links)
    return known | staged(places, slice(None))


def of_layers(
    graph: Graph, inputs: Mapping[str, Numeric], places: Places, trailing: tuple[int, ...]
) -> dict[str, Numeric]:
    """Return what the later steps ask for and no stage or sharding changes: inputs, and terms of a layer.

    Arrays have the axes (recompute, 1, layer cells) and the points as the last, as far as they need them.
    """
    axes = _axes(places, trailing)
    held = {name for name in axes if isinstance(inputs.get(name), np.ndarray)}
    values = {**inputs, **{name: value for name, value in axes.items() if name not in held}}
    values = {name: value for name, value in values.items() if name not in _STAGED}
    parts = _parts(graph, frozenset(values))
    solved = graph.solve(values, parts.terms)
    return {name: value for name, value in solved.items() if name in parts.later}


def _axes(places: Places, trailing: tuple[int, ...]) -> dict[str, Numeric]:
    """Return what is chosen and no stage or sharding, on axes (recompute, 1, layer cells) and `trailing`."""
    codes = places.recompute
    axes = {
        name: value.reshape(-1, *trailing) if isinstance(value, np.ndarray) else value
        for name, value in places.layers.items()
    }
    return {**axes, "recompute": codes.reshape(-1, 1, 1, *trailing) if len(codes) > 1 else float(codes[0])}


class _Parts(NamedTuple):
    """The steps that no stage or sharding changes, what they are given, and what all other steps need."""

    terms: frozenset[str]
    needs: tuple[str, ...]
    later: frozenset[str]


@lru_cache(maxsize=128)
def _parts(graph: Graph, given: frozenset[str]) -> _Parts:
    steps = graph.needed(frozenset(_NEEDED), given | _STAGED)
    # The time of a layer is a term, and what follows from it waits until its recomputation is picked.
    after = {*_STAGED, OBJECTIVE}
    later = set(_LOOKED_AT | _CHOSEN)
    for one in steps:
        if one.name == OBJECTIVE or "layer_time" in one.parameters or not after.isdisjoint(one.parameters):
            after.add(one.name)
            later.update(one.parameters)
    later -= after
    terms = frozenset([one.name for one in steps if one.name in later])
    needs = {name for one in graph.needed(terms, given) for name in one.parameters} & given
    return _Parts(terms, tuple(sorted(needs)), frozenset(later))


def staged(places: Places, place: Any) -> dict[str, Numeric]:  # noqa: ANN401
    """Return stages and sharding at some places."""
    values = {name: places.values[name] for name in ("pipeline", "interleave")}
    found = {name: one[place] if isinstance(one, np.ndarray) else one for name, one in values.items()}
    codes = places.sharding
    return {**found, "sharding": codes[:, np.newaxis] if len(codes) > 1 else float(codes[0])}


def at(value: Numeric, layer: Array, trailing: int = 0) -> Numeric:
    """Return a term of a layer at places; `trailing` is 1 where points are its last axis."""
    axis = -1 - trailing
    if isinstance(value, np.ndarray) and value.ndim > trailing and value.shape[axis] > 1:
        return value.take(layer, axis=axis)
    return value


def at_pairs(value: Numeric, layer: Array, point: Array) -> Numeric:
    """Return a term of a layer at pairs of a layer's cell and a point."""
    if not isinstance(value, np.ndarray):
        return value
    if value.ndim == 1:
        return value[point] if len(value) > 1 else float(value[0])
    *leading, cells, points = value.shape
    if points == 1:
        return value[..., 0].take(layer, axis=-1) if cells > 1 else value[..., 0]
    if cells == 1:
        return value[..., 0, :].take(point, axis=-1)
    return value.reshape(*leading, -1).take(layer * points + point, axis=-1)
