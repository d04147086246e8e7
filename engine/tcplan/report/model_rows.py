"""The chain of one estimate as rows of a worksheet: inputs as values, quantities as live formulas."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose, isfinite

from tcplan.chain.inputs import INPUTS
from tcplan.chain.quantity import Quantity
from tcplan.estimate import Estimate
from tcplan.expression import Name, Node, number_of
from tcplan.language import N_, _
from tcplan.plan.units import from_coherent
from tcplan.report.cells import NoCellError, cell_formula
from tcplan.why import LAYERS, Why, WhyInput, why

_SAME = 1e-9
PREFIX = "m."
"""Before each name of a cell, so that none is a function or an address of a spreadsheet."""
_SEARCHED = N_("chosen by the search of layouts; entered as a value")
_NO_FORMULA = N_("entered as a value: a worksheet has no function for its formula")
_ELSEWHERE = N_("entered as a value: other parts of the program compute it")


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One cell of the model: `value` in the coherent unit, `scale` how many of those the shown unit has.

    Without `formula` it is an input. `path` is empty for a part of a formula.
    """

    name: str
    path: str
    label: str
    value: float
    unit: str
    coherent_unit: str
    scale: float
    formula: str
    layer: str
    source: str
    date: str

    @property
    def shown(self) -> float:
        """Return the value in the unit shown."""
        return self.value / self.scale


def model_rows(estimate: Estimate) -> tuple[ModelRow, ...]:
    """Return all inputs that the chain of an estimate uses, then its quantities as the chain lists them."""
    quantities = estimate.graph.quantities.values()
    reasons = [why(estimate, one.path) for one in quantities]
    given = {one.name for one in estimate.given.values()}
    inputs = {one.name: one for reason in reasons for one in reason.inputs if not one.followable}
    rows = [_input(estimate, one) for one in inputs.values()]
    for quantity, reason in zip(quantities, reasons, strict=True):
        typed = quantity.name in given
        rows += [_stated(estimate, quantity)] if typed else list(_computed(estimate, quantity, reason))
    return tuple(rows)


def cell_name(name: str) -> str:
    """Return the name of the cell of a quantity, an input or a part."""
    return f"{PREFIX}{name}"


def _scale(unit: str) -> float:
    size = from_coherent(1.0, unit)
    return 1.0 / size


def _input(estimate: Estimate, one: WhyInput) -> ModelRow:
    source = _(_SEARCHED) if one.layer == "computed" and one.name in estimate.layout else one.source
    about = "; ".join(part for part in (one.choice, source) if part)
    return ModelRow(
        name=one.name,
        path=one.path or one.name,
        label=one.label,
        value=float(estimate.values[one.name]),
        unit=one.unit,
        coherent_unit=_coherent_unit(one.name, one.unit),
        scale=_scale(one.unit),
        formula="",
        layer=_(LAYERS[one.layer]),
        source=about,
        date=one.date,
    )


def _coherent_unit(name: str, shown: str) -> str:
    return INPUTS[name].unit if name in INPUTS else shown


def _stated(estimate: Estimate, quantity: Quantity) -> ModelRow:
    """Return a quantity that was typed, or that later phases add up to."""
    one = next(given for given in estimate.given.values() if given.name == quantity.name)
    return _row(estimate, quantity, "", _(LAYERS[one.layer]), _(one.source), one.date)


def _row(
    estimate: Estimate, quantity: Quantity, formula: str, layer: str, source: str, date: str = ""
) -> ModelRow:
    return ModelRow(
        name=quantity.name,
        path=quantity.path,
        label=_(quantity.label),
        value=float(estimate.values[quantity.name]),
        unit=quantity.shown,
        coherent_unit=quantity.unit,
        scale=_scale(quantity.shown),
        formula=formula,
        layer=layer,
        source=source,
        date=date,
    )


def _computed(estimate: Estimate, quantity: Quantity, reason: Why) -> Iterator[ModelRow]:
    """Yield the long parts of a formula, then the quantity; a value where no formula comes to it."""
    value = float(estimate.values[quantity.name])
    source = _(quantity.source)
    if not isfinite(value) or not isclose(number_of(reason.expression), value, rel_tol=_SAME):
        reasons = f"{source}; {_(_ELSEWHERE)}" if isfinite(value) else source
        yield _row(estimate, quantity, "", _(LAYERS["computed"]), reasons)
        return
    try:
        parts, formula = _formulas(quantity, reason)
    except NoCellError:
        yield _row(estimate, quantity, "", _(LAYERS["computed"]), f"{source}; {_(_NO_FORMULA)}")
        return
    yield from parts
    yield _row(estimate, quantity, formula, _(LAYERS["computed"]), source)


def _formulas(quantity: Quantity, reason: Why) -> tuple[list[ModelRow], str]:
    places: dict[int, str] = {}

    def place(name: Name) -> str:
        return places.get(id(name)) or cell_name(name.name)

    rows = []
    for number, (part, tree) in enumerate(reason.formula.parts, start=1):
        name = f"{quantity.name}.{number}"
        label = _("{result}: {part}").format(result=_(quantity.label), part=part.label)
        rows.append(_part(name, label, tree, cell_formula(tree, place)))
        places[id(part)] = cell_name(name)
    return rows, cell_formula(reason.expression, place)


def _part(name: str, label: str, tree: Node, formula: str) -> ModelRow:
    value = number_of(tree)
    return ModelRow(name, "", label, value, "", "", 1.0, formula, _(LAYERS["computed"]), "", "")
