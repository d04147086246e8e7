"""Results at every point of a product of varied values; any part of it can be computed anywhere, alike.

A point is a number from 0 to the size of the product, of which the last axis turns fastest. A choice, a row, and a
number that changes which functions are in the chain are taken one value at a time; all other numbers go through the
chain together, as arrays. A layout that is free is searched value by value, as `evaluate` does. A point that cannot
exist has its inputs and the reason, no results.
"""  # noqa: E501

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isnan, prod

import numpy as np
from numpy.typing import NDArray

from tcplan.catalogue.shelf import Shelf, shipped
from tcplan.chain.graph import Graph
from tcplan.chain.layout_choice import choose
from tcplan.findings import not_computed, standing
from tcplan.given import Inputs, inputs_of
from tcplan.language import _
from tcplan.obstacles import READ, Obstacle, Problems, facts_of, obstacles_of, problems_of
from tcplan.phase_plans import SUMS, later_plans
from tcplan.plan.document import Document
from tcplan.plan.field import Shown
from tcplan.plan.file import read_bytes, to_bytes
from tcplan.plan.plan import Plan, PlanError, descriptions, nearest
from tcplan.plan.units import unit
from tcplan.results import RESULTS, shown_of_quantity
from tcplan.study.axis import Axis, axis_of

Points = NDArray[np.float64]
Places = NDArray[np.intp]
Table = dict[str, NDArray[np.float64 | np.str_]]
"""Columns of equal length by path; numbers in the unit in which the path is shown, NaN where unknown."""

DEFAULT_RESULTS = (*RESULTS, "memory.free")
PROBLEM = "problem"
"""The column that says what `evaluate` reports as an error; empty where there is none."""
PIECE = 5_000
"""Points of one piece of work: a second or so, and arrays that stay small."""
MOST_CELLS = 30_000_000
_VARY = "vary"
_FREE = -1
"""In the place of a value: the axis is not held."""
_SEARCHED = frozenset(("predicted_step_time", "memory_peak", "memory_free"))
_LIMITS = frozenset(("memory", "experts", "heads", "kv_heads", "scale_up_domain"))
"""What the search for a layout reads beside what time and memory depend on."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """A plan, what varies and what is wanted; plain data, so that it can be sent elsewhere.

    `document` is the plan as a file, with the catalogue rows that came with it.
    """

    document: bytes
    axes: tuple[Axis, ...]
    results: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Return how many values each axis has."""
        return tuple(len(axis.values) for axis in self.axes)

    @property
    def size(self) -> int:
        """Return how many points there are."""
        return prod(self.shape)

    def pieces(self, size: int = PIECE) -> Iterator[tuple[int, int]]:
        """Yield where pieces of so many points begin and end."""
        for start in range(0, self.size, size):
            yield start, min(start + size, self.size)


def sweep(
    plan: Plan,
    vary: Mapping[str, str | Sequence[float | str]],
    results: Sequence[str] = DEFAULT_RESULTS,
    shelf: Shelf | None = None,
) -> Table:
    """Return results at every combination of values, as columns that a data frame takes as they are.

    Parameters
    ----------
    plan
        Everything that is not varied.
    vary
        Values by path: numbers in the coherent unit, keys, or a text such as `1T, 2T`.
    results
        Paths of results, or of fields whose effective value is wanted.
    shelf
        The catalogue, by default the one that is shipped.

    Returns
    -------
    dict
        A column for each varied path and each result, in the units in which they are shown, and `problem`:
        the reason for which a point cannot be carried out. One that cannot exist has no results.

    Raises
    ------
    PlanError
        When a path is not known, a value is none that its field allows, or there are too many points.
    """
    known = shelf or shipped()
    axes = [axis_of(path, values, plan, known) for path, values in vary.items()]
    return together(sweep_of(Document.new(plan), axes, results, known), known)


def sweep_of(document: Document, axes: Sequence[Axis], results: Sequence[str], shelf: Shelf) -> Sweep:
    """Return what is to be computed.

    Raises
    ------
    PlanError
        When nothing varies, a path varies twice, a result is not known, or there are too many points.
    """
    paths = [axis.path for axis in axes]
    if not paths:
        raise PlanError(_VARY, _("name what varies, such as training.tokens = 1T, 2T"))
    twice = next((path for path in paths if paths.count(path) > 1), None)
    if twice is not None:
        raise PlanError(twice, _("this path is varied twice"))
    made = Sweep(to_bytes(document), tuple(axes), tuple(dict.fromkeys(results)))
    columns = len(axes) + len(made.results) + 1
    if made.size * columns > MOST_CELLS:
        sentence = _("{points} points of {columns} columns are more than {most} cells; vary less at a time")
        words = sentence.format(points=f"{made.size:,}", columns=columns, most=f"{MOST_CELLS:,}")
        raise PlanError(paths[-1], words)
    first = _plan_at(document.plan, axes, [0] * len(axes))
    graph = inputs_of(first, shelf).graph
    for path in made.results:
        if _shown(graph, path) is None and not _appears(path, first, axes, shelf):
            raise PlanError(path, nearest(path, [*graph.paths, *descriptions()]))
    return made


def _appears(path: str, first: Plan, axes: Sequence[Axis], shelf: Shelf) -> bool:
    """Return whether some value of some axis brings a result that the first point does not have."""
    plans = (first.with_value(axis.path, value) for axis in axes for value in axis.values)
    return any(path in inputs_of(plan, shelf).graph.paths for plan in plans)


def together(one: Sweep, shelf: Shelf | None = None) -> Table:
    """Return every point, computed here piece by piece."""
    return joined([computed(one, start, stop, shelf) for start, stop in one.pieces()])


def joined(tables: Sequence[Table]) -> Table:
    """Return tables of the same columns below each other."""
    return {path: np.concatenate([table[path] for table in tables]) for path in tables[0]}


def computed(one: Sweep, start: int, stop: int, shelf: Shelf | None = None) -> Table:
    """Return the points from `start` to before `stop`; their digits do not depend on what else is computed.

    Parameters
    ----------
    one
        What to compute.
    start, stop
        Numbers of points.
    shelf
        The catalogue; by default the shipped one with the rows that came with the plan.
    """
    places = np.unravel_index(np.arange(start, stop), one.shape)
    kept: list[Places] = []
    found: list[Table] = []
    for positions, blocks in _blocks(one, shelf, places):
        kept.append(positions)
        found.append(_table(blocks, one))
    back = np.argsort(np.concatenate(kept), kind="stable")
    table = _varied(one.axes, places)
    return table | {path: column[back] for path, column in joined(found).items()}


@lru_cache(maxsize=2)
def _opened(data: bytes) -> tuple[Plan, Shelf]:
    document = read_bytes(data)
    return document.plan, shipped().with_rows(document.rows)


def _plan_at(plan: Plan, axes: Sequence[Axis], place: Sequence[int]) -> Plan:
    for axis, at in zip(axes, place, strict=True):
        plan = plan.with_value(axis.path, axis.values[at])
    return plan


def _varied(axes: Sequence[Axis], places: Sequence[Places]) -> Table:
    table: Table = {}
    for axis, place in zip(axes, places, strict=True):
        values = np.array(axis.values)
        table[axis.path] = (values / float(unit(axis.unit).factor) if axis.is_number else values)[place]
    return table


@dataclass(frozen=True, slots=True)
class _Form:
    """Points that share their functions, once some axes are held at one value.

    `inputs` are those of the first values of the other axes; `moved` has for each of these the inputs that it
    changes, one number for each of its values. `split` is the axis that has to be held as well, if any.
    """

    plan: Plan
    inputs: Inputs
    moved: Mapping[int, Mapping[str, Points]]
    split: int | None = None


@dataclass(frozen=True, slots=True)
class _Block:
    """Points of one form: plan and inputs of the first, and the inputs that differ, of shape (size,)."""

    plan: Plan
    inputs: Inputs
    moved: Mapping[str, Points]
    size: int


def _blocks(
    one: Sweep, shelf: Shelf | None, places: Sequence[Places]
) -> Iterator[tuple[Places, list[_Block]]]:
    """Yield the points by form, each with its positions in the piece: the run, then its later phases."""
    size = len(places[0])
    groups: list[tuple[dict[int, int], Places]] = [({}, np.arange(size, dtype=np.intp))]
    for axis, place in enumerate(places):
        if not one.axes[axis].is_number:
            groups = [part for held, kept in groups for part in _parted(held, kept, axis, place)]
    while groups:
        held, kept = groups.pop()
        forms = _forms(one, shelf, tuple(held.get(axis, _FREE) for axis in range(len(places))))
        split = next((form.split for form in forms if form.split is not None), None)
        if split is not None:
            groups += _parted(held, kept, split, places[split])
            continue
        at = [place[kept] for place in places]
        yield kept, [_Block(form.plan, form.inputs, _moved(form, at), len(kept)) for form in forms]


def _parted(
    held: dict[int, int], kept: Places, axis: int, place: Places
) -> list[tuple[dict[int, int], Places]]:
    """Return the points of a group by their values on an axis."""
    here = place[kept]
    return [({**held, axis: int(at)}, kept[here == at]) for at in np.unique(here)]


def _moved(form: _Form, at: Sequence[Places]) -> dict[str, Points]:
    return {name: values[at[axis]] for axis, names in form.moved.items() for name, values in names.items()}


@lru_cache(maxsize=128)
def _forms(one: Sweep, shelf: Shelf | None, held: tuple[int, ...]) -> tuple[_Form, ...]:
    """Return the form of the run and of each of its later phases."""
    plan, own = _opened(one.document)
    first = _plan_at(plan, one.axes, [max(at, 0) for at in held])
    return tuple(_form(one, shelf or own, held, phase) for phase in range(1 + len(later_plans(first))))


def _form(one: Sweep, shelf: Shelf, held: tuple[int, ...], phase: int) -> _Form:
    plan, _own = _opened(one.document)
    free = [number for number, at in enumerate(held) if at == _FREE]

    def plan_at(places: Mapping[int, int]) -> Plan:
        at = [max(places.get(number, at), 0) for number, at in enumerate(held)]
        whole = _plan_at(plan, one.axes, at)
        return later_plans(whole)[phase - 1] if phase else whole

    def inputs_at(places: Mapping[int, int]) -> Inputs:
        return inputs_of(plan_at(places), shelf)

    first = plan_at({})
    base = inputs_of(first, shelf)
    moved: dict[int, dict[str, Points]] = {}
    for number in free:
        found = [inputs_at({number: at}) for at in range(len(one.axes[number].values))]
        changed = _changed(base, found)
        if changed is None or any(changed & names.keys() for names in moved.values()):
            return _Form(first, base, {}, number)
        values = [inputs.values() for inputs in found]
        moved[number] = {name: np.array([each[name] for each in values]) for name in changed}
    # What only several values do together does not show while all but one are the first.
    corner = inputs_at({number: len(one.axes[number].values) - 1 for number in free})
    expected = base.values()
    expected |= {name: float(column[-1]) for names in moved.values() for name, column in names.items()}
    alike = _changed(base, [corner]) is not None and not _differing(corner.values(), expected)
    return _Form(first, base, moved) if alike else _Form(first, base, {}, free[0])


def _differing(some: Mapping[str, float], others: Mapping[str, float]) -> set[str]:
    """Return the names of different values; what is not known, which is NaN, is like itself."""
    return {
        name
        for name, value in some.items()
        if value != others[name] and not (isnan(value) and isnan(others[name]))
    }


def _changed(base: Inputs, others: list[Inputs]) -> set[str] | None:
    """Return the inputs that differ between plans, None when more than inputs does."""
    form = (base.graph, base.fixed, base.missing, base.unknown)
    values = base.values()
    changed: set[str] = set()
    for one in others:
        own = one.values()
        if (one.graph, one.fixed, one.missing, one.unknown) != form or own.keys() != values.keys():
            return None
        changed |= _differing(own, values)
    return changed


def _table(blocks: Sequence[_Block], one: Sweep) -> Table:
    """Return the results of a run whose later phases come after it, and what stands in its way."""
    run, *later = blocks
    graph = run.inputs.graph
    names = {path: _name(graph, path) for path in one.results}
    sums: dict[str, Points] = {}
    for phase in later:
        solved = _solved(phase, set(SUMS.values()), {})
        sums |= {name: sums.get(name, 0.0) + solved[part] for name, part in SUMS.items()}
    solved = _solved(run, {name for name in (*names.values(), *READ) if name in graph.quantities}, sums)
    problems = _problems(run, solved, names)
    varied = {axis.path for axis in one.axes}
    table: Table = {}
    for path, name in names.items():
        shown = _shown(graph, path)
        value = np.full(run.size, np.nan)
        if name in solved and shown is not None:
            value[:] = solved[name]
        if path not in varied:
            value[~problems.possible] = np.nan
        if shown is not None and shown.choices:
            keys = np.array([*(choice.key for choice in shown.choices), ""])
            table[path] = keys[np.where(np.isfinite(value), value, -1.0).astype(np.intp)]
        else:
            table[path] = value / float(unit(shown.shown if shown else "").factor)
    return table | {PROBLEM: problems.sentences}


def _problems(run: _Block, solved: Mapping[str, Points], names: Mapping[str, str]) -> Problems:
    """Return what stands in the way of each point, in the words that `evaluate` has for it alone."""
    found = obstacles_of(facts_of(run.inputs, solved))
    found += [Obstacle(one.path, True, one.sentence, possible=True) for one in standing(run.plan, run.inputs)]
    for path in RESULTS:
        if path in names and not np.isfinite(solved[names[path]]).all():
            unknown = ~np.isfinite(solved[names[path]])
            sentence = not_computed(_(run.inputs.graph.paths[path].label))
            found.append(Obstacle(path, unknown, sentence, possible=True))
    return problems_of(found, run.size)


def _solved(block: _Block, wanted: set[str], more: Mapping[str, Points]) -> dict[str, Points]:
    # What is the same at each point is an array too: floats and arrays may part in the last digit.
    inputs = {name: np.full(block.size, value) for name, value in block.inputs.values().items()}
    inputs |= {**block.moved, **_layouts(block), **more}
    found = block.inputs.graph.solve(inputs, wanted, keep=False)
    return {
        name: np.broadcast_to(np.asarray(value, np.float64), block.size)
        for name, value in {**inputs, **found}.items()
    }


def _layouts(block: _Block) -> dict[str, Points]:
    """Return the layout of each point; it is searched once for points that are alike to the search."""
    graph = block.inputs.graph
    steps = graph.needed(_SEARCHED, frozenset())
    relevant = {name for one in steps for name in (one.name, *one.parameters)} | _LIMITS
    deciding = sorted(relevant & block.moved.keys())
    values = {**block.inputs.values(), **{name: float(column[0]) for name, column in block.moved.items()}}
    rows = np.column_stack([np.zeros(block.size), *(block.moved[name] for name in deciding)])
    different, back = np.unique(rows, axis=0, return_inverse=True)
    found = []
    for row in different:
        values |= {name: float(value) for name, value in zip(deciding, row[1:], strict=True)}
        found.append(choose(graph, values, {name: values[name] for name in block.inputs.fixed}))
    return {name: np.array([float(one[name]) for one in found])[back.ravel()] for name in found[0]}


def _name(graph: Graph, path: str) -> str:
    quantity = graph.paths.get(path)
    return quantity.name if quantity is not None else path.rpartition(".")[2]


def _shown(graph: Graph, path: str) -> Shown | None:
    """Return how a result, or the value that a field has, is shown; None where there is neither."""
    quantity = graph.paths.get(path)
    if quantity is not None:
        return shown_of_quantity(quantity)
    shown = descriptions().get(path)
    return shown if shown is not None and shown.kind in ("number", "choice") else None
