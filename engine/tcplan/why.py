"""Why a result is what it is: its formula, the numbers put in, and every input with its source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from tcplan.chain.graph import Graph
from tcplan.chain.inputs import INPUTS
from tcplan.chain.quantity import Quantity
from tcplan.estimate import Estimate
from tcplan.expression import Formula, Name, Node, formula
from tcplan.formulas import key, shipped
from tcplan.given import Given
from tcplan.language import N_, _
from tcplan.notation import Latex, Plain, latex_number, plain_number
from tcplan.plan.field import Shown
from tcplan.plan.plan import descriptions, nearest
from tcplan.plan.units import from_coherent

STEP = 0.1
"""By how much `sensitivities` raises an input."""

LAYERS = {
    "typed": N_("typed"),
    "catalogue": N_("catalogue"),
    "computed": N_("computed"),
    "default": N_("default"),
}
"""Where a value comes from, in words."""

_EXACT = 10
_GREEK = {"α": r"\alpha", "β": r"\beta", "τ": r"\tau"}


@dataclass(frozen=True, slots=True)
class WhyInput:
    """One parameter of a formula.

    `layer` is computed for another quantity (follow its path), else typed, catalogue or default. `choice` is
    what was chosen where the parameter is no number. `alternative` is what a typed value replaces, in `unit`.
    """

    name: str
    path: str
    label: str
    symbol: str
    value: float
    unit: str
    choice: str
    layer: str
    source: str
    date: str
    alternative: float | None
    followable: bool


@dataclass(frozen=True, slots=True)
class Why:
    """The reason of one result; `layer` is typed when its value overrides what `expression` gives."""

    path: str
    label: str
    symbol: str
    value: float
    unit: str
    layer: str
    source: str
    alternative: float | None
    formula: Formula
    inputs: tuple[WhyInput, ...]
    used_by: tuple[str, ...]

    @property
    def expression(self) -> Node:
        """Return the tree of the formula."""
        return self.formula.tree

    def text_formula(self) -> str:
        """Return the formula in words: Device-hours × Price."""
        plain = Plain(lambda name: name.label, _constant)
        lines = [plain.write(self.expression)]
        lines += [f"{part.label} = {plain.write(tree)}" for part, tree in self.formula.parts]
        return "\n".join(lines)

    def text_numbers(self, figure: Callable[[float, str], str] | None = None) -> str:
        """Return the formula with its numbers put in; `figure` writes a value with its unit."""
        write = figure or measure
        plain = Plain(lambda name: write(name.value, name.unit), _constant, chosen=True)
        lines = [plain.write(self.expression)]
        lines += [f"{part.label} = {plain.write(tree)}" for part, tree in self.formula.parts]
        return "\n".join(lines)

    def latex(self) -> str:
        """Return the equation in LaTeX, one line for the result and one for each named part."""
        latex = Latex(
            lambda name: _latex_name(name.symbol, name.label), lambda value: latex_number(value, _EXACT)
        )
        lines = [f"{_latex_name(self.symbol, self.label)} &= {latex.write(self.expression)}"]
        lines += [
            rf"{_latex_name('', part.label)} &= {latex.write(tree)}" for part, tree in self.formula.parts
        ]
        inner = " \\\\\n".join(lines)
        return f"\\begin{{aligned}}\n{inner}\n\\end{{aligned}}"

    def text(self) -> str:
        """Return everything as plain text, ready to be copied."""
        first, *parts = self.text_formula().split("\n")
        numbers, *_parts = self.text_numbers().split("\n")
        value = measure(self.value, self.unit)
        computed = value if self.alternative is None else measure(self.alternative, self.unit)
        lines = [f"{self.label} = {first}", f"= {numbers}", f"= {computed}"]
        if not self.inputs:
            lines = [f"{self.label} = {computed}"]
        if self.layer == "typed":
            lines.append(_("You typed {value}.").format(value=value))
        lines += [_("with {part}").format(part=part) for part in parts]
        lines += ["", _("Source: {source}").format(source=self.source), ""]
        lines += [_row(one) for one in self.inputs]
        if self.used_by:
            lines += ["", _("Used by: {paths}").format(paths=", ".join(self.used_by))]
        return "\n".join(lines)


def measure(value: float, unit: str) -> str:
    """Return a value with its unit as plain text."""
    number = plain_number(value)
    return number if unit in ("", "1") else f"{number}\u00a0{unit}"


def _constant(value: float) -> str:
    return plain_number(float(value), _EXACT)


def _row(one: WhyInput) -> str:
    value = one.choice or measure(one.value, one.unit)
    about = ", ".join(part for part in (_(LAYERS[one.layer]), one.source, one.date) if part)
    row = f"{one.label}: {value} ({about})"
    if one.alternative is not None:
        other = measure(one.alternative, one.unit)
        row += _("; without the typed value {other}").format(other=other)
    return row


def _latex_name(symbol: str, label: str) -> str:
    if symbol in _GREEK:
        return _GREEK[symbol]
    if symbol.isascii() and symbol and " " not in symbol:
        head, _line, index = symbol.partition("_")
        return f"{head}_{{{index}}}" if index else head
    safe = "".join(f"\\{letter}" if letter in "&%$#_{}" else letter for letter in label)
    return rf"\text{{{safe}}}"


def why(estimate: Estimate, path: str) -> Why:
    """Return the reason of a result.

    Parameters
    ----------
    estimate
        The values, with their inputs and layers.
    path
        Address of a quantity such as `money.total`.

    Raises
    ------
    KeyError
        When no quantity has this path.
    """
    graph = estimate.graph
    quantity = graph.paths.get(path)
    if quantity is None:
        raise KeyError(nearest(path, list(graph.paths)))
    given = {one.name: one for one in estimate.given.values()}
    inputs = tuple(_apart(_input(estimate, given, name), quantity) for name in quantity.parameters)
    names = {
        one.name: Name(one.name, one.label, one.symbol, one.value, one.unit, estimate.values[one.name])
        for one in inputs
    }
    tree = formula(shipped()[key(quantity.function)], quantity.function, names)
    typed = path in estimate.given
    return Why(
        path=path,
        label=_(quantity.label),
        symbol=quantity.symbol,
        value=from_coherent(float(estimate.values[quantity.name]), quantity.shown),
        unit=quantity.shown,
        layer="typed" if typed else "computed",
        source=_(quantity.source),
        alternative=from_coherent(estimate.alternative(path), quantity.shown) if typed else None,
        formula=tree,
        inputs=inputs,
        used_by=users(graph, quantity.name),
    )


def _apart(one: WhyInput, quantity: Quantity) -> WhyInput:
    """Return the input with its unit in the label where the result has the same words."""
    return replace(one, label=f"{one.label} ({one.unit})") if one.label == _(quantity.label) else one


def users(graph: Graph, name: str) -> tuple[str, ...]:
    """Return the paths of the quantities whose formula has this name, in the order of the chain."""
    return tuple(one.path for one in graph.order if name in one.parameters)


@cache
def _fields() -> Mapping[str, tuple[str, Shown]]:
    """Return path and description of every field by the name that it has in the chain."""
    return {path.rpartition(".")[2]: (path, shown) for path, shown in descriptions().items()}


def _input(estimate: Estimate, given: Mapping[str, Given], name: str) -> WhyInput:
    quantity = estimate.graph.quantities.get(name)
    one = given.get(name)
    if quantity is not None:
        return _followable(estimate, quantity, one)
    path, shown = _fields().get(name, ("", None))
    unit = (shown.shown or shown.unit) if shown is not None else INPUTS[name].unit
    other = one.alternative if one is not None else None
    return WhyInput(
        name=name,
        path=one.path if one is not None else path,
        label=_(shown.label if shown is not None else INPUTS[name].label),
        symbol=shown.symbol if shown is not None else INPUTS[name].symbol,
        value=from_coherent(float(estimate.values[name]), unit),
        unit=unit,
        choice=_chosen(shown, float(estimate.values[name])),
        layer=one.layer if one is not None else "computed",
        source=_origin(one, shown),
        date=one.date if one is not None else "",
        alternative=from_coherent(other.value, unit) if other is not None else None,
        followable=False,
    )


def _followable(estimate: Estimate, quantity: Quantity, one: Given | None) -> WhyInput:
    return WhyInput(
        name=quantity.name,
        path=quantity.path,
        label=_(quantity.label),
        symbol=quantity.symbol,
        value=from_coherent(float(estimate.values[quantity.name]), quantity.shown),
        unit=quantity.shown,
        choice="",
        layer=one.layer if one is not None else "computed",
        source=_(quantity.source),
        date=one.date if one is not None else "",
        alternative=None,
        followable=True,
    )


def _chosen(shown: Shown | None, code: float) -> str:
    if shown is None or not shown.choices or not 0 <= code < len(shown.choices):
        return ""
    return _(shown.choices[int(code)].label)


def _origin(one: Given | None, shown: Shown | None) -> str:
    if one is not None and one.source:
        return _(one.source)
    if one is not None and one.layer == "typed":
        return _("your plan")
    return _(shown.computed) if shown is not None and shown.computed else ""


def sensitivities(estimate: Estimate, path: str, top: int = 3) -> list[tuple[str, str, float]]:
    """Return the inputs that move a result most, each with the relative change for 10 % more of it.

    The layout stays as it is; choices and whole sizes of model and machine are left out. One pass does all:
    each input is raised in its own cell.

    Parameters
    ----------
    estimate
        The values to start from.
    path
        Address of a quantity.
    top
        How many inputs to return.

    Returns
    -------
    list
        Path, label and relative change, the largest first; empty when the result is zero or unknown.
    """
    graph = estimate.graph
    target = graph.paths[path].name
    given = {one.name: one for one in estimate.given.values()}
    start = {name: value for name, value in estimate.values.items() if _is_start(graph, given, name)}
    raised = [name for name in _reachable(graph, target, start) if _may_rise(given.get(name))]
    cells = {name: np.full(len(raised) + 1, start[name]) for name in raised}
    for index, name in enumerate(raised):
        cells[name][index] *= 1.0 + STEP
    with np.errstate(all="ignore"):
        solved = graph.solve({**start, **cells}, (target,), keep=False)[target]
    results = np.broadcast_to(np.asarray(solved, dtype=np.float64), (len(raised) + 1,))
    before = results[-1]
    if not np.isfinite(before) or before == 0.0:
        return []
    changes = results[:-1] / before - 1.0
    order = sorted(range(len(raised)), key=lambda index: -abs(changes[index]))
    rows = [(*_input_or_result(graph, given, raised[index]), float(changes[index])) for index in order]
    return [row for row in rows if np.isfinite(row[2]) and abs(row[2]) > 1e-9][:top]


def _may_rise(one: Given | None) -> bool:
    """Return whether an input may be raised: a share of all of it may not."""
    shown = None if one is None else descriptions().get(one.path)
    return one is None or shown is None or one.value * (1.0 + STEP) <= shown.high


def _is_start(graph: Graph, given: Mapping[str, Given], name: str) -> bool:
    return name in given or name not in graph.quantities


def _reachable(graph: Graph, target: str, start: Mapping[str, float]) -> list[str]:
    """Return the inputs on which a quantity depends and of which there can be a little more."""
    if target in start:
        return []
    steps = graph.needed(frozenset((target,)), frozenset(start))
    names = dict.fromkeys(name for one in steps for name in one.parameters if name in start)
    return [name for name in names if start[name] != 0.0 and _is_number(name)]


def _is_number(name: str) -> bool:
    # A tenth more layers or heads is no model: whole sizes would tell how they divide, not how they matter.
    path, shown = _fields().get(name, ("", None))
    return shown is None or path == "hardware.devices" or not (shown.choices or shown.whole)


def _input_or_result(graph: Graph, given: Mapping[str, Given], name: str) -> tuple[str, str]:
    path, shown = _fields().get(name, ("", None))
    path = given[name].path if name in given else path
    if shown is not None:
        return path, _(shown.label)
    quantity = graph.quantities.get(name)
    return path, _(quantity.label if quantity is not None else INPUTS[name].label)
