"""Plan and rows to an estimate: every quantity with value and unit, and the plan it was computed from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from math import isfinite

from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import Shelf, edition, shipped, shipped_rows
from tcplan.chain.graph import Graph
from tcplan.chain.layout_choice import choose
from tcplan.chain.layout_terms import settled
from tcplan.findings import Finding, findings_of
from tcplan.given import Given, Inputs, inputs_of
from tcplan.language import _
from tcplan.obstacles import overdrawn
from tcplan.phase_plans import SOURCE, SUMS, later_plans, place_in_phase
from tcplan.plan.document import Document
from tcplan.plan.plan import Plan, PlanError, descriptions, nearest
from tcplan.plan.units import from_coherent
from tcplan.plan_rows import rows_of
from tcplan.results import HEADLINE
from tcplan.version import VERSION


@dataclass(frozen=True, slots=True)
class Result:
    """One result: `value` in `unit`, the unit in which it is printed, and `si` in the coherent unit."""

    path: str
    label: str
    value: float
    unit: str
    si: float
    symbol: str


@dataclass(frozen=True)
class Estimate:
    """All quantities of one plan."""

    plan: Plan
    shelf: Shelf
    inputs: Inputs
    values: Mapping[str, float]
    layout: Mapping[str, float] = field(default_factory=dict)
    later: tuple["Estimate", ...] = ()

    @property
    def graph(self) -> Graph:
        """Return the graph that computed the values."""
        return self.inputs.graph

    @property
    def given(self) -> Mapping[str, Given]:
        """Return the inputs by path, each with its layer and source."""
        return self.inputs.given

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Return what is impossible, unusual or worth a try in this plan, worst first."""
        return findings_of(self.plan, self.inputs, self.values)

    @property
    def fits(self) -> bool:
        """Return whether one device holds its share."""
        return bool(self.values["memory_free"] >= 0.0)

    def __getitem__(self, path: str) -> Result:
        """Return the result at a path.

        Raises
        ------
        KeyError
            When no result has this path.
        """
        quantity = self.graph.paths.get(path)
        if quantity is None:
            raise KeyError(nearest(path, list(self.graph.paths)))
        si = float(self.values[quantity.name])
        value = from_coherent(si, quantity.shown)
        return Result(path, _(quantity.label), value, quantity.shown, si, quantity.symbol)

    def __contains__(self, path: str) -> bool:
        return path in self.graph.paths

    def field(self, path: str) -> Given:
        """Return the value that a field has in this estimate, typed or not.

        Raises
        ------
        PlanError
            When no field has this path.
        """
        if path not in descriptions():
            raise PlanError(path, nearest(path, list(descriptions())))
        given = self.given.get(path)
        if given is not None:
            return given
        name = path.rpartition(".")[2]
        phase = place_in_phase(name, self.plan)
        if phase is not None:
            return replace(self.later[phase[0]].field(phase[1]), path=path, name=name, layer="computed")
        value = float(self.values.get(name, float("nan")))
        choices = descriptions()[path].choices
        key = choices[int(value)].key if choices and isfinite(value) else ""
        quantity = self.graph.quantities.get(name)
        source = quantity.source if quantity is not None else ""
        return Given(path, name, value, "computed", source, key=key)

    def alternative(self, path: str) -> float:
        """Return what the chain computes for an overridden quantity, in its coherent unit."""
        quantity = self.graph.paths[path]
        typed = self.given.get(path)
        entrance = typed.name if typed is not None else quantity.name
        inputs = {name: value for name, value in self.inputs.values().items() if name != entrance}
        solved = self.graph.solve({**inputs, **self.layout}, (quantity.name,))
        return float(solved[quantity.name])

    def why(self, path: str) -> str:
        """Return the reason of a result as text: formula, numbers, inputs with their sources."""
        from tcplan.why import why

        return why(self, path).text()


def evaluate(plan: Plan, shelf: Shelf | None = None) -> Estimate:
    """Compute every quantity of a plan.

    Parameters
    ----------
    plan
        What was typed.
    shelf
        The catalogue, by default the one that is shipped.

    Returns
    -------
    Estimate
        Values are NaN where something that they need is not known; `findings` says what.
    """
    known = shelf or shipped()
    inputs = inputs_of(plan, known)
    later = tuple(evaluate(phase, known) for phase in later_plans(plan))
    if later:
        inputs = replace(inputs, given={**inputs.given, **_given_by(later)})
    values = inputs.values()
    fixed = {name: values[name] for name in inputs.fixed}
    # What no layout changes is computed once, for the choice and for everything else.
    values = inputs.graph.solve(values, settled(inputs.graph, frozenset(values)))
    layout = {name: float(value) for name, value in choose(inputs.graph, values, fixed).items()}
    solved = inputs.graph.solve({**values, **layout})
    missing = {name: solved[name] for name in overdrawn(solved)}
    if missing:
        # A model with less than nothing has no cost: what depends on it is unknown, and a finding says why.
        unknown = dict.fromkeys(missing, float("nan"))
        solved = inputs.graph.solve({**inputs.values(), **layout, **unknown}) | missing
    return Estimate(plan, known, inputs, solved, layout, later)


def _given_by(later: tuple[Estimate, ...]) -> dict[str, Given]:
    """Return what later phases add up to, as inputs of the chain of the first."""
    found = {}
    for name, part in SUMS.items():
        path = later[0].graph.quantities[name].path
        total = sum(float(one.values[part]) for one in later)
        found[path] = Given(path, name, total, "computed", SOURCE)
    return found


def _of_own_stack(stack: Row | None, shelf: Shelf) -> tuple[Row, ...]:
    """Return the constants of a stack that only this user has, without which the plan would mean another."""
    if stack is None or stack.key in shipped_rows(stack.table):
        return ()
    return tuple(row for row in shelf.rows("performance") if row.get("stack") == stack.key)


def rows_in_use(document: Document, estimate: Estimate) -> tuple[Row, ...]:
    """Return the catalogue rows that a document and its scenarios use; `estimate` is that of its base."""
    rows = [*estimate.inputs.rows.used(), *_of_own_stack(estimate.inputs.rows.stack, estimate.shelf)]
    for scenario in document.scenarios:
        used = rows_of(scenario.on(document.plan), estimate.shelf)
        rows += [*used.used(), *_of_own_stack(used.stack, estimate.shelf)]
    return tuple({(row.table, row.key): row for row in rows}.values())


def as_saved(document: Document, estimate: Estimate, time: datetime) -> Document:
    """Return a document as a save writes it: with the rows that it uses and the headline of this moment.

    Parameters
    ----------
    document
        What is saved.
    estimate
        That of its base plan; scenarios add the rows that they use.
    time
        Of the save.
    """
    headline = {path: estimate[path].value for path in HEADLINE}
    return document.with_rows(rows_in_use(document, estimate)).saved(time, VERSION, edition(), headline)
