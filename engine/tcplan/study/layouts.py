"""The best layouts of a plan: all of them through the chain, what excludes the others, and why one wins."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import inf, isfinite, nan, prod
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tcplan.chain.graph import Graph
from tcplan.chain.layout_choice import MEMORY_SHARE, NAMES
from tcplan.estimate import Estimate
from tcplan.language import N_
from tcplan.study.layout_mesh import AXES, DEGREES, LEADING, PLACE, Mesh, at_places
from tcplan.study.layout_space import OF_A_PLAN, OF_A_RULE, Rule, candidates_for, rules_for

Array = NDArray[Any]
PREDICTED = "predicted_step_time"
OBJECTIVES = {"time": PREDICTED, "money": "total_cost", "energy": "facility_energy"}
NEAR = 1.02
"""Layouts up to so many times the best are as good: the model does not tell them apart."""
CELLS = 32_768
"""Cells of a block: its arrays stay in the cache of one core."""
MEMORY, UNKNOWN = "memory", "unknown"
_SENTENCES = {
    MEMORY: N_("One device would need more than 92\u202f% of its memory."),
    UNKNOWN: N_("This cannot be computed: a figure of the plan is missing or impossible."),
}
_SIMPLEST = ("recompute", "sharding", "interleave", "context", "expert", "pipeline", "tensor", "micro_batch")
"""Among equals the first is the one with least of these, in this order."""


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why layouts are left out, and how many: the first reason of each counts."""

    code: str
    sentence: str
    count: int


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout by name, and every quantity of the chain with it, in its coherent unit."""

    choice: Mapping[str, float]
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    `layouts` are the best that fit, best first; `near` counts those within 2 % of the best. `current` is the
    layout that the plan has, and `obstacle` the code of what keeps it out of the list, empty when nothing
    does. `measured` says that a typed result, such as a step, is left aside. `sentences` has the words of
    each code. `limit` is the memory that a layout may use, and `least` the least that any needs where none
    fits, else NaN [B].
    """

    by: str
    examined: int
    feasible: int
    near: int
    seconds: float
    layouts: tuple[Layout, ...]
    excluded: tuple[Exclusion, ...]
    current: Layout
    obstacle: str
    measured: bool
    sentences: Mapping[str, str]
    limit: float
    least: float

    @property
    def objective(self) -> str:
        """Return the name of the quantity that decides."""
        return OBJECTIVES[self.by]


def search(
    estimate: Estimate,
    by: str = "time",
    top: int = 20,
    *,
    anywhere: bool = False,
    free: bool = False,
    cells: int = CELLS,
    between: Callable[[float], None] = lambda _share: None,
) -> Found:
    """Return the best layouts of a plan; what is typed of the layout stays, unless `free`.

    Parameters
    ----------
    estimate
        The plan's own estimate.
    by
        What decides: time, money or energy.
    top
        How many layouts to return.
    anywhere
        Whether tensor parallelism may leave the devices with fast links.
    free
        Whether layouts may differ from what is typed too.
    cells
        Layouts in one block; it changes no digit.
    between
        Called between two blocks with the share that is done [1]; what it raises ends the search.
    """
    start = perf_counter()
    question = _Question(estimate, by, anywhere=anywhere, free=free)
    best = _Best(question, top)
    places = question.places() if question.answerable else question.nowhere()
    size = max(cells // prod(question.mesh.shape[: len(LEADING)]), 1)
    for first in range(0, places.shape[1], size):
        between(first / places.shape[1])
        question.examine(places[:, first : first + size], best)
    between(1.0)
    layouts = tuple([question.layout(choice) for choice in best.choices()])
    current = question.layout({name: estimate.layout[name] for name in AXES})
    return Found(
        by=by,
        examined=prod(question.mesh.shape),
        feasible=best.feasible,
        near=best.near(),
        seconds=perf_counter() - start,
        layouts=layouts,
        excluded=question.exclusions(),
        current=current,
        obstacle=question.obstacle(current),
        measured=not _after(estimate.graph, PREDICTED).isdisjoint(estimate.inputs.values()),
        sentences=question.sentences,
        limit=question.limit,
        least=best.least if not best.feasible and best.least < inf else nan,
    )


class _Question:
    """One plan's layouts: the mesh, the rules, and how many each has excluded so far."""

    def __init__(self, estimate: Estimate, by: str, *, anywhere: bool, free: bool) -> None:
        graph = estimate.graph
        self.objective = OBJECTIVES[by]
        kept = () if free else estimate.inputs.fixed
        self.inputs = _inputs(estimate, kept)
        fixed = {name: self.inputs[name] for name in kept}
        known = {name: estimate.values[name] for name in OF_A_PLAN if name in estimate.values}
        self.candidates = candidates_for(known, fixed)
        self.mesh = Mesh(graph, self.inputs, self.candidates)
        batch = estimate.given.get("training.batch_tokens")
        self.rules = rules_for(
            known,
            frozenset(fixed),
            whole_batch=batch is not None and batch.layer == "typed",
            anywhere=anywhere,
        )
        self.limit = MEMORY_SHARE * self.inputs["memory"]
        self.excluded = dict.fromkeys([*[rule.code for rule in self.rules], MEMORY, UNKNOWN], 0)
        self.sentences = {**{rule.code: rule.sentence for rule in self.rules}, **_SENTENCES}
        self._graph = graph
        self._missing = frozenset(estimate.inputs.missing)
        self._known = {**self.mesh.small(OF_A_RULE), **known}

    def places(self) -> Array:
        """Return the places that satisfy the rules as positions on their axes, and count the others."""
        sizes = dict(zip(AXES, self.mesh.shape, strict=True))
        alive = np.ones((1, 1, 1, *[sizes[name] for name in DEGREES]), dtype=bool)
        every = prod([sizes[name] for name in LEADING])
        for rule in self._about(DEGREES):
            before = int(np.count_nonzero(alive))
            alive &= rule.holds(self._known)
            self.excluded[rule.code] += every * sizes["micro_batch"] * (before - int(np.count_nonzero(alive)))
        degrees = np.array(np.nonzero(alive)[len(LEADING) + 1 :])
        batches = np.repeat(np.arange(sizes["micro_batch"]), degrees.shape[1])
        places = np.concatenate([batches[np.newaxis], np.tile(degrees, (1, sizes["micro_batch"]))])
        for rule in self._about(PLACE, DEGREES):
            holds = np.ravel(at_places(np.asarray(rule.holds(self._known)), places, {}))
            kept = np.broadcast_to(holds, places.shape[1])
            self.excluded[rule.code] += every * (len(kept) - int(np.count_nonzero(kept)))
            places = places[:, kept]
        self.mesh.expect(places.shape[1])
        return places

    @property
    def answerable(self) -> bool:
        """Return whether the plan says all that a comparison needs."""
        steps = self._graph.needed(frozenset((self.objective, "memory_peak")), frozenset(self.inputs))
        return self._missing.isdisjoint([name for one in steps for name in one.parameters])

    def nowhere(self) -> Array:
        """Return no place at all: without these figures no layout can be computed."""
        self.excluded[UNKNOWN] = prod(self.mesh.shape)
        return np.empty((len(PLACE), 0), dtype=np.intp)

    def _about(self, names: tuple[str, ...], more_than: tuple[str, ...] = ()) -> list[Rule]:
        """Return the rules about these axes alone, those about fewer left out."""
        wide, narrow = frozenset(names), frozenset(more_than)
        about = [rule for rule in self.rules if wide.issuperset(rule.names)]
        return [rule for rule in about if not narrow.issuperset(rule.names)]

    def examine(self, places: Array, best: "_Best") -> None:
        """Take a block of places through the chain: memory first, then the objective of those that fit."""
        whole = (*self.mesh.shape[: len(LEADING)], places.shape[1])
        allowed = np.ones(whole, dtype=bool)
        for rule in self._about(AXES, PLACE):
            before = int(np.count_nonzero(allowed))
            allowed &= at_places(np.asarray(rule.holds(self._known)), places, {})
            self.excluded[rule.code] += before - int(np.count_nonzero(allowed))
        peak = np.broadcast_to(self.mesh.block(places, ("memory_peak",))["memory_peak"], whole)
        fits = allowed & (peak <= self.limit)
        kept = fits.any(axis=(0, 1))
        if not kept.all():
            unknown = int(np.count_nonzero(allowed & np.isnan(peak)))
            self.excluded[UNKNOWN] += unknown
            self.excluded[MEMORY] -= unknown
            best.need(peak[allowed])
            places, fits = places[:, kept], fits[:, :, kept]
        self.excluded[MEMORY] += int(np.count_nonzero(allowed)) - int(np.count_nonzero(fits))
        if not places.shape[1]:
            return
        cost = np.where(fits, self.mesh.block(places, (self.objective,))[self.objective], inf)
        found = int(np.count_nonzero(cost < inf))
        self.excluded[UNKNOWN] += int(np.count_nonzero(fits)) - found
        best.take(cost, places, found)

    def layout(self, choice: Mapping[str, float]) -> Layout:
        """Return a layout with all that the chain says of it, on plain numbers as everywhere else."""
        return Layout(choice, self._graph.solve({**self.inputs, **choice}))

    def obstacle(self, layout: Layout) -> str:
        """Return the code of what excludes a layout first; empty when it is one of those that fit."""
        for rule in self.rules:
            if not rule.holds(layout.values):
                return rule.code
        if layout.values["memory_peak"] > self.limit:
            return MEMORY
        return "" if isfinite(layout.values[self.objective]) else UNKNOWN

    def exclusions(self) -> tuple[Exclusion, ...]:
        """Return what excluded layouts, most first."""
        some = sorted(((count, code) for code, count in self.excluded.items() if count), reverse=True)
        return tuple([Exclusion(code, self.sentences[code], count) for count, code in some])


def _inputs(estimate: Estimate, kept: tuple[str, ...]) -> dict[str, float]:
    """Return the inputs of the chain, of the layout what is kept, and nothing measured with the present one.

    A measured step, rate or bill says nothing about other layouts.
    """
    measured = _after(estimate.graph, PREDICTED)
    free = frozenset(NAMES) - frozenset(kept)
    return {
        name: value
        for name, value in estimate.inputs.values().items()
        if name not in measured and name not in free
    }


def _after(graph: Graph, name: str) -> frozenset[str]:
    """Return a quantity and all that follows from it."""
    found = {name}
    for one in graph.order:
        if not found.isdisjoint(one.parameters):
            found.add(one.name)
    return frozenset(found)


class _Best:
    """The best layouts so far, in one order for any size of blocks."""

    def __init__(self, question: _Question, top: int) -> None:
        self._question = question
        self._top = top
        self._costs = np.empty(0)
        self._where = np.empty((len(AXES), 0), dtype=np.intp)
        self._close = np.empty(0)
        self.feasible = 0
        self.least = inf

    def need(self, peak: Array) -> None:
        """Remember the least memory while nothing fits."""
        if not self.feasible:
            self.least = min(self.least, float(np.min(peak, initial=inf)))

    def take(self, cost: Array, places: Array, found: int) -> None:
        """Take over what is good enough of a block."""
        self.feasible += found
        if not found:
            return
        lowest = min(float(cost.min()), float(self._close.min(initial=inf)))
        full = len(self._costs) == self._top
        worst = float(self._costs[-1]) if full and self._top else inf
        enough = max(min(worst, _least(cost, self._top)), NEAR * lowest)
        at = np.flatnonzero((cost <= enough) & (cost < inf))
        costs = cost.ravel()[at]
        close = np.concatenate([self._close, costs])
        self._close = close[close <= NEAR * lowest]
        first, second, third = np.unravel_index(at, cost.shape)
        where = np.concatenate([[first, second], places[:, third]])
        self._merge(np.concatenate([self._costs, costs]), np.concatenate([self._where, where], axis=1))

    def _merge(self, costs: Array, where: Array) -> None:
        keys = [where[AXES.index(name)] for name in reversed(_SIMPLEST)]
        order = np.lexsort((*keys, costs))[: self._top]
        self._costs, self._where = costs[order], where[:, order]

    def near(self) -> int:
        """Return how many layouts are within 2 % of the best, itself included."""
        return len(self._close)

    def choices(self) -> Iterator[dict[str, float]]:
        """Yield the best layouts, best first."""
        for column in self._where.T:
            yield {
                name: self._question.candidates[name][int(at)] for name, at in zip(AXES, column, strict=True)
            }


def _least(cost: Array, count: int) -> float:
    """Return a bound that the `count` lowest of a block do not pass."""
    flat = cost.ravel()
    return float(np.partition(flat, count - 1)[count - 1]) if 0 < count < len(flat) else inf
