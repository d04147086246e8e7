"""From a plan and catalogue rows to the inputs of the chain, each with the layer that it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import nan

from tcplan.catalogue import (
    accelerators,
    bill,
    grids,
    models,
    performance,
    prices,
    recipes,
    sites,
    stacks,
)
from tcplan.catalogue.age import decimal_year
from tcplan.catalogue.row import Row
from tcplan.catalogue.shelf import Shelf
from tcplan.chain.graph import Graph
from tcplan.chain.layout_choice import NAMES
from tcplan.chain.links import APART, graph_for
from tcplan.language import N_, _
from tcplan.plan.field import Shown
from tcplan.plan.panel import refusal
from tcplan.plan.plan import Plan, Value, descriptions
from tcplan.plan.units import YEAR
from tcplan.plan.value import central
from tcplan.plan_rows import Rows, chosen, rows_of, usual_precision
from tcplan.results import RESULTS

ADAPTED_TASKS = frozenset(("lora", "qlora"))
"""Tasks that train adapters beside frozen weights."""

ENTRANCES = {"efficiency.mfu": "predicted_mfu", "time.step": "predicted_step_time"}
"""Typed results that enter where their prediction leaves, so that rate, step and run time agree with them."""


RATES = frozenset((*ENTRANCES, "efficiency.achieved"))
"""Typed results that say how fast a run was."""


@dataclass(frozen=True, slots=True)
class Given:
    """One input of the chain: its value in the coherent unit, and where it comes from.

    `layer` is typed, catalogue, default or computed. `alternative` is what the field would hold if the typed
    value were taken back, None when the chain would compute it. `key` is the chosen key of a choice or a row.
    """

    path: str
    name: str
    value: float
    layer: str
    source: str = ""
    date: str = ""
    row: str = ""
    key: str = ""
    alternative: "Given | None" = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A figure of a row that its field does not allow, as in a file that somebody wrote by hand."""

    path: str
    row: Row
    sentence: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that the chain is given for one plan."""

    given: Mapping[str, Given]
    rows: Rows
    graph: Graph
    precision: str
    fixed: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    refused: tuple[Refused, ...] = ()
    beside: tuple[str, ...] = ()

    def values(self) -> dict[str, float]:
        """Return the numbers by name, NaN where nothing is known."""
        values = {one.name: one.value for one in self.given.values()}
        values.update(dict.fromkeys((*self.missing, *self.beside), nan))
        return values


def inputs_of(plan: Plan, shelf: Shelf) -> Inputs:
    """Return what the chain is given for a plan: typed values first, then rows, then defaults."""
    rows = rows_of(plan, shelf)
    precision = _precision(plan, rows.accelerator)
    untyped, refused = _untyped_fields(rows, precision)
    given = dict(untyped)
    for path, typed in plan.typed_fields().items():
        shown = descriptions()[path]
        if shown.kind != "row" and path != "training.precision":
            key = typed if isinstance(typed, str) else ""
            number, untyped_one = _value(typed, shown), given.get(path)
            given[path] = Given(path, _name(path), number, "typed", key=key, alternative=untyped_one)
    _date_the_rent(rows.price, given)
    _date_the_pay(rows.grid, given)
    _fall_back_to_grid_average(given)
    _fall_back_to_central_embodied(given)
    _put_typed_device_into_server(given)
    _keep_sequence_inside_positions(given)
    _freeze(plan, given)
    _take_measured_rates_for_whole_runs(plan, given)
    given["training.precision"] = _precision_given(plan, precision)
    graph = graph_for(
        sparse=_number(given, "model.experts") > 0,
        latent=_number(given, "model.attention") == 1,
        way=way_of(plan),
        family=_family(given),
        unit=_unit_of_data(given),
        adapted=_is_adapted(plan, given),
        task=chosen(plan, "training.task"),
    )
    _leave_to_the_chain(given, graph, rows.model)
    given.update(_coefficients(shelf, rows.accelerator, precision, rows.stack, graph))
    unknown = []
    for path, value in plan.overrides.items():
        quantity = graph.paths.get(path)
        if quantity is None:
            unknown.append(path)
        else:
            given[path] = Given(
                path, ENTRANCES.get(path, quantity.name), central(value, logarithmic=True), "typed"
            )
    names = {one.name for one in given.values()}
    unknown_names = graph.inputs - names - graph.quantities.keys() - frozenset(NAMES)
    missing = tuple(sorted(unknown_names & _asked(graph)))
    beside = tuple(sorted(unknown_names - _asked(graph)))
    fixed = tuple(sorted(frozenset(NAMES) & names))
    return Inputs(given, rows, graph, precision, fixed, missing, tuple(unknown), refused, beside)


def way_of(plan: Plan) -> str:
    """Return how the hardware is got, as `graph_for` takes it."""
    way = chosen(plan, "purchase.way")
    apart = way != "own" and chosen(plan, "purchase.energy_billed") == "apart"
    return way + APART if apart else way


@lru_cache(maxsize=64)
def _asked(graph: Graph) -> frozenset[str]:
    """Return the inputs without which a result is unknown; comparisons beside them may stay so."""
    results = (*RESULTS, "memory.free")
    steps = graph.needed(frozenset(graph.paths[path].name for path in results), frozenset())
    return frozenset(name for one in steps for name in one.parameters)


def _date_the_rent(row: Row | None, given: dict[str, Given]) -> None:
    """Say when the run begins, and how long after the date of its price that is; a quote is of the start."""
    price, year = given.get("purchase.price"), given.get("purchase.year")
    of_row = row is not None and price is not None and price.layer == "catalogue"
    dated = decimal_year(row.date) if row is not None and of_row else nan
    if year is None and dated == dated:
        source = N_("the date of the price")
        given["purchase.year"] = Given("purchase.year", "year", dated, "computed", source)
    gap = (year.value - dated) * YEAR if year is not None and dated == dated else 0.0
    source = N_("from the date of the price to the start")
    given["purchase.price_gap"] = Given("purchase.price_gap", "price_gap", gap, "computed", source)


def _date_the_pay(grid: Row | None, given: dict[str, Given]) -> None:
    """Say where people are paid and in the prices of which year, and how long before the start that is."""
    path = "programme.pay_country"
    if path not in given:
        keys = [choice.key for choice in descriptions()[path].choices]
        iso3 = str(grid.get("iso3") or "") if grid is not None else ""
        key = iso3 if iso3 in keys else bill.HOME
        source = descriptions()[path].computed
        given[path] = Given(path, "pay_country", float(keys.index(key)), "computed", source, key=key)
    start, typed = given.get("purchase.year"), given.get("programme.price_year")
    if typed is None and start is not None:
        source = descriptions()["programme.price_year"].computed
        given["programme.price_year"] = Given(
            "programme.price_year", "price_year", start.value, "computed", source
        )
    gap = (start.value - typed.value) * YEAR if start is not None and typed is not None else 0.0
    source = N_("from the year of the pay to the start")
    given["programme.pay_gap"] = Given("programme.pay_gap", "pay_gap", gap, "computed", source)


def _family(given: Mapping[str, Given]) -> str:
    return given["model.family"].key or "decoder"


def _unit_of_data(given: Mapping[str, Given]) -> str:
    """Return what the amount of data counts; nothing where tokens are typed or no amount is."""
    tokens, amount = given.get("training.tokens"), given.get("training.data_amount")
    if amount is None or (tokens is not None and tokens.layer == "typed"):
        return ""
    return given["training.data_unit"].key


def _leave_to_the_chain(given: dict[str, Given], graph: Graph, model: Row | None) -> None:
    """Take away what this structure computes and nobody typed, such as the tokens of an image.

    A row of the same family still says what its network has; one of another family knows nothing of it.
    """
    own = model is not None and model.get("family") == _family(given)
    for path in _computed_fields(graph):
        one = given.get(path)
        if one is None or one.layer == "typed":
            continue
        if not (own and one.layer == "catalogue" and path.startswith("model.")):
            del given[path]


@lru_cache(maxsize=64)
def _computed_fields(graph: Graph) -> tuple[str, ...]:
    """Return the fields that this structure computes and the usual one is given."""
    names = graph.quantities.keys() - graph_for(sparse=False, latent=False, way="on-demand").quantities.keys()
    return tuple([path for path in descriptions() if _name(path) in names])


def _is_adapted(plan: Plan, given: Mapping[str, Given]) -> bool:
    """Return whether adapters are trained: the task says so, or a rank that somebody typed."""
    rank = given.get("training.adapter_rank")
    if rank is not None and rank.layer == "typed":
        return rank.value > 0.0
    return chosen(plan, "training.task") in ADAPTED_TASKS


def _freeze(plan: Plan, given: dict[str, Given]) -> None:
    path = "training.frozen_bits"
    if path not in given:
        bits = "4" if chosen(plan, "training.task") == "qlora" else "16"
        given[path] = Given(path, "frozen_bits", _value(bits, descriptions()[path]), "computed", key=bits)


def _take_measured_rates_for_whole_runs(plan: Plan, given: dict[str, Given]) -> None:
    """Add nothing to a rate that somebody measured: over a run, it holds what the run factor stands for."""
    practice = given["failures.practice"]
    if practice.layer == "typed" or not any(path in plan.overrides for path in RATES):
        return
    source = N_("a typed rate is that of the whole run")
    given["failures.practice"] = replace(practice, value=0.0, layer="computed", source=source, key="tuned")


def _fall_back_to_grid_average(given: dict[str, Given]) -> None:
    average = given.get("site.carbon_location")
    if average is not None and "site.carbon_market" not in given:
        given["site.carbon_market"] = Given(
            "site.carbon_market",
            "carbon_market",
            average.value,
            "default",
            N_("GHG Protocol Scope 2 Guidance, chapter 6: the grid average where no residual mix is known"),
        )


def _fall_back_to_central_embodied(given: dict[str, Given]) -> None:
    central_one = given.get("site.embodied_carbon")
    value = central_one.value if central_one is not None else nan
    source = N_("the central figure where no range is known")
    for path in ("site.embodied_low", "site.embodied_high"):
        if path not in given:
            given[path] = Given(path, _name(path), value, "default", source)


def _put_typed_device_into_server(given: dict[str, Given]) -> None:
    device, server = given.get("hardware.device_power"), given.get("hardware.server_power")
    if device is None or device.alternative is None or server is None or server.layer == "typed":
        return
    rest = server.value - device.alternative.value
    given["hardware.server_power"] = replace(
        server,
        value=rest + device.value,
        layer="computed",
        source=_("the row's server with the typed power of its device"),
    )


def _keep_sequence_inside_positions(given: dict[str, Given]) -> None:
    sequence, positions = given["training.sequence"], given.get("model.learned_positions")
    # The positions of a second stack say nothing about the first.
    if positions is None or sequence.layer == "typed" or _number(given, "model.second_layers") > 0.0:
        return
    if not 0.0 < positions.value < sequence.value:
        return
    given["training.sequence"] = replace(
        positions, path="training.sequence", name="sequence", alternative=None
    )


def _number(given: Mapping[str, Given], path: str) -> float:
    one = given.get(path)
    return one.value if one is not None else 0.0


def _precision(plan: Plan, accelerator: Row | None) -> str:
    return plan.training.precision or usual_precision(accelerator)


def _precision_given(plan: Plan, precision: str) -> Given:
    path = "training.precision"
    code = float([choice.key for choice in descriptions()[path].choices].index(precision))
    layer = "computed" if plan.training.precision is None else "typed"
    return Given(path, "precision", code, layer, key=precision)


_Fact = tuple[float | str, Row]


def _facts(rows: Rows, precision: str) -> tuple[dict[str, _Fact], tuple[Refused, ...]]:
    """Return what the rows say, by field path, and what of it no field allows."""
    found: dict[str, _Fact] = {}
    refused: list[Refused] = []

    def take(panel: str, row: Row, values: Mapping[str, float | str]) -> None:
        for name, value in values.items():
            path = f"{panel}.{name}"
            sentence = refusal(value, descriptions()[path])
            if sentence:
                refused.append(Refused(path, row, sentence))
            else:
                found[path] = (value, row)

    if rows.model is not None:
        take("model", rows.model, models.inputs(rows.model))
        take("training", rows.model, models.run(rows.model))
    if rows.accelerator is not None:
        for name, value in accelerators.inputs(rows.accelerator, precision).items():
            panel = next(p for p in ("hardware", "site", "purchase") if f"{p}.{name}" in descriptions())
            take(panel, rows.accelerator, {name: value})
    if rows.stack is not None:
        family = str(rows.model.get("family") or "decoder") if rows.model is not None else "decoder"
        for path, choice in stacks.inputs(rows.stack, family).items():
            panel, _dot, name = path.partition(".")
            take(panel, rows.stack, {name: choice})
    for row in rows.recipes:
        take("layout", row, recipes.inputs(row))
    if rows.grid is not None:
        take("site", rows.grid, grids.inputs(rows.grid))
    if rows.facility is not None:
        take("site", rows.facility, sites.inputs(rows.facility))
    if rows.price is not None:
        take("purchase", rows.price, prices.inputs(rows.price))
    for name, row in rows.bill:
        take("programme", row, {name: bill.value(name, row)})
    if rows.committed is not None:
        rent = prices.inputs(rows.committed)
        take("purchase", rows.committed, {"committed_price": rent["price"]} if rent else {})
    return found, tuple(refused)


@lru_cache(maxsize=64)
def _untyped_fields(rows: Rows, precision: str) -> tuple[Mapping[str, Given], tuple[Refused, ...]]:
    """Return every field as it is while nothing is typed, and what the rows say that no field can hold."""
    facts, refused = _facts(rows, precision)
    given = {}
    for path, shown in descriptions().items():
        if shown.kind != "row" and path != "training.precision":
            one = _untyped(path, shown, facts)
            if one is not None:
                given[path] = one
    return given, refused


def _untyped(path: str, shown: Shown, facts: Mapping[str, _Fact]) -> Given | None:
    fact = facts.get(path)
    if fact is not None:
        value, row = fact
        key = value if isinstance(value, str) else ""
        label = f"{row.table}/{row.key}"
        name = _name(path)
        source, date = row.source_of(name), row.date_of(name)
        return Given(path, name, _value(value, shown), "catalogue", source, date, label, key)
    if shown.default is not None:
        key = shown.default if isinstance(shown.default, str) else ""
        return Given(
            path, _name(path), _value(shown.default, shown), "default", shown.default_source, key=key
        )
    return None


def _name(path: str) -> str:
    return path.rpartition(".")[2]


def _value(value: Value, shown: Shown) -> float:
    if isinstance(value, str):
        return float([choice.key for choice in shown.choices].index(value))
    if value is None:
        return nan
    return float(central(value, logarithmic=shown.logarithmic))


@lru_cache(maxsize=64)
def _coefficients(
    shelf: Shelf, accelerator: Row | None, precision: str, stack: Row | None, graph: Graph
) -> dict[str, Given]:
    rows = performance.coefficients(shelf, accelerator, precision, stack.key if stack else performance.ANY)
    # A row that came with a file may name anything and say anything.
    names = graph.inputs - graph.quantities.keys() - {_name(path) for path in descriptions()}
    given = {}
    for name, row in rows.items():
        value = row.number("value")
        if value is not None and value >= 0.0 and name in names:
            path, label = f"performance.{name}", f"{row.table}/{row.key}"
            given[path] = Given(path, name, value, "catalogue", row.source, row.date, label)
    return given
