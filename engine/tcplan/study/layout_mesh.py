"""Many layouts through the chain at once: small terms on an open mesh, the rest in blocks that fit the cache.

Every quantity depends on some of the axes only. What depends on few is computed once, each axis in a
dimension of its own. The few that depend on nearly all are computed for blocks of places (a place is a choice
of degrees and micro-batch), with recomputation and sharding as the two leading axes and the places next to
each other in memory.
"""

from collections.abc import Iterable, Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tcplan.chain.graph import Graph
from tcplan.chain.quantity import Numeric

Array = NDArray[Any]
LEADING = ("recompute", "sharding")
"""Axes that every block holds whole."""
DEGREES = ("interleave", "expert", "context", "tensor", "pipeline")
PLACE = ("micro_batch", *DEGREES)
AXES = (*LEADING, *PLACE)
SMALL, LARGE = 4_096, 262_144
"""Cells up to which a term is computed once for the whole mesh, for few places and for many."""


class Mesh:
    """The layouts of a plan on an open mesh; `candidates` are the values of each axis."""

    def __init__(
        self, graph: Graph, inputs: Mapping[str, Numeric], candidates: Mapping[str, tuple[float, ...]]
    ) -> None:
        self.graph = graph
        self.candidates = candidates
        self.shape = tuple([len(candidates[name]) for name in AXES])
        self._inputs = {**inputs, **{name: self._axis(name) for name in AXES}}
        self._reach = self._reaches()
        self._limit = LARGE
        self._small: dict[tuple[str, ...], dict[str, Numeric]] = {}

    def _axis(self, name: str) -> Numeric:
        values = self.candidates[name]
        if len(values) == 1:
            # A plain number costs less, and so does all that follows from it.
            return values[0]
        shape = [1] * len(AXES)
        shape[AXES.index(name)] = len(values)
        return np.array(values, dtype=np.float64).reshape(shape)

    def _reaches(self) -> dict[str, int]:
        """Return for each quantity the cells of the axes that it depends on."""
        axes = {name: frozenset((name,)) for name in AXES if len(self.candidates[name]) > 1}
        for one in self.graph.order:
            if one.name not in self._inputs:
                axes[one.name] = frozenset().union(*[axes.get(name, frozenset()) for name in one.parameters])
        return {
            name: prod([len(self.candidates[axis]) for axis in reached]) for name, reached in axes.items()
        }

    def expect(self, places: int) -> None:
        """Prepare for so many places: a term of more cells than these is computed at each instead."""
        self._limit = min(max(places, SMALL), LARGE)
        self._small.clear()

    def small(self, want: Iterable[str]) -> dict[str, Numeric]:
        """Return all that is small among what `want` needs, each value on the axes that it depends on."""
        key = tuple(sorted(want))
        if key not in self._small:
            steps = self.graph.needed(frozenset(key), frozenset(self._inputs))
            names = [one.name for one in steps if self._reach.get(one.name, 1) <= self._limit]
            self._small[key] = self.graph.solve(self._inputs, names)
        return self._small[key]

    def block(self, places: Array, want: tuple[str, ...]) -> dict[str, Numeric]:
        """Return quantities at some places.

        Parameters
        ----------
        places
            Positions on the axes of a place, shape (6, n).
        want
            Names of quantities.

        Returns
        -------
        dict
            Numbers, or arrays that broadcast to (recompute, sharding, n).
        """
        known = self.small(want)
        steps = self.graph.needed(frozenset(want), frozenset(known))
        needed = ({name for one in steps for name in one.parameters} | set(want)) & known.keys()
        positions: dict[tuple[int, ...], Array] = {}
        values = {name: at_places(known[name], places, positions) for name in needed}
        return self.graph.solve(values, want, keep=False)


def at_places(value: Numeric, places: Array, positions: dict[tuple[int, ...], Array]) -> Numeric:
    """Return a value of the mesh at some places; `positions` keeps where values on the same axes lie."""
    if not isinstance(value, np.ndarray):
        return value
    if value.size == 1:
        return float(value.ravel()[0])
    leading, own = value.shape[: len(LEADING)], value.shape[len(LEADING) :]
    if prod(own) == 1:
        return value.reshape(*leading, 1)
    if own not in positions:
        flat = np.zeros(places.shape[1], dtype=np.intp)
        for size, at in zip(own, places, strict=True):
            if size > 1:
                flat = flat * size + at
        positions[own] = flat
    return value.reshape(*leading, -1).take(positions[own], axis=len(LEADING))
